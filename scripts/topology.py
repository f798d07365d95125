"""Write a coverage of integer coordinates as TopoJSON, each shared border as one arc."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final, TypeAlias

import shapely

Geometry: TypeAlias = Any
Point: TypeAlias = tuple[int, int]
Arc: TypeAlias = tuple[Point, ...]
Edge: TypeAlias = tuple[Point, Point]

UNITS_PER_DEG: Final = 100
EAST: Final = 180 * UNITS_PER_DEG
SOUTH: Final = -90 * UNITS_PER_DEG


def to_topojson(rows: list[tuple[dict[str, Any], Geometry]]) -> dict[str, Any]:
    """Return the TopoJSON of properties and geometries, the latter in hundredths of a degree.

    An arc lies between the same two rows all along, or between one row and water; and wholly on
    +-180 degrees or the south pole, or off them.
    """
    polygons = [rings_of(geometry) for _, geometry in rows]
    breaks = Breaks([ring for polygon in polygons for rings in polygon for ring in rings])
    arcs: dict[Arc, int] = {}
    geometries = [
        {
            "type": "MultiPolygon",
            "arcs": [[[use(arc, arcs) for arc in breaks.cut(ring)] for ring in p] for p in polygon],
            "properties": properties,
        }
        for (properties, _), polygon in zip(rows, polygons, strict=True)
    ]
    return {
        "type": "Topology",
        "transform": {"scale": [1 / UNITS_PER_DEG] * 2, "translate": [-180, -90]},
        "objects": {"faces": {"type": "GeometryCollection", "geometries": geometries}},
        "arcs": [deltas(arc) for arc in arcs],
    }


def rings_of(geometry: Geometry) -> list[list[Arc]]:
    """Return polygons as rings of integer points, shells counter-clockwise and holes clockwise."""
    oriented = shapely.orient_polygons(geometry)
    return [
        [points_of(ring) for ring in (polygon.exterior, *polygon.interiors)]
        for polygon in shapely.get_parts(oriented)
    ]


def points_of(ring: Geometry) -> Arc:
    """Return a ring's points, the first not repeated at the end."""
    return tuple((round(x), round(y)) for x, y in shapely.get_coordinates(ring)[:-1])


class Breaks:
    """The points where arcs begin and end."""

    def __init__(self, rings: list[Arc]) -> None:
        uses: defaultdict[Edge, int] = defaultdict(int)
        neighbours: defaultdict[Point, set[Point]] = defaultdict(set)
        for a, b in (edge for ring in rings for edge in edges_of(ring)):
            uses[min((a, b), (b, a))] += 1
            neighbours[a].add(b)
            neighbours[b].add(a)
        self._uses = uses
        self._points = {point for point in neighbours if self._breaks(point, neighbours[point])}

    def _breaks(self, point: Point, neighbours: set[Point]) -> bool:
        kinds = {self._kind(point, other) for other in neighbours}
        return len(neighbours) != 2 or len(kinds) > 1

    def _kind(self, a: Point, b: Point) -> tuple[int, bool]:
        cut = abs(a[0]) == EAST == abs(b[0]) or a[1] == b[1] == SOUTH
        return self._uses[min((a, b), (b, a))], cut

    def cut(self, ring: Arc) -> Iterator[Arc]:
        """Yield the arcs of a ring; one without a break begins at its least point."""
        starts = [i for i, point in enumerate(ring) if point in self._points]
        starts = starts or [ring.index(min(ring))]
        for start, end in zip(starts, [*starts[1:], starts[0] + len(ring)], strict=True):
            yield tuple(ring[i % len(ring)] for i in range(start, end + 1))


def edges_of(ring: Arc) -> Iterator[Edge]:
    """Yield the edges of a ring."""
    return zip(ring, [*ring[1:], ring[0]], strict=True)


def use(arc: Arc, arcs: dict[Arc, int]) -> int:
    """Return an arc's number, `~number` if it is known the other way round; add it if new."""
    if arc[::-1] in arcs:
        return ~arcs[arc[::-1]]
    return arcs.setdefault(arc, len(arcs))


def deltas(arc: Arc) -> list[list[int]]:
    """Return an arc as TopoJSON has it: a start counted from the south-west, and then steps."""
    (x, y), *_ = arc
    steps = [[b[0] - a[0], b[1] - a[1]] for a, b in pairwise(arc)]
    return [[x + EAST, y - SOUTH], *steps]
