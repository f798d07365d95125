"""Let the reader choose an aircraft, and draw how far it gets."""

from collections.abc import Sequence

import streamlit as st

from geo.aircraft import AircraftType, Fleet
from geo.circles import MAX_RADIUS_M
from geo.compare import Row
from geo.model import Place
from geo.render.legend import LineStyle
from geo.render.scene import Ring
from geo.ringspec import RingSpec
from geo.units import Unit, format_length
from views.fold import unfolded
from views.loaded import load_ring

TYPE_KEY = "aircraft"
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
