"""Tell of a route leg by leg: how far north, how long at a speed, and when in which airspace."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from geo.errors import GeoError
from geo.geodesy import GEOD
from geo.model import Crossing, Leg, LonLat, Route

MAX_SPEED_KMH = 30_000.0
_HALVINGS = 50
_SAME_PLACE_M = 0.001


@dataclass(frozen=True, slots=True)
class Stage:
    """A leg within its route: the metres before it, its point farthest north, and its time.

    `north` lies `north_m` metres along the leg. `start_min` are the minutes flown before it.
    """

    leg: Leg
    begins_m: float
    north: LonLat
    north_m: float
    minutes: float
    start_min: float


@dataclass(frozen=True, slots=True)
class Entry:
    """When a route comes into an airspace and out of it, in minutes from the start."""

    crossing: Crossing
    start_min: float
    end_min: float

    @property
    def minutes(self) -> float:
        """The minutes between entry and exit."""
        return self.end_min - self.start_min


@dataclass(frozen=True, slots=True)
class Timetable:
    """A route's legs and airspaces at one speed over ground, without stops, in still air."""

    speed_kmh: float
    stages: tuple[Stage, ...]
    entries: tuple[Entry, ...]
    minutes: float


def make_timetable(route: Route, crossings: Sequence[Crossing], speed_kmh: float) -> Timetable:
    """Time a route and its crossings at a speed. Raises GeoError for one that nothing flies at."""
    if not 0 < speed_kmh <= MAX_SPEED_KMH:
        raise GeoError(f"speed {speed_kmh:g} km/h is outside 0..{MAX_SPEED_KMH:,.0f} km/h")
    per_m = 60 / (1000 * speed_kmh)
    begins_m = accumulate((leg.length_m for leg in route.legs[:-1]), initial=0.0)
    stages = tuple(
        Stage(leg, at_m, *northmost(leg), leg.length_m * per_m, at_m * per_m)
        for leg, at_m in zip(route.legs, begins_m, strict=True)
    )
    entries = tuple(Entry(each, each.start_m * per_m, each.end_m * per_m) for each in crossings)
    return Timetable(speed_kmh, stages, entries, route.length_m * per_m)


def northmost(leg: Leg) -> tuple[LonLat, float]:
    """Find the point of a leg that lies farthest north, and the metres to it.

    Where the leg sets out to the north and comes in from there, it is the vertex of its geodesic,
    at which that runs due east or west; else one of the ends.
    """
    start, end = leg.start, leg.end
    ends = ((start.lon, start.lat), 0.0), ((end.lon, end.lat), leg.length_m)
    sets_out, comes_in = (math.cos(math.radians(b)) for b in _bearings(leg))
    if leg.length_m < _SAME_PLACE_M or sets_out <= 0 or comes_in >= 0:
        return max(ends, key=lambda point: point[0][1])
    low_m, high_m = 0.0, leg.length_m
    for _ in range(_HALVINGS):
        middle_m = (low_m + high_m) / 2
        lon, lat, back_deg = _along(leg, middle_m)
        # The way back points south for as long as the way on leads north.
        northward = math.cos(math.radians(back_deg)) < 0
        low_m, high_m = (middle_m, high_m) if northward else (low_m, middle_m)
    return (lon, lat), middle_m


def vertex_lat_deg(lat: float, bearing_deg: float) -> float:
    """Find how far north a geodesic comes that passes a latitude at a bearing, in degrees.

    By Clairaut's relation: the sine of the bearing times the cosine of the reduced latitude stays
    the same all along (Karney 2013, equation 5).
    """
    reduced = math.atan((1 - GEOD.f) * math.tan(math.radians(lat)))
    sine = abs(math.sin(math.radians(bearing_deg))) * math.cos(reduced)
    return math.degrees(math.atan2(math.sqrt(1 - sine * sine), (1 - GEOD.f) * sine))


def say_minutes(minutes: float) -> str:
    """Write minutes in words, such as "3 h 7 min"."""
    hours, rest = divmod(round(minutes), 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def _bearings(leg: Leg) -> tuple[float, float]:
    return leg.initial_bearing_deg, leg.final_bearing_deg


def _along(leg: Leg, at_m: float) -> tuple[float, float, float]:
    lon, lat, back_deg = GEOD.fwd(leg.start.lon, leg.start.lat, leg.initial_bearing_deg, at_m)
    return lon, lat, back_deg
