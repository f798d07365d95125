"""Turn metres into what the reader asks for, at the last step only."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of length as the reader sees it; `metres` is how many make one of it."""

    name: str
    symbol: str
    metres: float


STATUTE_MILES = Unit("statute miles", "mi", 1609.344)
NAUTICAL_MILES = Unit("nautical miles", "nmi", 1852.0)
KILOMETRES = Unit("kilometres", "km", 1000.0)
UNITS: dict[str, Unit] = {unit.symbol: unit for unit in (STATUTE_MILES, NAUTICAL_MILES, KILOMETRES)}

# What people write for them, in lower case; miles that aren't called nautical are statute ones.
UNIT_WORDS: Mapping[str, Unit] = {
    **dict.fromkeys(("mile", "miles", "mi", "statute mile", "statute miles"), STATUTE_MILES),
    **dict.fromkeys(("nautical mile", "nautical miles", "nmi", "nm"), NAUTICAL_MILES),
    **dict.fromkeys(("km", "kilometre", "kilometres", "kilometer", "kilometers"), KILOMETRES),
}


def in_unit(length_m: float, unit: Unit) -> float:
    """Convert metres, unrounded."""
    return length_m / unit.metres


def format_amount(length_m: float, unit: Unit, *, decimals: int | None = None) -> str:
    """Write a length without its symbol: whole from 10 on, with one decimal below.

    A length that isn't zero is never written as zero, but as less than the last digit shown.
    """
    amount = in_unit(length_m, unit)
    if decimals is None:
        decimals = 0 if amount == 0 or round(amount, 1) >= 10 else 1
    smallest = 10.0**-decimals
    if amount > 0 and round(amount, decimals) < smallest:
        return f"<{smallest:.{decimals}f}"
    return f"{amount:,.{decimals}f}"


def format_length(length_m: float, unit: Unit, *, decimals: int | None = None) -> str:
    """Write a length with its symbol, such as "1,825 mi"; see `format_amount`."""
    return f"{format_amount(length_m, unit, decimals=decimals)} {unit.symbol}"


def format_both(length_m: float, unit: Unit) -> str:
    """Write a length in its unit and, in brackets, in kilometres or else in miles."""
    other = STATUTE_MILES if unit is KILOMETRES else KILOMETRES
    return f"{format_length(length_m, unit)} ({format_length(length_m, other)})"
