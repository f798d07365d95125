"""Reckon on a sphere, where that is near enough: to sort, to thin, to turn a globe."""

import numpy as np

from geo.model import FloatArray

EARTH_M = 6_371_000.0


def unit_vectors(lonlat: FloatArray) -> FloatArray:
    """Turn points (n, 2) into unit vectors (n, 3), latitudes taken as if on a sphere."""
    lon, lat = np.radians(lonlat).T
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
