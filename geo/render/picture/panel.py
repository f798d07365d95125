"""Set what stands beside the map: findings, reports, the strips with their table, the legend."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from geo.compare import Row
from geo.render.picture.briefing import Briefing, numbers_words
from geo.render.picture.chart import strokes
from geo.render.picture.drawing import Group, Item, Shape, Text
from geo.render.picture.fonts import fitted, plain, text_width, wrapped
from geo.render.picture.look import Look, Pen, PictureTheme, tint
from geo.render.picture.symbols import draw_symbol
from geo.render.scene import STYLES, LegendItem
from geo.render.strip import Segment, StripRow
from geo.units import format_amount

_LINE = 1.24


@dataclass(frozen=True, slots=True)
class Style:
    """What all parts of a picture are drawn with; `unit` scales type and lines."""

    look: Look
    theme: PictureTheme
    pens: Mapping[str, Pen]
    unit: float


@dataclass(frozen=True, slots=True)
class Block:
    """Items set below each other, and where they end."""

    items: tuple[Item, ...]
    bottom: float


def paragraph(
    text: str, left: float, top: float, width: float, size: float, colour: str, weight: int = 400,
    id: str = "",
) -> Block:  # fmt: skip
    """Set a text in lines of a width."""
    lines = wrapped(plain(text), size, width, weight)
    items = tuple(
        Text(line, left, top + size * (0.95 + _LINE * number), size, colour, weight, id=id)
        for number, line in enumerate(lines)
    )
    return Block(items, top + size * _LINE * len(lines))


def events_block(briefing: Briefing, left: float, top: float, width: float, style: Style) -> Block:
    """List what was reported, day by day."""
    unit, look = style.unit, style.look
    items: list[Item] = []
    for name, events in groupby(briefing.events, key=lambda event: event.day):
        items.append(Text(name, left, top + 20 * unit, 21 * unit, look.ink, 600, id="event"))
        top += 27 * unit
        for event in events:
            block = paragraph(event.text, left, top, width, 19 * unit, look.ink, id="event")
            items += block.items
            top = block.bottom + 4 * unit
        top += 8 * unit
    return Block((Group("events", tuple(items), "What was reported, day by day"),), top)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the parts of a strip's line stand, from the left to the right."""

    name: float
    key: float
    bar: float
    bar_end: float
    figures: tuple[float, ...]


def strips_block(briefing: Briefing, left: float, top: float, width: float, style: Style) -> Block:
    """Draw the routes as strips of the airspaces they cross, with their figures beside them."""
    unit, look = style.unit, style.look
    lines = list(zip(briefing.rows, briefing.strip.rows, strict=True))
    table = [_figures(briefing, row, strip) for row, strip in lines]
    heads = _headings(briefing)
    wide = width > 1000 * unit
    columns = _columns(briefing, heads, table, left, width, style, wide=wide)
    size = 15 * unit
    items: list[Item] = [
        Text(head, at, top + size, size, look.quiet, 600, "end", id="head")
        for head, at in zip(heads, columns.figures, strict=True)
    ]
    title = f"Airspace crossed, by {briefing.unit.name}"
    items.append(Text(title, left, top + size, size, look.quiet, 600, id="head"))
    top += 26 * unit
    pitch, first = 30 * unit, top
    for _, group in groupby(
        zip(lines, table, strict=True), key=lambda each: each[0][0].flight.plan.destination
    ):
        grouped = list(group)
        row, strip = grouped[0][0]
        items += _name(briefing, row, strip, columns, top, style, wide=wide)
        top += 0 if wide else 28 * unit
        for (row, strip), figures in grouped:
            items += _bar(briefing, row, strip, columns, top, style)
            items += [
                Text(text, at, top + 18 * unit, 19 * unit, look.ink, 600 if not n else 400, "end",
                     id="figure")
                for n, (text, at) in enumerate(zip(figures, columns.figures, strict=True))
            ]  # fmt: skip
            top += pitch
        top += (6 if wide else 9) * unit
    axis = _axis(briefing, columns, first, top, style)
    return Block((Group("strips", (*items, *axis), _strips_alt(briefing)),), top + 44 * unit)


def _columns(
    briefing: Briefing,
    heads: Sequence[str],
    table: Sequence[Sequence[str]],
    left: float,
    width: float,
    style: Style,
    *,
    wide: bool,
) -> _Columns:
    unit = style.unit
    ends, right = [], left + width
    for number in reversed(range(len(heads))):
        texts = [row[number] for row in table]
        wanted = [text_width(text, 19 * unit, 600) for text in texts]
        ends.append(right)
        right -= max([text_width(heads[number], 15 * unit, 600), *wanted]) + 16 * unit
    names = [strip.to for strip in briefing.strip.rows]
    name = 0.0
    if wide:
        name = max((text_width(plain(n), 21 * unit, 600) for n in names), default=0) + 90 * unit
        name = min(name, 330 * unit)
    key = left + name
    return _Columns(left, key, key + 46 * unit, right - 6 * unit, tuple(reversed(ends)))


def _headings(briefing: Briefing) -> tuple[str, ...]:
    heads = [f"Distance, {briefing.unit.symbol}", "× direct"]
    if briefing.strip.claim:
        heads.append(f"Beyond {briefing.strip.claim[1]}")
    return tuple(heads)


def _figures(briefing: Briefing, row: Row, strip: StripRow) -> tuple[str, ...]:
    figures = [format_amount(row.length_m, briefing.unit)]
    figures.append("–" if row.ratio is None else f"{row.ratio:.2f}")
    if briefing.strip.claim:
        beyond = row.beyond_claim_m or 0.0
        sign = "+" if beyond > 0 else "−"
        figures.append(f"{sign}{format_amount(abs(beyond), briefing.unit)}")
    return tuple(figures)


def _name(
    briefing: Briefing,
    row: Row,
    strip: StripRow,
    columns: _Columns,
    top: float,
    style: Style,
    *,
    wide: bool,
) -> list[Item]:
    unit, look = style.unit, style.look
    room = (columns.key - columns.name if wide else columns.bar_end - columns.name) - 12 * unit
    cited = fitted(numbers_words(briefing.cited(row)), 13 * unit, room * 0.45)
    left_for = room - text_width(cited, 13 * unit) - 8 * unit
    name = fitted(plain(strip.to), 21 * unit, left_for, 600)
    at = top + 19 * unit
    after = columns.name + text_width(name, 21 * unit, 600) + 6 * unit
    return [
        Text(name, columns.name, at, 21 * unit, look.ink, 600, id="strip-name"),
        Text(cited, after, at - 6 * unit, 13 * unit, look.quiet, id="cited"),
    ]


def _bar(
    briefing: Briefing, row: Row, strip: StripRow, columns: _Columns, top: float, style: Style
) -> list[Item]:
    unit, height = style.unit, 24 * style.unit
    plan = row.flight.plan
    line = next((line for line in briefing.scene.lines if line.id == plan.id), None)
    items: list[Item] = []
    if line:
        middle = top + height / 2
        sample = (((columns.key, middle), (columns.key + 38 * unit, middle)),)
        pen = style.pens[line.colour]
        # Narrow enough for the dashes of a short sample to be seen.
        pen = replace(pen, width=min(pen.width, 4.2 if pen.core else 2.8))
        items += strokes(sample, pen, STYLES[plan.certainty], unit)
    for segment in strip.segments:
        items += _segment(briefing, segment, columns, top, height, style)
    return items


def _segment(
    briefing: Briefing, segment: Segment, columns: _Columns, top: float, height: float, style: Style
) -> list[Item]:
    unit, look = style.unit, style.look
    span = columns.bar_end - columns.bar
    left, right = (columns.bar + span * share for share in (segment.start, segment.end))
    ring = ((left, top), (right, top), (right, top + height), (left, top + height))
    colours = {colour: n for n, colour in enumerate(briefing.scene.tints.values())}
    fill = tint(segment.tint, style.theme, colours.get(segment.tint, 0))
    loose = segment.disputed or segment.knife_edge
    dash = (3 * unit, 3 * unit) if loose and right - left > 5 * unit else ()
    edge = look.quiet if dash else look.rule
    shape = Shape((ring,), True, fill, edge, unit, dash, id="segment", alt=plain(segment.title))
    name = plain(segment.title.split(":")[0])
    name = "sea" if segment.label == "sea" or (not segment.code and len(name) > 12) else name
    for text, size in ((name, 15 * unit), (segment.label, 15 * unit), (segment.code, 14 * unit)):
        if text and text_width(text, size) + 4 * unit < right - left:
            label = Text(
                text, (left + right) / 2, top + height * 0.5 + 5 * unit, size, look.ink, 400,
                "middle", id="segment",
            )  # fmt: skip
            return [shape, label]
    return [shape]


def _axis(
    briefing: Briefing, columns: _Columns, first: float, bottom: float, style: Style
) -> list[Item]:
    unit, look = style.unit, style.look
    span = columns.bar_end - columns.bar
    claim = briefing.strip.claim
    items: list[Item] = []
    end = columns.bar
    claimed = columns.bar + span * claim[0] if claim else math.inf
    for share, words in briefing.strip.ticks:
        at, width = columns.bar + span * share, text_width(words, 15 * unit)
        mark = ((at, bottom - 3 * unit), (at, bottom + 5 * unit))
        items.append(Shape((mark,), stroke=look.quiet, width=unit))
        free = at - width / 2 > end + 8 * unit and abs(at - claimed) > width / 2 + 6 * unit
        if share == 0 or free:
            start = at if share == 0 else at - width / 2
            items.append(Text(words, start, bottom + 20 * unit, 15 * unit, look.quiet, id="tick"))
            end = start + width
    if claim:
        words = f"{claim[1]}, as claimed"
        line = ((claimed, first - 4 * unit), (claimed, bottom + 42 * unit))
        items.append(Shape((line,), stroke=look.accent, width=2.2 * unit, id="claim"))
        text = Text(
            words, claimed - 7 * unit, bottom + 39 * unit, 16 * unit, look.accent, 600, "end",
            id="claim",
        )  # fmt: skip
        items.append(text)
    return items


def _strips_alt(briefing: Briefing) -> str:
    return " ".join(
        plain(f"{row.flight.plan.name}: {strip.length}, over {', '.join(row.airspaces)}.")
        for row, strip in zip(briefing.rows, briefing.strip.rows, strict=True)
    )


def legend_block(
    items: Sequence[LegendItem], left: float, top: float, width: float, style: Style
) -> Block:
    """Explain lines and symbols, in as many columns as there is room for."""
    unit = style.unit
    count = max(1, int(width // (310 * unit)))
    gap = 24 * unit
    column = (width - gap * (count - 1)) / count
    bottoms = [top] * count
    drawn: list[Item] = []
    for section in _sections(items):
        number = bottoms.index(min(bottoms))
        at = left + number * (column + gap)
        for item in section:
            block = _legend_item(item, at, bottoms[number], column, style)
            drawn += block.items
            bottoms[number] = block.bottom
        bottoms[number] += 10 * unit
    return Block((Group("legend", tuple(drawn), "Legend"),), max(bottoms))


def _sections(items: Sequence[LegendItem]) -> list[list[LegendItem]]:
    sections: list[list[LegendItem]] = []
    for item in items:
        if not item.symbol and not item.colour:
            sections.append([])
        if sections:
            sections[-1].append(item)
    return [section for section in sections if len(section) > 1]


def _legend_item(item: LegendItem, left: float, top: float, width: float, style: Style) -> Block:
    unit, look = style.unit, style.look
    if not item.symbol and not item.colour:
        return paragraph(item.text, left, top, width, 15 * unit, look.quiet, 600, id="legend")
    size, key = 18 * unit, 54 * unit
    block = paragraph(
        item.text, left + key, top + 2 * unit, width - key, size, look.ink, id="legend"
    )
    middle = top + 2 * unit + size * 0.66
    drawn: list[Item] = []
    if item.symbol:
        drawn += draw_symbol(item.symbol, (left + key / 2 - 6 * unit, middle), unit * 0.9, look)
    elif item.swatch:
        x, y = left + 7 * unit, middle - 8 * unit
        ring = ((x, y), (x + 30 * unit, y), (x + 30 * unit, y + 16 * unit), (x, y + 16 * unit))
        fill = tint(item.colour, style.theme, 0)
        drawn.append(Shape((ring,), True, fill, look.quiet, unit, (3 * unit, 3 * unit)))
    else:
        plain_pen = Pen(look.ink, item.width) if item.colour == "currentColor" else None
        pen = plain_pen or style.pens.get(item.colour) or Pen(item.colour, item.width)
        sample = (((left, middle), (left + 42 * unit, middle)),)
        drawn += strokes(sample, pen, item.style, unit)
    return Block((*drawn, *block.items), max(block.bottom, top + 24 * unit) + 3 * unit)
