"""Name the places that a typed text may mean, and rank airports among equals.

Among equals, those with scheduled flights come first, in the order of `geo/names.py`: the great
ones, then the others, each by the size of their city. Of all others no size is known. Those come
first whose city names their time zone, so that London is London on the Thames; then those with an
IATA code; then international ones by name; then those named after their city; then the alphabet.
"""

from dataclasses import dataclass
from math import inf
from typing import Literal

import airportsdata

from geo.model import Place
from geo.names import load_names
from geo.places import Known


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A place that may be meant: `text` is what to type for it, `detail` its other name and codes.

    In the answer to a path, `text` is the whole path.
    """

    text: str
    name: str
    detail: str
    place: Place
    kind: Literal["story", "airport"]


def airport_rank(row: airportsdata.Airport) -> tuple[float, bool, bool, bool, bool, str, str]:
    """Give what airports among equals are sorted by."""
    name, city = row["name"], row["city"]
    elsewhere = not row["tz"].endswith("/" + city.replace(" ", "_"))
    return (
        load_names().order.get(row["icao"], inf),
        elsewhere,
        not row["iata"],
        "International" not in name,
        city not in name,
        name,
        row["icao"],
    )


def story_suggestion(airfield: Known) -> Suggestion:
    """Suggest a place of the story by its id."""
    names = airfield.name_local, airfield.icao, airfield.iata, airfield.russian_index
    detail = " · ".join(name for name in names if name)
    return Suggestion(airfield.place.id, airfield.place.name, detail, airfield.place, "story")


def airport_suggestion(row: airportsdata.Airport) -> Suggestion:
    """Suggest an airport by its ICAO code."""
    place = airport_place(row)
    where = ", ".join(filter(None, (row["city"], row["country"])))
    detail = " · ".join(filter(None, (where, row["icao"], row["iata"])))
    return Suggestion(place.id, place.name, detail, place, "airport")


def airport_place(row: airportsdata.Airport) -> Place:
    """Give the bare point of an airport."""
    return Place(row["icao"], row["name"], row["lon"], row["lat"])
