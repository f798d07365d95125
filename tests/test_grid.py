"""Test that no pair of segments is missed, by trying every pair."""

import numpy as np
import numpy.typing as npt
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.grid import CELL_DEG, Grid, make_grid, numbers, spans
from geo.model import FloatArray

# Two segments in one cell's square of four are no further apart than this.
FAR_DEG = 3 * np.sqrt(2) * CELL_DEG
EDGE_CASES = np.array([-180, -179.99, -90, -CELL_DEG, 0, CELL_DEG, 1, 90, 179.99, 180])


def clipped(ends: FloatArray) -> FloatArray:
    limits = np.array([180.0, 90.0, 180.0, 90.0])
    return np.clip(ends, -limits, limits)


def scattered(rng: np.random.Generator, count: int, reach_deg: float) -> FloatArray:
    """Lay segments in a small window, so that many of them meet."""
    middle = rng.uniform([-160, -80], [160, 80])
    starts = middle + rng.uniform(-5, 5, (count, 2)) * min(1.0, reach_deg)
    return clipped(np.hstack([starts, starts + rng.normal(0, reach_deg, (count, 2))]))


def anywhere(rng: np.random.Generator, count: int) -> FloatArray:
    """Lay segments over the whole map, up to its whole width."""
    return rng.uniform([-180, -90] * 2, [180, 90] * 2, (count, 4))


def at_the_limits(rng: np.random.Generator, count: int) -> FloatArray:
    """Lay segments at 180 degrees and at the poles, on them and across."""
    lon = rng.choice([-180.0, -179.95, 179.95, 180.0], (count, 2))
    lat = rng.choice([-90.0, -89.97, 0.0, 89.97, 90.0], (count, 2))
    lon = np.where(rng.random((count, 2)) < 0.3, rng.uniform(-180, 180, (count, 2)), lon)
    lat = np.where(rng.random((count, 2)) < 0.3, rng.uniform(-90, 90, (count, 2)), lat)
    return np.column_stack([lon[:, 0], lat[:, 0], lon[:, 1], lat[:, 1]])


def on_cells(rng: np.random.Generator, count: int) -> FloatArray:
    """Lay segments from corner to corner of cells: along their sides, and through corners."""
    corners: FloatArray = rng.integers(-12, 12, (count, 4)).astype(np.float64)
    corners *= CELL_DEG
    aligned = rng.random(count) < 0.4
    corners[aligned, 3] = corners[aligned, 1]
    corners += np.tile(rng.integers(-70, 70, 2), 2)
    return corners


def whole_degrees(rng: np.random.Generator, count: int) -> FloatArray:
    """Lay long segments along meridians and parallels of whole degrees."""
    ends = rng.integers([-180, -90] * 2, [181, 91] * 2, (count, 4)).astype(float)
    ends[::2, 3] = ends[::2, 1]
    ends[1::2, 2] = ends[1::2, 0]
    return ends


def families(rng: np.random.Generator) -> dict[str, FloatArray]:
    return {
        "tiny": scattered(rng, 200, CELL_DEG / 20),
        "of a cell": scattered(rng, 200, CELL_DEG),
        "of degrees": scattered(rng, 200, 3.0),
        "anywhere": anywhere(rng, 60),
        "at the limits": at_the_limits(rng, 120),
        "on cells": on_cells(rng, 200),
        "whole degrees": whole_degrees(rng, 100),
    }


def lines_of(ends: FloatArray) -> npt.NDArray[np.object_]:
    lines: npt.NDArray[np.object_] = np.array(shapely.linestrings(ends.reshape(-1, 2, 2)))
    return lines


def every_pair(ends: FloatArray, others: FloatArray) -> set[tuple[int, int]]:
    found = np.nonzero(shapely.intersects(lines_of(ends)[:, None], lines_of(others)[None, :]))
    return set(zip(*(rows.tolist() for rows in found), strict=True))


def found_pairs(grid: Grid, ends: FloatArray) -> set[tuple[int, int]]:
    row, segment = grid.pairs(ends)
    return set(zip(row.tolist(), segment.tolist(), strict=True))


def assert_none_missed(indexed: FloatArray, *queries: FloatArray) -> None:
    """Refuse a pair that isn't found, unless one only touches the other on the side of a cell.

    The end of a long segment is rounded there; `Borders` moves its lines off such places.
    """
    grid = make_grid(indexed)
    for ends in queries:
        for i, j in every_pair(ends, indexed) - found_pairs(grid, ends):
            one, other = lines_of(np.array([ends[i], indexed[j]]))
            assert shapely.touches(one, other), (ends[i], indexed[j])
            (at,) = shapely.get_coordinates(shapely.intersection(one, other)) / CELL_DEG
            assert np.abs(at - np.round(at)).min() < 1e-10, (ends[i], indexed[j])


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", list(families(np.random.default_rng(0))))
def test_no_pair_that_intersects_is_missed(name: str, seed: int) -> None:
    # With itself, with its like, so that both sides are as awkward, and with long lines.
    indexed = families(np.random.default_rng(seed))[name]
    lines = families(np.random.default_rng([seed, 1]))
    assert_none_missed(indexed, indexed, lines[name], lines["anywhere"], lines["whole degrees"])


@pytest.mark.parametrize("name", list(families(np.random.default_rng(0))))
def test_pairs_are_near_each_other(name: str) -> None:
    indexed = families(np.random.default_rng(5))[name]
    ends = families(np.random.default_rng(5))[name][::-1]
    row, segment = np.array(sorted(found_pairs(make_grid(indexed), ends))).T
    assert len(row) >= len(ends)
    apart_deg = shapely.distance(lines_of(ends)[row], lines_of(indexed)[segment])
    assert apart_deg.max() <= FAR_DEG


lons = st.one_of(st.sampled_from(EDGE_CASES.tolist()), st.floats(-180, 180))
lats = st.one_of(st.sampled_from(EDGE_CASES[np.abs(EDGE_CASES) <= 90].tolist()), st.floats(-90, 90))
segments = st.lists(st.tuples(lons, lats, lons, lats), min_size=1, max_size=6)


@settings(max_examples=25)
@given(segments, st.lists(segments, min_size=1, max_size=3))
def test_no_pair_is_missed_wherever_it_is(
    indexed: list[tuple[float, ...]], queries: list[list[tuple[float, ...]]]
) -> None:
    assert_none_missed(np.array(indexed), *map(np.array, queries))


@pytest.mark.parametrize("lat", [-90.0, -60.0, 0.0, 2.0, 45.1, 90.0])
@pytest.mark.parametrize("ends", [(-180.0, 180.0), (0.0, -180.0), (1.0, 180.0), (-7.0, 60.0)])
def test_a_long_parallel_is_met_wherever_it_is_crossed(
    lat: float, ends: tuple[float, float]
) -> None:
    # Cell by cell, so that a piece of a cell's length, rounded up, skips none.
    grid = make_grid(np.array([[ends[0], lat, ends[1], lat]]))
    lon = np.arange(min(ends) + CELL_DEG / 3, max(ends), CELL_DEG / 3)
    across = np.column_stack([lon, np.full_like(lon, lat) - 0.01, lon, np.full_like(lon, lat)])
    across[:, 3] += 0.01
    across = clipped(across)
    met = np.unique(grid.pairs(across)[0])
    assert met.tolist() == list(range(len(across)))


@pytest.mark.parametrize("lon", [-180.0, -12.0, 0.0, 33.3, 180.0])
@pytest.mark.parametrize("ends", [(-90.0, 90.0), (90.0, 0.0), (-4.0, 71.0)])
def test_a_long_meridian_is_met_wherever_it_is_crossed(
    lon: float, ends: tuple[float, float]
) -> None:
    grid = make_grid(np.array([[lon, ends[0], lon, ends[1]]]))
    lat = np.arange(min(ends) + CELL_DEG / 3, max(ends), CELL_DEG / 3)
    across = np.column_stack([np.full_like(lat, lon) - 0.01, lat, np.full_like(lat, lon), lat])
    across[:, 2] += 0.01
    across = clipped(across)
    met = np.unique(grid.pairs(across)[0])
    assert met.tolist() == list(range(len(across)))


def test_segments_of_no_length_are_found_in_their_cell() -> None:
    points = np.array([[180.0, 90.0], [-180.0, -90.0], [0.0, 0.0], [7.03, 7.03]])
    grid = make_grid(np.hstack([points, points]))
    assert found_pairs(grid, np.hstack([points, points])) == {(i, i) for i in range(4)}


def test_an_empty_grid_pairs_nothing() -> None:
    nothing = np.empty((0, 4))
    empty, full = make_grid(nothing), make_grid(np.array([[0.0, 0.0, 1.0, 1.0]]))
    for grid, ends in ((empty, np.array([[0.0, 0.0, 9.0, 9.0]])), (full, nothing)):
        row, segment = grid.pairs(ends)
        assert len(row) == len(segment) == 0
    assert not empty.busy.any()
    assert not empty.near.any()


# ---- what is near --------------------------------------------------------------------------------


def beside(rng: np.random.Generator, ends: FloatArray, off_deg: float) -> FloatArray:
    """Pick points on segments and move each `off_deg` of a great circle in any direction."""
    share = rng.random((len(ends), 1))
    lon, lat = np.radians(ends[:, :2] + share * (ends[:, 2:] - ends[:, :2])).T
    angle, off = rng.uniform(0, 2 * np.pi, len(ends)), np.radians(off_deg)
    there = np.sin(lat) * np.cos(off) + np.cos(lat) * np.sin(off) * np.cos(angle)
    east = np.sin(angle) * np.sin(off) * np.cos(lat)
    lon = lon + np.arctan2(east, np.cos(off) - np.sin(lat) * there)
    moved = np.degrees([lon, np.arcsin(there.clip(-1, 1))])
    return np.column_stack([(moved[0] + 180) % 360 - 180, moved[1]])


def everywhere(seed: int) -> FloatArray:
    rng = np.random.default_rng(seed)
    starts = rng.uniform([-180, -90], [180, 90], (300, 2))
    ends = np.hstack([starts, starts + rng.normal(0, 0.3, (300, 2))])
    return clipped(np.vstack([ends, at_the_limits(rng, 100)]))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("off", [0.0, 0.5, 0.9, 0.999])
def test_points_within_a_cells_height_are_near(seed: int, off: float) -> None:
    ends = everywhere(seed)
    points = beside(np.random.default_rng(seed), np.tile(ends, (10, 1)), off * CELL_DEG)
    assert len(points) > 2000
    assert make_grid(ends).is_near(*points.T).all()


@pytest.mark.parametrize("seed", range(4))
def test_points_within_100_km_are_told(seed: int) -> None:
    ends = everywhere(seed)[:40]
    grid = make_grid(ends)
    rng = np.random.default_rng(seed)
    # 100 km on the ellipsoid is the most degrees where its radius is the least, 6 335 km.
    for off in (0.0, 0.5, np.degrees(100 / 6335)):
        assert grid.is_within_100_km(*beside(rng, np.tile(ends, (50, 1)), float(off)).T).all()


def test_points_further_than_300_km_are_told_apart() -> None:
    grid = make_grid(np.array([[10.0, 20.0, 10.3, 20.3]]))
    for lon, lat in ((10.0, 23.5), (10.0, 17.0), (14.0, 20.0), (6.5, 20.0), (-170.0, 20.0)):
        assert not grid.is_within_100_km(np.array([lon]), np.array([lat])).any()


@pytest.mark.parametrize("lat", [-89.95, -89.0, 88.9, 89.95])
def test_by_the_poles_whole_rows_are_near(lat: float) -> None:
    grid = make_grid(np.array([[33.0, lat, 33.0, lat + 0.01]]))
    lon = np.linspace(-180, 180, 100)
    assert grid.is_near(lon, np.full(100, lat)).all()


def test_points_far_from_every_segment_are_not_near() -> None:
    rng = np.random.default_rng(7)
    starts = rng.uniform([-170, -74.0], [170, 74.0], (50, 2))
    ends = np.hstack([starts, starts + rng.normal(0, 0.3, (50, 2))])
    spread = rng.uniform([-180, -75], [180, 75], (20_000, 2))
    points = np.vstack([spread, beside(rng, np.tile(ends, (20, 1)), 5 * CELL_DEG)])
    near = points[make_grid(ends).is_near(*points.T)]
    assert 0 < len(near) < len(points) / 2
    # Three cells up or down, and as far on the ground, and a cell, to either side.
    reach = np.column_stack([3 / np.cos(np.radians(near[:, 1])) + 1, np.full(len(near), 3)])
    boxes = shapely.box(*(near - reach * CELL_DEG).T, *(near + reach * CELL_DEG).T)
    tree = shapely.STRtree(lines_of(ends))
    assert set(tree.query(boxes, predicate="intersects")[0]) == set(range(len(near)))


@pytest.mark.parametrize(("lon", "beyond"), [(179.99, -179.99), (-179.99, 179.99), (180.0, -180.0)])
@pytest.mark.parametrize("lat", [-74.0, 0.0, 60.0])
def test_near_reaches_over_the_antimeridian(lon: float, beyond: float, lat: float) -> None:
    grid = make_grid(np.array([[lon, lat, lon, lat + 0.01]]))
    assert grid.is_near(np.array([lon, beyond]), np.array([lat, lat])).all()
    assert not grid.is_near(np.array([0.0, 90.0]), np.array([lat, lat])).any()


def test_what_is_near_holds_what_is_busy() -> None:
    grid = make_grid(families(np.random.default_rng(9))["anywhere"])
    assert (grid.near | ~grid.busy).all()
    assert grid.begin[-1] == len(grid.segments)
    assert ((np.diff(grid.begin) > 0) == grid.busy).all()


# ---- pairs in line -------------------------------------------------------------------------------


def off_deg(line: FloatArray, points: FloatArray) -> FloatArray:
    """Tell how far points lie to the left of the lines through both ends of segments."""
    run = line[:, 2:] - line[:, :2]
    off = points - line[:, :2]
    left_deg: FloatArray = (run[:, 0] * off[:, 1] - run[:, 1] * off[:, 0]) / np.hypot(*run.T)
    return left_deg


@pytest.mark.parametrize("reach_deg", [1e-6, 1e-3])
@pytest.mark.parametrize("name", ["tiny", "of a cell", "of degrees", "anywhere", "on cells"])
def test_pairs_in_line_are_the_pairs_that_the_line_cuts_or_nearly_touches(
    name: str, reach_deg: float
) -> None:
    indexed = families(np.random.default_rng(3))[name]
    # In the same window, and none along another.
    ends = clipped(indexed + np.random.default_rng(4).normal(0, CELL_DEG / 30, indexed.shape))
    grid = make_grid(indexed)
    every = np.array(sorted(found_pairs(grid, ends)))
    in_line = grid.pairs_in_line(ends, np.full(len(ends), reach_deg))
    found = set(zip(*(rows.tolist() for rows in in_line), strict=True))
    line, other = ends[every[:, 0]], indexed[every[:, 1]]
    a, b = off_deg(line, other[:, :2]), off_deg(line, other[:, 2:])
    least = np.where(np.sign(a) == np.sign(b), np.minimum(np.abs(a), np.abs(b)), 0)
    pairs = [(int(one), int(two)) for one, two in every]
    must = {pair for pair, off in zip(pairs, least, strict=True) if off <= reach_deg}
    may = {pair for pair, off in zip(pairs, least, strict=True) if off <= reach_deg + 3e-4}
    assert len(must) > 10
    assert must <= found <= may


@pytest.mark.parametrize("lat", [0.0, 60.0, -84.9])
def test_a_segment_just_over_the_side_of_a_cell_is_paired(lat: float) -> None:
    # 3 m away, on the other side of a parallel and of a meridian between cells.
    up, aside = 3 / 111_200, 3 / 111_200 / np.cos(np.radians(lat))
    side = np.round(np.array([20.0, lat]) / CELL_DEG) * CELL_DEG
    lon, lat = side.tolist()
    grid = make_grid(np.array([[lon + 0.05, lat + up, lon + 0.05, lat + up + 0.01]]))
    along = np.array([[lon + 0.01, lat - 1e-9, lon + 0.09, lat - 1e-9]])
    assert found_pairs(grid, along) == {(0, 0)}
    grid = make_grid(np.array([[lon + aside, lat + 0.05, lon + aside + 0.01, lat + 0.05]]))
    along = np.array([[lon - 1e-9, lat + 0.01, lon - 1e-9, lat + 0.09]])
    assert found_pairs(grid, along) == {(0, 0)}


def test_spans_count_up_from_their_firsts() -> None:
    assert spans(np.array([7, 4, 1]), np.array([2, 0, 3])).tolist() == [7, 8, 1, 2, 3]
    assert spans(np.array([], dtype=int), np.array([], dtype=int)).tolist() == []


def test_numbers_count_up_anew() -> None:
    assert numbers(np.array([2, 0, 3])).tolist() == [0, 1, 0, 1, 2]
    assert numbers(np.array([], dtype=int)).tolist() == []
