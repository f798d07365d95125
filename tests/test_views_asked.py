"""What the map's messages ask for, and how the address keeps it."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT
from tests.doors import Address
from tests.shipped import airspace
from views import asked
from views.mapview import take_messages

PAGE = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import streamlit as st
from tests.shipped import airspace
from views import asked

on_map = st.session_state["on_map"] if "on_map" in st.session_state else True
asked.note_page(on_map=on_map)
if not on_map:
    st.stop()
for message in st.session_state["messages"]:
    asked.take_message(airspace(), message)
st.session_state["closed"] = asked.closed_codes(airspace())
st.session_state["hint"] = asked.take_hint()
st.session_state["routes"] = asked.asked(asked.ROUTE)
asked.keep_in_address()
st.session_state["address"] = {{key: st.query_params.get_all(key) for key in ("route", "closed")}}
"""


def after(*messages: Mapping[str, object], **query: list[str]) -> AppTest:
    """Run a page that gets these messages."""
    app = AppTest.from_string(PAGE, default_timeout=30)
    app.session_state["messages"] = messages
    for key, texts in query.items():
        app.query_params[key] = texts
    app.run()
    assert not app.exception
    return app


def test_a_click_closes_a_state_and_another_opens_it() -> None:
    turkey = {"action": "click", "lon": 35.0, "lat": 39.0}
    app = after(turkey)
    assert app.session_state["closed"] == (["TUR"], ())
    assert app.session_state["address"]["closed"] == ["Turkey"]
    assert after(turkey, closed=["Turkey", "Iraq"]).session_state["address"]["closed"] == ["Iraq"]


def test_a_click_that_comes_with_the_address_from_before_the_last_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two clicks in quick succession: the browser has not yet heard what the first one changed."""
    monkeypatch.setattr("views.asked._LATE_S", 600.0)
    turkey = {"action": "click", "lon": 35.0, "lat": 39.0}
    app = after(turkey, closed=["Iraq"])
    assert app.session_state["address"]["closed"] == ["Iraq", "Turkey"]
    app.query_params["closed"] = ["Iraq"]
    app.run()
    assert app.session_state["address"]["closed"] == ["Iraq"]
    app.query_params["closed"] = ["Iraq", "Turkey"]
    app.session_state["messages"] = ()
    app.run()
    assert app.session_state["closed"] == (["IRQ"], ())


def test_an_address_from_before_that_changes_nothing_is_written_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("views.asked._LATE_S", 600.0)
    app = after({"action": "close", "code": "TUR"}, closed=["Iraq"])
    app.query_params["closed"] = ["Iraq"]
    app.session_state["messages"] = ()
    app.run()
    assert app.session_state["closed"] == (["IRQ", "TUR"], ())
    assert app.session_state["address"]["closed"] == ["Iraq", "Turkey"]


def test_what_was_asked_is_there_again_after_another_page() -> None:
    app = after(closed=["Turkey"], route=["EFHK-RJAA"])
    app.session_state["on_map"] = False
    app.query_params.clear()
    app.run()
    app.session_state["on_map"] = True
    app.query_params.clear()
    app.run()
    assert app.session_state["address"] == {"closed": ["Turkey"], "route": ["EFHK-RJAA"]}


def test_what_is_typed_stands_for_what_could_not_be_read() -> None:
    app = AppTest.from_string(PAGE, default_timeout=30)
    app.query_params["route"] = ["EGLL-KJFK", "EGLL-KJFQ"]
    app.session_state["messages"] = ({"action": "type", "path": "EGLL-KBOS"},)
    app.session_state["asked_refused"] = frozenset(["EGLL-KJFQ"])
    app.run()
    assert app.session_state["address"]["route"] == ["EGLL-KJFK", "EGLL-KBOS"]


def test_an_old_address_is_gone_back_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("views.asked._LATE_S", 0.0)
    app = after({"action": "close", "code": "TUR"}, closed=["Iraq"])
    app.query_params["closed"] = ["Iraq"]
    app.session_state["messages"] = ()
    app.run()
    assert app.session_state["closed"] == (["IRQ"], ())


def test_a_click_where_two_states_claim_closes_neither_and_says_so() -> None:
    app = after({"action": "click", "lon": 34.3, "lat": 45.2})
    assert app.session_state["closed"] == ([], ())
    assert app.session_state["hint"].startswith("Claimed by Russia and Ukraine: close one of them")


def test_states_are_closed_by_code_and_asked_for_by_either() -> None:
    assert after(closed=["iraq", "TUR", "Atlantis"]).session_state["closed"] == (
        ["IRQ", "TUR"],
        ("Atlantis",),
    )
    app = after(
        {"action": "close", "code": "IRN"}, {"action": "open", "code": "IRQ"}, closed=["IRQ"]
    )
    assert app.session_state["address"]["closed"] == ["Iran"]


def test_paths_are_added_mended_and_dropped() -> None:
    app = after({"action": "type", "path": "A-B"}, {"action": "type", "path": "C-D"}, route=["X-Y"])
    assert app.session_state["address"]["route"] == ["X-Y", "A-B", "C-D"]
    app = after({"action": "mend", "wrong": "A-B", "path": "A-C"}, route=["A-B", "X-Y"])
    assert app.session_state["routes"] == ["A-C", "X-Y"]
    assert after({"action": "drop", "path": "A-B"}, route=["A-B"]).session_state["routes"] == []


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"action": "close", "code": "ZZZ"},
        {"action": "close", "code": ["TUR"]},
        {"action": "click", "lon": "35", "lat": None},
        {"action": "click", "lon": 1e300, "lat": float("nan")},
        {"action": "type", "path": "  "},
        {"action": "explode"},
    ],
)
def test_a_message_that_is_none_changes_nothing(message: Mapping[str, object]) -> None:
    app = after(message, closed=["Turkey"], route=["A-B"])
    assert app.session_state["address"] == {"route": ["A-B"], "closed": ["Turkey"]}


def test_no_more_is_kept_than_can_be_shown() -> None:
    app = after(route=[f"A-{number}" for number in range(500)] + ["A" * 10_000])
    assert len(app.session_state["routes"]) == 100


class BrokenOffError(Exception):
    """What Streamlit raises in a run when the reader does the next thing."""


class Session(dict[str, Any]):
    """A session's state that breaks a run off at one of its uses, as Streamlit does."""

    def __init__(self, breaks_at: int, **state: object) -> None:
        super().__init__(state)
        self.left = breaks_at

    def use(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise BrokenOffError

    def __getitem__(self, key: str) -> Any:
        self.use()
        return super().__getitem__(key)

    def __setitem__(self, key: str, value: object) -> None:
        self.use()
        super().__setitem__(key, value)

    def get(self, key: str, default: object = None) -> Any:
        self.use()
        return super().get(key, default)

    def pop(self, key: str, default: object = None) -> Any:
        value = self.get(key, default)
        self.use()
        super().pop(key, None)
        return value

    def setdefault(self, key: str, default: object = None) -> Any:
        if key not in self:
            self[key] = default
        return self[key]


def test_a_run_may_be_broken_off_anywhere_and_each_message_is_done_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    places = [(31.0, 49.0), (59.5, 39.0), (35.0, 39.0), (59.5, 39.0)]
    clicks = [
        {"action": "click", "lon": lon, "lat": lat, "count": count}
        for count, (lon, lat) in enumerate(places, 1)
    ]
    for breaks_at in range(1, 200):
        state = Session(breaks_at, map={**clicks[-1], "earlier": clicks[:-1]})
        address = Address()
        # The change of the address itself is told to the browser, which is one more such place.
        told = SimpleNamespace(
            get_all=address.get_all,
            update=lambda new, state=state, address=address: (address.update(new), state.use()),
        )
        for module in ("views.asked.st", "views.mapview.st"):
            monkeypatch.setattr(module, SimpleNamespace(session_state=state, query_params=told))
        for _ in range(2):
            try:
                take_messages(lambda message: asked.take_message(airspace(), message))
                asked.keep_in_address()
            except BrokenOffError:
                continue
            break
        assert address.get_all("closed") == ["Ukraine", "Turkey"]
        if state.left > 0:
            return
    pytest.fail("never ran to its end")
