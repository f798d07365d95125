from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic  # type: ignore[import-untyped]

from geo.airspace_file import load_airspace
from geo.compare import Row, compare, fly
from geo.model import FloatArray
from geo.render.cards import CERTAINTY_WORDS, ROLE_WORDS, source_lines
from geo.render.palette import SEA, way_colours
from geo.render.scene import (
    STYLES,
    Scene,
    empty_scene,
    make_scene,
    shown_tints,
)
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
    items = [item for item in scene.legend if item.symbol or item.colour]
    ways = {STORY.ways[row.flight.plan.way].name for row in rows}
    certainties = {CERTAINTY_WORDS[row.flight.plan.certainty] for row in rows}
    roles = {ROLE_WORDS[mark.symbol] for mark in scene.marks}
    assert len(items) == len({item.text for item in items})
    assert {item.text for item in items} == ways | certainties | roles
    headings = [item.text for item in scene.legend if not (item.symbol or item.colour)]
    assert headings == (["Way", "Landing", "Places"] if rows else ["Places"])


@pytest.mark.parametrize("rows", SUBSETS)
def test_the_legend_shows_the_very_colours_and_styles_of_the_lines(rows: tuple[Row, ...]) -> None:
    scene = scene_of(rows)
    samples = {(item.colour, item.width) for item in scene.legend if item.colour.startswith("#")}
    assert samples == {(line.colour, line.width) for line in scene.lines}
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


def test_direct_lines_lie_beneath_the_others() -> None:
    assert [line.id for line in scene_of(ROWS).lines][-1] == "north-told"


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
        "Position": "5.0000° N, 5.0000° E; a second source differs by 0.4 km",
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
    assert dict(cards["north"].rows)["Position"].endswith("no second source found")


def test_a_route_tells_its_figures_its_grade_and_its_sources() -> None:
    scene = make_scene(STORY, ROWS, FLIGHTS, NAUTICAL_MILES, "light")
    cards = {line.id: line.card for line in scene.lines}
    assert dict(cards["north-direct"].rows) == {
        # 2 452 953 m by GeographicLib 2.1; 1852 m make a nautical mile.
        "Distance": "1,324 nmi, 1.00 times the direct line",
        "Over": "Aland, Beeland (Aland), claimed by Aland and Ceeland",
        "Reported": "5 March 2016",
        "Aircraft": "Su-34, Tu-154",
        "Certainty": "Reported at this airfield",
    }
    assert dict(cards["far-direct"].rows)["Certainty"] == "Thought so."
    assert dict(cards["north-told"].rows)["Refuelling"] == "On the way."
    assert cards["north-told"].sources == source_lines(STORY, ["paper", "book"])
    assert all(card.sources and card.tip for card in cards.values())


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
        assert offset_m(np.array(line.points), track) < 400


def offset_m(line: FloatArray, track: FloatArray) -> float:
    """Measure how far points of a track lie from a line drawn straight in lon/lat, at most."""
    ends = shapely.shortest_line(shapely.points(track), shapely.LineString(line))
    pairs = shapely.get_coordinates(ends).reshape(-1, 4).tolist()
    return max(float(Geodesic.WGS84.Inverse(b, a, d, c)["s12"]) for a, b, c, d in pairs)
