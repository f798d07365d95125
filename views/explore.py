"""Explore the story's routes on the map, as strips, in tables and in words."""

import gc
from functools import partial

import streamlit as st

from geo.compare import compare
from geo.errors import DataError, GeoError
from geo.open_ways import OPEN_WAY, OpenWays
from geo.render.palette import Theme
from geo.render.scene import CREDIT, empty_scene, make_scene
from geo.words import say_what_is_known
from views.aircraft import choose_aircraft, range_rings
from views.choices import Choices, choose, chosen
from views.closed import Closed, choose_closure, toggle_at
from views.closer import look_closer, unknown_asks
from views.figures import figures
from views.layer import choose_layer, passages
from views.loaded import Atlas, load_atlas, load_edges, load_open_ways, load_types
from views.mapview import show_map
from views.markup import show_head, show_refusal, show_stack, show_text, text_html
from views.told import map_in_words
from views.typed import Typed, choose_routes


def main() -> None:
    """Choose, compute, show."""
    try:
        atlas, fleet = load_atlas(), load_types()
    except GeoError as error:
        show_head()
        show_refusal(error)
        if not isinstance(error, DataError):
            show_map(empty_scene(reader_theme()))
        return
    settle(atlas)
    story, theme = atlas.story, reader_theme()
    asked = unknown_asks(story, fleet)
    with st.sidebar:
        choices = choose(story)
        typed = choose_routes(atlas)
        closed = choose_closure(atlas.airspace)
        aircraft = choose_aircraft(fleet)
        opened = choose_layer()
    story = typed.story
    # Below the controls, where it moves nothing; Streamlit shows it only when it takes a while.
    with st.sidebar, st.spinner("Finding the shortest open ways"):
        ways = open_ways(atlas, choices, closed, typed)
    flights = [*chosen(atlas.flights, choices), *typed.flights, *ways.flights]
    rows = compare(flights, story.claim.distance_m if story.claim else None)
    # Always there, so that a notice that comes or goes doesn't move the map, which would be lost.
    with st.container():
        unknown = [*choices.unknown, *closed.unknown, *asked]
        if unknown:
            st.warning("The link asks for something that isn't here. The rest of it is shown.")
            show_text("p", "Not found: " + ", ".join(unknown), "corridor-quiet")
    show_head(text_html("h1", story.title, "corridor-title"))
    lead = f"{story.summary or ''} {say_what_is_known(story, rows)}"
    in_words = map_in_words(story, rows, choices.unit)
    show_stack((text_html("p", lead, "corridor-lead"), in_words))
    layer = opened.layer if opened else None
    hatched = closed.closure.shut_claims(atlas.airspace)
    rings = range_rings(aircraft, rows, choices.unit)
    scene = make_scene(story, rows, atlas.flights, choices.unit, theme, layer, hatched, rings)
    show_map(scene, partial(toggle_at, atlas.airspace))
    edges = load_edges(atlas, flights)
    parts = [*figures(atlas, story, rows, edges, ways, closed.closure, choices.unit, theme)]
    if rows and opened:
        parts += passages(story, rows, opened, choices.unit)
    show_stack(parts)
    look_closer(atlas, story, rows, edges, fleet, aircraft, closed.closure.closed, choices.unit)
    show_text("p", CREDIT, "corridor-quiet")


def open_ways(atlas: Atlas, choices: Choices, closed: Closed, typed: Typed) -> OpenWays:
    """Find the shortest open ways for the chosen places, where anything is closed at all."""
    if not closed.closure.closed or OPEN_WAY not in choices.ways:
        return OpenWays((), {}, ())
    to_places = [f for f in atlas.flights if f.plan.destination in choices.destinations]
    return load_open_ways(atlas, closed.closure, typed.story, [*to_places, *typed.flights])


@st.cache_resource(show_spinner=False, max_entries=1, hash_funcs={Atlas: id})
def settle(atlas: Atlas) -> None:
    """Exempt all that was loaded for good from the search for garbage.

    Streamlit searches after every run, and a server of Python answers nobody meanwhile: among all
    that an atlas holds it took four times as long as the run itself.
    """
    gc.collect()
    gc.freeze()


def reader_theme() -> Theme:
    """Tell light from dark as the reader has it."""
    return "dark" if st.context.theme.type == "dark" else "light"


main()
