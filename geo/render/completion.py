"""Write what the browser completes a typed place or state from, as one JSON text.

Names travel as they are: the browser cuts them into words as `spelled_words` does, for which it
gets the transliteration, a letter each. Airports travel in columns, which a browser reads in a
third of the time that it takes for as many objects.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import airportsdata
from anyascii import anyascii

from geo.names import load_names
from geo.places import Known
from geo.suggestion import airport_rank, story_suggestion

# What stands for the last word of most airports' names.
_SHORT, _LONG = "~", " Airport"
# Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic, Georgian and marks. Letter by letter, other
# scripts give nothing that is like a name in Latin letters.
_SCRIPTS = (
    range(0xA0, 0x700),
    range(0x10D0, 0x1100),
    range(0x1E00, 0x2060),
)
_PER_DEGREE = 100
_PARTS = ("completion.js", "suggestions.js")


def completion_index(airfields: Iterable[Known], states: Mapping[str, str]) -> str:
    """Write the index of a story's places, the airports and the states that can be closed.

    `states` are names by A3 code. The order of each is that in which equals are suggested: of the
    airports the one of `make_finder`, without those that the story has: the great ones, others with
    scheduled flights, and the rest; `ranks` tells where the first two end. Their coordinates are
    `at`, latitude and longitude in turn, in hundredths of a degree. `also` has other names,
    spelled, with the numbers of the airports that have them; a state has its own after its name.
    """
    airfields, names = tuple(airfields), load_names()
    airports = ranked_airports(airfields)
    index = {
        "story": [_story_entry(airfield) for airfield in airfields],
        "airports": _columns(airports),
        "ranks": [
            sum(row["icao"] in rank for row in airports) for rank in (names.great, names.order)
        ],
        "also": _also(airports),
        "states": [
            [code, name, "|".join(names.states.get(code, ()))]
            for code, name in sorted(states.items(), key=lambda state: state[1])
        ],
        "letters": _letters(),
    }
    return json.dumps(index, ensure_ascii=False, separators=(",", ":"))


def completion_script() -> str:
    """Join what completes by the index into one module, which the map's search box loads."""
    folder = Path(__file__).parent
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in _PARTS)


def ranked_airports(airfields: Iterable[Known]) -> list[airportsdata.Airport]:
    """List the airports that the story doesn't have by their code, in their order."""
    taken = {airfield.icao for airfield in airfields}
    airports = [row for row in airportsdata.load("ICAO").values() if row["icao"] not in taken]
    return sorted(airports, key=airport_rank)


def _story_entry(airfield: Known) -> dict[str, object]:
    place = airfield.place
    names = place.name, airfield.name_local, *airfield.other_names
    return {
        "id": place.id,
        "names": [name for name in names if name],
        "codes": [c for c in (airfield.icao, airfield.iata, airfield.russian_index) if c],
        "detail": story_suggestion(airfield).detail,
        "at": [place.lat, place.lon],
    }


def _columns(airports: Sequence[airportsdata.Airport]) -> dict[str, object]:
    texts = {
        key: "\n".join(" ".join(row[key].split()) for row in airports)
        for key in ("icao", "iata", "city", "country")
    }
    at = [round(row[axis] * _PER_DEGREE) for row in airports for axis in ("lat", "lon")]
    return {**texts, "name": "\n".join(_shortened(row["name"]) for row in airports), "at": at}


def _also(airports: Sequence[airportsdata.Airport]) -> list[list[object]]:
    numbers = {row["icao"]: number for number, row in enumerate(airports)}
    groups = load_names().groups
    led = ((names, [numbers[code] for code in codes if code in numbers]) for names, codes in groups)
    return [[" ".join(names), *to] for names, to in led if to]


def _shortened(name: str) -> str:
    name = " ".join(name.split())
    return name.removesuffix(_LONG) + _SHORT if name.endswith(_LONG) else name


def _letters() -> dict[str, str]:
    """Give what each letter that has no case, or is small, is transliterated to."""
    letters = (chr(code) for script in _SCRIPTS for code in script)
    small = (letter for letter in letters if letter.lower() == letter)
    return {letter: anyascii(letter.casefold()).casefold() for letter in small}
