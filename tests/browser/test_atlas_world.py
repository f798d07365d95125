"""The copies of the world on a map: rings round a pole, and places on several of them."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from geo.model import Place
from geo.render.scene import make_ring
from geo.render.webmap import atlas_script, later_script
from tests.browser.support import checked_page, serve_files
from tests.browser.test_atlas_tools import LATER, MARK, PAGE, SCENE

VIEW = {"width": 1440, "height": 640}


@pytest.fixture(scope="module")
def opened(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    files = {
        "index.html": PAGE, "atlas.js": atlas_script(), LATER: later_script(), "favicon.ico": "",
    }  # fmt: skip
    with (
        serve_files(tmp_path_factory.mktemp("world"), files) as url,
        checked_page(browser, viewport=VIEW) as page,
    ):
        page.goto(url)
        yield page


def draw(page: Page, lat: float, lon: float, zoom: float, **changes: Any) -> None:
    page.reload()
    page.evaluate("scene => draw(scene)", SCENE | changes)
    page.evaluate("([lat, lon, zoom]) => map.setView([lat, lon], zoom)", [lat, lon, zoom])


def ring_data(lon: float, lat: float, radius_m: float) -> dict[str, Any]:
    ring = make_ring("Ring", Place("p", "P", lon, lat), radius_m, "solid")
    points = [[lat, lon] for lon, lat in ring.points]
    return {"name": "Ring", "points": points, "colour": "#000", "style": "solid", "width": 1.2}


@pytest.mark.parametrize(("at_lat", "at_lon", "zoom"), [(50, 0, 1), (50, 50, 3), (40, -200, 2)])
def test_a_ring_round_a_pole_runs_from_edge_to_edge(
    opened: Page, at_lat: float, at_lon: float, zoom: float
) -> None:
    draw(opened, at_lat, at_lon, zoom, rings=[ring_data(170, 80, 4_828_032)])
    xs = opened.evaluate(
        """() => {
            return Object.values(map._layers).find((each) => each.options.className === "ring")
                .getLatLngs().flat().map((at) => map.latLngToContainerPoint(at).x);
        }"""
    )
    assert min(xs) <= 0
    assert max(xs) >= VIEW["width"]
    # One line without a gap: no step is as long as half a world.
    world = 256 * 2**zoom
    assert max(abs(b - a) for a, b in pairwise(xs)) < world / 2
    assert opened.locator("path.ring").count() == 1


def test_a_ring_round_no_pole_is_drawn_once(opened: Page) -> None:
    ring = ring_data(20, 40, 900_000)
    draw(opened, 40, 20, 2, rings=[ring])
    count = opened.evaluate(
        """() => Object.values(map._layers).find((each) => each.options.className === "ring")
            .getLatLngs().flat().length"""
    )
    assert count == len(ring["points"])


def test_a_place_on_two_copies_has_its_symbol_and_name_on_both(opened: Page) -> None:
    marks = [MARK, MARK | {"lon": MARK["lon"] - 360}]
    draw(opened, 35.0, MARK["lon"] - 180, 1, marks=marks, lines=[])
    symbols = [box["x"] for box in map(centre, opened.locator(".mark").all())]
    assert len(symbols) == 2
    assert abs(symbols[1] - symbols[0]) == pytest.approx(512, abs=1)
    names = opened.locator(".label", has_text="Hmeymim")
    assert names.count() == 2
    opened.locator(".mark").first.click()
    assert opened.locator(".card-box").count() == 1


def centre(node: Any) -> dict[str, float]:
    box: dict[str, float] = node.bounding_box()
    return box


def test_messages_bring_along_what_no_scene_has_answered(opened: Page) -> None:
    draw(opened, 40, 20, 3, answered=0)
    for lon in (1, 2, 3):
        click(opened, lon)
    counts = [[each["count"] for each in value.get("earlier", [])] for value in told(opened)]
    assert counts == [[], [1], [1, 2]]
    assert [value["count"] for value in told(opened)] == [1, 2, 3]
    opened.evaluate("scene => draw(scene)", SCENE | {"answered": 2})
    click(opened, 4)
    assert [each["count"] for each in told(opened)[-1]["earlier"]] == [3]
    opened.evaluate("scene => draw(scene)", SCENE | {"answered": 4})
    click(opened, 5)
    assert "earlier" not in told(opened)[-1]


def test_a_new_session_gets_no_old_messages_and_a_new_map_counts_on(opened: Page) -> None:
    draw(opened, 40, 20, 3, answered=7)
    click(opened, 1)
    assert told(opened)[-1]["count"] == 8
    opened.evaluate("scene => draw(scene)", SCENE | {"answered": 0})
    click(opened, 2)
    assert told(opened)[-1]["count"] == 9
    assert "earlier" not in told(opened)[-1]


def click(page: Page, lon: float) -> None:
    page.evaluate("lon => map.fire('click', { latlng: L.latLng(40, lon) })", lon)


def told(page: Page) -> list[dict[str, Any]]:
    # A message is told of later than it is sent; one after it tells that it has arrived.
    found: list[dict[str, Any]] = page.evaluate(
        """() => new Promise(done => {
            addEventListener("message", ({ data }) => data === "last"
                && done(window.told.filter(Boolean)));
            postMessage("last");
        })"""
    )
    return found
