// The page's strips and tables of routes: a row leads to its line on the map, and a line to its rows.

const PAGE = window.parent.document; // this very page, where the map stands in no frame

/** Listen on the page once; what Streamlit draws anew is found by what it says of itself. */
function followRows(map) {
  map.createPane("picked").style.zIndex = 390; // under the routes
  const listening = new AbortController();
  PAGE.addEventListener("click", (event) => {
    const sorter = event.target.closest("[data-sort]");
    const row = event.target.closest("[data-route]");
    if (sorter) sortRows(map, Number(sorter.dataset.sort));
    else if (row) pick(map, row.dataset.route);
  }, { signal: listening.signal });
  const watch = new MutationObserver(() => markRows(map));
  watch.observe(PAGE.body, { childList: true, subtree: true });
  window.addEventListener("pagehide", () => {
    listening.abort();
    watch.disconnect();
  });
}

function pick(map, id) {
  const open = map.atlas.openIds.includes(id);
  openCards(map, open ? [] : [id]);
  if (!open) (window.frameElement || map.getContainer()).scrollIntoView({ block: "nearest", behavior: "smooth" });
}

/** Light up the lines whose cards are open, on the map and in the rows. */
function markPicked(map) {
  if (!map.atlas.scene) return;
  map.atlas.picked?.remove();
  const lines = map.atlas.scene.lines.filter(({ id }) => map.atlas.openIds.includes(id));
  map.atlas.picked = L.layerGroup(lines.map((line) => L.polyline(onMercator(line.points), {
    pane: "picked", color: "#f2b705", weight: line.width + 7, opacity: 0.75, interactive: false,
    smoothFactor: 0.3 }))).addTo(map);
  markRows(map);
}

function markRows(map) {
  for (const row of PAGE.querySelectorAll("[data-route]")) {
    const picked = String(map.atlas.openIds.includes(row.dataset.route));
    if (row.dataset.picked === picked) continue;
    row.dataset.picked = picked;
    row.querySelector("button")?.setAttribute("aria-pressed", picked);
  }
  const { sorted } = map.atlas;
  const table = PAGE.querySelector("table:has([data-sort])");
  if (sorted && table && !table.dataset.sorted) order(table, sorted);
}

/** Sort by a column, and by it the other way round when asked again. */
function sortRows(map, column) {
  const { sorted } = map.atlas;
  const down = sorted?.column === column ? !sorted.down : false;
  map.atlas.sorted = { column, down };
  order(PAGE.querySelector("table:has([data-sort])"), map.atlas.sorted);
}

function order(table, { column, down }) {
  table.dataset.sorted = "true";
  const rows = [...table.tBodies[0].rows];
  rows.sort((a, b) => compareTexts(a.cells[column].textContent, b.cells[column].textContent)
    * (down ? -1 : 1));
  table.tBodies[0].append(...rows);
  for (const button of table.querySelectorAll("[data-sort]")) {
    const mine = Number(button.dataset.sort) === column;
    const state = mine ? (down ? "descending" : "ascending") : "none";
    button.closest("th").setAttribute("aria-sort", state);
  }
  const strip = PAGE.querySelector(".strip");
  const bars = new Map([...strip?.querySelectorAll("[data-route]") || []]
    .map((bar) => [bar.dataset.route, bar]));
  const axis = strip?.querySelector(".strip-axis");
  for (const row of table.tBodies[0].rows) {
    const bar = bars.get(row.dataset.route);
    if (bar) strip.insertBefore(bar, axis);
  }
}

/** Compare texts, as numbers where both begin with one; a dash stands for none, and is least. */
function compareTexts(a, b) {
  const [first, second] = [a, b].map((text) => (text === "–" ? -Infinity
    : parseFloat(text.replace(/[,+]/g, ""))));
  if (Number.isNaN(first) || Number.isNaN(second)) return a.localeCompare(b);
  return first === second ? 0 : first - second;
}
