import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.claim import Claim, Passed, Verdict, check_claim, parse_claim
from geo.claim_distance import BETWEEN
from geo.errors import DataError, GeoError
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


def crossing(*claims: str, kind: Kind = "national", length_m: float = 1.0) -> Crossing:
    return Crossing(claims, "-".join(claims), kind, 0.0, length_m, (0.0, 0.0), (0.0, 0.0))


def whole(text: str) -> Claim:
    """Read a claim with the distance of the whole way."""
    return parse_claim(text, NAMES)[0]


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
        ("not more than 5000 km", "at most", 5e6, KILOMETRES, True),
        ("no less than 5000 km in all", "at least", 5e6, KILOMETRES, True),
        ("≤ 5000 km", "at most", 5e6, KILOMETRES, True),
        ("более 5 тысяч км", "more than", 5e6, KILOMETRES, True),
        ("Свыше 3000 миль", "more than", 4_828_032.0, STATUTE_MILES, False),
        ("не менее 2000 морских миль", "at least", 3_704_000.0, NAUTICAL_MILES, True),
    ],
)
def test_a_distance_is_read(
    text: str, than: str, distance_m: float, unit: Unit, said: bool
) -> None:
    (claim,) = parse_claim(text, NAMES)
    distance = claim.distance
    assert distance is not None
    assert (distance.than, distance.unit, distance.unit_said) == (than, unit, said)
    assert distance.distance_m == pytest.approx(distance_m, rel=1e-12)
    assert distance.most_m is None
    assert claim.countries == ()


@pytest.mark.parametrize(
    ("text", "least_m", "most_m", "unit", "said"),
    [
        ("between 1,000 and 2,000 miles", 1_609_344.0, 3_218_688.0, STATUTE_MILES, False),
        ("Between 1,000 statute miles and 2,000 mi", 1_609_344.0, 3_218_688.0, STATUTE_MILES, True),
        ("from 1 to 2 thousand km", 1e6, 2e6, KILOMETRES, True),
        ("between 500 km and 2 thousand km", 5e5, 2e6, KILOMETRES, True),
        ("between 1,000 and 1,000 nmi", 1_852_000.0, 1_852_000.0, NAUTICAL_MILES, True),
    ],
)
def test_a_range_is_read(text: str, least_m: float, most_m: float, unit: Unit, said: bool) -> None:
    distance = whole(text).distance
    assert distance is not None
    assert (distance.than, distance.unit, distance.unit_said) == (BETWEEN, unit, said)
    assert (distance.distance_m, distance.most_m) == pytest.approx((least_m, most_m), rel=1e-12)


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
        ("crosses Iraq", ("IRQ",)),
        ("passing over the Irak and Elfenbeinküste", ("IRQ", "CIV")),
        ("through Irak, Азербайджан", ("IRQ", "AZE")),
    ],
)
def test_countries_are_read_by_name_and_code(text: str, countries: tuple[str, ...]) -> None:
    assert whole(text).countries == countries


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
        ("avoids Iraq", (), ("IRQ",)),
        ("does not cross Iraq nor Iran", (), ("IRQ", "IRN")),
        ("over 5 km but not Iraq", (), ("IRQ",)),
        ("crosses Azerbaijan and Iran, but not Iraq", ("AZE", "IRN"), ("IRQ",)),
    ],
)
def test_countries_that_were_not_passed_are_read(
    text: str, countries: tuple[str, ...], avoided: tuple[str, ...]
) -> None:
    claim = whole(text)
    assert (claim.countries, claim.avoided) == (countries, avoided)


@pytest.mark.parametrize(
    ("text", "over"),
    [  # the countries whose part of the way is meant, in each reading; none stands for all of it
        ("more than 500 miles over Iraq", [(), ("IRQ",)]),
        ("more than 500 miles through Iraq and Iran via AZE", [(), ("IRQ", "IRN")]),
        ("more than 500 miles flying across Iraq without Iran", [(), ("IRQ",)]),
        ("more than 500 miles inside Iraq", [("IRQ",)]),
        ("more than 500 miles in Iraq, via Iran", [("IRQ",)]),
        ("more than 500 miles in all over Iraq", [()]),
        ("more than 500 miles via Iraq", [()]),
        ("more than 500 miles crossing Iraq", [()]),
        ("more than 500 miles, over Iraq", [()]),
        ("more than 500 miles and over Iraq", [()]),
        ("more than 500 miles not over Iraq", [()]),
        ("more than 500 miles without Iran over Iraq", [()]),
        ("over Iraq", [()]),
    ],
)
def test_a_distance_over_countries_is_read_both_ways(
    text: str, over: list[tuple[str, ...]]
) -> None:
    readings = parse_claim(text, NAMES)
    assert [claim.over for claim in readings] == over
    assert len({(claim.text, claim.countries, claim.avoided) for claim in readings}) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the claim is empty: write it like"),
        (" . ", "the claim is empty: write it like"),
        (
            "3,000 miles",
            'the claim "3,000 miles" says neither "more than" nor "less than": write it like',
        ),
        (
            "5000",
            'the claim "5000" says neither "more than" nor "less than", and has no unit (miles, '
            "nmi or km): write it like",
        ),
        ("over 5000", 'the claim "over 5000" has no unit (miles, nmi or km): write it like'),
        (
            "between 1,000 and 2,000",
            'the claim "between 1,000 and 2,000" has no unit (miles, nmi or km): write it like',
        ),
        ("5,000 km via Iraq", 'the claim "5,000 km via Iraq" says neither "more'),
        ("more than 3.000 km", 'the number "3.000" may be 3,000 or 3.0: write one of these'),
        ("over 3.120 km", 'the number "3.120" may be 3,120 or 3.12: write one of these'),
        ("over 12.125 km", 'the number "12.125" may be 12,125 or 12.1250: write one of these'),
        (
            "between 3.000 and 4,000 km",
            'the number "3.000" may be 3,000 or 3.0: write one of these',
        ),
        ("more than 3,00 miles", 'the distance "3,00 miles" can\'t be read: write it like'),
        ("over 3,00 miles", 'the distance "3,00 miles" can\'t be read: write it like'),
        ("more than 3.000,5 km", 'the distance "3.000,5 km" can\'t be read: write it like'),
        ("more than three km", 'the distance "three km" can\'t be read: write it like'),
        ("more than 3 parsecs", 'the claim "more than 3 parsecs" has no unit (miles, nmi or km)'),
        ("more than 3 kmh", 'the claim "more than 3 kmh" has no unit (miles, nmi or km)'),
        (
            "more than 3 km far",
            'the claim has "far" after the distance, which can\'t be read: write',
        ),
        ("well over 3 km", 'the claim has "well" before the distance, which can\'t be read: write'),
        ("over Iraq for more than 3 km", 'the claim has "over Iraq for" before the distance, '),
        ("more than 0 km", 'the distance "more than 0 km" is not one on earth'),
        ("over 1,234,567 km", 'the distance "over 1,234,567 km" is not one on earth'),
        ("between 0 and 5 km", 'the distance "between 0 and 5 km" is not one on earth'),
        (
            "between 2,000 and 1,000 km",
            'the range "between 2,000 and 1,000 km" begins with its longer end: write that last',
        ),
        (
            "between 1 km and 2 miles",
            'the range "between 1 km and 2 miles" has two units: write it',
        ),
        *(
            (
                text,
                f'the claim "{text}" can\'t be checked: only "more than", "at least", "less than", '
                '"at most" and "between" can',
            )
            for text in (
                "exactly 2,186 miles",
                "about 1,800 miles via Iraq",
                "Roughly 3000 km",
                "~3000 km",
                "more than about 3000 km",
                "около 3000 км",
            )
        ),
        (
            "rubbish",
            'the claim "rubbish" has no distance in it, and no "via" or "without" before a country',
        ),
        (
            "rubbish via Iraq",
            'the claim has "rubbish" before "via", which can\'t be read: write it',
        ),
        ("via Irac", 'there is no country "Irac"; did you mean Iraq or Iran?'),
        ("via Iraq, , Iran", "there is no country beside a comma"),
        ("via Xanadu\x1b", 'there is no country "Xanadu\ufffd"'),
        ("more than 3 km via", 'there is no country after "via"'),
        ("over 3 km via Iraq, avoiding", 'there is no country after "avoiding"'),
        ("without refuelling", 'there is no country "refuelling"'),
        *(
            (text, 'one claim is checked at a time, and "or" makes two of it')
            for text in (
                "via Iraq or Iran",
                "via Iraq or via Iran",
                "without Iraq or via Iran",
                "over 3,000 miles or via Iran",
                "over 3,000 miles or over 5,000 km",
            )
        ),
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
    for typed in (
        text,
        f"more than 3 km {text}",
        f"between 3 and {text} km",
        f"via {text}",
        f"via Iraq, not {text}",
    ):
        try:
            readings = parse_claim(typed, NAMES)
        except GeoError as error:
            assert len(str(error).splitlines()) == 1
        else:
            assert all(each.distance or each.countries or each.avoided for each in readings)


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
    claim = whole(f"{than} 1 km")
    lengths_m = (math.nextafter(1000, 0), 1000.0, math.nextafter(1000, 2000))
    assert [check_claim(claim, each, ()).holds for each in lengths_m] == [below, equal, above]
    assert check_claim(claim, 1250.0, ()).beyond_m == 250
    assert check_claim(claim, 750.0, ()).beyond_m == -250


def test_a_range_holds_at_its_ends_and_between_them() -> None:
    claim = whole("between 1 and 2 km")
    found = [check_claim(claim, each, ()) for each in (750.0, 1000.0, 1500.0, 2000.0, 2250.0)]
    assert [each.holds for each in found] == [False, True, True, True, False]
    assert [each.beyond_m for each in found] == [-250, 0, 0, 0, 250]


def test_countries_must_all_be_passed_in_any_order() -> None:
    claim = whole("more than 1 km via Iraq, Iran and Azerbaijan")
    crossings = [crossing("IRN"), crossing(), crossing("IRQ", length_m=7)]
    passed = (Passed("IRQ", 7.0, 0, True), Passed("IRN", 1.0, 0, True))
    found = check_claim(claim, 2000.0, crossings)
    assert found == Verdict(False, 1000.0, missed=("AZE",), passed=passed)
    assert check_claim(claim, 2000.0, [*crossings, crossing("AZE")]).holds
    assert check_claim(claim, 1.0, [*crossings, crossing("AZE")]).holds is False


def test_the_distance_over_countries_is_that_of_their_part_of_the_way() -> None:
    in_all, over = parse_claim("more than 500 km over Iraq and Iran", NAMES)
    crossings = [
        crossing("IRQ", length_m=200_000),
        crossing("AZE", length_m=900_000),
        crossing("IRN", length_m=150_000),
        crossing("IRN", "IRQ", kind="disputed", length_m=100_000),  # counts once
        crossing("IRQ", length_m=25_000),
    ]
    assert check_claim(in_all, 1_375_000, crossings).beyond_m == 875_000
    assert check_claim(in_all, 1_375_000, crossings).holds
    assert check_claim(over, 1_375_000, crossings).beyond_m == -25_000
    assert not check_claim(over, 1_375_000, crossings).holds
    longer = [*crossings, crossing("IRN", length_m=26_000)]
    assert check_claim(over, 1_401_000, longer).holds
    alone = [crossing("IRQ", length_m=600_000)]
    assert check_claim(over, 600_000, alone).missed == ("IRN",)
    assert not check_claim(over, 600_000, alone).holds
    (less,) = parse_claim("less than 500 km inside Iraq", NAMES)
    assert not check_claim(less, 600_000, [crossing("AZE", length_m=600_000)]).holds


def test_a_country_passed_where_another_claims_it_too_counts_and_is_told_apart() -> None:
    claim = whole("via Iraq and Iran")
    disputed = crossing("IRN", "IRQ", kind="disputed", length_m=3)
    both = (Passed("IRQ", 3.0, 3.0, False), Passed("IRN", 3.0, 3.0, False))
    assert check_claim(claim, 1.0, [disputed]) == Verdict(True, None, passed=both)
    partly = check_claim(claim, 1.0, [disputed, crossing("IRN")]).passed
    assert partly == (both[0], Passed("IRN", 4.0, 3.0, True))


def test_a_country_that_is_avoided_must_not_be_passed() -> None:
    claim = whole("via Iraq without Iran")
    assert check_claim(claim, 1.0, [crossing("IRQ")]).holds
    both = check_claim(claim, 1.0, [crossing("IRQ"), crossing("IRN")])
    assert (both.holds, both.missed, both.entered) == (False, (), ("IRN",))
    disputed = [crossing("IRQ"), crossing("AZE", "IRN", kind="disputed")]
    found = check_claim(claim, 1.0, disputed)
    assert (found.holds, found.entered, found.passed[1].firm) == (False, ("IRN",), False)


def test_a_claim_keeps_its_text() -> None:
    assert parse_claim(" Via  Iraq. ", NAMES) == (Claim("Via Iraq", countries=("IRQ",)),)


def test_without_the_file_of_names_a_country_s_own_name_is_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unread() -> None:
        raise DataError("names.json: can't be read")

    monkeypatch.setattr("geo.claim_countries.load_names", unread)
    assert whole("via Iraq").countries == ("IRQ",)
    with pytest.raises(GeoError, match=r'there is no country "Irak"; did you mean Iraq'):
        parse_claim("via Irak", NAMES)
