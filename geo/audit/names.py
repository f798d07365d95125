"""Look up places for tables, where a guess at each misspelt name would take too long."""

from geo.coordinate import is_coordinate, read_coordinate
from geo.errors import PlaceError
from geo.model import Place
from geo.places import Gazetteer
from geo.text import quoted


def find_named(gazetteer: Gazetteer, text: str) -> Place:
    """Look up a coordinate, an id, a code or a name. Raises PlaceError."""
    if is_coordinate(text):
        return read_coordinate(text)
    place = gazetteer.known(text)
    if place is None:
        raise PlaceError(f"no place {quoted(text)}")
    return place
