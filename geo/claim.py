"""Read a claim about a flight, such as "more than 3,000 miles via Iraq and Iran", and check it.

A claim is a distance, or the countries passed, or both: `more than 3,000 miles`, `over 5,000 km`,
`at least 2,000 nmi via Iraq, Iran and Azerbaijan`, `via IRQ`. Miles are statute miles unless they
are called nautical.
"""

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from geo.errors import GeoError
from geo.model import Crossing
from geo.places import folded
from geo.text import printable, quoted
from geo.units import UNIT_WORDS, Unit

MAX_LENGTH = 500
MAX_DISTANCE_M = 1e9
_EXAMPLE = 'write it like "more than 3,000 miles via Iraq, Iran and Azerbaijan"'
_THAN: Mapping[str, tuple[str, Callable[[float, float], bool]]] = {
    "more than": ("more than", operator.gt),
    "over": ("more than", operator.gt),
    "longer than": ("more than", operator.gt),
    ">": ("more than", operator.gt),
    "at least": ("at least", operator.ge),
    "less than": ("less than", operator.lt),
    "under": ("less than", operator.lt),
    "shorter than": ("less than", operator.lt),
    "<": ("less than", operator.lt),
    "no more than": ("at most", operator.le),
    "at most": ("at most", operator.le),
}
# Whose miles these are, they don't say.
_BARE_MILES = ("mile", "miles", "mi")


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_DISTANCE = re.compile(
    rf"(?P<than>{_any_of(_THAN)}) ?"
    r"(?P<amount>[0-9]{1,3}(?:[, ][0-9]{3})+(?:\.[0-9]{1,9})?|[0-9]{1,12}(?:\.[0-9]{1,9})?)"
    rf"(?P<thousand> thousand)? ?(?P<unit>{_any_of(UNIT_WORDS)})(?= |\Z)",
    re.IGNORECASE,
)
_VIA = re.compile(r"(?:via|over|through) (?P<names>.+)", re.IGNORECASE)
Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Claim:
    """A condition on a route: how long it is, and which states' airspaces (A3 codes) it passes.

    `than`, `distance_m` and `unit` are None where no distance is claimed. `unit_said` is False
    where "miles" had to be taken for statute ones.
    """

    text: str
    than: str | None = None
    distance_m: float | None = None
    unit: Unit | None = None
    unit_said: bool = True
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a route says to a claim.

    `beyond_m` is how much longer than the claimed distance it is, negative where it is shorter,
    None where none is claimed. Of the claimed countries, `missed` are those not passed, and
    `disputed` those passed only where another state claims the airspace too: these count as passed.
    """

    holds: bool
    distance_holds: bool
    beyond_m: float | None
    missed: tuple[str, ...]
    disputed: tuple[str, ...]


def parse_claim(text: str, names: Names) -> Claim:
    """Read a claim; `names` are those of the countries by A3 code, and either may be typed.

    Raises GeoError with what can't be read.
    """
    if len(text) > MAX_LENGTH:
        raise GeoError(f"the claim has {len(text):,} characters; at most {MAX_LENGTH} are read")
    spaced = " ".join(text.split()).rstrip(".")
    if not spaced:
        raise GeoError(f"the claim is empty; {_EXAMPLE}")
    distance = _DISTANCE.match(spaced)
    rest = spaced[distance.end() :].strip() if distance else spaced
    via = _VIA.fullmatch(rest)
    if rest and not via:
        what = f"can't read {quoted(rest)} after the distance" if distance else "no distance in it"
        raise GeoError(f"claim {quoted(spaced)}: {what}; {_EXAMPLE}")
    countries = tuple(_countries(via["names"], names)) if via else ()
    if not distance:
        return Claim(printable(spaced), countries=countries)
    word = distance["unit"].casefold()
    unit, said = UNIT_WORDS[word], word not in _BARE_MILES
    length_m = _amount(distance) * unit.metres
    if not 0 < length_m <= MAX_DISTANCE_M:
        raise GeoError(f"claim {quoted(spaced)}: the distance is not one on earth")
    than = _THAN[distance["than"].casefold()][0]
    return Claim(printable(spaced), than, length_m, unit, said, countries)


def check_claim(claim: Claim, length_m: float, crossings: Sequence[Crossing]) -> Verdict:
    """Hold a route, by its length in metres and its crossings, against a claim."""
    distance_holds, beyond_m = True, None
    if claim.distance_m is not None and claim.than is not None:
        beyond_m = length_m - claim.distance_m
        distance_holds = _THAN[claim.than][1](length_m, claim.distance_m)
    passed = {code for crossing in crossings for code in crossing.claims}
    firm = {
        code for crossing in crossings if crossing.kind != "disputed" for code in crossing.claims
    }
    missed = tuple(code for code in claim.countries if code not in passed)
    disputed = tuple(code for code in claim.countries if code in passed - firm)
    return Verdict(distance_holds and not missed, distance_holds, beyond_m, missed, disputed)


def _amount(distance: re.Match[str]) -> float:
    amount = float(distance["amount"].replace(",", "").replace(" ", ""))
    return amount * 1000 if distance["thousand"] else amount


def _countries(text: str, names: Names) -> Iterable[str]:
    """Yield the codes of listed countries; a name may have "and" in it."""
    known = {folded(name): code for code, name in names.items()}
    known |= {code.casefold(): code for code in names}
    codes = []
    for part in text.split(","):
        part = part.strip().removeprefix("and ")
        parts = [part] if folded(part) in known else _split(part, known)
        codes += [_country(each, known, names) for each in parts]
    return dict.fromkeys(codes)


def _split(part: str, known: Names) -> list[str]:
    """Cut a part of a list at its "and"s, but for those within a name."""
    words = re.split(r" and ", part, flags=re.IGNORECASE)
    for cut in range(1, len(words)):
        first, last = " and ".join(words[:cut]), " and ".join(words[cut:])
        if folded(first) in known and folded(last) in known:
            return [first, last]
    return words


def _country(text: str, known: Names, names: Names) -> str:
    code = known.get(folded(text))
    if code is None:
        near = [names[known[match]] for match in get_close_matches(folded(text), known, 3)]
        guess = f"; did you mean {' or '.join(dict.fromkeys(near))}?" if near else ""
        raise GeoError(f"no country {quoted(text)}{guess}")
    return code
