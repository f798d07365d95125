"""Read a layer of areas that a user opens (FIRs, a danger area, a closure), GeoJSON or OpenAir.

What is no area is left out, and `Layer.skipped` says so. An area that is damaged makes the file
refused: one that is silently missing would look like a free way.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from aerofiles.openair import LowLevelReader
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from geo.errors import LayerError
from geo.geodesy import GEOD, wrapped
from geo.model import FloatArray, LonLat
from geo.schema import shown
from geo.text import printable, quoted

MAX_BYTES = 20_000_000
MAX_VOLUMES = 50_000
MAX_VERTICES = 2_000_000
# An index of edges takes room by their length: this much is about 1 GB while it is built.
MAX_EDGES_DEG = 400_000
# Mending takes about 0.1 ms for each.
MAX_SELF_CUTS = 20_000
MAX_OFFSET_M = 10.0
_MAX_ARC_PIECES = 4096
_MAX_RADIUS_NM = 5400
_MAX_TEXT = 200
_TOO_FAR_ROUND_DEG = 1080
_NM_M = 1852.0
_NAME_KEYS = ("name", "NAME", "Name", "title", "designator", "ident", "id", "ID")
_KIND_KEYS = ("class", "icaoClass", "kind", "type", "category", "CLASS", "TYPE")
_LOWER_KEYS = ("lower", "lower_limit", "lowerLimit", "lowerCeiling", "floor")
_UPPER_KEYS = ("upper", "upper_limit", "upperLimit", "upperCeiling", "ceiling")
_WGS84 = ("OGC:1.3:CRS84", "OGC::CRS84", "CRS:84", "CRS84", "EPSG::4326", "EPSG:4326")
_OVER_SIXTY = re.compile(r":\s*(?:6[1-9]|[7-9]\d|\d{3})")
_OPENAIR_TEXT = {"AN": "name", "AY": "type", "AI": "id", "AL": "lower", "AH": "upper"}

_Rings = list[FloatArray]


@dataclass(frozen=True, slots=True)
class Volume:
    """An area of a layer: a Polygon or MultiPolygon in lon/lat within -180..180.

    `number` counts the features of the file, or its airspaces, from 1. `id`, `kind` (its class or
    type), `lower` and `upper` are the file's own text, empty where it has none.
    """

    number: int
    id: str
    name: str
    kind: str
    lower: str
    upper: str
    geometry: shapely.Polygon | shapely.MultiPolygon


@dataclass(frozen=True, slots=True)
class Layer:
    """The volumes of a file, in its order; they may overlap.

    `skipped` tells what was left out and why, `notes` what was mended or read in one of two ways.
    """

    name: str
    volumes: tuple[Volume, ...]
    skipped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def load_layer(path: Path) -> Layer:
    """Read a layer file. Raises `LayerError` where it can't be read or is refused."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise LayerError(printable(f"{path.name}: can't be read: {error.strerror}")) from error
    return read_layer(data, path.name)


def read_layer(data: bytes, name: str) -> Layer:
    """Read a layer file's bytes; what begins with a brace is GeoJSON, all else OpenAir.

    Edges are straight in lon/lat. One that is longer than 180 degrees goes over the antimeridian; a
    ring that goes round the earth holds the pole of its hemisphere. Raises `LayerError` with one
    line: the file, the feature or the line, the field, the value.
    """
    found = _Found()
    try:
        if len(data) > MAX_BYTES:
            raise LayerError(f"is larger than {MAX_BYTES:,} bytes")
        is_json = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")
        (_read_geojson if is_json else _read_openair)(data, found)
        if not found.volumes:
            raise LayerError("; ".join(["holds no area", *found.skipped[:1]]))
    except RecursionError as error:
        raise LayerError(f"{printable(name)}: is nested too deeply") from error
    except LayerError as error:
        raise LayerError(printable(f"{name}: {error}")[:500]) from error
    return Layer(name, tuple(found.volumes), tuple(found.skipped), tuple(found.notes))


@dataclass(slots=True)
class _Found:
    """What has been read so far of a file."""

    volumes: list[Volume] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    vertices: int = 0
    edges_deg: float = 0.0

    def add(self, where: str, number: int, texts: dict[str, str], areas: Sequence[_Rings]) -> None:
        """Add a volume of these polygons, each a shell and its holes."""
        polygons = [part for rings in areas for part in self._polygons(rings, where)]
        geometry = polygons[0] if len(polygons) == 1 else _parts(shapely.union_all(polygons))
        if geometry.is_empty:
            self.skipped.append(f"{where}: encloses no area")
        else:
            self.volumes.append(Volume(number=number, geometry=geometry, **texts))

    def _polygons(self, rings: _Rings, where: str) -> list[shapely.Polygon]:
        """Make valid polygons on the map of a shell and its holes."""
        unrolled = [self._unrolled(ring, where) for ring in rings]
        shell, *holes = [ring if len(ring) > 3 else np.empty((0, 2)) for ring in unrolled]
        if not len(shell):
            return []
        holes = [hole for hole in holes if len(hole)]
        if np.abs(np.concatenate([shell, *holes])[:, 0]).max() <= 180:
            area = self._mended(shapely.Polygon(shell, holes), where)
        else:
            # The holes may be given a turn away from their shell: each finds its place by itself.
            area, *gaps = [
                _on_map(self._mended(shapely.Polygon(ring), where)) for ring in (shell, *holes)
            ]
            area = shapely.difference(area, shapely.union_all(gaps))
        return list(_parts(area).geoms)

    def _unrolled(self, ring: FloatArray, where: str) -> FloatArray:
        """Close a ring and let it run on over the antimeridian, round a pole if it must."""
        self._count(ring, where)
        if (ring[0] != ring[-1]).any():
            ring = np.vstack([ring, ring[:1]])
        turns = _turns(ring)
        if turns.any():
            self._note(f"{where}: runs over the antimeridian, the shorter way")
        ring = ring - np.column_stack([360 * np.cumsum([0, *turns]), np.zeros(len(ring))])
        if np.ptp(ring[:, 0]) > _TOO_FAR_ROUND_DEG:
            raise LayerError(f"{where}: a ring runs round the earth several times")
        if ring[0, 0] != ring[-1, 0]:
            self._note(f"{where}: runs round the earth; the pole on its side is taken as inside")
            pole = 90.0 if ring[:, 1].mean() >= 0 else -90.0
            ring = np.vstack([ring, [[ring[-1, 0], pole], [ring[0, 0], pole]], ring[:1]])
        return ring

    def _count(self, ring: FloatArray, where: str) -> None:
        self.vertices += len(ring)
        self.edges_deg += float(np.abs(np.diff(ring, axis=0)).max(axis=1, initial=0).sum())
        if self.vertices > MAX_VERTICES:
            raise LayerError(f"{where}: {self.vertices:,} vertices, more than {MAX_VERTICES:,}")
        if self.edges_deg > MAX_EDGES_DEG:
            raise LayerError(f"{where}: {self.edges_deg:,.0f}° of edges, over {MAX_EDGES_DEG:,}°")

    def _mended(self, polygon: shapely.Polygon, where: str) -> BaseGeometry:
        """Make a polygon valid, unless that would take for ever."""
        if polygon.is_valid:
            return polygon
        if (count := _self_cuts(polygon)) > MAX_SELF_CUTS:
            raise LayerError(
                f"{where}: crosses itself some {count:,} times, over {MAX_SELF_CUTS:,}"
            )
        self._note(f"{where}: crosses or touches itself; made valid")
        return shapely.make_valid(polygon, method="structure", keep_collapsed=False)

    def _note(self, note: str) -> None:
        if note not in self.notes[-3:]:
            self.notes.append(note)


# ---- rings ---------------------------------------------------------------------------------------


def _turns(ring: FloatArray) -> FloatArray:
    """Tell the whole turns that each step of a ring is too long by.

    A step of just 360 degrees goes along its whole parallel where it is at a pole, or where another
    one comes back, as in a band round the earth; else it stays where it is.
    """
    step = np.diff(ring[:, 0])
    whole = np.abs(step) == 360
    polar = whole & (np.abs(ring[:-1, 1]) == 90) & (np.abs(ring[1:, 1]) == 90)
    back = whole & (step[whole].sum() == 0)
    turns: FloatArray = np.where(polar | back, 0.0, np.round(step / 360))
    return turns


def _on_map(area: BaseGeometry) -> BaseGeometry:
    """Bring an area that runs past 180 degrees into -180..180, cut at the antimeridian."""
    west, _, east, _ = area.bounds if not area.is_empty else (0, 0, 0, 0)
    pieces = []
    for turn in range(int(np.floor((west + 180) / 360)), int(np.ceil((east - 180) / 360)) + 1):
        strip = shapely.box(360 * turn - 180, -90, 360 * turn + 180, 90)
        cut = shapely.intersection(area, strip)
        pieces.append(affinity.translate(cut, -360.0 * turn))
    return _parts(shapely.union_all(pieces))


def _parts(area: BaseGeometry) -> shapely.MultiPolygon:
    """Keep the polygons of an area, and no lines or points."""
    found = shapely.get_parts(shapely.get_parts(area))
    return shapely.MultiPolygon(
        [part for part in found if part.geom_type == "Polygon" and part.area]
    )


def _self_cuts(polygon: shapely.Polygon) -> int:
    """Guess how often a polygon's edges meet, from some 2,000 of them among each other."""
    xy, ring = shapely.get_coordinates(shapely.get_rings(polygon), return_index=True)
    starts = np.flatnonzero(ring[1:] == ring[:-1])
    every = max(1, len(starts) // 2000)
    ends = np.stack([xy[starts], xy[starts + 1]], axis=1)[::every]
    edges = shapely.get_parts(shapely.linestrings(ends))
    hits = shapely.STRtree(edges).query(edges, predicate="intersects").shape[1] - len(edges)
    return int(hits) // 2 * every**2


# ---- GeoJSON -------------------------------------------------------------------------------------


def _read_geojson(data: bytes, found: _Found) -> None:
    top = _json(data)
    if not isinstance(top, dict):
        raise LayerError(f"is no GeoJSON object but {shown(top)}")
    _check_crs(top.get("crs"))
    features = top.get("features") if top.get("type") == "FeatureCollection" else [top]
    if not isinstance(features, list):
        raise LayerError(f"features {shown(features)} is not a list")
    if len(features) > MAX_VOLUMES:
        raise LayerError(f"has {len(features):,} features, more than {MAX_VOLUMES:,}")
    for number, feature in enumerate(features, 1):
        _add_feature(number, feature, found)


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


def _check_crs(crs: object) -> None:
    """Refuse the coordinate system of a file from before RFC 7946, unless it is lon/lat."""
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else crs
    if crs is not None and not (isinstance(name, str) and name.endswith(_WGS84)):
        raise LayerError(f"crs {shown(name)} is not longitude, latitude on WGS84")


def _add_feature(number: int, feature: object, found: _Found) -> None:
    where = f"feature {number}"
    if not isinstance(feature, dict):
        raise LayerError(f"{where}: {shown(feature)} is not an object")
    geometry = feature.get("geometry") if feature.get("type") == "Feature" else feature
    fields = feature.get("properties") if geometry is not feature else None
    texts = _texts(fields if isinstance(fields, dict) else {}, feature.get("id"), number)
    where += f" {quoted(texts['name'])}"
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or kind not in ("Polygon", "MultiPolygon"):
        what = (
            printable(kind)[:_MAX_TEXT] if isinstance(kind, str) else "a feature with no geometry"
        )
        found.skipped.append(f"{where}: {what} is no area")
        return
    nested = geometry.get("coordinates")
    polygons = [nested] if kind == "Polygon" else _list(nested, f"{where}: coordinates")
    areas = [
        [_ring(ring, f"{where}: ring {n}") for n, ring in enumerate(_list(polygon, where), 1)]
        for polygon in polygons
    ]
    found.add(where, number, texts, [rings for rings in areas if rings])


def _texts(fields: dict[str, Any], id: object, number: int) -> dict[str, str]:
    named = _text(fields, _NAME_KEYS) or _text({"id": id}, ("id",))
    return {
        "id": _text({"id": id, **fields}, ("id",)),
        "name": named or f"volume {number}",
        "kind": _text(fields, _KIND_KEYS),
        "lower": _text(fields, _LOWER_KEYS),
        "upper": _text(fields, _UPPER_KEYS),
    }


def _text(fields: dict[str, Any], keys: Sequence[str]) -> str:
    """Take the first of these fields that holds a text or a number; objects as they are written."""
    for key in keys:
        value = fields.get(key)
        if value is not None and not isinstance(value, bool) and value not in ("", [], {}):
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            if shown_text := printable(text)[:_MAX_TEXT]:
                return shown_text
    return ""


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


# ---- OpenAir -------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Draft:
    """An airspace whose lines are being read, with the centre and direction that arcs take."""

    line: int = 0
    texts: dict[str, str] = field(default_factory=dict)
    center: LonLat | None = None
    clockwise: bool = True
    circles: list[_Rings] = field(default_factory=list)
    pieces: _Rings = field(default_factory=list)
    no_area: str = ""


def _read_openair(data: bytes, found: _Found) -> None:
    """Read airspaces as in Naviter's "OpenAir File Format Support", version 1.0."""
    lines = _decoded(data).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    draft, number = _Draft(), 0
    for line, error in LowLevelReader(map(_plain, lines)):
        at = error.lineno if error else line["lineno"]
        where = f"line {at}: {quoted(lines[at - 1])}"
        if error:
            raise LayerError(f"{where} can't be read")
        if line["type"][0] in "DV" and _OVER_SIXTY.search(lines[at - 1].partition("*")[0]):
            raise LayerError(f"{where}: minutes or seconds over 60")
        if line["type"] in ("AC", "TO", "TC"):
            _finish(draft, number, found)
            number += 1
            draft = _begun(line, draft.center, number)
        else:
            _take(draft, line, where)
    _finish(draft, number, found)


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _plain(line: str) -> str:
    """Write a line as the reader wants it; empty if it has nothing to do with areas."""
    word, rest = [*line.split(None, 1), "", ""][:2]
    word = word.upper()
    if word == "V":
        name, equals, value = (part.strip() for part in rest.upper().partition("="))
        return "" if name in ("W", "Z") else f"V {name}{equals}{value}"
    if len(word) == 2 and word[0] == "D":
        return f"{word} {rest.upper()}"
    return f"{word} {rest}" if word in ("AC", "TO", "TC", *_OPENAIR_TEXT) else ""


def _begun(line: dict[str, Any], center: LonLat | None, number: int) -> _Draft:
    if number > MAX_VOLUMES:
        raise LayerError(f"line {line['lineno']}: more than {MAX_VOLUMES:,} airspaces")
    texts = dict.fromkeys(("id", "name", "kind", "lower", "upper"), "")
    texts["name"] = f"volume {number}"
    if line["type"] != "AC":
        return _Draft(line["lineno"], texts, center, no_area="terrain is no airspace")
    texts["kind"] = _text(line, ("value",))
    return _Draft(line["lineno"], texts, center)


def _finish(draft: _Draft, number: int, found: _Found) -> None:
    if not draft.line:
        return
    where = f"line {draft.line} {quoted(draft.texts['name'])}"
    if draft.no_area:
        found.skipped.append(f"{where}: {draft.no_area}")
    else:
        ring = [[np.concatenate(draft.pieces)]] if draft.pieces else []
        found.add(where, number, draft.texts, [*draft.circles, *ring])


def _take(draft: _Draft, line: dict[str, Any], where: str) -> None:
    """Take a line's text, or what it draws, into the airspace."""
    kind = line["type"]
    if kind in _OPENAIR_TEXT:
        if (text := _text(line, ("value",))) and draft.line:
            _take_text(draft.texts, _OPENAIR_TEXT[kind], text)
        return
    if kind == "V":
        _set(draft, line, where)
    elif not draft.line:
        raise LayerError(f"{where} stands before any AC")
    elif kind == "DY":
        draft.no_area = "DY draws an airway, which is no area"
    elif kind == "DC":
        draft.circles.append([_circle(draft, line["value"], where)])
    else:
        draft.pieces.append(_piece(draft, line, where))


def _take_text(texts: dict[str, str], name: str, text: str) -> None:
    """Keep a text; a type (AY) stands behind the class (AC)."""
    texts["kind" if name == "type" else name] = (
        f"{texts['kind']} {text}" if name == "type" else text
    )


def _set(draft: _Draft, line: dict[str, Any], where: str) -> None:
    if line["name"] == "X":
        draft.center = _place(line["value"], where)
    elif line["name"] == "D":
        draft.clockwise = line["value"]
    else:
        raise LayerError(f"{where} can't be read")


def _piece(draft: _Draft, line: dict[str, Any], where: str) -> FloatArray:
    """Draw a point or an arc."""
    if line["type"] == "DP":
        return np.array([_place(line["value"], where)])
    center = _center(draft, where)
    if line["type"] == "DA":
        radius_m = _radius_m(line["radius"], where)
        azimuths = line["start"], line["end"]
        if not all(abs(azimuth) <= 720 for azimuth in azimuths):
            raise LayerError(f"{where}: angles outside -720..720")
        return _arc(center, azimuths, (radius_m, radius_m), clockwise=draft.clockwise)
    ends = np.array([_place(line["start"], where), _place(line["end"], where)])
    azimuth, _, radii_m = GEOD.inv(*np.broadcast_to(center, (2, 2)).T, *ends.T)
    for radius_m in radii_m:
        _radius_m(radius_m / _NM_M, where)
    arc = _arc(center, azimuth.tolist(), radii_m.tolist(), clockwise=draft.clockwise)
    return np.vstack([ends[:1], arc[1:-1], ends[1:]])


def _circle(draft: _Draft, radius_nm: float, where: str) -> FloatArray:
    radius_m = _radius_m(radius_nm, where)
    return _arc(_center(draft, where), (0.0, 0.0), (radius_m, radius_m), clockwise=False)


def _center(draft: _Draft, where: str) -> LonLat:
    if draft.center is None:
        raise LayerError(f"{where} has no centre: no V X= stands before it")
    return draft.center


def _place(lat_lon: Sequence[float], where: str) -> LonLat:
    lat, lon = lat_lon
    if not (abs(lat) <= 90 and abs(lon) <= 180):
        raise LayerError(f"{where}: {lat:g}, {lon:g} is off the earth")
    return lon, lat


def _radius_m(radius_nm: float, where: str) -> float:
    if not 0 < radius_nm <= _MAX_RADIUS_NM:
        raise LayerError(f"{where}: radius {radius_nm:g} NM is outside 0..{_MAX_RADIUS_NM:,}")
    return radius_nm * _NM_M


def _arc(
    center: LonLat, azimuths_deg: Sequence[float], radii_m: Sequence[float], *, clockwise: bool
) -> FloatArray:
    """Draw an arc round a centre, its chords in lon/lat within 10 m; a full turn if it closes.

    The radius goes evenly from that of its start to that of its end, which a file may not give
    quite alike.
    """
    start, end = azimuths_deg
    sweep = (end - start) % 360 or 360.0 if clockwise else -((start - end) % 360 or 360.0)
    # An arc of r metres lies r * angle² / 8 off its chord; the meridians' crowding comes on top.
    pieces = int(np.ceil(np.radians(abs(sweep)) * np.sqrt(max(radii_m) / (7.2 * MAX_OFFSET_M))))
    pieces = min(max(pieces, 8), _MAX_ARC_PIECES)
    while True:
        share = np.linspace(0, 1, 2 * pieces + 1)
        radius_m = radii_m[0] + (radii_m[1] - radii_m[0]) * share
        lons, lats = np.full(len(share), center[0]), np.full(len(share), center[1])
        lon, lat, _ = GEOD.fwd(lons, lats, start + sweep * share, radius_m)
        points = np.column_stack([np.unwrap(lon, period=360), lat])
        middles = (points[:-2:2] + points[2::2]) / 2
        offset_m = GEOD.inv(*middles.T, *points[1::2].T)[2].max()
        if offset_m <= MAX_OFFSET_M or pieces == _MAX_ARC_PIECES:
            return np.column_stack([wrapped(points[::2, 0]), points[::2, 1]])
        # The offset grows with the square of a chord's length.
        needed = pieces * np.sqrt(offset_m / (0.9 * MAX_OFFSET_M))
        pieces = int(min(max(needed, pieces + 1), _MAX_ARC_PIECES))
