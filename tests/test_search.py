"""The search itself: what it finds, forgets and refuses."""

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic  # type: ignore[import-untyped]

from geo.closure import make_closure
from geo.corners import make_corners, unit_vectors
from geo.corridor import CLEARANCE_M
from geo.hulls import make_hulls
from geo.model import LonLat
from geo.search import Graph, lengths_m, shortest
from geo.sight import Sight
from geo.tangents import followers, left_for, reached
from tests.brute_ways import Field, make_field
from tests.shipped import ground

BOX = np.array([(-50, -50), (50, -50), (50, 50), (-50, 50)], dtype=float)


def graph_of(field: Field) -> Graph:
    airspace = field.airspace()
    shut = make_closure(airspace, ["SHT"]).shuts(airspace)
    edges, _ = make_hulls(airspace.coverage.borders).around(shut)
    walls = unit_vectors(edges[:, :2]), unit_vectors(edges[:, 2:])
    cells = np.full_like(ground().cells, -2)
    return Graph(make_corners(edges, CLEARANCE_M), Sight(airspace, cells, shut, walls))


def found(graph: Graph, start: LonLat, end: LonLat) -> list[LonLat] | None:
    return shortest(graph, graph.corners.only(np.arange(0)), graph.sight, start, end)


def test_a_way_around_a_box_turns_at_its_corners_and_back_at_the_same() -> None:
    field = make_field(10, 0, [BOX], [True])
    graph = graph_of(field)
    start, end = field.lonlat(-80, 10), field.lonlat(80, 10)
    way = found(graph, start, end)
    assert way is not None
    assert (way[0], way[-1]) == (start, end)
    turns = [field.lonlat(x, 50) for x in (-50, 50)]
    assert len(way) == 4
    assert np.array(way[1:3]) == pytest.approx(np.array(turns), abs=0.001)
    assert found(graph, end, start) == way[::-1]
    # What was found out before changes nothing.
    assert found(graph, start, end) == way


def test_no_way_is_found_out_of_a_ring_from_either_side() -> None:
    field = make_field(10, 0, [BOX / 2, BOX], [False, True])
    graph = graph_of(field)
    assert found(graph, field.lonlat(0, 0), field.lonlat(90, 0)) is None
    assert found(graph, field.lonlat(90, 0), field.lonlat(0, 0)) is None


def test_where_nothing_is_in_the_way_it_is_the_geodesic() -> None:
    field = make_field(10, 0, [BOX], [True])
    assert found(graph_of(field), (10.0, 50.0), (-100.0, -20.0)) == [(10.0, 50.0), (-100.0, -20.0)]


def test_lengths_are_geodesics() -> None:
    ends = np.array([(35.9487, 35.4011), (44.6, 43.785)])
    line = Geodesic.WGS84.Inverse(35.4011, 35.9487, 43.785, 44.6)
    assert lengths_m(ends[0], ends) == pytest.approx([0, line["s12"]])
    assert lengths_m(ends[0], ends[:0]).shape == (0,)


def test_tangents_touch_a_box_on_either_side() -> None:
    field = make_field(10, 0, [BOX], [True])
    corners = graph_of(field).corners
    point = unit_vectors(np.array([field.lonlat(-200, 0)]))[0]
    # From the west: the north-west corner is passed along or against, and so on: of the four
    # corners only the two western ones are touched, each from one side.
    west = {n for n in range(4) if corners.lonlat[n, 0] < 10}
    states = reached(corners, point).tolist()
    assert {state // 2 for state in states} == west
    assert sorted(state % 2 for state in states) == [0, 1]
    leaving = np.flatnonzero(left_for(corners, point)).tolist()
    assert {state // 2 for state in leaving} == west
    for state in states:
        following = followers(corners, corners, state).tolist()
        assert [following_state % 2 for following_state in following] == [state % 2]
        assert corners.lonlat[following[0] // 2, 0] > 10
