from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations, permutations
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic  # type: ignore[import-untyped]

from geo.airspace_file import load_airspace
from geo.compare import Flight, Row, compare, fly
from geo.geodesy import make_track
from geo.layers import Layer, Volume
from geo.model import FloatArray, LonLat, Place
from geo.render.cards import CERTAINTY_WORDS, ROLE_WORDS, SYMBOL_WORDS, position_words, source_lines
from geo.render.legend import MOST_AREAS, RING, STYLES, LegendItem
from geo.render.palette import DISPUTED, LAYER, SEA, way_colours
from geo.render.scene import Ring, Scene, empty_scene, make_ring, make_scene, shown_tints
from geo.schema import Position, Role, Story
from geo.story import load_story
from geo.units import KILOMETRES, NAUTICAL_MILES
from tests.data.small import AIRSPACE, FLIGHTS, ROWS, STORY, rows_of

DATA = Path(__file__).parents[1] / "data"
SUBSETS = [chosen for count in range(5) for chosen in combinations(ROWS, count)]


def scene_of(rows: tuple[Row, ...]) -> Scene:
    return make_scene(STORY, rows, FLIGHTS, KILOMETRES, "light")


@pytest.mark.parametrize("rows", SUBSETS)
def test_the_legend_explains_what_is_shown_and_nothing_else(rows: tuple[Row, ...]) -> None:
    scene = scene_of(rows)
    found: dict[str, list[str]] = {}
    heading = ""
    for item in scene.legend:
        if item.symbol or item.colour:
            found[heading].append(item.text)
        else:
            heading = item.text
            found[heading] = []
    crossed = [c for row in rows for c in row.flight.crossings if c.kind == "disputed"]
    expected = {
        "Way": {STORY.ways[row.flight.plan.way].name for row in rows},
        "Landing": {CERTAINTY_WORDS[row.flight.plan.certainty] for row in rows},
        "Places": {SYMBOL_WORDS[mark.symbol] for mark in scene.marks},
        "Airspace": {c.name[0].upper() + c.name[1:] for c in crossed},
    }
    assert {name: set(texts) for name, texts in found.items()} == {
        name: texts for name, texts in expected.items() if texts
    }
    assert list(found) == [name for name in expected if name in found]
    texts = [text for each in found.values() for text in each]
    assert len(texts) == len(set(texts))


def test_the_legend_explains_the_disputed_airspaces_that_are_shown() -> None:
    disputed = [item for item in scene_of(ROWS).legend if item.swatch]
    assert disputed == [
        LegendItem("Claimed by Aland and Ceeland", colour=DISPUTED["light"], swatch=True)
    ]
    assert disputed[0].colour == scene_of(ROWS).tints["AAA", "CCC"]
    assert not [item for item in scene_of(rows_of("spot-direct")).legend if item.swatch]


@pytest.mark.parametrize("rows", SUBSETS)
def test_the_legend_shows_the_very_colours_and_styles_of_the_lines(rows: tuple[Row, ...]) -> None:
    scene = scene_of(rows)
    samples = [item for item in scene.legend if item.colour.startswith("#") and not item.swatch]
    assert {(item.colour, item.width) for item in samples} == {
        (line.colour, line.width) for line in scene.lines
    }
    styles = {item.style for item in scene.legend if item.colour == "currentColor"}
    assert styles == {line.style for line in scene.lines}


def test_lines_say_their_certainty_by_style_and_their_way_by_colour() -> None:
    lines = {line.id: line for line in scene_of(ROWS).lines}
    styles = {id: line.style for id, line in lines.items()}
    assert styles == {
        "north-direct": "solid",
        "north-told": "solid",
        "far-direct": "dashed",
        "spot-direct": "dotted",
    }
    assert len(set(STYLES.values())) == len(STYLES) == len(CERTAINTY_WORDS)
    colours = way_colours(STORY.ways, "light")
    assert lines["far-direct"].colour == lines["spot-direct"].colour == colours["direct"]
    assert lines["north-told"].colour == colours["told"]


def variants(*plans: Mapping[str, object]) -> tuple[Row, ...]:
    """Fly the first route anew for each of these changes to its plan."""
    story_plans = [
        STORY.routes[0].model_copy(update={"id": f"r{i}", **plan}) for i, plan in enumerate(plans)
    ]
    first = FLIGHTS[0]
    flights = [Flight(plan, first.route, first.line, first.crossings) for plan in story_plans]
    return compare(flights, None)


def test_direct_lines_lie_beneath_the_others() -> None:
    for rows in permutations(ROWS):
        assert [line.id for line in scene_of(rows).lines][-1] == "north-told"


def test_each_way_has_its_width() -> None:
    ways = {"north-direct": "direct", "north-told": "told"}
    widths = {line.id: line.width for line in scene_of(rows_of(*ways)).lines}
    assert widths == {"north-direct": 1.4, "north-told": 2.6}
    rows = variants({"way": "direct"}, {"way": "told"}, {"way": "other"})
    assert {line.id: line.width for line in scene_of(rows).lines} == pytest.approx(
        {"r0": 1.4, "r1": 2.6, "r2": 5.8}
    )
    # The first strong way that is shown is narrow, whichever it is of the story's.
    (other,) = scene_of(variants({"way": "other"})).lines
    assert other.width == 2.6
    more = {f"way{i}": STORY.ways["told"].model_copy(update={"id": f"way{i}"}) for i in range(4)}
    story = STORY.model_copy(update={"ways": more})
    rows = variants(*[{"way": way} for way in more])
    lines = make_scene(story, rows, FLIGHTS, KILOMETRES, "light").lines
    assert sorted(line.width for line in lines) == pytest.approx([2.6, 5.8, 9.0, 12.2])


def test_lines_are_drawn_direct_first_then_wide_before_narrow_and_the_surest_on_top() -> None:
    ways, certainties = ("direct", "other", "told"), ("illustrative", "inferred", "reported")
    plans = [
        {"id": f"{way}-{certainty}", "way": way, "certainty": certainty}
        for way in ways
        for certainty in certainties
    ]
    expected = [plan["id"] for plan in plans]
    for seed in range(6):
        mixed = [plans[i] for i in np.random.default_rng(seed).permutation(len(plans))]
        assert [line.id for line in scene_of(variants(*mixed)).lines] == expected


@pytest.mark.parametrize("rows", SUBSETS)
def test_an_airspace_keeps_its_tint_whatever_is_shown(rows: tuple[Row, ...]) -> None:
    all_tints = scene_of(ROWS).tints
    scene = scene_of(rows)
    crossed = {c.claims for row in rows for c in row.flight.crossings if c.claims}
    assert scene.tints == {claims: all_tints[claims] for claims in crossed}


def test_an_airspace_keeps_its_tint_where_another_comes_first() -> None:
    plan = STORY.routes[0].model_copy(update={"id": "back", "places": ("north", "base")})
    back = fly(STORY.model_copy(update={"routes": (plan,)}), AIRSPACE)
    scene = make_scene(STORY, compare(back, None), [*FLIGHTS, *back], KILOMETRES, "light")
    assert scene.tints == scene_of(ROWS).tints
    assert len(set(scene.tints.values())) == 3


def test_the_strip_gets_a_tint_for_the_open_sea_too() -> None:
    tints = shown_tints(FLIGHTS, FLIGHTS, "dark")
    assert tints[()] == SEA["dark"]
    assert list(tints.values()).count(SEA["dark"]) == 1
    assert {c.claims for flight in FLIGHTS for c in flight.crossings} == set(tints)


def test_the_bounds_hold_the_shown_lines_and_no_more() -> None:
    assert scene_of(rows_of("far-direct")).bounds == (5.0, 5.0, 40.0, 10.0)
    assert scene_of(rows_of("north-told")).bounds == (5.0, 5.0, 25.0, 18.0)
    assert scene_of(ROWS).bounds == (-15.25, -10.5, 40.0, 18.0)
    assert scene_of(rows_of("spot-direct")).bounds[:2] == (-15.25, -10.5)


def test_without_lines_the_bounds_hold_the_places_or_else_the_world() -> None:
    assert scene_of(()).bounds == (-15.25, -10.5, 40.0, 15.0)
    assert empty_scene("dark").bounds == (-180.0, -60.0, 180.0, 75.0)


def test_an_empty_scene_shows_nothing_but_its_credit() -> None:
    scene = empty_scene("dark")
    assert (scene.lines, scene.marks, scene.legend, dict(scene.tints)) == ((), (), (), {})
    assert "OpenStreetMap contributors" in scene.credit


def test_way_points_are_no_marks() -> None:
    marks = {mark.id for mark in scene_of(ROWS).marks}
    assert marks == {"base", "port", "north", "far", "spot", "spare"}


def test_a_shown_destination_is_never_faint() -> None:
    none, all_shown = ({mark.id: mark for mark in scene_of(rows).marks} for rows in ((), ROWS))
    assert (none["spot"].emphasis, all_shown["spot"].emphasis) == ("faint", "plain")
    assert (none["spare"].emphasis, all_shown["spare"].emphasis) == ("faint", "faint")
    assert (all_shown["north"].emphasis, all_shown["base"].emphasis) == ("strong", "strong")
    for id in ("spot", "far"):
        assert none[id].rank > all_shown[id].rank
    for id in ("base", "port", "north", "spare"):
        assert none[id] == all_shown[id]
    assert all_shown["base"].rank == min(mark.rank for mark in all_shown.values())


def story_of_roles(*roles: str) -> Story:
    """Give the story a place of each role, and no other place but its own route's."""
    spare = STORY.places["spare"]
    places = {
        role: spare.model_copy(update={"id": role, "name": role, "role": role}) for role in roles
    }
    return STORY.model_copy(update={"places": {**STORY.places, **places}})


def test_places_are_named_by_the_rank_of_their_role() -> None:
    roles = ["departure", "landing", "kept", "staging", "home", "unnamed"]
    story = story_of_roles(*reversed(roles))
    marks = {mark.id: mark for mark in make_scene(story, (), FLIGHTS, KILOMETRES, "light").marks}
    ranks = [marks[role].rank for role in roles]
    assert ranks == sorted(set(ranks))
    # A place that no shown route ends at comes after all that one does, but for the first three.
    row = rows_of("spot-direct")
    for shown in roles[3:]:
        plan = row[0].flight.plan.model_copy(update={"places": ("base", shown)})
        rows = (replace(row[0], flight=replace(row[0].flight, plan=plan)),)
        found = make_scene(story, rows, FLIGHTS, KILOMETRES, "light").marks
        later = {mark.id: mark.rank for mark in found if mark.id in roles}
        assert later[shown] < min(later[other] for other in roles[3:] if other != shown)
        assert later[shown] > max(later[other] for other in roles[:3])


def test_every_role_has_its_symbol_and_its_words() -> None:
    roles = set(get_args(Role)) - {"waypoint"}
    assert roles == set(ROLE_WORDS)
    assert set(SYMBOL_WORDS) == roles | {"inferred"}
    assert len(set(SYMBOL_WORDS.values())) == len(SYMBOL_WORDS)
    # The inferred landing stands beside the other one in the legend.
    order = list(SYMBOL_WORDS)
    assert order.index("inferred") == order.index("landing") + 1


@pytest.mark.parametrize(
    ("certainties", "symbol"),
    [
        (("reported", "reported"), "landing"),
        (("inferred", "reported"), "landing"),
        (("inferred", "inferred"), "inferred"),
        (("illustrative", "inferred"), "inferred"),
        (("illustrative", "illustrative"), "inferred"),
    ],
)
def test_a_landing_is_inferred_unless_a_route_reports_it(
    certainties: tuple[str, str], symbol: str
) -> None:
    # Both routes to North; what is shown of them makes no difference.
    routes = [
        plan.model_copy(update={"certainty": certainty})
        for plan, certainty in zip(STORY.routes[:2], certainties, strict=True)
    ]
    story = STORY.model_copy(update={"routes": (*routes, *STORY.routes[2:])})
    for rows in ((), ROWS):
        scene = make_scene(story, rows, FLIGHTS, KILOMETRES, "light")
        symbols = {mark.id: mark.symbol for mark in scene.marks}
        assert symbols["north"] == symbol
        roles = {id: field.role for id, field in STORY.places.items() if id in symbols}
        assert {**symbols, "north": "landing"} == roles
        words = {item.symbol: item.text for item in scene.legend if item.symbol}
        assert words[symbol] == SYMBOL_WORDS[symbol]
        assert len({"landing", "inferred"} & set(words)) == 1


def test_a_place_of_another_role_is_never_marked_as_an_inferred_landing() -> None:
    assert {m.id: m.symbol for m in scene_of(ROWS).marks}["far"] == "home"


def test_an_airfield_tells_all_that_is_known_of_it() -> None:
    card = next(mark.card for mark in scene_of(()).marks if mark.id == "base")
    assert (card.title, card.subtitle) == ("Base", "База")
    assert dict(card.rows) == {
        "Role": "Departure, kept in use",
        "Also called": "Basis",
        "Codes": "ICAO BASE · IATA BSE · Russian БАЗА",
        "Elevation": "1,234 m",
        "Reported": "Took off.",
        "Evidence": "A: named in a report of the time",
        "": "Seen.",
        "Position": ("5.0000° N, 5.0000° E; a second source differs by 0.4 km; good to about 1 km"),
    }
    assert card.sources == (
        "A title, The Paper, 5 March 2016, No. 7, reposted",
        "A book",
    )


def test_an_airfield_leaves_out_what_is_not_known() -> None:
    cards = {mark.id: mark.card for mark in scene_of(()).marks}
    assert cards["spare"].tip == ("Not named in the reports",)
    assert dict(cards["spare"].rows)["Position"] == "3.0000° S, 8.0000° E"
    assert dict(cards["spot"].rows)["Position"] == "10.5000° S, 15.2500° W"
    assert dict(cards["north"].rows)["Position"] == (
        "15.0000° N, 25.0000° E; no second source found; good to about 1 km"
    )


@pytest.mark.parametrize(
    ("position", "words"),
    [
        ({"confidence": "good", "difference_km": 2.5}, "a second source differs by 2.5 km"),
        ({"confidence": "good"}, "no second source found"),
        (
            {"difference_km": 0.0, "independent": False},
            "the second source found is not independent; good to about 1 km",
        ),
        (
            {"confidence": "good", "difference_km": 0.3, "independent": True},
            "a second source differs by 0.3 km",
        ),
    ],
)
def test_a_position_tells_how_well_it_is_known(position: dict[str, object], words: str) -> None:
    known = Position.model_validate({"source": "book", **position})
    field = STORY.places["spot"].model_copy(update={"position": known})
    assert position_words(field) == f"10.5000° S, 15.2500° W; {words}"


def test_a_route_tells_its_figures_its_grade_and_its_sources() -> None:
    scene = make_scene(STORY, ROWS, FLIGHTS, NAUTICAL_MILES, "light")
    cards = {line.id: line.card for line in scene.lines}
    assert dict(cards["north-direct"].rows) == {
        # 2 452 953 m by GeographicLib 2.1; 1852 m make a nautical mile.
        "Distance": "1,324 nmi, 1.00 times the direct line",
        "Airspace": "Aland, Beeland (Aland), claimed by Aland and Ceeland",
        "Landing reported": "5 March 2016",
        "Aircraft": "Su-34, Tu-154",
        "Certainty": "Reported at this airfield",
    }
    assert dict(cards["far-direct"].rows)["Certainty"] == "Thought so."
    assert dict(cards["north-told"].rows)["Refuelling"] == "On the way."
    assert cards["north-told"].sources == source_lines(STORY, ["paper", "book"])
    assert all(card.sources and card.tip for card in cards.values())
    assert cards["spot-direct"].tip == (
        "Direct: 1,525 nmi",
        "Landing: none reported there: illustrative",
    )


def test_a_round_trip_is_no_times_its_direct_line() -> None:
    plan = STORY.routes[0].model_copy(update={"id": "back", "places": ("base", "north", "base")})
    rows = compare(fly(STORY.model_copy(update={"routes": (plan,)}), AIRSPACE), None)
    (line,) = scene_of(rows).lines
    assert dict(line.card.rows)["Distance"] == "4,906 km"


# ---- one world -----------------------------------------------------------------------------------


def moved_story(**places: LonLat) -> Story:
    """Move places of the story to elsewhere."""
    moved = {
        id: STORY.places[id].model_copy(update={"lon": lon, "lat": lat})
        for id, (lon, lat) in places.items()
    }
    return STORY.model_copy(update={"places": {**STORY.places, **moved}})


PACIFIC = moved_story(
    base=(170.0, 50.0), port=(171.0, 49.0), north=(-150.0, 40.0), far=(-175.0, 10.0),
    spot=(140.0, 30.0), corner=(-178.0, 60.0), spare=(-179.5, 0.0),
)  # fmt: skip


@pytest.mark.parametrize("first", [plan.id for plan in STORY.routes])
def test_all_lines_and_marks_lie_in_one_world(first: str) -> None:
    flights = fly(PACIFIC, AIRSPACE)
    flights = tuple(sorted(flights, key=lambda flight: flight.plan.id != first))
    scene = make_scene(PACIFIC, compare(flights, None), flights, KILOMETRES, "light")
    starts = {line.points[0] for line in scene.lines}
    assert len(starts) == 1
    marks = {mark.id: mark.lonlat for mark in scene.marks}
    for line in scene.lines:
        plan = next(plan for plan in PACIFIC.routes if plan.id == line.id)
        assert line.points[0] == pytest.approx(marks["base"], abs=1e-9)
        assert line.points[-1] == pytest.approx(marks[plan.destination], abs=1e-9)
        steps = np.abs(np.diff([lon for lon, _ in line.points]))
        assert steps.max() < 40
    west, _, east, _ = scene.bounds
    assert (east - west) == pytest.approx(70, abs=1e-9)
    for lon, _ in marks.values():
        assert west - 1e-9 <= lon <= east + 1e-9


@pytest.mark.parametrize("id", [plan.id for plan in STORY.routes])
def test_lines_and_marks_are_moved_by_whole_turns_only(id: str) -> None:
    flights = fly(PACIFIC, AIRSPACE)
    rows = tuple(row for row in compare(flights, None) if row.flight.plan.id == id)
    scene = make_scene(PACIFIC, rows, flights, KILOMETRES, "light")
    (line,) = scene.lines
    shifts = np.array(line.points) - np.array(rows[0].flight.line)
    assert (shifts[:, 1] == 0).all()
    assert np.allclose(shifts[:, 0], 360 * np.round(shifts[0, 0] / 360), rtol=0, atol=1e-9)
    for mark in scene.marks:
        field = PACIFIC.places[mark.id]
        assert mark.lonlat[1] == field.lat
        assert (mark.lonlat[0] - field.lon) % 360 == pytest.approx(0, abs=1e-9)


def test_a_flight_eastwards_and_one_westwards_over_180_degrees_share_a_world() -> None:
    there, back = (
        STORY.routes[0],
        STORY.routes[0].model_copy(update={"id": "back", "places": ("north", "base")}),
    )
    story = PACIFIC.model_copy(update={"routes": (there, back)})
    flights = fly(story, AIRSPACE)
    lons = [(flight.line[0][0], flight.line[-1][0]) for flight in flights]
    assert lons == [(170.0, 210.0), (-150.0, -190.0)]
    scene = make_scene(story, compare(flights, None), flights, KILOMETRES, "light")
    one, other = scene.lines
    assert one.points[0] == pytest.approx(other.points[-1], abs=1e-9)
    assert one.points[-1] == pytest.approx(other.points[0], abs=1e-9)
    west, _, east, _ = scene.bounds
    assert east - west == pytest.approx(40, abs=1e-9)


def story_of_lines(places: Mapping[str, LonLat], pairs: list[tuple[str, str]]) -> Story:
    """Give a story whose routes run straight between places of the reader's own."""
    spare, plan = STORY.places["spare"], STORY.routes[0]
    fields = {
        id: spare.model_copy(update={"id": id, "name": id, "role": "other", "lon": lon, "lat": lat})
        for id, (lon, lat) in places.items()
    }
    routes = tuple(plan.model_copy(update={"id": "-".join(p), "places": p}) for p in pairs)
    return STORY.model_copy(update={"places": {**STORY.places, **fields}, "routes": routes})


WORLDWIDE: Mapping[str, LonLat] = {
    "london": (-0.5, 51.5), "york": (-73.8, 40.6), "paulo": (-46.5, -23.4),
    "sydney": (151.2, -33.9), "auckland": (174.8, -37.0), "santiago": (-70.8, -33.4),
    "tokyo": (140.4, 35.8), "jo": (28.2, -26.1),
}  # fmt: skip


@pytest.mark.parametrize(
    "pairs",
    [
        [("london", "york"), ("paulo", "sydney"), ("auckland", "santiago")],
        [("london", "jo"), ("paulo", "sydney"), ("paulo", "jo"), ("auckland", "santiago")],
        [("tokyo", "london"), ("paulo", "sydney"), ("sydney", "auckland")],
        [("london", "york"), ("york", "tokyo"), ("tokyo", "london")],
        [("london", "tokyo"), ("tokyo", "york"), ("york", "london"), ("paulo", "sydney")],
        [("sydney", "santiago"), ("santiago", "sydney")],
    ],
)
def test_a_place_stands_wherever_a_line_ends_at_it(pairs: list[tuple[str, str]]) -> None:
    story = story_of_lines(WORLDWIDE, pairs)
    flights = fly(story, AIRSPACE)
    scene = make_scene(story, compare(flights, None), flights, KILOMETRES, "light")
    stands = {mark.id: [mark.lonlat, *mark.copies] for mark in scene.marks}
    assert len(stands) == len(scene.marks)
    ends: dict[str, list[LonLat]] = {}
    for line in scene.lines:
        for id, at in zip(line.id.split("-"), (line.points[0], line.points[-1]), strict=True):
            ends.setdefault(id, []).append(at)
    for id, found in ends.items():
        for at in found:
            assert min(abs(at[0] - lon) + abs(at[1] - lat) for lon, lat in stands[id]) < 1e-6
        # And nowhere else.
        for lon, lat in stands[id]:
            assert min(abs(at[0] - lon) + abs(at[1] - lat) for at in found) < 1e-6
    west, south, east, north = scene.bounds
    for lon, lat in (at for id in ends for at in stands[id]):
        assert west - 1e-6 <= lon <= east + 1e-6
        assert south - 1e-6 <= lat <= north + 1e-6
    assert east - west < 540


def test_lines_that_share_a_place_meet_there() -> None:
    """Each by itself nearest to the first, these would leave São Paulo in two worlds."""
    pairs = [("tokyo", "sydney"), ("paulo", "sydney"), ("paulo", "jo")]
    story = story_of_lines(WORLDWIDE, pairs)
    flights = fly(story, AIRSPACE)
    scene = make_scene(story, compare(flights, None), flights, KILOMETRES, "light")
    assert [mark.id for mark in scene.marks if mark.copies] == []


def test_lines_round_the_world_leave_a_place_on_two_copies() -> None:
    pairs = [("london", "york"), ("york", "tokyo"), ("tokyo", "london")]
    story = story_of_lines(WORLDWIDE, pairs)
    flights = fly(story, AIRSPACE)
    scene = make_scene(story, compare(flights, None), flights, KILOMETRES, "light")
    (twice,) = [mark for mark in scene.marks if mark.copies]
    ((lon, _),) = twice.copies
    assert abs(lon - twice.lonlat[0]) == 360


def test_a_place_on_the_way_stands_where_the_line_passes() -> None:
    story = story_of_lines(WORLDWIDE, [("london", "york"), ("paulo", "sydney")])
    (first, plan) = story.routes
    plan = plan.model_copy(update={"places": ("paulo", "auckland", "sydney")})
    story = story.model_copy(update={"routes": (first, plan)})
    flights = fly(story, AIRSPACE)
    scene = make_scene(story, compare(flights, None), flights, KILOMETRES, "light")
    line = next(line for line in scene.lines if line.id == "paulo-sydney")
    marks = {mark.id: mark.lonlat for mark in scene.marks}
    assert line.points[0] == pytest.approx(marks["paulo"])
    assert line.points[-1] == pytest.approx(marks["sydney"])
    assert marks["sydney"][0] < marks["auckland"][0] < marks["paulo"][0]


# ---- an opened layer -----------------------------------------------------------------------------


def layer_of(*geometries: Any, name: str = "closed.geojson") -> Layer:
    volumes = [
        Volume(n, "", f"Area {n}", "R", "GND", "FL100", geometry)
        for n, geometry in enumerate(geometries, 1)
    ]
    return Layer(name, tuple(volumes))


def scene_over(layer: Layer | None, rows: tuple[Row, ...] = ROWS) -> Scene:
    return make_scene(STORY, rows, FLIGHTS, KILOMETRES, "light", layer)


BOX = shapely.box(5, 5, 9, 9)
HOLED = BOX.difference(shapely.box(6, 6, 7, 7))
PAIR = shapely.MultiPolygon([shapely.box(50, 0, 51, 1), shapely.box(60, 0, 61, 1)])


def test_without_a_layer_no_areas_are_drawn_or_explained() -> None:
    scene = scene_over(None)
    assert scene.areas == empty_scene("light").areas == ()
    assert "Opened layer" not in [item.text for item in scene.legend]
    assert scene == scene_of(ROWS)


def test_the_areas_of_a_layer_are_outlined_with_their_names_and_holes() -> None:
    areas = scene_over(layer_of(BOX, HOLED)).areas
    assert [area.name for area in areas] == ["Area 1", "Area 2"]
    assert [len(area.rings) for area in areas] == [1, 2]
    assert set(areas[0].rings[0]) == {(5.0, 5.0), (5.0, 9.0), (9.0, 9.0), (9.0, 5.0)}
    for area in areas:
        for ring in area.rings:
            assert ring[0] == ring[-1]
            assert all(type(lon) is type(lat) is float for lon, lat in ring)
    shell, hole = areas[1].rings
    assert shapely.Polygon(shell, [hole]).equals(HOLED)


def test_an_area_of_several_parts_is_outlined_with_all_of_them() -> None:
    (area,) = scene_over(layer_of(PAIR)).areas
    assert [shapely.Polygon(ring).bounds for ring in area.rings] == [
        part.bounds for part in PAIR.geoms
    ]


@pytest.mark.parametrize("rows", [(), ROWS[:1], ROWS])
def test_a_layer_changes_nothing_else_of_the_scene(rows: tuple[Row, ...]) -> None:
    scene, plain = scene_over(layer_of(BOX, PAIR), rows), scene_over(None, rows)
    assert scene.legend[: len(plain.legend)] == plain.legend
    assert replace(scene, areas=(), legend=plain.legend) == plain


def test_the_legend_names_the_layer_last_in_the_colour_of_its_areas() -> None:
    heading, item = scene_over(layer_of(BOX, PAIR)).legend[-2:]
    assert heading == LegendItem("Opened layer")
    text = "closed.geojson: 2 areas"
    assert item == LegendItem(text, colour=LAYER, style="dashed", width=1.5)
    colours = {line.colour for line in scene_over(None).lines}
    assert LAYER not in colours | set(scene_over(None).tints.values())


def test_of_a_large_layer_the_first_areas_are_drawn_and_the_legend_says_so() -> None:
    boxes = [shapely.box(n / 10, 0, n / 10 + 0.05, 1) for n in range(MOST_AREAS + 1)]
    whole, cut = scene_over(layer_of(*boxes[:-1])), scene_over(layer_of(*boxes))
    assert [area.name for area in whole.areas] == [area.name for area in cut.areas]
    assert len(cut.areas) == MOST_AREAS
    assert whole.legend[-1].text == "closed.geojson: 500 areas"
    assert cut.legend[-1].text == "closed.geojson: 501 areas, the first 500 drawn"


def test_outlines_are_thinned_but_stay_by_their_areas() -> None:
    circle = shapely.Point(10, 45).buffer(1.5, quad_segs=5000)
    ((ring,),) = [area.rings for area in scene_over(layer_of(circle)).areas]
    assert len(ring) < 200
    assert shapely.hausdorff_distance(shapely.LineString(ring), circle.exterior) < 0.0101


def test_a_small_area_stays_an_area() -> None:
    spot = shapely.Point(10, 45).buffer(0.002)
    (area,) = scene_over(layer_of(spot)).areas
    assert shapely.Polygon(area.rings[0]).area > 0


def test_the_areas_lie_in_the_world_of_the_lines() -> None:
    flights = fly(PACIFIC, AIRSPACE)
    rows = compare(flights[:1], None)
    layer = layer_of(shapely.box(-165, 40, -155, 50))
    scene = make_scene(PACIFIC, rows, flights, KILOMETRES, "light", layer)
    assert scene.lines[0].points[-1] == pytest.approx((210, 40))
    assert shapely.Polygon(scene.areas[0].rings[0]).bounds == (195, 40, 205, 50)


# ---- the shipped story ---------------------------------------------------------------------------


def test_a_drawn_line_stays_by_its_track_and_is_short() -> None:
    story = load_story(DATA / "routes.geojson")
    flights = fly(story, load_airspace(DATA / "airspace.parquet"))
    scene = make_scene(story, compare(flights, None), flights, KILOMETRES, "light")
    tracks = {flight.plan.id: make_track(flight.route).lonlat for flight in flights}
    for line in scene.lines:
        track = tracks[line.id]
        assert len(line.points) <= 150
        assert line.points[0] == tuple(track[0])
        assert line.points[-1] == tuple(track[-1])
        assert offset_m(np.array(line.points), track) < 200


def offset_m(line: FloatArray, track: FloatArray) -> float:
    """Measure how far points of a track lie from a line drawn straight in lon/lat, at most."""
    ends = shapely.shortest_line(shapely.points(track), shapely.LineString(line))
    pairs = shapely.get_coordinates(ends).reshape(-1, 4).tolist()
    return max(float(Geodesic.WGS84.Inverse(b, a, d, c)["s12"]) for a, b, c, d in pairs)


def test_a_range_ring_is_drawn_as_its_line_of_the_legend() -> None:
    place = Place("start", "Start", 30.0, 35.0)
    rings = [
        make_ring("low", place, 500_000, "dashed"),
        make_ring("high", place, 900_000, "solid"),
        make_ring("low", replace(place, lon=179.0), 500_000, "dashed"),
    ]
    scene = make_scene(STORY, ROWS, FLIGHTS, KILOMETRES, "dark", rings=rings)
    assert [ring.name for ring in scene.rings] == ["low", "high", "low"]
    assert scene.areas == ()
    items = [item for item in scene.legend if item.text in ("low", "high")]
    assert [(item.text, item.style, item.colour) for item in items] == [
        ("low", "dashed", RING["dark"]),
        ("high", "solid", RING["dark"]),
    ]
    without = make_scene(STORY, ROWS, FLIGHTS, KILOMETRES, "dark")
    assert without.rings == ()
    west, south, east, north = scene.bounds
    assert (west, south) <= (without.bounds[0], without.bounds[1])
    assert all(
        west <= lon <= east and south <= lat <= north
        for ring in scene.rings
        for lon, lat in ring.points
    )


@pytest.mark.parametrize(
    ("lon", "lat", "radius_m", "turns"),
    [(30, 35, 500_000, 0), (179, 35, 900_000, 0), (30, 80, 2_000_000, 1), (-170, -85, 900_000, 1)],
)
def test_the_points_of_a_ring_never_jump(
    lon: float, lat: float, radius_m: float, turns: int
) -> None:
    ring = make_ring("ring", Place("p", "P", lon, lat), radius_m, "solid")
    lons = np.array([point[0] for point in ring.points])
    assert np.abs(np.diff(lons)).max() < 180
    assert abs(lons[-1] - lons[0]) == pytest.approx(360 * turns, abs=1e-6)
    lengths_m = [Geodesic.WGS84.Inverse(lat, lon, y, x)["s12"] for x, y in ring.points]
    assert lengths_m == pytest.approx([radius_m] * len(lengths_m), abs=0.01)


@pytest.mark.parametrize("lon", [180.0, -180.0, 179.9, 0.0])
@pytest.mark.parametrize(("lat", "radius_m"), [(35.0, 900_000), (80.0, 2_000_000)])
def test_a_ring_lies_around_the_longitude_of_its_place(
    lon: float, lat: float, radius_m: float
) -> None:
    ring = make_ring("ring", Place("p", "P", lon, lat), radius_m, "solid")
    lons = [point[0] for point in ring.points]
    assert (min(lons) + max(lons)) / 2 == pytest.approx(lon, abs=181 if lat > 60 else 1e-6)


def test_a_ring_stands_where_its_place_does() -> None:
    story = story_of_lines(WORLDWIDE, [("london", "york"), ("paulo", "sydney")])
    flights = fly(story, AIRSPACE)
    ring = make_ring("low", Place("sydney", "Sydney", 151.2, -33.9), 500_000, "solid")
    rows = compare(flights, None)
    scene = make_scene(story, rows, flights, KILOMETRES, "light", rings=[ring])
    mark = next(mark for mark in scene.marks if mark.id == "sydney")
    assert mark.lonlat[0] == pytest.approx(151.2 - 360)
    lons = [lon for lon, _ in scene.rings[0].points]
    assert min(lons) < mark.lonlat[0] < max(lons)
    assert scene.rings[0].place.lon == mark.lonlat[0]


def test_the_bounds_hold_rings_round_a_pole_where_nothing_else_is_shown() -> None:
    ice = make_ring("ice", Place("ice", "Ice", 170.0, 80.0), 4_828_032, "solid")
    wide = make_ring("wide", Place("wide", "Wide", 36.0, 35.0), 9_656_064, "solid")
    near = make_ring("near", Place("base", "Base", 5.0, 5.0), 500_000, "solid")

    def bounds(rows: tuple[Row, ...], *rings: Ring) -> tuple[float, float, float, float]:
        return make_scene(STORY, rows, FLIGHTS, KILOMETRES, "light", rings=rings).bounds

    west, south, east, north = bounds((), ice)
    assert (west, east, north) == (-10, 350, 80)
    assert south == pytest.approx(min(lat for _, lat in ice.points))
    assert bounds((), ice, wide)[1] == pytest.approx(min(lat for _, lat in wide.points))
    assert bounds((), ice, wide)[2] - bounds((), ice, wide)[0] == 360
    assert bounds(ROWS, ice) == scene_of(ROWS).bounds
    assert bounds((), near)[2] < 12
