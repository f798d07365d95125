"""Say what is to be drawn, in words, colours and places, before any renderer draws it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import shapely

from geo.circles import range_ring
from geo.compare import Flight, Row
from geo.layers import Layer
from geo.model import Crossing, LonLat, Place
from geo.open_ways import OPEN_WAY
from geo.render.cards import Card, airfield_card, route_card
from geo.render.legend import (
    MOST_AREAS,
    STYLES,
    LegendItem,
    LineStyle,
    layer_legend,
    make_legend,
    ring_legend,
)
from geo.render.palette import Claims, Theme, assign_tints, way_colours
from geo.render.turns import Turned, middle_of, move, turned
from geo.schema import DIRECT_WAY, Airfield, Story
from geo.typed import OPENED_WAY, TYPED_WAY
from geo.units import Unit

Emphasis = Literal["strong", "plain", "faint"]

_RANKS = {
    "departure": 0,
    "landing": 1,
    "kept": 2,
    "staging": 3,
    "home": 4,
    "unnamed": 5,
    "other": 1,
}
_EMPHASES: Mapping[str, Emphasis] = {
    "departure": "strong",
    "kept": "strong",
    "landing": "strong",
    "home": "plain",
    "staging": "plain",
    "unnamed": "faint",
    "other": "strong",
}
_AREA_OFFSET_DEG = 0.002
_RING_OFFSET_M = 2000.0
# About where a Mercator map ends.
_MAP_END_DEG = 85.0
CREDIT = (
    "Airspace and borders © OpenStreetMap contributors (ODbL), as of 2017 · "
    "Land: Natural Earth · Not for flight planning"
)
NOTE = "The lines are geodesics from place to place, not tracks that were flown."


@dataclass(frozen=True, slots=True)
class Mark:
    """A place; marks of a lower `rank` are named first.

    `copies` are where it stands too: whole turns off, where lines end at it that run round the
    world.
    """

    id: str
    lonlat: LonLat
    symbol: str
    label: str
    rank: int
    emphasis: Emphasis
    card: Card
    copies: tuple[LonLat, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A route; `points` run on over the antimeridian."""

    id: str
    points: tuple[LonLat, ...]
    colour: str
    style: LineStyle
    width: float
    card: Card


@dataclass(frozen=True, slots=True)
class Area:
    """An area of a layer that the reader opened; `rings` are outlines, holes among them."""

    name: str
    rings: tuple[tuple[LonLat, ...], ...]
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Ring:
    """All points at one distance from a place; rings of one name share a line in the legend.

    `points` run on over the antimeridian, as the longitude of `place` does; they end a whole turn
    off where a pole lies within.
    """

    name: str
    points: tuple[LonLat, ...]
    style: LineStyle
    place: Place


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader asked of the map: typed routes, as typed, and closed states by their codes.

    `refused` says why `refused_path` can't be read; `guesses` are paths instead, with their labels.
    """

    routes: tuple[str, ...] = ()
    closed: tuple[tuple[str, str], ...] = ()
    refused: str = ""
    refused_path: str = ""
    guesses: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Bundle:
    """Many routes as one drawing, which the browser fetches once from `url`."""

    url: str
    colour: str


@dataclass(frozen=True, slots=True)
class Scene:
    """All that is drawn; `bounds` are west, south, east, north in degrees.

    `closed` are the claims of the faces that are hatched as closed, `unit` is the symbol of the
    unit in which the reader has lengths. `answered` is the count of the last of the map's messages
    that was heeded, None where they aren't counted.
    """

    theme: Theme
    bounds: tuple[float, float, float, float]
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]
    tints: Mapping[Claims, str]
    closed: tuple[Claims, ...]
    areas: tuple[Area, ...]
    legend: tuple[LegendItem, ...]
    note: str
    credit: str
    unit: str = "mi"
    asked: Asked = Asked()
    bundles: tuple[Bundle, ...] = ()
    rings: tuple[Ring, ...] = ()
    answered: int | None = None


def make_scene(
    story: Story,
    rows: Sequence[Row],
    all_flights: Sequence[Flight],
    unit: Unit,
    theme: Theme,
    layer: Layer | None = None,
    closed: Sequence[Claims] = (),
    rings: Sequence[Ring] = (),
) -> Scene:
    """Compose the map of some of a story's flights, over a layer if one is opened.

    `all_flights` fixes the tints, so that a country keeps its own whatever is shown. `closed` are
    the claims of closed faces, and `rings` are drawn over everything but the routes.
    """
    fields = list(_airfields(story))
    world = turned([row.flight for row in rows], {field.id for field in fields})
    looks = _looks(story, rows, theme)
    placed = zip(rows, world.lines, strict=True)
    lines = tuple(_line(story, row, at, unit, looks[row.flight.plan.way]) for row, at in placed)
    lines = tuple(sorted(lines, key=_depth))
    shown = {row.flight.plan.destination for row in rows}
    marks = tuple(_mark(story, field, field.id in shown, world) for field in fields)
    tints = shown_tints([row.flight for row in rows], all_flights, theme)
    rings = tuple(_turned_ring(ring, world) for ring in rings)
    return Scene(
        theme,
        _bounds(lines, marks, rings),
        lines,
        marks,
        {claims: tint for claims, tint in tints.items() if claims},
        tuple(closed),
        _areas(layer, world) if layer else (),
        make_legend(story, rows, {mark.symbol for mark in marks}, looks, tints, closed)
        + ring_legend({ring.name: ring.style for ring in rings}, theme)
        + (layer_legend(layer) if layer else ()),
        NOTE,
        CREDIT,
        unit.symbol,
        rings=rings,
    )


def make_ring(name: str, place: Place, radius_m: float, style: LineStyle) -> Ring:
    """Make a range ring for drawing. Raises GeoError for a radius that has no ring."""
    lonlat = range_ring(place, radius_m, max_offset_m=_RING_OFFSET_M)
    lons = np.unwrap(lonlat[:, 0], period=360)
    lons += 360 * np.round((place.lon - (lons.min() + lons.max()) / 2) / 360)
    return Ring(name, tuple(zip(lons.tolist(), lonlat[:, 1].tolist(), strict=True)), style, place)


def empty_scene(theme: Theme) -> Scene:
    """Compose a map of the world with nothing on it."""
    return Scene(theme, _bounds((), ()), (), (), {}, (), (), (), "", CREDIT)


def shown_tints(
    flights: Sequence[Flight], all_flights: Iterable[Flight], theme: Theme
) -> dict[Claims, str]:
    """Pick the tints of the airspaces that the flights cross."""
    tints = assign_tints([*_crossings(all_flights), *_crossings(flights)], theme)
    crossed = {crossing.claims for crossing in _crossings(flights)}
    return {claims: tint for claims, tint in tints.items() if claims in crossed}


def _crossings(flights: Iterable[Flight]) -> Iterable[Crossing]:
    return (crossing for flight in flights for crossing in flight.crossings)


def _airfields(story: Story) -> Iterable[Airfield]:
    return (field for field in story.places.values() if field.role != "waypoint")


def _looks(story: Story, rows: Sequence[Row], theme: Theme) -> dict[str, tuple[str, float]]:
    """Give each shown way its colour and width: where two run together, both must be seen."""
    shown = {row.flight.plan.way for row in rows}
    colours = way_colours(story.ways, theme)
    ways = [way for way in story.ways if way in shown]
    strong = [way for way in ways if way not in (DIRECT_WAY, OPENED_WAY, TYPED_WAY)]
    widths = {way: 2.6 + 3.2 * number for number, way in enumerate(strong)}
    widths |= {OPEN_WAY: 3.2, OPENED_WAY: 2.2, TYPED_WAY: 2.2}
    return {way: (colours[way], widths.get(way, 1.4)) for way in ways}


def _line(
    story: Story, row: Row, points: tuple[LonLat, ...], unit: Unit, look: tuple[str, float]
) -> Line:
    plan = row.flight.plan
    return Line(
        plan.id,
        points,
        look[0],
        STYLES[plan.certainty],
        look[1],
        route_card(story, row, unit),
    )


def _depth(line: Line) -> tuple[bool, float, int]:
    """Put direct lines undermost, narrow ones on wide ones, and the surest on top."""
    return line.width > 2, -line.width, -list(STYLES.values()).index(line.style)


def _turned_ring(ring: Ring, world: Turned) -> Ring:
    """Move a ring to where its middle stands."""
    turns = world.turns.get(ring.place.id) or (world.nearest(ring.place.lon),)
    place = replace(ring.place, lon=ring.place.lon + turns[0])
    return replace(ring, points=move(ring.points, turns[0]), place=place)


def _mark(story: Story, field: Airfield, shown: bool, world: Turned) -> Mark:
    # A place that a shown route ends at is never the faintest.
    emphasis = _EMPHASES[field.role]
    if shown and emphasis == "faint":
        emphasis = "plain"
    lonlat, *copies = world.stand(field.id, (field.lon, field.lat))
    return Mark(
        field.id,
        lonlat,
        _symbol(story, field),
        field.name,
        _RANKS[field.role] if shown or _RANKS[field.role] < 3 else _RANKS[field.role] + 3,
        emphasis,
        airfield_card(story, field),
        tuple(copies),
    )


def _symbol(story: Story, field: Airfield) -> str:
    """Mark a landing as inferred unless a route says that it was reported just there."""
    certainties = {plan.certainty for plan in story.routes if plan.destination == field.id}
    inferred = field.role == "landing" and "reported" not in certainties
    return "inferred" if inferred else field.role


def _is_local(ring: Ring) -> bool:
    """Tell whether a ring fits a map of its region: one round a pole would shrink all else."""
    lons = [lon for lon, _ in ring.points]
    return max(lons) - min(lons) < 180


def _bounds(
    lines: Sequence[Line], marks: Sequence[Mark], rings: Sequence[Ring] = ()
) -> tuple[float, float, float, float]:
    points = [point for line in lines for point in line.points]
    points += [point for ring in rings if _is_local(ring) for point in ring.points]
    if not lines:
        points += _round_poles([ring for ring in rings if not _is_local(ring)])
    points = points or [mark.lonlat for mark in marks] or [(-180.0, -60.0), (180.0, 75.0)]
    lons, lats = zip(*points, strict=True)
    return min(lons), min(lats), max(lons), max(lats)


def _round_poles(rings: Sequence[Ring]) -> list[LonLat]:
    """List corners around rings that run round a pole: one world wide, with their middles."""
    lats = [lat for ring in rings for lat in (ring.place.lat, *(lat for _, lat in ring.points))]
    lats = [max(-_MAP_END_DEG, min(_MAP_END_DEG, lat)) for lat in lats]
    return [(rings[0].place.lon + side, lat) for side in (-180, 180) for lat in lats]


def _areas(layer: Layer, world: Turned) -> tuple[Area, ...]:
    """Thin the first areas of a layer to outlines for drawing."""
    drawn = layer.volumes[:MOST_AREAS]
    shapes = shapely.simplify([volume.geometry for volume in drawn], _AREA_OFFSET_DEG)
    return tuple(
        Area(volume.name, tuple(_ring(ring, world) for ring in _rings(shape)))
        for volume, shape in zip(drawn, shapes, strict=True)
    )


def _rings(shape: shapely.Geometry) -> Sequence[shapely.LinearRing]:
    rings: Sequence[shapely.LinearRing] = shapely.get_rings(shapely.get_parts(shape)).tolist()
    return rings


def _ring(ring: shapely.LinearRing, world: Turned) -> tuple[LonLat, ...]:
    points = [(lon, lat) for lon, lat in shapely.get_coordinates(ring).tolist()]
    return move(points, world.nearest(middle_of(points)))
