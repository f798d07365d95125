"""Tell the shown routes in plain sentences, and their airspaces in one table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from geo.account import Account, account_of, account_of_route, say_map
from geo.compare import Row
from geo.edge import Edges
from geo.matrix import make_matrix
from geo.phrases import capital
from geo.ranges import RangeRing
from geo.schema import Story
from geo.typed import where_to
from geo.units import Unit, format_amount
from views.markup import table_html, text_html

WORDS_TAB = "In words"
_NOTE = (
    "Each route, in order and in plain sentences: what the map shows, for those who can't see it."
)
_MATRIX_NOTE = (
    "How many {unit} of each route lie in each airspace; the airspace that holds most of all the "
    "routes together comes first."
)
_NOTHING = "No route is shown."


def map_in_words(story: Story, rows: Sequence[Row], rings: Sequence[RangeRing], unit: Unit) -> str:
    """Write what the map shows as a text that is read out, and not seen."""
    below = f" Below, under “{WORDS_TAB}”, each route is told." if rows else ""
    return text_html("p", say_map(story, rows, unit, rings) + below, "corridor-unseen")


def accounts(
    story: Story, rows: Sequence[Row], edges: Mapping[str, Edges], unit: Unit
) -> Iterator[str]:
    """Tell each route."""
    yield text_html("p", _NOTE if rows else _NOTHING, "corridor-quiet")
    for row in rows:
        account = _account(story, row, edges[row.flight.plan.id], unit)
        yield text_html("h3", account.heading, "corridor-route")
        yield text_html("p", " ".join(account.sentences), "corridor-told")
        if account.sources:
            yield text_html(
                "p", f"Sources: {'; '.join(account.sources).removesuffix('.')}.", "corridor-quiet"
            )


def matrix(story: Story, rows: Sequence[Row], unit: Unit) -> Iterator[str]:
    """Set all routes against all airspaces."""
    if not rows:
        yield text_html("p", _NOTHING, "corridor-quiet")
        return
    yield text_html("p", _MATRIX_NOTE.format(unit=unit.name), "corridor-quiet")
    found = make_matrix([(row.flight.plan.name, row.flight.crossings) for row in rows])
    cells = [
        [*ends(story, row), *map(_cell, metres, [unit] * len(metres)), _cell(row.length_m, unit)]
        for row, metres in zip(rows, found.metres.tolist(), strict=True)
    ]
    headings = ("Route", "Way", *map(capital, found.airspaces), f"All, {unit.symbol}")
    yield table_html(headings, cells, numbers=range(2, len(headings)))


def ends(story: Story, row: Row) -> tuple[str, str]:
    """Name a route in a table: where it leads or what it is called, and by which way."""
    plan = row.flight.plan
    return where_to(story, plan), story.ways[plan.way].name


def route_name(story: Story, row: Row) -> str:
    """Name a route by its two ends and its way, and one of the reader's by its name too."""
    places = row.flight.route.places
    plan = row.flight.plan
    name = f"{plan.name}: " if plan.id.startswith(("typed:", "opened:")) else ""
    return f"{name}{places[0].name} to {places[-1].name}, {story.ways[plan.way].name}"


def _account(story: Story, row: Row, edges: Edges, unit: Unit) -> Account:
    if row.flight.plan.certainty != "geometric":
        return account_of(story, row, edges, unit)
    flight = row.flight
    account = account_of_route(flight.route, flight.crossings, edges, unit)
    return replace(account, heading=route_name(story, row))


def _cell(metres: float, unit: Unit) -> str:
    return format_amount(metres, unit) if metres else "–"
