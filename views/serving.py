"""Serve what is made for a reader under an address that only who has the thing itself can know."""

from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import streamlit as st
from streamlit.components.v1 import declare_component


class Served(NamedTuple):
    """A file and its address, from the page or from the map's frame with "../" before it."""

    url: str
    path: Path


def serve(data: bytes, ending: str) -> Served:
    """Serve bytes; `forget` takes them away again."""
    component, folder = _folder()
    path = Path(folder.name, f"{sha256(data).hexdigest()}.{ending}")
    path.write_bytes(data)
    return Served(f"component/{component}/{path.name}", path)


def forget(served: Served) -> None:
    """Take a file away."""
    served.path.unlink(missing_ok=True)


@st.cache_resource(show_spinner=False)
def _folder() -> tuple[str, TemporaryDirectory[str]]:
    """Make the folder; a component is the one way to serve one that needs no configuration."""
    folder = TemporaryDirectory(prefix="corridor-")
    return declare_component("files", path=folder.name).name, folder
