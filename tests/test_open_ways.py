"""A story's routes by the shortest open way."""

from geo.compare import compare, say_added
from geo.open_ways import OPEN_WAY, fly_open, with_open_way
from geo.schema import Way
from geo.units import STATUTE_MILES
from tests.shipped import TOLD, airspace, router, story


def test_each_last_place_is_flown_to_once() -> None:
    told = with_open_way(story())
    ends = {route.destination for route in told.routes}
    found = fly_open(told, airspace(), router(*TOLD), told.routes)
    assert found.refusals == ()
    assert sorted(flight.plan.destination for flight in found.flights) == sorted(ends)
    assert {flight.plan.way for flight in found.flights} == {OPEN_WAY}
    closed = {code for f in found.flights for c in f.crossings for code in c.claims} & set(TOLD)
    assert closed == set()


def test_the_told_corridor_is_found_and_not_drawn() -> None:
    told = with_open_way(story())
    routes = [route for route in told.routes if route.destination == "shagol"]
    (flight,) = fly_open(told, airspace(), router(*TOLD), routes).flights
    (row,) = compare([flight], None)
    assert row.airspaces[:6] == ("Syria", "Iraq", "Iran", "Iraq", "Iran", "Azerbaijan")
    assert say_added(row, STATUTE_MILES) == "+160 mi"


def test_what_has_no_open_way_is_named_and_the_rest_is_kept() -> None:
    told = with_open_way(story())
    routes = [route for route in told.routes if route.destination in ("shagol", "mozdok")]
    found = fly_open(told, airspace(), router("SYR"), routes)
    assert found.flights == ()
    assert len(found.refusals) == 2
    assert all(text.endswith("lies in closed airspace: Syria") for text in found.refusals)


def test_a_way_of_the_story_by_the_same_id_stays() -> None:
    own = Way(id=OPEN_WAY, name="my own")
    told = story().model_copy(update={"ways": {**story().ways, OPEN_WAY: own}})
    assert with_open_way(told).ways[OPEN_WAY].name == "my own"
