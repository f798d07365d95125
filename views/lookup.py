"""Look up places for the pages; the indexes are made once for all readers."""

import streamlit as st

from geo.closure import state_names
from geo.errors import DataError, PlaceError
from geo.finder import Finder, make_finder
from geo.model import Place
from geo.places import Gazetteer, make_gazetteer
from geo.render.completion import completion_index
from views.loaded import Atlas


def load_gazetteer(atlas: Atlas) -> Gazetteer:
    """Index the story's places, by which a reader who knows a code or a name is understood."""
    return _gazetteer(atlas.stamp, atlas)


def load_finder(atlas: Atlas) -> Finder:
    """Index all names and airports; it takes a second, so it waits until somebody mistypes."""
    return _finder(atlas.stamp, atlas)


def load_names_beyond(atlas: Atlas, unknown: PlaceError) -> Finder:
    """Load all names to look for what isn't a known code or place.

    Raises PlaceError where they can't be read, which tells of both.
    """
    try:
        return load_finder(atlas)
    except DataError as error:
        said = str(unknown).partition("; did you mean")[0]
        raise PlaceError(f"{said}; other names can't be looked up: {error}") from error


def find_place(atlas: Atlas, text: str) -> Place:
    """Look up a place that is known by a code or name, or that a name means without a doubt.

    Raises PlaceError.
    """
    try:
        return load_gazetteer(atlas).find(text)
    except PlaceError as unknown:
        return load_names_beyond(atlas, unknown).resolve(text)


def load_index(atlas: Atlas) -> str:
    """Write the index that the map's box completes from."""
    return completion_index(atlas.story.places.values(), state_names(atlas.airspace))


@st.cache_resource(show_spinner=False, max_entries=4)
def _gazetteer(stamp: str, _atlas: Atlas) -> Gazetteer:
    return make_gazetteer(_atlas.story.places.values())


@st.cache_resource(show_spinner="Reading the names of all airports", max_entries=2)
def _finder(stamp: str, _atlas: Atlas) -> Finder:
    return make_finder(_atlas.story.places.values())
