from collections import Counter
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from geo.borders import NO_FACE, Borders, index_borders
from geo.geodesy import make_route, make_track
from geo.model import FloatArray, LonLat, Place, Track

Cut = tuple[float, int, int]


def index(*polygons: BaseGeometry) -> Borders:
    parts: npt.NDArray[np.object_] = np.array(polygons, dtype=object)
    return index_borders(parts, np.arange(len(parts)))


def cuts(borders: Borders, *lonlats: LonLat, shift_deg: float = 0) -> list[Cut]:
    """Cut chords as they are, with one "metre" a chord."""
    track = Track(
        np.array(lonlats, dtype=float) + np.array([shift_deg, 0]), np.arange(float(len(lonlats)))
    )
    (found,) = borders.cuts_of([track])
    columns = (found.at_m.tolist(), found.leaves.tolist(), found.enters.tolist())
    # To a millionth, since tracks are moved aside by a billionth of a degree.
    return [(round(at, 6), left, entered) for at, left, entered in zip(*columns, strict=True)]


def grid(step: float, offset: float = 0.0) -> tuple[list[BaseGeometry], int]:
    """Cut the world (as far as it is whole) into cells; also tell how many edges it has inside."""
    lons = np.arange(-180, 180 + step / 2, step) + offset
    lats = np.arange(-90, 90 + step / 2, step)
    cells = [
        shapely.box(west, south, east, north)
        for west, east in pairwise(lons)
        for south, north in pairwise(lats)
    ]
    across, up = len(lons) - 1, len(lats) - 1
    return cells, across * (up - 1) + up * (across - 1)


@pytest.mark.parametrize("step", [1.0, 2.5, 10.0, 0.1 * 30])
def test_every_edge_knows_both_its_sides(step: float) -> None:
    # Whole degrees are the hard case for a hash of floats: nearly all their bits are zero.
    cells, inner_edges = grid(step)
    borders = index(*cells)
    assert len(borders.ends) == inner_edges
    middles = (borders.ends[:, :2] + borders.ends[:, 2:]) / 2
    along = borders.ends[:, 2:] - borders.ends[:, :2]
    to_left = np.column_stack([-along[:, 1], along[:, 0]]) / 4
    geometries = np.array(cells, dtype=object)
    assert shapely.contains_xy(geometries[borders.left], *(middles + to_left).T).all()
    assert shapely.contains_xy(geometries[borders.right], *(middles - to_left).T).all()


def test_the_runs_hold_every_edge_once_and_follow_the_border() -> None:
    borders = index(*grid(10.0)[0])
    assert borders.runs[0] == 0
    assert borders.runs[-1] == len(borders.ends)
    assert (np.diff(borders.runs) > 0).all()
    for first, last in pairwise(borders.runs.tolist()):
        run: FloatArray = borders.ends[first:last]
        assert (run[1:, :2] == run[:-1, 2:]).all()


def test_an_edge_without_a_neighbour_borders_no_face() -> None:
    borders = index(shapely.box(0, 0, 10, 10))
    assert cuts(borders, (-5, 5), (5, 5), (15, 6)) == [(0.5, NO_FACE, 0), (1.5, 0, NO_FACE)]


def test_the_winding_of_a_polygon_does_not_matter() -> None:
    box = shapely.box(0, 0, 10, 10)
    assert cuts(index(box.reverse()), (-5, 5), (5, 5)) == cuts(index(box), (-5, 5), (5, 5))


def test_a_hole_is_left_and_entered() -> None:
    hole = shapely.box(4, 4, 6, 6)
    ring = shapely.box(0, 0, 10, 10).difference(hole)
    one, other = cuts(index(ring), (2, 5), (5, 5), (8, 5))
    assert (one[1:], other[1:]) == ((0, NO_FACE), (NO_FACE, 0))
    assert (one[0], other[0]) == pytest.approx((2 / 3, 4 / 3), abs=1e-6)
    assert [cut[1:] for cut in cuts(index(ring, hole), (2, 5), (8, 5))] == [(0, 1), (1, 0)]


@pytest.mark.parametrize(
    ("lonlats", "first", "last"),
    [
        ([(2, 2), (8, 8)], 0, 1),  # through the middle of a border
        ([(2, 5), (5, 5), (8, 5)], 0, 1),  # a corner of the route on the border
        ([(2, 5), (5, 6), (2, 7)], 0, 0),  # touches and turns back
        ([(8, 5), (5, 6), (8, 7)], 1, 1),  # the same from the other side
        ([(2, -1), (5, 0), (8, 1)], NO_FACE, 1),  # through the foot of the border
        ([(5, -5), (5, 15)], NO_FACE, NO_FACE),  # along the border
    ],
)
def test_cuts_at_a_vertex_lead_on_from_face_to_face(
    lonlats: list[LonLat], first: int, last: int
) -> None:
    borders = index(shapely.box(0, 0, 5, 10), shapely.box(5, 0, 10, 10))
    for way, start, end in ((lonlats, first, last), (lonlats[::-1], last, first)):
        found = cuts(borders, *way)
        # Cuts at one point come in any order; together they lead from the first face to the last.
        change = Counter(entered for _, _, entered in found)
        change.subtract(left for _, left, _ in found)
        expected = Counter({end: 1})
        expected.subtract([start])
        assert change == expected


def test_the_seam_of_the_map_is_no_border() -> None:
    borders = index(shapely.box(170, -10, 180, 10), shapely.box(-180, -10, -170, 10))
    assert [c[1:] for c in cuts(borders, (165, 0), (175, 0), (185, 0), (195, 0))] == [
        (NO_FACE, 0),
        (1, NO_FACE),
    ]


@pytest.mark.parametrize("turn", [-360.0, 0.0, 360.0])
def test_a_chord_over_the_antimeridian_is_cut_on_either_side(turn: float) -> None:
    borders = index(shapely.box(179, -10, 180, 10), shapely.box(-180, -10, -179, 10))
    for middle in (180.0, 179.5, 180.5):
        found = cuts(borders, (middle - 3, 0), (middle + 3, 1), shift_deg=turn)
        assert [cut[1:] for cut in found] == [(NO_FACE, 0), (1, NO_FACE)]


def test_an_edge_from_180_to_180_round_the_world_is_a_border() -> None:
    # Antarctica's limit at 60 degrees south is one such edge.
    borders = index(shapely.box(-180, -90, 180, -60))
    assert cuts(borders, (30, -50), (30, -70)) == [(0.5, NO_FACE, 0)]
    assert cuts(borders, (30, -90), (10, -30)) == [(0.5, 0, NO_FACE)]
    north = index(shapely.box(-180, 80, 180, 90), shapely.box(-180, 70, 180, 80))
    assert [cut[1:] for cut in cuts(north, (0, 89), (0, 60))] == [(0, 1), (1, NO_FACE)]


@pytest.mark.parametrize("lon", [180, -180, 540])
def test_a_track_along_the_antimeridian_is_cut(lon: float) -> None:
    west_of_it, east_of_it = shapely.box(170, 0, 180, 10), shapely.box(-180, 0, -170, 10)
    assert [c[1:] for c in cuts(index(west_of_it, east_of_it), (lon, -5), (lon, 5), (lon, 15))] in (
        [(NO_FACE, 0), (0, NO_FACE)],
        [(NO_FACE, 1), (1, NO_FACE)],
    )


@pytest.mark.parametrize("turns", [-2, -1, 0, 1, 2])
def test_whole_turns_change_nothing(turns: int) -> None:
    borders = index(shapely.box(170, -10, 180, 10), shapely.box(-180, -10, -165, 10))
    way = [(160.0, 1.0), (172.0, 2.0), (180.0, 3.0), (188.0, 2.0), (200.0, 1.0)]
    plain = cuts(borders, *way)
    assert [cut[1:] for cut in plain] == [(NO_FACE, 0), (1, NO_FACE)]
    turned = cuts(borders, *way, shift_deg=360.0 * turns)
    assert [cut[1:] for cut in turned] == [cut[1:] for cut in plain]
    assert [cut[0] for cut in turned] == pytest.approx([cut[0] for cut in plain], abs=1e-9)


def test_many_tracks_are_cut_as_one_by_one() -> None:
    borders = index(*grid(10.0, 0.0)[0])
    ends = [((1, 2), (50, 44)), ((-70, -33), (151, -34)), ((3, 3), (3, 3)), ((0, 90), (9, -90))]
    tracks = [
        make_track(make_route("", [Place(str(i), "", *at) for i, at in enumerate(pair)]))
        for pair in ends
    ]
    for alone, together in zip(tracks, borders.cuts_of(tracks), strict=True):
        (expected,) = borders.cuts_of([alone])
        assert together.at_m.tolist() == expected.at_m.tolist()
        assert together.leaves.tolist() == expected.leaves.tolist()
        assert together.enters.tolist() == expected.enters.tolist()
        assert (np.diff(together.at_m) >= 0).all()
