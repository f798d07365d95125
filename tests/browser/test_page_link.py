"""A link reopens the same view; one that asks for what isn't there says so."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.support import (
    checked_page,
    choose,
    open_atlas,
    option,
    routes,
    wait_for_idle,
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
