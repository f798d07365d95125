"""Measure the page with many routes and many readers: `python -m benchmarks.many`.

Clicks and first draws by the page's own clock, reruns by the processor's, and memory as the system
tells it of the server: how much it grows with each reader, who has a page open, and then a file of
their own in it. Medians are compared; beside them stands the best of the rounds, which other work
spoils least.
"""

import json
import logging
import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from random import Random
from statistics import median
from time import thread_time
from typing import Any

import airportsdata
from playwright.sync_api import Browser, FilePayload, Page, sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.testing.v1 import AppTest
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from benchmarks.browser import CORRIDOR, MAP, DrawingError, change
from tests.browser.support import ROOT, Server, launch, open_atlas, open_page, serve, wait_for_idle

SHOWN, OPENED = 200, 5000
WARM, READERS, WITH_FILE = 10, 100, 5
PATIENCE_MS = 300_000
REGION = (-10.0, 25.0, 90.0, 65.0)
CLICK_MS, FIRST_MS, TOGGLE_MS, RERUN_MS, READER_MB = 250, 3000, 500, 30, 60
# Runs from the choice of a file to the frame after its routes were handed to the browser.
MEASURE_FIRST = f"""() => {{
    const count = () => {MAP}?.corridorBundled || 0, before = count();
    window.tookMs = null;
    addEventListener("change", () => {{
        const start = performance.now();
        const poll = () => {{
            const drawn = count() > before;
            requestAnimationFrame(drawn ? () => setTimeout(() => {{
                window.tookMs = performance.now() - start;
            }}) : poll);
        }};
        requestAnimationFrame(poll);
    }}, {{capture: true, once: true}});
}}"""


def airports(
    seed: int, count: int, within: tuple[float, float, float, float] = (-180, -90, 180, 90)
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Pick pairs of airports that airlines fly to, the same for the same seed."""
    random, (west, south, east, north) = Random(seed), within
    known = [
        dict(airport)
        for airport in airportsdata.load("ICAO").values()
        if airport["iata"] and west < airport["lon"] < east and south < airport["lat"] < north
    ]
    return [(first, second) for first, second in (random.sample(known, 2) for _ in range(count))]


def flights_file(seed: int) -> FilePayload:
    """Write a CSV of routes, each file with others."""
    pairs = airports(seed, OPENED)
    lines = ["from,to", *(f"{first['icao']},{second['icao']}" for first, second in pairs)]
    data = "\n".join(lines).encode()
    return FilePayload(name=f"flights{seed}.csv", mimeType="text/csv", buffer=data)


def long_story() -> dict[str, Any]:
    """Write a story of routes to as many airports, a tenth of them by two ways to be toggled."""
    ways = {"direct": "Direct", "a": "First detour", "b": "Second detour"}
    (start, _), *_ = airports(0, 1, REGION)
    features = [_place("start", start, "departure")]
    for number, (end, via) in enumerate(airports(1, SHOWN, REGION)):
        way = "direct" if number % 10 else "ab"[number // 10 % 2]
        features.append(_place(f"end{number}", end, "landing"))
        stops = [start, end] if way == "direct" else [start, via, end]
        ids = ["start", f"end{number}"]
        if way != "direct":
            features.append(_place(f"via{number}", via, "staging"))
            ids.insert(1, f"via{number}")
        line = {"type": "LineString", "coordinates": [_at(stop) for stop in stops]}
        properties = {"name": f"Route {number}", "way": way, "places": ids, "sources": ["list"]}
        features.append(_feature(f"route{number}", line, properties))
    return {
        "type": "FeatureCollection",
        "corridor": {
            "title": f"{SHOWN} routes",
            "summary": "Made to be measured.",
            "sources": [{"id": "list", "title": "A list"}],
            "ways": [{"id": id, "name": name} for id, name in ways.items()],
        },
        "features": features,
    }


def _feature(id: str, geometry: object, properties: object) -> dict[str, Any]:
    return {"type": "Feature", "id": id, "geometry": geometry, "properties": properties}


def _place(id: str, airport: dict[str, Any], role: str) -> dict[str, Any]:
    properties = {"name": f"{airport['icao']} {id}", "role": role, "sources": ["list"]}
    return _feature(id, {"type": "Point", "coordinates": _at(airport)}, properties)


def _at(airport: dict[str, Any]) -> list[float]:
    return [round(airport["lon"], 4), round(airport["lat"], 4)]


def measure_clicks(browser: Browser, story: Path, rounds: int = 10) -> list[float]:
    """Click a way on and off with all routes of a story shown; return the milliseconds."""
    with (
        serve("app.py", env={"CORRIDOR_STORY": str(story)}) as server,
        open_page(browser) as (page, _),
    ):
        # What each route only just passes is told below the map, and takes a while at first.
        page.set_default_timeout(PATIENCE_MS)
        frame = open_atlas(page, f"{server.url}/?airfields=All&way=Direct&way=First+detour")
        shown = frame.evaluate("map.atlas.scene.lines.length")
        print(f"{shown} routes are shown, and {SHOWN - shown} more or fewer after each click.")
        return [change(page, CORRIDOR, 2 * number + 1) for number in range(rounds + 2)][2:]


def measure_opened(browser: Browser, server: Server, rounds: int = 5) -> Iterator[list[float]]:
    """Open files of many routes, one after another, then click with the last one there."""
    with open_page(browser) as (page, _):
        unfold(page, server)
        firsts = [open_file(page, flights_file(seed)) for seed in range(100, 101 + rounds)]
        yield firsts[1:]
        yield [change(page, CORRIDOR, number) for number in range(rounds * 2 + 2)][2:]


def unfold(page: Page, server: Server) -> None:
    """Open the page, and on it the control for files."""
    open_atlas(page, server.url)
    page.get_by_text("Open your own file").click()
    page.locator('input[type="file"]').wait_for(state="attached")
    wait_for_idle(page)


def open_file(page: Page, file: FilePayload) -> float:
    """Choose a file instead of the last one; return the milliseconds until it is drawn."""
    page.bring_to_front()
    remove = page.get_by_role("button", name="Remove ")
    if remove.count():
        remove.click()
        remove.wait_for(state="detached")
        wait_for_idle(page)
    page.evaluate(MEASURE_FIRST)
    page.locator('input[type="file"]').set_input_files(file)
    took: float = page.wait_for_function("() => window.tookMs", polling=50).json_value()
    wait_for_idle(page)
    return took


def measure_reruns(opened: bool, rounds: int = 30) -> list[float]:
    """Run the page's script over and over, without a browser; return the milliseconds."""
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    if opened:
        page.session_state["files_wanted"] = True
    page.run()
    if opened:
        file = flights_file(200)
        page.file_uploader[0].upload(file["name"], file["buffer"], file["mimeType"])
    times: list[float] = []
    run_script = ScriptRunner._run_script

    def timed(self: ScriptRunner, *args: Any, **kwargs: Any) -> None:
        start = thread_time()
        run_script(self, *args, **kwargs)
        times.append((thread_time() - start) * 1000)

    ScriptRunner._run_script = timed  # type: ignore[method-assign]
    try:
        for _ in range(rounds + 3):
            page.run()
    finally:
        ScriptRunner._run_script = run_script  # type: ignore[method-assign]
    if page.exception:
        raise DrawingError(f"the page failed: {page.exception[0].message}")
    return times[3:]


def measure_memory(browser: Browser, server: Server) -> tuple[float, float]:
    """Let readers come, then readers with a file each; return the megabytes that each of them adds.

    The first ones are left out: they bring in what all the others share.
    """
    with ExitStack() as stack:
        for _ in range(WARM):
            come(stack, server)
        come_with_file(stack, browser, server, flights_file(300))
        before = resident_mb(server)
        for _ in range(READERS):
            come(stack, server)
        after = resident_mb(server)
        for number in range(WITH_FILE):
            come_with_file(stack, browser, server, flights_file(301 + number))
        return (after - before) / READERS, (resident_mb(server) - after) / WITH_FILE


def come_with_file(stack: ExitStack, browser: Browser, server: Server, file: FilePayload) -> None:
    """Open a page and a file in it, without a map: the browser's own memory isn't the matter."""
    page, _ = stack.enter_context(open_page(browser))
    page.route("**/component/**", lambda route: route.abort())
    page.goto(server.url)
    page.get_by_text("Open your own file").click()
    page.locator('input[type="file"]').set_input_files(file)
    page.get_by_role("heading", name="The opened routes").wait_for()
    wait_for_idle(page)


def come(stack: ExitStack, server: Server) -> None:
    """Hold a page open as a browser does, and wait until all of it has come."""
    address = f"{server.url.replace('http', 'ws', 1)}/_stcore/stream"
    line = stack.enter_context(connect(address, subprotocols=[Subprotocol("streamlit")]))
    line.send(BackMsg(rerun_script=ClientState()).SerializeToString())
    message = ForwardMsg()
    while message.WhichOneof("type") != "script_finished":
        message = ForwardMsg.FromString(line.recv(timeout=PATIENCE_MS / 1000, decode=False))


def resident_mb(server: Server) -> float:
    """Ask the system how much memory a server holds."""
    port = server.url.rpartition(":")[2]
    listed = subprocess.run(
        ["ps", "-A", "-o", "rss=,args="], capture_output=True, text=True, check=True
    ).stdout
    (line,) = [each for each in listed.splitlines() if f"--server.port={port} " in f"{each} "]
    return int(line.split()[0]) / 1024


def tell(what: str, values: Sequence[float], target: float, unit: str = "ms") -> None:
    """Print the median, the best and the target."""
    verdict = "met" if median(values) <= target else "MISSED"
    best = f"   best {min(values):6.0f}" if len(values) > 1 else ""
    print(f"{what:48}{median(values):8.1f} {unit}{best}   target: {target:,} {verdict}")


def main() -> None:
    """Measure one thing after another."""
    logging.disable(logging.WARNING)  # Streamlit's, of running without a server
    print(f"Load when it begins: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors.")
    tell("Python time of a rerun, opening view", measure_reruns(opened=False), RERUN_MS)
    tell(f"Python time of a rerun, {OPENED:,} opened", measure_reruns(opened=True), RERUN_MS)
    with ExitStack() as stack:
        browser = stack.enter_context(launch(stack.enter_context(sync_playwright())))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        story = folder / "story.geojson"
        story.write_text(json.dumps(long_story()), encoding="utf-8")
        tell(
            f"Click to changed map, {SHOWN} routes shown", measure_clicks(browser, story), CLICK_MS
        )
        server = stack.enter_context(serve("app.py"))
        firsts, toggles = measure_opened(browser, server)
        tell(f"First draw of {OPENED:,} opened routes", firsts, FIRST_MS)
        tell(f"Toggle with {OPENED:,} opened routes", toggles, TOGGLE_MS)
        reader, with_file = measure_memory(browser, stack.enter_context(serve("app.py")))
        tell("Memory of a reader", [reader], READER_MB, "MB")
        tell(f"Memory of a reader with {OPENED:,} routes", [with_file], READER_MB, "MB")
    print(f"Load when it ends: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
