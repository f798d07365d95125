"""Bring the borders back around a point that lies in a filled pocket."""

from collections.abc import Iterator
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


@dataclass(frozen=True, slots=True)
class Opening:
    """Pockets that are open again.

    `mouths` are the rows of the hull that closed them, `behind` the edges (n, 4) of the borders
    behind, with the shut side on their left, and `beside` the rows of the hull that meet these.
    """

    mouths: IntArray
    behind: FloatArray
    beside: IntArray

    def around(self, hull: FloatArray) -> FloatArray:
        """List the edges of the hull with these pockets open."""
        return np.vstack([np.delete(hull, self.mouths, axis=0), self.behind])


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
    mouths = np.array(list(behind), dtype=int)
    found = np.vstack([hull[:0], *behind.values()])
    beside = np.isin(keys_of(hull[:, 2:]), keys_of(found[:, :2]))
    beside |= np.isin(keys_of(hull[:, :2]), keys_of(found[:, 2:]))
    beside[mouths] = False
    return Opening(mouths, found, np.flatnonzero(beside))


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
    rows = rows[are_near(point, reach_m, borders.ends[rows])]
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
