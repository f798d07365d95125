"""Write what the routes come to: strips, figures and sentences, as HTML."""

from collections.abc import Iterator, Mapping

from geo.closure import Closure
from geo.compare import Row, say_added
from geo.corridor import Way
from geo.corridor_words import say_closed, say_cost, say_reopening, say_turns
from geo.edge import REACH_M, Edges
from geo.edge_words import KNIFE_EDGE_M, say_airspaces, say_edges
from geo.open_ways import OPEN_WAY, OpenWays
from geo.phrases import capital
from geo.render.cards import CERTAINTY_WORDS
from geo.render.palette import Theme
from geo.render.scene import shown_tints
from geo.render.strip import make_strip, strip_html
from geo.schema import Story
from geo.typed import where_to
from geo.units import Unit, format_amount, format_length
from geo.words import is_told, say_how_far_told
from views.loaded import Atlas, load_reopening
from views.markup import list_html, route_table_html, text_html

_EDGES_NOTE = (
    "What a small shift of the line would change, and the airspace that it passes within {reach}. "
    "Dashed in the strips, in brackets in the table: gone if the line shifts by less than {edge}."
)
NO_LAND = "Land and sea aren't told apart: {}."
_OPEN_NOTE = (
    "Each way keeps 50 m off what is closed; it is the shortest there is, found by geometry alone. "
    "Whether anyone flew it, no report says."
)


def figures(
    atlas: Atlas,
    story: Story,
    rows: tuple[Row, ...],
    edges: Mapping[str, Edges],
    ways: OpenWays,
    closure: Closure,
    unit: Unit,
    theme: Theme,
) -> Iterator[str]:
    """Write what the routes come to: the strips, the comparison, the open ways and the edges."""
    flights = [row.flight for row in rows]
    # The claim was made of the story's routes, not of those that a reader types.
    told = any(map(is_told, rows))
    claimed = f"“{capital(story.claim.quote)}”, it was said. " if story.claim and told else ""
    yield text_html("h2", claimed + say_how_far_told(story, rows, unit), "corridor-heading")
    if rows:
        tints = shown_tints(flights, atlas.flights, theme)
        yield strip_html(make_strip(story, rows, tints, edges, unit))
        if atlas.no_land:
            yield text_html("p", NO_LAND.format(atlas.no_land), "corridor-refused")
        yield comparison(story, rows, edges, unit)
    if closure.is_chosen and (rows or ways.refusals):
        yield from open_way_lines(atlas, story, rows, ways, closure, unit)
    if rows:
        yield from edge_lines(story, rows, edges, unit)


def comparison(story: Story, rows: tuple[Row, ...], edges: Mapping[str, Edges], unit: Unit) -> str:
    """Write a table that compares the rows in figures."""
    headings = ["Route", "Way", f"Distance, {unit.symbol}"]
    if story.claim:
        headings.append(f"More than {format_length(story.claim.distance_m, unit)}?")
    headings += ["Over direct", "× direct", "Airspace in order, without the open sea", "Landing"]
    numbers = {2, headings.index("Over direct"), headings.index("× direct")}
    cells = [_cells(story, row, edges[row.flight.plan.id], unit) for row in rows]
    sortable = (0, 1, *sorted(numbers))
    ids = [row.flight.plan.id for row in rows]
    return route_table_html(headings, cells, ids, numbers=numbers, sortable=sortable)


def open_way_lines(
    atlas: Atlas,
    story: Story,
    rows: tuple[Row, ...],
    ways: OpenWays,
    closure: Closure,
    unit: Unit,
) -> Iterator[str]:
    """Tell of each shortest open way what it costs, what it leans on, and what would help."""
    yield text_html("h2", "The shortest open ways", "corridor-heading")
    note = f"{say_closed(atlas.airspace, closure)} {_OPEN_NOTE if ways.ways else ''}"
    yield text_html("p", note, "corridor-quiet")
    lines = [f"{capital(refusal)}." for refusal in dict.fromkeys(ways.refusals)]
    for row in rows:
        way = ways.ways.get(row.flight.plan.id)
        if way:
            said = [say_cost(way, unit), *_help(atlas, way, closure, unit)]
            lines.append(f"{where_to(story, row.flight.plan)}: {' '.join(said)}")
    yield list_html(lines or ["Choose “Shortest open way” to see them."])


def _help(atlas: Atlas, way: Way, closure: Closure, unit: Unit) -> list[str]:
    """Say where a way turns, and which state opened again would shorten it most."""
    if not way.turns:
        return []
    best = load_reopening(atlas, closure, way)
    return [*say_turns(way.turns), say_reopening(atlas.airspace, closure, way, best, unit)]


def edge_lines(
    story: Story, rows: tuple[Row, ...], edges: Mapping[str, Edges], unit: Unit
) -> Iterator[str]:
    """Tell of each route what it only just crosses, and what it passes nearby."""
    lines = []
    for row in rows:
        plan = row.flight.plan
        if plan.way == OPEN_WAY:
            continue
        said = say_edges(row.flight.crossings, edges[plan.id], unit)
        if said:
            to = f"{where_to(story, plan)} ({story.ways[plan.way].name})"
            lines.append(f"{to} {'; '.join(said)}.")
    yield text_html("h2", "At the edge", "corridor-heading")
    reach, edge = (format_length(at_m, unit) for at_m in (REACH_M, KNIFE_EDGE_M))
    yield text_html("p", _EDGES_NOTE.format(reach=reach, edge=edge), "corridor-quiet")
    yield list_html(lines or ["None of the routes shown is that near to another border."])


def _cells(story: Story, row: Row, edges: Edges, unit: Unit) -> list[str]:
    plan = row.flight.plan
    cells = [
        where_to(story, plan),
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
        say_added(row, unit) or "–",
        ratio,
        say_airspaces(row.flight.crossings, edges),
        CERTAINTY_WORDS[plan.certainty],
    ]
