"""Draw each route as a strip, to scale along its length, of the airspaces that it is in."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from geo.compare import Row
from geo.model import Crossing
from geo.render.palette import Claims, Theme
from geo.schema import Story
from geo.units import Unit, format_length, in_unit

_INK = {"light": "#22303a", "dark": "#e8edf0"}
_PAPER = {"light": "#ffffff", "dark": "#14181c"}
_ROW_PX = 30
_WIDTH_PX = 780
_LETTER_PX = 6.2


def make_strip(
    story: Story,
    rows: Sequence[Row],
    tints: Mapping[Claims, str],
    unit: Unit,
    theme: Theme,
) -> alt.LayerChart:
    """Chart the rows one beneath the other, with a line at the claimed distance if there is one."""
    longest = max((row.length_m for row in rows), default=0.0)
    claimed_m = story.claim.distance_m if story.claim else 0.0
    span_m = max(longest, claimed_m) * 1.06
    segments = [
        _segment(story, row, crossing, tints, unit, span_m)
        for row in rows
        for crossing in row.flight.crossings
    ]
    order = [row_label(story, row) for row in rows]
    base = alt.Chart(alt.Data(values=segments)).encode(
        y=alt.Y(
            "route:N",
            sort=order,
            axis=alt.Axis(title=None, labelLimit=260, domain=False, ticks=False, labelPadding=8),
        )
    )
    scale = alt.Scale(domain=[0, in_unit(span_m, unit)], nice=False)
    axis = alt.Axis(title=unit.name, grid=False, format=",.0f", tickCount=8)
    bars = base.mark_bar(height=18, stroke=_PAPER[theme], strokeWidth=1).encode(
        x=alt.X("start:Q", scale=scale, axis=axis),
        x2="end:Q",
        color=alt.Color("tint:N", scale=None),
        tooltip=[
            alt.Tooltip("route:N", title="Route"),
            alt.Tooltip("name:N", title="Airspace"),
            alt.Tooltip("length:N", title="Length"),
            alt.Tooltip("from:N", title="From"),
            alt.Tooltip("to:N", title="To"),
        ],
    )
    names = base.mark_text(fontSize=11, color=_INK[theme]).encode(
        x=alt.X("middle:Q", scale=scale), text="label:N"
    )
    layers = [bars, names]
    if story.claim:
        layers += _claim_layers(story.claim.distance_m, unit, theme, scale)
    return (
        alt.layer(*layers)
        .properties(height=_ROW_PX * max(1, len(rows)), width="container")
        .configure_view(stroke=None)
        .configure(background="transparent")
    )


def row_label(story: Story, row: Row) -> str:
    """Name a row by its destination and its way."""
    plan = row.flight.plan
    return f"{story.places[plan.destination].name} · {story.ways[plan.way].name}"


def _segment(
    story: Story,
    row: Row,
    crossing: Crossing,
    tints: Mapping[Claims, str],
    unit: Unit,
    span_m: float,
) -> dict[str, Any]:
    start, end = in_unit(crossing.start_m, unit), in_unit(crossing.end_m, unit)
    return {
        "route": row_label(story, row),
        "name": crossing.name,
        "start": start,
        "end": end,
        "middle": (start + end) / 2,
        "tint": tints[crossing.claims],
        "label": _fitting(crossing, crossing.length_m / span_m * _WIDTH_PX),
        "length": format_length(crossing.length_m, unit),
        "from": format_length(crossing.start_m, unit),
        "to": format_length(crossing.end_m, unit),
    }


def _fitting(crossing: Crossing, width_px: float) -> str:
    """Choose the longest name that fits a segment: the full one, the codes, or none."""
    full = "sea" if not crossing.claims else crossing.name
    for text in (full, "/".join(crossing.claims)):
        if text and len(text) * _LETTER_PX + 6 < width_px:
            return text
    return ""


def _claim_layers(distance_m: float, unit: Unit, theme: Theme, scale: alt.Scale) -> list[alt.Chart]:
    claim = alt.Data(
        values=[{"at": in_unit(distance_m, unit), "text": format_length(distance_m, unit)}]
    )
    x = alt.X("at:Q", scale=scale)
    rule = alt.Chart(claim).mark_rule(color=_INK[theme], strokeWidth=1.5).encode(x=x)
    text = (
        alt.Chart(claim)
        .mark_text(align="right", baseline="bottom", dx=-5, fontWeight="bold", color=_INK[theme])
        .encode(x=x, y=alt.value(-4), text="text:N")
    )
    return [rule, text]
