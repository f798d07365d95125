"""Choose the rows that a table has room for, and write what stands in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias

from geo.compare import Row
from geo.render.picture.briefing import Briefing
from geo.render.picture.fonts import plain
from geo.render.strip import StripRow
from geo.typed import OPENED_WAY
from geo.units import format_amount
from geo.words import is_told

TableLine: TypeAlias = tuple[Row, StripRow]


@dataclass(frozen=True, slots=True)
class Listing:
    """The rows that the table has room for, and what is said of those that are left out."""

    lines: tuple[TableLine, ...]
    note: str = ""


def listings(briefing: Briefing, most: int, *, whole: bool) -> Iterator[Listing]:
    """List all rows, or the longest to each place, or as many of these as there is room for.

    `most` is how many rows there could be room for at the best.
    """
    lines = tuple(zip(briefing.rows, briefing.strip.rows, strict=True))
    if whole or len(lines) <= most:
        yield Listing(lines)
    if whole:
        return
    longest = [max(group, key=_length_m) for group in grouped(lines)]
    if len(longest) < len(lines) and len(longest) <= most:
        yield Listing(
            tuple(longest), f"{len(longest)} of {len(lines)} routes: the longest to each place."
        )
    ranked = sorted(range(len(longest)), key=lambda number: -_length_m(longest[number]))
    single = "" if len(longest) == len(lines) else ", one to each place"
    for count in range(max(1, min(len(longest) - 1, most)), 0, -1):
        kept = tuple(longest[number] for number in sorted(ranked[:count]))
        note = f"The {count} longest of {len(lines)} routes{single}."
        yield Listing(kept, note if len(lines) > 1 else "")


def _length_m(line: TableLine) -> float:
    return line[0].length_m


def grouped(lines: Sequence[TableLine]) -> list[list[TableLine]]:
    """Put together rows that follow each other between the same two places."""
    return [
        list(group)
        for _, group in groupby(
            lines, key=lambda line: (line[0].flight.plan.places[0], line[0].flight.plan.destination)
        )
    ]


def headings(briefing: Briefing) -> tuple[str, ...]:
    """Name the columns of figures."""
    heads = [f"Distance, {briefing.unit.symbol}", "× direct"]
    if briefing.strip.claim:
        heads.append(f"Beyond {briefing.strip.claim[1]}")
    return tuple(heads)


def figures(briefing: Briefing, row: Row) -> tuple[str, ...]:
    """Write the figures of a row, one for each column."""
    found = [format_amount(row.length_m, briefing.unit)]
    found.append("–" if row.ratio is None else f"{row.ratio:.2f}")
    if briefing.strip.claim:
        beyond = row.beyond_claim_m or 0.0
        sign = "+" if beyond > 0 else "−"
        # The claim was made of the story's routes alone.
        told = f"{sign}{format_amount(abs(beyond), briefing.unit)}" if is_told(row) else "–"
        found.append(told)
    return tuple(found)


def label(briefing: Briefing, line: TableLine) -> str:
    """Name where a route leads, and where it begins if the routes begin at several places.

    A route of a file is named as that names it.
    """
    if line[0].flight.plan.way == OPENED_WAY:
        return plain(line[0].flight.plan.name)
    plans = [row.flight.plan for row in briefing.rows]
    starts = {plan.places[0] for plan in plans if plan.way != OPENED_WAY}
    start = line[0].flight.route.places[0].name
    return plain(line[1].to if len(starts) == 1 else f"{start} to {line[1].to}")
