"""Lay a briefing out on a page of any size."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from geo.errors import GeoError
from geo.phrases import format_day
from geo.render.legend import LegendItem
from geo.render.picture.briefing import Briefing, source_words
from geo.render.picture.chart import LEAST_RANK, draw_chart
from geo.render.picture.drawing import Box, Drawing, Group, Item, Shape, Text, each_item
from geo.render.picture.fonts import plain, wrapped
from geo.render.picture.legend import legend_block
from geo.render.picture.look import LOOKS, PictureTheme, pens
from geo.render.picture.panel import Block, Style, events_block, held_together, paragraph
from geo.render.picture.projection import Kind
from geo.render.picture.strips import strips_block
from geo.text import quoted

_MM = 96 / 25.4
# How wide what stands beside the map is, by the most rows that the table has.
_WIDTHS = {0: 480.0, 3: 625.0, 6: 735.0}
_MANY_WIDTH, _MOST_SHARE = 898.0, 0.5


@dataclass(frozen=True, slots=True)
class Size:
    """A page, in units of 1/96 inch."""

    width: float
    height: float


SIZES: Mapping[str, Size] = {
    "16:9": Size(1920, 1080),
    "4:3": Size(1600, 1200),
    "A4 landscape": Size(297 * _MM, 210 * _MM),
    "A4 portrait": Size(210 * _MM, 297 * _MM),
    "square": Size(1080, 1080),
}
LEAST, MOST = 320, 8000
_NARROWEST = 4
SIZE_WORDS = (
    f"{LEAST:,} to {MOST:,} each way, and at most {_NARROWEST} times as long one way as the other"
)
# How much larger the type beside the map gets where there is room for all; smaller it gets only
# where what can't be left out, such as a title of 300 letters, would not fit.
_LARGER = (1.12, 1.06)
_FACTORS = (1.0, 0.94, 0.88, 0.82, 0.76, 0.7, 0.64, 0.58, 0.52, 0.46, 0.4)
_EVENTS_SHARE = 0.42
# How much of the height the map keeps over the panel, and how flat it may get where rows would have
# to be left out.
_MAP_SHARES = (0.52, 0.46, 0.4, 0.36)
_FLATTEST = 3.3
_SLACK = 0.5


def read_size(text: str) -> Size:
    """Read a size by its name, or as width and height such as "1600x900". Raises GeoError."""
    if text in SIZES:
        return SIZES[text]
    match = re.fullmatch(r"\s*([0-9]{1,5})\s*[x×]\s*([0-9]{1,5})\s*", text)
    if match is None:
        names = ", ".join(SIZES)
        raise GeoError(f"size {quoted(text[:40])} is none of {names}, nor one such as 1600x900")
    size = Size(float(match[1]), float(match[2]))
    _check_size(size)
    return size


def make_picture(
    briefing: Briefing, size: Size, theme: PictureTheme, projection: Kind | None = None
) -> Drawing:
    """Compose the picture; without a projection asked for, one is chosen by the extent.

    Raises GeoError for a page that is too small or too large, or a theme that isn't the scene's.
    """
    _check(briefing, size, theme)
    look = LOOKS[theme]
    unit = math.sqrt(size.width * size.height / (1920 * 1080))
    style = Style(look, theme, pens(briefing.scene, theme), unit)
    margin = 44 * unit
    page = Box(margin, margin * 0.8, size.width - margin, size.height - margin * 0.6)
    header = _header(briefing, page, style)
    foot = _footer(briefing, page, style)
    body = Box(page.left, header.bottom + 14 * unit, page.right, foot.bottom - 12 * unit)
    beside = size.width > size.height * 1.15
    arrange = _beside if beside else _below
    items = arrange(briefing, body, style, projection)
    told = (briefing.subtitle, briefing.finding, *briefing.ring_words)
    return Drawing(
        size.width,
        size.height,
        look.paper,
        plain(briefing.title),
        plain(" ".join((f"{briefing.title}.", *filter(None, told)))),
        (*header.items, *items, *foot.items),
    )


def _check(briefing: Briefing, size: Size, theme: PictureTheme) -> None:
    _check_size(size)
    if (theme == "dark") != (briefing.scene.theme == "dark"):
        raise GeoError(f'picture: theme "{theme}" of a scene made "{briefing.scene.theme}"')


def _check_size(size: Size) -> None:
    for name, length in (("width", size.width), ("height", size.height)):
        if not LEAST <= length <= MOST:
            raise GeoError(f"picture: {name} {length:g} is outside {LEAST}..{MOST}")
    if max(size.width, size.height) > _NARROWEST * min(size.width, size.height):
        raise GeoError(
            f"picture: {size.width:g} by {size.height:g} is too narrow: it may be {SIZE_WORDS}"
        )


def _header(briefing: Briefing, page: Box, style: Style) -> Block:
    """Set the title in two lines at the most, smaller if it is long, and the subtitle."""
    unit, look = style.unit, style.look
    title = plain(briefing.title)
    sizes = [size * unit for size in (50, 44, 38, 33, 28, 24)]
    # A little smaller is better than a second line of one word.
    tried = [(size, 1) for size in sizes[:2]] + [(size, 2) for size in sizes]
    size = next(
        (size for size, most in tried if len(wrapped(title, size, page.width, 700)) <= most),
        sizes[-1],
    )
    head = paragraph(title, page.left, page.top, page.width, size, look.ink, 700, id="title")
    sub = paragraph(
        briefing.subtitle, page.left, head.bottom + 4 * unit, page.width, 25 * unit, look.quiet,
        id="subtitle",
    )  # fmt: skip
    return Block((Group("header", (*head.items, *sub.items)),), sub.bottom)


def _footer(briefing: Briefing, page: Box, style: Style) -> Block:
    """Set sources, credit and date at the foot of the page; `bottom` is where they begin."""
    unit, look = style.unit, style.look
    words = "; ".join(
        f"{number} {plain(source_words(source))}"
        for number, source in enumerate(briefing.sources, 1)
    )
    sources = f"Sources: {words}." if words else ""
    credit = f"{briefing.scene.credit} · Made {format_day(briefing.date)}"
    size = 14.5 * unit

    def block(top: float) -> Block:
        first = paragraph(sources, page.left, top, page.width, size, look.quiet, id="sources")
        last = paragraph(
            credit, page.left, first.bottom + 3 * unit, page.width, size, look.quiet, id="credit"
        )
        return Block((*first.items, *last.items), last.bottom)

    top = page.bottom - block(0.0).bottom
    rule = ((page.left, top - 6 * unit), (page.right, top - 6 * unit))
    items = (Shape((rule,), stroke=look.rule, width=unit), *block(top).items)
    return Block((Group("footer", items, "Sources and credit"),), top - 6 * unit)


def _beside(
    briefing: Briefing, body: Box, style: Style, projection: Kind | None
) -> tuple[Item, ...]:
    """Set the map on the left and all else on the right."""
    unit = style.unit
    width = min(_width(briefing) * unit, _MOST_SHARE * body.width)
    right = body.right - width - 28 * unit
    caption_top = body.bottom - _caption(briefing, "", 0, 0, right - body.left, style).bottom
    frame = Box(body.left, body.top, right, caption_top - 4 * unit)
    chart = draw_chart(briefing, frame, style.look, style.pens, style.theme, unit, projection)
    caption = _caption(
        briefing, chart.fit.projection.words, frame.left, caption_top, frame.width, style
    )
    column = Box(body.right - width, body.top, body.right, body.bottom)
    legend = _legend(briefing, chart.symbols, chart.unseen)
    return (chart.group, *caption.items, *_panel(briefing, column, legend, style).items)


def _legend(
    briefing: Briefing, symbols: frozenset[str], unseen: frozenset[str] = frozenset()
) -> list[LegendItem]:
    """Explain what the map shows, and say which rings lie beyond it."""
    return [
        replace(item, text=f"{item.text} (beyond this map)") if item.text in unseen else item
        for item in briefing.scene.legend
        if not item.symbol or item.symbol in symbols
    ]


def _width(briefing: Briefing) -> float:
    """Choose how wide the panel is beside the map, in units of a page of 1920 by 1080."""
    rows = math.inf if briefing.events else len(briefing.rows)
    return next((width for most, width in _WIDTHS.items() if rows <= most), _MANY_WIDTH)


def _below(
    briefing: Briefing, body: Box, style: Style, projection: Kind | None
) -> tuple[Item, ...]:
    """Set the map on top and all else under it."""
    unit = style.unit
    marks = briefing.scene.marks
    symbols = frozenset(mark.symbol for mark in marks if mark.rank < LEAST_RANK)
    least = min(body.width / _FLATTEST / body.height, _MAP_SHARES[0])
    for share in _MAP_SHARES:
        top = body.top + body.height * max(share, least)
        box = Box(body.left, top, body.right, body.bottom)
        panel = _panel(briefing, box, _legend(briefing, symbols), style)
        if not any(isinstance(i, Text) and i.id == "listed" for i in each_item(panel.items)):
            break
    needed = panel.bottom - top
    caption_height = _caption(briefing, "", 0, 0, body.width, style).bottom + 16 * unit
    frame = Box(body.left, body.top, body.right, body.bottom - needed - caption_height)
    chart = draw_chart(briefing, frame, style.look, style.pens, style.theme, unit, projection)
    caption = _caption(
        briefing, chart.fit.projection.words, body.left, frame.bottom + 4 * unit, body.width, style
    )
    column = Box(body.left, frame.bottom + caption_height, body.right, body.bottom)
    legend = _legend(briefing, chart.symbols, chart.unseen)
    return (chart.group, *caption.items, *_panel(briefing, column, legend, style).items)


def _caption(
    briefing: Briefing, projection: str, left: float, top: float, width: float, style: Style
) -> Block:
    """Set the notes and the projection's name, always in the same number of lines."""
    longest = "Polar azimuthal equidistant, 99°\xa0N\xa0999°\xa0E"
    words = " ".join((*briefing.notes, f"Projection: {projection or longest}."))
    block = paragraph(words, left, top, width, 20 * style.unit, style.look.ink, id="note")
    return Block((Group("note", block.items),), block.bottom)


def _panel(briefing: Briefing, box: Box, legend: Sequence[LegendItem], style: Style) -> Block:
    """Set findings, reports, strips and legend; rows for which there is no room are left out."""
    block = Block((), box.top)
    for factor in (*_LARGER, *_FACTORS):
        scaled = replace(style, unit=style.unit * factor)
        block = _stacked(briefing, box, legend, scaled, whole=factor > 1)
        if block.bottom <= box.bottom + _SLACK:
            break
    return block


def _stacked(
    briefing: Briefing, box: Box, legend: Sequence[LegendItem], style: Style, *, whole: bool
) -> Block:
    unit, look = style.unit, style.look
    finding = paragraph(
        held_together(briefing.finding), box.left, box.top - 4 * unit, box.width, 25 * unit,
        look.ink, 600, id="finding",
    )  # fmt: skip
    items, top = list(finding.items), finding.bottom + (14 * unit if finding.items else 0)
    legend_height = legend_block(legend, box.left, 0, box.width, style).bottom
    blocks: list[Item] = []
    if briefing.events:
        end = box.bottom if whole else top + _EVENTS_SHARE * box.height
        block = events_block(briefing, box.left, top, box.width, end, style)
        blocks, top = [*blocks, *block.items], block.bottom + 8 * unit
    if briefing.rows:
        room = Box(box.left, top, box.right, box.bottom - legend_height - 14 * unit)
        block = strips_block(briefing, room, style, whole=whole)
        blocks, top = [*blocks, *block.items], block.bottom + 14 * unit
    block = legend_block(legend, box.left, top, box.width, style)
    return Block((Group("finding", tuple(items)), *blocks, *block.items), block.bottom)
