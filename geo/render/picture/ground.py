"""Draw what lies under the routes: sea, land by whose it is, what is closed, coasts and borders."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from geo.model import FloatArray
from geo.render.palette import Claims
from geo.render.picture.basemap import World
from geo.render.picture.briefing import Briefing
from geo.render.picture.drawing import Shape
from geo.render.picture.fit import Fit, drawn_parts
from geo.render.picture.furniture import graticule, graticule_step
from geo.render.picture.look import Look, Pens, PictureTheme, layer_kind, ring_kind, tint
from geo.render.picture.strokes import LINE_SCALE, hatching, strokes
from geo.render.picture.window import Window
from geo.render.scene import Scene

_WIDTHS = {"coast": 1.3, "border": 1.3, "disputed": 1.5}


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """What a map is drawn on: its place on the page, what it shows of the globe, and its looks."""

    fit: Fit
    window: Window
    world: World
    look: Look
    pens: Pens
    theme: PictureTheme
    unit: float


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """The shapes under the routes; `shown` is what the frame shows of each noted state's land."""

    shapes: tuple[Shape, ...]
    shown: Mapping[Claims, shapely.Polygon]


def draw_ground(briefing: Briefing, sheet: Sheet) -> Ground:
    """Draw the base map, with the layer, the many routes of files and the rings of a briefing."""
    scene, look, unit = briefing.scene, sheet.look, sheet.unit
    pieces = _pieces(scene, sheet)
    lines = _stroke(graticule(graticule_step(sheet.fit)), sheet, look.graticule, 1.2 * unit)
    closed = [piece for claims in scene.closed for piece in pieces.get(claims, ())]
    shapes = (
        *_sea(sheet),
        lines,
        *_land(scene, pieces, sheet),
        hatching(np.array(closed, dtype=object), look.hatch, unit),
        *_borders(sheet),
        *_areas(scene, sheet),
        *_surveys(briefing, sheet),
        *_rings(scene, sheet),
    )
    return Ground(tuple(s for s in shapes if s.parts), _shown(scene, pieces))


def limb(sheet: Sheet) -> tuple[tuple[float, float], ...]:
    """Draw the globe's edge."""
    return tuple((float(x), float(y)) for x, y in sheet.fit.page(sheet.window.limb))


def _sea(sheet: Sheet) -> Iterator[Shape]:
    frame, look = sheet.fit.frame, sheet.look
    if sheet.window.projection.kind == "orthographic":
        yield Shape((frame.ring,), True, look.paper)
        yield Shape((limb(sheet),), True, look.sea, id="sea")
    else:
        yield Shape((frame.ring,), True, look.sea, id="sea")


def _pieces(scene: Scene, sheet: Sheet) -> dict[Claims | None, list[shapely.Geometry]]:
    """Bring the land to the page, by whose it is where that is to be seen, else by None."""
    world, window = sheet.world, sheet.window
    near = world.around["land"].near((window.plane.lon, window.plane.lat), window.reach_deg)
    cut = sheet.fit.cut(window.areas([world.land[number].rings for number in near]))
    noted = {*scene.tints, *scene.closed}
    found: dict[Claims | None, list[shapely.Geometry]] = defaultdict(list)
    for number, piece in zip(near, cut, strict=True):
        claims = world.land[number].claims
        if not shapely.is_empty(piece):
            found[claims if claims in noted else None].append(piece)
    return found


def _land(
    scene: Scene, pieces: Mapping[Claims | None, Sequence[shapely.Geometry]], sheet: Sheet
) -> Iterator[Shape]:
    numbers = {claims: number for number, claims in enumerate(scene.tints)}
    # The land that isn't noted lies undermost.
    for claims in sorted(pieces, key=lambda claims: claims is not None):
        fill, parts = sheet.look.land, drawn_parts(np.array(pieces[claims], dtype=object))
        if claims is not None and claims in scene.tints:
            fill = tint(scene.tints[claims], sheet.theme, numbers[claims])
        yield Shape(parts, True, fill, id="land" if claims is None else "+".join(claims))


def _borders(sheet: Sheet) -> Iterator[Shape]:
    look, window, world = sheet.look, sheet.window, sheet.world
    colours = {"coast": look.coast, "border": look.border, "disputed": look.disputed}
    for kind, lines in world.lines.items():
        near = world.around[kind].near((window.plane.lon, window.plane.lat), window.reach_deg)
        dash = (5 * sheet.unit, 5 * sheet.unit) if kind == "disputed" else ()
        width = _WIDTHS[kind] * sheet.unit
        yield _stroke([lines[number] for number in near], sheet, colours[kind], width, dash)


def _stroke(
    lines: Sequence[FloatArray],
    sheet: Sheet,
    colour: str,
    width: float,
    dash: tuple[float, ...] = (),
) -> Shape:
    parts = sheet.fit.parts(sheet.window.lines(lines))
    return Shape(parts, stroke=colour, width=width, dash=dash)


def _areas(scene: Scene, sheet: Sheet) -> Iterator[Shape]:
    """Outline the areas of an opened layer."""
    for area in scene.areas:
        rings = [np.array(ring) for ring in area.rings if len(ring) > 2]
        parts = sheet.fit.parts(sheet.window.lines(rings))
        yield from strokes(
            parts, sheet.pens[layer_kind()], "dashed", sheet.unit, id="area", alt=area.name
        )


def _surveys(briefing: Briefing, sheet: Sheet) -> Iterator[Shape]:
    """Draw the routes of each file that holds many as one shape, the thinner the more they are."""
    pen = sheet.pens[layer_kind()]
    for name, found in briefing.surveys:
        parts = sheet.fit.parts(sheet.window.lines(found.lines))
        few = max(0.3, min(0.75, 5 / len(found.names) ** 0.5))
        width = pen.width * LINE_SCALE * few * sheet.unit
        yield Shape(parts, stroke=pen.colour, width=width, id="survey", alt=name)


def _rings(scene: Scene, sheet: Sheet) -> Iterator[Shape]:
    """Draw range rings as thin lines, on a halo that keeps them apart from borders."""
    pen, unit = sheet.pens[ring_kind(scene)], sheet.unit
    for ring in scene.rings:
        parts = sheet.fit.parts(sheet.window.lines([np.array(ring.points)]))
        yield Shape(parts, stroke=sheet.look.halo, width=(pen.width * LINE_SCALE + 2.4) * unit)
        yield from strokes(parts, pen, ring.style, unit, id="ring", alt=ring.name)


def _shown(
    scene: Scene, pieces: Mapping[Claims | None, Sequence[shapely.Geometry]]
) -> dict[Claims, shapely.Polygon]:
    """Find the largest part that the frame shows of each noted state's land."""
    found = {}
    for claims in (*scene.tints, *scene.closed):
        parts = shapely.get_parts(shapely.get_parts(pieces.get(claims, [])))
        if len(parts):
            found[claims] = parts[int(np.argmax(shapely.area(parts)))]
    return found
