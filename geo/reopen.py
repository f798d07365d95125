"""Tell what single closures do: which one, opened again, would make a way, or save the most."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from geo.closure import Closure, closed_name
from geo.corridor import Ground, Router, Way
from geo.errors import NoWayError
from geo.geodesy import make_route
from geo.model import FloatArray, Place
from geo.search import lengths_m

# Less saved than this is nothing that a reader should hear of.
_WORTH_M = 100.0
# Hull vertices stand up to so far apart, and a way may run between two.
_GAP_M = 60_000.0
_MOST_TRIED = 12


@dataclass(frozen=True, slots=True)
class Reopening:
    """What is opened again, alone; `way` is the shortest way then.

    `code` is a state's, or the id of a file's areas.
    """

    code: str
    way: Way


def best_reopening(
    ground: Ground,
    closure: Closure,
    way: Way,
    router: Callable[[Closure], Router] | None = None,
) -> Reopening | None:
    """Find the one closure that, opened again, would shorten a way most; None where none does.

    `router` makes the router of a closure, where it can be had for less than making it anew.
    """
    router = router or partial(Router, ground)
    start, end = way.route.places[0], way.route.places[-1]
    best = None
    shortest_m = way.route.length_m - _WORTH_M
    for least_m, code in _candidates(ground, closure, start, end):
        if least_m >= shortest_m:
            break
        try:
            other = router(closure.without(code)).find(start, end)
        except NoWayError:
            continue
        if other.route.length_m < shortest_m:
            best, shortest_m = Reopening(code, other), other.route.length_m
    return best


def reopenings(ground: Ground, closure: Closure, start: Place, end: Place) -> list[Reopening]:
    """List the closures of which each, opened again alone, would make a way where none is.

    Of more than 12, those are tried that the direct line crosses.
    """
    found = []
    for code in _barriers(ground, closure, start, end):
        try:
            way = Router(ground, closure.without(code)).find(start, end)
        except NoWayError:
            continue
        found.append(Reopening(code, way))
    return found


def _barriers(ground: Ground, closure: Closure, start: Place, end: Place) -> list[str]:
    codes = [code for _, code in _candidates(ground, closure, start, end)]
    if len(codes) <= _MOST_TRIED:
        return codes
    (crossings,) = ground.airspace.crossings_on([make_route("", [start, end])])
    crossed = dict.fromkeys(code for crossing in crossings for code in crossing.claims)
    files = [areas.id for areas in closure.areas]
    return [*files, *(code for code in crossed if code in codes)][:_MOST_TRIED]


def explain(ground: Ground, closure: Closure, start: Place, end: Place, problem: NoWayError) -> str:
    """Say why there is no way, and which closure makes it so, if one alone does."""
    codes = [found.code for found in reopenings(ground, closure, start, end)]
    files = {areas.id for areas in closure.areas}
    names = [
        closed_name(ground.airspace, closure, code) + ("" if code in files else f" ({code})")
        for code in codes
    ]
    if not names:
        single = "single one of them" if files else "single state"
        return f"{problem}; no {single}, opened again, was found to make one"
    one = names[0] if len(names) == 1 else f"one of {', '.join(names)}"
    return f"{problem}; opening {one} again, alone, would open a way"


def _candidates(
    ground: Ground, closure: Closure, start: Place, end: Place
) -> list[tuple[float, str]]:
    """List what could be opened, each with metres that no way through it can be shorter than."""
    shut = closure.shuts(ground.airspace)
    ends, face = ground.hulls.around(shut)
    through_m = np.full(len(shut), np.inf)
    np.minimum.at(through_m, face, _detours_m(ends, start, end) - 2 * _GAP_M)
    least_m: dict[str, float] = {}
    for number in np.flatnonzero(np.isfinite(through_m[:-1])).tolist():
        for code in ground.airspace.faces[number].claims:
            least_m[code] = min(least_m.get(code, np.inf), float(through_m[number]))
    for areas in closure.areas:
        least_m[areas.id] = float(_detours_m(areas.ends, start, end).min(initial=np.inf))
    opened = {code for code in least_m if closure.without(code) != closure}
    return sorted((least_m[code], code) for code in opened)


def _detours_m(ends: FloatArray, start: Place, end: Place) -> FloatArray:
    """Measure the ways from start to end by each of the points `ends[:, :2]`."""
    points = ends[:, :2]
    there_m = lengths_m(np.array([start.lon, start.lat]), points)
    return there_m + lengths_m(np.array([end.lon, end.lat]), points)
