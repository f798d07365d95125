"""Draw what tells where the map is and how large: scale bar, north arrow, graticule, globe."""

import math
from collections.abc import Sequence

import numpy as np
import shapely

from geo.geodesy import GEOD
from geo.model import FloatArray
from geo.render.picture.basemap import World
from geo.render.picture.drawing import Box, Group, Item, Point, Shape, Text
from geo.render.picture.fit import Fit, edge_points
from geo.render.picture.look import Look
from geo.render.picture.projection import Projection, make_projection
from geo.render.picture.symbols import circle
from geo.render.picture.window import Window
from geo.units import KILOMETRES, STATUTE_MILES, Unit

_STEPS_DEG = (1.0, 2.0, 5.0, 10.0, 15.0, 30.0)
_MOST_LINES = 7


def ground_m(fit: Fit, length: float) -> float:
    """Measure on the ground what a level line of this length shows in the middle of the frame."""
    x, y = fit.frame.middle
    ends = fit.lonlat(np.array([(x - length / 2, y), (x + length / 2, y)]))
    return float(GEOD.inv(*ends[0], *ends[1])[2])


def bar_length(fit: Fit, length_m: float) -> float:
    """Find how long these metres are on the page, in the middle of the frame."""
    low, high = 0.0, fit.frame.width
    for _ in range(50):
        middle = (low + high) / 2
        # No number at all where an end is off the globe.
        low, high = (middle, high) if ground_m(fit, middle) <= length_m else (low, middle)
    return (low + high) / 2


def round_amount(fit: Fit, longest: float, unit: Unit) -> float:
    """Choose the largest amount of a unit with one figure of 1, 2 or 5 that isn't too long."""
    amount = ground_m(fit, longest) / unit.metres
    power = 10.0 ** math.floor(math.log10(amount))
    return max(figure * power for figure in (1.0, 2.0, 5.0) if figure * power <= amount)


def scale_bar_size(unit: float) -> tuple[float, float]:
    """Tell the room that the scale bar and the north arrow take."""
    return 350 * unit, 104 * unit


def draw_scale(fit: Fit, box: Box, look: Look, unit: float) -> Group:
    """Draw a bar in miles over one in kilometres, true in the map's middle, and an arrow north."""
    size = 20 * unit
    left, middle = box.left + 60 * unit, box.top + 40 * unit
    items: list[Item] = []
    for length_unit, up in ((STATUTE_MILES, True), (KILOMETRES, False)):
        amount = round_amount(fit, box.width - 160 * unit, length_unit)
        length = bar_length(fit, amount * length_unit.metres)
        tick = middle + (-10 if up else 10) * unit
        bar = ((left, tick), (left, middle), (left + length, middle), (left + length, tick))
        items.append(
            Shape((bar,), stroke=look.ink, width=2 * unit, id=f"scale-{length_unit.symbol}")
        )
        y = middle + (-6 if up else 6 + 0.7 * 20) * unit
        words = f"{amount:,.10g} {length_unit.symbol}"
        items.append(Text(words, left + length + 8 * unit, y, size, look.ink, 600))
    note = "True at the map’s centre"
    items.append(Text(note, left, box.bottom - 11 * unit, 20 * unit, look.quiet))
    arrow = _arrow(fit, (box.left + 30 * unit, box.top + 56 * unit), look, unit)
    backing = Shape((box.ring,), True, look.paper, look.rule, unit)
    return Group("scale", (backing, *items, *arrow), "Scale bar and north arrow")


def _arrow(fit: Fit, at: Point, look: Look, unit: float) -> tuple[Item, ...]:
    """Point to the north as it is in the map's middle."""
    lon, lat = fit.lonlat(np.array([fit.frame.middle]))[0]
    step = 0.05 if lat < 89.9 else -0.05
    towards = np.array(fit.at((lon, lat + step))) - np.array(fit.frame.middle)
    up = math.atan2(*(towards * math.copysign(1, step)))
    ahead, aside = (math.sin(up), math.cos(up)), (math.cos(up), -math.sin(up))

    def point(along: float, across: float) -> Point:
        return (
            at[0] + (along * ahead[0] + across * aside[0]) * unit,
            at[1] + (along * ahead[1] + across * aside[1]) * unit,
        )

    needle = (point(20, 0), point(-18, 10), point(-11, 0), point(-18, -10))
    top = point(31, 0)
    return (
        Shape((needle,), True, look.ink, id="north"),
        Text("N", top[0], top[1] + 7 * unit, 20 * unit, look.ink, 600, "middle"),
    )


def graticule_step(fit: Fit) -> float:
    """Choose how many degrees apart the lines of the graticule are."""
    height_deg = math.degrees(fit.frame.height / fit.scale / GEOD.a)
    return next((step for step in _STEPS_DEG if height_deg / step <= _MOST_LINES), 30.0)


def graticule(step: float) -> list[FloatArray]:
    """List meridians and parallels, densely enough for any projection."""
    along = np.arange(-180.0, 180.5, 1.0)
    far = 90 - step
    meridians = [
        np.column_stack([np.full(len(lats), lon), lats])
        for lon in np.arange(-180, 180, step)
        for lats in [np.arange(-far, far + 0.5, 1.0)]
    ]
    parallels = [
        np.column_stack([along, np.full(len(along), lat)]) for lat in np.arange(-far, far + 1, step)
    ]
    return meridians + parallels


def degree_labels(fit: Fit, look: Look, unit: float) -> list[Text]:
    """Name the meridians at the frame's lower edge and the parallels at its left one."""
    step, frame, size = graticule_step(fit), fit.frame, 20 * unit
    labels = []
    level = np.linspace(frame.left, frame.right, 400)
    bottom = fit.lonlat(np.column_stack([level, np.full(400, frame.bottom)]))
    for at, lon in _passed(level, bottom[:, 0], step):
        labels.append(
            Text(_degrees(lon, "EW"), at, frame.bottom - 7 * unit, size, look.quiet, 400,
                 "middle", halo=look.halo, id="degrees")
        )  # fmt: skip
    upright = np.linspace(frame.top, frame.bottom, 400)
    left = fit.lonlat(np.column_stack([np.full(400, frame.left), upright]))
    for at, lat in _passed(upright, left[:, 1], step):
        labels.append(
            Text(_degrees(lat, "NS"), frame.left + 7 * unit, at + 7 * unit, size, look.quiet,
                 halo=look.halo, id="degrees")
        )  # fmt: skip
    return labels


def _passed(along: FloatArray, degrees: FloatArray, step: float) -> list[tuple[float, float]]:
    """Find where round degrees are passed, and which."""
    found = []
    for i in range(len(along) - 1):
        a, b = degrees[i], degrees[i + 1]
        if np.isfinite((a, b)).all() and abs(b - a) < step:
            line = step * math.floor(max(a, b) / step)
            if min(a, b) < line <= max(a, b):
                found.append((float(along[i]), line))
    return found


def _degrees(value: float, sides: str) -> str:
    value = (value + 180) % 360 - 180 if sides == "EW" else value
    side = "" if value in (0, -180) else f" {sides[0] if value > 0 else sides[1]}"
    return f"{abs(value):g}°{side}"


def draw_globe(fit: Fit, world: World, box: Box, look: Look, unit: float) -> Group:
    """Draw a small globe with the map's frame on it."""
    lonlat = fit.lonlat(edge_points(fit.frame))
    middle = fit.lonlat(np.array([fit.frame.middle]))[0]
    globe = make_projection("orthographic", float(middle[0]), float(middle[1]), lonlat)
    window = Window(globe, 90)
    radius = box.width / 2 - 2 * unit
    limb = window.limb
    small = Fit(globe, box, radius / float(np.abs(limb).max()), (0.0, 0.0))
    land = window.areas([[ring] for ring in world.coarse])
    ring = tuple((x + box.middle[0], y + box.middle[1]) for x, y in circle(radius))
    # What lies off the globe has no outline there.
    edge = lonlat[np.isfinite(lonlat).all(axis=1)]
    outline = window.lines([np.vstack([edge, edge[:1]])])
    return Group(
        "locator",
        (
            Shape((ring,), True, look.sea, look.paper, 6 * unit),
            Shape(small.parts(land), True, look.coast),
            Shape((ring,), True, "", look.quiet, 1.2 * unit),
            Shape(small.parts(outline), stroke=look.accent, width=2.6 * unit),
        ),
        "Globe that shows where the map is",
    )


def free_corner(
    frame: Box,
    size: tuple[float, float],
    taken: Sequence[Box],
    lines: shapely.Geometry,
    gap: float,
    *,
    must: bool = False,
) -> Box | None:
    """Find a corner or an edge of a frame where a box covers no symbol and none of the lines.

    Returns None where every place would cover a symbol, or a line; what `must` be drawn covers as
    little of the lines as can be.
    """
    width, height = size
    lefts = (frame.right - width - gap, frame.left + gap, frame.middle[0] - width / 2)
    tops = (frame.bottom - height - gap, frame.top + gap, frame.middle[1] - height / 2)
    spots = [(left, top) for top in tops for left in lefts]
    found: list[tuple[float, Box]] = []
    for left, top in spots[:2] + spots[3:5] + [spots[6], spots[7], spots[2], spots[5]]:
        box = Box(left, top, left + width, top + height)
        if frame.holds(box) and not any(box.overlaps(o) for o in taken):
            covered = shapely.intersection(lines, shapely.box(*_edges(box.grown(4)))).length
            found.append((float(covered), box))
    free = [box for covered, box in found if not covered]
    if free or not must:
        return free[0] if free else None
    return min(found, key=lambda each: each[0])[1] if found else None


def _edges(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.top, box.right, box.bottom


def globe_of(projection: Projection) -> bool:
    """Tell whether a small globe beside the map would say something new."""
    return projection.kind in ("lambert", "equidistant", "mercator")
