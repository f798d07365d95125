"""Read the areas of a GeoJSON file (RFC 7946, or older in lon/lat)."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from geo.errors import LayerError
from geo.model import FloatArray, LonLat
from geo.outline import MAX_VOLUMES, Outline, Rings, first_text, shortened
from geo.schema import shown
from geo.text import quoted

_NAME_KEYS = ("name", "NAME", "Name", "title", "designator", "ident", "id", "ID")
_KIND_KEYS = ("class", "icaoClass", "kind", "type", "category", "CLASS", "TYPE")
_LOWER_KEYS = ("lower", "lower_limit", "lowerLimit", "lowerCeiling", "floor")
_UPPER_KEYS = ("upper", "upper_limit", "upperLimit", "upperCeiling", "ceiling")
_WGS84 = ("OGC:1.3:CRS84", "OGC::CRS84", "CRS:84", "CRS84", "EPSG::4326", "EPSG:4326")


def read_geojson(data: bytes) -> Iterator[Outline]:
    """Read the features one by one. Raises `LayerError` where the file is damaged."""
    top = _json(data)
    if not isinstance(top, dict):
        raise LayerError(f"is no GeoJSON object but {shown(top)}")
    check_crs(top.get("crs"))
    features = top.get("features") if top.get("type") == "FeatureCollection" else [top]
    if not isinstance(features, list):
        raise LayerError(f"features {shown(features)} is not a list")
    if len(features) > MAX_VOLUMES:
        raise LayerError(f"has {len(features):,} features, more than {MAX_VOLUMES:,}")
    for number, feature in enumerate(features, 1):
        yield outline_of(number, feature)


def _json(data: bytes) -> object:
    try:
        return json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise LayerError(f"is not UTF-8: byte {error.start}") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise LayerError(f"is not JSON: {where}: {error.msg}") from error
    except ValueError as error:  # Python reads no whole number of more than 4,300 digits.
        raise LayerError("is not JSON: a number is too long") from error


def check_crs(crs: object) -> None:
    """Refuse the coordinate system of a file from before RFC 7946, unless it is lon/lat."""
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else crs
    if crs is not None and not (isinstance(name, str) and name.endswith(_WGS84)):
        raise LayerError(f"crs {shown(name)} is not longitude, latitude on WGS84")


def outline_of(number: int, feature: object) -> Outline:
    """Read one feature, or a bare geometry. Raises `LayerError` where it is damaged."""
    where = f"feature {number}"
    if not isinstance(feature, dict):
        raise LayerError(f"{where}: {shown(feature)} is not an object")
    geometry = feature.get("geometry") if feature.get("type") == "Feature" else feature
    fields = feature.get("properties") if geometry is not feature else None
    texts = texts_of(fields if isinstance(fields, dict) else {}, feature.get("id"), number)
    where += f" {quoted(texts['name'])}"
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or kind not in ("Polygon", "MultiPolygon"):
        what = shortened(kind) if isinstance(kind, str) else "a feature with no geometry"
        return Outline(where, number, texts, no_area=f"{what} is no area")
    return Outline(where, number, texts, _polygons(geometry, where))


def _polygons(geometry: dict[str, Any], where: str) -> list[Rings]:
    nested = geometry.get("coordinates")
    is_one = geometry["type"] == "Polygon"
    areas = [
        [_ring(ring, f"{where}: ring {n}") for n, ring in enumerate(_list(polygon, where), 1)]
        for polygon in ([nested] if is_one else _list(nested, f"{where}: coordinates"))
    ]
    return [rings for rings in areas if rings]


def texts_of(fields: Mapping[str, Any], id: object, number: int) -> dict[str, str]:
    """Pick the text fields of a `Volume` from a feature's properties."""
    named = first_text(fields, _NAME_KEYS) or first_text({"id": id}, ("id",))
    return {
        "id": first_text({"id": id, **fields}, ("id",)),
        "name": named or f"volume {number}",
        "kind": first_text(fields, _KIND_KEYS),
        "lower": first_text(fields, _LOWER_KEYS),
        "upper": first_text(fields, _UPPER_KEYS),
    }


def _list(value: object, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise LayerError(f"{where}: {shown(value)} is not a list")
    return value


def _ring(ring: object, where: str) -> FloatArray:
    points = [_lon_lat(at, where, n) for n, at in enumerate(_list(ring, where), 1)]
    return np.array(points or [(0.0, 0.0)])


def _lon_lat(position: object, where: str, number: int) -> LonLat:
    if not isinstance(position, list) or len(position) < 2:
        raise LayerError(f"{where}: vertex {number}: {shown(position)} is no longitude, latitude")
    lon, lat = position[:2]
    for name, value, bound in (("longitude", lon, 360), ("latitude", lat, 90)):
        if type(value) not in (int, float):
            raise LayerError(f"{where}: vertex {number}: {name} {shown(value)} is no number")
        if not -bound <= value <= bound:
            outside = f"{shown(value)} is outside -{bound}..{bound}"
            raise LayerError(f"{where}: vertex {number}: {name} {outside}")
    return lon, lat
