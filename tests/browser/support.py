"""Serve Streamlit scripts and look at them in a real browser."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Frame,
    Locator,
    Page,
    Playwright,
)
from playwright.sync_api import TimeoutError as TooLateError

from scripts.dev_browser import require_browser

ROOT = Path(__file__).resolve().parent.parent.parent
HOST = "127.0.0.1"
TIMEOUT_S = 30.0
# Waits in the map's frame ask anew every 50 ms: Playwright's usual wait is tied to the frame's
# animation, and now and then never ends where it began while the frame was being set up.
POLL_MS = 50
VIEWPORT = {"width": 1440, "height": 1000}
# Of several lists of features Chromium heeds the last, so Playwright's own come first. The others
# draw a window's buttons and address line as web pages of their own, which nobody sees here, and
# take more than half of the work that a fresh page is.
FEATURES_OFF = (
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,"
    "HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,PaintHolding,"
    "ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,TcpPortRandomizationWin,"
    "OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch,"
    "PreloadTopChromeWebUI,InitialWebUI,WebUIReloadButton,WebUIToolbar,WebUILocationBar,"
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup"
)
BROWSER_ARGS = (
    f"--disable-features={FEATURES_OFF}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
STREAMLIT_ARGS = (
    "--server.headless=true",
    f"--server.address={HOST}",
    "--server.fileWatcherType=none",
    "--browser.gatherUsageStats=false",
)


@dataclass(frozen=True)
class Server:
    """A running Streamlit server."""

    url: str
    log_file: Path

    def log(self) -> str:
        """Return all that the server printed so far."""
        return self.log_file.read_text(encoding="utf-8", errors="replace")


@dataclass(frozen=True)
class Watch:
    """What a page must not do: requests that leave the machine, and errors."""

    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def check(self) -> None:
        """Fail, naming all that was seen, unless nothing was."""
        assert not self.outside, f"requests left the machine: {self.outside}"
        assert not self.errors, f"the page had errors: {self.errors}"


def free_port() -> int:
    """Return a port that nothing listens on right now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def is_healthy(url: str) -> bool:
    """Tell whether the Streamlit server at `url` answers."""
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def wait_until_served(process: subprocess.Popen[bytes], server: Server) -> None:
    """Return once the server answers; raise with its log if it dies or takes too long."""
    end = time.monotonic() + TIMEOUT_S
    while not is_healthy(server.url):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}:\n{server.log()}")
        if time.monotonic() > end:
            raise RuntimeError(f"the server was silent for {TIMEOUT_S:.0f} s:\n{server.log()}")
        time.sleep(0.05)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the server and all that it started."""
    for stronger in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, stronger)
        except ProcessLookupError:
            break
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            continue
    process.wait(timeout=5)


@contextmanager
def serve(
    script: Path | str,
    *,
    env: Mapping[str, str] | None = None,
    args: Sequence[str] = (),
    base_path: str = "",
) -> Iterator[Server]:
    """Serve a Streamlit script on a free port while the context lasts.

    A relative `script` is looked for in the checkout, which is also the server's working
    folder. `env` adds to the environment; `args` are further arguments of `streamlit run`,
    the script's own after a "--". `base_path` is served under, such as "/atlas".
    """
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / script), *STREAMLIT_ARGS]
    command += [f"--server.port={port}", f"--server.baseUrlPath={base_path}", *args]
    with tempfile.TemporaryDirectory(prefix="corridor-") as folder:
        server = Server(f"http://{HOST}:{port}{base_path}", Path(folder) / "server.log")
        with server.log_file.open("wb") as log:
            process = subprocess.Popen(  # noqa: S603
                command,
                cwd=ROOT,
                env={**os.environ, **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            wait_until_served(process, server)
            yield server
            if process.poll() is not None:
                raise RuntimeError(f"the server ended with {process.returncode}:\n{server.log()}")
        finally:
            stop(process)


class _Handler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serve_files(folder: Path, files: Mapping[str, str]) -> Iterator[str]:
    """Write files into a folder and serve it while the context lasts; give its address.

    Each test that answered the browser's requests by itself would send it all of them anew.
    """
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    server = ThreadingHTTPServer((HOST, 0), partial(_Handler, directory=str(folder)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def launch(playwright: Playwright) -> Iterator[Browser]:
    """Start the browser; raises `BrowserError` with what to do about it where there is none."""
    browser = playwright.chromium.launch(
        executable_path=require_browser(), headless=True, args=list(BROWSER_ARGS)
    )
    try:
        yield browser
    finally:
        browser.close()


def watch(context: BrowserContext) -> Watch:
    """Record what all pages of a context shouldn't do, from now on."""
    seen = Watch()

    def record_address(url: str) -> None:
        address = urlsplit(url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.hostname != HOST:
            seen.outside.append(url)

    def record_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            seen.errors.append(f"{message.text} ({message.location.get('url', '')})")

    def record_page(page: Page) -> None:
        page.on("websocket", lambda socket: record_address(socket.url))

    context.on("request", lambda request: record_address(request.url))
    context.on("console", record_console)
    context.on("weberror", lambda error: seen.errors.append(str(error.error)))
    context.on("page", record_page)
    return seen


@contextmanager
def open_page(browser: Browser, **options: Any) -> Iterator[tuple[Page, Watch]]:
    """Give a fresh page, with no cookies or cache, and the watch over it.

    `options` are those of Playwright's `new_context`, such as `color_scheme="dark"`.
    """
    context = browser.new_context(**{"viewport": VIEWPORT, **options})
    try:
        context.set_default_timeout(TIMEOUT_S * 1000)
        seen = watch(context)
        yield context.new_page(), seen
    finally:
        context.close()


@contextmanager
def checked_page(browser: Browser, **options: Any) -> Iterator[Page]:
    """Give a fresh page as `open_page` does, and check it at the end.

    For tests that share a page: to load one again takes half as long as to open a fresh one.
    """
    with open_page(browser, **options) as (page, seen):
        yield page
        seen.check()


def wait_for_idle(page: Page) -> None:
    """Return once Streamlit has run the script to its end and shows the result."""
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    page.wait_for_function("document.querySelectorAll('[data-stale=\"true\"]').length === 0")


def map_frame(page: Page) -> Frame:
    """Return the frame of the page's map, once the Leaflet map in it is made: `window.map`."""
    selector = 'iframe[src*="streamlit_folium.st_folium"]'
    element = page.wait_for_selector(selector, state="attached")
    frame = element.content_frame() if element else None
    assert frame is not None, "the map's iframe has no frame"
    frame.wait_for_function("() => window.map && window.map._loaded === true", polling=POLL_MS)
    return frame


def wait_until(frame: Frame, condition: str) -> None:
    """Return once a JavaScript expression holds in the map's frame."""
    frame.wait_for_function(f"() => {condition}", polling=POLL_MS)


def open_atlas(page: Page, url: str) -> Frame:
    """Open a page of the app and return its map's frame, once the scene is drawn."""
    page.goto(url)
    return drawn_frame(page)


def drawn_frame(page: Page) -> Frame:
    """Return the map's frame once a scene is drawn in it and the page has settled."""
    frame = map_frame(page)
    wait_until(frame, "window.corridorDrawn > 0")
    wait_for_idle(page)
    return frame


def options(page: Page, group: str) -> Locator:
    """Return all buttons of a choice, found by its label."""
    named = page.get_by_test_id("stWidgetLabel").get_by_text(group, exact=True)
    return page.get_by_test_id("stButtonGroup").filter(has=named).locator("button")


def option(page: Page, group: str, text: str) -> Locator:
    """Return the button of a choice that shows exactly `text`."""
    return options(page, group).filter(has=page.get_by_text(text, exact=True))


def pick(page: Page, label: str, name: str, typed: str) -> None:
    """Pick from a list that is typed into, once more where the page was drawn anew meanwhile.

    That closes the list. A click on the box would too, once it has the focus.
    """
    box = page.get_by_role("combobox", name=label)
    found = page.get_by_role("option", name=name, exact=True)
    wait_for_idle(page)
    box.press_sequentially(typed)
    try:
        found.click(timeout=10_000)
    except TooLateError:
        box.fill("")
        box.press_sequentially(typed)
        found.click()


def choose(page: Page, group: str, text: str) -> None:
    """Click a button of a choice, and return once the map shows the outcome."""
    frame = map_frame(page)
    drawn = frame.evaluate("window.corridorDrawn")
    option(page, group, text).click()
    wait_until(frame, f"window.corridorDrawn > {drawn}")
    wait_for_idle(page)


def routes(frame: Frame) -> list[str]:
    """List the ids of the routes that the map shows, as long as as many lines are drawn."""
    shown: list[str] = frame.evaluate("map.atlas.scene.lines.map(line => line.id)")
    drawn = frame.locator("path.route").count()
    assert drawn == len(shown), f"{drawn} lines are drawn for {len(shown)} routes"
    return shown


def at_place(page: Page, frame: Frame, latlon: Sequence[float]) -> tuple[float, float]:
    """Return where on the page, in pixels, a place of the map is; scrolls the map into view."""
    element = frame.frame_element()
    element.scroll_into_view_if_needed()
    box = element.bounding_box()
    assert box is not None, "the map has no box"
    at = frame.evaluate("at => map.latLngToContainerPoint(at)", list(latlon))
    return box["x"] + at["x"], box["y"] + at["y"]
