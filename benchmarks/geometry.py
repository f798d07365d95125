"""Measure the geometry from a cold start: `python -m benchmarks.geometry`.

Each round is a new process, so that nothing is warm but the disk; medians are printed beside what
must be reached.
"""

import subprocess
import sys
from pathlib import Path
from statistics import median

ROUND = """
from pathlib import Path
from time import perf_counter
from geo.airspace_file import load_airspace
from geo.compare import fly
from geo.story import load_story
start = perf_counter()
story = load_story(Path("data/routes.geojson"))
read = perf_counter()
airspace = load_airspace(Path("data/airspace.parquet"))
indexed = perf_counter()
fly(story, airspace)
print(read - start, indexed - read, perf_counter() - indexed)
"""
NAMES = ("story read and checked", "airspace read and indexed", "all routes of the story")
TARGETS_S = (None, 1.0, 0.2)


def main(rounds: int = 7) -> None:
    """Print the medians."""
    times = [one_round() for _ in range(rounds)]
    for name, target, column in zip(NAMES, TARGETS_S, zip(*times, strict=True), strict=True):
        took = median(column)
        verdict = "met" if not target or took <= target else "MISSED"
        least = f"   target: {target * 1000:.0f} {verdict}" if target else ""
        print(f"{name:28}{took * 1000:7.0f} ms{least}")


def one_round() -> tuple[float, ...]:
    """Run one cold start; return the seconds of its parts."""
    output = subprocess.run(
        [sys.executable, "-c", ROUND],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    return tuple(map(float, output.stdout.split()))


if __name__ == "__main__":
    main()
