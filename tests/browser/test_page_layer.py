"""A layer that the reader opens: drawn over the map, listed beside the states' airspace."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Frame, Locator, Page, expect

from tests.browser.support import (
    POLL_MS,
    checked_page,
    choose,
    map_frame,
    open_atlas,
    routes,
    serve,
    wait_for_idle,
    wait_until,
)
from tests.browser.test_page_hostile import PAYLOADS, assert_harmless, contains

PLAIN = Path(__file__).parent / "stories" / "plain.geojson"
# The plain story flies from 36 E 35.4 N to 61.3 E 55.3 N, directly and by 40 E 48 N.
BOTH_WAYS, NO_WAY = [35.0, 34.0, 38.0, 37.0], [-60.0, -10.0, -50.0, 0.0]
HEADINGS = ["Route", "Way", "Area", "Kind", "Limits", "Enters at", "Leaves at", "Length"]
OPENAIR = """* A circle around the northern turning point.
AC R
AN Northern circle
AL GND
AH FL195
V X=48:00:00 N 040:00:00 E
DC 30

AC D
AN Far box
AL 1000ft
AH FL100
DP 10:00:00 S 060:00:00 W
DP 10:00:00 S 050:00:00 W
DP 00:00:00 N 050:00:00 W
DP 00:00:00 N 060:00:00 W
"""


@pytest.fixture(scope="module")
def plain_url() -> Iterator[str]:
    with serve("app.py", env={"CORRIDOR_STORY": str(PLAIN)}) as server:
        yield server.url


@pytest.fixture(scope="module")
def shared_page(browser: Browser) -> Iterator[Page]:
    """Give one page to all tests here, each of which loads it again."""
    with checked_page(browser) as opened:
        yield opened


@pytest.fixture
def frame(shared_page: Page, plain_url: str) -> Frame:
    """Open the page anew, and mark its map's frame to tell it from one that was made again."""
    frame = open_atlas(shared_page, plain_url)
    frame.evaluate("() => { window.corridorKept = true; }")
    return frame


@pytest.fixture
def page(shared_page: Page, frame: Frame) -> Page:
    return shared_page


def area(name: str, bounds: list[float]) -> dict[str, Any]:
    west, south, east, north = bounds
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    properties = {"name": name, "class": "R", "lower": "GND", "upper": "FL195"}
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def geojson(*features: dict[str, Any]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})


TWO = geojson(area("Closed box", BOTH_WAYS), area("Far box", NO_WAY))


def open_layer(page: Page, text: str, name: str) -> None:
    """Choose a file in the uploader, whose box is opened first where it is shut."""
    box = page.get_by_test_id("stExpander").filter(has_text="Open your own file")
    if box.locator("details[open]").count() == 0:
        box.locator("summary").click()
    expect(box.get_by_test_id("stFileUploader")).to_be_visible()
    data = text.encode()
    file = FilePayload(name=name, mimeType="application/octet-stream", buffer=data)
    box.locator('input[type="file"]').set_input_files(file)


def wait_for_areas(page: Page, count: int) -> Frame:
    frame = map_frame(page)
    wait_until(frame, f"map.atlas.scene && map.atlas.scene.areas.length === {count}")
    wait_until(frame, f"document.querySelectorAll('path.area').length === {count}")
    wait_for_idle(page)
    return frame


def layer_table(page: Page) -> Locator:
    return page.locator("table.figures").filter(has_text="Enters at")


def national_table(page: Page) -> Locator:
    return page.locator("table.figures").filter(has_text="Airspace in order")


def cells(table: Locator) -> list[list[str]]:
    found: list[list[str]] = table.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
    )
    return found


def assert_map_was_kept(page: Page) -> None:
    assert map_frame(page).evaluate("window.corridorKept") is True


def test_geojson_is_drawn_and_listed_beside_the_national_table(page: Page, frame: Frame) -> None:
    national, shown = cells(national_table(page)), routes(frame)
    lines = frame.evaluate("JSON.stringify(map.atlas.scene.lines)")
    bounds = frame.evaluate("map.getBounds().toBBoxString()")
    expect(layer_table(page)).to_have_count(0)
    open_layer(page, TWO, "closed.geojson")
    frame = wait_for_areas(page, 2)
    assert frame.evaluate("map.atlas.scene.areas.map(area => area.name)") == [
        "Closed box", "Far box",
    ]  # fmt: skip
    # The map is the one that was there, at the place where it was.
    assert_map_was_kept(page)
    assert frame.evaluate("map.getBounds().toBBoxString()") == bounds
    assert routes(frame) == shown
    assert frame.evaluate("JSON.stringify(map.atlas.scene.lines)") == lines
    expect(frame.locator(".legend")).to_contain_text("closed.geojson: 2 areas")
    expect(page.get_by_role("heading", name="The opened layer: closed.geojson")).to_be_visible()
    expect(page.get_by_test_id("stMain")).to_contain_text("not a state's sovereign airspace")
    assert layer_table(page).locator("th").all_text_contents() == HEADINGS
    listed = cells(layer_table(page))
    assert [row[:5] for row in listed] == [
        ["End", "Direct", "Closed box", "R", "GND to FL195"],
        ["End", "Round the north", "Closed box", "R", "GND to FL195"],
    ]
    assert {row[5] for row in listed} == {"0 mi"}
    assert [row[6] for row in listed] == [row[7] for row in listed]
    assert cells(national_table(page)) == national
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


def test_an_area_lies_where_the_file_draws_it(page: Page, frame: Frame) -> None:
    open_layer(page, geojson(area("Closed box", BOTH_WAYS)), "closed.geojson")
    frame = wait_for_areas(page, 1)
    drawn = frame.evaluate("""() => {
        const box = document.querySelector("path.area").getBoundingClientRect();
        const at = map.getContainer().getBoundingClientRect();
        const place = (x, y) => map.containerPointToLatLng([x - at.left, y - at.top]);
        const [sw, ne] = [place(box.left, box.bottom), place(box.right, box.top)];
        return [sw.lng, sw.lat, ne.lng, ne.lat];
    }""")
    # Within the outline's own width of 1.5 px.
    width = frame.evaluate("map.getBounds().getEast() - map.getBounds().getWest()")
    pixel = width / frame.evaluate("innerWidth")
    assert drawn == pytest.approx(BOTH_WAYS, abs=2.5 * pixel)


def test_openair_is_drawn_and_listed_too_and_follows_the_unit(page: Page, frame: Frame) -> None:
    open_layer(page, OPENAIR, "north.txt")
    frame = wait_for_areas(page, 2)
    expect(frame.locator(".legend")).to_contain_text("north.txt: 2 areas")
    (row,) = cells(layer_table(page))
    assert row[:5] == ["End", "Round the north", "Northern circle", "R", "GND to FL195"]
    # A route that turns in the middle of a circle is twice its radius long in it.
    assert row[7] == "69 mi"
    choose(page, "Units", "Nautical miles")
    expect(layer_table(page)).to_contain_text("60 nmi")
    assert cells(layer_table(page))[0][7] == "60 nmi"
    assert_map_was_kept(page)


def test_a_layer_that_no_route_passes_says_so(page: Page, frame: Frame) -> None:
    open_layer(page, geojson(area("Far box", NO_WAY)), "far.geojson")
    wait_for_areas(page, 1)
    main = page.get_by_test_id("stMain")
    expect(main).to_contain_text("None of the routes shown passes any of its areas.")
    expect(layer_table(page)).to_have_count(0)
    expect(national_table(page)).to_have_count(1)


def test_what_is_left_out_and_mended_is_told(page: Page, frame: Frame) -> None:
    line = area("A line", BOTH_WAYS)
    line["geometry"] = {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}
    open_layer(page, geojson(area("Closed box", BOTH_WAYS), line), "closed.geojson")
    wait_for_areas(page, 1)
    # A line is a route in its own right.
    assert any(id.startswith("opened:") for id in routes(map_frame(page)))


BROKEN = {
    "not JSON": ('{"type": "FeatureCollection", ', ["is not JSON", "line 1"]),
    "neither": ("Dear reader, this is a letter.\n", []),
}


IN_PART = {
    "nothing": (geojson(), ["holds no route, place or area that can be read"]),
    "off the earth": (
        geojson(area("Box", NO_WAY), area("Tall", [0, 0, 5, 95])),
        ["feature 2", "Tall", "95", "this area is left out"],
    ),
    "hostile": (
        geojson(area('<img src=x onerror="window.pwned=1">', [0, 0, 5, 95])),
        ["feature 1", '<img src=x onerror="window.pwned=1">'],
    ),
}


@pytest.mark.parametrize("case", IN_PART)
def test_what_cannot_be_read_is_told_and_the_rest_is_kept(
    page: Page, frame: Frame, case: str
) -> None:
    text, words = IN_PART[case]
    open_layer(page, text, "broken.geojson")
    told = page.locator(".corridor-list").filter(has_text="broken.geojson: ")
    for word in words:
        expect(told).to_contain_text(word)
    wait_for_areas(page, int(case == "off the earth"))
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    assert_map_was_kept(page)
    assert_harmless(page)


def assert_refused(page: Page, name: str, words: list[str]) -> None:
    expect(page.get_by_test_id("stAlert")).to_contain_text("The file can't be read.")
    message = page.locator("pre.corridor-refusal").inner_text()
    assert message.startswith(f"{name}: ")
    assert len(message) > len(name) + 10
    assert not [word for word in words if word not in message], message
    expect(page.get_by_test_id("stException")).to_have_count(0)


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_says_what_is_wrong_and_the_rest_stays(
    page: Page, frame: Frame, case: str
) -> None:
    text, words = BROKEN[case]
    national, shown = cells(national_table(page)), routes(frame)
    open_layer(page, text, "broken.geojson")
    expect(page.get_by_test_id("stAlert")).to_be_visible()
    wait_for_idle(page)
    assert_refused(page, "broken.geojson", words)
    assert_map_was_kept(page)
    assert routes(frame) == shown
    assert frame.evaluate("map.atlas.scene.areas") == []
    assert cells(national_table(page)) == national
    expect(page.locator(".strip-row")).to_have_count(2)
    expect(layer_table(page)).to_have_count(0)
    assert_harmless(page)


def test_a_broken_file_leaves_the_one_before_it_and_is_named(page: Page, frame: Frame) -> None:
    open_layer(page, TWO, "closed.geojson")
    wait_for_areas(page, 2)
    open_layer(page, "{", "broken.geojson")
    expect(page.get_by_test_id("stAlert")).to_be_visible()
    wait_for_idle(page)
    assert_refused(page, "broken.geojson", ["is not JSON"])
    wait_for_areas(page, 2)
    expect(layer_table(page)).to_have_count(1)
    page.get_by_role("button", name="Remove broken.geojson").click()
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    wait_for_areas(page, 2)
    assert_map_was_kept(page)


def test_a_layer_that_is_closed_is_gone(page: Page, frame: Frame) -> None:
    open_layer(page, TWO, "closed.geojson")
    wait_for_areas(page, 2)
    page.get_by_role("button", name="Remove closed.geojson").click()
    frame = wait_for_areas(page, 0)
    expect(frame.locator(".legend")).not_to_contain_text("Opened layer")
    expect(layer_table(page)).to_have_count(0)
    assert_map_was_kept(page)


def test_hostile_texts_of_a_layer_are_shown_as_text(page: Page, frame: Frame) -> None:
    features = []
    for text in PAYLOADS:
        feature = area(text, BOTH_WAYS)
        feature["properties"].update({"class": text, "lower": text, "upper": text})
        broken = area(text, BOTH_WAYS)
        broken["geometry"] = {"type": "Point", "coordinates": [0, 0]}
        features += [feature, broken]
    name = "<img src=x onerror=window.pwned=1> {{ 7*7 }} **b** .geojson"
    open_layer(page, geojson(*features), name)
    frame = wait_for_areas(page, len(PAYLOADS))
    rows = cells(layer_table(page))
    assert len(rows) == 2 * len(PAYLOADS)
    printed = [text for text in PAYLOADS if "\u2028" not in text]
    for column in (2, 3, 4):
        assert contains(" ".join(row[column] for row in rows), tuple(printed))
    tips = frame.evaluate("""() => {
        const areas = [];
        map.eachLayer(layer => layer.options.className === "area" && areas.push(layer));
        return areas.map(layer => {
            layer.openTooltip();
            const tip = layer.getTooltip().getElement().textContent;
            layer.closeTooltip();
            return tip;
        });
    }""")
    assert contains(" ".join(tips), tuple(printed))
    expect(frame.locator(".legend")).to_contain_text(name)
    expect(page.get_by_role("heading", name="The opened layer")).to_contain_text(name)
    page.wait_for_timeout(200)  # an onerror comes late
    assert_harmless(page)


def test_the_reader_s_layer_stays_while_other_choices_change(page: Page, frame: Frame) -> None:
    open_layer(page, TWO, "closed.geojson")
    wait_for_areas(page, 2)
    choose(page, "Units", "Kilometres")
    wait_for_areas(page, 2)
    page.wait_for_function(
        "() => [...document.querySelectorAll('table.figures')].some("
        "table => table.textContent.includes('Enters at') && table.textContent.includes(' km'))",
        polling=POLL_MS,
    )
    assert len(cells(layer_table(page))) == 2
    assert_map_was_kept(page)


HATCHED = """([lat, lon]) => {
    const canvas = map.getPane("atlas").querySelector("canvas");
    const at = map.latLngToLayerPoint([lat, lon]).subtract(L.DomUtil.getPosition(canvas));
    const sharp = canvas.width / parseFloat(canvas.style.width);
    const [x, y] = [at.x, at.y].map((each) => Math.round(each * sharp));
    const seen = canvas.getContext("2d").getImageData(x - 12, y - 12, 24, 24).data;
    const colours = new Set();
    for (let i = 0; i < seen.length; i += 4) colours.add(seen.slice(i, i + 4).join());
    return colours.size;
}"""


def test_closed_areas_are_hatched_and_the_shortest_open_way_goes_round(
    page: Page, frame: Frame
) -> None:
    # Over the sea, where nothing but the hatching is drawn below the line.
    across = geojson(area("Wall", [44.0, 38.0, 50.0, 47.0]))
    open_layer(page, across, "wall.geojson")
    frame = wait_for_areas(page, 1)
    shown = routes(frame)
    caspian = [44.5, 49.5]
    assert not any(each.startswith("open:") for each in shown)
    plain = frame.evaluate(HATCHED, caspian)
    page.get_by_text("Close the area of wall.geojson", exact=True).click()
    wait_until(frame, "map.atlas.scene.areas.some((area) => area.closed)")
    wait_for_idle(page)
    added = set(routes(frame)) - set(shown)
    assert added
    assert all(each.startswith("open:") for each in added)
    assert frame.evaluate(HATCHED, caspian) > plain
    expect(frame.locator(".legend")).to_contain_text("Closed to the shortest open way")
    expect(page.get_by_test_id("stMain")).to_contain_text("Closed: the area of wall.geojson.")
    expect(page.get_by_test_id("stMain")).to_contain_text("Turns at the border of Wall")
    assert_map_was_kept(page)
    page.get_by_text("Close the area of wall.geojson", exact=True).click()
    wait_until(frame, "map.atlas.scene.areas.every((area) => !area.closed)")
    wait_for_idle(page)
    assert set(routes(frame)) == set(shown)
