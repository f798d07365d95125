"""Fly the routes that the reader typed, beside the story's."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from geo.aircraft import Fleet
from geo.compare import Flight, fly_routes
from geo.errors import GeoError, PlaceError
from geo.model import Place, Route
from geo.pathspec import parse_paths
from geo.render.scene import Asked
from geo.ringspec import RingSpec, is_ring, parse_ring
from geo.schema import Story
from geo.suggestion import Suggestion
from geo.typed import with_typed
from views.loaded import Atlas, load_finder, load_gazetteer

_GUESSES = 3
# What may stand before and after a point: the signs that part points, among them every dash.
_PART = r"[-/,‐‑‒–—−]"


@dataclass(frozen=True, slots=True)
class Typed:
    """The story with the typed routes in it, their flights and rings.

    `refusals` say, by path, why one can't be read; `asked` tells of the last, with guesses.
    """

    story: Story
    flights: tuple[Flight, ...]
    rings: tuple[RingSpec, ...]
    asked: Asked
    refusals: Mapping[str, str]


@dataclass(slots=True)
class Lookup:
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


def fly_typed(atlas: Atlas, fleet: Fleet, paths: Sequence[str]) -> Typed:
    """Fly what can be read of the typed paths; the last that can't be is told of."""
    found: list[Route] = []
    rings: list[RingSpec] = []
    read: list[str] = []
    refused = Asked()
    refusals: dict[str, str] = {}
    for path in paths:
        lookup = Lookup(atlas)
        try:
            if is_ring(path):
                rings.append(parse_ring(path, lookup.find, fleet))
            else:
                found += parse_paths(path, lookup.find)
            read.append(path)
        except GeoError as error:
            offers = _offers(path, lookup)
            # The offers stand below as buttons.
            said = str(error).partition("; did you mean")[0] if offers else str(error)
            refused = Asked((), (), said, path, offers)
            refusals[path] = said
    asked = Asked(tuple(read), (), refused.refused, refused.refused_path, refused.guesses)
    if not found:
        return Typed(atlas.story, (), tuple(rings), asked, refusals)
    story = with_typed(atlas.story, found)
    flights = fly_routes(story.routes[-len(found) :], found, atlas.airspace)
    return Typed(story, flights, tuple(rings), asked, refusals)


def mended(path: str, wrong: str, right: str) -> str:
    """Put another point in the place of a wrong one, wherever that stands in a typed path."""
    words = r"\s+".join(re.escape(word) for word in wrong.split())
    # What was typed with another dash was looked up with a hyphen.
    words = words.replace(re.escape("-"), _PART)
    pattern = rf"(?<![^\s/,‐‑‒–—−-]){words}(?=\s*(?:{_PART}|\Z))"
    return re.sub(pattern, lambda _: right, path)


def _offers(path: str, lookup: Lookup) -> tuple[tuple[str, str], ...]:
    """Offer the path with each of the guesses in it."""
    offers = {
        mended(path, lookup.wrong, guess.text): f"{guess.name} ({guess.text})"
        for guess in lookup.guesses
    }
    offers.pop(path, None)
    return tuple(offers.items())
