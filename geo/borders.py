"""Cut lines with the borders of a coverage of polygons."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import shapely

from geo.curves import Curves
from geo.geodesy import Arcs, Chords, Lines, Nodes, joined, together
from geo.grid import Grid, make_grid
from geo.model import BoolArray, FloatArray, IntArray

NO_FACE = -1
# Of an arc of 200 km: so that a chord's ends are nearer to its middle than a grid cell's height.
_PIECES = 16
# Up to here chords of 12.5 km stay within 11 m of their line, and beyond they are cut finer. They
# must not leave it by more than the grid's slack.
_POLAR_DEG = 74.0
_POLAR_OFFSET_M = 3.0
_FINE_OFFSET_M = 0.1
_SETTLINGS = 2
_SURELY_M = 0.1
_METRES_PER_DEG, _LEAST_RADIUS_M = 110_500.0, 6_335_000.0
# Lines are moved by these degrees, a tenth of a millimetre, off the vertices that they turn at and
# the borders that they follow: so both ways along a border, and what is looked up there, agree.
ASIDE_DEG = np.array([0.731e-9, 1.313e-9])
_ASIDE_TWICE = np.tile(ASIDE_DEG, 2)


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

        Chords of 12.5 km or less find the edges. Where one passes an edge's end so near that the
        line itself may pass on the other side, it is cut finer and tried anew.
        """
        arcs = self._near(lines.nodes())
        curves = Curves.along(arcs)
        chords = self._chords_near(arcs, curves)
        hits, close = self._hits(chords)
        if close.any():
            fine = curves.refined(chords.only(close), _FINE_OFFSET_M)
            again, _ = self._hits(fine)
            again = replace(again, chord=again.chord + len(chords.owner))
            hits = _joined(hits.only(~close[hits.chord]), again)
            chords = together([chords, fine])
        arc = chords.owner[hits.chord]
        line = arcs.chords.owner[arc]
        at_m = arcs.chords.start_m[arc] + self._settled(curves, chords, hits)
        return self._cuts(lines.route[line], lines.begins_m[line] + at_m, hits)

    def _cuts(self, route: IntArray, at_m: FloatArray, hits: _Hits) -> Cuts:
        left, right = self.left[hits.edge], self.right[hits.edge]
        leaves = np.where(hits.enters_left, right, left)
        enters = np.where(hits.enters_left, left, right)
        order = np.lexsort([at_m, route])
        return Cuts(route[order], at_m[order], leaves[order], enters[order])

    def _settled(self, curves: Curves, chords: Chords, hits: _Hits) -> FloatArray:
        """Move hits along their curves to where these, and not the chords, meet the edges."""
        curve = chords.owner[hits.chord]
        start_m, step_m = chords.start_m[hits.chord], chords.step_m[hits.chord]
        lon0, lat0, lon1, lat1 = chords.ends.T[:, hits.chord]
        run_lon, run_lat = lon1 - lon0, lat1 - lat0
        a_lon, a_lat, b_lon, b_lat = self.ends.T[:, hits.edge]
        along_lon, along_lat = b_lon - a_lon, b_lat - a_lat
        per_share = run_lon * along_lat - run_lat * along_lon
        share = hits.share
        for _ in range(_SETTLINGS):
            lon, lat = curves.points(curve, start_m + share * step_m).T
            off_lon, off_lat = lon - lon0 - share * run_lon, lat - lat0 - share * run_lat
            off_lon -= 360 * np.rint(off_lon / 360)
            # Where the line stands off the chord, it meets the edge so much sooner or later.
            sooner = (off_lon * along_lat - off_lat * along_lon) / per_share
            share = np.minimum(np.maximum(hits.share - sooner, 0), 1)
        return start_m + share * step_m

    def _near(self, nodes: Nodes) -> Arcs:
        """Find the arcs that may come near an edge: those from or to a node within 100 km of it."""
        near = self.grid.is_within_100_km(*nodes.courses[:2])
        near[:-1] |= near[1:]
        return nodes.arcs(near)

    def _chords_near(self, arcs: Arcs, curves: Curves) -> Chords:
        """Cut arcs into chords of 12.5 km or less, and keep those that may come near an edge.

        The middle of these is within a cell's height of it.
        """
        step_m = arcs.chords.step_m / _PIECES
        points = curves.evenly(step_m, _PIECES + 1)
        # The very nodes, which two arcs share.
        points[:, 0], points[:, -1] = arcs.chords.ends[:, :2], arcs.chords.ends[:, 2:]
        lon, lat = points[..., 0], points[..., 1]
        turn = lon[:, 1:] - lon[:, :-1]
        turn -= 360 * np.rint(turn / 360)
        middle = lon[:, :-1] + turn / 2
        middle -= 360 * np.rint(middle / 360)
        arc, number = self.grid.is_near(middle, (lat[:, :-1] + lat[:, 1:]) / 2).nonzero()
        step_m = step_m[arc]
        ends = joined(points[arc, number], points[arc, number + 1])
        chords = Chords(arc, number * step_m, step_m, ends)
        polar = np.maximum(np.abs(ends[:, 1]), np.abs(ends[:, 3])) > _POLAR_DEG
        if not polar.any():
            return chords
        finer = curves.refined(chords.only(polar), _POLAR_OFFSET_M)
        return together([chords.only(~polar), finer])

    def _hits(self, chords: Chords) -> tuple[_Hits, BoolArray]:
        """Find where chords, moved aside, cut edges, and which pass close by an edge's end."""
        ends, source = _on_one_map(chords.ends + _ASIDE_TWICE)
        reach_deg = _reach_deg(ends, chords.step_m[source])
        chord, edge = self.grid.pairs_in_line(_clipped(ends), reach_deg)
        tried = _intersect(ends, chord, self.ends, edge, reach_deg)
        close = np.zeros(len(chords.owner), dtype=bool)
        close[source[chord[tried.near]]] = True
        # A pair that shares several cells was tried several times.
        once = _once(source[chord[tried.hit]] * len(self.ends) + edge[tried.hit])
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
    if np.abs(chords[:, ::2]).max(initial=0) < 180:
        return chords, np.arange(len(chords))
    # Whole turns, so that neighbouring chords still share their points to the last bit.
    shift = -360.0 * np.round((chords[:, 0] + chords[:, 2]) / 720)
    chords = chords + np.column_stack([shift, 0 * shift, shift, 0 * shift])
    over = (np.maximum(np.abs(chords[:, 0]), np.abs(chords[:, 2])) >= 180).nonzero()[0]
    turn = -360.0 * np.sign(chords[over][:, [0, 2]].sum(axis=1))
    copies = chords[over] + np.column_stack([turn, 0 * turn, turn, 0 * turn])
    return np.vstack([chords, copies]), np.concatenate([np.arange(len(chords)), over])


def _clipped(chords: FloatArray) -> FloatArray:
    """Cut off what lies beyond 180 degrees."""
    lon0, _, lon1, _ = chords.T
    beyond = (np.maximum(np.abs(lon0), np.abs(lon1)) > 180).nonzero()[0]
    if not len(beyond):
        return chords
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


def _intersect(
    chords: FloatArray, chord: IntArray, ends: FloatArray, edge: IntArray, reach_deg: FloatArray
) -> _Tried:
    """Cut pairs of chord and edge.

    A point that lies exactly on a line counts as on its left. Neighbouring edges and neighbouring
    chords share their points, so that a cut through a vertex is never lost between the two.
    """
    px, py, qx, qy = chords.take(chord, axis=0).T
    ax, ay, bx, by = ends.take(edge, axis=0).T
    run_x, run_y = qx - px, qy - py
    a = run_x * (ay - py) - run_y * (ax - px)
    b = run_x * (by - py) - run_y * (bx - px)
    reach = reach_deg[chord] * np.hypot(run_x, run_y)
    near = (np.minimum(np.abs(a), np.abs(b)) < reach).nonzero()[0]
    if len(near):
        near = near[_beside(chords[chord[near]], ends[edge[near]])]
    p = (bx - ax) * (py - ay) - (by - ay) * (px - ax)
    q = (bx - ax) * (qy - ay) - (by - ay) * (qx - ax)
    hit = (((a >= 0) != (b >= 0)) & ((p >= 0) != (q >= 0))).nonzero()[0]
    p, q = p[hit], q[hit]
    return _Tried(hit, p / (p - q), q >= 0, near)


def _beside(chords: FloatArray, ends: FloatArray) -> BoolArray:
    """Tell which edges reach beside their chord, not only beside its line drawn on."""
    run = chords[:, 2:] - chords[:, :2]
    length = (run**2).sum(axis=1)
    ahead = [((at - chords[:, :2]) * run).sum(axis=1) for at in (ends[:, :2], ends[:, 2:])]
    margin = 0.01 * length
    beside: BoolArray = (np.maximum(*ahead) >= -margin) & (np.minimum(*ahead) <= length + margin)
    return beside


def _reach_deg(chords: FloatArray, step_m: FloatArray) -> FloatArray:
    """Tell how many degrees of longitude the lines may lie off their chords.

    A straight way in lon/lat bends by tan(latitude) sin(azimuth) (1 + cos^2(azimuth)) / radius off
    a geodesic, which is 1.09 tan(latitude) / radius at the most.
    """
    lat = np.radians(np.maximum(np.abs(chords[:, 1]), np.abs(chords[:, 3])).clip(max=89.9))
    offset_m = _SURELY_M + 1.1 * np.tan(lat) * step_m**2 / (8 * _LEAST_RADIUS_M)
    reach: FloatArray = offset_m / (_METRES_PER_DEG * np.cos(lat))
    return reach


def _along_m(chords: Chords, hits: _Hits) -> FloatArray:
    return chords.start_m[hits.chord] + hits.share * chords.step_m[hits.chord]


def _once(keys: IntArray) -> IntArray:
    """Find one place of each key, in the order of the keys."""
    order = keys.argsort(kind="stable")
    keys = keys[order]
    first = np.ones(len(keys), dtype=bool)
    first[1:] = keys[1:] != keys[:-1]
    return order[first]


def _joined(one: _Hits, other: _Hits) -> _Hits:
    names = ("chord", "edge", "share", "enters_left")
    return _Hits(*(np.concatenate([getattr(one, n), getattr(other, n)]) for n in names))
