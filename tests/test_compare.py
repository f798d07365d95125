import math
from itertools import pairwise

import pytest
from geographiclib.geodesic import Geodesic  # type: ignore[import-untyped]

from geo.airspace import INTERNATIONAL
from geo.compare import compare, fly
from tests.data.small import AIRSPACE, CLAIMED_M, FLIGHTS, ROWS, STORY, rows_of


def geographiclib_m(*ids: str) -> float:
    places = [STORY.places[id] for id in ids]
    return math.fsum(
        Geodesic.WGS84.Inverse(one.lat, one.lon, other.lat, other.lon)["s12"]
        for one, other in pairwise(places)
    )


def test_every_route_of_the_story_is_flown_in_its_order() -> None:
    assert [flight.plan for flight in FLIGHTS] == list(STORY.routes)
    for flight in FLIGHTS:
        assert [place.id for place in flight.route.places] == list(flight.plan.places)
        assert flight.route.name == flight.plan.name
        assert flight.crossings[-1].end_m == flight.route.length_m
        assert [flight.crossings] == AIRSPACE.crossings_on([flight.route])


def test_lengths_and_ratios_are_those_of_geographiclib() -> None:
    for row in ROWS:
        ids = row.flight.plan.places
        direct_m = geographiclib_m(ids[0], ids[-1])
        assert row.length_m == pytest.approx(geographiclib_m(*ids), abs=1e-3)
        assert row.ratio == pytest.approx(geographiclib_m(*ids) / direct_m, rel=1e-9)
    direct, told = rows_of("north-direct", "north-told")
    assert direct.ratio == 1.0
    assert told.ratio > 1.2


def test_airspaces_are_named_once_in_order_and_the_open_sea_not_at_all() -> None:
    (far,) = rows_of("far-direct")
    assert far.airspaces == ("Aland", "Beeland (Aland)", "claimed by Aland and Ceeland")
    assert far.flight.crossings[-1].name == INTERNATIONAL.name
    (spot,) = rows_of("spot-direct")
    assert spot.airspaces == ("Aland",)


def test_a_claim_is_exceeded_or_not() -> None:
    beyond = {row.flight.plan.id: row.beyond_claim_m for row in ROWS}
    for row in ROWS:
        assert beyond[row.flight.plan.id] == row.length_m - CLAIMED_M
    assert {id for id, more_m in beyond.items() if more_m and more_m > 0} == {
        "north-told",
        "far-direct",
    }
    assert [row.beyond_claim_m for row in compare(FLIGHTS, None)] == [None] * len(FLIGHTS)


def test_nothing_compared_is_nothing() -> None:
    assert compare((), 1.0) == ()


def test_a_round_trip_has_no_direct_line() -> None:
    there = next(plan for plan in STORY.routes if plan.id == "north-direct")
    back = there.model_copy(update={"id": "back", "places": ("base", "north", "base")})
    (row,) = compare(fly(STORY.model_copy(update={"routes": (back,)}), AIRSPACE), None)
    assert row.ratio == 1.0
    assert row.length_m == pytest.approx(2 * geographiclib_m("base", "north"), abs=1e-3)
