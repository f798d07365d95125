"""Find the points that a table names: by code, by name, by coordinate as people write it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from geo.coordinate import read_coordinate
from geo.errors import OpenError, PlaceError
from geo.model import LonLat, Place
from geo.pathspec import parse_point
from geo.readers.positions import place_at, position_problem
from geo.text import quoted

_GUESSED = 30
_MAX_MISSES = 300
_NUMBER = r"[-+]?[0-9]{1,3}(?:\.[0-9]{0,20})?"
_COMMA_NUMBER = _NUMBER.replace(r"\.", ",")
_PAIRS = (
    re.compile(rf"({_NUMBER})\s*[,;\s]\s*({_NUMBER})"),
    re.compile(rf"({_COMMA_NUMBER})(?:\s*;\s*|\s+)({_COMMA_NUMBER})"),
)
_HEMISPHERE = re.compile(r"[NSEWnsew]")


@dataclass(slots=True)
class Lookup:
    """Points that were looked up before, and those that weren't found."""

    find: Callable[[str], Place]
    known: Callable[[str], Place | None] | None = None
    found: dict[str, Place] = field(default_factory=dict)
    missed: dict[str, str] = field(default_factory=dict)

    def point(self, text: str) -> Place:
        """Read a coordinate, or look up an id, a code or a name. Raises PlaceError."""
        if text in self.found:
            return self.found[text]
        if text in self.missed:
            raise PlaceError(self.missed[text])
        try:
            place = self.found[text] = self._looked_up(text)
        except PlaceError as error:
            self.missed[text] = str(error)
            raise
        return place

    def _looked_up(self, text: str) -> Place:
        for pattern in _PAIRS:
            if match := pattern.fullmatch(text):
                return place_at(*position(match[1], match[2]))
        if len(self.missed) < _GUESSED:
            return parse_point(text, self.find)
        if self.known is not None:
            return parse_point(text, self._known)
        if len(self.missed) >= _MAX_MISSES:
            raise OpenError(f"names over {_MAX_MISSES} places that are not known: is it a table of "
                            f"routes? The first is {quoted(next(iter(self.missed)))}")  # fmt: skip
        return parse_point(text, self.find)

    def _known(self, text: str) -> Place:
        place = self.known(text) if self.known else None
        if place is None:
            raise PlaceError(f"no place {quoted(text)}")
        return place


def position(lat_text: str, lon_text: str) -> LonLat:
    """Read a latitude and a longitude, each as degrees or with minutes. Raises PlaceError."""
    lat, lon = _plain(lat_text), _plain(lon_text)
    if lat is None or lon is None:
        place = read_coordinate(f"{_marked(lat_text, 'NS')} {_marked(lon_text, 'EW')}")
        return place.lon, place.lat
    if problem := position_problem(lon, lat):
        raise PlaceError(problem)
    return lon, lat


def _plain(text: str) -> float | None:
    """Read degrees with a decimal point or comma; None where they are more than that."""
    text = text.strip()
    try:
        return float(text.replace(",", ".") if "." not in text else text)
    except ValueError:
        return None


def _marked(text: str, letters: str) -> str:
    """Put the hemisphere behind degrees that have a sign or nothing instead."""
    text = text.strip()
    text = text.replace(",", ".") if "." not in text else text
    if _HEMISPHERE.search(text):
        return text
    return text.lstrip("+-") + letters[text.startswith("-")]
