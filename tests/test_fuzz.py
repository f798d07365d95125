"""Made-up worlds and the routes that are hardest in them: always an answer, always tiling.

The worlds are drawn on a coarse grid of degrees, so that borders are shared, touch, meet in one
vertex and lie on one line; many have holes, reach over the antimeridian, or stand by a pole. Their
routes run through vertices, along edges and on beyond them, start and turn on borders. What is told
is held against points of the geodesic, by GeographicLib, and each face's polygon, by Shapely: no
code of the engine is in that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import shapely
from geographiclib.geodesic import Geodesic  # type: ignore[import-untyped]
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely import affinity

from geo.airspace import INTERNATIONAL, Airspace, Face, make_airspace
from geo.coverage import make_coverage
from geo.edge import find_edges
from geo.geodesy import make_route
from geo.layers import Layer, Volume
from geo.model import Crossing, FloatArray, IntArray, LonLat, Place, Route
from geo.overlay import Passage, make_overlay
from geo.table import crossing_table

WGS84 = Geodesic.WGS84
LABELS = ("A", "B", "C", "D", "")
# Beyond, there is more than one shortest line, nearly.
NEARLY_ANTIPODAL_M = 19_900_000
# Off the round numbers, so that no sample falls on a corner of a route.
SHARES = (np.arange(120) + 0.4142) / 120
# What lies this near to a border may be told to belong to either side.
BESIDE_M = 3.0
_METRES_PER_DEG = 111_320.0
SEAM = shapely.LineString([(180, -90), (180, 90)])
GRID_DEG = 0.25
SEEDS = range(24)


# ---- worlds --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class World:
    """Faces that form a coverage, by name, and the edges (n, 4) of their linework."""

    names: list[str]
    geometries: npt.NDArray[np.object_]
    edges: FloatArray

    @cached_property
    def airspace(self) -> Airspace:
        faces = [Face((name,), name, "national") for name in self.names]
        return make_airspace(faces, self.geometries, make_coverage(self.geometries[:1]))

    def faces_at(self, lonlat: FloatArray) -> IntArray:
        """Number the face of each point, by its polygon alone; -1 where there is none."""
        found = np.full(len(lonlat), -1)
        for number, geometry in enumerate(self.geometries):
            found[shapely.intersects_xy(geometry, *lonlat.T)] = number
        return found

    def border_m(self, lonlat: FloatArray) -> float:
        """Measure roughly from a point to the nearest border, on either side of 180 degrees."""
        lon, lat = lonlat.tolist()
        scale = np.array([max(np.cos(np.radians(lat)), 1e-9), 1.0])
        borders = shapely.transform(shapely.boundary(self.geometries), lambda xy: xy * scale)
        points = [shapely.Point(np.array([lon + turn, lat]) * scale) for turn in (-360, 0, 360)]
        distance_deg = min(float(shapely.distance(borders, point).min()) for point in points)
        # At a pole all meridians meet, so a point beside it is beside each that ends there.
        return float(min(distance_deg, 90 - abs(lat)) * _METRES_PER_DEG)


def world_of(lines: Sequence[Any], labels: Sequence[str]) -> World:
    """Cut the map by lines into faces; `labels` name the cells in turn, the empty one is sea.

    Lines are drawn from -180 to 540, and what is beyond 180 is turned back onto the map. A border
    along 180 degrees itself is none, as on the shipped map.
    """
    noded = shapely.union_all([*lines, SEAM], grid_size=GRID_DEG)
    xy, line = shapely.get_coordinates(shapely.get_parts(noded), return_index=True)
    edges = np.hstack([xy[:-1], xy[1:]])[line[1:] == line[:-1]]
    on_seam = (edges[:, 0] == 180) & (edges[:, 2] == 180)
    cells = _cells(edges[~on_seam])
    tree = shapely.STRtree(cells)
    named: dict[str, list[Any]] = {}
    for piece in _cells(edges):
        (number, *_) = tree.query(piece.representative_point(), predicate="within").tolist() or [-1]
        label = labels[number % len(labels)] if number >= 0 else ""
        if label:
            beyond = piece.bounds[0] >= 180
            named.setdefault(label, []).append(affinity.translate(piece, -360 if beyond else 0))
    geometries: npt.NDArray[np.object_] = np.empty(len(named), dtype=object)
    geometries[:] = [shapely.coverage_union_all(own) for own in named.values()]
    return World(list(named), geometries, edges)


def _cells(edges: FloatArray) -> list[Any]:
    lines: Any = shapely.linestrings(edges.reshape(-1, 2, 2))
    parts = shapely.get_parts(shapely.polygonize(lines))
    return sorted(parts, key=lambda cell: cell.representative_point().coords[0])


def lattice(rng: np.random.Generator) -> list[Any]:
    """Draw meridians and parallels round the whole world, poles included."""
    west = -179.5
    lons = [west, *(west + rng.choice(np.arange(1, 359), 6, replace=False)), west + 360]
    lats = [-90, *rng.choice(np.arange(-89, 90), 5, replace=False), 90]
    meridians = [shapely.LineString([(lon, -90), (lon, 90)]) for lon in lons]
    return [*meridians, *(shapely.LineString([(west, at), (west + 360, at)]) for at in lats)]


def shatter(rng: np.random.Generator) -> list[Any]:
    """Draw lines at random through rings, for sharp corners."""
    ends = rng.integers(-20, 21, (rng.integers(3, 9), 2, 2))
    lines: Any = shapely.linestrings(ends)
    stars = [shapely.Polygon(rng.integers(-12, 13, (5, 2))).boundary for _ in range(2)]
    return [*lines, *stars, *rings(rng)]


def rings(rng: np.random.Generator) -> list[Any]:
    """Draw boxes that share corners and parts of their sides, and small ones within: enclaves."""
    corners = rng.integers(-5, 6, (6, 2, 2)) * 4
    low, high = corners.min(axis=1), corners.max(axis=1)
    inner = np.vstack([low + 1, (low + high) // 8 * 4 + 1])
    boxes: Any = shapely.box(*np.vstack([low, inner]).T, *np.vstack([high, inner + 2]).T)
    return list(shapely.boundary(boxes[shapely.area(boxes) > 0]))


def triangles(rng: np.random.Generator) -> list[Any]:
    points = shapely.MultiPoint(rng.integers(-10, 11, (12, 2)) * 2)
    return list(shapely.get_parts(shapely.delaunay_triangles(points, only_edges=True)))


def voronoi(rng: np.random.Generator) -> list[Any]:
    points = shapely.MultiPoint(rng.integers(-20, 21, (12, 2)))
    window = shapely.box(-22, -22, 22, 22)
    edges = shapely.voronoi_polygons(points, extend_to=window, only_edges=True)
    return [shapely.intersection(edges, window), window.boundary]


MAKERS = (lattice, shatter, rings, triangles, voronoi)


def random_world(rng: np.random.Generator, seed: int) -> World:
    """Make one kind of world after the other, at the equator, over 180 degrees or by a pole."""
    maker = MAKERS[seed % len(MAKERS)]
    lines = maker(rng)
    if maker is not lattice:
        lon, lat = rng.choice([0, 0, 170, 179.5, 185]), rng.choice([0, 0, 40, 67, -67])
        lines = [shapely.transform(line, lambda xy: xy + np.array([lon, lat])) for line in lines]
    return world_of(lines, [*rng.choice(LABELS, 7).tolist(), "A"])


# ---- routes --------------------------------------------------------------------------------------


def wrapped(place: Sequence[float]) -> LonLat:
    lon, lat = place
    return (lon if abs(lon) <= 180 else (lon + 180) % 360 - 180), lat


def hard_places(world: World, rng: np.random.Generator) -> list[LonLat]:
    """List a few each of vertices, middles of edges, points close by a vertex, and any points."""
    edges = world.edges[rng.integers(0, len(world.edges), 6)]
    near = edges[:, :2] + rng.choice([1e-5, 1e-7, -1e-6], (6, 2))
    box = np.array([world.edges.min(axis=0)[:2] - 3, world.edges.max(axis=0)[:2] + 3])
    anywhere = rng.uniform(box[0], box[1], (6, 2))
    points = np.vstack([edges[:, :2], (edges[:, :2] + edges[:, 2:]) / 2, near, anywhere])
    points[:, 1] = points[:, 1].clip(-90, 90)
    return [wrapped(point) for point in points.tolist()]


FAR: list[LonLat] = [(0, 90), (0, -90), (180, 10), (-180, -60), (179.5, 0), (-120, 50), (60, -30)]


def hard_routes(world: World, rng: np.random.Generator) -> list[Route]:
    """Run through vertices, along edges and beyond, to poles and antipodes, and nowhere."""
    places = hard_places(world, rng)
    chosen = [[places[i] for i in rng.integers(0, len(places), n)] for n in (2, 2, 2, 2, 2, 3, 4)]
    for edge in world.edges[rng.integers(0, len(world.edges), 4)]:
        start, end = edge[:2], edge[2:]
        chosen.append([wrapped(start), wrapped(end)])
        beyond = np.array([start - (end - start), end + (end - start)])
        if np.abs(beyond[:, 1]).max() <= 90:
            chosen.append([wrapped(point) for point in beyond.tolist()])
            chosen.append([wrapped(start), wrapped(end), wrapped(beyond[1])])
    for place in places[:3]:
        antipode = wrapped((place[0] + 180, -place[1]))
        far = [FAR[i] for i in rng.integers(0, len(FAR), 2)]
        chosen += [[place, far[0]], [far[1], place], [place, antipode], [place, place]]
        chosen.append([place, places[-1], places[-1], place])
    return [route_over(*each) for each in chosen]


def route_over(*lonlats: LonLat) -> Route:
    return make_route("test", [Place(str(i), str(i), *at) for i, at in enumerate(lonlats)])


def sampled(route: Route) -> tuple[FloatArray, FloatArray]:
    """Sample a route by GeographicLib; return the metres along it and the points (n, 2)."""
    lines = [
        WGS84.InverseLine(leg.start.lat, leg.start.lon, leg.end.lat, leg.end.lon)
        for leg in route.legs
    ]
    lengths_m = np.array([line.s13 for line in lines])
    assert route.length_m == pytest.approx(lengths_m.sum(), abs=1e-3)
    begins_m = np.cumsum(lengths_m) - lengths_m
    at_m = SHARES * lengths_m.sum()
    leg = np.searchsorted(begins_m, at_m, side="right") - 1
    mask = Geodesic.LATITUDE | Geodesic.LONGITUDE
    found = [lines[i].Position(s, mask) for i, s in zip(leg, (at_m - begins_m[leg]), strict=True)]
    return at_m, np.array([(at["lon2"], at["lat2"]) for at in found])


def has_one_line(route: Route) -> bool:
    return all(leg.length_m < NEARLY_ANTIPODAL_M for leg in route.legs)


# ---- what must hold ------------------------------------------------------------------------------


def number_of(world: World, crossing: Crossing) -> int:
    return world.names.index(crossing.name) if crossing.claims else -1


def assert_tiled(world: World, route: Route, crossings: Sequence[Crossing]) -> None:
    """Hold crossings to cover a route without gaps, each unlike its neighbours."""
    assert crossings[0].start_m == 0
    assert crossings[-1].end_m == route.length_m
    for one, other in pairwise(crossings):
        assert one.end_m == other.start_m
        assert one.exit == other.entry
        assert one.name != other.name
        assert one.length_m > 0
    assert sum(c.length_m for c in crossings) == pytest.approx(route.length_m, abs=1e-6)
    for crossing in crossings:
        assert crossing.name in {*world.names, INTERNATIONAL.name}
        assert np.isfinite([*crossing.entry, *crossing.exit]).all()
        assert crossing.land_m is not None
        assert -1e-3 <= crossing.land_m <= crossing.length_m + 1e-3


def assert_true(world: World, route: Route, crossings: Sequence[Crossing]) -> None:
    """Hold crossings against the faces of points of the geodesic.

    Points may differ only beside a border; and the metres in each face must be those of its points
    as far as sampling can tell.
    """
    at_m, lonlat = sampled(route)
    starts_m = np.array([crossing.start_m for crossing in crossings])
    numbers = np.array([number_of(world, crossing) for crossing in crossings])
    told = numbers[np.searchsorted(starts_m, at_m, side="right") - 1]
    found = world.faces_at(lonlat)
    beside = 0
    for i in np.flatnonzero(told != found).tolist():
        beside += 1
        assert world.border_m(lonlat[i]) < BESIDE_M, (
            places_of(route),
            lonlat[i],
            told[i],
            found[i],
        )
    step_m = route.length_m / len(SHARES)
    for number in {*told.tolist(), *found.tolist()}:
        mine = numbers == number
        length_m = sum(c.length_m for c, m in zip(crossings, mine, strict=True) if m)
        slack_m = (beside + mine.sum() + 1) * step_m
        assert length_m == pytest.approx((found == number).sum() * step_m, abs=slack_m)


def places_of(route: Route) -> list[LonLat]:
    return [(place.lon, place.lat) for place in route.places]


def assert_edges(world: World, route: Route, crossings: Sequence[Crossing]) -> None:
    """Hold margins and near misses to what they may be, whatever the route."""
    edges = find_edges(world.airspace, route, crossings, reach_m=5000.0)
    assert len(edges.margins_m) == len(crossings)
    assert all(margin is None or 0 <= margin <= 5000 for margin in edges.margins_m)
    distances_m = [miss.distance_m for miss in edges.near]
    assert distances_m == sorted(distances_m)
    assert all(0 <= distance_m <= 5000 for distance_m in distances_m)
    assert all(0 <= miss.at_m <= route.length_m + 1e-6 for miss in edges.near)
    assert not {miss.name for miss in edges.near} & {crossing.name for crossing in crossings}


def assert_alike_as_layer(
    world: World, routes: Sequence[Route], crossed: Sequence[Sequence[Crossing]]
) -> None:
    """Hold the faces, opened as a layer of areas, to be passed for as long as they are crossed."""
    volumes = tuple(
        Volume(number, "", name, "", "", "", area)
        for number, (name, area) in enumerate(zip(world.names, world.geometries, strict=True))
    )
    passed = make_overlay(Layer("fuzz", volumes)).passages(routes)
    for route, crossings, passages in zip(routes, crossed, passed, strict=True):
        for number, name in enumerate(world.names):
            mine = [c.length_m for c in crossings if c.name == name]
            own: list[Passage] = [p for p in passages if p.volume.number == number]
            # Each end may lie a metre off, and a stretch below a metre may be missing.
            slack_m = 2.0 * (len(mine) + len(own) + 1)
            total_m = sum(p.length_m for p in own)
            assert total_m == pytest.approx(sum(mine), abs=slack_m), (places_of(route), name)


def assert_table(world: World, routes: Sequence[Route], crossed: Sequence[Any]) -> None:
    """Hold the columnar table to tell of routes of one leg what the crossings tell."""
    plain = [number for number, route in enumerate(routes) if len(route.legs) == 1]
    ends = np.array([places_of(routes[number]) for number in plain])
    table = crossing_table(world.airspace, ends[:, 0], ends[:, 1]).to_pydict()
    rows = zip(table["route"], table["name"], table["start_m"], table["end_m"], strict=True)
    expected = [(i, c.name, c.start_m, c.end_m) for i, n in enumerate(plain) for c in crossed[n]]
    for row, wanted in zip(rows, expected, strict=True):
        assert row[:2] == wanted[:2]
        assert row[2:] == pytest.approx(wanted[2:], abs=0.01)


# ---- seeded worlds -------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_world_is_crossed_truly(seed: int) -> None:
    rng = np.random.default_rng(seed)
    world = random_world(rng, seed)
    routes = hard_routes(world, rng)
    crossed = world.airspace.crossings_on(routes)
    for route, crossings in zip(routes, crossed, strict=True):
        assert_tiled(world, route, crossings)
        if has_one_line(route) and route.length_m > 1:
            assert_true(world, route, crossings)
    for number in rng.integers(0, len(routes), 2).tolist():
        assert_edges(world, routes[number], crossed[number])
    assert_alike_as_layer(world, routes, crossed)
    assert_table(world, routes, crossed)


def test_the_random_worlds_have_what_is_hard() -> None:
    """Without this, the worlds could lose their holes, or their faces, and nobody would know."""
    worlds = [random_world(np.random.default_rng(seed), seed) for seed in SEEDS]
    parts = shapely.get_parts(np.concatenate([world.geometries for world in worlds]))
    assert sum(len(world.names) > 1 for world in worlds) > 20
    assert all(shapely.coverage_is_valid(world.geometries) for world in worlds)
    assert (shapely.get_num_interior_rings(parts) > 0).sum() > 20
    east, west = (np.isin(shapely.bounds(parts)[:, side], [180, -180]) for side in (2, 0))
    assert min(east.sum(), west.sum()) > 20
    assert (np.abs(shapely.bounds(parts)[:, [1, 3]]) > 85).sum() > 20


# ---- worlds drawn by Hypothesis, which finds the smallest that fails -----------------------------

CORNERS = st.tuples(st.integers(-4, 4), st.integers(-4, 4))
# The sides of a step are whole degrees, so that nothing but the place of the world is odd.
MIDDLES = st.sampled_from([(0, 0), (178, 0), (180, 62), (181, -40), (30, 86), (0, -86)])


@st.composite
def drawn(draw: st.DrawFn) -> tuple[World, list[Route]]:
    """Draw boxes and lines with corners in common, and routes through their corners."""
    strokes = draw(st.lists(st.tuples(CORNERS, CORNERS), min_size=2, max_size=8))
    lines: list[Any] = []
    for (x, y), (z, w) in strokes:
        box = shapely.box(min(x, z), min(y, w), max(x, z), max(y, w))
        lines += [shapely.LineString([(x, y), (z, w)]), box.boundary]
    kept = [line for line in lines if line.length]
    assume(kept)
    lon, lat = draw(MIDDLES)
    moved = shapely.transform(kept, lambda xy: xy + np.array([lon, lat]))
    world = world_of(list(moved), [*draw(st.lists(st.sampled_from(LABELS), max_size=7)), "A"])
    corners = [wrapped((lon + x, lat + y)) for x, y in draw(st.lists(CORNERS, min_size=2))]
    ends = draw(st.lists(st.sampled_from([*corners, *FAR]), min_size=2, max_size=5))
    return world, [route_over(*pair) for pair in (ends, ends[::-1])]


@settings(max_examples=40)
@given(drawn())
def test_a_drawn_world_is_crossed_truly(case: tuple[World, list[Route]]) -> None:
    world, routes = case
    assume(world.names)
    crossed = world.airspace.crossings_on(routes)
    for route, crossings in zip(routes, crossed, strict=True):
        assert_tiled(world, route, crossings)
        if has_one_line(route) and route.length_m > 1:
            assert_true(world, route, crossings)
    assert_edges(world, routes[0], crossed[0])
    assert_alike_as_layer(world, routes, crossed)


def test_a_pole_written_in_two_ways_is_one_place() -> None:
    # Found by the seeded worlds: 0 / 0, where a leg of no length has chords that seem to have one.
    face = Face(("A",), "A", "national")
    airspace = make_airspace([face], np.array([shapely.box(30, -90, 90, -60)]))
    (crossing,) = airspace.crossings_on([route_over((10, -90), (50, -90))])[0]
    assert (crossing.start_m, crossing.end_m) == (0, 0)


def test_an_area_by_a_pole_is_entered_at_the_pole() -> None:
    # Found by the seeded worlds: 30 m late, the last chord sweeping round to the other meridian.
    route = route_over((140.5, -77), (-179.5, 90), (-79.5, -77))
    volume = Volume(1, "", "A", "", "", "", shapely.box(-79.5, 87, -14.5, 90))
    ((passage,),) = make_overlay(Layer("fuzz", (volume,))).passages([route])
    assert passage.start_m == pytest.approx(route.legs[0].length_m, abs=10)
