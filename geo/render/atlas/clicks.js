// What the reader does on the map, told to the server.

const MOST_CARDS = 20, MOST_UNANSWERED = 50;
let told = 0, answered = 0, unanswered = [];

/**
 * Tell the server, by the message that every Streamlit component sends. A component has one value:
 * what is told soon after may stand in its place before the server took it, and so brings along what
 * no scene has answered yet. The server does each once, by its count.
 */
function tell(message) {
  const counted = { ...message, count: told += 1 };
  const value = unanswered.length ? { ...counted, earlier: unanswered } : counted;
  unanswered = [...unanswered, counted].slice(-MOST_UNANSWERED);
  window.parent.postMessage({ isStreamlitMessage: true, type: "streamlit:setComponentValue",
    dataType: "json", value }, window.location.origin);
}

/** Keep what a scene leaves unanswered: nothing, if it counts nothing or is a new session's. */
function heed(count) {
  const goesOn = Number.isInteger(count) && count >= answered;
  unanswered = goesOn ? unanswered.filter((each) => each.count > count) : [];
  answered = count ?? 0;
  told = Math.max(told, answered); // a map that is shown anew counts on
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
