"""Cut lines with the borders of a coverage of polygons."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import shapely

from geo.geodesy import Chords, Lines, together
from geo.grid import NEAR_UP_TO_DEG, Grid, make_grid
from geo.model import BoolArray, FloatArray, IntArray

NO_FACE = -1
# Chords stay this near to the geodesic.
MAX_OFFSET_M = 10.0
_FINE_OFFSET_M = 0.1
_SETTLINGS = 2
_METRES_PER_DEG = 111_000.0
# Lines are moved by these degrees, a tenth of a millimetre, off the vertices that they turn at and
# the borders that they follow: so both ways along a border, and what is looked up there, agree.
ASIDE_DEG = np.array([0.731e-9, 1.313e-9])


@dataclass(frozen=True, slots=True)
class Cuts:
    """Where routes cut borders, sorted: the route, the metres along it, the faces on both sides."""

    route: IntArray
    at_m: FloatArray
    leaves: IntArray
    enters: IntArray


@dataclass(frozen=True, slots=True)
class _Hits:
    """Where chords cut edges: both numbers, the share of the chord, whether it enters the left."""

    chord: IntArray
    edge: IntArray
    share: FloatArray
    enters_left: BoolArray

    def only(self, kept: BoolArray) -> "_Hits":
        """Keep some."""
        chord, edge = self.chord[kept], self.edge[kept]
        return _Hits(chord, edge, self.share[kept], self.enters_left[kept])


@dataclass(frozen=True, slots=True)
class Borders:
    """The edges between faces, each once.

    `ends` is (n, 4) lon/lat/lon/lat; `left` and `right` number the faces on either side.
    """

    ends: FloatArray
    left: IntArray
    right: IntArray
    grid: Grid

    def cut(self, chords: Chords) -> Cuts:
        """Cut chords with the edges."""
        hits, _ = self._hits(chords)
        return self._cuts(chords.owner[hits.chord], _along_m(chords, hits), hits)

    def cut_lines(self, lines: Lines) -> Cuts:
        """Cut lines with the edges, to a metre or so along them.

        Chords within 10 m of the lines find the edges. Where one passes an edge's end so near that
        the line itself may pass on the other side, it is cut finer and tried anew.
        """
        arcs = lines.arcs()
        near = lines.cut(arcs.only(self._may_cut(arcs, 16)), 4)
        coarse = lines.refined(near.only(self._may_cut(near, 4)), MAX_OFFSET_M)
        hits, close = self._hits(coarse)
        chords = coarse
        if close.any():
            fine = lines.refined(coarse.only(close), _FINE_OFFSET_M)
            chords = together([coarse, fine])
            again, _ = self._hits(fine)
            again = replace(again, chord=again.chord + len(coarse.owner))
            hits = _joined(hits.only(~close[hits.chord]), again)
        line = chords.owner[hits.chord]
        at_m = self._settled(lines, chords, hits)
        return self._cuts(lines.route[line], lines.begins_m[line] + at_m, hits)

    def _cuts(self, route: IntArray, at_m: FloatArray, hits: _Hits) -> Cuts:
        left, right = self.left[hits.edge], self.right[hits.edge]
        leaves = np.where(hits.enters_left, right, left)
        enters = np.where(hits.enters_left, left, right)
        order = np.lexsort([at_m, route])
        return Cuts(route[order], at_m[order], leaves[order], enters[order])

    def _settled(self, lines: Lines, chords: Chords, hits: _Hits) -> FloatArray:
        """Move hits along their lines to where these, and not the chords, meet the edges."""
        line, hit_m = chords.owner[hits.chord], _along_m(chords, hits)
        at_m = hit_m
        start, step_m = chords.start_m[hits.chord], chords.step_m[hits.chord]
        first = chords.ends[hits.chord, :2]
        run = chords.ends[hits.chord, 2:] - first
        along = self.ends[hits.edge, 2:] - self.ends[hits.edge, :2]
        speed = _cross(run, along)
        for _ in range(_SETTLINGS):
            chord_point = first + run * ((at_m - start) / step_m)[:, None]
            off = lines.points(line, at_m) - chord_point
            off[:, 0] -= 360 * np.round(off[:, 0] / 360)
            # Where the line stands off the chord, it meets the edge so much sooner or later.
            at_m = (hit_m - _cross(off, along) / speed * step_m).clip(start, start + step_m)
        return at_m

    def _may_cut(self, arcs: Chords, probes: int) -> BoolArray:
        """Tell which arcs come near an edge; all of them near the poles, where cells are narrow.

        The probes must stand no more than 12.5 km apart.
        """
        shares = (np.arange(probes) + 0.5) / probes
        start, run = arcs.ends[:, :2], arcs.ends[:, 2:] - arcs.ends[:, :2]
        lon = start[:, :1] + run[:, :1] * shares
        lon -= 360 * np.round(lon / 360)
        near = self.grid.is_near(lon, start[:, 1:] + run[:, 1:] * shares).any(axis=1)
        polar = np.abs(arcs.ends[:, [1, 3]]).max(axis=1) > NEAR_UP_TO_DEG - 1
        may: BoolArray = near | polar
        return may

    def _hits(self, chords: Chords) -> tuple[_Hits, BoolArray]:
        """Find where chords, moved aside, cut edges, and which pass close by an edge's end."""
        ends, source = _on_one_map(chords.ends + np.tile(ASIDE_DEG, 2))
        chord, edge = self.grid.pairs(_clipped(ends))
        tried = _intersect(ends, chord, self.ends, edge)
        close = np.zeros(len(chords.owner), dtype=bool)
        close[source[chord[tried.near]]] = True
        # A pair that shares several cells was tried several times.
        pair = source[chord[tried.hit]] * len(self.ends) + edge[tried.hit]
        _, once = np.unique(pair, return_index=True)
        hit = tried.hit[once]
        hits = _Hits(source[chord[hit]], edge[hit], tried.share[once], tried.enters_left[once])
        return hits, close


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


@dataclass(frozen=True, slots=True)
class _Tried:
    """Pairs of chord and edge that were tried: which hit, where and how, and which are near."""

    hit: IntArray
    share: FloatArray
    enters_left: BoolArray
    near: IntArray


def _intersect(chords: FloatArray, chord: IntArray, ends: FloatArray, edge: IntArray) -> _Tried:
    """Cut pairs of chord and edge.

    A point that lies exactly on a line counts as on its left. Neighbouring edges and neighbouring
    chords share their points, so that a cut through a vertex is never lost between the two.
    """
    px, py, qx, qy = chords.T
    ax, ay, bx, by = ends.T
    reach = _reach_deg(chords) * np.hypot(qx - px, qy - py)
    run_x, run_y = (qx - px)[chord], (qy - py)[chord]
    from_x, from_y = px[chord], py[chord]
    a = run_x * (ay[edge] - from_y) - run_y * (ax[edge] - from_x)
    b = run_x * (by[edge] - from_y) - run_y * (bx[edge] - from_x)
    near = np.flatnonzero(np.minimum(np.abs(a), np.abs(b)) < reach[chord])
    near = near[_beside(chords[chord[near]], ends[edge[near]])]
    hit = np.flatnonzero((a >= 0) != (b >= 0))
    # Few pairs are left: the edges that the chord's whole line runs through.
    px, py, qx, qy = chords[chord[hit]].T
    ax, ay, bx, by = ends[edge[hit]].T
    p = (bx - ax) * (py - ay) - (by - ay) * (px - ax)
    q = (bx - ax) * (qy - ay) - (by - ay) * (qx - ax)
    between = (p >= 0) != (q >= 0)
    p, q, hit = p[between], q[between], hit[between]
    return _Tried(hit, p / (p - q), q >= 0, near)


def _beside(chords: FloatArray, ends: FloatArray) -> BoolArray:
    """Tell which edges reach beside their chord, not only beside its line drawn on."""
    run = chords[:, 2:] - chords[:, :2]
    length = (run**2).sum(axis=1)
    ahead = [((at - chords[:, :2]) * run).sum(axis=1) for at in (ends[:, :2], ends[:, 2:])]
    margin = 0.01 * length
    beside: BoolArray = (np.maximum(*ahead) >= -margin) & (np.minimum(*ahead) <= length + margin)
    return beside


def _reach_deg(chords: FloatArray) -> FloatArray:
    """Tell how many degrees of longitude the lines may lie off their chords."""
    lat = np.abs(chords[:, [1, 3]]).max(axis=1).clip(max=89.9)
    reach: FloatArray = MAX_OFFSET_M / (_METRES_PER_DEG * np.cos(np.radians(lat)))
    return reach


def _cross(one: FloatArray, other: FloatArray) -> FloatArray:
    product: FloatArray = one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]
    return product


def _along_m(chords: Chords, hits: _Hits) -> FloatArray:
    return chords.start_m[hits.chord] + hits.share * chords.step_m[hits.chord]


def _joined(one: _Hits, other: _Hits) -> _Hits:
    names = ("chord", "edge", "share", "enters_left")
    return _Hits(*(np.concatenate([getattr(one, n), getattr(other, n)]) for n in names))
