"""Show where each fact and each data file comes from."""

import streamlit as st

st.title("Sources")
