"""Show a scene on the map, with everything it needs served from here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import streamlit as st
from streamlit.components.v1 import declare_component
from streamlit_folium import st_folium

from geo.render.completion import completion_script
from geo.render.scene import Scene
from geo.render.webmap import atlas_script, later_name, later_script, make_layer, make_map

HEIGHT_PX = 640
Message = Mapping[str, object]
_KEY = "map"
_ANSWERED = "map_answered"
_MOST = 50


@dataclass(slots=True)
class _Answered:
    """The count of the last message that was done."""

    count: int = 0


class _Served(NamedTuple):
    """A script's address, and its folder, which is there until this is released."""

    url: str
    folder: TemporaryDirectory[str]

    def release(self) -> None:
        """Take the folder away, rather than leave it to the search for garbage."""
        self.folder.cleanup()


def show_map(scene: Scene, index: Callable[[], str] | None = None) -> None:
    """Mount the base map once, and exchange what lies on it.

    `index` makes the text that the map's search box completes from; it is called once for all
    readers. Without it, there is no such box.
    """
    st_folium(
        make_map((_serve_atlas() if index is None else _serve_searchable(index)).url),
        feature_group_to_add=make_layer(replace(scene, answered=_answered().count)),
        key=_KEY,
        height=HEIGHT_PX,
        use_container_width=True,
        returned_objects=[],
        render=False,
    )


def take_messages(on_message: Callable[[Message], None]) -> None:
    """Hand over what the reader did on the map since the last run; belongs at a run's start.

    `on_message` gets one mapping with an `action` after another, to be trusted no more than any
    other text from outside. What a reader does next may break a run off at each use of the
    session's state: a message is done once only if `on_message` writes there once, as the last
    thing that it does.
    """
    answered = _answered()
    for message in unanswered(st.session_state.get(_KEY), answered.count):
        on_message(message)
        answered.count = _count(message)


def unanswered(value: object, answered: int) -> list[Message]:
    """List, in order, the messages in the map's value that come after the last one answered.

    Each has a `count`; those that the last may have overtaken stand in its `earlier`.
    """
    if not isinstance(value, Mapping):
        return []
    earlier = value.get("earlier")
    messages = [*(earlier[-_MOST:] if isinstance(earlier, list) else ()), value]
    found = {_count(each): each for each in messages if isinstance(each, Mapping)}
    return [found[count] for count in sorted(found) if count > answered]


def _count(message: Message) -> int:
    count = message.get("count")
    return count if isinstance(count, int) and "action" in message else 0


def _answered() -> _Answered:
    answered: _Answered = st.session_state.setdefault(_ANSWERED, _Answered())
    return answered


@st.cache_resource(show_spinner=False, on_release=_Served.release)
def _serve_atlas() -> _Served:
    """Serve the map's script alone."""
    return _serve("atlas", {"atlas.js": atlas_script()})


@st.cache_resource(show_spinner=False, on_release=_Served.release)
def _serve_searchable(_index: Callable[[], str]) -> _Served:
    """Serve the map's script, and what its search box fetches when it is first used."""
    index, script = _index(), completion_script()
    name = f"places.{_digest(index + script)}"
    files = {f"{name}.json": index, f"{name}.js": script}
    return _serve("searchable", {"atlas.js": atlas_script(f"{name}.json"), **files})


def _serve(component: str, files: Mapping[str, str]) -> _Served:
    """Serve files and the map's later ones; tell the first one's address, new with its content.

    A component is the one way to serve a folder that needs no configuration and minds a base URL.
    """
    folder = TemporaryDirectory(prefix="corridor-")
    (first, script), *others = files.items()
    others.append((later_name(), later_script()))
    named = f"{Path(first).stem}.{_digest(script)}{Path(first).suffix}"
    for name, text in ((named, script), *others):
        Path(folder.name, name).write_text(text, encoding="utf-8")
    return _Served(f"../{declare_component(component, path=folder.name).name}/{named}", folder)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:8]
