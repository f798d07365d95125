"""Draw WGS84 geodesics: their length, their bearings and the points along them.

All lines are those of Karney, "Algorithms for geodesics", J. Geodesy 87 (2013), as PROJ has them.
"""

from collections.abc import Sequence

import numpy as np
from pyproj import Geod

from geo.model import FloatArray, Leg, LonLat, Place, Route, Track

GEOD = Geod(ellps="WGS84")
_LONGEST_STEP_M = 100_000.0
_MEAN_RADIUS_M = 6_371_008.8


def make_leg(start: Place, end: Place) -> Leg:
    """Join two places by the shortest geodesic; between antipodes, by one of the shortest."""
    azimuth, back_azimuth, length_m = GEOD.inv(start.lon, start.lat, end.lon, end.lat)
    return Leg(start, end, length_m, azimuth % 360, (back_azimuth + 180) % 360)


def make_route(name: str, places: Sequence[Place]) -> Route:
    """Join two or more places, each to the next."""
    pairs = zip(places[:-1], places[1:], strict=True)
    return Route(name, tuple(make_leg(start, end) for start, end in pairs))


def make_track(route: Route, *, max_offset_m: float = 10.0) -> Track:
    """Densify a route until its chords, straight in lon/lat, stay within `max_offset_m` of it.

    The offset holds along the track as well as across it, so a point found at a share of a chord
    lies at that share of the chord's metres. Longitudes run on over the antimeridian.
    """
    legs = [_densify(leg, max_offset_m) for leg in route.legs]
    starts_m = np.cumsum([0.0, *(leg.length_m for leg in route.legs)])
    lonlat = np.concatenate([legs[0][0][:1], *(points[1:] for points, _ in legs)])
    distance_m = np.concatenate(
        [[0.0], *(along[1:] + start for (_, along), start in zip(legs, starts_m, strict=False))]
    )
    return Track(_unwrapped(lonlat), distance_m)


def points_at(track: Track, distance_m: FloatArray) -> FloatArray:
    """Find the points at these metres along a track, as (n, 2) with longitudes in -180..180."""
    lon = np.interp(distance_m, track.distance_m, track.lonlat[:, 0])
    lat = np.interp(distance_m, track.distance_m, track.lonlat[:, 1])
    return np.column_stack([wrapped(lon), lat])


def wrapped(lon: FloatArray) -> FloatArray:
    """Bring longitudes into -180..180; 180 stays 180."""
    return np.where(np.abs(lon) <= 180, lon, (lon + 180) % 360 - 180)


def display_line(track: Track, points: int = 100) -> tuple[LonLat, ...]:
    """Thin a track to about `points` points for drawing; corners of the route may move by little.

    Longitudes run on over the antimeridian, so that the line is drawn in one piece.
    """
    if len(track.lonlat) <= points:
        kept = track.lonlat
    else:
        kept = track.lonlat[np.linspace(0, len(track.lonlat) - 1, points).round().astype(int)]
    return tuple((float(lon), float(lat)) for lon, lat in kept)


def _densify(leg: Leg, max_offset_m: float) -> tuple[FloatArray, FloatArray]:
    """Return points (n, 2) and their metres (n,) along one leg, ends exact."""
    along = np.linspace(0.0, leg.length_m, 1 + max(1, int(np.ceil(leg.length_m / _LONGEST_STEP_M))))
    while True:
        offset_m = _offsets_m(leg, along)
        # A chord's offset grows with the square of its length.
        pieces = np.ceil(np.sqrt(offset_m / (0.9 * max_offset_m))).astype(int).clip(1, 64)
        if pieces.max() == 1:
            break
        steps = np.repeat(np.diff(along) / pieces, pieces)
        along = np.concatenate([[0.0], np.cumsum(steps)])
        along[-1] = leg.length_m
    points = _points_along(leg, along)
    points[0] = leg.start.lon, leg.start.lat
    points[-1] = leg.end.lon, leg.end.lat
    return points, along


def _offsets_m(leg: Leg, along: FloatArray) -> FloatArray:
    """Measure how far each chord's middle lies from the geodesic's, in metres."""
    ends = _unwrapped(_points_along(leg, along))
    middles = _points_along(leg, (along[:-1] + along[1:]) / 2)
    chord_middles = (ends[:-1] + ends[1:]) / 2
    gap = _unit_vectors(middles) - _unit_vectors(chord_middles)
    return np.linalg.norm(gap, axis=1) * _MEAN_RADIUS_M


def _points_along(leg: Leg, along: FloatArray) -> FloatArray:
    count = np.ones_like(along)
    lon, lat, _ = GEOD.fwd(
        leg.start.lon * count, leg.start.lat * count, leg.initial_bearing_deg * count, along
    )
    return np.column_stack([lon, lat])


def _unwrapped(lonlat: FloatArray) -> FloatArray:
    return np.column_stack([np.unwrap(lonlat[:, 0], period=360), lonlat[:, 1]])


def _unit_vectors(lonlat: FloatArray) -> FloatArray:
    lon, lat = np.radians(lonlat).T
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
