"""Find where a journey could be broken for fuel: with the fewest stops, then by the shortest way.

A journey follows its route's places in order; between two of them, or at one that is an airfield,
it may come down at airfields and go on with full tanks. Still air, no reserve.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from geo.errors import GeoError
from geo.geodesy import GEOD, make_route
from geo.hops import find_chain
from geo.model import Place, Route
from geo.nodes import Fields, Nodes, make_nodes

# Airfields nearer than this to a place of the route are that place.
_SAME_PLACE_M = 100.0


@dataclass(frozen=True, slots=True)
class Journey:
    """A route flown with stops: `hops_m` are the metres between refuellings, one more than stops.

    `route` runs over the stops too; `extra_m` is how much longer it is than without them.
    """

    route: Route
    stops: tuple[Place, ...]
    hops_m: tuple[float, ...]
    extra_m: float


def find_journey(
    route: Route, range_m: float, fields: Fields, nodes: Nodes | None = None
) -> Journey | None:
    """Break a route at airfields so that no hop is longer than a range; None where none do.

    Of very many airfields, those are tried that lengthen the way least (see `geo.nodes`). `nodes`
    are those of the route, where they are known from another range. Raises GeoError for a range
    that isn't above zero.
    """
    if not range_m > 0:
        raise GeoError(f"range {range_m / 1000:g} km is not above 0")
    if route.length_m <= range_m:
        return Journey(route, (), (route.length_m,), 0.0)
    chain = find_chain(nodes or make_nodes(route, fields), range_m)
    if chain is None:
        return None
    stops = [(leg, fields.places[number]) for leg, number in chain]
    flown = make_route(route.name, _places(route, stops))
    extra_m = max(0.0, flown.length_m - route.length_m)
    return Journey(flown, tuple(place for _, place in stops), _hops_m(route, stops), extra_m)


def _hops_m(route: Route, stops: Sequence[tuple[int, Place]]) -> tuple[float, ...]:
    """Measure from stop to stop, over the route's places between them."""
    hops_m, at, gone_m = [], route.places[0], 0.0
    for leg, place in enumerate(route.places[1:]):
        for stop in (stop for in_leg, stop in stops if in_leg == leg):
            hops_m.append(gone_m + _apart_m(at, stop))
            at, gone_m = stop, 0.0
        gone_m += _apart_m(at, place)
        at = place
    return *hops_m, gone_m


def _places(route: Route, stops: Sequence[tuple[int, Place]]) -> list[Place]:
    """List the places flown over, none twice in a row; a stop stands for the place it is at."""
    places = [route.places[0]]
    for leg, end in enumerate(route.places[1:]):
        inside = [stop for in_leg, stop in stops if in_leg == leg]
        for place in (*inside, end):
            if _apart_m(places[-1], place) > _SAME_PLACE_M:
                places.append(place)
            elif place in inside:
                places[-1] = place
    return places if len(places) > 1 else [*route.places[:2]]


def _apart_m(one: Place, other: Place) -> float:
    return float(GEOD.inv(one.lon, one.lat, other.lon, other.lat)[2])
