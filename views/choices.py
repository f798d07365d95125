"""Let the reader choose airfields, ways and units, with every choice in the URL."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from geo.compare import Flight
from geo.schema import Airfield, Story
from geo.units import KILOMETRES, NAUTICAL_MILES, STATUTE_MILES, Unit
from views.words import as_label

_UNITS = {unit.name.capitalize(): unit for unit in (STATUTE_MILES, NAUTICAL_MILES, KILOMETRES)}
_GROUPS: Mapping[str, frozenset[str]] = {
    "Reported landings": frozenset({"landing"}),
    "Named home bases": frozenset({"home"}),
    "All": frozenset({"landing", "home", "staging", "unnamed"}),
}
_OWN = "My choice"


@dataclass(frozen=True, slots=True)
class Choices:
    """What the reader asks to see."""

    destinations: frozenset[str]
    ways: frozenset[str]
    unit: Unit


def choose(story: Story) -> Choices:
    """Show the controls and read them; say which values of the URL are not known."""
    fields = {field.id: field for field in _destinations(story)}
    labels = {
        "airfields": [*_GROUPS, _OWN],
        "pick": [as_label(field.name) for field in fields.values()],
        "way": [as_label(way.name) for way in story.ways.values()],
        "units": list(_UNITS),
    }
    _check_url(labels)
    group = st.pills(
        "Airfields", labels["airfields"], default="Reported landings", key="airfields",
        bind="query-params", required=True,
    )  # fmt: skip
    destinations = _picked(fields) if group == _OWN else _grouped(fields, group)
    ways = st.pills(
        "Way", list(story.ways), format_func=lambda way: as_label(story.ways[way].name),
        selection_mode="multi", default=list(story.ways)[:2], key="way", bind="query-params",
    )  # fmt: skip
    unit = st.pills(
        "Units", labels["units"], default=labels["units"][0], key="units",
        bind="query-params", required=True,
    )  # fmt: skip
    return Choices(destinations, frozenset(ways), _UNITS[unit or labels["units"][0]])


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
    return sorted((story.places[id] for id in ids), key=lambda field: field.name)


def _grouped(fields: Mapping[str, Airfield], group: str | None) -> frozenset[str]:
    roles = _GROUPS.get(group or "", frozenset())
    return frozenset(id for id, field in fields.items() if field.role in roles or group == "All")


def _picked(fields: Mapping[str, Airfield]) -> frozenset[str]:
    landings = [id for id, field in fields.items() if field.role == "landing"]
    return frozenset(
        st.multiselect(
            "Which airfields", list(fields), default=landings,
            format_func=lambda id: as_label(fields[id].name), key="pick", bind="query-params",
        )
    )  # fmt: skip


def _check_url(labels: Mapping[str, Sequence[str]]) -> None:
    """Say which values of the URL are passed over; Streamlit then falls back to the default."""
    unknown = [
        f"{key} “{as_label(value[:60])}”"
        for key, known in labels.items()
        for value in st.query_params.get_all(key)
        if value and value not in known
    ]
    if unknown:
        st.session_state["unknown_in_url"] = unknown
    elif not st.session_state.get("url_notice_seen"):
        st.session_state["url_notice_seen"] = True
    if unknown or st.session_state.pop("unknown_in_url", None):
        st.warning(
            "The link asks for something that isn't here, so the default is shown instead: "
            + ", ".join(unknown)
        )
