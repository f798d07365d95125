import math
from itertools import pairwise

import pytest
from geographiclib.geodesic import Geodesic  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import GeoError
from geo.geodesy import make_leg, make_route
from geo.legs import make_timetable, northmost, say_minutes, vertex_lat_deg
from geo.model import Crossing, Place
from tests.data.small import FLIGHTS

WGS84 = Geodesic.WGS84


def place(lon: float, lat: float) -> Place:
    return Place("p", "P", lon, lat)


def sampled_north(start: Place, end: Place, count: int = 4000) -> tuple[float, float]:
    """Find the highest latitude of points along a line, and the metres to it, by GeographicLib."""
    line = WGS84.InverseLine(start.lat, start.lon, end.lat, end.lon)
    steps = (line.s13 * i / count for i in range(count + 1))
    return max((line.Position(s)["lat2"], s) for s in steps)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (place(35.9487, 35.4011), place(113.1214, 51.9165)),  # Hmeymim to Domna
        (place(-0.46, 51.47), place(-73.78, 40.64)),
        (place(170, 60), place(-150, 55)),  # over the antimeridian
        (place(0, 80), place(170, 80)),  # nearly over the pole
        (place(0, 1), place(179, -1)),
        (place(36, 35), place(61, 55)),  # north all the way
        (place(36, -35), place(100, -34.9)),  # south of the equator, the ends are farthest north
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_the_point_farthest_north_is_that_of_samples(
    start: Place, end: Place, turned: bool
) -> None:
    if turned:
        start, end = end, start
    (lon, lat), at_m = northmost(make_leg(start, end))
    sampled_lat, sampled_m = sampled_north(start, end)
    assert sampled_lat <= lat + 1e-9
    assert lat == pytest.approx(sampled_lat, abs=1e-4)
    line = WGS84.InverseLine(start.lat, start.lon, end.lat, end.lon)
    there = line.Position(at_m)
    assert (there["lat2"], math.cos(math.radians(there["lon2"] - lon))) == pytest.approx((lat, 1))
    assert at_m == pytest.approx(sampled_m, abs=line.s13 / 1000)


@given(st.floats(-179, 179), st.floats(-80, 80), st.floats(-179, 179), st.floats(-80, 80))
def test_no_point_of_a_leg_lies_farther_north_and_clairaut_agrees(
    lon: float, lat: float, to_lon: float, to_lat: float
) -> None:
    leg = make_leg(place(lon, lat), place(to_lon, to_lat))
    (_, north), at_m = northmost(leg)
    assert sampled_north(leg.start, leg.end, 200)[0] <= north + 1e-9
    if 0 < at_m < leg.length_m:
        assert north == pytest.approx(vertex_lat_deg(lat, leg.initial_bearing_deg), abs=1e-9)


def test_over_the_pole_the_pole_is_farthest_north() -> None:
    (_, lat), at_m = northmost(make_leg(place(10, 70), place(-170, 60)))
    assert lat == pytest.approx(90, abs=1e-6)
    assert at_m == pytest.approx(WGS84.Inverse(70, 10, 90, 10)["s12"], abs=1)


def test_a_leg_to_its_own_start_stays_there() -> None:
    assert northmost(make_leg(place(5, 6), place(5, 6))) == ((5, 6), 0)


def test_a_timetable_adds_up() -> None:
    flight = next(flight for flight in FLIGHTS if flight.plan.id == "north-told")
    table = make_timetable(flight.route, flight.crossings, 800.0)
    assert table.minutes == pytest.approx(flight.route.length_m / 800_000 * 60)
    assert [stage.leg for stage in table.stages] == list(flight.route.legs)
    for one, other in pairwise(table.stages):
        assert other.start_min == pytest.approx(one.start_min + one.minutes)
        assert other.begins_m == pytest.approx(one.begins_m + one.leg.length_m)
    last = table.stages[-1]
    assert last.start_min + last.minutes == pytest.approx(table.minutes)
    assert [entry.crossing for entry in table.entries] == list(flight.crossings)
    assert table.entries[0].start_min == 0
    assert table.entries[-1].end_min == pytest.approx(table.minutes)
    assert sum(entry.minutes for entry in table.entries) == pytest.approx(table.minutes)


def test_an_entry_is_timed_by_its_metres() -> None:
    route = make_route("r", [place(0, 0), place(1, 0)])
    crossing = Crossing(("A",), "A", "national", 50_000, 100_000, (0.4, 0), (0.9, 0))
    (entry,) = make_timetable(route, [crossing], 600).entries
    assert (entry.start_min, entry.end_min, entry.minutes) == (5, 10, 5)


@pytest.mark.parametrize("speed_kmh", [0, -1, math.nan, math.inf, 30_001])
def test_a_speed_that_nothing_flies_at_is_refused(speed_kmh: float) -> None:
    with pytest.raises(GeoError, match=r"^speed .* km/h is outside 0\.\.30,000 km/h$"):
        make_timetable(FLIGHTS[0].route, (), speed_kmh)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "0 min"), (0.4, "0 min"), (59.6, "1 h"), (187, "3 h 7 min"), (600, "10 h")],
)
def test_minutes_are_written(minutes: float, said: str) -> None:
    assert say_minutes(minutes) == said
