"""Serve what is made for a reader under an address that only who has the thing itself can know."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from uuid import uuid4

import streamlit as st
from streamlit.components.v1 import declare_component

_NOT_YET = "null"


class Served(NamedTuple):
    """A file and its address, from the page or from the map's frame with "../" before it."""

    url: str
    path: Path


def serve(data: bytes, ending: str, *, later: str = "") -> Served:
    """Serve bytes; `forget` takes them away again.

    `later` names a JSON file that `serve_later` puts beside them; until then it holds null.
    """
    component, folder = _folder()
    path = Path(folder.name, f"{uuid4().hex}.{ending}")
    path.write_bytes(data)
    if later:
        path.with_suffix(f".{later}").write_text(_NOT_YET)
    return Served(f"component/{component}/{path.name}", path)


def serve_later(served: Served, name: str, make: Callable[[], str]) -> None:
    """Put a JSON text beside what is served, unless it is there."""
    beside = served.path.with_suffix(f".{name}")
    if not beside.exists() or beside.stat().st_size == len(_NOT_YET):
        whole = beside.with_suffix(f".{uuid4()}")
        whole.write_text(make(), encoding="utf-8")
        whole.replace(beside)


def forget(served: Served) -> None:
    """Take a file away, and what is beside it."""
    for path in served.path.parent.glob(f"{served.path.stem}.*"):
        path.unlink(missing_ok=True)


@st.cache_resource(show_spinner=False, on_release=lambda made: made[1].cleanup())
def _folder() -> tuple[str, TemporaryDirectory[str]]:
    """Make the folder; a component is the one way to serve one that needs no configuration."""
    folder = TemporaryDirectory(prefix="corridor-")
    return declare_component("files", path=folder.name).name, folder
