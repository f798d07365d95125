import math
from itertools import pairwise

import numpy as np
import pytest
from geographiclib.constants import Constants  # type: ignore[import-untyped]
from geographiclib.geodesic import Geodesic  # type: ignore[import-untyped]
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from geo.errors import GeoError
from geo.geodesy import (
    GEOD,
    Lines,
    chords_of,
    make_leg,
    make_route,
    make_track,
    make_tracks,
    points_at,
    points_on_tracks,
    wrapped,
)
from geo.model import FloatArray, LonLat, Place, Route, Track

# GeographicLib is the independent reference: Karney's own code, in Python.
WGS84 = Geodesic.WGS84
MILLIMETRE_M = 1e-3
HMEYMIM, DOMNA = (35.9487, 35.4011), (113.1214, 51.9165)

# Whole degrees and the edges of the map come up often, since that is where mistakes sit.
lons = st.one_of(
    st.sampled_from([-180.0, -179.9999, -90.0, 0.0, 90.0, 179.9999, 180.0]),
    st.floats(-180, 180).map(lambda lon: round(lon, 6)),
)
lats = st.one_of(
    st.sampled_from([-90.0, -89.9999, 0.0, 1e-6, 89.9999, 90.0]),
    st.floats(-90, 90).map(lambda lat: round(lat, 6)),
)
points = st.tuples(lons, lats)


@st.composite
def nearly_antipodal(draw: st.DrawFn) -> tuple[LonLat, LonLat]:
    lon, lat = draw(points)
    off = st.floats(-0.5, 0.5).map(lambda degrees: round(degrees, 6))
    far_lat = max(-90.0, min(90.0, -lat + draw(off)))
    return (lon, lat), ((lon + draw(off)) % 360 - 180, far_lat)


pairs = st.one_of(st.tuples(points, points), nearly_antipodal())


def route_over(*lonlats: LonLat) -> Route:
    return make_route("test", [Place(str(i), str(i), *at) for i, at in enumerate(lonlats)])


def inverse(start: LonLat, end: LonLat) -> dict[str, float]:
    result: dict[str, float] = WGS84.Inverse(start[1], start[0], end[1], end[0])
    return result


def apart_m(one: LonLat, other: LonLat) -> float:
    return inverse(one, other)["s12"]


def turn_deg(one: float, other: float) -> float:
    return abs((one - other + 180) % 360 - 180)


def chord_point(track: Track, i: int, share: float) -> LonLat:
    lon, lat = track.lonlat[i] + share * (track.lonlat[i + 1] - track.lonlat[i])
    return (lon + 180) % 360 - 180, lat


def test_the_reference_is_wgs84() -> None:
    assert (Constants.WGS84_a, Constants.WGS84_f) == (6378137.0, 1 / 298.257223563)


def test_hmeymim_to_domna_has_its_known_length() -> None:
    # GeographicLib 2.1, Geodesic.WGS84.Inverse(35.4011, 35.9487, 51.9165, 113.1214)["s12"].
    assert route_over(HMEYMIM, DOMNA).length_m == pytest.approx(6176774.932, abs=MILLIMETRE_M)


def test_a_quarter_meridian_has_its_known_length() -> None:
    # 10 001 965.729 m: Karney, "Algorithms for geodesics" (2013), the quarter meridian of WGS84.
    assert route_over((7, 0), (7, 90)).length_m == pytest.approx(10001965.729, abs=MILLIMETRE_M)


@settings(max_examples=150)
@given(pairs)
@example(((0.0, 90.0), (123.0, -90.0)))
@example(((0.0, 0.0), (180.0, 0.0)))
@example(((0.0, 0.0), (179.5, 0.3)))
def test_lengths_agree_with_geographiclib(pair: tuple[LonLat, LonLat]) -> None:
    assert route_over(*pair).length_m == pytest.approx(inverse(*pair)["s12"], abs=MILLIMETRE_M)


@settings(max_examples=150)
@given(pairs)
def test_bearings_lead_to_the_end_as_geographiclib_has_it(pair: tuple[LonLat, LonLat]) -> None:
    start, end = pair
    leg = make_leg(Place("a", "A", *start), Place("b", "B", *end))
    assert 0 <= leg.initial_bearing_deg < 360
    assert 0 <= leg.final_bearing_deg < 360
    there = WGS84.Direct(start[1], start[0], leg.initial_bearing_deg, leg.length_m)
    assert apart_m((there["lon2"], there["lat2"]), end) < MILLIMETRE_M
    back = WGS84.Direct(end[1], end[0], leg.final_bearing_deg + 180, leg.length_m)
    assert apart_m((back["lon2"], back["lat2"]), start) < MILLIMETRE_M


@settings(max_examples=100)
@given(st.tuples(points, points))
def test_bearings_agree_with_geographiclib(pair: tuple[LonLat, LonLat]) -> None:
    expected = inverse(*pair)
    # Between near antipodes, and from a pole, many bearings lead to the same point.
    assume(1000 < expected["s12"] < 19_800_000 and max(abs(lat) for _, lat in pair) < 89)
    (leg,) = route_over(*pair).legs
    assert turn_deg(leg.initial_bearing_deg, expected["azi1"]) < 1e-6
    assert turn_deg(leg.final_bearing_deg, expected["azi2"]) < 1e-6


@settings(max_examples=60)
@given(pairs, st.lists(st.floats(0, 1, exclude_max=True), min_size=20, max_size=20))
@example((HMEYMIM, DOMNA), [k / 20 for k in range(20)])
@example(((0.0, 60.0), (179.9, 60.0)), [0.5 + (k - 10) / 2000 for k in range(20)])
def test_chords_stay_within_ten_metres_of_the_geodesic(
    pair: tuple[LonLat, LonLat], shares: list[float]
) -> None:
    route = route_over(*pair)
    track, (leg,) = make_track(route), route.legs
    for share in shares:
        within, i = math.modf(share * (len(track.lonlat) - 1))
        start_m, end_m = track.distance_m[int(i) : int(i) + 2]
        along_m = start_m + within * (end_m - start_m)
        on = WGS84.Direct(leg.start.lat, leg.start.lon, leg.initial_bearing_deg, along_m)
        assert apart_m((on["lon2"], on["lat2"]), chord_point(track, int(i), within)) < 10.0


@pytest.mark.parametrize("pole", [90.0, -90.0])
@pytest.mark.parametrize("lon", [-178.0, 1.0, 2.0, 91.0, 180.0])
def test_a_pole_is_reached_along_the_meridian_whatever_its_longitude(
    pole: float, lon: float
) -> None:
    for ends in (((-179.0, 8.0), (lon, pole)), ((lon, pole), (-179.0, 8.0))):
        track = make_track(route_over(*ends))
        assert track.lonlat[0].tolist() == list(ends[0])
        for i in range(len(track.lonlat) - 1):
            at = chord_point(track, i, 0.5)
            near_m = apart_m(at, (-179.0, at[1]))
            assert near_m < 10.0


def test_a_smaller_offset_is_kept_too() -> None:
    route = route_over(HMEYMIM, DOMNA)
    coarse, fine = (make_track(route, max_offset_m=offset_m) for offset_m in (1000.0, 0.1))
    assert len(coarse.lonlat) < len(make_track(route).lonlat) < len(fine.lonlat)
    azimuth = route.legs[0].initial_bearing_deg
    for i in range(0, len(fine.lonlat) - 1, 50):
        along_m = (fine.distance_m[i] + fine.distance_m[i + 1]) / 2
        on = WGS84.Direct(HMEYMIM[1], HMEYMIM[0], azimuth, along_m)
        assert apart_m((on["lon2"], on["lat2"]), chord_point(fine, i, 0.5)) < 0.1


def assert_well_formed(track: Track, route: Route) -> None:
    assert track.lonlat.shape == (len(track.distance_m), 2)
    assert track.distance_m[0] == 0
    assert track.length_m == route.length_m
    assert (np.diff(track.distance_m) > 0).all()
    jumps = np.abs(np.diff(track.lonlat[:, 0]))
    # Over a pole, and only there, the longitude turns by half a turn from one point to the next.
    beside_pole = np.abs(track.lonlat[:, 1]).clip(max=90) > 89
    assert (jumps <= 180).all()
    assert (jumps[~beside_pole[1:] & ~beside_pole[:-1]] < 60).all()


@settings(max_examples=100)
@given(st.lists(points, min_size=2, max_size=5))
@example([(177.44, -17.76), (-173.25, 64.38)])
@example([(0.0, 80.0), (180.0, 80.0)])
def test_a_track_runs_on_from_place_to_place(lonlats: list[LonLat]) -> None:
    assume(all(apart_m(*pair) > 1 for pair in pairwise(lonlats)))
    route = route_over(*lonlats)
    track = make_track(route)
    assert_well_formed(track, route)
    corners_m = np.cumsum([0.0, *(leg.length_m for leg in route.legs)])
    for place, corner_m in zip(route.places, corners_m, strict=True):
        i = int(np.argmin(np.abs(track.distance_m - corner_m)))
        assert track.distance_m[i] == pytest.approx(corner_m, abs=1e-6)
        # A corner is the very place, but for whole turns.
        turns = round((track.lonlat[i, 0] - place.lon) / 360)
        assert track.lonlat[i].tolist() == [place.lon + 360 * turns, place.lat]


@settings(max_examples=100)
@given(points)
def test_a_leg_of_no_length_stays_where_it_is(at: LonLat) -> None:
    track = make_track(route_over(at, at))
    assert track.lonlat.tolist() == [list(at), list(at)]
    assert track.distance_m.tolist() == [0.0, 0.0]


def test_a_leg_of_no_length_in_a_route_moves_nothing() -> None:
    plain = make_track(route_over(HMEYMIM, (47, 43), DOMNA))
    waiting = make_track(route_over(HMEYMIM, (47, 43), (47, 43), DOMNA))
    assert waiting.length_m == plain.length_m
    at_m = np.linspace(0, plain.length_m, 1000)
    assert np.allclose(points_at(waiting, at_m), points_at(plain, at_m), rtol=0, atol=1e-9)


@settings(max_examples=40)
@given(st.lists(st.lists(points, min_size=2, max_size=4), min_size=1, max_size=5))
def test_tracks_in_bulk_are_the_tracks_one_by_one(routes: list[list[LonLat]]) -> None:
    made = [route_over(*lonlats) for lonlats in routes]
    tracks = make_tracks(made)
    assert len(tracks) == len(made)
    for track, route in zip(tracks, made, strict=True):
        alone = make_track(route)
        assert np.array_equal(track.lonlat, alone.lonlat)
        assert np.array_equal(track.distance_m, alone.distance_m)


@pytest.mark.parametrize("end", [(-173.25, 64.38), (-70.79, -33.39), (-179.9, -17.76)])
def test_a_track_runs_on_over_the_antimeridian(end: LonLat) -> None:
    east = make_track(route_over((177.44, -17.76), end))
    assert east.lonlat[-1].tolist() == [end[0] + 360, end[1]]
    west = make_track(route_over(end, (177.44, -17.76)))
    assert west.lonlat[-1].tolist() == pytest.approx([177.44 - 360, -17.76], abs=1e-12)
    for track in (east, west):
        assert np.abs(np.diff(track.lonlat[:, 0])).max() < 5


def test_a_track_goes_round_the_world_more_than_once() -> None:
    lonlats = [(lon, 10.0) for lon in (0, 120, -120, 0, 120, -120, 0)]
    track = make_track(route_over(*lonlats))
    assert track.lonlat[-1].tolist() == [720.0, 10.0]
    assert (np.diff(track.lonlat[:, 0]) > 0).all()


@settings(max_examples=60)
@given(pairs, st.floats(0, 1))
def test_points_along_a_track_lie_on_the_geodesic(
    pair: tuple[LonLat, LonLat], share: float
) -> None:
    route = route_over(*pair)
    (leg,) = route.legs
    along_m = share * route.length_m
    ((lon, lat),) = points_at(make_track(route), np.array([along_m])).tolist()
    assert -180 <= lon <= 180
    on = WGS84.Direct(leg.start.lat, leg.start.lon, leg.initial_bearing_deg, along_m)
    assert apart_m((lon, lat), (on["lon2"], on["lat2"])) < 10.0


@pytest.mark.parametrize(
    ("lon", "expected"),
    [(0, 0), (180, 180), (-180, -180), (181, -179), (-181, 179), (360, 0), (540.5, -179.5)],
)
def test_longitudes_are_brought_onto_the_map(lon: float, expected: float) -> None:
    found: FloatArray = wrapped(np.array([lon]))
    assert found.tolist() == [expected]


@pytest.mark.parametrize("count", [0, 1])
def test_a_route_of_fewer_than_two_places_is_refused(count: int) -> None:
    places = [Place("a", "A", 1.0, 2.0)] * count
    message = rf'^route "alone": {count} places, fewer than 2$'
    with pytest.raises(GeoError, match=message):
        make_route("alone", places)


def test_no_routes_have_no_tracks() -> None:
    assert make_tracks([]) == []


# ---- chords of tracks ----------------------------------------------------------------------------

ROUTES = [
    route_over(HMEYMIM, DOMNA),
    route_over((177.44, -17.76), (-173.25, 64.38), (170.0, 70.0)),
    route_over((3.0, 3.0), (3.0, 3.0)),
    route_over((0.0, 80.0), (180.0, 80.0), (0.0, 90.0), (12.0, -90.0)),
    route_over(HMEYMIM, (47, 43), (47, 43), DOMNA),
]


def test_the_chords_of_tracks_are_their_steps() -> None:
    tracks = make_tracks(ROUTES)
    chords = chords_of(tracks)
    for number, track in enumerate(tracks):
        mine = chords.only(chords.owner == number)
        assert np.array_equal(mine.ends[:, :2], track.lonlat[:-1])
        assert np.array_equal(mine.ends[:, 2:], track.lonlat[1:])
        assert np.array_equal(mine.start_m, track.distance_m[:-1])
        assert np.array_equal(mine.step_m, np.diff(track.distance_m))
    assert chords.owner.tolist() == sorted(chords.owner.tolist())


def test_points_on_tracks_are_those_of_each_track() -> None:
    tracks = make_tracks(ROUTES)
    rng = np.random.default_rng(1)
    number = rng.integers(0, len(tracks), 500)
    share = rng.choice([0.0, 0.3, 0.7, 1.0], 500)
    at_m = share * np.array([track.length_m for track in tracks])[number]
    found = points_on_tracks(tracks, number, at_m)
    for i, m, at in zip(number.tolist(), at_m, found.tolist(), strict=True):
        (expected,) = points_at(tracks[i], np.array([m])).tolist()
        # To a millimetre: the metres of all tracks are counted on.
        assert apart_m((at[0], at[1]), (expected[0], expected[1])) < MILLIMETRE_M


# ---- lines as arrays -----------------------------------------------------------------------------


def seeded_pairs(count: int) -> tuple[FloatArray, FloatArray]:
    rng = np.random.default_rng(20160315)
    limits = [-180, -90], [180, 90]
    return rng.uniform(*limits, (count, 2)), rng.uniform(*limits, (count, 2))


def test_lines_between_points_are_routes_of_one_leg() -> None:
    starts, ends = seeded_pairs(200)
    lines = Lines.between(starts, ends)
    same = Lines.of([route_over(tuple(a), tuple(b)) for a, b in zip(starts, ends, strict=True)])
    assert lines.route.tolist() == same.route.tolist() == list(range(200))
    assert not lines.begins_m.any()
    assert np.allclose(lines.length_m, same.length_m, rtol=0, atol=MILLIMETRE_M)
    assert np.allclose(lines.route_lengths_m(), same.length_m, rtol=0, atol=MILLIMETRE_M)
    turned = (lines.azimuth_deg - same.azimuth_deg + 180) % 360 - 180
    assert np.abs(turned).max() < 1e-9
    for i in range(200):
        expected = inverse((starts[i, 0], starts[i, 1]), (ends[i, 0], ends[i, 1]))
        assert lines.length_m[i] == pytest.approx(expected["s12"], abs=MILLIMETRE_M)


def test_lines_between_no_points_are_none() -> None:
    lines = Lines.between(np.empty((0, 2)), np.empty((0, 2)))
    assert len(lines.length_m) == len(lines.route) == 0


def test_lines_know_where_each_leg_begins() -> None:
    lines = Lines.of(ROUTES)
    assert lines.route.tolist() == [0, 1, 1, 2, 3, 3, 3, 4, 4, 4]
    for number, route in enumerate(ROUTES):
        begins_m = lines.begins_m[lines.route == number].tolist()
        lengths_m = [leg.length_m for leg in route.legs]
        assert begins_m == np.cumsum([0.0, *lengths_m[:-1]]).tolist()
    assert lines.route_lengths_m().tolist() == [route.length_m for route in ROUTES]


def on_legs(route: Route, at_m: float) -> LonLat:
    """Find a point by GeographicLib, leg by leg."""
    for leg in route.legs:
        if at_m <= leg.length_m:
            break
        at_m -= leg.length_m
    on = WGS84.Direct(leg.start.lat, leg.start.lon, leg.initial_bearing_deg, at_m)
    return on["lon2"], on["lat2"]


def test_points_on_routes_are_those_of_their_legs() -> None:
    lines = Lines.of(ROUTES)
    rng = np.random.default_rng(2)
    number = rng.integers(0, len(ROUTES), 1000)
    at_m = rng.random(1000) * lines.route_lengths_m()[number]
    found = lines.points_on_routes(number, at_m)
    assert found.shape == (1000, 2)
    for i, m, at in zip(number.tolist(), at_m.tolist(), found.tolist(), strict=True):
        assert apart_m((at[0], at[1]), on_legs(ROUTES[i], m)) < MILLIMETRE_M


def test_points_on_routes_begin_turn_and_end_at_the_places() -> None:
    lines = Lines.of(ROUTES)
    for number, route in enumerate(ROUTES):
        corners_m = np.cumsum([0.0, *(leg.length_m for leg in route.legs)])
        found = lines.points_on_routes(np.full(len(corners_m), number), corners_m)
        for place, at in zip(route.places, found.tolist(), strict=True):
            assert apart_m((at[0], at[1]), (place.lon, place.lat)) < MILLIMETRE_M


def test_points_on_many_routes_stay_their_own() -> None:
    # So many that the metres of all together lose the last digits.
    starts, ends = seeded_pairs(20_000)
    lines = Lines.between(starts, ends)
    every = np.arange(20_000)
    for points, at_m in ((starts, np.zeros(20_000)), (ends, lines.length_m)):
        _, _, off_m = GEOD.inv(*points.T, *lines.points_on_routes(every, at_m).T)
        assert np.max(off_m) < MILLIMETRE_M


def test_arcs_are_the_lines_cut_at_two_hundred_kilometres() -> None:
    lines = Lines.of(ROUTES)
    arcs = lines.arcs()
    assert arcs.step_m.max() <= 200_000
    for line in range(len(lines.length_m)):
        mine = arcs.only(arcs.owner == line)
        assert mine.ends[0, :2].tolist() == lines.start[line].tolist()
        assert (mine.ends[-1, 2:] - lines.end[line])[1] == 0
        assert (mine.ends[-1, 2] - lines.end[line, 0]) % 360 == 0
        assert mine.step_m.sum() == pytest.approx(lines.length_m[line], abs=1e-6)
        assert np.allclose(mine.start_m[1:], (mine.start_m + mine.step_m)[:-1], rtol=0, atol=1e-6)
        assert (np.abs(mine.ends[:, 2] - mine.ends[:, 0]) <= 180).all()


@pytest.mark.parametrize("offset_m", [1.0, 10.0, 1000.0])
def test_refined_arcs_stay_by_their_lines_and_cover_them(offset_m: float) -> None:
    lines = Lines.of(ROUTES)
    chords = lines.refined(lines.arcs(), offset_m)
    for share in (0.25, 0.5, 0.75):
        on_chord = chords.ends[:, :2] + share * (chords.ends[:, 2:] - chords.ends[:, :2])
        on_line = lines.points(chords.owner, chords.start_m + share * chords.step_m)
        _, _, off_m = GEOD.inv(*on_chord.T, *on_line.T)
        assert np.max(off_m) < offset_m
    covered_m = np.bincount(chords.owner, weights=chords.step_m)
    assert np.allclose(covered_m, lines.length_m, rtol=0, atol=1e-3)
