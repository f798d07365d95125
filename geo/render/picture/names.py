"""Set names, scale and globe on the map, where they cover nothing that counts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import shapely

from geo.ranges import RangeRing
from geo.render.palette import Claims
from geo.render.picture.basemap import Name
from geo.render.picture.briefing import Briefing
from geo.render.picture.drawing import Box, Group, Item, Point, Shape, Text
from geo.render.picture.fit import Fit
from geo.render.picture.fonts import fitted, plain, text_width
from geo.render.picture.furniture import (
    degree_labels,
    draw_globe,
    draw_scale,
    free_corner,
    globe_of,
    scale_bar_size,
)
from geo.render.picture.ground import Sheet
from geo.render.picture.labels import Label, Placer, Wish, text_box
from geo.render.picture.look import layer_kind
from geo.render.picture.symbols import symbol_size
from geo.render.scene import Mark, Scene

_DEGREE_M = 111_000.0
_MOST_AREA_NAMES = 20


@dataclass(frozen=True, slots=True)
class Placed:
    """A place that is on the page."""

    mark: Mark
    at: Point


def box_round(at: Point, size: float) -> Box:
    """Draw a square round a point."""
    return Box(at[0] - size / 2, at[1] - size / 2, at[0] + size / 2, at[1] + size / 2)


def draw_names(
    briefing: Briefing,
    sheet: Sheet,
    lines: Sequence[shapely.Geometry],
    marks: Sequence[Placed],
    shown: Mapping[Claims, shapely.Polygon],
) -> list[Item]:
    """Set the furniture where it covers nothing, then the names, the most wanted first."""
    scene, unit, frame = briefing.scene, sheet.unit, sheet.fit.frame
    drawn = _on_page(lines, sheet.fit)
    placer = Placer(frame, [], drawn, sheet.look.halo)
    boxes = [box_round(each.at, symbol_size(each.mark.symbol, unit)) for each in marks]
    for box in boxes:
        placer.reserve(box, symbol=True)
    rings = [
        _on_page(sheet.window.lines([np.array(ring.points)]), sheet.fit) for ring in scene.rings
    ]
    covering = shapely.union_all([*drawn, *chain.from_iterable(rings)])
    items: list[Item] = []
    scale = free_corner(frame, scale_bar_size(unit), boxes, covering, 12 * unit, must=True)
    if scale:
        placer.reserve(scale.grown(3 * unit))
        items.append(draw_scale(sheet.fit, scale, sheet.look, unit))
    wishes = _place_names(marks, sheet)
    labels = [placer.place(wish) for wish in wishes if wish.weight == 600]
    if globe_of(sheet.fit.projection):
        size = min(150 * unit, frame.height * 0.26)
        globe = free_corner(frame, (size, size), placer.taken, covering, 14 * unit)
        if globe:
            placer.reserve(globe.grown(4 * unit))
            items.append(draw_globe(sheet.fit, sheet.world, globe, sheet.look, unit))
    for ring, parts in zip(briefing.rings, rings, strict=True):
        labels.append(placer.place_along(_ring_name(ring, sheet), parts))
    labels += [placer.place(wish) for wish in wishes if wish.weight != 600]
    labels += [placer.place(wish) for wish in _area_names(scene, sheet)]
    labels += [placer.place(wish) for wish in _country_names(scene, sheet, shown)]
    return [*items, Group("labels", (*_written(labels, sheet), *_degrees(placer, sheet)))]


def _ring_name(ring: RangeRing, sheet: Sheet) -> Wish:
    size = 20 * sheet.unit
    text = fitted(plain(ring.label), size, 300 * sheet.unit, 600)
    return Wish("ring-name", text, (0, 0), 5 * sheet.unit, size, 600, sheet.look.ink, centred=True)


def _area_names(scene: Scene, sheet: Sheet) -> Iterable[Wish]:
    """Name the areas of an opened layer in their middles, where they are few and wide enough."""
    if len(scene.areas) > _MOST_AREA_NAMES:
        return
    size, colour = 20 * sheet.unit, sheet.pens[layer_kind()].colour
    for number, area in enumerate(scene.areas):
        lines = _on_page(sheet.window.lines([np.array(ring) for ring in area.rings[:1]]), sheet.fit)
        parts = [shapely.Polygon(line.coords) for line in lines if len(line.coords) > 3]
        parts = [part for part in parts if part.is_valid]
        if not parts:
            continue
        at, width = _widest(max(parts, key=lambda part: float(part.area)))
        text = fitted(plain(area.name), size, 300 * sheet.unit)
        if width > 0.4 * text_width(text, size):
            yield Wish(f"area-{number}", text, at, 0, size, 400, colour, centred=True)


def _on_page(lines: Iterable[shapely.Geometry], fit: Fit) -> list[shapely.LineString]:
    parts = fit.parts(np.array([*lines], dtype=object))
    return [shapely.LineString(part) for part in parts]


def _written(labels: Sequence[Label | None], sheet: Sheet) -> list[Item]:
    """Draw the lines that lead to labels under all the labels."""
    placed = [label for label in labels if label]
    leaders = [
        Shape((label.leader,), stroke=sheet.look.quiet, width=1.4 * sheet.unit, id="leader")
        for label in placed
        if label.leader
    ]
    return [*leaders, *(label.text for label in placed)]


def _degrees(placer: Placer, sheet: Sheet) -> list[Text]:
    found = []
    for text in degree_labels(sheet.fit, sheet.look, sheet.unit):
        box = text_box(text).grown(2)
        if sheet.fit.frame.holds(box) and not any(box.overlaps(o) for o in placer.taken):
            placer.reserve(box)
            found.append(text)
    return found


def _place_names(marks: Sequence[Placed], sheet: Sheet) -> list[Wish]:
    look, unit = sheet.look, sheet.unit
    looks = {"strong": (25, 600, look.ink), "plain": (21, 400, look.ink),
             "faint": (20, 400, look.quiet)}  # fmt: skip
    wishes = []
    for placed in sorted(marks, key=lambda placed: placed.mark.rank):
        mark = placed.mark
        size, weight, colour = looks[mark.emphasis]
        gap = symbol_size(mark.symbol, unit) / 2 + 6 * unit
        text = fitted(plain(mark.label), size * unit, 420 * unit, weight)
        wishes.append(Wish(f"name-{mark.id}", text, placed.at, gap, size * unit, weight, colour))
    return wishes


def _country_names(
    scene: Scene, sheet: Sheet, shown: Mapping[Claims, shapely.Polygon]
) -> Iterable[Wish]:
    """Name countries once each, the noted ones first, and others where they are large enough."""
    look, unit = sheet.look, sheet.unit
    noted = {*scene.tints, *scene.closed}
    wanted = [name for name in sheet.world.names if not name.text.startswith("claimed")]
    wanted.sort(key=lambda name: (name.claims not in noted, -name.room_deg))
    done: set[str] = set()
    for name in wanted:
        special = name.claims in noted
        room = _room(name, sheet, shown.get(name.claims) if special else None)
        if room is None or name.text in done:
            continue
        at, width = room
        size, text = 20 * unit, name.text.upper()
        if width > (0.3 if special else 0.85) * len(text) * size * 0.62:
            done.add(name.text)
            yield Wish(
                f"country-{'+'.join(name.claims)}", text, at, 0, size, 600 if special else 400,
                look.quiet if special else look.country, 0.09 * size, centred=True,
            )  # fmt: skip


def _room(name: Name, sheet: Sheet, shown: shapely.Polygon | None) -> tuple[Point, float] | None:
    """Find where a country's name would stand, and how wide its land is there."""
    fit, at = sheet.fit, sheet.fit.at(name.lonlat)
    if (
        np.isfinite(at).all()
        and fit.frame.holds(box_round(at, 40 * sheet.unit))
        and sheet.window.shows(name.lonlat)
    ):
        return at, 2 * name.room_deg * _DEGREE_M * fit.scale
    # What is seen of a noted country has its own middle.
    return None if shown is None else _widest(shown)


def _widest(area: shapely.Polygon) -> tuple[Point, float]:
    """Find the middle of the largest circle within an area of the page, and its width."""
    radius = shapely.maximum_inscribed_circle(area, 4.0)
    (x, y), _ = shapely.get_coordinates(radius).tolist()
    return (x, y), 2 * float(radius.length)
