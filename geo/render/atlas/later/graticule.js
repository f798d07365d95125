// What the reader lays under the routes: meridians and parallels with their degrees, or a map that
// is fetched from outside.

// What the tools of this script take from the atlas.
const { element, say, press, placeLabels, coveredBoxes, overlaps, textSize, LABELS, onMercator,
  FlatMarker } = window.corridor.parts;
document.body.append(element("style", "", STYLES));

const STEPS_DEG = [1, 2, 5, 10, 30];
const LEAST_STEP_PX = 80;
const MOST_LAT = 85;

/** Write a degree: 181 or -179 east is 179°W. */
function degrees(value, [positive, negative]) {
  const turned = negative === "W" ? ((value + 180) % 360 + 360) % 360 - 180 : value;
  const plain = turned === 0 || turned === -180;
  return `${Math.abs(turned)}°${plain ? "" : turned > 0 ? positive : negative}`;
}

/** The multiples of a step between two values. */
function multiples(from, to, step) {
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.max(0, Math.floor(to / step) - first + 1) },
    (_, i) => (first + i) * step);
}

class Graticule {
  constructor(map) {
    this.map = map;
    map.createPane("graticule").style.zIndex = 250; // over the land, under the routes
    this.lines = L.polyline([], { pane: "graticule", className: "graticule", interactive: false,
      noClip: true, renderer: L.svg({ pane: "graticule", padding: 0.4 }) });
    this.labels = element("div", "graticule-labels");
    this.labels.setAttribute("aria-hidden", "true");
    this.on = false;
    this.follow = () => this.draw();
    this.watch = new ResizeObserver(() => { // degrees keep clear of what opens, and names of them
      this.draw();
      placeLabels(map);
    });
  }

  show(on) {
    const { map } = this;
    this.on = on;
    press(map, "graticule", on);
    map[on ? "on" : "off"]("move zoom viewreset resize", this.follow);
    if (on) {
      this.lines.addTo(map);
      map.getContainer().append(this.labels);
      for (const corner of map._controlContainer.children) this.watch.observe(corner);
      this.draw();
    } else {
      this.lines.remove();
      this.labels.remove();
      this.watch.disconnect();
    }
    placeLabels(map);
  }

  draw() {
    const { map } = this, bounds = map.getBounds();
    const pxPerDeg = map.options.crs.scale(map.getZoom()) / 360;
    const step = STEPS_DEG.find((each) => each * pxPerDeg >= LEAST_STEP_PX) || STEPS_DEG.at(-1);
    const wide = bounds.pad(0.5); // so that a dragged map isn't bare
    const lons = multiples(wide.getWest(), wide.getEast(), step);
    const lats = multiples(Math.max(-MOST_LAT, wide.getSouth()), Math.min(MOST_LAT, wide.getNorth()),
      step);
    const key = [step, lons[0], lons.at(-1), lats[0], lats.at(-1)].join();
    if (key !== this.drawn) {
      this.drawn = key;
      const west = lons[0] - step, east = lons.at(-1) + step;
      this.lines.setLatLngs([...lons.map((lon) => [[-MOST_LAT, lon], [MOST_LAT, lon]]),
        ...lats.map((lat) => [[lat, west], [lat, east]])]);
    }
    this.name(lons, lats);
  }

  /** Write the degrees along the frame's edges, where no control lies over them. */
  name(lons, lats) {
    const { map, labels } = this, size = map.getSize();
    labels.replaceChildren();
    const covered = coveredBoxes(map);
    const put = (text, left, top, height) => {
      const width = textSize(text, LABELS.faint)[0] + 6;
      const x = Math.max(0, Math.min(size.x - width, left - (left < size.x ? width / 2 : 0)));
      const box = [x, top, x + width, top + height];
      if (covered.some((other) => overlaps(box, other))) return;
      // Among the controls, so that the names of places keep clear of it.
      const label = element("span", "leaflet-control graticule-label", text);
      Object.assign(label.style, { left: x + "px", top: top + "px" });
      labels.append(label);
    };
    for (const lon of lons) {
      const { x } = map.latLngToContainerPoint([0, lon]);
      if (x < 40 || x > size.x - 40) continue; // the corners are the parallels'
      for (const top of [2, size.y - 16]) put(degrees(lon, "EW"), x, top, 14);
    }
    for (const lat of lats) {
      const { y } = map.latLngToContainerPoint([lat, 0]);
      if (y < 8 || y > size.y - 8) continue;
      for (const x of [0, size.x]) put(degrees(lat, "NS"), x, y - 7, 14);
    }
  }
}

const TILE_HOST = "tile.openstreetmap.org";
const COPYRIGHT = "https://www.openstreetmap.org/copyright";
const ASKED_FIRST = `The pictures of this map come from ${TILE_HOST}, a server of the OpenStreetMap `
  + "Foundation. It learns your internet address, the address of this site and which part of the "
  + "map you look at. The map is © OpenStreetMap contributors, under the Open Database License. "
  + "Nothing is fetched until you press Show, and it isn't remembered.";
// Closer, it would be seen that places are drawn to four decimals of a degree.
const ONLINE_ZOOM = 14;
const MOST_MISSED = 4;

class Online {
  constructor(map) {
    this.map = map;
    this.localZoom = map.getMaxZoom();
    map.createPane("online").style.zIndex = 210; // over the land, under graticule and routes
  }

  /** Ask first; a second press takes the question away, or the map. */
  toggle() {
    if (this.tiles) this.hide("The local map is back.");
    else if (this.question) this.close();
    else this.ask();
  }

  ask() {
    const { map } = this, box = element("section", "link-box ask-box");
    const words = element("p", "", ASKED_FIRST), answers = element("div", "ask-answers");
    const button = (text, act) => {
      const made = element("button", "", text);
      made.type = "button";
      made.addEventListener("click", act);
      answers.append(made);
    };
    button("Show", () => {
      this.close();
      this.show();
    });
    button("Cancel", () => this.close());
    words.id = "online-words";
    box.tabIndex = -1;
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", "Online map");
    box.setAttribute("aria-describedby", words.id);
    box.append(element("strong", "", "Online map"), words, answers);
    box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
      event.stopPropagation(); // keys are for the question, not for the map
    });
    L.DomEvent.disableClickPropagation(box);
    this.question = L.control({ position: "topright" });
    this.question.onAdd = () => box;
    this.question.addTo(map);
    box.focus({ preventScroll: true });
    placeLabels(map);
  }

  close() {
    this.question.remove();
    this.question = null;
    this.map.tools.buttons.online.focus({ preventScroll: true });
    placeLabels(this.map);
  }

  /** Fetch the map; the local one stays until there is something of it to be seen. */
  show() {
    const { map } = this;
    let missed = 0;
    this.tiles = L.tileLayer(`https://${TILE_HOST}/{z}/{x}/{y}.png`, { pane: "online", maxZoom: 19,
      // The server asks for the site's address; what stands behind that is the reader's.
      referrerPolicy: "strict-origin",
      attribution: `Online map © <a href="${COPYRIGHT}" target="_blank" rel="noopener">OpenStreetMap`
        + " contributors</a>" });
    this.tiles.on("tileload", () => {
      missed = 0;
      if (!this.covered) say(map, "The online map is shown.", false);
      this.cover(true);
    });
    this.tiles.on("tileerror", () => {
      missed += 1;
      if (this.covered && missed < MOST_MISSED) return; // one may well be missing
      this.hide(`${TILE_HOST} can't be reached; the local map stays.`);
    });
    press(map, "online", true);
    say(map, `Asking ${TILE_HOST} for the map.`);
    map.setMaxZoom(ONLINE_ZOOM);
    this.tiles.addTo(map);
  }

  hide(why) {
    const { map, tiles } = this;
    this.tiles = null;
    tiles.off("tileload tileerror").remove();
    this.cover(false);
    press(map, "online", false);
    map.setMaxZoom(this.localZoom);
    say(map, why);
  }

  /** Leave to the local map the tints and hatches alone, or give it back all the rest. */
  cover(covered) {
    if (covered === Boolean(this.covered)) return;
    this.covered = covered;
    this.map.getContainer().classList.toggle("online", covered);
    this.map.atlas.base.veil(covered);
  }
}
