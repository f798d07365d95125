"""Measure shortest ways, beside those of extremitypathfinder: `python -m benchmarks.corridor`.

The four routes of the table in the README, Turkey, Georgia, Armenia and Ukraine closed: length, km
inside closed airspace (by the crossing engine, on the shipped borders), and the seconds of a cold
and a warm answer. extremitypathfinder gets the same closed airspace, simplified so far that it is
prepared within a minute or so. Then 200 random airport pairs, each with three random large
countries closed (seed 7), and the first answer of a new process.
"""

import subprocess
import sys
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import perf_counter

import airportsdata
import numpy as np
import pyarrow.parquet as pq
import shapely

from geo.airspace import Airspace
from geo.airspace_file import load_airspace
from geo.closure import Closure, make_closure
from geo.corridor import Ground, Router, load_ground
from geo.errors import NoWayError
from geo.geodesy import make_route
from geo.model import Place, Route

ROOT = Path(__file__).parents[1]
AIRSPACE, CORNERS, CELLS = (
    ROOT / "data" / f"{name}.parquet" for name in ("airspace", "corners", "cells")
)
CLOSED = ("TUR", "GEO", "ARM", "UKR")
HMEYMIM = Place("hmeymim", "Hmeymim", 35.9487, 35.4011)
ENDS = (
    Place("mozdok", "Mozdok", 44.600, 43.785),
    Place("shagol", "Shagol", 61.30, 55.26),
    Place("buturlinovka", "Buturlinovka", 40.6062, 50.7922),
    Place("khurba", "Khurba", 136.934, 50.409),
)
LARGE = (
    "RUS", "CAN", "USA", "CHN", "BRA", "AUS", "IND", "ARG", "KAZ", "DZA", "COD", "SAU", "MEX",
    "IDN", "SDN", "LBY", "IRN", "MNG", "PER", "TCD", "NER", "AGO", "MLI", "ZAF", "COL", "ETH",
    "BOL", "MRT", "EGY", "TZA",
)  # fmt: skip
PAIRS, SEED, ROUNDS = 200, 7, 7
FINENESS_M = 1_500.0
MIDDLE = 44.0, 43.0
TARGET_FIRST_S, TARGET_MEDIAN_MS, TARGET_95_MS = 0.5, 50.0, 150.0
FIRST = """
from time import perf_counter
from benchmarks.corridor import *
airspace = load_airspace(AIRSPACE)
begin = perf_counter()
ground = load_ground(airspace, AIRSPACE, CORNERS, CELLS)
Router(ground, make_closure(airspace, CLOSED)).find(HMEYMIM, ENDS[0])
print(perf_counter() - begin)
"""
ALONE = Path(__file__).parents[1] / "build" / "alone"


def main() -> None:
    """Print the tables."""
    airspace = load_airspace(AIRSPACE)
    ground = load_ground(airspace, AIRSPACE, CORNERS, CELLS)
    print(f"{'way from Hmeymim':34}{'km':>10}{'km inside':>11}{'cold, ms':>10}{'warm, ms':>10}")
    warm_ms = [time_ours(ground, end) for end in ENDS]
    time_planner(airspace)
    say("Median of the four, warm", median(warm_ms), TARGET_MEDIAN_MS)
    random_ms = time_random(ground)
    print(f"{PAIRS} airport pairs, three large countries closed, cold: {median(random_ms):.1f} ms")
    say("  at the 95th percentile", float(np.percentile(random_ms, 95)), TARGET_95_MS)
    print(f"  the slowest {max(random_ms):.0f} ms")
    first_s = median(first_answer_s() for _ in range(ROUNDS))
    say("First answer of a new process, its files read", first_s * 1000, TARGET_FIRST_S * 1000)


def say(what: str, took_ms: float, target_ms: float) -> None:
    """Print a time beside its target."""
    verdict = "met" if took_ms <= target_ms else "MISSED"
    print(f"{what}: {took_ms:.1f} ms   target: {target_ms:.0f} {verdict}")


def time_ours(ground: Ground, end: Place) -> float:
    """Print a row for ours; returns the milliseconds of a warm answer."""
    closure = make_closure(ground.airspace, CLOSED)
    cold = median(timed_ms(lambda: Router(ground, closure).find(HMEYMIM, end), ROUNDS))
    router = Router(ground, closure)
    route = router.find(HMEYMIM, end).route
    warm = median(timed_ms(lambda: router.find(HMEYMIM, end), ROUNDS))
    row(ground.airspace, f"Corridor, to {end.name}", route, cold, warm)
    return warm


def time_planner(airspace: Airspace) -> None:
    """Print the rows of extremitypathfinder, where it is installed."""
    # In a folder of its own: it brings a package "tests" that would take the place of this one.
    sys.path.append(str(ALONE))
    if find_spec("extremitypathfinder") is None:
        print("extremitypathfinder: not installed")
        return
    from benchmarks.planar import Plane, make_planner

    table = pq.read_table(AIRSPACE, columns=["claims", "geometry"])
    closed = [bool(set(claims) & set(CLOSED)) for claims in table["claims"].to_pylist()]
    areas = shapely.from_wkb(table["geometry"].to_numpy())[closed]
    ends = np.array([(place.lon, place.lat) for place in (HMEYMIM, *ENDS)])
    planner = make_planner(areas, ends, Plane(*MIDDLE), FINENESS_M)
    for end in ENDS:
        (points, cold_s), (_, warm_s) = (
            planner.way((HMEYMIM.lon, HMEYMIM.lat), (end.lon, end.lat)) for _ in range(2)
        )
        route = make_route(end.name, [Place("", "", *point) for point in points.tolist()])
        row(airspace, f"extremitypathfinder, {end.name}", route, cold_s * 1000, warm_s * 1000)
    print(
        f"  prepared in {planner.prepared_s:.0f} s before, at a fineness of {FINENESS_M:,.0f} m: "
        f"{planner.vertices:,} vertices"
    )


def row(airspace: Airspace, name: str, route: Route, cold_ms: float, warm_ms: float) -> None:
    """Print a row of the table."""
    crossings = airspace.crossings_on([route])[0]
    inside_m = sum(each.length_m for each in crossings if set(each.claims) & set(CLOSED))
    length = f"{route.length_m / 1000:>10.2f}{inside_m / 1000:>11.2f}"
    print(f"{name:34}{length}{cold_ms:>10.1f}{warm_ms:>10.1f}")


def time_random(ground: Ground) -> list[float]:
    """Time ways of random airports, each under a closure of its own, in milliseconds."""
    rng, times = np.random.default_rng(SEED), list[float]()
    airports = [Place("", "", a["lon"], a["lat"]) for a in airportsdata.load("IATA").values()]
    while len(times) < PAIRS:
        closure = make_closure(ground.airspace, rng.choice(LARGE, 3, replace=False).tolist())
        start, end = (airports[number] for number in rng.integers(0, len(airports), 2))
        lonlat = np.array([(start.lon, start.lat), (end.lon, end.lat)])
        if not closure.shuts(ground.airspace)[ground.airspace.coverage.at(lonlat)].any():
            times += timed_ms(partial(answer, ground, closure, start, end), 1)
    return times


def answer(ground: Ground, closure: Closure, start: Place, end: Place) -> None:
    """Look for a way; that there is none is an answer too."""
    try:
        Router(ground, closure).find(start, end)
    except NoWayError:
        return


def timed_ms(act: Callable[[], object], rounds: int) -> list[float]:
    """Run something some times; returns the milliseconds of each."""
    times = []
    for _ in range(rounds):
        begin = perf_counter()
        act()
        times.append((perf_counter() - begin) * 1000)
    return times


def first_answer_s() -> float:
    """Time, in a new process, the files of ways, a router and its first way, in seconds."""
    output = subprocess.run(
        [sys.executable, "-c", FIRST], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return float(output)


if __name__ == "__main__":
    main()
