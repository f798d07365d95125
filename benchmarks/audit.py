"""Audit random airport pairs from Parquet to Parquet: `python -m benchmarks.audit [rows]`.

The command is run as a reader would, on 10,000, 100,000 and 1,000,000 pairs, by one worker and by
two, in turn. Printed are seconds by the clock, seconds of processor time of all processes together,
the largest resident memory of any of them, and what each row costs beyond the smallest run. Then
PostGIS crosses 10,000 of the same pairs, where it is installed.
"""

import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from benchmarks import postgis
from benchmarks.crossings import DATA, airport_pairs, metres_of, places
from geo.airspace_file import load_airspace
from geo.geodesy import Lines, make_route, make_tracks

ROOT = Path(__file__).parents[1]
SIZES = (10_000, 100_000, 1_000_000)
POSTGIS_ROWS = 10_000
TARGET_S, TARGET_MB, TARGET_TIMES = 150, 1000, 1.8


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run took: by the clock, by the processors, and the most memory of a process."""

    wall_s: float
    cpu_s: float
    memory_mb: float


def main() -> None:
    """Print the table."""
    sizes = [size for size in SIZES if size <= int(sys.argv[1])] if sys.argv[1:] else SIZES
    print(f"{'rows':>10}{'workers':>9}{'clock, s':>10}{'CPU, s':>9}{'MB each':>9}{'us a row':>10}")
    costs: dict[tuple[int, int], Cost] = {}
    with tempfile.TemporaryDirectory(prefix="corridor-audit-") as folder:
        for size in sizes:
            flights = Path(folder) / f"{size}.parquet"
            write_pairs(flights, size)
            for workers in (1, 2):
                cost = costs[size, workers] = run(flights, Path(folder) / "out.parquet", workers)
                print(row(size, workers, cost, costs[sizes[0], workers]))
    one, two = costs[sizes[-1], 1], costs[sizes[-1], 2]
    print(f"Two workers: {one.wall_s / two.wall_s:.2f} times one by the clock")
    print(f"Targets: {TARGET_S} s for 1,000,000, {TARGET_MB} MB each, {TARGET_TIMES} times")
    print(by_postgis())


def write_pairs(path: Path, count: int) -> None:
    """Write pairs of airports as a table of coordinates."""
    starts, ends = airport_pairs(count)
    names = ("from_lon", "from_lat", "to_lon", "to_lat")
    pq.write_table(pa.table(dict(zip(names, (*starts.T, *ends.T), strict=True))), path)


def run(flights: Path, out: Path, workers: int) -> Cost:
    """Run the command in a process of its own."""
    command = ["-m", "geo", "audit", str(flights), "--out", str(out), "--overwrite"]
    begin = perf_counter()
    process = os.posix_spawn(
        sys.executable,
        [sys.executable, *command, "--workers", str(workers)],
        {**os.environ, "PYTHONPATH": str(ROOT)},
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
    )
    _, status, usage = os.wait4(process, 0)
    if status:
        raise SystemExit(f"the audit ended with {os.waitstatus_to_exitcode(status)}")
    # What the system counts in kilobytes on Linux, it counts in bytes on macOS.
    memory = usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    return Cost(perf_counter() - begin, usage.ru_utime + usage.ru_stime, memory)


def row(size: int, workers: int, cost: Cost, least: Cost) -> str:
    """Lay out a run; a row's cost is that beyond the smallest run, which start-up fills."""
    rows = size - SIZES[0]
    each = f"{1e6 * (cost.cpu_s - least.cpu_s) / rows:.1f}" if rows else "–"
    amounts = f"{cost.wall_s:>10.1f}{cost.cpu_s:>9.1f}{cost.memory_mb:>9.0f}{each:>10}"
    return f"{size:>10,}{workers:>9}{amounts}"


def by_postgis() -> str:
    """Let PostGIS cross the first of the same pairs."""
    if postgis.find_programs() is None:
        return postgis.NOT_INSTALLED
    airspace = load_airspace(DATA)
    starts, ends = airport_pairs(SIZES[-1])
    pairs = places(starts[:POSTGIS_ROWS], ends[:POSTGIS_ROWS])
    routes = [make_route("", pair) for pair in pairs]
    expected = [metres_of(airspace, Lines.of([route])) for route in routes]
    faces = shapely.from_wkb(pq.read_table(DATA)["geometry"].to_numpy())
    head = f"{'way':36}{'routes/s':>10}{'median, m':>12}{'largest, m':>14}"
    return f"{head}\n{postgis.say(make_tracks(routes), faces, expected)}"


if __name__ == "__main__":
    main()
