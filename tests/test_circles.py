import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.circles import MAX_RADIUS_M, range_area, range_ring
from geo.errors import GeoError
from geo.model import Place

WGS84 = Geodesic.WGS84
WORLD = shapely.box(-180, -90, 180, 90)


def place(lon: float, lat: float) -> Place:
    return Place("p", "P", lon, lat)


def away_m(centre: Place, lon: float, lat: float) -> float:
    return float(WGS84.Inverse(centre.lat, centre.lon, lat, lon)["s12"])


CASES = [
    (place(35.9487, 35.4011), 1_000_000.0),
    (place(35.9487, 35.4011), 4_000_000.0),
    (place(179.5, 10), 500_000.0),  # over the antimeridian
    (place(-180, 52), 3_000_000.0),
    (place(61.3, 55.26), 5_000_000.0),  # round the north pole
    (place(0, -80), 2_000_000.0),  # round the south pole
    (place(40, 40), 11_100_000.0),  # beyond half the way: the ring lies mostly in the south
    (place(10, 5), 15_000_000.0),  # round both poles
    (place(137, -20), 19_000_000.0),
    (place(0, 90), 3_000_000.0),  # from a pole
    (place(7, 50), 1.0),
]


@pytest.mark.parametrize(("centre", "radius_m"), CASES)
def test_all_points_of_a_ring_lie_at_its_distance(centre: Place, radius_m: float) -> None:
    ring = range_ring(centre, radius_m)
    assert (ring[0] == ring[-1]).all()
    assert np.abs(ring[:, 0]).max() <= 180
    for lon, lat in ring.tolist():
        assert away_m(centre, lon, lat) == pytest.approx(radius_m, abs=1e-3)


@pytest.mark.parametrize(("centre", "radius_m"), CASES)
def test_the_area_holds_what_is_nearer_and_nothing_else(centre: Place, radius_m: float) -> None:
    area = range_area(centre, radius_m, max_offset_m=200.0)
    assert area.is_valid
    assert WORLD.covers(area)
    random = np.random.default_rng(1)
    shares = random.uniform(0, 2, 300)
    for share, bearing_deg in zip(shares, random.uniform(0, 360, 300), strict=True):
        away = share * radius_m
        # Beyond the antipode a line comes back; near the ring it is the chords that decide.
        if away > 19_900_000 or abs(away - radius_m) < 400 + 1e-3 * (radius_m == 1.0):
            continue
        there = WGS84.Direct(centre.lat, centre.lon, bearing_deg, away)
        assert area.contains(shapely.Point(there["lon2"], there["lat2"])) is bool(share < 1)


@pytest.mark.parametrize(("centre", "radius_m"), [case for case in CASES if case[1] > 1e5])
def test_the_area_measures_what_a_cap_does(centre: Place, radius_m: float) -> None:
    """A cap of a sphere with the earth's area; the ellipsoid differs by less than a percent."""
    area = range_area(centre, radius_m, max_offset_m=200.0)
    lat_band = shapely.segmentize(area, 0.25)
    measured_m2 = sum(_area_m2(part) for part in shapely.get_parts(lat_band))
    sphere_m = 6_371_007.2
    cap_m2 = 2 * np.pi * sphere_m**2 * (1 - np.cos(radius_m / sphere_m))
    assert measured_m2 == pytest.approx(cap_m2, rel=0.01)


def _area_m2(polygon: shapely.Polygon) -> float:
    """Measure by Lambert's equal-area cylinder, on the sphere, with the holes taken out."""
    flat = shapely.transform(
        polygon,
        lambda xy: np.column_stack([np.radians(xy[:, 0]), np.sin(np.radians(xy[:, 1]))]),
    )
    return float(flat.area) * 6_371_007.2**2


def test_the_pole_is_in_where_it_is_nearer() -> None:
    shagol = place(61.3, 55.26)
    to_pole_m = away_m(shagol, 0, 90)
    for radius_m, within in ((to_pole_m - 2000, False), (to_pole_m + 2000, True)):
        area = range_area(shagol, radius_m, max_offset_m=100.0)
        caps = shapely.box(-180, 89.999, 180, 90)
        assert area.covers(caps) is within
        assert area.intersects(caps) is within


@pytest.mark.parametrize("beyond_m", [-0.01, -1e-6, 0.0, 1e-6, 0.01, 50.0])
@pytest.mark.parametrize("pole", [90, -90])
@pytest.mark.parametrize("centre", [place(20, 60), place(0, -6), place(-180, 0), place(33, -85)])
def test_a_ring_right_through_a_pole_is_an_area_still(
    centre: Place, pole: int, beyond_m: float
) -> None:
    radius_m = away_m(centre, 0, pole) + beyond_m
    area = range_area(centre, radius_m, max_offset_m=100.0)
    assert area.is_valid
    assert area.covers(shapely.Point(centre.lon, centre.lat))
    for bearing_deg in range(1, 360, 7):
        for share in (0.5, 0.99, 1.01):
            there = WGS84.Direct(centre.lat, centre.lon, bearing_deg, share * radius_m)
            point = shapely.Point(there["lon2"], there["lat2"])
            assert area.covers(point) is (share < 1)


@pytest.mark.parametrize(
    ("centre", "radius_m"),
    [(place(61.3, 55.26), 5e6), (place(0.000196, -6.0), 9_338_496.0), (place(-180, -70), 4e6)],
)
def test_round_a_pole_it_is_one_part_without_a_seam(centre: Place, radius_m: float) -> None:
    area = range_area(centre, radius_m)
    assert area.geom_type == "Polygon"
    assert not area.interiors
    assert (area.bounds[0], area.bounds[2]) == (-180, 180)
    assert area.covers(shapely.Point(centre.lon, centre.lat))


def test_over_the_antimeridian_it_comes_in_two_parts() -> None:
    area = range_area(place(179.5, 10), 500_000.0)
    assert [part.geom_type for part in shapely.get_parts(area)] == ["Polygon", "Polygon"]
    assert (area.bounds[0], area.bounds[2]) == (-180, 180)


@pytest.mark.parametrize("radius_m", [0.0, -1.0, float("nan"), MAX_RADIUS_M + 1])
def test_a_radius_without_a_ring_is_refused(radius_m: float) -> None:
    with pytest.raises(GeoError, match=r"^range .* km is outside 0\.\.19,900 km$"):
        range_area(place(0, 0), radius_m)


@settings(max_examples=60)
@given(st.floats(-180, 180), st.floats(-90, 90), st.floats(100, MAX_RADIUS_M))
def test_any_ring_makes_a_valid_area_around_its_place(
    lon: float, lat: float, radius_m: float
) -> None:
    area = range_area(place(lon, lat), radius_m, max_offset_m=5000.0)
    assert area.is_valid
    assert WORLD.covers(area)
    if radius_m > 20_000 and abs(lon) < 179.9 and abs(lat) < 89.9:
        assert area.contains(shapely.Point(lon, lat))
