"""Take the README's pictures from the running app: `python -m scripts.take_screenshots`."""

from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.support import launch, map_frame, open_page, serve, wait_for_idle

DOCS = Path(__file__).parents[1] / "docs"
SIZE = {"width": 1360, "height": 1330}


def main() -> None:
    """Save the opening view in both themes."""
    with serve("app.py") as server, sync_playwright() as playwright, launch(playwright) as browser:
        for theme in ("light", "dark"):
            with open_page(browser, viewport=SIZE, color_scheme=theme) as (page, watch):
                page.goto(server.url)
                map_frame(page).wait_for_function("() => window.corridorDrawn")
                wait_for_idle(page)
                page.wait_for_timeout(800)
                page.screenshot(path=DOCS / f"explore-{theme}.png")
                watch.check()


if __name__ == "__main__":
    main()
