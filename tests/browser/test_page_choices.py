"""What a choice does to the map, to the strips and to the table, and what it leaves alone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from tests.browser.support import (
    at_place,
    checked_page,
    choose,
    drawn_frame,
    map_frame,
    open_atlas,
    option,
    routes,
    wait_for_idle,
    wait_until,
)

CASPIAN, AZERBAIJAN = "Corridor via the Caspian", "Corridor via Azerbaijan"
# All that piles up if a rerun doesn't clear away what the one before drew.
COUNTS = """() => ({
    layers: Object.keys(map._layers).length,
    nodes: map.getContainer().querySelectorAll("*").length,
    groups: window.feature_group.length,
    legends: document.querySelectorAll(".legend").length,
    credits: document.querySelector(".leaflet-control-attribution").textContent,
})"""
VIEW = "[map.getZoom(), map.getCenter().lat, map.getCenter().lng]"


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """Give one page to all tests here, each of which loads it again."""
    with checked_page(browser) as opened:
        yield opened


def mark_frame(frame: Frame) -> None:
    frame.evaluate("window.stillTheSame = true")


def assert_same_frame(page: Page) -> None:
    assert map_frame(page).evaluate("window.stillTheSame") is True, "the map was mounted anew"


def test_a_way_is_added_and_removed(page: Page, app_url: str) -> None:
    frame = open_atlas(page, app_url)
    opening = routes(frame)
    choose(page, "Way", CASPIAN)
    assert sorted(set(routes(frame)) - set(opening)) == [
        "buturlinovka-caspian",
        "primorsko_akhtarsk-caspian",
        "shagol-caspian",
    ]
    expect(page.locator(".strip-row")).to_have_count(9)
    expect(frame.locator(".legend")).to_contain_text(CASPIAN)
    choose(page, "Way", CASPIAN)
    assert routes(frame) == opening
    choose(page, "Way", AZERBAIJAN)
    assert all(route.endswith("-direct") for route in routes(frame))
    expect(page.locator(".strip-row")).to_have_count(3)
    expect(frame.locator(".legend")).not_to_contain_text(AZERBAIJAN)


def test_the_reader_s_view_is_kept(page: Page, app_url: str) -> None:
    """Pan with the mouse and zoom with the button, as a reader does; then choose."""
    frame = open_atlas(page, app_url)
    mark_frame(frame)
    opening = frame.evaluate(VIEW)
    box = frame.frame_element().bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.4
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] - 120, middle[1] + 60, steps=6)
    page.mouse.up()
    frame.locator(".leaflet-control-zoom-in").click()
    wait_until(frame, f"map.getZoom() > {opening[0]} && !map._animatingZoom")
    page.wait_for_timeout(400)  # the drag glides to its end
    view = frame.evaluate(VIEW)
    assert view[1:] != opening[1:]
    choose(page, "Way", CASPIAN)
    choose(page, "Units", "Kilometres")
    choose(page, "Airfields", "All")
    assert len(routes(frame)) == 60
    assert frame.evaluate(VIEW) == view
    assert_same_frame(page)


def test_other_hands_on_the_map_count_as_well(page: Page, app_url: str) -> None:
    """A view reached by the wheel or by the keyboard is kept just so."""
    for by in ("wheel", "keyboard"):
        frame = open_atlas(page, app_url)
        zoom = frame.evaluate("map.getZoom()")
        if by == "wheel":
            page.mouse.move(*at_place(page, frame, (45.0, 50.0)))
            page.mouse.wheel(0, -240)
        else:
            frame.locator(".leaflet-container").focus()
            page.keyboard.press("+")
        wait_until(frame, f"map.getZoom() > {zoom}")
        page.wait_for_timeout(400)
        view = frame.evaluate(VIEW)
        choose(page, "Airfields", "All")
        assert frame.evaluate(VIEW) == view, by


def test_an_untouched_map_makes_room_for_what_is_chosen(page: Page, app_url: str) -> None:
    frame = open_atlas(page, app_url)
    choose(page, "Airfields", "Named home bases")
    inside = frame.evaluate("""map.atlas.scene.lines.flatMap(line => line.points)
        .every(point => map.getBounds().contains(point))""")
    assert inside is True


def test_many_choices_leave_nothing_behind(page: Page, app_url: str) -> None:
    frame = open_atlas(page, app_url)
    mark_frame(frame)
    choose(page, "Way", CASPIAN)
    choose(page, "Way", CASPIAN)
    before = frame.evaluate(COUNTS)
    assert before["groups"] <= 1
    assert before["legends"] == 1
    for _ in range(4):
        choose(page, "Way", CASPIAN)
        choose(page, "Way", CASPIAN)
    assert frame.evaluate(COUNTS) == before
    assert_same_frame(page)


def test_quick_clicks_end_at_the_last_choice(page: Page, app_url: str) -> None:
    frame = open_atlas(page, app_url)
    for text in (CASPIAN, AZERBAIJAN, "Direct"):
        option(page, "Way", text).click()
    wait_until(frame, "window.corridorRouteCount === 3")
    wait_for_idle(page)
    assert all(route.endswith("-caspian") for route in routes(frame))


def test_airfields_by_group(page: Page, app_url: str) -> None:
    frame = open_atlas(page, app_url)
    choose(page, "Airfields", "Named home bases")
    assert {route.split("-")[0] for route in routes(frame)} == {
        "akhtubinsk", "baltimor", "domna", "dzyomgi", "khurba", "lipetsk2", "morozovsk",
    }  # fmt: skip
    expect(frame.locator("path.route.dotted").first).to_have_attribute("stroke-dasharray", "1 6")
    expect(frame.locator(".legend")).to_contain_text("illustrative")
    expect(page.locator(".corridor-heading").first).to_contain_text("longer than 3,000 mi")
    choose(page, "Airfields", "All")
    assert len(routes(frame)) == 40
    expect(page.locator("table.figures tbody tr")).to_have_count(40)


def test_airfields_of_one_s_own_choice(page: Page, app_url: str) -> None:
    frame = open_atlas(page, app_url)
    option(page, "Airfields", "My choice").click()
    picks = page.get_by_test_id("stMultiSelect").first
    expect(picks).to_contain_text("Chelyabinsk Shagol")
    assert len(routes(frame)) == 6
    picks.get_by_role("combobox").fill("Domna")
    page.get_by_role("option", name="Domna", exact=True).click()
    wait_until(frame, "window.corridorRouteCount === 8")
    assert {"domna-direct", "domna-azerbaijan"} <= set(routes(frame))
    page.keyboard.press("Escape")
    wait_for_idle(page)
    page.goto(page.url)
    frame = drawn_frame(page)
    assert {"domna-direct", "domna-azerbaijan", "shagol-direct"} <= set(routes(frame))
    assert len(routes(frame)) == 8


def test_units_change_all_figures(page: Page, app_url: str) -> None:
    frame = open_atlas(page, app_url)
    for text, symbol, claim in (
        ("Kilometres", "km", "4,828 km"),
        ("Nautical miles", "nmi", "2,607 nmi"),
        ("Statute miles", "mi", "3,000 mi"),
    ):
        choose(page, "Units", text)
        head = page.locator("table.figures thead")
        expect(head).to_contain_text(f"Distance, {symbol}")
        expect(head).to_contain_text(claim)
        expect(page.locator(".strip-claim")).to_have_text(claim)
        expect(page.locator(".strip-tick").first).to_have_text(f"0 {symbol}")
        lengths = page.locator(".strip-bar em").all_inner_texts()
        assert len(lengths) == 6
        assert all(re.fullmatch(rf"[\d,]+ {symbol}( \(.*\))?", length) for length in lengths)
        expect(page.locator(".corridor-heading").first).to_contain_text(claim)
        cards = frame.evaluate("map.atlas.scene.lines.map(line => line.card.rows[0][1])")
        assert all(f" {symbol}," in card for card in cards)


def test_nothing_chosen_shows_nothing_and_says_so(page: Page, app_url: str) -> None:
    frame = open_atlas(page, app_url)
    choose(page, "Way", "Direct")
    choose(page, "Way", AZERBAIJAN)
    assert routes(frame) == []
    expect(page.locator(".corridor-heading").first).to_contain_text("No route is chosen")
    expect(page.locator(".strip-row")).to_have_count(0)
    assert frame.locator(".mark").count() == 22
    choose(page, "Way", "Direct")
    assert len(routes(frame)) == 3
