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
    changes = np.ones(len(route) + 1, dtype=bool)
    changes[1:-1] = (route[1:] != route[:-1]) | (face[1:] != face[:-1])
    kept = changes[:-1].nonzero()[0]
    route, start_m, face = route[kept], start_m[kept], face[kept]
    end_m, last = _ends(route, start_m, lengths_m)
    # One call for the starts of all and for the ends of routes.
    points = points_at(np.concatenate([route, route[last]]), np.concatenate([start_m, end_m[last]]))
    entry, exit_ = points[: len(route)], points[1 : len(route) + 1].copy()
    exit_[last] = points[len(route) :]
    return Stretches(route, face, start_m, end_m, entry, exit_)


def shared_m(stretches: Stretches, land: Stretches) -> FloatArray:
    """Measure how many metres of each stretch lie in any face of `land`, over the same routes."""
    # Both cut each other into pieces, each in one stretch of either. Route by route, so that a
    # route's metres are the same to the last bit whatever it is asked with.
    route = np.concatenate([stretches.route, land.route])
    start_m = np.concatenate([stretches.start_m, land.start_m])
    order = np.lexsort([start_m, route])
    is_land = order >= len(stretches.route)
    over = land.face[np.maximum(is_land.cumsum() - 1, 0)]
    number = (~is_land).cumsum() - 1
    end_m, _ = _ends(route[order], start_m[order], _lengths_m(stretches))
    dry_m = np.where(over == NO_FACE, 0.0, end_m - start_m[order])
    shared: FloatArray = np.bincount(number, dry_m, len(stretches.route)).astype(np.float64)
    return shared


def _lengths_m(stretches: Stretches) -> FloatArray:
    last = np.append(stretches.route[1:] != stretches.route[:-1], True)
    lengths_m: FloatArray = stretches.end_m[last]
    return lengths_m


def _labelled(
    lengths_m: FloatArray, cuts: Cuts, points_at: PointsAt, locate: Locate
) -> tuple[IntArray, FloatArray, IntArray]:
    """Give each stretch between cuts: its route, where it starts, and its face.

    The cuts at either end of a stretch both name its face. Where they differ, or several cuts fall
    together, its area decides.
    """
    cuts = _inner(cuts, lengths_m)
    first, last = _events(cuts)
    # A stretch begins at each route's start and at each event: so many starts come before these.
    event = np.arange(1, len(first) + 1) + cuts.route[first]
    at_event = np.zeros(len(lengths_m) + len(first), dtype=bool)
    at_event[event] = True
    route = np.cumsum(~at_event) - 1
    start_m = np.zeros(len(route))
    start_m[event] = cuts.at_m[first]
    # What the event at a stretch's start says of it, and what the one at its end says.
    entered, left = np.full((2, len(route)), _UNTOLD)
    entered[event], left[event - 1] = cuts.enters[last], cuts.leaves[first]
    face, other = np.maximum(entered, left), np.minimum(entered, left)
    doubtful = (face == _UNTOLD) | ((face != other) & (other != _UNTOLD))
    several = event[first != last]
    doubtful[several] = doubtful[several - 1] = True
    which = doubtful.nonzero()[0]
    if len(which):
        end_m, _ = _ends(route, start_m, lengths_m)
        middle_m = (start_m[which] + end_m[which]) / 2
        face[which] = locate(points_at(route[which], middle_m))
    return route, start_m, face


def _inner(cuts: Cuts, lengths_m: FloatArray) -> Cuts:
    """Leave out cuts at the very ends of a route."""
    left_m = lengths_m[cuts.route] - cuts.at_m
    kept: BoolArray = (cuts.at_m > _SAME_CUT_M) & (left_m > _SAME_CUT_M)
    if kept.all():
        return cuts
    return Cuts(cuts.route[kept], cuts.at_m[kept], cuts.leaves[kept], cuts.enters[kept])


def _events(cuts: Cuts) -> tuple[IntArray, IntArray]:
    """Gather cuts that fall together; return the first and the last cut of each event."""
    route, at_m = cuts.route, cuts.at_m
    apart = np.ones(len(at_m) + 1, dtype=bool)
    apart[1:-1] = (at_m[1:] - at_m[:-1] > _SAME_CUT_M) | (route[1:] != route[:-1])
    bounds = apart.nonzero()[0]
    return (bounds[:-1], bounds[1:] - 1) if len(at_m) else (bounds[:0], bounds[:0])


def _ends(
    route: IntArray, start_m: FloatArray, lengths_m: FloatArray
) -> tuple[FloatArray, IntArray]:
    """Find where stretches end that follow each other, and which are their routes' last."""
    last = np.ones(len(route), dtype=bool)
    last[:-1] = route[1:] != route[:-1]
    number = last.nonzero()[0]
    end_m = np.empty_like(start_m)
    end_m[:-1] = start_m[1:]
    end_m[number] = lengths_m[route[number]]
    return end_m, number
