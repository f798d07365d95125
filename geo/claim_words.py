"""Say in words how a claim is read, whether a route bears it out, and by how much."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from geo.claim import Claim, Passed, Verdict, check_claim
from geo.claim_distance import Distance
from geo.model import Crossing
from geo.phrases import capital, listed
from geo.units import (
    KILOMETRES,
    NAUTICAL_MILES,
    STATUTE_MILES,
    Unit,
    format_amount,
    format_both,
    format_length,
    in_unit,
)

Names = Mapping[str, str]


def say_reading(claim: Claim, names: Names) -> str:
    """Say how a claim is read: "more than 500 mi in all, and passing Syria".

    It is "" where that is what was typed: a distance alone.
    """
    distance, parts = claim.distance, []
    alone = not claim.countries and not claim.avoided
    if distance and alone and distance.text.casefold().startswith(distance.than):
        return ""
    if distance:
        where = f"of the way over {named(claim.over, names)}" if claim.over else "in all"
        # None of the way is less than any distance, but to pass a country is claimed with it.
        where += ", passing it" if len(claim.over) == 1 and distance.admits(0) else ""
        where += " together, passing each" if len(claim.over) > 1 else ""
        parts.append(f"{distance.than} {_typed(distance)} {where}")
    others = [code for code in claim.countries if code not in claim.over]
    parts += [f"passing {named(others, names)}"] if others else []
    parts += [f"not passing {named(claim.avoided, names, 'or')}"] if claim.avoided else []
    return ", and ".join(parts)


def named(codes: Sequence[str], names: Names, last: str = "and") -> str:
    """List countries by their names."""
    return listed([names.get(code, code) for code in codes], last)


def say_verdict(
    readings: Sequence[Claim],
    verdicts: Sequence[Verdict],
    length_m: float,
    crossings: Sequence[Crossing],
    names: Names,
    what: str,
) -> str:
    """Caption a route, called `what`: whether the claim, as read, holds for it, and by how much.

    Such as: Hmeymim to Shagol, direct: 1,825 mi (2,937 km). “More than 3,000 miles” does not hold:
    the way is 1,175 mi (1,891 km) shorter than 3,000 mi (4,828 km).
    """
    claim = readings[0]
    unit = _unit(claim)
    passed = [each for each in verdicts[0].passed if each.code in claim.countries]
    of_it = say_passed(passed, names, unit, kilometres=True)
    length = format_both(length_m, unit)
    parts = [
        f"{capital(what)}: {length} in all; {of_it}." if of_it else f"{capital(what)}: {length}."
    ]
    quote = f"“{capital(claim.text)}”"
    parts += [f"{quote} can be read in two ways."] if len(readings) > 1 else []
    for reading, verdict in zip(readings, verdicts, strict=True):
        said = say_reading(reading, names)
        if len(readings) > 1:
            subject = f"Read as {said}, it"
        else:
            subject = f"{quote}, read as {said}," if said else quote
        holds = "holds" if verdict.holds else "does not hold"
        parts.append(f"{subject} {holds}: {'; '.join(_reasons(reading, verdict, names))}.")
        parts.append(say_as_nautical(reading, length_m, crossings))
    parts += _shared(verdicts[0].passed, names, unit)
    return " ".join(filter(None, parts))


def say_passed(
    passed: Iterable[Passed], names: Names, unit: Unit, *, kilometres: bool = False
) -> str:
    """Say how much of a way is over countries: "304 mi of it over Syria"; "" where none is."""
    write = format_both if kilometres else format_length
    lengths = [
        f"{write(each.length_m, unit)} of it over {names.get(each.code, each.code)}"
        for each in passed
    ]
    return listed(lengths) if lengths else ""


def _reasons(claim: Claim, verdict: Verdict, names: Names) -> list[str]:
    """List what speaks for a claim and against it."""
    reasons = []
    others = [code for code in claim.countries if code not in claim.over]
    over_nothing = bool(claim.over) and set(claim.over) <= set(verdict.missed)
    if claim.distance and verdict.beyond_m is not None and not over_nothing:
        way = f"the way over {named(claim.over, names)}" if claim.over else "the way"
        reasons.append(f"{way} is {_say_beyond(claim.distance, verdict.beyond_m)}")
    if verdict.missed:
        reasons.append(f"it does not pass {named(verdict.missed, names, 'or')}")
    elif others:
        reasons.append(f"it passes {named(others, names)}")
    if verdict.entered:
        reasons.append(f"it does pass {named(verdict.entered, names)}")
    elif claim.avoided:
        reasons.append(f"it does not pass {named(claim.avoided, names, 'or')}")
    return reasons


def _say_beyond(distance: Distance, beyond_m: float) -> str:
    if distance.most_m is not None and beyond_m == 0:
        ends = (format_both(each, distance.unit) for each in (distance.distance_m, distance.most_m))
        return f"between {' and '.join(ends)}"
    longer = beyond_m >= 0
    than_m = distance.most_m if longer and distance.most_m is not None else distance.distance_m
    apart = format_both(abs(beyond_m), distance.unit)
    return f"{apart} {'longer' if longer else 'shorter'} than {format_both(than_m, distance.unit)}"


def _shared(passed: Iterable[Passed], names: Names, unit: Unit) -> list[str]:
    """Say what is passed where another state claims the airspace too."""
    said = []
    for each in passed:
        name = names.get(each.code, each.code)
        if not each.firm:
            said.append(f"It passes {name} only where another state claims the airspace too.")
        elif each.shared_m > 0:
            shared = format_both(each.shared_m, unit)
            said.append(f"Of its way over {name}, another state claims {shared} too.")
    return said


def say_unit(claim: Claim) -> str:
    """Say what a claimed distance is in the other units, and how an unnamed mile was read."""
    distance = claim.distance
    if distance is None:
        return ""
    others = [unit for unit in (STATUTE_MILES, KILOMETRES, NAUTICAL_MILES) if unit != distance.unit]
    equals = " or ".join(f"{_span(distance, unit)} {unit.symbol}" for unit in others)
    sentence = f"{_span(distance, distance.unit)} {distance.unit.name} are {equals}."
    if distance.unit_said:
        return sentence
    nautical = f"{_span(distance.in_nautical(), KILOMETRES)} {KILOMETRES.symbol}"
    return (
        f"The claim does not say which miles: statute miles are taken. {sentence} Were they "
        f"nautical miles, it would be {nautical}."
    )


def say_as_nautical(claim: Claim, length_m: float, crossings: Sequence[Crossing]) -> str:
    """Tell where a claim in miles would come out otherwise if these were nautical; else nothing."""
    if claim.distance is None or claim.distance.unit_said:
        return ""
    other = replace(claim, distance=claim.distance.in_nautical())
    holds = check_claim(other, length_m, crossings).holds
    if holds == check_claim(claim, length_m, crossings).holds:
        return ""
    return f"In nautical miles the claim would {'hold' if holds else 'not hold'}."


def say_difference(one: Distance, other: Distance) -> str:
    """Tell two claimed distances apart, such as 3,000 miles and 5,000 km; "" for a range."""
    if one.most_m is not None or other.most_m is not None:
        return ""
    apart_m = abs(one.distance_m - other.distance_m)
    both = "; ".join(
        f"“{capital(each.text)}” is {format_both(each.distance_m, each.unit)}"
        for each in (one, other)
    )
    if apart_m == 0:
        return f"{both}. They are the same."
    return f"{both}. They differ by {format_both(apart_m, KILOMETRES)}."


def _unit(claim: Claim) -> Unit:
    return claim.distance.unit if claim.distance else STATUTE_MILES


def _typed(distance: Distance) -> str:
    """Write the numbers of a distance as they were typed, unrounded."""
    ends = [distance.distance_m] + ([] if distance.most_m is None else [distance.most_m])
    amounts = [f"{in_unit(end, distance.unit):,.9f}".rstrip("0").rstrip(".") for end in ends]
    return f"{' and '.join(amounts)} {distance.unit.symbol}"


def _span(distance: Distance, unit: Unit) -> str:
    """Write a distance's number in a unit, or both of a range."""
    ends = [distance.distance_m] + ([] if distance.most_m is None else [distance.most_m])
    return " to ".join(format_amount(end, unit) for end in ends)
