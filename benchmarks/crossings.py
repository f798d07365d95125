"""Cross the same lines by Corridor, plain Shapely and spherely: `python -m benchmarks.crossings`.

1,000 random airport pairs (IATA airports of airportsdata, seed 1); the slower ways take the first
of them only, densified before the clock starts. Printed are routes a second, and by how much the
metres in an airspace differ from Corridor's: per route the worst airspace, then median and largest.
"""

from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import airportsdata
import numpy as np
import pyarrow.parquet as pq
import shapely
import spherely

from benchmarks import postgis
from geo.airspace import Airspace
from geo.airspace_file import load_airspace
from geo.geodesy import GEOD, Lines, make_route, make_track
from geo.model import FloatArray, Place, Track

DATA = Path(__file__).parents[1] / "data" / "airspace.parquet"
ROUTES, SAMPLE = 1000, 60
TARGET_A_SECOND, TARGET_MS = 10_000, 0.5
Metres = dict[int, float]


def main() -> None:
    """Print the table."""
    starts, ends = airport_pairs(ROUTES)
    airspace = load_airspace(DATA)
    geometries = shapely.from_wkb(pq.read_table(DATA)["geometry"].to_numpy())
    parts, part_face = shapely.get_parts(geometries, return_index=True)
    globe = [spherely.from_wkb(part) for part in shapely.to_wkb(parts)]
    tree = shapely.STRtree(parts)
    routes = [make_route("", pair) for pair in places(starts, ends)[:SAMPLE]]
    tracks = [make_track(route) for route in routes]
    expected = [metres_of(airspace, Lines.of([route])) for route in routes]
    print(f"{'way':36}{'routes/s':>10}{'median, m':>12}{'largest, m':>14}")
    print(f"{'Corridor, 1,000 in one call':36}{time_ours(airspace, starts, ends):>10,.0f}")
    ways: dict[str, Callable[[Track], Metres]] = {
        "Shapely: STRtree and intersection": lambda t: by_shapely(t, parts, part_face, tree),
        "spherely: boxes, S2 intersection": lambda t: by_spherely(t, globe, part_face, tree),
    }
    for name, way in ways.items():
        begin = perf_counter()
        found = [way(track) for track in tracks]
        rate = len(tracks) / (perf_counter() - begin)
        off_m = [difference_m(*pair) for pair in zip(expected, found, strict=True)]
        print(f"{name:36}{rate:>10,.0f}{median(off_m):>12,.1f}{max(off_m):>14,.0f}")
    print(postgis.say(tracks, geometries, expected))
    print(f"Corridor, one route alone: {time_one(airspace, starts, ends):.2f} ms")
    print(f"Targets: {TARGET_A_SECOND:,} routes/s, {TARGET_MS} ms")


def airport_pairs(count: int) -> tuple[FloatArray, FloatArray]:
    """Draw pairs of airports, each (count, 2) lon/lat."""
    airports = airportsdata.load("IATA").values()
    lonlat = np.array([(airport["lon"], airport["lat"]) for airport in airports])
    chosen = np.random.default_rng(1).integers(0, len(lonlat), (count, 2))
    return lonlat[chosen[:, 0]], lonlat[chosen[:, 1]]


def places(starts: FloatArray, ends: FloatArray) -> list[list[Place]]:
    """Turn points into pairs of places."""
    return [
        [Place("a", "a", *start), Place("b", "b", *end)]
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
    ]


def time_ours(airspace: Airspace, starts: FloatArray, ends: FloatArray) -> float:
    """Return routes a second, the median of some calls."""
    times = []
    for _ in range(9):
        begin = perf_counter()
        airspace.stretches(Lines.between(starts, ends))
        times.append(perf_counter() - begin)
    return len(starts) / median(times[1:])


def time_one(airspace: Airspace, starts: FloatArray, ends: FloatArray) -> float:
    """Return the median milliseconds of one route alone."""
    times = []
    for number in range(300):
        one = slice(number, number + 1)
        begin = perf_counter()
        airspace.stretches(Lines.between(starts[one], ends[one]))
        times.append(perf_counter() - begin)
    return median(times) * 1000


def metres_of(airspace: Airspace, lines: Lines) -> Metres:
    """Sum up the metres in each face, by Corridor."""
    found = airspace.stretches(lines)
    total = np.bincount(found.face + 1, weights=found.end_m - found.start_m)
    return {face: float(total[face + 1]) for face in range(len(total) - 1) if total[face + 1]}


def by_shapely(track: Track, parts: Any, part_face: Any, tree: shapely.STRtree) -> Metres:
    """Intersect the dense line with each polygon that it meets."""
    metres: Metres = {}
    for turn in (-360.0, 0.0, 360.0):
        line = shapely.LineString(track.lonlat + np.array([turn, 0.0]))
        for number in tree.query(line, predicate="intersects"):
            cut = shapely.intersection(line, parts[number])
            length_m = sum(GEOD.geometry_length(piece) for piece in shapely.get_parts(cut))
            face = int(part_face[number])
            metres[face] = metres.get(face, 0.0) + length_m
    return metres


def by_spherely(track: Track, globe: Any, part_face: Any, tree: shapely.STRtree) -> Metres:
    """Intersect the dense line with polygons on the sphere, boxes first."""
    metres: Metres = {}
    line = spherely.create_linestring(track.lonlat - [360.0, 0.0] * np.round(track.lonlat / 360))
    turned = [
        shapely.LineString(track.lonlat + np.array([turn, 0.0])) for turn in (-360.0, 0.0, 360.0)
    ]
    for number in np.unique(tree.query(turned)[1]).tolist():
        if spherely.intersects(line, globe[number]):
            length_m = spherely.length(spherely.intersection(line, globe[number]))
            face = int(part_face[number])
            metres[face] = metres.get(face, 0.0) + float(length_m)
    return metres


def difference_m(one: Metres, other: Metres) -> float:
    """Return the largest difference in metres in any face."""
    return max(abs(one.get(face, 0.0) - other.get(face, 0.0)) for face in {*one, *other, -1})


if __name__ == "__main__":
    main()
