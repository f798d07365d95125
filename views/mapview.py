"""Show a scene on the map, with everything it needs served from here."""

from streamlit.components.v1 import declare_component
from streamlit_folium import st_folium

from geo.render.scene import Scene
from geo.render.webmap import ASSETS, make_layer, make_map

HEIGHT_PX = 640
# A component is the one way to serve a folder that needs no configuration and minds a base URL.
_URLS = {
    name: f"../{declare_component(name, path=str(folder)).name}" for name, folder in ASSETS.items()
}


def show_map(scene: Scene) -> None:
    """Mount the base map once, and exchange what lies on it."""
    st_folium(
        make_map(_URLS),
        feature_group_to_add=make_layer(scene),
        key="map",
        height=HEIGHT_PX,
        use_container_width=True,
        returned_objects=[],
    )
