"""Kill audits again and again, and see that nothing is lost, done twice or different.

    python -m scripts.soak_audit [rounds]

Each round audits random pairs or tracks of the shipped airspace with two workers, kills it ten
times with SIGKILL at random moments, lets it finish, and compares all that it left, byte by byte,
with an audit that was left alone. Receipts that were there before a kill must be the same files
after the next. Ends with status 1 at the first difference.
"""

import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.audit import write_pairs
from tests.audited import begin, command, stamps
from tests.processes import wait_for_end_of_group

KILLS = 10
ROWS = 150_000
PART = 500


def main() -> None:
    """Run the rounds."""
    rounds = int(sys.argv[1]) if sys.argv[1:] else 2
    for number in range(rounds):
        with tempfile.TemporaryDirectory(prefix="corridor-soak-") as name:
            folder = Path(name)
            flights = folder / "flights.parquet"
            form = ("pairs", "tracks")[number % 2]
            (write_pairs if form == "pairs" else write_tracks)(flights, ROWS)
            took_s = _alone(flights, folder / "whole.parquet")
            kills = _killed(flights, folder / "out.parquet", random.Random(number), took_s)  # noqa: S311
            _compare(folder)
        print(f"Round {number + 1}: {form}, killed after {kills} parts, the same bytes")


def write_tracks(path: Path, count: int) -> None:
    """Write flights whose positions are mixed up, as archives have them by the second."""
    rng = np.random.default_rng(2)
    flight = rng.integers(0, count // 40, count)
    along = rng.uniform(0, 1, count)
    start, way = rng.uniform(-60, 60, (2, count // 40, 2))
    lonlat = start[flight] + along[:, None] * way[flight] / 2
    names = pa.array([f"T{number}" for number in flight.tolist()])
    pq.write_table(
        pa.table({"flight": names, "time": along, "lon": lonlat[:, 0], "lat": lonlat[:, 1]}), path
    )


def _alone(flights: Path, out: Path) -> float:
    begin_s = time.monotonic()
    if _begin(flights, out).wait():
        raise SystemExit("an audit that was left alone failed")
    return time.monotonic() - begin_s


def _killed(flights: Path, out: Path, rng: random.Random, took_s: float) -> list[int]:
    """Kill an audit ten times, then let it finish.

    Returns how many parts were there after each kill, -1 where it had finished before.
    """
    parts = out.with_suffix(".parts")
    before: dict[str, tuple[int, int]] = {}
    found = []
    for number in range(KILLS):
        process = _begin(flights, out)
        # Mostly while parts are done; now and then in any step, from starting to clearing up.
        time.sleep(rng.uniform(0.2, took_s if number % 3 == 2 else took_s / 3))
        process.send_signal(signal.SIGKILL)
        process.wait()
        wait_for_end_of_group(process.pid)
        if out.exists() and not parts.exists():
            # It had finished: it begins anew, and is killed again.
            out.unlink()
            out.with_suffix(".refused.csv").unlink()
            before = {}
            found.append(-1)
            continue
        after = stamps(parts)
        if not before.items() <= after.items():
            raise SystemExit("a part was done twice, or lost")
        before = after
        found.append(len(after))
    if _begin(flights, out).wait():
        raise SystemExit("the last run failed")
    if not any(count > 0 for count in found):
        raise SystemExit("no kill came while parts were done: nothing was tried")
    return found


def _begin(flights: Path, out: Path) -> "subprocess.Popen[bytes]":
    return begin(command(flights, "--out", out, "--workers", "2", "--rows-per-part", PART))


def _compare(folder: Path) -> None:
    for ending in (".parquet", ".refused.csv"):
        whole, out = (folder / f"{name}{ending}" for name in ("whole", "out"))
        if whole.read_bytes() != out.read_bytes():
            raise SystemExit(f"{out.name} differs from what an audit left alone writes")
    if (folder / "out.parts").exists():
        raise SystemExit("the folder of parts was left behind")


if __name__ == "__main__":
    main()
