"""The opening view, as a reader sees it: routes, labels, legend, scale, strips and table."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from tests.browser.support import checked_page, drawn_frame, open_atlas, routes

OPENING = {
    f"{place}-{way}"
    for place in ("buturlinovka", "primorsko_akhtarsk", "shagol")
    for way in ("direct", "azerbaijan")
}
NAMED = {"Hmeymim", "Tartous", "Buturlinovka", "Primorsko-Akhtarsk", "Chelyabinsk Shagol"}
Box = tuple[str, float, float, float, float]

# Everything that may be covered, as [words, left, top, right, bottom] in pixels of the frame.
BOXES = """selector => [...document.querySelectorAll(selector)].map(node => {
    const box = node.getBoundingClientRect();
    return [node.textContent, box.left, box.top, box.right, box.bottom];
})"""
ROUTE_POINTS = """() => map.atlas.scene.lines.flatMap(line =>
    line.points.map(point => map.latLngToContainerPoint(point)).map(at => [at.x, at.y]))"""
# The colour that the base map's canvas has at a place, as [red, green, blue, alpha].
COLOUR_AT = """latlon => {
    const frame = map.getContainer().getBoundingClientRect();
    const at = map.latLngToContainerPoint(latlon);
    const canvas = document.querySelector("canvas");
    const box = canvas.getBoundingClientRect();
    return [...canvas.getContext("2d").getImageData(
        (frame.left + at.x - box.left) * canvas.width / box.width,
        (frame.top + at.y - box.top) * canvas.height / box.height, 1, 1).data];
}"""


@pytest.fixture(scope="module")
def opening(browser: Browser, app_url: str) -> Iterator[Page]:
    """Give the page as it opens; these tests only look at it."""
    with checked_page(browser) as page:
        open_atlas(page, app_url)
        yield page


@pytest.fixture(scope="module")
def frame(opening: Page) -> Frame:
    return drawn_frame(opening)


def boxes(frame: Frame, selector: str) -> list[Box]:
    return [tuple(box) for box in frame.evaluate(BOXES, selector)]


def overlap(one: Box, other: Box) -> bool:
    """Tell whether two boxes share more than a pixel's rim."""
    _, left, top, right, bottom = one
    _, left_2, top_2, right_2, bottom_2 = other
    return (
        min(right, right_2) - max(left, left_2) > 1 and min(bottom, bottom_2) - max(top, top_2) > 1
    )


def assert_labels_are_clear(frame: Frame) -> None:
    """Fail where a label lies over another one, a symbol or a control, or leaves the map."""
    labels = boxes(frame, ".label-anchor span")
    others = [*boxes(frame, ".mark svg"), *boxes(frame, ".leaflet-control")]
    pairs = [*combinations(labels, 2), *((a, b) for a in labels for b in others)]
    assert not [(a, b) for a, b in pairs if overlap(a, b)]
    width, height = frame.evaluate("[innerWidth, innerHeight]")
    outside = [a for a in labels if a[1] < 0 or a[2] < 0 or a[3] > width or a[4] > height]
    assert not outside


def assert_routes_are_clear(frame: Frame) -> None:
    """Fail where a route leaves the map or runs under one of its controls."""
    width, height = frame.evaluate("[innerWidth, innerHeight]")
    points = frame.evaluate(ROUTE_POINTS)
    assert len(points) > 12
    assert not [(x, y) for x, y in points if not (0 < x < width and 0 < y < height)]
    controls = boxes(frame, ".leaflet-control")
    covered = [
        (x, y, text)
        for x, y in points
        for text, left, top, right, bottom in controls
        if left < x < right and top < y < bottom
    ]
    assert not covered


def test_the_reported_landings_are_drawn_both_ways(frame: Frame) -> None:
    assert set(routes(frame)) == OPENING
    assert len(routes(frame)) == 6
    for path in frame.locator("path.route").all():
        box = path.bounding_box()
        assert box is not None
        assert box["height"] > 100, "a route that can't be seen"


def test_the_story_s_places_are_labelled(frame: Frame) -> None:
    labels = {text for text, *_ in boxes(frame, ".label")}
    assert labels >= NAMED
    for text in NAMED:
        expect(frame.locator(".label").get_by_text(text, exact=True)).to_be_visible()


def test_the_crossed_countries_are_named(frame: Frame) -> None:
    names = {text for text, *_ in boxes(frame, ".country")}
    assert names >= {"TURKEY", "IRAN", "SYRIA"}


def test_each_place_has_its_symbol(frame: Frame) -> None:
    symbols = frame.evaluate(
        "[...document.querySelectorAll('.mark .symbol')].map(node => node.classList[1])"
    )
    counts = {role: symbols.count(role) for role in symbols}
    assert counts["departure"] == counts["kept"] == counts["inferred"] == 1
    assert counts["landing"] == 2
    assert {"home", "staging", "unnamed"} <= counts.keys()
    assert sum(counts.values()) == 22


def test_no_label_lies_over_anything(frame: Frame) -> None:
    assert_labels_are_clear(frame)


def test_all_routes_are_in_view(frame: Frame) -> None:
    assert_routes_are_clear(frame)


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080)])
def test_other_screens_show_it_as_well(
    browser: Browser, app_url: str, width: int, height: int
) -> None:
    with checked_page(browser, viewport={"width": width, "height": height}) as page:
        frame = open_atlas(page, app_url)
        assert_routes_are_clear(frame)
        assert_labels_are_clear(frame)
        assert {text for text, *_ in boxes(frame, ".label")} >= NAMED


def test_the_map_fills_the_page(opening: Page, frame: Frame) -> None:
    width, height = frame.evaluate("[map.getSize().x, map.getSize().y]")
    assert height >= 600
    column = opening.get_by_test_id("stMainBlockContainer").bounding_box()
    assert column is not None
    assert width > 0.9 * column["width"]
    assert width == frame.evaluate("innerWidth")
    assert height <= frame.evaluate("innerHeight")
    element = frame.frame_element().bounding_box()
    assert element is not None
    assert element["y"] + element["height"] <= 1000, "the map ends below the first screen"


def test_the_legend_explains_what_is_drawn(frame: Frame) -> None:
    legend = frame.locator("details.legend")
    expect(legend).to_have_attribute("open", "")
    items: list[dict[str, Any]] = frame.evaluate("map.atlas.scene.legend")
    for item in items:
        expect(legend.get_by_text(item["text"], exact=True)).to_be_visible()
    words = legend.inner_text()
    for expected in ("Direct", "Azerbaijan", "Reported", "inferred", "Departure", "Landing"):
        assert expected in words
    rows = legend.locator(".legend-row")
    for text, dashes in (("Reported at", ""), ("inferred", "9 6")):
        sample = rows.filter(has_text=text).locator("line")
        expect(sample).to_have_attribute("stroke-dasharray", dashes)


def test_lines_are_drawn_by_certainty(frame: Frame) -> None:
    """One landing was reported without the airfield's name: its lines are dashed."""
    lines = frame.evaluate("map.atlas.scene.lines.map(line => line.id)")
    dashes = frame.evaluate(
        "[...document.querySelectorAll('path.route')].map(p => p.getAttribute('stroke-dasharray'))"
    )
    drawn = dict(zip(lines, dashes, strict=True))
    assert drawn == {
        route: "9 6" if route.startswith("buturlinovka") else None for route in OPENING
    }


def test_ways_differ_in_colour(frame: Frame) -> None:
    colours: list[list[str]] = frame.evaluate("""() => {
        const paths = [...document.querySelectorAll("path.route")];
        return map.atlas.scene.lines.map((line, i) => [line.id, paths[i].getAttribute("stroke")]);
    }""")
    direct = {colour for id, colour in colours if id.endswith("direct")}
    corridor = {colour for id, colour in colours if not id.endswith("direct")}
    assert len(direct) == len(corridor) == 1
    assert direct != corridor


@pytest.mark.parametrize(
    ("claims", "latlon"), [("TUR", (39.0, 33.0)), ("IRN", (36.0, 47.8)), ("SYR", (35.2, 38.5))]
)
def test_crossed_countries_are_tinted(
    frame: Frame, claims: str, latlon: tuple[float, float]
) -> None:
    tint = frame.evaluate("claims => map.atlas.tints[claims]", claims)
    red, green, blue, alpha = frame.evaluate(COLOUR_AT, list(latlon))
    assert f"#{red:02x}{green:02x}{blue:02x}" == tint
    assert alpha == 255


def test_other_countries_and_the_sea_are_not_tinted(frame: Frame) -> None:
    tints = frame.evaluate("Object.values(map.atlas.tints)")
    red, green, blue, alpha = frame.evaluate(COLOUR_AT, [44.0, 25.5])  # Romania
    assert alpha == 255
    assert f"#{red:02x}{green:02x}{blue:02x}" not in tints
    assert frame.evaluate(COLOUR_AT, [43.4, 34.2])[3] == 0  # the Black Sea


def test_the_map_is_light_where_the_page_is(frame: Frame) -> None:
    assert frame.evaluate("document.documentElement.dataset.theme") == "light"


def test_the_scale_is_in_miles_and_kilometres(frame: Frame) -> None:
    scales = frame.locator(".leaflet-control-scale-line")
    texts = scales.all_inner_texts()
    assert len(texts) == 2
    assert any(text.endswith("km") for text in texts)
    assert any(text.endswith("mi") for text in texts)


def test_the_sources_of_the_base_map_are_credited(opening: Page, frame: Frame) -> None:
    credit = frame.locator(".leaflet-control-attribution")
    for words in ("© OpenStreetMap contributors", "ODbL", "Natural Earth"):
        expect(credit).to_contain_text(words)
        expect(opening.get_by_test_id("stMain")).to_contain_text(words)
    expect(credit).to_be_visible()


def test_the_page_says_what_is_known(opening: Page) -> None:
    lead = opening.locator(".corridor-lead")
    expect(lead).to_contain_text("secret")
    expect(lead).to_contain_text("illustrative")
    expect(lead).to_contain_text("Buturlinovka is inferred")


def test_each_route_has_a_strip_and_a_row(opening: Page) -> None:
    strips = opening.locator(".strip-row")
    assert strips.count() == 6
    assert opening.locator("table.figures tbody tr").count() == 6
    first = strips.filter(has_text="Primorsko").filter(has_text="Direct")
    expect(first).to_contain_text("Turkey")
    expect(opening.locator(".strip-claim")).to_contain_text("3,000 mi")


def test_strips_are_to_scale(opening: Page) -> None:
    """A strip ends where the axis has its length, and the claim stands at 3,000 miles."""
    ends: list[list[float]] = opening.evaluate("""() => {
        const axis = document.querySelector(".strip-axis").getBoundingClientRect();
        const end = node => node.getBoundingClientRect().right - axis.left;
        return [...document.querySelectorAll(".strip-row")].map(row => [
            parseFloat(row.querySelector("em").textContent.replace(",", "")),
            Math.max(...[...row.querySelectorAll(".strip-part")].map(end))]);
    }""")
    claim: float = opening.evaluate("""() => {
        const at = selector => document.querySelector(selector).getBoundingClientRect().left;
        return at(".strip-claim") - at(".strip-axis");
    }""")
    for miles, end in ends:
        assert end / claim == pytest.approx(miles / 3000, abs=0.004)
