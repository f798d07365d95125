"""The map's search box alone, in a real browser: what it completes, sends and shows.

The page has the atlas as the app serves it, a scene, and a log of the messages to the server.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from geo.compare import compare
from geo.finder import Finder, make_finder
from geo.render.completion import completion_index, completion_script
from geo.render.scene import Asked, make_scene
from geo.render.webmap import atlas_script, scene_data
from geo.story import load_story
from geo.units import KILOMETRES
from tests.browser.support import ROOT, checked_page, serve_files

STORY = load_story(ROOT / "data" / "routes.geojson")
STATES = {"RUS": "Russia", "TUR": "Turkey", "GBR": "United Kingdom", "USA": "United States"}
SCENE = make_scene(STORY, compare([], None), [], KILOMETRES, "light")
PAGE = """<!doctype html><meta charset="utf-8">
<style>html, body, #map { height: 100%; margin: 0 }</style>
<div id="map"></div><script src="atlas.js"></script>
<script>
window.sent = [];
addEventListener("message", ({ data }) => data.isStreamlitMessage && sent.push(data.value));
window.map = L.map("map", { zoomSnap: 0.25, minZoom: 1, maxZoom: 9 }).setView([45, 50], 4);
corridor.base(map);
let group = L.featureGroup().addTo(map);
window.showScene = (scene) => {
  group.remove();
  corridor.show(group = L.featureGroup().addTo(map), map, scene);
};
</script>
"""
BOX = "input[role=combobox]"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    files = {
        "index.html": PAGE,
        "atlas.js": atlas_script("places.0.json"),
        "places.0.json": completion_index(STORY.places.values(), STATES),
        "places.0.js": completion_script(),
        "favicon.ico": "",
    }
    with serve_files(tmp_path_factory.mktemp("atlas"), files) as url:
        yield url


@pytest.fixture(scope="module")
def finder() -> Finder:
    return make_finder(STORY.places.values())


@pytest.fixture(scope="module")
def opened(browser: Browser) -> Iterator[Page]:
    with checked_page(browser) as page:
        yield page


@pytest.fixture
def page(opened: Page, site: str) -> Page:
    opened.goto(site)
    show(opened)
    return opened


@pytest.fixture(scope="module")
def completing(browser: Browser, site: str) -> Iterator[Page]:
    """Give a page whose index is loaded, to ask what completes: an answer changes nothing there."""
    with checked_page(browser) as page:
        page.goto(site)
        show(page)
        type_in(page, "")
        yield page


def show(page: Page, **asked: Any) -> None:
    """Draw a scene as a rerun does, with what was asked for."""
    scene = scene_data(replace(SCENE, asked=Asked(**asked)))
    page.evaluate("scene => showScene(scene)", json.loads(json.dumps(scene)))


def type_in(page: Page, text: str) -> None:
    """Put a text into the box, and return once what completes it is loaded and has answered."""
    page.locator(BOX).focus()
    page.wait_for_function("() => map.atlas.search.suggestions")
    page.locator(BOX).fill(text)


def offered(page: Page) -> list[str]:
    return page.locator("[role=option] .search-name").all_inner_texts()


def sent(page: Page) -> list[dict[str, Any]]:
    # A message is told of later than it is sent; one after it tells that it has arrived.
    found: list[dict[str, Any]] = page.evaluate(
        """() => new Promise(done => {
            addEventListener("message", ({ data }) => data === "last" && done(sent));
            postMessage("last");
        })"""
    )
    return found


def value(page: Page) -> str:
    return page.locator(BOX).input_value()


@pytest.mark.parametrize(
    "typed",
    [
        *("oslk", "SVO", "шереметьево", "sheremetevo", "Domna", "хмеймим", "efhk-rj", "ЬУОИ"),
        *("hmyemim", "buterlinofka", "charles gaule", "gaulle charles", "heathrwo", "o'hare"),
        *("zürich", "Zurich", "sanfrancisco", "san fran", "london", "k", "moscow", "Липецк-2"),
        *("hmeymim-primorsko-akht", "EGLL-kjfk/toky", "hmeymim – shag", "35.4N 35.9E-UUE"),
        *("москва", "Tokyo haneda", "Crimea", "париж", "Kiev", "munchen", "нью", "EFHK-нью-йорк"),
        *("Сан Франциско", "петерб", "лондн", "питерсбург", "стамбул", "pekin", "Rom", "нов"),
        *("ÅRHUS", "ß", "a b c d e f g", "35.4N 35.9E", "zzzzzzzz", "  ", "-", "qqq london"),
        *("51,5N 0,1W", "35,4011 35,9487", "35,4 35,9-UUE", "51.5с 0.1з", "35,4° с.ш. 35,9° в.д."),
        *("geo:51.5,-0.1", "GEO:51.5, -0.1 - EG", "(51.5, -0.1", "(51.5, -0.1) - kj", "EGLL, 511"),
    ],
)
def test_it_completes_as_the_program_does(completing: Page, finder: Finder, typed: str) -> None:
    found = completing.evaluate(
        "typed => map.atlas.search.suggestions.completion.suggestPath(typed, 5)", typed
    )
    expected = finder.suggest_path(typed, 5)
    assert [each["path"] for each in found] == [each.text for each in expected]
    assert [(each["name"], each["detail"]) for each in found] == [
        (each.name, each.detail) for each in expected
    ]
    for each, place in zip(found, expected, strict=True):
        assert each["latlon"] == pytest.approx([place.place.lat, place.place.lon], abs=0.0051)


@pytest.mark.parametrize(
    "typed",
    [
        *("oslk", "Шереметьево", "domodedovo", "Lipetsk", "heathrow", "kennedy", "perm", "moscow"),
        *("heathrwo", "nowhere", "Komsomolsk", "35.4N 35.9E", "35.4", "zzzz", "", "нью", "LHR JFK"),
        *("LHR → JFK", "lhr to jfk", "LHR->JFK", "EGLL, KJFK", "oslk, EGLL; KJFK", "munich berlin"),
        *("heathrow to kennedy", "frankfurt hahn", "new york", "moscow to london", "EGLL-KJFK"),
        *("55.75, 37.62", "500 km@OSLK", "to", "EGLL, KJFK-OSLK", "a b c d e f g h"),
        *("51,5N 0,1W", "51.5с 0.1з", "geo:51.5", "(51.5", "35,4011", "С35.4 В35.9", "London"),
    ],
)
def test_what_is_clear_to_it_is_so_to_the_program(
    completing: Page, finder: Finder, typed: str
) -> None:
    clear, joined = completing.evaluate(
        """typed => {
            const { completion } = map.atlas.search.suggestions, joined = completion.joined(typed);
            return [completion.clear(typed)?.id ?? null,
              joined && joined.map(({ id }) => id).join("-")];
        }""",
        typed,
    )
    expected = finder.clear(typed)
    assert clear == (expected and expected.text)
    assert joined == finder.joined(typed)


def test_nothing_is_fetched_before_the_box_is_used(page: Page) -> None:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.mouse.move(600, 400)
    page.mouse.wheel(0, 100)
    page.wait_for_timeout(300)
    assert not fetched
    type_in(page, "sher")
    assert sorted(url.rsplit(".", 1)[1] for url in fetched) == ["js", "json"]


def test_a_route_is_typed_picked_and_sent(page: Page) -> None:
    type_in(page, "helsinki")
    box = page.locator(BOX)
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(box).not_to_have_attribute("aria-activedescendant", "")
    box.press("ArrowDown")
    number = offered(page).index("Helsinki Vantaa Airport")
    for _ in range(number):
        box.press("ArrowDown")
    active = box.get_attribute("aria-activedescendant")
    option = page.locator(f"#{active}")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(option).to_contain_text("EFHK")
    box.press("Enter")
    assert value(page) == "EFHK"
    expect(box).to_be_focused()
    box.press_sequentially("-narita")
    box.press("ArrowDown")
    box.press("Enter")
    assert value(page) == "EFHK-RJAA"
    assert offered(page)[0] == "Show the route EFHK-RJAA"
    box.press("Enter")
    assert sent(page) == [{"action": "type", "path": "EFHK-RJAA", "count": 1}]
    assert value(page) == "EFHK-RJAA"  # until the server has it
    show(page)
    assert value(page) == "EFHK-RJAA"
    show(page, routes=("EFHK-RJAA",))
    assert value(page) == ""
    expect(page.locator(".chip")).to_have_text(["EFHK-RJAA"])
    page.get_by_role("button", name="Remove the route EFHK-RJAA").press("Enter")
    assert sent(page)[1:] == [{"action": "drop", "path": "EFHK-RJAA", "count": 2}]
    show(page)
    expect(page.locator(".chip")).to_have_count(0)
    expect(box).to_be_focused()


def test_coordinates_go_as_they_are_typed(page: Page) -> None:
    type_in(page, "35.4N, 35.9E-55°36'N 36°39'E")
    assert offered(page) == ["Show the route 35.4N, 35.9E-55°36'N 36°39'E"]
    page.locator(BOX).press("Enter")
    assert sent(page)[0]["path"] == "35.4N, 35.9E-55°36'N 36°39'E"


def test_coordinates_in_russian_make_a_route(page: Page) -> None:
    type_in(page, "51.5с 0.1з-55,75с.ш. 37,62в.д.")
    assert offered(page) == ["Show the route 51.5с 0.1з-55,75с.ш. 37,62в.д."]
    page.locator(BOX).press("Enter")
    assert sent(page)[0]["path"] == "51.5с 0.1з-55,75с.ш. 37,62в.д."


def test_a_word_alone_that_means_nothing_is_never_sent(page: Page) -> None:
    type_in(page, "qqqqzzzz")
    page.locator(BOX).press("Enter")
    assert sent(page) == []
    expect(page.locator(".search-note")).to_have_text(
        "There is no place or state “qqqqzzzz”: a route is typed like OSLK-USCG."
    )
    assert value(page) == "qqqqzzzz"
    for path in ("3524N03557E", "51.5N 0.1W", "500km@domna"):
        type_in(page, path)
        page.locator(BOX).press("Enter")
        assert sent(page)[-1]["path"] == path  # the server says what these lack, or takes them


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("Turkey", {"action": "close", "code": "TUR", "count": 1}),
        ("EGLL to KJFK", {"action": "type", "path": "EGLL-KJFK", "count": 1}),
        ("Heathrow", None),
        ("qqqqzzzz", None),
    ],
)
def test_what_is_entered_before_the_names_are_known_waits_for_them(
    browser: Browser, site: str, typed: str, message: dict[str, Any] | None
) -> None:
    with checked_page(browser) as page:
        held: list[Route] = []
        page.route("**/places.0.json", lambda route: held.append(route))
        page.goto(site)
        show(page)
        page.locator(BOX).fill(typed)
        page.locator(BOX).press("Enter")
        page.wait_for_function("() => map.atlas.search.fetching")
        assert sent(page) == []
        assert value(page) == typed
        expect(page.locator(".search-field")).to_have_class(re.compile("waiting"))
        held[0].continue_()
        page.wait_for_function("() => map.atlas.search.held === null")
        assert sent(page) == ([message] if message else [])


def test_a_text_that_changed_meanwhile_is_not_sent(browser: Browser, site: str) -> None:
    with checked_page(browser) as page:
        held: list[Route] = []
        page.route("**/places.0.json", lambda route: held.append(route))
        page.goto(site)
        show(page)
        page.locator(BOX).fill("Turkey")
        page.locator(BOX).press("Enter")
        page.locator(BOX).fill("Turkey an")
        held[0].continue_()
        page.wait_for_function("() => map.atlas.search.held === null")
        assert sent(page) == []
        assert value(page) == "Turkey an"


def test_a_state_is_closed_and_opened_by_its_name(page: Page) -> None:
    type_in(page, "russia")
    assert offered(page)[0] == "Close the airspace of Russia"
    page.locator(BOX).press("Enter")
    assert sent(page) == [{"action": "close", "code": "RUS", "count": 1}]
    show(page, closed=(("RUS", "Russia"),))
    type_in(page, "russia")
    assert offered(page)[0] == "Open the airspace of Russia"
    page.locator(BOX).press("Escape")
    page.get_by_role("button", name="Open the airspace of Russia").click()
    assert sent(page)[1:] == [{"action": "open", "code": "RUS", "count": 2}]
    type_in(page, "united")
    assert {"Close the airspace of United Kingdom", "Close the airspace of United States"} <= set(
        offered(page)
    )


@pytest.mark.parametrize(
    ("typed", "state"),
    [
        *(("россия", "Russia"), ("турция", "Turkey"), ("Turkiye", "Turkey"), ("Türkei", "Turkey")),
        *(("США", "United States"), ("UK", "United Kingdom"), ("usa", "United States")),
    ],
)
def test_a_state_is_known_by_its_other_names(page: Page, typed: str, state: str) -> None:
    type_in(page, typed)
    assert offered(page)[0] == f"Close the airspace of {state}"


def test_a_closed_state_is_opened_by_its_name_only_when_that_was_said(page: Page) -> None:
    note = page.locator(".search-note")
    type_in(page, "usa")
    page.locator(BOX).press("Enter")
    assert sent(page) == [{"action": "close", "code": "USA", "count": 1}]
    show(page, closed=(("USA", "United States"),))
    expect(note).to_have_text("The airspace of United States is closed.")
    type_in(page, "usa")
    expect(note).to_be_hidden()
    page.locator(BOX).press("Enter")
    assert len(sent(page)) == 1
    expect(note).to_have_text("United States is closed. Press Enter again to open its airspace.")
    expect(page.locator("[aria-selected=true]")).to_have_text("Open the airspace of United States")
    page.locator(BOX).press("Enter")
    assert sent(page)[1:] == [{"action": "open", "code": "USA", "count": 2}]
    show(page)
    expect(note).to_have_text("The airspace of United States is open again.")


@pytest.mark.parametrize(
    "typed",
    ["EGLL KJFK", "LHR JFK", "LHR → JFK", "lhr to jfk", "EGLL, KJFK", "EGLL to KJFK", "EGLL->KJFK"],
)
def test_a_route_with_other_marks_is_offered_as_one(page: Page, typed: str) -> None:
    type_in(page, typed)
    assert offered(page)[0] == "Show the route EGLL-KJFK"
    expect(page.locator("[role=option]").first).to_contain_text(
        "London Heathrow Airport – John F Kennedy International Airport"
    )
    page.locator(BOX).press("Enter")
    assert sent(page) == [{"action": "type", "path": "EGLL-KJFK", "count": 1}]
    expect(page.locator("[role=option]")).to_have_count(0)
    show(page, routes=("EGLL-KJFK",))
    assert value(page) == ""
    expect(page.locator(".chip")).to_have_text(["EGLL-KJFK"])
    type_in(page, typed)
    page.locator("[role=option]").first.click()
    assert len(sent(page)) == 1  # it is there already
    assert value(page) == ""


def test_names_that_are_clear_are_sent_as_codes_and_that_is_said(page: Page) -> None:
    type_in(page, "Шереметьево - heathrow/JFK-Хмеймим")
    page.locator(BOX).press("Enter")
    path = "UUEE - EGLL/JFK-Хмеймим"  # the story's name is known to the server
    assert sent(page)[0]["path"] == path
    note = page.locator(".search-note")
    expect(note).to_have_text(
        "Taken: “Шереметьево” as Sheremetyevo International Airport (UUEE), "
        "“heathrow” as London Heathrow Airport (EGLL)."
    )
    show(page, routes=(path,))
    assert value(page) == ""
    expect(note).to_be_visible()  # until the next letter
    type_in(page, "a")
    expect(note).to_be_hidden()


def test_a_typed_code_stays_and_no_internal_name_is_shown(page: Page) -> None:
    for typed, left in (("OSLK", "OSLK"), ("шагол", "USCG"), ("khmeim", "OSLK"), ("domna", "domna"),
                        ("Домна", "Domna")):  # fmt: skip
        type_in(page, typed)
        page.locator(BOX).press("Enter")
        assert value(page) == left
        page.keyboard.press("Escape")


def test_suggestions_are_counted_in_words(page: Page) -> None:
    type_in(page, "Tokyo haneda")
    expect(page.locator(".search-said")).to_have_text("1 suggestion")
    type_in(page, "heathrow")
    expect(page.locator(".search-said")).to_have_text(f"{len(offered(page))} suggestions")


def test_the_keyboard_comes_to_the_box_first_and_to_no_line(page: Page) -> None:
    page.evaluate("map.getContainer().focus()")
    page.keyboard.press("Tab")
    expect(page.locator(BOX)).to_be_focused()
    page.evaluate("L.polyline([[40, 40], [50, 60]]).addTo(map).bindTooltip('a route')")
    assert page.locator("path.leaflet-interactive[tabindex='-1']").count() == 1
    page.evaluate("map.getContainer().focus()")
    for _ in range(60):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.tagName")
        assert name != "path"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    expect(page.locator(BOX)).to_be_focused()
    assert value(page) == ""
    page.keyboard.type("/")
    assert value(page) == "/"


def test_a_place_alone_is_shown_on_the_map(page: Page) -> None:
    type_in(page, "шагол")
    page.locator(BOX).press("Enter")
    assert sent(page) == []
    assert value(page) == "USCG"
    expect(page.locator(".card-box h2")).to_have_text("Chelyabinsk Shagol")
    shagol = STORY.places["shagol"]
    centre = page.evaluate("[map.getCenter().lng, map.getCenter().lat]")
    assert centre == pytest.approx([shagol.lon, shagol.lat], abs=0.1)
    type_in(page, "KJFK")
    page.locator("[role=option]").first.click()
    expect(page.locator(".corridor-tip")).to_have_text("John F Kennedy International Airport")
    expect(page.locator(".card-box")).to_have_count(0)
    assert sent(page) == []  # a click on an option is none on the map below it
    # The copy of the world that is nearest, so that the map moves no further than it must.
    assert page.evaluate("map.getCenter().lng") == pytest.approx(-73.78, abs=0.1)


def test_a_refused_path_stays_to_be_mended(page: Page) -> None:
    type_in(page, "EFHK-heathrwo")
    page.locator(BOX).press("Enter")
    guesses = (("EFHK-EGLL", "London Heathrow Airport (EGLL)"), ("EFHK-TE17", "Heathrow (TE17)"))
    refusal = {"refused": 'no place "heathrwo"', "refused_path": "EFHK-heathrwo"}
    show(page, **refusal, guesses=guesses)
    assert value(page) == "EFHK-heathrwo"
    expect(page.locator(BOX)).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("alert")).to_contain_text('no place "heathrwo"')
    page.get_by_role("button", name="London Heathrow Airport (EGLL)").click()
    mend = {"action": "mend", "wrong": "EFHK-heathrwo", "path": "EFHK-EGLL", "count": 2}
    assert sent(page)[1:] == [mend]
    show(page, routes=("EFHK-EGLL",))
    assert value(page) == ""
    expect(page.get_by_role("alert")).to_be_hidden()


def test_a_refused_path_of_the_link_can_be_put_away(page: Page, site: str) -> None:
    page.goto(site)
    show(page, refused="no place", refused_path="EFHK-NOWHERE")
    assert value(page) == "EFHK-NOWHERE"
    page.get_by_role("button", name="Put this away").click()
    assert sent(page) == [{"action": "drop", "path": "EFHK-NOWHERE", "count": 1}]
    show(page)
    assert value(page) == ""


def test_what_the_server_has_is_not_sent_again(page: Page) -> None:
    show(page, routes=("A-B",), refused="no place", refused_path="EFHK-X")
    for text, left in (("A-B", ""), (" EFHK-X ", " EFHK-X ")):
        page.locator(BOX).fill(text)
        page.locator(BOX).press("Enter")
        assert value(page) == left
    assert sent(page) == []


def test_many_chips_fold(page: Page) -> None:
    show(page, routes=tuple(f"A{n}-B" for n in range(9)), closed=(("RUS", "Russia"),))
    chips = page.locator(".chip")
    expect(chips).to_have_count(6)
    page.get_by_role("button", name="and 4 more").click()
    expect(chips).to_have_count(10)
    page.get_by_role("button", name="fewer").click()
    expect(chips).to_have_count(6)
    show(page, routes=tuple(f"A{n}-B" for n in range(7)))
    expect(chips).to_have_count(7)  # a line for one more would take as much room


def test_keys_close_and_clear(page: Page) -> None:
    type_in(page, "london")
    box = page.locator(BOX)
    zoom = page.evaluate("[map.getZoom(), map.getCenter().lat]")
    box.press("ArrowUp")
    expect(page.locator("[aria-selected=true]")).to_have_id(
        f"search-option-{len(offered(page)) - 1}"
    )
    box.press("ArrowDown")  # beyond the last is the text again
    expect(page.locator("[aria-selected=true]")).to_have_count(0)
    box.press("ArrowDown")
    box.press("Home")
    expect(page.locator("[aria-selected=true]")).to_have_count(0)
    assert page.evaluate("document.activeElement.selectionStart") == 0
    box.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(page.locator("#search-list")).to_be_hidden()
    assert value(page) == "london"
    box.press("ArrowDown")
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    box.press("Tab")
    assert value(page).startswith("EG")
    expect(page.locator("#search-list")).to_be_hidden()
    box.focus()
    box.press("Escape")
    box.press("Escape")
    assert value(page) == ""
    assert page.evaluate("[map.getZoom(), map.getCenter().lat]") == zoom  # no key moved the map


def test_the_input_method_keeps_its_keys(page: Page) -> None:
    type_in(page, "EFHK-RJAA")
    page.evaluate(
        """() => document.activeElement.dispatchEvent(new KeyboardEvent("keydown",
        { key: "Enter", isComposing: true, bubbles: true }))"""
    )
    assert sent(page) == []
    page.locator(BOX).press("Enter")
    assert len(sent(page)) == 1


@pytest.mark.parametrize(
    "text", ["<img src=x onerror=alert(1)>", "{{7*7}}`${alert(1)}`", "x-" * 5_000, "\u202e'\"-</b>"]
)
def test_any_text_is_only_text(page: Page, text: str) -> None:
    type_in(page, text)
    page.locator(BOX).press("Enter")
    assert sent(page)[0]["path"] == text.strip()
    show(page, routes=(text,), closed=(("RUS", text),), refused=text, refused_path=text,
         guesses=((text, text),))  # fmt: skip
    assert page.locator(".asked img, .asked b").count() == 0
    expect(page.locator(".chip-text").first).to_have_text(text.strip())
    box = page.locator(".search").bounding_box()
    assert box is not None
    assert box["width"] == 300
    chip = page.locator(".chip").first.bounding_box()
    assert chip is not None
    assert chip["x"] + chip["width"] <= box["x"] + box["width"]


@pytest.mark.parametrize("width", [1440, 420, 320])
def test_it_fits_beside_the_other_controls(browser: Browser, site: str, width: int) -> None:
    with checked_page(browser, viewport={"width": width, "height": 640}) as page:
        page.goto(site)
        show(page, routes=("EFHK-RJAA", "hmeymim-domna"), closed=(("RUS", "Russia"),))
        type_in(page, "london")
        list_box = page.locator("#search-list").bounding_box()
        assert list_box is not None
        assert list_box["x"] + list_box["width"] <= width
        assert list_box["y"] + list_box["height"] <= 640
        page.locator(BOX).press("Escape")
        boxes = page.evaluate(
            """() => [...document.querySelectorAll(".search-field, .chips, .leaflet-control-zoom,"
                + ".legend, .fit-button")].map(node => node.getBoundingClientRect())
                .map(box => [box.left, box.top, box.right, box.bottom])"""
        )
        assert len(boxes) == 5
        for i, one in enumerate(boxes):
            for other in boxes[:i]:
                apart = one[2] <= other[0] or other[2] <= one[0]
                assert apart or one[3] <= other[1] or other[3] <= one[1], (one, other)


@pytest.mark.unwatched
def test_without_the_index_a_path_is_still_sent(browser: Browser, site: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.route("**/places.0.*", lambda route: route.abort())
        page.goto(site)
        show(page)
        page.locator(BOX).fill("EFHK-RJAA")
        page.locator(BOX).press("Enter")
        assert sent(page) == [{"action": "type", "path": "EFHK-RJAA", "count": 1}]
        show(page, routes=("EFHK-RJAA",))
        assert value(page) == ""


@pytest.mark.unwatched
def test_without_the_index_a_word_is_not_sent(browser: Browser, site: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.route("**/places.0.*", lambda route: route.abort())
        page.goto(site)
        show(page)
        page.locator(BOX).fill("Turkey")
        page.locator(BOX).press("Enter")
        expect(page.locator(".search-note")).to_have_text(
            "Names can't be looked up: a route is typed like OSLK-USCG."
        )
        assert sent(page) == []
        page.locator(BOX).fill("EGLL to KJFK")
        page.locator(BOX).press("Enter")
        assert sent(page)[0]["path"] == "EGLL to KJFK"
