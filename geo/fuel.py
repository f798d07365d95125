"""Find where a journey could be broken for fuel: with the fewest stops, then by the shortest way.

A journey follows its route's places in order; between two of them, or at one that is an airfield,
it may come down at airfields and go on with full tanks. Still air, no reserve.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from geo.airspace import Airspace
from geo.errors import GeoError
from geo.geodesy import GEOD, make_route, wrapped
from geo.model import FloatArray, Place, Route
from geo.schema import Airfield

# Airfields nearer than this to a place of the route are that place.
_SAME_PLACE_M = 100.0
_SLACK_M = 1e-3
_NOT_FIELDS = frozenset({"waypoint", "kept"})


@dataclass(frozen=True, slots=True)
class Journey:
    """A route flown with stops: `hops_m` are the metres between refuellings, one more than stops.

    `route` runs over the stops too; `extra_m` is how much longer it is than without them.
    """

    route: Route
    stops: tuple[Place, ...]
    hops_m: tuple[float, ...]
    extra_m: float


def story_fields(places: Iterable[Airfield], countries: Iterable[str] | None) -> tuple[Place, ...]:
    """List the airfields of a story in some countries (A3 codes), or in all: no way-points."""
    wanted = None if countries is None else frozenset(countries)
    return tuple(
        field.place
        for field in places
        if field.role not in _NOT_FIELDS and (wanted is None or field.country in wanted)
    )


def fields_inside(
    airspace: Airspace, places: Sequence[Place], countries: Iterable[str]
) -> tuple[Place, ...]:
    """Keep the places in airspace that only these countries (A3 codes) claim."""
    if not places:
        return ()
    wanted = frozenset(countries)
    claims = (airspace.face(face).claims for face in airspace.coverage.at(_lonlat(places)))
    pairs = zip(places, claims, strict=True)
    return tuple(place for place, claimed in pairs if claimed and wanted.issuperset(claimed))


def find_journey(route: Route, range_m: float, fields: Sequence[Place]) -> Journey | None:
    """Break a route at airfields so that no hop is longer than a range; None where none do.

    Raises GeoError for a range that isn't above zero.
    """
    if not range_m > 0:
        raise GeoError(f"range {range_m / 1000:g} km is not above 0")
    graph = _Graph(route, fields)
    chain = graph.shortest_chain(range_m)
    if chain is None:
        return None
    stops = tuple(graph.place(node) for node in chain)
    places, hops_m = graph.flown(chain)
    flown = make_route(route.name, places)
    return Journey(flown, stops, hops_m, max(0.0, flown.length_m - route.length_m))


class _Graph:
    """The places at which tanks are full, and the metres between them along the route.

    A node is (leg, airfield): down at that airfield between the leg's two places. The start is
    (0, -1) and the end (legs, -1).
    """

    def __init__(self, route: Route, fields: Sequence[Place]) -> None:
        self.places, self.fields = route.places, tuple(fields)
        self.legs = len(route.legs)
        self.lonlat = _lonlat(self.fields)
        # Metres along the route to each of its places, and from each to each airfield.
        self.at_m = np.cumsum([0.0, *(leg.length_m for leg in route.legs)])
        self.to_field_m = np.array([self._from(place) for place in self.places])
        self.between_m: dict[int, FloatArray] = {}

    def shortest_chain(self, range_m: float) -> list[tuple[int, int]] | None:
        """Find the stops by their number first and the metres then, going on stop by stop."""
        shape = (self.legs, len(self.fields))
        best_m = np.full(shape, np.inf)
        came: dict[tuple[int, int], tuple[int, int]] = {}
        layer: dict[tuple[int, int], float] = {(0, -1): 0.0}
        while layer:
            ends = {
                node: gone_m + left_m
                for node, gone_m in layer.items()
                if (left_m := self._to_end(node)) <= range_m + _SLACK_M
            }
            if ends:
                return _traced(min(ends, key=lambda node: (ends[node], node)), came)
            seen = np.isfinite(best_m)
            found: dict[tuple[int, int], float] = {}
            for node, gone_m in layer.items():
                ahead_m = self._ahead(node)
                total_m = gone_m + ahead_m
                nearer = (ahead_m <= range_m + _SLACK_M) & ~seen & (total_m < best_m - _SLACK_M)
                best_m[nearer] = total_m[nearer]
                for leg, field in np.argwhere(nearer).tolist():
                    came[leg, field] = node
                    found[leg, field] = float(total_m[leg, field])
            layer = found
        return None

    def place(self, node: tuple[int, int]) -> Place:
        """Name the airfield of a node."""
        return self.fields[node[1]]

    def flown(self, chain: Sequence[tuple[int, int]]) -> tuple[list[Place], tuple[float, ...]]:
        """List the places flown over, none twice in a row, and the metres of each hop."""
        nodes = [(0, -1), *chain]
        hops_m = [float(self._ahead(one)[other]) for one, other in pairwise(nodes)]
        hops_m.append(self._to_end(nodes[-1]))
        places = [self.places[0]]
        for leg in range(self.legs):
            stops = [self.place(node) for node in chain if node[0] == leg]
            for place in (*stops, self.places[leg + 1]):
                if _apart_m(places[-1], place) > _SAME_PLACE_M:
                    places.append(place)
                elif place in stops:
                    places[-1] = place
        return (places if len(places) > 1 else [*self.places[:2]]), tuple(hops_m)

    def _ahead(self, node: tuple[int, int]) -> FloatArray:
        """Measure the way from a node to all, as (legs, airfields); infinite to those behind it."""
        leg, field = node
        metres = np.full((self.legs, len(self.fields)), np.inf)
        if field < 0:
            onward_m = 0.0
        else:
            metres[leg] = self._between(field)
            metres[leg, field] = np.inf
            onward_m = self.to_field_m[leg + 1, field] - self.at_m[leg + 1]
        first = leg if field < 0 else leg + 1
        later = slice(first, self.legs)
        metres[later] = onward_m + self.at_m[later, None] + self.to_field_m[later]
        return metres

    def _to_end(self, node: tuple[int, int]) -> float:
        leg, field = node
        if field < 0:
            return float(self.at_m[-1])
        return float(self.to_field_m[leg + 1, field] + self.at_m[-1] - self.at_m[leg + 1])

    def _between(self, field: int) -> FloatArray:
        if field not in self.between_m:
            self.between_m[field] = self._from(self.fields[field])
        return self.between_m[field]

    def _from(self, place: Place) -> FloatArray:
        """Measure from a place to all airfields, as (airfields,)."""
        start = np.tile([place.lon, place.lat], (len(self.fields), 1))
        lengths_m: FloatArray = GEOD.inv(*start.T, *self.lonlat.T)[2]
        return np.atleast_1d(lengths_m)


def _traced(
    last: tuple[int, int], came: dict[tuple[int, int], tuple[int, int]]
) -> list[tuple[int, int]]:
    chain = []
    while last in came:
        chain.append(last)
        last = came[last]
    return chain[::-1]


def _lonlat(places: Sequence[Place]) -> FloatArray:
    points = np.array([(place.lon, place.lat) for place in places], dtype=float).reshape(-1, 2)
    return np.column_stack([wrapped(points[:, 0]), points[:, 1]])


def _apart_m(one: Place, other: Place) -> float:
    return float(GEOD.inv(one.lon, one.lat, other.lon, other.lat)[2])
