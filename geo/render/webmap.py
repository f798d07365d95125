"""Draw a scene with Folium, for st_folium and for a browser without internet.

The base map is the same for every scene, so that the browser mounts it once; all that changes
travels as one group. Text from a story file goes as data that neither Jinja nor the browser runs.
"""

import json
import re
from dataclasses import fields
from hashlib import sha256
from pathlib import Path
from typing import Any

import folium
from branca.element import Element, MacroElement
from folium.template import Template
from xstatic.pkg import leaflet

from geo.errors import DataError
from geo.file_faults import say_unread
from geo.model import LonLat
from geo.render.cards import Card
from geo.render.centres import with_centres
from geo.render.legend import RING, RING_PX, LegendItem
from geo.render.scene import Scene
from geo.render.script_file import read_script
from geo.render.world_file import read_world

WORLD = Path(__file__).parents[2] / "data" / "basemap" / "world.js"
GEODESIC = Path(__file__).parents[2] / "data" / "geodesic.js"
_ATLAS = Path(__file__).with_name("atlas")
_PARTS = (
    "basemap", "frame", "clicks", "cards", "symbols", "labels", "search", "room", "bundles",
    "rows", "scene", "link", "tools",
)  # fmt: skip
_SHEETS = ("atlas", "search", "tools")
_LATER_PARTS = ("graticule", "measure")
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

    def render(self, **_: object) -> str:
        """Add the script to the page as text; Folium would compile it all as a template."""
        script = self._template.module.script(self, {})
        figure: Any = self.get_root()
        figure.script.add_child(_Text(script), name=self.get_name())
        return ""


class _Text(Element):
    _template = Template("{{ this.text }}")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


def atlas_script(places_name: str | None = None) -> str:
    """Join all that the map runs on into one script: Leaflet, the world, the styles, the atlas.

    st_folium loads scripts one after another and styles after them, so that each further file
    would be a further wait before the map is first seen. `places_name` is the file beside it that
    has the text of `completion_index`; without one there is no box to type into.
    """
    folder = Path(leaflet.BASE_DIR)
    sheets = [folder / "leaflet.css", *(_ATLAS / f"{name}.css" for name in _SHEETS)]
    parts = [_read(_ATLAS / f"{name}.js") for name in _PARTS]
    return "\n".join(
        [
            _read(folder / "leaflet.js"),
            _world_script(),
            '(function () {\n"use strict";',
            f"const STYLES = {json.dumps(''.join(map(_read, sheets)))};",
            f"const PLACES = {json.dumps(places_name)};",
            f"const LATER = {json.dumps(later_name())};",
            *parts,
            "})();\n",
        ]
    )


def later_script() -> str:
    """Join what only the map's larger tools need, fetched when the first of them is used."""
    folder = _ATLAS / "later"
    styles = json.dumps(_read(folder / "later.css"))
    parts = [_read(folder / f"{name}.js") for name in _LATER_PARTS]
    opening = f'(function () {{\n"use strict";\nconst STYLES = {styles};'
    return "\n".join([read_script(GEODESIC), opening, *parts, "})();\n"])


def later_name() -> str:
    """Name the file beside the atlas's script that has the text of `later_script`."""
    return f"later.{sha256(later_script().encode()).hexdigest()[:8]}.js"


def _world_script() -> str:
    """Let the browser read the world as JSON, which takes it a fifth of the time of a script."""
    world = read_world(WORLD)
    return f"{world.credit}window.WORLD=JSON.parse({json.dumps(world.text)});"


def make_map(url: str) -> folium.Map:
    """Make the base map; `url` tells where the text of `atlas_script` is served.

    Two maps made with the same URL render to the same text, so the browser keeps the first.
    """
    fmap = folium.Map(
        location=(45, 50), zoom_start=4, tiles=None, zoom_snap=0.25, zoom_delta=0.5,
        min_zoom=1, max_zoom=9, wheel_px_per_zoom_level=120,
    )  # fmt: skip
    fmap.default_js = [("atlas", url)]
    fmap.default_css = []
    _BaseMap().add_to(fmap)  # type: ignore[no-untyped-call]
    return fmap


def make_layer(scene: Scene) -> folium.FeatureGroup:
    """Put a scene into the one group that is exchanged on every change."""
    group = folium.FeatureGroup(name="scene", control=False)
    _SceneLayer(scene).add_to(group)
    return group


def scene_data(scene: Scene) -> dict[str, object]:
    """Turn a scene into what atlas.js reads, with (lat, lon) as Leaflet has it."""
    scene = with_centres(scene)
    west, south, east, north = scene.bounds
    return {
        "theme": scene.theme,
        "bounds": [[south, west], [north, east]],
        "tints": {"+".join(claims): tint for claims, tint in scene.tints.items()},
        "closed": ["+".join(claims) for claims in scene.closed],
        "lines": [
            {
                "id": line.id,
                "points": [_latlon(point) for point in line.points],
                "colour": line.colour,
                "style": line.style,
                "width": line.width,
                "card": _fields(line.card),
            }
            for line in scene.lines
        ],
        "marks": [
            {
                "id": mark.id,
                "lat": lat,
                "lon": lon,
                "symbol": mark.symbol,
                "label": mark.label,
                "rank": mark.rank,
                "emphasis": mark.emphasis,
                "card": _fields(mark.card),
            }
            for mark in scene.marks
            for lon, lat in (mark.lonlat, *mark.copies)
        ],
        "areas": [
            {
                "name": area.name,
                "closed": area.closed,
                "rings": [[_latlon(at) for at in ring] for ring in area.rings],
            }
            for area in scene.areas
        ],
        "rings": [
            {
                "name": ring.name,
                "points": [_latlon(point) for point in ring.points],
                "colour": RING[scene.theme],
                "style": ring.style,
                "width": RING_PX,
            }
            for ring in scene.rings
        ],
        "legend": [_fields(item) for item in scene.legend],
        "note": scene.note,
        "credit": scene.credit,
        "unit": scene.unit,
        "answered": scene.answered,
        "bundles": [{"url": bundle.url, "colour": bundle.colour} for bundle in scene.bundles],
        "asked": {
            "routes": scene.asked.routes,
            "closed": scene.asked.closed,
            "refused": scene.asked.refused,
            "refusedPath": scene.asked.refused_path,
            "guesses": scene.asked.guesses,
        },
    }


def inert_json(value: object) -> str:
    """Write JSON that ends no script element, opens no Jinja tag and breaks no JavaScript line."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return _ACTIVE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise DataError(f"{path.name}: can't be read ({say_unread(error, path)})") from error


def _fields(item: Card | LegendItem) -> dict[str, object]:
    """List the fields of an item that holds nothing but text, numbers and tuples of them."""
    return {field.name: getattr(item, field.name) for field in fields(item)}


def _latlon(point: LonLat) -> list[float]:
    return [round(point[1], _DECIMALS), round(point[0], _DECIMALS)]
