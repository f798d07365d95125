"""Hold the engine against brute force, which shares no code with it; see its script."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic  # type: ignore[import-untyped]

from geo.airspace_file import load_airspace
from geo.geodesy import make_route
from geo.model import Place
from scripts.reference_crossings import (
    NEAR_M,
    STEP_M,
    TARGET,
    Faces,
    Line,
    Stretch,
    crossings,
    overlay,
    read,
    shipped,
)

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data" / "airspace.parquet"
ROUTES = read(ROOT / TARGET)
LISTED = [[(claims, float(a), float(b)) for claims, a, b in r["crossings"]] for r in ROUTES]
# Every fifth route, and those that run along borders.
EXACT = sorted({*range(0, len(ROUTES), 5), *range(16, 27)})
# The reference is written in whole metres.
ROUNDED_M = 2.0
LONG_M = 2_000.0
# On one worker, for they share what takes longest: all differences.
pytestmark = pytest.mark.xdist_group("reference")
Differences = dict[int, list[tuple[str, str, float, float]]]


def line_of(route: dict[str, Any]) -> Line:
    lon0, lat0, lon1, lat1 = route["ends"]
    return Line((lon0, lat0), (lon1, lat1))


@pytest.fixture(scope="module")
def engine() -> list[list[Stretch]]:
    """Return what the engine says of each route, on the file as it is shipped."""
    routes = [
        make_route(str(number), [Place("a", "a", *route["ends"][:2]), Place("b", "b", *end)])
        for number, route in enumerate(ROUTES)
        for end in [route["ends"][2:]]
    ]
    found = load_airspace(DATA).crossings_on(routes)
    return [[("+".join(c.claims), c.start_m, c.end_m) for c in each] for each in found]


@pytest.fixture(scope="module")
def faces() -> Faces:
    return shipped(DATA)


@pytest.fixture(scope="module")
def brute(faces: Faces) -> dict[int, list[Stretch]]:
    """Return what brute force says of some routes, on the file as it is shipped."""
    return {number: crossings(line_of(ROUTES[number]), faces) for number in EXACT}


def unmatched(stretches: list[Stretch], others: list[Stretch], least_m: float) -> list[Stretch]:
    """List the stretches longer than `least_m` that share no metre with one that agrees."""
    return [
        (claims, start_m, end_m)
        for claims, start_m, end_m in stretches
        if end_m - start_m > least_m
        and not any(
            set(claims.split("|")) & set(other.split("|")) and from_m < end_m and to_m > start_m
            for other, from_m, to_m in others
        )
    ]


# ---- the shipped file against the unsimplified source ------------------------------------------


def test_the_reference_covers_its_routes() -> None:
    assert len(ROUTES) == 200
    for route, stretches in zip(ROUTES, LISTED, strict=True):
        assert stretches[0][1] == 0
        assert stretches[-1][2] == pytest.approx(route["length_m"], abs=1)
        assert all(one[2] == two[1] for one, two in pairwise(stretches))


def test_the_engine_errs_only_within_700_m_of_the_unsimplified_border(
    engine: list[list[Stretch]],
) -> None:
    # Across the border, since along a route that meets it at a flat angle a border that moved by
    # metres moves its crossing by kilometres. `near` lists where a route runs within 700 m of a
    # border of the source. Wherever the engine and the reference differ, be it an end that lies
    # elsewhere or a whole stretch missing or invented, the route must be there all along.
    far = [
        (number, *difference)
        for number, (found, listed) in enumerate(zip(engine, LISTED, strict=True))
        for difference in overlay(found, listed)
        if not any(
            start_m - ROUNDED_M <= difference[2] and difference[3] <= end_m + ROUNDED_M
            for start_m, end_m in ROUTES[number]["near"]
        )
    ]
    assert far == []


def test_the_engine_errs_only_within_700_m_of_the_face_that_the_source_names(
    engine: list[list[Stretch]], faces: Faces
) -> None:
    # The other way round, and for the very face: where the source says Peru, the file has Peru
    # within 700 m.
    for number, (found, listed) in enumerate(zip(engine, LISTED, strict=True)):
        line = line_of(ROUTES[number])
        for _, said, start_m, end_m in overlay(found, listed):
            count = 2 + int((end_m - start_m) / STEP_M)
            points = line.points(np.linspace(start_m, end_m, count))
            gap_m = faces.gap_m(points, np.full(count, said.split("|")[0]))
            assert gap_m.max() <= NEAR_M, (number, said, start_m, end_m)


def test_nothing_longer_than_2_km_is_missing_or_invented(engine: list[list[Stretch]]) -> None:
    for number, (found, listed) in enumerate(zip(engine, LISTED, strict=True)):
        assert unmatched(listed, found, LONG_M) == [], number
        assert unmatched(found, listed, LONG_M) == [], number


# ---- the engine against brute force on the same, shipped file ----------------------------------


def test_on_the_shipped_file_nothing_longer_than_100_m_is_missing_or_invented(
    engine: list[list[Stretch]], brute: dict[int, list[Stretch]]
) -> None:
    wrong = {
        number: (unmatched(found, engine[number], 100), unmatched(engine[number], found, 100))
        for number, found in brute.items()
    }
    assert {number: each for number, each in wrong.items() if any(each)} == {}


def test_on_the_shipped_file_positions_agree_to_10_m_along_the_track(
    engine: list[list[Stretch]], brute: dict[int, list[Stretch]]
) -> None:
    # What only one of the two has is no position that differs; the test above judges it.
    wrong = []
    for number, found in brute.items():
        alone = {
            (start_m, end_m)
            for stretches, others in ((found, engine[number]), (engine[number], found))
            for _, start_m, end_m in unmatched(stretches, others, 0)
        }
        wrong += [
            (number, *difference)
            for difference in overlay(engine[number], found)
            if difference[3] - difference[2] > 10 and difference[2:] not in alone
        ]
    assert wrong == []


# ---- brute force itself ------------------------------------------------------------------------


@pytest.mark.parametrize("start, end", [("HEL", "ARN"), ("NAN", "APW"), ("SXM", "BGI")])
def test_brute_force_finds_what_plain_sampling_finds(faces: Faces, start: str, end: str) -> None:
    route = next(each for each in ROUTES if (each["from"], each["to"]) == (start, end))
    line = line_of(route)
    at_m = np.arange(0, line.length_m, 100.0)
    found = crossings(line, faces)
    stretch = np.searchsorted([start_m for _, start_m, _ in found], at_m, side="right") - 1
    assert faces.at(line.points(at_m)).tolist() == [found[i][0] for i in stretch]


@pytest.mark.parametrize("lon", [10.0, 179.999])
@pytest.mark.parametrize("lat", [0.0, 60.0, -85.0])
def test_distances_to_borders_are_those_of_the_ellipsoid(lon: float, lat: float) -> None:
    east = 180 if lon > 179 else lon + 1
    shapes = [shapely.box(lon, lat - 1, east, lat + 1)]
    if east == 180:
        shapes.append(shapely.box(-180, lat - 1, -179, lat + 1))
    faces = Faces(["A", "B"][: len(shapes)], shapes)
    for azimuth_deg, name in ((270, "A"), (90, "")):  # from outside, and from inside
        away = Geodesic.WGS84.Direct(lat, lon, azimuth_deg, 500)
        points = np.array([(away["lon2"], away["lat2"])])
        assert faces.border_gap_m(points) == pytest.approx(500, abs=0.5)
        assert faces.gap_m(points, np.array([name])) == pytest.approx(500, abs=0.5)
