"""Draw arcs round a centre on the earth."""

from collections.abc import Sequence

import numpy as np

from geo.geodesy import GEOD, wrapped
from geo.model import FloatArray, LonLat

MAX_OFFSET_M = 10.0
_MAX_PIECES = 4096


def arc(
    center: LonLat, azimuths_deg: Sequence[float], radii_m: Sequence[float], *, clockwise: bool
) -> FloatArray:
    """Draw an arc round a centre, its chords in lon/lat within 10 m; a full turn if it closes.

    The radius goes evenly from that of its start to that of its end, which a file may not give
    quite alike.
    """
    start, end = azimuths_deg
    sweep = (end - start) % 360 or 360.0 if clockwise else -((start - end) % 360 or 360.0)
    # An arc of r metres lies r * angle² / 8 off its chord; the meridians' crowding comes on top.
    pieces = int(np.ceil(np.radians(abs(sweep)) * np.sqrt(max(radii_m) / (7.2 * MAX_OFFSET_M))))
    pieces = min(max(pieces, 8), _MAX_PIECES)
    while True:
        points = _points(center, start, sweep, radii_m, 2 * pieces)
        middles = (points[:-2:2] + points[2::2]) / 2
        offset_m = GEOD.inv(*middles.T, *points[1::2].T)[2].max()
        if offset_m <= MAX_OFFSET_M or pieces == _MAX_PIECES:
            return np.column_stack([wrapped(points[::2, 0]), points[::2, 1]])
        # The offset grows with the square of a chord's length.
        needed = pieces * np.sqrt(offset_m / (0.9 * MAX_OFFSET_M))
        pieces = int(min(max(needed, pieces + 1), _MAX_PIECES))


def _points(
    center: LonLat, start_deg: float, sweep_deg: float, radii_m: Sequence[float], pieces: int
) -> FloatArray:
    """Place the ends of an arc's pieces, their longitudes running on over 180 degrees."""
    share = np.linspace(0, 1, pieces + 1)
    radius_m = radii_m[0] + (radii_m[1] - radii_m[0]) * share
    lons, lats = np.full(len(share), center[0]), np.full(len(share), center[1])
    lon, lat, _ = GEOD.fwd(lons, lats, start_deg + sweep_deg * share, radius_m)
    return np.column_stack([np.unwrap(lon, period=360), lat])
