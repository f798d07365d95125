"""Read a story file: places, routes and what was said of them, in GeoJSON (RFC 7946).

Points are places and LineStrings routes, in longitude and latitude on WGS84. The collection's
member `corridor` holds the title, the claim, the reports and the list of sources.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError

from geo.errors import StoryError
from geo.geodesy import GEOD
from geo.schema import Airfield, Header, Story, StoryRoute, shown, spelled

MAX_BYTES = 5_000_000
_SAME_POINT_M = 1.0
_Checked = TypeVar("_Checked", bound=BaseModel)


def load_story(path: Path) -> Story:
    """Read a story file. Raises `StoryError` where it can't be read or is refused."""
    try:
        with path.open("rb") as file:
            return read_story(file.read(MAX_BYTES + 1), path.name)
    except OSError as error:
        raise StoryError(f"{_line(path.name)}: can't be read: {error.strerror}") from error


def read_story(text: str | bytes, name: str) -> Story:
    """Check the text of a story file, called `name` in messages.

    Raises `StoryError` with one line: the file, the feature's number and id, the field, the value.
    """
    try:
        return _story(_parsed(text))
    except StoryError as error:
        raise StoryError(f"{_line(name)}: {error}") from error
    except RecursionError as error:
        raise StoryError(f"{_line(name)}: is nested too deeply") from error


def _parsed(text: str | bytes) -> dict[str, Any]:
    """Parse strict JSON: UTF-8, no NaN, no key twice, an object on top."""
    try:
        if len(text) > MAX_BYTES:
            raise StoryError(f"is larger than {MAX_BYTES:,} bytes")
        text = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        data = json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise StoryError(f"is not JSON: {where}: {error.msg}") from error
    except UnicodeDecodeError as error:
        raise StoryError(f"is not UTF-8: byte {error.start}") from error
    except StoryError:
        raise
    except ValueError as error:
        raise StoryError("is not JSON: a number is too long") from error
    if not isinstance(data, dict) or data.get("type") != "FeatureCollection":
        found = data.get("type") if isinstance(data, dict) else data
        raise StoryError(f"is not a GeoJSON FeatureCollection: its type is {shown(found)}")
    return data


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise StoryError(f"is refused: the key {shown(twice)} stands twice in one object")
    return found


def _no_constant(word: str) -> NoReturn:
    raise StoryError(f"is not JSON: {word} is not a number")


def _story(data: dict[str, Any]) -> Story:
    if "crs" in data:
        raise StoryError("crs is not allowed: coordinates are longitude, latitude on WGS84")
    header = _checked(Header, data.get("corridor"), "corridor")
    features = data.get("features")
    if not isinstance(features, list):
        raise StoryError(f"features {shown(features)} is not a list")
    wheres = [_where(number, feature) for number, feature in enumerate(features, 1)]
    _refuse_twice([feature["id"] for feature in features], wheres)
    kinds = [_kind(f, where) for f, where in zip(features, wheres, strict=True)]
    rows = list(zip(features, wheres, kinds, strict=True))
    places = {f["id"]: _airfield(f, where) for f, where, kind in rows if kind == "Point"}
    lines = [(f, where) for f, where, kind in rows if kind == "LineString"]
    routes = tuple(_route(f, where, places) for f, where in lines)
    parts = {name: getattr(header, name) for name in Header.model_fields if name != "version"}
    story = Story(**parts, places=places, routes=routes)
    _check_references(story, {f["id"]: where for f, where, _ in rows})
    return story


def _where(number: int, feature: object) -> str:
    """Name a feature by its number, from 1, and its id."""
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise StoryError(f"feature {number}: is not a GeoJSON Feature")
    if "id" not in feature:
        raise StoryError(f"feature {number}: id is missing")
    if not isinstance(feature["id"], str):
        raise StoryError(f"feature {number}: id {shown(feature['id'])} is not text")
    return f"feature {number} {shown(feature['id'])}"


def _refuse_twice(ids: Sequence[str], wheres: Sequence[str]) -> None:
    first: dict[str, int] = {}
    for number, (id, where) in enumerate(zip(ids, wheres, strict=True), 1):
        if first.setdefault(id, number) != number:
            raise StoryError(f"{where}: id is that of feature {first[id]} already")


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
    line = feature["geometry"].get("coordinates")
    if not isinstance(line, list) or len(line) != len(route.places):
        count = len(line) if isinstance(line, list) else "no"
        raise StoryError(f"{where}: {count} coordinates for {len(route.places)} places")
    points = [(places[id].lon, places[id].lat) for id in route.places]
    for number, (point, position) in enumerate(zip(points, line, strict=True), 1):
        if (off_m := _distance_m(point, _drawn(position, where, number))) > _SAME_POINT_M:
            place = shown(route.places[number - 1])
            raise StoryError(f"{where}: coordinate {number} is {off_m:,.0f} m from place {place}")
    for number, (start, end) in enumerate(zip(points, points[1:], strict=False), 1):
        if _distance_m(start, end) <= _SAME_POINT_M:
            raise StoryError(f"{where}: places {number} and {number + 1} are the same point")
    return route


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


def _drawn(position: object, where: str, number: int) -> tuple[float, float]:
    """Check one vertex of a route's line as a place's coordinates are checked."""
    lon, lat = _lon_lat(position, f"{where}: coordinate {number}")
    probe = {"id": "p", "name": "p", "sources": ["s"], "lon": lon, "lat": lat}
    checked = _checked(Airfield, probe, f"{where}: coordinate {number}")
    return checked.lon, checked.lat


def _distance_m(start: tuple[float, float], end: tuple[float, float]) -> float:
    return float(GEOD.inv(*start, *end)[2])


def _checked(model: type[_Checked], fields: object, where: str) -> _Checked:
    if not isinstance(fields, dict):
        raise StoryError(f"{where} is missing or is not an object")
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
    for number, report in enumerate(story.reports, 1):
        for id in report.places:
            if id not in story.places:
                raise StoryError(f"corridor: report {number}: there is no place {shown(id)}")


def _cited(story: Story, wheres: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """List every source id in use, with where it stands and in which field."""
    parts = [(wheres[part.id], part.sources) for part in (*story.places.values(), *story.routes)]
    parts += [(f"corridor: report {n}", part.sources) for n, part in enumerate(story.reports, 1)]
    parts += [(f"corridor: finding {part.id}", part.sources) for part in story.findings]
    parts += [(f"corridor: way {part.id}", part.sources) for part in story.ways.values()]
    parts += [("corridor: claim", story.claim.sources)] if story.claim else []
    yield from ((where, "sources", id) for where, ids in parts for id in ids)
    for part in story.places.values():
        if part.elevation_source:
            yield wheres[part.id], "elevation_source", part.elevation_source
        if part.position:
            yield wheres[part.id], "position.source", part.position.source
            if part.position.second_source:
                yield wheres[part.id], "position.second_source", part.position.second_source


def _line(name: str) -> str:
    """Keep a file's name on one line."""
    return "".join(c if c.isprintable() else "?" for c in name)
