"""Hold the frozen values that pass between the parts of Corridor.

Longitude stands before latitude everywhere, in degrees on WGS84 (EPSG:4326); lengths are metres.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

LonLat = tuple[float, float]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.signedinteger[Any]]
BoolArray = npt.NDArray[np.bool_]
Kind = Literal["national", "dependency", "disputed", "international"]


@dataclass(frozen=True, slots=True)
class Place:
    """A named point; `lon` lies in -180..180 and `lat` in -90..90."""

    id: str
    name: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Leg:
    """The geodesic from one place to the next; bearings are true, clockwise from north, 0..360."""

    start: Place
    end: Place
    length_m: float
    initial_bearing_deg: float
    final_bearing_deg: float


@dataclass(frozen=True, slots=True)
class Route:
    """One or more legs, each beginning where the one before ends."""

    name: str
    legs: tuple[Leg, ...]

    @property
    def length_m(self) -> float:
        """The metres of all legs together."""
        return sum(leg.length_m for leg in self.legs)

    @property
    def places(self) -> tuple[Place, ...]:
        """The places flown over, first to last."""
        return (self.legs[0].start, *(leg.end for leg in self.legs))


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """A route as a chain of points close enough for planar work.

    `lonlat` has shape (n, 2) and runs on past 180 degrees where the route does, so that neighbours
    never jump; `distance_m` has shape (n,) and holds the metres flown from the start.
    """

    lonlat: FloatArray
    distance_m: FloatArray

    @property
    def length_m(self) -> float:
        """The metres from the first point to the last."""
        return float(self.distance_m[-1])


@dataclass(frozen=True, slots=True)
class Crossing:
    """A stretch of a route in one airspace, from `start_m` to `end_m` along it.

    `claims` are the sorted A3 codes of all territories that contain the stretch, empty over waters
    of no state. `land_m` is how much of it lies over land, lakes included; None where it wasn't
    asked.
    """

    claims: tuple[str, ...]
    name: str
    kind: Kind
    start_m: float
    end_m: float
    entry: LonLat
    exit: LonLat
    land_m: float | None = None

    @property
    def length_m(self) -> float:
        """The metres between entry and exit."""
        return self.end_m - self.start_m
