"""The days on the Explore page, without a browser: what is shown of each, and the play."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from geo.link import BY_DAY
from geo.render.cards import Card
from geo.render.scene import Line, empty_scene
from tests.test_views import OPENING, choice, opened, ran, routes, scene, texts
from views.explore import bounds_around

FIRST, LAST = dt.date(2016, 3, 14), dt.date(2016, 5, 4)


def on(day: str, **query: str) -> AppTest:
    return opened({"tab": BY_DAY, "day": day, **query})


def marks(app: AppTest) -> dict[str, str]:
    return {mark["id"]: mark["symbol"] for mark in scene(app)["marks"]}


def styles(app: AppTest) -> dict[str, str]:
    return {line["id"].split("-")[0]: line["style"] for line in scene(app)["lines"]}


def slider(app: AppTest) -> Any:
    return app.slider(key="day_slider")


def play(app: AppTest) -> Any:
    return app.toggle(key="day_playing")


def test_the_first_look_at_the_days_changes_nothing_on_the_map() -> None:
    app = opened()
    before = scene(app)
    choice(app, "Look closer").set_value(BY_DAY)
    ran(app.run())
    assert slider(app).value == LAST
    assert scene(app) == before
    assert "day" not in app.query_params
    assert "All 6 chosen routes had begun by the end of 4 May 2016." in texts(app)


@pytest.mark.parametrize("query", [{}, {"airfields": "All"}, {"aircraft": "Su-24M"}])
def test_the_map_is_fitted_to_what_the_choices_show_on_all_days(query: dict[str, str]) -> None:
    bounds = scene(opened(query))["bounds"]
    shown = {}
    for day in ("2016-03-14", "2016-03-15", "2016-05-04"):
        found = scene(on(day, **query))
        assert found["bounds"] == bounds
        shown[day] = len(found["lines"])
    assert list(shown.values()) == [0, 2, 6]


def line(id: str, *lons: float) -> Line:
    card = Card(id, "", (), (), ())
    return Line(id, tuple((lon, 50.0) for lon in lons), "#000000", "solid", 1, card)


def test_the_fit_follows_the_world_that_a_day_is_drawn_in() -> None:
    """Over the antimeridian, the first route of a day may stand a turn from where it else would."""
    whole = replace(
        empty_scene("light"), lines=(line("a", 170, 200), line("b", 185, 190)),
        bounds=(170.0, 40.0, 200.0, 60.0),
    )  # fmt: skip
    assert bounds_around(replace(whole, lines=()), whole) == whole.bounds
    assert bounds_around(replace(whole, lines=whole.lines[1:]), whole) == whole.bounds
    moved = replace(whole, lines=(line("b", -175, -170),))
    assert bounds_around(moved, whole) == (-190.0, 40.0, -160.0, 60.0)


def test_lines_and_symbols_tell_what_was_reported_by_the_day() -> None:
    app = on("2016-03-14")
    assert {"landing", "inferred"}.isdisjoint(marks(app).values())
    assert marks(app)["lipetsk2"] == marks(app)["shagol"] == "unnamed"
    app = on("2016-03-16")
    found = marks(app)
    assert (found["buturlinovka"], found["primorsko_akhtarsk"]) == ("inferred", "landing")
    assert (found["lipetsk2"], found["shagol"]) == ("home", "unnamed")
    # The Su-24Ms were in the air that evening.
    assert styles(app) == {
        "buturlinovka": "dashed", "primorsko_akhtarsk": "solid", "shagol": "dotted",
    }  # fmt: skip
    app = on("2016-03-17")
    assert (marks(app), styles(app)) == (marks(opened()), styles(opened()))


def test_the_lead_is_the_same_on_all_days() -> None:
    """One of another length would move the map."""
    leads = {
        next(each.proto.body for each in app.get("html") if "corridor-lead" in each.proto.body)
        .split("corridor-unseen")[0]
        for app in (opened(), on("2016-03-14"), on("2016-03-16"))
    }  # fmt: skip
    assert len(leads) == 1


def test_a_day_without_routes_says_so() -> None:
    told = texts(on("2016-03-14"))
    assert '<h2 class="corridor-heading">None of the 6 chosen routes had begun' in told
    assert "No route is chosen" not in told
    told = texts(on("2016-03-14", airfields="Named home bases"))
    assert "None of the 14 chosen routes has a date in the reports" in told
    assert "No route is chosen" in texts(on("2016-03-14", airfields="None"))
    app = on("2016-03-14", airfields="None", route="EFHK-RJAA")
    assert len(routes(app)) == 1
    assert "chosen route" not in texts(app)


def test_play_at_the_end_begins_anew_and_leaves_the_address_alone() -> None:
    app = opened({"tab": BY_DAY})
    play(app).set_value(True)
    ran(app.run())
    assert (slider(app).value, play(app).value) == (FIRST, True)
    assert routes(app) == set()
    assert "day" not in app.query_params
    slider(app).set_value(dt.date(2016, 3, 20))
    ran(app.run())
    assert (slider(app).value, play(app).value) == (dt.date(2016, 3, 20), True)
    assert "day" not in app.query_params
    play(app).set_value(False)
    ran(app.run())
    assert slider(app).value == dt.date(2016, 3, 20)
    assert app.query_params["day"] == "2016-03-20"


def test_play_begins_at_the_day_that_is_shown() -> None:
    app = on("2016-03-20")
    play(app).set_value(True)
    ran(app.run())
    assert (slider(app).value, play(app).value) == (dt.date(2016, 3, 20), True)


def test_play_ends_where_the_reader_moves_to_the_end() -> None:
    app = on("2016-03-16")
    play(app).set_value(True)
    ran(app.run())
    slider(app).set_value(LAST)
    ran(app.run())
    assert (slider(app).value, play(app).value) == (LAST, False)
    assert app.query_params["day"] == "2016-05-04"


def test_play_ends_with_a_look_at_something_else() -> None:
    app = on("2016-03-16")
    play(app).set_value(True)
    ran(app.run())
    slider(app).set_value(dt.date(2016, 3, 17))
    ran(app.run())
    choice(app, "Look closer").set_value("By airspace")
    ran(app.run())
    assert play(app).value is False
    assert app.query_params["day"] == "2016-03-17"
    assert routes(app) == OPENING


def test_play_ends_where_the_reader_goes_back_to_another_day() -> None:
    app = on("2016-03-16")
    play(app).set_value(True)
    ran(app.run())
    app.query_params["day"] = "2016-03-15"
    ran(app.run())
    assert (slider(app).value, play(app).value) == (dt.date(2016, 3, 15), False)
    assert app.query_params["day"] == "2016-03-15"
