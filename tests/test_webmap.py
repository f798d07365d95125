import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import folium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Template
from streamlit_folium import _get_feature_group_string, _get_map_string

from geo.compare import compare
from geo.model import Place
from geo.render.scene import Scene, make_ring, make_scene
from geo.render.webmap import (
    WORLD,
    atlas_script,
    inert_json,
    make_layer,
    make_map,
    scene_data,
)
from geo.schema import Story
from geo.units import KILOMETRES
from tests.data.small import FLIGHTS, ROWS, STORY

URL = "../assets.atlas/atlas.js"
# Each of these runs, in a browser or on the server, where a text goes into folium's own arguments.
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]>",
    "{{ 7*7 }}",
    "{{7*7}}",
    "{%raw%}{{ 7*7 }}{%endraw%}",
    "{% raw %}",
    "{% endraw %}",
    "{# a comment #}",
    "{{{7*7}}}",
    "{{ this._parent.get_name() }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{'folium_variable'}}",
    "`${alert(1)}`",
    "${alert(1)}",
    "'); alert(1); ('",
    '"); alert(1); ("',
    "\\",
    '\\"',
    "\\u003c",
    "a\u2028alert(1)\u2029b",
    "&lt;img src=x onerror=alert(1)&gt;",
    "&quot;",
    "_0 map_div _feature_group_0",
    "\N{RIGHT-TO-LEFT OVERRIDE}gnp.exe \N{PILE OF POO}",
]
texts = st.one_of(
    st.text(),
    st.lists(st.sampled_from([*"{}%#<>&\\\"'`$_/!-", "\u2028", "raw", "script", *HOSTILE])).map(
        "".join
    ),
)


def hostile_story(text: str) -> Story:
    """Put a text wherever a story file may hold one."""
    places = {
        id: field.model_copy(
            update=dict.fromkeys(("name", "name_local", "reported", "evidence"), text)
            | {"other_names": (text,)}
        )
        for id, field in STORY.places.items()
    }
    ways = {id: way.model_copy(update={"name": text}) for id, way in STORY.ways.items()}
    sources = {
        id: source.model_copy(update={"title": text, "publisher": text, "note": text})
        for id, source in STORY.sources.items()
    }
    return STORY.model_copy(update={"places": places, "ways": ways, "sources": sources})


def hostile_scene(text: str) -> Scene:
    names = {"name": text, "aircraft": (text,), "certainty_note": text, "refuelling": text}
    flights = [
        type(flight)(
            flight.plan.model_copy(update=names), flight.route, flight.line, flight.crossings
        )
        for flight in FLIGHTS
    ]
    rows = compare(flights, None)
    return make_scene(hostile_story(text), rows, flights, KILOMETRES, "light")


def by_st_folium(scene: Scene) -> str:
    """Render a scene's group as st_folium does before it sends it."""
    return str(_get_feature_group_string(make_layer(scene), make_map(URL)))


def by_folium(scene: Scene) -> str:
    fmap = make_map(URL)
    make_layer(scene).add_to(fmap)
    return str(fmap.get_root().render())


def read_back(script: str) -> Any:
    """Find the call of corridor.show in a script, and read the data that it gets."""
    (start,) = [match.end() for match in re.finditer(r"corridor\.show\(\w+, \w+, ", script)]
    value, end = json.JSONDecoder().raw_decode(script, start)
    assert script[end:].lstrip().startswith(");")
    return value


class Tags(HTMLParser):
    """List the tags of a page as a browser would meet them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not any(name.startswith("on") for name, _ in attrs)
        self.found.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.found.append(f"/{tag}")


# ---- text that would run -------------------------------------------------------------------------


@settings(max_examples=150)
@given(texts)
def test_inert_json_reads_back_and_holds_nothing_active(text: str) -> None:
    written = inert_json({text: [text, {"deep": text}]})
    assert json.loads(written) == {text: [text, {"deep": text}]}
    for active in ("<", ">", "&", "\u2028", "\u2029", "{{", "{%", "{#"):
        assert active not in written
    assert "\n" not in written


@settings(max_examples=80)
@given(texts)
def test_inert_json_passes_jinja_unchanged(text: str) -> None:
    written = inert_json([text, {"a": {"b": [{}, text]}}])
    assert Template(written, keep_trailing_newline=True).render() == written


@pytest.mark.parametrize("value", [{"a": {}}, {"a": {"b": {"c": {}}}}, [{}, {}], {"%": 1}, [[{}]]])
def test_inert_json_nests(value: object) -> None:
    written = inert_json(value)
    assert json.loads(written) == value
    assert Template(written).render() == written


def test_inert_json_refuses_what_json_has_no_number_for() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        inert_json([float("nan")])


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("render", [by_st_folium, by_folium])
def test_hostile_text_arrives_as_data(render: Callable[[Scene], str], text: str) -> None:
    scene = hostile_scene(text)
    rendered = render(scene)
    assert read_back(rendered) == json.loads(json.dumps(scene_data(scene)))
    data = rendered[rendered.index("corridor.show(") :].split("\n")[0]
    assert not re.search(r"[<>\u2028\u2029]|\{[{%#]", data)
    assert scene.marks[0].label == text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_opens_and_closes_no_tag(text: str) -> None:
    assert Tags(by_folium(hostile_scene(text))).found == Tags(by_folium(hostile_scene("x"))).found


def test_what_a_template_would_compute_is_not_computed() -> None:
    rendered = by_st_folium(hostile_scene("{{ 1234 * 5678 }} {% set a = 1 %} ${1234 * 5678}"))
    assert str(1234 * 5678) not in rendered
    assert read_back(rendered)["marks"][0]["label"].startswith("{{ 1234 * 5678 }}")


def test_folium_itself_would_run_it() -> None:
    # So that the tests above can fail: the very text in folium's own argument is computed.
    fmap = folium.Map(tiles=None)
    folium.Marker((0, 0), tooltip="{{ 1234 * 5678 }}").add_to(fmap)
    assert str(1234 * 5678) in fmap.get_root().render()


# ---- the map -------------------------------------------------------------------------------------


def without_ids(rendered: str) -> str:
    return re.sub(r"[0-9a-f]{32}", "id", rendered)


def test_two_maps_of_the_same_url_are_the_same() -> None:
    one, other = make_map(URL), make_map(URL)
    assert without_ids(one.get_root().render()) == without_ids(other.get_root().render())
    assert _get_map_string(make_map(URL)) == _get_map_string(make_map(URL))


def test_the_scene_leaves_the_base_map_as_it_is() -> None:
    fmap = make_map(URL)
    before = _get_map_string(make_map(URL))
    _get_feature_group_string(make_layer(hostile_scene("x")), make_map(URL))
    assert _get_map_string(fmap) == before


def test_nothing_is_asked_of_another_host() -> None:
    fmap = make_map(URL)
    assert [url for _, url in (*fmap.default_js, *fmap.default_css)] == [URL]
    rendered = by_folium(make_scene(STORY, ROWS, FLIGHTS, KILOMETRES, "light"))
    links = re.findall(r"""(?:src|href)\s*=\s*["']([^"']*)["']|url\(([^)]*)\)""", rendered)
    assert {first or second for first, second in links} == {URL}
    assert not re.search(r"https?:|//[\w-]+(?:\.[\w-]+)+", rendered)
    assert "tileLayer" not in rendered


def test_the_script_brings_all_that_the_map_runs_on() -> None:
    script = atlas_script()
    leaflet, world, atlas = (
        script.index(words) for words in ("Leaflet 1.9", "window.WORLD=", "window.corridor = ")
    )
    assert leaflet < world < atlas
    (text,) = re.findall(r"^window\.WORLD=JSON\.parse\((.*)\);$", script, re.MULTILINE)
    assert f"window.WORLD={json.loads(text)};" in WORLD.read_text(encoding="utf-8")
    assert json.loads(json.loads(text))["type"] == "Topology"
    (styles,) = re.findall(r"^const STYLES = (.*);$", script, re.MULTILINE)
    assert ".leaflet-pane" in json.loads(styles)
    assert ".legend-row" in json.loads(styles)


def test_every_part_of_the_atlas_is_in_the_script() -> None:
    script = atlas_script()
    parts = list((WORLD.parents[2] / "geo" / "render" / "atlas").glob("*.js"))
    assert len(parts) > 1
    for part in parts:
        assert script.count(part.read_text(encoding="utf-8")) == 1


def test_the_data_has_latitude_first_and_four_decimals() -> None:
    data: Any = scene_data(make_scene(STORY, ROWS, FLIGHTS, KILOMETRES, "light"))
    spot = next(line for line in data["lines"] if line["id"] == "spot-direct")
    assert spot["points"][0] == [5.0, 5.0]
    assert spot["points"][-1] == [-10.5, -15.25]
    for lat, lon in spot["points"]:
        assert (round(lat, 4), round(lon, 4)) == (lat, lon)
    mark = next(mark for mark in data["marks"] if mark["id"] == "spot")
    assert (mark["lat"], mark["lon"]) == (-10.5, -15.25)
    assert data["bounds"][0] == [-10.5, -15.25]
    assert set(data["tints"]) == {"AAA", "AAA+BBB", "AAA+CCC"}


def test_a_ring_travels_with_its_line() -> None:
    ring = make_ring("reach", Place("start", "Start", 179.0, 35.0), 500_000, "dashed")
    data: Any = scene_data(make_scene(STORY, ROWS, FLIGHTS, KILOMETRES, "dark", rings=[ring]))
    (sent,) = data["rings"]
    (item,) = [item for item in data["legend"] if item["text"] == "reach"]
    assert sent.pop("name") == "reach"
    assert len(sent.pop("points")) == len(ring.points)
    assert sent == {key: item[key] for key in ("colour", "style", "width")}


def test_a_place_on_two_copies_of_the_world_is_marked_on_both() -> None:
    scene = make_scene(STORY, ROWS, FLIGHTS, KILOMETRES, "light")
    first, *others = scene.marks
    lon, lat = first.lonlat
    twice = replace(first, copies=((lon - 360, lat),))
    data: Any = scene_data(replace(scene, marks=(twice, *others)))
    found = [mark for mark in data["marks"] if mark["id"] == first.id]
    assert [(mark["lon"], mark["lat"]) for mark in found] == [(lon, lat), (lon - 360, lat)]
    assert {mark["label"] for mark in found} == {first.label}


def test_the_middle_of_a_ring_is_marked_and_explained_unless_a_place_stands_there() -> None:
    base = STORY.places["base"]
    there = Place("base", "Base", base.lon, base.lat)
    by_position = Place("5N 5E", "5N 5E", base.lon, base.lat)
    ice = Place("80N 170E", "80N 170E", 170.0, 80.0)
    rings = [
        make_ring("low", place, radius_m, "solid")
        for place in (there, by_position, ice)
        for radius_m in (500_000, 900_000)
    ]
    plain = make_scene(STORY, ROWS, FLIGHTS, KILOMETRES, "light")
    scene = make_scene(STORY, ROWS, FLIGHTS, KILOMETRES, "light", rings=rings)
    assert scene.marks == plain.marks
    data: Any = scene_data(scene)
    (new,) = data["marks"][len(plain.marks) :]
    assert (new["label"], new["lat"], new["lon"], new["symbol"]) == ("80N 170E", 80, 170, "other")
    assert new["card"]["title"] == "80N 170E"
    symbols = [item["symbol"] for item in data["legend"] if item["symbol"]]
    assert symbols == [*(item.symbol for item in plain.legend if item.symbol), "other"]
    texts = [item["text"] for item in data["legend"]]
    assert texts.index("Yours, typed or opened") < texts.index("Range")


def test_the_legend_of_a_ring_alone_has_its_symbol() -> None:
    ring = make_ring("low", Place("a", "A", 170.0, 8.0), 500_000, "solid")
    bare = STORY.model_copy(update={"places": {}})
    data: Any = scene_data(make_scene(bare, (), (), KILOMETRES, "light", rings=[ring]))
    texts = [item["text"] for item in data["legend"]]
    assert texts == ["Places", "Yours, typed or opened", "Range", "low"]


def test_a_scene_is_small() -> None:
    # PLATFORM.md: a rerun of 18-25 kB went at the speed of an empty app.
    assert len(by_st_folium(make_scene(STORY, ROWS, FLIGHTS, KILOMETRES, "light"))) < 25_000
