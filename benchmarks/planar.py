"""Find ways around closed airspace with extremitypathfinder, for comparison.

It needs one polygon with holes on a plane, none of which may touch. So what is closed is put on an
ellipsoidal gnomonic plane (Karney 2013, section 8), where geodesics are nearly straight, united and
simplified to a stated fineness: at the full one it would take hours to prepare.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from time import perf_counter
from typing import Any

import numpy as np
import shapely
from geographiclib.geodesic import Geodesic  # type: ignore[import-untyped]

from geo.model import FloatArray, LonLat

_WANTED = Geodesic.AZIMUTH | Geodesic.REDUCEDLENGTH | Geodesic.GEODESICSCALE
# The plane ends so far beyond what is on it.
_BEYOND_M = 500_000.0
# Smaller pieces are left out.
_LEAST_M2 = 1e6


@dataclass(frozen=True)
class Plane:
    """The gnomonic plane that touches the ellipsoid at a point."""

    lon: float
    lat: float

    def to(self, lonlat: FloatArray) -> FloatArray:
        """Put points (n, 2) on the plane, in metres."""
        lines = [Geodesic.WGS84.Inverse(self.lat, self.lon, y, x, _WANTED) for x, y in lonlat]
        rho = np.array([line["m12"] / line["M12"] for line in lines])
        turn = np.radians([line["azi1"] for line in lines])
        return np.column_stack([rho * np.sin(turn), rho * np.cos(turn)])

    def back(self, flat: FloatArray) -> FloatArray:
        """Find the points (n, 2) in lon/lat, by Newton's method."""
        return np.array([self._back(x, y) for x, y in flat.tolist()])

    def _back(self, x: float, y: float) -> LonLat:
        rho, turn = np.hypot(x, y), np.degrees(np.arctan2(x, y))
        line = Geodesic.WGS84.Line(self.lat, self.lon, turn, Geodesic.ALL)
        at_m = Geodesic.WGS84.a * np.arctan(rho / Geodesic.WGS84.a)
        for _ in range(4):
            at = line.Position(at_m, Geodesic.ALL)
            at_m -= (at["m12"] / at["M12"] - rho) * at["M12"] ** 2
        return at["lon2"], at["lat2"]


@dataclass
class Planner:
    """What is closed, prepared on a plane, and what that took."""

    environment: Any
    plane: Plane
    vertices: int
    prepared_s: float

    def way(self, start: LonLat, end: LonLat) -> tuple[FloatArray, float]:
        """Find a way as points (n, 2), and the seconds that took."""
        ends = [tuple(point) for point in self.plane.to(np.array([start, end])).tolist()]
        begin = perf_counter()
        path, _ = self.environment.find_shortest_path(*ends)
        took_s = perf_counter() - begin
        found = self.plane.back(np.array(path, dtype=float))
        found[[0, -1]] = start, end
        return found, took_s


def make_planner(
    areas: Sequence[Any], ends: FloatArray, plane: Plane, fineness_m: float
) -> Planner:
    """Prepare polygons in lon/lat to be gone around between ends (n, 2)."""
    flat = shapely.union_all([shapely.transform(area, plane.to) for area in areas])
    simple = shapely.union_all(shapely.simplify(flat, fineness_m))
    # A hair narrower, so that none touch; and without the enclaves in them.
    parts = shapely.get_parts(shapely.buffer(simple, -1.0, join_style="mitre"))
    parts = parts[shapely.area(parts) > _LEAST_M2]
    holes = [ring_of(part)[::-1] for part in parts]
    west, south, east, north = shapely.bounds(
        shapely.GeometryCollection([*parts, shapely.MultiPoint(plane.to(ends))])
    ) + _BEYOND_M * np.array([-1, -1, 1, 1])
    begin = perf_counter()
    environment = import_module("extremitypathfinder").PolygonEnvironment()
    environment.store([(west, south), (east, south), (east, north), (west, north)], holes)
    if not environment.prepared:
        environment.prepare()
    return Planner(environment, plane, sum(map(len, holes)), perf_counter() - begin)


def ring_of(part: Any) -> list[tuple[float, float]]:
    """List the shell of a polygon, counter-clockwise, each point once."""
    shell = shapely.get_exterior_ring(shapely.orient_polygons(part))
    return [(x, y) for x, y in shapely.get_coordinates(shell)[:-1].tolist()]
