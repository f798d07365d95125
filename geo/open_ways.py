"""Fly a story's routes anew, each by the shortest way that closed airspace leaves open."""

from collections.abc import Iterable
from dataclasses import dataclass

from geo.airspace import Airspace
from geo.compare import Flight, fly_routes
from geo.corridor import Router, Way
from geo.edge import Edges, find_edges, no_edges
from geo.errors import NoWayError
from geo.schema import Story, StoryRoute
from geo.schema import Way as StoryWay

OPEN_WAY = "open"
_NAME = "Shortest open way"
_NOTE = "Found by geometry: the shortest way that stays out of the airspace chosen as closed."


@dataclass(frozen=True, slots=True)
class OpenWays:
    """The flights by the shortest open ways.

    `ways` tell of each what it costs and leans on, by the id of its plan; `refusals` name the
    routes that have no open way, with the cause.
    """

    flights: tuple[Flight, ...]
    ways: dict[str, Way]
    refusals: tuple[str, ...]


def with_open_way(story: Story) -> Story:
    """Add the shortest open way to the ways of a story; one of its own by that id stays."""
    way = StoryWay(id=OPEN_WAY, name=_NAME, note=_NOTE)
    return story.model_copy(update={"ways": {**story.ways, OPEN_WAY: way, **story.ways}})


def fly_open(
    story: Story, airspace: Airspace, router: Router, routes: Iterable[StoryRoute]
) -> OpenWays:
    """Find the shortest open way between the ends of each of these routes, once for each pair."""
    plans, ways, refusals = [], [], []
    for plan in _plans(story, routes):
        places = story.route_places(plan)
        try:
            ways.append(router.find(places[0], places[-1]))
            plans.append(plan)
        except NoWayError as problem:
            refusals.append(str(problem))
    flights = fly_routes(plans, [way.route for way in ways], airspace) if plans else ()
    by_id = {plan.id: way for plan, way in zip(plans, ways, strict=True)}
    return OpenWays(flights, by_id, tuple(refusals))


def edges_of(airspace: Airspace, flight: Flight) -> Edges:
    """Find a flight's edges; none of a shortest open way: it leans on borders, so all are near."""
    if flight.plan.way == OPEN_WAY:
        return no_edges(flight.crossings)
    return find_edges(airspace, flight.route, flight.crossings)


def _plans(story: Story, routes: Iterable[StoryRoute]) -> list[StoryRoute]:
    """Make one plan for each pair of first and last places, after the first route between them."""
    pairs: dict[tuple[str, str], StoryRoute] = {}
    for route in routes:
        pairs.setdefault((route.places[0], route.destination), route)
    return [
        route.model_copy(
            update={
                "id": f"{OPEN_WAY}:{start}:{end}",
                "name": f"{story.places[start].name} to {story.places[end].name}, {_NAME.lower()}",
                "places": (start, end),
                "way": OPEN_WAY,
                "refuelling": None,
                "certainty_note": None,
            }
        )
        for (start, end), route in pairs.items()
    ]
