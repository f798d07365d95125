"""Let the reader choose airfields, ways and units, with every choice in the URL."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import streamlit as st

from geo.compare import Flight
from geo.open_ways import OPEN_WAY
from geo.schema import Airfield, Story
from geo.units import UNITS, Unit
from views.markup import as_label

_UNITS = {unit.name.capitalize(): unit for unit in UNITS.values()}
FIRST_FIELDS, NO_FIELDS = "Reported landings", "None"
_GROUPS: Mapping[str, frozenset[str]] = {
    FIRST_FIELDS: frozenset({"landing"}),
    "Named home bases": frozenset({"home"}),
    "All": frozenset(),
    NO_FIELDS: frozenset(),
}
OWN = "My choice"
AIRFIELDS, _PICK = "airfields", "pick"


@dataclass(frozen=True, slots=True)
class Choices:
    """What the reader asks to see; `unknown` are the values of the URL that were passed over."""

    destinations: frozenset[str]
    ways: frozenset[str]
    unit: Unit
    unknown: tuple[str, ...] = field(default=(), compare=False)


def choose(story: Story) -> Choices:
    """Show the controls and read them; where the URL is wrong, the default holds."""
    fields = {place.id: place for place in _destinations(story)}
    unknown = _unknown_in_url(
        {
            "airfields": [*_GROUPS, OWN],
            "pick": [place.name for place in fields.values()],
            "way": [as_label(way.name) for way in story.ways.values()],
            "units": list(_UNITS),
        }
    )
    group = st.pills(
        "Airfields", [*_GROUPS, OWN], default=_first_group(fields), key=AIRFIELDS,
        bind="query-params", required=True,
    )  # fmt: skip
    destinations = _picked(fields) if group == OWN else _grouped(fields, group)
    ways = st.pills(
        "Way", list(story.ways), format_func=lambda way: as_label(story.ways[way].name),
        selection_mode="multi", default=_first_ways(story), key="way", bind="query-params",
    )  # fmt: skip
    unit = st.pills(
        "Units", list(_UNITS), default=next(iter(_UNITS)), key="units",
        bind="query-params", required=True,
    )  # fmt: skip
    choices = Choices(destinations, frozenset(ways), _UNITS[unit or next(iter(_UNITS))])
    return replace(choices, unknown=_kept(unknown, choices))


def _first_ways(story: Story) -> list[str]:
    """Open on the direct line, the first of the told ways and the shortest open one."""
    told = [way for way in story.ways if way != OPEN_WAY]
    return [*told[:2], *(way for way in story.ways if way == OPEN_WAY)]


def _unknown_in_url(known: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """List what the URL asks for and isn't there; must run before the widgets, which clear it."""
    return tuple(
        f"{key} “{value[:60]}”"
        for key, values in known.items()
        for value in st.query_params.get_all(key)
        if value and value not in values
    )


def _kept(unknown: tuple[str, ...], choices: Choices) -> tuple[str, ...]:
    """Keep the notice over reruns, until the reader chooses something else."""
    if unknown:
        st.session_state["unknown_in_url"] = (choices, unknown)
    shown_for, kept = st.session_state.get("unknown_in_url", (None, ()))
    if shown_for == choices:
        return tuple(kept)
    st.session_state["unknown_in_url"] = (None, ())
    return ()


def chosen(flights: Iterable[Flight], choices: Choices) -> tuple[Flight, ...]:
    """Keep the flights that were asked for."""
    return tuple(
        flight
        for flight in flights
        if flight.plan.destination in choices.destinations and flight.plan.way in choices.ways
    )


def _destinations(story: Story) -> list[Airfield]:
    """List the places that routes lead to, once each, by name."""
    ids = {route.destination for route in story.routes}
    return sorted((story.places[id] for id in ids), key=lambda place: place.name)


def _first_group(fields: Mapping[str, Airfield]) -> str:
    """Open on the first group that has a place in it."""
    return next((group for group in _GROUPS if _grouped(fields, group)), OWN)


def _grouped(fields: Mapping[str, Airfield], group: str | None) -> frozenset[str]:
    roles = _GROUPS.get(group or "", frozenset())
    return frozenset(id for id, place in fields.items() if place.role in roles or group == "All")


def _picked(fields: Mapping[str, Airfield]) -> frozenset[str]:
    landings = [id for id, place in fields.items() if place.role == "landing"]
    return frozenset(
        st.multiselect(
            "Which airfields", list(fields), default=landings,
            format_func=lambda id: fields[id].name, key=_PICK, bind="query-params",
        )
    )  # fmt: skip
