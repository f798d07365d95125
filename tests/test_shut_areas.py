"""Areas of a file that are closed: ways around them, against brute force and by geometry alone."""

import json
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from geo.closure import Closure, closed_name, make_closure
from geo.corridor import Router, Way, make_ground
from geo.errors import LayerError, NoWayError
from geo.geodesy import GEOD, make_track
from geo.layers import read_layer
from geo.model import LonLat, Place
from geo.overlay import make_overlay
from geo.reopen import best_reopening, explain
from geo.shut_areas import MOST_VERTICES, ShutAreas, shut_areas
from tests.brute_ways import Field, Plane, bent, make_field, shortest_m
from tests.shipped import HMEYMIM, MOZDOK, SHAGOL, TOLD, airspace, ground, router
from tests.test_corridor import MIDDLES, RINGS, filled_ground, place, ring_of

Rings = Sequence[Sequence[LonLat]]


def closed_file(*polygons: Rings, name: str = "notam.geojson") -> ShutAreas:
    """Read polygons, each a shell and its holes, as a file has them, and close them."""
    features = [
        {
            "type": "Feature",
            "properties": {"name": f"R-{number}"},
            "geometry": {"type": "Polygon", "coordinates": [[*map(list, r)] for r in rings]},
        }
        for number, rings in enumerate(polygons, 1)
    ]
    data = json.dumps({"type": "FeatureCollection", "features": features})
    return shut_areas(make_overlay(read_layer(data.encode(), name)))


def box(west: float, south: float, east: float, north: float) -> list[LonLat]:
    return [(west, south), (east, south), (east, north), (west, north), (west, south)]


def find(closure: Closure, start: Place, end: Place) -> Way:
    return Router(ground(), closure).find(start, end)


def inside_m(way: Way, areas: ShutAreas) -> float:
    """Measure what of a way lies in areas, by Shapely alone, on a line that is 0.1 m off it."""
    lonlat = make_track(way.route, max_offset_m=0.1).lonlat
    shut = shapely.union_all(areas.overlay.areas)
    moved = [shapely.LineString(lonlat + np.array([turn, 0])) for turn in (-360.0, 0.0, 360.0)]
    pieces = shapely.get_parts(shapely.intersection(shut, moved))
    return float(sum(GEOD.geometry_length(piece) for piece in pieces))


# ---- against brute force on made-up fields -----------------------------------------------------


@st.composite
def fields(draw: st.DrawFn) -> tuple[Field, list[shapely.Polygon], list[LonLat]]:
    """Draw a field of states, areas over it, and two ends."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    size_km = draw(st.sampled_from([20.0, 60.0, 200.0]))
    kinds = st.sampled_from(RINGS)
    states = [ring_of(rng, size_km, draw(kinds)) for _ in range(rng.integers(1, 4))]
    closed = (rng.random(len(states)) < 0.7).tolist()
    field = make_field(*draw(st.sampled_from(MIDDLES)), states, closed)
    rings = [ring_of(rng, size_km, draw(kinds)) for _ in range(rng.integers(1, 4))]
    areas = [shapely.Polygon(np.column_stack(field.lonlat(*ring.T))) for ring in rings]
    return field, areas, [field.lonlat(*rng.uniform(-size_km, size_km, 2)) for _ in range(2)]


def whole(field: Field, areas: Sequence[shapely.Polygon]) -> Field:
    """Take areas as closed faces, which is the same to brute force."""
    # Twice, for a collection holds lines and a multipolygon.
    mended = shapely.get_parts(shapely.get_parts(shapely.make_valid(areas)))
    polygons = [part for part in mended if part.geom_type == "Polygon"]
    return replace(
        field,
        faces=[*field.faces, *polygons],
        closed=[*field.closed, *[True] * len(polygons)],
    )


def assert_shortest(
    field: Field, areas: Sequence[shapely.Polygon], start: LonLat, end: LonLat
) -> tuple[float, float]:
    """Compare ways with brute force, on borders as they are and with pockets filled.

    As in `tests.test_corridor`, they keep 50 m off the corners that they turn at.
    """
    shut_field = whole(field, areas)
    least_m, most_m = (shortest_m(shut_field, start, end, wider_m) for wider_m in (0.0, 60.0))
    shut = field.airspace()
    files = closed_file(*([shapely.get_coordinates(area).tolist()] for area in areas))
    found_m = np.inf
    for plain in (make_ground(shut), filled_ground(shut)):
        states = ["SHT"] if any(field.closed) else []
        closure = make_closure(shut, states, areas=[files])
        try:
            way = Router(plain, closure).find(place(start), place(end))
        except NoWayError:
            found_m = np.inf
        else:
            found_m = way.route.length_m
            assert inside_m(way, files) < 1
        assert least_m - 1 <= found_m <= most_m + 1
    return least_m, found_m


@settings(max_examples=60)
@given(fields())
def test_no_way_is_shorter_by_brute_force(
    drawn: tuple[Field, list[shapely.Polygon], list[LonLat]],
) -> None:
    field, areas, ends = drawn
    shut = whole(field, areas).shut()
    assume(field.faces and not shapely.is_empty(shut))
    # What is no wider than its corners are exact is no area, but a line.
    assume(not shapely.is_empty(shapely.buffer(areas, -1e-5)).any())
    plane = Plane(field.lon, field.lat)
    gaps_m = shapely.distance(plane.flat(bent(shut)), shapely.points(plane.to(np.array(ends))))
    assume(gaps_m.min() > 250)
    assert_shortest(field, areas, *ends)


def test_an_end_right_before_the_mouth_of_a_pocket_is_reached_from_both_sides() -> None:
    states = [
        [(45, 5), (3, -83), (-30, -40), (-23, -105), (-58, -29), (-141, -7), (27, 9), (45, 5)],
        [(122, -18), (161, -62), (128, -105), (107, -79), (34, -116), (54, -67), (18, -59)],
    ]
    field = Field(0, 0, [shapely.Polygon(np.array(ring) / 1000) for ring in states], [True, True])
    area = shapely.Polygon(np.array([(-48, 79), (-77, 70), (-143, 57), (-28, 11), (2, -20)]) / 1000)
    least_m, found_m = assert_shortest(field, [area], (0.1245, 0.1566), (-0.0006, -0.0865))
    assert found_m - least_m < 100


def test_a_way_leads_along_a_long_edge_aslant() -> None:
    """Straight in lon/lat, such an edge bends 56 m off a geodesic: more than what ways keep off."""
    field = Field(103, -60, [shapely.box(110, -60, 111, -59)], [False])
    area = shapely.Polygon([(103.04, -60.13), (102.61, -58.88), (101, -60), (102, -61)])
    least_m, found_m = assert_shortest(field, [area], (103.1, -61), (102, -58.5))
    assert found_m - least_m < 100


# ---- pockets that are filled ahead -------------------------------------------------------------


@pytest.mark.parametrize("lon, lat", MIDDLES)
def test_a_way_leads_behind_an_area_in_the_mouth_of_a_filled_pocket(lon: float, lat: float) -> None:
    # A bay 40 km wide and 30 km deep, and an area from far outside to within it: the shortest way
    # leads through the bay, which is filled for ways that pass by.
    coast = [(-90, -40), (90, -40), (90, 0), (20, 0), (20, -30), (-20, -30), (-20, 0), (-90, 0)]
    pier = [(-3, -8), (3, -8), (3, 300), (-3, 300)]
    field = make_field(lon, lat, [np.array(coast, dtype=float)], [True])
    area = shapely.Polygon([field.lonlat(*at) for at in pier])
    ends = field.lonlat(-60, 5), field.lonlat(60, 5)
    _, found_m = assert_shortest(field, [area], *ends)
    assert 120_000 < found_m < 130_000
    # And where it leaves no gap, there is none.
    whole_pier = shapely.Polygon([field.lonlat(x, -32 if y < 0 else y) for x, y in pier])
    _, found_m = assert_shortest(field, [whole_pier], *ends)
    assert found_m > 250_000


def test_an_end_in_a_pocket_with_an_area_finds_its_way_out() -> None:
    coast = [(-90, -40), (90, -40), (90, 0), (20, 0), (20, -30), (-20, -30), (-20, 0), (-90, 0)]
    plug = [(-15, -3), (25, -3), (25, 20), (-15, 20)]
    field = make_field(30, 45, [np.array(coast, dtype=float)], [True])
    area = shapely.Polygon([field.lonlat(*at) for at in plug])
    _, found_m = assert_shortest(field, [area], field.lonlat(15, -20), field.lonlat(60, 30))
    assert np.isfinite(found_m)


# ---- areas alone, and with states --------------------------------------------------------------


def test_a_way_goes_round_a_box_and_back_by_the_same_points() -> None:
    areas = closed_file([box(5, -3, 10, 4)])
    start, end = place((0, 0)), place((15, 0))
    finder = Router(ground(), Closure(areas=(areas,)))
    way, back = finder.find(start, end), finder.find(end, start)
    turns = [(turn.place.lon, turn.place.lat) for turn in way.turns]
    assert turns[0] == pytest.approx((5, -3), abs=0.001)
    assert turns[-1] == pytest.approx((10, -3), abs=0.001)
    assert way.turns[0].face.name == "R-1 (notam.geojson)"
    assert way.route.length_m == pytest.approx(back.route.length_m, abs=0.01)
    assert inside_m(way, areas) == 0
    assert way.added_m > 60_000


@pytest.mark.parametrize(
    "rings, start, end",
    [
        # Over the antimeridian: written on, cut in two, and ending on it.
        ([[box(178, -5, 183, 6)]], (175, 0), (-173, 0)),
        ([[box(178, -5, 180, 6)], [box(-180, -5, -177, 6)]], (175, 0), (-173, 0)),
        ([[box(172, -5, 180, 6)]], (170, 0), (-175, 0)),
        ([[box(-180, -5, -172, 6)]], (175, 0), (-165, 0)),
        # Round a pole, up to it, and along its meridians on the antimeridian.
        ([[[(lon, 80.0) for lon in range(-180, 181, 10)]]], (0, 70), (180, 70)),
        ([[[(lon, -70.0) for lon in range(0, 361, 10)]]], (-70, -60), (110, -60)),
        ([[[(-30, 65), (30, 65), (30, 90), (-30, 90), (-30, 65)]]], (-60, 75), (60, 75)),
        ([[[(120, 75), (180, 75), (180, 90), (120, 90), (120, 75)]]], (90, 80), (-120, 80)),
        # One that is wider than half the earth.
        ([[box(-100, 10, 75, 20)]], (0, 0), (0, 40)),
    ],
)
@pytest.mark.parametrize("margin_km", [0, 20])
def test_no_piece_of_a_way_lies_within_an_area_anywhere(
    rings: Sequence[Rings], start: LonLat, end: LonLat, margin_km: float
) -> None:
    areas = closed_file(*rings)
    closure = Closure(margin_km=margin_km, areas=(areas,))
    way = find(closure, place(start), place(end))
    assert way.turns
    assert way.added_m > 0
    assert inside_m(way, areas) == 0
    back = find(closure, place(end), place(start))
    assert back.route.length_m == pytest.approx(way.route.length_m, abs=2)
    for turn in way.turns[:: len(way.turns) // 3 or 1]:
        assert gap_m((turn.place.lon, turn.place.lat), areas) >= margin_km * 1000 + 25


def gap_m(at: LonLat, areas: ShutAreas) -> float:
    """Measure from a point to the edges of areas, a point of them every two kilometres or less."""
    lines = shapely.segmentize(shapely.boundary(areas.overlay.areas), 0.02)
    lonlat = shapely.get_coordinates(lines)
    # The seams of the map are none.
    lonlat = lonlat[np.abs(lonlat[:, 1]) < 90]
    if len(areas.overlay.areas) > 1 or np.ptp(lonlat[:, 0]) == 360:
        lonlat = lonlat[np.abs(lonlat[:, 0]) < 180]
    here = np.full(len(lonlat), at[0]), np.full(len(lonlat), at[1])
    return float(GEOD.inv(*here, *lonlat.T)[2].min())


def test_the_way_past_a_wedge_up_to_the_pole_turns_at_the_pole() -> None:
    wedge = closed_file([[(-30, 65), (30, 65), (30, 90), (-30, 90), (-30, 65)]])
    way = find(Closure(areas=(wedge,)), place((-60, 80)), place((60, 80)))
    (turn,) = way.turns
    assert turn.place.lat > 89.99
    by_pole_m = 2 * GEOD.inv(0, 80, 0, 90)[2]
    assert way.route.length_m == pytest.approx(by_pole_m, abs=200)


def test_areas_close_beside_states() -> None:
    told = router(*TOLD).find(HMEYMIM, SHAGOL)
    areas = closed_file([box(44.5, 36, 50, 38.5)], [box(49, 38, 52, 41)])
    way = find(make_closure(airspace(), TOLD, areas=[areas]), HMEYMIM, SHAGOL)
    assert way.route.length_m > told.route.length_m + 10_000
    assert inside_m(way, areas) == 0
    claims = {claim for each in airspace().crossings_on([way.route])[0] for claim in each.claims}
    assert not claims & set(TOLD)
    far = closed_file([box(-60, -10, -50, 0)])
    same = find(make_closure(airspace(), TOLD, areas=[far]), HMEYMIM, SHAGOL)
    assert same.route.length_m == pytest.approx(told.route.length_m, abs=0.01)
    within = closed_file([box(32, 38.5, 36, 40)])
    same = find(make_closure(airspace(), TOLD, areas=[within]), HMEYMIM, SHAGOL)
    assert same.route.length_m == pytest.approx(told.route.length_m, abs=0.01)


@pytest.mark.parametrize(
    "rings",
    [
        # Overlapping, nested, twice the same; sharing a side; crossing and touching itself.
        [[box(5, -3, 8, 4)], [box(7, -3, 10, 4)], [box(7.2, -1, 7.8, 1)], [box(5, -3, 8, 4)]],
        [[box(5, -3, 7.5, 4)], [box(7.5, -3, 10, 4)]],
        [[[(5, -3), (10, 4), (10, -3), (5, 4), (5, -3)]], [box(6, -1, 9, 1)]],
        [[[(5, -3), (10, -3), (10, 4), (7, 4), (7, -3), (6, 4), (5, 4), (5, -3)]]],
        # Vertices a centimetre apart, at a corner too.
        [[[(5, -3), (10, -3), (10, -2.9999999), (10, 4), (5, 4), (5.0000001, 4), (5, -3)]]],
    ],
)
def test_what_overlaps_touches_or_is_mended_is_shut_as_a_whole(rings: Sequence[Rings]) -> None:
    areas = closed_file(*rings)
    way = find(Closure(areas=(areas,)), place((0, 0)), place((15, 0)))
    plain = find(Closure(areas=(closed_file([box(5, -3, 10, 4)]),)), place((0, 0)), place((15, 0)))
    assert inside_m(way, areas) == 0
    # All of them are as high and as deep as the box.
    assert way.route.length_m == pytest.approx(plain.route.length_m, abs=30)


def test_a_hole_is_open_and_has_no_way_out() -> None:
    areas = closed_file([box(5, -3, 10, 4), box(6, -2, 9, 3)])
    finder = Router(ground(), Closure(areas=(areas,)))
    assert finder.find(place((6.5, 0)), place((8.5, 1))).turns == ()
    with pytest.raises(NoWayError, match="no open way from p to p"):
        finder.find(place((7, 0)), place((15, 0)))
    with pytest.raises(NoWayError, match="no open way from p to p"):
        finder.find(place((15, 0)), place((7, 0)))


# ---- where there is no way ---------------------------------------------------------------------


def test_an_end_within_an_area_is_named_with_it() -> None:
    areas = closed_file([box(35, 35, 36.5, 36)], name="my notam.geojson")
    closure = make_closure(airspace(), ["TUR"], areas=[areas])
    for ends in ((HMEYMIM, MOZDOK), (MOZDOK, HMEYMIM)):
        with pytest.raises(NoWayError) as caught:
            find(closure, *ends)
        assert str(caught.value) == "Hmeymim lies in closed airspace: R-1 (my notam.geojson)"


def test_an_end_within_the_margin_of_an_area_is_named_with_it() -> None:
    closure = Closure(margin_km=50, areas=(closed_file([box(36.3, 35, 37, 36)]),))
    with pytest.raises(NoWayError, match=r"nearer than 50 km to closed airspace: R-1 \(notam"):
        find(closure, HMEYMIM, MOZDOK)


def test_what_shuts_an_end_in_is_told_be_it_a_state_or_a_file() -> None:
    areas = closed_file([box(35, 35, 37, 36), box(35.5, 35.2, 36.5, 35.8)])
    closure = make_closure(airspace(), ["UKR"], areas=[areas])
    said = explain(ground(), closure, HMEYMIM, MOZDOK, NoWayError("no open way"))
    assert said == "no open way; opening the area of notam.geojson again, alone, would open a way"
    assert closed_name(airspace(), closure, "UKR") == "Ukraine"


def test_the_best_reopening_may_be_a_file() -> None:
    areas = closed_file([box(44.5, 36, 50, 38.5)], [box(49, 38, 52, 41)])
    closure = make_closure(airspace(), ["UKR"], areas=[areas])
    # The way is led over Iran by nothing but a wall of areas.
    wall = closed_file([box(33, 36.2, 44, 37)], name="wall.geojson")
    closure = replace(closure, areas=(areas, wall))
    way = find(closure, HMEYMIM, SHAGOL)
    best = best_reopening(ground(), closure, way)
    assert best is not None
    assert best.code == wall.id
    assert closure.without(wall.id).areas == (areas,)


# ---- what can't be closed ----------------------------------------------------------------------


def test_a_file_with_too_many_vertices_says_so() -> None:
    turn = np.linspace(0, 2 * np.pi, MOST_VERTICES + 2)
    radius = 5 + np.arange(len(turn)) % 2
    ring = np.column_stack([40 + radius * np.cos(turn), 40 + radius * np.sin(turn)]).tolist()
    with pytest.raises(LayerError, match=r"^notam.geojson: its areas have too many vertices"):
        closed_file([ring])
    # All but shared sides count.
    side = 0.1
    grid = [[box(x * side, y * side, (x + 1) * side, (y + 1) * side)]
            for x in range(60) for y in range(60)]  # fmt: skip
    assert len(closed_file(*grid).ends) < 300


def test_areas_are_told_apart_by_what_they_are() -> None:
    one, other = closed_file([box(0, 0, 1, 1)]), closed_file([box(0, 0, 1, 2)])
    assert one != other
    assert one == closed_file([box(0, 0, 1, 1)])
    assert one != closed_file([box(0, 0, 1, 1)], name="b.geojson")
    assert Closure(areas=(one,)) == Closure(areas=(closed_file([box(0, 0, 1, 1)]),))
    assert (one.title, closed_file([box(0, 0, 1, 1)], [box(2, 0, 3, 1)]).title) == (
        "the area of notam.geojson",
        "2 areas of notam.geojson",
    )
