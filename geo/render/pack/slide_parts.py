"""Put the parts of a drawn slide on a slide: the map, the strips, the legend, the texts."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from pptx.enum.text import MSO_ANCHOR

from geo.render.pack.figures import TOLD
from geo.render.pack.native import add_shape, bounds, describe, emu
from geo.render.pack.native_text import add_line, add_paragraph, run_of, write
from geo.render.picture.briefing import Briefing
from geo.render.picture.drawing import Box, Drawing, Group, Item, Shape, Text
from geo.render.picture.fonts import plain, text_width
from geo.render.picture.png import write_png

_BASE_SCALE = 1.5
_LINE = 1.24
_SAME = 0.5
# What lies over the base map, by the beginnings of ids.
_KINDS: Mapping[str, str] = {"route-": "Route", "mark-": "Place", "ring": "Ring"}
_LINES = ("route-", "ring")


def add_map(shapes: Any, chart: Group) -> None:
    """Add the base map as a picture, and all that lies on it as shapes."""
    parts = {item.id: item for item in chart.items if isinstance(item, Group)}
    content = tuple(_shapes(parts["map-content"].items))
    first = _first_over(content)
    frame = frame_of(chart)
    picture = _add_picture(shapes, content[:first], frame)
    describe(picture, "Base map", "Base map: land, borders and graticule, without the routes")
    _add_over(shapes, content[first:])
    _group(shapes, list(_labels(shapes, parts["labels"])), "Names")
    if "scale" in parts:
        _add_group(shapes, parts["scale"], "Scale and north arrow")
    if "locator" in parts:
        globe = tuple(_shapes(parts["locator"].items))
        box = bounds(globe[0]).grown(4)
        describe(_add_picture(shapes, globe, box), "Locator", parts["locator"].alt)
    describe(add_shape(shapes, _frame_shape(chart)), "Map frame")


def _labels(shapes: Any, labels: Group) -> Iterator[Any]:
    for item in labels.items:
        if isinstance(item, Shape):
            yield describe(add_shape(shapes, item), "Leader")
        elif isinstance(item, Text):
            yield describe(add_line(shapes, item), f"Label {item.text}")


def _group(shapes: Any, members: Sequence[Any], name: str, alt: str = "") -> None:
    """Group shapes, all at once: a group that grows measures itself anew at every shape."""
    if members:
        describe(shapes.add_group_shape(members), name, alt)


def _shapes(items: Iterable[Item]) -> Iterator[Shape]:
    """List shapes that show something."""
    for item in items:
        if isinstance(item, Group):
            yield from _shapes(item.items)
        elif isinstance(item, Shape) and item.parts:
            yield item


def _first_over(content: Sequence[Shape]) -> int:
    """Find where the base map ends: at the first line or symbol, or at what lies under that."""
    known = tuple(_KINDS)
    first = next((n for n, shape in enumerate(content) if shape.id.startswith(known)), None)
    if first is None:
        return len(content)
    under = content[first]
    while first and _belongs(content[first - 1], under):
        first -= 1
    return first


def _belongs(shape: Shape, over: Shape) -> bool:
    """Tell whether a shape is the halo of a route, or a part of a symbol."""
    if over.id.startswith(_LINES):
        return not shape.id and shape.parts == over.parts
    return not shape.id and bounds(over).grown(2).holds(bounds(shape))


def _add_over(shapes: Any, over: Sequence[Shape]) -> None:
    """Add routes and symbols, each with its halo as a group."""
    groups: list[list[Shape]] = []
    for shape in over:
        last = groups[-1][-1] if groups else None
        named = any(each.id for each in groups[-1]) if groups else True
        core = last is not None and last.id.startswith(_LINES) and shape.parts == last.parts
        if named and not core:
            groups.append([])
        groups[-1].append(shape)
    for group in groups:
        main = next((shape for shape in group if shape.id), group[-1])
        kind = next((kind for id, kind in _KINDS.items() if main.id.startswith(id)), "Shape")
        name = f"{kind} {main.alt or main.id}"
        added = [
            describe(add_shape(shapes, shape), *((name, main.alt) if shape is main else (kind,)))
            for shape in group
        ]
        if len(added) > 1:
            _group(shapes, added, name, main.alt)


def _add_picture(shapes: Any, items: Sequence[Shape], box: Box) -> Any:
    """Add items as a picture, on no ground of their own."""
    moved = tuple(_moved(item, -box.left, -box.top) for item in items)
    drawing = Drawing(box.width, box.height, "none", "", "", moved)
    file = io.BytesIO(write_png(drawing, _BASE_SCALE))
    return shapes.add_picture(file, *map(emu, (box.left, box.top, box.width, box.height)))


def _moved(shape: Shape, right: float, down: float) -> Shape:
    parts = tuple(tuple((x + right, y + down) for x, y in part) for part in shape.parts)
    return replace(shape, parts=parts)


def _frame_shape(chart: Group) -> Shape:
    return next(i for i in chart.items if isinstance(i, Shape) and i.id == "frame")


def frame_of(chart: Group) -> Box:
    """Find the map's frame."""
    return bounds(_frame_shape(chart))


def _add_group(shapes: Any, group: Group, name: str) -> None:
    members = [
        add_line(shapes, item) if isinstance(item, Text) else add_shape(shapes, item)
        for item in group.items
        if isinstance(item, Text) or (isinstance(item, Shape) and item.parts)
    ]
    _group(shapes, members, name, group.alt)


def add_strips(shapes: Any, strips: Group) -> None:
    """Add the strips as one group; a stretch's name stands in its rectangle."""
    members: list[Any] = []
    for item in strips.items:
        if isinstance(item, Shape) and item.parts:
            members.append(describe(add_shape(shapes, item), item.alt or "Strip", item.alt))
        elif isinstance(item, Text) and item.id == "segment":
            write(members[-1].text_frame, [[run_of(item)]], anchor="middle", wrap=False,
                  upright=MSO_ANCHOR.MIDDLE)  # fmt: skip
        elif isinstance(item, Text) and item.id not in TOLD:
            members.append(add_line(shapes, item))
    _group(shapes, members, "Airspace strips", strips.alt)


def add_legend(shapes: Any, legend: Group, whole: dict[str, str]) -> None:
    """Add the legend as one group."""
    members = [describe(add_shape(shapes, item), "Legend sample") for item in _shapes(legend.items)]
    texts = [item for item in legend.items if isinstance(item, Text)]
    for lines in _paragraphs(texts):
        words = joined(lines, whole)
        if len(lines) == 1:
            added = add_line(shapes, lines[0])
        else:
            added = add_paragraph(shapes, lines, words, max(map(_right_of, lines)))
        members.append(describe(added, f"Legend {words}"))
    _group(shapes, members, "Legend", legend.alt)


def _right_of(line: Text) -> float:
    """Tell where a line ends, with a little room."""
    return line.x + text_width(line.text, line.size, line.weight) * 1.02 + 1


def add_footer(shapes: Any, footer: Group, whole: dict[str, str], right: float, link: str) -> None:
    """Add sources, credit and date; the credit leads to the view."""
    for item in footer.items:
        if isinstance(item, Shape):
            describe(add_shape(shapes, item), "Rule")
    texts = [item for item in footer.items if isinstance(item, Text)]
    for lines in _paragraphs(texts):
        added = add_paragraph(shapes, lines, joined(lines, whole), right)
        describe(added, lines[0].id.capitalize())
        if lines[0].id == "credit" and urlsplit(link).scheme in ("http", "https"):
            # On the shape: a link on the text would take the theme's colour.
            added.click_action.hyperlink.address = link


def add_texts(
    shapes: Any, items: Iterable[Item], whole: dict[str, str], right: float, name: str
) -> None:
    """Add texts as paragraphs by one name."""
    texts = [item for item in items if isinstance(item, Text)]
    for lines in _paragraphs(texts):
        describe(add_paragraph(shapes, lines, joined(lines, whole), right), name)


def _paragraphs(texts: Sequence[Text]) -> list[list[Text]]:
    """Put the lines of each paragraph together again."""
    found: list[list[Text]] = []
    for text in texts:
        last = found[-1][-1] if found else None
        if last is None or not _goes_on(last, text):
            found.append([])
        found[-1].append(text)
    return found


def _goes_on(last: Text, text: Text) -> bool:
    same = (last.id, last.x, last.size, last.weight) == (text.id, text.x, text.size, text.weight)
    return same and abs(text.y - last.y - _LINE * text.size) < _SAME


def whole_texts(briefing: Briefing) -> dict[str, str]:
    """Key long texts by their letters alone, to find them by their drawn lines."""
    texts = [briefing.title, briefing.subtitle, briefing.finding]
    texts += [event.text for event in briefing.events]
    texts += [item.text for item in briefing.scene.legend]
    return {_letters(plain(text)): plain(text).strip() for text in texts}


def joined(lines: Sequence[Text], whole: dict[str, str]) -> str:
    """Join lines; one that broke within a word is found by the text that it was drawn from."""
    letters = _letters("".join(line.text for line in lines))
    return whole.get(letters) or " ".join(line.text for line in lines)


def _letters(text: str) -> str:
    return "".join(text.split())
