"""What the Explore page tells of routes below the map, and what it takes from the link for that."""

import html
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.test_views import OPENING, PLAIN, choice, opened, ran, routes, scene, texts, with_story
from views.closer import TABS
from views.typed import mended

WORDS, FLOWN, CLAIMED, DATED, CROSSED = TABS


def said(app: AppTest) -> str:
    """Return the page's text without its markup."""
    bare = re.sub(r"<style>.*?</style>", "", texts(app), flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", " ", bare))


@pytest.mark.parametrize(
    ("wrong", "guess", "path"),
    [("EFHK-Tokio", "RJTT", "EFHK-RJTT"), ("hmeymim-shagl, OSLK-URMF", "shagol", None)],
)
def test_a_wrong_point_is_named_and_its_guesses_mend_the_path(
    wrong: str, guess: str, path: str | None
) -> None:
    app = opened({"route": wrong})
    asked = scene(app)["asked"]
    assert "no place" in asked["refused"]
    assert asked["refusedPath"] == wrong
    assert routes(app) == OPENING
    mend = path or wrong.replace("shagl", guess)
    assert mend in dict(asked["guesses"])
    assert guess in dict(asked["guesses"])[mend]
    app = opened({"route": mend})
    assert scene(app)["asked"]["routes"] == [mend]
    assert {"typed:1"} <= routes(app)
    assert not scene(app)["asked"]["refused"]


def test_of_several_typed_paths_the_wrong_one_is_named_and_the_others_are_flown() -> None:
    app = opened({"route": ["EFHK-RJAA", "EFHK-Tokio", "hmeymim-OSDI/OLBA"]})
    asked = scene(app)["asked"]
    assert asked["routes"] == ["EFHK-RJAA", "hmeymim-OSDI/OLBA"]
    assert asked["refusedPath"] == "EFHK-Tokio"
    assert routes(app) == {*OPENING, "typed:1", "typed:2", "typed:3"}


@pytest.mark.parametrize(
    ("path", "wrong", "mend"),
    [
        ("EFHK-Tokio", "Tokio", "EFHK-X"),
        ("EFHK – Tokio , Tokio/B-C", "Tokio", "EFHK – X , X/B-C"),
        ("Tokio-Tokio bay", "Tokio", "X-Tokio bay"),
        ("A-St. (Louis)", "St. (Louis)", "A-X"),
        ("A-San   Fran-B", "San Fran", "A-X-B"),
        ("A-B", "nothing of it", "A-B"),
    ],
)
def test_a_point_is_mended_in_its_path(path: str, wrong: str, mend: str) -> None:
    assert mended(path, wrong, "X") == mend


def test_two_typed_routes_after_each_other_have_each_its_own_edges() -> None:
    """Both have the same id, and cross a different number of airspaces."""
    app = opened({"route": "EFHK-RJAA"})
    app.query_params["route"] = "hmeymim-OSDI"
    assert "Damascus" in said(ran(app.run()))


def test_each_shown_route_is_told_and_a_reader_who_sees_no_map_is_told_of_it() -> None:
    app = opened()
    assert texts(app).count('class="corridor-route"') == len(OPENING)
    assert "Hmeymim to Chelyabinsk Shagol, Corridor via Azerbaijan" in said(app)
    (unseen,) = re.findall(r'corridor-unseen">([^<]*)<', texts(app))
    assert unseen.startswith("A map with 6 routes: The flights home")
    choice(app, "Way").set_value(["direct"])
    ran(app.run())
    assert texts(app).count('class="corridor-route"') == 3
    assert "A map with 3 routes" in said(app)
    choice(app, "Way").set_value([])
    assert "No route is shown." in said(ran(app.run()))


def test_typed_and_open_ways_are_told_too() -> None:
    told = said(opened({"route": "EFHK-RJAA", "closed": "Russia"}))
    assert "Helsinki Vantaa Airport to Narita International Airport, Direct" in told
    assert "Helsinki Vantaa Airport to Narita International Airport, Shortest open way" in told


def test_an_aircraft_draws_its_range_and_answers_for_each_route() -> None:
    app = opened({"aircraft": "Su-24M", "tab": FLOWN})
    assert not app.warning
    names = ["Su-24M, low figure: 777 mi", "Su-24M, high figure: 1,771 mi"]
    assert [area["name"] for area in scene(app)["rings"]] == names
    assert [item["text"] for item in scene(app)["legend"] if item["text"] in names] == names
    told = said(app)
    for words in (
        "Not plausible by any published figure",
        "Plausible only by the high figure",
        "at airfields of the story in Russia",
        "1 stop could do, at Astrakhan",
        "Figures of the Su-24, TASS",
        "Times at 800 km/h",
        "Assumed. No cruising speed was found",
    ):
        assert words in told
    app.selectbox(key="aircraft").set_value(None)
    assert scene(ran(app.run()))["rings"] == []


@pytest.mark.parametrize(
    ("aircraft", "speed", "words"),
    [
        ("Il-76MD", None, "Times at 800 km/h"),
        ("Il-76MD", None, "The highest published cruising speed of the Il-76MD."),
        ("Mi-8", None, "Times at 191 km/h"),
        ("Il-76MD", "500", "Times at 500 km/h"),
        (None, "500", "The speed typed above."),
        (None, None, "Choose an aircraft at the side, or a speed here."),
    ],
)
def test_the_times_are_at_the_type_s_speed_or_the_typed_one(
    aircraft: str | None, speed: str | None, words: str
) -> None:
    query = {"tab": FLOWN, "aircraft": aircraft, "speed": speed}
    assert words in said(opened({key: value for key, value in query.items() if value}))


def test_entries_are_timed_from_the_start() -> None:
    place = {"airfields": "My choice", "pick": "Chelyabinsk Shagol", "way": "Direct"}
    told = said(opened({"tab": FLOWN, "speed": "600", **place}))
    # 2,937 km at 10 km a minute.
    assert "4:54" in told
    assert re.search(r"Turkey\s+\d+ min", told)


def test_what_a_single_figure_is_called() -> None:
    told = said(opened({"aircraft": "Su-34", "tab": FLOWN}))
    assert "Plausible by the only figure" in told
    assert "the low figure" not in told


def test_the_story_s_claim_stands_in_the_box_and_is_checked() -> None:
    app = opened({"tab": CLAIMED})
    assert app.text_input(key="claim").value == "more than 3,000 miles"
    told = said(app)
    assert "The claim holds for none of the 6 routes shown." in told
    assert "statute miles are taken" in told
    assert "1,175 mi shorter" in told
    app.text_input(key="claim").set_value("over 2,900 km via Kazakhstan")
    told = said(ran(app.run()))
    assert "The claim holds for 2 of the 6 routes shown." in told
    assert "it does not pass Kazakhstan" in told
    assert "They differ by" in told


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ("rubbish", "no distance in it"),
        ("more than 3,000 miles via Iraw", "no country"),
        ("<img src=x onerror=alert(1)>", "no distance in it"),
        ("m" * 5000, ""),
    ],
)
def test_a_claim_that_cannot_be_read_is_named(claim: str, words: str) -> None:
    app = opened({"tab": CLAIMED, "claim": claim})
    assert words in said(app)
    assert "<img" not in texts(app)
    assert routes(app) == OPENING


def test_a_day_tells_what_had_left_and_its_reports() -> None:
    app = opened({"tab": DATED})
    assert "14 March 2016" in said(app)
    told = said(opened({"tab": DATED, "day": "2016-03-16"}))
    assert "at least 15 of about 36 jets gone" in told
    assert "Reports of 16 March 2016" in told
    assert "https://interfax.ru/russia/498742" in told
    assert "None in this story." in said(opened({"tab": DATED, "day": "2016-05-03"}))


def test_the_airspaces_of_all_routes_stand_in_one_table() -> None:
    told = " ".join(said(opened({"tab": CROSSED})).split())
    assert "Chelyabinsk Shagol Corridor via Azerbaijan 547 – 304 258 370 240 239 229" in told
    choices = {"tab": CROSSED, "way": "", "airfields": "My choice", "pick": ""}
    assert not opened({**choices, "route": ""}).exception


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("tab", "Moon"),
        ("aircraft", "Zeppelin"),
        ("aircraft", "<b>"),
        ("speed", "fast"),
        ("speed", "-1"),
        ("day", "2016-13-13"),
        ("day", "1999-01-01"),
    ],
)
def test_a_wrong_value_in_the_link_is_named_and_passed_over(key: str, value: str) -> None:
    app = opened({key: value})
    assert len(app.warning) == 1
    assert html.escape(f"{key} “{value}”") in texts(app)
    assert routes(app) == OPENING


@pytest.mark.parametrize("tab", TABS)
def test_a_story_without_claim_dates_and_reports_has_every_tab(
    monkeypatch: pytest.MonkeyPatch, tab: str
) -> None:
    monkeypatch.setenv("CORRIDOR_STORY", str(PLAIN))
    queries: tuple[Mapping[str, str], ...] = ({}, {"aircraft": "Tu-154M", "claim": "over 9 km"})
    for query in queries:
        assert not opened({"tab": tab, **query}).exception


@pytest.mark.parametrize("tab", TABS)
def test_text_of_a_story_is_never_markup(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tab: str
) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    text = PLAIN.read_text(encoding="utf-8").replace('"name": "End"', f'"name": "{hostile}"')
    with_story(monkeypatch, tmp_path, text)
    app = opened({"tab": tab, "aircraft": "Tu-154M", "claim": "over 9 km"})
    assert html.escape(hostile) in texts(app)
    assert "<img" not in texts(app)
