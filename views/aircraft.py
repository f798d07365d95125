"""Let the reader choose an aircraft: how far it gets, and when it is where."""

from collections.abc import Collection, Iterator, Sequence

import streamlit as st

from geo.aircraft import AircraftType, Figure, Fleet, say_figure
from geo.circles import MAX_RADIUS_M
from geo.compare import Row
from geo.legs import MAX_SPEED_KMH, format_minutes, make_timetable, say_minutes
from geo.model import Place
from geo.phrases import capital, source_line
from geo.reach import PLAUSIBILITY_WORDS, Plausibility, Reach, say_reach
from geo.render.legend import LineStyle
from geo.render.scene import Ring
from geo.ringspec import RingSpec
from geo.schema import Story
from geo.units import Unit, format_length
from views.fold import unfolded
from views.loaded import Atlas, load_reach, load_ring
from views.markup import list_html, table_html, text_html
from views.told import ends, route_name

TYPE_KEY, SPEED_KEY = "aircraft", "speed"
_ASSUMED_KMH = 800.0
_MOST_STARTS = 3
_Circle = tuple[str, float, LineStyle]


def choose_aircraft(fleet: Fleet) -> AircraftType | None:
    """Show the list of types of which a figure was published; none is chosen to begin with."""
    fold = unfolded("Aircraft and its range", "aircraft_choice", TYPE_KEY)
    if fold is None:
        return None
    types = known_types(fleet)
    id = fold.selectbox(
        "Aircraft", list(types), index=None, key=TYPE_KEY, bind="query-params",
        format_func=lambda id: types[id].name, placeholder="None",
        help="Draws how far it gets by its lowest and its highest published range, and holds the "
        "routes against these, below the map.",
    )  # fmt: skip
    return types.get(id or "")


def held_aircraft(fleet: Fleet) -> AircraftType | None:
    """Tell which type is chosen, before the list is shown."""
    return known_types(fleet).get(st.session_state.get(TYPE_KEY) or "")


def known_types(fleet: Fleet) -> dict[str, AircraftType]:
    """List the types of which anything was published, by their ids."""
    return {id: each for id, each in fleet.types.items() if each.figures}


def choose_speed() -> float | None:
    """Show the box for a speed over ground in km/h; None where the type's own is to be taken."""
    return st.number_input(
        "Speed over ground, km/h", min_value=1.0, max_value=MAX_SPEED_KMH, value=None, step=10.0,
        format="%.0f", key=SPEED_KEY, bind="query-params", placeholder="That of the aircraft",
        width=260,
    )  # fmt: skip


def range_rings(aircraft: AircraftType | None, rows: Sequence[Row], unit: Unit) -> list[Ring]:
    """Draw the lowest and the highest published range round where the shown routes begin."""
    limits = aircraft.range_limits if aircraft else None
    if aircraft is None or limits is None:
        return []
    low_m, high_m = (figure.range_km * 1000 for figure in limits)
    starts: dict[str, Place] = {
        row.flight.plan.places[0]: row.flight.route.places[0] for row in rows
    }
    return [
        load_ring(name, place, radius_m, style)
        for place in list(starts.values())[:_MOST_STARTS]
        for name, radius_m, style in _figures(aircraft, low_m, high_m, unit)
    ]


def typed_rings(specs: Sequence[RingSpec], unit: Unit) -> list[Ring]:
    """Draw the rings that the reader typed."""
    rings = []
    for spec in specs:
        for name, radius_m, style in _circles(spec, unit):
            full = f"{name}, around {spec.place.name}"
            rings.append(load_ring(full, spec.place, radius_m, style))
    return rings


def _circles(spec: RingSpec, unit: Unit) -> list[_Circle]:
    if spec.aircraft is None:
        return [(format_length(spec.low_m, unit), spec.low_m, "solid")]
    return _figures(spec.aircraft, spec.low_m, spec.high_m, unit)


def _figures(aircraft: AircraftType, low_m: float, high_m: float, unit: Unit) -> list[_Circle]:
    """Name the lowest figure and the highest, cut to the ring that is as wide as can be."""
    low, high = min(low_m, MAX_RADIUS_M), min(high_m, MAX_RADIUS_M)
    if low_m == high_m:
        name = f"{aircraft.name}, the only figure: {format_length(low_m, unit)}"
        return [(name, low, "dashed")]
    return [
        (f"{aircraft.name}, low figure: {format_length(low_m, unit)}", low, "dashed"),
        (f"{aircraft.name}, high figure: {format_length(high_m, unit)}", high, "solid"),
    ]


def reach_and_times(
    atlas: Atlas,
    story: Story,
    rows: Sequence[Row],
    fleet: Fleet,
    aircraft: AircraftType | None,
    typed_kmh: float | None,
    closed: Collection[str],
    unit: Unit,
) -> Iterator[str]:
    """Say whether the type could fly each route, on what grounds, and when it would be where."""
    if aircraft is None and typed_kmh is None:
        yield text_html("p", "Choose an aircraft at the side, or a speed here.", "corridor-quiet")
        return
    if aircraft is not None:
        yield from _reach(atlas, story, rows, aircraft, closed, unit)
        yield from _published(fleet, aircraft)
    speed_kmh, why = _speed(fleet, aircraft, typed_kmh)
    yield text_html("h3", f"Times at {speed_kmh:,.0f} km/h", "corridor-route")
    note = f"{why} Over ground, in still air and without stops; minutes from the start."
    yield text_html("p", note, "corridor-quiet")
    if rows:
        yield _legs(rows, speed_kmh, unit)
        yield _entries(story, rows, speed_kmh, unit)


def _reach(
    atlas: Atlas,
    story: Story,
    rows: Sequence[Row],
    aircraft: AircraftType,
    closed: Collection[str],
    unit: Unit,
) -> Iterator[str]:
    fields = (story.places[plan.destination] for plan in atlas.story.routes)
    countries = frozenset(f.country for f in fields if f.country) - frozenset(closed)
    reaches = [load_reach(atlas, aircraft, row.flight.route, countries) for row in rows]
    cells = [
        [
            *ends(story, row),
            format_length(row.length_m, unit),
            _grade(reach, reach.nonstop),
            _grade(reach, reach.with_stops),
        ]
        for row, reach in zip(rows, reaches, strict=True)
    ]
    yield text_html("h3", f"{aircraft.name}: could it?", "corridor-route")
    if cells:
        headings = ("To", "Way", "Distance", "Without a stop", "With stops")
        yield table_html(headings, cells, numbers={2})
    names = atlas.names
    where = ", ".join(sorted(names.get(code, code) for code in countries)) or "no country"
    yield text_html("p", f"Stops: at airfields of the story in {where}.", "corridor-quiet")
    # What holds for the type as a whole is said once, not for each route.
    said = [list(say_reach(reach, unit)) for reach in reaches]
    shared = [line for line in (said[0] if said else []) if all(line in each for each in said)]
    lines = [
        f"{route_name(story, row)}: {' '.join(line for line in each if line not in shared)}"
        for row, each in zip(rows, said, strict=True)
        # One sentence says no more than the table.
        if len(each) > len(shared) + 1
    ]
    yield list_html([*lines, *shared])


def _grade(reach: Reach, grade: Plausibility) -> str:
    words = capital(PLAUSIBILITY_WORDS[grade])
    if reach.low and reach.high and reach.low.range_km == reach.high.range_km:
        words = words.replace("the low figure", "the only figure").replace(
            "any published", "the only"
        )
    return words


def _published(fleet: Fleet, aircraft: AircraftType) -> Iterator[str]:
    """List all published figures, each with its sources."""
    ids = list(dict.fromkeys(id for figure in aircraft.figures for id in figure.sources))
    numbers = {id: number for number, id in enumerate(ids, 1)}
    kinds = ("Range", aircraft.ranges), ("Speed", aircraft.speeds), ("Ceiling", aircraft.ceilings)
    cells = [
        [kind, say_figure(figure), _cited(figure, numbers)]
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


def _speed(
    fleet: Fleet, aircraft: AircraftType | None, typed_kmh: float | None
) -> tuple[float, str]:
    """Pick the speed to time the routes at, and say where it comes from."""
    if typed_kmh is not None or aircraft is None:
        return typed_kmh or _ASSUMED_KMH, "The speed typed above."
    cruise = aircraft.cruise_limits_kmh
    if cruise:
        return cruise[1], f"The highest published cruising speed of the {aircraft.name}."
    firm = [speed for speed in aircraft.speeds if speed.doubt is None]
    average = [speed.speed_kmh for speed in firm if speed.kind == "average"]
    if average:
        return min(average), f"The published average speed of the {aircraft.name}."
    most_kmh = min([_ASSUMED_KMH, *(speed.speed_kmh for speed in firm)])
    return most_kmh, f"Assumed. {fleet.speed_note or 'No cruising speed was found.'}"


def _legs(rows: Sequence[Row], speed_kmh: float, unit: Unit) -> str:
    cells = []
    for row in rows:
        table = make_timetable(row.flight.route, row.flight.crossings, speed_kmh)
        for stage in table.stages:
            leg = stage.leg
            bearings = [round(b) % 360 for b in (leg.initial_bearing_deg, leg.final_bearing_deg)]
            lon, lat = stage.north
            cells.append(
                [
                    f"{leg.start.name} to {leg.end.name}",
                    format_length(leg.length_m, unit),
                    f"{bearings[0]:03d}° to {bearings[1]:03d}°",
                    f"{abs(lat):.2f}° {'N' if lat >= 0 else 'S'}, "
                    f"{abs(lon):.2f}° {'E' if lon >= 0 else 'W'}",
                    format_minutes(stage.minutes),
                    format_minutes(stage.start_min + stage.minutes),
                ]
            )
    unique = list(dict.fromkeys(map(tuple, cells)))
    headings = ("Leg", "Length", "True bearing", "Farthest north", "Time, h:min", "Arrives at")
    return table_html(headings, unique, numbers={1, 4, 5})


def _entries(story: Story, rows: Sequence[Row], speed_kmh: float, unit: Unit) -> str:
    cells = []
    for row in rows:
        table = make_timetable(row.flight.route, row.flight.crossings, speed_kmh)
        for entry in table.entries:
            cells.append(
                [
                    *ends(story, row),
                    capital(entry.crossing.name),
                    f"{entry.start_min:,.0f} min",
                    say_minutes(entry.minutes),
                    format_length(entry.crossing.length_m, unit),
                ]
            )
    headings = ("To", "Way", "Airspace", "Entered after", "Time in it", "Distance in it")
    return table_html(headings, cells, numbers={3, 4, 5})
