"""The page in the dark, on a phone, and below another address."""

from playwright.sync_api import Browser, Frame, Page, expect

from tests.browser.support import checked_page, choose, open_atlas, routes, serve

TELEPHONE = {"width": 390, "height": 844}
LIGHTNESS = """colour => {
    const [red, green, blue] = colour.match(/[0-9.]+/g).map(Number);
    return (red + green + blue) / 3;
}"""


def lightness(frame: Page | Frame, selector: str, style: str) -> float:
    """Return how light a colour of an element is, 0 to 255."""
    colour = frame.locator(selector).first.evaluate(
        "(node, style) => getComputedStyle(node)[style]", style
    )
    return float(frame.evaluate(LIGHTNESS, colour))


def test_the_map_is_dark_where_the_page_is(browser: Browser, app_url: str) -> None:
    with checked_page(browser, color_scheme="dark") as page:
        frame = open_atlas(page, app_url)
        assert frame.evaluate("document.documentElement.dataset.theme") == "dark"
        for where, selector in (
            (page, '[data-testid="stApp"]'),
            (page, ".strip-part"),
            (frame, ".leaflet-container"),
            (frame, ".legend"),
        ):
            assert lightness(where, selector, "backgroundColor") < 128, selector
        assert lightness(frame, ".label.strong", "color") > 128
        assert len(routes(frame)) == 6


def test_a_telephone_shows_the_page_without_scrolling_sideways(
    browser: Browser, app_url: str
) -> None:
    with checked_page(browser, viewport=TELEPHONE, has_touch=True) as page:
        frame = open_atlas(page, app_url)
        widths = page.evaluate("""() => ["html", "[data-testid=stMain]"].map(selector => {
            const node = document.querySelector(selector);
            return node.scrollWidth - node.clientWidth;
        })""")
        assert widths == [0, 0]
        width, height = frame.evaluate("[innerWidth, innerHeight]")
        assert width > 330
        points = frame.evaluate(
            "map.atlas.scene.lines.flatMap(line => line.points)"
            ".map(point => map.latLngToContainerPoint(point)).map(at => [at.x, at.y])"
        )
        assert not [(x, y) for x, y in points if not (0 < x < width and 0 < y < height)]
        legend = frame.locator("details.legend")
        assert legend.get_attribute("open") is None
        legend.locator("summary").tap()
        expect(legend.get_by_text("Departure, kept in use")).to_be_visible()
        for name in ("Hmeymim", "Chelyabinsk Shagol"):
            expect(frame.locator(".label").get_by_text(name, exact=True)).to_be_visible()


def test_it_works_below_another_address(browser: Browser) -> None:
    with serve("app.py", base_path="/atlas") as server, checked_page(browser) as page:
        frame = open_atlas(page, server.url)
        assert len(routes(frame)) == 6
        choose(page, "Way", "Corridor via the Caspian")
        assert len(routes(frame)) == 9
        assert "/atlas" in page.url
        page.get_by_test_id("stSidebarNav").get_by_text("Sources", exact=True).click()
        expect(page.get_by_role("heading", name="Sources", exact=True)).to_be_visible()
        assert page.url.endswith("/atlas/sources")
