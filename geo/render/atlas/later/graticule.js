// Meridians and parallels with their degrees, as the reader switches them on.

// What both tools of this script take from the atlas.
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
