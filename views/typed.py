"""Let the reader type routes of any kind, to stand beside the story's."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from geo.compare import Flight, fly_routes
from geo.errors import GeoError
from geo.model import Route
from geo.pathspec import parse_paths
from geo.places import make_gazetteer
from geo.schema import Story
from geo.typed import with_typed
from views.loaded import Atlas
from views.markup import show_text

KEY = "route"


@dataclass(frozen=True, slots=True)
class Typed:
    """The story with the typed routes in it, and their flights."""

    story: Story
    flights: tuple[Flight, ...]


def choose_routes(atlas: Atlas) -> Typed:
    """Show the box, and say what in it can't be read."""
    text = st.text_input(
        "Other routes", key=KEY, bind="query-params", placeholder="EFHK-RJAA, hmeymim-OSDI",
        help="Points joined by -, routes by a comma: places of the story, ICAO or IATA codes, "
        "coordinates such as 35.4N 35.9E.",
    )  # fmt: skip
    if not text.strip():
        return Typed(atlas.story, ())
    try:
        return _fly(text, atlas)
    except GeoError as error:
        show_text("p", str(error), "corridor-refused")
        return Typed(atlas.story, ())


def _fly(text: str, atlas: Atlas) -> Typed:
    routes: Sequence[Route] = parse_paths(text, make_gazetteer(atlas.story.places.values()).find)
    story = with_typed(atlas.story, routes)
    return Typed(story, fly_routes(story.routes[-len(routes) :], routes, atlas.airspace))
