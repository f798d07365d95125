from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
import shapely
from geographiclib.geodesic import Geodesic  # type: ignore[import-untyped]

from geo.airspace import Airspace, Face, make_airspace
from geo.airspace_file import load_airspace
from geo.edge import REACH_M, Edges, find_edges
from geo.geodesy import make_route
from geo.model import Crossing, FloatArray, LonLat, Place, Route

WGS84 = Geodesic.WGS84
DATA = Path(__file__).parents[1] / "data" / "airspace.parquet"
HMEYMIM, DOMNA = (35.9487, 35.4011), (113.1214, 51.9165)
# A made-up airspace's sides are meridians and parallels, here beside a route along a meridian.
NORTHWARDS = ((20.0, -3.0), (20.0, 3.0))
NEAR_M = 300.0
# So that one may stand in a tuple that is compared.
about: Any = pytest.approx


@pytest.fixture(scope="module")
def world() -> Airspace:
    return load_airspace(DATA)


def route_over(*lonlats: LonLat) -> Route:
    return make_route("test", [Place(str(i), str(i), *at) for i, at in enumerate(lonlats)])


def airspace_of(**areas: Any) -> Airspace:
    faces = [Face((name,), name, "national") for name in areas]
    geometries = np.empty(len(areas), dtype=object)
    geometries[:] = list(areas.values())
    return make_airspace(faces, geometries)


def edges_of(
    airspace: Airspace, *lonlats: LonLat, reach_m: float = REACH_M
) -> tuple[tuple[Crossing, ...], Edges]:
    route = route_over(*lonlats)
    (crossings,) = airspace.crossings_on([route])
    edges = find_edges(airspace, route, crossings, reach_m=reach_m)
    assert len(edges.margins_m) == len(crossings)
    return crossings, edges


def margins_of(
    airspace: Airspace, *lonlats: LonLat, reach_m: float = REACH_M
) -> list[tuple[str, float | None]]:
    """List the margins in metres of all but the open sea."""
    crossings, edges = edges_of(airspace, *lonlats, reach_m=reach_m)
    pairs = zip(crossings, edges.margins_m, strict=True)
    return [(crossing.name, margin_m) for crossing, margin_m in pairs if crossing.claims]


def near_of(
    airspace: Airspace, *lonlats: LonLat, reach_m: float = REACH_M
) -> list[tuple[str, float]]:
    _, edges = edges_of(airspace, *lonlats, reach_m=reach_m)
    return [(miss.name, miss.distance_m) for miss in edges.near]


def east(km: float, *, of: float = 20.0, lat: float = 0.0) -> float:
    """Find the longitude so many kilometres east of a meridian."""
    at = WGS84.Direct(lat, of, 90.0, 1000 * km)
    return float(at["lon2"])


def band(west_km: float, east_km: float, south: float = -1.0, north: float = 1.0) -> Any:
    """Draw an area from one distance east of 20 degrees to another."""
    return shapely.box(east(west_km), south, east(east_km), north)


# ---- margins -------------------------------------------------------------------------------------


@pytest.mark.parametrize("side", [1, -1])
def test_a_box_that_is_clipped_by_4_km_has_a_margin_of_4_km(side: int) -> None:
    # 221 km along the route, and yet gone with a shift of 4.
    box = band(*sorted((-4.0 * side, 500.0 * side)))
    ((name, margin_m),) = margins_of(airspace_of(A=box), *NORTHWARDS)
    assert (name, margin_m) == ("A", about(4000, rel=0.02))


@pytest.mark.parametrize("way", [1, -1])
def test_a_corridor_6_km_wide_around_the_line_has_a_margin_of_3_km(way: int) -> None:
    margins = margins_of(airspace_of(A=band(-3, 3)), *NORTHWARDS[::way])
    assert margins == [("A", about(3000, rel=0.02))]


def test_the_margin_is_that_of_the_nearer_side() -> None:
    margins = margins_of(airspace_of(A=band(-11, 7)), *NORTHWARDS)
    assert margins == [("A", about(7000, rel=0.02))]


def test_neighbours_have_each_their_own_margin() -> None:
    airspace = airspace_of(A=band(-4, 90, -1, 0), B=band(-90, 9, 0, 1))
    assert margins_of(airspace, *NORTHWARDS) == [
        ("A", about(4000, rel=0.02)),
        ("B", about(9000, rel=0.02)),
    ]


def test_a_face_that_goes_on_beyond_the_reach_has_no_margin() -> None:
    airspace = airspace_of(A=band(-30, 30))
    assert margins_of(airspace, *NORTHWARDS) == [("A", None)]
    margins = margins_of(airspace, *NORTHWARDS, reach_m=40_000)
    assert margins == [("A", about(30_000, rel=0.02))]


def test_a_margin_is_found_within_a_short_reach_too() -> None:
    airspace = airspace_of(A=band(-0.05, 90))
    assert margins_of(airspace, *NORTHWARDS, reach_m=100) == [("A", about(50, abs=4))]


def test_a_clipped_corner_is_gone_when_its_tip_is_passed() -> None:
    corner = shapely.Polygon([(east(-2.2), 0), (21, 1), (21, -1)])
    ((_, margin_m),) = margins_of(airspace_of(A=corner), *NORTHWARDS)
    assert margin_m == about(2200, rel=0.05)


def test_a_route_along_the_antimeridian_has_margins_on_both_its_sides() -> None:
    ends = (180.0, -3.0), (180.0, 3.0)
    west, east_ = shapely.box(179.9, -1, 180, 1), shapely.box(-180, -1, -179.95, 1)
    both = shapely.MultiPolygon([west, east_])
    ((_, margin_m),) = margins_of(airspace_of(A=both), *ends)
    assert margin_m == about(WGS84.Inverse(0, 180, 0, -179.95)["s12"], rel=0.02)
    # Along a border drawn there, one of its faces is crossed, on a knife's edge; the other is near.
    crossings, edges = edges_of(airspace_of(A=west, B=east_), *ends)
    (on, off) = {"A", "B"} & {c.name for c in crossings}, {miss.name for miss in edges.near}
    assert on | off == {"A", "B"}
    pairs = zip(crossings, edges.margins_m, strict=True)
    assert [m for c, m in pairs if c.claims] == [about(0, abs=5)]
    assert edges.near[0].distance_m < 5


def test_a_small_island_before_a_gap_is_gone_in_the_gap() -> None:
    other = band(6, 60, 2, 2.5)  # the same airspace, but too far along to be this crossing
    airspace = airspace_of(A=shapely.MultiPolygon([band(-3, 3), other]))
    ((_, margin_m),) = margins_of(airspace, *NORTHWARDS)
    assert margin_m == about(3000, rel=0.02)


def test_a_crossing_is_not_followed_over_a_gap_to_another_island() -> None:
    islands = shapely.MultiPolygon([band(-12, -5), band(-4, 4), band(5, 9)])
    margins = margins_of(airspace_of(A=islands), *NORTHWARDS)
    assert margins == [("A", about(4000, rel=0.02))]


# ---- near misses ---------------------------------------------------------------------------------


def test_near_misses_come_nearest_first_with_where_they_are() -> None:
    airspace = airspace_of(A=band(15, 90, 1, 2), B=band(-90, -5, -2, -1), C=band(10, 90, -1, 0))
    _, edges = edges_of(airspace, *NORTHWARDS)
    assert [miss.name for miss in edges.near] == ["B", "C", "A"]
    assert [m.distance_m for m in edges.near] == about([5000, 10_000, 15_000], abs=NEAR_M)
    assert [miss.claims for miss in edges.near] == [("B",), ("C",), ("A",)]
    for miss, (south, north) in zip(edges.near, [(-2, -1), (-1, 0), (1, 2)], strict=True):
        lon, lat = miss.point
        assert lon == about(20, abs=1e-6)
        assert south - 0.01 < lat < north + 0.01
        assert miss.at_m == about(WGS84.Inverse(-3, 20, lat, lon)["s12"], abs=20)


def test_near_misses_stay_within_the_reach() -> None:
    airspace = airspace_of(A=band(30, 90))
    assert near_of(airspace, *NORTHWARDS) == []
    found = near_of(airspace, *NORTHWARDS, reach_m=40_000)
    assert found == [("A", about(30_000, abs=NEAR_M))]
    assert near_of(airspace, *NORTHWARDS, reach_m=29_500) == []


def test_what_is_crossed_and_the_open_sea_are_no_near_misses() -> None:
    airspace = airspace_of(A=shapely.MultiPolygon([band(-3, 3), band(8, 40)]))
    assert near_of(airspace, *NORTHWARDS) == []
    # A route inside one airspace, with the sea 4 km away.
    assert near_of(airspace_of(A=band(-90, 4, -9, 9)), *NORTHWARDS) == []


def test_a_near_miss_is_found_on_either_side_and_told_once_at_its_nearest() -> None:
    both = shapely.MultiPolygon([band(12, 60), band(-60, -7)])
    assert near_of(airspace_of(A=both), *NORTHWARDS) == [("A", about(7000, abs=NEAR_M))]


def test_near_misses_by_the_antimeridian() -> None:
    airspace = airspace_of(A=shapely.box(-179.95, -1, -179, 1), B=shapely.box(179, -2, 179.9, 2))
    found = near_of(airspace, (180, -3), (180, 3))
    expected = [WGS84.Inverse(0, 180, 0, lon)["s12"] for lon in (-179.95, 179.9)]
    assert found == [
        (name, about(at_m, abs=NEAR_M)) for name, at_m in zip("AB", expected, strict=True)
    ]


CORNERED = ((20.0, 0.0), (20.0, 3.0), (23.0, 3.0))


@pytest.mark.parametrize(
    ("box", "corner", "vertex"),
    [
        # Beyond the outside of the corner, where neither leg lies abreast of it.
        (shapely.box(19.8, 3.1, 19.9, 3.2), (19.9, 3.1), CORNERED[1]),
        # Beyond the start, straight behind it and aside; beyond the end, straight ahead and aside.
        (shapely.box(19.9, -0.4, 20.1, -0.12), (20.0, -0.12), CORNERED[0]),
        (shapely.box(19.7, -0.3, 19.9, -0.1), (19.9, -0.1), CORNERED[0]),
        (shapely.box(23.1, 2.9, 23.4, 3.1), (23.1, 3.0), CORNERED[2]),
        (shapely.box(23.1, 3.1, 23.3, 3.3), (23.1, 3.1), CORNERED[2]),
    ],
)
@pytest.mark.parametrize("way", [1, -1])
def test_round_corners_and_ends_near_misses_are_as_far_as_they_are(
    way: int, box: Any, corner: LonLat, vertex: LonLat
) -> None:
    _, edges = edges_of(airspace_of(A=box), *CORNERED[::way])
    (miss,) = edges.near
    expected_m = WGS84.Inverse(vertex[1], vertex[0], corner[1], corner[0])["s12"]
    assert miss.distance_m == about(expected_m, abs=NEAR_M)
    assert WGS84.Inverse(vertex[1], vertex[0], miss.point[1], miss.point[0])["s12"] < NEAR_M


def test_inside_a_corner_a_near_miss_is_as_far_as_the_nearer_leg() -> None:
    ((_, distance_m),) = near_of(airspace_of(A=shapely.box(20.2, 2.5, 20.6, 2.9)), *CORNERED)
    assert distance_m == about(WGS84.Inverse(3.0, 20.4, 2.9, 20.4)["s12"], abs=NEAR_M)


@pytest.mark.parametrize(("west_km", "east_km"), [(4, 6), (14, 20)])
def test_an_area_that_lies_between_two_shifts_is_not_lost(west_km: float, east_km: float) -> None:
    found = near_of(airspace_of(A=band(west_km, east_km)), *NORTHWARDS)
    assert found == [("A", about(1000 * west_km, abs=NEAR_M))]


def test_a_route_of_no_length_has_no_edges() -> None:
    at = (20.0, 0.0)
    for area in (band(-3, 3), band(3, 9)):
        _, edges = edges_of(airspace_of(A=area), at, at)
        assert edges == Edges((None,), (), 0.0)


@pytest.mark.parametrize(
    "ends", [((0, 80), (180, 80)), ((0, 0), (180, 0)), ((0, 90), (0, -90)), ((-180, 60), (180, 61))]
)
def test_poles_and_antipodes_have_an_answer(world: Airspace, ends: tuple[LonLat, ...]) -> None:
    crossings, edges = edges_of(world, *ends)
    crossed = {(crossing.claims, crossing.name) for crossing in crossings}
    for margin_m in edges.margins_m:
        assert margin_m is None or 0 <= margin_m <= REACH_M
    for miss in edges.near:
        assert miss.claims
        assert (miss.claims, miss.name) not in crossed
        assert 0 < miss.distance_m <= REACH_M


# ---- the shipped data ----------------------------------------------------------------------------


def test_hmeymim_to_domna_passes_azerbaijan_and_just_clips_georgia(world: Airspace) -> None:
    crossings, edges = edges_of(world, HMEYMIM, DOMNA)
    (miss,) = edges.near
    assert (miss.name, miss.distance_m) == ("Azerbaijan", about(10_000, abs=500))
    georgia = [
        (crossing.length_m, margin_m)
        for crossing, margin_m in zip(crossings, edges.margins_m, strict=True)
        if crossing.name == "Georgia"
    ]
    (short_m, short_margin_m), (_, long_margin_m) = georgia
    assert short_m == about(1600, abs=100)
    assert short_margin_m is not None
    assert short_margin_m < 1000
    assert long_margin_m is None


def test_what_lies_beside_the_way_back_is_the_same(world: Airspace) -> None:
    there, back = (near_of(world, *ends) for ends in ((HMEYMIM, DOMNA), (DOMNA, HMEYMIM)))
    assert [name for name, _ in there] == [name for name, _ in back]
    assert [m for _, m in there] == about([m for _, m in back], abs=NEAR_M)


def samples(start: LonLat, end: LonLat, from_m: float, to_m: float, step_m: float) -> FloatArray:
    line = WGS84.InverseLine(start[1], start[0], end[1], end[0])
    found = [
        line.Position(float(s)) for s in np.arange(max(from_m, 0), min(to_m, line.s13), step_m)
    ]
    return np.array([(at["lon2"], at["lat2"]) for at in found])


def border_points(name: str) -> FloatArray:
    """List the vertices of an airspace's borders, and more between, some 100 m apart or less."""
    table = pq.read_table(DATA)
    row = table["name"].to_pylist().index(name)
    border = shapely.from_wkb(table["geometry"][row].as_py()).boundary
    return shapely.get_coordinates(shapely.segmentize(border, 0.001))


def rough_km(one: FloatArray, other: FloatArray) -> FloatArray:
    """Measure on a sphere, (n, 2) against (m, 2): only to tell where to measure truly."""
    (lon, lat), (lon_2, lat_2) = np.radians(one).T, np.radians(other).T
    half = (
        np.sin((lat[:, None] - lat_2) / 2) ** 2
        + np.cos(lat[:, None]) * np.cos(lat_2) * np.sin((lon[:, None] - lon_2) / 2) ** 2
    )
    found: FloatArray = 2 * 6371 * np.arcsin(np.sqrt(half))
    return found


def brute_distance_m(start: LonLat, end: LonLat, borders: FloatArray) -> float:
    """Measure how near a geodesic comes to any of these points."""
    line = samples(start, end, 0, 3e7, 5000)
    nearest_km = np.concatenate([rough_km(part, line).min(axis=1) for part in chunks(borders)])
    close = borders[nearest_km < nearest_km.min() + 3]
    at_m = 5000.0 * rough_km(close, line).min(axis=0).argmin()
    fine = samples(start, end, at_m - 40_000, at_m + 40_000, 50)
    away_km = rough_km(close, fine)
    pairs = np.argwhere(away_km < away_km.min() + 0.05)[:2000]
    return min(
        float(WGS84.Inverse(close[i, 1], close[i, 0], fine[j, 1], fine[j, 0])["s12"])
        for i, j in pairs
    )


def chunks(points: FloatArray) -> Sequence[FloatArray]:
    return np.array_split(points, 1 + len(points) // 5000)


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [("Azerbaijan", HMEYMIM, DOMNA), ("Liechtenstein", (9.24, 46.0), (9.24, 48.5))],
)
def test_a_near_miss_is_as_near_as_brute_force_measures(
    world: Airspace, name: str, start: LonLat, end: LonLat
) -> None:
    told_m = dict(near_of(world, start, end))[name]
    assert told_m == about(brute_distance_m(start, end, border_points(name)), abs=NEAR_M)


def test_a_small_state_that_lies_between_two_shifts_is_not_lost(world: Airspace) -> None:
    start, end = (12.70, 43.0), (12.70, 44.8)
    expected_m = brute_distance_m(start, end, border_points("San Marino"))
    assert expected_m < 20_000
    assert dict(near_of(world, start, end)).get("San Marino") == about(expected_m, abs=300)
