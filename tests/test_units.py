"""Units: the definitions of 1959 (mile) and 1929 (nautical mile), and rounding that says so."""

import pytest

from geo.units import (
    KILOMETRES,
    NAUTICAL_MILES,
    STATUTE_MILES,
    UNITS,
    Unit,
    format_amount,
    format_length,
    in_unit,
)


def test_a_unit_is_found_by_its_symbol() -> None:
    assert UNITS == {"mi": STATUTE_MILES, "nmi": NAUTICAL_MILES, "km": KILOMETRES}


def test_three_thousand_miles_in_metres() -> None:
    assert in_unit(4_828_032.0, STATUTE_MILES) == 3000
    assert in_unit(5_556_000.0, NAUTICAL_MILES) == 3000
    assert in_unit(1.0, KILOMETRES) == 0.001


@pytest.mark.parametrize(
    ("length_m", "unit", "text"),
    [
        (2_936_970.0, STATUTE_MILES, "1,825 mi"),
        (2_936_970.0, KILOMETRES, "2,937 km"),
        (2_936_970.0, NAUTICAL_MILES, "1,586 nmi"),
        (9_949.0, KILOMETRES, "9.9 km"),
        (9_951.0, KILOMETRES, "10 km"),
        (100.0, KILOMETRES, "0.1 km"),
        (40.0, KILOMETRES, "<0.1 km"),
        (0.0, KILOMETRES, "0 km"),
    ],
)
def test_a_length_is_whole_from_ten_on(length_m: float, unit: Unit, text: str) -> None:
    assert format_length(length_m, unit) == text


def test_decimals_keep_a_length_on_its_side_of_a_limit() -> None:
    just_below_m = 2_999.6 * 1609.344
    assert format_length(just_below_m, STATUTE_MILES) == "3,000 mi"
    assert format_length(just_below_m, STATUTE_MILES, decimals=1) == "2,999.6 mi"


def test_an_amount_has_no_symbol() -> None:
    assert format_amount(1_852_000.0, NAUTICAL_MILES) == "1,000"
    assert format_amount(400.0, KILOMETRES, decimals=0) == "<1"
