import math
from dataclasses import replace
from itertools import pairwise, permutations

import pytest
import shapely
from geographiclib.geodesic import Geodesic  # type: ignore[import-untyped]

from geo.airspace import INTERNATIONAL
from geo.compare import compare, fly
from geo.geodesy import make_track
from geo.model import Crossing
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
    assert told.ratio is not None
    assert told.ratio > 1.2


def test_airspaces_are_named_in_order_and_the_open_sea_not_at_all() -> None:
    (far,) = rows_of("far-direct")
    assert far.airspaces == ("Aland", "Beeland (Aland)", "claimed by Aland and Ceeland")
    assert far.flight.crossings[-1].name == INTERNATIONAL.name
    (spot,) = rows_of("spot-direct")
    assert spot.airspaces == ("Aland",)


@pytest.mark.parametrize(
    ("crossed", "named"),
    [
        (["A", "B", "A"], ("A", "B", "A")),  # a re-entry is told
        (["A", "", "A", "B"], ("A", "B")),  # over the sea and back in is no other airspace
        (["", "A", "B", "", "B", "A", ""], ("A", "B", "A")),
        ([""], ()),
    ],
)
def test_re_entries_are_named_again(crossed: list[str], named: tuple[str, ...]) -> None:
    crossings = tuple(
        Crossing(tuple(name), name or "the sea", "national", i, i + 1, (0.0, 0.0), (0.0, 0.0))
        for i, name in enumerate(crossed)
    )
    (row,) = compare([replace(FLIGHTS[0], crossings=crossings)], None)
    assert row.airspaces == named


def test_rows_stand_by_the_distance_of_their_last_place() -> None:
    ids = [row.flight.plan.id for row in ROWS]
    # 2 453 km to North whatever the way, 2 824 km to Spot, 3 900 km to Far.
    assert ids == ["north-direct", "north-told", "spot-direct", "far-direct"]
    for order in permutations(FLIGHTS):
        turned = [row.flight.plan.id for row in compare(order, CLAIMED_M)]
        # Two ways to one place keep the order that they came in.
        norths = [f.plan.id for f in order if f.plan.destination == "north"]
        assert turned == [*norths, "spot-direct", "far-direct"]


def test_a_line_is_the_track_with_fewer_points() -> None:
    for flight in FLIGHTS:
        track = make_track(flight.route).lonlat
        points = {(lon, lat) for lon, lat in track.tolist()}
        assert set(flight.line) <= points
        assert [flight.line[0], flight.line[-1]] == [tuple(track[0]), tuple(track[-1])]
        assert 2 < len(flight.line) < len(track) / 2
        off_deg = shapely.distance(shapely.points(track), shapely.LineString(flight.line))
        assert off_deg.max() <= 0.0015


def test_a_line_runs_on_over_the_antimeridian() -> None:
    places = {"base": (170.0, 50.0), "north": (-150.0, 40.0)}
    moved = {
        id: field.model_copy(update=dict(zip(("lon", "lat"), places[id], strict=True)))
        for id, field in STORY.places.items()
        if id in places
    }
    story = STORY.model_copy(
        update={"places": {**STORY.places, **moved}, "routes": STORY.routes[:1]}
    )
    (flight,) = fly(story, AIRSPACE)
    lons = [lon for lon, _ in flight.line]
    assert (lons[0], lons[-1]) == (170.0, 210.0)
    assert lons == sorted(lons)


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
    assert row.ratio is None
    assert row.length_m == pytest.approx(2 * geographiclib_m("base", "north"), abs=1e-3)
