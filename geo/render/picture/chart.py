"""Draw the map itself in its frame: land, routes, places and their names."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import shapely

from geo.geodesy import make_tracks
from geo.model import FloatArray
from geo.render.palette import LAYER, Claims
from geo.render.picture.basemap import World, load_world
from geo.render.picture.briefing import Briefing
from geo.render.picture.drawing import Box, Group, Item, Point, Shape
from geo.render.picture.fit import Fit, make_fit
from geo.render.picture.fonts import fitted, plain
from geo.render.picture.furniture import (
    degree_labels,
    draw_globe,
    draw_scale,
    free_corner,
    globe_of,
    graticule,
    graticule_step,
    scale_bar_size,
)
from geo.render.picture.labels import Placer, Wish, text_box
from geo.render.picture.look import Look, Pen, PictureTheme, tint
from geo.render.picture.projection import Kind, Window, choose_projection, unit_vectors
from geo.render.picture.symbols import draw_symbol, symbol_size
from geo.render.scene import Mark, Scene

_OFFSET_M = 50.0
_DEGREE_M = 111_000.0
DASHES: Mapping[str, tuple[float, ...]] = {"solid": (), "dashed": (13, 7), "dotted": (0.1, 7)}
# Places that no shown route ends at and no report names.
_LEAST_RANK = 8
_WORLD = np.array([(-180.0, -60.0), (-90.0, 0.0), (0.0, 75.0), (90.0, 0.0), (180.0, 75.0)])
LINE_SCALE = 1.75


@dataclass(frozen=True, slots=True)
class Chart:
    """A map in its frame; `symbols` are the kinds of places that are on it."""

    group: Group
    fit: Fit
    symbols: frozenset[str]


def tracks_of(briefing: Briefing) -> dict[str, FloatArray]:
    """Draw the routes as geodesics, (n, 2) by route, running on over the antimeridian."""
    tracks = make_tracks([row.flight.route for row in briefing.rows], max_offset_m=_OFFSET_M)
    return {
        row.flight.plan.id: track.lonlat for row, track in zip(briefing.rows, tracks, strict=True)
    }


def content(briefing: Briefing) -> FloatArray:
    """List the points that the map must show."""
    tracks = tracks_of(briefing)
    if tracks:
        return np.concatenate(list(tracks.values()))
    marks = [mark.lonlat for mark in briefing.scene.marks]
    return np.array(marks) if marks else _WORLD


def draw_chart(
    briefing: Briefing,
    frame: Box,
    look: Look,
    pens: Mapping[str, Pen],
    theme: PictureTheme,
    unit: float,
    kind: Kind | None,
) -> Chart:
    """Draw the map; `unit` is the scale of type and lines, 1 on a page of 1920 by 1080."""
    scene, world = briefing.scene, load_world()
    points = content(briefing)
    if not briefing.rows and not scene.marks:
        kind = kind or "mercator"
    projection = choose_projection(points, kind)
    fit = make_fit(projection, points, frame, _inner(frame, unit))
    window = Window(projection, fit.reach_deg)
    base = tuple(_base(scene, world, fit, window, look, theme, unit))
    tracks = tracks_of(briefing)
    lines = window.lines(list(tracks.values())) if tracks else []
    placed = dict(zip(tracks, lines, strict=True))
    routes = _routes(scene, placed, fit, look, pens, unit)
    ends = {row.flight.plan.destination for row in briefing.rows}
    marks = _marks(scene, fit, window, unit, ends)
    symbols = _symbols(marks, look, unit)
    shown = _crossed(scene, base)
    over = _over(scene, world, fit, window, [*placed.values()], marks, shown, look, unit)
    limb: tuple[Item, ...] = ()
    if projection.kind == "orthographic":
        ring = tuple((float(x), float(y)) for x, y in fit.page(window.limb))
        limb = (Shape((ring,), True, "", look.coast, 1.4 * unit),)
    border = Shape((frame.ring,), True, "", look.quiet, 1.2 * unit, id="frame")
    group = Group(
        "map",
        (
            Group("map-content", (*base, *limb, *routes, *symbols), clip=frame),
            *over,
            border,
        ),
        "Map",
    )
    return Chart(group, fit, frozenset(mark.symbol for mark, _ in marks))


def _inner(frame: Box, unit: float) -> Box:
    """Leave room round what is shown, for names to stand in."""
    across = min(110 * unit, frame.width * 0.12)
    down = min(50 * unit, frame.height * 0.08)
    return Box(frame.left + across, frame.top + down, frame.right - across, frame.bottom - 2 * down)


def _base(
    scene: Scene,
    world: World,
    fit: Fit,
    window: Window,
    look: Look,
    theme: PictureTheme,
    unit: float,
) -> Iterable[Shape]:
    sea = look.sea
    if window.projection.kind == "orthographic":
        ring = tuple((float(x), float(y)) for x, y in fit.page(window.limb))
        yield Shape((fit.frame.ring,), True, look.paper)
        yield Shape((ring,), True, sea, id="sea")
    else:
        yield Shape((fit.frame.ring,), True, sea, id="sea")
    yield _stroke(graticule(graticule_step(fit)), fit, window, look.graticule, 1.2 * unit)
    yield from _land(scene, world, fit, window, look, theme)
    width = {"coast": 1.3, "border": 1.3, "disputed": 1.5}
    colours = {"coast": look.coast, "border": look.border, "disputed": look.disputed}
    for name, lines in world.lines.items():
        dash = (5 * unit, 5 * unit) if name == "disputed" else ()
        shape = _stroke(lines, fit, window, colours[name], width[name] * unit, dash)
        yield shape
    for area in scene.areas:
        rings = [np.array(ring) for ring in area.rings if len(ring) > 2]
        yield _stroke(rings, fit, window, LAYER, 2.4 * unit, (9 * unit, 6 * unit), area.name)


def _crossed(scene: Scene, base: Iterable[Shape]) -> dict[Claims, shapely.Polygon]:
    """Find what the frame shows of each tinted airspace's land."""
    names = {"+".join(claims): claims for claims in scene.tints}
    return {
        names[shape.id]: max(map(shapely.Polygon, shape.parts), key=lambda part: part.area)
        for shape in base
        if shape.id in names
    }


def _stroke(
    lines: list[FloatArray],
    fit: Fit,
    window: Window,
    colour: str,
    width: float,
    dash: tuple[float, ...] = (),
    alt: str = "",
) -> Shape:
    near = [line for line in lines if _near(line, window)]
    parts = [part for line in window.lines(near) for part in fit.parts(line)] if near else []
    return Shape(tuple(parts), stroke=colour, width=width, dash=dash, alt=alt)


def _near(line: FloatArray, window: Window) -> bool:
    centre = unit_vectors(np.array([(window.plane.lon, window.plane.lat)]))[0]
    limit = np.cos(np.radians(min(180.0, window.reach_deg + 2)))
    return bool((unit_vectors(line) @ centre).max() >= limit)


def _land(
    scene: Scene, world: World, fit: Fit, window: Window, look: Look, theme: PictureTheme
) -> Iterable[Shape]:
    centre = unit_vectors(np.array([(window.plane.lon, window.plane.lat)]))[0]
    away = [np.degrees(np.arccos((each.centre @ centre).clip(-1, 1))) for each in world.land]
    pieces = [
        piece
        for piece, far in zip(world.land, away, strict=True)
        if far - piece.radius_deg <= window.reach_deg
    ]
    numbers = {claims: number for number, claims in enumerate(scene.tints)}
    rings: dict[Claims | None, list[tuple[Point, ...]]] = {None: []}
    for piece, shape in zip(pieces, window.areas([p.rings for p in pieces]), strict=True):
        key = piece.claims if piece.claims in scene.tints else None
        rings.setdefault(key, []).extend(fit.parts(shape))
    for claims, parts in rings.items():
        fill = look.land if claims is None else tint(scene.tints[claims], theme, numbers[claims])
        if parts:
            yield Shape(tuple(parts), True, fill, id="land" if claims is None else "+".join(claims))


def _routes(
    scene: Scene,
    placed: Mapping[str, shapely.Geometry],
    fit: Fit,
    look: Look,
    pens: Mapping[str, Pen],
    unit: float,
) -> tuple[Item, ...]:
    items: list[Item] = []
    for line in scene.lines:
        if line.id not in placed:
            continue
        parts, pen = fit.parts(placed[line.id]), pens[line.colour]
        width = pen.width * LINE_SCALE * unit
        if pen.width > 2:
            items.append(Shape(parts, stroke=look.halo, width=width + 3.4 * unit))
        alt = f"{line.card.title}. {line.card.subtitle}"
        items += strokes(parts, pen, line.style, unit, id=f"route-{line.id}", alt=plain(alt))
    return tuple(items)


def strokes(
    parts: tuple[tuple[Point, ...], ...],
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


def _marks(
    scene: Scene, fit: Fit, window: Window, unit: float, ends: set[str]
) -> list[tuple[Mark, Point]]:
    """Find the places that are in the frame, without those that others would all but cover."""
    found: list[tuple[Mark, Point]] = []
    for mark in sorted(scene.marks, key=lambda mark: mark.rank):
        at = fit.at(mark.lonlat)
        size = symbol_size(mark.symbol, unit)
        inside = window.shows(mark.lonlat) and fit.frame.holds(_around(at, size).grown(2))
        hidden = any(math.dist(at, other) < size * 0.45 for _, other in found)
        if inside and mark.rank < _LEAST_RANK and (mark.id in ends or not hidden):
            found.append((mark, at))
    return sorted(found, key=lambda pair: -pair[0].rank)


def _around(at: Point, size: float) -> Box:
    return Box(at[0] - size / 2, at[1] - size / 2, at[0] + size / 2, at[1] + size / 2)


def _symbols(marks: list[tuple[Mark, Point]], look: Look, unit: float) -> list[Item]:
    return [
        shape
        for mark, at in marks
        for shape in draw_symbol(
            mark.symbol, at, unit, look, id=f"mark-{mark.id}", alt=plain(mark.card.title)
        )
    ]


def _over(
    scene: Scene,
    world: World,
    fit: Fit,
    window: Window,
    lines: list[shapely.Geometry],
    marks: list[tuple[Mark, Point]],
    shown: Mapping[Claims, shapely.Polygon],
    look: Look,
    unit: float,
) -> list[Item]:
    """Set the furniture where it covers nothing, then the names, the most wanted first."""
    drawn = [shapely.LineString(part) for line in lines for part in fit.parts(line)]
    covering = shapely.union_all(drawn) if drawn else shapely.LineString()
    boxes = [_around(at, symbol_size(mark.symbol, unit)) for mark, at in marks]
    placer = Placer(fit.frame, [], drawn, look.halo)
    for box in boxes:
        placer.reserve(box, symbol=True)
    items: list[Item] = []
    scale = free_corner(fit.frame, scale_bar_size(unit), boxes, covering, 12 * unit)
    if scale:
        placer.reserve(scale.grown(3 * unit))
        items.append(draw_scale(fit, scale, look, unit))
    strong = [wish for wish in _place_names(marks, look, unit) if wish.weight == 600]
    weak = [wish for wish in _place_names(marks, look, unit) if wish.weight != 600]
    labels = [placer.place(wish) for wish in strong]
    if globe_of(fit.projection):
        size = min(150 * unit, fit.frame.height * 0.26)
        globe = free_corner(fit.frame, (size, size), placer.taken, covering, 14 * unit)
        if globe:
            placer.reserve(globe.grown(4 * unit))
            items.append(draw_globe(fit, world, globe, look, unit))
    labels += [placer.place(wish) for wish in weak]
    labels += [
        placer.place(wish) for wish in _country_names(scene, world, fit, window, shown, look, unit)
    ]
    degrees = []
    for text in degree_labels(fit, look, unit):
        box = text_box(text).grown(2)
        if fit.frame.holds(box) and not any(box.overlaps(other) for other in placer.taken):
            placer.reserve(box)
            degrees.append(text)
    leaders = [
        Shape((label.leader,), stroke=look.quiet, width=1.4 * unit, id="leader")
        for label in labels
        if label and label.leader
    ]
    texts = [label.text for label in labels if label]
    return [*items, Group("labels", (*leaders, *texts, *degrees))]


def _place_names(marks: list[tuple[Mark, Point]], look: Look, unit: float) -> list[Wish]:
    looks = {"strong": (24, 600, look.ink), "plain": (20, 400, look.ink),
             "faint": (18, 400, look.quiet)}  # fmt: skip
    wishes = []
    for mark, at in sorted(marks, key=lambda pair: pair[0].rank):
        size, weight, colour = looks[mark.emphasis]
        gap = symbol_size(mark.symbol, unit) / 2 + 6 * unit
        text = fitted(plain(mark.label), size * unit, 420 * unit, weight)
        wishes.append(Wish(f"name-{mark.id}", text, at, gap, size * unit, weight, colour))
    return wishes


def _country_names(
    scene: Scene,
    world: World,
    fit: Fit,
    window: Window,
    shown: Mapping[Claims, shapely.Polygon],
    look: Look,
    unit: float,
) -> Iterable[Wish]:
    """Name countries once each, the crossed ones first, and others where they are large enough."""
    wanted = [name for name in world.names if not name.text.startswith("claimed")]
    wanted.sort(key=lambda name: (name.claims not in scene.tints, -name.room_deg))
    done: set[str] = set()
    for name in wanted:
        crossed = name.claims in scene.tints
        at, room = fit.at(name.lonlat), 2 * name.room_deg * _DEGREE_M * fit.scale
        if not window.shows(name.lonlat) or not fit.frame.holds(_around(at, 40 * unit)):
            # What is seen of a crossed country has its own middle.
            if not crossed or name.claims not in shown:
                continue
            at, room = _widest(shown[name.claims])
        size = (19 if crossed else 17) * unit
        text = name.text.upper()
        if name.text not in done and room > (0.3 if crossed else 0.85) * len(text) * size * 0.62:
            done.add(name.text)
            yield Wish(
                f"country-{'+'.join(name.claims)}", text, at, 0, size, 600 if crossed else 400,
                look.quiet if crossed else look.country, 0.09 * size, centred=True,
            )  # fmt: skip


def _widest(area: shapely.Polygon | shapely.MultiPolygon) -> tuple[Point, float]:
    """Find the middle of the largest circle within an area of the page, and its width."""
    radius = shapely.maximum_inscribed_circle(area, 2.0)
    (x, y), _ = shapely.get_coordinates(radius).tolist()
    return (x, y), 2 * float(radius.length)
