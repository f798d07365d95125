// Symbols of places, and the legend.

const DASHES = { solid: null, dashed: "9 6", dotted: "1 6", dashdotted: "12 4 2 4" };
const SYMBOL_PX = { departure: 19, kept: 15, landing: 14, inferred: 14, home: 11, staging: 13, unnamed: 7, other: 13 };

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
    other: ["M0,-8.5 L8.5,0 0,8.5 -8.5,0 Z"],
    unnamed: ["M-8,0 a8,8 0 1,0 16,0 a8,8 0 1,0 -16,0 Z"],
  };
  for (const d of shapes[role] || shapes.unnamed) {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

/** Dashes grow with the line, so that a wide one still reads as dashed. */
function dashes(line) {
  const dash = DASHES[line.style];
  const factor = Math.max(1, line.width / 2.6);
  return dash && dash.split(" ").map((part) => part * factor).join(" ");
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
      if (!item.symbol && !item.colour && !item.swatch) {
        box.append(element("h4", "", item.text));
        continue;
      }
      const row = element("div", "legend-row");
      const key = element("span", "legend-key");
      if (item.symbol) key.append(symbol(item.symbol, SYMBOL_PX[item.symbol]));
      else if (item.swatch) key.append(swatch(item));
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

function swatch(item) {
  const node = element("span", item.hatched ? "swatch hatched" : "swatch");
  node.style.backgroundColor = item.colour;
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
