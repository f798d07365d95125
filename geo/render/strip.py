"""Draw each route as a strip, to scale along its length, of the airspaces that it is in.

The strips are plain HTML that any width can hold: shares of the longest length, no script, no font
of their own. A charting library would add a megabyte of script to the first opening of the page.
"""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geo.airspace import INTERNATIONAL
from geo.compare import Row, say_added
from geo.edge import Edges
from geo.edge_words import is_knife_edge, say_margin
from geo.model import Crossing
from geo.render.palette import Claims
from geo.schema import Story
from geo.typed import where_to
from geo.units import Unit, format_amount, format_length, in_unit

# The width of the bars on a common screen and of a letter there; CSS shows codes on narrower ones.
_WIDTH_PX = 780
_LETTER_PX = 6.4
_LEAST_M = 100.0


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch in one airspace; `start` and `end` are shares of the strip's span, 0 to 1."""

    start: float
    end: float
    tint: str
    label: str
    code: str
    title: str
    disputed: bool
    knife_edge: bool


@dataclass(frozen=True, slots=True)
class StripRow:
    """One route; `direct` is the share of the span that its direct line would have."""

    id: str
    to: str
    way: str
    length: str
    segments: tuple[Segment, ...]
    direct: float
    added: str = ""


@dataclass(frozen=True, slots=True)
class Strip:
    """All routes over one scale; `ticks` and `claim` are shares of the span with their words."""

    rows: tuple[StripRow, ...]
    ticks: tuple[tuple[float, str], ...]
    claim: tuple[float, str] | None


def make_strip(
    story: Story,
    rows: Sequence[Row],
    tints: Mapping[Claims, str],
    edges: Mapping[str, Edges],
    unit: Unit,
) -> Strip:
    """Lay the rows out.

    `tints` has a colour for each airspace crossed, and `edges` those of each route by its id.
    """
    claimed_m = story.claim.distance_m if story.claim else 0.0
    span_m = max([claimed_m, 1.0, *(row.length_m for row in rows)])
    return Strip(
        tuple(_row(story, row, tints, edges[row.flight.plan.id], unit, span_m) for row in rows),
        _ticks(span_m, unit),
        (claimed_m / span_m, format_length(claimed_m, unit)) if story.claim else None,
    )


def strip_html(strip: Strip) -> str:
    """Write the strip as HTML, styled by the classes `strip…`; every text is escaped."""
    marks = "".join(
        f'<i class="strip-tick" style="left:{share:.3%}"><span>{html.escape(text)}</span></i>'
        for share, text in strip.ticks
    )
    claim = ""
    if strip.claim:
        share, text = strip.claim
        claim = (
            f'<b class="strip-claim" style="left:{share:.3%}"><span>{html.escape(text)}</span></b>'
        )
    rows = "".join(_row_html(row) for row in strip.rows)
    return (
        f'<div class="strip">{rows}<div class="strip-axis">{marks}</div>'
        f'<div class="strip-over">{claim}</div></div>'
    )


def _row(
    story: Story,
    row: Row,
    tints: Mapping[Claims, str],
    edges: Edges,
    unit: Unit,
    span_m: float,
) -> StripRow:
    plan = row.flight.plan
    return StripRow(
        plan.id,
        where_to(story, plan),
        story.ways[plan.way].name,
        format_length(row.length_m, unit),
        tuple(
            _segment(crossing, margin_m, tints[crossing.claims], unit, span_m)
            for crossing, margin_m in zip(row.flight.crossings, edges.margins_m, strict=True)
        ),
        row.direct_m / span_m,
        say_added(row, unit),
    )


def _segment(
    crossing: Crossing, margin_m: float | None, tint: str, unit: Unit, span_m: float
) -> Segment:
    share = crossing.length_m / span_m
    name = "sea" if crossing.name == INTERNATIONAL.name else crossing.name
    code = "/".join(crossing.claims)
    fits = {text: len(text) * _LETTER_PX + 6 < share * _WIDTH_PX for text in (name, code)}
    start, end = (format_amount(at, unit) for at in (crossing.start_m, crossing.end_m))
    return Segment(
        crossing.start_m / span_m,
        crossing.end_m / span_m,
        tint,
        name if fits[name] else code if fits[code] else "",
        code if fits[code] else "",
        f"{crossing.name}: {format_length(crossing.length_m, unit)}, "
        f"from {start} to {end} {unit.symbol}{_over_land(crossing, unit)}"
        f"{say_margin(margin_m, unit)}",
        crossing.kind == "disputed",
        is_knife_edge(margin_m),
    )


def _over_land(crossing: Crossing, unit: Unit) -> str:
    """Tell land from sea where a crossing has both."""
    if crossing.land_m is None or not crossing.claims:
        return ""
    sea_m = crossing.length_m - crossing.land_m
    if sea_m < _LEAST_M:
        return "; all over land"
    if crossing.land_m < _LEAST_M:
        return "; all over sea"
    land, sea = (format_length(part_m, unit) for part_m in (crossing.land_m, sea_m))
    return f"; {land} over land, {sea} over sea"


def _row_html(row: StripRow) -> str:
    segments = "".join(_segment_html(segment) for segment in row.segments)
    end = row.segments[-1].end
    added, length = "", html.escape(row.length)
    if row.added:
        length += f"<span> ({html.escape(row.added)})</span>"
        added = (
            f'<i class="strip-added" title="{html.escape(row.added)} on the direct line" '
            f'style="left:{row.direct:.3%};width:{end - row.direct:.3%}"></i>'
        )
    return (
        f'<div class="strip-row" data-route="{html.escape(row.id)}">'
        f'<div class="strip-name">{html.escape(row.to)}'
        f"<small>{html.escape(row.way)}</small></div>"
        f'<div class="strip-bar">{segments}{added}'
        f'<em style="left:{end:.3%}">{length}</em></div></div>'
    )


def _segment_html(segment: Segment) -> str:
    kind = "strip-part"
    kind += " disputed" if segment.disputed else ""
    kind += " knife-edge" if segment.knife_edge else ""
    width = segment.end - segment.start
    return (
        f'<span class="{kind}" title="{html.escape(segment.title)}" '
        f'style="left:{segment.start:.4%};width:{width:.4%};background-color:{segment.tint}">'
        f'<span class="wide">{html.escape(segment.label)}</span>'
        f'<span class="narrow">{html.escape(segment.code)}</span></span>'
    )


def _ticks(span_m: float, unit: Unit) -> tuple[tuple[float, str], ...]:
    """Choose round marks of the scale, six or so, from zero on; the first one names the unit."""
    span = in_unit(span_m, unit)
    step = next(
        digit * 10.0**power
        for power in range(-3, 9)
        for digit in (1, 2, 5)
        if span / (digit * 10.0**power) <= 8
    )
    amounts = [step * number for number in range(int(span / step) + 1)]
    return tuple(
        (amount / span, f"{amount:,.10g}" if amount else f"0 {unit.symbol}") for amount in amounts
    )
