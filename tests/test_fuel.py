from functools import cache
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import GeoError
from geo.fuel import Journey, find_journey
from geo.geodesy import make_route
from geo.model import Place, Route
from geo.nodes import Fields
from geo.stops import story_fields
from geo.story import load_story

SHIPPED = load_story(Path(__file__).parents[1] / "data" / "routes.geojson")
RUSSIA = Fields.of(story_fields(SHIPPED.places.values(), ["RUS"]))


@cache
def away_m(one: Place, other: Place) -> float:
    return float(Geodesic.WGS84.Inverse(one.lat, one.lon, other.lat, other.lon)["s12"])


def shipped(id: str) -> Route:
    (plan,) = [route for route in SHIPPED.routes if route.id == id]
    return make_route(plan.name, SHIPPED.route_places(plan))


def by_force(
    route: Route, range_m: float, fields: list[Place], most: int
) -> tuple[int, float] | None:
    """Try every way to come down at up to `most` of the airfields, in every order and every leg."""
    for count in range(most + 1):
        lengths = []
        for stops in product(fields, repeat=count):
            for legs in product(range(len(route.legs)), repeat=count):
                if list(legs) != sorted(legs):
                    continue
                flown, full = [(route.places[0], True)], list(zip(legs, stops, strict=True))
                for number, place in enumerate(route.places[1:]):
                    flown += [(stop, True) for leg, stop in full if leg == number]
                    flown.append((place, False))
                hops, gone = [], 0.0
                for (one, _), (other, down) in pairwise(flown):
                    gone += away_m(one, other)
                    if down:
                        hops.append(gone)
                        gone = 0.0
                if max([*hops, gone]) <= range_m:
                    lengths.append(sum(hops) + gone)
        if lengths:
            return count, min(lengths)
    return None


MOST_STOPS = 3
POINTS = st.builds(
    lambda number, lon, lat: Place(f"p{number}", f"P{number}", lon, lat),
    st.integers(0, 10**9), st.floats(-170, 170), st.floats(-80, 80),
)  # fmt: skip


@settings(max_examples=60)
@given(
    st.lists(POINTS, min_size=2, max_size=3, unique_by=lambda p: p.lon),
    st.lists(POINTS, min_size=0, max_size=3, unique_by=lambda p: p.lon),
    st.floats(1e6, 15e6),
)
def test_stops_are_the_fewest_and_then_the_way_is_the_shortest(
    places: list[Place], fields: list[Place], range_m: float
) -> None:
    route = make_route("r", places)
    journey = find_journey(route, range_m, Fields.of(fields))
    expected = by_force(route, range_m, fields, MOST_STOPS)
    if expected is None:
        assert journey is None or len(journey.stops) > MOST_STOPS
        return
    assert journey is not None
    count, length_m = expected
    assert len(journey.stops) == count
    assert sum(journey.hops_m) == pytest.approx(length_m, abs=1)
    check(journey, route, range_m)


def check(journey: Journey, route: Route, range_m: float) -> None:
    assert len(journey.hops_m) == len(journey.stops) + 1
    assert max(journey.hops_m) <= range_m + 0.01
    assert sum(journey.hops_m) == pytest.approx(journey.route.length_m, abs=200)
    assert journey.extra_m == pytest.approx(journey.route.length_m - route.length_m, abs=0.05)
    flown = iter(journey.route.places)
    assert all(stop in flown for stop in journey.stops)


def test_a_route_within_range_needs_no_stop() -> None:
    route = shipped("shagol-direct")
    journey = find_journey(route, 2_950_000, RUSSIA)
    assert journey == Journey(route, (), (route.length_m,), 0.0)


def test_a_stop_at_a_place_of_the_route_costs_nothing() -> None:
    route = shipped("shagol-azerbaijan")
    journey = find_journey(route, 2_850_000, RUSSIA)
    assert journey is not None
    assert [stop.id for stop in journey.stops] == ["privolzhsky"]
    assert journey.extra_m == 0
    assert [place.id for place in journey.route.places] == [place.id for place in route.places]
    # Way N to Privolzhsky, by GeographicLib.
    reach_m = sum(away_m(one, other) for one, other in pairwise(route.places[:-1]))
    assert journey.hops_m == pytest.approx((reach_m, away_m(*route.places[-2:])), abs=1e-3)


def test_the_far_east_takes_two_stops_at_4_000_km() -> None:
    journey = find_journey(shipped("khurba-direct"), 4_000_000, RUSSIA)
    assert journey is not None
    assert [stop.id for stop in journey.stops] == ["shagol", "domna"]
    check(journey, shipped("khurba-direct"), 4_000_000)


def test_where_the_first_airfield_is_out_of_range_there_is_no_journey() -> None:
    assert find_journey(shipped("primorsko_akhtarsk-azerbaijan"), 1_000_000, RUSSIA) is None
    assert find_journey(shipped("shagol-direct"), 1_000_000, Fields.of(())) is None


@pytest.mark.parametrize("range_m", [0.0, -1.0, float("nan")])
def test_a_range_of_nothing_is_refused(range_m: float) -> None:
    with pytest.raises(GeoError, match=r"^range .* km is not above 0$"):
        find_journey(shipped("shagol-direct"), range_m, RUSSIA)


def test_a_long_list_of_airfields_is_searched_whole() -> None:
    rng = np.random.default_rng(3)
    fields = [
        Place(f"f{number}", "F", lon, lat)
        for number, (lon, lat) in enumerate(rng.uniform((20, 40), (140, 65), (600, 2)).tolist())
    ]
    route = shipped("khurba-azerbaijan")
    journey = find_journey(route, 2_200_000, Fields.of(fields))
    assert journey is not None
    check(journey, route, 2_200_000)
    fewer = find_journey(route, 2_200_000, Fields.of(fields[:60]))
    assert fewer is None or len(fewer.stops) >= len(journey.stops)
