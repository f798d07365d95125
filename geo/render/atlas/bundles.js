// Many routes as one drawing: thousands of lines of their own would keep the browser busy.

const NEAR_PX = 6;
const A_STROKE = 40;
const METRES = { mi: 1609.344, nmi: 1852, km: 1000 };

/** Draw the routes of opened files; each is fetched once, and taken away when it isn't shown. */
function drawBundles(map, bundles) {
  const drawn = (map.atlas.bundles ||= new Map());
  const urls = new Set(bundles.map(({ url }) => url));
  for (const [url, layer] of drawn) {
    if (urls.has(url)) continue;
    layer.remove();
    drawn.delete(url);
  }
  for (const bundle of bundles) {
    if (drawn.has(bundle.url)) continue;
    const layer = L.layerGroup().addTo(map);
    drawn.set(bundle.url, layer);
    fillBundle(layer, bundle);
  }
}

async function fillBundle(layer, { url, colour }) {
  const answer = await fetch(url);
  if (!answer.ok) return;
  const routes = await answer.json();
  const lines = routes.lines.map((numbers) => {
    const points = [];
    for (let at = 0; at < numbers.length; at += 2) points.push([numbers[at], numbers[at + 1]]);
    return onMercator(points).filter((part) => part.length);
  });
  layer.routes = routes;
  // The parts of a polyline share a stroke: where many strokes cross, it is darker.
  const style = { color: colour, weight: lines.length > 300 ? 1 : 1.6, smoothFactor: 1,
    opacity: Math.max(0.15, 0.9 - lines.length / 2000), interactive: false, className: "bundle" };
  for (let first = 0; first < lines.length; first += A_STROKE) {
    const some = lines.slice(first, first + A_STROKE);
    const line = L.polyline(some.flat(), style);
    // Leads from a part of the polyline back to its route.
    line.numbers = some.flatMap((parts, at) => parts.map(() => first + at));
    layer.addLayer(line);
  }
  window.corridorBundled = (window.corridorBundled || 0) + routes.lines.length;
}

/** List the cards of the opened routes that run by a point. */
function bundledAt(map, latlng) {
  const at = map.latLngToLayerPoint(latlng), cards = [];
  for (const layer of map.atlas.bundles?.values() || []) {
    const near = new Set(layer.getLayers().flatMap((line) => line._rings.flatMap((ring, part) =>
      ring.some((point, i) => i
        && L.LineUtil.pointToSegmentDistance(at, ring[i - 1], point) < NEAR_PX)
        ? [line.numbers[part]] : [])));
    for (const number of near) cards.push(bundledCard(layer.routes, number, map.atlas.scene.unit));
  }
  return cards;
}

function bundledCard(routes, number, unit) {
  const length = routes.lengths_m[number] / METRES[unit];
  return { title: routes.names[number], subtitle: "From the opened file", tip: [], sources: [],
    rows: [["Length", `${Math.round(length).toLocaleString("en")} ${unit}`],
      ["Airspace in order", routes.airspaces[number] || "–"]] };
}
