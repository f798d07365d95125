"""Draw each route as a strip, to scale along its length, of the airspaces that it is in.

The chart's shape is made by Altair once for a unit and a theme; a rerun only fills in its data.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, cast

import altair as alt

from geo.compare import Row
from geo.model import Crossing
from geo.render.palette import Claims, Theme
from geo.schema import Story
from geo.units import Unit, format_length, in_unit

_INK = {"light": "#22303a", "dark": "#e8edf0"}
_PAPER = {"light": "#ffffff", "dark": "#14181c"}
_WIDTH_PX = 860
_LETTER_PX = 6.2
_FONT = "Source Sans, system-ui, sans-serif"


def strip_spec(
    story: Story,
    rows: Sequence[Row],
    tints: Mapping[Claims, str],
    unit: Unit,
    theme: Theme,
) -> dict[str, Any]:
    """Chart the rows one beneath the other, with a line at the claimed distance if there is one.

    Returns a Vega-Lite specification with its data; `tints` has a colour for each airspace crossed.
    """
    claimed_m = story.claim.distance_m if story.claim else 0.0
    span_m = 1.02 * max([claimed_m, *(row.length_m for row in rows)])
    segments = [
        _segment(story, row, crossing, tints, unit, span_m)
        for row in rows
        for crossing in row.flight.crossings
    ]
    claim = {"at": in_unit(claimed_m, unit), "text": format_length(claimed_m, unit)}
    data = {
        "segments": segments,
        "claim": [claim] if story.claim else [],
        "span": [{"at": in_unit(span_m, unit)}],
    }
    return {**_template(unit, theme), "datasets": data}


@cache
def _template(unit: Unit, theme: Theme) -> dict[str, Any]:
    layers = [*_segment_layers(unit, theme), *_claim_layers(theme)]
    chart = (
        alt.layer(*layers)
        .properties(height=alt.Step(26), width="container")
        .configure_view(stroke=None)
        .configure(background="transparent", font=_FONT)
        .configure_axis(
            labelColor=_INK[theme],
            titleColor=_INK[theme],
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
        )
    )
    return cast("dict[str, Any]", chart.to_dict())


def _segment_layers(unit: Unit, theme: Theme) -> list[alt.Chart]:
    rows = alt.Axis(title=None, labelLimit=270, domain=False, ticks=False, labelPadding=8)
    along = alt.Axis(title=unit.name, grid=False, format=",.0f", tickCount=8)
    scale = alt.Scale(nice=False, zero=True)
    base = alt.Chart(alt.NamedData("segments")).encode(y=alt.Y("route:N", sort=None, axis=rows))
    tooltips = ("route", "airspace", "length", "from", "to")
    bars = base.mark_bar(height=18, stroke=_PAPER[theme], strokeWidth=1).encode(
        x=alt.X("start:Q", scale=scale, axis=along),
        x2="end:Q",
        color=alt.Color("tint:N", scale=None),
        tooltip=[alt.Tooltip(f"{name}:N", title=name.capitalize()) for name in tooltips],
    )
    names = base.mark_text(fontSize=11, color=_INK[theme]).encode(x="middle:Q", text="label:N")
    room = alt.Chart(alt.NamedData("span")).mark_point(opacity=0).encode(x="at:Q")
    return [bars, names, room]


def _claim_layers(theme: Theme) -> list[alt.Chart]:
    claim = alt.Chart(alt.NamedData("claim")).encode(x="at:Q")
    rule = claim.mark_rule(color=_INK[theme], strokeWidth=1.5)
    text = claim.mark_text(
        align="right", baseline="bottom", dx=-5, fontWeight="bold", color=_INK[theme]
    ).encode(y=alt.value(-3), text="text:N")
    return [rule, text]


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
        "airspace": crossing.name,
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
    full = crossing.name if crossing.claims else "sea"
    for text in (full, "/".join(crossing.claims)):
        if text and len(text) * _LETTER_PX + 6 < width_px:
            return text
    return ""
