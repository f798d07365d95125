// Who stands where on the map's left side: the legend has the room that the others leave.

const GAP_PX = 14, LEAST_LEGEND_PX = 96;

/**
 * Let the legend end below the buttons and what was asked for; it scrolls inside. Where they leave
 * too little, what was asked for scrolls above it. Tells whether anything changed.
 */
function shareRoom(map) {
  if (!map.legend || map.legend.getPosition() !== "bottomleft") return false;
  const { search } = map.atlas, legend = map.legend.getContainer();
  const frame = map.getContainer().getBoundingClientRect();
  const buttons = map.getContainer().querySelectorAll(".leaflet-top.leaflet-left > .leaflet-control");
  const ends = [...buttons].map((node) => node.getBoundingClientRect().bottom);
  if (search && !search.below.hidden) {
    ends.push(search.below.getBoundingClientRect().top + search.below.scrollHeight);
  }
  const end = Math.max(frame.top, ...ends) - frame.top;
  const room = map.getSize().y - legendFoot(legend) - end - GAP_PX;
  const height = `${Math.max(LEAST_LEGEND_PX, Math.floor(room))}px`;
  if (legend.style.maxHeight === height) return false;
  legend.style.maxHeight = height;
  if (search) search.fit();
  return true;
}

/** Tell how far above the map's lower edge the legend stands, in pixels. */
function legendFoot(legend) {
  return parseFloat(getComputedStyle(legend).marginBottom) || 0;
}

/** Share the room anew whenever a button or what was asked for takes more of it or less. */
function followRoom(map) {
  const share = () => shareRoom(map) && placeLabels(map);
  map.on("resize", share);
  const watch = new ResizeObserver(share);
  const { search } = map.atlas;
  for (const node of search ? [search.field, ...search.below.children] : []) watch.observe(node);
}
