"""Fly what a link shows, with what a reader opened beside it, for whoever has no page."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from geo.aircraft import Fleet
from geo.airspace import Airspace
from geo.closure import Closure, make_closure
from geo.compare import Flight, fly_routes
from geo.days import begun_by, known_by
from geo.layers import Layer
from geo.link import View, chosen
from geo.model import Place
from geo.open_ways import OPEN_WAY, OpenWays
from geo.pathspec import parse_paths
from geo.ranges import FLEET_SOURCE, reach_rings, ring_sources
from geo.readers import Opened, read_opened
from geo.ringspec import RingSpec, is_ring, parse_ring
from geo.schema import Airfield, Story
from geo.survey import Survey, survey
from geo.text import quoted
from geo.typed import with_opened, with_typed

FindWays = Callable[[Closure, Story, Sequence[Flight]], OpenWays]
# So many routes of a file stand by themselves; more are summed up.
MOST_SINGLE = 30
MOST_PLACES = 200


@dataclass(frozen=True, slots=True, eq=False)
class OpenedFile:
    """A file that a reader opened; `survey` sums its routes up where they are many."""

    opened: Opened
    survey: Survey | None = None


@dataclass(frozen=True, slots=True)
class Viewed:
    """What a view shows: a story with all routes and sources in it, and the flights.

    `rings` come with what was typed; `reach` are those of the chosen aircraft, round the places
    where the flights begin.
    `refusals` say what has no way, and what could not be read.
    """

    story: Story
    flights: tuple[Flight, ...]
    closure: Closure
    refusals: tuple[str, ...]
    rings: tuple[tuple[str, RingSpec], ...] = ()
    reach: tuple[RingSpec, ...] = ()
    layer: Layer | None = None
    surveys: tuple[tuple[str, Survey], ...] = ()
    day: dt.date | None = None


def fly_view(
    view: View,
    story: Story,
    flights: Sequence[Flight],
    airspace: Airspace,
    fleet: Fleet,
    find: Callable[[str], Place],
    find_ways: FindWays,
    files: Sequence[OpenedFile] = (),
) -> Viewed:
    """Fly a view; `flights` are all of the story, and `find_ways` finds the shortest open ways.

    Raises GeoError for a typed path or ring that can't be read.
    """
    rings = tuple((path, parse_ring(path, find, fleet)) for path in view.paths if is_ring(path))
    paths = [path for path in view.paths if not is_ring(path)]
    routes = [route for path in paths for route in parse_paths(path, find)]
    story = with_typed(story, routes)
    typed = fly_routes(story.routes[len(story.routes) - len(routes) :], routes, airspace)
    story, opened = with_files(story, files, airspace)
    closure = make_closure(airspace, view.closed)
    ways = OpenWays((), {}, ())
    if closure.closed and OPEN_WAY in view.ways:
        to_places = [f for f in flights if f.plan.destination in view.destinations]
        ways = find_ways(closure, story, [*to_places, *typed])
    told = chosen(flights, view.destinations, view.ways)
    shown = begun_by((*told, *typed, *opened, *ways.flights), view.day)
    reach, refused = _reach(view.aircraft, shown, fleet)
    story = known_by(story, view.day)
    return Viewed(
        _with_rings(story, [*(spec for _, spec in rings), *reach], fleet),
        shown,
        closure,
        (*ways.refusals, *refused),
        rings,
        reach,
        joined_layer(files),
        tuple((file.opened.name, file.survey) for file in files if file.survey),
        view.day,
    )


def open_file(
    name: str,
    data: bytes,
    find: Callable[[str], Place],
    known: Callable[[str], Place | None],
    airspace: Airspace,
) -> OpenedFile:
    """Open a file as the page does. Raises OpenError for one that can't be read."""
    opened = read_opened(name, data, find, known=known)
    many = len(opened.routes) > MOST_SINGLE
    return OpenedFile(opened, survey(opened.routes, airspace) if many else None)


def with_files(
    story: Story, files: Sequence[OpenedFile], airspace: Airspace
) -> tuple[Story, tuple[Flight, ...]]:
    """Fly the routes of files that hold few, and add their places."""
    routes = [route for file in files if file.survey is None for route in file.opened.routes]
    places = [place for file in files for place in file.opened.places][:MOST_PLACES]
    if not routes and not places:
        return story, ()
    story = with_opened(story, routes, places)
    return story, fly_routes(story.routes[len(story.routes) - len(routes) :], routes, airspace)


def joined_layer(files: Sequence[OpenedFile]) -> Layer | None:
    """Put the areas of all files into one layer."""
    layers = [file.opened.layer for file in files if file.opened.layer]
    if len(layers) < 2:
        return layers[0] if layers else None
    volumes = tuple(volume for layer in layers for volume in layer.volumes)
    return Layer(", ".join(layer.name for layer in layers), volumes)


def _reach(
    name: str, flights: Sequence[Flight], fleet: Fleet
) -> tuple[tuple[RingSpec, ...], tuple[str, ...]]:
    """Ring the places where flights begin by the published range of a type, and say why not."""
    if not name:
        return (), ()
    aircraft = next((each for each in fleet.types.values() if each.name == name), None)
    if aircraft is None:
        return (), (f"aircraft {quoted(name[:60])}: no type is called so",)
    if aircraft.range_limits is None:
        return (), (f"no range was published of {aircraft.name}",)
    return reach_rings(aircraft, flights), ()


def _with_rings(story: Story, rings: Sequence[RingSpec], fleet: Fleet) -> Story:
    """Add the places in the middle of rings, and the sources of published ranges."""
    places, sources = dict(story.places), dict(story.sources)
    for spec in rings:
        place = spec.place
        if place.id not in places:
            # What was read at another door isn't checked again.
            places[place.id] = Airfield.model_construct(
                id=place.id, name=place.name, lon=place.lon, lat=place.lat, sources=(), role="other"
            )
        for id in ring_sources(spec):
            source = fleet.sources[id.removeprefix(FLEET_SOURCE)]
            sources[id] = source.model_copy(update={"id": id})
    return story.model_copy(update={"places": places, "sources": sources})
