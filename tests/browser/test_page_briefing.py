"""The slide on the page, and the files that it is handed over as."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.support import wait_for_idle


# Opened directly, Streamlit itself asks for two addresses that aren't there.
@pytest.mark.unwatched
def test_a_slide_is_shown_and_handed_over(page: Page, app_url: str, tmp_path: Path) -> None:
    page.goto(f"{app_url}/briefing")
    picture = page.locator("img.corridor-slide")
    expect(picture).to_be_visible(timeout=60_000)
    first = picture.get_attribute("src")
    starts = {"PNG": b"\x89PNG", "SVG": b"<svg", "PDF": b"%PDF"}
    for kind, start in starts.items():
        with page.expect_download() as download:
            page.get_by_role("button", name=kind, exact=True).click()
        path = tmp_path / kind
        download.value.save_as(path)
        assert path.read_bytes().startswith(start), kind
        assert (
            download.value.suggested_filename
            == f"corridor-the-view-on-explore-picture.{kind.lower()}"
        )
    page.get_by_test_id("stSidebar").get_by_text("3,000 miles?").click()
    wait_for_idle(page)
    expect(picture).not_to_have_attribute("src", first or "", timeout=60_000)
    assert "slide=3%2C000" in page.url
