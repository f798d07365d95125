"""Read KML 2.x: Placemarks with points, lines, tracks and areas."""

import re
from dataclasses import dataclass, field

import numpy as np

from geo.geojson_layer import texts_of
from geo.model import FloatArray
from geo.outline import Outline, Rings, shortened
from geo.readers.draft import MAX_POINTS, Draft, labelled
from geo.readers.positions import off_earth, position_problem
from geo.readers.xml import read_xml
from geo.text import quoted

# So much of a text is turned into numbers at a time.
_PIECE = 200_000
_ELSEWHERE = ("NetworkLink", "GroundOverlay", "ScreenOverlay", "PhotoOverlay")
_LINES = ("LineString", "LinearRing", "Track")
_MAX_FIELDS = 100
_LOOSE = re.compile(r"\s+,\s*|,\s+")
_COMMA_BETWEEN = re.compile(r",(?=\s|\Z)")


def read_kml(data: bytes, draft: Draft) -> None:
    """Read a file's Placemarks: points as places, lines and gx:Tracks as routes, areas as areas.

    Heights, times and styles are left. Raises OpenError; see `geo.readers.xml`.
    """
    read_xml(data, _Reader(draft), draft)


@dataclass(slots=True)
class _Placemark:
    """What has been read of a Placemark; each polygon is a shell and its holes."""

    name: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    points: list[FloatArray] = field(default_factory=list)
    lines: list[FloatArray] = field(default_factory=list)
    polygons: list[Rings] = field(default_factory=list)
    holds: str = ""
    is_noted: bool = False
    lost_area: str = ""


@dataclass(slots=True)
class _Reader:
    """The Placemark and the geometry that are being read."""

    draft: Draft
    texts: frozenset[str] = frozenset(("name", "coordinates", "coord", "SimpleData", "value"))
    features: frozenset[str] = frozenset(("Placemark",))
    number: int = 0
    placemark: _Placemark | None = None
    geometry: str = ""
    in_polygon: bool = False
    in_hole: bool = False
    track: list[str] = field(default_factory=list)
    field_name: str = ""

    def start(self, name: str, parent: str, fields: dict[str, str], line: int) -> None:
        if name == "Placemark":
            self._finish()
            self.number += 1
            self.placemark = _Placemark()
        elif name in _ELSEWHERE:
            self.draft.note(f"line {line}", f"{name} is not read: only Placemarks are")
        elif name in ("SimpleData", "Data"):
            self.field_name = fields.get("name", "")
        elif self.placemark:
            self._start_geometry(name, self.placemark)

    def _start_geometry(self, name: str, placemark: _Placemark) -> None:
        if name == "Polygon":
            self.in_polygon, self.in_hole = True, False
            placemark.polygons.append([])
        elif name in ("outerBoundaryIs", "innerBoundaryIs"):
            self.in_hole = name == "innerBoundaryIs"
        elif name in ("Point", *_LINES):
            self.geometry, self.track = name, []
        elif name == "Model":
            placemark.holds = name

    def end(self, name: str, parent: str, text: str) -> None:
        if not self.placemark:
            return
        if name == "Placemark":
            self._finish()
        elif name == "name":
            if parent == "Placemark":
                self.placemark.name = shortened(text)
        elif name == "coordinates":
            self._take(text)
        elif name == "coord":
            self.track.append(",".join(text.split()[:2]))
        elif name == "Track":
            self._take(" ".join(self.track))
        elif name == "Polygon":
            self.in_polygon = False
        elif name in ("SimpleData", "value") and len(self.placemark.fields) < _MAX_FIELDS:
            self.placemark.fields.setdefault(self.field_name, shortened(text))

    def broken(self, name: str, text: str) -> None:
        if self.placemark is None:
            return
        if self.in_polygon:
            self.placemark.polygons.clear()
            self.placemark.lost_area = "is cut off"
        elif name == "coordinates" and self.geometry != "Point":
            self._take(text if text[-1:].isspace() else _without_last(text))
        elif self.track:
            self._take(" ".join(self.track))
        self._finish()
        self.in_polygon = False

    @property
    def where(self) -> str:
        """The Placemark, for messages."""
        name = self.placemark.name if self.placemark else ""
        return labelled("Placemark", self.number, name)

    def _take(self, text: str) -> None:
        """Take the coordinates of the geometry that is open."""
        assert self.placemark is not None  # noqa: S101 - nothing is taken outside of one
        self.track = []
        lonlat, problem = _coordinates(text)
        if self.in_polygon and (problem or off_earth(lonlat).any()):
            bad = problem or position_problem(*lonlat[off_earth(lonlat)][0].tolist())
            self.placemark.lost_area = self.placemark.lost_area or bad
        elif self.in_polygon:
            self._take_ring(lonlat, self.placemark)
        else:
            if problem:
                self.placemark.is_noted = True
                self.draft.note(self.where, f"{problem}; left out")
            if len(lonlat):
                is_point = self.geometry == "Point"
                (self.placemark.points if is_point else self.placemark.lines).append(lonlat)

    def _take_ring(self, ring: FloatArray, placemark: _Placemark) -> None:
        if not len(ring) or (self.in_hole and not placemark.polygons[-1]):
            placemark.lost_area = placemark.lost_area or "has a ring without coordinates"
        elif not self.in_hole and placemark.polygons[-1]:
            placemark.polygons.append([ring])
        else:
            placemark.polygons[-1].append(ring)

    def _finish(self) -> None:
        """Hand on what the Placemark holds."""
        placemark, where = self.placemark, self.where
        self.placemark = None
        if placemark is None:
            return
        texts = texts_of({"name": placemark.name, **placemark.fields}, None, self.number)
        known = placemark.name or (texts["name"] if placemark.fields else "")
        name = "" if known == f"volume {self.number}" else known
        for lonlat in placemark.points:
            self.draft.add_place(where, name, *lonlat[0].tolist())
        for number, lonlat in enumerate(placemark.lines, 1):
            part = f", part {number}" if len(placemark.lines) > 1 else ""
            line_name = name or f"Placemark {self.number}"
            self.draft.add_line(where + part, line_name + part, lonlat)
        self._finish_area(placemark, where, texts)
        found = placemark.points or placemark.lines or placemark.polygons or placemark.lost_area
        if not found and not placemark.is_noted:
            what = f"{placemark.holds} is" if placemark.holds else "has"
            self.draft.note(where, f"{what} no point, line or area")

    def _finish_area(self, placemark: _Placemark, where: str, texts: dict[str, str]) -> None:
        polygons = [rings for rings in placemark.polygons if rings]
        if not placemark.lost_area and not polygons:
            if placemark.polygons:
                placemark.lost_area = "has a ring without coordinates"
            else:
                return
        if placemark.lost_area:
            self.draft.lose_area(f"{where}: {placemark.lost_area}")
        else:
            self.draft.add_area(Outline(where, self.number, texts, polygons))


def _coordinates(text: str) -> tuple[FloatArray, str]:
    """Read `lon,lat` or `lon,lat,height` one after the other; tell what can't be read."""
    found, first, bad_count, count, at = [np.empty((0, 2))], "", 0, 0, 0
    if _LOOSE.search(text):
        text = _tightened(text)
    while at < len(text):
        end = _next_blank(text, at + _PIECE)
        tokens = text[at:end].split()
        lonlat, bad = _pairs(tokens)
        found.append(lonlat)
        if bad and not first:
            first = f"coordinate {count + bad[0] + 1} {quoted(tokens[bad[0]])} is no lon,lat"
        bad_count += len(bad)
        count += len(tokens)
        at = end
        if count > MAX_POINTS:
            return found[0], f"has more than {MAX_POINTS:,} coordinates"
    more = f" (and {bad_count - 1:,} more)" if bad_count > 1 else ""
    return np.concatenate(found), first + more


def _without_last(text: str) -> str:
    """Leave the last coordinate out, which may be cut in the middle of a number."""
    before, *last = text.rsplit(None, 1) or [""]
    return before if last else ""


def _tightened(text: str) -> str:
    """Take blanks at commas away: between coordinates commas go, within them blanks do."""
    start = text[:_PIECE].split()[:-1] or text.split()
    if all("," in token.strip(",") for token in start):
        return _COMMA_BETWEEN.sub(" ", text)
    return _LOOSE.sub(",", text)


def _next_blank(text: str, at: int) -> int:
    while at < len(text) and not text[at].isspace():
        at += 1
    return min(at, len(text))


def _pairs(tokens: list[str]) -> tuple[FloatArray, list[int]]:
    """Turn tokens into lon/lat (n, 2), and give the numbers of those that can't be."""
    parts = [token.split(",") for token in tokens]
    try:
        values = [(float(part[0]), float(part[1])) for part in parts]
        return np.array(values, dtype=float).reshape(-1, 2), []
    except (ValueError, IndexError):
        pass
    good, bad = [], []
    for number, part in enumerate(parts):
        try:
            good.append((float(part[0]), float(part[1])))
        except (ValueError, IndexError):
            bad.append(number)
    return np.array(good, dtype=float).reshape(-1, 2), bad
