import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.claim import Claim, Verdict, check_claim, parse_claim
from geo.errors import GeoError
from geo.model import Crossing, Kind
from geo.units import KILOMETRES, NAUTICAL_MILES, STATUTE_MILES, Unit

NAMES = {
    "IRQ": "Iraq",
    "IRN": "Iran",
    "AZE": "Azerbaijan",
    "TTO": "Trinidad and Tobago",
    "BIH": "Bosnia and Herzegovina",
    "CIV": "Côte d'Ivoire",
}

AIRSPACE_BOXES = np.array([shapely.box(i, 0, i + 1, 1) for i in range(4)])


def crossing(*claims: str, kind: Kind = "national") -> Crossing:
    return Crossing(claims, "-".join(claims), kind, 0.0, 1.0, (0.0, 0.0), (0.0, 0.0))


@pytest.mark.parametrize(
    ("text", "than", "distance_m", "unit", "said"),
    [  # a statute mile is 1,609.344 m, a nautical mile 1,852 m, both by definition
        ("more than 3,000 miles", "more than", 4_828_032.0, STATUTE_MILES, False),
        ("  More  THAN 3000 mi. ", "more than", 4_828_032.0, STATUTE_MILES, False),
        ("over 3 000 statute miles", "more than", 4_828_032.0, STATUTE_MILES, True),
        ("over 5,000 km", "more than", 5e6, KILOMETRES, True),
        ("more than 5 thousand km", "more than", 5e6, KILOMETRES, True),
        ("at least 2,000 nmi", "at least", 3_704_000.0, NAUTICAL_MILES, True),
        ("at least 2000 nautical miles", "at least", 3_704_000.0, NAUTICAL_MILES, True),
        ("less than 3106.86 miles", "less than", 3106.86 * 1609.344, STATUTE_MILES, False),
        ("no more than 1km", "at most", 1000.0, KILOMETRES, True),
        (">1,234.5 kilometers", "more than", 1_234_500.0, KILOMETRES, True),
    ],
)
def test_a_distance_is_read(
    text: str, than: str, distance_m: float, unit: Unit, said: bool
) -> None:
    claim = parse_claim(text, NAMES)
    assert (claim.than, claim.unit, claim.unit_said, claim.countries) == (than, unit, said, ())
    assert claim.distance_m == pytest.approx(distance_m, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("at least 2,000 nmi via Iraq, Iran and Azerbaijan", ("IRQ", "IRN", "AZE")),
        ("over 5,000 km over Iraq, and Iran", ("IRQ", "IRN")),
        ("more than 5 km through iraq and iran and AZERBAIJAN", ("IRQ", "IRN", "AZE")),
        ("via IRQ", ("IRQ",)),
        ("over irq, Iraq", ("IRQ",)),
        ("via Trinidad and Tobago", ("TTO",)),
        ("via Iraq and Trinidad and Tobago", ("IRQ", "TTO")),
        ("via Bosnia and Herzegovina and Iraq", ("BIH", "IRQ")),
        ("via Cote d'Ivoire", ("CIV",)),
    ],
)
def test_countries_are_read_by_name_and_code(text: str, countries: tuple[str, ...]) -> None:
    assert parse_claim(text, NAMES).countries == countries


@pytest.mark.parametrize(
    ("text", "countries", "avoided"),
    [
        ("over 5,000 km without crossing Iraq", (), ("IRQ",)),
        ("over 5,000 km, avoiding Iraq", (), ("IRQ",)),
        ("avoiding Iraq, Iran and IRQ", (), ("IRQ", "IRN")),
        ("without Iraq or Trinidad and Tobago", (), ("IRQ", "TTO")),
        ("not over Iraq", (), ("IRQ",)),
        ("Not passing through Iraq", (), ("IRQ",)),
        ("over 5 km via Azerbaijan and Iran, but not via Iraq", ("AZE", "IRN"), ("IRQ",)),
        ("without Iraq, via Iran and through AZE", ("IRN", "AZE"), ("IRQ",)),
    ],
)
def test_countries_that_were_not_passed_are_read(
    text: str, countries: tuple[str, ...], avoided: tuple[str, ...]
) -> None:
    claim = parse_claim(text, NAMES)
    assert (claim.countries, claim.avoided) == (countries, avoided)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the claim is empty; write it like"),
        (" . ", "the claim is empty; write it like"),
        (
            "3,000 miles",
            'claim "3,000 miles": neither "more than" nor "less than" in it; write it like',
        ),
        (
            "5000",
            'claim "5000": neither "more than" nor "less than" in it, and no unit in it '
            "(miles, nmi or km); write it like",
        ),
        ("over 5000", 'claim "over 5000": no unit in it (miles, nmi or km); write it like'),
        (
            "5,000 km via Iraq",
            'claim "5,000 km via Iraq": neither "more than" nor "less than" in it; write it like',
        ),
        (
            "more than 3.000 km",
            'claim "more than 3.000 km": 3.000 may be 3,000 or 3.0: write one of these',
        ),
        ("over 3.120 km", 'claim "over 3.120 km": 3.120 may be 3,120 or 3.12: write one of these'),
        (
            "over 12.125 km",
            'claim "over 12.125 km": 12.125 may be 12,125 or 12.1250: write one of these',
        ),
        ("more than 3,00 miles", 'claim "more than 3,00 miles": no distance in it'),
        ("more than 3.000,5 km", 'claim "more than 3.000,5 km": no distance in it'),
        ("more than three km", 'claim "more than three km": no distance in it'),
        ("more than 3 parsecs", 'claim "more than 3 parsecs": no unit in it (miles, nmi or km)'),
        ("more than 3 kmh", 'claim "more than 3 kmh": no unit in it (miles, nmi or km)'),
        ("more than 3 km far", 'claim "more than 3 km far": can\'t read "far" after the distance'),
        ("more than 0 km", 'claim "more than 0 km": the distance is not one on earth'),
        ("over 1,234,567 km", 'claim "over 1,234,567 km": the distance is not one on earth'),
        ("via Irak", 'no country "Irak"; did you mean Iraq or Iran?'),
        ("via Iraq, , Iran", 'no country ""'),
        ("via Xanadu\x1b", 'no country "Xanadu\ufffd"'),
        ("more than 3 km via", 'no country after "via"'),
        ("over 3 km via Iraq, avoiding", 'no country after "avoiding"'),
        ("without refuelling", 'no country "refuelling"'),
        ("via Iraq or Iran", 'no country "Iraq or Iran"'),
        ("via Iraq and Iran, not via IRQ", "Iraq can't be both passed and avoided"),
        ("x" * 501, "the claim has 501 characters; at most 500 are read"),
    ],
)
def test_what_is_no_claim_is_refused_by_name(text: str, message: str) -> None:
    with pytest.raises(GeoError) as caught:
        parse_claim(text, NAMES)
    assert str(caught.value).startswith(message)


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_in_one_line(text: str) -> None:
    for typed in (text, f"more than 3 km {text}", f"via {text}", f"via Iraq, not {text}"):
        try:
            claim = parse_claim(typed, NAMES)
        except GeoError as error:
            assert len(str(error).splitlines()) == 1
        else:
            assert claim.distance_m or claim.countries or claim.avoided


@pytest.mark.parametrize(
    ("than", "below", "equal", "above"),
    [
        ("more than", False, False, True),
        ("at least", False, True, True),
        ("less than", True, False, False),
        ("at most", True, True, False),
    ],
)
def test_a_distance_holds_or_not(than: str, below: bool, equal: bool, above: bool) -> None:
    claim = parse_claim(f"{than} 1 km", NAMES)
    lengths_m = (math.nextafter(1000, 0), 1000.0, math.nextafter(1000, 2000))
    assert [check_claim(claim, each, ()).holds for each in lengths_m] == [below, equal, above]
    assert check_claim(claim, 1250.0, ()).beyond_m == 250
    assert check_claim(claim, 750.0, ()).beyond_m == -250


def test_countries_must_all_be_passed_in_any_order() -> None:
    claim = parse_claim("more than 1 km via Iraq, Iran and Azerbaijan", NAMES)
    crossings = [crossing("IRN"), crossing(), crossing("IRQ")]
    assert check_claim(claim, 2000.0, crossings) == Verdict(False, True, 1000.0, ("AZE",), ())
    assert check_claim(claim, 2000.0, [*crossings, crossing("AZE")]).holds
    assert check_claim(claim, 1.0, [*crossings, crossing("AZE")]).holds is False


def test_a_country_passed_where_another_claims_it_too_counts_and_is_named() -> None:
    claim = parse_claim("via Iraq and Iran", NAMES)
    disputed = crossing("IRN", "IRQ", kind="disputed")
    assert check_claim(claim, 1.0, [disputed]) == Verdict(True, True, None, (), ("IRQ", "IRN"))
    assert check_claim(claim, 1.0, [disputed, crossing("IRN")]).disputed == ("IRQ",)


def test_a_country_that_is_avoided_must_not_be_passed() -> None:
    claim = parse_claim("via Iraq without Iran", NAMES)
    assert check_claim(claim, 1.0, [crossing("IRQ")]) == Verdict(True, True, None, (), ())
    both = check_claim(claim, 1.0, [crossing("IRQ"), crossing("IRN")])
    assert both == Verdict(False, True, None, (), (), ("IRN",))
    disputed = [crossing("IRQ"), crossing("AZE", "IRN", kind="disputed")]
    assert check_claim(claim, 1.0, disputed) == Verdict(False, True, None, (), ("IRN",), ("IRN",))


def test_a_claim_keeps_its_text() -> None:
    assert parse_claim(" Via  Iraq. ", NAMES) == Claim("Via Iraq", countries=("IRQ",))
