"""Read a typed range ring: a distance or an aircraft's name, `@`, and a place.

Such as `500 nmi@OSLK`, `3,000 miles@hmeymim`, `Su-24M@domna`. Miles are statute miles unless they
are called nautical; an aircraft stands for the lowest and the highest published range.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from geo.aircraft import AircraftType, Fleet
from geo.circles import MAX_RADIUS_M
from geo.errors import PathError
from geo.model import Place
from geo.pathspec import parse_point
from geo.phrases import listed
from geo.text import quoted
from geo.units import UNIT_WORDS, Unit

MAX_LENGTH = 200
_DISTANCE = re.compile(r"([0-9][0-9, ]{0,12}(?:\.[0-9]{1,6})?) ?([a-z ]{1,20})", re.IGNORECASE)
_EXAMPLE = 'write it like "500 nmi@OSLK" or "Su-24M@domna"'


@dataclass(frozen=True, slots=True)
class RingSpec:
    """All points `low_m` from a place, and with an aircraft all those `high_m` from it too."""

    place: Place
    low_m: float
    high_m: float
    aircraft: AircraftType | None = None


def is_ring(text: str) -> bool:
    """Tell a ring from a path."""
    return "@" in text


def parse_ring(text: str, find: Callable[[str], Place], fleet: Fleet) -> RingSpec:
    """Read a ring; `find` looks up what isn't a coordinate.

    Raises PathError for what is no ring, and PlaceError for a place that isn't known.
    """
    if len(text) > MAX_LENGTH:
        raise PathError(f"the ring has {len(text):,} characters; at most {MAX_LENGTH} are read")
    if len(apart := split_rings(text, fleet)) > 1:
        each = listed([quoted(part) for part in apart])
        raise PathError(f"one ring at a time: type {each} one after the other")
    what, _, where = (part.strip() for part in text.partition("@"))
    if "@" in where:
        raise PathError(f"a ring has one @, and here is another: {quoted(where)}")
    aircraft = _aircraft(what, fleet)
    if aircraft is not None:
        limits = aircraft.range_limits
        if limits is None:
            raise PathError(f"no range was published of {aircraft.name}")
        low_m, high_m = (figure.range_km * 1000 for figure in limits)
    else:
        low_m = high_m = _metres(what)
    return RingSpec(parse_point(where, find), low_m, high_m, aircraft)


def split_rings(text: str, fleet: Fleet) -> tuple[str, ...]:
    """Part rings that were typed in a row, and a path before them; a single ring is left whole.

    A new one begins after a comma where a distance or an aircraft's name does, up to the next `@`.
    """
    starts = [0]
    for comma in re.finditer(",", text):
        start, mark = starts[-1], text.find("@", comma.end())
        inside = "@" not in text[start : comma.start()] and _is_what(text[start:mark], fleet)
        if mark >= 0 and not inside and _is_what(text[comma.end() : mark], fleet):
            starts.append(comma.end())
    ends = [*(start - 1 for start in starts[1:]), len(text)]
    parts = (text[start:end].strip() for start, end in zip(starts, ends, strict=True))
    return tuple(part for part in parts if part)


def _is_what(text: str, fleet: Fleet) -> bool:
    """Tell whether a text has the form of a distance, or is an aircraft's name."""
    return _aircraft(text.strip(), fleet) is not None or _distance(text) is not None


def _distance(text: str) -> tuple[str, Unit] | None:
    """Part a distance into its amount, as typed, and its unit."""
    match = _DISTANCE.fullmatch(" ".join(text.split()))
    unit = UNIT_WORDS.get(match[2].strip().casefold()) if match else None
    return (match[1], unit) if match and unit else None


def _aircraft(text: str, fleet: Fleet) -> AircraftType | None:
    wanted = text.casefold()
    named = (each for each in fleet.types.values() if each.name.casefold() == wanted)
    return next(named, None)


def _metres(text: str) -> float:
    distance = _distance(text)
    if distance is None:
        raise PathError(f"can't read {quoted(text)} as a distance or an aircraft; {_EXAMPLE}")
    amount, unit = distance
    metres = float(amount.replace(",", "").replace(" ", "")) * unit.metres
    if not 0 < metres <= MAX_RADIUS_M:
        most = f"{MAX_RADIUS_M / 1000:,.0f} km"
        raise PathError(f"a ring of {quoted(text)} isn't one on earth: it has up to {most}")
    return metres
