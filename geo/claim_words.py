"""Say in words whether a route bears out a claim, by how much, and in which miles."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from geo.claim import Claim, Verdict, check_claim
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
)


def say_verdict(
    claim: Claim, verdict: Verdict, length_m: float, names: Mapping[str, str], what: str
) -> str:
    """Caption a route, called `what`: whether the claim holds for it, and by how much it does not.

    Such as: Hmeymim to Shagol, direct: 1,825 mi (2,937 km). “More than 3,000 miles” does not hold:
    the way is 1,175 mi (1,891 km) shorter than 3,000 mi (4,828 km).
    """
    unit = claim.unit or STATUTE_MILES
    holds = "holds" if verdict.holds else "does not hold"
    reasons = _reasons(claim, verdict, unit, names)
    parts = [
        f"{capital(what)}: {format_both(length_m, unit)}.",
        f"“{capital(claim.text)}” {holds}: {'; '.join(reasons)}.",
    ]
    for code in verdict.disputed:
        name = names.get(code, code)
        parts.append(f"It passes {name} only where another state claims the airspace too.")
    return " ".join(parts)


def _reasons(claim: Claim, verdict: Verdict, unit: Unit, names: Mapping[str, str]) -> list[str]:
    """List what speaks for a claim and against it."""
    reasons = []
    if verdict.beyond_m is not None and claim.distance_m is not None:
        side = "longer" if verdict.beyond_m >= 0 else "shorter"
        apart = format_both(abs(verdict.beyond_m), unit)
        reasons.append(f"the way is {apart} {side} than {format_both(claim.distance_m, unit)}")
    if verdict.missed:
        missed = listed([names.get(code, code) for code in verdict.missed], "or")
        reasons.append(f"it does not pass {missed}")
    elif claim.countries:
        passed = listed([names.get(code, code) for code in claim.countries], "and")
        reasons.append(f"it passes {passed}")
    if verdict.entered:
        entered = listed([names.get(code, code) for code in verdict.entered], "and")
        reasons.append(f"it does pass {entered}")
    elif claim.avoided:
        avoided = listed([names.get(code, code) for code in claim.avoided], "or")
        reasons.append(f"it does not pass {avoided}")
    return reasons


def say_unit(claim: Claim) -> str:
    """Say what a claimed distance is in the other units, and how an unnamed mile was read."""
    if claim.distance_m is None or claim.unit is None:
        return ""
    others = [unit for unit in (STATUTE_MILES, KILOMETRES, NAUTICAL_MILES) if unit != claim.unit]
    said = f"{format_amount(claim.distance_m, claim.unit)} {claim.unit.name}"
    equals = " or ".join(format_length(claim.distance_m, unit) for unit in others)
    sentence = f"{said} are {equals}."
    if claim.unit_said:
        return sentence
    nautical_m = _as_nautical_m(claim)
    return (
        f"The claim does not say which miles: statute miles are taken. {sentence} Were they "
        f"nautical miles, it would be {format_length(nautical_m, KILOMETRES)}."
    )


def say_as_nautical(claim: Claim, length_m: float, crossings: Sequence[Crossing]) -> str:
    """Tell where a claim in miles would come out otherwise if these were nautical; else nothing."""
    if claim.unit_said or claim.distance_m is None:
        return ""
    nautical_m = _as_nautical_m(claim)
    other = replace(claim, distance_m=nautical_m, unit=NAUTICAL_MILES, unit_said=True)
    holds = check_claim(other, length_m, crossings).holds
    if holds == check_claim(claim, length_m, crossings).holds:
        return ""
    return f"In nautical miles the claim would {'hold' if holds else 'not hold'}."


def say_difference(one: Claim, other: Claim) -> str:
    """Tell two claimed distances apart, such as 3,000 miles and 5,000 km."""
    if one.distance_m is None or other.distance_m is None:
        return ""
    apart_m = abs(one.distance_m - other.distance_m)
    lengths = [
        f"“{capital(claim.text)}” is "
        f"{format_both(claim.distance_m or 0, claim.unit or STATUTE_MILES)}"
        for claim in (one, other)
    ]
    if apart_m == 0:
        return f"{'; '.join(lengths)}. They are the same."
    return f"{'; '.join(lengths)}. They differ by {format_both(apart_m, KILOMETRES)}."


def _as_nautical_m(claim: Claim) -> float:
    return (claim.distance_m or 0) / STATUTE_MILES.metres * NAUTICAL_MILES.metres
