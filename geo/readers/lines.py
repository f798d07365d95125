"""Thin the lines of a file where they are long, and make routes of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from geo.geodesy import GEOD
from geo.model import FloatArray, Leg, Place, Route
from geo.outline import shortened
from geo.readers.positions import place_at
from geo.readers.thinning import thinned

MAX_LEGS = 100_000
MAX_TRACK_LEGS = 10_000
# A line of more vertices is taken for a track, and thinned.
LONGEST_AS_IT_IS = 500
# The first is about what the accuracy of satellite navigation is, and a chord's; the others are
# for what would make more legs than fit.
TOLERANCES_M = (10.0, 40.0, 160.0, 640.0)


@dataclass(frozen=True, slots=True)
class Line:
    """A line's vertices (n, 2) in lon/lat, and their places where these have names."""

    where: str
    name: str
    lonlat: FloatArray
    places: tuple[Place, ...] = ()


def make_routes(lines: Sequence[Line]) -> tuple[Route, ...]:
    """Join the places of each line, all at once; the same as `geo.geodesy.make_route` gives."""
    if not lines:
        return ()
    starts = np.concatenate([line.lonlat[:-1] for line in lines])
    ends = np.concatenate([line.lonlat[1:] for line in lines])
    azimuth, back_azimuth, length_m = GEOD.inv(*starts.T, *ends.T)
    columns = zip(
        length_m.tolist(), (azimuth % 360).tolist(), ((back_azimuth + 180) % 360).tolist(),
        strict=True,
    )  # fmt: skip
    routes: list[Route] = []
    for line, name in zip(lines, _different([line.name for line in lines]), strict=True):
        places = line.places or tuple(place_at(lon, lat) for lon, lat in line.lonlat.tolist())
        legs = tuple(Leg(start, end, *next(columns)) for start, end in pairwise(places))
        routes.append(Route(name, legs))
    return tuple(routes)


def fitting(lines: Sequence[Line], note: Callable[[str, str], None]) -> list[Line]:
    """Thin the tracks as little as fits; leave out, and note, what doesn't fit at all."""
    kept, legs = [], 0
    for line in lines:
        thin, tolerance_m = _thinned(line, min(MAX_TRACK_LEGS, MAX_LEGS - legs))
        if thin is None:
            count = f"{len(line.lonlat):,} points, too many after thinning to {tolerance_m:g} m too"
            note(line.where, f"{count}; left out")
            continue
        legs += len(thin.lonlat) - 1
        kept.append(thin)
        if tolerance_m:
            counts = f"{len(line.lonlat):,} points thinned to {len(thin.lonlat):,}"
            lengths = f"{_length_km(thin):,.1f} km of {_length_km(line):,.1f} km"
            note(line.where, f"{counts}, within {tolerance_m:g} m; {lengths}")
    return kept


def _thinned(line: Line, max_legs: int) -> tuple[Line | None, float]:
    """Thin a track until it fits, with the metres taken; None where it doesn't."""
    if len(line.lonlat) <= min(LONGEST_AS_IT_IS, max_legs):
        return line, 0.0
    first, *others, last = TOLERANCES_M
    for tolerance_m in (first, last, *others):
        rows = thinned(line.lonlat, tolerance_m)
        fits = len(rows) - 1 <= max_legs
        if fits and (tolerance_m != last or not others):
            return Line(line.where, line.name, line.lonlat[rows]), tolerance_m
        if not fits and tolerance_m == last:
            return None, last
    return Line(line.where, line.name, line.lonlat[thinned(line.lonlat, last)]), last


def _length_km(line: Line) -> float:
    return float(GEOD.line_length(*line.lonlat.T)) / 1000


def _different(names: Sequence[str]) -> list[str]:
    """Number the names that stand there before."""
    taken: set[str] = set()
    counts: dict[str, int] = {}
    found = []
    for each in map(shortened, names):
        name, count = each, counts.get(each, 1)
        while name in taken:
            count += 1
            name = f"{each} ({count})"
        counts[each] = count
        taken.add(name)
        found.append(name)
    return found
