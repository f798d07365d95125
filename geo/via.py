"""Find the shortest open way that passes given points or countries, in their order."""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise

import numpy as np

from geo.airspace import Airspace
from geo.corridor import Ground, Router, Way, joined_ways
from geo.errors import NoWayError
from geo.geodesy import GEOD
from geo.grid import numbers
from geo.model import FloatArray, Place
from geo.search import lengths_m

# So far inside its border a way must come to be said to pass a country.
INSIDE_M = 1_000.0
# Places on a border are tried so far apart or farther, then nearer and nearer around the best.
_APART_M = 10_000.0
_MOST_PLACES = 24
_FIRST_STEP_M, _LAST_STEP_M, _FINER = 50_000.0, 200.0, 4
_STEPS_AROUND = 4
_DEGREE_M = 111_000.0


@dataclass(frozen=True, slots=True)
class Country:
    """A state, by its A3 code, whose airspace a way is to pass."""

    code: str


Stop = Place | Country


def find_via(
    ground: Ground, router: Router, start: Place, stops: Sequence[Stop], end: Place
) -> Way:
    """Find the shortest way over the stops in their order.

    Where the shortest way to the next point doesn't pass the countries before it by itself, it is
    led 1 km into each; where along its border, is tried at 24 places or fewer, and settled to 200 m
    around the best. Raises NoWayError, where there is no way, or a country isn't open or isn't
    there.
    """
    ways: list[Way] = []
    countries: list[Country] = []
    for stop in [*stops, end]:
        if isinstance(stop, Country):
            countries.append(stop)
            continue
        ways.append(_over(ground, router, start, countries, stop))
        start, countries = stop, []
    return joined_ways(ways)


def _over(
    ground: Ground, router: Router, start: Place, countries: Sequence[Country], end: Place
) -> Way:
    """Find the shortest way between two places over countries."""
    borders = [_border(ground.airspace, router, country) for country in countries]
    way = router.find(start, end)
    if _passes(ground.airspace, way, countries):
        return way
    choices = [
        _spread(ground.airspace, country, border)
        for country, border in zip(countries, borders, strict=True)
    ]
    places = _best(router, [[start], *choices, [end]])
    step_m = _FIRST_STEP_M
    while step_m > _LAST_STEP_M:
        choices = [
            [place, *_around(ground.airspace, country, border, place, step_m)]
            for country, border, place in zip(countries, borders, places[1:-1], strict=True)
        ]
        places = _best(router, [[start], *choices, [end]])
        step_m /= _FINER
    return joined_ways([router.find(one, other) for one, other in pairwise(places)])


def _passes(airspace: Airspace, way: Way, countries: Sequence[Country]) -> bool:
    """Tell whether a way passes countries in their order."""
    (crossings,) = airspace.crossings_on([way.route])
    left = [country.code for country in countries]
    for crossing in crossings:
        while left and left[0] in crossing.claims and crossing.length_m >= INSIDE_M:
            left.pop(0)
    return not left


def _border(airspace: Airspace, router: Router, stop: Country) -> FloatArray:
    """List the edges (n, 4) around a country's open airspace, which is on their left."""
    shut = router.closure.shuts(airspace)[:-1]
    claimed = np.array([stop.code in face.claims for face in airspace.faces])
    if not claimed.any():
        raise NoWayError(f"no airspace of {stop.code}")
    if shut[claimed].all():
        raise NoWayError(f"no way over {stop.code}: its airspace is closed")
    inside = np.append(claimed & ~shut, False)
    borders = airspace.coverage.borders
    left, right = inside[borders.left], inside[borders.right]
    turned = borders.ends[right & ~left][:, [2, 3, 0, 1]]
    return np.vstack([borders.ends[left & ~right], turned])


def _inside(airspace: Airspace, stop: Country, ends: FloatArray, apart_m: float) -> list[Place]:
    """Pick places 1 km inside a border, about so far apart."""
    start, end = ends[:, :2].T, ends[:, 2:].T
    azimuth, _, length_m = GEOD.inv(*start, *end)
    pieces = np.ceil(length_m / apart_m).clip(1).astype(int)
    row = np.repeat(np.arange(len(ends)), pieces)
    share = (numbers(pieces) + 0.5) / pieces[row]
    middles = ends[row, :2] + share[:, None] * (ends[row, 2:] - ends[row, :2])
    # One for each cell of about that size.
    width = np.cos(np.radians(np.abs(middles[:, 1]).clip(max=89)))
    cells = np.floor(middles * np.column_stack([width, np.ones(len(row))]) * (_DEGREE_M / apart_m))
    _, first = np.unique(cells[:, 0] + 1j * cells[:, 1], return_index=True)
    middles, row = middles[first], row[first]
    lon, lat, _ = GEOD.fwd(
        middles[:, 0], middles[:, 1], azimuth[row] - 90, np.full(len(row), INSIDE_M)
    )
    points = np.column_stack([lon, lat])
    faces = airspace.coverage.at(points).tolist()
    return [
        Place(stop.code, stop.code, *point)
        for point, face in zip(points.tolist(), faces, strict=True)
        if stop.code in airspace.face(face).claims
    ]


def _spread(airspace: Airspace, stop: Country, border: FloatArray) -> list[Place]:
    """Pick places all along the inside of a border, no more than so many."""
    apart_m = _APART_M
    while len(places := _inside(airspace, stop, border, apart_m)) > _MOST_PLACES:
        apart_m *= 1.5
    return places


def _around(
    airspace: Airspace, stop: Country, border: FloatArray, place: Place, step_m: float
) -> list[Place]:
    """Pick places 1 km inside a border near one, so far apart."""
    from_m = lengths_m(np.array([place.lon, place.lat]), border[:, :2])
    to_m = lengths_m(np.array([place.lon, place.lat]), border[:, 2:])
    reach_m = INSIDE_M + _STEPS_AROUND * step_m
    near = border[np.minimum(from_m, to_m) < reach_m]
    return _inside(airspace, stop, near, step_m) if len(near) else []


def _best(router: Router, choices: Sequence[Sequence[Place]]) -> list[Place]:
    """Choose one place of each group so that the way over all is the shortest.

    Open ways are never shorter than geodesics, so only those are searched that could be the best.
    """
    points = [np.array([(place.lon, place.lat) for place in group]) for group in choices]
    gaps_m = [np.array([lengths_m(at, later) for at in here]) for here, later in pairwise(points)]
    ahead_m = [np.zeros(1)]
    for gap_m in reversed(gaps_m):
        ahead_m.insert(0, (gap_m + ahead_m[0]).min(axis=1))
    queue: list[tuple[float, bool, float, tuple[int, ...]]] = [(0.0, True, 0.0, (0,))]
    reached: set[tuple[int, int]] = set()
    while queue:
        _, settled, gone_m, chosen = heappop(queue)
        group, number = len(chosen) - 1, chosen[-1]
        if (group, number) in reached:
            continue
        if not settled:
            try:
                way = router.find(choices[group - 1][chosen[-2]], choices[group][number])
            except NoWayError:
                continue
            gone_m += way.route.length_m
            bound_m = gone_m + float(ahead_m[group][number])
            heappush(queue, (bound_m, True, gone_m, chosen))
            continue
        reached.add((group, number))
        if group == len(choices) - 1:
            return [places[at] for places, at in zip(choices, chosen, strict=True)]
        bounds_m = gone_m + gaps_m[group][number] + ahead_m[group + 1]
        for later, bound_m in enumerate(bounds_m.tolist()):
            heappush(queue, (bound_m, False, gone_m, (*chosen, later)))
    raise NoWayError(
        f"no open way from {choices[0][0].name} to {choices[-1][0].name} over the stops between"
    )
