"""Fly a story's routes and set them side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import shapely

from geo.airspace import Airspace
from geo.geodesy import make_leg, make_route, make_tracks
from geo.model import Crossing, LonLat, Route, Track
from geo.schema import Story, StoryRoute
from geo.units import Unit, format_length

# About 100 m: a pixel at the nearest zoom.
_DRAWN_OFFSET_DEG = 0.0015
_NOTHING_M = 1.0


@dataclass(frozen=True, slots=True)
class Flight:
    """A route of the story with its geometry and the airspace that it crosses.

    `line` is its track thinned for drawing, (lon, lat) running on over the antimeridian.
    """

    plan: StoryRoute
    route: Route
    line: tuple[LonLat, ...]
    crossings: tuple[Crossing, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """What is compared of a flight.

    `direct_m` is the length of the geodesic from its first place to its last, and `ratio` its own
    over that, None where these are one. `airspaces` are the names in order, re-entries apart and
    the open sea left out. `beyond_claim_m` is how far the flight is longer than the claimed
    distance, negative where it is shorter, None where none is claimed.
    """

    flight: Flight
    length_m: float
    direct_m: float
    ratio: float | None
    airspaces: tuple[str, ...]
    beyond_claim_m: float | None


def fly(story: Story, airspace: Airspace) -> tuple[Flight, ...]:
    """Compute every route of a story, in its order."""
    routes = [make_route(plan.name, story.route_places(plan)) for plan in story.routes]
    return fly_routes(story.routes, routes, airspace)


def fly_routes(
    plans: Sequence[StoryRoute], routes: Sequence[Route], airspace: Airspace
) -> tuple[Flight, ...]:
    """Compute the flights along routes, one a plan."""
    lines = map(_thinned, make_tracks(routes))
    return tuple(map(Flight, plans, routes, lines, airspace.crossings_on(routes)))


def _thinned(track: Track) -> tuple[LonLat, ...]:
    line = shapely.simplify(shapely.LineString(track.lonlat), _DRAWN_OFFSET_DEG)
    return tuple((lon, lat) for lon, lat in shapely.get_coordinates(line).tolist())


def compare(flights: Sequence[Flight], claimed_m: float | None) -> tuple[Row, ...]:
    """Set flights against their direct lines and against a claimed distance in metres.

    The rows come by the distance of their last place, nearest first.
    """
    direct_m = [_direct_m(flight) for flight in flights]
    pairs = sorted(zip(direct_m, flights, strict=True), key=lambda pair: pair[0])
    return tuple(_row(flight, direct, claimed_m) for direct, flight in pairs)


def say_added(row: Row, unit: Unit) -> str:
    """Write what a flight adds to its direct line, such as "+160 mi"; "" where it adds nothing."""
    added_m = row.length_m - row.direct_m
    return f"+{format_length(added_m, unit)}" if added_m > _NOTHING_M else ""


def _direct_m(flight: Flight) -> float:
    places = flight.route.places
    return make_leg(places[0], places[-1]).length_m


def _row(flight: Flight, direct_m: float, claimed_m: float | None) -> Row:
    length_m = flight.route.length_m
    names = [name for name, _ in groupby(c.name for c in flight.crossings if c.claims)]
    return Row(
        flight,
        length_m,
        direct_m,
        length_m / direct_m if direct_m else None,
        tuple(names),
        None if claimed_m is None else length_m - claimed_m,
    )
