"""Keep what the reader asks of the map: typed routes and closed states.

The page's address holds them, and no control of Streamlit's: the map has a box for them. What a
message of the map changes waits until the run's end before it is written to the address, since
the browser draws all of the page anew for that.
"""

from collections.abc import Mapping, Sequence

import streamlit as st

from geo.airspace import Airspace
from geo.closure import find_state, owner
from geo.link import link_name
from geo.phrases import capital

ROUTE, CLOSED = "route", "closed"
# Where the session keeps the link to the last view, for the Briefing page.
VIEW_LINK = "view_link"
MOST_LETTERS = 2000
_WAITING = "asked_waiting"
_HINT = "asked_hint"
_MOST = 100


def asked(key: str) -> list[str]:
    """List what is asked for now, as it was typed."""
    waiting: Mapping[str, list[str]] = st.session_state.get(_WAITING, {})
    texts = waiting.get(key, st.query_params.get_all(key))
    return list(dict.fromkeys(text[:MOST_LETTERS] for text in texts if text.strip()))[:_MOST]


def ask(key: str, texts: Sequence[str]) -> None:
    """Ask for something else from the next run on."""
    st.session_state[_WAITING] = {**st.session_state.get(_WAITING, {}), key: list(texts)}


def keep_in_address() -> None:
    """Write what was asked to the address; belongs at a run's end."""
    waiting: Mapping[str, list[str]] = st.session_state.pop(_WAITING, {})
    new = {key: texts for key, texts in waiting.items() if texts != st.query_params.get_all(key)}
    if new:
        st.query_params.update(new)


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
            ask(ROUTE, [*routes, path])
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
