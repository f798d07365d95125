"""Ways that pass given points or countries, in their order."""

from itertools import pairwise

import numpy as np
import pytest

from geo.closure import Closure
from geo.corridor import Way
from geo.errors import NoWayError
from geo.geodesy import GEOD
from geo.model import FloatArray
from geo.via import Country, find_via
from tests.shipped import HMEYMIM, MOZDOK, SHAGOL, TOLD, airspace, closing, ground, router


def passed(way: Way) -> list[str]:
    """List the codes of the airspaces that a way crosses for 900 m or more, in order."""
    (crossings,) = airspace().crossings_on([way.route])
    return [code for c in crossings if c.length_m > 900 for code in c.claims]


def test_a_point_on_the_way_joins_two_shortest_ways() -> None:
    way = find_via(ground(), router(*TOLD), HMEYMIM, [MOZDOK], SHAGOL)
    parts = [
        router(*TOLD).find(*ends).route.length_m for ends in pairwise([HMEYMIM, MOZDOK, SHAGOL])
    ]
    assert way.route.length_m == pytest.approx(sum(parts), abs=0.01)
    assert MOZDOK in way.route.places
    assert way.direct_m == router(*TOLD).find(HMEYMIM, SHAGOL).direct_m


def test_countries_that_the_shortest_way_passes_change_nothing() -> None:
    stops = [Country("IRN"), Country("AZE")]
    way = find_via(ground(), router(*TOLD), HMEYMIM, stops, SHAGOL)
    assert way == router(*TOLD).find(HMEYMIM, SHAGOL)


@pytest.mark.parametrize("code", ["TKM", "EGY", "SAU"])
def test_a_country_off_the_way_is_entered_where_that_is_shortest(code: str) -> None:
    way = find_via(ground(), router(*TOLD), HMEYMIM, [Country(code)], SHAGOL)
    assert code in passed(way)
    assert not set(TOLD) & set(passed(way))
    # No vertex of the country's border makes a shorter way, even if nothing at all were closed.
    faces = [n for n, face in enumerate(airspace().faces) if code in face.claims]
    borders = airspace().coverage.borders
    points = borders.ends[np.isin(borders.left, faces) | np.isin(borders.right, faces)][::20, :2]
    free_m = min(there_and_on(points))
    assert way.route.length_m >= free_m - 1_000


def there_and_on(points: FloatArray) -> FloatArray:
    lengths = np.zeros(len(points))
    for place in (HMEYMIM, SHAGOL):
        lon, lat = (np.full(len(points), at) for at in (place.lon, place.lat))
        lengths += GEOD.inv(lon, lat, points[:, 0], points[:, 1])[2]
    return lengths


def test_with_nothing_closed_a_touched_country_costs_what_geometry_says() -> None:
    way = find_via(ground(), router(), HMEYMIM, [Country("TKM")], SHAGOL)
    faces = [n for n, face in enumerate(airspace().faces) if face.claims == ("TKM",)]
    borders = airspace().coverage.borders
    points = borders.ends[np.isin(borders.left, faces) | np.isin(borders.right, faces)][:, :2]
    best_m = there_and_on(points).min()
    # 1 km into the country costs up to 2 km more than touching it.
    assert best_m <= way.route.length_m <= best_m + 2_000


def test_order_matters() -> None:
    stops = [Country("KAZ"), Country("IRN")]
    way = find_via(ground(), router(*TOLD), HMEYMIM, stops, SHAGOL)
    codes = passed(way)
    assert "IRN" in codes[codes.index("KAZ") :]
    assert way.route.length_m > router(*TOLD).find(HMEYMIM, SHAGOL).route.length_m


@pytest.mark.parametrize(
    ("code", "said"),
    [("XXX", "no airspace of XXX"), ("TUR", "no way over TUR: its airspace is closed")],
)
def test_a_country_that_cannot_be_passed_is_named(code: str, said: str) -> None:
    with pytest.raises(NoWayError, match=said):
        find_via(ground(), router(*TOLD), HMEYMIM, [Country(code)], SHAGOL)


def test_an_empty_list_of_stops_is_the_shortest_way() -> None:
    assert closing() == Closure()
    way = find_via(ground(), router(*TOLD), HMEYMIM, [], SHAGOL)
    assert way.route.length_m == router(*TOLD).find(HMEYMIM, SHAGOL).route.length_m
