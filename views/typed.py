"""Let the reader type routes of any kind, to stand beside the story's."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st

from geo.compare import Flight, fly_routes
from geo.errors import GeoError, PlaceError
from geo.model import Place, Route
from geo.pathspec import parse_paths
from geo.schema import Story
from geo.suggestion import Suggestion
from geo.typed import with_typed
from views.loaded import Atlas, load_finder, load_gazetteer
from views.markup import as_label, show_text

KEY = "route"
_GUESS = "route_guess"
_GUESSES = 3
# What may stand before and after a point: the signs that part points, among them every dash.
_PART = r"[-/,‐‑‒–—−]"


@dataclass(frozen=True, slots=True)
class Typed:
    """The story with the typed routes in it, and their flights."""

    story: Story
    flights: tuple[Flight, ...]


@dataclass(slots=True)
class _Lookup:
    """Look places up, and keep the point that isn't found, with the nearest guesses."""

    atlas: Atlas
    wrong: str = ""
    guesses: Sequence[Suggestion] = field(default=())

    def find(self, text: str) -> Place:
        """Look up a place as `Finder.find` does; most are known without it. Raises PlaceError."""
        try:
            return load_gazetteer(self.atlas).find(text)
        except PlaceError:
            finder = load_finder(self.atlas)
            self.wrong, self.guesses = text, finder.suggest(text, _GUESSES)
            return finder.find(text)


def choose_routes(atlas: Atlas) -> Typed:
    """Show the box, and say what in it can't be read."""
    text = st.text_input(
        "Other routes", key=KEY, bind="query-params", placeholder="EFHK-RJAA, hmeymim-OSDI",
        help="Points joined by -, routes by a comma: places of the story, ICAO or IATA codes, "
        "coordinates such as 35.4N 35.9E. Names and cities are guessed at.",
    )  # fmt: skip
    if not text.strip():
        return Typed(atlas.story, ())
    lookup = _Lookup(atlas)
    try:
        return _fly(text, atlas, lookup)
    except GeoError as error:
        show_text("p", str(error), "corridor-refused")
        _offer(text, lookup)
    return Typed(atlas.story, ())


def mended(path: str, wrong: str, right: str) -> str:
    """Put another point in the place of a wrong one, wherever that stands in a typed path."""
    words = r"\s+".join(re.escape(word) for word in wrong.split())
    # What was typed with another dash was looked up with a hyphen.
    words = words.replace(re.escape("-"), _PART)
    pattern = rf"(?<![^\s/,‐‑‒–—−-]){words}(?=\s*(?:{_PART}|\Z))"
    return re.sub(pattern, lambda _: right, path)


def _offer(path: str, lookup: _Lookup) -> None:
    """Offer the path with each of the guesses in it."""
    names = {
        mended(path, lookup.wrong, guess.text): f"{guess.name} ({guess.text})"
        for guess in lookup.guesses
    }
    names.pop(path, None)
    if names:
        st.pills(
            "Did you mean", list(names), key=_GUESS, on_change=_take_guess,
            format_func=lambda path: as_label(names[path]),
        )  # fmt: skip


def _take_guess() -> None:
    """Put the path of the chosen guess into the box."""
    path = st.session_state[_GUESS]
    if path:
        st.session_state.update({KEY: path, _GUESS: None})


def _fly(text: str, atlas: Atlas, lookup: _Lookup) -> Typed:
    routes: Sequence[Route] = parse_paths(text, lookup.find)
    story = with_typed(atlas.story, routes)
    return Typed(story, fly_routes(story.routes[-len(routes) :], routes, atlas.airspace))
