// Draws the scene that the server sends as plain data.

const COPIES = [-3, -2, -1, 0, 1, 2, 3];

/** A marker moved in the plane: moved in space, as by Leaflet, each would be a layer of its own. */
const FlatMarker = L.Marker.extend({
  _setPos(at) {
    const was = this._icon._leaflet_pos;
    if (was && was.equals(at)) return;
    L.Marker.prototype._setPos.call(this, at);
    this._icon.style.transform = `translate(${at.x}px, ${at.y}px)`;
  },
});

/** Leave out what lies beyond the map's end near the poles, where Leaflet would draw along its edge. */
function onMercator(points) {
  const most = L.Projection.SphericalMercator.MAX_LATITUDE, parts = [[]];
  for (const point of points) {
    if (Math.abs(point[0]) < most) parts.at(-1).push(point);
    else if (parts.at(-1).length) parts.push([]);
  }
  return parts;
}

function drawLine(map, group, line, halo) {
  const points = onMercator(line.points);
  const base = { smoothFactor: 0.3, lineCap: line.style === "dotted" ? "round" : "butt" };
  if (line.width > 2) {
    L.polyline(points, { ...base, color: halo, weight: line.width + 2.5, opacity: 0.75,
      interactive: false }).addTo(group);
  }
  L.polyline(points, { ...base, color: line.colour, weight: line.width,
    dashArray: dashes(line), interactive: false, className: "route " + line.style })
    .addTo(group);
  const layer = L.polyline(points, { weight: 14, opacity: 0, smoothFactor: 1 });
  map.atlas.hits.push({ line, layer });
  layer.addTo(group).bindTooltip("", { sticky: true, className: "corridor-tip" });
  layer.on("mouseover mousemove", (event) => layer.setTooltipContent(lineTip(map, event.latlng)));
  layer.on("click", (event) => {
    L.DomEvent.stopPropagation(event);
    const lines = linesAt(map, event.latlng).map(({ line: each }) => each.id);
    openCards(map, lines.length ? lines : [line.id]);
  });
}

/** Outline an area of a layer that the reader opened. */
function drawArea(group, area) {
  const layer = L.polygon([area.rings], { color: "#cc79a7", weight: 1.5, dashArray: "6 4",
    fillColor: "#cc79a7", fillOpacity: 0.06, smoothFactor: 0.5, className: "area" });
  const name = area.closed ? `${area.name}, closed` : area.name;
  layer.addTo(group).bindTooltip(() => element("span", "", name),
    { sticky: true, className: "corridor-tip" });
}

/** Run on over the copies of the world with a ring round a pole, which ends a whole turn off. */
function overCopies(points) {
  const turn = points.at(-1)[1] - points[0][1];
  if (Math.abs(turn) < 180) return points;
  return COPIES.flatMap((copy) => points.map(([lat, lon]) => [lat, lon + copy * turn]));
}

/** Draw a range ring; one round a pole runs from edge to edge of the map. */
function drawRing(group, ring) {
  const layer = L.polyline(onMercator(overCopies(ring.points)), { color: ring.colour, weight: ring.width,
    dashArray: dashes(ring), smoothFactor: 0.5, className: "ring" });
  layer.addTo(group).bindTooltip(() => element("span", "", ring.name),
    { sticky: true, className: "corridor-tip" });
}

function drawMark(map, mark) {
  const size = SYMBOL_PX[mark.symbol] || SYMBOL_PX.unnamed;
  const icon = L.divIcon({ className: "mark", html: symbol(mark.symbol, size),
    iconSize: [size, size] });
  const marker = new FlatMarker([mark.lat, mark.lon], { icon, alt: mark.label, title: "",
    zIndexOffset: 1000 - mark.rank * 100, riseOnHover: true });
  marker.on("add", () => marker.getElement().setAttribute("aria-label", mark.label));
  marker.addTo(map.atlas.marks);
  marker.bindTooltip(() => tip(map.atlas.cards.get(mark.id)),
    { direction: "top", className: "corridor-tip" });
  marker.on("click", () => openCards(map, [mark.id]));
  marker.on("keypress", (event) => {
    if (event.originalEvent.key === "Enter") openCards(map, [mark.id]);
  });
}

/** Tell whether data differ from those of the last call by this name. */
function changed(atlas, name, data) {
  const text = JSON.stringify(data);
  if (text === atlas.drawn[name]) return false;
  atlas.drawn[name] = text;
  return true;
}

function drawMarks(map, marks) {
  map.atlas.marks.clearLayers();
  for (const mark of marks) drawMark(map, mark);
}

/** Draw a scene; called once a rerun, with a fresh group for the lines and the old one gone. */
function show(group, map, scene) {
  window.feature_group = [];
  heed(scene.answered);
  document.documentElement.dataset.theme = scene.theme;
  const atlas = map.atlas, palette = PALETTES[scene.theme];
  Object.assign(atlas, { scene, hits: [], tints: scene.tints, bounds: scene.bounds });
  atlas.cards = new Map([...scene.lines, ...scene.marks].map((each) => [each.id, each.card]));
  atlas.base.paint(palette, scene.tints, scene.closed,
    scene.areas.filter(({ closed }) => closed).map(({ rings }) => rings));
  for (const area of scene.areas) drawArea(group, area);
  for (const ring of scene.rings) drawRing(group, ring);
  for (const line of scene.lines) drawLine(map, group, line, palette.halo);
  drawBundles(map, scene.bundles);
  const marks = scene.marks.map(({ card, ...mark }) => mark);
  if (changed(atlas, "marks", marks)) drawMarks(map, marks);
  if (changed(atlas, "legend", [scene.legend, scene.note])) drawLegend(map, scene);
  if (changed(atlas, "credit", scene.credit)) map.attributionControl.setPrefix(scene.credit);
  if (atlas.search) atlas.search.draw(scene.asked);
  shareRoom(map);
  const first = !atlas.drawn.bounds;
  const moved = changed(atlas, "bounds", scene.bounds);
  if (first) takeView(map);
  // A fit ends in a move, and a move places the labels.
  if (moved && !atlas.touched && (first || !inFrame(map))) fit(map);
  else placeLabels(map);
  openCards(map, atlas.openIds);
  window.corridorRouteCount = scene.lines.length;
  window.corridorDrawn = (window.corridorDrawn || 0) + 1;
}

window.corridor = { base, show };
