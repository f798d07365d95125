// Draws the atlas in Leaflet: the base map once, then the scene that the server sends as plain data.
// Text from a story file reaches the page through textContent alone.
(function () {
  "use strict";

  const PALETTES = {
    light: {
      land: "#f6f2e9", coast: "#8fa6b3", border: "#b5a999", disputed: "#8c7f6e",
      graticule: "#c9d8e0", halo: "#ffffff",
    },
    dark: {
      land: "#2b3138", coast: "#59707f", border: "#596069", disputed: "#8a8f96",
      graticule: "#22303b", halo: "#14181c",
    },
  };
  const DASHES = { solid: null, dashed: "9 6", dotted: "1 6" };
  const SYMBOL_PX = { departure: 19, kept: 15, landing: 14, inferred: 14, home: 11, staging: 13, unnamed: 7 };

  // ---- the base map -------------------------------------------------------------------------

  /** Turn TopoJSON's quantised, delta-coded arcs into lists of [lat, lon]. */
  function decodeArcs(topology) {
    const [kx, ky] = topology.transform.scale;
    const [dx, dy] = topology.transform.translate;
    return topology.arcs.map((arc) => {
      let x = 0, y = 0;
      return arc.map(([ax, ay]) => [(y += ay) * ky + dy, (x += ax) * kx + dx]);
    });
  }

  function ringOf(arcs, indices) {
    const ring = [];
    for (const index of indices) {
      const arc = index < 0 ? arcs[~index].slice().reverse() : arcs[index];
      for (let i = ring.length ? 1 : 0; i < arc.length; i++) ring.push(arc[i]);
    }
    return ring;
  }

  function polygonsOf(geometry) {
    return geometry.type === "MultiPolygon" ? geometry.arcs : geometry.arcs ? [geometry.arcs] : [];
  }

  /** Sort the arcs: between two faces a border, dashed beside a disputed one, else the coast. */
  function sortArcs(faces, arcCount) {
    const users = Array.from({ length: arcCount }, () => []);
    for (const face of faces) {
      for (const index of polygonsOf(face).flat(2)) {
        users[index < 0 ? ~index : index].push(face.properties.kind);
      }
    }
    const sorted = { coast: [], border: [], disputed: [] };
    users.forEach((kinds, index) => {
      if (kinds.length === 1) sorted.coast.push(index);
      else if (kinds.includes("disputed")) sorted.disputed.push(index);
      else if (kinds.length) sorted.border.push(index);
    });
    return sorted;
  }

  /** Cut an arc where it runs along the seam at 180 degrees, which is no coast. */
  function withoutSeam(arc) {
    const pieces = [[]];
    arc.forEach((point, i) => {
      const onSeam = i && Math.abs(point[1]) === 180 && Math.abs(arc[i - 1][1]) === 180;
      const onPole = i && point[0] <= -89 && arc[i - 1][0] <= -89;
      if (onSeam || onPole) pieces.push([]);
      pieces[pieces.length - 1].push(point);
    });
    return pieces.filter((piece) => piece.length > 1);
  }

  function shifted(nested, degrees) {
    if (!degrees) return nested;
    return typeof nested[0] === "number"
      ? [nested[0], nested[1] + degrees]
      : nested.map((item) => shifted(item, degrees));
  }

  function graticule() {
    const lines = [];
    for (let lon = -180; lon < 180; lon += 10) lines.push([[-85, lon], [85, lon]]);
    for (let lat = -80; lat <= 80; lat += 10) lines.push([[lat, -180], [lat, 180]]);
    return lines;
  }

  /** Draw land, borders and graticule; the copies east and west only once the view gets there. */
  function base(map) {
    map.createPane("atlas").style.zIndex = 200;
    const renderer = L.canvas({ pane: "atlas", padding: 0.4 });
    const arcs = decodeArcs(window.WORLD);
    const geometries = window.WORLD.objects.faces.geometries;
    const rings = geometries.map((g) => polygonsOf(g).map((p) => p.map((r) => ringOf(arcs, r))));
    const sorted = sortArcs(geometries, arcs.length);
    const meshes = {};
    for (const kind in sorted) meshes[kind] = sorted[kind].flatMap((i) => withoutSeam(arcs[i]));
    const lines = graticule();
    const atlas = { faces: [], strokes: [], drawn: new Set(), palette: PALETTES.light, tints: {} };
    const options = { renderer, pane: "atlas", interactive: false, smoothFactor: 0.6 };

    function copy(degrees) {
      if (atlas.drawn.has(degrees)) return;
      atlas.drawn.add(degrees);
      const stroke = (kind, paths, extra) => atlas.strokes.push(
        [kind, L.polyline(shifted(paths, degrees), { ...options, ...extra }).addTo(map)]);
      stroke("graticule", lines, { weight: 0.6 });
      geometries.forEach((geometry, i) => {
        const layer = L.polygon(shifted(rings[i], degrees),
          { ...options, stroke: false, fillOpacity: 1 }).addTo(map);
        atlas.faces.push([geometry.properties.claims.join("+"), layer]);
      });
      stroke("coast", meshes.coast, { weight: 0.8 });
      stroke("border", meshes.border, { weight: 0.8 });
      stroke("disputed", meshes.disputed, { weight: 1, dashArray: "3 3" });
      paint(atlas);
    }

    map.atlas = atlas;
    copy(0);
    map.on("moveend", () => {
      const bounds = map.getBounds();
      if (bounds.getWest() < -180) copy(-360);
      if (bounds.getEast() > 180) copy(360);
    });
    L.control.scale({ position: "bottomright", maxWidth: 140 }).addTo(map);
    map.attributionControl.setPrefix(false);
    addFitButton(map);
    map.on("moveend", () => placeLabels(map)); // Leaflet moves after a zoom and a resize too
  }

  function paint(atlas) {
    for (const [key, layer] of atlas.faces) {
      const colour = atlas.tints[key] || atlas.palette.land;
      if (layer.options.fillColor !== colour) layer.setStyle({ fillColor: colour });
    }
    for (const [kind, layer] of atlas.strokes) {
      const colour = atlas.palette[kind];
      if (layer.options.color !== colour) layer.setStyle({ color: colour });
    }
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

  function inFrame(map) {
    return map.getBounds().contains(map.atlas.bounds);
  }

  function fit(map) {
    const legend = map.legend.getContainer();
    const frame = map.getSize();
    if (frame.x < 200 || frame.y < 200) return; // not laid out yet: Leaflet would zoom right in
    const wide = frame.x > 640;
    const left = wide && legend.open ? legend.offsetWidth + 90 : 30;
    map.fitBounds(map.atlas.bounds, { paddingTopLeft: [left, 28],
      paddingBottomRight: [wide ? 110 : 30, 56], animate: false, maxZoom: 7 });
  }

  /** Run once the style sheets are in: st_folium links them late, and sizes depend on them. */
  function whenStyled(run) {
    const links = [...document.querySelectorAll("link[rel=stylesheet]")];
    const waiting = new Set(links.filter((link) => !link.sheet));
    const check = () => {
      document.body.style.visibility = waiting.size ? "hidden" : "";
      if (!waiting.size) run();
    };
    for (const link of waiting) {
      link.onload = link.onerror = () => waiting.delete(link) && check();
    }
    check();
  }

  /** Keep what is shown in the frame until the reader takes the map in hand. */
  function watchForTouch(map) {
    map.atlas.watched = true;
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

  // ---- the scene ----------------------------------------------------------------------------

  function element(tag, className, text) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  }

  function tip(card) {
    const node = element("div", "tip");
    node.append(element("strong", "", card.title));
    for (const line of card.tip) node.append(element("div", "", line));
    return node;
  }

  function cardNode(card) {
    const node = element("article", "card");
    node.append(element("h2", "", card.title));
    if (card.subtitle) node.append(element("p", "subtitle", card.subtitle));
    const list = element("dl");
    for (const [label, text] of card.rows) {
      list.append(element("dt", "", label), element("dd", "", text));
    }
    node.append(list);
    if (card.sources.length) {
      const sources = element("ul", "sources");
      for (const source of card.sources) sources.append(element("li", "", source));
      node.append(element("h3", "", "Sources"), sources);
    }
    return node;
  }

  /** Open a card beside the map, which stays where it is; an open one follows the scene. */
  function openCards(map, ids) {
    const cards = ids.map((id) => map.atlas.cards.get(id)).filter(Boolean);
    map.atlas.openIds = cards.length ? ids : [];
    if (map.cardBox) map.cardBox.remove();
    if (!cards.length) return;
    map.cardBox = L.control({ position: "topright" });
    map.cardBox.onAdd = () => {
      const box = element("div", "card-box");
      const close = element("button", "card-close", "×");
      close.setAttribute("aria-label", "Close the card");
      close.onclick = () => openCards(map, []);
      box.append(close, ...cardNodes(cards));
      L.DomEvent.disableClickPropagation(box);
      L.DomEvent.disableScrollPropagation(box);
      return box;
    };
    map.cardBox.addTo(map);
  }

  /** Show one card whole; of several, the names, each opening to its card. */
  function cardNodes(cards) {
    if (cards.length === 1) return [cardNode(cards[0])];
    return cards.map((card) => {
      const fold = element("details", "card-fold");
      const name = element("summary");
      name.append(element("strong", "", card.title), element("div", "subtitle", card.subtitle));
      fold.append(name, cardNode(card));
      return fold;
    });
  }

  /** The routes that run within some pixels of a point, the uppermost first. */
  function linesAt(map, latlng) {
    const at = map.latLngToLayerPoint(latlng);
    return map.atlas.hits.filter(({ layer }) => {
      const points = layer._parts.flat();
      return points.some((point, i) => i
        && L.LineUtil.pointToSegmentDistance(at, points[i - 1], point) < 7);
    }).reverse();
  }

  function lineTip(map, latlng) {
    const lines = linesAt(map, latlng).map(({ line }) => line);
    const node = element("div");
    lines.slice(0, 6).forEach((line) => node.append(tip(line.card)));
    if (lines.length > 6) node.append(element("div", "", `and ${lines.length - 6} more`));
    return node;
  }

  function symbol(role, size) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "-10 -10 20 20");
    svg.setAttribute("width", size);
    svg.setAttribute("height", size);
    svg.setAttribute("class", "symbol " + role);
    svg.setAttribute("aria-hidden", "true");
    const shapes = {
      departure: ["M0,-9 L2.5,-3 9,-3 3.8,1.3 5.8,8 0,4 -5.8,8 -3.8,1.3 -9,-3 -2.5,-3 Z"],
      kept: ["M-7.5,-7.5 H7.5 V7.5 H-7.5 Z"],
      landing: ["M-8,0 a8,8 0 1,0 16,0 a8,8 0 1,0 -16,0 Z"],
      inferred: ["M-8,0 a8,8 0 1,0 16,0 a8,8 0 1,0 -16,0 Z", "M0,-8 a8,8 0 0,0 0,16 Z"],
      home: ["M-7.5,0 a7.5,7.5 0 1,0 15,0 a7.5,7.5 0 1,0 -15,0 Z"],
      staging: ["M0,-8.5 L8.5,7 H-8.5 Z"],
      unnamed: ["M-8,0 a8,8 0 1,0 16,0 a8,8 0 1,0 -16,0 Z"],
    };
    for (const d of shapes[role] || shapes.unnamed) {
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("d", d);
      svg.append(path);
    }
    return svg;
  }

  function drawLine(map, group, line, halo) {
    const base = { smoothFactor: 0.3, lineCap: line.style === "dotted" ? "round" : "butt" };
    if (line.width > 2) {
      L.polyline(line.points, { ...base, color: halo, weight: line.width + 2.5, opacity: 0.75,
        interactive: false }).addTo(group);
    }
    L.polyline(line.points, { ...base, color: line.colour, weight: line.width,
      dashArray: dashes(line), interactive: false, className: "route " + line.style })
      .addTo(group);
    const layer = L.polyline(line.points, { weight: 14, opacity: 0, smoothFactor: 1 });
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
    layer.addTo(group).bindTooltip(() => element("span", "", area.name),
      { sticky: true, className: "corridor-tip" });
  }

  /** Dashes grow with the line, so that a wide one still reads as dashed. */
  function dashes(line) {
    const dash = DASHES[line.style];
    const factor = Math.max(1, line.width / 2.6);
    return dash && dash.split(" ").map((part) => part * factor).join(" ");
  }

  function drawMark(map, group, mark) {
    const size = SYMBOL_PX[mark.symbol] || SYMBOL_PX.unnamed;
    const icon = L.divIcon({ className: "mark", html: symbol(mark.symbol, size),
      iconSize: [size, size] });
    const marker = L.marker([mark.lat, mark.lon], { icon, alt: mark.label, title: "",
      zIndexOffset: 1000 - mark.rank * 100, riseOnHover: true });
    marker.on("add", () => marker.getElement().setAttribute("aria-label", mark.label));
    marker.addTo(group);
    marker.bindTooltip(() => tip(mark.card), { direction: "top", className: "corridor-tip" });
    marker.on("click", () => openCards(map, [mark.id]));
    marker.on("keypress", (event) => {
      if (event.originalEvent.key === "Enter") openCards(map, [mark.id]);
    });
  }

  function drawLegend(map, scene) {
    const narrow = map.getSize().x <= 640;
    const open = map.legend ? map.legend.getContainer().open : !narrow;
    if (map.legend) map.legend.remove();
    map.legend = L.control({ position: narrow ? "topright" : "bottomleft" });
    map.legend.onAdd = () => {
      const box = element("details", "legend");
      box.open = open;
      box.append(element("summary", "", "Legend"));
      for (const item of scene.legend) {
        if (!item.symbol && !item.colour) {
          box.append(element("h4", "", item.text));
          continue;
        }
        const row = element("div", "legend-row");
        const key = element("span", "legend-key");
        if (item.symbol) key.append(symbol(item.symbol, SYMBOL_PX[item.symbol]));
        else if (item.swatch) key.append(swatch(item.colour));
        else key.append(sample(item));
        row.append(key, element("span", "", item.text));
        box.append(row);
      }
      box.append(element("p", "legend-note", scene.note));
      L.DomEvent.disableClickPropagation(box);
      L.DomEvent.disableScrollPropagation(box);
      return box;
    };
    map.legend.addTo(map);
  }

  function swatch(colour) {
    const node = element("span", "swatch");
    node.style.backgroundColor = colour;
    return node;
  }

  function sample(item) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("width", 30);
    svg.setAttribute("height", 8);
    const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
    for (const [name, value] of Object.entries({ x1: 1, x2: 29, y1: 4, y2: 4,
      stroke: item.colour, "stroke-width": item.width, "stroke-linecap":
      item.style === "dotted" ? "round" : "butt", "stroke-dasharray": dashes(item) || "" })) {
      line.setAttribute(name, value);
    }
    svg.append(line);
    return svg;
  }

  /** Draw a scene into a fresh group; called once a rerun, with the old group already gone. */
  function show(group, map, scene) {
    window.feature_group = [];
    document.documentElement.dataset.theme = scene.theme;
    const atlas = map.atlas;
    atlas.palette = PALETTES[scene.theme];
    atlas.tints = scene.tints;
    atlas.scene = scene;
    atlas.hits = [];
    atlas.cards = new Map([...scene.lines, ...scene.marks].map((each) => [each.id, each.card]));
    const first = !atlas.bounds;
    const moved = JSON.stringify(atlas.bounds) !== JSON.stringify(scene.bounds);
    atlas.bounds = scene.bounds;
    paint(atlas);
    for (const area of scene.areas) drawArea(group, area);
    for (const line of scene.lines) drawLine(map, group, line, atlas.palette.halo);
    for (const mark of scene.marks) drawMark(map, group, mark);
    const legend = JSON.stringify([scene.legend, scene.note]);
    if (legend !== atlas.legend) {
      atlas.legend = legend;
      drawLegend(map, scene);
    }
    map.attributionControl.removeAttribution(atlas.credit);
    map.attributionControl.addAttribution((atlas.credit = scene.credit));
    whenStyled(() => {
      if (!atlas.watched) watchForTouch(map);
      // A fit ends in a move, and a move places the labels.
      if (moved && !atlas.touched && (first || !inFrame(map))) fit(map);
      else placeLabels(map);
      openCards(map, atlas.openIds || []);
    });
    window.corridorRouteCount = scene.lines.length;
    window.corridorDrawn = (window.corridorDrawn || 0) + 1;
  }

  // ---- labels -------------------------------------------------------------------------------

  const FONT = "'Source Sans 3', 'Source Sans Pro', system-ui, -apple-system, 'Segoe UI', sans-serif";
  const ruler = document.createElement("canvas").getContext("2d");

  const widths = new Map();

  function textSize(text, style) {
    const key = style.font + text;
    if (!widths.has(key)) {
      ruler.font = style.font;
      widths.set(key, ruler.measureText(text).width);
    }
    return [widths.get(key) + (style.spacing || 0) * text.length, style.height];
  }

  const LABELS = {
    strong: { font: "600 13px " + FONT, height: 16 },
    plain: { font: "12px " + FONT, height: 15 },
    faint: { font: "11px " + FONT, height: 14 },
  };

  function overlaps(a, b) {
    return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
  }

  /** Where a label may stand around its symbol, the best place first. */
  function places(x, y, width, height, gap) {
    const diagonal = gap * 0.7;
    return [
      [x + gap, y - height / 2], [x - gap - width, y - height / 2],
      [x - width / 2, y - gap - height], [x - width / 2, y + gap],
      [x + diagonal, y - diagonal - height], [x + diagonal, y + diagonal],
      [x - diagonal - width, y - diagonal - height], [x - diagonal - width, y + diagonal],
      [x + gap, y + diagonal + height * 0.6], [x - gap - width, y + diagonal + height * 0.6],
      [x - width / 2, y + gap + height * 0.9],
    ].map(([left, top]) => [left, top, left + width, top + height]);
  }

  /** Route points on screen, close enough together that a label over a line is seen. */
  function linePixels(map, scene) {
    const pixels = [];
    for (const line of scene.lines) {
      const points = line.points.map((point) => map.latLngToContainerPoint(point));
      points.forEach((b, i) => {
        const a = points[Math.max(0, i - 1)];
        const steps = Math.min(60, Math.max(1, Math.round(Math.hypot(b.x - a.x, b.y - a.y) / 6)));
        for (let s = 1; s <= steps; s++) {
          pixels.push([a.x + (b.x - a.x) * s / steps, a.y + (b.y - a.y) * s / steps]);
        }
      });
    }
    return pixels;
  }

  /** The parts of the frame that controls cover. */
  function coveredBoxes(map) {
    const frame = map.getContainer().getBoundingClientRect();
    return [...map.getContainer().querySelectorAll(".leaflet-control")].map((node) => {
      const box = node.getBoundingClientRect();
      return [box.left - frame.left, box.top - frame.top, box.right - frame.left,
        box.bottom - frame.top];
    });
  }

  /** Choose the best place of some; `strangers` are the symbols that a label must not seem to name. */
  function choosePlace(candidates, taken, pixels, size, strangers = []) {
    let best = null, bestCost = Infinity;
    candidates.forEach((box, order) => {
      if (box[0] < 2 || box[1] < 2 || box[2] > size.x - 2 || box[3] > size.y - 2) return;
      if (taken.some((other) => overlaps(box, other))) return;
      let cost = order;
      for (const { x, y } of strangers) {
        if (x > box[0] - 16 && x < box[2] + 16 && y > box[1] - 12 && y < box[3] + 12) cost += 9;
      }
      for (const [x, y] of pixels) {
        if (x > box[0] && x < box[2] && y > box[1] && y < box[3]) cost += 3;
      }
      if (cost < bestCost) [best, bestCost] = [box, cost];
    });
    return best;
  }

  /** Name the places, and the countries where there is room: nothing covers anything else. */
  function placeLabels(map) {
    const scene = map.atlas.scene;
    if (!scene) return;
    if (map.labels) map.labels.remove();
    map.labels = L.layerGroup().addTo(map);
    const size = map.getSize();
    const pixels = linePixels(map, scene);
    const marks = scene.marks.map((mark) => ({ mark, at: map.latLngToContainerPoint([mark.lat, mark.lon]) }));
    const taken = coveredBoxes(map);
    const minor = [];
    for (const { mark, at } of marks) {
      const half = SYMBOL_PX[mark.symbol] / 2;
      const box = [at.x - half, at.y - half, at.x + half, at.y + half];
      (mark.symbol === "unnamed" ? minor : taken).push(box);
    }
    marks.sort((a, b) => a.mark.rank - b.mark.rank);
    for (const { mark, at } of marks) {
      const style = LABELS[mark.emphasis];
      const [width, height] = textSize(mark.label, style);
      const gap = SYMBOL_PX[mark.symbol] / 2 + 3;
      const strangers = marks.filter((other) => other.mark !== mark).map((other) => other.at);
      // The strongest names may cover the faintest symbols, where there is no other room.
      const around = places(at.x, at.y, width + 2, height, gap);
      const box = choosePlace(around, [...taken, ...minor], pixels, size, strangers)
        || (mark.emphasis === "strong" && choosePlace(around, taken, pixels, size, strangers));
      if (!box) continue;
      taken.push(box);
      addLabel(map, box, mark.label, "label " + mark.emphasis);
    }
    placeCountryNames(map, [...taken, ...minor], pixels, size);
  }

  function placeCountryNames(map, taken, pixels, size) {
    const scale = map.options.crs.scale(map.getZoom()) / 360;
    for (const geometry of window.WORLD.objects.faces.geometries) {
      const { name, labels, claims, kind } = geometry.properties;
      if (kind === "disputed") continue;
      const crossed = Boolean(map.atlas.tints[claims.join("+")]);
      labels.some((circle) => [...map.atlas.drawn].some((turn) => {
        const room = 2 * circle[2] * scale;
        const at = map.latLngToContainerPoint([circle[1], circle[0] + turn]);
        if (at.x < 0 || at.y < 0 || at.x > size.x || at.y > size.y || room < 12) return false;
        const style = countryStyle(room);
        const text = name.toUpperCase();
        const [width, height] = textSize(text, style);
        if (width > room * (crossed ? 1.8 : 1.15)) return false;
        const rows = [0, 1.3, -1.3, 2.6, -2.6].filter((n) => !n
          || (Math.hypot(2 * (Math.abs(n) + 0.5) * height, width) < room));
        const box = choosePlace(rows.map((n) => [at.x - width / 2, at.y + (n - 0.5) * height,
          at.x + width / 2, at.y + (n + 0.5) * height]), taken, pixels, size);
        if (!box) return false;
        taken.push(box);
        const node = addLabel(map, box, text, "country" + (crossed ? " crossed" : ""));
        node.style.fontSize = style.size + "px";
        return true;
      }));
    }
  }

  function countryStyle(room) {
    const size = Math.round(Math.min(15, Math.max(9, room / 13)));
    return { size, font: `${size}px ${FONT}`, height: size + 2, spacing: size * 0.14 };
  }

  function addLabel(map, box, text, className) {
    const node = element("span", className, text);
    const icon = L.divIcon({ className: "label-anchor", html: node, iconSize: [0, 0] });
    L.marker(map.containerPointToLatLng([box[0], box[1]]),
      { icon, interactive: false, keyboard: false, zIndexOffset: -500 }).addTo(map.labels);
    return node;
  }

  window.corridor = { base, show };
})();
