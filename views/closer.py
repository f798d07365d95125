"""Show the shown routes more closely, in tabs: only the open one is written."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence

import streamlit as st

from geo.aircraft import AircraftType, Fleet
from geo.compare import Row
from geo.edge import Edges
from geo.legs import MAX_SPEED_KMH
from geo.schema import Story
from geo.units import Unit
from views.aircraft import SPEED_KEY, TYPE_KEY, choose_speed, known_types, reach_and_times
from views.claims import type_claim, verdicts
from views.fold import is_wanted
from views.loaded import Atlas
from views.markup import show_stack
from views.timeline import choose_day, days_of, tell_day
from views.told import WORDS_TAB, accounts, matrix

_KEY = "tab"
TABS = (WORDS_TAB, "Aircraft and times", "The claim", "Day by day", "By airspace")


def look_closer(
    atlas: Atlas,
    story: Story,
    rows: Sequence[Row],
    edges: Mapping[str, Edges],
    fleet: Fleet,
    aircraft: AircraftType | None,
    closed: Collection[str],
    unit: Unit,
) -> None:
    """Show the tabs. What was chosen in one stays in the address while another is open."""
    words, flown, claimed, dated, crossed = st.tabs(TABS, key=_KEY, bind="query-params")
    with words:
        if words.open:
            show_stack(accounts(story, rows, edges, unit))
    with flown:
        wanted = is_wanted("flown", SPEED_KEY, now=bool(flown.open))
        speed_kmh = choose_speed() if wanted else None
        if flown.open:
            show_stack(
                reach_and_times(atlas, story, rows, fleet, aircraft, speed_kmh, closed, unit)
            )
    with claimed:
        text = type_claim(story) if is_wanted("claimed", "claim", now=bool(claimed.open)) else ""
        if claimed.open:
            show_stack(verdicts(atlas, story, rows, text, unit))
    with dated:
        date = choose_day(story) if is_wanted("dated", "day", now=bool(dated.open)) else None
        if dated.open:
            show_stack(tell_day(story, date))
    with crossed:
        if crossed.open:
            show_stack(matrix(story, rows, unit))


def unknown_asks(story: Story, fleet: Fleet) -> tuple[str, ...]:
    """List what the URL asks for here and isn't there; must run before the controls."""
    names = {each.name for each in known_types(fleet).values()}
    days = {day.isoformat() for day in days_of(story)}
    known: dict[str, Callable[[str], bool]] = {
        _KEY: TABS.__contains__,
        TYPE_KEY: names.__contains__,
        SPEED_KEY: _is_speed,
        "day": lambda text: _iso(text) in days,
    }
    return tuple(
        f"{key} “{value[:60]}”"
        for key, is_known in known.items()
        for value in st.query_params.get_all(key)
        if value and not is_known(value)
    )


def _is_speed(text: str) -> bool:
    try:
        return 1 <= float(text) <= MAX_SPEED_KMH
    except ValueError:
        return False


def _iso(text: str) -> str:
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        return ""
