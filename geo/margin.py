"""Widen closed airspace by a margin: strips along its borders that a way stays out of."""

import numpy as np
import numpy.typing as npt
import shapely

from geo.geodesy import GEOD
from geo.model import FloatArray

# Borders are widened tile by tile, each on a plane of its own that is true from its middle.
_TILE_DEG = 4.0
# The corners of a tile, and a little more.
_FARTHEST_M = 350_000.0
_EARTH_M = 6_371_000.0
# Polygons stand for circles: with sides so far within at most, and with so many to a quarter.
_WITHIN_M = 10.0
_FEWEST_SIDES, _MOST_SIDES = 3, 16
# So short, a straight line on the plane, a geodesic and a straight line in lon/lat are the same.
_LONGEST_M = 20_000.0


def margin_strips(ends: FloatArray, margin_m: float) -> shapely.Geometry:
    """Unite all that lies within `margin_m` of edges (n, 4) lon/lat/lon/lat, in -180..180."""
    lat = np.floor(ends[:, 1] / _TILE_DEG)
    step_deg = _TILE_DEG / np.cos(np.radians(np.abs((lat + 0.5) * _TILE_DEG).clip(max=85)))
    lon = np.floor(ends[:, 0] / step_deg)
    _, first, tile = np.unique(lon + 1j * lat, return_index=True, return_inverse=True)
    middles = np.column_stack([(lon + 0.5) * step_deg, (lat + 0.5) * _TILE_DEG])[first]
    middles[:, 1] = middles[:, 1].clip(max=90)
    distant = _on_planes(ends.reshape(-1, 2), np.repeat(middles[tile], 2, axis=0))
    order = np.argsort(tile, kind="stable")
    lines = np.asarray(shapely.linestrings(distant.reshape(-1, 2, 2)[order]))
    merged = shapely.line_merge(shapely.multilinestrings(lines, indices=tile[order]))
    merged = shapely.segmentize(merged, _LONGEST_M)
    side_rad = 2 * np.arccos(max(1 - _WITHIN_M / margin_m, 0.5))
    sides = int(np.ceil(np.pi / 2 / side_rad).clip(_FEWEST_SIDES, _MOST_SIDES))
    # An arc may be drawn with sides that are half as long again, and all shall touch the circle or
    # lie without. Far from its middle a plane stretches what lies across: by a sixth of the square
    # of the way there.
    outward = 1 / np.cos(1.5 * np.pi / 4 / sides)
    outward *= 1 + ((_FARTHEST_M + margin_m) / _EARTH_M) ** 2 / 6
    wide = np.asarray(shapely.buffer(merged, margin_m * outward, quad_segs=sides))
    wide = shapely.segmentize(wide, _LONGEST_M)
    xy, strip = shapely.get_coordinates(wide, return_index=True)
    strips = shapely.set_coordinates(wide, _off_planes(xy, middles[strip]))
    # Where two sides all but touch on the plane, they may cross on the map.
    crossed = ~shapely.is_valid(strips)
    strips[crossed] = shapely.make_valid(strips[crossed])
    return _on_map(strips)


def outline(area: shapely.Geometry) -> FloatArray:
    """List the edges (n, 4) of an area, the area on their left, without the seam of the map."""
    rings = shapely.get_rings(shapely.orient_polygons(shapely.get_parts(area)))
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    first = np.flatnonzero(ring[1:] == ring[:-1])
    ends = np.hstack([xy[first], xy[first + 1]])
    seam = (np.abs(ends[:, 0]) == 180) & (ends[:, 0] == ends[:, 2])
    open_ends: FloatArray = ends[~seam]
    return open_ends


def _on_planes(lonlat: FloatArray, middles: FloatArray) -> FloatArray:
    """Put points (n, 2) on planes, in metres from their middles (n, 2), true from there."""
    azimuth, _, distance_m = GEOD.inv(middles[:, 0], middles[:, 1], lonlat[:, 0], lonlat[:, 1])
    turn = np.radians(azimuth)
    return np.column_stack([distance_m * np.sin(turn), distance_m * np.cos(turn)])


def _off_planes(xy: FloatArray, middles: FloatArray) -> FloatArray:
    """Undo `_on_planes`; longitudes run on over 180 degrees, each near its middle's."""
    x, y = xy.T
    azimuth = np.degrees(np.arctan2(x, y))
    lon, lat, _ = GEOD.fwd(middles[:, 0], middles[:, 1], azimuth, np.hypot(x, y))
    return np.column_stack([lon - 360 * np.round((lon - middles[:, 0]) / 360), lat])


def _on_map(strips: npt.NDArray[np.object_]) -> shapely.Geometry:
    """Unite strips, and bring what runs on over 180 degrees back from the other side."""
    west, _, east, _ = shapely.bounds(strips).T
    eastward = shapely.transform(strips[west < -180], lambda xy: xy + np.array([360.0, 0.0]))
    westward = shapely.transform(strips[east > 180], lambda xy: xy - np.array([360.0, 0.0]))
    united = shapely.union_all(np.concatenate([strips, eastward, westward]))
    return shapely.intersection(united, shapely.box(-180, -90, 180, 90))
