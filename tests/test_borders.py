from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from geo.borders import NO_FACE, Borders, Cuts, index_borders
from geo.geodesy import Lines, chords_of, make_route, make_track, make_tracks
from geo.model import FloatArray, IntArray, LonLat, Place, Route, Track

Cut = tuple[float, int, int]


def index(*polygons: BaseGeometry) -> Borders:
    parts: npt.NDArray[np.object_] = np.array(polygons, dtype=object)
    return index_borders(parts, np.arange(len(parts)))


def cuts(borders: Borders, *lonlats: LonLat, shift_deg: float = 0) -> list[Cut]:
    """Cut chords as they are, with one "metre" a chord."""
    track = Track(
        np.array(lonlats, dtype=float) + np.array([shift_deg, 0]), np.arange(float(len(lonlats)))
    )
    found = borders.cut(chords_of([track]))
    assert not found.route.any()
    # To a millionth, since tracks are moved aside by a billionth of a degree.
    return [(round(at, 6), left, entered) for _, at, left, entered in rows_of(found)]


def rows_of(found: Cuts) -> list[tuple[int, float, int, int]]:
    columns = (found.route, found.at_m, found.leaves, found.enters)
    return list(zip(*(column.tolist() for column in columns), strict=True))


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


def test_the_grid_holds_every_edge() -> None:
    borders = index(*grid(10.0)[0])
    assert set(borders.grid.segments.tolist()) == set(range(len(borders.ends)))


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


ENDS: list[tuple[LonLat, ...]] = [
    ((1, 2), (50, 44)),
    ((-70, -33), (151, -34)),
    ((3, 3), (3, 3)),
    ((0, 90), (9, -90)),
    ((170, 5), (-165, 25), (-140, 31), (175, 44)),
    ((-31.3, 71.2), (140.1, 68.7)),
]


def routes_over(ends: Sequence[Sequence[LonLat]] = ENDS) -> list[Route]:
    return [make_route("", [Place(str(i), "", *at) for i, at in enumerate(one)]) for one in ends]


def test_many_tracks_are_cut_as_one_by_one() -> None:
    borders = index(*grid(10.0, 0.0)[0])
    tracks = make_tracks(routes_over())
    together = rows_of(borders.cut(chords_of(tracks)))
    alone = [rows_of(borders.cut(chords_of([track]))) for track in tracks]
    assert together == [(i, *cut[1:]) for i, found in enumerate(alone) for cut in found]
    assert [len(found) > 0 for found in alone] == [True, True, False, True, True, True]
    assert together == sorted(together, key=lambda cut: cut[:2])


def test_the_order_of_the_chords_does_not_matter() -> None:
    borders = index(*grid(10.0)[0])
    chords = chords_of(make_tracks(routes_over()))
    mixed = chords.only(np.random.default_rng(3).permutation(len(chords.owner)))
    assert rows_of(borders.cut(mixed)) == rows_of(borders.cut(chords))


def test_chords_far_from_every_border_are_cut_by_none() -> None:
    borders = index(shapely.box(0, 0, 10, 10))
    found = borders.cut(chords_of([make_track(routes_over([((-40, -40), (-60, 40))])[0])]))
    assert rows_of(found) == []
    assert (
        rows_of(index(shapely.box(-180, -90, 180, 90)).cut(chords_of(make_tracks(routes_over()))))
        == []
    )


# ---- geodesics, cut into chords only where an edge is near ---------------------------------------


def island(lon: float, lat: float, size_deg: float = 1.0) -> BaseGeometry:
    return shapely.box(lon, lat, lon + size_deg, lat + size_deg)


def test_a_line_over_the_open_sea_is_cut_by_none() -> None:
    borders = index(island(0, 0), island(60, 60))
    lines = Lines.of(routes_over([((-40, -40), (-60, 40)), ((100, -20), (170, 50))]))
    assert rows_of(borders.cut_lines(lines)) == []


def test_a_line_is_cut_at_the_shores_of_each_island() -> None:
    borders = index(island(-20, -0.4), island(20, -0.4))
    # Along the equator a degree is a 360th of 2 pi times WGS84's semi-major axis.
    (route,) = routes_over([((-40, 0), (40, 0))])
    found = borders.cut_lines(Lines.of([route]))
    assert found.leaves.tolist() == [NO_FACE, 0, NO_FACE, 1]
    assert found.enters.tolist() == [0, NO_FACE, 1, NO_FACE]
    degree_m = 2 * np.pi * 6_378_137.0 / 360
    assert found.at_m.tolist() == pytest.approx([d * degree_m for d in (20, 21, 60, 61)], abs=0.01)


def test_legs_are_counted_along_their_routes() -> None:
    borders = index(*grid(10.0)[0])
    (route,) = routes_over([((1, 2), (33, 14), (61, -8))])
    legs = routes_over([((1, 2), (33, 14)), ((33, 14), (61, -8))])
    whole = borders.cut_lines(Lines.of([route]))
    alone = rows_of(borders.cut_lines(Lines.of(legs)))
    begins_m = (0.0, legs[0].length_m)
    assert whole.at_m.tolist() == pytest.approx([begins_m[i] + at for i, at, _, _ in alone])
    assert whole.leaves.tolist() == [left for _, _, left, _ in alone]
    assert whole.enters.tolist() == [entered for *_, entered in alone]


def test_cuts_of_geodesics_lie_on_the_borders() -> None:
    # By the geodesic itself: a cut's point is on a meridian or a parallel of the grid.
    step = 2.5
    routes = [route for i, route in enumerate(routes_over()) if i not in (2, 3)]
    lines = Lines.of(routes)
    found = index(*grid(step)[0]).cut_lines(lines)
    assert len(found.at_m) > 200
    lon, lat = lines.points_on_routes(found.route, found.at_m).T
    off_lon, off_lat = (np.abs(each / step - np.round(each / step)) * step for each in (lon, lat))
    off_m = np.minimum(off_lon * np.cos(np.radians(lat)), off_lat) * 111_320
    assert off_m.max() < 1.0


def test_many_geodesics_are_cut_as_one_by_one() -> None:
    borders = index(*grid(10.0)[0])
    routes = routes_over()
    together = rows_of(borders.cut_lines(Lines.of(routes)))
    alone = [rows_of(borders.cut_lines(Lines.of([route]))) for route in routes]
    expected = [(i, *cut[1:]) for i, found in enumerate(alone) for cut in found]
    # To the last bit.
    assert together == expected
    assert together == sorted(together, key=lambda cut: cut[:2])


@pytest.mark.parametrize("step", [2.5, 10.0])
def test_geodesics_are_cut_as_their_tracks_are(step: float) -> None:
    borders = index(*grid(step)[0])
    routes = routes_over()
    found = borders.cut_lines(Lines.of(routes))
    # Where a line meets a border at a low angle, metres aside are many metres along it.
    by_track = borders.cut(chords_of(make_tracks(routes, max_offset_m=0.02)))
    assert kinds_of(found) == kinds_of(by_track)
    apart_m = np.abs(sorted_at_m(found) - sorted_at_m(by_track))
    assert apart_m.max() < 1.0


def kinds_of(found: Cuts) -> list[tuple[int, int, int]]:
    return sorted((route, left, entered) for route, _, left, entered in rows_of(found))


def sorted_at_m(found: Cuts) -> FloatArray:
    order = np.lexsort([found.at_m, found.enters, found.leaves, found.route])
    return found.at_m[order]


@pytest.mark.parametrize("size_m", [100.0, 1.0])
@pytest.mark.parametrize("seed", range(3))
def test_no_small_island_on_the_way_is_missed(seed: int, size_m: float) -> None:
    rng = np.random.default_rng(seed)
    starts = rng.uniform([-180, -80], [180, 80], (60, 2))
    lines = Lines.between(starts, rng.uniform([-180, -80], [180, 80], (60, 2)))
    route: IntArray = np.arange(60)
    middles = lines.points_on_routes(route, rng.uniform(0.1, 0.9, 60) * lines.length_m)
    # Squares about points of the lines, up to the far north, that chords of a few kilometres miss.
    half_deg = size_m / 111_000
    about = half_deg / np.cos(np.radians(middles[:, 1])), np.full(60, half_deg)
    reach = np.column_stack(about)
    assert np.abs(middles[:, 0]).max() + reach.max() < 180
    borders = index(*shapely.box(*(middles - reach).T, *(middles + reach).T))
    found = borders.cut_lines(lines)
    for i in range(60):
        mine = found.route == i
        assert i in found.enters[mine].tolist()
        assert i in found.leaves[mine].tolist()
