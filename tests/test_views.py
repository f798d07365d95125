"""The pages without a browser: what they choose, compute and hand to the map."""

import html
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT

PLAIN = ROOT / "tests" / "browser" / "stories" / "plain.geojson"
OPENING = {
    f"{place}-{way}"
    for place in ("buturlinovka", "primorsko_akhtarsk", "shagol")
    for way in ("direct", "azerbaijan")
}


def opened(query: Mapping[str, str | list[str]] | None = None) -> AppTest:
    """Run the app once, with a query in its address."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    for key, value in (query or {}).items():
        app.query_params[key] = value
    return ran(app.run())


def ran(app: AppTest) -> AppTest:
    assert not app.exception
    return app


def map_arguments(app: AppTest) -> dict[str, Any]:
    """Return what the page gives to st_folium's component in the browser."""
    (element,) = app.get("component_instance")
    arguments: dict[str, Any] = json.loads(element.proto.json_args)
    return arguments


def scene(app: AppTest) -> dict[str, Any]:
    """Read the scene out of the script of the group that is exchanged."""
    script = map_arguments(app)["feature_group"]
    data = script[script.index('{"theme"') :]
    found: dict[str, Any] = json.JSONDecoder().raw_decode(data)[0]
    return found


def routes(app: AppTest) -> set[str]:
    return {line["id"] for line in scene(app)["lines"]}


def choice(app: AppTest, label: str) -> Any:
    """Return the control with this label."""
    groups: list[Any] = list(app.get("button_group"))
    return next(group for group in groups if group.label == label)


def texts(app: AppTest) -> str:
    """Return all that the page says in its own words, as HTML."""
    return " ".join(element.proto.body for element in app.get("html"))


def test_the_page_opens_on_the_reported_landings() -> None:
    app = opened()
    assert routes(app) == OPENING
    assert len(scene(app)["marks"]) == 22
    assert "secret" in texts(app)
    assert not app.error
    assert not app.warning


def test_nothing_is_asked_of_another_host() -> None:
    arguments = map_arguments(opened())
    assert len(arguments["js_links"]) == 1
    assert not arguments["css_links"]
    links = json.dumps(arguments["js_links"])
    assert "http:" not in links
    assert "https:" not in links
    assert '"//' not in links
    assert "atlas." in links
    assert "tileLayer" not in json.dumps(arguments)


def test_the_base_map_is_the_same_on_every_run() -> None:
    """Any difference would mount the map anew, in the browser."""
    app = opened()
    first = map_arguments(app)
    choice(app, "Units").set_value("Kilometres")
    second = map_arguments(ran(app.run()))
    choice(app, "Way").set_value(["direct"])
    third = map_arguments(ran(app.run()))
    other = map_arguments(opened({"airfields": "All"}))
    changing = {"feature_group"}
    for later in (second, third, other):
        assert {key for key in first if first[key] != later.get(key)} <= changing
    assert first["feature_group"] != second["feature_group"] != third["feature_group"]


def test_the_map_is_given_only_what_it_can_show() -> None:
    assert len(map_arguments(opened())["feature_group"]) < 60_000


@pytest.mark.parametrize(
    ("group", "count"), [("Reported landings", 6), ("Named home bases", 14), ("All", 40)]
)
def test_a_group_of_airfields(group: str, count: int) -> None:
    app = opened()
    choice(app, "Airfields").set_value(group)
    assert len(routes(ran(app.run()))) == count


@pytest.mark.parametrize(
    ("ways", "count"),
    [([], 0), (["direct"], 3), (["caspian"], 3), (["direct", "azerbaijan", "caspian"], 9)],
)
def test_the_ways(ways: list[str], count: int) -> None:
    app = opened()
    choice(app, "Way").set_value(ways)
    shown = routes(ran(app.run()))
    assert len(shown) == count
    assert {route.split("-")[1] for route in shown} == set(ways)
    assert ("No route is chosen" in texts(app)) is (count == 0)


def test_one_s_own_choice() -> None:
    app = opened()
    choice(app, "Airfields").set_value("My choice")
    ran(app.run())
    assert routes(app) == OPENING
    app.multiselect(key="pick").set_value(["krymsk", "domna"])
    assert routes(ran(app.run())) == {
        f"{place}-{way}" for place in ("krymsk", "domna") for way in ("direct", "azerbaijan")
    }
    app.multiselect(key="pick").set_value([])
    assert routes(ran(app.run())) == set()


@pytest.mark.parametrize(
    ("unit", "length"),
    [("Statute miles", "1,825 mi"), ("Nautical miles", "1,586 nmi"), ("Kilometres", "2,937 km")],
)
def test_the_units(unit: str, length: str) -> None:
    app = opened({"units": unit})
    assert length in texts(app)
    card = next(line["card"] for line in scene(app)["lines"] if line["id"] == "shagol-direct")
    assert length in json.dumps(card, ensure_ascii=False)


def test_a_link_is_followed() -> None:
    app = opened(
        {"airfields": "All", "way": ["Corridor via the Caspian"], "units": "Nautical miles"}
    )
    assert len(routes(app)) == 20
    assert {route.split("-")[1] for route in routes(app)} == {"caspian"}
    assert not app.warning


@pytest.mark.parametrize(
    ("key", "value"),
    [("units", "furlongs"), ("way", "Nonsense"), ("airfields", "Mars"), ("units", "<b>{{ 7*7 }}")],
)
def test_a_wrong_value_in_the_link_is_named(key: str, value: str) -> None:
    app = opened({key: value})
    assert routes(app) == OPENING
    assert len(app.warning) == 1
    escaped = html.escape(value)
    assert escaped in texts(app)
    for ways in (["caspian"], ["direct", "azerbaijan"]):
        choice(app, "Way").set_value(ways)
        ran(app.run())
        assert not app.warning
        assert escaped not in texts(app)


def test_a_wrong_value_leaves_the_right_ones_be() -> None:
    app = opened({"units": "furlongs", "way": ["Direct"], "airfields": "All"})
    assert len(routes(app)) == 20
    assert "furlongs" in texts(app)
    assert "Distance, mi" in texts(app)


def test_an_unknown_airfield_in_one_s_own_choice() -> None:
    app = opened({"airfields": "My choice", "pick": ["Krymsk", "Nowhere"], "way": ["Direct"]})
    assert routes(app) == {"krymsk-direct"}
    assert "Nowhere" in texts(app)


def test_a_very_long_value_is_cut() -> None:
    app = opened({"units": "long" * 1000})
    assert "longlong" in texts(app)
    assert "long" * 100 not in texts(app)


def test_an_unknown_key_does_nothing() -> None:
    app = opened({"utm_source": "elsewhere"})
    assert routes(app) == OPENING
    assert not app.warning


def test_the_notice_stays_until_the_reader_chooses() -> None:
    app = opened({"units": "furlongs"})
    assert "furlongs" in texts(ran(app.run()))


def test_the_sources_page_opens() -> None:
    app = opened()
    ran(app.switch_page("views/sources.py").run())
    for words in ("Buturlinovka", "Reuters", "OpenStreetMap", "Golan", "Хмеймим"):
        assert words in texts(app)


def with_story(monkeypatch: pytest.MonkeyPatch, folder: Path, text: str) -> None:
    path = folder / "story.geojson"
    path.write_text(text, encoding="utf-8")
    monkeypatch.setenv("CORRIDOR_STORY", str(path))


def test_another_story_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORRIDOR_STORY", str(PLAIN))
    app = opened()
    assert routes(app) == {"end-direct", "end-round"}
    assert "A plain story" in texts(app)
    ran(app.switch_page("views/sources.py").run())
    assert "An atlas" in texts(app)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", ["story.geojson", "is not JSON", "line 1"]),
        (
            PLAIN.read_text(encoding="utf-8").replace("[61.3, 55.3]}", "[61.3, 155.26]}", 1),
            ["feature 3", "latitude 155.26 is outside -90..90"],
        ),
    ],
)
def test_a_broken_story_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, words: list[str]
) -> None:
    with_story(monkeypatch, tmp_path, text)
    app = opened()
    assert len(app.error) == 1
    assert not [word for word in words if word not in texts(app)]
    assert routes(app) == set()
    ran(app.switch_page("views/sources.py").run())
    assert len(app.error) == 1


def test_a_missing_story_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CORRIDOR_STORY", str(tmp_path / "none.geojson"))
    app = opened()
    assert len(app.error) == 1
    assert "none.geojson" in texts(app)


@pytest.mark.parametrize(
    "hostile",
    ["<img src=x onerror=alert(1)>", "</script><script>1", "{{ 7*7 }}", "{% raw %}", "${1}`"],
)
def test_the_map_gets_no_raw_text(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, hostile: str
) -> None:
    """What Jinja or the browser would run goes out escaped, and arrives as it was."""
    text = PLAIN.read_text(encoding="utf-8").replace('"name": "End"', f'"name": "{hostile}"')
    with_story(monkeypatch, tmp_path, text)
    app = opened()
    (mark,) = [mark for mark in scene(app)["marks"] if mark["id"] == "end"]
    assert mark["label"] == mark["card"]["title"] == hostile
    script = map_arguments(app)["feature_group"]
    data = script[script.index('{"theme"') :]
    assert not [sign for sign in ("<", "{{", "{%", "{#") if sign in data]
    assert html.escape(hostile) in texts(app)
    assert "<img" not in texts(app)
    assert "<script" not in texts(app)
