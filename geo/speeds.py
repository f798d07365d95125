"""Write speeds in the units that go with the reader's unit of length."""

from collections.abc import Mapping

from geo.units import Unit

_SYMBOLS: Mapping[str, str] = {"mi": "mph", "nmi": "kn", "km": "km/h"}


def speed_symbol(unit: Unit) -> str:
    """Name a unit of length an hour, such as "mph"."""
    return _SYMBOLS[unit.symbol]


def in_speed_unit(speed_kmh: float, unit: Unit) -> float:
    """Convert kilometres an hour, unrounded."""
    return speed_kmh * 1000 / unit.metres


def from_speed_unit(amount: float, unit: Unit) -> float:
    """Convert to kilometres an hour, unrounded."""
    return amount * unit.metres / 1000


def format_speed(speed_kmh: float, unit: Unit) -> str:
    """Write a speed with its symbol, such as "497 mph"."""
    return f"{in_speed_unit(speed_kmh, unit):,.0f} {speed_symbol(unit)}"
