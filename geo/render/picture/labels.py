"""Find room for labels: none overlaps another, a symbol or the frame."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from geo.render.picture.drawing import Box, Point, Text
from geo.render.picture.fonts import ASCENT, DESCENT, text_width

_PAD = 2.0
# What crossing a route costs, by the share of the label that lies over one, beside the cost of a
# place's rank, 0 to 10 or so.
_ROUTE_COST = 60.0
_STRANGER_COST = 9.0
_ALONG = 30.0
_DIRECTIONS = ((1, 0), (-1, 0), (0.7, -0.7), (0.7, 0.7), (-0.7, -0.7), (-0.7, 0.7), (0, -1), (0, 1))


def text_box(text: Text) -> Box:
    """Measure where a text stands, by its longest letters and the width of all of them."""
    width = text_width(text.text, text.size, text.weight, text.spacing)
    left = text.x - {"start": 0.0, "middle": width / 2, "end": width}[text.anchor]
    return Box(left, text.y - ASCENT * text.size, left + width, text.y + DESCENT * text.size)


@dataclass(frozen=True, slots=True)
class Label:
    """A label in its place, and the line that leads to it from a symbol too far for none."""

    text: Text
    leader: tuple[Point, Point] | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """A label to be placed round a point, `gap` from it, and what it looks like."""

    id: str
    text: str
    at: Point
    gap: float
    size: float
    weight: int
    colour: str
    spacing: float = 0.0
    centred: bool = False


class Placer:
    """Places labels one after the other in a frame, around what is there already."""

    def __init__(
        self, frame: Box, taken: Sequence[Box], routes: Sequence[shapely.Geometry], halo: str
    ) -> None:
        self.frame, self.taken, self.halo = frame, list(taken), halo
        self._routes = shapely.union_all(list(routes)) if routes else shapely.LineString()
        shapely.prepare(self._routes)
        self._symbols: list[Box] = []

    def reserve(self, box: Box, *, symbol: bool = False) -> None:
        """Keep a box free of labels; beside a symbol, a label must not seem to be its name."""
        self.taken.append(box)
        if symbol:
            self._symbols.append(box)

    def place(self, wish: Wish) -> Label | None:
        """Place a label where it is best, or nowhere if there is no room."""
        best, best_cost = None, np.inf
        for order, text in enumerate(_candidates(wish, self.halo)):
            box = text_box(text).grown(_PAD)
            if not self.frame.holds(box.grown(3)) or any(box.overlaps(o) for o in self.taken):
                continue
            cost = order + self._route_cost(box) + self._stranger_cost(box, wish)
            if cost < best_cost:
                best, best_cost = text, cost
        if best is None:
            return None
        box = text_box(best)
        self.taken.append(box.grown(_PAD))
        return Label(best, None if wish.centred else _leader(box, wish))

    def place_along(self, wish: Wish, lines: Sequence[shapely.LineString]) -> Label | None:
        """Place a label beside a line, where it is farthest up and covers least, the line too."""
        best, best_cost = None, np.inf
        own = shapely.union_all(list(lines))
        for text in self._beside(wish, lines):
            box = text_box(text).grown(_PAD)
            if not self.frame.holds(box.grown(3)) or any(box.overlaps(o) for o in self.taken):
                continue
            area = shapely.box(box.left, box.top, box.right, box.bottom)
            covered = shapely.intersection(own, area).length / box.width
            down = (text.y - self.frame.top) / self.frame.height
            cost = 3 * down + self._route_cost(box) + _ROUTE_COST * covered
            if cost < best_cost:
                best, best_cost = text, cost
        if best is None:
            return None
        self.taken.append(text_box(best).grown(_PAD))
        return Label(best)

    def _beside(self, wish: Wish, lines: Sequence[shapely.LineString]) -> Iterator[Text]:
        """Set a text above, below, left and right of many points of lines."""
        width = text_width(wish.text, wish.size, wish.weight, wish.spacing)
        across, down = width / 2 + wish.gap, (ASCENT + DESCENT) * wish.size / 2 + wish.gap
        for line in lines:
            for along in _steps(line.length):
                point = line.interpolate(along)
                for dx, dy in ((0.0, -down), (0.0, down), (across, 0.0), (-across, 0.0)):
                    yield _candidates(replace(wish, at=(point.x + dx, point.y + dy)), self.halo)[0]

    def _route_cost(self, box: Box) -> float:
        area = shapely.box(box.left, box.top, box.right, box.bottom)
        covered = shapely.intersection(self._routes, area).length
        return _ROUTE_COST * min(1.0, covered / max(box.width, 1.0))

    def _stranger_cost(self, box: Box, wish: Wish) -> float:
        near = box.grown(wish.gap * 0.6)
        return sum(
            _STRANGER_COST
            for symbol in self._symbols
            if near.overlaps(symbol) and not symbol.grown(1).overlaps(_point_box(wish.at))
        )


def _steps(length: float) -> list[float]:
    """List places along a line, some thirty units apart."""
    count = max(1, int(length / _ALONG))
    return [length * (number + 0.5) / count for number in range(count)]


def _leader(box: Box, wish: Wish) -> tuple[Point, Point] | None:
    """Join a symbol with the nearest edge of a label that stands well off."""
    (x, y), end = wish.at, (0.0, 0.0)
    middle = (box.top + box.bottom) / 2
    end = (min(max(x, box.left), box.right), middle if not box.left < x < box.right else y)
    if box.left < x < box.right:
        end = (x, box.bottom if box.bottom < y else box.top)
    away = math.hypot(end[0] - x, end[1] - y)
    if away < wish.gap * 1.9:
        return None
    start = (wish.gap - 3) / away
    return (x + (end[0] - x) * start, y + (end[1] - y) * start), end


def _point_box(at: Point) -> Box:
    return Box(at[0], at[1], at[0], at[1]).grown(0.5)


def _candidates(wish: Wish, halo: str) -> list[Text]:
    """List the places round a point, the best first; a centred label stays over it or nearby."""
    width = text_width(wish.text, wish.size, wish.weight, wish.spacing)
    height = (ASCENT + DESCENT) * wish.size
    x, y, gap = wish.at[0], wish.at[1], wish.gap
    if wish.centred:
        steps = (0.0, -1.2, 1.2, -2.4, 2.4)
        sides = (0.0, -0.45, 0.45, -0.8, 0.8)
        corners = [
            (x - width / 2 + side * width, y - height / 2 + step * height)
            for step in steps
            for side in sides
        ]
        corners.sort(key=lambda at: abs(at[0] + width / 2 - x) / 3 + abs(at[1] + height / 2 - y))
    else:
        slant = gap * 0.7
        corners = [
            (x + gap, y - height / 2), (x - gap - width, y - height / 2),
            (x + slant, y - slant - height), (x + slant, y + slant),
            (x - slant - width, y - slant - height), (x - slant - width, y + slant),
            (x - width / 2, y - gap - height), (x - width / 2, y + gap),
            (x + gap, y - height), (x + gap, y), (x - gap - width, y - height),
            (x - gap - width, y),
            (x + gap * 1.8, y - height / 2), (x - gap * 1.8 - width, y - height / 2),
            (x + slant * 2, y - slant * 2 - height), (x + slant * 2, y + slant * 2),
            (x - slant * 2 - width, y - slant * 2 - height),
            (x - slant * 2 - width, y + slant * 2),
        ]  # fmt: skip
        corners += [
            (x + far * gap * across - (width if across < 0 else 0 if across else width / 2),
             y + far * gap * down - height / 2)
            for far in (3.0, 4.5, 6.0)
            for across, down in _DIRECTIONS
        ]  # fmt: skip
    return [
        Text(
            wish.text, left, top + ASCENT * wish.size, wish.size, wish.colour, wish.weight,
            spacing=wish.spacing, halo=halo, id=wish.id,
        )
        for left, top in corners
    ]  # fmt: skip
