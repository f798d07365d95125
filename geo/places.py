"""Look up places by the id or the code that a reader types."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Literal, Protocol

import airportsdata

from geo.errors import PlaceError
from geo.model import Place
from geo.text import quoted

_LONGEST_GUESSED = 60
_GUESSES = 3


class Coded(Protocol):
    """A place that may have airport codes, such as a story's airfield."""

    @property
    def place(self) -> Place: ...  # noqa: D102
    @property
    def icao(self) -> str | None: ...  # noqa: D102
    @property
    def iata(self) -> str | None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """A story's places by folded id and by folded code; the world's airports stand behind them."""

    by_id: Mapping[str, Place]
    by_code: Mapping[str, Place]

    def find(self, text: str) -> Place:
        """Look up an id or a code in any case; the first of these that knows it wins.

        They are: story id, story code, ICAO code, IATA code. Raises PlaceError with guesses.
        """
        key = text.strip().casefold()
        place = self.by_id.get(key) or self.by_code.get(key) or _airport(key.upper())
        if place is None:
            raise PlaceError(f"no place {quoted(text)}{_did_you_mean(self._guesses(key))}")
        return place

    def _guesses(self, key: str) -> list[str]:
        """List what the reader may have meant: the story's places, or else airport codes."""
        if len(key) > _LONGEST_GUESSED:
            return []
        named = {place.name.casefold(): place.id for place in self.by_id.values()}
        ids = {folded: place.id for folded, place in self.by_id.items()}
        codes = {folded: folded.upper() for folded in self.by_code}
        known = named | codes | ids
        near = [known[match] for match in get_close_matches(key, known, _GUESSES)]
        if near or len(key) not in (3, 4) or not key.isalnum():
            return list(dict.fromkeys(near))
        return get_close_matches(key.upper(), _airports("ICAO" if len(key) == 4 else "IATA"))


def make_gazetteer(airfields: Iterable[Coded]) -> Gazetteer:
    """Index places by id and by code; where two share one, the first keeps it."""
    by_id: dict[str, Place] = {}
    by_code: dict[str, Place] = {}
    for airfield in airfields:
        by_id.setdefault(airfield.place.id.casefold(), airfield.place)
        for code in filter(None, (airfield.icao, airfield.iata)):
            by_code.setdefault(code.casefold(), airfield.place)
    return Gazetteer(by_id, by_code)


def _did_you_mean(guesses: list[str]) -> str:
    return f"; did you mean {' or '.join(guesses)}?" if guesses else ""


def _airport(code: str) -> Place | None:
    if len(code) not in (3, 4):
        return None
    airport = _airports("ICAO" if len(code) == 4 else "IATA").get(code)
    if airport is None:
        return None
    return Place(airport["icao"], airport["name"], airport["lon"], airport["lat"])


@cache
def _airports(code_type: Literal["ICAO", "IATA"]) -> dict[str, airportsdata.Airport]:
    return airportsdata.load(code_type)
