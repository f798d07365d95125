// The map's frame: its controls, and the view that is fitted to the routes.

/** Set up a fresh map: the base map and the controls; called once. */
function base(map) {
  document.body.append(element("style", "", STYLES));
  map.createPane("atlas").style.zIndex = 200;
  map.atlas = {
    base: new BaseMap(readWorld(window.WORLD)).addTo(map),
    marks: L.layerGroup().addTo(map),
    labels: new Map(),
    openIds: [],
    drawn: {},
  };
  L.control.scale({ position: "bottomright", maxWidth: 140 }).addTo(map);
  map.attributionControl.setPrefix(false);
  addFitButton(map);
  addSearch(map);
  addTools(map);
  watchForTouch(map);
  tellClicks(map);
  followRows(map);
  followRoom(map);
  map.on("moveend", () => placeLabels(map)); // Leaflet moves after a zoom and a resize too
}

function addFitButton(map) {
  const control = L.control({ position: "topleft" });
  control.onAdd = () => {
    const bar = element("div", "leaflet-bar");
    const button = element("a", "fit-button", "⤢");
    button.href = "#";
    button.title = "Fit the map to the routes shown";
    button.setAttribute("role", "button");
    button.setAttribute("aria-label", button.title);
    L.DomEvent.disableClickPropagation(bar);
    L.DomEvent.on(button, "click", (event) => {
      L.DomEvent.preventDefault(event);
      map.atlas.touched = false;
      fit(map);
    });
    bar.append(button);
    return bar;
  };
  control.addTo(map);
}

/** Tell whether all that is drawn lies in the part of the frame that nothing covers. */
function inFrame(map) {
  const { topLeft, bottomRight } = margins(map), size = map.getSize();
  const free = L.bounds(L.point(topLeft), size.subtract(L.point(bottomRight)));
  const [low, high] = map.atlas.bounds;
  const drawn = L.bounds([map.latLngToContainerPoint(low), map.latLngToContainerPoint(high)]);
  return free.contains(drawn);
}

function fit(map) {
  if (!map.legend) return; // nothing is shown yet
  const frame = map.getSize();
  if (frame.x < 200 || frame.y < 200) return; // not laid out yet: Leaflet would zoom right in
  const { topLeft, bottomRight } = margins(map);
  map.fitBounds(map.atlas.bounds, { paddingTopLeft: topLeft, paddingBottomRight: bottomRight,
    animate: false, maxZoom: 7 });
}

/** Give the room that legend, search box, tools and scale take, in pixels. */
function margins(map) {
  const legend = map.legend.getContainer(), wide = map.getSize().x > 640;
  const left = wide && legend.open ? legend.offsetWidth + 90 : 30;
  return { topLeft: [left, wide || !map.atlas.search ? 28 : 60], bottomRight: [wide ? 110 : 30, 56] };
}

/** Keep what is shown in the frame until the reader takes the map in hand. */
function watchForTouch(map) {
  map.on("resize", () => map.atlas.touched || fit(map));
  const touch = () => { map.atlas.touched = true; };
  for (const event of ["pointerdown", "wheel"]) {
    map.getPane("mapPane").addEventListener(event, touch);
  }
  map.getContainer().addEventListener("keydown", (event) => {
    if (event.key.startsWith("Arrow") || "+-=_".includes(event.key)) touch();
  });
  map.on("dragstart", touch);
  map.zoomControl.getContainer().addEventListener("click", touch);
}
