"""Measure a click on a country, to the changed map: `python -m benchmarks.closing`.

One country after the other is closed, so that no way is known yet. The page's own clock runs from
the click to the next scene drawn; the first click is left out.
"""

from contextlib import ExitStack
from statistics import median, quantiles

from playwright.sync_api import sync_playwright

from tests.browser.support import (
    at_place,
    launch,
    map_frame,
    open_atlas,
    open_page,
    serve,
    wait_for_idle,
)

TARGET_MS = 250
# Where no route, symbol or control is in the way.
COUNTRIES = {
    "Georgia": (42.2, 43.2), "Turkey": (39.0, 35.0), "Ukraine": (49.6, 31.0),
    "Armenia": (40.5, 44.7), "Uzbekistan": (42.5, 62.0), "Turkmenistan": (39.0, 59.0),
    "Belarus": (53.8, 28.5), "Poland": (52.2, 20.0), "Kazakhstan": (49.0, 60.0),
}  # fmt: skip
MEASURE = """() => {
    window.tookMs = null;
    const drawn = window.corridorDrawn;
    addEventListener("click", () => {
        const start = performance.now();
        const poll = () => {
            if (window.corridorDrawn !== drawn) window.tookMs = performance.now() - start;
            else requestAnimationFrame(poll);
        };
        requestAnimationFrame(poll);
    }, {capture: true, once: true});
}"""


def main() -> None:
    """Print the median and the middle half."""
    with sync_playwright() as playwright, ExitStack() as stack:
        server = stack.enter_context(serve("app.py"))
        browser = stack.enter_context(launch(playwright))
        page, _ = stack.enter_context(open_page(browser))
        frame = open_atlas(page, server.url)
        times = []
        for at in COUNTRIES.values():
            frame = map_frame(page)
            frame.evaluate(MEASURE)
            page.mouse.click(*at_place(page, frame, at))
            took = page.wait_for_function(
                "() => document.querySelector('iframe[src*=st_folium]').contentWindow.tookMs",
                polling=50,
            )
            times.append(float(took.json_value()))
            wait_for_idle(page)
            page.wait_for_timeout(250)
    low, _, high = quantiles(times[1:], n=4)
    print(f"A click on a country, to the changed map: {median(times[1:]):.0f} ms", end=" ")
    print(f"(half of them {low:.0f} to {high:.0f}; target {TARGET_MS})")


if __name__ == "__main__":
    main()
