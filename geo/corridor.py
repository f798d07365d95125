"""Find the shortest way through open airspace.

The way is the shortest there is, on the shipped borders, 50 m off the corners that it turns at.
Nothing is left out of the search but what can't lie on such a way: it turns only at corners of shut
airspace, and touches them (see `geo.search`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely

from geo.airspace import Airspace, Face
from geo.closure import Closure
from geo.coordinate import brief_coordinate
from geo.corners import make_corners, unit_vectors
from geo.errors import DataError, NoWayError
from geo.geodesy import make_leg, make_route
from geo.hulls import Hulls, load_hulls, make_hulls, read_columns
from geo.margin import margin_strips, outline
from geo.model import FloatArray, IntArray, LonLat, Place, Route
from geo.pockets import (
    are_near,
    is_beside,
    is_in_pocket,
    nearest_edges,
    open_pockets,
    open_pockets_at,
)
from geo.search import Graph, shortest
from geo.sight import MIXED, Sight

# Off the borders: more than their simplification (29 m) and the offset of chords (10 m) together.
CLEARANCE_M = 50.0
_CELLS = 1800 * 900


@dataclass(frozen=True, slots=True)
class Ground:
    """What ways are searched on: the airspace, its borders with filled pockets, and its cells."""

    airspace: Airspace
    hulls: Hulls
    cells: IntArray


@dataclass(frozen=True, slots=True)
class Turn:
    """A point where a way turns, and the shut face that it leans on there.

    An area of a file stands there as a face without claims.
    """

    place: Place
    face: Face


@dataclass(frozen=True, slots=True)
class Way:
    """The shortest way; `direct_m` is the length of the geodesic between its ends."""

    route: Route
    turns: tuple[Turn, ...]
    direct_m: float

    @property
    def added_m(self) -> float:
        """What the closure costs."""
        return self.route.length_m - self.direct_m


def load_ground(airspace: Airspace, file: Path, corners: Path, cells: Path) -> Ground:
    """Read what belongs to the airspace that was loaded from `file`. Raises DataError."""
    table = read_columns(cells, {"face": pa.int16()}, file)
    if len(table) != _CELLS:
        raise DataError(f"{cells.name}: {len(table)} cells, not {_CELLS}")
    return Ground(airspace, load_hulls(corners, file), table["face"].to_numpy())


def make_ground(airspace: Airspace) -> Ground:
    """Take any airspace as it is, which makes searches slower than files made ahead do."""
    hulls = make_hulls(airspace.coverage.borders)
    return Ground(airspace, hulls, np.full(_CELLS, MIXED, dtype=np.int16))


class Router:
    """Finds ways under one closure, and remembers what it found out of the ground."""

    def __init__(self, ground: Ground, closure: Closure) -> None:
        self._ground, self.closure = ground, closure
        self._shut = closure.shuts(ground.airspace)
        self._areas = np.vstack([np.empty((0, 4)), *(areas.ends for areas in closure.areas)])
        self._hull, self._hull_face = self._around_shut_faces()
        self._strips, self._graph = self._build(self._hull)

    def find(self, start: Place, end: Place) -> Way:
        """Find the shortest open way between places. Raises NoWayError, with the cause."""
        ends = (start.lon, start.lat), (end.lon, end.lat)
        self._check_open(start)
        self._check_open(end)
        points = self._points(*ends)
        if points is None:
            raise NoWayError(f"no open way from {start.name} to {end.name}")
        turns = [self._turn(number, point) for number, point in enumerate(points[1:-1], 1)]
        name = f"{start.name} to {end.name}"
        route = make_route(name, [start, *(turn.place for turn in turns), end])
        return Way(route, tuple(turns), make_leg(start, end).length_m)

    def _points(self, start: LonLat, end: LonLat) -> list[LonLat] | None:
        graph, nearby = self._graph, self._graph.corners.only(np.arange(0))
        walled_in = [at for at in (start, end) if self._is_walled_in(at)]
        if not walled_in:
            return shortest(graph, nearby, graph.sight, start, end)
        borders, reach_m = self._ground.airspace.coverage.borders, self.closure.margin_km * 1000
        opening = open_pockets(walled_in, reach_m, self._hull, borders, self._shut)
        hull = opening.around(self._hull)
        edges = np.vstack([hull, self._areas])
        if self._strips is None and not len(opening.mouths):
            return shortest(graph, nearby, graph.sight, start, end)
        if self._strips is not None:
            self._check_off(edges, walled_in)
            _, graph = self._build(hull)
            return shortest(graph, nearby, graph.sight, start, end)
        beside = self._hull[opening.beside]
        nearby = make_corners(np.vstack([opening.behind, beside]), CLEARANCE_M)
        return shortest(graph, nearby, self._sight(edges), start, end)

    def _is_walled_in(self, end: LonLat) -> bool:
        """Tell whether walls stand around an end: the mouths of pockets, or strips along these.

        Ways keep clear of corners, and so of a mouth between two: an end right before a mouth is
        reached from behind it too.
        """
        in_strip = self._strips is not None and shapely.intersects_xy(self._strips, *end)
        beside = self._strips is None and is_beside(end, 2 * CLEARANCE_M, self._hull)
        return bool(in_strip) or beside or is_in_pocket(end, self._hull)

    def _around_shut_faces(self) -> tuple[FloatArray, IntArray]:
        """Take the edges around shut faces, and the face of each, pockets filled but by areas."""
        hull, face = self._ground.hulls.around(self._shut)
        if not len(self._areas):
            return hull, face
        # What keeps off an area on one side and off a border on the other fills twice the margin.
        reach_m = 2 * self.closure.margin_km * 1000
        borders = self._ground.airspace.coverage.borders
        opening = open_pockets_at(self._areas, reach_m, hull, borders, self._shut)
        return opening.around(hull), opening.faces(face)

    def _build(self, hull: FloatArray) -> tuple[shapely.Geometry | None, Graph]:
        """Make the graph around shut borders, or around the strips that a margin makes of them."""
        strips, edges = None, np.vstack([hull, self._areas])
        if self.closure.margin_km and len(edges):
            strips = margin_strips(edges, self.closure.margin_km * 1000)
            edges = outline(strips)
        return strips, Graph(make_corners(edges, CLEARANCE_M), self._sight(edges))

    def _sight(self, edges: FloatArray) -> Sight:
        walls = unit_vectors(edges[:, :2]), unit_vectors(edges[:, 2:])
        areas = self.closure.areas
        return Sight(self._ground.airspace, self._ground.cells, self._shut, walls, areas)

    def _check_open(self, place: Place) -> None:
        face = self._ground.airspace.coverage.at(np.array([[place.lon, place.lat]]))[0]
        names = [areas.holding((place.lon, place.lat)) for areas in self.closure.areas]
        if self._shut[face]:
            names.insert(0, self._ground.airspace.face(face).name)
        for name in filter(None, names):
            raise NoWayError(f"{place.name} lies in closed airspace: {name}")

    def _check_off(self, edges: FloatArray, ends: list[LonLat]) -> None:
        """Refuse ends within the margin of edges."""
        margin_m = self.closure.margin_km * 1000
        for end in ends:
            near = edges[are_near(end, margin_m, edges)]
            if len(near) and shapely.intersects_xy(margin_strips(near, margin_m), *end):
                raise NoWayError(
                    f"{brief_coordinate(*end)} lies nearer than {self.closure.margin_km:g} km to "
                    f"closed airspace: {self._leaned_on(end).name}"
                )

    def _turn(self, number: int, point: LonLat) -> Turn:
        face = self._leaned_on(point)
        name = f"border of {face.name} near {brief_coordinate(*point)}"
        return Turn(Place(f"turn-{number}", name, *point), face)

    def _leaned_on(self, point: LonLat) -> Face:
        nearest = int(nearest_edges(point, np.vstack([self._hull, self._areas]))[0])
        if nearest < len(self._hull):
            return self._ground.airspace.face(int(self._hull_face[nearest]))
        nearest -= len(self._hull)
        for areas in self.closure.areas:
            if nearest < len(areas.ends):
                break
            nearest -= len(areas.ends)
        return Face((), areas.nearest(point), "international")


def joined_ways(ways: Sequence[Way]) -> Way:
    """Put ways one after the other, each beginning where the one before ends."""
    places = [ways[0].route.places[0], *(place for way in ways for place in way.route.places[1:])]
    route = make_route(f"{places[0].name} to {places[-1].name}", places)
    turns = tuple(turn for way in ways for turn in way.turns)
    return Way(route, turns, make_leg(places[0], places[-1]).length_m)
