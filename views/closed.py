"""Let the reader close airspace by an example; the map closes states one by one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from geo.airspace import Airspace
from geo.closure import Closure, make_closure
from geo.link import NO_FIELDS
from geo.shut_areas import ShutAreas
from views.asked import CLOSED, ROUTE, ask, asked, close_states, closed_codes
from views.choices import AIRFIELDS

_EXAMPLE, _NUMBER = "example", "example_number"
_FIELDS_BEFORE = "fields_before_example"
_PAIR = "EFHK-RJAA"
# What each example closes. The told one is what the story's routes went around; the last shows two
# places that the story knows nothing of.
EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "All open": (),
    "As told in March 2016": ("ARM", "GEO", "TUR", "UKR"),
    "Helsinki to Tokyo, Russia closed": ("RUS",),
}
_WITH_PAIR = "Helsinki to Tokyo, Russia closed"


@dataclass(frozen=True, slots=True)
class Closed:
    """What the reader closed, and the names in the URL that no state has."""

    closure: Closure
    unknown: tuple[str, ...]

    def with_areas(self, areas: tuple[ShutAreas, ...]) -> "Closed":
        """Close areas of opened files too, each file's once."""
        return replace(self, closure=replace(self.closure, areas=tuple(dict.fromkeys(areas))))


def choose_closure(airspace: Airspace) -> Closed:
    """Show the examples, and read what is closed."""
    closed = read_closure(airspace)
    key = _mark(_example_of(closed.closure.closed))
    st.pills(
        "Closed airspace", list(EXAMPLES), key=key, on_change=partial(_take_example, airspace, key),
        help="Examples. A click on a country on the map closes it, or opens it again; so does its "
        "name in the box on the map.",
    )  # fmt: skip
    return closed


def read_closure(airspace: Airspace) -> Closed:
    """Read what is closed from the address."""
    codes, unknown = closed_codes(airspace)
    named = tuple(f"{CLOSED} “{name[:60]}”" for name in unknown)
    return Closed(make_closure(airspace, codes), named)


def _example_of(codes: Collection[str]) -> str | None:
    """Name the example that closes just these states."""
    return next((name for name, each in EXAMPLES.items() if set(each) == set(codes)), None)


def _mark(example: str | None) -> str:
    """Mark an example in the control, or none, and give the control's key.

    A browser that hasn't heard of the change tells the one marked before with what the reader does
    next, as if it had been pressed. So another control takes its place, and the old one's word no
    longer counts.
    """
    if st.session_state.get(_key()) not in (None, example):
        st.session_state[_NUMBER] = _number() + 1
    st.session_state[_key()] = example
    return _key()


def _key() -> str:
    return f"{_EXAMPLE}{_number()}"


def _number() -> int:
    return int(st.session_state.get(_NUMBER, 0))


def _take_example(airspace: Airspace, key: str) -> None:
    """Close what the chosen example closes."""
    example = st.session_state[key]
    if example is None or key != _key():
        return
    close_states(airspace, EXAMPLES[example])
    if example == _WITH_PAIR:
        _show_pair()
    else:
        _take_pair_away()


def _show_pair() -> None:
    """Show the example's own two places instead of the story's, if the reader doesn't already."""
    routes = asked(ROUTE)
    if _PAIR not in routes:
        ask(ROUTE, [*routes, _PAIR])
        st.session_state[_FIELDS_BEFORE] = st.session_state[AIRFIELDS]
        st.session_state[AIRFIELDS] = NO_FIELDS


def _take_pair_away() -> None:
    """Show again what was shown before the example put its two places there."""
    before = st.session_state.pop(_FIELDS_BEFORE, None)
    if before is not None:
        ask(ROUTE, [each for each in asked(ROUTE) if each != _PAIR])
        st.session_state[AIRFIELDS] = before
