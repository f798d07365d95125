"""What the map tells of a place or a route, on hovering and on a click."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Frame, Locator, Page, expect

from tests.browser.support import at_place, checked_page, choose, drawn_frame, open_atlas

# The point of a route that lies farthest, on the screen, from all other routes and symbols.
CLEAREST_POINT = """id => {
    const at = point => map.latLngToContainerPoint(point);
    const line = map.atlas.scene.lines.find(line => line.id === id);
    const between = points => points.slice(1).flatMap((b, i) => [1, 2, 3, 4, 5, 6, 7, 8].map(
        part => [points[i][0] + (b[0] - points[i][0]) * part / 8,
                 points[i][1] + (b[1] - points[i][1]) * part / 8]));
    const others = [
        ...map.atlas.scene.lines.filter(line => line.id !== id).flatMap(l => between(l.points)),
        ...map.atlas.scene.marks.map(mark => [mark.lat, mark.lon]),
    ].map(at);
    const room = point => Math.min(...others.map(other => at(point).distanceTo(other)));
    return between(line.points).reduce((best, point) => room(point) > room(best) ? point : best);
}"""
VIEW = "[map.getZoom(), map.getCenter().lat, map.getCenter().lng]"
# A point over Iraq and Iran, where three of the routes run together.
SHARED_POINT = """() => {
    const line = map.atlas.scene.lines.find(line => line.id === "shagol-azerbaijan");
    const i = line.points.findIndex(point => point[1] > 43);
    return [0, 1].map(axis => (line.points[i][axis] + line.points[i + 1][axis]) / 2);
}"""


@pytest.fixture(scope="module")
def page(browser: Browser, app_url: str) -> Iterator[Page]:
    """Give one page to all tests here, which leave it as they found it but for an open card."""
    with checked_page(browser) as opened:
        open_atlas(opened, app_url)
        yield opened


@pytest.fixture
def frame(page: Page) -> Frame:
    frame = drawn_frame(page)
    close = frame.locator(".card-close")
    if close.count():
        close.click()
    frame.locator(".fit-button").click()
    expect(frame.locator(".card-box")).to_have_count(0)
    return frame


def mark(frame: Frame, id: str) -> tuple[float, float]:
    """Return where a place is, latitude first."""
    found = frame.evaluate("id => map.atlas.scene.marks.find(mark => mark.id === id)", id)
    return found["lat"], found["lon"]


def card(frame: Frame) -> Locator:
    """Return the one open card."""
    cards = frame.locator(".card-box .card")
    expect(cards).to_have_count(1)
    expect(cards).to_be_visible()
    return cards


def click_mark(page: Page, frame: Frame, id: str) -> Locator:
    page.mouse.click(*at_place(page, frame, mark(frame, id)))
    return card(frame)


@pytest.mark.parametrize(
    ("id", "words"),
    [
        ("hmeymim", ["Hmeymim", "Хмеймим", "Latakia", "ICAO OSLK", "IATA LTK", "48 m",
                     "35.4011° N, 35.9487° E", "A: named in a report of the time", "Vice"]),
        ("buturlinovka", ["Buturlinovka", "inferred", "Su-34"]),
        ("tartous", ["Tartous", "Tartus", "Naval facility"]),
    ],
)  # fmt: skip
def test_a_click_on_a_place_opens_its_card(
    page: Page, frame: Frame, id: str, words: list[str]
) -> None:
    opened = click_mark(page, frame, id)
    text = opened.inner_text()
    missing = [word for word in words if word.lower() not in text.lower()]
    assert not missing, text
    expect(opened.get_by_text("Evidence", exact=True)).to_be_visible()
    assert opened.locator(".sources li").count() >= 2
    assert "undefined" not in text


def test_a_card_opens_within_the_map_and_leaves_the_view(page: Page, frame: Frame) -> None:
    view = frame.evaluate(VIEW)
    for id in ("shagol", "hmeymim"):
        box = click_mark(page, frame, id).bounding_box()
        around = frame.frame_element().bounding_box()
        assert box is not None
        assert around is not None
        assert box["x"] >= around["x"]
        assert box["y"] >= around["y"]
        assert box["x"] + box["width"] <= around["x"] + around["width"]
    assert frame.evaluate(VIEW) == view


def test_a_card_is_closed(page: Page, frame: Frame) -> None:
    click_mark(page, frame, "hmeymim")
    frame.get_by_role("button", name="Close").click()
    expect(frame.locator(".card")).to_have_count(0)


@pytest.mark.parametrize(
    ("id", "words"),
    [
        ("shagol-direct", ["Hmeymim to Shagol, direct", "1,825 mi", "1.00 times", "Turkey"]),
        ("buturlinovka-direct", ["Hmeymim to Buturlinovka, direct", "inferred", "Su-34"]),
        ("shagol-azerbaijan", ["over Iraq, Iran and Azerbaijan", "Azerbaijan", "Iraq"]),
    ],
)
def test_a_click_on_a_route_opens_its_card(
    page: Page, frame: Frame, id: str, words: list[str]
) -> None:
    point = frame.evaluate(CLEAREST_POINT, id)
    page.mouse.click(*at_place(page, frame, point))
    opened = card(frame)
    text = opened.inner_text()
    assert not [word for word in words if word not in text], text
    assert opened.locator(".sources li").count() >= 1


def test_where_routes_run_together_each_is_offered(page: Page, frame: Frame) -> None:
    page.mouse.click(*at_place(page, frame, frame.evaluate(SHARED_POINT)))
    folds = frame.locator(".card-fold")
    expect(folds).to_have_count(3)
    for name in ("Buturlinovka", "Primorsko-Akhtarsk", "Shagol"):
        expect(folds.filter(has_text=name)).to_have_count(1)
    folds.filter(has_text="Shagol").locator("summary").click()
    expect(folds.filter(has_text="Shagol").locator(".card")).to_contain_text("2,186 mi")


def test_hovering_tells_the_essentials(page: Page, frame: Frame) -> None:
    tip = frame.locator(".corridor-tip")
    page.mouse.move(*at_place(page, frame, (44.0, 25.5)))
    expect(tip).to_have_count(0)
    page.mouse.move(*at_place(page, frame, mark(frame, "tartous")))
    expect(tip).to_be_visible()
    expect(tip).to_contain_text("Tartous")
    expect(tip).to_contain_text("Naval facility")
    page.mouse.move(*at_place(page, frame, frame.evaluate(CLEAREST_POINT, "shagol-direct")))
    expect(tip.filter(has_text="1,825 mi")).to_contain_text("Hmeymim to Shagol, direct")
    expect(tip).to_have_count(1)
    page.mouse.move(*at_place(page, frame, (44.0, 25.5)))
    expect(tip).to_have_count(0)


def test_an_open_card_follows_the_choices(page: Page, frame: Frame) -> None:
    page.mouse.click(*at_place(page, frame, frame.evaluate(CLEAREST_POINT, "shagol-direct")))
    expect(card(frame)).to_contain_text("1,825 mi")
    choose(page, "Units", "Kilometres")
    expect(card(frame)).to_contain_text("2,937 km")
    choose(page, "Way", "Direct")
    expect(frame.locator(".card-box")).to_have_count(0)
    choose(page, "Way", "Direct")
    choose(page, "Units", "Statute miles")


def test_cards_open_by_keyboard(page: Page, frame: Frame) -> None:
    frame.locator(".mark:has(.symbol.departure)").focus()
    page.keyboard.press("Enter")
    expect(card(frame)).to_contain_text("Hmeymim")
