"""Exploring in a real browser: names guessed, aircraft and their range, claims, days, the link."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.support import (
    checked_page,
    map_frame,
    open_atlas,
    options,
    routes,
    wait_for_idle,
    wait_until,
)


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """Give one page to all tests here, each of which loads it again."""
    with checked_page(browser) as opened:
        yield opened


def test_a_guess_mends_the_typed_path(page: Page, app_url: str) -> None:
    frame = open_atlas(page, app_url)
    box = page.get_by_role("textbox", name="Other routes")
    box.fill("EFHK-Tokio")
    box.press("Enter")
    expect(page.locator(".corridor-refused")).to_contain_text('no place "Tokio"')
    options(page, "Did you mean").filter(has_text="RJTT").click()
    wait_until(frame, "map.atlas.scene.lines.some((line) => line.id === 'typed:1')")
    expect(box).to_have_value("EFHK-RJTT")
    expect(page.locator(".corridor-refused")).to_have_count(0)
    assert "route=EFHK-RJTT" in page.url


def test_an_aircraft_draws_two_rings_and_the_map_stays(page: Page, app_url: str) -> None:
    frame = open_atlas(page, app_url)
    frame.evaluate("window.stillTheSame = true")
    page.get_by_text("Aircraft and its range").click()
    box = page.get_by_role("combobox", name="Aircraft")
    expect(box).to_be_visible()
    wait_for_idle(page)
    box.click()
    page.keyboard.type("Su-24")
    page.get_by_role("option", name="Su-24M").click()
    wait_until(frame, "document.querySelectorAll('path.ring').length === 2")
    expect(frame.locator(".legend")).to_contain_text("Su-24M, high figure: 1,771 mi")
    assert len(routes(frame)) == 6
    page.get_by_role("tab", name="Aircraft and times").click()
    expect(page.locator("body")).to_contain_text("Su-24M: could it?")
    assert map_frame(page).evaluate("window.stillTheSame") is True


def test_a_claim_and_a_day_are_kept_in_the_link(page: Page, browser: Browser, app_url: str) -> None:
    open_atlas(page, app_url)
    page.get_by_role("tab", name="The claim").click()
    expect(page.locator("body")).to_contain_text("holds for none of the 6 routes shown")
    box = page.get_by_role("textbox", name="The claim")
    box.fill("over 2,900 km via Kazakhstan")
    box.press("Enter")
    expect(page.locator("body")).to_contain_text("holds for 2 of the 6 routes shown")
    page.get_by_role("tab", name="Day by day").click()
    slider = page.get_by_role("slider", name="By the end of")
    slider.focus()
    slider.press("ArrowRight")
    expect(page.locator("body")).to_contain_text("Reports of 15 March 2016")
    wait_for_idle(page)
    with checked_page(browser) as fresh:
        open_atlas(fresh, page.url)
        expect(fresh.locator("body")).to_contain_text("Reports of 15 March 2016")
        fresh.get_by_role("tab", name="The claim").click()
        expect(fresh.locator("body")).to_contain_text("holds for 2 of the 6 routes shown")


def test_the_map_is_told_in_words_that_are_not_seen(page: Page, app_url: str) -> None:
    open_atlas(page, app_url)
    unseen = page.locator(".corridor-unseen")
    expect(unseen).to_contain_text("A map with 6 routes")
    box = unseen.bounding_box()
    assert box is not None
    assert box["width"] <= 1
    expect(page.locator(".corridor-route")).to_have_count(6)
