"""Tell where routes pass through the volumes of a layer, each volume by itself.

A layer is no coverage as the airspace is: its volumes may overlap, and none is told of another or
of the national airspace. So each (route, volume) pair is cut and labelled like a route of its own.

A volume's edges are straight in lon/lat between its vertices, as GeoJSON has them and as layer
files are drawn; the route is the geodesic, met within 10 m along it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import shapely

from geo.borders import ASIDE_DEG, NO_FACE, Borders, Cuts
from geo.geodesy import Lines, wrapped
from geo.grid import make_grid
from geo.layers import Layer, Volume
from geo.model import BoolArray, FloatArray, IntArray, LonLat, Route
from geo.stretches import Stretches, make_stretches


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a route inside one volume, from `start_m` to `end_m` along it."""

    volume: Volume
    start_m: float
    end_m: float
    entry: LonLat
    exit: LonLat

    @property
    def length_m(self) -> float:
        """The metres between entry and exit."""
        return self.end_m - self.start_m


@dataclass(frozen=True)
class Overlay:
    """The volumes of a layer, ready to be asked.

    `borders` has each volume's inside on the left of its edges, and no face on their right; `areas`
    are the volumes' geometries, prepared.
    """

    layer: Layer
    borders: Borders
    areas: npt.NDArray[np.object_]
    _tree: shapely.STRtree

    def passages(self, routes: Sequence[Route]) -> list[tuple[Passage, ...]]:
        """List each route's passages, by their start, then by the volume's place in the file.

        A volume is listed once for each time that the route is in it; those shorter than a metre
        are not told from a touch.
        """
        listed: list[list[Passage]] = [[] for _ in routes]
        if routes:
            found = self.stretches(Lines.of(routes))
            columns = (found.start_m, found.end_m, found.entry, found.exit)
            numbers = found.route.tolist(), found.face.tolist()
            for route, volume, start_m, end_m, entry, exit_ in zip(
                *numbers, *(column.tolist() for column in columns), strict=True
            ):
                at = tuple(entry), tuple(exit_)
                listed[route].append(Passage(self.layer.volumes[volume], start_m, end_m, *at))
        return [tuple(passages) for passages in listed]

    def stretches(self, lines: Lines) -> Stretches:
        """Find the passages of geodesics as columns; `face` is the index of the volume.

        Unlike those of the airspace they may overlap and leave gaps.
        """
        cuts = self.borders.cut_lines(lines)
        cuts, route, volume = self._paired(cuts, *self._around_starts(lines))
        if not len(route):
            nothing, nowhere = np.zeros(0), np.zeros((0, 2))
            return Stretches(route, volume, nothing, nothing, nowhere, nowhere)
        points_at = partial(_points_for, lines, route, volume)
        lengths_m = lines.route_lengths_m()[route]
        found = make_stretches(lengths_m, cuts, points_at, self._locate)
        inside = np.flatnonzero(found.face != NO_FACE)
        order = np.lexsort([found.face[inside], found.start_m[inside], route[found.route[inside]]])
        kept = inside[order]
        return Stretches(
            route[found.route[kept]], found.face[kept], found.start_m[kept], found.end_m[kept],
            found.entry[kept, :2], found.exit[kept, :2],
        )  # fmt: skip

    def _paired(
        self, cuts: Cuts, route: IntArray, volume: IntArray
    ) -> tuple[Cuts, IntArray, IntArray]:
        """Count cuts by pairs of route and volume; also give both of each pair.

        A pair is any that has a cut, or is among these that are given.
        """
        count = len(self.areas)
        key = cuts.route.astype(np.int64) * count + np.maximum(cuts.leaves, cuts.enters)
        pairs = np.unique(np.concatenate([key, route * count + volume]))
        pair = np.searchsorted(pairs, key)
        # Stable, since a route's cuts come in order of their metres.
        order = np.argsort(pair, kind="stable")
        cuts = Cuts(pair[order], cuts.at_m[order], cuts.leaves[order], cuts.enters[order])
        return cuts, *np.divmod(pairs, max(count, 1))

    def _around_starts(self, lines: Lines) -> tuple[IntArray, IntArray]:
        """Pair routes with the volumes that hold their starts: they may never leave them."""
        routes = np.arange(lines.route[-1] + 1)
        return self.around(lines.start[np.searchsorted(lines.route, routes)])

    def around(self, points: FloatArray) -> tuple[IntArray, IntArray]:
        """Pair points (n, 2) with the volumes that hold them; returns the numbers of both."""
        lon, lat = _aside(points)
        point, volume = self._tree.query(shapely.points(lon, lat))
        held = shapely.intersects_xy(self.areas[volume], lon[point], lat[point])
        return point[held], volume[held]

    def _locate(self, points: FloatArray) -> IntArray:
        """Tell of points (n, 3), lon/lat/volume, whether their volume holds them: it or no face."""
        lon, lat = _aside(points[:, :2])
        volume = points[:, 2].astype(np.int64)
        held = shapely.intersects_xy(self.areas[volume], lon, lat)
        return np.where(held, volume, NO_FACE)


def make_overlay(layer: Layer) -> Overlay:
    """Index the volumes of a layer."""
    areas: npt.NDArray[np.object_] = np.empty(len(layer.volumes), dtype=object)
    areas[:] = [volume.geometry for volume in layer.volumes]
    shapely.prepare(areas)
    ends, volume = edges_around(areas)
    borders = Borders(ends, volume, np.full(len(volume), NO_FACE), make_grid(ends))
    return Overlay(layer, borders, areas, shapely.STRtree(areas))


def _points_for(
    lines: Lines, route: IntArray, volume: IntArray, pair: IntArray, at_m: FloatArray
) -> FloatArray:
    """Find the points at these metres along the routes of these pairs, each with its volume."""
    return np.column_stack([lines.points_on_routes(route[pair], at_m), volume[pair]])


def _aside(lonlat: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Move points as lines are moved where they are cut."""
    lon, lat = (lonlat + ASIDE_DEG).T
    return wrapped(lon), lat.clip(max=90)


def edges_around(areas: npt.NDArray[np.object_]) -> tuple[FloatArray, IntArray]:
    """List the edges (n, 4) of areas, their inside on the left, and the number of each one's area.

    The seams of the map are left out: what runs along 180 degrees within an area, or at a pole.
    """
    parts, part_volume = shapely.get_parts(areas, return_index=True)
    rings, ring_part = shapely.get_rings(shapely.orient_polygons(parts), return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    starts = np.flatnonzero(ring[1:] == ring[:-1])
    ends, volume = np.hstack([xy[starts], xy[starts + 1]]), part_volume[ring_part[ring[starts]]]
    lon0, lat0, lon1, lat1 = ends.T
    at_pole = (lat0 == lat1) & (np.abs(lat0) == 90)
    on_180 = (lon0 == lon1) & (np.abs(lon0) == 180) & ~at_pole
    real, real_volume = _real_on_180(ends[on_180], volume[on_180])
    plain = ~at_pole & ~on_180
    return np.vstack([ends[plain], real]), np.concatenate([volume[plain], real_volume])


def _real_on_180(ends: FloatArray, volume: IntArray) -> tuple[FloatArray, IntArray]:
    """Keep what bounds a volume of the edges along 180 degrees: where it lies on one side only."""
    kept = [ends[:0]]
    order = np.argsort(volume, kind="stable")
    names, first = np.unique(volume[order], return_index=True)
    for own in np.split(ends[order], first[1:]):
        lats = np.unique(own[:, [1, 3]])
        east, west = (_covered(own[own[:, 0] == lon], lats) for lon in (180, -180))
        south, north = lats[:-1], lats[1:]
        for lon, alone, start, end in (
            (180.0, east & ~west, south, north),
            (-180.0, west & ~east, north, south),
        ):
            side = np.full(alone.sum(), lon)
            kept.append(np.column_stack([side, start[alone], side, end[alone]]))
    counts = [len(one) + len(other) for one, other in zip(kept[1::2], kept[2::2], strict=True)]
    return np.vstack(kept), np.repeat(names, counts)


def _covered(ends: FloatArray, lats: FloatArray) -> BoolArray:
    """Tell which of the steps between these latitudes the edges cover."""
    change = np.zeros(len(lats), dtype=np.int64)
    low, high = np.sort(ends[:, [1, 3]], axis=1).T
    np.add.at(change, np.searchsorted(lats, low), 1)
    np.add.at(change, np.searchsorted(lats, high), -1)
    covered: BoolArray = np.cumsum(change)[:-1] > 0
    return covered
