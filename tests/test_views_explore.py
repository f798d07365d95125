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
    ("wrong", "said", "guess", "path"),
    [
        ("EFHK-Tokio", "may be several places", "RJTT", "EFHK-RJTT"),
        ("hmeymim-shagl, OSLK-URMF", "no place", "shagol", None),
    ],
)
def test_a_wrong_point_is_named_and_its_guesses_mend_the_path(
    wrong: str, said: str, guess: str, path: str | None
) -> None:
    app = opened({"route": wrong})
    asked = scene(app)["asked"]
    assert said in asked["refused"]
    assert asked["refusedPath"] == wrong
    assert routes(app) == OPENING
    mend = path or wrong.replace("shagl", guess)
    assert mend in dict(asked["guesses"])
    assert guess in dict(asked["guesses"])[mend]
    app = opened({"route": mend})
    assert scene(app)["asked"]["routes"] == [mend]
    assert any(id.startswith("typed:") for id in routes(app))
    assert not scene(app)["asked"]["refused"]


def test_of_several_typed_paths_the_wrong_one_is_named_and_the_others_are_flown() -> None:
    app = opened({"route": ["EFHK-RJAA", "EFHK-Tokio", "hmeymim-OSDI/OLBA"]})
    asked = scene(app)["asked"]
    assert asked["routes"] == ["EFHK-RJAA", "hmeymim-OSDI/OLBA"]
    assert asked["refusedPath"] == "EFHK-Tokio"
    typed = {id for id in routes(app) if id.startswith("typed:")}
    assert (routes(app) - typed, len(typed)) == (set(OPENING), 3)


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
        "Published range: 1,250 km (777 mi;",
        "Figures of the Su-24, TASS",
        "Leg by leg, at 497 mph",
        "The speed is assumed. No cruising speed was found",
    ):
        assert words in told
    app.selectbox(key="aircraft").set_value(None)
    assert scene(ran(app.run()))["rings"] == []


@pytest.mark.parametrize(
    ("aircraft", "speed", "words"),
    [
        ("Il-76MD", None, "Leg by leg, at 497 mph"),
        ("Il-76MD", None, "The speed is the highest published cruising speed of the Il-76MD."),
        ("Mi-8", None, "Leg by leg, at 119 mph"),
        ("Il-76MD", "500", "Leg by leg, at 311 mph"),
        (None, "500", "The speed is the one typed above."),
        (None, None, "Choose an aircraft at the side, or a speed here, for the times."),
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
    assert re.search(r"Hmeymim to Chelyabinsk Shagol\s+1,825\s.*\s294\s+294\s", told)
    (entered_mi, entered_min) = re.findall(r"Turkey\s+([\d,]+)\s+[\d,]+\s+(\d+)\s", told)[0]
    assert int(entered_min) == pytest.approx(int(entered_mi) * 1.609344 / 10, abs=1)
    assert not re.search(r"\d min\b|\d h\b", told)


def test_legs_bearings_and_airspaces_stand_there_without_a_speed() -> None:
    told = said(opened({"tab": FLOWN}))
    assert "Hmeymim to Chelyabinsk Shagol, Corridor via Azerbaijan" in told
    assert re.search(
        r"Hmeymim to Chelyabinsk Shagol\s+1,825\s+0\d\d° to 0\d\d°\s+5\d\.\d\d° N", told
    )
    assert "Entered after, mi" in told
    assert "Entered after, min" not in told


def test_each_route_has_its_own_legs_whole() -> None:
    """Legs that several routes share stand with each of them."""
    told = said(opened({"tab": FLOWN}))
    first = r"Hmeymim to Way-point N1: eastern Syria\s+285\s+087° to 090°"
    assert len(re.findall(first, told)) == 3
    parts = told.split("Hmeymim to Chelyabinsk Shagol, Corridor via Azerbaijan")
    assert re.search(first, parts[1])


def test_the_speed_is_typed_in_the_unit_of_length_and_the_link_has_it_in_km_h() -> None:
    app = opened({"tab": FLOWN, "speed": "500"})
    box = app.number_input(key="speed_in_mph")
    assert box.label == "Speed over ground, mph"
    assert box.value == pytest.approx(310.686, abs=1e-3)
    box.set_value(400.0)
    assert "Leg by leg, at 400 mph" in said(ran(app.run()))
    (written,) = app.session_state["asked_written"]["speed"].texts
    assert float(written) == pytest.approx(643.7376)
    app.query_params["speed"] = written
    choice(app, "Units").set_value("Nautical miles")
    ran(app.run())
    assert app.number_input(key="speed_in_kn").value == pytest.approx(347.59, abs=1e-2)
    app.number_input(key="speed_in_kn").set_value(None)
    assert "Choose an aircraft at the side, or a speed here" in said(ran(app.run()))
    assert app.session_state["asked_written"]["speed"].texts == []


ATLANTIC: dict[str, str | list[str]] = {
    "route": "EGLL-KJFK",
    "aircraft": "Su-24M",
    "tab": FLOWN,
    "airfields": "None",
}


def test_where_stops_are_looked_for_is_chosen_and_said() -> None:
    app = opened(ATLANTIC)
    told = said(app)
    assert "Not with stops only at airfields of the story in Russia, by any" in told
    assert "With stops: not" not in told
    assert app.multiselect(key="stops_in").value == ["RUS"]
    choice(app, "Stops at").set_value("All airports")
    states = ["CAN", "GBR", "GRL", "ISL"]
    app.multiselect(key="stops_in").set_value(states)
    told = said(ran(app.run()))
    assert (
        "Stops: at airfields of the story and all airports in Canada, Greenland (Denmark), "
        "Iceland and United Kingdom."
    ) in told
    assert "With stops: plausible by the low figure. By the low figure, 777 mi: 5 stops" in told
    assert re.search(r"in all, [\d,]+ mi or \d+ % longer than without a stop", told)


def test_a_link_keeps_the_stops_and_a_closed_country_has_none() -> None:
    stops: dict[str, str | list[str]] = {
        "stops": "All airports",
        "stops_in": ["Iceland", "Canada"],
    }
    told = said(opened({**ATLANTIC, **stops}))
    assert "Stops: at airfields of the story and all airports in Canada and Iceland." in told
    told = said(opened({**ATLANTIC, **stops, "closed": "Iceland", "way": "Direct"}))
    assert "all airports in Canada (closed: Iceland)" in told
    told = said(opened({**ATLANTIC, "stops_in": "Iceland", "closed": "Iceland", "way": "Direct"}))
    assert "Not with stops only at airfields of the story in no country (closed: Iceland)" in told
    assert "in any country" in said(opened({**ATLANTIC, "stops_in": ""}))


def test_of_very_many_routes_the_first_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("views.flown.MOST_ROUTES", 2)
    told = said(opened({"tab": FLOWN, "aircraft": "Su-24M"}))
    assert "Of the 6 routes shown, the first 2 are told here." in told
    assert told.count("True bearing") == 2


def test_what_a_single_figure_is_called() -> None:
    told = said(opened({"aircraft": "Su-34", "tab": FLOWN}))
    assert "Plausible by the only published figure" in told
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
    assert "above keep to this claim, “more than 3,000 miles”." in told


def test_the_routes_of_the_story_are_counted_apart_wherever_they_are_counted() -> None:
    app = opened({"tab": CLAIMED, "route": "EGLL-KJFK"})
    told = said(app)
    assert "None of the 6 routes of the story shown is longer than 3,000 mi" in told
    assert (
        "The claim holds for none of the 6 routes of the story shown, and for 1 of the 1 added to "
        "them."
    ) in told
    (unseen,) = re.findall(r'corridor-unseen">([^<]*)<', texts(app))
    assert "None of the 6 routes of the story shown is longer than 3,000 mi" in unseen


def test_a_claim_may_say_what_was_not_passed() -> None:
    told = said(opened({"tab": CLAIMED, "claim": "over 2,000 km without crossing Turkey"}))
    assert "The claim holds for 3 of the 6 routes shown." in told
    assert "Passed all the same" in told
    assert "it does pass Turkey" in told


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
    assert "Reports of 4 May 2016" in said(app)
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
        ("stops", "Lakes"),
        ("stops_in", "Atlantis"),
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
