"""Complete what a reader types to places of the story and to the world's airports."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import airportsdata
import numpy as np

from geo.coordinate import looks_like_coordinate
from geo.errors import PlaceError
from geo.model import IntArray, Place
from geo.names import load_names
from geo.places import Gazetteer, Known, folded, make_gazetteer
from geo.suggestion import (
    Suggestion,
    airport_place,
    airport_rank,
    airport_suggestion,
    story_suggestion,
)
from geo.text import quoted
from geo.vocabulary import (
    EXACT,
    INFIX,
    NOT_FOUND,
    ONE_ERROR,
    PREFIX,
    Grades,
    Vocabulary,
    spelled_words,
)

MAX_LENGTH = 100
_MOST_WORDS = 6
_GUESSES = 3
# So many hyphens may stand in a name, and so many marks in a coordinate.
_MOST_HYPHENS = _MOST_MARKS = 3
_GENERIC = "airport"
_MARK = re.compile("[-/,‐‑‒–—−]")
_OTHER_MARK = re.compile("[/,]")
# What readers of other habits write between two points.
_JOINT = re.compile(r"\s*(?:[-=]>|[→➔➝⇒⟶>;,]|\bto\b)\s*", re.IGNORECASE)
_NO_JOINT = re.compile("[-/@‐‑‒–—−]")
_LEAST_LETTERS, _LEAST_CODE = 4, 3
# So many places are called by the same name before that is what's said of it.
_SEVERAL = 2


@dataclass(frozen=True, slots=True, eq=False)
class Finder:
    """Places and the words that name them: the story's first, then the airports by their rank.

    Place `i` has the words of the vocabulary numbered `word[first[i]:first[i + 1]]`. Of the
    airports the first `great` are the great ones, and the first `scheduled` have such flights.
    """

    gazetteer: Gazetteer
    airfields: Sequence[Known]
    airports: Sequence[airportsdata.Airport]
    great: int
    scheduled: int
    by_code: Mapping[str, Sequence[int]]
    vocabulary: Vocabulary
    word: IntArray
    first: IntArray

    def suggest(self, text: str, count: int = 8) -> tuple[Suggestion, ...]:
        """List the places that a text may mean, likeliest first; it may be unfinished.

        First those with this very id or code; then those with words that begin as the typed ones
        do, the story's before the airports; then words that hold them; at last, and only where too
        few were found, typing errors are forgiven. Each typed word must be found.
        """
        words = _typed_words(text)
        if not words:
            return ()
        found = [*self.by_code.get(text.strip().casefold(), ()), *self._found(self._literal(text))]
        if len(found) < count:
            found += self._found(map(self.vocabulary.mistyped, sorted(words, key=len)[::-1]))
        numbers = list(dict.fromkeys(found))[: max(count, 0)]
        return tuple(map(self._suggestion, numbers))

    def suggest_path(self, text: str, count: int = 8) -> tuple[Suggestion, ...]:
        """Complete the last point of a typed path; `text` of each answer is the path with it.

        Where it could be the end of a name with a hyphen in it, those names come first.
        """
        cuts = [0, *(match.end() for match in _MARK.finditer(text))]
        if not text[cuts[-1] :].strip() or any(
            looks_like_coordinate(text[cut:]) for cut in cuts[-1 - _MOST_MARKS :]
        ):
            return ()
        answers: dict[str, Suggestion] = {}
        for cut in cuts[-1 - _MOST_HYPHENS :]:
            tail = text[cut:]
            head = text[:cut] + tail[: len(tail) - len(tail.lstrip())]
            whole = cut == cuts[-1]
            for found in self.suggest(tail, count) if whole else self._hyphened(tail, count):
                answers.setdefault(found.text, replace(found, text=head + found.text))
        return tuple(answers.values())[: max(count, 0)]

    def clear(self, text: str) -> Suggestion | None:
        """Give the one place that a text means without a doubt, or None.

        That is the one with this id or code; else one of the story, or an airport with scheduled
        flights. It is the only place with words that begin so; or, of those with these very words,
        the only one of the story, else the only great airport, else the only one with such flights;
        or, where none has such words, the only one with words that are nearly these.
        """
        coded = self.by_code.get(text.strip().casefold(), ())
        if coded:
            return self._suggestion(coded[0])
        words = _typed_words(text)
        if sum(map(len, words)) < _LEAST_LETTERS or looks_like_coordinate(text):
            return None
        numbers, worst = self._graded(self._literal(text))
        if not len(numbers):
            numbers, worst = self._graded(map(self.vocabulary.mistyped, words))
            worst = np.minimum(worst, PREFIX)
        exact, told = numbers[worst == EXACT], len(self.airfields)
        known = told + self.scheduled
        sorts = (
            numbers[worst <= PREFIX],
            exact[exact < told],
            exact[exact < told + self.great],
            exact[exact < known],
        )
        single = next((int(some[0]) for some in sorts if len(some) == 1), known)
        return self._suggestion(single) if single < known else None

    def joined(self, text: str) -> str | None:
        """Write as a path what has other marks between its points, such as "LHR to JFK", or None.

        Each point must be clear; where only spaces part them, the whole may be no place's name.
        """
        parts = _JOINT.split(text.strip())
        if len(parts) == 1:
            parts = text.split()
            if len(parts) > _MOST_WORDS or self._literally(text):
                return None
        if len(parts) < 2 or len(text) > MAX_LENGTH or any(map(_NO_JOINT.search, parts)):
            return None
        points = [self.clear(part) for part in parts if len(part) >= _LEAST_CODE]
        known = [point.text for point in points if point]
        return "-".join(known) if len(known) == len(parts) else None

    def resolve(self, text: str) -> Place:
        """Give the one place that a text means without a doubt. Raises PlaceError with guesses."""
        meant = self.clear(text)
        return meant.place if meant else self.find(text)

    def find(self, text: str) -> Place:
        """Look up a place as `Gazetteer.find` does, but guess among all names and airports.

        Raises PlaceError.
        """
        try:
            return self.gazetteer.find(text)
        except PlaceError:
            near = self.suggest(text, _GUESSES)
            if not near or len(self.gazetteer.by_name.get(folded(text), ())) > 1:
                raise
            guesses = " or ".join(f"{guess.text} ({guess.name})" for guess in near)
            said = f"{quoted(text)} may be several places"
            said = said if self._is_shared(text) else f"no place {quoted(text)}"
            raise PlaceError(f"{said}; did you mean {guesses}?") from None

    def guess(self, text: str, count: int = _GUESSES) -> tuple[Suggestion, ...]:
        """List the places that a text may mean; where none has its words, those with like codes."""
        if near := self.suggest(text, count):
            return near
        codes = (self.by_code.get(code.casefold(), ()) for code in self.gazetteer.guesses(text))
        return tuple(self._suggestion(numbers[0]) for numbers in codes if numbers)[:count]

    def airport_places(self) -> tuple[Place, ...]:
        """List all airports, but for those that the story has by their code."""
        return tuple(map(airport_place, self.airports))

    def _literal(self, text: str) -> Iterator[Grades]:
        """Grade each word as it stands, and as transliterated."""
        words, raw = spelled_words(text), text.casefold().split()
        for number, word in enumerate(words):
            grades = self.vocabulary.literal(word)
            if len(raw) == len(words) and raw[number] != word:
                grades = np.minimum(grades, self.vocabulary.literal(raw[number]))
            yield grades

    def _hyphened(self, tail: str, count: int) -> list[Suggestion]:
        """List the places with a name that, written in one, begins as this with hyphens does."""
        words = spelled_words(tail[: MAX_LENGTH + 1])
        if len(words) < 2 or len(tail) > MAX_LENGTH or _OTHER_MARK.search(tail):
            return []
        grades = self.vocabulary.literal("".join(words))
        grades[grades > PREFIX] = NOT_FOUND
        return [self._suggestion(number) for number in self._found([grades])[: max(count, 0)]]

    def _is_shared(self, text: str) -> bool:
        """Tell whether several places are called by these very words."""
        words = _typed_words(text)
        if sum(map(len, words)) < _LEAST_LETTERS:
            return False
        _, worst = self._graded(self._literal(text))
        return int((worst == EXACT).sum()) >= _SEVERAL

    def _literally(self, text: str) -> bool:
        """Tell whether any place has all the words of a text, as begun or as part of others."""
        words = _typed_words(text)
        return bool(words) and len(self._graded(self._literal(text))[0]) > 0

    def _suggestion(self, number: int) -> Suggestion:
        if number < len(self.airfields):
            return story_suggestion(self.airfields[number])
        return airport_suggestion(self.airports[number - len(self.airfields)])

    def _found(self, grades: Iterable[Grades]) -> list[int]:
        """List the places of which every typed word is found, best first."""
        return [int(number) for number in self._graded(grades)[0]]

    def _graded(self, grades: Iterable[Grades]) -> tuple[IntArray, Grades]:
        """List the places of which every typed word is found, best first, and their worst words."""
        worst = total = np.zeros(len(self.first) - 1, dtype=np.uint8)
        for each in grades:
            best = np.minimum.reduceat(each[self.word], self.first[:-1])
            worst, total = np.maximum(worst, best), total + best
            if (worst == NOT_FOUND).all():
                break
        numbers = np.flatnonzero(worst < NOT_FOUND)
        worst, total, others = worst[numbers], total[numbers], numbers >= len(self.airfields)
        tier = (worst >= INFIX).astype(int) + (worst >= ONE_ERROR)
        order = np.lexsort((numbers, total, worst, others, tier))
        return numbers[order], worst[order]


def make_finder(airfields: Iterable[Known]) -> Finder:
    """Index a story's places and the airports, but for those that the story has by their code."""
    airfields = tuple(airfields)
    taken = {airfield.icao for airfield in airfields}
    airports = [row for row in airportsdata.load("ICAO").values() if row["icao"] not in taken]
    airports.sort(key=airport_rank)
    by_code: dict[str, tuple[int, ...]] = {}
    # Tuples all along: so many lists would keep the garbage collector busy.
    spellings: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
    names = load_names()
    also = names.by_airport()
    for number, (called, codes) in enumerate(_named(airfields, airports)):
        for code in codes:
            by_code[code] = (*by_code.get(code, ()), number)
        plain, others = _spelled(called, codes)
        row = airports[number - len(airfields)] if number >= len(airfields) else None
        spellings.append(((*plain, *also.get(row["icao"], ())) if row else plain, others))
    vocabulary = Vocabulary.of(*map(chain.from_iterable, zip(*spellings, strict=True)))
    number_of = {word: number for number, word in enumerate(vocabulary.words)}.__getitem__
    return Finder(
        make_gazetteer(airfields),
        airfields,
        airports,
        sum(row["icao"] in names.great for row in airports),
        sum(row["icao"] in names.order for row in airports),
        by_code,
        vocabulary,
        np.fromiter(map(number_of, chain.from_iterable(chain(*spellings))), dtype=np.intp),
        np.cumsum([0, *(len(plain) + len(others) for plain, others in spellings)]),
    )


def _typed_words(text: str) -> tuple[str, ...]:
    """Cut a typed text into words; one that is too long has none."""
    words = spelled_words(text[: MAX_LENGTH + 1])
    return () if len(text) > MAX_LENGTH or len(words) > _MOST_WORDS else words


def _named(
    airfields: Iterable[Known], airports: Iterable[airportsdata.Airport]
) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Yield each place's names and its folded codes, the id of the story's among these."""
    for field in airfields:
        names = field.place.name, field.name_local, *field.other_names
        codes = field.place.id, field.icao, field.iata, field.russian_index
        yield [n for n in names if n], list(dict.fromkeys(c.casefold() for c in codes if c))
    for row in airports:
        assigned = row["icao"], row["iata"]
        yield (row["name"], row["city"]), [code.casefold() for code in assigned if code]


def _spelled(names: Iterable[str], codes: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """List the words of names, and what else they are found by.

    That is codes, names written in one, and the words that aren't in Latin letters as they are.
    """
    plain: list[str] = []
    others = list(codes)
    for name in names:
        plain += (words := spelled_words(name))
        if len(words) > 2 or (len(words) == 2 and words[1] != _GENERIC):
            others.append("".join(word for word in words if word != _GENERIC))
        if not name.isascii():
            others += name.casefold().split()
    return tuple(plain), tuple(others)
