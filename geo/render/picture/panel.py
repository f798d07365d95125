"""Set texts in blocks under each other, as they stand beside the map."""

import re
from dataclasses import dataclass
from itertools import groupby

from geo.render.picture.briefing import Briefing
from geo.render.picture.drawing import Group, Item, Text
from geo.render.picture.fonts import plain, wrapped
from geo.render.picture.look import Look, Pens, PictureTheme

_LINE = 1.24


@dataclass(frozen=True, slots=True)
class Style:
    """What all parts of a picture are drawn with; `unit` scales type and lines."""

    look: Look
    theme: PictureTheme
    pens: Pens
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


def held_together(text: str) -> str:
    """Keep an amount and its unit on one line, by a space that doesn't break."""
    return re.sub(r"(?<=[0-9]) (?=(?:mi|km|nmi)\b)", "\xa0", text)


def events_block(
    briefing: Briefing, left: float, top: float, width: float, bottom: float, style: Style
) -> Block:
    """List what was reported, day by day, as far down as there is room, and say what is left."""
    for count in range(len(briefing.events), 0, -1):
        block = _events(briefing, count, left, top, width, style)
        if block.bottom <= bottom:
            break
    return block


def _events(
    briefing: Briefing, count: int, left: float, top: float, width: float, style: Style
) -> Block:
    unit, look = style.unit, style.look
    items: list[Item] = []
    for name, events in groupby(briefing.events[:count], key=lambda event: event.day):
        items.append(Text(name, left, top + 21 * unit, 22 * unit, look.ink, 600, id="event"))
        top += 28 * unit
        for event in events:
            block = paragraph(event.text, left, top, width, 20 * unit, look.ink, id="event")
            items += block.items
            top = block.bottom + 4 * unit
        top += 8 * unit
    rest = len(briefing.events) - count
    if rest:
        words = f"{rest} more report{'' if rest == 1 else 's'} not listed here."
        block = paragraph(words, left, top, width, 20 * unit, look.quiet, id="event")
        items, top = [*items, *block.items], block.bottom + 8 * unit
    return Block((Group("events", tuple(items), "What was reported, day by day"),), top)
