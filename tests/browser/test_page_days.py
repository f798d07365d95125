"""The days in a real browser: where they are chosen, the play, and what it leaves behind."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Frame, Locator, Page, expect

from tests.browser.support import (
    TIMEOUT_S,
    checked_page,
    drawn_frame,
    map_frame,
    open_atlas,
    options,
    routes,
    wait_for_idle,
    wait_until,
)

# Of a run, the days that the slider stood at, in order.
WATCH_SLIDER = """() => {
  const day = () => document.querySelector("input[type=range]")?.getAttribute("aria-valuetext");
  const seen = window.daysSeen = [day()];
  new MutationObserver(() => { if (day() && day() !== seen.at(-1)) seen.push(day()); })
    .observe(document.body, { subtree: true, childList: true, attributes: true });
}"""
WHERE = "[map.getCenter().lat, map.getCenter().lng, map.getZoom()]"


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """Give one page to all tests here, each of which loads it again."""
    with checked_page(browser) as opened:
        yield opened


def slider(page: Page) -> Locator:
    return page.get_by_role("slider", name="By the end of")


def play(page: Page) -> Locator:
    return page.get_by_role("switch", name="Play")


def boxes(page: Page) -> list[object]:
    groups = ("Airfields", "Way", "Units", "Closed airspace")
    return [options(page, group).first.bounding_box() for group in groups]


def open_days(page: Page, url: str, day: str) -> Frame:
    frame = open_atlas(page, f"{url}/?tab=Day+by+day&day={day}")
    expect(slider(page)).to_be_visible()
    return frame


def test_the_days_open_without_a_jump_and_beside_the_map(page: Page, app_url: str) -> None:
    frame = open_atlas(page, app_url)
    where, shown, controls = frame.evaluate(WHERE), routes(frame), boxes(page)
    page.get_by_role("radio", name="Day by day").click()
    expect(page.locator("body")).to_contain_text("Reports of 4 May 2016")
    wait_for_idle(page)
    assert (frame.evaluate(WHERE), routes(frame), boxes(page)) == (where, shown, controls)
    frame.frame_element().scroll_into_view_if_needed()
    expect(frame.locator(".leaflet-container")).to_be_in_viewport(ratio=0.99)
    for control in (page.get_by_test_id("stSlider"), page.get_by_text("Play", exact=True)):
        expect(control).to_be_in_viewport(ratio=0.99)


def test_the_map_stays_where_it_is_from_day_to_day(page: Page, app_url: str) -> None:
    frame = open_days(page, app_url, "2016-03-14")
    assert routes(frame) == []
    where = frame.evaluate(WHERE)
    top = frame.frame_element().bounding_box()
    for count in (2, 6):
        slider(page).focus()
        slider(page).press("ArrowRight")
        wait_until(frame, f"map.atlas.scene.lines.length === {count}")
        wait_for_idle(page)
        assert frame.evaluate(WHERE) == where
    page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")
    assert frame.frame_element().bounding_box() == top
    whole = open_atlas(page, app_url)
    assert whole.evaluate(WHERE) == pytest.approx(where, abs=1e-6)


def test_the_days_play_on_and_the_map_follows(page: Page, app_url: str) -> None:
    frame = open_days(page, app_url, "2016-03-14")
    frame.evaluate("window.stillTheSame = true")
    entries = page.evaluate("history.length")
    page.get_by_text("Play", exact=True).click()
    wait_until(frame, "map.atlas.scene.lines.length === 6")
    expect(page).to_have_url(re.compile("day=2016-03-14"))
    assert page.evaluate("history.length") == entries
    page.get_by_text("Play", exact=True).click()
    expect(page).to_have_url(re.compile(r"day=2016-03-1[6-8]"))
    expect(play(page)).not_to_be_checked()
    assert page.evaluate("history.length") == entries + 1
    assert map_frame(page).evaluate("window.stillTheSame") is True


def test_a_run_goes_from_report_to_report_ends_and_is_one_step_back(
    page: Page, app_url: str
) -> None:
    open_days(page, app_url, "2016-03-20")
    page.evaluate(WATCH_SLIDER)
    entries = page.evaluate("history.length")
    page.get_by_text("Play", exact=True).click()
    expect(play(page)).to_be_checked()
    expect(page).to_have_url(re.compile("day=2016-05-04"), timeout=TIMEOUT_S * 1000)
    expect(play(page)).not_to_be_checked()
    seen = ["20 March 2016", "23 March 2016", "28 March 2016", "4 May 2016"]
    assert page.evaluate("window.daysSeen") == seen
    assert page.evaluate("history.length") == entries + 1
    # What was written is taken for what the browser has, until it surely has heard of it.
    page.wait_for_timeout(2500)
    page.go_back()
    expect(page).to_have_url(re.compile("day=2016-03-20"))
    expect(page.locator("body")).to_contain_text("by the end of 20 March 2016")
    drawn_frame(page)
    expect(slider(page)).to_have_attribute("aria-valuetext", "20 March 2016")
