"""Take files over from Streamlit's control, which forgets them when another page is looked at.

What is taken is no longer held by the control: a new one, empty, stands in its place.
"""

from collections.abc import Iterator

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

_NUMBER = "uploads_control"
_TAKEN = "uploads_taken"


def control_key() -> str:
    """Tell the key of the control that takes the next files."""
    return _key(_number())


def take_uploads() -> Iterator[UploadedFile]:
    """Give each file that no run has taken yet; its bytes are let go of once the next is asked for.

    The control before this one counts too: a file that is chosen while another is read comes by it.
    """
    keys = (_key(_number() - 1), control_key())
    files = [file for key in keys for file in st.session_state.get(key) or ()]
    new = [
        file for file in files if isinstance(file, UploadedFile) and file.file_id not in _taken()
    ]
    for file in new:
        yield file
        _let_go(file)
    if new:
        st.session_state[_NUMBER] = _number() + 1


def _let_go(file: UploadedFile) -> None:
    """Streamlit itself holds a file's bytes until the reader leaves."""
    st.session_state[_TAKEN] = _taken() | {file.file_id}
    context = get_script_run_ctx()
    if context and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)


def _taken() -> frozenset[str]:
    ids: frozenset[str] = st.session_state.get(_TAKEN, frozenset())
    return ids


def _number() -> int:
    number: int = st.session_state.get(_NUMBER, 0)
    return number


def _key(number: int) -> str:
    return f"opened_files_{number}"
