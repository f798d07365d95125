"""Measure the app beside plain ones, in one browser and in turns: `python -m benchmarks.browser`.

Two things are measured inside the page, by its own clock: from the click on a control to the
changed map, and from the start of the navigation to the first map. Every round measures each
app once, so that whatever else the machine does meets all of them alike; medians are compared.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from statistics import median, quantiles

from playwright.sync_api import Browser, Locator, Page, TimeoutError, sync_playwright

from tests.browser.support import ROOT, launch, open_page, serve, wait_for_idle

MAP = "document.querySelector('iframe[src*=\"streamlit_folium.st_folium\"]')?.contentWindow"
PAUSE_MS = 250

# `state` is a function that gives what is drawn, as a value that differs after each change,
# or null while nothing is.
MEASURE_CHANGE = """([source]) => {
    const state = eval(source), before = state();
    window.tookMs = null;
    addEventListener("click", () => {
        const start = performance.now();
        const poll = () => {
            const now = state();
            if (now !== null && now !== before) window.tookMs = performance.now() - start;
            else requestAnimationFrame(poll);
        };
        requestAnimationFrame(poll);
    }, {capture: true, once: true});
}"""


@dataclass(frozen=True)
class App:
    """A Streamlit script to measure: `state` as above, `control` what to click in a round."""

    name: str
    script: str
    state: str
    control: Callable[[Page, int], Locator] | None = None


def again(page: Page, _: int) -> Locator:
    """Return the empty app's button."""
    return page.get_by_role("button", name="Again")


def toggle(page: Page, _: int) -> Locator:
    """Return the plain app's toggle."""
    return page.get_by_test_id("stCheckbox").locator("label")


def way(page: Page, number: int) -> Locator:
    """Return one of the two corridors in Corridor's "Way" control, in turns.

    Each click adds the routes of one or takes them away, and so changes the map.
    """
    group = page.get_by_test_id("stButtonGroup").filter(
        has=page.get_by_test_id("stWidgetLabel").get_by_text("Way", exact=True)
    )
    return group.locator("button").nth(2 - number % 2)


EMPTY = App(
    "empty app",
    "benchmarks/apps/empty.py",
    "() => document.querySelector('[data-testid=\"stText\"]')?.textContent ?? null",
    again,
)
PLAIN = App(
    "plain folium",
    "benchmarks/apps/plain_folium.py",
    f"""() => {{
        const drawn = {MAP}?.document;
        return ["#0072b2", "#d55e00"].find(colour =>
            drawn?.querySelectorAll(`path[stroke="${{colour}}"]`).length === 12) ?? null;
    }}""",
    toggle,
)
BARE = App(
    "bare map", "benchmarks/apps/bare_map.py", f"() => {MAP}?.map?._loaded ? 'loaded' : null"
)
CORRIDOR = App(
    "Corridor",
    "app.py",
    f"() => {MAP}?.corridorRouteCount > 0 ? {MAP}.corridorDrawn : null",
    way,
)


@dataclass(frozen=True)
class Target:
    """A ratio of two medians that is to be kept."""

    what: str
    app: App
    base: App
    at_most: float


CHANGE_TARGETS = (
    Target("a click", CORRIDOR, EMPTY, 1.75),
    Target("a click", CORRIDOR, PLAIN, 1 / 8),
)
OPEN_TARGETS = (Target("a first open", CORRIDOR, BARE, 1.3),)
Times = dict[App, list[float]]


class DrawingError(Exception):
    """An app that could not be measured."""


@contextmanager
def naming(app: App) -> Iterator[None]:
    """Say which app it was where one doesn't draw in time."""
    try:
        yield
    except TimeoutError as error:
        raise DrawingError(f"{app.name}: {error.message.splitlines()[0]}") from error


def change(page: Page, app: App, number: int) -> float:
    """Click the app's control; return the milliseconds until the change is drawn."""
    assert app.control is not None
    page.bring_to_front()
    control = app.control(page, number)
    with naming(app):
        control.hover()
        page.evaluate(MEASURE_CHANGE, [app.state])
        control.click()
        took: float = page.wait_for_function("() => window.tookMs", polling=50).json_value()
        wait_for_idle(page)
    page.wait_for_timeout(PAUSE_MS)
    return took


def first_open(browser: Browser, app: App, url: str) -> float:
    """Open the app with an empty cache; return the milliseconds until its map is drawn."""
    with open_page(browser) as (page, _), naming(app):
        page.goto(url, wait_until="commit")
        ready = f"() => ({app.state})() === null ? null : performance.now()"
        took: float = page.wait_for_function(ready).json_value()
        wait_for_idle(page)
        page.wait_for_timeout(PAUSE_MS)
        return took


def measure_changes(browser: Browser, urls: dict[App, str], rounds: int) -> Times:
    """Return the times of the clicks, after two rounds of warming up."""
    with ExitStack() as stack:
        pages = {}
        for app in urls:
            if app.control:
                pages[app], _ = stack.enter_context(open_page(browser))
                with naming(app):
                    pages[app].goto(urls[app])
                    pages[app].wait_for_function(f"() => ({app.state})() !== null")
                    wait_for_idle(pages[app])
        times: Times = {app: [] for app in pages}
        for number in range(rounds + 2):
            for app, page in pages.items():
                times[app].append(change(page, app, number))
        return {app: taken[2:] for app, taken in times.items()}


def measure_opens(browser: Browser, urls: dict[App, str], rounds: int) -> Times:
    """Return the times of the first opens, after one round of warming up."""
    times: Times = {app: [] for app in urls}
    for _ in range(rounds + 1):
        for app, url in urls.items():
            times[app].append(first_open(browser, app, url))
    return {app: taken[1:] for app, taken in times.items()}


def print_times(title: str, times: Times) -> None:
    """Print the median and the middle half of each app's times."""
    print(f"\n{title}")
    for app, taken in times.items():
        low, _, high = quantiles(taken, n=4)
        print(f"  {app.name:14}{median(taken):7.0f} ms   (half of them {low:.0f} to {high:.0f})")


def print_target(target: Target, times: Times) -> None:
    """Print how the app compares with one of the others."""
    if target.app not in times:
        return
    ratio = median(times[target.app]) / median(times[target.base])
    verdict = "met" if ratio <= target.at_most else "MISSED"
    print(
        f"  {target.what} takes {ratio:.3f} x the {target.base.name}'s"
        f" (target: at most {target.at_most:.3f}): {verdict}"
    )


def main(arguments: list[str]) -> int:
    """Serve the apps, measure them and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="clicks on each app (15)")
    parser.add_argument("--opens", type=int, default=7, help="first opens of each app (7)")
    options = parser.parse_args(arguments)
    apps = [app for app in (EMPTY, PLAIN, BARE, CORRIDOR) if (ROOT / app.script).exists()]
    with ExitStack() as stack:
        urls = {app: stack.enter_context(serve(app.script)).url for app in apps}
        browser = stack.enter_context(launch(stack.enter_context(sync_playwright())))
        opens = measure_opens(browser, urls, options.opens)
        print_times("First open, empty cache, until the map is drawn", opens)
        changes = measure_changes(browser, urls, options.rounds)
        print_times("Click on a control until the change is drawn", changes)
    print(f"\n{CORRIDOR.name}")
    for target in CHANGE_TARGETS:
        print_target(target, changes)
    for target in OPEN_TARGETS:
        print_target(target, opens)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except DrawingError as error:
        sys.exit(f"Stopped: {error}")
