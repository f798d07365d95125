"""Set the legend: what each line, symbol and swatch of the map means."""

from collections.abc import Sequence

import numpy as np
import shapely

from geo.render.legend import LegendItem
from geo.render.picture.drawing import Box, Group, Item, Shape
from geo.render.picture.look import Pen, tint
from geo.render.picture.panel import Block, Style, held_together, paragraph
from geo.render.picture.strokes import hatching, strokes
from geo.render.picture.symbols import draw_symbol

_COLUMN = 278.0
_KEY = 54.0
_SIZE = 20.0
_LEAST_SPREAD = 5


def legend_block(
    items: Sequence[LegendItem], left: float, top: float, width: float, style: Style
) -> Block:
    """Set the legend in columns of whole sections."""
    unit = style.unit
    gap = 20 * unit
    count = max(1, int((width + gap) // (_COLUMN * unit + gap)))
    column = (width - gap * (count - 1)) / count
    bottoms = [top] * count
    drawn: list[Item] = []
    for section in _spread(_sections(items), count):
        number = bottoms.index(min(bottoms))
        at = left + number * (column + gap)
        if not _is_heading(section[0]):
            bottoms[number] += _heading_height(unit)
        for item in section:
            block = _item(item, at, bottoms[number], column, style)
            drawn += block.items
            bottoms[number] = block.bottom
        bottoms[number] += 10 * unit
    return Block((Group("legend", tuple(drawn), "Legend"),), max(bottoms))


def _sections(items: Sequence[LegendItem]) -> list[list[LegendItem]]:
    sections: list[list[LegendItem]] = []
    for item in items:
        if _is_heading(item):
            sections.append([])
        if sections:
            sections[-1].append(item)
    return [section for section in sections if len(section) > 1]


def _spread(sections: list[list[LegendItem]], count: int) -> list[list[LegendItem]]:
    """Let the longest sections go on in columns that would stay empty, without a second heading."""
    found = list(sections)
    while found and len(found) < count:
        longest = max(range(len(found)), key=lambda number: len(found[number]))
        section = found[longest]
        if len(section) < _LEAST_SPREAD:
            break
        middle = len(section) // 2 + 1
        found[longest : longest + 1] = [section[:middle], section[middle:]]
    return found


def _heading_height(unit: float) -> float:
    return paragraph("A", 0, 0, 1000 * unit, _SIZE * unit, "").bottom


def _is_heading(item: LegendItem) -> bool:
    return not (item.symbol or item.colour or item.swatch)


def _item(item: LegendItem, left: float, top: float, width: float, style: Style) -> Block:
    unit, look = style.unit, style.look
    size, key = _SIZE * unit, _KEY * unit
    if _is_heading(item):
        return paragraph(item.text, left, top, width, size, look.quiet, 600, id="legend")
    words = held_together(item.text)
    block = paragraph(words, left + key, top, width - key, size, look.ink, id="legend")
    sample = _sample(item, left, top + size * 0.66, style)
    return Block((*sample, *block.items), max(block.bottom, top + 26 * unit) + 2 * unit)


def _sample(item: LegendItem, left: float, middle: float, style: Style) -> Sequence[Item]:
    unit = style.unit
    if item.symbol:
        at = (left + (_KEY / 2 - 6) * unit, middle)
        return draw_symbol(item.symbol, at, unit * 0.9, style.look)
    if item.swatch:
        box = Box(left + 6 * unit, middle - 9 * unit, left + 38 * unit, middle + 9 * unit)
        return _swatch(item, box, style)
    plain_pen = Pen(style.look.ink, item.width) if item.colour == "currentColor" else None
    pen = plain_pen or style.pens[item.colour, item.width]
    return strokes((((left, middle), (left + 42 * unit, middle)),), pen, item.style, unit)


def _swatch(item: LegendItem, box: Box, style: Style) -> Sequence[Item]:
    """Draw a piece of land as it is tinted, dashed as disputed borders are, or as it is hatched."""
    unit, look = style.unit, style.look
    if not item.hatched:
        fill, dash = tint(item.colour, style.theme, 0), (3 * unit, 3 * unit)
        return [Shape((box.ring,), True, fill, look.quiet, unit, dash)]
    area = np.array([shapely.Polygon(box.ring)], dtype=object)
    return [
        Shape((box.ring,), True, tint(item.colour, style.theme, 0) or look.land),
        hatching(area, look.hatch, unit, step=10),
        Shape((box.ring,), True, "", look.border, unit),
    ]
