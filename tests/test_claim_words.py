import pytest

from geo.claim import check_claim, parse_claim
from geo.claim_words import say_as_nautical, say_difference, say_unit, say_verdict
from geo.model import Crossing

NAMES = {"IRQ": "Iraq", "IRN": "Iran", "TUR": "Turkey"}
CROSSINGS = (Crossing(("TUR",), "Turkey", "national", 0.0, 1.0, (0.0, 0.0), (0.0, 0.0)),)


def said(text: str, length_m: float = 2_937_013.2) -> str:
    claim = parse_claim(text, NAMES)
    verdict = check_claim(claim, length_m, CROSSINGS)
    return say_verdict(claim, verdict, length_m, NAMES, "Hmeymim to Shagol")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "more than 3,000 miles",
            "Hmeymim to Shagol: 1,825 mi (2,937 km). “More than 3,000 miles” does not hold: "
            "the way is 1,175 mi (1,891 km) shorter than 3,000 mi (4,828 km).",
        ),
        (
            "over 2,000 km via Turkey",
            "Hmeymim to Shagol: 2,937 km (1,825 mi). “Over 2,000 km via Turkey” holds: "
            "the way is 937 km (582 mi) longer than 2,000 km (1,243 mi); it passes Turkey.",
        ),
        (
            "at least 1,000 nmi via Iraq, Iran and Turkey",
            "Hmeymim to Shagol: 1,586 nmi (2,937 km). “At least 1,000 nmi via Iraq, Iran and "
            "Turkey” does not hold: the way is 586 nmi (1,085 km) longer than 1,000 nmi "
            "(1,852 km); it does not pass Iraq or Iran.",
        ),
        (
            "over 2,000 km without crossing Turkey",
            "Hmeymim to Shagol: 2,937 km (1,825 mi). “Over 2,000 km without crossing Turkey” does "
            "not hold: the way is 937 km (582 mi) longer than 2,000 km (1,243 mi); it does pass "
            "Turkey.",
        ),
        (
            "via Turkey, avoiding Iraq and Iran",
            "Hmeymim to Shagol: 1,825 mi (2,937 km). “Via Turkey, avoiding Iraq and Iran” holds: "
            "it passes Turkey; it does not pass Iraq or Iran.",
        ),
        (
            "via IRQ",
            "Hmeymim to Shagol: 1,825 mi (2,937 km). “Via IRQ” does not hold: "
            "it does not pass Iraq.",
        ),
    ],
)
def test_a_verdict_is_told_with_its_measure(text: str, sentence: str) -> None:
    assert said(text) == sentence


def test_airspace_that_others_claim_is_said_to_be_that() -> None:
    claim = parse_claim("via Iraq", NAMES)
    both = Crossing(("IRN", "IRQ"), "", "disputed", 0.0, 1.0, (0.0, 0.0), (0.0, 0.0))
    sentence = say_verdict(claim, check_claim(claim, 1.0, [both]), 1.0, NAMES, "it")
    assert sentence.endswith(
        "“Via Iraq” holds: it passes Iraq. "
        "It passes Iraq only where another state claims the airspace too."
    )


def test_the_unit_is_told_in_the_others_and_a_plain_mile_is_explained() -> None:
    assert say_unit(parse_claim("over 5,000 km", NAMES)) == (
        "5,000 kilometres are 3,107 mi or 2,700 nmi."
    )
    assert say_unit(parse_claim("more than 3,000 miles", NAMES)) == (
        "The claim does not say which miles: statute miles are taken. "
        "3,000 statute miles are 4,828 km or 2,607 nmi. "
        "Were they nautical miles, it would be 5,556 km."
    )
    assert say_unit(parse_claim("via Iraq", NAMES)) == ""


def test_it_is_told_where_nautical_miles_would_turn_the_answer() -> None:
    claim = parse_claim("more than 3,000 miles", NAMES)
    told = [say_as_nautical(claim, length_m, ()) for length_m in (4_000_000, 5_000_000, 5_600_000)]
    assert told == ["", "In nautical miles the claim would not hold.", ""]
    less = parse_claim("less than 3,000 miles", NAMES)
    assert say_as_nautical(less, 5_000_000, ()) == "In nautical miles the claim would hold."
    assert say_as_nautical(parse_claim("over 3,000 nmi", NAMES), 5_000_000, ()) == ""
    avoided = parse_claim("more than 3,000 miles without Turkey", NAMES)
    assert say_as_nautical(avoided, 5_000_000, CROSSINGS) == ""
    assert say_as_nautical(parse_claim("via Iraq", NAMES), 5_000_000, ()) == ""


def test_3000_miles_and_5000_km_are_told_apart() -> None:
    miles, km, via = (
        parse_claim(text, NAMES)
        for text in ("more than 3,000 miles", "more than 5 thousand km", "via Iraq")
    )
    assert say_difference(miles, km) == (
        "“More than 3,000 miles” is 3,000 mi (4,828 km); "
        "“More than 5 thousand km” is 5,000 km (3,107 mi). They differ by 172 km (107 mi)."
    )
    assert say_difference(km, km).endswith("They are the same.")
    assert say_difference(km, via) == ""
