"""Draw lines with a pen and a style, and hatch areas, the same on the map as in its legend."""

from collections.abc import Mapping

import numpy as np
import shapely

from geo.render.picture.drawing import Box, Shape
from geo.render.picture.fit import Part, drawn_parts
from geo.render.picture.look import Pen
from geo.render.picture.window import GeometryArray

DASHES: Mapping[str, tuple[float, ...]] = {
    "solid": (),
    "dashed": (13, 7),
    "dotted": (0.1, 7),
    "dashdotted": (14, 5.5, 2.6, 5.5),
}
LINE_SCALE = 1.75
_HATCH_STEP = 14.0
_HATCH_WIDTH = 2.2


def strokes(
    parts: tuple[Part, ...],
    pen: Pen,
    style: str,
    unit: float,
    *,
    id: str = "",
    alt: str = "",
) -> list[Shape]:
    """Draw a line with a pen: dashes grow with its width, and a core lies on top."""
    width = pen.width * LINE_SCALE * unit
    factor = unit * max(1.0, pen.width / 2.6)
    dash = tuple(length * factor for length in DASHES[style])
    dotted = style == "dotted"
    drawn = [Shape(parts, False, "", pen.colour, width, dash, dotted, id, alt)]
    if pen.core:
        core_dash = dash if not dotted else ()
        drawn.append(Shape(parts, False, "", pen.core, width * 0.45, core_dash, dotted))
    return drawn


def hatching(areas: GeometryArray, colour: str, unit: float, *, step: float = _HATCH_STEP) -> Shape:
    """Hatch areas of the page with lines that rise to the right, drawn as lines in any format."""
    if not len(areas):
        return Shape(())
    left, top, right, bottom = shapely.total_bounds(areas).tolist()
    lines = _slanting(Box(left, top, right, bottom), step * unit)
    whole = shapely.union_all(shapely.make_valid(areas))
    cut = shapely.intersection(lines, whole)
    pieces = shapely.get_parts(cut)
    pieces = pieces[shapely.get_type_id(pieces) == shapely.GeometryType.LINESTRING]
    parts = drawn_parts(pieces)
    return Shape(parts, stroke=colour, width=_HATCH_WIDTH * unit, id="hatch" if parts else "")


def _slanting(box: Box, step: float) -> GeometryArray:
    """Rule a box with lines a step apart from left to right, the same on every part of a page."""
    first, last = (np.floor(at / step) for at in (box.left + box.top, box.right + box.bottom))
    sums = np.arange(first, last + 2) * step
    tops, bottoms = np.full_like(sums, box.top), np.full_like(sums, box.bottom)
    ends = np.stack(
        [np.column_stack([sums - bottoms, bottoms]), np.column_stack([sums - tops, tops])], axis=1
    )
    lines: GeometryArray = np.asarray(shapely.linestrings(ends))
    return lines
