"""Let the reader choose where a journey may be broken, and look for its stops there."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from geo.aircraft import AircraftType
from geo.airspace import Face
from geo.model import Place, Route
from geo.nodes import Fields
from geo.phrases import listed
from geo.reach import Reach, find_reach
from geo.stops import coded_airports, faces_of, fields_inside, story_fields
from views.loaded import Atlas

STOPS_KEY, STATES_KEY = "stops", "stops_in"
STORY_LIST, AIRPORT_LIST = "Airfields of the story", "All airports"
STOP_LISTS = (STORY_LIST, AIRPORT_LIST)


@dataclass(frozen=True, slots=True)
class Stops:
    """Where to look for stops: in which list, and in which countries (A3 codes), or in any."""

    airports: bool
    countries: tuple[str, ...]

    def say(self, names: Mapping[str, str], closed: Collection[str]) -> str:
        """Say where, such as "at airfields of the story in Russia"."""
        at = "at airfields of the story"
        at += " and all airports" if self.airports else ""
        open_ = _named([code for code in self.countries if code not in closed], names)
        shut = _named(
            [code for code in closed if not self.countries or code in self.countries], names
        )
        where = open_ or ("no country" if self.countries else "any country")
        return f"{at} in {where}{f' (closed: {shut})' if shut else ''}"


def _named(codes: Sequence[str], names: Mapping[str, str]) -> str:
    return listed(sorted(names.get(code, code) for code in codes)) if codes else ""


def first_countries(atlas: Atlas) -> tuple[str, ...]:
    """List the countries to which the story's routes lead: stops are looked for there at first."""
    story = atlas.story
    found = (story.places[plan.destination].country for plan in story.routes)
    return tuple(dict.fromkeys(code for code in found if code and code in atlas.names))


def choose_stops(atlas: Atlas) -> Stops:
    """Show the lists and the countries to choose from."""
    names = atlas.names
    kind = st.pills(
        "Stops at", STOP_LISTS, default=STORY_LIST, key=STOPS_KEY, bind="query-params",
        required=True, help="All airports: those with an ICAO code of four letters. Whether their "
        "runways would do for the aircraft isn't known here.",
    )  # fmt: skip
    codes = st.multiselect(
        "Stops in", sorted(names, key=names.__getitem__), default=first_countries(atlas),
        format_func=names.__getitem__, key=STATES_KEY, bind="query-params",
        placeholder="Any country",
    )  # fmt: skip
    return Stops(kind == AIRPORT_LIST, tuple(sorted(codes)))


def load_reach(
    atlas: Atlas, aircraft: AircraftType, route: Route, stops: Stops, closed: Collection[str]
) -> Reach:
    """Hold a route against a type's range, with stops where these are looked for."""
    figures = tuple((each.range_km, each.doubt) for each in aircraft.ranges)
    points = tuple((place.lon, place.lat) for place in route.places)
    key = (aircraft.id, figures, points, stops, tuple(sorted(closed)))
    return _reach(atlas.stamp, repr(key), atlas, aircraft, route, stops, frozenset(closed))


@st.cache_resource(show_spinner=False, max_entries=10_000)
def _reach(
    stamp: str,
    key: str,
    _atlas: Atlas,
    _aircraft: AircraftType,
    _route: Route,
    _stops: Stops,
    _closed: frozenset[str],
) -> Reach:
    fields = _fields(stamp, repr((_stops, sorted(_closed))), _atlas, _stops, _closed)
    return find_reach(_aircraft, _route, fields)


@st.cache_resource(show_spinner=False, max_entries=32)
def _fields(stamp: str, key: str, _atlas: Atlas, _stops: Stops, _closed: frozenset[str]) -> Fields:
    countries = _stops.countries or None
    told = _atlas.story.places.values()
    places = story_fields(told, countries, _closed)
    if _stops.airports:
        known = {field.icao for field in told if field.icao}
        airports, faces = _airports(stamp, _atlas)
        inside = fields_inside(_atlas.airspace, airports, faces, countries, _closed)
        places += tuple(place for place in inside if place.id not in known)
    return Fields.of(places)


@st.cache_resource(show_spinner=False, max_entries=2)
def _airports(stamp: str, _atlas: Atlas) -> tuple[tuple[Place, ...], tuple[Face, ...]]:
    airports = coded_airports()
    return airports, faces_of(_atlas.airspace, airports)
