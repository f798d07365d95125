"""Read tables (CSV): routes by codes, names or coordinates, tracks, places, or WKT."""

import csv
import io
import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

import numpy as np
import shapely

from geo.errors import GeoError, OpenError, PlaceError
from geo.model import Place
from geo.outline import shortened
from geo.pathspec import parse_paths
from geo.readers.columns import Columns, End, named_columns
from geo.readers.draft import MAX_PLACES, MAX_ROUTES, Draft
from geo.readers.geometry import add_geometry
from geo.readers.guess import guessed_columns
from geo.readers.lookup import Lookup, position
from geo.readers.positions import place_at
from geo.text import quoted

_SAMPLE = 30
_DELIMITERS = ("\t", ";", "|", ",")
# A quote that stays open for more lines than these was never meant as one.
_LONGEST_QUOTE = 20
_MAX_CELLS = 1_000
_MAX_BAD = 20_000
_QUOTED = re.compile(r'"[^"]*"')
_VIA = re.compile(r"\s*[-/;,>|]\s*|\s+")
Row = tuple[int, list[str]]


def read_delimited(data: bytes, draft: Draft, lookup: Lookup) -> None:
    """Read a table in UTF-8, with a header or without one, split by commas, semicolons or tabs.

    A row is a route (from, to), a path (A-B-C), a place, a geometry in WKT, or a point of a track
    that other rows go on with. A row that can't be read is noted by its line. Raises OpenError
    where no columns can be made out.
    """
    lines = _lines(data)
    first = next(lines, (0, ""))
    told = re.fullmatch(r"\s*sep=(.)\s*", first[1])  # Excel's own first line
    sample = list(islice(lines, _SAMPLE)) if told else [first, *islice(lines, _SAMPLE - 1)]
    delimiter = told[1] if told else _delimiter([text for _, text in sample])
    rows = _rows(chain(sample, lines), delimiter, draft)
    head = list(islice(rows, _SAMPLE))
    if not head:
        return
    columns = named_columns(head[0][1])
    if columns is None:
        columns, how = guessed_columns([cells for _, cells in head], lookup)
        draft.note("", how)
    else:
        del head[0]
    table = _Table(draft, lookup, columns)
    for number, cells in chain(head, rows):
        if stop := table.take(number, cells):
            draft.note(f"line {number}", stop)
            break
    table.finish()


def _lines(data: bytes) -> Iterator[tuple[int, str]]:
    """List the lines with their numbers, without blank ones and remarks."""
    text = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", errors="replace")
    for number, line in enumerate(text, 1):
        if line.strip() and not line.startswith("#"):
            yield number, line


def _delimiter(lines: Sequence[str]) -> str:
    """Choose what splits most lines into the same number of cells, and into most."""

    def score(delimiter: str) -> float:
        counts = [line.count(delimiter) for line in lines]
        usual = max(set(counts), key=counts.count)
        return counts.count(usual) / len(counts) if usual else 0.0

    # In the order of the delimiters: where both split, the commas are those of decimals.
    best = max(_DELIMITERS, key=lambda each: (round(score(each), 1), -_DELIMITERS.index(each)))
    return best if score(best) else ","


def _rows(lines: Iterator[tuple[int, str]], delimiter: str, draft: Draft) -> Iterator[Row]:
    """Split lines into cells; where a quote goes on, take the next lines along."""
    width = 0
    for number, line in lines:
        group = [(number, line)]
        while _is_open("".join(text for _, text in group)) and len(group) <= _LONGEST_QUOTE:
            if (more := next(lines, None)) is None:
                break
            group.append(more)
        whole = "".join(text for _, text in group)
        rows = list(_cells(whole, number, delimiter, draft))
        width = width or len(rows[0][1]) if rows else width
        if len(group) > 1 and (_is_open(whole) or not rows or len(rows[0][1]) != width):
            # The quote was never meant as one: each line stands for itself.
            draft.note(f"line {number}", "a quote is not closed; it is taken for a letter")
            rows = [
                row for at, text in group for row in _cells(_unquoted(text), at, delimiter, draft)
            ]
        yield from rows


def _is_open(text: str) -> bool:
    return text.count('"') % 2 == 1


def _unquoted(text: str) -> str:
    return text.replace('"', "") if _is_open(text) else text


def _cells(text: str, number: int, delimiter: str, draft: Draft) -> Iterator[Row]:
    """Split a line, or a few; where that can't be, note why."""
    if _QUOTED.sub("", text).count(delimiter) > _MAX_CELLS:
        draft.note(f"line {number}", f"has more than {_MAX_CELLS:,} cells; left out")
        return
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield number, [cell.strip() for cell in cells]
            return
    except csv.Error as error:
        draft.note(f"line {number}", f"can't be read: {error}")


@dataclass(slots=True)
class _Table:
    """The rows taken so far, and the track that they make."""

    draft: Draft
    lookup: Lookup
    columns: Columns
    group: str | None = None
    first_line: int = 0
    track: "array[float]" = field(default_factory=lambda: array("d"))

    def take(self, number: int, cells: list[str]) -> str:
        """Take a row, or note why not; where reading ends here, tell why."""
        if self.columns.mode == "places" and self.draft.is_full_of_places:
            return f"more than {MAX_PLACES:,} places; those from here on are left out"
        if self.draft.is_full_of_routes:
            return f"more than {MAX_ROUTES:,} routes; those from here on are left out"
        if self.draft.note_count > _MAX_BAD:
            return f"more than {_MAX_BAD:,} lines can't be read; those from here on are left out"
        try:
            if any(cells):
                _TAKE[self.columns.mode](self, number, cells)
        except OpenError as error:
            return f"{error}; what follows is not read"
        except GeoError as error:
            self.draft.note(f"line {number}", str(error))
        return ""

    def finish(self) -> None:
        """End the track."""
        if self.track:
            name = self.group or "Track"
            where = f"line {self.first_line} {quoted(name)}"
            self.draft.add_line(where, name, np.array(self.track).reshape(-1, 2))
        self.track = array("d")

    def _take_route(self, number: int, cells: list[str]) -> None:
        columns = self.columns
        start, start_text = self._end(columns.start, cells)
        end, end_text = self._end(columns.end, cells)
        vias = self._vias(_cell(cells, columns.via))
        name = _cell(cells, columns.name) or "-".join([start_text, *vias, end_text])
        places = [start, *map(self.lookup.point, vias), end]
        self.draft.add_route(f"line {number} {quoted(name)}", name, places)

    def _vias(self, text: str) -> list[str]:
        """Split the places between; a cell that is one place as a whole isn't split."""
        if not text:
            return []
        try:
            self.lookup.point(text)
        except PlaceError:
            return [part for part in _VIA.split(text) if part]
        return [text]

    def _take_path(self, number: int, cells: list[str]) -> None:
        path, name = _cell(cells, self.columns.one), _cell(cells, self.columns.name)
        for route in parse_paths(path, self.lookup.point):
            self.draft.add_route(f"line {number} {quoted(path)}", name or route.name, route.places)

    def _take_wkt(self, number: int, cells: list[str]) -> None:
        text = _cell(cells, self.columns.one).rpartition("SRID=4326;")[2]
        with np.errstate(all="ignore"):  # numbers without end become infinite, and are refused
            geometry = shapely.from_wkt(text, on_invalid="ignore") if text else None
        name = _cell(cells, self.columns.name)
        if geometry is None or geometry.is_empty:
            raise PlaceError(f"{quoted(text)} is no geometry in WKT")
        where = f"line {number}"
        add_geometry(self.draft, where, {"name": name}, number, shapely.geometry.mapping(geometry))

    def _take_places(self, number: int, cells: list[str]) -> None:
        self.draft.take_place(self._point(cells))

    def _take_groups(self, number: int, cells: list[str]) -> None:
        place = self._point(cells)
        group = _cell(cells, self.columns.name)
        if self.group is not None and group != self.group:
            self.finish()
        if not self.track:
            self.first_line = number
        self.group = group
        self.track.extend((place.lon, place.lat))

    def _point(self, cells: list[str]) -> Place:
        columns = self.columns
        if columns.one is not None and not columns.start.has_position:
            place = self.lookup.point(_cell(cells, columns.one))
            name = _cell(cells, columns.name)
            return place_at(place.lon, place.lat, name) if name else place
        return self._end(columns.start, cells, _cell(cells, columns.name))[0]

    def _end(self, end: End, cells: list[str], name: str = "") -> tuple[Place, str]:
        """Read a point by its coordinate, or else by the first text that names a place.

        The text that named it is given too. Raises PlaceError.
        """
        texts = [text for text in (_cell(cells, column) for column in end.texts) if text]
        if end.has_position:
            lat, lon = _cell(cells, end.lat), _cell(cells, end.lon)
            if lat and lon:
                place = place_at(*position(lat, lon), name or next(iter(texts), ""))
                return place, place.name
            if not texts:
                raise PlaceError("has no latitude or no longitude")
        problem = PlaceError("has too few cells: a point is empty")
        for text in texts:
            try:
                return self.lookup.point(text), text
            except PlaceError as error:
                problem = error if text == texts[0] else problem
        raise problem


_TAKE = {
    "route": _Table._take_route,
    "path": _Table._take_path,
    "wkt": _Table._take_wkt,
    "places": _Table._take_places,
    "groups": _Table._take_groups,
}


def _cell(cells: Sequence[str], column: int | None) -> str:
    return shortened(cells[column]) if column is not None and column < len(cells) else ""
