"""Thin a coverage's vertices without parting neighbours, and measure how far borders moved."""

from collections.abc import Iterator
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import shapely

from geo.errors import DataError
from scripts.airspace_faces import METRES_PER_DEG

Geometry: TypeAlias = Any
FloatArray: TypeAlias = npt.NDArray[np.float64]

BAND_DEG: Final = 0.5
REACH_DEG: Final = 0.1


def simplify(geometries: list[Geometry], *, tolerance_deg: float) -> list[Geometry]:
    """Return the coverage simplified as Visvalingam and Whyatt do, shared borders once for both.

    A vertex goes if the triangle with its neighbours is smaller than `tolerance_deg` squared.
    """
    simplified = list(shapely.coverage_simplify(np.array(geometries), tolerance_deg))
    check(simplified)
    return simplified


def check(geometries: list[Geometry]) -> None:
    """Refuse a coverage that has invalid or empty members, overlaps or mismatched borders."""
    for geometry in geometries:
        if geometry.is_empty or not geometry.is_valid:
            reason = shapely.is_valid_reason(geometry)
            raise DataError(f"coverage: {geometry.geom_type} {geometry.bounds}: {reason}")
    if not shapely.coverage_is_valid(np.array(geometries)):
        raise DataError("coverage: neighbours overlap or don't match")


def displacement_m(before: Geometry, after: Geometry) -> FloatArray:
    """Return how far in metres each vertex of `before` lies from the border of `after`.

    Worked out band by band of latitude, each in a plane true to scale (to 1 %) at its middle.
    """
    segments = split(after)
    points = shapely.get_coordinates(before)
    points = points[np.abs(points[:, 0]) < 180]
    found = [band_distances(*band) for band in bands(points, segments)]
    return np.concatenate(found) if found else np.empty(0)


def split(geometry: Geometry) -> FloatArray:
    """Return the edges of a geometry's rings, shape (n, 2, 2)."""
    rings = shapely.get_rings(shapely.get_parts(geometry))
    lonlat, ring = shapely.get_coordinates(rings, return_index=True)
    joined = ring[1:] == ring[:-1]
    edges: FloatArray = np.stack([lonlat[:-1], lonlat[1:]], axis=1)[joined]
    return edges


def bands(points: FloatArray, edges: FloatArray) -> Iterator[tuple[FloatArray, FloatArray, float]]:
    """Yield points, the edges near them and the middle latitude, for each band of latitude."""
    band = np.floor(points[:, 1] / BAND_DEG)
    low, high = edges[:, :, 1].min(axis=1), edges[:, :, 1].max(axis=1)
    for index in np.unique(band):
        south, north = index * BAND_DEG, (index + 1) * BAND_DEG
        near = (high >= south - REACH_DEG) & (low <= north + REACH_DEG)
        yield points[band == index], edges[near], (south + north) / 2


def band_distances(points: FloatArray, edges: FloatArray, latitude: float) -> FloatArray:
    """Return the distance in metres of each point to the nearest edge."""
    scale = METRES_PER_DEG * np.array([np.cos(np.radians(latitude)), 1])
    tree = shapely.STRtree([shapely.LineString(edge) for edge in edges * scale])
    (at, _), distance = tree.query_nearest(
        shapely.points(points * scale), return_distance=True, all_matches=False
    )
    ordered = np.full(len(points), np.nan)
    ordered[at] = distance
    return ordered
