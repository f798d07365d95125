"""The floor for a first open: an empty page with a bare Leaflet map, served from here."""

import folium
import streamlit as st
from streamlit.components.v1 import declare_component
from streamlit_folium import st_folium
from xstatic.pkg import leaflet

st.set_page_config(layout="wide")
assets = declare_component("assets", path=leaflet.BASE_DIR)
world = folium.Map(location=(50, 60), zoom_start=4, tiles=None)
world.default_js = [("leaflet", f"../{assets.name}/leaflet.js")]
world.default_css = [("leaflet", f"../{assets.name}/leaflet.css")]
st_folium(world, key="map", height=620, use_container_width=True, returned_objects=[])
