"""Explore the story's routes on the map, as strips and in a table."""

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from geo.compare import Row, compare
from geo.edge import REACH_M, Edges
from geo.edge_words import KNIFE_EDGE_M, say_airspaces, say_edges
from geo.errors import DataError, GeoError
from geo.render.cards import CERTAINTY_WORDS
from geo.render.palette import Theme
from geo.render.scene import CREDIT, empty_scene, make_scene, shown_tints
from geo.render.strip import make_strip, strip_html
from geo.schema import Story
from geo.units import Unit, format_amount, format_length
from geo.words import capital, say_how_far, say_what_is_known
from views.choices import choose, chosen
from views.layer import choose_layer, show_passages
from views.loaded import load_atlas, load_edges
from views.mapview import show_map
from views.markup import show_list, show_refusal, show_table, show_text

_EDGES_NOTE = (
    "What a small shift of the line would change, and the airspace that it passes within {reach}. "
    "Dashed in the strips, in brackets in the table: gone if the line shifts by less than {edge}."
)


def main() -> None:
    """Choose, compute, show."""
    st.html(Path(__file__).with_name("page.css"))
    try:
        atlas = load_atlas()
    except GeoError as error:
        show_refusal(error)
        if not isinstance(error, DataError):
            show_map(empty_scene(reader_theme()))
        return
    story, theme = atlas.story, reader_theme()
    with st.sidebar:
        choices = choose(story)
        opened = choose_layer()
    flights = chosen(atlas.flights, choices)
    rows = compare(flights, story.claim.distance_m if story.claim else None)
    # Always there, so that a notice that comes or goes doesn't move the map, which would be lost.
    with st.container():
        if choices.unknown:
            st.warning("The link asks for something that isn't here. The rest of it is shown.")
            show_text("p", "Not found: " + ", ".join(choices.unknown), "corridor-quiet")
    show_text("h1", story.title, "corridor-title")
    show_text("p", f"{story.summary or ''} {say_what_is_known(story, rows)}", "corridor-lead")
    layer = opened.layer if opened else None
    show_map(make_scene(story, rows, atlas.flights, choices.unit, theme, layer))
    claimed = f"“{capital(story.claim.quote)}”, it was said. " if story.claim else ""
    show_text("h2", claimed + say_how_far(story, rows, choices.unit), "corridor-heading")
    if rows:
        tints = shown_tints(flights, atlas.flights, theme)
        edges = load_edges(atlas, flights)
        st.html(strip_html(make_strip(story, rows, tints, edges, choices.unit)))
        show_comparison(story, rows, edges, choices.unit)
        show_edges(story, rows, edges, choices.unit)
        if opened:
            show_passages(story, rows, opened, choices.unit)
    show_text("p", CREDIT, "corridor-quiet")


def reader_theme() -> Theme:
    """Tell light from dark as the reader has it."""
    return "dark" if st.context.theme.type == "dark" else "light"


def show_comparison(
    story: Story, rows: tuple[Row, ...], edges: Mapping[str, Edges], unit: Unit
) -> None:
    """Compare the rows in figures."""
    headings = ["To", "Way", f"Distance, {unit.symbol}"]
    if story.claim:
        headings.append(f"More than {format_length(story.claim.distance_m, unit)}?")
    headings += ["× direct", "Airspace in order, without the open sea", "Landing"]
    numbers = {2, headings.index("× direct")}
    show_table(
        headings,
        [_cells(story, row, edges[row.flight.plan.id], unit) for row in rows],
        numbers=numbers,
    )


def show_edges(story: Story, rows: tuple[Row, ...], edges: Mapping[str, Edges], unit: Unit) -> None:
    """Tell of each route what it only just crosses, and what it passes nearby."""
    lines = []
    for row in rows:
        plan = row.flight.plan
        said = say_edges(row.flight.crossings, edges[plan.id], unit)
        if said:
            to = f"{story.places[plan.destination].name} ({story.ways[plan.way].name})"
            lines.append(f"{to} {'; '.join(said)}.")
    show_text("h2", "At the edge", "corridor-heading")
    reach, edge = (format_length(at_m, unit) for at_m in (REACH_M, KNIFE_EDGE_M))
    show_text("p", _EDGES_NOTE.format(reach=reach, edge=edge), "corridor-quiet")
    show_list(lines or ["None of the routes shown is that near to another border."])


def _cells(story: Story, row: Row, edges: Edges, unit: Unit) -> list[str]:
    plan = row.flight.plan
    cells = [
        story.places[plan.destination].name,
        story.ways[plan.way].name,
        format_amount(row.length_m, unit),
    ]
    if row.beyond_claim_m is not None:
        difference = format_length(abs(row.beyond_claim_m), unit)
        longer = row.beyond_claim_m > 0
        cells.append(f"Yes, by {difference}" if longer else f"No, {difference} short")
    ratio = "–" if row.ratio is None else f"{row.ratio:.2f}"
    return [
        *cells,
        ratio,
        say_airspaces(row.flight.crossings, edges),
        CERTAINTY_WORDS[plan.certainty],
    ]


main()
