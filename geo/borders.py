"""Cut tracks with the borders of a coverage of polygons."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from geo.model import BoolArray, FloatArray, IntArray, Track

NO_FACE = -1
# Tracks are moved by these degrees, a tenth of a millimetre, off the vertices that they turn at and
# the borders that they follow: so both ways along a border, and what is looked up there, agree.
ASIDE_DEG = np.array([0.731e-9, 1.313e-9])
# Edges that share one box of the index: fewer boxes build sooner, and numpy sifts their edges fast.
_EDGES_A_BOX = 8


@dataclass(frozen=True, slots=True)
class Cuts:
    """Where one track cuts borders, sorted: metres along it, and the faces left and entered."""

    at_m: FloatArray
    leaves: IntArray
    enters: IntArray


@dataclass(frozen=True, slots=True)
class Borders:
    """The edges between faces, each once, in runs that follow a border.

    `ends` is (n, 4) lon/lat/lon/lat, `left` and `right` index the faces on either side, and run i
    of the tree holds the edges from `runs[i]` to `runs[i + 1]`.
    """

    ends: FloatArray
    left: IntArray
    right: IntArray
    runs: IntArray
    tree: shapely.STRtree

    def cuts_of(self, tracks: Sequence[Track]) -> list[Cuts]:
        """Cut many tracks at once."""
        chords = np.concatenate([np.hstack([t.lonlat[:-1], t.lonlat[1:]]) for t in tracks])
        owner = np.repeat(np.arange(len(tracks)), [len(t.lonlat) - 1 for t in tracks])
        start_m = np.concatenate([t.distance_m[:-1] for t in tracks])
        step_m = np.concatenate([np.diff(t.distance_m) for t in tracks])
        chord, edge, share, enters_left = self._hits(chords + np.tile(ASIDE_DEG, 2))
        at_m = start_m[chord] + share * step_m[chord]
        leaves = np.where(enters_left, self.right[edge], self.left[edge])
        enters = np.where(enters_left, self.left[edge], self.right[edge])
        order = np.lexsort([at_m, owner[chord]])
        splits = np.searchsorted(owner[chord][order], np.arange(1, len(tracks)))
        columns = (np.split(column[order], splits) for column in (at_m, leaves, enters))
        return [Cuts(*cut) for cut in zip(*columns, strict=True)]

    def _hits(self, chords: FloatArray) -> tuple[IntArray, IntArray, FloatArray, BoolArray]:
        """Find chord, edge, share of the chord and whether it enters the edge's left."""
        chords, source = _on_one_map(chords)
        chord, run = self.tree.query(shapely.linestrings(chords.reshape(-1, 2, 2)))
        sizes = self.runs[run + 1] - self.runs[run]
        chord = np.repeat(chord, sizes)
        within_run = np.arange(len(chord)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        edge = np.repeat(self.runs[run], sizes) + within_run
        share, enters_left, hit = _intersect(chords[chord], self.ends[edge])
        return source[chord[hit]], edge[hit], share, enters_left


def index_borders(parts: npt.NDArray[np.object_], part_face: IntArray) -> Borders:
    """Index the borders of polygons that form a coverage; `part_face` is the face of each."""
    rings, ring_part = shapely.get_rings(shapely.orient_polygons(parts), return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    starts = np.flatnonzero(ring[1:] == ring[:-1])
    left = part_face[ring_part[ring[starts]]]
    right, first = _far_sides(xy, starts, left)
    ends = np.hstack([xy[starts], xy[starts + 1]])
    keep = first & (left != right) & ~_on_map_seam(ends)
    ends = ends[keep]
    runs = _runs(ends)
    run_number = np.repeat(np.arange(len(runs) - 1), np.diff(runs) * 2)
    lines = shapely.linestrings(ends.reshape(-1, 2), indices=run_number)
    return Borders(ends, left[keep], right[keep], runs, shapely.STRtree(lines))


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


def _runs(ends: FloatArray) -> IntArray:
    """Cut the edges into runs of neighbours that share one box; return where each begins."""
    breaks = np.concatenate([[True], (ends[1:, :2] != ends[:-1, 2:]).any(axis=1)])
    chain_start = np.flatnonzero(breaks)[np.cumsum(breaks) - 1]
    begins = breaks | ((np.arange(len(ends)) - chain_start) % _EDGES_A_BOX == 0)
    return np.append(np.flatnonzero(begins), len(ends))


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


def _intersect(chords: FloatArray, ends: FloatArray) -> tuple[FloatArray, BoolArray, BoolArray]:
    """Cut chord by edge, row by row: share of the chord, whether it enters the edge's left, hit.

    A point that lies exactly on a line counts as on its left. Neighbouring edges and neighbouring
    chords share their points, so that a cut through a vertex is never lost between the two.
    Shares and sides are given for the hits alone.
    """
    px, py, qx, qy = chords.T
    ax, ay, bx, by = ends.T
    a = (qx - px) * (ay - py) - (qy - py) * (ax - px)
    b = (qx - px) * (by - py) - (qy - py) * (bx - px)
    p = (bx - ax) * (py - ay) - (by - ay) * (px - ax)
    q = (bx - ax) * (qy - ay) - (by - ay) * (qx - ax)
    hit = ((a >= 0) != (b >= 0)) & ((p >= 0) != (q >= 0))
    return p[hit] / (p[hit] - q[hit]), (q >= 0)[hit], hit
