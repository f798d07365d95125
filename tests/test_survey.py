"""A survey of many routes, held against the crossings of each by itself."""

from collections import defaultdict

import numpy as np
import pytest
from pyproj import Geod

from geo.geodesy import make_route
from geo.model import Place
from geo.survey import survey
from tests.shipped import airspace

RANDOM = np.random.default_rng(5)
GEOD = Geod(ellps="WGS84")
ROUTES = [
    make_route(
        f"route {number}",
        [Place(f"{number}{at}", f"{number}{at}", lon, lat) for at, (lon, lat) in enumerate(points)],
    )
    for number, points in enumerate(
        zip(RANDOM.uniform(-180, 180, 3), RANDOM.uniform(-80, 80, 3), strict=True)
        for _ in range(40)
    )
]


def test_the_sums_are_those_of_the_single_routes() -> None:
    found = survey(ROUTES, airspace())
    routes: dict[str, set[int]] = defaultdict(set)
    metres: dict[str, float] = defaultdict(float)
    for number, route in enumerate(ROUTES):
        for crossing in airspace().crossings_on([route])[0]:
            routes[crossing.name].add(number)
            metres[crossing.name] += crossing.length_m
    assert {each.name: each.routes for each in found.passed} == {
        name: len(numbers) for name, numbers in routes.items()
    }
    for each in found.passed:
        assert each.metres == pytest.approx(metres[each.name], abs=1)
    counts = [each.routes for each in found.passed]
    assert counts == sorted(counts, reverse=True)


def test_each_route_has_its_length_its_airspaces_and_its_line() -> None:
    found = survey(ROUTES, airspace())
    for number, route in enumerate(ROUTES):
        lonlat = np.array([(place.lon, place.lat) for place in route.places])
        assert found.length_m[number] == pytest.approx(GEOD.line_length(*lonlat.T), abs=0.001)
        crossings = airspace().crossings_on([route])[0]
        names = [crossing.name for crossing in crossings if crossing.claims]
        assert set(found.airspaces[number]) == set(names)
        line = found.lines[number]
        assert GEOD.line_length(*line.T) == pytest.approx(found.length_m[number], rel=1e-4)
        assert np.abs(np.diff(line[:, 0])).max() < 180 or np.abs(line[:, 1]).max() > 80


def test_an_airspace_that_is_entered_twice_counts_once() -> None:
    across = [Place(end, end, lon, lat) for end, lon, lat in (("a", 7.5, 46.5), ("c", 9.0, 47.9))]
    twice = make_route("there and back", [across[0], across[1], across[0]])
    (swiss,) = [e for e in survey([twice], airspace()).passed if e.name == "Switzerland"]
    assert swiss.routes == 1


def test_none_is_a_survey_too() -> None:
    assert survey([], airspace()).passed == ()
