import json
from pathlib import Path
from typing import Any

import pytest

from geo.aircraft import Fleet, load_fleet, read_fleet, say_figure
from geo.errors import DataError
from geo.story import load_story
from geo.units import STATUTE_MILES

DATA = Path(__file__).parents[1] / "data"
FLEET: Fleet = load_fleet(DATA / "aircraft.json")


def small(**update: Any) -> dict[str, Any]:
    jet: dict[str, Any] = {
        "id": "jet",
        "name": "Jet",
        "ranges": [
            {"range_km": 3000, "sources": ["me"]},
            {"range_km": 1000, "sources": ["me"], "condition": "loaded"},
            {"range_km": 9000, "sources": ["me"], "doubt": "A guess."},
        ],
        "speeds": [
            {"kind": "maximum", "speed_kmh": 2000, "sources": ["me"]},
            {"kind": "cruise", "speed_kmh": 900, "sources": ["me"]},
            {"kind": "cruise", "speed_kmh": 800, "sources": ["me"]},
        ],
    }
    return {"types": [{**jet, **update}], "sources": [{"id": "me", "title": "Me"}]}


def read(data: object) -> Fleet:
    return read_fleet(json.dumps(data), "mine.json")


@pytest.mark.parametrize(
    ("id", "low_km", "high_km"),
    [  # the published figures, each with its source in the file
        ("su24m", 1250, 2850),
        ("su34", 4000, 4000),
        ("su25", 1000, 1000),
        ("su35s", 3400, 4500),
        ("il76md", 3600, 5000),
        ("tu154m", 6500, 6500),
        ("tu154", 1750, 4000),
        ("mi8", 600, 1500),
    ],
)
def test_shipped_ranges(id: str, low_km: float, high_km: float) -> None:
    limits = FLEET.types[id].range_limits
    assert limits is not None
    assert [figure.range_km for figure in limits] == [low_km, high_km]


def test_types_without_a_published_range_say_so() -> None:
    without = {id for id, each in FLEET.types.items() if each.range_limits is None}
    assert without == {"su30sm", "an124", "mi24"}
    for id in without:
        assert "No published figure" in (FLEET.types[id].note or "")


def test_only_transports_have_a_cruising_speed() -> None:
    found = {id: each.cruise_limits_kmh for id, each in FLEET.types.items()}
    assert {id: limits for id, limits in found.items() if limits} == {
        "il76md": (770, 800),
        "tu154m": (935, 935),
        "tu154": (870, 920),
    }


def test_every_source_is_cited_and_every_aircraft_of_the_story_has_its_type() -> None:
    cited = {id for each in FLEET.types.values() for f in each.figures for id in f.sources}
    assert cited == set(FLEET.sources)
    story = load_story(DATA / "routes.geojson")
    named = {name for route in story.routes for name in route.aircraft}
    left = [departure for report in story.reports for departure in report.departures]
    named |= {departure.aircraft for departure in left}
    named |= {each.company for each in left if each.company}
    named |= {each.carried_by for each in left if each.carried_by}
    assert {name for name in named if FLEET.type_of(name) is None} == set()
    members = [member for each in FLEET.types.values() for member in each.members]
    assert len(members) == len(set(members))


def test_low_and_high_leave_doubted_figures_out() -> None:
    jet = read(small()).types["jet"]
    limits = jet.range_limits
    assert limits is not None
    assert [figure.range_km for figure in limits] == [1000, 3000]
    assert jet.cruise_limits_kmh == (800, 900)
    assert len(jet.figures) == 6
    bare = read(small(ranges=[], speeds=[])).types["jet"]
    assert (bare.range_limits, bare.cruise_limits_kmh, bare.figures) == (None, None, ())


def test_figures_are_written_with_what_they_hold_for() -> None:
    jet = read(small(ceilings=[{"ceiling_m": 11000, "sources": ["me"]}])).types["jet"]
    assert [say_figure(figure) for figure in jet.figures] == [
        "3,000 km",
        "1,000 km (loaded)",
        "9,000 km (A guess.)",
        "2,000 km/h maximum",
        "900 km/h cruise",
        "800 km/h cruise",
        "11,000 m",
    ]
    assert [say_figure(figure, STATUTE_MILES) for figure in jet.figures] == [
        "3,000 km (1,864 mi)",
        "1,000 km (621 mi; loaded)",
        "9,000 km (5,592 mi; A guess.)",
        "2,000 km/h maximum (1,243 mph)",
        "900 km/h cruise (559 mph)",
        "800 km/h cruise (497 mph)",
        "11,000 m",
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            small(ranges=[{"range_km": 1, "sources": ["you"]}]),
            'type "jet": there is no source "you"',
        ),
        (small(ranges=[{"range_km": 1, "sources": []}]), "types.jet.ranges.0.sources is missing"),
        (small(ranges=[{"range_km": 0, "sources": ["me"]}]), "types.jet.ranges.0.range_km 0"),
        (
            small(ranges=[{"range_km": "far", "sources": ["me"]}]),
            'types.jet.ranges.0.range_km "far"',
        ),
        (small(wings=2), "types.jet.wings is not a known field"),
        (small(name=""), "types.jet.name is blank"),
        ({"sources": []}, "types is missing"),
        ([], ""),
    ],
)
def test_a_damaged_file_is_refused_by_name(data: object, message: str) -> None:
    with pytest.raises(DataError) as caught:
        read(data)
    assert str(caught.value).startswith(f"mine.json: {message}")
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("text", ["", "{", b"\xff\xfe", '{"types": ' + "[" * 5000])
def test_what_is_no_json_is_refused(text: str | bytes) -> None:
    with pytest.raises(DataError, match=r"^mine\.json: "):
        read_fleet(text, "mine.json")


def test_a_missing_and_a_huge_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"^none\.json: can't be read: No such file"):
        load_fleet(tmp_path / "none.json")
    with pytest.raises(DataError, match=r"^mine\.json: is larger than 1,000,000 bytes$"):
        read_fleet(" " * 1_000_001, "mine.json")
