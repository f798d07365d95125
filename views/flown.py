"""Say of the shown routes whether a type could fly them, and tell them leg by leg."""

from collections.abc import Collection, Iterator, Sequence

from geo.aircraft import AircraftType, Figure, Fleet, say_figure
from geo.compare import Row
from geo.nodes import MOST_NODES
from geo.phrases import capital, source_line
from geo.reach import Reach, say_grade, say_range, say_reach, say_with_stops
from geo.schema import Story
from geo.units import Unit, format_length
from views.loaded import Atlas
from views.markup import list_html, table_html, text_html
from views.stops import Stops, load_reach
from views.times import leg_by_leg
from views.told import ends, route_name

# More than these nobody reads; to search stops for each takes its time.
MOST_ROUTES = 50
_FEW = "Of the {count:,} routes shown, the first {few} are told here."
_RUNWAYS = (
    "Whether their runways would do isn't known here. Of a great many airports, about {most:,} "
    "that lengthen the way least are tried for each route."
)


def reach_and_times(
    atlas: Atlas,
    story: Story,
    rows: Sequence[Row],
    fleet: Fleet,
    aircraft: AircraftType | None,
    typed_kmh: float | None,
    stops: Stops | None,
    closed: Collection[str],
    unit: Unit,
) -> Iterator[str]:
    """Say whether the type could fly each route, on what grounds, and when it would be where."""
    few = rows[:MOST_ROUTES]
    if len(few) < len(rows):
        yield text_html("p", _FEW.format(count=len(rows), few=len(few)), "corridor-quiet")
    if aircraft is not None and stops is not None:
        yield from _reach(atlas, story, few, aircraft, stops, closed, unit)
        yield from _published(fleet, aircraft, unit)
    yield from leg_by_leg(story, few, fleet, aircraft, typed_kmh, unit)


def _reach(
    atlas: Atlas,
    story: Story,
    rows: Sequence[Row],
    aircraft: AircraftType,
    stops: Stops,
    closed: Collection[str],
    unit: Unit,
) -> Iterator[str]:
    reaches = [load_reach(atlas, aircraft, row.flight.route, stops, closed) for row in rows]
    yield text_html("h3", f"{aircraft.name}: could it?", "corridor-route")
    if reaches:
        headings = ("To", "Way", "Distance", "Without a stop", "With stops")
        pairs = zip(rows, reaches, strict=True)
        cells = [[*ends(story, row), *_cells(row, reach, unit)] for row, reach in pairs]
        yield table_html(headings, cells, numbers={2})
    where = stops.say(atlas.names, closed)
    note = f" {_RUNWAYS.format(most=MOST_NODES)}" if stops.airports else ""
    yield text_html("p", f"Stops: {where}.{note}", "corridor-quiet")
    lines = [*_sentences(story, rows, reaches, where, unit), *say_range(aircraft, unit)]
    yield list_html(lines)


def _cells(row: Row, reach: Reach, unit: Unit) -> tuple[str, str, str]:
    grades = say_grade(reach, reach.nonstop), say_with_stops(reach)
    return format_length(row.length_m, unit), capital(grades[0]), capital(grades[1])


def _sentences(
    story: Story, rows: Sequence[Row], reaches: Sequence[Reach], where: str, unit: Unit
) -> Iterator[str]:
    """Tell route by route what the table hasn't said."""
    for row, reach in zip(rows, reaches, strict=True):
        said = say_reach(reach, where, unit)
        if len(said) > 1:
            yield f"{route_name(story, row)}: {' '.join(said)}"


def _published(fleet: Fleet, aircraft: AircraftType, unit: Unit) -> Iterator[str]:
    """List all published figures, each with its sources."""
    ids = list(dict.fromkeys(id for figure in aircraft.figures for id in figure.sources))
    numbers = {id: number for number, id in enumerate(ids, 1)}
    kinds = ("Range", aircraft.ranges), ("Speed", aircraft.speeds), ("Ceiling", aircraft.ceilings)
    cells = [
        [kind, say_figure(figure, unit), _cited(figure, numbers)]
        for kind, each in kinds
        for figure in each
    ]
    yield text_html("h3", f"{aircraft.name}: what was published", "corridor-route")
    yield table_html(("", "Figure", "Sources"), cells)
    if fleet.note:
        yield text_html("p", fleet.note, "corridor-quiet")
    sources = [fleet.sources[id] for id in ids]
    yield list_html(map(source_line, sources), tag="ol", urls=[source.url for source in sources])


def _cited(figure: Figure, numbers: dict[str, int]) -> str:
    return f"[{', '.join(str(numbers[id]) for id in figure.sources)}]"
