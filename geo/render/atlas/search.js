// One box for routes, places and states, and below it what was asked for. The server reads what is
// typed; the browser only completes it, by what is fetched when the box is first used.

const INDEX = PLACES && new URL(PLACES, document.currentScript.src).href;
const MOST_CHIPS = 6, MOST_CHIPS_NARROW = 3;
// A word alone, which is no path, and no closed-up coordinate either.
const WORD = /^(?![ns]?[0-9]{2})[^-/,@‐‑‒–—−\s.:°()]+$/i;
const MARK = /[-/,@‐‑‒–—−]/;
const PROMPT = "Type a route, a place or a state";
const ICONS = {
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M15.3 15.3 20 20",
  route: "M5 19C5 9 19 15 19 5M5 19m-2 0a2 2 0 1 0 4 0 2 2 0 1 0-4 0M19 5m-2 0a2 2 0 1 0 4 0 2 2 0 1 0-4 0",
  target: "M12 3v4M12 17v4M3 12h4M17 12h4M12 12m-5 0a5 5 0 1 0 10 0 5 5 0 1 0-10 0",
  cross: "M7 7 17 17M17 7 7 17",
};

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

function iconButton(name, label, act) {
  const button = element("button", "icon-button");
  button.type = "button";
  button.title = label;
  button.setAttribute("aria-label", label);
  button.append(icon(name));
  button.onclick = act;
  return button;
}

function withRole(role, node, attributes = {}) {
  for (const [name, value] of Object.entries({ role, ...attributes })) node.setAttribute(name, value);
  return node;
}

const spaced = (text) => text.trim().replace(/\s+/g, " ");

class Search {
  constructor(map) {
    this.map = map;
    this.sent = null; // the path that the server has not answered yet
    this.held = null; // the text that waits for what completes it
    this.box = withRole("combobox", element("input", "search-text"), { type: "text",
      placeholder: PROMPT, "aria-label": PROMPT, "aria-autocomplete": "list", "aria-expanded": false,
      "aria-controls": "search-list", "aria-keyshortcuts": "/", autocomplete: "off", autocapitalize: "off", spellcheck: false,
      enterkeyhint: "go" });
    this.list = withRole("listbox", element("div", "search-list"),
      { id: "search-list", "aria-label": "Suggestions" });
    this.list.hidden = true;
    this.said = withRole("status", element("div", "search-said"));
    this.refusal = withRole("alert", element("div", "search-refused"));
    this.note = withRole("status", element("p", "search-note"));
    this.chips = withRole("list", element("ul", "chips"), { "aria-label": "Asked for" });
    this.clearing = iconButton("cross", "Clear the text", () => {
      this.tell("");
      this.put("");
      this.box.focus();
    });
    this.field = element("div", "search-field");
    this.field.append(icon("search"), this.box, this.clearing);
    this.below = element("div", "asked leaflet-control");
    this.below.append(this.refusal, this.note, this.chips);
    this.clearing.hidden = this.below.hidden = this.note.hidden = true;
    this._listen();
  }

  node() {
    const node = withRole("search", element("div", "search"));
    node.append(this.field, this.list, this.said, this.below);
    L.DomEvent.disableClickPropagation(node);
    L.DomEvent.disableScrollPropagation(node);
    // The map would take these as its own, a click too where the option is gone by then.
    for (const event of ["keydown", "keypress", "keyup", "click"]) {
      node.addEventListener(event, (each) => each.stopPropagation());
    }
    return node;
  }

  _listen() {
    const { box } = this;
    box.addEventListener("focus", () => this._fetch());
    box.addEventListener("input", () => {
      this.tell("");
      this._typed();
    });
    box.addEventListener("blur", () => this.suggestions?.close());
    box.addEventListener("keydown", (event) => {
      if (event.isComposing || event.keyCode === 229) return; // the input method's own
      if (this.suggestions?.key(event) || this._key(event.key)) event.preventDefault();
    });
  }

  _key(key) {
    if (key === "Enter" && spaced(this.box.value)) this._take(spaced(this.box.value));
    else if (key === "Escape") this.put("");
    return key === "Enter" || key === "Escape";
  }

  /** Send a path. What may be a name waits until names are known; a word that is none stays here. */
  _take(text) {
    if (!this.suggestions && !this.failed && !MARK.test(text)) {
      this.held = text;
      this.field.classList.add("waiting");
      this._fetch();
    } else if (WORD.test(text)) {
      const unknown = this.suggestions ? `There is no place or state “${text}”` : "Names can't be looked up";
      this.tell(`${unknown}: a route is typed like OSLK-USCG.`);
    } else this.send(text);
  }

  /** Take the text that waited, unless it has changed. */
  _takeHeld() {
    const text = this.held;
    if (text === null) return;
    this.held = null;
    this.field.classList.remove("waiting");
    if (spaced(this.box.value) === text && !this.suggestions?.key({ key: "Enter" })) this._take(text);
  }

  _typed() {
    this.clearing.hidden = !this.box.value;
    this.box.removeAttribute("aria-invalid");
    this.suggestions?.refresh();
  }

  /** Fetch the index and what completes by it; without them the box still sends a path. */
  async _fetch() {
    if (this.suggestions || this.fetching) return;
    this.fetching = true;
    try {
      const answer = fetch(INDEX).then((found) => found.json());
      const [index, { Suggestions }] = await Promise.all([answer, import(INDEX.replace(/json$/, "js"))]);
      this.suggestions = new Suggestions(this, index, { element, icon, swatch, symbol });
      this.suggestions.refresh();
    } catch (error) {
      console.warn("places can't be completed:", error.message);
    }
    this.fetching = false;
    this.failed = !this.suggestions;
    this._takeHeld();
  }

  put(text) {
    this.box.value = text;
    this.box.setSelectionRange(text.length, text.length);
    this.box.scrollLeft = this.box.scrollWidth;
    this._typed();
  }

  /** Say a sentence below the box, until the next letter. */
  tell(text) {
    if (this.note.textContent === text) return;
    this.note.textContent = text;
    this.note.hidden = !text;
    this._hideBelow();
  }

  _hideBelow() {
    const { refused, routes, closed } = this.asked || { routes: [], closed: [] };
    this.below.hidden = this.note.hidden && !(refused || routes.length || closed.length);
    if (this.map.legend) this.fit();
  }

  /**
   * Send a path with the codes of the names that are clear, unless the server has it already: it
   * would not answer to what changes nothing.
   */
  send(typed) {
    const { path, taken } = this.suggestions?.completion.meant(typed) ?? { path: typed, taken: [] };
    if (spaced(this.box.value) !== path) this.put(path); // by which it is known when it is taken
    this.suggestions?.close();
    const { routes, refused, refusedPath } = this.asked;
    if (routes.map(spaced).includes(path)) this.put("");
    else if (refused && spaced(refusedPath) === path) this.box.select();
    else {
      this.sent = path;
      this._tell({ action: "type", path });
    }
    if (!taken.length) return;
    this.tell(`Taken: ${taken.map(([text, { id, name }]) => `“${text}” as ${name} (${id})`).join(", ")}.`);
  }

  /** Close or open a state; that it is so is said when the server has done it. */
  ask(message, name) {
    this._tell(message);
    this.asking = { ...message, name };
    this.put("");
  }

  /** Bring a place into view, and tell what it is: by its card if it is on the map. */
  show(place) {
    if (this.suggestions?.completion.coded(this.box.value)?.id !== place.id) this.put(shownName(place));
    this.suggestions?.close();
    const { map } = this, { atlas } = map, mark = this.markOf(place), [lat, lon] = place.latlon;
    const turns = Math.round((map.getCenter().lng - lon) / 360);
    const at = mark ? [mark.lat, mark.lon] : [lat, lon + 360 * turns];
    atlas.touched = true;
    atlas.found?.remove();
    if (!mark) {
      const pin = L.divIcon({ className: "found", iconSize: [22, 22] });
      atlas.found = new FlatMarker(at, { icon: pin, interactive: false, keyboard: false }).addTo(map)
        .bindTooltip(element("span", "", place.name), { permanent: true, direction: "top",
          offset: [0, -10], className: "corridor-tip" });
    }
    map.setView(at, Math.max(map.getZoom(), 6), { animate: false });
    openCards(map, mark ? [place.id] : []);
  }

  markOf({ id }) {
    return this.map.atlas.scene.marks.find((mark) => mark.id === id);
  }

  _tell(message) {
    this.asking = null;
    this.tell("");
    this.field.classList.add("waiting");
    tell(message);
  }

  /** Show what was asked for, and empty the box once what it sent is taken. */
  draw(asked) {
    const before = this.asked;
    this.asked = asked;
    this.field.classList.remove("waiting");
    const text = spaced(this.box.value), refused = (asked.refused && spaced(asked.refusedPath)) || null;
    if (this.sent !== null && refused !== this.sent
      && (asked.routes.map(spaced).includes(this.sent) || String(asked.routes) !== String(before.routes))) {
      if (text === this.sent) this.put("");
      this.sent = null;
    } else if (refused !== null) {
      if (refused === this.sent) this.sent = null;
      if (!text && !before) this.box.value = asked.refusedPath;
    } else if (before && before.refused && text === spaced(before.refusedPath)) {
      this.put(""); // mended, or put away
    }
    this.clearing.hidden = !this.box.value;
    this.box.setAttribute("aria-invalid", String(refused !== null && spaced(this.box.value) === refused));
    if (before && JSON.stringify(before) === JSON.stringify(asked)) return;
    this._drawRefusal();
    this._drawChips();
    this._hideBelow();
    this._sayDone();
  }

  /** Say that a state is closed or open, once the server has done what the box asked for. */
  _sayDone() {
    if (!this.asking) return;
    const { code, action, name } = this.asking, closed = this.asked.closed.some(([each]) => each === code);
    if (closed !== (action === "close")) return;
    this.asking = null;
    this.tell(`The airspace of ${name} is ${closed ? "closed" : "open again"}.`);
  }

  /** Keep what was asked for above the legend, or in the map where that is elsewhere. */
  fit() {
    const { map } = this, legend = map.legend.getContainer().getBoundingClientRect();
    const top = this.below.getBoundingClientRect().top, left = map.legend.getPosition() === "bottomleft";
    const end = left && legend.top > top + 60 ? legend.top : map.getContainer().getBoundingClientRect().bottom;
    this.below.style.maxHeight = `${end - top - 12}px`;
  }

  _drawRefusal() {
    const { refused, refusedPath, guesses } = this.asked;
    this.refusal.replaceChildren();
    if (!refused) return;
    const dismiss = iconButton("cross", "Put this away", () => this._tell({ action: "drop", path: refusedPath }));
    this.refusal.append(dismiss, element("p", "", refused));
    if (!guesses.length) return;
    const offer = element("p", "guesses", "Did you mean ");
    for (const [path, label] of guesses) {
      const button = element("button", "guess", label);
      button.type = "button";
      button.onclick = () => {
        if (spaced(this.box.value) === spaced(refusedPath)) this.put(path);
        this.sent = spaced(path);
        this._tell({ action: "mend", wrong: refusedPath, path });
      };
      offer.append(button, " ");
    }
    this.refusal.append(offer);
  }

  _drawChips() {
    const { routes, closed } = this.asked, held = [...this.chips.querySelectorAll("button")];
    const focused = held.indexOf(document.activeElement);
    const chips = [
      ...routes.map((path) => this._chip(icon("route"), path, `Remove the route ${path}`,
        { action: "drop", path })),
      ...closed.map(([code, name]) => this._chip(swatch({ hatched: true }), name,
        `Open the airspace of ${name}`, { action: "open", code })),
    ];
    const few = this.map.getSize().x > 640 ? MOST_CHIPS : MOST_CHIPS_NARROW;
    const most = this.unfolded ? chips.length : few;
    if (chips.length > few + 1) chips.splice(most, Infinity, this._fold(chips.length - most));
    this.chips.replaceChildren(...chips);
    if (focused < 0) return;
    const buttons = this.chips.querySelectorAll("button");
    (buttons[Math.min(focused, buttons.length - 1)] || this.box).focus();
  }

  _chip(key, text, label, message) {
    const chip = element("li", "chip");
    const name = element("span", "chip-text", text);
    name.title = text;
    chip.append(key, name, iconButton("cross", label, () => {
      chip.classList.add("going");
      this._tell(message);
    }));
    return chip;
  }

  _fold(rest) {
    const item = element("li"), button = element("button", "fold", rest ? `and ${rest} more` : "fewer");
    button.type = "button";
    button.setAttribute("aria-expanded", String(!rest));
    button.onclick = () => {
      this.unfolded = !this.unfolded;
      this._drawChips();
      this.fit();
      placeLabels(this.map);
    };
    item.append(button);
    return item;
  }
}

/** What to write for a place: its ICAO code, or else the name, where that is no path. */
function shownName({ id, name, told, codes = [] }) {
  const icao = codes.find((code) => /^[A-Z]{4}$/.test(code));
  return icao || (told && !/[-/,‐‑‒–—−]/.test(name) ? name : id);
}

/** Lead the keyboard to the box first, and past the lines, to which the page's rows lead. */
function smoothTheKeys(map) {
  const container = map.getContainer(), { box } = map.atlas.search;
  container.prepend(container.querySelector(".leaflet-control-container"));
  map.on("layeradd", ({ layer }) => {
    if (layer instanceof L.Path) layer.getElement()?.setAttribute("tabindex", "-1");
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing) return;
    event.preventDefault();
    box.focus();
  });
}

/** Put the box above the map's other controls. */
function addSearch(map) {
  if (!INDEX) return;
  map.atlas.search = new Search(map);
  const control = L.control({ position: "topleft" });
  control.onAdd = () => map.atlas.search.node();
  control.addTo(map);
  const node = control.getContainer();
  node.parentNode.prepend(node);
  smoothTheKeys(map);
  map.on("click", () => map.atlas.found?.remove());
  map.on("resize", () => map.legend && map.atlas.search.fit());
  map.getContainer().addEventListener("toggle", () => map.legend && map.atlas.search.fit(), true);
}
