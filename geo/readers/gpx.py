"""Read GPX 1.0 and 1.1: way-points, routes and tracks."""

from array import array
from dataclasses import dataclass, field

import numpy as np

from geo.model import FloatArray
from geo.outline import shortened
from geo.readers.draft import Draft, labelled
from geo.readers.positions import position_problem
from geo.readers.xml import read_xml
from geo.text import quoted

_POINTS = {"wpt": "way-point", "rtept": "route point", "trkpt": "track point"}
_LINES = {"rte": "route", "trk": "track"}


def read_gpx(data: bytes, draft: Draft) -> None:
    """Read a file's way-points as places, its routes and each segment of its tracks as routes.

    Raises OpenError; see `geo.readers.xml`.
    """
    read_xml(data, _Reader(draft), draft)


@dataclass(slots=True)
class _Reader:
    """The point and the line that are being read."""

    draft: Draft
    texts: frozenset[str] = frozenset(("name",))
    features: frozenset[str] = frozenset(("wpt", "rte", "trk", "trkseg", "rtept", "trkpt"))
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys((*_POINTS, *_LINES), 0))
    name: str = ""
    segments: "list[array[float]]" = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    open_line: str = ""
    open_point: str = ""
    place: tuple[float, float] = (0.0, 0.0)
    place_name: str = ""

    def start(self, name: str, parent: str, fields: dict[str, str], line: int) -> None:
        if name in _POINTS:
            self._begin_point(name, fields, line)
        elif name in _LINES:
            self._begin_line(name)
        elif name == "trkseg":
            if not self.open_line:
                self._begin_line("trk")
            self.segments.append(array("d"))

    def end(self, name: str, parent: str, text: str) -> None:
        if name == "name":
            self._take_name(parent, shortened(text))
        elif name in _POINTS:
            self._end_point(name)
        elif name in _LINES:
            self._end_line()

    def broken(self, name: str, text: str) -> None:
        self._end_point(self.open_point)
        self._end_line()

    def _begin_line(self, kind: str) -> None:
        self.counts[kind] += 1
        self.open_line, self.name, self.names = kind, "", []
        self.segments = [array("d")] if kind == "rte" else []

    def _begin_point(self, kind: str, fields: dict[str, str], line: int) -> None:
        self.counts[kind] += 1
        try:
            lat_text, lon_text = fields["lat"], fields["lon"]
            lat, lon = _degrees(lat_text), _degrees(lon_text)
            problem = position_problem(lon, lat)
        except KeyError as error:
            problem = f"has no {error.args[0]}"
        except ValueError:
            problem = f"lat {quoted(lat_text)}, lon {quoted(lon_text)} are no numbers"
        if problem:
            self.draft.note(f"line {line}", f"{_POINTS[kind]}: {problem}; left out")
            return
        self.open_point = kind
        if kind == "wpt":
            self.place, self.place_name = (lon, lat), ""
            return
        if not self.open_line:  # after damage, a line goes on without its beginning
            self._begin_line("rte" if kind == "rtept" else "trk")
        if not self.segments:
            self.segments.append(array("d"))
        self.segments[-1].extend((lon, lat))
        self.names += [""] if kind == "rtept" else []

    def _take_name(self, parent: str, name: str) -> None:
        if parent in _LINES:
            self.name = name
        elif parent == self.open_point == "wpt":
            self.place_name = name
        elif parent == self.open_point == "rtept" and self.names:
            self.names[-1] = name

    def _end_point(self, kind: str) -> None:
        if kind == "wpt" and self.open_point == "wpt":
            where = labelled("way-point", self.counts["wpt"], self.place_name)
            self.draft.add_place(where, self.place_name, *self.place)
        self.open_point = ""

    def _end_line(self) -> None:
        kind, self.open_line = self.open_line, ""
        if not kind:
            return
        where = labelled(_LINES[kind], self.counts[kind], self.name)
        name = self.name or f"{_LINES[kind].capitalize()} {self.counts[kind]}"
        parts = [part for part in self.segments if part]
        if not parts:
            self.draft.note(where, "has no points; left out")
        for number, part in enumerate(parts, 1):
            one = f", part {number}" if len(parts) > 1 else ""
            names = self.names if len(self.names) * 2 == len(part) else ()
            self.draft.add_line(where + one, name + one, _pairs(part), names)
        self.segments = []


def _degrees(text: str) -> float:
    return float(text.replace(",", ".") if text.count(",") == 1 else text)


def _pairs(numbers: "array[float]") -> FloatArray:
    return np.array(numbers, dtype=float).reshape(-1, 2)
