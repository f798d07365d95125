// What the reader does on the map, told to the server.

const MOST_CARDS = 20;
let told = 0;

/** Tell the server, by the message that every Streamlit component sends; the count tells it apart. */
function tell(message) {
  told += 1;
  window.parent.postMessage({ isStreamlitMessage: true, type: "streamlit:setComponentValue",
    dataType: "json", value: { ...message, count: told } }, window.location.origin);
}

/** Tell at once where the map was clicked: st_folium itself would wait for a quarter of a second. */
function tellClicks(map) {
  map.doubleClickZoom.disable();
  map.on("click", ({ latlng }) => {
    const cards = bundledAt(map, latlng);
    if (cards.length) return showCards(map, cards.slice(0, MOST_CARDS));
    const { lat, lng } = latlng.wrap();
    tell({ action: "click", lat, lon: lng });
  });
}
