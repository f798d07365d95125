"""Strips along borders: all that lies nearer than the margin, and little more."""

import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic  # type: ignore[import-untyped]

from geo.closure import make_closure
from geo.margin import margin_strips, outline
from geo.model import FloatArray
from tests.shipped import airspace, ground

WGS84 = Geodesic.WGS84


def around(lon: float, lat: float, away_m: float) -> FloatArray:
    """Place points all around one, so far away, on the map."""
    found = [WGS84.Direct(lat, lon, azimuth, away_m) for azimuth in range(0, 360, 3)]
    lons = np.array([at["lon2"] for at in found])
    return np.column_stack([(lons + 180) % 360 - 180, [at["lat2"] for at in found]])


@pytest.mark.parametrize("margin_m", [1_000.0, 50_000.0, 500_000.0])
@pytest.mark.parametrize("lon, lat", [(10, 0), (44, 37), (179.9, -17), (-180, 65), (-60, 82)])
def test_a_strip_holds_what_is_nearer_and_nothing_much_farther(
    lon: float, lat: float, margin_m: float
) -> None:
    edges = np.array([(lon, lat, lon + 0.001, lat)])
    strips = margin_strips(edges, margin_m)
    shapely.prepare(strips)
    assert shapely.intersects_xy(strips, around(lon, lat, margin_m * 0.999)).all()
    assert not shapely.intersects_xy(strips, around(lon, lat, margin_m * 1.02 + 150)).any()


def test_strips_lie_on_the_map_and_are_whole() -> None:
    edges = np.array([(179.0, 10.0, 180.0, 11.0), (-180.0, 11.0, -179.0, 12.0)])
    strips = margin_strips(edges, 30_000)
    assert shapely.is_valid(strips)
    west, south, east, north = shapely.bounds(strips).tolist()
    assert (west, east) == (-180, 180)
    assert 9.5 < south < 10 < 12 < north < 12.5
    # Both halves meet on the seam, and the seam is no border.
    assert not (np.abs(outline(strips)[:, [0, 2]]) == 180).all(axis=1).any()


def test_the_outline_has_the_strip_on_its_left() -> None:
    strips = margin_strips(np.array([(10.0, 0.0, 10.5, 0.0)]), 10_000)
    edges = outline(strips)
    run = edges[:, 2:] - edges[:, :2]
    left = edges[:, :2] + run / 2 + np.column_stack([-run[:, 1], run[:, 0]]) * 1e-3
    assert shapely.intersects_xy(strips, left).all()


@pytest.mark.parametrize(
    "closed, margin_m",
    # Of these, strips once came out that crossed themselves.
    [(("FJI", "HRV", "NAM", "PRK"), 200_000), (("NOR",), 500_000), (("CAN",), 2_000)],
)
def test_strips_along_real_borders_are_valid(closed: tuple[str, ...], margin_m: float) -> None:
    shut = make_closure(airspace(), closed).shuts(airspace())
    strips = margin_strips(ground().hulls.around(shut)[0], margin_m)
    assert shapely.is_valid(strips)
    assert shapely.area(strips) > 0
