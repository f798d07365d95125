"""What closing a country does: by a click on the map, by the list, by an example, by a link."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Frame, Locator, Page, expect

from tests.browser.support import (
    at_place,
    checked_page,
    choose,
    drawn_frame,
    map_frame,
    open_atlas,
    routes,
    wait_for_idle,
    wait_until,
)

TOLD = "As told in March 2016"
TURKEY, CRIMEA, BLACK_SEA = (39.0, 35.0), (45.2, 34.3), (43.0, 36.0)
UKRAINE, TURKMENISTAN = (49.0, 31.0), (39.5, 58.5)
SHAGOL = "open:hmeymim:shagol"
POINTS = "(id) => map.atlas.scene.lines.find((line) => line.id === id)?.points"


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """Give one page to all tests here, each of which loads it again."""
    with checked_page(browser) as opened:
        yield opened


def click_at(page: Page, frame: Frame, latlon: tuple[float, float]) -> None:
    """Click on the map where nothing else is, and wait for what that changes."""
    page.mouse.click(*at_place(page, frame, latlon))
    wait_for_idle(page)


def closed(frame: Frame) -> list[str]:
    found: list[str] = frame.evaluate("map.atlas.scene.closed")
    return found


def open_row(page: Page, to: str) -> Locator:
    row = page.locator(".strip-row").filter(has_text=to).filter(has_text="Shortest open way")
    return row.locator("em")


def test_a_click_closes_a_country_and_another_opens_it(page: Page, app_url: str) -> None:
    frame = open_atlas(page, app_url)
    frame.evaluate("window.stillTheSame = true")
    opening = routes(frame)
    assert closed(frame) == []
    click_at(page, frame, TURKEY)
    wait_until(frame, "map.atlas.scene.closed.includes('TUR')")
    assert SHAGOL in routes(frame)
    expect(page.locator(".strip-added").first).to_be_visible()
    expect(frame.locator(".legend")).to_contain_text("Closed to the shortest open way")
    expect(page).to_have_url(re.compile("closed=Turkey"))
    click_at(page, frame, TURKEY)
    wait_until(frame, "map.atlas.scene.closed.length === 0")
    assert routes(frame) == opening
    expect(page).not_to_have_url(re.compile("closed="))
    assert map_frame(page).evaluate("window.stillTheSame") is True


def test_the_line_moves_with_each_closure_and_comes_back(page: Page, app_url: str) -> None:
    frame = open_atlas(page, f"{app_url}/?closed=Armenia&closed=Georgia")
    before, miles = frame.evaluate(POINTS, SHAGOL), open_row(page, "Shagol").inner_text()
    click_at(page, frame, TURKEY)
    wait_until(frame, "map.atlas.scene.closed.includes('TUR')")
    assert frame.evaluate(POINTS, SHAGOL) != before
    expect(open_row(page, "Shagol")).to_have_text("1,985 mi (+160 mi)")
    click_at(page, frame, TURKEY)
    wait_until(frame, "!map.atlas.scene.closed.includes('TUR')")
    assert frame.evaluate(POINTS, SHAGOL) == before
    expect(open_row(page, "Shagol")).to_have_text(miles)


def test_the_example_closes_what_was_told_and_the_link_keeps_it(page: Page, app_url: str) -> None:
    frame = open_atlas(page, app_url)
    choose(page, "Closed airspace", TOLD)
    wait_until(frame, "map.atlas.scene.closed.length > 3")
    assert {"TUR", "GEO", "ARM", "UKR", "RUS+UKR"} <= set(closed(frame))
    expect(page.locator("body")).to_contain_text("Opening Turkey again, alone, would save most")
    expect(page.locator("body")).to_contain_text("near 36.96N 44.31E")
    again = open_atlas(page, page.url)
    assert "TUR" in closed(again)
    choose(page, "Closed airspace", "All open")
    wait_until(again, "map.atlas.scene.closed.length === 0")


def test_a_place_that_two_states_claim_is_closed_by_neither_click(page: Page, app_url: str) -> None:
    frame = open_atlas(page, app_url)
    click_at(page, frame, CRIMEA)
    expect(frame.locator(".search-refused")).to_contain_text(
        "Claimed by Russia and Ukraine: close one of them"
    )
    assert closed(frame) == []
    click_at(page, frame, BLACK_SEA)
    assert closed(frame) == []


def test_two_places_that_the_story_knows_nothing_of(page: Page, app_url: str) -> None:
    frame = open_atlas(page, app_url)
    choose(page, "Closed airspace", "Helsinki to Tokyo, Russia closed")
    wait_until(frame, "map.atlas.scene.closed.includes('RUS')")
    assert len(routes(frame)) == 2
    expect(page.locator(".strip-row").last).to_contain_text("6,640 mi (+1,763 mi)")
    choose(page, "Closed airspace", "All open")
    wait_until(frame, "map.atlas.scene.closed.length === 0")
    assert "shagol-direct" in routes(frame)


def test_an_end_in_closed_airspace_is_named_and_the_rest_stays(page: Page, app_url: str) -> None:
    frame = open_atlas(page, f"{app_url}/?closed=Russia")
    expect(page.locator("body")).to_contain_text(
        "Chelyabinsk Shagol lies in closed airspace: Russia"
    )
    assert "shagol-direct" in routes(frame)
    assert SHAGOL not in routes(frame)


def test_a_state_in_the_link_that_is_none_is_named(page: Page, app_url: str) -> None:
    open_atlas(page, f"{app_url}/?closed=Atlantis&closed=Turkey")
    expect(page.get_by_test_id("stAlert")).to_be_visible()
    expect(page.locator("body")).to_contain_text("closed “Atlantis”")


def test_a_typed_route_that_cannot_be_read_is_named(page: Page, app_url: str) -> None:
    frame = open_atlas(page, f"{app_url}/?route=EFHK-NOWHERE")
    expect(frame.locator(".search-refused")).to_contain_text('no place "NOWHERE"')
    assert "shagol-direct" in routes(frame)


def test_a_message_that_the_next_one_overtook_is_not_lost(page: Page, app_url: str) -> None:
    """A component has one value: the first of two may be gone before the server takes it."""
    frame = open_atlas(page, f"{app_url}/?way=Direct")
    frame.evaluate(
        """() => {
            const post = parent.postMessage.bind(parent);
            let lost = false;
            parent.postMessage = (message, ...rest) => {
                if (lost || message.type !== "streamlit:setComponentValue") post(message, ...rest);
                else lost = true;
            };
        }"""
    )
    click_at(page, frame, UKRAINE)
    assert closed(frame) == []
    click_at(page, frame, TURKMENISTAN)
    wait_until(frame, "map.atlas.scene.closed.includes('TKM')")
    assert "UKR" in closed(frame)
    click_at(page, frame, UKRAINE)
    wait_until(frame, "!map.atlas.scene.closed.includes('UKR')")
    assert closed(frame) == ["TKM"]


def test_quick_clicks_are_each_heeded_once(page: Page, app_url: str) -> None:
    frame = open_atlas(page, f"{app_url}/?way=Direct")
    for latlon in (UKRAINE, TURKMENISTAN, TURKEY, TURKMENISTAN):
        page.mouse.click(*at_place(page, frame, latlon))
    wait_until(frame, "map.atlas.scene.answered === 4")
    wait_for_idle(page)
    assert {"UKR", "TUR"} <= set(closed(frame))
    assert "TKM" not in closed(frame)


def test_a_map_that_comes_again_is_heeded(page: Page, app_url: str) -> None:
    frame = open_atlas(page, app_url)
    click_at(page, frame, TURKEY)
    wait_until(frame, "map.atlas.scene.closed.includes('TUR')")
    page.get_by_role("link", name="Sources").click()
    expect(page.locator("iframe[src*='st_folium']")).to_have_count(0)
    page.get_by_role("link", name="Explore").click()
    again = drawn_frame(page)
    wait_until(again, "map.atlas.scene.closed.includes('TUR')")
    click_at(page, again, UKRAINE)
    wait_until(again, "map.atlas.scene.closed.includes('UKR')")
    assert "TUR" in closed(again)
