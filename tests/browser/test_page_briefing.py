"""The slide on the page, and the files that it is handed over as."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.support import drawn_frame, open_atlas, routes, wait_for_idle
from tests.browser.test_page_layer import BOTH_WAYS, area, geojson, open_layer, wait_for_areas


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


@pytest.mark.unwatched
def test_rings_and_a_size_of_ones_own(page: Page, app_url: str, tmp_path: Path) -> None:
    page.goto(f"{app_url}/briefing?airfields=None&route=500+nmi@OSLK&aircraft=Su-34&size=Own+size")
    picture = page.locator("img.corridor-slide")
    expect(picture).to_be_visible(timeout=60_000)
    expect(picture).to_have_attribute("alt", re.compile("A ring 575 mi .926 km. around Hmeymim"))
    side = page.get_by_test_id("stSidebar")
    expect(side.get_by_text("320 to 8,000 each way")).to_be_visible()
    box = side.get_by_role("spinbutton", name="Width")
    box.fill("1000")
    box.press("Enter")
    wait_for_idle(page)
    expect(side.get_by_text("PNG: 1,000 by 900 pixels")).to_be_visible(timeout=60_000)
    wait_for_idle(page)  # the words come before the file
    with page.expect_download() as download:
        page.get_by_role("button", name="PNG", exact=True).click()
    download.value.save_as(tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as taken:
        assert taken.size == (1000, 900)
    expect(page.get_by_role("button", name="Rings, CSV")).to_be_visible()


@pytest.mark.unwatched
def test_what_was_opened_on_explore_is_on_the_slide(page: Page, app_url: str) -> None:
    open_atlas(page, f"{app_url}/?airfields=None&aircraft=Su-34")
    open_layer(page, geojson(area("Closed box", BOTH_WAYS)), "own.geojson")
    wait_for_areas(page, 1)
    page.get_by_role("link", name="Briefing").click()
    told = page.get_by_text("With what you opened on Explore: own.geojson")
    expect(told).to_be_visible(timeout=60_000)
    page.get_by_test_id("stSidebar").get_by_text("Dark").click()
    wait_for_idle(page)
    expect(told).to_be_visible()


@pytest.mark.unwatched
def test_the_address_holds_the_view_alone_and_one_step_back_is_explore(
    page: Page, app_url: str
) -> None:
    frame = open_atlas(page, f"{app_url}/?airfields=All&units=Kilometres")
    box = frame.get_by_role("combobox")
    box.fill("OSLK-USCG")
    box.press("Enter")
    page.wait_for_url("**route=OSLK-USCG")
    wait_for_idle(page)
    shown = routes(frame)
    page.get_by_role("link", name="Briefing", exact=True).click()
    expect(page.locator("img.corridor-slide")).to_be_visible(timeout=60_000)
    wait_for_idle(page)
    path, query = urlsplit(page.url)[2:4]
    assert path == "/briefing"
    view = {"airfields": ["All"], "route": ["OSLK-USCG"], "units": ["Kilometres"]}
    assert parse_qs(query) == view
    page.go_back()
    assert routes(drawn_frame(page)) == shown
    assert urlsplit(page.url).path == "/"
    page.get_by_role("link", name="Briefing", exact=True).click()
    expect(page.locator("img.corridor-slide")).to_be_visible(timeout=60_000)
    wait_for_idle(page)
    page.get_by_role("link", name="Explore", exact=True).click()
    assert routes(drawn_frame(page)) == shown
