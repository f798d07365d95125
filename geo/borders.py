"""Cut lines with the borders of a coverage of polygons."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from geo.geodesy import Chords, Lines
from geo.grid import NEAR_UP_TO_DEG, Grid, make_grid
from geo.model import BoolArray, FloatArray, IntArray

NO_FACE = -1
# Chords stay this near to the geodesic.
MAX_OFFSET_M = 10.0
# Lines are moved by these degrees, a tenth of a millimetre, off the vertices that they turn at and
# the borders that they follow: so both ways along a border, and what is looked up there, agree.
ASIDE_DEG = np.array([0.731e-9, 1.313e-9])
_PROBES = (np.arange(8) + 0.5) / 8


@dataclass(frozen=True, slots=True)
class Cuts:
    """Where routes cut borders, sorted: the route, the metres along it, the faces on both sides."""

    route: IntArray
    at_m: FloatArray
    leaves: IntArray
    enters: IntArray


@dataclass(frozen=True, slots=True)
class Borders:
    """The edges between faces, each once.

    `ends` is (n, 4) lon/lat/lon/lat; `left` and `right` number the faces on either side.
    """

    ends: FloatArray
    left: IntArray
    right: IntArray
    grid: Grid

    def chords_near(self, lines: Lines) -> Chords:
        """Cut lines into chords within 10 m of them, where an edge is near; counted on routes."""
        arcs = lines.arcs()
        near = arcs.only(self._may_cut(arcs))
        return lines.on_routes(lines.refined(near, MAX_OFFSET_M))

    def cut(self, chords: Chords) -> Cuts:
        """Cut chords with the edges."""
        chord, edge, share, enters_left = self._hits(chords.ends + np.tile(ASIDE_DEG, 2))
        route = chords.owner[chord]
        at_m = chords.start_m[chord] + share * chords.step_m[chord]
        leaves = np.where(enters_left, self.right[edge], self.left[edge])
        enters = np.where(enters_left, self.left[edge], self.right[edge])
        order = np.lexsort([at_m, route])
        return Cuts(route[order], at_m[order], leaves[order], enters[order])

    def _may_cut(self, arcs: Chords) -> BoolArray:
        """Tell which arcs come near an edge; all of them near the poles, where cells are narrow."""
        start, run = arcs.ends[:, :2], arcs.ends[:, 2:] - arcs.ends[:, :2]
        lon = start[:, :1] + run[:, :1] * _PROBES
        lon -= 360 * np.round(lon / 360)
        near = self.grid.is_near(lon, start[:, 1:] + run[:, 1:] * _PROBES).any(axis=1)
        polar = np.abs(arcs.ends[:, [1, 3]]).max(axis=1) > NEAR_UP_TO_DEG - 1
        may: BoolArray = near | polar
        return may

    def _hits(self, chords: FloatArray) -> tuple[IntArray, IntArray, FloatArray, BoolArray]:
        """Find chord, edge, share of the chord, and whether it enters the edge's left."""
        chords, source = _on_one_map(chords)
        chord, edge = self.grid.pairs(_clipped(chords))
        share, enters_left, hit = _intersect(chords, chord, self.ends, edge)
        chord, edge = chord[hit], edge[hit]
        # A pair that shares several cells was tried several times.
        _, once = np.unique(chord.astype(np.int64) * len(self.ends) + edge, return_index=True)
        return source[chord[once]], edge[once], share[once], enters_left[once]


def index_borders(parts: npt.NDArray[np.object_], part_face: IntArray) -> Borders:
    """Index the borders of polygons that form a coverage; `part_face` is the face of each."""
    rings, ring_part = shapely.get_rings(shapely.orient_polygons(parts), return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    starts = np.flatnonzero(ring[1:] == ring[:-1])
    left = part_face[ring_part[ring[starts]]]
    right, first = _far_sides(xy, starts, left)
    ends = np.hstack([xy[starts], xy[starts + 1]])
    keep = first & (left != right) & ~_on_map_seam(ends)
    return Borders(ends[keep], left[keep], right[keep], make_grid(ends[keep]))


def _far_sides(xy: FloatArray, starts: IntArray, left: IntArray) -> tuple[IntArray, BoolArray]:
    """Find the face on the right of each edge, and which edges come first of their two copies.

    A ring runs with its own face on its left, so an edge's far side is the left of the same edge
    run the other way. The two are paired by a hash of their points, a sum without direction.
    """
    bits = np.ascontiguousarray(xy + 0.0).view(np.uint64)
    # Round coordinates end in zero bits, which a product alone would leave at zero.
    bits ^= bits >> np.uint64(32)
    mixed = (bits[:, 0] * np.uint64(0x9E3779B97F4A7C15)) ^ (
        bits[:, 1] * np.uint64(0xC2B2AE3D27D4EB4F)
    )
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    key = mixed[starts] + mixed[starts + 1]
    order = np.argsort(key)
    same = key[order[1:]] == key[order[:-1]]
    pairs = order[:-1][same], order[1:][same]
    earlier, later = np.minimum(*pairs), np.maximum(*pairs)
    right = np.full(len(left), NO_FACE, dtype=np.int64)
    right[earlier] = left[later]
    first = np.ones(len(left), dtype=bool)
    first[later] = False
    return right, first


def _on_map_seam(ends: FloatArray) -> BoolArray:
    """Mark the seams of the map: edges along 180 degrees and at the poles, which bound nothing."""
    lon0, lat0, lon1, lat1 = ends.T
    along_180 = (lon0 == lon1) & (np.abs(lon0) == 180)
    seam: BoolArray = along_180 | ((lat0 == lat1) & (np.abs(lat0) == 90))
    return seam


def _on_one_map(chords: FloatArray) -> tuple[FloatArray, IntArray]:
    """Shift chords onto -180..180, those that reach 180 degrees twice, once for either side.

    Returns the chords and for each the row it came from.
    """
    # Whole turns, so that neighbouring chords still share their points to the last bit.
    shift = -360.0 * np.round((chords[:, 0] + chords[:, 2]) / 720)
    chords = chords + np.column_stack([shift, 0 * shift, shift, 0 * shift])
    over = np.flatnonzero(np.abs(chords[:, [0, 2]]).max(axis=1) >= 180)
    turn = -360.0 * np.sign(chords[over][:, [0, 2]].sum(axis=1))
    copies = chords[over] + np.column_stack([turn, 0 * turn, turn, 0 * turn])
    return np.vstack([chords, copies]), np.concatenate([np.arange(len(chords)), over])


def _clipped(chords: FloatArray) -> FloatArray:
    """Cut off what lies beyond 180 degrees."""
    beyond = np.flatnonzero(np.abs(chords[:, [0, 2]]).max(axis=1) > 180)
    clipped = chords.copy()
    lon0, lat0, lon1, lat1 = chords[beyond].T
    for column, lon in ((0, lon0), (2, lon1)):
        seam = lon.clip(-180, 180)
        share = (seam - lon0) / np.where(lon1 == lon0, 1, lon1 - lon0)
        out = lon != seam
        clipped[beyond[out], column] = seam[out]
        clipped[beyond[out], column + 1] = (lat0 + share * (lat1 - lat0))[out]
    return clipped


def _intersect(
    chords: FloatArray, chord: IntArray, ends: FloatArray, edge: IntArray
) -> tuple[FloatArray, BoolArray, IntArray]:
    """Cut pairs of chord and edge: share of the chord, whether it enters the edge's left, which.

    A point that lies exactly on a line counts as on its left. Neighbouring edges and neighbouring
    chords share their points, so that a cut through a vertex is never lost between the two.
    """
    px, py, qx, qy = chords.T
    ax, ay, bx, by = ends.T
    run_x, run_y = (qx - px)[chord], (qy - py)[chord]
    from_x, from_y = px[chord], py[chord]
    a = run_x * (ay[edge] - from_y) - run_y * (ax[edge] - from_x)
    b = run_x * (by[edge] - from_y) - run_y * (bx[edge] - from_x)
    hit = np.flatnonzero((a >= 0) != (b >= 0))
    # Few pairs are left: the edges that the chord's whole line runs through.
    px, py, qx, qy = chords[chord[hit]].T
    ax, ay, bx, by = ends[edge[hit]].T
    p = (bx - ax) * (py - ay) - (by - ay) * (px - ax)
    q = (bx - ax) * (qy - ay) - (by - ay) * (qx - ax)
    between = (p >= 0) != (q >= 0)
    p, q, hit = p[between], q[between], hit[between]
    return p / (p - q), q >= 0, hit
