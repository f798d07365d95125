"""Let the reader choose an aircraft, and draw how far it gets."""

from collections.abc import Sequence

import streamlit as st

from geo.aircraft import AircraftType, Fleet
from geo.compare import Row
from geo.errors import DataError
from geo.ranges import RangeRing, range_rings, reach_rings
from geo.render.legend import LineStyle
from geo.render.scene import Ring
from geo.ringspec import RingSpec
from geo.units import Unit
from views.fold import unfolded
from views.loaded import load_ring, load_types
from views.markup import show_refusal

TYPE_KEY = "aircraft"
_STYLES: Sequence[LineStyle] = ("solid", "dashdotted", "dashed", "dotted")


def choose_aircraft() -> AircraftType | None:
    """Show the list of types of which a figure was published; none is chosen to begin with.

    Where their file can't be read, that is said instead.
    """
    fold = unfolded("Aircraft and its range", "aircraft_choice", TYPE_KEY)
    if fold is None:
        return None
    try:
        types = known_types(load_types())
    except DataError as error:
        with fold:
            show_refusal(error, "no aircraft can be chosen")
        return None
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


def shown_rings(
    aircraft: AircraftType | None, rows: Sequence[Row], specs: Sequence[RingSpec], unit: Unit
) -> list[RangeRing]:
    """List the lowest and the highest published range, and the rings that the reader typed."""
    reach = reach_rings(aircraft, (row.flight for row in rows)) if aircraft else ()
    return [ring for spec in (*reach, *specs) for ring in range_rings(spec, unit)]


def draw_reach(aircraft: AircraftType | None, rows: Sequence[Row], unit: Unit) -> list[Ring]:
    """Draw the lowest and the highest published range round where the shown routes begin."""
    specs = reach_rings(aircraft, (row.flight for row in rows)) if aircraft else ()
    return [_drawn(ring) for spec in specs for ring in range_rings(spec, unit, around=False)]


def typed_rings(specs: Sequence[RingSpec], unit: Unit) -> list[Ring]:
    """Draw the rings that the reader typed, each distance in a style of its own."""
    rings = [ring for spec in specs for ring in range_rings(spec, unit)]
    names = list(dict.fromkeys(ring.name for ring in rings if not ring.aircraft))
    styles = {name: _STYLES[number % len(_STYLES)] for number, name in enumerate(names)}
    return [_drawn(ring, styles.get(ring.name)) for ring in rings]


def _drawn(ring: RangeRing, style: LineStyle | None = None) -> Ring:
    drawn = style or ("dashed" if ring.is_least else "solid")
    return load_ring(ring.name, ring.place, ring.radius_m, drawn)
