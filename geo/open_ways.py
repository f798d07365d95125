"""Fly a story's routes anew, each by the shortest way that closed airspace leaves open."""

from collections.abc import Iterable
from dataclasses import dataclass

from geo.airspace import Airspace
from geo.compare import Flight, fly_routes
from geo.corridor import Router, Way
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


def fly_open(story: Story, airspace: Airspace, router: Router, ends: Iterable[str]) -> OpenWays:
    """Find the shortest open way to each of these last places of a story's routes."""
    plans, ways, refusals = [], [], []
    for plan in _plans(story, frozenset(ends)):
        places = story.route_places(plan)
        try:
            ways.append(router.find(places[0], places[-1]))
            plans.append(plan)
        except NoWayError as problem:
            refusals.append(str(problem))
    flights = fly_routes(plans, [way.route for way in ways], airspace) if plans else ()
    by_id = {plan.id: way for plan, way in zip(plans, ways, strict=True)}
    return OpenWays(flights, by_id, tuple(refusals))


def _plans(story: Story, ends: frozenset[str]) -> list[StoryRoute]:
    """Make one plan for each pair of first and last places, after the first route between them."""
    plans: dict[tuple[str, str], StoryRoute] = {}
    for plan in story.routes:
        if plan.destination in ends:
            pair = plan.places[0], plan.destination
            plans.setdefault(pair, plan)
    return [
        plan.model_copy(
            update={
                "id": f"{OPEN_WAY}:{start}:{end}",
                "name": f"{story.places[start].name} to {story.places[end].name}, {_NAME.lower()}",
                "places": (start, end),
                "way": OPEN_WAY,
                "refuelling": None,
            }
        )
        for (start, end), plan in plans.items()
    ]
