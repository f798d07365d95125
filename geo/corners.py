"""Find the corners of closed airspace: the points that a shortest way around it can turn at.

Borders are walked with the closed side on their left, so a corner is where the walk turns left. All
is done with directions from the earth's centre, (n, 3) unit vectors, in which a great ellipse is a
plane through the centre; it differs from the geodesic by a few kilometres in ten thousand.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.grid import spans
from geo.model import FloatArray, IntArray

_ECCENTRICITY_SQUARED = 0.0066943799901413165
_EARTH_M = 6_371_000.0
# A triple product of unit vectors that is smaller than this says nothing about the side.
_FLAT = 1e-17
# At a needle's tip the bisector would run far out: it is cut off square, which makes two corners.
_LEAST_COSINE = 0.5
_COLUMNS = ("at", "lonlat", "into", "out", "arriving", "leaving")


@dataclass(frozen=True, slots=True)
class Corners:
    """Points beside the corners of closed airspace, `clearance_m` off its borders.

    `at` (n, 3) are directions, `lonlat` (n, 2) degrees. The plane with the normal `into` (n, 3)
    runs through the point along the border that leads to the corner, the one with `out` along the
    border that leads on; the closed side is on the left, where the products are positive.
    `arriving` and `leaving` are the numbers of these two borders' edges, below zero where a
    needle's tip is cut off.
    """

    at: FloatArray
    lonlat: FloatArray
    into: FloatArray
    out: FloatArray
    arriving: IntArray
    leaving: IntArray

    def __len__(self) -> int:
        return len(self.at)

    def only(self, rows: IntArray) -> "Corners":
        """Keep some, by their numbers."""
        return Corners(*(getattr(self, name)[rows] for name in _COLUMNS))


def make_corners(ends: FloatArray, clearance_m: float) -> Corners:
    """Find the left turns of borders: edges (n, 4) with the closed side on their left."""
    arriving, leaving = _meeting(ends)
    a, b, c = (
        unit_vectors(points)
        for points in (ends[arriving, :2], ends[leaving, :2], ends[leaving, 2:])
    )
    # Of differences, since the product of three nearly equal vectors loses all its digits.
    left = np.einsum("ij,ij->i", b, np.cross(b - a, c - b)) > _FLAT
    a, b, c, arriving, leaving = a[left], b[left], c[left], arriving[left], leaving[left]
    into, out = _unit(np.cross(b, b - a)), _unit(np.cross(b, c - b))
    needle = np.flatnonzero(_half_turn_cosine(into, out) < _LEAST_COSINE)
    across, number = _unit(into[needle] + out[needle]), -1 - np.arange(len(needle))
    b = np.vstack([b, b[needle]])
    into, out = np.vstack([into, across]), np.vstack([out, out[needle]])
    arriving, leaving = np.append(arriving, number), np.append(leaving, leaving[needle])
    out[needle], leaving[needle] = across, number
    reach = clearance_m / _EARTH_M / _half_turn_cosine(into, out)
    at = _unit(b - _unit(into + out) * reach[:, None])
    return Corners(at, lonlat_of(at), _level(into, at), _level(out, at), arriving, leaving)


def joined(one: Corners, other: Corners) -> Corners:
    """Put corners one after the other."""
    return Corners(*(np.concatenate([getattr(one, n), getattr(other, n)]) for n in _COLUMNS))


def unit_vectors(lonlat: FloatArray) -> FloatArray:
    """Turn degrees (n, 2) on WGS84 into directions from the earth's centre (n, 3)."""
    lon, lat = np.radians(lonlat).T
    flat = np.cos(lat)
    z = (1 - _ECCENTRICITY_SQUARED) * np.sin(lat)
    return _unit(np.column_stack([flat * np.cos(lon), flat * np.sin(lon), z]))


def lonlat_of(at: FloatArray) -> FloatArray:
    """Turn directions from the earth's centre (n, 3) into degrees (n, 2) on WGS84."""
    x, y, z = at.T
    lat = np.arctan2(z / (1 - _ECCENTRICITY_SQUARED), np.hypot(x, y))
    lonlat: FloatArray = np.degrees(np.column_stack([np.arctan2(y, x), lat]))
    return lonlat


def crossed(one: FloatArray, other: FloatArray) -> FloatArray:
    """Multiply vectors (3,) or (n, 3) across; for few of them much faster than numpy's own."""
    (a, b, c), (d, e, f) = one.T, other.T
    product: FloatArray = np.array([b * f - c * e, c * d - a * f, a * e - b * d]).T
    return product


def _meeting(ends: FloatArray) -> tuple[IntArray, IntArray]:
    """Pair each edge with those that begin where it ends; returns row numbers of both."""
    starts, stops = keys_of(ends[:, :2]), keys_of(ends[:, 2:])
    order = np.argsort(starts, kind="stable")
    first = np.searchsorted(starts, stops, sorter=order)
    count = np.searchsorted(starts, stops, side="right", sorter=order) - first
    return np.repeat(np.arange(len(ends)), count), order[spans(first, count)]


def keys_of(lonlat: FloatArray) -> npt.NDArray[np.complex128]:
    """Make one number of a point; both sides of 180 degrees are one, and a pole is one point."""
    lon, lat = lonlat.T
    lon = np.where(np.abs(lat) == 90, 0.0, np.where(lon == 180, -180.0, lon))
    keys: npt.NDArray[np.complex128] = lon + 1j * lat
    return keys


def _half_turn_cosine(into: FloatArray, out: FloatArray) -> FloatArray:
    cosine: FloatArray = np.linalg.norm(into + out, axis=1) / 2
    return cosine


def _level(normal: FloatArray, at: FloatArray) -> FloatArray:
    """Turn planes so that they run through points."""
    return _unit(normal - np.einsum("ij,ij->i", normal, at)[:, None] * at)


def _unit(vectors: FloatArray) -> FloatArray:
    unit: FloatArray = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit
