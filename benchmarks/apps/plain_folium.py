"""What one would write first: a folium map, built anew on each run with all that is on it.

Countries are inline, twelve routes are polylines, and a toggle changes the lines. Leaflet
comes from here and not from a CDN, so that no network is measured.
"""

import json
from collections.abc import Iterator
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import folium
import pyproj
import streamlit as st
from streamlit.components.v1 import declare_component
from streamlit_folium import st_folium
from xstatic.pkg import leaflet

WORLD = Path(__file__).resolve().parents[2] / "data" / "basemap" / "world.js"
START = (35.9487, 35.4011)
CASPIAN = (50.5, 42.0)
ENDS = [
    (61.62, 55.26), (38.2, 51.81), (39.23, 51.62), (45.62, 53.71), (40.21, 47.24), (43.91, 56.3),
    (49.26, 55.61), (37.91, 55.55), (30.33, 59.8), (82.95, 55.01), (104.36, 52.27), (113.05, 50.9),
]  # fmt: skip
DIRECT, DETOUR = "#0072b2", "#d55e00"


def decode(topology: dict[str, Any]) -> dict[str, Any]:
    """Return the first object of a TopoJSON topology as a GeoJSON feature collection."""
    transform = topology.get("transform", {"scale": (1, 1), "translate": (0, 0)})
    (sx, sy), (tx, ty) = transform["scale"], transform["translate"]

    def points(arc: list[list[float]]) -> list[list[float]]:
        if "transform" in topology:
            arc = list(accumulate(arc, lambda a, b: [a[0] + b[0], a[1] + b[1]]))
        return [[round(x * sx + tx, 3), round(y * sy + ty, 3)] for x, y in arc]

    arcs = [points(arc) for arc in topology["arcs"]]

    def line(indices: list[int]) -> Iterator[list[float]]:
        for number, index in enumerate(indices):
            arc = arcs[index] if index >= 0 else arcs[~index][::-1]
            yield from arc[min(number, 1) :]

    def rings(nested: list[Any], depth: int) -> list[Any]:
        return [rings(part, depth - 1) if depth else list(line(part)) for part in nested]

    shapes = [
        {"type": shape["type"], "coordinates": rings(shape["arcs"], depth)}
        for shape in next(iter(topology["objects"].values()))["geometries"]
        if (depth := {"Polygon": 0, "MultiPolygon": 1}.get(shape["type"], -1)) >= 0
    ]
    features = [{"type": "Feature", "properties": {}, "geometry": shape} for shape in shapes]
    return {"type": "FeatureCollection", "features": features}


@st.cache_data
def countries() -> dict[str, Any]:
    """Read the basemap's script, `window.WORLD = {...};`, as GeoJSON."""
    text = WORLD.read_text(encoding="utf-8")
    world, _ = json.JSONDecoder().raw_decode(text, text.index("{"))
    return decode(world) if world["type"] == "Topology" else dict(world)


def geodesic(corners: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return about 100 points (lat, lon) along the geodesics between corners (lon, lat)."""
    earth = pyproj.Geod(ellps="WGS84")
    line = [corners[0]]
    for start, end in pairwise(corners):
        line += [*earth.npts(*start, *end, 100 // (len(corners) - 1)), end]
    return [(lat, lon) for lon, lat in line]


st.set_page_config(layout="wide")
assets = declare_component("assets", path=leaflet.BASE_DIR)
detour = st.toggle("Over the Caspian")
world = folium.Map(location=(50, 60), zoom_start=4, tiles=None)
world.default_js = [("leaflet", f"../{assets.name}/leaflet.js")]
world.default_css = [("leaflet", f"../{assets.name}/leaflet.css")]
folium.GeoJson(countries(), style_function=lambda _: {"color": "#999999", "weight": 1}).add_to(
    world
)
for destination in ENDS:
    way = [START, CASPIAN, destination] if detour else [START, destination]
    line = folium.PolyLine(geodesic(way), color=DETOUR if detour else DIRECT, weight=2)
    line.add_to(world)
st_folium(world, height=620, use_container_width=True)
