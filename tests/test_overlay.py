from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic  # type: ignore[import-untyped]
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely import affinity

from geo.geodesy import Lines, make_route, make_track, points_at
from geo.layers import Layer, Volume
from geo.model import BoolArray, FloatArray, LonLat, Place, Route
from geo.overlay import Overlay, Passage, make_overlay

WGS84 = Geodesic.WGS84
# A chord may lie 10 m off the geodesic; two ways to cut one line into chords, 20 m apart.
OFFSET_M = 10.0
# Beyond, the way back may be another shortest line.
NEARLY_ANTIPODAL_M = 19_900_000


def layer_of(*geometries: Any) -> Layer:
    volumes = [Volume(n, "", f"v{n}", "", "", "", g) for n, g in enumerate(geometries, 1)]
    return Layer("test", tuple(volumes))


def overlay_of(*geometries: Any) -> Overlay:
    return make_overlay(layer_of(*geometries))


def route_over(*lonlats: LonLat) -> Route:
    return make_route("test", [Place(str(i), str(i), *at) for i, at in enumerate(lonlats)])


def numbers(passages: Sequence[Passage]) -> list[int]:
    return [passage.volume.number for passage in passages]


def spans(passages: Sequence[Passage]) -> list[tuple[int, float, float]]:
    """Round to a centimetre: a passage's end, to be compared with another's."""
    return [(p.volume.number, round(p.start_m, 2), round(p.end_m, 2)) for p in passages]


def along(overlay: Overlay, *lonlats: LonLat) -> tuple[Passage, ...]:
    (passages,) = overlay.passages([route_over(*lonlats)])
    return passages


def border_m(geometry: Any, lonlat: FloatArray) -> float:
    """Measure from a point to a volume's edge, on whichever side of the map it is drawn."""
    near = []
    for turn in (-360, 0, 360):
        point = shapely.Point(lonlat[0] + turn, lonlat[1])
        ends = shapely.shortest_line(point, geometry.boundary)
        lon, lat = shapely.get_coordinates(ends)[1].tolist()
        near.append(WGS84.Inverse(lonlat[1], lonlat[0], lat, lon)["s12"])
    return float(min(near))


def told_inside(passages: Sequence[Passage], number: int, at_m: FloatArray) -> BoolArray:
    inside = np.zeros(len(at_m), dtype=bool)
    for passage in passages:
        if passage.volume.number == number:
            inside |= (passage.start_m <= at_m) & (at_m <= passage.end_m)
    return inside


def assert_listed(passages: Sequence[Passage], route: Route) -> None:
    """Hold what every list keeps: its order, and each volume's passages apart."""
    keys = [(passage.start_m, passage.volume.number) for passage in passages]
    assert keys == sorted(keys)
    for number in set(numbers(passages)):
        own = [passage for passage in passages if passage.volume.number == number]
        assert own[0].start_m >= 0
        assert own[-1].end_m <= route.length_m
        assert all(passage.length_m > 0 for passage in own)
        assert all(one.end_m < other.start_m for one, other in pairwise(own))


# ---- what is known beforehand --------------------------------------------------------------------

BOX = shapely.box(10, -5, 20, 5)


def test_a_passage_begins_and_ends_where_the_equator_meets_the_edges() -> None:
    (passage,) = along(overlay_of(BOX), (0, 0), (30, 0))
    degree_m = np.pi / 180 * WGS84.a
    assert (passage.start_m, passage.end_m) == pytest.approx((10 * degree_m, 20 * degree_m))
    assert passage.entry == pytest.approx((10, 0))
    assert passage.exit == pytest.approx((20, 0))
    assert passage.length_m == pytest.approx(10 * degree_m)


def test_the_line_is_the_geodesic_and_not_its_chord() -> None:
    bulge = shapely.box(-100, 58, -10, 75)  # from 50 N to 50 N the line runs up here
    (passage,) = along(overlay_of(bulge), (-100, 50), (-10, 50))
    there = WGS84.InverseLine(50, -100, 50, -10)
    for at_m, lonlat in ((passage.start_m, passage.entry), (passage.end_m, passage.exit)):
        at = there.Position(at_m)
        assert at["lat2"] == pytest.approx(58, abs=1e-4)
        assert (at["lon2"], at["lat2"]) == pytest.approx(lonlat)


def test_overlapping_volumes_are_each_listed_by_themselves() -> None:
    inner, twin = shapely.box(12, -1, 14, 1), shapely.box(10, -5, 20, 5)
    passages = along(overlay_of(inner, BOX, twin), (0, 0), (30, 0))
    assert numbers(passages) == [2, 3, 1]
    assert spans(passages)[0][1:] == spans(passages)[1][1:]


def test_a_hole_is_left_out() -> None:
    ring = shapely.difference(BOX, shapely.box(14, -1, 15, 1))
    passages = along(overlay_of(ring), (0, 0), (30, 0))
    assert [(round(p.entry[0]), round(p.exit[0])) for p in passages] == [(10, 14), (15, 20)]


def test_neighbours_hand_over_at_their_border() -> None:
    east = shapely.box(20, -5, 30, 5)
    one, other = along(overlay_of(BOX, east), (0, 1), (40, 1))
    assert one.end_m == other.start_m


def test_a_volume_that_holds_the_whole_route_is_listed() -> None:
    world = shapely.box(-180, -90, 180, 90)
    route = route_over((11, 0), (19, 0))
    (passages,) = overlay_of(world, BOX, shapely.box(50, 0, 60, 9)).passages([route])
    assert spans(passages) == [(n, 0, round(route.length_m, 2)) for n in (1, 2)]


def test_legs_are_one_route() -> None:
    passages = along(overlay_of(BOX), (0, 0), (15, 0), (15, 20), (15, -20))
    assert [round(p.entry[1]) for p in passages] == [0, 5]


@pytest.mark.parametrize("at", [(15.0, 0.0), (40.0, 0.0)])
def test_a_route_of_no_length_is_in_what_holds_it(at: LonLat) -> None:
    passages = along(overlay_of(BOX), at, at)
    assert [(p.start_m, p.end_m) for p in passages] == ([(0, 0)] if at == (15, 0) else [])


def test_nothing_asked_or_nothing_there_is_nothing() -> None:
    assert overlay_of(BOX).passages([]) == []
    assert overlay_of().passages([route_over((0, 0), (1, 1))] * 2) == [(), ()]
    assert along(overlay_of(BOX), (100, 0), (120, 0)) == ()


def test_antipodal_ends_have_an_answer() -> None:
    route = route_over((0, 0), (180, 0))
    (passages,) = overlay_of(shapely.box(-180, 80, 180, 90)).passages([route])
    assert_listed(passages, route)


# ---- the antimeridian and the poles --------------------------------------------------------------

FIJI = shapely.MultiPolygon([shapely.box(175, -20, 180, -10), shapely.box(-180, -20, -175, -10)])


@pytest.mark.parametrize("way", [1, -1])
@pytest.mark.parametrize("lon", [170.0, 180.0])
def test_a_volume_over_the_antimeridian_is_crossed_once(way: int, lon: float) -> None:
    ends: list[LonLat] = [(lon, -15), (-170, -15)]
    (passage,) = along(overlay_of(FIJI), *ends[::way])
    assert {round(abs(passage.entry[0])), round(abs(passage.exit[0]))} <= {175, 180}


@pytest.mark.parametrize("way", [1, -1])
def test_a_volume_may_end_at_180_degrees(way: int) -> None:
    west, east = FIJI.geoms
    ends: list[LonLat] = [(170, -15), (-170, -15)]
    passages = along(overlay_of(west, east), *ends[::way])
    assert numbers(passages) == [1, 2][::way]
    one, other = passages
    assert one.end_m == pytest.approx(other.start_m, abs=0.01)
    assert np.abs([one.exit[0], other.entry[0]]) == pytest.approx(180, abs=1e-6)


def test_a_seam_that_is_border_in_part() -> None:
    stepped = shapely.MultiPolygon(
        [shapely.box(175, -20, 180, -10), shapely.box(-180, -16, -175, -8)]
    )
    overlay = overlay_of(stepped)
    for lat, lons in ((-18, (175, 180)), (-13, (175, -175)), (-9, (-180, -175))):
        (passage,) = along(overlay, (172, lat), (-172, lat))
        found = [abs(passage.entry[0]), abs(passage.exit[0])]
        assert found == pytest.approx(np.abs(lons), abs=1e-3)


@pytest.mark.parametrize("lon", [180.0, -180.0])
def test_a_route_along_180_degrees(lon: float) -> None:
    route = route_over((lon, -30), (lon, 0))
    west, east = FIJI.geoms
    (passages,) = overlay_of(FIJI, west, east).passages([route])
    assert numbers(passages)[0] == 1
    # On a border, one of its sides: the eastern, as lines are moved there.
    assert numbers(passages)[1:] == [3]


def test_a_polar_cap_is_crossed_once() -> None:
    cap = shapely.box(-180, 80, 180, 90)
    (passage,) = along(overlay_of(cap), (0, 70), (180, 70))
    assert (passage.entry[1], passage.exit[1]) == pytest.approx((80, 80), abs=1e-4)


# ---- any volumes against plain Shapely -----------------------------------------------------------

WHERE = st.tuples(st.integers(-30, 30).map(float), st.integers(-30, 30).map(float))
FAR = st.tuples(
    st.floats(-180, 180).map(lambda lon: round(lon, 3)),
    st.floats(-90, 90).map(lambda lat: round(lat, 3)),
)
BOXES = st.builds(
    lambda at, size: shapely.box(at[0], at[1], at[0] + size[0], at[1] + size[1]),
    WHERE, st.tuples(st.integers(1, 30), st.integers(1, 30)),
)  # fmt: skip
STARS = st.lists(WHERE, min_size=3, max_size=9).map(shapely.Polygon)


def valid(area: Any) -> Any:
    return shapely.make_valid(area, method="structure", keep_collapsed=False)


@st.composite
def areas(draw: st.DrawFn) -> Any:
    """Draw a valid area: with a hole, moved to the antimeridian or a pole, or split into parts."""
    area = draw(st.one_of(BOXES, STARS))
    for hole in draw(st.lists(st.one_of(BOXES, STARS), max_size=2)):
        area = valid(area).difference(valid(hole))
    area = valid(area)
    area = affinity.translate(area, 0, draw(st.sampled_from([0, 0, 30, -30])))
    if draw(st.booleans()):
        halves = [shapely.box(-180, -90, 0, 90), shapely.box(0, -90, 180, 90)]
        west, east = (area.intersection(half) for half in halves)
        area = shapely.union_all([affinity.translate(west, 180), affinity.translate(east, -180)])
    parts = [part for part in shapely.get_parts(area) if part.geom_type == "Polygon" and part.area]
    assume(parts)
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Any], list[LonLat]]:
    """Make volumes, which share their whole degrees, and a route, often through their vertices."""
    geometries = draw(st.lists(areas(), min_size=1, max_size=5))
    vertices = {tuple(xy) for xy in shapely.get_coordinates(geometries).tolist()}
    place = st.one_of(st.sampled_from(sorted(vertices)), WHERE, FAR)
    ends = draw(st.lists(place, min_size=2, max_size=4))
    assume(all(WGS84.Inverse(a[1], a[0], b[1], b[0])["s12"] > 1000 for a, b in pairwise(ends)))
    return geometries, ends


# Off the round numbers, so that no sample falls on a corner of the route.
SHARES = (np.arange(400) + 0.4142) / 400


def assert_same(
    one: BoolArray, other: BoolArray, lonlat: FloatArray, geometry: Any, within_m: float
) -> None:
    """Refuse two accounts of the same points that differ other than beside an edge."""
    for i in np.flatnonzero(one != other)[:20]:
        assert border_m(geometry, lonlat[i]) < within_m, (lonlat[i], one[i], other[i])


@settings(max_examples=150)
@given(cases())
def test_passages_are_what_sampling_finds(case: tuple[list[Any], list[LonLat]]) -> None:
    geometries, ends = case
    route = route_over(*ends)
    (passages,) = overlay_of(*geometries).passages([route])
    assert_listed(passages, route)
    at_m = SHARES * route.length_m
    lonlat = Lines.of([route]).points_on_routes(np.zeros(len(at_m), dtype=int), at_m)
    for number, geometry in enumerate(geometries, 1):
        told = told_inside(passages, number, at_m)
        found = shapely.intersects_xy(geometry, *lonlat.T)
        assert_same(told, found, lonlat, geometry, OFFSET_M + 2)


@settings(max_examples=60)
@given(cases())
def test_the_way_back_passes_the_same(case: tuple[list[Any], list[LonLat]]) -> None:
    geometries, ends = case
    route, back = route_over(*ends), route_over(*ends[::-1])
    assume(max(leg.length_m for leg in route.legs) < NEARLY_ANTIPODAL_M)
    there, returned = overlay_of(*geometries).passages([route, back])
    at_m = SHARES * route.length_m
    lonlat = points_at(make_track(route), at_m)
    for number, geometry in enumerate(geometries, 1):
        one = told_inside(there, number, at_m)
        other = told_inside(returned, number, back.length_m - at_m)
        assert_same(one, other, lonlat, geometry, 2 * OFFSET_M + 2)


@settings(max_examples=60)
@given(cases(), areas())
def test_another_volume_changes_nothing(case: tuple[list[Any], list[LonLat]], more: Any) -> None:
    geometries, ends = case
    alone = along(overlay_of(*geometries), *ends)
    beside = along(overlay_of(*geometries, more), *ends)
    kept = [p for p in beside if p.volume.number <= len(geometries)]
    # Not to the bit: more edges make other parts of the line finer.
    for number, geometry in enumerate(geometries, 1):
        one, other = ([p for p in ps if p.volume.number == number] for ps in (alone, kept))
        assert spans(one) == spans(other), geometry


@settings(max_examples=30)
@given(st.lists(cases(), min_size=2, max_size=3))
def test_many_routes_are_answered_as_one_by_one(
    drawn: list[tuple[list[Any], list[LonLat]]],
) -> None:
    overlay = overlay_of(*drawn[0][0])
    routes = [route_over(*ends) for _, ends in drawn]
    together = overlay.passages(routes)
    apart = [overlay.passages([route])[0] for route in routes]
    assert [spans(passages) for passages in together] == [spans(passages) for passages in apart]
