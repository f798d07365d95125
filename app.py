"""Open Corridor: set the page up and choose a page to show."""

from pathlib import Path

import streamlit as st

from geo.errors import DataError
from views.asked import lead_on, note_page
from views.explore import main as explore
from views.markup import show_fault, show_refusal

ICON = Path(__file__).parent / "views" / "icons" / "corridor.svg"

st.set_page_config(page_title="Corridor", page_icon=str(ICON), layout="wide")
lead_on()
try:
    page = st.navigation(
        [
            # A function, since Streamlit runs all of a page's file again with every click.
            st.Page(explore, title="Explore", icon=":material/map:", default=True),
            st.Page("views/briefing.py", title="Briefing", icon=":material/image:"),
            st.Page("views/sources.py", title="Sources", icon=":material/menu_book:"),
        ]
    )
    note_page(on_map=page.title == "Explore")
    page.run()
except DataError as problem:
    show_refusal(problem)
except OSError as problem:
    show_fault(problem)
