from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import hops, nodes
from geo.fuel import find_journey
from geo.geodesy import GEOD, make_route
from geo.model import FloatArray, Place
from geo.nodes import Fields, make_nodes

DEGREES = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


def places_of(lonlat: FloatArray, name: str = "f") -> list[Place]:
    return [Place(f"{name}{i}", "F", lon, lat) for i, (lon, lat) in enumerate(lonlat.tolist())]


@settings(max_examples=300)
@given(DEGREES, DEGREES)
def test_what_bounds_a_geodesic_is_never_longer_and_nearly_as_long(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    fields = Fields.of([Place("a", "A", *one), Place("b", "B", *other)])
    bound_m = float(nodes._arc_m(fields.at[:1], fields.at[1:])[0, 0])
    length_m = GEOD.inv(*one, *other)[2]
    assert bound_m <= length_m
    # Near the antipode, chords tell little.
    if length_m < 5e6:
        assert bound_m == pytest.approx(length_m, rel=1e-3, abs=3)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("range_m", [400_000.0, 900_000.0, 2_500_000.0])
def test_a_search_that_begins_with_few_nodes_finds_what_the_whole_one_does(
    monkeypatch: pytest.MonkeyPatch, seed: int, range_m: float
) -> None:
    rng = np.random.default_rng(seed)
    # Sparse here and dense there, as airports are.
    spread, dense = rng.uniform((0, 40), (90, 65), (60, 2)), rng.normal((70, 55), 4, (140, 2))
    fields = Fields.of(places_of(np.concatenate([spread, dense])))
    route = make_route("r", places_of(rng.uniform((0, 40), (90, 65), (2 + seed % 3, 2)), "p"))
    monkeypatch.setattr(hops, "_FIRST_NODES", 5)
    few = find_journey(route, range_m, fields)
    monkeypatch.setattr(hops, "_FIRST_NODES", 100_000)
    monkeypatch.setattr(hops, "_MOST_PAIRS", 100)
    assert find_journey(route, range_m, fields) == few


def test_a_journey_is_found_among_all_places_of_a_long_row() -> None:
    """With one kilometre to spare, all twenty stops are needed."""
    row = places_of(np.column_stack([np.arange(22.0), np.zeros(22)]))
    aside = places_of(np.random.default_rng(1).uniform((0, 3), (21, 20), (3000, 2)), "a")
    route = make_route("r", [row[0], row[-1]])
    journey = find_journey(route, 112_000, Fields.of([*aside, *row]))
    assert journey is not None
    assert [stop.id for stop in journey.stops] == [place.id for place in row[1:-1]]
    assert all(one.lon < other.lon for one, other in pairwise(journey.stops))


def test_of_very_many_nodes_each_leg_keeps_those_that_lengthen_it_least(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(nodes, "MOST_NODES", 40)
    monkeypatch.setattr(nodes, "_LEAST_SHARE", 2)
    lonlat = np.random.default_rng(2).uniform((0, -10), (40, 10), (300, 2))
    fields = Fields.of(places_of(lonlat))
    route = make_route("r", places_of(np.column_stack([np.arange(0.0, 41, 10), np.zeros(5)]), "p"))
    found = make_nodes(route, fields)
    assert np.bincount(found.leg).tolist() == [10] * 4
    for leg, (one, other) in enumerate(pairwise(route.places)):
        metres = sum(
            np.asarray(GEOD.inv(*np.tile([end.lon, end.lat], (300, 1)).T, *lonlat.T)[2])
            for end in (one, other)
        )
        assert set(found.field[found.leg == leg]) == set(np.argsort(metres)[:10])
    assert (np.diff(found.detour_m) >= 0).all()


def test_a_route_of_many_legs_has_no_more_nodes_than_one_of_few() -> None:
    fields = Fields.of(places_of(np.random.default_rng(3).uniform((0, 0), (30, 5), (300, 2))))
    many = places_of(np.column_stack([np.linspace(0, 30, 200), np.full(200, 2.0)]), "p")
    assert len(make_nodes(make_route("r", many), fields).leg) == nodes.MOST_NODES
