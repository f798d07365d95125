"""Measure a briefing's files: `python -m benchmarks.pack`.

Processor time, since others may be at work on the machine: the median of a few runs once all is
loaded, each from the flown routes on, with nothing kept from the run before.
"""

import datetime as dt
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import process_time

from geo.airspace_file import load_airspace
from geo.compare import fly
from geo.edge import Edges, find_edges
from geo.render.pack.bundle import write_bundle
from geo.render.pack.contents import Pack
from geo.render.pack.slides import write_pptx
from geo.render.picture.png import write_png
from geo.render.picture.presets import PRESETS, Material
from geo.story import load_story

DATA = Path(__file__).parents[1] / "data"
RUNS = 5
DAY = dt.date(2026, 3, 5)
# By what is made: seconds, and megabytes where it has to be small.
TARGETS = {"PNG": (1.0, 1.0), "PPTX": (1.5, 2.0), "ZIP": (5.0, None)}


def flown() -> tuple[Material, dict[str, Edges]]:
    """Fly the built-in story, and find the edges of its routes."""
    airspace = load_airspace(DATA / "airspace.parquet", DATA / "land.parquet")
    story = load_story(DATA / "routes.geojson")
    flights = fly(story, airspace)
    edges = {f.plan.id: find_edges(airspace, f.route, f.crossings) for f in flights}
    return Material(story, flights, lambda f: edges[f.plan.id], DAY), edges


def make(kind: str, preset: str, material: Material, edges: dict[str, Edges]) -> bytes:
    """Make a file of a preset from the flown routes."""
    pack = Pack((PRESETS[preset](material),), edges)
    if kind == "PNG":
        return write_png(pack.pictures[0])
    return write_pptx(pack) if kind == "PPTX" else write_bundle(pack)


def measured(work: Callable[[], bytes]) -> tuple[float, int]:
    """Return the median of seconds, and the size; the bytes must be the same every time."""
    first, took = work(), []
    for _ in range(RUNS):
        start = process_time()
        again = work()
        took.append(process_time() - start)
        if again != first:
            raise SystemExit("The same pack gave other bytes.")
    return median(took), len(first)


def main() -> None:
    """Print what each file of each preset takes."""
    material, edges = flown()
    for kind, (most_s, most_mb) in TARGETS.items():
        aim = f"{most_s:g} s" + (f", {most_mb:g} MB" if most_mb else "")
        print(f"{kind} (target {aim}), the same bytes each time:")
        for preset in PRESETS:
            took_s, size = measured(partial(make, kind, preset, material, edges))
            print(f"  {preset:18} {took_s:5.2f} s {size / 1e6:6.2f} MB")


if __name__ == "__main__":
    main()
