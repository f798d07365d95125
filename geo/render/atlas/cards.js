// Cards and tooltips. Text from a story file reaches the page through textContent alone.

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
  showCards(map, cards);
  markPicked(map);
}

function showCards(map, cards) {
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
