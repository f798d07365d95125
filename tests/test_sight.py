"""What shut airspace hides, by each of the three ways to tell."""

import numpy as np
import pytest
import shapely

from geo.closure import make_closure
from geo.corners import unit_vectors
from geo.model import FloatArray
from geo.sight import Sight
from tests.brute_ways import Plane, bent, make_field
from tests.shipped import DATA, airspace, ground


def sight_of(*closed: str) -> Sight:
    """See what a closure hides on the shipped airspace, pockets filled."""
    shut = make_closure(airspace(), closed).shuts(airspace())
    edges, _ = ground().hulls.around(shut)
    walls = unit_vectors(edges[:, :2]), unit_vectors(edges[:, 2:])
    return Sight(airspace(), ground().cells, shut, walls)


def ends(count: int, seed: int, box: tuple[float, float, float, float]) -> FloatArray:
    west, south, east, north = box
    return np.random.default_rng(seed).uniform((west, south), (east, north), (count, 2))


@pytest.mark.parametrize(
    "closed, box",
    [
        (("TUR", "GEO", "ARM", "UKR"), (15, 25, 60, 60)),
        (("RUS", "CAN", "USA"), (-180, 30, 180, 89)),
        (("BRA", "COD", "IDN"), (-180, -60, 180, 30)),
    ],
)
def test_what_the_cells_and_the_walls_hide_is_hidden(
    closed: tuple[str, ...], box: tuple[float, float, float, float]
) -> None:
    sight = sight_of(*closed)
    points = ends(400, 5, box)
    points = points[~sight.shut[airspace().coverage.at(points)]]
    starts, stops = points[0::2][: len(points) // 2], points[1::2][: len(points) // 2]
    seen = sight.sees(starts, stops)
    may = np.array(
        [
            sight.may_see(unit_vectors(start[None])[0], unit_vectors(stop[None]), 32)[0]
            for start, stop in zip(starts, stops, strict=True)
        ]
    )
    clear = np.array([sight.is_clear(*pair) for pair in zip(starts, stops, strict=True)])
    assert seen.any()
    assert not seen.all()
    assert not (~may & seen).any()
    # The walls hide what lies in a filled pocket too, and let a graze of metres pass.
    assert (clear & ~seen).sum() <= 1
    assert (seen & ~clear).mean() < 0.05


@pytest.mark.parametrize("lon, lat", [(0, 0), (179.93, 20), (-30, 78)])
def test_walls_hide_what_the_plane_says(lon: float, lat: float) -> None:
    ring = np.array([(-100, -80), (120, -30), (0, 0), (60, 90), (-90, 40)], dtype=float)
    field = make_field(lon, lat, [ring], [True])
    plain = field.airspace()
    borders = plain.coverage.borders
    walls = unit_vectors(borders.ends[:, :2]), unit_vectors(borders.ends[:, 2:])
    shut = make_closure(plain, ["SHT"]).shuts(plain)
    sight = Sight(plain, ground().cells, shut, walls)
    rng = np.random.default_rng(1)
    x, y = rng.uniform(-200, 200, (2, 300))
    points = np.array([field.lonlat(*each) for each in zip(x, y, strict=True)])
    plane = Plane(lon, lat)
    area, flat = plane.flat(bent(field.shut())), plane.to(points)
    lines = shapely.linestrings(flat.reshape(-1, 2, 2))
    hidden = shapely.intersects(area, lines)
    outside = ~shapely.intersects(area, shapely.points(flat)).reshape(-1, 2).any(axis=1)
    far = shapely.distance(shapely.boundary(area), lines) > 500
    overlap = shapely.length(shapely.intersection(area, lines)) > 2_000
    sure = outside & (far | overlap)
    assert sure.sum() > 50
    wrapped = (points - [360, 0] * np.round(points / 360)).reshape(-1, 2, 2)
    clear = np.array([sight.is_clear(*pair) for pair in wrapped])
    assert (clear == ~hidden)[sure].all()
    assert (sight.sees(wrapped[:, 0], wrapped[:, 1]) == ~hidden)[sure].all()


def test_opposite_points_are_no_error() -> None:
    sight = sight_of("BRA")
    start, end = np.array([10.0, 0.0]), np.array([-170.0, 0.0])
    at, opposite = unit_vectors(np.array([start, end]))
    assert sight.may_see(at, opposite[None], 32).shape == (1,)
    assert sight.is_clear(start, end)


def test_the_cells_are_those_of_the_airspace() -> None:
    # The centres of all cells that have a face, near no border, lie in that face.
    cells = ground().cells.reshape(900, 1800)
    row, column = np.nonzero(cells != -2)
    some = np.random.default_rng(0).choice(len(row), 3_000, replace=False)
    row, column = row[some], column[some]
    corner = np.random.default_rng(1).uniform(0.01, 0.99, (2, len(some)))
    lonlat = np.column_stack([(column + corner[0]) * 0.2 - 180, (row + corner[1]) * 0.2 - 90])
    assert (airspace().coverage.at(lonlat) == cells[row, column]).all()
    assert (DATA / "cells.parquet").stat().st_size < 100_000
