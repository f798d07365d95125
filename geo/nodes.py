"""List where a route could come down, and measure from one such place to another.

A node is an airfield come down at within a leg of the route.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo.geodesy import GEOD, wrapped
from geo.model import FloatArray, IntArray, Place, Route

MOST_NODES = 4000
# However many legs there are, each is given so many of the nodes to begin with.
_LEAST_SHARE = 250
_MOST_PARTS = 16
# No line on WGS84 is curved less than a circle of this radius: an arc of it over a chord between
# two points is never longer than the geodesic.
_FLATTEST_M = 6_400_000.0


@dataclass(frozen=True, slots=True, eq=False)
class Fields:
    """Airfields, ready to be searched: `lonlat` is (n, 2), and `at` are metres in space, (n, 3)."""

    places: tuple[Place, ...]
    lonlat: FloatArray
    at: FloatArray

    @classmethod
    def of(cls, places: Sequence[Place]) -> "Fields":
        """Index places."""
        lonlat = _lonlat(places)
        return cls(tuple(places), lonlat, _in_space(lonlat))


@dataclass(frozen=True, slots=True, eq=False)
class Nodes:
    """Airfields within legs, those first that lengthen the way least; all arrays are (n,).

    `start_m` are the metres along the route to a node, and `rest_m` those from it to the end, both
    without other stops. `detour_m` is what it adds to the route's `total_m`.
    """

    leg: IntArray
    field: IntArray
    start_m: FloatArray
    rest_m: FloatArray
    detour_m: FloatArray
    total_m: float
    fields: Fields

    def lower_m(self, one: IntArray, other: IntArray, most_m: float) -> FloatArray:
        """Measure from nodes (n,) on to others (m,), as (n, m); infinite to those behind.

        Between nodes of one leg it is the least that it could be, else exact, and in either case
        infinite if it is more than `most_m`.
        """
        at = self.fields.at
        straight_m = _arc_m(at[self.field[one]], at[self.field[other]], most_m)
        leg, other_leg = self.leg[one][:, None], self.leg[other]
        along_m = self._along_m(one[:, None], other)
        onward_m = np.where(leg < other_leg, along_m, np.inf)
        metres = np.where(leg == other_leg, straight_m, onward_m)
        metres[metres > most_m] = np.inf
        return metres

    def exact_m(self, one: IntArray, other: IntArray) -> FloatArray:
        """Measure from nodes (n,) on to others, one each, none of them behind it."""
        same = self.leg[one] == self.leg[other]
        metres: FloatArray = np.asarray(self._along_m(one, other))
        lonlat = self.fields.lonlat
        starts, ends = lonlat[self.field[one[same]]], lonlat[self.field[other[same]]]
        metres[same] = GEOD.inv(*starts.T, *ends.T)[2]
        return metres

    def _along_m(self, one: IntArray, other: IntArray) -> FloatArray:
        return np.asarray(self.rest_m[one] + self.start_m[other] - self.total_m)


def make_nodes(route: Route, fields: Fields) -> Nodes:
    """List where a route could come down: at most `MOST_NODES`, those that lengthen it least.

    The legs share them, lest one that leads over many airfields take them all.
    """
    lonlat = _lonlat(route.places)
    length_m = np.array([leg.length_m for leg in route.legs])
    leg, field = _near(_in_space(lonlat), length_m, fields)
    from_m = GEOD.inv(*lonlat[leg].T, *fields.lonlat[field].T)[2]
    to_m = GEOD.inv(*lonlat[leg + 1].T, *fields.lonlat[field].T)[2]
    before_m = np.cumsum([0.0, *length_m])
    detour_m = from_m + to_m - length_m[leg]
    start_m, rest_m = before_m[leg] + from_m, to_m + before_m[-1] - before_m[leg + 1]
    order = np.lexsort((field, leg, detour_m))
    leg, field, detour_m = leg[order], field[order], detour_m[order]
    return Nodes(leg, field, start_m[order], rest_m[order], detour_m, float(before_m[-1]), fields)


def _near(at: FloatArray, length_m: FloatArray, fields: Fields) -> tuple[IntArray, IntArray]:
    """List the legs and the airfields of nodes, by the least that these could add to the way.

    `at` are the route's places in space (n + 1, 3), `length_m` its legs (n,).
    """
    share = max(MOST_NODES // len(length_m), _LEAST_SHARE)
    near: list[FloatArray] = [np.empty((3, 0))]
    for leg in range(len(length_m)):
        added_m = _arc_m(at[leg : leg + 2], fields.at).sum(axis=0) - length_m[leg]
        order = np.argsort(added_m)[:share]
        near.append(np.array([added_m[order], np.full(len(order), leg), order]))
        # So that a long route takes no more room than a short one.
        if len(near) > _MOST_PARTS:
            near = [_nearest(near)]
    leg_of, field = _nearest(near)[1:].astype(int)
    return leg_of, field


def _nearest(near: Sequence[FloatArray]) -> FloatArray:
    every = np.concatenate(near, axis=1)
    return every[:, np.argsort(every[0], kind="stable")[:MOST_NODES]]


def _lonlat(places: Sequence[Place]) -> FloatArray:
    points = np.array([(place.lon, place.lat) for place in places], dtype=float).reshape(-1, 2)
    return np.column_stack([wrapped(points[:, 0]), points[:, 1]])


def _in_space(lonlat: FloatArray) -> FloatArray:
    """Place points of WGS84 in space, in metres from its centre."""
    lon, lat = np.radians(lonlat).T
    normal_m = GEOD.a / np.sqrt(1 - GEOD.es * np.sin(lat) ** 2)
    across_m = normal_m * np.cos(lat)
    up_m = normal_m * (1 - GEOD.es) * np.sin(lat)
    return np.column_stack([across_m * np.cos(lon), across_m * np.sin(lon), up_m])


def _arc_m(one: FloatArray, other: FloatArray, most_m: float = math.inf) -> FloatArray:
    """Measure the least that geodesics from points (n, 3) to others (m, 3) can be, as (n, m).

    It is infinite where it is certain to be more than `most_m`.
    """
    squared = (one**2).sum(axis=1)[:, None] + (other**2).sum(axis=1) - 2 * one @ other.T
    half_turns = min((most_m + 2) / (2 * _FLATTEST_M), math.pi / 2)
    near = squared <= (2 * _FLATTEST_M * math.sin(half_turns)) ** 2
    metres = np.full(squared.shape, np.inf)
    half = np.sqrt(squared[near].clip(min=0)) / (2 * _FLATTEST_M)
    # The rounding of the squares is worth less than a metre.
    metres[near] = (2 * _FLATTEST_M * np.arcsin(half) - 1).clip(min=0)
    return metres
