"""Set routes that a reader typed or opened beside those of a story."""

from collections.abc import Sequence

from geo.model import Place, Route
from geo.schema import DIRECT_WAY, Airfield, Role, Story, StoryRoute, Way

OPENED_WAY = "opened"
_TYPED = "Typed by the reader: the geodesic between the places, which no report tells of."
_OPENED = "From a file that the reader opened: the geodesics between its points."


def with_typed(story: Story, routes: Sequence[Route]) -> Story:
    """Add routes as direct ones; a place that the story has stays the story's.

    The ids of the added routes begin with "typed:".
    """
    places = dict(story.places)
    for route in routes:
        for place in route.places:
            places.setdefault(place.id, _airfield(place, "other"))
    plans = [
        _plan(f"typed:{number}", route, DIRECT_WAY, _TYPED)
        for number, route in enumerate(routes, 1)
    ]
    return story.model_copy(update={"places": places, "routes": (*story.routes, *plans)})


def with_opened(story: Story, routes: Sequence[Route], alone: Sequence[Place] = ()) -> Story:
    """Add the routes of a file, and places that stand alone; of a route's, only the ends are drawn.

    The ids of the added routes begin with "opened:".
    """
    places = dict(story.places)
    ends = (route.places[end] for route in routes for end in (0, -1))
    for place in (*alone, *ends):
        places.setdefault(place.id, _airfield(place, "other"))
    for route in routes:
        for place in route.places[1:-1]:
            places.setdefault(place.id, _airfield(place, "waypoint"))
    plans = [
        _plan(f"opened:{number}", route, OPENED_WAY, _OPENED)
        for number, route in enumerate(routes, 1)
    ]
    way = Way(id=OPENED_WAY, name="As in the file")
    ways = {**story.ways, OPENED_WAY: way}
    new = {"places": places, "routes": (*story.routes, *plans), "ways": ways}
    return story.model_copy(update=new)


def _airfield(place: Place, role: Role) -> Airfield:
    # What was read at another door isn't checked again.
    return Airfield.model_construct(
        id=place.id, name=place.name, lon=place.lon, lat=place.lat, sources=(), role=role
    )


def _plan(id: str, route: Route, way: str, note: str) -> StoryRoute:
    return StoryRoute.model_construct(
        id=id,
        name=route.name,
        places=tuple(place.id for place in route.places),
        sources=(),
        way=way,
        certainty="geometric",
        certainty_note=note,
    )
