"""Set typed routes beside those of a story."""

from collections.abc import Sequence

from geo.model import Place, Route
from geo.schema import DIRECT_WAY, Airfield, Story, StoryRoute

_NOTE = "Typed by the reader: the geodesic between the places, which no report tells of."


def with_typed(story: Story, routes: Sequence[Route]) -> Story:
    """Add routes as direct ones; a place that the story has stays the story's.

    The ids of the added routes begin with "typed:".
    """
    places = dict(story.places)
    for route in routes:
        for place in route.places:
            places.setdefault(place.id, _airfield(place))
    plans = [_plan(number, route) for number, route in enumerate(routes, 1)]
    return story.model_copy(update={"places": places, "routes": (*story.routes, *plans)})


def _airfield(place: Place) -> Airfield:
    # What was read at another door isn't checked again.
    return Airfield.model_construct(
        id=place.id, name=place.name, lon=place.lon, lat=place.lat, sources=(), role="other"
    )


def _plan(number: int, route: Route) -> StoryRoute:
    return StoryRoute.model_construct(
        id=f"typed:{number}",
        name=route.name,
        places=tuple(place.id for place in route.places),
        sources=(),
        way=DIRECT_WAY,
        certainty="geometric",
        certainty_note=_NOTE,
    )
