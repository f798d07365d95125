"""Make flights of the rows of a part, and say which rows make none."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.audit.model import Flights, Form, Refusal
from geo.audit.points import Find, Points, read_degrees, read_places, read_seconds
from geo.errors import GeoError
from geo.geodesy import GEOD, Lines
from geo.model import BoolArray, FloatArray, IntArray, Route
from geo.pathspec import parse_paths
from geo.text import quoted

# A day of positions, one a second.
MAX_POSITIONS = 100_000


def read_flights(form: Form, rows: pa.Table, find: Find) -> Flights:
    """Read the rows of one part; `find` looks up what isn't a coordinate."""
    if form == "pairs":
        return _read_pairs(rows, find)
    return _read_paths(rows, find) if form == "paths" else _read_tracks(rows)


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
    if side in rows.schema.names:
        return read_places(_column(rows, side), find, side)
    return read_degrees(_column(rows, f"{side}_lon"), _column(rows, f"{side}_lat"), side)


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


def _read_tracks(rows: pa.Table) -> Flights:
    """Join the positions of each flight in the order of their times."""
    points = read_degrees(_column(rows, "lon"), _column(rows, "lat"))
    at_s, problems = _times(rows, {**points.problems, **_unread(rows)})
    names = _column(rows, "id").fill_null("")
    for row in np.flatnonzero(pc.equal(pc.utf8_trim_whitespace(names), "")).tolist():
        problems.setdefault(row, "the flight's id is blank")
    good = np.flatnonzero(_all_but(problems, len(rows)))
    # Numbered by the flights' first positions, so that they stay in the order of the input.
    encoded = names.take(pa.array(good)).dictionary_encode()
    flight = encoded.indices.to_numpy(zero_copy_only=False)
    order = np.lexsort([at_s[good], flight])
    count = np.bincount(flight, minlength=len(encoded.dictionary))
    fits = (count > 1) & (count <= MAX_POSITIONS)
    first = good[np.unique(flight, return_index=True)[1]]
    for number in np.flatnonzero(~fits).tolist():
        name = quoted(encoded.dictionary[number].as_py())
        problems[int(first[number])] = f"flight {name} has {_misfit(int(count[number]))}"
    kept = order[fits[flight[order]]]
    lines = _track_lines(points.lonlat[good[kept]], (np.cumsum(fits) - 1)[flight[kept]])
    return _flights(rows, first[fits], lines, problems, is_flown=True)


def _times(rows: pa.Table, wrong: Mapping[int, str]) -> tuple[FloatArray, dict[int, str]]:
    """Read the seconds of positions, (n,); without a column of them their order tells."""
    problems = dict(wrong)
    if "time" not in rows.schema.names:
        return np.zeros(len(rows)), problems
    times = _column(rows, "time")
    at_s, unread = read_seconds(times)
    for row in np.flatnonzero(unread).tolist():
        value = times[row].as_py()
        told = "is blank" if value in (None, "") else f"{quoted(str(value))} is no time"
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


def _misfit(count: int) -> str:
    if count < 2:
        return "a single position"
    return f"{count:,} positions; at most {MAX_POSITIONS:,} make one"


def _flights(
    rows: pa.Table,
    kept: BoolArray | IntArray,
    lines: Lines | None,
    problems: Mapping[int, str],
    *,
    is_flown: bool = False,
) -> Flights:
    number = _column(rows, "row").to_numpy()
    refused = tuple(Refusal(int(number[at]), problems[at]) for at in sorted(problems))
    none = pa.nulls(len(rows), pa.string())
    names = _column(rows, "id") if "id" in rows.schema.names else none
    kept = np.flatnonzero(kept) if kept.dtype == np.bool_ else kept
    return Flights(number[kept], names.take(pa.array(kept)), lines, refused, is_flown)


def _column(rows: pa.Table, name: str) -> pa.Array:
    """Take a column in one piece."""
    column = rows[name].combine_chunks()
    return column.chunk(0) if isinstance(column, pa.ChunkedArray) else column


def _all_but(problems: Mapping[int, str], count: int) -> BoolArray:
    good = np.ones(count, dtype=bool)
    good[list(problems)] = False
    return good
