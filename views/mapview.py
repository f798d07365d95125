"""Show a scene on the map, with everything it needs served from here."""

from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import streamlit as st
from streamlit.components.v1 import declare_component
from streamlit_folium import st_folium

from geo.model import LonLat
from geo.render.scene import Scene
from geo.render.webmap import atlas_script, make_layer, make_map

HEIGHT_PX = 640
_KEY = "map"


class _Served(NamedTuple):
    """A script's address, and its folder, which is there for as long as this is."""

    url: str
    folder: TemporaryDirectory[str]


def show_map(scene: Scene, on_click: Callable[[LonLat], None] | None = None) -> None:
    """Mount the base map once, and exchange what lies on it.

    `on_click` gets the point that the reader clicks, before the page runs anew.
    """
    st_folium(
        make_map(_serve_atlas().url),
        feature_group_to_add=make_layer(scene),
        key=_KEY,
        height=HEIGHT_PX,
        use_container_width=True,
        returned_objects=[],
        on_change=partial(_take_click, on_click) if on_click else None,
        render=False,
    )


def _take_click(on_click: Callable[[LonLat], None]) -> None:
    value = st.session_state.get(_KEY) or {}
    if "clicked" in value:
        on_click((float(value["clicked"]["lon"]), float(value["clicked"]["lat"])))


@st.cache_resource(show_spinner=False)
def _serve_atlas() -> _Served:
    """Serve the map's script; named by its content, so that no browser keeps an old one.

    A component is the one way to serve a folder that needs no configuration and minds a base URL.
    """
    script = atlas_script().encode()
    name = f"atlas.{sha256(script).hexdigest()[:8]}.js"
    folder = TemporaryDirectory(prefix="corridor-")
    Path(folder.name, name).write_bytes(script)
    return _Served(f"../{declare_component('atlas', path=folder.name).name}/{name}", folder)
