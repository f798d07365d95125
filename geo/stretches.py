"""Turn the cuts of lines into stretches, each in one face."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from geo.borders import NO_FACE, Cuts
from geo.model import BoolArray, FloatArray, IntArray

PointsAt = Callable[[IntArray, FloatArray], FloatArray]
Locate = Callable[[FloatArray], IntArray]
# Cuts nearer to each other than this are one event: a vertex, or a border drawn along the line.
_SAME_CUT_M = 1.0
_UNTOLD = -2


@dataclass(frozen=True, slots=True)
class Stretches:
    """Stretches of routes as columns, route after route, covering each without gaps.

    `start_m` and `end_m` are metres along the route, `entry` and `exit` (n, 2) lon/lat on it, and
    `face` is a face's number, -1 where there is none. Neighbours differ in their faces.
    """

    route: IntArray
    face: IntArray
    start_m: FloatArray
    end_m: FloatArray
    entry: FloatArray
    exit: FloatArray


def make_stretches(
    lengths_m: FloatArray, cuts: Cuts, points_at: PointsAt, locate: Locate
) -> Stretches:
    """Label the stretches between the cuts of routes that are `lengths_m` long.

    `points_at` finds the points (n, 2) at these metres along these routes, and `locate` the faces
    that hold points.
    """
    route, start_m, face = _labelled(lengths_m, cuts, points_at, locate)
    changes = np.concatenate([[True], (route[1:] != route[:-1]) | (face[1:] != face[:-1])])
    route, start_m, face = route[changes], start_m[changes], face[changes]
    end_m = np.append(start_m[1:], 0.0)
    last = np.append(route[1:] != route[:-1], True)
    end_m[last] = lengths_m[route[last]]
    entry = points_at(route, start_m)
    exit_ = np.vstack([entry[1:], entry[:1]])
    exit_[last] = points_at(route[last], end_m[last])
    return Stretches(route, face, start_m, end_m, entry, exit_)


def shared_m(stretches: Stretches, land: Stretches) -> FloatArray:
    """Measure how many metres of each stretch lie in any face of `land`, over the same routes."""
    # Metres of land flown since the start of all routes end to end: a line through these points.
    last = np.append(land.route[1:] != land.route[:-1], True)
    lengths_m = land.end_m[last]
    begins_m = np.cumsum(lengths_m) - lengths_m
    along_m = np.append(begins_m[land.route] + land.start_m, lengths_m.sum())
    dry_m = np.where(land.face == NO_FACE, 0.0, land.end_m - land.start_m)
    flown_m = np.concatenate([[0.0], np.cumsum(dry_m)])
    starts, ends = (
        np.interp(begins_m[stretches.route] + at_m, along_m, flown_m)
        for at_m in (stretches.start_m, stretches.end_m)
    )
    shared: FloatArray = ends - starts
    return shared


def _labelled(
    lengths_m: FloatArray, cuts: Cuts, points_at: PointsAt, locate: Locate
) -> tuple[IntArray, FloatArray, IntArray]:
    """Give each stretch between cuts: its route, where it starts, and its face.

    The cuts at either end of a stretch both name its face. Where they differ, or several cuts fall
    together, its area decides.
    """
    cuts = _inner(cuts, lengths_m)
    first, last = _events(cuts)
    route, start_m, at_start = _starts(cuts.route[first], cuts.at_m[first], len(lengths_m))
    ends = np.append(at_start[1:], True)
    end_m = np.where(ends, lengths_m[route], np.append(start_m[1:], 0.0))
    # What the event at a stretch's start says of it, and what the one at its end says.
    entered, left = np.full((2, len(route)), _UNTOLD)
    entered[~at_start], left[~ends] = cuts.enters[last], cuts.leaves[first]
    doubtful = np.zeros(len(route), dtype=bool)
    doubtful[~at_start] |= first != last
    doubtful[~ends] |= first != last
    face = np.where(at_start, left, entered)
    doubtful |= ~at_start & ~ends & (entered != left) | (face == _UNTOLD)
    middle_m = (start_m + end_m)[doubtful] / 2
    face[doubtful] = locate(points_at(route[doubtful], middle_m))
    return route, start_m, face


def _inner(cuts: Cuts, lengths_m: FloatArray) -> Cuts:
    """Leave out cuts at the very ends of a route."""
    left_m = lengths_m[cuts.route] - cuts.at_m
    kept: BoolArray = (cuts.at_m > _SAME_CUT_M) & (left_m > _SAME_CUT_M)
    return Cuts(cuts.route[kept], cuts.at_m[kept], cuts.leaves[kept], cuts.enters[kept])


def _events(cuts: Cuts) -> tuple[IntArray, IntArray]:
    """Gather cuts that fall together; return the first and the last cut of each event."""
    apart = (np.diff(cuts.at_m) > _SAME_CUT_M) | (np.diff(cuts.route) != 0)
    bounds = np.concatenate([[0], np.flatnonzero(apart) + 1, [len(cuts.at_m)]])
    return (bounds[:-1], bounds[1:] - 1) if len(cuts.at_m) else (bounds[:0], bounds[:0])


def _starts(
    route: IntArray, at_m: FloatArray, count: int
) -> tuple[IntArray, FloatArray, BoolArray]:
    """Let a stretch start at each event and at each route's start; mark the latter."""
    routes = np.concatenate([np.arange(count), route])
    start_m = np.concatenate([np.zeros(count), at_m])
    order = np.lexsort([start_m, routes])
    return routes[order], start_m[order], order < count
