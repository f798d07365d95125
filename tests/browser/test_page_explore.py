"""Exploring in a real browser: names guessed, aircraft and their range, claims, the link."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.support import (
    checked_page,
    choose,
    map_frame,
    open_atlas,
    option,
    pick,
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
    frame = open_atlas(page, f"{app_url}/?route=EFHK-Tokio")
    expect(frame.locator(".search-refused")).to_contain_text('"Tokio" may be several')
    frame.locator(".search-refused").get_by_role("button").filter(has_text="RJTT").click()
    wait_until(frame, "map.atlas.scene.lines.some((line) => line.id.startsWith('typed:'))")
    expect(frame.locator(".search-refused")).not_to_contain_text("several")
    expect(page).to_have_url(re.compile("route=EFHK-RJTT"))


def test_a_row_leads_to_its_line_and_a_line_to_its_row(page: Page, app_url: str) -> None:
    frame = open_atlas(page, app_url)
    row = page.locator("tr[data-route=shagol-direct]")
    row.get_by_role("button").click()
    expect(frame.locator(".card-box h2")).to_have_text("Hmeymim to Shagol, direct")
    expect(row).to_have_attribute("data-picked", "true")
    expect(row.get_by_role("button")).to_have_attribute("aria-pressed", "true")
    strip = page.locator(".strip-row[data-route=shagol-direct]")
    expect(strip).to_have_attribute("data-picked", "true")
    frame.get_by_role("button", name="Close the card").click()
    expect(row).to_have_attribute("data-picked", "false")


def test_the_table_and_the_strips_are_sorted_and_stay_so(page: Page, app_url: str) -> None:
    open_atlas(page, app_url)
    distances = page.locator("table:has([data-sort]) tbody td:nth-child(3)")
    by_distance = page.get_by_role("button", name="Distance, mi")
    by_distance.click()
    found = [float(text.replace(",", "")) for text in distances.all_inner_texts()]
    assert found == sorted(found)
    by_distance.click()
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Distance")
    expect(page.locator(".strip-row").first).to_contain_text("2,186 mi")
    choose(page, "Way", "Corridor via the Caspian")
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Distance")
    found = [float(text.replace(",", "")) for text in distances.all_inner_texts()]
    assert len(found) == 9
    assert found == sorted(found, reverse=True)


def test_an_aircraft_draws_two_rings_and_the_map_stays(page: Page, app_url: str) -> None:
    frame = open_atlas(page, app_url)
    frame.evaluate("window.stillTheSame = true")
    page.get_by_text("Aircraft and its range").click()
    expect(page.get_by_role("combobox", name="Aircraft")).to_be_visible()
    pick(page, "Aircraft", "Su-24M", "Su-24")
    wait_until(frame, "document.querySelectorAll('path.ring').length === 2")
    expect(frame.locator(".legend")).to_contain_text("Su-24M, high figure: 1,771 mi")
    assert len(routes(frame)) == 6
    page.get_by_role("radio", name="Aircraft and times").click()
    expect(page.locator("body")).to_contain_text("Su-24M: could it?")
    assert map_frame(page).evaluate("window.stillTheSame") is True


def test_a_claim_and_a_day_are_kept_in_the_link(page: Page, browser: Browser, app_url: str) -> None:
    open_atlas(page, app_url)
    page.get_by_role("radio", name="The claim").click()
    expect(page.locator("body")).to_contain_text("holds for none of the 6 routes shown")
    box = page.get_by_role("textbox", name="The claim")
    box.fill("over 2,900 km via Kazakhstan")
    box.press("Enter")
    expect(page.locator("body")).to_contain_text("holds for 2 of the 6 routes shown")
    page.get_by_role("radio", name="Day by day").click()
    slider = page.get_by_role("slider", name="By the end of")
    slider.focus()
    slider.press("ArrowLeft")
    expect(page.locator("body")).to_contain_text("Reports of 3 May 2016")
    wait_for_idle(page)
    with checked_page(browser) as fresh:
        open_atlas(fresh, page.url)
        expect(fresh.locator("body")).to_contain_text("Reports of 3 May 2016")
        fresh.get_by_role("radio", name="The claim").click()
        expect(fresh.locator("body")).to_contain_text("holds for 2 of the 6 routes shown")


def test_stops_and_a_speed_are_kept_in_the_link(page: Page, browser: Browser, app_url: str) -> None:
    query = "route=EGLL-KJFK&aircraft=Su-24M&airfields=None&tab=Aircraft+and+times"
    open_atlas(page, f"{app_url}/?{query}")
    expect(page.locator("body")).to_contain_text("Not with stops only at airfields of the story")
    option(page, "Stops at", "All airports").click()
    for country in ("Canada", "Greenland (Denmark)", "Iceland", "United Kingdom"):
        pick(page, "Stops in", country, country)
    # While its list is open, the rest of the page is hidden from roles.
    page.keyboard.press("Escape")
    speed = page.get_by_role("spinbutton", name="Speed over ground, mph")
    speed.fill("400")
    speed.press("Enter")
    body = page.locator("body")
    expect(body).to_contain_text("Leg by leg, at 400 mph")
    expect(body).to_contain_text("5 stops could do")
    expect(page).to_have_url(re.compile("speed=643.7"))
    page.get_by_role("radio", name="In words").click()
    wait_for_idle(page)
    with checked_page(browser) as fresh:
        open_atlas(fresh, page.url)
        fresh.get_by_role("radio", name="Aircraft and times").click()
        for words in ("Leg by leg, at 400 mph", "5 stops could do", "Iceland, Russia and United"):
            expect(fresh.locator("body")).to_contain_text(words)
        choose(fresh, "Units", "Kilometres")
        expect(fresh.locator("body")).to_contain_text("Leg by leg, at 644 km/h")


def test_the_map_is_told_in_words_that_are_not_seen(page: Page, app_url: str) -> None:
    open_atlas(page, app_url)
    unseen = page.locator(".corridor-unseen")
    expect(unseen).to_contain_text("A map with 6 routes")
    box = unseen.bounding_box()
    assert box is not None
    assert box["width"] <= 1
    expect(page.locator(".corridor-route")).to_have_count(6)
