"""Show the shown routes more closely, one side of them at a time."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from geo.aircraft import AircraftType, Fleet
from geo.compare import Row
from geo.edge import Edges
from geo.link import BY_DAY
from geo.schema import Story
from geo.units import Unit
from views.aircraft import TYPE_KEY, known_types
from views.asked import DAY, SPEED
from views.claims import CLAIM_KEY, type_claim, verdicts
from views.flown import reach_and_times
from views.fold import is_wanted
from views.loaded import Atlas
from views.markup import show_stack
from views.stops import STATES_KEY, STOP_LISTS, STOPS_KEY, choose_stops
from views.timeline import SIDE_KEY, choose_day, days_of, tell_day
from views.times import choose_speed, is_speed
from views.told import WORDS_TAB, accounts, matrix

_Answer = TypeVar("_Answer")
_FLOWN, _CLAIMED, _CROSSED = "Aircraft and times", "The claim", "By airspace"
TABS = (WORDS_TAB, _FLOWN, _CLAIMED, BY_DAY, _CROSSED)


def look_closer(
    atlas: Atlas,
    story: Story,
    rows: Sequence[Row],
    edges: Mapping[str, Edges],
    fleet: Fleet,
    aircraft: AircraftType | None,
    closed: Collection[str],
    unit: Unit,
    at_side: DeltaGenerator,
    begun: str,
) -> None:
    """Show the list of sides and the chosen one; what is chosen in one holds while it is unseen.

    The day is chosen `at_side`, where it stays in sight beside the map; `begun` says what is shown
    of it.
    """
    shown = st.segmented_control(
        "Look closer", TABS, default=TABS[0], key=SIDE_KEY, bind="query-params", required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    at = shown or WORDS_TAB
    speed_kmh = _asked(lambda: choose_speed(unit), at == _FLOWN, SPEED)
    flown = at == _FLOWN and aircraft is not None
    stops = _asked(lambda: choose_stops(atlas), flown, STOPS_KEY, STATES_KEY)
    claim = _asked(lambda: type_claim(story), at == _CLAIMED, CLAIM_KEY)
    with at_side:
        by_day = at == BY_DAY
        date = _asked(lambda: choose_day(story, begun, shown=by_day), by_day, DAY)
    told = {
        WORDS_TAB: lambda: accounts(story, rows, edges, unit),
        _FLOWN: lambda: reach_and_times(
            atlas, story, rows, fleet, aircraft, speed_kmh, stops, closed, unit
        ),
        _CLAIMED: lambda: verdicts(atlas, story, rows, claim or "", unit),
        BY_DAY: lambda: tell_day(story, date),
        _CROSSED: lambda: matrix(story, rows, unit),
    }
    show_stack(told[at]())


def _asked(control: Callable[[], _Answer], here: bool, *keys: str) -> _Answer | None:
    """Show a side's control, or keep it unseen: one that isn't there forgets what was chosen."""
    if not is_wanted(keys[0], *keys, now=here):
        return None
    with st.container(key=f"{'seen' if here else 'unseen'}_{keys[0]}"):
        return control()


def unknown_asks(atlas: Atlas, fleet: Fleet) -> tuple[str, ...]:
    """List what the URL asks for here and isn't there; must run before the controls."""
    names = {each.name for each in known_types(fleet).values()}
    days = {day.isoformat() for day in days_of(atlas.story)}
    known: dict[str, Callable[[str], bool]] = {
        SIDE_KEY: TABS.__contains__,
        # Where no type can be read, the list of them says so.
        TYPE_KEY: lambda text: not names or text in names,
        SPEED: is_speed,
        STOPS_KEY: STOP_LISTS.__contains__,
        STATES_KEY: set(atlas.names.values()).__contains__,
        DAY: lambda text: _iso(text) in days,
    }
    return tuple(
        f"{key} “{value[:60]}”"
        for key, is_known in known.items()
        for value in st.query_params.get_all(key)
        if value and not is_known(value)
    )


def _iso(text: str) -> str:
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        return ""
