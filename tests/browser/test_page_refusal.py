"""A broken story file: the page says what is wrong and where, and the rest stays up."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from tests.browser.support import (
    checked_page,
    drawn_frame,
    open_atlas,
    option,
    routes,
    serve,
    wait_until,
)

PLAIN = (Path(__file__).parent / "stories" / "plain.geojson").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Name the file that the server shows; the tests write it."""
    return tmp_path_factory.mktemp("story") / "story.geojson"


@pytest.fixture(scope="module")
def story_url(story: Path) -> Iterator[str]:
    with serve("app.py", env={"CORRIDOR_STORY": str(story)}) as server:
        yield server.url


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """Give one page to all tests here, each of which loads it again."""
    with checked_page(browser) as opened:
        yield opened


def changed(change: Callable[[dict[str, Any]], object]) -> str:
    """Write the plain story with one change to its features, keyed by their ids."""
    data = json.loads(PLAIN)
    change({feature["id"]: feature for feature in data["features"]})
    return json.dumps(data)


BROKEN: dict[str, tuple[str | None, list[str]]] = {
    "not JSON": (PLAIN.replace('"features": [', '"features": ['[:-1]), ["is not JSON", "line"]),
    "wrong type of a field": (
        changed(lambda at: at["end"]["properties"].update(elevation_m="high")),
        ['feature 3 "end"', "elevation_m", "high", "not a number"],
    ),
    "wrong type of the whole": ('["a list"]', ["is not a GeoJSON FeatureCollection"]),
    "latitude out of range": (
        changed(lambda at: at["end"]["geometry"].update(coordinates=[55.3, 155.26])),
        ['feature 3 "end"', "latitude 155.26 is outside -90..90"],
    ),
    "route to a place that isn't there": (
        changed(lambda at: at["end-direct"]["properties"].update(places=["start", "mars"])),
        ['feature 4 "end-direct"', "places", 'no place "mars"'],
    ),
    "missing source": (
        changed(lambda at: at["north"]["properties"].update(sources=["hearsay"])),
        ['feature 2 "north"', "sources", 'no source "hearsay"'],
    ),
    "hostile value": (
        changed(lambda at: at["end"]["properties"].update(role="<img src=x onerror=alert(1)>")),
        ['feature 3 "end"', "role", "<img src=x onerror=alert(1)>"],
    ),
    "missing file": (None, ["can't be read: No such file"]),
}


def assert_refused(page: Page, words: list[str]) -> None:
    main = page.get_by_test_id("stMain")
    expect(page.get_by_test_id("stAlert")).to_contain_text("story")
    message = main.locator("pre").inner_text()
    assert message.startswith("story.geojson: ")
    assert not [word for word in words if word not in message], message
    expect(page.get_by_test_id("stException")).to_have_count(0)


def drawn_land(frame: Frame) -> float:
    """Return what share of the base map's canvas is painted."""
    share: float = frame.evaluate("""() => {
        const canvas = document.querySelector("canvas");
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        return data.filter((value, i) => i % 4 === 3 && value === 255).length * 4 / data.length;
    }""")
    return share


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_named_and_the_map_stays(
    page: Page, story: Path, story_url: str, name: str
) -> None:
    text, words = BROKEN[name]
    story.unlink(missing_ok=True)
    if text is not None:
        story.write_text(text, encoding="utf-8")
    frame = open_atlas(page, story_url)
    assert_refused(page, words)
    assert routes(frame) == []
    assert drawn_land(frame) > 0.2
    expect(frame.locator("canvas")).to_be_visible()


def test_the_other_pages_still_open(page: Page, story: Path, story_url: str) -> None:
    story.write_text("{", encoding="utf-8")
    open_atlas(page, story_url)
    links = page.get_by_test_id("stSidebarNav")
    links.get_by_text("Sources", exact=True).click()
    expect(page.get_by_role("heading", name="Sources", exact=True)).to_be_visible()
    assert_refused(page, ["is not JSON"])
    links.get_by_text("Explore", exact=True).click()
    drawn_frame(page)
    assert_refused(page, ["is not JSON"])


def test_a_mended_file_is_shown(page: Page, story: Path, story_url: str) -> None:
    story.write_text("{", encoding="utf-8")
    open_atlas(page, story_url)
    assert_refused(page, ["is not JSON"])
    story.write_text(PLAIN, encoding="utf-8")
    frame = open_atlas(page, story_url)
    assert set(routes(frame)) == {"end-direct", "end-round"}
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    expect(page.locator("h1.corridor-title")).to_have_text("A plain story")


def test_a_file_that_breaks_and_is_mended_under_the_reader(
    page: Page, story: Path, story_url: str
) -> None:
    """The map comes back each time, whatever stands above it."""
    story.write_text(PLAIN, encoding="utf-8")
    open_atlas(page, story_url)
    story.write_text("{", encoding="utf-8")
    option(page, "Units", "Kilometres").click()
    expect(page.get_by_test_id("stAlert")).to_be_visible()
    frame = drawn_frame(page)
    wait_until(frame, "window.corridorRouteCount === 0")
    assert_refused(page, ["is not JSON"])
    story.write_text(PLAIN, encoding="utf-8")
    page.get_by_test_id("stSidebarNav").get_by_text("Sources", exact=True).click()
    expect(page.locator("ol.corridor-list")).to_contain_text("An atlas")
    page.get_by_test_id("stSidebarNav").get_by_text("Explore", exact=True).click()
    expect(page.locator(".strip-row")).to_have_count(2)
    assert set(routes(drawn_frame(page))) == {"end-direct", "end-round"}
