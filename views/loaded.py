"""Load what the pages show, once for all readers."""

import gc
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from geo.aircraft import AircraftType, Fleet, load_fleet
from geo.airspace import Airspace
from geo.airspace_file import load_airspace
from geo.claim import country_names
from geo.closure import Closure, state_names
from geo.compare import Flight, fly
from geo.corridor import Ground, Router, Way, load_ground
from geo.edge import Edges, find_edges, no_edges
from geo.errors import DataError
from geo.finder import Finder, make_finder
from geo.fuel import story_fields
from geo.model import LonLat, Place, Route
from geo.open_ways import OPEN_WAY, OpenWays, fly_open, with_open_way
from geo.places import Gazetteer, make_gazetteer
from geo.reach import Reach, find_reach
from geo.render.completion import completion_index
from geo.render.scene import LineStyle, Ring, make_ring
from geo.render.webmap import WORLD
from geo.reopen import Reopening, best_reopening
from geo.schema import Story, StoryRoute
from geo.story import load_story

DATA = Path(__file__).parents[1] / "data"
CORNERS, CELLS = DATA / "corners.parquet", DATA / "cells.parquet"


class Version(NamedTuple):
    """A file in one of its states."""

    path: Path
    modified_ns: int
    size: int


@dataclass(frozen=True, slots=True)
class Atlas:
    """A story, its flights, the airspace that they cross, and the ground that ways are found on."""

    story: Story
    flights: tuple[Flight, ...]
    airspace: Airspace
    ground: Ground


def load_atlas() -> Atlas:
    """Load the story, by default the built-in one; CORRIDOR_STORY names another file.

    Raises GeoError where a file can't be read or is refused.
    """
    return _load(*_files())


def load_open_ways(
    atlas: Atlas, closure: Closure, story: Story, flights: Sequence[Flight]
) -> OpenWays:
    """Find the shortest open ways between the ends of flights; readers share what is found."""
    # By the points too, since an id may stand for another place in another reader's story.
    ends = tuple(
        (place.id, place.lon, place.lat)
        for flight in flights
        for place in (flight.route.places[0], flight.route.places[-1])
    )
    plans = [flight.plan for flight in flights]
    return _open_ways(_files(), closure, ends, atlas, story, plans)


def load_types() -> Fleet:
    """Load the aircraft types and their published figures. Raises DataError."""
    return _types(_version(DATA / "aircraft.json"))


def load_gazetteer(atlas: Atlas) -> Gazetteer:
    """Index the story's places, by which a reader who knows a code or a name is understood."""
    return _gazetteer(_files(), atlas)


def load_finder(atlas: Atlas) -> Finder:
    """Index all names and airports; it takes a second, so it waits until somebody mistypes."""
    return _finder(_files(), atlas)


def load_index(atlas: Atlas) -> str:
    """Write the index that the map's box completes from."""
    return completion_index(atlas.story.places.values(), state_names(atlas.airspace))


def load_names(atlas: Atlas) -> dict[str, str]:
    """Name the states by their A3 codes."""
    return _names(_files(), atlas)


def load_reach(
    atlas: Atlas, aircraft: AircraftType, route: Route, countries: frozenset[str]
) -> Reach:
    """Hold a route against a type's range, with stops at the story's airfields in countries."""
    fleet = _version(DATA / "aircraft.json")
    key = (fleet, aircraft.id, _points(route), countries)
    return _reach(_files(), key, atlas, aircraft, route)


def load_ring(name: str, place: Place, radius_m: float, style: LineStyle) -> Ring:
    """Draw a range ring; readers share it."""
    return _ring(name, place, radius_m, style)


def load_edges(atlas: Atlas, flights: Iterable[Flight]) -> dict[str, Edges]:
    """Find the edges of flights, by their routes' ids; each is computed once for all readers."""
    flights = tuple(flights)
    ways = {f.plan.id: no_edges(f.crossings) for f in flights if f.plan.way == OPEN_WAY}
    others = [flight for flight in flights if flight.plan.id not in ways]
    keys = tuple(map(_edge_key, others))
    found = _all_edges(_files(), keys, atlas, others)
    return ways | {f.plan.id: edges for f, edges in zip(others, found, strict=True)}


def load_reopening(atlas: Atlas, closure: Closure, way: Way) -> Reopening | None:
    """Find which closure, opened again, would shorten a way most; readers share what is found."""
    ends = tuple((place.lon, place.lat) for place in way.route.places[:: len(way.route.legs)])
    return _reopening(_files(), closure, ends, atlas, way)


def _files() -> tuple[Version, Version, Version]:
    story = Path(os.environ.get("CORRIDOR_STORY", DATA / "routes.geojson"))
    return _version(story), _version(DATA / "airspace.parquet"), _version(DATA / "land.parquet")


@st.cache_resource(show_spinner=False, max_entries=4)
def _load(story_file: Version, airspace_file: Version, land_file: Version) -> Atlas:
    if not WORLD.is_file():
        raise DataError(f"{WORLD.name}: the base map is missing from {WORLD.parent.name}/")
    story = load_story(story_file.path)
    airspace = load_airspace(airspace_file.path, land_file.path)
    ground = load_ground(airspace, airspace_file.path, CORNERS, CELLS)
    atlas = Atlas(with_open_way(story), fly(story, airspace), airspace, ground)
    # Streamlit searches for garbage after every run, and a server of Python answers nobody
    # meanwhile: among all that an atlas holds that took four times as long as the run itself.
    gc.collect()
    gc.freeze()
    return atlas


@st.cache_resource(show_spinner=False, max_entries=16)
def _router(files: tuple[Version, ...], closure: Closure, _atlas: Atlas) -> Router:
    return Router(_atlas.ground, closure)


@st.cache_resource(show_spinner=False, max_entries=256)
def _open_ways(
    files: tuple[Version, ...],
    closure: Closure,
    ends: tuple[tuple[str, float, float], ...],
    _atlas: Atlas,
    _story: Story,
    _plans: Sequence[StoryRoute],
) -> OpenWays:
    return fly_open(_story, _atlas.airspace, _router(files, closure, _atlas), _plans)


@st.cache_resource(show_spinner=False, max_entries=10_000)
def _reopening(
    files: tuple[Version, ...],
    closure: Closure,
    ends: tuple[LonLat, ...],
    _atlas: Atlas,
    _way: Way,
) -> Reopening | None:
    def router(other: Closure) -> Router:
        return _router(files, other, _atlas)

    return best_reopening(_atlas.ground, closure, _way, router)


@st.cache_resource(show_spinner=False, max_entries=1000)
def _all_edges(
    files: tuple[Version, ...],
    keys: tuple[str | tuple[LonLat, ...], ...],
    _atlas: Atlas,
    _flights: Sequence[Flight],
) -> list[Edges]:
    """Look up many at once: to look one up takes Streamlit longer than all the rest of its row."""
    return [_edges(files, key, _atlas, flight) for key, flight in zip(keys, _flights, strict=True)]


@st.cache_resource(show_spinner=False, max_entries=10_000)
def _edges(
    files: tuple[Version, ...],
    key: str | tuple[LonLat, ...],
    _atlas: Atlas,
    _flight: Flight,
) -> Edges:
    return find_edges(_atlas.airspace, _flight.route, _flight.crossings)


@st.cache_resource(show_spinner=False, max_entries=2)
def _types(file: Version) -> Fleet:
    return load_fleet(file.path)


@st.cache_resource(show_spinner=False, max_entries=4)
def _gazetteer(files: tuple[Version, ...], _atlas: Atlas) -> Gazetteer:
    return make_gazetteer(_atlas.story.places.values())


@st.cache_resource(show_spinner="Reading the names of all airports", max_entries=2)
def _finder(files: tuple[Version, ...], _atlas: Atlas) -> Finder:
    return make_finder(_atlas.story.places.values())


@st.cache_resource(show_spinner=False, max_entries=4)
def _names(files: tuple[Version, ...], _atlas: Atlas) -> dict[str, str]:
    return country_names(_atlas.airspace)


@st.cache_resource(show_spinner=False, max_entries=10_000)
def _reach(
    files: tuple[Version, ...],
    key: tuple[Version, str, tuple[LonLat, ...], frozenset[str]],
    _atlas: Atlas,
    _aircraft: AircraftType,
    _route: Route,
) -> Reach:
    fields = story_fields(_atlas.story.places.values(), key[-1])
    return find_reach(_aircraft, _route, fields)


@st.cache_resource(show_spinner=False, max_entries=1000)
def _ring(name: str, place: Place, radius_m: float, style: LineStyle) -> Ring:
    return make_ring(name, place, radius_m, style)


def _edge_key(flight: Flight) -> str | tuple[LonLat, ...]:
    """Tell routes apart: those of the story by their ids, which takes less time than by points.

    The id of a typed one stands for another route with another reader.
    """
    plan = flight.plan
    return _points(flight.route) if plan.id.startswith(("typed:", "opened:")) else plan.id


def _points(route: Route) -> tuple[LonLat, ...]:
    return tuple((place.lon, place.lat) for place in route.places)


def _version(path: Path) -> Version:
    """Tell one state of a file from another; a missing file is told of where it is read."""
    if not path.exists():
        return Version(path, 0, 0)
    stat = path.stat()
    return Version(path, stat.st_mtime_ns, stat.st_size)
