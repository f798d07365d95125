"""The floor: a Streamlit app with one button and the number of its run."""

import streamlit as st

st.session_state.run = st.session_state.get("run", 0) + 1
st.button("Again")
st.text(f"Run {st.session_state.run}")
