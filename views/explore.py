"""Explore the story's routes on the map, as strips, in tables and in words."""

from dataclasses import dataclass, replace
from functools import partial
from time import sleep

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from geo.aircraft import AircraftType, Fleet
from geo.compare import Flight, Row, compare
from geo.days import begun_by, known_by, say_begun
from geo.errors import DataError, GeoError
from geo.link import View, chosen, write_link
from geo.open_ways import OPEN_WAY, OpenWays
from geo.render.palette import Theme
from geo.render.scene import CREDIT, Scene, empty_scene, make_scene
from geo.schema import Story
from geo.units import Unit
from geo.viewed import joined_layer, with_files
from geo.words import say_what_is_known
from views.aircraft import (
    choose_aircraft,
    draw_reach,
    held_aircraft,
    shown_rings,
    typed_rings,
)
from views.asked import (
    MOST,
    ROUTE,
    VIEW_FILES,
    VIEW_LINK,
    asked,
    keep_in_address,
    note_refused,
    take_hint,
    take_message,
    too_many,
)
from views.choices import Choices, choose, held_choices
from views.closed import Closed, choose_closure, read_closure
from views.closer import look_closer, unknown_asks
from views.figures import figures
from views.layer import passages
from views.loaded import (
    Atlas,
    known_fleet,
    load_atlas,
    load_edges,
    load_open_ways,
)
from views.lookup import load_index
from views.mapview import show_map, take_messages
from views.markup import show_head, show_refusal, show_stack, show_text, text_html
from views.opened import (
    OpenFile,
    choose_files,
    closed_areas,
    draw_opened,
    held_files,
    tell_opened,
)
from views.timeline import day_shown
from views.told import map_in_words
from views.typed import Typed, fly_typed

# A browser gathers what comes within 10 ms and draws it all at once. The map goes ahead of the
# rest by a little more than that; measured, it then changes a fifth sooner.
_AHEAD_S = 0.012


@dataclass(frozen=True, slots=True)
class Controls:
    """What the reader chose at the side."""

    choices: Choices
    closed: Closed
    aircraft: AircraftType | None
    files: tuple[OpenFile, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What that comes to: a story with all routes in it, and the rows that are shown of it.

    `chosen` are the rows of all days, and `begun` says how many of them the shown day has.
    """

    story: Story
    flights: tuple[Flight, ...]
    rows: tuple[Row, ...]
    chosen: tuple[Row, ...]
    begun: str
    ways: OpenWays
    typed: Typed

    @property
    def is_day_empty(self) -> bool:
        """Tell whether routes are chosen, and the shown day has none of them."""
        return bool(self.chosen and not self.rows)


def main() -> None:
    """Choose, compute, show."""
    try:
        atlas = load_atlas()
    except GeoError as error:
        show_head()
        show_refusal(error)
        if not isinstance(error, DataError):
            show_map(empty_scene(reader_theme()))
        return
    take_messages(partial(take_message, atlas.airspace))
    fleet = known_fleet()
    unknown = unknown_asks(atlas, fleet)
    # What takes a while says so below the controls, where it moves nothing.
    at_side, at_day, below = (st.sidebar.container() for _ in range(3))
    above, at_map = st.container(), st.container()
    # The browser draws in the order of arrival: the map is sent before all that hangs on it.
    held = held_controls(atlas, fleet)
    controls = held or draw_controls(at_side, atlas)
    with below, st.spinner("Finding the shortest open ways"):
        shown = fly_chosen(atlas, fleet, controls)
    with at_map:
        scene = compose(atlas, controls, shown, reader_theme())
        show_scene(atlas, scene)
    if held:
        sleep(_AHEAD_S)
        controls = draw_controls(at_side, atlas)
        if controls != held:
            st.rerun()
    with above:
        show_notice((*controls.choices.unknown, *controls.closed.unknown, *unknown), shown.typed)
        show_lead(shown, controls.aircraft, controls.choices.unit)
    show_figures(atlas, fleet, controls, shown, at_day)
    show_text("p", CREDIT, "corridor-quiet")
    keep_in_address()
    st.session_state[VIEW_LINK] = view_link(atlas, controls, shown.typed)
    st.session_state[VIEW_FILES] = controls.files


def view_link(atlas: Atlas, controls: Controls, typed: Typed) -> str:
    """Write the link to the view, for the Briefing page."""
    choices, closed = controls.choices, controls.closed.closure.closed
    aircraft = controls.aircraft.name if controls.aircraft else ""
    places, ways, routes = choices.destinations, choices.ways, typed.asked.routes
    day = day_shown(atlas.story)
    view = View(places, ways, choices.unit, closed, routes, (), aircraft, day)
    return write_link(view, atlas.story, atlas.airspace)


def held_controls(atlas: Atlas, fleet: Fleet) -> Controls | None:
    """Read the controls before they are shown; None on a reader's first run, which has none yet."""
    choices = held_choices(atlas.story)
    if choices is None:
        return None
    files = held_files(atlas)
    closed = read_closure(atlas.airspace).with_areas(closed_areas(files))
    return Controls(choices, closed, held_aircraft(fleet), files)


def draw_controls(place: DeltaGenerator, atlas: Atlas) -> Controls:
    """Show the controls in a place, and read them."""
    with place:
        choices, closed = choose(atlas.story), choose_closure(atlas.airspace)
        aircraft, files = choose_aircraft(), choose_files(atlas)
    return Controls(choices, closed.with_areas(closed_areas(files)), aircraft, files)


def fly_chosen(atlas: Atlas, fleet: Fleet, controls: Controls) -> Shown:
    """Fly what is chosen: routes of the story, typed ones, opened ones, and the open ways."""
    typed = fly_typed(atlas, fleet, asked(ROUTE))
    note_refused(typed.refusals)
    story, opened = with_files(typed.story, controls.files, atlas.airspace)
    ways = open_ways(atlas, controls, typed)
    choices = controls.choices
    told = chosen(atlas.flights, choices.destinations, choices.ways)
    flights = (*told, *typed.flights, *opened, *ways.flights)
    claimed_m = story.claim.distance_m if story.claim else None
    rows = all_rows = compare(flights, claimed_m)
    day, begun = day_shown(atlas.story), ""
    if day:
        begun = say_begun(flights, day)
        story, flights = known_by(story, day), begun_by(flights, day)
        rows = compare(flights, claimed_m)
    return Shown(story, flights, rows, all_rows, begun, ways, typed)


def open_ways(atlas: Atlas, controls: Controls, typed: Typed) -> OpenWays:
    """Find the shortest open ways for the chosen places, where anything is closed at all."""
    choices, closure = controls.choices, controls.closed.closure
    if not closure.is_chosen or OPEN_WAY not in choices.ways:
        return OpenWays((), {}, ())
    to_places = [f for f in atlas.flights if f.plan.destination in choices.destinations]
    try:
        return load_open_ways(atlas, closure, typed.story, [*to_places, *typed.flights])
    except DataError as error:
        return OpenWays((), {}, (f"the shortest open ways can't be found: {error}",))


def show_notice(unknown: tuple[str, ...], typed: Typed) -> None:
    """Name what the link asks for in vain.

    The place for it is always there: one that came or went would move the map, and lose it.
    """
    with st.container():
        if unknown:
            st.warning("The link asks for something that isn't here. The rest of it is shown.")
            show_text("p", "Not found: " + ", ".join(unknown), "corridor-quiet")
        if len(typed.refusals) > 1:
            st.warning(f"{len(typed.refusals)} of the typed routes can't be read.")
            show_stack(text_html("p", f"{why}.") for why in typed.refusals.values())
        if over := too_many(ROUTE):
            st.warning(f"Of the typed routes the first {MOST} are shown; {over:,} are left out.")


def show_lead(shown: Shown, aircraft: AircraftType | None, unit: Unit) -> None:
    """Say what the reader sees, and how much of it is known.

    The lead is the same on all days: a line more or less of it would move the map.
    """
    story = shown.story
    show_head(text_html("h1", story.title, "corridor-title"))
    lead = f"{story.summary or ''} {say_what_is_known(story, shown.chosen)}"
    rings = shown_rings(aircraft, shown.rows, shown.typed.rings, unit)
    in_words = map_in_words(story, shown.rows, rings, unit)
    if shown.is_day_empty:
        in_words = text_html("p", f"A map with no route. {shown.begun}", "corridor-unseen")
    show_stack((text_html("p", lead, "corridor-lead"), in_words))


def compose(atlas: Atlas, controls: Controls, shown: Shown, theme: Theme) -> Scene:
    """Compose the map; what is drawn of it on a day is fitted as all days are."""
    closure = controls.closed.closure
    scene = draw_rows(atlas, controls, shown, shown.rows, theme)
    if shown.rows != shown.chosen:
        whole = draw_rows(atlas, controls, shown, shown.chosen, theme)
        scene = replace(scene, bounds=bounds_around(scene, whole))
    closed = tuple((code, atlas.names.get(code, code)) for code in closure.closed)
    answer = replace(shown.typed.asked, closed=closed)
    if hint := take_hint():
        answer = replace(answer, refused=hint, refused_path="", guesses=())
    return draw_opened(replace(scene, asked=answer), controls.files)


def draw_rows(
    atlas: Atlas, controls: Controls, shown: Shown, rows: tuple[Row, ...], theme: Theme
) -> Scene:
    """Draw some rows with all that the reader has on the map."""
    closure, unit = controls.closed.closure, controls.choices.unit
    rings = draw_reach(controls.aircraft, rows, unit)
    rings += typed_rings(shown.typed.rings, unit)
    layer, closed = joined_layer(controls.files), closure.shut_claims(atlas.airspace)
    return make_scene(shown.story, rows, atlas.flights, unit, theme, layer, closed, rings)


def bounds_around(scene: Scene, whole: Scene) -> tuple[float, float, float, float]:
    """Give the bounds of a whole scene where a part of it is drawn, by whole turns of the globe."""
    drawn = {line.id: line.points[0][0] for line in whole.lines}
    turn = next((line.points[0][0] - drawn[line.id] for line in scene.lines), 0.0)
    west, south, east, north = whole.bounds
    return west + turn, south, east + turn, north


def show_scene(atlas: Atlas, scene: Scene) -> None:
    """Show the map; where its names can't be read it has no search box, which is said below it."""
    try:
        try:
            show_map(scene, partial(load_index, atlas))
        except DataError as error:
            show_map(scene)
            show_refusal(error, "the map has no search box")
    except DataError as error:
        show_refusal(error, "there is no map")


def show_figures(
    atlas: Atlas, fleet: Fleet, controls: Controls, shown: Shown, at_day: DeltaGenerator
) -> None:
    """Show what the routes come to, and then one side of them more closely."""
    story, rows, unit = shown.story, shown.rows, controls.choices.unit
    closure, theme = controls.closed.closure, reader_theme()
    edges = load_edges(atlas, shown.flights)
    parts = [*figures(atlas, story, rows, edges, shown.ways, closure, unit, theme)]
    if shown.is_day_empty:
        parts[0] = text_html("h2", shown.begun, "corridor-heading")
    parts += tell_opened(controls.files, unit)
    for file in controls.files if rows else ():
        if file.opened.layer and file.overlay:
            parts += passages(story, rows, file.opened.layer, file.overlay, unit)
    show_stack(parts)
    aircraft, closed, begun = controls.aircraft, closure.closed, shown.begun
    look_closer(atlas, story, rows, edges, fleet, aircraft, closed, unit, at_day, begun)


def reader_theme() -> Theme:
    """Tell light from dark as the reader has it."""
    return "dark" if st.context.theme.type == "dark" else "light"
