"""Look up places for tables, where a guess at each misspelt name would take too long."""

from dataclasses import dataclass, field

import airportsdata

from geo.coordinate import is_coordinate, read_coordinate
from geo.errors import PlaceError
from geo.model import Place
from geo.places import Gazetteer, folded
from geo.text import quoted


def _codes() -> frozenset[str]:
    return frozenset([*airportsdata.load("ICAO"), *airportsdata.load("IATA")])


@dataclass(frozen=True, slots=True)
class Names:
    """A gazetteer that makes no guesses."""

    gazetteer: Gazetteer
    codes: frozenset[str] = field(default_factory=_codes)

    def find(self, text: str) -> Place:
        """Look up a coordinate, an id, a code or a name. Raises PlaceError."""
        if is_coordinate(text):
            return read_coordinate(text)
        if not self._knows(text):
            raise PlaceError(f"no place {quoted(text)}")
        return self.gazetteer.find(text)

    def _knows(self, text: str) -> bool:
        key, known = text.strip().casefold(), self.gazetteer
        named = key in known.by_id or key in known.by_code or folded(text) in known.by_name
        return named or key.upper() in self.codes
