"""Open the page of a pack as a file, with the network cut."""

from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Page, expect
from pyproj import Geod

from geo.render.pack.contents import Pack
from geo.render.pack.webpage import write_page
from tests.browser.support import POLL_MS, Watch
from tests.test_pack_contents import NASTY, deck, with_texts


def open_pack(page: Page, folder: Path, pack: Pack) -> list[str]:
    """Open the page without a network, and return the list of its requests."""
    file = folder / "page.html"
    file.write_bytes(write_page(pack))
    page.context.set_offline(True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    page.wait_for_function("() => window.corridorDrawn > 0", polling=POLL_MS)
    return asked


def view(page: Page) -> tuple[float, float, float]:
    lat, lon, zoom = page.evaluate("[map.getCenter().lat, map.getCenter().lng, map.getZoom()]")
    return lat, lon, zoom


def test_the_map_pans_and_zooms_with_no_request(page: Page, tmp_path: Path) -> None:
    pack = deck()
    asked = open_pack(page, tmp_path, pack)
    assert page.locator("path.route").count() == len(pack.first.rows)
    assert page.evaluate("map.getBounds().contains(map.atlas.bounds)")
    box = page.locator("#map").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.2
    lat, lon, zoom = view(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 120, y + 80, steps=6)
    page.mouse.up()
    page.wait_for_function(f"() => map.getCenter().lng > {lon} + 0.5", polling=POLL_MS)
    assert view(page)[0] > lat
    page.get_by_role("button", name="Zoom in").click()
    page.wait_for_function(f"() => map.getZoom() > {zoom}", polling=POLL_MS)
    # Leaflet hears no wheel while it zooms.
    page.wait_for_function("() => !map._animatingZoom", polling=POLL_MS)
    page.mouse.move(x, y)
    page.mouse.wheel(0, -300)
    page.wait_for_function(f"() => map.getZoom() > {zoom} + 0.5", polling=POLL_MS)
    assert len(asked) == 1


def test_a_click_opens_a_card_and_tells_no_server(page: Page, tmp_path: Path) -> None:
    open_pack(page, tmp_path, deck())
    page.locator('.mark[aria-label="Hmeymim"]').click()
    assert "Hmeymim" in page.locator(".card h2").inner_text()
    box = page.locator("#map").bounding_box()
    assert box is not None
    # What works in a file is offered; what would need a server or an address isn't.
    shown = page.locator("button.tool:visible").evaluate_all("all => all.map(b => b.title)")
    assert set(shown) == {"Measure", "Graticule", "Clean view", "Full screen"}
    page.mouse.click(box["x"] + box["width"] * 0.6, box["y"] + 12)
    page.wait_for_timeout(100)


def test_measure_and_graticule_work_with_no_request(page: Page, tmp_path: Path) -> None:
    asked = open_pack(page, tmp_path, deck())
    page.get_by_role("button", name="Graticule").click()
    page.wait_for_selector(".graticule-label")
    page.get_by_role("button", name="Measure").click()
    for at in ((35.4, 35.9), (55.3, 61.3)):
        x, y = page.evaluate(
            "at => { const p = map.latLngToContainerPoint(at), "
            "b = map.getContainer().getBoundingClientRect(); return [p.x + b.x, p.y + b.y]; }",
            list(at),
        )
        page.mouse.click(x, y)
        page.wait_for_timeout(400)
    expect(page.locator(".measure-panel tr.leg")).to_be_visible()
    heads, cells = (
        page.locator(f".measure-panel tr.{kind}").locator("th, td").all_inner_texts()
        for kind in ("head", "leg")
    )
    miles = dict(zip(heads, cells, strict=True))["mi"]
    ends = page.evaluate("map.tools.Measure.points.map(({lat, lng}) => [lng, lat])")
    assert len(ends) == 2
    metres = Geod(ellps="WGS84").inv(*ends[0], *ends[1])[2]
    assert float(miles.replace(",", "")) == pytest.approx(metres / 1609.344, abs=0.6)
    assert len(asked) == 1


def test_a_row_of_the_table_leads_to_its_line(page: Page, tmp_path: Path) -> None:
    pack = deck()
    open_pack(page, tmp_path, pack)
    row = pack.first.rows[1].flight.plan
    rows = page.locator("tr[data-route]")
    assert rows.count() == len(pack.first.rows)
    rows.nth(1).get_by_role("button").click()
    assert page.locator(".card h2").inner_text() == row.name
    assert rows.nth(1).get_attribute("data-picked") == "true"
    assert rows.nth(0).get_attribute("data-picked") == "false"


@pytest.mark.parametrize("dark", [False, True])
def test_the_strips_are_drawn_to_one_scale(page: Page, tmp_path: Path, dark: bool) -> None:
    pack = deck("dark" if dark else "light")
    open_pack(page, tmp_path, pack)
    ends = page.evaluate(
        "[...document.querySelectorAll('td.pack-strip')].map(cell => Math.max(...[...cell"
        ".querySelector('svg').querySelectorAll('rect')].map(r => r.getBoundingClientRect().right"
        " - cell.querySelector('svg').getBoundingClientRect().left)))"
    )
    lengths = [row.length_m for row in pack.first.rows]
    shares = [end / length for end, length in zip(ends, lengths, strict=True)]
    assert max(shares) / min(shares) < 1.01
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(20, 24, 28)" if dark else "rgb(255, 255, 255)")


def test_hostile_texts_are_only_texts(page: Page, tmp_path: Path) -> None:
    dialogs: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    pack = with_texts(NASTY[:1])
    open_pack(page, tmp_path, pack)
    assert page.locator("h1").inner_text() == pack.first.title
    assert page.locator("h1 b").count() == 0
    assert dialogs == []


@pytest.mark.unwatched
def test_the_policy_stops_what_would_leave_the_page(
    watched_page: tuple[Page, Watch], tmp_path: Path
) -> None:
    page, watch = watched_page
    open_pack(page, tmp_path, deck())
    assert watch.errors == []
    page.evaluate(
        "() => { const i = new Image(); i.src = 'data:image/gif;base64,R0lGODlhAQABAAAAACw=';"
        " const s = document.createElement('script'); s.textContent = 'window.ran = true';"
        " document.body.append(i, s); }"
    )
    page.wait_for_timeout(200)
    assert page.evaluate("window.ran") is None
    assert len([each for each in watch.errors if "Content Security Policy" in each]) == 2


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_the_page_is_no_wider_than_its_window(page: Page, tmp_path: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    open_pack(page, tmp_path, with_texts((*NASTY[4:5], "Name")))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
