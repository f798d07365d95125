"""Read columns of degrees, of place names and of times, and say which rows can't be read."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.errors import GeoError
from geo.geodesy import wrapped
from geo.model import BoolArray, FloatArray, Place
from geo.readers.lookup import position
from geo.readers.positions import off_earth, position_problem
from geo.text import quoted

_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$"
_LONGEST = 200
_DAY_FIRST = re.compile(r"[0-9]{2}-[0-9]{2}-[0-9]{4}")
# As programs write what isn't there.
_NONE = frozenset({"", "nan", "null", "none", "na", "n/a"})
# Numbers from here on are seconds since 1970 no more but milli-, micro- and nanoseconds.
_FINER_FROM = 1e11, 1e14, 1e17
Find = Callable[[str], Place]


@dataclass(slots=True)
class Points:
    """Points (n, 2) lon/lat, and what is wrong with those that can't be read, by their number."""

    lonlat: FloatArray
    problems: dict[int, str] = field(default_factory=dict)


def read_degrees(lon: pa.Array, lat: pa.Array, what: str = "") -> Points:
    """Take longitudes and latitudes as numbers, or as texts in any form the readers take.

    `what` stands before what is told of a problem.
    """
    lonlat = np.column_stack([_floats(lon), _floats(lat)])
    points = Points(lonlat)
    if pa.types.is_string(lon.type) or pa.types.is_string(lat.type):
        for row in np.flatnonzero(np.isnan(lonlat).any(axis=1)).tolist():
            _read_one(points, row, _text(lon, row), _text(lat, row), what)
    off = off_earth(lonlat)
    off[list(points.problems)] = False
    for row in np.flatnonzero(off).tolist():
        missing = np.isnan(lonlat[row]).any()
        problem = "a position is missing" if missing else position_problem(*lonlat[row].tolist())
        points.problems[row] = _told(what, problem)
    lonlat[list(points.problems)] = np.nan
    lonlat[:, 0] = wrapped(lonlat[:, 0])
    return points


def is_none(texts: pa.Array) -> BoolArray:
    """Mark what is blank, null or written as none, in a column of texts or of numbers (n,)."""
    if not pa.types.is_string(texts.type):
        return np.isnan(_floats(texts))
    plain = pc.utf8_lower(pc.utf8_trim_whitespace(texts.fill_null("")))
    none: BoolArray = pc.is_in(plain, pa.array(sorted(_NONE))).to_numpy(zero_copy_only=False)
    return none


def trimmed(texts: pa.Array) -> pa.Array:
    """Take texts without the blanks around them; what is null is blank."""
    return pc.utf8_trim_whitespace(texts.fill_null(""))


def read_places(texts: pa.Array, find: Find, what: str) -> Points:
    """Look up codes, names and coordinates, each text once."""
    encoded = texts.fill_null("").dictionary_encode()
    number = encoded.indices.to_numpy(zero_copy_only=False)
    known = np.full((len(encoded.dictionary), 2), np.nan)
    problems: dict[int, str] = {}
    for at, text in enumerate(encoded.dictionary.to_pylist()):
        try:
            place = find(checked(text))
            known[at] = place.lon, place.lat
        except GeoError as error:
            problems[at] = _told(what, str(error))
    bad = np.isin(number, list(problems))
    return Points(
        known[number], {row: problems[number[row]] for row in np.flatnonzero(bad).tolist()}
    )


def read_seconds(times: pa.Array) -> tuple[FloatArray, BoolArray]:
    """Take times as numbers or in ISO 8601, as seconds (n,); marks those that can't be read.

    The day may come first, as in EUROCONTROL's 31-12-2022.
    Numbers are seconds, or if they are too large, milli-, micro- or nanoseconds since 1970.
    """
    seconds = _floats(times)
    seconds /= 1e3 ** np.searchsorted(_FINER_FROM, np.abs(seconds), side="right")
    unread = np.flatnonzero(np.isnan(seconds)).tolist()
    for row in unread:
        text = _text(times, row)
        with suppress(ValueError):
            moment = _moment(text.strip().removesuffix(" UTC"))
            seconds[row] = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    return seconds, ~np.isfinite(seconds)


def _moment(text: str) -> datetime:
    """Read a time in ISO 8601, or with the day first. Raises ValueError."""
    if _DAY_FIRST.match(text):
        text = "-".join(reversed(text[:10].split("-"))) + text[10:]
    return datetime.fromisoformat(text)


def checked(text: str) -> str:
    """Refuse a text that can't name a place. Raises GeoError."""
    if not text.strip():
        raise GeoError("is blank")
    if len(text) > _LONGEST:
        raise GeoError(f"{quoted(text)} has {len(text):,} characters; at most {_LONGEST} are read")
    return text


def _read_one(points: Points, row: int, lon: str, lat: str, what: str) -> None:
    """Read degrees with a comma, with minutes or with hemispheres."""
    try:
        for name, text in (("longitude", lon), ("latitude", lat)):
            if text.strip().lower() in _NONE:
                raise GeoError(f"{name} is blank")
        points.lonlat[row] = position(checked(lat), checked(lon))
    except GeoError as error:
        points.lonlat[row] = np.nan
        points.problems[row] = _told(what, str(error))


def _floats(column: pa.Array) -> FloatArray:
    """Take what is a plain number; all else is NaN."""
    if pa.types.is_string(column.type):
        trimmed = pc.utf8_trim_whitespace(column)
        plain = pc.match_substring_regex(trimmed, _NUMBER)
        column = pc.if_else(plain, trimmed, pa.scalar(None, pa.string())).cast(pa.float64())
    floats: FloatArray = column.fill_null(np.nan).to_numpy(zero_copy_only=False)
    return np.array(floats, dtype=np.float64)


def _text(column: pa.Array, row: int) -> str:
    value = column[row].as_py()
    return "" if value is None else str(value)


def _told(what: str, problem: str) -> str:
    return f"{what}: {problem}" if what else problem
