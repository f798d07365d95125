"""No page has a serious or critical finding of axe-core: light and dark, the map's frame too."""

from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Frame, Page

from tests.browser.support import checked_page, open_atlas, wait_for_idle
from views.closer import TABS

GRAVE = {"serious", "critical"}


def findings(where: Page | Frame) -> list[str]:
    """List what axe-core calls serious or critical, with the first place of each."""
    violations = Axe().run(where).response["violations"]
    return [
        f"{each['id']}: {each['help']}: {each['nodes'][0]['html'][:200]}"
        for each in violations
        if each["impact"] in GRAVE
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_atlas(browser: Browser, app_url: str, scheme: str) -> None:
    query = {"closed": "Turkey", "route": ["EFHK-RJAA", "EFHK-Tokio"]}
    with checked_page(browser, color_scheme=scheme) as page:
        frame = open_atlas(page, f"{app_url}/?{urlencode(query, doseq=True)}")
        page.get_by_text("Open your own file").click()
        page.get_by_text("Aircraft and its range").click()
        wait_for_idle(page)
        page.locator("tr[data-route] button").first.click()
        assert findings(frame) == []
        for side in TABS:
            page.get_by_role("radio", name=side).click()
            wait_for_idle(page)
            assert findings(page) == [], side


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["Briefing", "Sources"])
def test_the_other_pages(browser: Browser, app_url: str, scheme: str, name: str) -> None:
    with checked_page(browser, color_scheme=scheme) as page:
        open_atlas(page, app_url)
        page.get_by_test_id("stSidebarNav").get_by_text(name).click()
        page.get_by_role("heading").first.wait_for()
        wait_for_idle(page)
        assert findings(page) == []
