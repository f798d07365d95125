"""Say what is to be drawn, in words, colours and places, before any renderer draws it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from geo.compare import Flight, Row
from geo.model import Crossing, LonLat
from geo.render.cards import CERTAINTY_WORDS, ROLE_WORDS, Card, airfield_card, route_card
from geo.render.palette import Claims, Theme, assign_tints, way_colours
from geo.schema import Airfield, Story
from geo.units import Unit

LineStyle = Literal["solid", "dashed", "dotted"]
Emphasis = Literal["strong", "plain", "faint"]

STYLES: Mapping[str, LineStyle] = {
    "reported": "solid",
    "inferred": "dashed",
    "illustrative": "dotted",
}
_RANKS = {"departure": 0, "kept": 2, "landing": 1, "home": 3, "staging": 4, "unnamed": 5}
_EMPHASES: Mapping[str, Emphasis] = {
    "departure": "strong",
    "kept": "strong",
    "landing": "strong",
    "home": "plain",
    "staging": "plain",
    "unnamed": "faint",
}
CREDIT = (
    "Airspace and borders © OpenStreetMap contributors (ODbL), as of 2017 · "
    "Land: Natural Earth · Not for flight planning"
)
NOTE = "The lines are geodesics from place to place, not tracks that were flown."


@dataclass(frozen=True, slots=True)
class Mark:
    """A place; marks of a lower `rank` are named first."""

    id: str
    lonlat: LonLat
    symbol: str
    label: str
    rank: int
    emphasis: Emphasis
    card: Card


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
class LegendItem:
    """A symbol, or a sample of a line, with its meaning; neither for a heading."""

    text: str
    symbol: str = ""
    colour: str = ""
    style: LineStyle = "solid"
    width: float = 0


@dataclass(frozen=True, slots=True)
class Scene:
    """All that is drawn; `bounds` are west, south, east, north in degrees."""

    theme: Theme
    bounds: tuple[float, float, float, float]
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]
    tints: Mapping[Claims, str]
    legend: tuple[LegendItem, ...]
    note: str
    credit: str


def make_scene(
    story: Story, rows: Sequence[Row], all_flights: Sequence[Flight], unit: Unit, theme: Theme
) -> Scene:
    """Compose the map of some of a story's flights.

    `all_flights` fixes the tints, so that a country keeps its own whatever is shown.
    """
    middle = _middle(rows[0].flight.line) if rows else 0.0
    lines = tuple(_line(story, row, unit, theme, middle) for row in rows)
    # Direct lines first, so that the coloured ways lie over them.
    lines = tuple(sorted(lines, key=lambda line: line.width))
    shown = {row.flight.plan.destination for row in rows}
    marks = tuple(_mark(story, field, field.id in shown, middle) for field in _airfields(story))
    tints = shown_tints([row.flight for row in rows], all_flights, theme)
    return Scene(
        theme,
        _bounds(lines, marks),
        lines,
        marks,
        {claims: tint for claims, tint in tints.items() if claims},
        _legend(story, rows, marks, theme),
        NOTE,
        CREDIT,
    )


def empty_scene(theme: Theme) -> Scene:
    """Compose a map of the world with nothing on it."""
    return Scene(theme, _bounds((), ()), (), (), {}, (), "", CREDIT)


def shown_tints(
    flights: Iterable[Flight], all_flights: Iterable[Flight], theme: Theme
) -> dict[Claims, str]:
    """Pick the tints of the airspaces that the flights cross."""
    tints = assign_tints(_crossings(all_flights), theme)
    crossed = {crossing.claims for crossing in _crossings(flights)}
    return {claims: tint for claims, tint in tints.items() if claims in crossed}


def _crossings(flights: Iterable[Flight]) -> Iterable[Crossing]:
    return (crossing for flight in flights for crossing in flight.crossings)


def _airfields(story: Story) -> Iterable[Airfield]:
    return (field for field in story.places.values() if field.role != "waypoint")


def _line(story: Story, row: Row, unit: Unit, theme: Theme, middle: float) -> Line:
    plan = row.flight.plan
    return Line(
        plan.id,
        _moved(row.flight.line, middle),
        way_colours(story.ways, theme)[plan.way],
        STYLES[plan.certainty],
        _width(plan.way),
        route_card(story, row, unit),
    )


def _moved(points: Sequence[LonLat], middle: float) -> tuple[LonLat, ...]:
    """Move points by whole turns to where `middle` degrees is nearest, to draw all in one world."""
    turn = 360 * round((middle - _middle(points)) / 360)
    return tuple((lon + turn, lat) for lon, lat in points)


def _middle(points: Sequence[LonLat]) -> float:
    lons = [lon for lon, _ in points]
    return (min(lons) + max(lons)) / 2


def _mark(story: Story, field: Airfield, shown: bool, middle: float) -> Mark:
    # A place that a shown route ends at is never the faintest.
    emphasis = _EMPHASES[field.role]
    if shown and emphasis == "faint":
        emphasis = "plain"
    rank = min(_RANKS[field.role], 2) if shown else _RANKS[field.role]
    card = airfield_card(story, field)
    return Mark(
        field.id,
        _moved([(field.lon, field.lat)], middle)[0],
        field.role,
        field.name,
        rank,
        emphasis,
        card,
    )


def _bounds(lines: Sequence[Line], marks: Sequence[Mark]) -> tuple[float, float, float, float]:
    points = [point for line in lines for point in line.points]
    points = points or [mark.lonlat for mark in marks] or [(-180.0, -60.0), (180.0, 75.0)]
    lons, lats = zip(*points, strict=True)
    return min(lons), min(lats), max(lons), max(lats)


def _legend(
    story: Story, rows: Sequence[Row], marks: Sequence[Mark], theme: Theme
) -> tuple[LegendItem, ...]:
    """Explain what is shown and nothing else."""
    ways = {row.flight.plan.way for row in rows}
    certainties = {row.flight.plan.certainty for row in rows}
    roles = {mark.symbol for mark in marks}
    colours = way_colours(story.ways, theme)
    lines = [
        LegendItem(way.name, colour=colours[way.id], width=_width(way.id))
        for way in story.ways.values()
        if way.id in ways
    ]
    styles = [
        LegendItem(words, colour="currentColor", style=STYLES[certainty], width=2)
        for certainty, words in CERTAINTY_WORDS.items()
        if certainty in certainties
    ]
    symbols = [
        LegendItem(words, symbol=role) for role, words in ROLE_WORDS.items() if role in roles
    ]
    return (
        *_titled("Way", lines),
        *_titled("Landing", styles),
        *_titled("Places", symbols),
    )


def _titled(heading: str, items: Sequence[LegendItem]) -> tuple[LegendItem, ...]:
    return (LegendItem(heading), *items) if items else ()


def _width(way: str) -> float:
    return 1.4 if way == "direct" else 2.6
