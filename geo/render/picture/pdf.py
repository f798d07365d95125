"""Write a drawing as PDF: vectors, and text that can be searched, with its fonts inside."""

import datetime as dt
from pathlib import Path
from tempfile import TemporaryDirectory

from fpdf import FPDF
from fpdf.drawing import ClippingPath, GraphicsContext, PaintedPath
from fpdf.drawing_primitives import color_from_hex_string
from fpdf.enums import IntersectionRule, PathPaintRule, StrokeCapStyle, StrokeJoinStyle

from geo.render.picture.drawing import Box, Drawing, Group, Item, Shape, Text
from geo.render.picture.fonts import FALLBACK, FAMILY, Face, outlines, subset, text_width
from geo.render.picture.svg import letters

_POINTS = 72 / 96
_HALO = 0.22
# FPDF sets the baseline of a cell of no height so much below its middle.
_BASELINE = 0.3


def write_pdf(drawing: Drawing, date: dt.date) -> bytes:
    """Write the drawing on a page of its own size; the same bytes for the same drawing and date."""
    pdf = FPDF(unit=_POINTS, format=(drawing.width, drawing.height))
    pdf.set_creation_date(dt.datetime.combine(date, dt.time(), dt.UTC))
    pdf.set_title(drawing.title)
    pdf.set_subject(drawing.alt)
    pdf.set_lang("en")
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    pdf.c_margin = 0
    # Fonts cut to size beforehand are read in a tenth of the time.
    with TemporaryDirectory() as folder:
        _add_fonts(pdf, drawing, Path(folder))
        pdf.add_page()
        page = Box(0, 0, drawing.width, drawing.height)
        _draw(pdf, (Shape((page.ring,), True, drawing.background), *drawing.items), None)
        return bytes(pdf.output())


def _add_fonts(pdf: FPDF, drawing: Drawing, folder: Path) -> None:
    spare = []
    needed = letters(drawing)
    for face in sorted(needed, key=lambda face: (face.family, face.weight)):
        name = _name(face)
        file = folder / f"{name}.ttf"
        file.write_bytes(subset(face, sorted(needed[face])))
        pdf.add_font(name, "", file)
        if face.family == FALLBACK:
            spare.append(name)
    pdf.set_text_shaping(True)
    if spare:
        pdf.set_fallback_fonts(spare, exact_match=False)


def _name(face: Face) -> str:
    return f"{face.family} {face.weight}".replace(" ", "").lower()


def _draw(pdf: FPDF, items: tuple[Item, ...], clip: Box | None) -> None:
    """Draw shapes in runs, since each run is a block of its own in the file, and texts between."""
    shapes: list[Shape] = []
    for item in items:
        if isinstance(item, Shape):
            shapes.append(item)
            continue
        _draw_shapes(pdf, shapes, clip)
        shapes = []
        if isinstance(item, Group):
            _draw(pdf, item.items, item.clip or clip)
        else:
            _draw_text(pdf, item)
    _draw_shapes(pdf, shapes, clip)


def _draw_shapes(pdf: FPDF, shapes: list[Shape], clip: Box | None) -> None:
    if not any(shape.parts for shape in shapes):
        return
    with pdf.drawing_context() as context:
        group = GraphicsContext()
        if clip:
            frame = ClippingPath()
            frame.rectangle(clip.left, clip.top, clip.width, clip.height)
            group.clipping_path = frame
        for shape in shapes:
            if shape.parts:
                group.add_item(_path(shape), clone=False)
        context.add_item(group, clone=False)


def _path(shape: Shape) -> PaintedPath:
    path = PaintedPath()
    for part in shape.parts:
        path.move_to(*part[0])
        for point in part[1:]:
            path.line_to(*point)
        if shape.closed:
            path.close()
    style = path.style
    style.auto_close = False
    style.intersection_rule = IntersectionRule.EVENODD
    style.paint_rule = _rule(shape)
    if shape.fill:
        style.fill_color = color_from_hex_string(shape.fill)
    if shape.stroke:
        style.stroke_color = color_from_hex_string(shape.stroke)
        style.stroke_width = shape.width
        style.stroke_join_style = StrokeJoinStyle.ROUND
        style.stroke_cap_style = StrokeCapStyle.ROUND if shape.round_ends else StrokeCapStyle.BUTT
        style.stroke_dash_pattern = shape.dash or None
    return path


def _rule(shape: Shape) -> PathPaintRule:
    if shape.fill and shape.stroke:
        return PathPaintRule.STROKE_FILL_EVENODD
    return PathPaintRule.FILL_EVENODD if shape.fill else PathPaintRule.STROKE


def _draw_text(pdf: FPDF, text: Text) -> None:
    if not text.text.strip():
        return
    width = text_width(text.text, text.size, text.weight, text.spacing)
    left = text.x - {"start": 0.0, "middle": width / 2, "end": width}[text.anchor]
    if text.halo:
        rings = outlines(text.text, text.size, text.weight, text.spacing, (left, text.y))
        halo = Shape(rings, True, text.halo, text.halo, text.size * _HALO)
        _draw_shapes(pdf, [halo], None)
    colour = color_from_hex_string(text.colour)
    pdf.set_text_color(colour)
    pdf.set_font(_name(Face(FAMILY, text.weight)), "", text.size * _POINTS)
    pdf.set_char_spacing(text.spacing * _POINTS)
    pdf.set_xy(left, text.y - _BASELINE * text.size)
    pdf.cell(width + text.size, 0, text.text)
