"""Draw the places' symbols, the same as on the map on the page, as rings of points."""

import math
from collections.abc import Mapping

from geo.render.picture.drawing import Point, Shape
from geo.render.picture.look import Look

# Diameters on a page 1080 units high.
_SIZES: Mapping[str, float] = {
    "departure": 34, "kept": 24, "landing": 24, "inferred": 24, "home": 19, "staging": 22,
    "unnamed": 12, "other": 24,
}  # fmt: skip
_STAR = (
    (0, -9), (2.5, -3), (9, -3), (3.8, 1.3), (5.8, 8), (0, 4), (-5.8, 8), (-3.8, 1.3), (-9, -3),
    (-2.5, -3),
)  # fmt: skip
_SQUARE = ((-7.5, -7.5), (7.5, -7.5), (7.5, 7.5), (-7.5, 7.5))
_DIAMOND = ((0, -8.5), (8.5, 0), (0, 8.5), (-8.5, 0))
_TRIANGLE = ((0, -8.5), (8.5, 7), (-8.5, 7))


def symbol_size(symbol: str, unit: float) -> float:
    """Tell the diameter that a symbol is drawn with."""
    return _SIZES.get(symbol, _SIZES["unnamed"]) * unit


def draw_symbol(
    symbol: str, at: Point, unit: float, look: Look, *, id: str = "", alt: str = ""
) -> tuple[Shape, ...]:
    """Draw a symbol round a point; all its parts have the point in their middle."""
    factor = symbol_size(symbol, unit) / 20
    line = 2.4 * factor

    def shape(ring: tuple[Point, ...], fill: str, stroke: str, width: float, name: str) -> Shape:
        placed = tuple((at[0] + x * factor, at[1] + y * factor) for x, y in ring)
        known = alt if name == id else ""
        return Shape((placed,), True, fill, stroke, width, id=name, alt=known)

    if symbol in ("departure", "kept"):
        ring = _STAR if symbol == "departure" else _SQUARE
        return (
            shape(ring, look.halo, look.halo, 3.4 * unit, ""),
            shape(ring, look.ink, "", 0, id),
        )
    if symbol in ("landing", "inferred"):
        fill = look.landing if symbol == "landing" else look.paper
        half = (shape(circle(8, 90, 270), look.landing, "", 0, ""),) if symbol == "inferred" else ()
        outline = shape(circle(8), "", look.ink, line, id)
        return (shape(circle(8), fill, look.halo, line + 3 * unit, ""), *half, outline)
    if symbol == "home":
        halo = shape(circle(7.5), look.paper, look.halo, line * 1.25 + 2.4 * unit, "")
        return halo, shape(circle(7.5), look.paper, look.ink, line * 1.25, id)
    if symbol in ("staging", "other"):
        edges = _TRIANGLE if symbol == "staging" else _DIAMOND
        width = line if symbol == "staging" else line * 1.25
        halo = shape(edges, look.paper, look.halo, width + 2.4 * unit, "")
        return halo, shape(edges, look.paper, look.ink, width, id)
    return (shape(circle(8), look.quiet, look.halo, 1.6 * unit, id),)


def circle(radius: float, start_deg: float = 0, end_deg: float = 360) -> tuple[Point, ...]:
    """Make a ring of points on a circle or, closed by its chord, on a part of one."""
    count = max(12, round(48 * (end_deg - start_deg) / 360))
    whole = end_deg - start_deg == 360
    angles = [
        math.radians(start_deg + (end_deg - start_deg) * number / (count if whole else count - 1))
        for number in range(count)
    ]
    return tuple((radius * math.cos(angle), radius * math.sin(angle)) for angle in angles)
