// Completes what is typed, as geo/finder.py does: the same words, the same grades, the same order.

const EXACT = 0, PREFIX = 1, INFIX = 2, ONE_ERROR = 3, NOT_FOUND = 5;
const MOST_LETTERS = 100, MOST_WORDS = 6, MOST_HYPHENS = 3, MOST_MARKS = 3, MOST_FOUND = 50;
const MARKS = /[-/,‐‑‒–—−]/g;
const COORDINATE = new RegExp("^(?:geo: ?|\\( ?)?[-+nsewсювз]? ?[0-9]+(?:[.°º˚'′’´\"″” ]|,[0-9])"
  + "[-+0-9,()nsewсювзшд.°º˚'′’´\"″” ]*$", "i");
const JOINT = /\s*(?:[-=]>|[→➔➝⇒⟶>;,]|\bto\b)\s*/i, NO_JOINT = /[-/@‐‑‒–—−]/;
const LEAST_LETTERS = 4, LEAST_CODE = 3, LEAST_STATE = 3;
const FOREIGN = /[^\0-\x7f]/;

const squeezed = (text) => text.trim().replace(/\s+/g, " ");
const looksLikeCoordinate = (text) => COORDINATE.test(squeezed(text));

/** Tell a small letter or a digit by its code. */
function inWord(code) {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57);
}

function inRawWord(code) {
  return code > 32;
}

/** Write each line in one, without the word that most names end in. */
function writtenInOne(text) {
  const from = text.replace(/\bairport\b/g, ""), bytes = new Uint8Array(from.length);
  let length = 0;
  for (let i = 0; i < from.length; i++) {
    const code = from.charCodeAt(i);
    if (code === 10 || inWord(code)) bytes[length++] = code;
  }
  return new TextDecoder().decode(bytes.subarray(0, length));
}

/** Where each line of a text begins. */
function lineStarts(text, count) {
  const starts = new Int32Array(count);
  for (let line = 1; line < count; line++) starts[line] = text.indexOf("\n", starts[line - 1]) + 1;
  return starts;
}

/** The line that a place in a text is in; it isn't before `low`. */
function lineAt(starts, at, low) {
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= at) low = middle;
    else high = middle;
  }
  return low;
}

/** A bit for each letter of a text, from one place to another; a few share one. */
function lettersIn(text, start, end) {
  let bits = 0;
  for (let i = start; i < end; i++) bits |= 1 << (text.charCodeAt(i) & 31);
  return bits;
}

function bitCount(bits) {
  let count = 0;
  for (; bits; bits &= bits - 1) count++;
  return count;
}

/** Count the letters wrong, missing, too many or swapped with the next, up to a limit. */
function typingErrors(a, b, most) {
  let before = [], row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      let cost = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, before[j - 2] + 1);
      }
      next.push(cost);
      least = Math.min(least, cost);
    }
    if (least > most) return least;
    [before, row] = [row, next];
  }
  return row[b.length];
}

export class Completion {
  /**
   * Take the index that geo/render/completion.py writes. Places are numbered: the story's, then the
   * airports. `text` has a line for each: of all their names, of all their cities, of what else they
   * are known by, the first two again written in one, and their codes; `raw` has one for each of
   * what is no plain word.
   */
  constructor({ story, airports, ranks, also, states, letters }) {
    Object.assign(this, { story, letters, ranks, at: airports.at, tokens: null });
    this.states = states.map(([code, name, others]) =>
      ({ code, name, spelled: this._words(name).join(" "), others: others.split("|").filter(Boolean) }));
    const { icao, iata } = airports, name = this._spelled(airports.name);
    const city = this._spelled(airports.city), none = "\n".repeat(story.length);
    const told = (write) => story.map((place) => write(place) + "\n").join("");
    const inOne = (each) => writtenInOne(this._spelled(each));
    const others = new Array(airports.at.length / 2).fill("");
    for (const [names, ...numbers] of also) {
      for (const number of numbers) others[number] += " " + names;
    }
    this.text = [
      told(({ names }) => this._spelled(names.join(" "))) + name.replaceAll("~", " airport"),
      none + city, none + others.join("\n"),
      told(({ names }) => names.map(inOne).join(" ")) + writtenInOne(name),
      none + writtenInOne(city), none + icao.toLowerCase(), none + iata.toLowerCase(),
    ].join("\n");
    this.airports = Object.fromEntries(["icao", "iata", "name", "city", "country"].map((key) =>
      [key, airports[key].replaceAll("~", " Airport").split("\n")]));
    this.count = story.length + this.airports.icao.length;
    this.lines = lineStarts(this.text, 7 * this.count);
    const foreign = (text) => FOREIGN.test(text) ? text : "";
    const cities = this.airports.city.map(foreign);
    this.raw = (told(({ id, codes, names }) => [id, ...codes, ...names.map(foreign)].join(" "))
      + this.airports.name.map((each, i) => foreign(each) + " " + cities[i]).join("\n")).toLowerCase();
    this.rawLines = lineStarts(this.raw, this.count);
  }

  _spelled(text) {
    return text.toLowerCase().replace(/[^\0-\x7f]/g, (letter) => this.letters[letter] ?? " ")
      .replaceAll("'", "");
  }

  _words(text) {
    return this._spelled(text).match(/[a-z0-9]+/g) || [];
  }

  /** Grade all places by whether a word of theirs is this one, begins with it or holds it. */
  _literal(word, raw) {
    const grades = new Uint8Array(this.count).fill(NOT_FOUND);
    this._mark(grades, word, this.text, this.lines, inWord);
    this._mark(grades, word, this.raw, this.rawLines, inRawWord);
    if (raw !== word) this._mark(grades, raw, this.raw, this.rawLines, inRawWord);
    return grades;
  }

  _mark(grades, word, text, lines, inside) {
    let line = 0;
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
      const begins = !inside(text.charCodeAt(at - 1));
      if (!begins && word.length < 3) continue; // of so few letters, only beginnings
      const grade = !begins ? INFIX : inside(text.charCodeAt(at + word.length)) ? PREFIX : EXACT;
      line = lineAt(lines, at, line);
      const place = line % this.count;
      if (grade < grades[place]) grades[place] = grade;
    }
  }

  /** Grade all places by the typing errors in a word of their names, or in what of it is typed yet. */
  _mistyped(word) {
    const grades = new Uint8Array(this.count).fill(NOT_FOUND);
    const errors = word.length >= 8 ? 2 : word.length >= 4 ? 1 : 0;
    if (!errors || word.length > 24) return grades;
    const { starts, lengths, letters, places } = this.learnWords();
    const bits = lettersIn(word, 0, word.length), known = new Map();
    for (let i = 0; i < starts.length; i++) {
      if (lengths[i] < word.length - errors || bitCount(bits & ~letters[i]) > errors) continue;
      const length = lengths[i] > word.length + errors ? word.length : lengths[i];
      const begun = this.text.slice(starts[i], starts[i] + length);
      let found = known.get(begun);
      if (found === undefined) known.set(begun, found = typingErrors(word, begun, errors));
      if (found > errors) continue;
      const grade = INFIX + Math.max(found, 1);
      if (grade < grades[places[i]]) grades[places[i]] = grade;
    }
    return grades;
  }

  /** Learn all words of names: where they are in the text, their letters and places. */
  learnWords() {
    return this.tokens ??= this._tokens();
  }

  _tokens() {
    const { text } = this, end = this.lines[3 * this.count], starts = [], lengths = [], places = [];
    for (let i = 0, line = 0; i < end; i++) {
      const code = text.charCodeAt(i);
      if (code === 10) line += 1;
      if (!inWord(code)) continue;
      const start = i;
      while (inWord(text.charCodeAt(i + 1))) i += 1;
      starts.push(start);
      lengths.push(i + 1 - start);
      places.push(line % this.count);
    }
    const letters = Int32Array.from(starts, (at, i) => lettersIn(text, at, at + lengths[i]));
    return { starts: Int32Array.from(starts), lengths: Uint8Array.from(lengths),
      places: Uint16Array.from(places), letters };
  }

  /** List the places of which every typed word is found, best first. */
  _found(gradesOfWords) {
    return this._graded(gradesOfWords, MOST_FOUND).map(({ number }) => number);
  }

  /** List the places of which every typed word is found, best first, with their worst words. */
  _graded(gradesOfWords, most) {
    const keys = [];
    for (let i = 0; i < this.count; i++) {
      let worst = 0, total = 0;
      for (const grades of gradesOfWords) {
        if (grades[i] > worst) worst = grades[i];
        total += grades[i];
      }
      if (worst === NOT_FOUND) continue;
      const tier = worst >= ONE_ERROR ? 2 : worst >= INFIX ? 1 : 0;
      const other = i < this.story.length ? 0 : 1;
      keys.push((((tier * 2 + other) * 8 + worst) * 64 + total) * 65536 + i);
    }
    return Array.from(Float64Array.from(keys).sort().subarray(0, most), (key) =>
      ({ number: key % 65536, worst: Math.floor(key / (65536 * 64)) % 8 }));
  }

  /** The numbers of the places with this very id or code. */
  _coded(text) {
    const code = text.trim().toLowerCase();
    if (!code || /\s/.test(code)) return [];
    const found = new Set();
    this.story.forEach(({ id, codes }, i) => {
      if ([id, ...codes].some((each) => each.toLowerCase() === code)) found.add(i);
    });
    const line = `\n${code}\n`, from = this.lines[5 * this.count] - 1;
    for (let at = this.text.indexOf(line, from); at >= 0; at = this.text.indexOf(line, at + 1)) {
      found.add(lineAt(this.lines, at + 1, 0) % this.count);
    }
    return [...found];
  }

  /** The place that has this id or code, as the server has it: the story's before the airports. */
  coded(text) {
    const [number] = this._coded(text);
    return number === undefined ? null : this._place(number);
  }

  /** The words of a typed text; one that is too long has none. */
  _typedWords(text) {
    const words = this._words(text.slice(0, MOST_LETTERS + 1));
    return text.length > MOST_LETTERS || words.length > MOST_WORDS ? [] : words;
  }

  _literally(text, words) {
    const raw = squeezed(text.toLowerCase()).split(" ");
    return words.map((word, i) => this._literal(word, raw.length === words.length ? raw[i] : word));
  }

  /** The one place that a text means without a doubt, as `Finder.clear` has it, or null. */
  clear(text) {
    const coded = this.coded(text), words = this._typedWords(text), told = this.story.length;
    if (coded) return coded;
    if (words.join("").length < LEAST_LETTERS || looksLikeCoordinate(text)) return null;
    let found = this._graded(this._literally(text, words), Infinity);
    if (!found.length) {
      found = this._graded(words.map((word) => this._mistyped(word)), Infinity);
      for (const each of found) each.worst = PREFIX;
    }
    const [great, scheduled] = this.ranks, known = told + scheduled;
    const exact = found.filter(({ worst }) => worst === EXACT);
    const sorts = [found.filter(({ worst }) => worst <= PREFIX),
      exact.filter(({ number }) => number < told),
      exact.filter(({ number }) => number < told + great),
      exact.filter(({ number }) => number < known)];
    const [single] = sorts.find((some) => some.length === 1) || [];
    return single && single.number < known ? this._place(single.number) : null;
  }

  /** The points of what has other marks between them, such as "LHR to JFK", if all are clear. */
  joined(text) {
    let parts = text.trim().split(JOINT);
    if (parts.length === 1) {
      parts = squeezed(text).split(" ");
      if (parts.length > MOST_WORDS || this.suggest(text, 1, false).length) return null;
    }
    if (parts.length < 2 || text.length > MOST_LETTERS || parts.some((part) => NO_JOINT.test(part)
      || part.length < LEAST_CODE)) return null;
    const points = parts.map((part) => this.clear(part));
    return points.every(Boolean) ? points : null;
  }

  /** Put codes for the names in a path that the server doesn't know, where they are clear. */
  meant(path) {
    const taken = [];
    const meant = path.includes("@") ? path : path.replace(/[^-/,‐‑‒–—−]+/g, (part) => {
      const text = squeezed(part), place = this.coded(text) ? null : this.clear(text);
      if (!place || (place.told && this._isNamed(place, text))) return part;
      taken.push([text, place]);
      return part.replace(part.trim(), () => place.id);
    });
    return { path: meant, taken };
  }

  /** Tell a name that the server knows a story's place by. */
  _isNamed(place, text) {
    const inOne = (name) => this._words(name).join("");
    return place.names.some((name) => inOne(name) === inOne(text));
  }

  /** Complete a place that may be unfinished, likeliest first. */
  suggest(text, count, forgiving = true) {
    const words = this._typedWords(text);
    if (!words.length) return [];
    const found = new Set(this._coded(text));
    for (const number of this._found(this._literally(text, words))) found.add(number);
    if (forgiving && found.size < count) {
      for (const number of this._found(words.map((word) => this._mistyped(word)))) found.add(number);
    }
    return [...found].slice(0, count).map((number) => this._place(number));
  }

  /** Complete the last point of a path; it may be the end of a name with a hyphen in it. */
  suggestPath(text, count, forgiving = true) {
    const cuts = [0, ...[...text.matchAll(MARKS)].map((match) => match.index + 1)];
    const last = cuts.at(-1);
    if (!text.slice(last).trim() || cuts.slice(-1 - MOST_MARKS).some((cut) => looksLikeCoordinate(text.slice(cut)))) {
      return [];
    }
    const answers = new Map();
    for (const cut of cuts.slice(-1 - MOST_HYPHENS)) {
      const tail = text.slice(cut), head = text.slice(0, cut) + tail.match(/^\s*/)[0];
      const places = cut === last ? this.suggest(tail, count, forgiving) : this._hyphened(tail);
      for (const place of places.slice(0, count)) {
        if (!answers.has(place.id)) answers.set(place.id, { ...place, path: head + place.id });
      }
    }
    return [...answers.values()].slice(0, count);
  }

  /** List the places with a name that, written in one, begins as this with hyphens does. */
  _hyphened(tail) {
    const words = this._words(tail.slice(0, MOST_LETTERS + 1));
    if (words.length < 2 || tail.length > MOST_LETTERS || /[/,]/.test(tail)) return [];
    const word = words.join("");
    const grades = this._literal(word, word).map((grade) => grade > PREFIX ? NOT_FOUND : grade);
    return this._found([grades]).map((number) => this._place(number));
  }

  _place(number) {
    const place = this.story[number];
    if (place) {
      return { id: place.id, name: place.names[0], names: place.names, codes: place.codes, detail: place.detail,
        city: "", latlon: place.at, told: true };
    }
    const i = number - this.story.length, { icao, iata, name, city, country } = this.airports;
    const where = [city[i], country[i]].filter(Boolean).join(", ");
    return { id: icao[i], name: name[i], city: city[i], detail: [where, icao[i], iata[i]].filter(Boolean).join(" · "),
      latlon: [this.at[2 * i] / 100, this.at[2 * i + 1] / 100], told: false };
  }

  /**
   * The states with this code, or with a name or a word in it that begins so; the exact one first.
   * `own` tells one found by its own name or code from one by another name.
   */
  statesOf(text) {
    const typed = this._words(text).join(" "), short = typed.length < LEAST_STATE;
    if (!typed) return [];
    const grade = (names) => {
      if (names.includes(typed)) return EXACT;
      if (short) return NOT_FOUND;
      if (names.some((name) => name.startsWith(typed))) return PREFIX;
      return names.some((name) => name.includes(" " + typed)) ? INFIX : NOT_FOUND;
    };
    return this.states.map(({ code, name, spelled, others }) => {
      const first = code.toLowerCase() === typed ? EXACT : grade([spelled]);
      const other = first === EXACT ? NOT_FOUND : grade(others);
      return { code, name, grade: Math.min(first, other), own: first <= other };
    }).filter((state) => state.grade < NOT_FOUND).sort((a, b) => a.grade - b.grade || b.own - a.own);
  }
}
