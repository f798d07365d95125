"""Corners of shut borders, 50 m off them."""

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic  # type: ignore[import-untyped]

from geo.corners import Corners, crossed, joined, lonlat_of, make_corners, unit_vectors
from geo.model import FloatArray

CLEARANCE_M = 50.0
TOLERANCE_M = 0.3


def around(*vertices: tuple[float, float]) -> FloatArray:
    """List the edges of a ring with its inside, the shut side, on the left."""
    ring = np.array(vertices)
    return np.hstack([ring, np.roll(ring, -1, axis=0)])


def metres(corners: Corners, lonlat: tuple[float, float]) -> FloatArray:
    lon, lat = lonlat
    lines = [Geodesic.WGS84.Inverse(lat, lon, y, x)["s12"] for x, y in corners.lonlat]
    return np.array(lines)


def east_m(corners: Corners, lon: float) -> FloatArray:
    lines = [Geodesic.WGS84.Inverse(y, lon, y, x) for x, y in corners.lonlat]
    return np.array([line["s12"] * np.sign(np.sin(np.radians(line["azi1"]))) for line in lines])


@pytest.mark.parametrize("lon", [10.0, -180.0, 179.0])
@pytest.mark.parametrize("lat", [-75.0, 0.0, 60.0])
def test_a_box_has_four_corners_50_m_off_both_borders(lon: float, lat: float) -> None:
    east = lon + 1
    corners = make_corners(
        around((lon, lat), (east, lat), (east, lat + 1), (lon, lat + 1)), CLEARANCE_M
    )
    assert len(corners) == 4
    for at in ((lon, lat), (east, lat), (east, lat + 1), (lon, lat + 1)):
        assert metres(corners, at).min() == pytest.approx(CLEARANCE_M * np.sqrt(2), abs=1)
    off = np.sort(east_m(corners, lon))[:2]
    assert off == pytest.approx([-CLEARANCE_M] * 2, abs=1)


def test_only_left_turns_are_corners() -> None:
    notched = around((0, 0), (2, 0), (2, 2), (1, 1), (0, 2))
    corners = make_corners(notched, CLEARANCE_M)
    assert len(corners) == 4 + 2  # those at the two needles come twice
    assert metres(corners, (1, 1)).min() > 1_000
    assert len(make_corners(notched[::-1, [2, 3, 0, 1]], CLEARANCE_M)) == 1


def test_a_needles_tip_is_cut_off_square_and_all_its_corners_are_as_far_off() -> None:
    corners = make_corners(around((0, -0.001), (1, 0), (0, 0.001)), CLEARANCE_M)
    tip = np.flatnonzero(metres(corners, (1, 0)) < 1_000)
    assert len(tip) == 2
    assert corners.only(tip).lonlat[:, 0] == pytest.approx(1 + CLEARANCE_M / 111_320, abs=1e-5)
    assert np.abs(corners.only(tip).lonlat[:, 1]) * 110_574 == pytest.approx(CLEARANCE_M, abs=0.5)
    assert (corners.leaving[tip] < 0).sum() == (corners.arriving[tip] < 0).sum() == 1


def test_borders_that_meet_on_180_degrees_make_one_corner() -> None:
    edges = np.array([(179.0, 0.0, 180.0, 1.0), (-180.0, 1.0, 179.0, 2.0)])
    corners = make_corners(edges, CLEARANCE_M)
    assert len(corners) == 1
    assert corners.lonlat[0, 0] == pytest.approx(
        -180 + CLEARANCE_M * np.sqrt(2) / 111_320, abs=1e-5
    )


def test_borders_that_meet_at_a_pole_make_one_corner() -> None:
    # Two meridians, as a file draws a wedge: it names the pole by a longitude for each.
    ends = np.array([(30, 80, 30, 90), (-30, 90, -30, 80)], dtype=float)
    corners = make_corners(ends, CLEARANCE_M)
    assert len(corners) == 1
    # 50 m off both sides of the wedge of 60 degrees.
    assert metres(corners, (0.0, 90.0)) == pytest.approx(100, abs=TOLERANCE_M)
    assert abs(corners.lonlat[0, 0]) == pytest.approx(180)


def test_what_runs_on_straight_is_no_corner() -> None:
    edges = np.array([(0.0, 0.0, 1.0, 0.0), (1.0, 0.0, 2.0, 0.0)])
    assert len(make_corners(edges, CLEARANCE_M)) == 0
    assert len(make_corners(edges[:0], CLEARANCE_M)) == 0


def test_the_shut_side_is_on_the_left_of_both_planes() -> None:
    corners = make_corners(around((0, 0), (4, 0), (4, 4), (0, 4)), CLEARANCE_M)
    middle = unit_vectors(np.array([(2.0, 2.0)]))[0]
    assert (corners.into @ middle > 0).all()
    assert (corners.out @ middle > 0).all()
    assert np.abs(np.einsum("ij,ij->i", corners.into, corners.at)).max() < 1e-15


def test_directions_are_those_from_the_earths_centre() -> None:
    lonlat = np.array([(0, 0), (35.9487, 35.4011), (-120, -60), (10, 90), (180, 45)], dtype=float)
    at = unit_vectors(lonlat)
    assert np.linalg.norm(at, axis=1) == pytest.approx(1)
    # Geocentric latitude: tan = (1 - e^2) tan, so 44.8076 degrees at 45.
    assert np.degrees(np.arcsin(at[4, 2])) == pytest.approx(44.8076, abs=1e-4)
    back = lonlat_of(at)
    assert back[:, 1] == pytest.approx(lonlat[:, 1])
    assert back[[0, 1, 2, 4], 0] == pytest.approx(lonlat[[0, 1, 2, 4], 0])


def test_products_are_numpys() -> None:
    one, other = np.random.default_rng(0).normal(size=(2, 5, 3))
    assert crossed(one, other) == pytest.approx(np.cross(one, other))
    assert crossed(one[0], other[0]) == pytest.approx(np.cross(one[0], other[0]))


def test_corners_are_joined_in_order() -> None:
    corners = make_corners(around((0, 0), (4, 0), (4, 4), (0, 4)), CLEARANCE_M)
    both = joined(corners, corners.only(np.array([2])))
    assert len(both) == 5
    assert both.at[4].tolist() == corners.at[2].tolist()
