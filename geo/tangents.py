"""Tell which corners a straight line can touch, and turn at, without entering what they bound.

A way that is pulled tight turns only at corners, and only towards the closed side. It passes a
corner with that side on its left, along the border, or on its right, against it: so a corner is two
states, 2 i and 2 i + 1. Lines are great ellipses here, taken with a tolerance that lets all
geodesics through.
"""

import numpy as np

from geo.corners import Corners
from geo.model import BoolArray, FloatArray, IntArray

# So far may a geodesic lead beside its great ellipse: by a share of its length for rounding, and by
# the square of it (measured), both in radii of the earth.
_ROUNDING, _BESIDE = 5e-4, 3e-3
# The slack at a metre or so: nearer points are one.
_SAME_POINT = 1e-10


def reached(corners: Corners, point: FloatArray) -> IntArray:
    """List the states that a line from a point (3,) arrives at."""
    along, against = _lunes(corners, point)
    # Who comes along the border comes from behind: there, the tests of the two sides are swapped.
    return _states(against, along)


def left_for(corners: Corners, point: FloatArray) -> BoolArray:
    """Mark the states that a line to a point (3,) can leave from, as (2 n,)."""
    marked = np.empty(2 * len(corners), dtype=bool)
    marked[0::2], marked[1::2] = _lunes(corners, point)
    return marked


def followers(corners: Corners, others: Corners, state: int) -> IntArray:
    """List the states among `others` that a line from a state of `corners` leads on to."""
    number, against = divmod(state, 2)
    point = corners.at[number]
    slack = _slack(others, point)
    into, out = others.at @ corners.into[number], others.at @ corners.out[number]
    ahead = (into <= slack) & (out >= -slack) if against else (into >= -slack) & (out <= slack)
    ahead &= slack > _SAME_POINT
    rows = np.flatnonzero(ahead)
    states = reached(others.only(rows), point)
    return rows[states // 2] * 2 + states % 2


def _lunes(corners: Corners, point: FloatArray) -> tuple[BoolArray, BoolArray]:
    """Mark the corners from which a point lies ahead along the border, and against it."""
    slack = _slack(corners, point)
    into, out = corners.into @ point, corners.out @ point
    return (into >= -slack) & (out <= slack), (into <= slack) & (out >= -slack)


def _slack(corners: Corners, point: FloatArray) -> FloatArray:
    # The chord's square, by the cosine law; rounding may leave it below zero for a point itself.
    length = np.sqrt((2 - 2 * (corners.at @ point)).clip(0))
    slack: FloatArray = length * (_ROUNDING + _BESIDE * length)
    return slack


def _states(along: BoolArray, against: BoolArray) -> IntArray:
    return np.concatenate([2 * np.flatnonzero(along), 2 * np.flatnonzero(against) + 1])
