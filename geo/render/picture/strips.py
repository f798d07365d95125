"""Draw the routes as strips of the airspaces they cross, with their figures as a table beside."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from geo.compare import Row
from geo.render.legend import STYLES
from geo.render.picture.briefing import Briefing, numbers_words
from geo.render.picture.drawing import Box, Group, Item, Shape, Text
from geo.render.picture.fonts import fitted, plain, text_width
from geo.render.picture.listing import (
    Listing,
    TableLine,
    figures,
    grouped,
    headings,
    label,
    listings,
)
from geo.render.picture.look import tint
from geo.render.picture.panel import Block, Style, paragraph
from geo.render.picture.strokes import strokes
from geo.render.strip import Segment

# Sizes of type; nothing that is to be read from the back of a room is smaller than 20.
_SMALL, _FIGURE, _NAME, _CITED = 20.0, 22.0, 22.0, 15.0
# How far the baselines of names and figures lie under the top of their row, and its height, by
# the size of figures: the slides' table is set by the same shares.
_NAME_BASE, _FIGURE_BASE, _PITCH = 19 / 21, 18 / 19, 30 / 19
_BAR = 28.0
_KEY_ROOM = 50.0
_WIDE = 1000.0
# Narrower bars tell nothing; then names stand over them.
_LEAST_BAR = 90.0
_LONGEST_NAME = 340.0
_SLACK = 0.5


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the parts of a strip's line stand, from the left to the right.

    `inline` names stand beside the bars, others over them.
    """

    name: float
    key: float
    bar: float
    bar_end: float
    figures: tuple[float, ...]
    inline: bool


def strips_block(briefing: Briefing, box: Box, style: Style, *, whole: bool = False) -> Block:
    """Draw strips and figures in a box, `whole` or as many rows of them as it has room for."""
    most = int(box.height / (_PITCH * _FIGURE * style.unit))
    for listing in listings(briefing, most, whole=whole):
        for columns in _arrangements(briefing, listing, box, style):
            block = _strips(briefing, listing, columns, box, style)
            if block.bottom <= box.bottom + _SLACK:
                return block
    return block


def _arrangements(
    briefing: Briefing, listing: Listing, box: Box, style: Style
) -> Iterator[_Columns]:
    """Set names over the bars, or beside them where these stay wide enough."""
    beside = _columns(briefing, listing, box, style, inline=True)
    over = _columns(briefing, listing, box, style, inline=False)
    room = beside.bar_end - beside.bar
    longest = max(_name_width(briefing, line, style) for line in listing.lines)
    whole = longest <= beside.key - box.left + _SLACK
    if whole and room >= _LEAST_BAR * style.unit:
        # On a wide page names stand best beside.
        yield from (beside,) if box.width > _WIDE * style.unit else (over, beside)
    else:
        yield over


def _columns(
    briefing: Briefing, listing: Listing, box: Box, style: Style, *, inline: bool
) -> _Columns:
    unit = style.unit
    heads, table = headings(briefing), [figures(briefing, row) for row in briefing.rows]
    ends, right = [], box.right
    for number in reversed(range(len(heads))):
        wanted = [text_width(row[number], _FIGURE * unit, 600) for row in table]
        ends.append(right)
        right -= max([text_width(heads[number], _SMALL * unit, 600), *wanted]) + 14 * unit
    room = 0.0
    if inline:
        room = max(_name_width(briefing, line, style) for line in listing.lines)
        room = min(room, max(_LONGEST_NAME * unit, 0.4 * box.width))
    key = box.left + room
    return _Columns(
        box.left, key, key + _KEY_ROOM * unit, right - 4 * unit, tuple(reversed(ends)), inline
    )


def _name_width(briefing: Briefing, line: TableLine, style: Style) -> float:
    """Tell how wide a name is with the numbers of its sources behind it."""
    cited = text_width(numbers_words(briefing.cited(line[0])), _CITED * style.unit)
    name = text_width(label(briefing, line), _NAME * style.unit, 600)
    return name + cited + 32 * style.unit


def _strips(
    briefing: Briefing, listing: Listing, columns: _Columns, box: Box, style: Style
) -> Block:
    unit, top = style.unit, box.top
    items: list[Item] = [*_head(briefing, columns, box, style)]
    top += 30 * unit
    pitch = _PITCH * _FIGURE * unit
    bars: list[float] = []
    for group in grouped(listing.lines):
        items += _name(briefing, group[0], columns, top, style)
        top += 0 if columns.inline else 30 * unit
        for line in group:
            items += _bar(briefing, line, columns, top, style)
            items += _figure_texts(briefing, line[0], columns, top, style)
            bars.append(top)
            top += pitch
        top += (4 if columns.inline else 8) * unit
    items += _axis(briefing, columns, bars, top, style)
    bottom = top + (54 if briefing.strip.claim else 32) * unit
    if listing.note:
        note = paragraph(
            listing.note, box.left, bottom, box.width, _SMALL * unit, style.look.quiet, id="listed"
        )
        items, bottom = [*items, *note.items], note.bottom
    return Block((Group("strips", tuple(items), _alt(briefing)),), bottom)


def _head(briefing: Briefing, columns: _Columns, box: Box, style: Style) -> Iterator[Text]:
    size, colour = _SMALL * style.unit, style.look.quiet
    for words, at in zip(headings(briefing), columns.figures, strict=True):
        yield Text(words, at, box.top + size, size, colour, 600, "end", id="head")
    title = f"Airspace crossed, by {briefing.unit.name}"
    first = headings(briefing)[0]
    room = columns.figures[0] - text_width(first, size, 600) - 16 * style.unit - box.left
    words = title if text_width(title, size, 600) <= room else "Airspace crossed"
    yield Text(words, box.left, box.top + size, size, colour, 600, id="head")


def _figure_texts(
    briefing: Briefing, row: Row, columns: _Columns, top: float, style: Style
) -> Iterator[Text]:
    size, base = _FIGURE * style.unit, top + _FIGURE_BASE * _FIGURE * style.unit
    for number, (text, at) in enumerate(zip(figures(briefing, row), columns.figures, strict=True)):
        weight = 400 if number else 600
        yield Text(text, at, base, size, style.look.ink, weight, "end", id="figure")


def _name(
    briefing: Briefing, line: TableLine, columns: _Columns, top: float, style: Style
) -> list[Item]:
    unit, look = style.unit, style.look
    end = columns.key if columns.inline else columns.figures[-1]
    room = end - columns.name - 12 * unit
    cited = fitted(numbers_words(briefing.cited(line[0])), _CITED * unit, room * 0.45)
    left_for = room - text_width(cited, _CITED * unit) - 8 * unit
    name = fitted(label(briefing, line), _NAME * unit, left_for, 600)
    at = top + _NAME_BASE * _NAME * unit
    after = columns.name + text_width(name, _NAME * unit, 600) + 6 * unit
    return [
        Text(name, columns.name, at, _NAME * unit, look.ink, 600, id="strip-name"),
        Text(cited, after, at - 6 * unit, _CITED * unit, look.quiet, id="cited"),
    ]


def _bar(
    briefing: Briefing, line: TableLine, columns: _Columns, top: float, style: Style
) -> Iterator[Item]:
    unit, plan = style.unit, line[0].flight.plan
    drawn = next((each for each in briefing.scene.lines if each.id == plan.id), None)
    if drawn:
        middle = top + _BAR / 2 * unit
        sample = (((columns.key, middle), (columns.key + 40 * unit, middle)),)
        pen = style.pens[drawn.colour, drawn.width]
        # Narrow enough for the dashes of a short sample to be seen.
        pen = replace(pen, width=min(pen.width, 4.2 if pen.core else 2.8))
        yield from strokes(sample, pen, STYLES[plan.certainty], unit)
    for segment in line[1].segments:
        yield from _segment(briefing, segment, columns, top, style)


def _segment(
    briefing: Briefing, segment: Segment, columns: _Columns, top: float, style: Style
) -> Iterator[Item]:
    unit, look = style.unit, style.look
    span = columns.bar_end - columns.bar
    left, right = (columns.bar + span * share for share in (segment.start, segment.end))
    box = Box(left, top, right, top + _BAR * unit)
    colours = {colour: n for n, colour in enumerate(briefing.scene.tints.values())}
    fill = tint(segment.tint, style.theme, colours.get(segment.tint, 0))
    loose = segment.disputed or segment.knife_edge
    dash = (3 * unit, 3 * unit) if loose and box.width > 5 * unit else ()
    edge = look.quiet if dash else look.rule
    yield Shape((box.ring,), True, fill, edge, unit, dash, id="segment", alt=plain(segment.title))
    name = plain(segment.title.split(":")[0])
    name = "sea" if segment.label == "sea" or (not segment.code and len(name) > 12) else name
    size = _SMALL * unit
    claim = briefing.strip.claim
    claimed = columns.bar + span * claim[0] if claim else -math.inf
    # Where the line of the claim divides a bar, its name stands on the longer side.
    sides = ((left, min(right, claimed)), (max(left, claimed), right))
    start, end = max(sides, key=lambda side: side[1] - side[0])
    for text in (name, segment.label, segment.code):
        if text and text_width(text, size) + 6 * unit < end - start:
            base = top + (_BAR / 2 + 7) * unit
            yield Text(text, (start + end) / 2, base, size, look.ink, 400, "middle", id="segment")
            return


def _axis(
    briefing: Briefing, columns: _Columns, bars: Sequence[float], bottom: float, style: Style
) -> Iterator[Item]:
    unit, look, size = style.unit, style.look, _SMALL * style.unit
    span = columns.bar_end - columns.bar
    claim = briefing.strip.claim
    claimed = columns.bar + span * claim[0] if claim else math.inf
    ticks = briefing.strip.ticks
    widths = [text_width(words, size) for _, words in ticks]
    apart = span * ticks[1][0] if len(ticks) > 1 else span
    # Every so many are named that none touches the next; the first one stands to the right.
    step = max(1, math.ceil((1.5 * max(widths) + 8 * unit) / max(apart, 1.0)))
    for number, ((share, words), width) in enumerate(zip(ticks, widths, strict=True)):
        at = columns.bar + span * share
        mark = ((at, bottom - 3 * unit), (at, bottom + 4 * unit))
        yield Shape((mark,), stroke=look.quiet, width=unit)
        if number % step == 0 and abs(at - claimed) > width / 2 + 6 * unit:
            start = at - width / 2 if number else at
            yield Text(words, start, bottom + 23 * unit, size, look.quiet, id="tick")
    if claim:
        yield from _claim(claim[1], claimed, bars, bottom, columns, style)


def _claim(
    amount: str, at: float, bars: Sequence[float], bottom: float, columns: _Columns, style: Style
) -> Iterator[Item]:
    unit, look, size = style.unit, style.look, _SMALL * style.unit
    # Names that stand over the bars are not crossed out.
    stretches = [(top - 4 * unit, top + (_BAR + 4) * unit) for top in bars]
    if columns.inline:
        stretches = [(bars[0] - 4 * unit, bottom)]
    stretches[-1] = (stretches[-1][0], bottom + 50 * unit)
    lines = tuple(((at, start), (at, end)) for start, end in stretches)
    yield Shape(lines, stroke=look.accent, width=2.2 * unit, id="claim")
    words = f"{amount}, as claimed"
    left = at - 7 * unit - text_width(words, size, 600) >= columns.name
    side = -7 * unit if left else 7 * unit
    yield Text(
        words, at + side, bottom + 47 * unit, size, look.accent, 600, "end" if left else "start",
        id="claim",
    )  # fmt: skip


def _alt(briefing: Briefing) -> str:
    return " ".join(
        plain(f"{row.flight.plan.name}: {strip.length}, over {', '.join(row.airspaces)}.")
        for row, strip in zip(briefing.rows, briefing.strip.rows, strict=True)
    )
