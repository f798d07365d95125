"""Keep what the reader asks of the map: typed routes, closed states and the day.

The page's address holds them, and no control that Streamlit binds to it. What a
message of the map changes waits until the run's end before it is written to the address, since
the browser draws all of the page anew for that.

A browser tells its address with each thing that the reader does. What is done in the moment before
the last change reaches the browser comes with the address from before it: such a one is known by
its content and its age, and what was written since holds.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from urllib.parse import parse_qs

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from geo.airspace import Airspace
from geo.closure import find_state, owner
from geo.link import link_name
from geo.phrases import capital

ROUTE, CLOSED, DAY, SPEED = "route", "closed", "day", "speed"
_KEYS = (ROUTE, CLOSED, DAY, SPEED)
# Where the session keeps the link to the last view, for the Briefing page.
VIEW_LINK = "view_link"
# Where it keeps the files that are shown there.
VIEW_FILES = "view_files"
MOST_LETTERS = 2000
MOST = 100
_WAITING = "asked_waiting"
_WRITTEN = "asked_written"
# A browser that hasn't heard of a change by then has gone elsewhere, for one by its Back button.
_LATE_S = 2.0
_HINT = "asked_hint"
_REFUSED = "asked_refused"
_KEPT, _AWAY = "asked_kept", "asked_away"


@dataclass(frozen=True, slots=True)
class _Written:
    """What was last written to the address, and what stood there in the moments before."""

    texts: list[str]
    before: tuple[list[str], ...]
    at_s: float


def asked(key: str) -> list[str]:
    """List what is asked for now, as it was typed."""
    waiting: Mapping[str, list[str]] = st.session_state.get(_WAITING, {})
    texts = waiting.get(key, _addressed(key))
    return list(dict.fromkeys(text[:MOST_LETTERS] for text in texts if text.strip()))[:MOST]


def ask(key: str, texts: Sequence[str]) -> None:
    """Ask for something else from the next run on."""
    st.session_state[_WAITING] = {**st.session_state.get(_WAITING, {}), key: list(texts)}


def keep_in_address() -> None:
    """Write what was asked to the address; belongs at a run's end."""
    waiting: Mapping[str, list[str]] = st.session_state.get(_WAITING, {})
    wanted = {key: waiting.get(key, _addressed(key)) for key in _KEYS}
    new = {key: texts for key, texts in wanted.items() if not _stands(key, texts)}
    if new:
        written = {key: _Written(texts, _lately(key), monotonic()) for key, texts in new.items()}
        st.session_state[_WRITTEN] = {**st.session_state.get(_WRITTEN, {}), **written}
        st.query_params.update(new)
    st.session_state[_KEPT] = wanted
    # Last: what the reader does next may break the run off at any of these lines.
    st.session_state[_WAITING] = {}


def lead_on() -> None:
    """Write to the address what the page to be turned to will show; belongs before the navigation.

    The browser then goes there in one step. What is written after it is one more step, and the Back
    button leads from the page to the page itself, without its view.
    """
    context = get_script_run_ctx()
    page = context.pages_manager.get_pages().get(context.page_script_hash) if context else None
    wanted: Mapping[str, list[str]] = {}
    match page and page.get("url_pathname"), st.session_state.get(_AWAY):
        case "briefing", False:
            wanted = parse_qs(st.session_state.get(VIEW_LINK, ""), keep_blank_values=True)
        case "", True:
            wanted = st.session_state.get(_KEPT, {})
    new = {key: texts for key, texts in wanted.items() if texts}
    if new and not any(st.query_params.get_all(key) for key in new):
        st.query_params.update(new)


def note_page(*, on_map: bool) -> None:
    """Ask again for what was asked when the reader comes back from another page.

    Streamlit empties the address on the way from page to page.
    """
    if on_map and st.session_state.get(_AWAY):
        for key, texts in st.session_state.get(_KEPT, {}).items():
            if texts and not st.query_params.get_all(key):
                ask(key, texts)
    st.session_state[_AWAY] = not on_map


def _stands(key: str, texts: list[str]) -> bool:
    """Tell whether the browser has just that in its address, whatever of ours is on the way."""
    return texts == _addressed(key) == st.query_params.get_all(key)


def _addressed(key: str) -> list[str]:
    """List what the address holds, or what was written there since the browser told it."""
    texts, written = st.query_params.get_all(key), _written(key)
    return written.texts if written and texts in written.before else texts


def _lately(key: str) -> tuple[list[str], ...]:
    """List what the browser may still take the address to hold."""
    written = _written(key)
    before = (*written.before, written.texts) if written else ()
    return (*before, st.query_params.get_all(key))


def _written(key: str) -> _Written | None:
    written: _Written | None = st.session_state.get(_WRITTEN, {}).get(key)
    return written if written and monotonic() - written.at_s < _LATE_S else None


def note_refused(paths: Collection[str]) -> None:
    """Note the paths that can't be read: what is typed next stands for them."""
    st.session_state[_REFUSED] = frozenset(paths)


def too_many(key: str) -> int:
    """Count what is asked for beyond the most that is taken."""
    return max(0, len(set(st.query_params.get_all(key))) - MOST)


def take_hint() -> str:
    """Give what is to be said to the last click, once."""
    return str(st.session_state.pop(_HINT, ""))


def take_message(airspace: Airspace, message: Mapping[str, object]) -> None:
    """Do what the map asks for; a message that isn't one of the map's is passed over."""
    path, code = str(message.get("path", "")), str(message.get("code", ""))
    routes = asked(ROUTE)
    match message.get("action"):
        case "click":
            _toggle_at(airspace, message)
        case "close" if code in {claim for face in airspace.faces for claim in face.claims}:
            _toggle(airspace, code, close=True)
        case "open":
            _toggle(airspace, code, close=False)
        case "type" if path.strip():
            refused = st.session_state.get(_REFUSED, frozenset())
            ask(ROUTE, [*(each for each in routes if each not in refused), path])
        case "drop":
            ask(ROUTE, [each for each in routes if each != path])
        case "mend" if path.strip():
            ask(ROUTE, [path if each == message.get("wrong") else each for each in routes])


def closed_codes(airspace: Airspace) -> tuple[list[str], tuple[str, ...]]:
    """List the codes of the closed states, and what in the address no state is called."""
    found = {text: find_state(airspace, text) for text in asked(CLOSED)}
    codes = list(dict.fromkeys(code for code in found.values() if code))
    return codes, tuple(text for text, code in found.items() if not code)


def close_states(airspace: Airspace, codes: Sequence[str]) -> None:
    """Close just these states from the next run on."""
    ask(CLOSED, [link_name(airspace, code) for code in codes])


def _toggle_at(airspace: Airspace, message: Mapping[str, object]) -> None:
    lon, lat = message.get("lon"), message.get("lat")
    if not isinstance(lon, int | float) or not isinstance(lat, int | float):
        return
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        return
    face = airspace.face_at(float(lon), float(lat))
    code = owner(airspace, face)
    if code is not None:
        _toggle(airspace, code, close=code not in closed_codes(airspace)[0])
    elif face.kind == "disputed":
        st.session_state[_HINT] = f"{capital(face.name)}: close one of them by its name."


def _toggle(airspace: Airspace, code: str, *, close: bool) -> None:
    others = [each for each in closed_codes(airspace)[0] if each != code]
    close_states(airspace, [*others, code] if close else others)
