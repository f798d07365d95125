from pathlib import Path

import pytest

from geo.model import Place
from geo.stops import coded_airports, faces_of, fields_inside, story_fields
from geo.story import load_story
from tests.data.small import AIRSPACE
from tests.shipped import airspace

SHIPPED = load_story(Path(__file__).parents[1] / "data" / "routes.geojson")
# In Aland's airspace, in that of its dependency Beeland, where Ceeland claims it too, and nowhere.
SPOTS = [Place(str(lon), "", lon, 5.0) for lon in (5.0, 15.0, 25.0, 35.0)]


def test_the_airfields_of_a_story_are_its_places_without_way_points() -> None:
    places = SHIPPED.places.values()
    russian = {place.id for place in story_fields(places, ["RUS"])}
    assert len(russian) == 20
    assert {"mozdok", "domna"} <= russian
    everywhere = {place.id for place in story_fields(places, None)}
    assert everywhere - russian == {"hmeymim"}
    assert {place.id for place in story_fields(places, None, ["RUS"])} == {"hmeymim"}


@pytest.mark.parametrize(
    ("countries", "without", "found"),
    [
        (("AAA",), (), [5.0]),
        (("BBB",), (), [15.0]),
        (("CCC",), (), []),
        (("AAA", "CCC"), (), [5.0, 25.0]),
        ((), (), []),
        (None, (), [5.0, 15.0, 25.0, 35.0]),
        (None, ("CCC",), [5.0, 15.0, 35.0]),
        (None, ("AAA",), [35.0]),
        (("AAA", "BBB"), ("BBB",), [5.0]),
    ],
)
def test_airports_count_in_the_airspace_of_the_countries_listed(
    countries: tuple[str, ...] | None, without: tuple[str, ...], found: list[float]
) -> None:
    faces = faces_of(AIRSPACE, SPOTS)
    inside = fields_inside(AIRSPACE, SPOTS, faces, countries, without)
    assert [place.lon for place in inside] == found


def test_no_place_has_no_face() -> None:
    assert faces_of(AIRSPACE, ()) == ()
    assert fields_inside(AIRSPACE, (), (), None) == ()


def test_the_world_s_airports_stand_in_their_countries() -> None:
    airports = coded_airports()
    assert len(airports) > 15_000
    faces = faces_of(airspace(), airports)
    ids = {
        code: {place.id for place in fields_inside(airspace(), airports, faces, [code])}
        for code in ("RUS", "GRL", "IRL", "PYF")
    }
    assert {"UUEE", "UUDD", "UHWW"} <= ids["RUS"]
    assert "BGBW" in ids["GRL"]
    assert "EINN" in ids["IRL"]
    assert "NTAA" in ids["PYF"]
    # Simferopol lies where two states claim the airspace.
    assert not any("UKFF" in each for each in ids.values())
