"""Take GeoJSON geometries apart into places, lines and areas."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from geo.errors import LayerError
from geo.geojson_layer import outline_of, texts_of
from geo.model import FloatArray
from geo.readers.draft import Draft
from geo.schema import shown

_DEEPEST = 5
_NUMBERS = (int, float)


def add_geometry(
    draft: Draft,
    where: str,
    fields: Mapping[str, Any],
    number: int,
    geometry: object,
    depth: int = 0,
) -> None:
    """Take a geometry into the draft, or note why not; `fields` are its feature's properties."""
    kind = geometry.get("type") if isinstance(geometry, Mapping) else None
    name = _name(fields, number)
    if not isinstance(geometry, Mapping) or kind is None:
        draft.note(where, "has no geometry; left out")
    elif kind == "GeometryCollection":
        parts = geometry.get("geometries")
        if not isinstance(parts, Sequence) or depth > _DEEPEST:
            draft.note(where, f"geometries {shown(parts)} can't be read")
            return
        for part in parts:
            add_geometry(draft, where, fields, number, part, depth + 1)
    elif kind in ("Polygon", "MultiPolygon"):
        _add_area(draft, fields, number, geometry)
    elif kind in ("Point", "MultiPoint"):
        at = geometry.get("coordinates")
        for point in _vertices(draft, where, [at] if kind == "Point" else at).tolist():
            draft.add_place(where, name, *point)
    elif kind in ("LineString", "MultiLineString"):
        _add_lines(draft, where, name or f"Feature {number}", kind, geometry.get("coordinates"))
    else:
        draft.note(where, f"geometry {shown(kind)} is not known; left out")


def _name(fields: Mapping[str, Any], number: int) -> str:
    name = texts_of(fields, fields.get("id"), number)["name"]
    return "" if name == f"volume {number}" else name


def _add_area(
    draft: Draft, fields: Mapping[str, Any], number: int, geometry: Mapping[str, Any]
) -> None:
    # WKT gives tuples, and the reader of areas knows lists alone.
    whole = {"type": geometry["type"], "coordinates": _lists(geometry.get("coordinates"))}
    feature = {"type": "Feature", "properties": fields, "geometry": whole}
    try:
        outline = outline_of(number, feature)
    except LayerError as error:
        draft.lose_area(str(error))
    else:
        draft.add_area(outline)


def _lists(value: object) -> object:
    return [_lists(each) for each in value] if isinstance(value, tuple) else value


def _add_lines(draft: Draft, where: str, name: str, kind: str, coordinates: object) -> None:
    lines = [coordinates] if kind == "LineString" else coordinates
    if not isinstance(lines, Sequence) or isinstance(lines, str):
        draft.note(where, f"coordinates {shown(lines)} are no list")
        return
    for number, line in enumerate(lines, 1):
        part = f", part {number}" if len(lines) > 1 else ""
        draft.add_line(where + part, name + part, _vertices(draft, where + part, line))


def _vertices(draft: Draft, where: str, positions: object) -> FloatArray:
    """Turn positions into lon/lat (n, 2); those that are none are noted and left out."""
    if not isinstance(positions, Sequence) or isinstance(positions, str):
        draft.note(where, f"coordinates {shown(positions)} are no list")
        return np.empty((0, 2))
    good: list[tuple[float, float]] = []
    bad: list[object] = []
    for position in positions:
        try:
            lon, lat = position[0], position[1]
            if type(lon) not in _NUMBERS or type(lat) not in _NUMBERS:
                raise TypeError
            good.append((float(lon), float(lat)))
        except (TypeError, LookupError, OverflowError):
            bad.append(position)
    if bad:
        more = f" (and {len(bad) - 1:,} more)" if len(bad) > 1 else ""
        draft.note(where, f"{shown(bad[0])}{more} is no longitude, latitude; left out")
    return np.array(good, dtype=np.float64).reshape(-1, 2)
