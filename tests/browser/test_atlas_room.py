"""What stands on the map's left side, with a long legend: nothing covers anything else."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from geo.compare import compare
from geo.render.completion import completion_index, completion_script
from geo.render.legend import CLOSED, LegendItem
from geo.render.scene import Asked, make_scene
from geo.render.webmap import atlas_script, scene_data
from geo.story import load_story
from geo.units import KILOMETRES
from tests.browser.support import ROOT, checked_page, serve_files
from tests.browser.test_atlas_search import PAGE

STORY = load_story(ROOT / "data" / "routes.geojson")
SCENE = make_scene(STORY, compare([], None), [], KILOMETRES, "light")
LONG = (*SCENE.legend, CLOSED, *(LegendItem(f"Line {n}", colour="#000", width=2) for n in range(9)))
ROUTES = tuple(f"A{n}XX-B{n}XX" for n in range(8))
MANY = {"routes": (*ROUTES, "3000 km@OSLK"), "closed": (("RUS", "Russia"),)}
GUESSES = tuple((f"g{n}", f"Turkey Creek Airport (YTK{n})") for n in range(3))
REFUSED = {"refused": 'There is no place "Turkey".', "refused_path": "Turkey", "guesses": GUESSES}
VIEW: ViewportSize = {"width": 1070, "height": 640}
# What can be pressed but can't be hit at its middle and near its four edges.
COVERED = """() => [...document.querySelectorAll(
        ".leaflet-left a, .leaflet-left button, .leaflet-left summary")]
    .filter(node => node.getClientRects().length).filter(node => {
        const box = node.getBoundingClientRect();
        return [[0.5, 0.5], [0.5, 0.15], [0.5, 0.85], [0.15, 0.5], [0.85, 0.5]].some(([x, y]) => {
            const hit = document.elementFromPoint(box.x + box.width * x, box.y + box.height * y);
            return !node.contains(hit);
        });
    }).map(node => node.title || node.textContent)"""
APART = """() => {
    const legend = document.querySelector(".legend").getBoundingClientRect();
    const asked = document.querySelector(".asked").getBoundingClientRect();
    const fit = document.querySelector(".fit-button").getBoundingClientRect();
    return Math.min(legend.top - asked.bottom, legend.top - fit.bottom);
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    files = {
        "index.html": PAGE,
        "atlas.js": atlas_script("places.0.json"),
        "places.0.json": completion_index(STORY.places.values(), {}),
        "places.0.js": completion_script(),
        "favicon.ico": "",
    }
    with serve_files(tmp_path_factory.mktemp("room"), files) as url:
        yield url


@pytest.fixture(scope="module")
def opened(browser: Browser) -> Iterator[Page]:
    with checked_page(browser, viewport=VIEW) as page:
        yield page


@pytest.fixture
def page(opened: Page, site: str) -> Page:
    opened.set_viewport_size(VIEW)
    opened.goto(site)
    show(opened)
    return opened


def show(page: Page, **asked: Any) -> None:
    """Draw a scene as a rerun does, with what was asked for."""
    scene = scene_data(replace(SCENE, legend=LONG, asked=Asked(**asked)))
    page.evaluate("scene => showScene(scene)", json.loads(json.dumps(scene)))


def legend_height(page: Page) -> float:
    height: float = page.evaluate("document.querySelector('.legend').offsetHeight")
    return height


@pytest.mark.parametrize("asked", [{}, MANY, REFUSED, {**MANY, **REFUSED}])
def test_nothing_that_can_be_pressed_is_covered(page: Page, asked: dict[str, Any]) -> None:
    show(page, **asked)
    assert page.evaluate(COVERED) == []
    assert page.evaluate(APART) > 0
    # All of the legend can be read.
    note = page.locator(".legend-note")
    note.scroll_into_view_if_needed()
    box, legend = note.bounding_box(), page.locator(".legend").bounding_box()
    assert box is not None
    assert legend is not None
    assert legend["y"] <= box["y"]
    assert box["y"] + box["height"] <= legend["y"] + legend["height"]


def test_what_was_folded_is_seen_and_heeded(page: Page) -> None:
    show(page, **MANY)
    folded = legend_height(page)
    page.get_by_role("button", name="and 4 more").click()
    expect(page.locator(".chip")).to_have_count(10)
    expect(page.get_by_role("button", name="Open the airspace of Russia")).to_be_in_viewport()
    page.wait_for_function(f"() => document.querySelector('.legend').offsetHeight < {folded}")
    assert page.evaluate(COVERED) == []
    assert page.evaluate(APART) > 0
    page.get_by_role("button", name="fewer").click()
    page.wait_for_function(f"() => document.querySelector('.legend').offsetHeight === {folded}")


def test_the_legend_takes_its_room_again(page: Page) -> None:
    alone = legend_height(page)
    show(page, **MANY)
    assert legend_height(page) < alone
    show(page)
    assert legend_height(page) == alone


def test_more_than_the_map_holds_scrolls_above_the_legend(page: Page) -> None:
    show(page, routes=tuple(f"A{n}XX-B{n}XX" for n in range(60)))
    page.get_by_role("button", name="and 54 more").click()
    page.wait_for_function("() => document.querySelector('.legend').offsetHeight < 100")
    assert page.evaluate(APART) > 0
    last = page.get_by_role("button", name="Remove the route A59XX-B59XX")
    last.scroll_into_view_if_needed()
    last.click(trial=True)
    assert page.evaluate("document.querySelector('.legend summary').offsetHeight") > 0


def test_a_lower_map_leaves_the_legend_less(page: Page) -> None:
    show(page, **MANY)
    page.set_viewport_size({"width": 1070, "height": 420})
    page.wait_for_function("() => document.querySelector('.legend').offsetHeight < 250")
    assert page.evaluate(COVERED) == []
    assert page.evaluate(APART) > 0


def test_a_hint_below_the_box_covers_nothing(page: Page) -> None:
    show(page, **MANY)
    page.evaluate("map.atlas.search.tell('The airspace of Turkey is closed. '.repeat(6))")
    page.wait_for_function(f"() => ({APART})() > 0")
    assert page.evaluate(COVERED) == []


def test_names_of_places_keep_clear_of_the_legend(page: Page) -> None:
    page.evaluate("map.setView([51, 40], 4, { animate: false })")
    show(page, **MANY)
    page.get_by_role("button", name="and 4 more").click()
    page.wait_for_function(f"() => ({APART})() > 0")
    crossing = page.evaluate(
        """() => {
            const legend = document.querySelector(".legend").getBoundingClientRect();
            return [...document.querySelectorAll(".label-anchor span")].filter(node => {
                const box = node.getBoundingClientRect();
                return box.left < legend.right && box.right > legend.left
                    && box.top < legend.bottom && box.bottom > legend.top;
            }).map(node => node.textContent);
        }"""
    )
    assert crossing == []
