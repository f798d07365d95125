"""A link reopens the same view; one that asks for what isn't there says so."""

import io
import re
from collections.abc import Iterator
from urllib.parse import urlencode

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Frame, Page, expect

from tests.browser.support import (
    checked_page,
    choose,
    open_atlas,
    option,
    pick,
    routes,
    wait_for_idle,
    wait_until,
)

HOSTILE = "<img src=x onerror=window.pwned=1>{{ 7*7 }}![x](http://evil.example/x.png)"


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """Give one page to all tests here, each of which loads it again."""
    with checked_page(browser) as opened:
        yield opened


def main_text(page: Page) -> str:
    return page.get_by_test_id("stMain").inner_text()


def is_on(page: Page, group: str, text: str) -> bool:
    button = option(page, group, text)
    return "true" in {button.get_attribute(f"aria-{state}") for state in ("checked", "pressed")}


def test_a_link_reopens_the_view(page: Page, app_url: str) -> None:
    frame = open_atlas(page, app_url)
    choose(page, "Airfields", "Named home bases")
    choose(page, "Way", "Corridor via the Caspian")
    choose(page, "Way", "Direct")
    choose(page, "Units", "Nautical miles")
    shown, strips = routes(frame), page.locator(".strip").inner_text()
    other = page.context.new_page()
    reopened = open_atlas(other, page.url)
    assert routes(reopened) == shown
    assert other.locator(".strip").inner_text() == strips
    assert is_on(other, "Units", "Nautical miles")
    assert not is_on(other, "Way", "Direct")
    assert "Not found" not in main_text(other)


def set_up_a_rich_view(page: Page, frame: Frame) -> None:
    """Choose something of everything that a link holds, as a reader does."""
    choose(page, "Units", "Kilometres")
    option(page, "Closed airspace", "As told in March 2016").click()
    wait_until(frame, "map.atlas.scene.closed.length > 3")
    wait_for_idle(page)
    box = frame.get_by_role("combobox")
    box.fill("UBBB-UAAA/UNNT")
    box.press("Enter")
    wait_until(frame, "map.atlas.scene.asked.routes.length === 1")
    wait_for_idle(page)
    page.get_by_text("Aircraft and its range").click()
    expect(page.get_by_role("combobox", name="Aircraft")).to_be_visible()
    pick(page, "Aircraft", "Su-24M", "Su-24")
    wait_until(frame, "map.atlas.scene.rings.length > 1")
    wait_for_idle(page)
    page.get_by_role("radio", name="Day by day").click()
    slider = page.get_by_role("slider", name="By the end of")
    for key, day in (("Home", 14), ("ArrowRight", 15), ("ArrowRight", 16)):
        slider.focus()
        slider.press(key)
        expect(page).to_have_url(re.compile(f"day=2016-03-{day}"))
    wait_for_idle(page)


def test_a_copied_link_keeps_where_the_reader_moved_the_map(browser: Browser, app_url: str) -> None:
    allowed = ["clipboard-read", "clipboard-write"]
    where = "[map.getCenter().lat, map.getCenter().lng, map.getZoom()]"
    with checked_page(browser, permissions=allowed) as page, checked_page(browser) as fresh:
        frame = open_atlas(page, app_url)
        assert "view=" not in page.url
        frame.get_by_role("button", name="Zoom in").click()
        frame.locator(".leaflet-container").focus()
        page.keyboard.press("ArrowRight")
        wait_until(frame, "!map._animatingZoom && !map._panAnim?._inProgress")
        frame.get_by_role("button", name="Copy link").click()
        expect(frame.locator(".tool-status")).to_have_text("Copied")
        again = open_atlas(fresh, page.evaluate("navigator.clipboard.readText()"))
        assert again.evaluate(where) == pytest.approx(frame.evaluate(where), abs=1e-2)
        choose(fresh, "Units", "Kilometres")
        assert again.evaluate(where) == pytest.approx(frame.evaluate(where), abs=1e-2)


def picture(frame: Frame) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
    """Take a picture of the map: nothing in it under the pointer, and no words that go again."""
    frame.page.mouse.move(0, 0)
    frame.evaluate("document.activeElement.blur()")
    wait_until(frame, "!map._animatingZoom")
    hidden = ".tool-status { display: none; }"
    data = frame.frame_element().screenshot(animations="disabled", style=hidden)
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), dtype=np.int16)


def test_a_copied_link_opens_to_the_same_picture(browser: Browser, app_url: str) -> None:
    allowed = ["clipboard-read", "clipboard-write"]
    with (
        checked_page(browser, color_scheme="dark", permissions=allowed) as page,
        checked_page(browser, color_scheme="dark") as fresh,
    ):
        frame = open_atlas(page, app_url)
        bare = picture(frame)
        set_up_a_rich_view(page, frame)
        frame.get_by_role("button", name="Fit the map to the routes shown").click()
        frame.get_by_role("button", name="Copy link").click()
        expect(frame.locator(".tool-status")).to_have_text("Copied")
        again = open_atlas(fresh, page.evaluate("navigator.clipboard.readText()"))
        assert routes(again) == routes(frame)
        for part in (".strip", "table:has([data-sort])", ".corridor-unseen"):
            assert fresh.locator(part).inner_text() == page.locator(part).inner_text()
        assert is_on(fresh, "Units", "Kilometres")
        assert is_on(fresh, "Closed airspace", "As told in March 2016")
        expect(fresh.get_by_role("combobox", name="Aircraft")).to_have_value("Su-24M")
        expect(fresh.locator("body")).to_contain_text("Reports of 16 March 2016")
        one, other = picture(frame), picture(again)
        assert one.shape == other.shape
        assert np.mean(np.abs(one - bare).max(axis=2) > 24) > 0.02, "the view isn't rich"
        assert np.mean(np.abs(one - other).max(axis=2) > 24) < 0.001


@pytest.mark.parametrize(
    "wrong", [{"units": "furlongs", "way": "Nonsense", "airfields": "Mars"}, {"units": HOSTILE}]
)
def test_a_wrong_value_falls_back_and_is_named(
    page: Page, app_url: str, wrong: dict[str, str]
) -> None:
    frame = open_atlas(page, f"{app_url}/?{urlencode(wrong)}")
    assert len(routes(frame)) == 6
    assert is_on(page, "Airfields", "Reported landings")
    assert is_on(page, "Way", "Direct")
    assert is_on(page, "Units", "Statute miles")
    for value in wrong.values():
        assert value[:40] in main_text(page)
    assert page.evaluate("window.pwned") is None
    frame.evaluate("window.stillTheSame = true")
    for count in (9, 6):  # there and back: the notice goes and stays away
        option(page, "Way", "Corridor via the Caspian").click()
        expect(page.locator(".strip-row")).to_have_count(count)
        wait_for_idle(page)
        for value in wrong.values():
            assert value[:40] not in main_text(page)
        same = page.locator("iframe").evaluate("node => node.contentWindow.stillTheSame")
        assert same is True, "the map was mounted anew"


def test_a_cleared_way_shows_no_route(page: Page, app_url: str) -> None:
    frame = open_atlas(page, f"{app_url}/?way=")
    assert routes(frame) == []
    assert "No route is chosen" in main_text(page)
    assert "Not found" not in main_text(page)
