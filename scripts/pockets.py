"""Straighten borders where only what turns around a corner matters: fill pockets with open chords.

A border is walked with the closed side on its left. A vertex where it turns right is no corner that
a shortest way around the closed side leans on, and once it is left out, the chord between its
neighbours takes its place. The chord must run through the open side alone, so that nothing which a
way could meet lies between it and the border.
"""

from dataclasses import dataclass

import numpy as np
import shapely

from geo.corners import unit_vectors
from geo.hulls import POCKET_M
from geo.model import BoolArray, FloatArray, IntArray

NO_ONE = -1
_EARTH_M = 6_371_000.0
# Rounding: a triple product of unit vectors knows no better which side it is on.
_FLAT = 1e-17
_TREE_MARGIN_DEG = 1e-9


@dataclass(frozen=True, slots=True)
class Walk:
    """Borders as linked vertices: `point` is a row of the points; -1 ends a chain either way."""

    point: IntArray
    before: IntArray
    after: IntArray


def fill_pockets(walk: Walk, lonlat: FloatArray) -> Walk:
    """Leave out the vertices of `walk` in pockets; what is left keeps its row, links skip the rest.

    `lonlat` (n, 2) holds the vertices of all borders, each once; any of them within a triangle
    means that its chord isn't free. A vertex that was left out has `point` -1.
    """
    xyz = unit_vectors(lonlat)
    found = _Points(lonlat, xyz)
    point, before, after = walk.point.copy(), walk.before.copy(), walk.after.copy()
    # What lies between a vertex and the next: the box around the pocket, in three dimensions.
    low = np.minimum(xyz[point], xyz[point[after]])
    high = np.maximum(xyz[point], xyz[point[after]])
    todo = np.flatnonzero((before != NO_ONE) & (after != NO_ONE))
    while len(todo):
        ahead, behind = after[todo], before[todo]
        box_low = np.minimum(low[behind], low[todo])
        box_high = np.maximum(high[behind], high[todo])
        small = np.linalg.norm(box_high - box_low, axis=1) * _EARTH_M <= POCKET_M
        a, b, c = (xyz[point[row]] for row in (behind, todo, ahead))
        ear = small & (_turn(a, b, c) <= _FLAT) & (behind != after[ahead])
        first = _first_of_neighbours(todo, behind, ahead, np.linalg.norm(c - a, axis=1), ear)
        waits, ear = ear & ~first, ear & first
        empty = found.none_within(point[behind[ear]], point[todo[ear]], point[ahead[ear]])
        cut = np.flatnonzero(ear)[empty]
        gone, behind, ahead = todo[cut], behind[cut], ahead[cut]
        after[behind], before[ahead] = ahead, behind
        low[behind], high[behind] = box_low[cut], box_high[cut]
        point[gone] = NO_ONE
        again = np.union1d(behind, ahead)
        # Those that stood back for a shorter neighbour come again with its neighbours.
        todo = np.union1d(again, todo[waits])
        todo = todo[(point[todo] != NO_ONE) & (before[todo] != NO_ONE) & (after[todo] != NO_ONE)]
    return Walk(point, before, after)


def _turn(a: FloatArray, b: FloatArray, c: FloatArray) -> FloatArray:
    """Tell whether a, b, c turn left (more than 0), right (less) or run straight on."""
    # Of differences, since the product of three nearly equal vectors loses all its digits.
    product: FloatArray = np.einsum("ij,ij->i", a, np.cross(b - a, c - a))
    return product


def _first_of_neighbours(
    rows: IntArray, behind: IntArray, ahead: IntArray, chord: FloatArray, ear: BoolArray
) -> BoolArray:
    """Mark the ears whose chord is shorter than those of the ears beside them."""
    size = int(max(rows.max(), behind.max(), ahead.max())) + 1
    ears = np.flatnonzero(ear)
    rank = np.full(size, size)
    rank[rows[ears[np.lexsort([rows[ears], chord[ears]])]]] = np.arange(len(ears))
    first: BoolArray = (rank[rows] < rank[behind]) & (rank[rows] < rank[ahead])
    return first


class _Points:
    """All vertices, to be looked for within triangles."""

    def __init__(self, lonlat: FloatArray, xyz: FloatArray) -> None:
        # Those near 180 degrees stand on both sides of the map.
        east, west = np.flatnonzero(lonlat[:, 0] > 178), np.flatnonzero(lonlat[:, 0] < -178)
        shifted = [lonlat, lonlat[east] - [360, 0], lonlat[west] + [360, 0]]
        self._rows = np.concatenate([np.arange(len(lonlat)), east, west])
        self._tree = shapely.STRtree(np.asarray(shapely.points(np.vstack(shifted))))
        self._lonlat, self._xyz = lonlat, xyz

    def none_within(self, a: IntArray, b: IntArray, c: IntArray) -> BoolArray:
        """Tell which triangles (left turns c, b, a) hold no vertex but their own."""
        corners = np.stack([self._lonlat[row] for row in (a, b, c)])
        corners[..., 0] -= 360 * np.round((corners[..., 0] - corners[0, :, 0]) / 360)
        low, high = corners.min(axis=0), corners.max(axis=0)
        # A chord bends towards the pole, by less than a share of its own width.
        low[:, 1] -= 0.05 * (high - low)[:, 0] + _TREE_MARGIN_DEG
        high[:, 1] += 0.05 * (high - low)[:, 0] + _TREE_MARGIN_DEG
        triangle, found = self._tree.query(shapely.box(*low.T, *high.T))
        row = self._rows[found]
        own = (row == a[triangle]) | (row == b[triangle]) | (row == c[triangle])
        triangle, row = triangle[~own], row[~own]
        at = self._xyz[row]
        va, vb, vc = (self._xyz[each[triangle]] for each in (a, b, c))
        inside = (_turn(vc, vb, at) >= -_FLAT) & (_turn(vb, va, at) >= -_FLAT)
        inside &= _turn(va, vc, at) > _FLAT
        none = np.ones(len(a), dtype=bool)
        none[triangle[inside]] = False
        return none
