"""Mount controls when they are first asked for.

The browser gets the script of each kind of control before it gets the map's, and Streamlit draws
every control again on each rerun: so what most readers never touch isn't there to begin with.
"""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


def is_wanted(what: str, *keys: str, now: bool = False) -> bool:
    """Tell whether controls are there: they are wanted `now`, once were, or the link has `keys`."""
    flag = f"{what}_wanted"
    asked = any(st.query_params.get_all(key) or st.session_state.get(key) for key in keys)
    if now or asked:
        st.session_state[flag] = True
    return bool(st.session_state.get(flag))


def unfolded(label: str, what: str, *keys: str) -> DeltaGenerator | None:
    """Show a fold, and give its inside once it is wanted.

    A link that has `keys` opens it, and so does what the session keeps under them, when the reader
    comes back from another page.
    """
    in_link = any(st.query_params.get_all(key) for key in keys)
    fold_key = f"{what}_fold"
    if fold_key not in st.session_state and any(st.session_state.get(key) for key in keys):
        st.session_state[fold_key] = True
    fold = st.expander(label, key=fold_key, on_change="rerun", expanded=in_link)
    return fold if is_wanted(what, *keys, now=bool(fold.open)) else None
