"""Check the positions of a file, and make places of them."""

import numpy as np

from geo.coordinate import format_coordinate
from geo.geodesy import wrapped
from geo.model import BoolArray, FloatArray, Place
from geo.outline import shortened

_FARTHEST_LON_DEG = 360


def position_problem(lon: float, lat: float) -> str:
    """Tell what is wrong with a position; empty where nothing is."""
    if abs(lat) <= 90 and abs(lon) <= _FARTHEST_LON_DEG:
        return ""
    if abs(lat) <= 90:
        return f"longitude {lon:g} is outside -{_FARTHEST_LON_DEG}..{_FARTHEST_LON_DEG}"
    exchanged = "; are latitude and longitude exchanged?" if 90 < abs(lat) <= 180 else ""
    return f"latitude {lat:g} is outside -90..90{exchanged if abs(lon) <= 90 else ''}"


def off_earth(lonlat: FloatArray) -> BoolArray:
    """Mark the positions (n, 2) that are off the earth, or no numbers."""
    lon, lat = np.abs(lonlat).T
    off: BoolArray = np.logical_not((lat <= 90) & (lon <= _FARTHEST_LON_DEG))
    return off


def place_at(lon: float, lat: float, name: str = "") -> Place:
    """Make a place of a position; without a name it is called by its coordinate."""
    lon = float(wrapped(np.array(lon))) if abs(lon) > 180 else lon
    label = shortened(name) or format_coordinate(lon, lat)
    return Place(label, label, lon, lat)
