"""Read a story file: places, routes and what was said of them, in GeoJSON (RFC 7946).

Points are places and LineStrings routes, in longitude and latitude on WGS84. The collection's
member `corridor` holds the title, the claim, the reports and the list of sources.
"""

import json
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from geo.errors import StoryError
from geo.geodesy import GEOD
from geo.schema import Airfield, Header, Point, Story, StoryRoute, shown, spelled

MAX_BYTES = 2_000_000
_MAX_FIELDS = 100
_SAME_POINT_M = 1.0
_Checked = TypeVar("_Checked", bound=BaseModel)


def load_story(path: Path) -> Story:
    """Read a story file. Raises `StoryError` where it can't be read or is refused."""
    try:
        with path.open("rb") as file:
            text = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise StoryError(_line(f"{path.name}: can't be read: {error.strerror}")) from error
    return read_story(text, path.name)


def read_story(text: str | bytes, name: str) -> Story:
    """Check the text of a story file, called `name` in messages.

    Raises `StoryError` with one line: the file, the feature's number and id, the field, the value.
    """
    try:
        return _story(_parsed(text))
    except StoryError as error:
        raise StoryError(_line(f"{name}: {error}")) from error
    except RecursionError as error:
        raise StoryError(_line(f"{name}: is nested too deeply")) from error


def _parsed(text: str | bytes) -> dict[str, Any]:
    """Parse JSON in UTF-8, with no key twice and a FeatureCollection on top."""
    if len(text) > MAX_BYTES:
        raise StoryError(f"is larger than {MAX_BYTES:,} bytes")
    data = _json(text)
    kind = data.get("type") if isinstance(data, dict) else data
    if not isinstance(data, dict) or kind != "FeatureCollection":
        raise StoryError(f"is not a GeoJSON FeatureCollection: its type is {shown(kind)}")
    return data


def _json(text: str | bytes) -> object:
    try:
        text = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        return json.loads(text, object_pairs_hook=_object)
    except UnicodeDecodeError as error:
        raise StoryError(f"is not UTF-8: byte {error.start}") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise StoryError(f"is not JSON: {where}: {error.msg}") from error
    except StoryError:
        raise
    except ValueError as error:  # Python reads no whole number of more than 4,300 digits.
        raise StoryError("is not JSON: a number is too long") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise StoryError(f"the key {shown(key)} stands twice in one object")
        found[key] = value
    return found


def _story(data: dict[str, Any]) -> Story:
    if "crs" in data:
        raise StoryError("crs is not allowed: coordinates are longitude, latitude on WGS84")
    header = _checked(Header, data.get("corridor"), "corridor")
    features = _features(data.get("features"))
    rows = [(_kind(feature, where), feature, where) for feature, where in features.values()]
    places = {f["id"]: _airfield(f, where) for kind, f, where in rows if kind == "Point"}
    routes = tuple(_route(f, where, places) for kind, f, where in rows if kind == "LineString")
    if not routes:
        raise StoryError("holds no route: no feature is a LineString")
    parts = {name: getattr(header, name) for name in Header.model_fields if name != "version"}
    story = Story(**parts, places=places, routes=routes)
    _check_references(story, {id: where for id, (_, where) in features.items()})
    return story


def _features(features: object) -> dict[str, tuple[dict[str, Any], str]]:
    """Key the features by their ids, each with the words that name it in messages."""
    if not isinstance(features, list):
        raise StoryError(f"features {shown(features)} is not a list")
    found: dict[str, tuple[dict[str, Any], str]] = {}
    for number, feature in enumerate(features, 1):
        where = _where(number, feature)
        if (id := feature["id"]) in found:
            raise StoryError(f"{where}: id is that of {found[id][1]} already")
        found[id] = feature, where
    return found


def _where(number: int, feature: object) -> str:
    """Name a feature by its number, from 1, and its id."""
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise StoryError(f"feature {number}: is not a GeoJSON Feature")
    if "id" not in feature:
        raise StoryError(f"feature {number}: id is missing")
    if not isinstance(feature["id"], str):
        raise StoryError(f"feature {number}: id {shown(feature['id'])} is not text")
    return f"feature {number} {shown(feature['id'])}"


def _kind(feature: dict[str, Any], where: str) -> str:
    geometry = feature.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Point", "LineString"):
        raise StoryError(f"{where}: geometry {shown(kind)} is not Point or LineString")
    return str(kind)


def _airfield(feature: dict[str, Any], where: str) -> Airfield:
    lon, lat = _lon_lat(feature["geometry"].get("coordinates"), where)
    fields = _properties(feature, where, ("id", "lon", "lat"))
    return _checked(Airfield, {**fields, "id": feature["id"], "lon": lon, "lat": lat}, where)


def _route(feature: dict[str, Any], where: str, places: dict[str, Airfield]) -> StoryRoute:
    """Check a route, and that its line runs through its places."""
    fields = _properties(feature, where, ("id",))
    route = _checked(StoryRoute, {**fields, "id": feature["id"]}, where)
    for id in route.places:
        if id not in places:
            raise StoryError(f"{where}: places: there is no place {shown(id)}")
    if route.left and route.date and route.left > route.date:
        raise StoryError(f"{where}: left {route.left} is after date {route.date}")
    _check_line([places[id] for id in route.places], feature["geometry"].get("coordinates"), where)
    return route


def _check_line(places: Sequence[Airfield], line: object, where: str) -> None:
    """Refuse a line that doesn't run from place to place, or that stands still."""
    if not isinstance(line, list) or len(line) != len(places):
        count = len(line) if isinstance(line, list) else "no"
        raise StoryError(f"{where}: {count} coordinates for {len(places)} places")
    for number, (place, position) in enumerate(zip(places, line, strict=True), 1):
        lon, lat = _lon_lat(position, f"{where}: coordinate {number}")
        vertex = _checked(Point, {"lon": lon, "lat": lat}, f"{where}: coordinate {number}")
        if (off_m := _distance_m(place, vertex)) > _SAME_POINT_M:
            named = f"{off_m:,.0f} m from place {shown(place.id)}"
            raise StoryError(f"{where}: coordinate {number} is {named}")
    for number, (start, end) in enumerate(pairwise(places), 1):
        if _distance_m(start, end) <= _SAME_POINT_M:
            raise StoryError(f"{where}: places {number} and {number + 1} are the same point")


def _properties(feature: dict[str, Any], where: str, taken: Sequence[str]) -> dict[str, Any]:
    """Give a feature's properties, which may not hold what stands elsewhere in it."""
    properties = feature.get("properties")
    if not isinstance(properties, dict):
        raise StoryError(f"{where}: properties {shown(properties)} is not an object")
    for name in taken:
        if name in properties:
            raise StoryError(f"{where}: {name} does not belong in the properties")
    return properties


def _lon_lat(position: object, where: str) -> tuple[object, object]:
    if not isinstance(position, list) or len(position) != 2:
        raise StoryError(f"{where}: coordinates are {shown(position)}, not longitude and latitude")
    return position[0], position[1]


def _distance_m(start: Point, end: Point) -> float:
    return float(GEOD.inv(start.lon, start.lat, end.lon, end.lat)[2])


def _checked(model: type[_Checked], fields: object, where: str) -> _Checked:
    if not isinstance(fields, dict):
        raise StoryError(f"{where} is missing or is not an object")
    if len(fields) > _MAX_FIELDS:
        raise StoryError(f"{where} has {len(fields):,} fields, more than {_MAX_FIELDS}")
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise StoryError(f"{where}: {spelled(error.errors()[0])}") from error


def _check_references(story: Story, wheres: dict[str, str]) -> None:
    """Refuse an id of a source, a way or a place that the file doesn't hold."""
    for where, field, id in _cited(story, wheres):
        if id not in story.sources:
            raise StoryError(f"{where}: {field}: there is no source {shown(id)}")
    for route in story.routes:
        if route.way not in story.ways:
            ways = ", ".join(story.ways)
            raise StoryError(f"{wheres[route.id]}: way {shown(route.way)} is not one of {ways}")
    _check_names("way", [way.name for way in story.ways.values()])
    ends = dict.fromkeys(route.destination for route in story.routes)
    _check_names("destination", [story.places[id].name for id in ends])
    for number, report in enumerate(story.reports, 1):
        for id in report.places:
            if id not in story.places:
                raise StoryError(f"corridor: report {number}: there is no place {shown(id)}")


def _check_names(what: str, names: Sequence[str]) -> None:
    """Refuse a name that two choices share: readers and links know them by their names."""
    for name in names:
        if names.count(name) > 1:
            raise StoryError(f"corridor: two {what}s have the name {shown(name)}")


def _cited(story: Story, wheres: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """List every source id in use, with where it stands and in which field."""
    lists = [(wheres[place.id], place.sources) for place in story.places.values()]
    lists += [(wheres[route.id], route.sources) for route in story.routes]
    lists += [
        (f"corridor: report {n}", report.sources) for n, report in enumerate(story.reports, 1)
    ]
    lists += [(f"corridor: finding {finding.id}", finding.sources) for finding in story.findings]
    lists += [(f"corridor: way {way.id}", way.sources) for way in story.ways.values()]
    lists += [("corridor: claim", story.claim.sources)] if story.claim else []
    yield from ((where, "sources", id) for where, ids in lists for id in ids)
    for place in story.places.values():
        position = place.position
        fields = {
            "elevation_source": place.elevation_source,
            "position.source": position and position.source,
            "position.second_source": position and position.second_source,
        }
        yield from ((wheres[place.id], field, id) for field, id in fields.items() if id)


def _line(message: str) -> str:
    """Keep a message on one line of 500 characters, whatever the file put into it."""
    return "".join(c if c.isprintable() else "?" for c in message[:500])
