"""Fixtures of the tests that look at the app in a real browser.

Without a browser these tests fail, saying how to get one; they are never skipped.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.support import Watch, launch, open_page, serve


@pytest.fixture(scope="session")
def app_url() -> Iterator[str]:
    """Address of the app, served once for all tests."""
    with serve("app.py") as server:
        yield server.url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start one browser for all tests."""
    with sync_playwright() as playwright, launch(playwright) as started:
        yield started


@pytest.fixture
def watched_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[tuple[Page, Watch]]:
    """Give a fresh page with its watch, and check at the end that it did nothing it shouldn't."""
    with open_page(browser) as (opened, seen):
        yield opened, seen
        if request.node.get_closest_marker("unwatched") is None:
            seen.check()


@pytest.fixture
def page(watched_page: tuple[Page, Watch]) -> Page:
    """Give a fresh page of 1440 x 1000; see `watched_page` for the check at the end."""
    return watched_page[0]


@pytest.fixture
def watch(watched_page: tuple[Page, Watch]) -> Watch:
    """Give the requests to other hosts and the errors of `page` so far."""
    return watched_page[1]
