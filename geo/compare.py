"""Fly a story's routes and set them side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

import shapely

from geo.airspace import Airspace
from geo.geodesy import make_leg, make_route, make_tracks
from geo.model import Crossing, LonLat, Route, Track
from geo.schema import Story, StoryRoute

# About 300 m: a tenth of a pixel on the scale at which a whole route is seen.
_DRAWN_OFFSET_DEG = 0.003


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

    `ratio` is its length over that of the geodesic from its first place to its last, None where
    these are one; `airspaces`
    are the states' names in the order of first entry, and `beyond_claim_m` is how far the flight is
    longer than the claimed distance, negative where it is shorter, None where none is claimed.
    """

    flight: Flight
    length_m: float
    ratio: float | None
    airspaces: tuple[str, ...]
    beyond_claim_m: float | None


def fly(story: Story, airspace: Airspace) -> tuple[Flight, ...]:
    """Compute every route of a story, in its order."""
    routes = [make_route(plan.name, story.route_places(plan)) for plan in story.routes]
    tracks = make_tracks(routes)
    crossings = airspace.crossings_of(tracks)
    lines = [_thinned(track) for track in tracks]
    return tuple(map(Flight, story.routes, routes, lines, crossings))


def _thinned(track: Track) -> tuple[LonLat, ...]:
    line = shapely.simplify(shapely.LineString(track.lonlat), _DRAWN_OFFSET_DEG)
    return tuple((lon, lat) for lon, lat in shapely.get_coordinates(line).tolist())


def compare(flights: Sequence[Flight], claimed_m: float | None) -> tuple[Row, ...]:
    """Set flights against their direct lines and against a claimed distance in metres."""
    return tuple(_row(flight, claimed_m) for flight in flights)


def _row(flight: Flight, claimed_m: float | None) -> Row:
    places = flight.route.places
    length_m = flight.route.length_m
    direct_m = make_leg(places[0], places[-1]).length_m
    names = dict.fromkeys(c.name for c in flight.crossings if c.kind != "international")
    return Row(
        flight,
        length_m,
        length_m / direct_m if direct_m else None,
        tuple(names),
        None if claimed_m is None else length_m - claimed_m,
    )
