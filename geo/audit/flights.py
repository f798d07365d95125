"""Make flights of the rows of a part, and say which rows make none."""

import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.audit.model import GAP_S, Flights, Form, Refusal
from geo.audit.points import Find, Points, is_none, read_degrees, read_places, read_seconds
from geo.audit.separate import owners, separate
from geo.errors import GeoError
from geo.geodesy import GEOD, Lines
from geo.model import BoolArray, FloatArray, IntArray, Route
from geo.pathspec import parse_paths
from geo.text import quoted

# A day of positions, one a second.
MAX_POSITIONS = 100_000
_FORMULA = re.compile(r"([;|\t\r\n])(?=[\s\"']*[=+@\-＝＋－＠])")


def read_flights(form: Form, rows: pa.Table, find: Find, gap_s: float | None = GAP_S) -> Flights:
    """Read the rows of one part; `find` looks up what isn't a coordinate.

    Tracks may be cut where they have no position for longer than `gap_s`; None for never.
    """
    if form == "pairs":
        return _read_pairs(rows, find)
    return _read_paths(rows, find) if form == "paths" else _read_tracks(rows, gap_s)


def _unread(rows: pa.Table) -> dict[int, str]:
    """Give the problems of rows that couldn't be read at all."""
    if "problem" not in rows.schema.names:
        return {}
    texts = _column(rows, "problem")
    return {at: texts[at].as_py() for at in np.flatnonzero(texts.is_valid()).tolist()}


def _read_pairs(rows: pa.Table, find: Find) -> Flights:
    start, end = _end(rows, "from", find), _end(rows, "to", find)
    problems = {**end.problems, **start.problems, **_unread(rows)}
    good = _all_but(problems, len(rows))
    lines = Lines.between(start.lonlat[good], end.lonlat[good]) if good.any() else None
    return _flights(rows, good, lines, problems)


def _end(rows: pa.Table, side: str, find: Find) -> Points:
    """Read an end by its position; where that is blank, by what names it."""
    if f"{side}_lon" not in rows.schema.names:
        return read_places(_column(rows, side), find, side)
    lon, lat = _column(rows, f"{side}_lon"), _column(rows, f"{side}_lat")
    points = read_degrees(lon, lat, side)
    if side in rows.schema.names:
        texts = _column(rows, side)
        at = np.flatnonzero(is_none(lon) & is_none(lat) & ~is_none(texts))
        named = read_places(texts.take(pa.array(at)), find, side)
        points.lonlat[at] = named.lonlat
        for row in at.tolist():
            del points.problems[row]
        points.problems |= {int(at[row]): problem for row, problem in named.problems.items()}
    return points


def _read_paths(rows: pa.Table, find: Find) -> Flights:
    known: dict[str, Route | str] = {}
    routes, problems = [], _unread(rows)
    for row, text in enumerate(_column(rows, "path").fill_null("").to_pylist()):
        if row in problems:
            continue
        if text not in known:
            known[text] = _route(text, find)
        route = known[text]
        if isinstance(route, str):
            problems[row] = route
        else:
            routes.append(route)
    good = _all_but(problems, len(rows))
    return _flights(rows, good, Lines.of(routes) if routes else None, problems)


def _route(text: str, find: Find) -> Route | str:
    """Read a path, or say why it is none."""
    try:
        routes = parse_paths(text, find)
    except GeoError as error:
        return f"path: {error}"
    if len(routes) > 1:
        return f"path: {quoted(text)} makes {len(routes)} routes; a row holds one"
    return routes[0]


def _read_tracks(rows: pa.Table, gap_s: float | None) -> Flights:
    """Join the positions of each flight in the order of their times."""
    points = read_degrees(_column(rows, "lon"), _column(rows, "lat"))
    at_s, problems = _times(rows, {**points.problems, **_unread(rows)})
    for row in np.flatnonzero(pc.equal(owners(rows), "")).tolist():
        problems.setdefault(row, "the flight's id is blank")
    good = np.flatnonzero(_all_but(problems, len(rows)))
    lonlat = points.lonlat[good]
    tracks = separate(rows.take(pa.array(good)), lonlat, at_s[good], gap_s)
    flight, order, first = tracks.flight, tracks.order, good[tracks.first]
    count = np.bincount(flight, minlength=len(first))
    fits = (count > 1) & (count <= MAX_POSITIONS)
    for number in np.flatnonzero(~fits).tolist():
        misfit = _misfit(int(count[number]), is_cut=bool(tracks.is_cut[number]))
        name = quoted(tracks.name[number].as_py())
        problems[int(first[number])] = f"flight {name} has {misfit}"
    kept = order[fits[flight[order]]]
    lines = _track_lines(lonlat[kept], (np.cumsum(fits) - 1)[flight[kept]])
    flights = _flights(rows, first[fits], lines, problems)
    names = tracks.name.filter(pa.array(fits))
    untimed = 0 if "time" in rows.schema.names else len(names)
    return replace(flights, id=names, is_flown=True, gaps=tracks.gaps, untimed=untimed)


def _times(rows: pa.Table, wrong: Mapping[int, str]) -> tuple[FloatArray, dict[int, str]]:
    """Read the seconds of positions, (n,); without a column of them their order tells."""
    problems = dict(wrong)
    if "time" not in rows.schema.names:
        return np.zeros(len(rows)), problems
    times = _column(rows, "time")
    at_s, unread = read_seconds(times)
    blank = is_none(times)
    for row in np.flatnonzero(unread).tolist():
        value = times[row].as_py()
        told = "is blank" if blank[row] else f"{quoted(str(value))} is no time"
        problems.setdefault(row, f"time {told}")
    return at_s, problems


def _track_lines(lonlat: FloatArray, flight: IntArray) -> Lines | None:
    """Join positions (n, 2) to the next of the same flight, (n,), numbered from 0."""
    if not len(flight):
        return None
    begins = np.flatnonzero(flight[1:] == flight[:-1])
    starts, ends, route = lonlat[begins], lonlat[begins + 1], flight[begins]
    azimuth_deg, _, length_m = GEOD.inv(*starts.T, *ends.T)
    # Flight by flight, so that a flight's metres are the same whatever it is read with.
    flights = np.split(length_m, np.flatnonzero(np.diff(route)) + 1)
    begins_m = [np.cumsum([0.0, *lengths_m[:-1]]) for lengths_m in flights]
    return Lines(starts, ends, azimuth_deg, length_m, route, np.concatenate(begins_m))


def _misfit(count: int, *, is_cut: bool) -> str:
    if count < 2:
        return f"a single position{' between gaps in time' if is_cut else ''}"
    return f"{count:,} positions; at most {MAX_POSITIONS:,} make one"


def _flights(
    rows: pa.Table, kept: BoolArray | IntArray, lines: Lines | None, problems: Mapping[int, str]
) -> Flights:
    number = _column(rows, "row").to_numpy()
    refused = tuple(Refusal(int(number[at]), _guarded(problems[at])) for at in sorted(problems))
    none = pa.nulls(len(rows), pa.string())
    names = _column(rows, "id") if "id" in rows.schema.names else none
    kept = np.flatnonzero(kept) if kept.dtype == np.bool_ else kept
    names = pc.utf8_trim_whitespace(names.take(pa.array(kept)))
    return Flights(number[kept], names, lines, refused)


def _guarded(reason: str) -> str:
    """Keep a spreadsheet that cuts at semicolons from taking a piece of a reason for a formula."""
    return _FORMULA.sub("\\1'", reason)


def _column(rows: pa.Table, name: str) -> pa.Array:
    """Take a column in one piece."""
    column = rows[name].combine_chunks()
    return column.chunk(0) if isinstance(column, pa.ChunkedArray) else column


def _all_but(problems: Mapping[int, str], count: int) -> BoolArray:
    good = np.ones(count, dtype=bool)
    good[list(problems)] = False
    return good
