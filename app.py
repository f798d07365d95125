"""Open Corridor: set the page up and choose a page to show."""

from pathlib import Path

import streamlit as st

ICON = Path(__file__).parent / "views" / "icons" / "corridor.svg"

st.set_page_config(page_title="Corridor", page_icon=str(ICON), layout="wide")
st.navigation(
    [
        st.Page("views/explore.py", title="Explore", icon=":material/map:", default=True),
        st.Page("views/briefing.py", title="Briefing", icon=":material/image:"),
        st.Page("views/sources.py", title="Sources", icon=":material/menu_book:"),
    ]
).run()
