"""Test how cuts become stretches, on made-up routes: route r runs along latitude r."""

from bisect import bisect_right
from collections.abc import Sequence
from functools import partial
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.borders import NO_FACE, Cuts
from geo.model import FloatArray, IntArray
from geo.stretches import Stretches, make_stretches, shared_m

SEA = NO_FACE
# A cut: route, metres, the face that is left, the face that is entered.
Cut = tuple[int, float, int, int]
# A stretch: route, face, start and end in metres.
Stretch = tuple[int, int, float, float]


def points_at(route: IntArray, at_m: FloatArray) -> FloatArray:
    return np.column_stack([at_m / 1000, route])


def moved_points(by: int, route: IntArray, at_m: FloatArray) -> FloatArray:
    return points_at(route + by, at_m)


class Areas:
    """Tell faces by area, and note which places are asked for."""

    def __init__(self, face: int = 9) -> None:
        self.face = face
        self.asked: list[tuple[int, float]] = []

    def __call__(self, lonlat: FloatArray) -> IntArray:
        self.asked += [(int(lat), round(lon * 1000, 6)) for lon, lat in lonlat.tolist()]
        return np.full(len(lonlat), self.face)


def cuts_of(cuts: Sequence[Cut]) -> Cuts:
    columns: list[list[float]] = [list(column) for column in zip(*cuts, strict=True)] or [[]] * 4
    route, at_m, leaves, enters = columns
    whole = (np.array(column, dtype=np.int64) for column in (route, leaves, enters))
    routes, left, entered = whole
    return Cuts(routes, np.array(at_m, dtype=float), left, entered)


def told(found: Stretches) -> list[Stretch]:
    columns = (found.route, found.face, found.start_m, found.end_m)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def stretched(lengths_m: Sequence[float], cuts: Sequence[Cut], areas: Areas) -> list[Stretch]:
    lengths = np.array(lengths_m, dtype=float)
    found = make_stretches(lengths, cuts_of(cuts), points_at, areas)
    assert_well_formed(found, lengths)
    return told(found)


def assert_well_formed(found: Stretches, lengths_m: FloatArray) -> None:
    rows = told(found)
    assert sorted({route for route, *_ in rows}) == list(range(len(lengths_m)))
    for one, other in pairwise(rows):
        if one[0] == other[0]:
            assert one[3] == other[2]
            assert one[1] != other[1]
        else:
            assert other[0] == one[0] + 1
            assert (one[3], other[2]) == (lengths_m[one[0]], 0.0)
    assert (rows[0][2], rows[-1][3]) == (0.0, lengths_m[-1])
    assert found.entry.tolist() == points_at(found.route, found.start_m).tolist()
    assert found.exit.tolist() == points_at(found.route, found.end_m).tolist()


# ---- one route -----------------------------------------------------------------------------------


def test_a_route_without_cuts_is_one_stretch_told_by_its_middle() -> None:
    areas = Areas(4)
    assert stretched([1000], [], areas) == [(0, 4, 0, 1000)]
    assert areas.asked == [(0, 500)]


def test_a_route_of_no_length_is_one_stretch_of_none() -> None:
    areas = Areas(4)
    assert stretched([0], [], areas) == [(0, 4, 0, 0)]
    assert areas.asked == [(0, 0)]


def test_cuts_that_agree_tell_all_faces_and_no_area_is_asked() -> None:
    areas = Areas()
    cuts = [(0, 100, SEA, 3), (0, 400, 3, 5), (0, 402, 5, 3), (0, 900, 3, SEA)]
    assert stretched([1000], cuts, areas) == [
        (0, SEA, 0, 100),
        (0, 3, 100, 400),
        (0, 5, 400, 402),
        (0, 3, 402, 900),
        (0, SEA, 900, 1000),
    ]
    assert areas.asked == []


def test_where_two_cuts_disagree_the_area_decides() -> None:
    areas = Areas(7)
    cuts = [(0, 100, 1, 2), (0, 300, 3, 4)]
    assert stretched([1000], cuts, areas) == [(0, 1, 0, 100), (0, 7, 100, 300), (0, 4, 300, 1000)]
    assert areas.asked == [(0, 200)]


def test_what_the_area_tells_is_merged_with_its_like() -> None:
    cuts = [(0, 100, 1, 2), (0, 300, 3, 4)]
    assert stretched([1000], cuts, Areas(1)) == [(0, 1, 0, 300), (0, 4, 300, 1000)]
    assert stretched([1000], cuts, Areas(4)) == [(0, 1, 0, 100), (0, 4, 100, 1000)]
    one_face = [(0, 100, 1, 2), (0, 300, 3, 1)]
    assert stretched([1000], one_face, Areas(1)) == [(0, 1, 0, 1000)]


def test_a_cut_between_equal_faces_is_none() -> None:
    areas = Areas()
    assert stretched([1000], [(0, 500, 2, 2)], areas) == [(0, 2, 0, 1000)]
    assert areas.asked == []


@pytest.mark.parametrize("gap_m", [0.0, 0.5, 1.0])
def test_cuts_within_a_metre_are_one_event_and_the_area_decides_on_both_sides(
    gap_m: float,
) -> None:
    areas = Areas(8)
    cuts = [(0, 500, 1, 2), (0, 500 + gap_m, 2, 3)]
    assert stretched([1000], cuts, areas) == [(0, 8, 0, 1000)]
    assert areas.asked == [(0, 250), (0, 750)]


def test_cuts_more_than_a_metre_apart_are_two_events() -> None:
    areas = Areas()
    cuts = [(0, 500, 1, 2), (0, 501.01, 2, 3)]
    assert stretched([1000], cuts, areas) == [
        (0, 1, 0, 500),
        (0, 2, 500, 501.01),
        (0, 3, 501.01, 1000),
    ]
    assert areas.asked == []


def test_an_event_may_be_a_chain_of_cuts_and_stands_at_its_first() -> None:
    class Halves(Areas):
        def __call__(self, lonlat: FloatArray) -> IntArray:
            super().__call__(lonlat)
            return np.where(lonlat[:, 0] < 0.5, 1, 2)

    areas = Halves()
    cuts = [(0, 500 + 0.9 * i, i, i + 1) for i in range(5)]
    assert stretched([1000], cuts, areas) == [(0, 1, 0, 500), (0, 2, 500, 1000)]
    assert areas.asked == [(0, 250), (0, 750)]


def test_only_the_stretches_beside_a_doubtful_event_are_asked_for() -> None:
    areas = Areas(8)
    cuts = [(0, 200, 1, 2), (0, 400, 2, 6), (0, 400.5, 6, 4), (0, 600, 4, 5), (0, 800, 5, 1)]
    assert stretched([1000], cuts, areas) == [
        (0, 1, 0, 200),
        (0, 8, 200, 600),
        (0, 5, 600, 800),
        (0, 1, 800, 1000),
    ]
    assert areas.asked == [(0, 300), (0, 500)]


@pytest.mark.parametrize("off_m", [0.0, 0.4, 1.0])
def test_cuts_within_a_metre_of_an_end_are_left_out(off_m: float) -> None:
    cuts = [(0, off_m, 1, 2), (0, 500, 2, 3), (0, 1000 - off_m, 3, 4)]
    areas = Areas()
    assert stretched([1000], cuts, areas) == [(0, 2, 0, 500), (0, 3, 500, 1000)]
    assert areas.asked == []
    (only,) = stretched([1000], [cuts[0], cuts[2]], Areas(6))
    assert only == (0, 6, 0, 1000)


def test_a_cut_just_more_than_a_metre_from_an_end_counts() -> None:
    cuts = [(0, 1.01, 1, 2), (0, 998.99, 2, 3)]
    assert [face for _, face, *_ in stretched([1000], cuts, Areas())] == [1, 2, 3]


# ---- many routes ---------------------------------------------------------------------------------


def test_routes_without_cuts_stand_among_others() -> None:
    areas = Areas(4)
    found = stretched([10, 1000, 20, 0, 500, 30], [(1, 600, 1, 2), (4, 50, 3, SEA)], areas)
    assert found == [
        (0, 4, 0, 10),
        (1, 1, 0, 600),
        (1, 2, 600, 1000),
        (2, 4, 0, 20),
        (3, 4, 0, 0),
        (4, 3, 0, 50),
        (4, SEA, 50, 500),
        (5, 4, 0, 30),
    ]
    assert areas.asked == [(0, 5), (2, 10), (3, 0), (5, 15)]


def test_cuts_at_like_metres_of_two_routes_are_no_event() -> None:
    areas = Areas()
    found = stretched([1000, 1000], [(0, 500, 1, 2), (1, 500.5, 3, 4)], areas)
    assert [face for _, face, *_ in found] == [1, 2, 3, 4]
    assert areas.asked == []


def test_like_faces_of_neighbouring_routes_stay_apart() -> None:
    cuts = [(0, 500, 1, 2), (1, 500, 2, 1)]
    found = stretched([1000, 1000], cuts, Areas())
    assert found == [(0, 1, 0, 500), (0, 2, 500, 1000), (1, 2, 0, 500), (1, 1, 500, 1000)]


# ---- a known truth -------------------------------------------------------------------------------

# A route as it is: faces and how many metres each lasts, all of them more than an event.
routes_as_they_are = st.lists(
    st.lists(st.tuples(st.integers(-1, 3), st.integers(3, 500)), min_size=1, max_size=8),
    min_size=1,
    max_size=5,
)
# What a vertex or a border along the line adds: metres about a border, and a face seen there.
noises = st.lists(st.tuples(st.floats(-0.45, 0.45), st.integers(-1, 3)), max_size=3)


@given(routes_as_they_are, st.data())
def test_stretches_are_what_is_there_whatever_the_cuts_at_a_border_say(
    routes: list[list[tuple[int, int]]], data: st.DataObject
) -> None:
    lengths_m, cuts, truth = [], [], list[Stretch]()
    for number, parts in enumerate(routes):
        ends_m = np.cumsum([length for _, length in parts]).tolist()
        lengths_m.append(ends_m[-1])
        starts_m = [0, *ends_m[:-1]]
        for (face, _), start_m, end_m in zip(parts, starts_m, ends_m, strict=True):
            if truth and truth[-1][:2] == (number, face):
                truth[-1] = (*truth[-1][:3], end_m)
            else:
                truth.append((number, face, start_m, end_m))
        for (left, _), (entered, _), at_m in zip(parts, parts[1:], ends_m, strict=False):
            # Whatever is seen in between, an event begins in the one face and ends in the other.
            noise = sorted(data.draw(noises))
            seen = [left, *(face for _, face in noise), entered]
            metres = [at_m + off for off, _ in noise]
            metres = sorted([*metres, at_m])
            cuts += [
                (number, where, one, other)
                for where, (one, other) in zip(metres, pairwise(seen), strict=True)
            ]

    def locate(lonlat: FloatArray) -> IntArray:
        return np.array([truth_at(truth, int(lat), lon * 1000) for lon, lat in lonlat], dtype=int)

    lengths = np.array(lengths_m, dtype=float)
    together = make_stretches(lengths, cuts_of(cuts), points_at, locate)
    assert_well_formed(together, lengths)
    found = told(together)
    assert [row[:2] for row in found] == [row[:2] for row in truth]
    assert np.allclose([row[2:] for row in found], [row[2:] for row in truth], rtol=0, atol=0.5)
    for number, length_m in enumerate(lengths_m):
        mine = [(0, *cut[1:]) for cut in cuts if cut[0] == number]
        at = partial(moved_points, number)
        alone = make_stretches(np.array([float(length_m)]), cuts_of(mine), at, locate)
        assert [row[1:] for row in told(alone)] == [r[1:] for r in found if r[0] == number]


def truth_at(truth: Sequence[Stretch], route: int, at_m: float) -> int:
    """Tell the face at some metres of a route; the end belongs to the last stretch."""
    mine = [row for row in truth if row[0] == route]
    return mine[bisect_right([row[2] for row in mine], at_m) - 1][1]


# ---- what two accounts of the same routes share --------------------------------------------------


def stretches_of(routes: Sequence[Sequence[tuple[int, float]]]) -> Stretches:
    """Make stretches from faces and lengths, route by route."""
    rows = [
        (number, face, start_m, start_m + length_m)
        for number, parts in enumerate(routes)
        for (face, length_m), start_m in zip(
            parts, np.cumsum([0.0, *(length for _, length in parts[:-1])]).tolist(), strict=True
        )
    ]
    route, face = (np.array([row[i] for row in rows], dtype=np.int64) for i in (0, 1))
    start_m, end_m = (np.array([row[i] for row in rows], dtype=float) for i in (2, 3))
    return Stretches(
        route, face, start_m, end_m, points_at(route, start_m), points_at(route, end_m)
    )


def test_metres_over_land_are_shared_out() -> None:
    airspace = stretches_of([[(1, 100), (SEA, 50), (2, 150)], [(3, 10)], [(SEA, 0)], [(SEA, 80)]])
    land = stretches_of([[(0, 40), (SEA, 80), (0, 180)], [(0, 10)], [(0, 0)], [(SEA, 80)]])
    assert shared_m(airspace, land).tolist() == pytest.approx([40, 30, 150, 10, 0, 0], abs=1e-9)


lengths = st.lists(st.integers(1, 300), min_size=1, max_size=6)


@given(st.lists(st.tuples(lengths, lengths, st.booleans()), min_size=1, max_size=4))
def test_shared_metres_are_those_of_the_overlaps(
    routes: list[tuple[list[int], list[int], bool]],
) -> None:
    parts, lands = [], []
    for mine, others, wet in routes:
        parts.append([(i, float(length)) for i, length in enumerate(mine)])
        # The other account of the route has other bounds and the same length.
        bounds = sorted({min(end, sum(mine)) for end in np.cumsum(others).tolist()} | {sum(mine)})
        shares = np.diff([0, *bounds]).tolist()
        lands.append([(SEA if (i % 2) == wet else 0, length) for i, length in enumerate(shares)])
    airspace, land = stretches_of(parts), stretches_of(lands)
    dry = [row for row in told(land) if row[1] != SEA]
    expected = [
        sum(
            max(0.0, min(end_m, dry_end_m) - max(start_m, dry_start_m))
            for other, _, dry_start_m, dry_end_m in dry
            if other == route
        )
        for route, _, start_m, end_m in told(airspace)
    ]
    assert shared_m(airspace, land).tolist() == pytest.approx(expected, abs=1e-9)
