"""Let the reader choose airfields, ways and units, with every choice in the URL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import streamlit as st

from geo.link import (
    FIRST_FIELDS,
    GROUPS,
    OWN,
    UNIT_NAMES,
    destinations,
    first_group,
    first_ways,
    grouped,
)
from geo.schema import Airfield, Story
from geo.units import STATUTE_MILES, Unit
from views.markup import as_label

AIRFIELDS, _PICK, _WAY, _UNIT = "airfields", "pick", "way", "units"


@dataclass(frozen=True, slots=True)
class Choices:
    """What the reader asks to see; `unknown` are the values of the URL that were passed over."""

    destinations: frozenset[str]
    ways: frozenset[str]
    unit: Unit
    unknown: tuple[str, ...] = field(default=(), compare=False)


def choose(story: Story) -> Choices:
    """Show the controls and read them; where the URL is wrong, the default holds."""
    fields = {place.id: place for place in destinations(story)}
    unknown = _unknown_in_url(
        {
            "airfields": [*GROUPS, OWN],
            "pick": [place.name for place in fields.values()],
            "way": [as_label(way.name) for way in story.ways.values()],
            "units": list(UNIT_NAMES),
        }
    )
    group = st.pills(
        "Airfields", [*GROUPS, OWN], default=first_group(fields.values()), key=AIRFIELDS,
        bind="query-params", required=True,
    )  # fmt: skip
    places = _picked(fields) if group == OWN else grouped(fields.values(), group or "")
    ways = st.pills(
        "Way", list(story.ways), format_func=lambda way: as_label(story.ways[way].name),
        selection_mode="multi", default=first_ways(story), key=_WAY, bind="query-params",
    )  # fmt: skip
    choices = Choices(places, frozenset(ways), choose_unit())
    return replace(choices, unknown=_kept(unknown, choices))


def held_choices(story: Story) -> Choices | None:
    """Read the controls before they are shown; None where there are none yet."""
    state = st.session_state
    if not all(key in state for key in (AIRFIELDS, _WAY, _UNIT)):
        return None
    fields, group = destinations(story), state[AIRFIELDS]
    places = grouped(fields, FIRST_FIELDS if group == OWN else group or "")
    if group == OWN and _PICK in state:
        places = frozenset(state[_PICK])
    return Choices(places, frozenset(state[_WAY]), UNIT_NAMES[state[_UNIT]])


def choose_unit(first: Unit = STATUTE_MILES) -> Unit:
    """Show the units of length."""
    name = next(name for name, unit in UNIT_NAMES.items() if unit == first)
    unit = st.pills(
        "Units", list(UNIT_NAMES), default=name, key=_UNIT, bind="query-params", required=True
    )
    return UNIT_NAMES[unit or name]


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


def _picked(fields: Mapping[str, Airfield]) -> frozenset[str]:
    return frozenset(
        st.multiselect(
            "Which airfields", list(fields),
            default=[id for id in fields if id in grouped(fields.values(), FIRST_FIELDS)],
            format_func=lambda id: fields[id].name, key=_PICK, bind="query-params",
        )
    )  # fmt: skip
