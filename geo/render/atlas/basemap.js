// The base map: land, borders and graticule on a canvas of its own.

const PALETTES = {
  light: {
    land: "#f6f2e9", coast: "#8fa6b3", border: "#b5a999", disputed: "#8c7f6e",
    graticule: "#c9d8e0", halo: "#ffffff", hatch: "#a3565699",
  },
  dark: {
    land: "#2b3138", coast: "#59707f", border: "#596069", disputed: "#8a8f96",
    graticule: "#22303b", halo: "#14181c", hatch: "#d08a8a88",
  },
};

/** Turn TopoJSON's quantised, delta-coded arcs into points from 0 to 1, x east and y down. */
function decodeArcs(topology) {
  const [kx, ky] = topology.transform.scale;
  const [dx, dy] = topology.transform.translate;
  const most = L.Projection.SphericalMercator.MAX_LATITUDE;
  return topology.arcs.map((arc) => {
    const points = new Float64Array(arc.length * 2);
    let x = 0, y = 0;
    arc.forEach(([ax, ay], i) => {
      const lat = Math.max(-most, Math.min(most, (y += ay) * ky + dy));
      points[2 * i] = ((x += ax) * kx + dx) / 360 + 0.5;
      points[2 * i + 1] = mercator(lat);
    });
    return points;
  });
}

function mercator(lat) {
  return 0.5 - Math.asinh(Math.tan(lat * Math.PI / 180)) / (2 * Math.PI);
}

function polygonsOf(geometry) {
  return geometry.type === "MultiPolygon" ? geometry.arcs : geometry.arcs ? [geometry.arcs] : [];
}

function boxOf(points) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 2) {
    box[0] = Math.min(box[0], points[i]);
    box[1] = Math.min(box[1], points[i + 1]);
    box[2] = Math.max(box[2], points[i]);
    box[3] = Math.max(box[3], points[i + 1]);
  }
  return box;
}

/** Read the world: its arcs, its faces, and which arcs are to be drawn as what. */
function readWorld(topology) {
  const arcs = decodeArcs(topology);
  const boxes = arcs.map(boxOf);
  const faces = topology.objects.faces.geometries.flatMap((geometry) =>
    polygonsOf(geometry).map((rings) => ({
      key: geometry.properties.claims.join("+"),
      kind: geometry.properties.kind,
      rings,
      box: unite(rings[0].map((index) => boxes[index < 0 ? ~index : index])),
    })));
  return { arcs, boxes, faces, strokes: sortArcs(faces, arcs) };
}

function unite(boxes) {
  return boxes.reduce((a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]),
    Math.max(a[2], b[2]), Math.max(a[3], b[3])]);
}

/** Sort the arcs: between two faces a border, dashed beside a disputed one, else the coast. */
function sortArcs(faces, arcs) {
  const users = arcs.map(() => []);
  for (const face of faces) {
    for (const index of face.rings.flat()) users[index < 0 ? ~index : index].push(face.kind);
  }
  const sorted = { coast: [], border: [], disputed: [] };
  users.forEach((kinds, index) => {
    if (kinds.length > 1) sorted[kinds.includes("disputed") ? "disputed" : "border"].push(index);
    else if (kinds.length && !onSeam(arcs[index])) sorted.coast.push(index);
  });
  return sorted;
}

/** Tell an arc that only cuts the map at 180 degrees or along the south pole, and is no coast. */
function onSeam(points) {
  const box = boxOf(points);
  return (box[0] === box[2] && (box[0] === 0 || box[0] === 1)) || box[1] > 0.99999;
}

/** Scale an arc to pixels, without the points that fall on the one before. */
function thin(points, scale) {
  const kept = [points[0] * scale, points[1] * scale];
  const last = points.length - 2;
  for (let i = 2; i <= last; i += 2) {
    const x = points[i] * scale, y = points[i + 1] * scale;
    const dx = x - kept[kept.length - 2], dy = y - kept[kept.length - 1];
    if (dx * dx + dy * dy > 0.4 || i === last) kept.push(x, y);
  }
  return kept;
}

/**
 * Draws the world in one go, and only when the view, the tints or the theme change. Leaflet's own
 * polygons would each be projected, clipped and simplified anew for every view.
 */
const BaseMap = L.Renderer.extend({
  options: { padding: 0.4, pane: "atlas" },

  initialize(world) {
    L.Renderer.prototype.initialize.call(this);
    this._world = world;
    this._thinned = { scale: 0, arcs: new Map() };
  },

  /**
   * Colour the land: `tints` by the claims of a face, all else by the palette. Hatch the faces
   * `closed` and the `areas`, each of them rings of [lat, lon].
   */
  paint(palette, tints, closed, areas) {
    const colours = JSON.stringify([palette, tints, closed, areas]);
    if (colours === this._colours) return;
    Object.assign(this, { _colours: colours, _palette: palette, _tints: tints,
      _closed: new Set(closed), _areas: areas });
    this._drawSoon();
  },

  /** Draw the tints and hatches alone, where another map lies under them. */
  veil(veiled) {
    this._veiled = veiled;
    this._drawSoon();
  },

  _initContainer() {
    this._container = document.createElement("canvas");
    this._pen = this._container.getContext("2d");
  },

  _destroyContainer() {
    L.Util.cancelAnimFrame(this._frame);
    this._container.remove();
  },

  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    L.DomUtil.setPosition(this._container, this._bounds.min);
    this._drawSoon();
  },

  _updatePaths() {},

  _drawSoon() {
    if (!this._frame && this._palette) {
      this._frame = L.Util.requestAnimFrame(this._draw, this);
    }
  },

  _draw() {
    this._frame = null;
    const size = this._bounds.getSize(), pen = this._pen;
    const sharpness = L.Browser.retina ? 2 : 1;
    Object.assign(this._container, { width: size.x * sharpness, height: size.y * sharpness });
    Object.assign(this._container.style, { width: size.x + "px", height: size.y + "px" });
    pen.lineJoin = pen.lineCap = "round";
    const scale = this._map.options.crs.scale(this._zoom);
    const min = this._bounds.min.add(this._map.getPixelOrigin());
    if (scale !== this._thinned.scale) this._thinned = { scale, arcs: new Map() };
    for (let turn = Math.floor(min.x / scale); turn * scale < min.x + size.x; turn++) {
      const left = min.x - turn * scale;
      pen.setTransform(sharpness, 0, 0, sharpness, -left * sharpness, -min.y * sharpness);
      this._drawWorld([left, min.y, left + size.x, min.y + size.y].map((at) => at / scale), scale);
    }
  },

  /** Draw one copy of the world, as much of it as lies in a box. */
  _drawWorld(view, scale) {
    const seen = (box) => box[0] <= view[2] && view[0] <= box[2] && box[1] <= view[3] && view[1] <= box[3];
    if (!this._veiled) this._drawGraticule(scale);
    const byColour = new Map();
    const faces = this._world.faces.filter(({ box, key }) => seen(box)
      && (!this._veiled || this._tints[key] || this._closed.has(key)));
    for (const face of faces) {
      const colour = this._tints[face.key] || (this._veiled ? "#0000" : this._palette.land);
      byColour.set(colour, [...(byColour.get(colour) || []), ...face.rings]);
    }
    for (const [colour, rings] of byColour) this._fill(rings, colour);
    const closed = faces.filter(({ key }) => this._closed.has(key));
    if (closed.length) this._fill(closed.flatMap(({ rings }) => rings), this._hatching());
    for (const rings of this._areas) this._hatchArea(rings, scale);
    const { boxes, strokes } = this._world;
    for (const kind in this._veiled ? {} : strokes) {
      this._stroke(kind, strokes[kind].filter((index) => seen(boxes[index])));
    }
  },

  _drawGraticule(scale) {
    const top = mercator(85) * scale, bottom = mercator(-85) * scale;
    this._pen.beginPath();
    for (let lon = -180; lon < 180; lon += 10) {
      this._pen.moveTo((lon / 360 + 0.5) * scale, top);
      this._pen.lineTo((lon / 360 + 0.5) * scale, bottom);
    }
    for (let lat = -80; lat <= 80; lat += 10) {
      this._pen.moveTo(0, mercator(lat) * scale);
      this._pen.lineTo(scale, mercator(lat) * scale);
    }
    this._pen.lineWidth = 0.6;
    this._pen.strokeStyle = this._palette.graticule;
    this._pen.stroke();
  },

  _hatching() {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const pen = tile.getContext("2d");
    pen.strokeStyle = this._palette.hatch;
    pen.lineWidth = 1.4;
    pen.beginPath();
    for (const at of [-8, 0, 8]) {
      pen.moveTo(at - 1, 9);
      pen.lineTo(at + 9, -1);
    }
    pen.stroke();
    return this._pen.createPattern(tile, "repeat");
  },

  _hatchArea(rings, scale) {
    const most = L.Projection.SphericalMercator.MAX_LATITUDE;
    this._pen.beginPath();
    for (const ring of rings) {
      ring.forEach(([lat, lon], i) => {
        const x = lon / 360 + 0.5, y = mercator(Math.max(-most, Math.min(most, lat)));
        this._pen[i ? "lineTo" : "moveTo"](x * scale, y * scale);
      });
    }
    this._pen.fillStyle = this._hatching();
    this._pen.fill("evenodd");
  },

  _fill(rings, colour) {
    this._pen.beginPath();
    for (const ring of rings) ring.forEach((index, i) => this._trace(index, i > 0));
    this._pen.fillStyle = colour;
    this._pen.fill("evenodd");
  },

  _stroke(kind, indices) {
    this._pen.beginPath();
    for (const index of indices) this._trace(index, false);
    this._pen.lineWidth = kind === "disputed" ? 1 : 0.8;
    this._pen.setLineDash(kind === "disputed" ? [3, 3] : []);
    this._pen.strokeStyle = this._palette[kind];
    this._pen.stroke();
    this._pen.setLineDash([]);
  },

  /** Run the pen along an arc, backwards where the index says so. */
  _trace(index, joined) {
    const number = index < 0 ? ~index : index;
    const { scale, arcs } = this._thinned;
    if (!arcs.has(number)) arcs.set(number, thin(this._world.arcs[number], scale));
    const points = arcs.get(number), last = points.length - 2;
    for (let i = 0; i <= last; i += 2) {
      const at = index < 0 ? last - i : i;
      if (i || joined) this._pen.lineTo(points[at], points[at + 1]);
      else this._pen.moveTo(points[at], points[at + 1]);
    }
  },
});
