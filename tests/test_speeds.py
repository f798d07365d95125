import pytest

from geo.speeds import format_speed, from_speed_unit, in_speed_unit, speed_symbol
from geo.units import KILOMETRES, NAUTICAL_MILES, STATUTE_MILES, Unit


@pytest.mark.parametrize(
    ("unit", "symbol", "amount", "said"),
    [  # a knot is 1.852 km/h, a mile an hour 1.609344 km/h, both by definition
        (KILOMETRES, "km/h", 1852.0, "1,852 km/h"),
        (NAUTICAL_MILES, "kn", 1000.0, "1,000 kn"),
        (STATUTE_MILES, "mph", 1852 / 1.609344, "1,151 mph"),
    ],
)
def test_a_speed_is_written_in_the_unit_of_length(
    unit: Unit, symbol: str, amount: float, said: str
) -> None:
    assert speed_symbol(unit) == symbol
    assert in_speed_unit(1852.0, unit) == pytest.approx(amount)
    assert from_speed_unit(amount, unit) == pytest.approx(1852.0)
    assert format_speed(1852.0, unit) == said
