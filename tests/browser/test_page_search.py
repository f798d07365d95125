"""The search box of the map, as the page answers it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Frame, Locator, Page, expect

from tests.browser.support import checked_page, open_atlas, routes, wait_for_idle, wait_until


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """Give one page to all tests here, each of which loads it again."""
    with checked_page(browser) as opened:
        yield opened


def box_of(frame: Frame) -> Locator:
    """Return the search box once it completes."""
    box = frame.get_by_role("combobox")
    box.focus()
    wait_until(frame, "map.atlas.search.suggestions")
    return box


def test_a_route_is_typed_with_completion_and_removed(page: Page, app_url: str) -> None:
    frame = open_atlas(page, app_url)
    frame.evaluate("window.stillTheSame = true")
    opening = routes(frame)
    box = box_of(frame)
    box.press_sequentially("helsinki v")
    expect(frame.get_by_role("option").first).to_contain_text("EFHK")
    box.press("ArrowDown")
    box.press("Enter")
    box.press_sequentially("-narita")
    frame.get_by_role("option").filter(has_text="RJAA").click()
    expect(box).to_have_value("EFHK-RJAA")
    box.press("Enter")
    expect(frame.locator(".chip")).to_have_text(["EFHK-RJAA"])
    expect(box).to_have_value("")
    expect(box).to_be_focused()
    wait_for_idle(page)
    assert len(routes(frame)) > len(opening)
    expect(page).to_have_url(re.compile("route=EFHK-RJAA"))
    frame.get_by_role("button", name="Remove the route EFHK-RJAA").click()
    expect(frame.locator(".chip")).to_have_count(0)
    wait_for_idle(page)
    assert routes(frame) == opening
    assert frame.evaluate("window.stillTheSame") is True


def test_a_state_is_closed_by_its_name_and_opened_by_its_chip(page: Page, app_url: str) -> None:
    frame = open_atlas(page, app_url)
    box = box_of(frame)
    box.press_sequentially("turkey")
    expect(frame.get_by_role("option").first).to_have_text("Close the airspace of Turkey")
    box.press("Enter")
    wait_until(frame, "map.atlas.scene.closed.includes('TUR')")
    expect(frame.locator(".chip")).to_have_text(["Turkey"])
    wait_for_idle(page)
    expect(page).to_have_url(re.compile("closed=Turkey"))
    frame.get_by_role("button", name="Open the airspace of Turkey").press("Enter")
    wait_until(frame, "map.atlas.scene.closed.length === 0")
    expect(frame.locator(".chip")).to_have_count(0)


def test_a_wrong_point_is_mended_by_a_guess(page: Page, app_url: str) -> None:
    frame = open_atlas(page, app_url)
    box = box_of(frame)
    box.press_sequentially("EFHK-heathrwo")
    box.press("Enter")
    expect(frame.get_by_role("alert")).to_contain_text('no place "heathrwo"')
    expect(box).to_have_value("EFHK-heathrwo")
    frame.locator(".guess").filter(has_text="EGLL").click()
    expect(frame.locator(".chip")).to_have_text(["EFHK-EGLL"])
    expect(frame.get_by_role("alert")).to_be_hidden()
    expect(box).to_have_value("")
    wait_for_idle(page)


def test_a_link_shows_what_it_asks_for(page: Page, app_url: str) -> None:
    frame = open_atlas(page, f"{app_url}/?route=EFHK-RJAA&closed=Russia")
    expect(frame.locator(".chip")).to_have_text(["EFHK-RJAA", "Russia"])
    frame = open_atlas(page, f"{app_url}/?route=EFHK-NOWHERE")
    expect(frame.get_by_role("combobox")).to_have_value("EFHK-NOWHERE")
    expect(frame.get_by_role("alert")).to_contain_text('no place "NOWHERE"')
    frame.get_by_role("button", name="Put this away").click()
    expect(frame.get_by_role("alert")).to_be_hidden()
    expect(frame.get_by_role("combobox")).to_have_value("")
    wait_for_idle(page)


@pytest.mark.parametrize("text", ["<img src=x onerror=alert(1)>-{{7*7}}", "x-" * 5_000])
def test_any_text_is_answered_by_a_sentence(page: Page, app_url: str, text: str) -> None:
    frame = open_atlas(page, app_url)
    opening = routes(frame)
    box = box_of(frame)
    box.fill(text)
    box.press("Enter")
    expect(frame.get_by_role("alert")).to_be_visible()
    wait_for_idle(page)
    assert routes(frame) == opening
    assert frame.locator(".asked img").count() == 0
