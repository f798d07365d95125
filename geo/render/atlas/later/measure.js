// Measures on the map: geodesics from point to point, by GeographicLib.

const METRES = { mi: 1609.344, nmi: 1852, km: 1000 };
const FIRST_CHORD_M = 500000, LEAST_CHORD_M = 1000, MOST_OFF_PX = 0.2;
const SAME_PX = 8;
const HOW_TO = "Click to set points; on the last one to end the line. Backspace takes a point back, Escape ends.";
const HOW_TO_BY_KEY = "Measuring. Arrow keys move the map, Enter sets a point at the cross, "
  + "Backspace takes it back, Escape ends.";

/**
 * Solve a leg: its length in metres, its true bearing at the start in degrees, and points [lat, lon]
 * that run on over 180 degrees, as many as the curve needs on screen: with more, their rounding to
 * whole pixels would show. `project` turns a point into pixels.
 */
function solveLeg(from, to, project) {
  const { WGS84, STANDARD, LONG_UNROLL } = window.geodesic.Geodesic;
  const line = WGS84.InverseLine(from.lat, from.lng, to.lat, to.lng);
  const pointAt = (metres) => {
    const { lat2, lon2 } = line.Position(metres, STANDARD | LONG_UNROLL);
    return [lat2, lon2];
  };
  const bend = (start, a, end, b) => {
    const middle = (start + end) / 2, point = pointAt(middle);
    const off = L.LineUtil.pointToSegmentDistance(project(point), project(a), project(b));
    if (off < MOST_OFF_PX || end - start < LEAST_CHORD_M) return [b];
    return [...bend(start, a, middle, point), ...bend(middle, point, end, b)];
  };
  const pieces = Math.max(1, Math.ceil(line.s13 / FIRST_CHORD_M));
  const points = [pointAt(0)];
  for (let i = 1; i <= pieces; i++) {
    const start = line.s13 * (i - 1) / pieces, end = line.s13 * i / pieces;
    points.push(...bend(start, points.at(-1), end, pointAt(end)));
  }
  return { length: line.s13, bearing: (line.azi1 + 360) % 360, points };
}

/** Repeat a leg in the neighbouring worlds, so that what leaves at one edge comes in at the other. */
function onEveryWorld(points, to) {
  const own = Math.round((to.lng - points.at(-1)[1]) / 360) * 360;
  return [...new Set([0, -360, 360, own])].flatMap((turn) =>
    onMercator(points.map(([lat, lng]) => [lat, lng + turn])));
}

/** Write metres as the page does: whole from 10 on, with one decimal below. */
function amount(metres, unit) {
  const value = metres / METRES[unit];
  const decimals = value.toFixed(1) >= 10 ? 0 : 1;
  return value.toLocaleString("en-US",
    { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

function bearing(degrees) {
  return `${String(Math.round(degrees) % 360).padStart(3, "0")}°`;
}

class Measure {
  constructor(map) {
    this.map = map;
    this.on = false;
    map.createPane("measure").style.zIndex = 640; // over the marks, under the tooltips
    this.renderer = L.svg({ pane: "measure", padding: 0.4 });
    this.drawn = L.layerGroup();
    this.clear();
    this.makePanel();
    // Seen before Leaflet sees them, so that no click closes a country or opens a card.
    for (const event of ["click", "dblclick"]) {
      map.getContainer().addEventListener(event, (each) => this.takeClick(each), true);
    }
    map.on("mousemove", ({ latlng }) => this.reach(latlng));
    map.on("mouseout", () => this.reach(null));
    map.on("zoomend", () => this.on && this.redraw());
  }

  /** Begin or end measuring; a reader who began `byKey` sets points at the middle of the map. */
  show(on, byKey) {
    const { map } = this;
    this.on = on;
    press(map, "measure", on);
    map.getContainer().classList.toggle("measuring", on);
    this.clear();
    if (on) {
      this.drawn.addTo(map);
      this.panel.addTo(map);
      if (byKey) map.getContainer().focus({ preventScroll: true });
      say(map, byKey ? HOW_TO_BY_KEY : HOW_TO, false);
      this.redraw();
    } else {
      const held = this.panel.getContainer().contains(document.activeElement);
      this.drawn.remove();
      this.panel.remove();
      if (held) map.tools.buttons.measure.focus();
      placeLabels(map);
    }
  }

  clear() {
    this.points = [];
    this.legs = [];
    this.ended = false;
    this.ahead = null;
    this.drawn.clearLayers();
  }

  takeClick(event) {
    const { map } = this, container = map.getContainer();
    const onMap = event.target === container || map.getPane("mapPane").contains(event.target);
    if (!this.on || !onMap) return;
    event.stopPropagation();
    if (event.type === "dblclick" || map.dragging.moved() || map.boxZoom.moved()) return;
    this.add(this.markAt(event.target) || map.mouseEventToLatLng(event));
  }

  /** The place whose symbol this is: what is measured from it is measured from there exactly. */
  markAt(target) {
    const icon = target.closest(".mark");
    return icon && this.map.atlas.marks.getLayers()
      .find((mark) => mark.getElement() === icon).getLatLng();
  }

  /** Take a key that is meant for measuring; tell whether it was. */
  takeKey(event) {
    if (!this.on) return false;
    const free = !event.target.closest("button, a, summary");
    if (event.key === "Escape") this.show(false);
    else if (event.key === "Backspace") this.takeBack();
    else if (event.key === "Enter" && free) {
      this.add(this.markAt(event.target) || this.map.getCenter());
    } else return false;
    return true;
  }

  /** Set a point; the last one again ends the line, and the next one then begins another. */
  add({ lat, lng }) {
    const { map } = this, most = L.Projection.SphericalMercator.MAX_LATITUDE;
    const point = L.latLng(Math.max(-most, Math.min(most, lat)), lng);
    const last = this.points.at(-1), at = map.latLngToContainerPoint(point);
    const again = last && map.latLngToContainerPoint(last).distanceTo(at) < SAME_PX;
    if (again) {
      if (this.legs.length) this.end();
      return;
    }
    if (this.ended) this.clear();
    this.points.push(point);
    this.ahead = null;
    this.redraw();
    this.tell();
  }

  end() {
    this.ended = true;
    this.ahead = null;
    this.redraw();
    say(this.map, `The line ends. Total ${this.total()}.`, false);
  }

  takeBack() {
    this.points.pop();
    this.ended = false;
    this.ahead = null;
    this.redraw();
    this.tell();
  }

  tell() {
    const leg = this.legs.at(-1), count = this.points.length;
    if (leg) say(this.map, `Leg ${this.legs.length}: ${this.length(leg.length)}, true bearing ${
      bearing(leg.bearing)}. Total ${this.total()}.`, false);
    else say(this.map, count ? "First point set." : "No point is set.", false);
  }

  /** Show the leg that a click here would add. */
  reach(latlng) {
    if (!this.on || this.ended || !this.points.length) return;
    this.ahead = latlng && this.solve(this.points.at(-1), latlng);
    this.preview.setLatLngs(latlng ? onEveryWorld(this.ahead.points, latlng) : []);
    this.write();
  }

  solve(from, to) {
    return solveLeg(from, to, (point) => this.map.project(point));
  }

  redraw() {
    const { points, drawn } = this;
    drawn.clearLayers();
    const line = (className, latlngs, weight) => L.polyline(latlngs, { pane: "measure", weight,
      renderer: this.renderer, className, interactive: false, smoothFactor: 0.3 }).addTo(drawn);
    this.legs = points.slice(1).map((to, i) => this.solve(points[i], to));
    const all = this.legs.flatMap((leg, i) => onEveryWorld(leg.points, points[i + 1]));
    line("measure-halo", all, 5);
    line("measure-line", all, 2);
    this.preview = line("measure-line ahead", [], 1.5);
    let sum = 0;
    points.forEach((point, i) => {
      L.circleMarker(point, { pane: "measure", renderer: this.renderer, radius: 4, weight: 2,
        className: "measure-point", interactive: false, fillOpacity: 1 }).addTo(drawn);
      if (!i) return;
      sum += this.legs[i - 1].length;
      this.label(point, this.length(sum));
    });
    this.write();
    placeLabels(this.map);
  }

  /** Write the way so far at a point; among the controls, so that names keep clear of it. */
  label(point, text) {
    const icon = L.divIcon({ className: "measure-anchor", iconSize: [0, 0],
      html: element("span", "leaflet-control measure-label", text) });
    new FlatMarker(point, { icon, pane: "measure", interactive: false, keyboard: false,
      zIndexOffset: 10000 }) // over the lines
      .addTo(this.drawn);
  }

  /** The units, that of the page first. */
  units() {
    const unit = this.map.atlas.scene?.unit, all = Object.keys(METRES);
    return unit in METRES ? [unit, ...all.filter((each) => each !== unit)] : all;
  }

  length(metres) {
    const [unit] = this.units();
    return `${amount(metres, unit)} ${unit}`;
  }

  total() {
    return this.length(this.legs.reduce((sum, leg) => sum + leg.length, 0));
  }

  makePanel() {
    const box = element("section", "measure-panel"), head = element("div", "measure-head");
    box.setAttribute("aria-label", "Measured");
    this.back = element("button", "", "Take back");
    this.back.type = "button";
    this.back.title = "Take the last point back (Backspace)";
    this.back.addEventListener("click", () => this.takeBack());
    this.table = element("table");
    head.append(element("strong", "", "Measure"), this.back);
    box.append(head, this.table, element("p", "", HOW_TO));
    L.DomEvent.disableClickPropagation(box);
    L.DomEvent.disableScrollPropagation(box);
    L.DomEvent.on(box, "mousemove", L.DomEvent.stopPropagation);
    this.panel = L.control({ position: "bottomright" });
    this.panel.onAdd = () => box;
  }

  /** Write the legs into the panel's table, with the one ahead. */
  write() {
    const units = this.units(), legs = [...this.legs, ...(this.ahead ? [this.ahead] : [])];
    const lengths = (metres) => units.map((unit) => amount(metres, unit));
    const rows = legs.map((leg, i) => tableRow(leg === this.ahead ? "ahead" : "leg",
      [i + 1, ...lengths(leg.length), bearing(leg.bearing)], leg.length));
    const sum = legs.reduce((total, leg) => total + leg.length, 0);
    if (legs.length > 1) rows.push(tableRow("total", ["Total", ...lengths(sum), ""], sum));
    if (legs.length) rows.unshift(tableRow("head", ["Leg", ...units, "true bearing"]));
    this.table.replaceChildren(...rows);
    this.back.disabled = !this.points.length;
  }
}

function tableRow(className, cells, metres) {
  const row = element("tr", className);
  if (metres !== undefined) row.dataset.lengthM = metres;
  cells.forEach((text, i) => {
    const heads = className === "head" || !i, cell = element(heads ? "th" : "td", "", text);
    if (heads) cell.scope = className === "head" ? "col" : "row";
    row.append(cell);
  });
  return row;
}

window.corridor.later = { Graticule, Online, Measure };
