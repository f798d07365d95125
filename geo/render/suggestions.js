// Lists what a typed text may mean. Loaded with the index, when the box is first used.

const MOST_PLACES = 7, MOST_STATES = 3;
const JOINED = /[-/,‐‑‒–—−]/;
const AXIS = { ns: /[0-9][^a-zа-я]*[nsсю]|[nsсю] ?[0-9]/i,
  ew: /[0-9][^a-zа-я]*[ewвз]|[ewвз] ?[0-9]/i };

const isPair = (text) => looksLikeCoordinate(text) && AXIS.ns.test(text) && AXIS.ew.test(text);

/** Tell a path whose last point is a coordinate, which may have commas in it. */
function endsInPair(text) {
  return [...text.matchAll(/[-/‐‑‒–—−]/g)].slice(-2).some(({ index }) => isPair(text.slice(index + 1)));
}

/** The list below the search box; `kit` are the atlas's own functions that it draws with. */
export class Suggestions {
  constructor(search, index, kit) {
    Object.assign(this, { search, kit, completion: new Completion(index), options: [], active: -1 });
    const { box, list } = search;
    // The box keeps the focus while an option is pointed at.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const node = event.target.closest("[role=option]");
      if (node) this.choose(this.options[Number(node.dataset.number)]);
    });
    box.addEventListener("click", () => this.options.length || this.refresh());
    setTimeout(() => this.completion.learnWords()); // not while the first letters are typed
  }

  /** List what the text may mean. */
  refresh() {
    const text = this.search.box.value;
    const typing = document.activeElement === this.search.box && text.trim();
    this._show(typing ? this._optionsFor(text) : []);
  }

  close() {
    this._show([]);
  }

  _optionsFor(text) {
    const single = !JOINED.test(text), last = text.slice(text.search(/[^-/,‐‑‒–—−]*$/)).trim();
    const place = last && this.completion.coded(last), complete = place || isPair(last) || endsInPair(text);
    const options = [];
    const joined = this.completion.joined(text);
    if (complete && !single && !joined) options.push({ group: "Route", act: "send", path: squeezed(text) });
    if (single && place && place.id.toLowerCase() === last.toLowerCase()) {
      options.push({ group: "Map", act: "show", place });
    }
    if (joined) {
      const path = joined.map(({ id }) => id).join("-");
      options.push({ group: "Route", act: "send", path, joined });
    }
    const places = this.completion.suggestPath(text, MOST_PLACES, !complete && !joined)
      .filter((each) => squeezed(each.path) !== squeezed(text))
      .map((each) => ({ group: "Places and airports", act: "put", place: each, path: each.path }));
    const states = (single ? this.completion.statesOf(text) : []).slice(0, MOST_STATES)
      .map((state) => ({ group: "Airspace", act: this._isClosed(state) ? "open" : "close", state }));
    const named = states.length && states[0].state.grade === EXACT
      && (states[0].state.own || !places.length || !this._isCalled(places[0].place, text));
    return [...options, ...(named ? [...states, ...places] : [...places, ...states])];
  }

  /** Tell whether a text is the very name of a place or of its city, as Tunis is in Tunisia. */
  _isCalled({ id, name, city }, text) {
    const inOne = (each) => this.completion._words(each).join("");
    return this.completion.coded(text)?.id === id
      || [name, city].some((each) => inOne(each) === inOne(text));
  }

  _isClosed({ code }) {
    return this.search.asked.closed.some(([each]) => each === code);
  }

  _show(options) {
    const { element } = this.kit, { box, list, said } = this.search;
    Object.assign(this, { options, active: -1 });
    let group = null;
    list.replaceChildren();
    options.forEach((option, number) => {
      if (!group || group.dataset.name !== option.group) {
        group = element("div", "search-group");
        group.dataset.name = option.group;
        group.setAttribute("role", "group");
        group.setAttribute("aria-label", option.group);
        const heading = element("div", "search-heading", option.group);
        heading.setAttribute("role", "presentation");
        group.append(heading);
        list.append(group);
      }
      group.append(this._optionNode(option, number));
    });
    const open = options.length > 0;
    list.hidden = !open;
    box.setAttribute("aria-expanded", open);
    box.removeAttribute("aria-activedescendant");
    said.textContent = !open ? "" : options.length === 1 ? "1 suggestion" : `${options.length} suggestions`;
  }

  _optionNode(option, number) {
    const { element, icon, swatch } = this.kit;
    const node = element("div", "search-option");
    node.setAttribute("role", "option");
    node.setAttribute("aria-selected", "false");
    node.id = `search-option-${number}`;
    node.dataset.number = number;
    const { act, place, state, path } = option, words = element("span", "search-words");
    const title = element("span", "search-name"), key = element("span", "search-key");
    if (act === "send") {
      key.append(icon("route"));
      title.textContent = "Show the route " + path;
    } else if (act === "show") {
      key.append(icon("target"));
      title.textContent = `Show ${place.name} on the map`;
    } else if (act === "put") {
      key.append(this._symbol(place));
      title.textContent = place.name;
    } else {
      key.append(swatch({ hatched: act === "close" }));
      title.textContent = act === "close" ? `Close the airspace of ${state.name}`
        : `Open the airspace of ${state.name}`;
    }
    words.append(title);
    if (act === "put" && place.detail) words.append(element("span", "search-detail", place.detail));
    if (option.joined) {
      words.append(element("span", "search-detail", option.joined.map(({ name }) => name).join(" – ")));
    }
    if (act === "show") words.append(element("span", "search-detail", "or type - and the next place"));
    node.append(key, words);
    return node;
  }

  /** A place of the story has its symbol of the map. */
  _symbol(place) {
    const mark = this.search.markOf(place);
    return this.kit.symbol(mark ? mark.symbol : "unnamed", mark ? 13 : 7);
  }

  /** Take a key, and tell whether it meant anything here. */
  key(event) {
    const { key } = event, count = this.options.length;
    if (key === "ArrowDown" || key === "ArrowUp") {
      if (!count) this.refresh();
      else if (!event.altKey) this._point(this.active + (key === "ArrowDown" ? 1 : -1));
      else if (key === "ArrowUp") this.close();
      return true;
    }
    if (key === "Enter") return this._enter();
    if (key === "Escape" && count) {
      this.close();
      return true;
    }
    // The caret moves, and the focus.
    if (key === "Home" || key === "End") this._point(-1);
    const option = this.options[this.active];
    if (key === "Tab" && option && option.act === "put") this.search.put(option.path);
    return false;
  }

  /** Choose the option pointed at, or the first where the text is no path. */
  _enter() {
    const text = this.search.box.value;
    let option = this.options[this.active];
    const [first] = this.options, single = !JOINED.test(text) && !isPair(text);
    if (!option && first && (single || first.joined)) option = first;
    if (!option) return false;
    const pointed = this.active >= 0;
    if (!pointed && option.act === "open") {
      // The same name closed it: that it opens now is to be seen and heard first.
      this._point(0);
      this.search.tell(`${option.state.name} is closed. Press Enter again to open its airspace.`);
      return true;
    }
    this.choose(pointed || option.act !== "put" ? option : { act: "show", place: option.place });
    return true;
  }

  /** Point at an option; one beyond the last or before the first is none. */
  _point(number) {
    const { box, list } = this.search;
    const nodes = list.querySelectorAll("[role=option]");
    const count = nodes.length;
    if (this.active >= 0) nodes[this.active].setAttribute("aria-selected", "false");
    this.active = number < -1 ? count - 1 : number >= count ? -1 : number;
    if (this.active < 0) {
      box.removeAttribute("aria-activedescendant");
      return;
    }
    const node = nodes[this.active];
    node.setAttribute("aria-selected", "true");
    node.scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", node.id);
  }

  choose({ act, path, place, state }) {
    if (act === "send") this.search.send(path);
    else if (act === "show") this.search.show(place);
    else if (act === "put") {
      this.search.put(path);
      this.refresh();
    } else this.search.ask({ action: act, code: state.code }, state.name);
  }
}
