"""Read a claim about a flight, such as "more than 3,000 miles via Iraq and Iran", and check it.

A claim is a distance, or the countries passed, or both: `more than 3,000 miles`, `between 2,000
and 3,000 km`, `at least 2,000 nmi via Iraq, Iran and Azerbaijan`, `crosses IRQ`, `over 5,000 km
without crossing Turkey`. The distance is that of the whole way; one said to be `over` countries
may be meant of the way over these alone, and is read both ways.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from geo.claim_countries import TWO_CLAIMS, Clause, Names, cut_clauses, read_clauses
from geo.claim_distance import EXAMPLE, Distance, cut_distance, say_fault
from geo.errors import GeoError
from geo.model import Crossing
from geo.text import printable, quoted

MAX_LENGTH = 500
# After a distance these may say what it is the length of, or that it is that of the part inside.
_OVER, _INSIDE = ("over", "through", "across", "above"), ("in", "inside", "within")
_IN_ALL = re.compile(r" (?:in all|in total|altogether)(?= |,|\Z)", re.IGNORECASE)
_UNREAD = f"which can't be read: {EXAMPLE}"
_OR = re.compile(r"or(?: |\Z)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Claim:
    """A condition on a route: how long it is, and which states' airspaces (A3 codes) it passes.

    `countries` are passed and `avoided` are not. `distance` is None where none is claimed. It is
    that of the way `over` some of the countries alone, or where there are none, of the whole way.
    """

    text: str
    distance: Distance | None = None
    countries: tuple[str, ...] = ()
    avoided: tuple[str, ...] = ()
    over: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passed:
    """How many metres of a route are in a country's airspace, those too that others claim.

    `firm` is False where the country is passed only where another state claims the airspace too,
    and `shared_m` is how much of the way that is.
    """

    code: str
    length_m: float
    shared_m: float
    firm: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a route says to a claim.

    `beyond_m` is how much longer than the claimed distance the way is, or its part that the claim
    is about; negative where it is shorter, 0 within a range, None where no distance is claimed. Of
    the countries said to be passed, `missed` are those not passed; `entered` are those passed and
    said not to be. `passed` tells of those of either that are passed.
    """

    holds: bool
    beyond_m: float | None
    missed: tuple[str, ...] = ()
    entered: tuple[str, ...] = ()
    passed: tuple[Passed, ...] = ()


def parse_claim(text: str, names: Names) -> tuple[Claim, ...]:
    """Read a claim in each way that it can be meant: one, or the whole way and then the part.

    `names` are those of the countries by A3 code, and either may be typed. Raises GeoError with
    what can't be read.
    """
    if len(text) > MAX_LENGTH:
        raise GeoError(f"the claim has {len(text):,} characters; at most {MAX_LENGTH} are read")
    spaced = " ".join(text.split()).rstrip(".")
    if not spaced:
        raise GeoError(f"the claim is empty: {EXAMPLE}")
    distance, rest = cut_distance(spaced)
    in_all = _IN_ALL.match(rest) if distance else None
    before, clauses = cut_clauses(rest[in_all.end() :] if in_all else rest)
    fault = _fault(spaced, before, clauses, distance)
    if fault:
        raise GeoError(fault)
    passed, avoided = read_clauses(clauses, names)
    whole = Claim(printable(spaced), distance, passed, avoided)
    first = clauses[:1]
    if not distance or in_all or not first or not first[0].passed or first[0].apart:
        return (whole,)
    part = replace(whole, over=read_clauses(first, names)[0])
    word = first[0].word.split()[-1]
    return (part,) if word in _INSIDE else (whole, part) if word in _OVER else (whole,)


def _fault(text: str, before: str, clauses: Sequence[Clause], distance: Distance | None) -> str:
    """Say what of a text can't be read, or what it lacks."""
    if distance and _OR.match(before):
        return TWO_CLAIMS
    if distance:
        return f"the claim has {quoted(before)} after the distance, {_UNREAD}" if before else ""
    fault = say_fault(text)
    if not fault and clauses and before:
        return f"the claim has {quoted(before)} before {quoted(clauses[0].word)}, {_UNREAD}"
    if not fault and not clauses:
        lacks = 'no distance in it, and no "via" or "without" before a country'
        return f"the claim {quoted(text)} has {lacks}: {EXAMPLE}"
    return fault


def check_claim(claim: Claim, length_m: float, crossings: Sequence[Crossing]) -> Verdict:
    """Hold a route, by its length in metres and its crossings, against a claim."""
    named = (*claim.countries, *claim.avoided)
    passed = tuple(filter(None, (_passed(code, crossings) for code in named)))
    codes = {each.code for each in passed}
    missed = tuple(code for code in claim.countries if code not in codes)
    entered = tuple(code for code in claim.avoided if code in codes)
    admitted, beyond_m = True, None
    if claim.distance:
        if claim.over:
            length_m = length_over(claim.over, crossings)
        admitted, beyond_m = claim.distance.admits(length_m), claim.distance.beyond_m(length_m)
    holds = admitted and not missed and not entered
    return Verdict(holds, beyond_m, missed, entered, passed)


def length_over(codes: Sequence[str], crossings: Sequence[Crossing]) -> float:
    """Sum the metres of the crossings of any of some countries, those once that two claim."""
    return sum(each.length_m for each in crossings if not set(codes).isdisjoint(each.claims))


def _passed(code: str, crossings: Sequence[Crossing]) -> Passed | None:
    inside = [crossing for crossing in crossings if code in crossing.claims]
    if not inside:
        return None
    shared = [crossing for crossing in inside if crossing.kind == "disputed"]
    length_m, shared_m = (sum(each.length_m for each in some) for some in (inside, shared))
    return Passed(code, length_m, shared_m, len(shared) < len(inside))
