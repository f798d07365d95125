"""Read a claim about a flight, such as "more than 3,000 miles via Iraq and Iran", and check it.

A claim is a distance, or the countries passed, or both: `more than 3,000 miles`, `over 5,000 km`,
`at least 2,000 nmi via Iraq, Iran and Azerbaijan`, `via IRQ`, `over 5,000 km without crossing
Turkey`. Miles are statute miles unless they are called nautical.
"""

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from geo.claim_countries import Names, cut_clauses, read_clauses
from geo.errors import GeoError
from geo.model import Crossing
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


_AMOUNT = r"[0-9]{1,3}(?:[, ][0-9]{3})+(?:\.[0-9]{1,9})?|[0-9]{1,12}(?:\.[0-9]{1,9})?"
_UNIT = rf"(?:{_any_of(UNIT_WORDS)})(?= |,|\Z)"
_DISTANCE = re.compile(
    rf"(?P<than>{_any_of(_THAN)}) ?(?P<amount>{_AMOUNT})"
    rf"(?P<thousand> thousand)? ?(?P<unit>{_UNIT})",
    re.IGNORECASE,
)
# Part of a distance, of which it can be said what is missing.
_PARTLY = re.compile(
    rf"(?P<than>{_any_of(_THAN)})? ?(?:{_AMOUNT})(?: thousand)?(?P<unit> ?{_UNIT})?(?= |, |\Z)",
    re.IGNORECASE,
)
# Some write 3.000 for three thousand, others for three.
_AMBIGUOUS = re.compile(r"(?P<whole>[1-9][0-9]{0,2})\.(?P<rest>[0-9]{3})")


@dataclass(frozen=True, slots=True)
class Claim:
    """A condition on a route: how long it is, and which states' airspaces (A3 codes) it passes.

    `countries` are passed and `avoided` are not. `than`, `distance_m` and `unit` are None where no
    distance is claimed. `unit_said` is False where "miles" had to be taken for statute ones.
    """

    text: str
    than: str | None = None
    distance_m: float | None = None
    unit: Unit | None = None
    unit_said: bool = True
    countries: tuple[str, ...] = ()
    avoided: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a route says to a claim.

    `beyond_m` is how much longer than the claimed distance it is, negative where it is shorter,
    None where none is claimed. Of the countries said to be passed, `missed` are those not passed;
    `entered` are those passed and said not to be. `disputed` are those of either that are passed
    only where another state claims the airspace too: these count as passed.
    """

    holds: bool
    distance_holds: bool
    beyond_m: float | None
    missed: tuple[str, ...]
    disputed: tuple[str, ...]
    entered: tuple[str, ...] = ()


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
    rest = spaced[distance.end() :] if distance else spaced
    before, clauses = cut_clauses(rest)
    if before or not (distance or clauses) or _lacks(spaced, distance):
        raise GeoError(f"claim {quoted(spaced)}: {_fault(spaced, before, distance)}; {_EXAMPLE}")
    passed, avoided = read_clauses(clauses, names)
    if not distance:
        return Claim(printable(spaced), countries=passed, avoided=avoided)
    word = distance["unit"].casefold()
    unit, said = UNIT_WORDS[word], word not in _BARE_MILES
    length_m = _amount(distance, spaced) * unit.metres
    if not 0 < length_m <= MAX_DISTANCE_M:
        raise GeoError(f"claim {quoted(spaced)}: the distance is not one on earth")
    than = _THAN[distance["than"].casefold()][0]
    return Claim(printable(spaced), than, length_m, unit, said, passed, avoided)


def _fault(text: str, before: str, distance: re.Match[str] | None) -> str:
    """Say what of a text can't be read, or what it lacks."""
    if distance:
        return f"can't read {quoted(before)} after the distance"
    return _lacks(text, distance) or "no distance in it"


def _lacks(text: str, distance: re.Match[str] | None) -> str:
    """Say what is missing from a text that begins with an amount, and is no distance."""
    partly = None if distance else _PARTLY.match(text)
    if not partly:
        return ""
    than = "" if partly["than"] else 'neither "more than" nor "less than" in it'
    unit = "" if partly["unit"] else "no unit in it (miles, nmi or km)"
    return ", and ".join(filter(None, (than, unit)))


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
    entered = tuple(code for code in claim.avoided if code in passed)
    named = (*claim.countries, *claim.avoided)
    disputed = tuple(code for code in named if code in passed - firm)
    holds = distance_holds and not missed and not entered
    return Verdict(holds, distance_holds, beyond_m, missed, disputed, entered)


def _amount(distance: re.Match[str], claim: str) -> float:
    ambiguous = _AMBIGUOUS.fullmatch(distance["amount"])
    if ambiguous:
        whole, rest = ambiguous["whole"], ambiguous["rest"]
        # The same number, written as it can't be mistaken: 3.0, 3.1 or 3.1250.
        small = f"{whole}.{rest.rstrip('0') or 0}" if rest.endswith("0") else f"{whole}.{rest}0"
        said = f"{ambiguous[0]} may be {whole},{rest} or {small}: write one of these"
        raise GeoError(f"claim {quoted(claim)}: {said}")
    amount = float(distance["amount"].replace(",", "").replace(" ", ""))
    return amount * 1000 if distance["thousand"] else amount
