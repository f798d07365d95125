"""Draw the map itself in its frame: the ground, routes, places and their names."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from geo.geodesy import make_tracks
from geo.model import FloatArray
from geo.render.picture.basemap import load_world
from geo.render.picture.briefing import Briefing
from geo.render.picture.drawing import Box, Group, Shape
from geo.render.picture.fit import Fit, make_fit
from geo.render.picture.fonts import plain
from geo.render.picture.ground import Sheet, draw_ground, limb
from geo.render.picture.look import Look, Pens, PictureTheme
from geo.render.picture.names import Placed, box_round, draw_names
from geo.render.picture.projection import Kind, choose_projection, enclosing_circle
from geo.render.picture.strokes import LINE_SCALE, strokes
from geo.render.picture.symbols import draw_symbol, symbol_size
from geo.render.picture.window import Window
from geo.render.scene import Scene
from geo.sphere import unit_vectors

_OFFSET_M = 50.0
# Places that no shown route ends at and no report names.
LEAST_RANK = 8
_WORLD = np.array([(-180.0, -60.0), (-90.0, 0.0), (0.0, 75.0), (90.0, 0.0), (180.0, 75.0)])
# A ring that is wider than this beside the routes is shown in part.
_WIDEST_RING = 5.0


@dataclass(frozen=True, slots=True)
class Chart:
    """A map in its frame; `symbols` are the kinds of places that are on it.

    `unseen` are the names of rings that lie beyond its frame.
    """

    group: Group
    fit: Fit
    symbols: frozenset[str]
    unseen: frozenset[str]


def tracks_of(briefing: Briefing) -> dict[str, FloatArray]:
    """Draw the routes as geodesics, (n, 2) by route, running on over the antimeridian."""
    tracks = make_tracks([row.flight.route for row in briefing.rows], max_offset_m=_OFFSET_M)
    return {
        row.flight.plan.id: track.lonlat for row, track in zip(briefing.rows, tracks, strict=True)
    }


def content(briefing: Briefing) -> FloatArray:
    """List the points that the map must show: the routes, and rings that aren't far wider."""
    return _content(briefing, tracks_of(briefing))


def _content(briefing: Briefing, tracks: Mapping[str, FloatArray]) -> FloatArray:
    rings = [_in_one_turn(np.array(ring.points)) for ring in briefing.scene.rings]
    lines = [line for _, found in briefing.surveys for line in found.lines]
    routes = [*tracks.values(), *map(_in_one_turn, lines)]
    if routes:
        whole = np.concatenate(routes)
        lon, lat, reach_deg = enclosing_circle(whole)
        middle = unit_vectors(np.array([(lon, lat)]))[0]
        least = np.cos(np.radians(min(180.0, _WIDEST_RING * reach_deg)))
        kept = [ring for ring in rings if (unit_vectors(ring) @ middle).min() > least]
        return np.concatenate([whole, *kept])
    outlines = [np.array(ring) for area in briefing.scene.areas for ring in area.rings]
    if rings or outlines:
        return np.concatenate([*rings, *map(_in_one_turn, outlines)])
    marks = [mark.lonlat for mark in briefing.scene.marks]
    return np.array(marks) if marks else _WORLD


def _in_one_turn(lonlat: FloatArray) -> FloatArray:
    return np.column_stack([(lonlat[:, 0] + 180) % 360 - 180, lonlat[:, 1]])


def draw_chart(
    briefing: Briefing,
    frame: Box,
    look: Look,
    pens: Pens,
    theme: PictureTheme,
    unit: float,
    kind: Kind | None,
) -> Chart:
    """Draw the map; `unit` is the scale of type and lines, 1 on a page of 1920 by 1080."""
    scene = briefing.scene
    tracks = tracks_of(briefing)
    points = _content(briefing, tracks)
    if points is _WORLD:
        kind = kind or "mercator"
    projection = choose_projection(points, kind)
    fit = make_fit(projection, points, frame, _inner(frame, unit))
    window = Window(projection, fit.reach_deg)
    sheet = Sheet(fit, window, load_world(), look, pens, theme, unit)
    ground = draw_ground(briefing, sheet)
    lines = dict(zip(tracks, window.lines(list(tracks.values())), strict=True))
    ends = {row.flight.plan.destination for row in briefing.rows}
    marks = _marks(scene, sheet, ends)
    under: list[Shape] = [*ground.shapes]
    if projection.kind == "orthographic":
        under.append(Shape((limb(sheet),), True, "", look.coast, 1.4 * unit))
    drawn = (*under, *_routes(scene, lines, sheet), *_symbols(marks, sheet))
    border = Shape((frame.ring,), True, "", look.quiet, 1.2 * unit, id="frame")
    over = draw_names(briefing, sheet, list(lines.values()), marks, ground.shown)
    group = Group("map", (Group("map-content", drawn, clip=frame), *over, border), "Map")
    seen = {shape.alt for shape in ground.shapes if shape.id == "ring"}
    unseen = frozenset(ring.name for ring in scene.rings) - seen
    return Chart(group, fit, frozenset(each.mark.symbol for each in marks), unseen)


def _inner(frame: Box, unit: float) -> Box:
    """Leave room round what is shown, for names to stand in."""
    across = min(110 * unit, frame.width * 0.12)
    down = min(50 * unit, frame.height * 0.08)
    return Box(frame.left + across, frame.top + down, frame.right - across, frame.bottom - 2 * down)


def _routes(
    scene: Scene, placed: Mapping[str, shapely.Geometry], sheet: Sheet
) -> tuple[Shape, ...]:
    items: list[Shape] = []
    for line in scene.lines:
        if line.id not in placed:
            continue
        parts = sheet.fit.parts(np.array([placed[line.id]], dtype=object), thinned=False)
        pen = sheet.pens[line.colour, line.width]
        # A thin line would be lost in a hatch.
        if pen.width > 2 or scene.closed:
            width = (pen.width * LINE_SCALE + (3.4 if pen.width > 2 else 2.2)) * sheet.unit
            items.append(Shape(parts, stroke=sheet.look.halo, width=width))
        alt = plain(f"{line.card.title}. {line.card.subtitle}")
        items += strokes(parts, pen, line.style, sheet.unit, id=f"route-{line.id}", alt=alt)
    return tuple(items)


def _marks(scene: Scene, sheet: Sheet, ends: set[str]) -> list[Placed]:
    """Find the places that are in the frame, without those that others would all but cover."""
    found: list[Placed] = []
    for mark in sorted(scene.marks, key=lambda mark: mark.rank):
        at = sheet.fit.at(mark.lonlat)
        if mark.rank >= LEAST_RANK or not np.isfinite(at).all():
            continue
        size = symbol_size(mark.symbol, sheet.unit)
        inside = sheet.fit.frame.holds(box_round(at, size).grown(2))
        hidden = any(math.dist(at, other.at) < size * 0.45 for other in found)
        if inside and (mark.id in ends or not hidden) and sheet.window.shows(mark.lonlat):
            found.append(Placed(mark, at))
    return sorted(found, key=lambda placed: -placed.mark.rank)


def _symbols(marks: Sequence[Placed], sheet: Sheet) -> list[Shape]:
    return [
        shape
        for mark, at in ((placed.mark, placed.at) for placed in marks)
        for shape in draw_symbol(
            mark.symbol, at, sheet.unit, sheet.look, id=f"mark-{mark.id}",
            alt=plain(mark.card.title),
        )
    ]  # fmt: skip
