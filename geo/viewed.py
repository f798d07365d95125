"""Fly what a link shows, for whoever has no page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from geo.airspace import Airspace
from geo.closure import Closure, make_closure
from geo.compare import Flight, fly_routes
from geo.link import View, chosen
from geo.model import Place
from geo.open_ways import OPEN_WAY, OpenWays
from geo.pathspec import parse_paths
from geo.ringspec import is_ring
from geo.schema import Story
from geo.typed import with_typed

FindWays = Callable[[Closure, Story, Sequence[Flight]], OpenWays]


@dataclass(frozen=True, slots=True)
class Viewed:
    """A story with the typed routes in it, the flights that are shown, and what has no way."""

    story: Story
    flights: tuple[Flight, ...]
    closure: Closure
    refusals: tuple[str, ...]


def fly_view(
    view: View,
    story: Story,
    flights: Sequence[Flight],
    airspace: Airspace,
    find: Callable[[str], Place],
    find_ways: FindWays,
) -> Viewed:
    """Fly a view; `flights` are all of the story, and `find_ways` finds the shortest open ways.

    Typed range rings are left out. Raises GeoError for a typed path that can't be read.
    """
    paths = [path for path in view.paths if not is_ring(path)]
    routes = [route for path in paths for route in parse_paths(path, find)]
    story = with_typed(story, routes)
    typed = fly_routes(story.routes[len(story.routes) - len(routes) :], routes, airspace)
    closure = make_closure(airspace, view.closed)
    ways = OpenWays((), {}, ())
    if closure.closed and OPEN_WAY in view.ways:
        to_places = [f for f in flights if f.plan.destination in view.destinations]
        ways = find_ways(closure, story, [*to_places, *typed])
    told = chosen(flights, view.destinations, view.ways)
    return Viewed(story, (*told, *typed, *ways.flights), closure, ways.refusals)
