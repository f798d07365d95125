"""Points behind the mouths of filled pockets, and the borders that are brought back for them."""

import numpy as np
import pytest

from geo.closure import make_closure
from geo.corridor import make_ground
from geo.geodesy import GEOD
from geo.hulls import Hulls
from geo.model import FloatArray, LonLat
from geo.pockets import (
    Opening,
    are_near,
    is_in_pocket,
    nearest_edges,
    open_pockets,
    open_pockets_at,
)
from scripts.build_corners import corners_table
from tests.brute_ways import Field, make_field
from tests.shipped import airspace, ground

# A bay 4 km wide and 20 km deep, with an arm to the right.
BAY = [
    (-30, -30), (30, -30), (30, 20), (2, 20), (2, 8), (12, 8), (12, 4), (-2, 4), (-2, 20),
    (-30, 20),
]  # fmt: skip
INSIDE = [(0, 12), (0, 5), (11, 6)]
OUTSIDE = [(0, 26), (-40, 0), (0, -35), (60, 60)]
PLACES = [(10.0, 45.0), (179.8, 0.0), (-179.95, -60.0), (30.0, 78.0)]


def bay_at(lon: float, lat: float) -> tuple[Field, FloatArray]:
    """Make the field, and its hull with the pocket filled."""
    field = make_field(lon, lat, [np.array(BAY, dtype=float)], [True])
    columns = corners_table(field.airspace().coverage.borders).columns
    chain, closed, opened, lons, lats = (column.to_numpy() for column in columns)
    first = np.flatnonzero(chain[1:] == chain[:-1])
    ends = np.column_stack([lons[first], lats[first], lons[first + 1], lats[first + 1]])
    shut = make_closure(field.airspace(), ["SHT"]).shuts(field.airspace())
    return field, Hulls(ends, closed[first], opened[first]).around(shut)[0]


def at(field: Field, point: tuple[float, float]) -> LonLat:
    lon, lat = field.lonlat(*point)
    return (lon + 180) % 360 - 180, lat


@pytest.mark.parametrize("lon, lat", PLACES)
def test_a_point_lies_in_a_pocket_behind_its_mouth(lon: float, lat: float) -> None:
    field, hull = bay_at(lon, lat)
    assert [is_in_pocket(at(field, point), hull) for point in INSIDE] == [True] * 3
    assert [is_in_pocket(at(field, point), hull) for point in OUTSIDE] == [False] * 4
    assert not is_in_pocket((lon, lat), hull[:0])


@pytest.mark.parametrize("lon, lat", PLACES)
def test_the_pocket_around_a_point_is_opened_and_no_other(lon: float, lat: float) -> None:
    field, hull = bay_at(lon, lat)
    borders = field.airspace().coverage.borders
    shut = make_closure(field.airspace(), ["SHT"]).shuts(field.airspace())
    raw, _ = make_ground(field.airspace()).hulls.around(shut)
    for point in INSIDE:
        opening = open_pockets([at(field, point)], 0.0, hull, borders, shut)
        assert len(opening.mouths) == 1
        assert len(opening.beside) == 2
        assert sorted(opening.around(hull).tolist()) == sorted(raw_or_hull(opening, hull, raw))
    far = open_pockets([at(field, (0, 40))], 0.0, hull, borders, shut)
    assert len(far.mouths) == len(far.behind) == len(far.beside) == 0
    near = open_pockets([at(field, (0, 40))], 21_000.0, hull, borders, shut)
    assert len(near.mouths) >= 1


@pytest.mark.parametrize("lon, lat", PLACES)
def test_pockets_are_opened_by_what_stands_in_their_mouths(lon: float, lat: float) -> None:
    field, hull = bay_at(lon, lat)
    airspace = field.airspace()
    borders, shut = airspace.coverage.borders, make_closure(airspace, ["SHT"]).shuts(airspace)
    raw, _ = make_ground(airspace).hulls.around(shut)

    def opened(*points: tuple[float, float], reach_m: float = 0.0) -> Opening:
        ends = np.array([at(field, point) for point in points]).reshape(1, 4)
        return open_pockets_at(ends, reach_m, hull, borders, shut)

    inside = opened((0, 40), (0, 10))
    assert len(inside.mouths) == 1
    assert sorted(inside.around(hull).tolist()) == sorted(raw_or_hull(inside, hull, raw))
    assert len(inside.faces(np.zeros(len(hull), dtype=int))) == len(inside.around(hull))
    assert len(opened((0, 40), (30, 40)).mouths) == 0
    assert len(opened((0, 40), (30, 40), reach_m=21_000).mouths) >= 1


def raw_or_hull(opening: Opening, hull: FloatArray, raw: FloatArray) -> list[list[float]]:
    """List the hull's edges but the mouths, and those of the border between a mouth's ends."""
    kept = np.delete(hull, opening.mouths, axis=0)
    known = set(map(tuple, raw.tolist()))
    behind = opening.behind.tolist()
    assert set(map(tuple, behind)) <= known
    return [*kept.tolist(), *behind]


@pytest.mark.parametrize("code", ["NOR", "GRC", "CHL", "LAO", "RUS", "USA", "IDN"])
def test_any_pocket_of_real_borders_can_be_opened(code: str) -> None:
    shut = make_closure(airspace(), [code]).shuts(airspace())
    hull, _ = ground().hulls.around(shut)
    borders = airspace().coverage.borders
    rng = np.random.default_rng(3)
    lon, lat, end_lon, end_lat = hull[rng.integers(0, len(hull), 60)].T
    azimuth, _, wide_m = GEOD.inv(lon, lat, end_lon, end_lat)
    lon, lat, _ = GEOD.fwd(lon, lat, azimuth, wide_m / 2)
    lon, lat, _ = GEOD.fwd(lon, lat, azimuth - 90, 0.05 * wide_m)
    points = np.column_stack([lon, lat])
    points = points[~shut[airspace().coverage.at(points)]]
    inside = [point for point in map(tuple, points.tolist()) if is_in_pocket(point, hull)]
    assert len(inside) > 3
    for point in inside:
        opening = open_pockets([point], 0.0, hull, borders, shut)
        assert len(opening.mouths) >= 1
        walls = opening.around(hull)
        # Before a border's sharp tip a point may have one of the edges that meet there on its left.
        nearest = set(map(tuple, walls[nearest_edges(point, walls)].tolist()))
        at_border = nearest <= set(map(tuple, opening.behind.tolist()))
        assert at_border or not is_in_pocket(point, walls)


def test_the_nearest_edges_are_near() -> None:
    edges = np.array(
        [(0, 0, 1, 0), (1, 0, 1, 1), (179, 5, -179, 5), (-179, 5, -178, 6)], dtype=float
    )
    assert nearest_edges((0.5, -1), edges).tolist() == [0]
    assert nearest_edges((1.5, -0.5), edges).tolist() == [0, 1]
    # An edge over 180 degrees doesn't run round the earth.
    assert nearest_edges((10.0, 5.0), edges).tolist() == [1]
    assert nearest_edges((179.9, 5.1), edges).tolist() == [2]
    assert nearest_edges((-179.9, 4.9), edges).tolist() == [2]


def test_edges_are_near_by_any_of_their_points() -> None:
    edges = np.array([(0, 0, 1, 0), (179.5, 5, -179.5, 5), (0, 80, 20, 80)], dtype=float)
    assert are_near((0.5, 0.3), 40_000, edges).tolist() == [True, False, False]
    assert are_near((-179.9, 5.0), 1_000, edges).tolist() == [False, True, False]
    assert are_near((-170.0, 89.0), 1_300_000, edges).tolist() == [False, False, True]
