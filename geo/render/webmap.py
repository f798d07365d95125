"""Draw a scene with Folium, for st_folium and for a browser without internet.

The base map is the same for every scene, so that the browser mounts it once; all that changes
travels as one group. Text from a story file goes as data that neither Jinja nor the browser runs.
"""

import json
import re
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path

import folium
from branca.element import MacroElement
from folium.template import Template
from xstatic.pkg import leaflet

from geo.model import LonLat
from geo.render.scene import Scene

WORLD = Path(__file__).parents[2] / "data" / "basemap" / "world.js"
# The folders that a page serves, by the name that it serves them under.
ASSETS = {
    "leaflet": Path(leaflet.BASE_DIR),
    "atlas": Path(str(files("geo.render") / "atlas")),
    "basemap": WORLD.parent,
}
_DECIMALS = 4
# Two braces, or a brace and a sign, are Jinja's; within JSON they stand only inside strings.
_ACTIVE = re.compile("[<>&\u2028\u2029]|\\{(?=[{%#])")


class _BaseMap(MacroElement):
    _template = Template(
        "{% macro script(this, kwargs) %}"
        "corridor.base({{ this._parent.get_name() }});"
        "{% endmacro %}"
    )


class _SceneLayer(MacroElement):
    _template = Template(
        "{% macro script(this, kwargs) %}"
        "corridor.show({{ this._parent.get_name() }}, {{ this._parent._parent.get_name() }}, "
        "{{ this.data }});"
        "{% endmacro %}"
    )

    def __init__(self, scene: Scene) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.data = inert_json(scene_data(scene))


def make_map(urls: dict[str, str]) -> folium.Map:
    """Make the base map; `urls` tells where each folder of ASSETS is served.

    Two maps made with the same URLs render to the same text, so the browser keeps the first.
    """
    fmap = folium.Map(
        location=(45, 50), zoom_start=4, tiles=None, zoom_snap=0.25, zoom_delta=0.5,
        min_zoom=1, max_zoom=9, wheel_px_per_zoom_level=120,
    )  # fmt: skip
    fmap.default_js = [
        ("leaflet", f"{urls['leaflet']}/leaflet.js"),
        ("world", f"{urls['basemap']}/{WORLD.name}"),
        ("atlas", f"{urls['atlas']}/atlas.js"),
    ]
    fmap.default_css = [
        ("leaflet_style", f"{urls['leaflet']}/leaflet.css"),
        ("atlas_style", f"{urls['atlas']}/atlas.css"),
    ]
    _BaseMap().add_to(fmap)  # type: ignore[no-untyped-call]
    return fmap


def make_layer(scene: Scene) -> folium.FeatureGroup:
    """Put a scene into the one group that is exchanged on every change."""
    group = folium.FeatureGroup(name="scene", control=False)
    _SceneLayer(scene).add_to(group)
    return group


def scene_data(scene: Scene) -> dict[str, object]:
    """Turn a scene into what atlas.js reads, with (lat, lon) as Leaflet has it."""
    west, south, east, north = scene.bounds
    return {
        "theme": scene.theme,
        "bounds": [[south, west], [north, east]],
        "tints": {"+".join(claims): tint for claims, tint in scene.tints.items()},
        "lines": [
            {
                "id": line.id,
                "points": [_latlon(point) for point in line.points],
                "colour": line.colour,
                "style": line.style,
                "width": line.width,
                "card": asdict(line.card),
            }
            for line in scene.lines
        ],
        "marks": [
            {
                "id": mark.id,
                "lat": mark.lonlat[1],
                "lon": mark.lonlat[0],
                "symbol": mark.symbol,
                "label": mark.label,
                "rank": mark.rank,
                "emphasis": mark.emphasis,
                "card": asdict(mark.card),
            }
            for mark in scene.marks
        ],
        "areas": [
            {"name": area.name, "rings": [[_latlon(at) for at in ring] for ring in area.rings]}
            for area in scene.areas
        ],
        "legend": [asdict(item) for item in scene.legend],
        "note": scene.note,
        "credit": scene.credit,
    }


def inert_json(value: object) -> str:
    """Write JSON that ends no script element, opens no Jinja tag and breaks no JavaScript line."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return _ACTIVE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _latlon(point: LonLat) -> list[float]:
    return [round(point[1], _DECIMALS), round(point[0], _DECIMALS)]
