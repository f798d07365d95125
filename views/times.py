"""Tell the shown routes leg by leg, and time them at a speed where there is one."""

from collections.abc import Iterator, Sequence
from functools import partial

import streamlit as st

from geo.aircraft import AircraftType, Fleet
from geo.compare import Row
from geo.legs import MAX_SPEED_KMH, Entry, Stage, Timetable, make_timetable
from geo.model import LonLat
from geo.phrases import capital
from geo.schema import Story
from geo.speeds import format_speed, from_speed_unit, in_speed_unit, speed_symbol
from geo.units import Unit, format_amount
from views.asked import SPEED, ask, asked
from views.markup import table_html, text_html
from views.told import route_name

_ASSUMED_KMH = 800.0
_NOTHING = "No route is shown."
_UNTIMED = "Bearings are true. Choose an aircraft at the side, or a speed here, for the times."
_TIMED = (
    "Bearings are true. {why} Over ground, in still air and without stops; minutes are counted "
    "from the start."
)


def choose_speed(unit: Unit) -> float | None:
    """Show the box for a speed over ground, and give it in km/h; None for the type's own.

    The box follows the reader's unit; the address holds km/h.
    """
    symbol = speed_symbol(unit)
    box, speed_kmh = f"speed_in_{symbol}", _speed_asked()
    amount = None if speed_kmh is None else round(in_speed_unit(speed_kmh, unit), 6)
    st.session_state[box] = amount
    most = round(in_speed_unit(MAX_SPEED_KMH, unit), 6)
    st.number_input(
        f"Speed over ground, {symbol}", min_value=0.1, max_value=most, value=None, step=10.0,
        format="%.0f", key=box, on_change=partial(_take_speed, box, unit),
        placeholder="That of the aircraft", width=260,
    )  # fmt: skip
    if speed_kmh is None and asked(SPEED):
        ask(SPEED, [])
    return speed_kmh


def is_speed(text: str) -> bool:
    """Tell whether a text of the address is a speed in km/h."""
    try:
        return 1 <= float(text) <= MAX_SPEED_KMH
    except ValueError:
        return False


def _speed_asked() -> float | None:
    return next((float(text) for text in asked(SPEED) if is_speed(text)), None)


def _take_speed(box: str, unit: Unit) -> None:
    amount: float | None = st.session_state[box]
    if amount is None:
        ask(SPEED, [])
    else:
        speed_kmh = min(max(from_speed_unit(amount, unit), 1.0), MAX_SPEED_KMH)
        ask(SPEED, [f"{speed_kmh:.9g}"])


def leg_by_leg(
    story: Story,
    rows: Sequence[Row],
    fleet: Fleet,
    aircraft: AircraftType | None,
    typed_kmh: float | None,
    unit: Unit,
) -> Iterator[str]:
    """Tell each route by its legs and by the airspaces it enters; with a speed, when."""
    timed = aircraft is not None or typed_kmh is not None
    speed_kmh, why = _speed(fleet, aircraft, typed_kmh)
    heading = f"Leg by leg, at {format_speed(speed_kmh, unit)}" if timed else "Leg by leg"
    yield text_html("h3", heading, "corridor-route")
    note = _TIMED.format(why=why) if timed else _UNTIMED
    yield text_html("p", note if rows else _NOTHING, "corridor-quiet")
    for row in rows:
        table = make_timetable(row.flight.route, row.flight.crossings, speed_kmh)
        yield text_html("h4", route_name(story, row), "corridor-route")
        yield _legs(table, unit, timed=timed)
        yield _entries(table, unit, timed=timed)


def _speed(
    fleet: Fleet, aircraft: AircraftType | None, typed_kmh: float | None
) -> tuple[float, str]:
    """Pick the speed to time the routes at, and say where it comes from."""
    if typed_kmh is not None or aircraft is None:
        return typed_kmh or _ASSUMED_KMH, "The speed is the one typed above."
    cruise = aircraft.cruise_limits_kmh
    if cruise:
        return cruise[
            1
        ], f"The speed is the highest published cruising speed of the {aircraft.name}."
    firm = [speed for speed in aircraft.speeds if speed.doubt is None]
    average = [speed.speed_kmh for speed in firm if speed.kind == "average"]
    if average:
        return min(average), f"The speed is the published average speed of the {aircraft.name}."
    most_kmh = min([_ASSUMED_KMH, *(speed.speed_kmh for speed in firm)])
    why = fleet.speed_note or "No cruising speed was found."
    return most_kmh, f"The speed is assumed. {why}"


def _legs(table: Timetable, unit: Unit, *, timed: bool) -> str:
    headings = ["Leg", f"Length, {unit.symbol}", "True bearing", "Farthest north"]
    headings += ["Time, min", "Ends after, min"] if timed else []
    cells = [[*_leg(stage, unit), *_leg_times(stage)] for stage in table.stages]
    shown = len(headings)
    return table_html(headings, [each[:shown] for each in cells], numbers={1, 4, 5})


def _leg(stage: Stage, unit: Unit) -> tuple[str, str, str, str]:
    leg = stage.leg
    bearings = [round(b) % 360 for b in (leg.initial_bearing_deg, leg.final_bearing_deg)]
    return (
        f"{leg.start.name} to {leg.end.name}",
        format_amount(leg.length_m, unit),
        f"{bearings[0]:03d}° to {bearings[1]:03d}°",
        _latlon(stage.north),
    )


def _leg_times(stage: Stage) -> tuple[str, str]:
    return f"{stage.minutes:,.0f}", f"{stage.start_min + stage.minutes:,.0f}"


def _latlon(point: LonLat) -> str:
    lon, lat = point
    return f"{abs(lat):.2f}° {'N' if lat >= 0 else 'S'}, {abs(lon):.2f}° {'E' if lon >= 0 else 'W'}"


def _entries(table: Timetable, unit: Unit, *, timed: bool) -> str:
    headings = ["Airspace", f"Entered after, {unit.symbol}", f"Distance in it, {unit.symbol}"]
    headings += ["Entered after, min", "Time in it, min"] if timed else []
    cells = [_entry(entry, unit)[: len(headings)] for entry in table.entries]
    return table_html(headings, cells, numbers={1, 2, 3, 4})


def _entry(entry: Entry, unit: Unit) -> tuple[str, ...]:
    crossing = entry.crossing
    return (
        capital(crossing.name),
        format_amount(crossing.start_m, unit),
        format_amount(crossing.length_m, unit),
        f"{entry.start_min:,.0f}",
        f"{entry.minutes:,.0f}",
    )
