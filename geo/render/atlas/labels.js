// Names of places and countries: nothing covers anything else.

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

/** Name the places, and the countries where there is room. */
function placeLabels(map) {
  const scene = map.atlas.scene;
  if (!scene) return;
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
  const labels = [];
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
    labels.push({ box, text: mark.label, className: "label " + mark.emphasis });
  }
  labels.push(...countryNames(map, [...taken, ...minor], pixels, size));
  exchangeLabels(map, labels);
}

function countryNames(map, taken, pixels, size) {
  const scale = map.options.crs.scale(map.getZoom()) / 360;
  const turns = turnsIn(map);
  const names = [];
  for (const geometry of window.WORLD.objects.faces.geometries) {
    const { name, labels, claims, kind } = geometry.properties;
    if (kind === "disputed") continue;
    const crossed = Boolean(map.atlas.tints[claims.join("+")]);
    labels.some((circle) => turns.some((turn) => {
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
      names.push({ box, text, className: "country" + (crossed ? " crossed" : ""), size: style.size });
      return true;
    }));
  }
  return names;
}

/** The copies of the world in view, as the degrees that each is turned by. */
function turnsIn(map) {
  const bounds = map.getBounds();
  const [first, last] = [bounds.getWest(), bounds.getEast()].map((lon) => Math.floor((lon + 180) / 360));
  return Array.from({ length: last - first + 1 }, (_, i) => 360 * (first + i));
}

function countryStyle(room) {
  const size = Math.round(Math.min(15, Math.max(9, room / 13)));
  return { size, font: `${size}px ${FONT}`, height: size + 2, spacing: size * 0.14 };
}

/** Put labels on the map in place of the last ones; those that look the same are only moved. */
function exchangeLabels(map, labels) {
  const before = map.atlas.labels;
  map.atlas.labels = new Map();
  for (const label of labels) {
    let look = [label.text, label.className, label.size].join("\n");
    while (map.atlas.labels.has(look)) look += "\n";
    const at = map.containerPointToLatLng([label.box[0], label.box[1]]);
    const old = before.get(look);
    before.delete(look);
    map.atlas.labels.set(look, old ? old.setLatLng(at) : addLabel(map, label, at));
  }
  for (const old of before.values()) old.remove();
}

function addLabel(map, { text, className, size }, at) {
  const node = element("span", className, text);
  if (size) node.style.fontSize = size + "px";
  const icon = L.divIcon({ className: "label-anchor", html: node, iconSize: [0, 0] });
  return new FlatMarker(at, { icon, interactive: false, keyboard: false, zIndexOffset: -500 }).addTo(map);
}
