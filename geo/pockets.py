"""Bring the borders back around a point that lies in a filled pocket."""

import numpy as np

from geo.borders import Borders
from geo.hulls import POCKET_M, densified
from geo.model import BoolArray, FloatArray, IntArray, LonLat

_EARTH_M = 6_371_000.0
_SAME_M = 1.0


def is_in_pocket(point: LonLat, hull: FloatArray) -> bool:
    """Tell whether an open point lies behind the mouth of a pocket.

    `hull` are edges (n, 4) with the closed side on their left, pockets filled: the point lies
    behind, where its nearest edge has it on the left.
    """
    nearest = hull[nearest_edges(point, hull)]
    start, end = _plane_m(point, nearest[:, :2]), _plane_m(point, nearest[:, 2:])
    run = end - start
    # On the left of an edge: the way to the point, and so minus its start, turns left from it.
    left = run[:, 1] * start[:, 0] - run[:, 0] * start[:, 1] > 0
    near = np.hypot(*start.T) < 2 * POCKET_M
    return bool((near & left).any())


def nearest_edges(point: LonLat, edges: FloatArray) -> IntArray:
    """Number the edges (n, 4) nearest to a point: several where these meet in the nearest point."""
    start, end = _plane_m(point, edges[:, :2]), _plane_m(point, edges[:, 2:])
    run = end - start
    share = -(start * run).sum(axis=1) / (run * run).sum(axis=1).clip(1e-9)
    distance_m = np.hypot(*(start + share.clip(0, 1)[:, None] * run).T)
    return np.flatnonzero(distance_m <= distance_m.min(initial=np.inf) + _SAME_M)


def edges_near(point: LonLat, borders: Borders, shut: BoolArray) -> FloatArray:
    """List the borders of shut faces within a pocket's extent, (n, 4), shut side on the left."""
    left, right = shut[borders.left], shut[borders.right]
    rows = np.flatnonzero(left != right)
    near_m = np.abs(_plane_m(point, borders.ends[rows, :2])).max(axis=1)
    rows = rows[near_m < 2 * POCKET_M]
    turned = right[rows]
    ends = borders.ends[rows]
    ends = np.where(turned[:, None], ends[:, [2, 3, 0, 1]], ends)
    cut, _ = densified(ends)
    return cut


def _plane_m(point: LonLat, lonlat: FloatArray) -> FloatArray:
    """Measure points (n, 2) from a point, eastwards and northwards: near it, to a few per cent."""
    gap = lonlat - np.array(point)
    gap[:, 0] -= 360 * np.round(gap[:, 0] / 360)
    metres: FloatArray = np.radians(gap) * _EARTH_M * [np.cos(np.radians(point[1])), 1.0]
    return metres
