// Clicks on the map, told to the server.

/**
 * Tell at once where the map was clicked: st_folium itself would wait for a quarter of a second. The
 * message is the one that every Streamlit component sends; the count tells one click from the next.
 */
function tellClicks(map) {
  let count = 0;
  map.doubleClickZoom.disable();
  map.on("click", ({ latlng }) => {
    const { lat, lng } = latlng.wrap();
    count += 1;
    window.parent.postMessage({ isStreamlitMessage: true, type: "streamlit:setComponentValue",
      dataType: "json", value: { clicked: { lat, lon: lng, count } } }, window.location.origin);
  });
}
