"""Draw range rings: all places at one distance from a place, over the ellipsoid."""

import numpy as np
import shapely

from geo.errors import GeoError
from geo.geodesy import GEOD, Chords, joined, refined
from geo.model import FloatArray, IntArray, Place
from geo.rings import area_on_map

# Beyond, the far side of the earth comes so near that the ring folds over itself.
MAX_RADIUS_M = 19_900_000.0
_FIRST_BEARINGS = 72
# From the equator to a pole.
_QUARTER_M = float(GEOD.inv(0, 0, 0, 90)[2])
_WORLD = np.array([[-180.0, -90.0], [180.0, -90.0], [180.0, 90.0], [-180.0, 90.0], [-180.0, -90.0]])


def range_area(
    place: Place, radius_m: float, *, max_offset_m: float = 1000.0
) -> shapely.Polygon | shapely.MultiPolygon:
    """Make the area within a distance of a place, as polygons (lon, lat) within -180..180.

    Cut at the antimeridian, and round a pole that lies in it. Its edges, straight in lon/lat, stay
    within `max_offset_m` of the circle. Raises GeoError for a radius that has no ring.
    """
    ring = range_ring(place, radius_m, max_offset_m=max_offset_m)
    if np.round(np.diff(ring[:, 0]) / 360).sum():
        # Round one pole: that is the nearer one.
        rings = [_round_pole(ring[:-1], 90.0 if place.lat >= 0 else -90.0)]
    else:
        # Round none, or round both: then the ring is the hole around what is too far.
        rings = [ring] if radius_m < _QUARTER_M else [_WORLD, ring]
    return area_on_map([rings], f"range ring around {place.name}", [])


def range_ring(place: Place, radius_m: float, *, max_offset_m: float = 1000.0) -> FloatArray:
    """Find points (n, 2) at a distance from a place, clockwise from north and back there.

    Longitudes are within -180..180. Raises GeoError for a radius that has no ring.
    """
    if not 0 < radius_m <= MAX_RADIUS_M:
        raise GeoError(
            f"range {radius_m / 1000:,.0f} km is outside 0..{MAX_RADIUS_M / 1000:,.0f} km"
        )

    def at(owner: IntArray, bearing_deg: FloatArray) -> FloatArray:
        count = len(bearing_deg)
        lon, lat = np.full(count, place.lon), np.full(count, place.lat)
        lon, lat, _ = GEOD.fwd(lon, lat, bearing_deg, np.full(count, radius_m))
        return np.column_stack([lon, lat])

    step_deg = 360 / _FIRST_BEARINGS
    owner = np.zeros(_FIRST_BEARINGS, dtype=np.intp)
    bearing_deg = np.arange(_FIRST_BEARINGS, dtype=np.float64) * step_deg
    points = at(owner, bearing_deg)
    # The "metres along" are degrees of bearing here.
    chords = Chords(
        owner,
        bearing_deg,
        np.full(_FIRST_BEARINGS, step_deg),
        joined(points, np.roll(points, -1, axis=0)),
    )
    fine = refined(at, chords, max_offset_m)
    ring: FloatArray = at(fine.owner, np.sort(fine.start_m))
    return np.vstack([ring, ring[:1]])


def _round_pole(points: FloatArray, pole: float) -> FloatArray:
    """Close a ring that runs round a pole: along the antimeridian there, and back."""
    # So the cut is where the map ends; it passes there once, since all of it is seen from the pole.
    steps = np.diff(points[:, 0], append=points[0, 0])
    last = int(np.abs(steps).argmax())
    points = np.roll(points, -last - 1, axis=0)
    edge = 180.0 if steps[last] > 0 else -180.0
    (lon, lat), (next_lon, next_lat) = points[-1] + [np.copysign(360, edge), 0], points[0]
    share = (edge - lon) / (next_lon - lon) if next_lon != lon else 0.0
    cut = lat + share * (next_lat - lat)
    ends = [[-edge, cut], [-edge, pole], [edge, pole], [edge, cut]]
    return np.vstack([ends[3:], points, ends])
