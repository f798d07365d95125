"""Read GeoJSON (RFC 7946, or older in lon/lat), a story, or features line by line."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from geo.errors import OpenError, StoryError
from geo.geojson_layer import check_crs
from geo.outline import first_text
from geo.readers.draft import Draft, labelled
from geo.readers.geometry import add_geometry
from geo.schema import shown
from geo.story import read_story

# What Python takes for each list, object, value and key, roughly, and how much is all right.
_WEIGHTS = {"[": 112, "{": 232, ",": 32, ":": 100}
_MAX_WEIGHT = 360_000_000
_MAX_TRIES = 1_000
_OBJECT = re.compile(r'\{\s*"(?:type|id|properties|geometry|bbox)"\s*:')
_CRS = re.compile(r'"crs"\s*:\s*(?=\{)')
_GEOMETRIES = (
    "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon",
    "GeometryCollection",
)  # fmt: skip


def read_geojson(data: bytes, draft: Draft) -> None:
    """Read the features of a file in UTF-8; of a damaged one, those that are whole.

    Raises OpenError for a file that isn't GeoJSON, would take too much memory, or isn't in
    longitude and latitude.
    """
    text = data.decode("utf-8")
    weight = sum(text.count(mark) * each for mark, each in _WEIGHTS.items())
    if weight > _MAX_WEIGHT:
        limit = f"{_MAX_WEIGHT // 1_000_000} MB"
        raise OpenError(f"would take {weight // 1_000_000:,} MB of memory, more than {limit}")
    try:
        top = json.loads(text)
    except json.JSONDecodeError as error:
        _read_pieces(text, error, draft)
        return
    except ValueError as error:  # Python reads no whole number of more than 4,300 digits.
        raise OpenError("is not JSON: a number is too long") from error
    if isinstance(top, dict) and "corridor" in top and _take_story(data, draft):
        return
    _read_top(top, draft)


def _read_top(top: object, draft: Draft) -> None:
    if not isinstance(top, dict):
        raise OpenError(f"is no GeoJSON object but {shown(top)}")
    kind = top.get("type")
    if kind == "Topology":
        raise OpenError("is TopoJSON: save it as GeoJSON")
    check_crs(top.get("crs"))
    features = top.get("features") if kind == "FeatureCollection" else [top]
    if not isinstance(features, list):
        raise OpenError(f"features {shown(features)} is not a list")
    if kind not in ("FeatureCollection", "Feature", *_GEOMETRIES):
        raise OpenError(f"is JSON, but no GeoJSON: its type is {shown(kind)}")
    for number, feature in enumerate(features, 1):
        _add(draft, number, feature)


def _take_story(data: bytes, draft: Draft) -> bool:
    """Read a story; one that is refused is noted, and read as plain GeoJSON."""
    try:
        story = draft.story = read_story(data, draft.name)
    except StoryError as error:
        reason = str(error).removeprefix(f"{draft.name}: ")
        draft.note("", f"is read as plain GeoJSON, as no story: {reason}")
        return False
    for airfield in story.places.values():
        draft.take_place(airfield.place)
    for route in story.routes:
        draft.add_route(f"route {route.id}", route.name, story.route_places(route))
    return True


def _add(draft: Draft, number: int, feature: object) -> None:
    if not isinstance(feature, dict):
        draft.note(f"feature {number}", f"{shown(feature)} is no feature; left out")
        return
    is_feature = feature.get("type") == "Feature" or "geometry" in feature
    fields = feature.get("properties") if is_feature else None
    fields = {"id": feature.get("id"), **(fields if isinstance(fields, Mapping) else {})}
    geometry = feature.get("geometry") if is_feature else feature
    name = first_text(fields, ("name", "NAME", "Name", "title", "id"))
    add_geometry(draft, labelled("feature", number, name), fields, number, geometry)


def _read_pieces(text: str, error: json.JSONDecodeError, draft: Draft) -> None:
    """Read the features that are whole, of a damaged file or of one with a feature a line."""
    number = 0
    if match := _CRS.search(text):
        check_crs(_crs(text, match.end()))
    for number, piece in enumerate(_pieces(text), 1):
        if piece.get("type") == "FeatureCollection":
            _read_top(piece, draft)
        else:
            _add(draft, number, piece)
    if error.msg == "Extra data" and number > 1:
        return
    where = f"line {error.lineno}, column {error.colno}"
    if not number:
        raise OpenError(f"is not JSON: {where}: {error.msg}")
    draft.note(where, f"is damaged ({error.msg}); the features that are whole are kept")


def _crs(text: str, at: int) -> object:
    try:
        found: object = json.JSONDecoder().raw_decode(text, at)[0]
    except (ValueError, RecursionError):
        return "that is cut off"
    return found


def _pieces(text: str) -> Iterator[dict[str, Any]]:
    """Find the features and geometries that can be read, each for itself."""
    decoder, at, failed = json.JSONDecoder(), 0, 0
    while failed < _MAX_TRIES and (match := _OBJECT.search(text, at)):
        at = match.end()
        try:
            piece, end = decoder.raw_decode(text, match.start())
        except (ValueError, RecursionError):
            failed += 1
            continue
        if piece.get("type") in ("FeatureCollection", "Feature", *_GEOMETRIES):
            at = end
            yield piece
