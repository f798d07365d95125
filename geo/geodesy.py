"""Draw WGS84 geodesics: their length, their bearings and the points along them.

All lines are those of Karney, "Algorithms for geodesics", J. Geodesy 87 (2013), as PROJ has them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from pyproj import Geod

from geo.errors import GeoError
from geo.model import FloatArray, IntArray, Leg, Place, Route, Track

GEOD = Geod(ellps="WGS84")
_LONGEST_STEP_M = 100_000.0
_SAME_POINT_M = 1e-6
_MEAN_RADIUS_M = 6_371_008.8


def make_leg(start: Place, end: Place) -> Leg:
    """Join two places by the shortest geodesic; between antipodes, by one of the shortest."""
    azimuth, back_azimuth, length_m = GEOD.inv(start.lon, start.lat, end.lon, end.lat)
    return Leg(start, end, length_m, azimuth % 360, (back_azimuth + 180) % 360)


def make_route(name: str, places: Sequence[Place]) -> Route:
    """Join two or more places, each to the next. Raises GeoError for fewer."""
    if len(places) < 2:
        raise GeoError(f'route "{name}": {len(places)} places, fewer than 2')
    return Route(name, tuple(make_leg(start, end) for start, end in pairwise(places)))


def make_track(route: Route, *, max_offset_m: float = 10.0) -> Track:
    """Densify one route; see `make_tracks`."""
    return make_tracks([route], max_offset_m=max_offset_m)[0]


def make_tracks(routes: Sequence[Route], *, max_offset_m: float = 10.0) -> list[Track]:
    """Densify routes until their chords, straight in lon/lat, stay within `max_offset_m` of them.

    The offset holds along the track as well as across it, so a point found at a share of a chord
    lies at that share of the chord's metres. Longitudes run on over the antimeridian.
    """
    lines = _Lines.of([leg for route in routes for leg in route.legs])
    leg, start_m = _densify(lines, max_offset_m)
    points = lines.points(leg, start_m)
    route_of_leg = np.repeat(np.arange(len(routes)), [len(route.legs) for route in routes])
    route_start_m = np.concatenate([_starts_m(route) for route in routes])
    splits = np.searchsorted(route_of_leg[leg], np.arange(1, len(routes)))
    return [
        _track(route, lonlat, along_m)
        for route, lonlat, along_m in zip(
            routes,
            np.split(points, splits),
            np.split(start_m + route_start_m[leg], splits),
            strict=True,
        )
    ]


def points_at(track: Track, distance_m: FloatArray) -> FloatArray:
    """Find the points at these metres along a track, as (n, 2) with longitudes in -180..180."""
    lon = np.interp(distance_m, track.distance_m, track.lonlat[:, 0])
    lat = np.interp(distance_m, track.distance_m, track.lonlat[:, 1])
    return np.column_stack([wrapped(lon), lat])


def wrapped(lon: FloatArray) -> FloatArray:
    """Bring longitudes into -180..180; 180 stays 180."""
    return np.where(np.abs(lon) <= 180, lon, (lon + 180) % 360 - 180)


@dataclass(frozen=True, slots=True)
class _Lines:
    """Geodesics as arrays: their ends (n, 2), their azimuths in degrees and their metres."""

    start: FloatArray
    end: FloatArray
    azimuth_deg: FloatArray
    length_m: FloatArray

    @classmethod
    def of(cls, legs: Sequence[Leg]) -> "_Lines":
        return cls(
            np.array([(leg.start.lon, leg.start.lat) for leg in legs], dtype=float),
            np.array([(leg.end.lon, leg.end.lat) for leg in legs], dtype=float),
            np.array([leg.initial_bearing_deg for leg in legs]),
            np.array([leg.length_m for leg in legs]),
        )

    def points(self, line: IntArray, along_m: FloatArray) -> FloatArray:
        """Find the points at these metres along these lines, as (n, 2).

        The ends are the places as given: at a pole their longitude may be any.
        """
        start = self.start[line]
        lon, lat, _ = GEOD.fwd(start[:, 0], start[:, 1], self.azimuth_deg[line], along_m)
        ends = (self.length_m[line] - along_m < _SAME_POINT_M)[:, None]
        lonlat = np.where(ends, self.end[line], np.column_stack([lon, lat]))
        return np.where(along_m[:, None] < _SAME_POINT_M, start, lonlat)


def _densify(lines: _Lines, max_offset_m: float) -> tuple[IntArray, FloatArray]:
    """Cut lines into chords: for each its line, and the metres along that at which it starts."""
    pieces = np.ceil(lines.length_m / _LONGEST_STEP_M).astype(int).clip(1)
    line, start_m, step_m = _cut(np.arange(len(pieces)), 0 * lines.length_m, lines.length_m, pieces)
    unsure = np.ones(len(line), dtype=bool)
    while unsure.any():
        offset_m = _offsets_m(lines, line[unsure], start_m[unsure], step_m[unsure])
        pieces = np.ones(len(line), dtype=int)
        # A chord's offset grows with the square of its length.
        pieces[unsure] = np.ceil(np.sqrt(offset_m / (0.9 * max_offset_m))).clip(1, 64)
        unsure = np.repeat(pieces > 1, pieces)
        line, start_m, step_m = _cut(line, start_m, step_m, pieces)
    return line, start_m


def _cut(
    line: IntArray, start_m: FloatArray, step_m: FloatArray, pieces: IntArray
) -> tuple[IntArray, FloatArray, FloatArray]:
    """Cut each chord into its number of equal pieces."""
    number = np.arange(pieces.sum()) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    step_m = np.repeat(step_m / pieces, pieces)
    return np.repeat(line, pieces), np.repeat(start_m, pieces) + number * step_m, step_m


def _offsets_m(
    lines: _Lines, line: IntArray, start_m: FloatArray, step_m: FloatArray
) -> FloatArray:
    """Measure how far each chord's middle lies from the geodesic's, in metres."""
    starts, middles, ends = (lines.points(line, start_m + share * step_m) for share in (0, 0.5, 1))
    turn = ends[:, 0] - starts[:, 0]
    ends[:, 0] -= 360 * np.round(turn / 360)
    gap = _unit_vectors(middles) - _unit_vectors((starts + ends) / 2)
    offset_m: FloatArray = np.linalg.norm(gap, axis=1) * _MEAN_RADIUS_M
    return offset_m


def _starts_m(route: Route) -> FloatArray:
    """Sum up the metres flown before each leg."""
    return np.cumsum([0.0, *(leg.length_m for leg in route.legs[:-1])])


def _track(route: Route, lonlat: FloatArray, along_m: FloatArray) -> Track:
    end = route.legs[-1].end
    lonlat = np.vstack([lonlat, [end.lon, end.lat]])
    # By whole turns, unlike np.unwrap, so that the places stay what they are to the last bit.
    lonlat[1:, 0] -= 360 * np.cumsum(np.round(np.diff(lonlat[:, 0]) / 360))
    return Track(lonlat, np.append(along_m, route.length_m))


def _unit_vectors(lonlat: FloatArray) -> FloatArray:
    lon, lat = np.radians(lonlat).T
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
