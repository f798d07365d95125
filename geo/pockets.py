"""Bring the borders back around a point that lies in a filled pocket."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from geo.borders import Borders
from geo.corners import keys_of, unit_vectors
from geo.hulls import POCKET_M, cut_borders
from geo.model import BoolArray, FloatArray, IntArray, LonLat

_EARTH_M = 6_371_000.0
_SAME_M = 1.0
# Metres on the plane, or of a chord through the earth, are nearly those on the ground.
_ROUNDLY = 1.02
_NEARLY_M = 100.0
# A straight way in lon/lat bends so far off a mouth at most, up to 85 degrees.
_BEND_M = 1_000.0


@dataclass(frozen=True, slots=True)
class Opening:
    """Pockets that are open again.

    `mouths` are the rows of the hull that closed them, `behind` the edges (n, 4) of the borders
    behind, with the shut side on their left, and `mouth` the row that each of these was behind;
    `beside` are the rows of the hull that meet them.
    """

    mouths: IntArray
    behind: FloatArray
    mouth: IntArray
    beside: IntArray

    @classmethod
    def of(cls, borders: Mapping[int, FloatArray], hull: FloatArray) -> "Opening":
        """Take the borders (n, 4) behind these rows of a hull."""
        mouths = np.array(list(borders), dtype=int)
        counts = np.array([len(border) for border in borders.values()], dtype=int)
        behind = np.vstack([hull[:0], *borders.values()])
        beside = np.isin(keys_of(hull[:, 2:]), keys_of(behind[:, :2]))
        beside |= np.isin(keys_of(hull[:, :2]), keys_of(behind[:, 2:]))
        beside[mouths] = False
        return cls(mouths, behind, np.repeat(mouths, counts), np.flatnonzero(beside))

    def around(self, hull: FloatArray) -> FloatArray:
        """List the edges of the hull with these pockets open."""
        return np.vstack([np.delete(hull, self.mouths, axis=0), self.behind])

    def faces(self, hull_face: IntArray) -> IntArray:
        """List the shut faces of the edges of `around`."""
        return np.concatenate([np.delete(hull_face, self.mouths), hull_face[self.mouth]])


def open_pockets(
    points: list[LonLat], reach_m: float, hull: FloatArray, borders: Borders, shut: BoolArray
) -> Opening:
    """Open the pockets of a hull that any of these points lies in, or nearer to than `reach_m`."""
    behind: dict[int, FloatArray] = {}
    for point in points:
        edges = _edges_near(point, reach_m + 2 * POCKET_M, borders, shut)
        rows = np.flatnonzero(are_near(point, reach_m + POCKET_M, hull))
        for mouth, border in _pockets(rows, hull, edges):
            area = shapely.Polygon(_on_plane_m(point, np.vstack([border[:, :2], border[-1:, 2:]])))
            if shapely.dwithin(area, shapely.Point(0, 0), _ROUNDLY * reach_m + _NEARLY_M):
                behind[mouth] = border
    return Opening.of(behind, hull)


def open_pockets_at(
    edges: FloatArray, reach_m: float, hull: FloatArray, borders: Borders, shut: BoolArray
) -> Opening:
    """Open the pockets of a hull that edges (n, 4) enter, or come nearer to than `reach_m`.

    A way may lead behind what stands in the mouth of a pocket. A few that are farther are opened
    with them, which loses nothing.
    """
    near = _Near(edges)
    rows = near.rows(hull, reach_m + POCKET_M)
    around = np.flatnonzero(shut[borders.left] != shut[borders.right])
    around = around[near.rows(borders.ends[around], reach_m + 2 * POCKET_M)]
    found = dict(_pockets(rows, hull, _with_shut_left(around, borders, shut)))
    outlines = [np.vstack([border[:, :2], border[-1:, 2:]]) for border in found.values()]
    entered = set(near.areas(outlines, reach_m + _BEND_M).tolist())
    kept = {row: each for n, (row, each) in enumerate(found.items()) if n in entered}
    return Opening.of(kept, hull)


def is_in_pocket(point: LonLat, hull: FloatArray) -> bool:
    """Tell whether an open point lies behind the mouth of a pocket.

    `hull` are edges (n, 4) with the closed side on their left, pockets filled: the point lies
    behind, where its nearest edge has it on the left.
    """
    start, run = _runs_m(point, hull[nearest_edges(point, hull)])
    # On the left of an edge: the way to the point, and so minus its start, turns left from it.
    left = run[:, 1] * start[:, 0] - run[:, 0] * start[:, 1] > 0
    near = np.hypot(*start.T) < 2 * POCKET_M
    return bool((near & left).any())


def nearest_edges(point: LonLat, edges: FloatArray) -> IntArray:
    """Number the edges (n, 4) nearest to a point: several where these meet in the nearest point."""
    start, run = _runs_m(point, edges)
    share = -(start * run).sum(axis=1) / (run * run).sum(axis=1).clip(1e-9)
    distance_m = np.hypot(*(start + share.clip(0, 1)[:, None] * run).T)
    return np.flatnonzero(distance_m <= distance_m.min(initial=np.inf) + _SAME_M)


def is_beside(point: LonLat, reach_m: float, edges: FloatArray) -> bool:
    """Tell whether a point lies nearer than that to one of the edges (n, 4)."""
    start, run = _runs_m(point, edges[are_near(point, reach_m, edges)])
    share = -(start * run).sum(axis=1) / (run * run).sum(axis=1).clip(1e-9)
    distance_m = np.hypot(*(start + share.clip(0, 1)[:, None] * run).T)
    return bool((distance_m < reach_m).any())


def are_near(point: LonLat, reach_m: float, edges: FloatArray) -> BoolArray:
    """Mark the edges (n, 4) that may come nearer to a point."""
    at = unit_vectors(np.array([point]))[0]
    starts, stops = unit_vectors(edges[:, :2]), unit_vectors(edges[:, 2:])
    most = reach_m / _EARTH_M + np.linalg.norm(stops - starts, axis=1)
    near: BoolArray = np.linalg.norm(starts - at, axis=1) < _ROUNDLY * most
    return near


def _edges_near(point: LonLat, reach_m: float, borders: Borders, shut: BoolArray) -> FloatArray:
    """List the borders of shut faces near a point, (n, 4), with the shut side on their left."""
    rows = np.flatnonzero(shut[borders.left] != shut[borders.right])
    return _with_shut_left(rows[are_near(point, reach_m, borders.ends[rows])], borders, shut)


def _with_shut_left(rows: IntArray, borders: Borders, shut: BoolArray) -> FloatArray:
    """Cut these borders of shut faces, (n, 4), the shut side on their left."""
    ends, left, _ = cut_borders(borders, rows)
    edges: FloatArray = np.where(shut[left][:, None], ends, ends[:, [2, 3, 0, 1]])
    return edges


def _pockets(
    rows: IntArray, hull: FloatArray, edges: FloatArray
) -> Iterator[tuple[int, FloatArray]]:
    """Find the borders, of edges (n, 4), behind these rows of a hull, where they are mouths."""
    starts, stops = keys_of(edges[:, :2]).tolist(), keys_of(edges[:, 2:]).tolist()
    leaving: dict[complex, list[int]] = {}
    for edge, start in enumerate(starts):
        leaving.setdefault(start, []).append(edge)
    mouth_starts, mouth_stops = keys_of(hull[rows, :2]).tolist(), keys_of(hull[rows, 2:]).tolist()
    on_hull = {*mouth_starts, *mouth_stops}
    for row, start, stop in zip(rows.tolist(), mouth_starts, mouth_stops, strict=True):
        for edge in leaving.get(start, ()):
            border = [edge]
            while stops[border[-1]] not in on_hull and len(border) < len(edges):
                border += leaving.get(stops[border[-1]], ())[:1] or [border[0]]
            if stops[border[-1]] == stop and len(border) > 1:
                yield row, edges[border]


class _Near:
    """Edges (n, 4), to be looked for by boxes of degrees, which take in a little too much."""

    def __init__(self, edges: FloatArray) -> None:
        lines = _run_on(edges)
        # They stand on both sides of the map, for what runs on over 180 degrees.
        turns = np.array([-360.0, 0.0, 360.0])[:, None, None] * np.array([1, 0, 1, 0])
        self._tree = shapely.STRtree(shapely.linestrings((lines + turns).reshape(-1, 2, 2)))

    def rows(self, edges: FloatArray, reach_m: float) -> IntArray:
        """List those of other edges (n, 4) that may come nearer to these."""
        west, south, east, north = _sorted(_run_on(edges))
        up, aside = _reach_deg(np.maximum(np.abs(south), np.abs(north)), reach_m)
        boxes = shapely.box(west - aside, south - up, east + aside, north + up)
        return np.unique(self._tree.query(boxes)[0])

    def areas(self, outlines: Sequence[FloatArray], reach_m: float) -> IntArray:
        """List those areas, by the points (n, 2) around each, that these come nearer to."""
        hulls = np.array([_hull_of(outline) for outline in outlines], dtype=object)
        _, south, _, north = shapely.bounds(hulls).reshape(-1, 4).T
        _, aside = _reach_deg(np.maximum(np.abs(south), np.abs(north)), reach_m)
        return np.unique(self._tree.query(hulls, predicate="dwithin", distance=aside)[0])


def _hull_of(outline: FloatArray) -> shapely.Geometry:
    lon = outline[:, 0] - 360 * np.round((outline[:, 0] - outline[0, 0]) / 360)
    points = shapely.MultiPoint(np.column_stack([lon, outline[:, 1]]))
    return points.convex_hull


def _run_on(edges: FloatArray) -> FloatArray:
    """Let edges (n, 4) run on over 180 degrees."""
    turn = 360 * np.round((edges[:, 2] - edges[:, 0]) / 360)
    running: FloatArray = edges - turn[:, None] * np.array([0.0, 0.0, 1.0, 0.0])
    return running


def _sorted(edges: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Give the west, south, east and north of edges."""
    west, east = np.sort(edges[:, ::2], axis=1).T
    south, north = np.sort(edges[:, 1::2], axis=1).T
    return west, south, east, north


def _reach_deg(lat: FloatArray, reach_m: float) -> tuple[float, FloatArray]:
    """Turn metres into degrees of latitude, and of longitude at a latitude and that much higher."""
    up = float(np.degrees(_ROUNDLY * reach_m / _EARTH_M))
    narrow = np.cos(np.radians((lat + up).clip(max=90)))
    return up, np.minimum(up / narrow.clip(1e-9), 180.0)


def _on_plane_m(point: LonLat, lonlat: FloatArray) -> FloatArray:
    """Put points (n, 2) near a point on the plane that touches the earth there, seen from within.

    Great ellipses are straight on it. It has no certain north.
    """
    up = unit_vectors(np.array([point]))[0]
    aside = np.cross(up, np.eye(3)[np.abs(up).argmin()])
    aside /= np.linalg.norm(aside)
    x, y, z = np.array([aside, np.cross(up, aside), up]) @ unit_vectors(lonlat).T
    flat: FloatArray = np.column_stack([x, y]) / z[:, None] * _EARTH_M
    return flat


def _runs_m(point: LonLat, edges: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Measure the starts of edges (n, 4) from a point, and how far the edges run, both (n, 2).

    Eastwards and northwards; near the point, right to a few per cent.
    """
    scale = np.radians([np.cos(np.radians(point[1])), 1.0]) * _EARTH_M
    start, run = edges[:, :2] - np.array(point), edges[:, 2:] - edges[:, :2]
    for gap in (start, run):
        gap[:, 0] -= 360 * np.round(gap[:, 0] / 360)
    return start * scale, run * scale
