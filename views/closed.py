"""Let the reader close airspace: by a list, by an example, or by a click on the map."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import streamlit as st

from geo.airspace import Airspace
from geo.closure import Closure, make_closure, owner, state_names
from geo.model import LonLat
from geo.words import capital
from views.choices import AIRFIELDS, FIRST_FIELDS, NO_FIELDS
from views.markup import show_text
from views.typed import KEY as ROUTE

_KEY = "closed"
_EXAMPLE = "example"
_HINT = "closed_hint"
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


def choose_closure(airspace: Airspace) -> Closed:
    """Show the controls and read them."""
    names = state_names(airspace)
    asked = st.query_params.get_all(_KEY)
    known = set(names.values())
    unknown = tuple(f"{_KEY} “{name[:60]}”" for name in asked if name and name not in known)
    codes = st.session_state.get(_KEY, [code for code, name in names.items() if name in asked])
    st.session_state[_EXAMPLE] = _example_of(codes)
    st.pills(
        "Closed airspace", list(EXAMPLES), key=_EXAMPLE, on_change=_take_example,
        help="Examples. A click on a country on the map closes it, or opens it again.",
    )  # fmt: skip
    codes = st.multiselect(
        "Closed states", sorted(names, key=lambda code: names[code]),
        format_func=lambda code: names[code], key=_KEY, bind="query-params",
        label_visibility="collapsed", placeholder="Close a state: type its name",
    )  # fmt: skip
    hint = st.session_state.pop(_HINT, None)
    if hint:
        show_text("p", f"{capital(hint)}: close one of them in the list.", "corridor-quiet")
    return Closed(make_closure(airspace, codes), unknown)


def toggle_at(airspace: Airspace, point: LonLat) -> None:
    """Close the state whose airspace is at a point, or open it again.

    For a callback: it must run before the controls do.
    """
    face = airspace.face_at(*point)
    code = owner(airspace, face)
    if code is None:
        if face.kind == "disputed":
            st.session_state[_HINT] = face.name
        return
    closed = list(st.session_state.get(_KEY, ()))
    st.session_state[_KEY] = [c for c in closed if c != code] if code in closed else [*closed, code]


def _example_of(codes: Collection[str]) -> str | None:
    """Name the example that closes just these states."""
    return next((name for name, each in EXAMPLES.items() if set(each) == set(codes)), None)


def _take_example() -> None:
    """Close what the chosen example closes."""
    example = st.session_state[_EXAMPLE]
    if example is not None:
        st.session_state[_KEY] = list(EXAMPLES[example])
        _show_pair(example == _WITH_PAIR)


def _show_pair(shown: bool) -> None:
    """Show the example's own two places instead of the story's, or these again."""
    if shown:
        st.session_state.update({ROUTE: _PAIR, AIRFIELDS: NO_FIELDS})
    elif st.session_state.get(ROUTE) == _PAIR:
        st.session_state.update({ROUTE: "", AIRFIELDS: FIRST_FIELDS})
