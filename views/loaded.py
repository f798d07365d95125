"""Load what the pages show, once for all readers."""

import gc
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import streamlit as st

from geo.aircraft import NO_FLEET, Fleet, load_fleet
from geo.airspace import Airspace
from geo.airspace_file import load_airspace, load_land
from geo.closure import Closure, state_names
from geo.compare import Flight, fly
from geo.corridor import Ground, Router, Way, load_ground
from geo.edge import Edges, find_edges, no_edges
from geo.errors import DataError
from geo.model import LonLat, Place, Route
from geo.open_ways import OPEN_WAY, OpenWays, fly_open, with_open_way
from geo.render.legend import LineStyle
from geo.render.scene import Ring, make_ring
from geo.reopen import Reopening, best_reopening
from geo.schema import Story, StoryRoute
from geo.story import load_story

DATA = Path(__file__).parents[1] / "data"
AIRCRAFT = DATA / "aircraft.json"
CORNERS, CELLS = DATA / "corners.parquet", DATA / "cells.parquet"


@dataclass(frozen=True, slots=True)
class Atlas:
    """A story, its flights and the airspace that they cross.

    `stamp` tells the state of the files from any other; `names` are the states' by A3 codes.
    `no_land` says why land and sea aren't told apart, or is an empty text.
    """

    stamp: str
    story: Story
    flights: tuple[Flight, ...]
    airspace: Airspace
    names: Mapping[str, str]
    no_land: str


def load_atlas() -> Atlas:
    """Load the story, by default the built-in one; CORRIDOR_STORY names another file.

    Raises GeoError where the story or its airspace can't be read or is refused.
    """
    return _load(_stamp(*_files()))


def load_told() -> Story:
    """Load the story alone, as `load_atlas` does. Raises StoryError."""
    file, *_ = _files()
    return _story(_stamp(file))


def load_open_ways(
    atlas: Atlas, closure: Closure, story: Story, flights: Sequence[Flight]
) -> OpenWays:
    """Find the shortest open ways between the ends of flights; readers share what is found.

    Raises DataError where a file can't be read that only this needs.
    """
    # By the points too, since an id may stand for another place in another reader's story; and by
    # the route, since its certainty and its sources become those of the way.
    ends = tuple(
        (flight.plan.id, flight.plan.certainty, place.id, place.lon, place.lat)
        for flight in flights
        for place in (flight.route.places[0], flight.route.places[-1])
    )
    plans = [flight.plan for flight in flights]
    return _open_ways(atlas.stamp, _closure_key(closure), ends, atlas, closure, story, plans)


def load_types() -> Fleet:
    """Load the aircraft types and their published figures. Raises DataError."""
    return _types(_stamp(AIRCRAFT))


def known_fleet() -> Fleet:
    """Load them as `load_types` does; none where their file can't be read."""
    try:
        return load_types()
    except DataError:
        return NO_FLEET


def load_ring(name: str, place: Place, radius_m: float, style: LineStyle) -> Ring:
    """Draw a range ring; readers share it."""
    return _ring(name, place, radius_m, style)


def load_edges(atlas: Atlas, flights: Iterable[Flight]) -> dict[str, Edges]:
    """Find the edges of flights, by their routes' ids; each is computed once for all readers."""
    flights = tuple(flights)
    ways = {f.plan.id: no_edges(f.crossings) for f in flights if f.plan.way == OPEN_WAY}
    others = [flight for flight in flights if flight.plan.id not in ways]
    keys = tuple(map(_edge_key, others))
    found = _all_edges(atlas.stamp, keys, atlas, others)
    return ways | {f.plan.id: edges for f, edges in zip(others, found, strict=True)}


def load_reopening(atlas: Atlas, closure: Closure, way: Way) -> Reopening | None:
    """Find which closure, opened again, would shorten a way most; readers share what is found."""
    ends = tuple((place.lon, place.lat) for place in way.route.places[:: len(way.route.legs)])
    return _reopening(atlas.stamp, _closure_key(closure), ends, atlas, closure, way)


def _files() -> tuple[Path, Path, Path]:
    story = Path(os.environ.get("CORRIDOR_STORY", DATA / "routes.geojson"))
    return story, DATA / "airspace.parquet", DATA / "land.parquet"


@st.cache_resource(show_spinner=False, max_entries=4)
def _load(stamp: str) -> Atlas:
    _, airspace_file, land_file = _files()
    story, airspace, no_land = load_told(), load_airspace(airspace_file), ""
    try:
        airspace = replace(airspace, land=load_land(land_file))
    except DataError as error:
        no_land = str(error)
    flights, names = fly(story, airspace), state_names(airspace)
    atlas = Atlas(stamp, with_open_way(story), flights, airspace, names, no_land)
    # Streamlit searches for garbage after every run, and a server of Python answers nobody
    # meanwhile: among all that an atlas holds that took four times as long as the run itself.
    gc.collect()
    gc.freeze()
    return atlas


@st.cache_resource(show_spinner=False, max_entries=4)
def _story(stamp: str) -> Story:
    file, *_ = _files()
    return load_story(file)


@st.cache_resource(show_spinner=False, max_entries=4)
def _ground(stamp: str, _atlas: Atlas) -> Ground:
    _, airspace_file, _ = _files()
    return load_ground(_atlas.airspace, airspace_file, CORNERS, CELLS)


@st.cache_resource(show_spinner=False, max_entries=16)
def _router(stamp: str, key: str, _atlas: Atlas, _closure: Closure) -> Router:
    return Router(_ground(stamp, _atlas), _closure)


@st.cache_resource(show_spinner=False, max_entries=256)
def _open_ways(
    stamp: str,
    key: str,
    ends: tuple[tuple[str, str, str, float, float], ...],
    _atlas: Atlas,
    _closure: Closure,
    _story: Story,
    _plans: Sequence[StoryRoute],
) -> OpenWays:
    return fly_open(_story, _atlas.airspace, _router(stamp, key, _atlas, _closure), _plans)


@st.cache_resource(show_spinner=False, max_entries=10_000)
def _reopening(
    stamp: str,
    key: str,
    ends: tuple[LonLat, ...],
    _atlas: Atlas,
    _closure: Closure,
    _way: Way,
) -> Reopening | None:
    def router(other: Closure) -> Router:
        return _router(stamp, _closure_key(other), _atlas, other)

    return best_reopening(_ground(stamp, _atlas), _closure, _way, router)


@st.cache_resource(show_spinner=False, max_entries=1000)
def _all_edges(
    stamp: str,
    keys: tuple[str | tuple[LonLat, ...], ...],
    _atlas: Atlas,
    _flights: Sequence[Flight],
) -> list[Edges]:
    """Look up many at once: to look one up takes Streamlit longer than all the rest of its row."""
    return [_edges(stamp, key, _atlas, flight) for key, flight in zip(keys, _flights, strict=True)]


@st.cache_resource(show_spinner=False, max_entries=10_000)
def _edges(
    stamp: str,
    key: str | tuple[LonLat, ...],
    _atlas: Atlas,
    _flight: Flight,
) -> Edges:
    return find_edges(_atlas.airspace, _flight.route, _flight.crossings)


@st.cache_resource(show_spinner=False, max_entries=2)
def _types(stamp: str) -> Fleet:
    return load_fleet(AIRCRAFT)


@st.cache_resource(show_spinner=False, max_entries=1000)
def _ring(name: str, place: Place, radius_m: float, style: LineStyle) -> Ring:
    return make_ring(name, place, radius_m, style)


def _edge_key(flight: Flight) -> str | tuple[LonLat, ...]:
    """Tell routes apart: those of the story by their ids, which takes less time than by points.

    The id of a typed one stands for another route with another reader.
    """
    plan = flight.plan
    return _points(flight.route) if plan.id.startswith(("typed:", "opened:")) else plan.id


def _closure_key(closure: Closure) -> str:
    """Tell a closure from any other; the ids of areas stand for what they are."""
    ids = [areas.id for areas in closure.areas]
    chosen = (closure.closed, closure.only, closure.international, closure.margin_km, ids)
    return repr(chosen)


def _points(route: Route) -> tuple[LonLat, ...]:
    return tuple((place.lon, place.lat) for place in route.places)


def _stamp(*files: Path) -> str:
    """Tell one state of files from another; a missing one is told of where it is read.

    One text, since Streamlit takes far longer to tell values of other kinds apart.
    """
    return "|".join(f"{file}:{_state(file)}" for file in files)


def _state(file: Path) -> str:
    if not file.exists():
        return "missing"
    stat = file.stat()
    return f"{stat.st_mtime_ns}:{stat.st_size}"
