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
    fillBundle(layer, bundle).catch(() => say(map, "The opened routes could not be fetched"));
  }
}

async function fillBundle(layer, { url, colour }) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(answer.statusText);
  const routes = await answer.json();
  const lines = linesOf(routes);
  Object.assign(layer, { routes, passedUrl: url.replace(/json$/, "passed.json") });
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
  window.corridorBundled = (window.corridorBundled || 0) + lines.length;
}

/** Sum up the steps from point to point. */
function linesOf({ counts, parts, lines }) {
  let at = 0, lat = 0, lon = 0;
  return counts.map((count) => {
    const points = [];
    for (const end = at + 2 * count; at < end; at += 2) {
      lat += lines[at];
      lon += lines[at + 1];
      points.push([lat / parts, lon / parts]);
    }
    return onMercator(points).filter((part) => part.length);
  });
}

/** List the cards of the opened routes that run by a point. */
function bundledAt(map, latlng) {
  const at = map.latLngToLayerPoint(latlng), cards = [];
  for (const layer of map.atlas.bundles?.values() || []) {
    const near = new Set(layer.getLayers().flatMap((line) => line._rings.flatMap((ring, part) =>
      ring.some((point, i) => i
        && L.LineUtil.pointToSegmentDistance(at, ring[i - 1], point) < NEAR_PX)
        ? [line.numbers[part]] : [])));
    for (const number of near) cards.push(bundledCard(layer, number, map.atlas.scene.unit));
    if (near.size && !layer.passed) followPassed(map, layer, latlng);
  }
  return cards;
}

/** Fetch what the routes pass, which is worked out after they are drawn, while their card is open. */
async function followPassed(map, layer, latlng) {
  await null; // the card is opened in the meantime
  const box = map.cardBox;
  while (!layer.passed && map.cardBox === box) {
    const answer = await fetch(layer.passedUrl, { cache: "no-store" });
    if (!answer.ok) return;
    layer.passed = await answer.json();
    if (!layer.passed) await new Promise((resolve) => setTimeout(resolve, 500));
  }
  if (map.cardBox === box) showCards(map, bundledAt(map, latlng).slice(0, MOST_CARDS));
}

function bundledCard({ routes, passed }, number, unit) {
  const length = routes.lengths_m[number] / METRES[unit];
  return { title: routes.names[number], subtitle: "From the opened file", tip: [], sources: [],
    rows: [["Length", `${Math.round(length).toLocaleString("en")} ${unit}`],
      ["Airspace in order", passed ? passed[number] || "–" : "Being worked out"]] };
}
