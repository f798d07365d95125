"""The map's tools alone: the atlas's script on a bare page, with a small scene."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect
from pyproj import Geod

from geo.render.webmap import atlas_script, later_name, later_script
from tests.browser.support import POLL_MS, checked_page, open_page, serve_files

LATER = later_name()
VIEW: ViewportSize = {"width": 1440, "height": 640}
WGS84 = Geod(ellps="WGS84")
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Map</title>
<style>body { margin: 0; } #map { width: 100%; height: 640px; }</style><body><div id="map"></div>
<script src="atlas.js"></script><script>
const map = L.map("map", { center: [45, 50], zoom: 4, zoomSnap: 0.25, minZoom: 1, maxZoom: 9,
  zoomAnimation: false, fadeAnimation: false, inertia: false });
window.told = [];
addEventListener("message", (event) => told.push(event.data.value));
corridor.base(map);
window.draw = (scene) => corridor.show(L.featureGroup().addTo(map), map, scene);
</script></body></html>"""
CARD: dict[str, Any] = {"title": "A", "subtitle": "", "tip": [], "rows": [], "sources": []}
MARK: dict[str, Any] = {
    "id": "a", "lat": 35.4011, "lon": 35.9487, "symbol": "departure", "label": "Hmeymim", "rank": 0,
    "emphasis": "strong", "card": CARD,
}  # fmt: skip
LINE: dict[str, Any] = {
    "id": "r", "points": [[35.4011, 35.9487], [51.9165, 60.1214]], "colour": "#0072b2",
    "style": "solid", "width": 2.6, "card": CARD,
}  # fmt: skip
SCENE: dict[str, Any] = {
    "theme": "light", "bounds": [[30, 30], [60, 70]], "tints": {}, "closed": [], "lines": [LINE],
    "marks": [MARK], "areas": [], "rings": [], "legend": [{"text": "Way", "symbol": "",
    "colour": "", "style": "", "width": 0, "swatch": False, "hatched": False}],
    "note": "", "credit": "Credit",
    "unit": "mi", "asked": {"routes": [], "closed": [], "refused": "", "refusedPath": "",
    "guesses": []}, "bundles": [],
}  # fmt: skip
TILE_HOST = "tile.openstreetmap.org"
TILES = f"https://{TILE_HOST}/**"
TILE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256">'
    '<rect width="256" height="256" fill="#f2efe9" stroke="#aad3df" stroke-width="20"/></svg>'
)
Place = tuple[float, float]
# Whether the local map covers a place on land.
COVERS = """latlon => {
    const canvas = document.querySelector("canvas"), box = canvas.getBoundingClientRect();
    const frame = map.getContainer().getBoundingClientRect();
    const at = map.latLngToContainerPoint(latlon);
    const scale = canvas.width / box.width;
    return canvas.getContext("2d").getImageData((frame.left + at.x - box.left) * scale,
        (frame.top + at.y - box.top) * scale, 1, 1).data[3] > 0;
}"""
INLAND: Place = (52.3, 43.1)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    files = {
        "index.html": PAGE, "atlas.js": atlas_script(), LATER: later_script(), "favicon.ico": "",
    }  # fmt: skip
    with serve_files(tmp_path_factory.mktemp("tools"), files) as url:
        yield url


def open_map(page: Page, site: str, **changes: Any) -> None:
    """Open the bare page and draw the scene on its map."""
    page.goto(f"{site}/?story=1")
    page.evaluate("scene => draw(scene)", SCENE | changes)


@pytest.fixture(scope="module")
def shared(browser: Browser) -> Iterator[Page]:
    """Give one page to the tests that need none of their own, each of which loads it again."""
    with checked_page(browser, viewport=VIEW) as opened:
        yield opened


@pytest.fixture
def page(shared: Page, site: str) -> Iterator[Page]:
    """Give the map as a reader finds it who was never there."""
    open_map(shared, site)
    yield shared
    shared.evaluate("localStorage.clear()")
    shared.set_viewport_size(VIEW)
    shared.mouse.move(-10, -10)


def tool(page: Page, name: str) -> Any:
    return page.get_by_role("button", name=name, exact=True)


def look_at(page: Page, latlon: Place, zoom: float) -> None:
    page.evaluate("([at, zoom]) => map.setView(at, zoom, { animate: false })", [latlon, zoom])


def click_at(page: Page, latlon: Place) -> Place:
    """Click a place of the map; return the very place that the pixel stands for."""
    at: list[float] = page.evaluate(
        "at => { const p = map.latLngToContainerPoint(at).round();"
        " const { lat, lng } = map.containerPointToLatLng(p); return [p.x, p.y, lat, lng]; }",
        list(latlon),
    )
    x, y, lat, lon = at
    page.mouse.click(x, y)
    return lat, lon


def start_measuring(page: Page) -> None:
    tool(page, "Measure").click()
    expect(page.get_by_role("region", name="Measured")).to_be_visible()


def lengths_m(page: Page, kind: str) -> list[float]:
    rows = page.locator(f".measure-panel tr.{kind}")
    return [float(row.get_attribute("data-length-m") or "nan") for row in rows.all()]


def by_pyproj(places: Sequence[Place]) -> list[tuple[float, float]]:
    """Return length and bearing of each leg, by PROJ's own geodesics."""
    legs = []
    for (lat, lon), (lat_2, lon_2) in pairwise(places):
        bearing_deg, _, length_m = WGS84.inv(lon, lat, lon_2, lat_2)
        legs.append((length_m, bearing_deg % 360))
    return legs


def drawn_points(page: Page) -> list[list[Place]]:
    """Return the parts of the measured line, as Leaflet holds them."""
    parts: list[list[Place]] = page.evaluate("""() => Object.values(map._layers)
        .find(layer => layer.options.className === "measure-line").getLatLngs()
        .map(part => part.map(({ lat, lng }) => [lat, lng]))""")
    return parts


@pytest.mark.parametrize(
    ("centre", "zoom", "places"),
    [
        ((45, 50), 4, [(37.0, 38.0), (52.0, 61.0), (40.0, 70.0)]),
        ((60, 180), 3, [(60.0, 160.0), (65.0, 205.0), (45.0, 150.0)]),  # over the antimeridian
        ((60, 0), 2, [(64.0, -170.0), (62.0, 175.0)]),  # at the two edges of the map
        ((82, 20), 3, [(80.0, -40.0), (83.0, 90.0)]),  # past the pole
        ((20, 0), 2, [(5.0, -80.0), (-4.0, 99.0)]),  # all but round the earth
        ((45, 50), 9, [(45.0, 50.0), (45.1, 50.4)]),
    ],
)
def test_lengths_are_those_of_the_geodesic(
    page: Page, centre: Place, zoom: float, places: list[Place]
) -> None:
    look_at(page, centre, zoom)
    start_measuring(page)
    clicked = [click_at(page, place) for place in places]
    expect(page.locator(".measure-panel tr.leg")).to_have_count(len(places) - 1)
    expected = by_pyproj(clicked)
    assert lengths_m(page, "leg") == pytest.approx([m for m, _ in expected], abs=0.001)
    words = page.locator(".measure-panel tr.leg td:last-child").all_inner_texts()
    assert words == [f"{round(degrees) % 360:03d}°" for _, degrees in expected]
    if len(expected) > 1:
        (total,) = lengths_m(page, "total")
        assert total == pytest.approx(sum(m for m, _ in expected), abs=0.001)


@pytest.mark.parametrize(
    ("centre", "zoom", "places"),
    [
        ((60, 50), 3, [(35.0, 20.0), (52.0, 113.0)]),
        ((60, 180), 3, [(60.0, 160.0), (60.0, 205.0)]),
        ((60, 0), 2, [(64.0, -170.0), (62.0, 175.0)]),
        ((82, 20), 3, [(80.0, -40.0), (83.0, 90.0)]),
    ],
)
def test_legs_are_drawn_as_curves(
    page: Page, centre: Place, zoom: float, places: list[Place]
) -> None:
    """Each point drawn lies on the geodesic, and each chord within a pixel of it."""
    look_at(page, centre, zoom)
    start_measuring(page)
    (lat, lon), end = (click_at(page, place) for place in places)
    ((length_m, bearing_deg),) = by_pyproj([(lat, lon), end])
    parts = drawn_points(page)
    touched = [any(abs(lng - end[1]) < 1e-6 for _, lng in part) for part in parts]
    assert any(touched), "the line doesn't come in where the reader clicked"
    for part in parts:
        for at in part:
            _, _, out_m = WGS84.inv(lon, lat, at[1], at[0])
            on_lon, on_lat, _ = WGS84.fwd(lon, lat, bearing_deg, out_m)
            assert WGS84.inv(on_lon, on_lat, at[1], at[0])[2] < 0.01
            assert out_m < length_m + 0.01
        for one, other in pairwise(part):
            turn_deg, _, chord_m = WGS84.inv(one[1], one[0], other[1], other[0])
            half_lon, half_lat, _ = WGS84.fwd(one[1], one[0], turn_deg, chord_m / 2)
            half_lon += 360 * round((one[1] - half_lon) / 360)
            off_px = page.evaluate(
                "([a, b, c]) => L.LineUtil.pointToSegmentDistance("
                "map.project(b), map.project(a), map.project(c))",
                [one, [half_lat, half_lon], other],
            )
            assert off_px < 1


def test_measuring_tells_nothing_to_the_server_and_opens_no_card(page: Page) -> None:
    start_measuring(page)
    start = click_at(page, (MARK["lat"], MARK["lon"]))
    click_at(page, (50.0, 45.0))
    middle = page.evaluate(
        "() => { const { lat, lng } = map.containerPointToLatLng(map.latLngToContainerPoint("
        "[35.4011, 35.9487]).add(map.latLngToContainerPoint([51.9165, 60.1214])).divideBy(2));"
        " return [lat, lng]; }"
    )
    click_at(page, tuple(middle))  # a point of the route
    expect(page.locator(".measure-panel tr.leg")).to_have_count(2)
    expect(page.locator(".card-box")).to_have_count(0)
    assert page.evaluate("told") == []
    # From a place's symbol it is measured from the place itself.
    exact = page.evaluate("Object.values(map._layers).find(l => l.options.radius).getLatLng()")
    assert (exact["lat"], exact["lng"]) == (MARK["lat"], MARK["lon"]) != start
    page.keyboard.press("Escape")
    expect(page.get_by_role("region", name="Measured")).to_have_count(0)
    click_at(page, (55.0, 45.0))
    page.wait_for_function("told.length === 1", polling=POLL_MS)
    click_at(page, tuple(middle))
    expect(page.locator(".card-box")).to_be_visible()


def test_a_dragged_map_gets_no_point(page: Page) -> None:
    start_measuring(page)
    click_at(page, (50.0, 45.0))
    page.mouse.move(700, 500)
    page.mouse.down()
    page.mouse.move(760, 520, steps=4)
    page.mouse.up()
    click_at(page, (52.0, 55.0))
    expect(page.locator(".measure-panel tr.leg")).to_have_count(1)


def test_a_double_click_ends_the_line_and_backspace_takes_a_point_back(page: Page) -> None:
    start_measuring(page)
    legs, ahead = (page.locator(f".measure-panel tr.{kind}") for kind in ("leg", "ahead"))
    for place in ((50.0, 45.0), (52.0, 50.0), (48.0, 55.0)):
        click_at(page, place)
    expect(legs).to_have_count(2)
    page.keyboard.press("Backspace")
    expect(legs).to_have_count(1)
    page.mouse.move(700, 200)
    expect(ahead).to_have_count(1)
    page.mouse.dblclick(700, 200)
    expect(legs).to_have_count(2)
    page.mouse.move(740, 240)
    expect(ahead).to_have_count(0)
    page.mouse.click(600, 300)  # begins another
    expect(legs).to_have_count(0)
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    expect(tool(page, "Take back")).to_be_disabled()
    tool(page, "Measure").click()
    expect(tool(page, "Measure")).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".measure-line")).to_have_count(0)


def test_it_is_measured_by_keyboard_alone(page: Page) -> None:
    tool(page, "Measure").focus()
    page.keyboard.press("Enter")
    expect(tool(page, "Measure")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#map")).to_be_focused()
    expect(page.get_by_role("status")).to_contain_text("Enter sets a point")
    places: list[Place] = []
    for keys in (["ArrowUp"], ["ArrowRight", "ArrowRight"]):
        for key in keys:
            page.evaluate("window.moved = false; void map.once('moveend', () => { moved = true; })")
            page.keyboard.press(key)
            page.wait_for_function("moved", polling=POLL_MS)
        page.keyboard.press("Enter")
        places.append(page.evaluate("(({ lat, lng }) => [lat, lng])(map.getCenter())"))
    ((length_m, bearing_deg),) = by_pyproj(places)
    assert lengths_m(page, "leg") == pytest.approx([length_m], abs=0.001)
    miles = f"{length_m / 1609.344:,.0f} mi"
    expect(page.get_by_role("status")).to_have_text(
        f"Leg 1: {miles}, true bearing {round(bearing_deg):03d}°. Total {miles}."
    )
    page.keyboard.press("Escape")
    expect(tool(page, "Measure")).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize("unit", ["mi", "nmi", "km"])
def test_the_page_s_unit_comes_first(browser: Browser, site: str, unit: str) -> None:
    with checked_page(browser, viewport=VIEW) as page:
        open_map(page, site, unit=unit)
        start_measuring(page)
        length_m, _ = by_pyproj([click_at(page, (50.0, 45.0)), click_at(page, (52.0, 60.0))])[0]
        heads = page.locator(".measure-panel tr.head th").all_inner_texts()
        cells = page.locator(".measure-panel tr.leg td").all_inner_texts()
        assert heads[1] == unit
        assert {"mi", "nmi", "km"} == set(heads[1:4])
        metres = {"mi": 1609.344, "nmi": 1852.0, "km": 1000.0}
        assert cells[:3] == [f"{length_m / metres[each]:,.0f}" for each in heads[1:4]]
        assert page.locator(".measure-label").all_inner_texts() == [f"{cells[0]} {unit}"]


def test_the_measuring_script_is_fetched_when_first_used(browser: Browser, site: str) -> None:
    with checked_page(browser) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
        open_map(page, site)
        assert LATER not in asked
        assert page.evaluate("window.geodesic") is None
        start_measuring(page)
        tool(page, "Graticule").click()
        tool(page, "Measure").click()
        assert asked.count(LATER) == 1


@pytest.mark.unwatched
def test_a_script_that_is_gone_is_said(browser: Browser, site: str) -> None:
    with open_page(browser) as (page, _):
        open_map(page, site)
        page.route(f"**/{LATER}", lambda route: route.abort())
        tool(page, "Measure").click()
        expect(page.get_by_role("status")).to_contain_text("could not be loaded")
        page.unroute(f"**/{LATER}")
        start_measuring(page)


@pytest.mark.parametrize(
    ("zoom", "step"), [(1, 30), (2.5, 30), (4, 10), (5, 5), (6, 2), (7, 1), (9, 1)]
)
def test_the_graticule_s_step_follows_the_zoom(page: Page, zoom: float, step: int) -> None:
    tool(page, "Graticule").click()
    expect(page.locator("path.graticule")).to_have_count(1)
    look_at(page, (45, 50), zoom)
    lines: list[list[dict[str, float]]] = page.evaluate(
        "Object.values(map._layers).find(l => l.options.className === 'graticule').getLatLngs()"
    )
    lons = sorted({one["lng"] for one, other in lines if one["lng"] == other["lng"]})
    lats = sorted({one["lat"] for one, other in lines if one["lat"] == other["lat"]})
    for values in (lons, lats):
        assert all(value % step == 0 for value in values)
    assert all(b - a == step for a, b in pairwise(lons))
    for text, x, y in page.evaluate("""() => [...document.querySelectorAll(".graticule-label")].map(
            node => { const box = node.getBoundingClientRect(), { x, y } = box;
            return [node.textContent, x + box.width / 2, y + box.height / 2]; })"""):
        match = re.fullmatch(r"(\d+)°([NSEW]?)", text)
        assert match, text
        value = int(match[1]) * (-1 if match[2] in "SW" and match[2] else 1)
        at = page.evaluate("at => { const { lat, lng } = map.containerPointToLatLng(at).wrap();"
                           " return [lat, lng]; }", [x, y])  # fmt: skip
        found = at[0] if match[2] in ("N", "S") or x < 40 or x > 1400 else at[1]
        pixel_deg = 360 / (256 * 2**zoom)
        assert (found - value + 180) % 360 - 180 == pytest.approx(0, abs=pixel_deg)


def test_the_graticule_is_under_the_routes_and_remembered(page: Page) -> None:
    expect(page.locator("path.graticule")).to_have_count(0)
    tool(page, "Graticule").click()
    expect(tool(page, "Graticule")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("path.graticule")).to_have_count(1)
    order = "name => Number(getComputedStyle(map.getPane(name)).zIndex)"
    land, lines, routes = (
        page.evaluate(order, name) for name in ("atlas", "graticule", "overlayPane")
    )
    assert land < lines < routes
    page.reload()
    page.evaluate("scene => draw(scene)", SCENE)
    expect(tool(page, "Graticule")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("path.graticule")).to_have_count(1)
    tool(page, "Graticule").click()
    expect(page.locator("path.graticule, .graticule-label")).to_have_count(0)
    page.reload()
    expect(tool(page, "Graticule")).to_have_attribute("aria-pressed", "false")


def test_the_map_works_where_nothing_may_be_remembered(browser: Browser, site: str) -> None:
    with checked_page(browser) as page:
        page.add_init_script("""Object.defineProperty(window, "localStorage",
            { get() { throw new DOMException("denied", "SecurityError"); } });""")
        open_map(page, site)
        tool(page, "Graticule").click()
        expect(page.locator("path.graticule")).to_have_count(1)


def test_degrees_are_kept_clear_of_controls_and_names(page: Page) -> None:
    tool(page, "Graticule").click()
    look_at(page, (48.5, 31.5), 5)  # the name of a place would reach into the map's edge
    labels = page.locator(".graticule-label")
    expect(labels.first).to_be_visible()
    assert_degrees_are_clear(page)
    before = labels.count()
    tool(page, "Clean view").click()
    expect(labels).not_to_have_count(before)  # there is room where buttons were
    assert_degrees_are_clear(page)


def assert_degrees_are_clear(page: Page) -> None:
    covered = page.evaluate("""() => {
        const boxes = selector => [...document.querySelectorAll(selector)]
            .map(node => node.getBoundingClientRect());
        const others = boxes(".leaflet-control:not(.graticule-label), .label-anchor span");
        return boxes(".graticule-label").filter(a => others.some(b => a.left < b.right - 1
            && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)).length;
    }""")
    assert covered == 0


def asked_online(page: Page) -> Locator:
    """Press the button for the online map, and return what it asks."""
    tool(page, "Online map").click()
    question = page.get_by_role("dialog", name="Online map")
    expect(question).to_be_focused()
    return question


def covers(page: Page, expected: bool) -> None:
    """Wait until the local map covers its land, or no longer does."""
    page.wait_for_function(
        "([at, expected]) => (" + COVERS + ")(at) === expected",
        arg=[list(INLAND), expected], polling=POLL_MS,
    )  # fmt: skip


def local_map_alone(page: Page) -> None:
    """Fail unless the local map is all that is drawn and credited."""
    expect(page.locator(".leaflet-tile")).to_have_count(0)
    expect(page.locator(".leaflet-control-attribution")).to_have_text("Credit")
    expect(tool(page, "Online map")).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("map.getMaxZoom()") == 9


@pytest.mark.unwatched
def test_the_online_map_is_fetched_only_after_its_host_was_named_and_allowed(
    browser: Browser, site: str
) -> None:
    with open_page(browser, viewport=VIEW) as (page, seen):
        page.route(TILES, lambda route: route.fulfill(body=TILE, content_type="image/svg+xml"))
        open_map(page, site)
        for leave in ("button", "key", "tool"):
            question = asked_online(page)
            for words in (TILE_HOST, "internet address", "which part of the map",
                          "© OpenStreetMap contributors"):  # fmt: skip
                expect(question).to_contain_text(words)
            if leave == "button":
                question.get_by_role("button", name="Cancel").click()
            elif leave == "key":
                page.keyboard.press("Escape")
            else:
                tool(page, "Online map").click()
            expect(question).to_have_count(0)
            expect(tool(page, "Online map")).to_be_focused()
            local_map_alone(page)
        assert seen.outside == []
        covers(page, True)
        url = page.url
        asked_online(page).get_by_role("button", name="Show").click()
        expect(page.locator(".leaflet-online-pane .leaflet-tile-loaded").first).to_be_visible()
        expect(page.locator(".leaflet-control-attribution")).to_have_text(
            "Credit | Online map © OpenStreetMap contributors"
        )
        expect(tool(page, "Online map")).to_have_attribute("aria-pressed", "true")
        covers(page, False)
        order = "name => Number(getComputedStyle(map.getPane(name)).zIndex)"
        tiles, tints, lines = (page.evaluate(order, n) for n in ("online", "atlas", "overlayPane"))
        assert tiles < tints < lines
        page.mouse.click(600, 300)  # the map is still there to be asked
        assert page.url == url
        page.wait_for_load_state("networkidle")
        count = len(seen.outside)
        assert count > 5
        assert {urlsplit(each).hostname for each in seen.outside} == {TILE_HOST}
        tool(page, "Online map").click()
        local_map_alone(page)
        covers(page, True)
        look_at(page, (20, -60), 5)
        page.reload()
        page.evaluate("scene => draw(scene)", SCENE)
        local_map_alone(page)
        assert len(seen.outside) == count
        assert seen.errors == []


@pytest.mark.unwatched
@pytest.mark.parametrize("first", [True, False])
def test_where_the_online_map_cannot_be_reached_the_local_one_stays(
    browser: Browser, site: str, first: bool
) -> None:
    with open_page(browser, viewport=VIEW) as (page, _):
        page.route(TILES, lambda route: route.fulfill(body=TILE, content_type="image/svg+xml"))
        open_map(page, site)
        if first:
            page.route(TILES, lambda route: route.abort())
        asked_online(page).get_by_role("button", name="Show").click()
        if not first:
            expect(page.locator(".leaflet-tile-loaded").first).to_be_visible()
            page.route(TILES, lambda route: route.abort())
            look_at(page, (20, -60), 5)
        expect(page.get_by_role("status")).to_have_text(
            f"{TILE_HOST} can't be reached; the local map stays."
        )
        local_map_alone(page)
        look_at(page, (45, 50), 4)
        covers(page, True)
        # It can be asked for again.
        expect(asked_online(page)).to_be_visible()


def test_the_online_map_is_dark_where_the_page_is(browser: Browser, site: str) -> None:
    with open_page(browser, viewport=VIEW) as (page, _):
        page.route(TILES, lambda route: route.fulfill(body=TILE, content_type="image/svg+xml"))
        open_map(page, site, theme="dark")
        asked_online(page).get_by_role("button", name="Show").click()
        expect(page.locator(".leaflet-tile-loaded").first).to_be_visible()
        expect(page.locator(".leaflet-online-pane")).to_have_css("filter", re.compile("invert"))


def test_the_clean_view_keeps_what_is_to_be_read(page: Page) -> None:
    hidden = page.locator(".leaflet-control-zoom, .fit-button, .tool-bar")
    kept = (".legend", ".leaflet-control-scale", ".leaflet-control-attribution")
    tool(page, "Clean view").click()
    for control in hidden.all():
        expect(control).to_be_hidden()
    for selector in kept:
        expect(page.locator(selector)).to_be_visible()
    page.keyboard.press("Escape")
    expect(hidden.first).to_be_visible()
    expect(tool(page, "Clean view")).to_be_focused()


def test_a_pointer_finds_the_way_back_from_the_clean_view(page: Page) -> None:
    tool(page, "Clean view").focus()
    page.keyboard.press("Enter")
    back = tool(page, "Show the controls again")
    expect(back).to_have_css("opacity", "0")
    page.mouse.move(500, 300)
    page.mouse.move(510, 310)
    expect(back).not_to_have_css("opacity", "0")
    back.click()
    expect(page.locator(".leaflet-control-zoom")).to_be_visible()
    expect(back).to_be_hidden()
    assert page.evaluate("told") == []


def test_an_open_card_stays_in_the_clean_view_without_its_button(page: Page) -> None:
    page.locator(".mark").click()
    close = tool(page, "Close the card")
    expect(close).to_be_visible()
    tool(page, "Clean view").click()
    expect(page.locator(".card-box")).to_be_visible()
    expect(close).to_be_hidden()


def test_the_link_is_copied(browser: Browser, site: str) -> None:
    allowed = ["clipboard-read", "clipboard-write"]
    with checked_page(browser, permissions=allowed) as page:
        open_map(page, site)
        title = page.title()
        tool(page, "Copy link").click()
        expect(page.get_by_role("status")).to_have_text("Copied")
        assert page.evaluate("navigator.clipboard.readText()") == f"{site}/?story=1"
        assert page.title() == title


@pytest.mark.parametrize(
    "clipboard", ["undefined", "{ writeText: () => Promise.reject(new Error('refused')) }"]
)
def test_a_link_that_may_not_be_copied_is_shown(
    browser: Browser, site: str, clipboard: str
) -> None:
    with checked_page(browser) as page:
        page.add_init_script(
            f"Object.defineProperty(navigator, 'clipboard', {{ value: {clipboard} }})"
        )
        open_map(page, site)
        tool(page, "Copy link").click()
        field = page.get_by_role("textbox", name="Link to this view")
        expect(field).to_be_focused()
        expect(field).to_have_value(f"{site}/?story=1")
        assert page.evaluate("getSelection().toString()") == f"{site}/?story=1"
        page.keyboard.press("Escape")
        expect(field).to_have_count(0)
        expect(tool(page, "Copy link")).to_be_focused()


def test_the_map_fills_the_screen(page: Page) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    tool(page, "Full screen").click()
    page.wait_for_function("document.fullscreenElement !== null", polling=POLL_MS)
    expect(tool(page, "Full screen")).to_have_attribute("aria-pressed", "true")
    page.wait_for_function("map.getSize().y === innerHeight", polling=POLL_MS)
    tool(page, "Full screen").click()
    page.wait_for_function("document.fullscreenElement === null", polling=POLL_MS)
    expect(tool(page, "Full screen")).to_have_attribute("aria-pressed", "false")
    page.wait_for_function("map.getSize().y === 640", polling=POLL_MS)


def test_a_frame_that_may_not_fill_the_screen_has_no_button_for_it(
    browser: Browser, site: str
) -> None:
    with checked_page(browser) as page:
        page.add_init_script(
            "Object.defineProperty(document, 'fullscreenEnabled', { value: false })"
        )
        open_map(page, site)
        expect(tool(page, "Full screen")).to_have_count(0)
        expect(tool(page, "Copy link")).to_be_visible()


def test_each_tool_has_a_name_and_is_32_pixels(page: Page) -> None:
    tools = page.get_by_role("group", name="Map tools").locator("button:visible")
    names = ["Measure", "Graticule", "Online map", "Clean view", "Full screen", "Copy link"]
    assert [button.get_attribute("aria-label") for button in tools.all()] == names
    assert [button.get_attribute("title") for button in tools.all()] == names
    for button in tools.all():
        box = button.bounding_box()
        assert box is not None
        assert box["width"] == 32
        assert box["height"] >= 32
    tools.first.focus()
    for name in names:
        expect(tool(page, name)).to_be_focused()
        page.keyboard.press("Tab")


def test_a_narrow_map_has_one_button_that_unfolds(browser: Browser, site: str) -> None:
    with checked_page(browser, viewport={"width": 420, "height": 640}) as page:
        open_map(page, site)
        more = tool(page, "Map tools")
        expect(tool(page, "Measure")).to_be_hidden()
        expect(more).to_have_attribute("aria-expanded", "false")
        more.click()
        expect(more).to_have_attribute("aria-expanded", "true")
        expect(tool(page, "Measure")).to_be_visible()
        more.click()
        expect(tool(page, "Measure")).to_be_hidden()
