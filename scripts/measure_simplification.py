"""Measure what simplified borders do to crossings: `python -m scripts.measure_simplification`.

Routes between random airports are worked out by brute force twice, on the faces as the source has
them and on those of data/airspace.parquet, and compared. Takes about two minutes.
"""

import argparse
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from scripts import build_airspace
from scripts.reference_crossings import (
    STEP_M,
    Faces,
    FloatArray,
    Line,
    Stretch,
    airport_pairs,
    crossings,
    overlay,
    shipped,
    unsimplified,
)

COUNT: Final = 1_000
SEED: Final = 1
SAMPLE_M: Final = 20.0
REACH_M: Final = 3_000.0
LENGTHS_M: Final = (100.0, 2_000.0)


@dataclass
class Found:
    """What was found on all routes so far; `worst` are the largest shifts across and whose."""

    borders: int = 0
    along_m: list[float] = field(default_factory=list)
    across_m: list[float] = field(default_factory=list)
    source: list[float] = field(default_factory=list)
    missing: list[float] = field(default_factory=list)
    invented: list[float] = field(default_factory=list)
    worst: list[tuple[float, float, str]] = field(default_factory=list)


def main() -> None:
    """Work out the routes on both files and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", type=Path, default=build_airspace.TARGET)
    parser.add_argument("--build", type=Path, default=build_airspace.BUILD)
    parser.add_argument("--count", type=int, default=COUNT, help="number of routes")
    options = parser.parse_args()
    before, after = unsimplified(options.build), shipped(options.target)
    found = Found()
    for start, end, from_lonlat, to_lonlat in airport_pairs(options.count, SEED):
        compare(f"{start}-{end}", Line(from_lonlat, to_lonlat), before, after, found)
    report(found)


def compare(name: str, line: Line, before: Faces, after: Faces, found: Found) -> None:
    """Add what one route shows."""
    source, thinned = crossings(line, before), crossings(line, after)
    found.borders += len(source) - 1
    found.source += [end_m - start_m for _, start_m, end_m in source]
    found.missing += unmatched(source, thinned)
    found.invented += unmatched(thinned, source)
    for says, said, start_m, end_m in overlay(thinned, source):
        across_m = shift_m(line, (says, said, start_m, end_m), before, after)
        found.along_m.append(end_m - start_m)
        found.across_m.append(across_m)
        found.worst.append((across_m, end_m - start_m, f"{name} {said or '-'}->{says or '-'}"))


def unmatched(stretches: list[Stretch], others: list[Stretch]) -> list[float]:
    """List the metres of the stretches that share no metre with one of the same claims."""
    return [
        end_m - start_m
        for claims, start_m, end_m in stretches
        if not any(c == claims and s < end_m and e > start_m for c, s, e in others)
    ]


def shift_m(
    line: Line, difference: tuple[str, str, float, float], before: Faces, after: Faces
) -> float:
    """Measure how far a border moved, across it, where the two files differ on a stretch.

    Of all its points: the largest distance to the face that the file gives it to, in the source,
    or to the one that the source gives it to, in the file.
    """
    says, said, start_m, end_m = difference
    points = line.points(np.linspace(start_m, end_m, 2 + int((end_m - start_m) / SAMPLE_M)))
    gaps: list[FloatArray] = [
        before.gap_m(points, np.full(len(points), says), REACH_M),
        after.gap_m(points, np.full(len(points), said), REACH_M),
    ]
    return float(np.max(gaps))


def report(found: Found) -> None:
    """Print the table and the worst."""
    print(f"{found.borders} borders crossed; sampled every {STEP_M:.0f} m")
    print("shift in m        median    95 %    99 %   largest   more than 700 m")
    for name, values in (("along the track", found.along_m), ("across the border", found.across_m)):
        # A border that didn't move shows no difference.
        every = np.pad(values, (0, max(0, found.borders - len(values))))
        shown = "".join(f"{p:8.1f}" for p in np.percentile(every, [50, 95, 99]))
        print(f"{name:17}{shown}{every.max():10.1f}{(every > 700).sum():18d}")
    print("stretches         in the source   missing  invented")
    for least_m in LENGTHS_M:
        counts = [
            sum(m > least_m for m in each) for each in (found.source, found.missing, found.invented)
        ]
        print(f"{f'> {least_m:.0f} m':17}{counts[0]:14d}{counts[1]:10d}{counts[2]:10d}")
    longest = max([*found.missing, *found.invented], default=0.0)
    print(f"the longest missing or invented: {longest:.0f} m")
    for across_m, along_m, where in sorted(found.worst, reverse=True)[:5]:
        print(f"worst across: {across_m:.1f} m, {along_m:.0f} m along, {where}")
    for across_m, along_m, where in sorted(found.worst, key=lambda each: -each[1])[:5]:
        print(f"worst along: {along_m:.0f} m, {across_m:.1f} m across, {where}")


if __name__ == "__main__":
    main()
