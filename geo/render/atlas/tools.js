// The map's tools: a bar of buttons, and what the simple ones of them do.

/** What is fetched later lies beside this script; one that stands in its page has nothing beside it. */
const SERVED = Boolean(document.currentScript?.src);
const HERE = document.currentScript?.src || document.baseURI;
const REMEMBERED = "corridor.graticule";

const TOOL_ICONS = {
  more: "M4 6h12 M4 10h12 M4 14h12",
  measure: "M2 13 13 2 18 7 7 18Z M5.2 9.8l2 2 M8 7l3 3 M10.8 4.2l2 2",
  graticule: "M2 10a8 8 0 1 0 16 0a8 8 0 1 0-16 0 M2 10h16 M10 2c-5 4-5 12 0 16c5-4 5-12 0-16",
  online: "M3 3h5.5v5.5H3Z M11.5 3H17v5.5h-5.5Z M3 11.5h5.5V17H3Z M11.5 11.5H17V17h-5.5Z",
  clean: "M1.5 10c4-6.5 13-6.5 17 0c-4 6.5-13 6.5-17 0Z M7.5 10a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0",
  full: "M3 7V3h4 M13 3h4v4 M17 13v4h-4 M7 17H3v-4",
  link: "M8.5 11.5a3.5 3.5 0 0 0 5 0l3-3a3.5 3.5 0 0 0-5-5l-1 1"
    + " M11.5 8.5a3.5 3.5 0 0 0-5 0l-3 3a3.5 3.5 0 0 0 5 5l1-1",
};

function addTools(map) {
  const status = element("div", "tool-status");
  status.setAttribute("role", "status");
  map.tools = { status, buttons: {} };
  map.getContainer().append(status, exitButton(map));
  const control = L.control({ position: "topright" });
  control.onAdd = () => toolBar(map);
  control.addTo(map);
  if (remembered()) useLater(map, "Graticule", (graticule) => graticule.show(true));
  document.addEventListener("keydown", (event) => takeKey(map, event));
  document.addEventListener("fullscreenchange", () => {
    press(map, "full", Boolean(document.fullscreenElement));
    map.invalidateSize({ animate: false }); // the frame may have had that size before
  });
}

function toolBar(map) {
  const bar = element("div", "tool-bar"), list = element("div", "tool-list");
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", "Map tools");
  const more = toolButton("more", "Map tools", () => {
    more.setAttribute("aria-expanded", bar.classList.toggle("open"));
  });
  more.setAttribute("aria-expanded", "false");
  const add = (name, title, act) => {
    map.tools.buttons[name] = toolButton(name, title, act);
    list.append(map.tools.buttons[name]);
    if (name !== "link") press(map, name, false);
  };
  add("measure", "Measure", ({ detail }) => useLater(map, "Measure",
    (measure) => measure.show(!measure.on, detail === 0))); // a click without a count is a key's
  add("graticule", "Graticule", () => useLater(map, "Graticule", (graticule) => {
    graticule.show(!graticule.on);
    remember(graticule.on);
  }));
  if (SERVED) add("online", "Online map", () => useLater(map, "Online", (online) => online.toggle()));
  add("clean", "Clean view", () => setClean(map, true));
  if (document.fullscreenEnabled) add("full", "Full screen", () => toggleFull(map));
  add("link", "Copy link", () => copyLink(map));
  bar.append(more, list);
  L.DomEvent.disableClickPropagation(bar);
  return bar;
}

function toolButton(name, title, act) {
  const button = element("button", "tool " + name);
  button.type = "button";
  button.title = title;
  button.setAttribute("aria-label", title);
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", TOOL_ICONS[name]);
  svg.append(path);
  button.append(svg);
  button.addEventListener("click", act);
  return button;
}

let laterTools = null;

/** Fetch the larger tools once, when the first of them is used: the map opens sooner without. */
function fetchLater() {
  if (corridor.later) return Promise.resolve(corridor.later); // a page of one file has them in it
  laterTools ||= new Promise((resolve, reject) => {
    const script = element("script");
    script.src = new URL(LATER, HERE);
    script.onload = () => resolve(corridor.later);
    script.onerror = reject;
    document.head.append(script);
  });
  return laterTools;
}

async function useLater(map, name, act) {
  try {
    const made = await fetchLater();
    map.tools[name] ||= new made[name](map);
  } catch {
    laterTools = null;
    say(map, "This tool could not be loaded. Is the page still being served?");
    return;
  }
  act(map.tools[name]);
}

function remembered() {
  try {
    return localStorage.getItem(REMEMBERED) === "on";
  } catch { // the browser may keep nothing for pages
    return false;
  }
}

function remember(on) {
  try {
    localStorage.setItem(REMEMBERED, on ? "on" : "off");
  } catch { /* then it is forgotten */ }
}

function press(map, name, pressed) {
  map.tools.buttons[name]?.setAttribute("aria-pressed", pressed);
}

/** Tell what happened, to the eye too unless the map shows it, and take the words off again. */
function say(map, text, seen = true) {
  const { status } = map.tools;
  clearTimeout(map.tools.silence);
  status.classList.toggle("seen", seen);
  status.textContent = text;
  map.tools.silence = setTimeout(() => { status.textContent = ""; }, 5000);
}

function takeKey(map, event) {
  if (event.defaultPrevented || event.target.closest("input, textarea, select")) return;
  const clean = map.getContainer().classList.contains("clean");
  if (event.key === "Escape" && clean) setClean(map, false);
  else if (!map.tools.Measure?.takeKey(event)) return;
  event.preventDefault();
}

/** Hide what is there to be pressed, and keep what is there to be read. */
function setClean(map, clean) {
  map.getContainer().classList.toggle("clean", clean);
  press(map, "clean", clean);
  if (clean) map.getContainer().focus({ preventScroll: true });
  else map.tools.buttons.clean.focus();
  shareRoom(map);
  placeLabels(map); // names take the room of the buttons
  say(map, clean ? "The controls are hidden. Escape brings them back." : "The controls are back.",
    false);
}

/** The way back from the clean view: seen when the pointer moves. */
function exitButton(map) {
  const button = element("button", "tool-exit", "×");
  button.type = "button";
  button.title = "Show the controls again (Escape)";
  button.setAttribute("aria-label", "Show the controls again");
  button.addEventListener("click", () => setClean(map, false));
  L.DomEvent.disableClickPropagation(button);
  let timer;
  for (const event of ["pointermove", "pointerdown"]) {
    map.getContainer().addEventListener(event, () => {
      button.classList.add("seen");
      clearTimeout(timer);
      timer = setTimeout(() => button.classList.remove("seen"), 2500);
    });
  }
  return button;
}

function toggleFull(map) {
  const done = document.fullscreenElement ? document.exitFullscreen()
    : document.documentElement.requestFullscreen();
  done.catch(() => say(map, "The browser refused the full screen."));
}

window.corridor.parts = { element, say, press, placeLabels, coveredBoxes, overlaps, textSize, LABELS,
  onMercator, FlatMarker };
