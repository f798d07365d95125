"""Fly the routes that the reader typed, beside the story's."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from geo.aircraft import Fleet
from geo.compare import Flight, fly_routes
from geo.errors import DataError, GeoError, PathError, PlaceError
from geo.model import Place, Route
from geo.pathspec import parse_paths
from geo.phrases import capital
from geo.render.scene import Asked
from geo.ringspec import RingSpec, is_ring, parse_ring, split_rings
from geo.schema import Story
from geo.suggestion import Suggestion
from geo.text import brief
from geo.typed import with_typed
from views.loaded import Atlas, load_types
from views.lookup import load_finder, load_gazetteer, load_names_beyond

_GUESSES = 3
# So many unclear points of a path are guessed at: each takes a while, and more can't be taken in.
_MOST_UNCLEAR = 5
_LABEL = re.compile(r'route (\d+) (".*?"): ')
# What a message says of a part of a path, and what it says as a sentence.
_NO_PLACE, _SINGLE = re.compile(r"(\A|: )no place"), re.compile(r"\ba single point; join.*")
# Decimals after a comma, which parts routes: before a hemisphere, or before another number.
_DECIMAL_COMMA = re.compile(
    r"(?<![\w.])[0-9]{1,3},[0-9]{1,20}(?:\s?°?\s?[NSEWСЮВЗ](?!\w)|(?:\s|,\s?)[-+]?[0-9])",
    re.IGNORECASE,
)
_COORDINATES = "Write coordinates with a decimal point, such as 51.5N 0.1W."
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
    """Look places up, and keep the first points that aren't clear, with what is said of them.

    Such a point is read as its nearest guess, so that more of a path are found at once. What comes
    after them and isn't known by an id, a code or a whole name is `left` for later.
    """

    atlas: Atlas
    unclear: dict[str, tuple[str, Sequence[Suggestion]]] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)

    def find(self, text: str) -> Place:
        """Look up a place as `Finder.find` does, or as `Finder.clear`. Raises PlaceError."""
        try:
            return load_gazetteer(self.atlas).find(text)
        except PlaceError as unknown:
            if len(self.unclear) == _MOST_UNCLEAR:
                self.left.add(text)
                # The path is refused, whatever stands there.
                return next(near[0].place for _, near in self.unclear.values())
            finder = load_names_beyond(self.atlas, unknown)
        if meant := finder.clear(text):
            return meant.place
        guesses = finder.guess(text, _GUESSES)
        try:
            return finder.find(text)
        except PlaceError as error:
            self.unclear[text] = str(error), guesses
            if not guesses:
                raise
        return guesses[0].place


def fly_typed(atlas: Atlas, fleet: Fleet, paths: Sequence[str]) -> Typed:
    """Fly what can be read of the typed paths; the last that can't be is told of."""
    found: list[Route] = []
    rings: list[RingSpec] = []
    read: list[str] = []
    refused = Asked()
    refusals: dict[str, str] = {}
    for path in paths:
        try:
            routes, ring = _read(path, Lookup(atlas), fleet)
        except _RefusedError as error:
            refused = error.asked
            refusals[path] = refused.refused.removesuffix(".")
            continue
        found += routes
        rings += ring
        read.append(path)
    asked = Asked(tuple(read), (), refused.refused, refused.refused_path, refused.guesses)
    if not found:
        return Typed(atlas.story, (), tuple(rings), asked, refusals)
    story = with_typed(atlas.story, found)
    flights = fly_routes(story.routes[-len(found) :], found, atlas.airspace)
    return Typed(story, flights, tuple(rings), asked, refusals)


class _RefusedError(Exception):
    """A path that isn't clear, with what the page says and offers."""

    def __init__(self, asked: Asked) -> None:
        super().__init__(asked.refused)
        self.asked = asked


def _read(path: str, lookup: Lookup, fleet: Fleet) -> tuple[tuple[Route, ...], list[RingSpec]]:
    """Read a path or a ring. Raises _RefusedError."""
    said = ""
    routes: tuple[Route, ...] = ()
    rings: list[RingSpec] = []
    try:
        if is_ring(path):
            rings = [_ring(path, lookup, fleet)]
        else:
            routes = parse_paths(path, lookup.find)
    except DataError as error:
        raise _RefusedError(Asked((), (), f"{error}.", path)) from error
    except GeoError as error:
        said = str(error)
    if not said and not lookup.unclear:
        return routes, rings
    if _DECIMAL_COMMA.search(path.rpartition("@")[2]):
        raise _RefusedError(Asked((), (), _COORDINATES, path))
    apart = split_rings(path, fleet) if is_ring(path) else ()
    told_apart = tuple((each, brief(each)) for each in apart)
    offers = told_apart if len(apart) > 1 else _offers(path, lookup)
    messages = [message for message, _ in lookup.unclear.values()] or [said]
    # The offers stand below as buttons.
    told = [each.partition("; did you mean")[0] if offers else each for each in messages]
    sentences = [_sentence(each, path) for each in told]
    if count := len(lookup.left):
        points = "1 more point is" if count == 1 else f"{count} more points are"
        sentences.append(f"{points} looked up once these are mended.")
    raise _RefusedError(Asked((), (), " ".join(sentences), path, offers))


def _ring(path: str, lookup: Lookup, fleet: Fleet) -> RingSpec:
    """Read a ring. Raises GeoError: DataError where it may be one of a type that can't be read."""
    try:
        return parse_ring(path, lookup.find, fleet)
    except PathError:
        if not fleet.types:
            load_types()
        raise


def _sentence(message: str, path: str) -> str:
    """Write what a reader of paths says as a sentence; of a single route no number is told."""
    label = _LABEL.match(message)
    if label:
        message = message[label.end() :]
        message = _SINGLE.sub(lambda _: _say_single(label[2][1:-1]), message)
        if not _is_whole(label[2], path):
            message = f"route {label[1]}, {label[2]}: {message}"
    message = _NO_PLACE.sub(r"\1there is no place", message, count=1)
    return capital(message) + ("" if message.endswith(("?", "!", ".")) else ".")


def _is_whole(label: str, path: str) -> bool:
    """Tell whether the route of a label is all that was typed."""
    return "," not in path or _without_gaps(path) == _without_gaps(label[1:-1])


def _without_gaps(text: str) -> str:
    return re.sub(r"[\s‐‑‒–—−-]", "", text)


def _say_single(point: str) -> str:
    """Say what a point by itself lacks."""
    if "/" in point or point.endswith("…"):
        return 'this is a single point: add where it goes by "-", such as OSLK-USCG'
    goal = "KJFK" if point.upper() == "EGLL" else "EGLL"
    return (
        f'this is a single point: add where it goes, such as "{point} - {goal}", '
        f'or type "500 mi@{point}" for a ring'
    )


def mended(path: str, wrong: str, right: str) -> str:
    """Put another point in the place of a wrong one, wherever that stands in a typed path."""
    words = r"\s+".join(re.escape(word) for word in wrong.split())
    # What was typed with another dash was looked up with a hyphen.
    words = words.replace(re.escape("-"), _PART)
    pattern = rf"(?<![^\s/,@‐‑‒–—−-]){words}(?=\s*(?:{_PART}|\Z))"
    return re.sub(pattern, lambda _: right, path)


def _offers(path: str, lookup: Lookup) -> tuple[tuple[str, str], ...]:
    """Offer the path with guesses for what is unclear, or with the marks that paths have.

    Where several points are unclear, the first offer has the nearest guess for each; the others
    differ from it in one point.
    """
    guesses = {text: guesses for text, (_, guesses) in lookup.unclear.items() if guesses}
    if not guesses:
        # Without the names nothing is offered; the map says below that these can't be read.
        with suppress(DataError):
            joined = load_finder(lookup.atlas).joined(path)
            return ((joined, brief(joined)),) if joined else ()
        return ()
    nearest = {text: near[0] for text, near in guesses.items()}
    picks = [nearest, *({**nearest, text: g} for text, near in guesses.items() for g in near[1:])]
    offers: dict[str, str] = {}
    for pick in picks:
        offer, label = path, " and ".join(f"{g.name} ({g.text})" for g in pick.values())
        for text in sorted(pick, key=len, reverse=True):
            offer = mended(offer, text, pick[text].text)
        offers.setdefault(offer, label)
    offers.pop(path, None)
    return tuple(offers.items())
