"""Turn the items of a drawing into PowerPoint's own shapes, which can be edited.

A slide is as wide as a drawing of 1920 units: one unit is half a point, or 6350 EMU.
"""

from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_LINE
from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.oxml.xmlchemy import OxmlElement
from pptx.util import Emu

from geo.render.picture.drawing import Box, Point, Shape

UNIT_EMU = 6350
_ROUND = 48


def emu(length: float) -> Emu:
    """Bring a length of the drawing to the slide."""
    return Emu(round(length * UNIT_EMU))


def describe(shape: Any, name: str, alt: str = "") -> Any:
    """Name a shape for the list of shapes, and tell those who can't see it what it shows."""
    shape.name = name
    if alt:
        shape._element._nvXxPr.cNvPr.set("descr", alt)
    return shape


def add_shape(shapes: Any, shape: Shape) -> Any:
    """Draw a shape as a connector, a rectangle, a circle or, of any other form, a freeform."""
    added = _formed(shapes, shape)
    style = added._element.find("{*}style")
    if style is not None:
        added._element.remove(style)
    if shape.closed:
        if shape.fill:
            added.fill.solid()
            added.fill.fore_color.rgb = rgb(shape.fill)
        else:
            added.fill.background()
    elif added._element.tag.endswith("}sp"):
        added.fill.background()
    if not shape.stroke:
        added.line.fill.background()
        return added
    added.line.fill.solid()
    added.line.fill.fore_color.rgb = rgb(shape.stroke)
    added.line.width = emu(shape.width)
    if shape.dash:
        _dash(added.line, shape)
    return added


def _formed(shapes: Any, shape: Shape) -> Any:
    first = shape.parts[0]
    box = bounds(shape)
    if len(shape.parts) == 1 and shape.closed and _is_box(first, box):
        return shapes.add_shape(MSO_SHAPE.RECTANGLE, *placed(box))
    if len(shape.parts) == 1 and shape.closed and _is_round(first, box):
        return shapes.add_shape(MSO_SHAPE.OVAL, *placed(box))
    if len(shape.parts) == 1 and not shape.closed and len(first) == 2:
        ends = [emu(value) for point in first for value in point]
        return shapes.add_connector(MSO_CONNECTOR.STRAIGHT, *ends)
    builder = shapes.build_freeform(*map(emu, first[0]), scale=1.0)
    for number, part in enumerate(shape.parts):
        if number:
            builder.move_to(*map(emu, part[0]))
        builder.add_line_segments([(emu(x), emu(y)) for x, y in part[1:]], close=shape.closed)
    return builder.convert_to_shape()


def _is_box(ring: tuple[Point, ...], box: Box) -> bool:
    return len(ring) == 4 and set(ring) == set(box.ring)


def _is_round(ring: tuple[Point, ...], box: Box) -> bool:
    return len(ring) == _ROUND and abs(box.width - box.height) < 0.1 * box.width


def _dash(line: Any, shape: Shape) -> None:
    """Dash a line: dots and dash-dots by PowerPoint's own, dashes as long as they are drawn."""
    if shape.round_ends or len(shape.dash) > 2:
        line.dash_style = MSO_LINE.ROUND_DOT if len(shape.dash) == 2 else MSO_LINE.DASH_DOT
        return
    line.dash_style = MSO_LINE.DASH
    usual = line._get_or_add_ln().find("{*}prstDash")
    own, stroke = OxmlElement("a:custDash"), OxmlElement("a:ds")
    for name, length in zip(("d", "sp"), shape.dash, strict=True):
        # In thousandths of a percent of the line's width.
        stroke.set(name, str(round(length / shape.width * 100_000)))
    own.append(stroke)
    usual.getparent().replace(usual, own)


def bounds(shape: Shape) -> Box:
    """Find the rectangle that holds a shape."""
    xs, ys = zip(*(point for part in shape.parts for point in part), strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))


def placed(box: Box) -> tuple[Emu, Emu, Emu, Emu]:
    """Bring a rectangle to the slide: left, top, width and height."""
    return emu(box.left), emu(box.top), emu(box.width), emu(box.height)


def rgb(colour: str) -> Any:
    """Read a colour such as "#1d2930"."""
    return RGBColor(*bytes.fromhex(colour.removeprefix("#")))  # type: ignore[no-untyped-call]
