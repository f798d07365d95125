"""Know cities and states by their names in other languages, and the great airports from others.

`data/names.json` has them, spelled as `spelled_words` does it; `scripts/build_names.py` made it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from geo.errors import DataError
from geo.file_faults import say_unread

FILE = Path(__file__).parents[1] / "data" / "names.json"


@dataclass(frozen=True, slots=True)
class Names:
    """What airports and states are known by besides their own names.

    `order` ranks the airports with scheduled flights by their ICAO codes, the first being the
    greatest; `great` are those of the first rank. Each of `groups` has other names, each in one
    word, and the ICAO codes of the airports that it leads to. `states` are lists by A3 codes.
    """

    order: Mapping[str, int]
    great: frozenset[str]
    groups: Sequence[tuple[tuple[str, ...], tuple[str, ...]]]
    states: Mapping[str, tuple[str, ...]]

    def by_airport(self) -> dict[str, tuple[str, ...]]:
        """List the other names by ICAO code."""
        found: dict[str, tuple[str, ...]] = {}
        for names, codes in self.groups:
            for code in codes:
                found[code] = (*found.get(code, ()), *names)
        return found


@cache
def load_names(file: Path = FILE) -> Names:
    """Read the names. Raises DataError."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        great = data["great"].split()
        codes = [*great, *data["scheduled"].split()]
        return Names(
            {code: number for number, code in enumerate(codes)},
            frozenset(great),
            tuple((tuple(names.split()), tuple(to.split())) for names, to in data["names"]),
            {code: tuple(each.split("|")) for code, each in data["states"].items()},
        )
    except OSError as error:
        raise DataError(f"{file.name}: can't be read ({say_unread(error, file)})") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{file.name}: isn't a file of names ({error!r})") from error
