"""Set routes that a reader typed or opened beside those of a story."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256

from geo.coordinate import format_coordinate
from geo.model import Place, Route
from geo.schema import DIRECT_WAY, Airfield, Role, Story, StoryRoute, Way

TYPED_WAY, AS_TYPED = "typed", "As typed"
OPENED_WAY, AS_IN_FILE = "opened", "As in the file"
# A name longer than that is no shorter than those of the two ends.
_MOST_LETTERS = 40
_TYPED = "Typed by the reader: the geodesic between the places, which no report tells of."
_BY_STOPS = "Typed by the reader: the geodesics between its points, which no report tells of."
_OPENED = "From a file that the reader opened: the geodesics between its points."


def with_typed(story: Story, routes: Sequence[Route]) -> Story:
    """Add routes, those of two points as direct ones; a place that the story has stays the story's.

    The ids of the added routes begin with "typed:".
    """
    places = dict(story.places)
    for route in routes:
        for place in route.places:
            places.setdefault(place.id, _airfield(place.id, place, "other"))
    plans = [
        _plan(id, route, *_typed_way(route))
        for id, route in zip(_ids("typed", routes), routes, strict=True)
    ]
    ways = dict(story.ways)
    if any(plan.way == TYPED_WAY for plan in plans):
        ways[TYPED_WAY] = Way(id=TYPED_WAY, name=AS_TYPED)
    new = {"places": places, "routes": (*story.routes, *plans), "ways": ways}
    return story.model_copy(update=new)


def with_opened(story: Story, routes: Sequence[Route], alone: Sequence[Place] = ()) -> Story:
    """Add the routes of a file, and places that stand alone; of a route's, only the ends are drawn.

    The ids of the added routes begin with "opened:".
    """
    places = dict(story.places)
    ids: dict[Place, str] = {}
    ends = (route.places[end] for route in routes for end in (0, -1))
    between = (place for route in routes for place in route.places[1:-1])
    roles: Mapping[Role, Iterable[Place]] = {"other": (*alone, *ends), "waypoint": between}
    for role, group in roles.items():
        for place in group:
            ids[place] = id = _free_id(places, place)
            places.setdefault(id, _airfield(id, place, role))
    plans = [
        _plan(id, route, OPENED_WAY, _OPENED, ids)
        for id, route in zip(_ids("opened", routes), routes, strict=True)
    ]
    way = Way(id=OPENED_WAY, name=AS_IN_FILE)
    ways = {**story.ways, OPENED_WAY: way}
    new = {"places": places, "routes": (*story.routes, *plans), "ways": ways}
    return story.model_copy(update=new)


def where_to(story: Story, plan: StoryRoute) -> str:
    """Name a route in a few words: one of the story by its end, another as its reader knows it."""
    start, end = story.places[plan.places[0]], story.places[plan.destination]
    if plan.id.startswith(("typed:", "opened:")) and len(plan.name) <= _MOST_LETTERS:
        return plan.name
    return end.name if start.role == "departure" else f"{start.name} – {end.name}"


def _typed_way(route: Route) -> tuple[str, str]:
    """Give the way of a typed route, and what is told of it."""
    return (DIRECT_WAY, _TYPED) if len(route.places) == 2 else (TYPED_WAY, _BY_STOPS)


def _ids(kind: str, routes: Sequence[Route]) -> Iterator[str]:
    """Make ids that stay with their routes, whichever others come or go."""
    seen = Counter[str]()
    for route in routes:
        seen[route.name] += 1
        digest = sha256(f"{seen[route.name]} {route.name}".encode()).hexdigest()
        yield f"{kind}:{digest[:12]}"


def _free_id(places: Mapping[str, Airfield], place: Place) -> str:
    """Tell a place from others of its name: files call many things the same."""
    known = places.get(place.id)
    if known is None or (known.lon, known.lat) == (place.lon, place.lat):
        return place.id
    return f"{place.id} {format_coordinate(place.lon, place.lat)}"


def _airfield(id: str, place: Place, role: Role) -> Airfield:
    # What was read at another door isn't checked again.
    return Airfield.model_construct(
        id=id, name=place.name, lon=place.lon, lat=place.lat, sources=(), role=role
    )


def _plan(
    id: str, route: Route, way: str, note: str, ids: Mapping[Place, str] | None = None
) -> StoryRoute:
    return StoryRoute.model_construct(
        id=id,
        name=route.name,
        places=tuple(ids[place] if ids else place.id for place in route.places),
        sources=(),
        way=way,
        certainty="geometric",
        certainty_note=note,
    )
