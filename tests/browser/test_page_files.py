"""Files as other programs write them, opened through the page: on the map, in strips and table."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser.support import (
    at_place,
    checked_page,
    drawn_frame,
    map_frame,
    open_atlas,
    routes,
    wait_for_idle,
    wait_until,
)

DATA = Path(__file__).parents[1] / "data" / "opened"
HMEYMIM, MOZDOK, SHAGOL = (35.4011, 35.9487), (43.7875, 44.6033), (55.2592, 61.3008)
Ends = tuple[tuple[float, float], tuple[float, float]]
HOME: Ends = (MOZDOK, SHAGOL)


@dataclass(frozen=True)
class Written:
    """A file of another program: its routes by name with both ends as (lat, lon), what else."""

    routes: dict[str, Ends]
    places: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    remarks: int = 0


GOOGLE_EARTH = Written(
    {
        "To Shagol": (HMEYMIM, SHAGOL),
        "A flight as flown, part 1": (HMEYMIM, (36.1, 36.9)),
        "A flight as flown, part 2": ((37.1, 41.9), (38.1, 44.9)),
    },
    ("Hmeymim & Latakia",),
    ("Closed box",),
    remarks=2,
)
FILES = {
    "gpsbabel.gpx": Written(
        {
            "OSLK-Shagol": (HMEYMIM, SHAGOL),
            "ACTIVE LOG, part 1": (HMEYMIM, (36.1, 36.9)),
            "ACTIVE LOG, part 2": ((37.1, 41.9), (40.1, 48.9)),
        },
        ("Моздок", "USCG"),
    ),
    "google_earth.kml": GOOGLE_EARTH,
    "google_earth.kmz": GOOGLE_EARTH,
    "google_earth_web.kml": Written({"Mozdok to Shagol": HOME}, ("Моздок",)),
    "qgis.geojson": Written(
        {"to Shagol": (HMEYMIM, SHAGOL), "a bad one": ((35.4, 35.9), (55.2, 61.3))},
        ("Моздок",),
        ("Closed box",),
        remarks=2,
    ),
    "qgis.kml": Written({"Mozdok to Shagol": HOME}),
    "qgis.gpx": Written({"Mozdok to Shagol": HOME}),
    "gpx_studio.gpx": Written({"Over the Caspian": ((40.4675, 50.0467), (47.1, 51.9))}, ("Baku",)),
}
OPENED = """() => map.atlas.scene.lines.filter(line => line.id.startsWith("opened:"))
    .map(line => [line.id, line.card.title, line.points[0], line.points.at(-1)])"""
# How far, in pixels, the drawn line of an opened route reaches past its own points.
OFF_PX = """id => {
    const line = map.atlas.scene.lines.find(each => each.id === id);
    const { layer } = map.atlas.hits.find(each => each.line.id === id);
    const at = line.points.map(point => map.latLngToLayerPoint(point));
    return Math.max(...layer._parts.flat().map(drawn =>
        Math.min(...at.map(point => point.distanceTo(drawn)))));
}"""


def payload(name: str) -> FilePayload:
    """Give a sample as a file to choose; a KMZ is packed as Google Earth packs it."""
    stem, _, ending = name.partition(".")
    if ending != "kmz":
        data = (DATA / name).read_bytes()
    else:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("doc.kml", (DATA / f"{stem}.kml").read_bytes())
        data = packed.getvalue()
    return FilePayload(name=name, mimeType="application/octet-stream", buffer=data)


@pytest.fixture(scope="module")
def page(browser: Browser, app_url: str) -> Iterator[Page]:
    """Give one page to all files, with the control for them unfolded."""
    with checked_page(browser) as opened:
        open_atlas(opened, app_url)
        opened.get_by_text("Open your own file").click()
        expect(opened.get_by_test_id("stFileUploader")).to_be_visible()
        yield opened


def test_many_routes_are_drawn_as_one_and_each_has_its_card(page: Page) -> None:
    frame = map_frame(page)
    pairs = [f"To {number},{lat}N 36E,{lat}N 60E" for number, lat in enumerate(range(10, 70, 2))]
    lines = ["name,from,to", *pairs, "Over the dateline,45N 170E,45N 170W"]
    file = FilePayload(name="many.csv", mimeType="text/csv", buffer="\n".join(lines).encode())
    page.locator('input[type="file"]').set_input_files(file)
    wait_until(frame, "window.corridorBundled === 31")
    wait_for_idle(page)
    ends = frame.evaluate("""() => [...map.atlas.bundles.values()][0].getLayers()
        .flatMap(line => line.getLatLngs()).map(part => [part[0], part.at(-1)])
        .map(ends => ends.map(({ lat, lng }) => [lat, lng]))""")
    for (start, end), lat in zip(ends[:-1], range(10, 70, 2), strict=True):
        assert (start, end) == (pytest.approx([lat, 36]), pytest.approx([lat, 60]))
    assert [lon % 360 for _, lon in ends[-1]] == pytest.approx([170, 190])
    expect(page.get_by_role("heading", name="The opened routes: many.csv")).to_be_visible()
    expect(page.locator("table.figures").filter(has_text="Share of all")).to_contain_text("Russia")
    expect(page.locator('tr[data-route^="opened:"]')).to_have_count(0)
    page.mouse.click(*at_place(page, frame, ends[26][0]))
    card = frame.locator(".card")
    expect(card).to_contain_text("To 26")
    expect(card).to_contain_text("Airspace in orderRussia")
    frame.get_by_role("button", name="Close the card").click()
    page.get_by_role("button", name="Remove many.csv").click()
    wait_until(frame, "map.atlas.bundles.size === 0")
    wait_for_idle(page)


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_another_program_is_shown_everywhere(page: Page, name: str) -> None:
    written, frame = FILES[name], map_frame(page)
    page.locator('input[type="file"]').set_input_files(payload(name))
    wait_until(frame, f"({OPENED})().length === {len(written.routes)}")
    wait_for_idle(page)
    drawn = {title: (id, (tuple(a), tuple(b))) for id, title, a, b in frame.evaluate(OPENED)}
    assert {title: ends for title, (_, ends) in drawn.items()} == written.routes
    assert frame.locator("path.route").count() == 6 + len(drawn)
    for id, _ in drawn.values():
        assert frame.evaluate(OFF_PX, id) < 3
        bar, row = (
            page.locator(f'.strip [data-route="{id}"]'),
            page.locator(f'tr[data-route="{id}"]'),
        )
        expect(bar.locator(".strip-part").first).to_be_visible()
        expect(bar).to_contain_text(" mi")
        expect(row.locator("td").nth(1)).to_have_text("As in the file")
        row.locator("button").click()
        expect(row).to_have_attribute("data-picked", "true")
        row.locator("button").click()
    marks = frame.evaluate("map.atlas.scene.marks.map(mark => mark.label)")
    assert not set(written.places) - set(marks)
    assert frame.evaluate("map.atlas.scene.areas.map(area => area.name)") == [*written.areas]
    remarks = page.locator(".corridor-list").filter(has_text=f"{name}: ").locator("li")
    expect(remarks).to_have_count(written.remarks)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    page.get_by_role("button", name=f"Remove {name}").click()
    wait_until(frame, f"({OPENED})().length === 0")
    wait_for_idle(page)


def test_an_opened_file_is_still_there_after_another_page(page: Page) -> None:
    lines = "from,to\nEFHK,RJAA\nEGLL,KJFK\n"
    file = FilePayload(name="codes.csv", mimeType="text/csv", buffer=lines.encode())
    page.locator('input[type="file"]').set_input_files(file)
    wait_until(map_frame(page), f"({OPENED})().length === 2")
    wait_for_idle(page)
    for name in ("Briefing", "Sources"):
        page.get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
        wait_for_idle(page)
        page.get_by_role("link", name="Explore", exact=True).click()
        assert len(routes(drawn_frame(page))) == 8
        expect(page.get_by_role("button", name="Remove codes.csv")).to_be_visible()
    page.get_by_role("button", name="Remove codes.csv").click()
    wait_until(map_frame(page), f"({OPENED})().length === 0")
    wait_for_idle(page)


def test_a_file_that_is_chosen_while_another_is_read_is_opened_too(page: Page) -> None:
    pairs = [f"{lat / 10}N 36E,{lat / 10}N 60E" for lat in range(100, 700)]
    for name, lines in (("many.csv", pairs), ("one.csv", ["EFHK,RJAA"])):
        data = "\n".join(["from,to", *lines]).encode()
        file = FilePayload(name=name, mimeType="text/csv", buffer=data)
        with page.expect_response(lambda answer: "upload_file" in answer.url):
            page.locator('input[type="file"]').set_input_files(file)
    wait_until(map_frame(page), f"({OPENED})().length === 1 && map.atlas.bundles.size === 1")
    wait_for_idle(page)
    for name in ("many.csv", "one.csv"):
        page.get_by_role("button", name=f"Remove {name}").click()
        expect(page.get_by_role("button", name=f"Remove {name}")).to_have_count(0)
    wait_for_idle(page)
