"""Show a scene on the map, with everything it needs served from here."""

from streamlit.components.v1 import declare_component
from streamlit_folium import st_folium

from geo.render.scene import Scene
from geo.render.webmap import ASSETS, make_layer, make_map

HEIGHT_PX = 640


def show_map(scene: Scene) -> None:
    """Mount the base map once, and exchange what lies on it."""
    urls = {
        name: f"../{declare_component(name, path=str(folder)).name}"
        for name, folder in ASSETS.items()
    }
    st_folium(
        make_map(urls),
        feature_group_to_add=make_layer(scene),
        key="map",
        height=HEIGHT_PX,
        use_container_width=True,
        returned_objects=[],
    )
