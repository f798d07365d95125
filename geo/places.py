"""Look up places by the id, the code or the name that a reader types."""

import unicodedata
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


class Known(Protocol):
    """A place that may have codes and several names, such as a story's airfield."""

    @property
    def place(self) -> Place: ...  # noqa: D102
    @property
    def icao(self) -> str | None: ...  # noqa: D102
    @property
    def iata(self) -> str | None: ...  # noqa: D102
    @property
    def russian_index(self) -> str | None: ...  # noqa: D102
    @property
    def name_local(self) -> str | None: ...  # noqa: D102
    @property
    def other_names(self) -> tuple[str, ...]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """A story's places by folded id, code and name; the world's airports stand behind them.

    `by_name` has every place that a name may mean.
    """

    by_id: Mapping[str, Place]
    by_code: Mapping[str, Place]
    by_name: Mapping[str, tuple[Place, ...]]

    def find(self, text: str) -> Place:
        """Look up an id, a code or a name in any case; the first of these that knows it wins.

        They are: story id, story code, story name, ICAO code, IATA code. In names, accents, spaces
        and marks don't count. Raises PlaceError with guesses, or where a name means several places.
        """
        place = self.known(text)
        if place is None:
            raise PlaceError(f"no place {quoted(text)}{_did_you_mean(self.guesses(text))}")
        return place

    def known(self, text: str) -> Place | None:
        """Look up a place as `find` does, without guesses, which are slow; None if there is none.

        Raises PlaceError where a name means several places.
        """
        key = text.strip().casefold()
        place = self.by_id.get(key) or self.by_code.get(key) or self._named(text)
        return place or _airport(key.upper())

    def guesses(self, text: str) -> list[str]:
        """List what the reader may have meant: the story's places, or else airport codes."""
        key = text.strip().casefold()
        if len(key) > _LONGEST_GUESSED:
            return []
        named = {name: places[0].id for name, places in self.by_name.items()}
        ids = {folded: place.id for folded, place in self.by_id.items()}
        codes = {folded: folded.upper() for folded in self.by_code}
        known = named | codes | ids
        near = [known[match] for match in get_close_matches(key, known, _GUESSES)]
        if near or len(key) not in (3, 4) or not key.isalnum():
            return list(dict.fromkeys(near))
        return get_close_matches(key.upper(), _airports("ICAO" if len(key) == 4 else "IATA"))

    def _named(self, text: str) -> Place | None:
        places = self.by_name.get(folded(text), ())
        if len(places) > 1:
            ids = " or ".join(place.id for place in places)
            raise PlaceError(f"place {quoted(text)} has several meanings: write {ids}")
        return places[0] if places else None


def make_gazetteer(airfields: Iterable[Known]) -> Gazetteer:
    """Index places by id, code and name; where two share an id or a code, the first keeps it."""
    by_id: dict[str, Place] = {}
    by_code: dict[str, Place] = {}
    by_name: dict[str, dict[str, Place]] = {}
    for airfield in airfields:
        place = airfield.place
        by_id.setdefault(place.id.casefold(), place)
        for code in filter(None, (airfield.icao, airfield.iata, airfield.russian_index)):
            by_code.setdefault(code.casefold(), place)
        names = place.id, place.name, airfield.name_local or "", *airfield.other_names
        for name in filter(None, map(folded, names)):
            by_name.setdefault(name, {})[place.id] = place
    return Gazetteer(by_id, by_code, {key: tuple(each.values()) for key, each in by_name.items()})


def folded(name: str) -> str:
    """Bring a name to its letters and digits, without case and accents."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in plain if c.isalnum())


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
