import pytest

from geo.claim import Claim, check_claim, parse_claim
from geo.claim_words import (
    say_as_nautical,
    say_difference,
    say_reading,
    say_unit,
    say_verdict,
)
from geo.model import Crossing

NAMES = {"IRQ": "Iraq", "IRN": "Iran", "TUR": "Turkey"}
CROSSINGS = (Crossing(("TUR",), "Turkey", "national", 0.0, 489_000.0, (0.0, 0.0), (0.0, 0.0)),)


def whole(text: str) -> Claim:
    return parse_claim(text, NAMES)[0]


def said(text: str, length_m: float = 2_937_013.2) -> str:
    return told(text, length_m, CROSSINGS)


def told(text: str, length_m: float, crossings: tuple[Crossing, ...]) -> str:
    readings = parse_claim(text, NAMES)
    verdicts = [check_claim(claim, length_m, crossings) for claim in readings]
    return say_verdict(readings, verdicts, length_m, crossings, NAMES, "Hmeymim to Shagol")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "more than 3,000 miles",
            "Hmeymim to Shagol: 1,825 mi (2,937 km). “More than 3,000 miles” does not hold: "
            "the way is 1,175 mi (1,891 km) shorter than 3,000 mi (4,828 km).",
        ),
        (
            "between 1,000 and 1,500 miles",
            "Hmeymim to Shagol: 1,825 mi (2,937 km). “Between 1,000 and 1,500 miles” does not "
            "hold: the way is 325 mi (523 km) longer than 1,500 mi (2,414 km).",
        ),
        (
            "from 1,000 to 2,000 miles",
            "Hmeymim to Shagol: 1,825 mi (2,937 km). “From 1,000 to 2,000 miles”, read as between "
            "1,000 and 2,000 mi in all, holds: the way is between 1,000 mi (1,609 km) and 2,000 mi "
            "(3,219 km).",
        ),
        (
            "over 2,000 km via Turkey",
            "Hmeymim to Shagol: 2,937 km (1,825 mi) in all; 489 km (304 mi) of it over Turkey. "
            "“Over 2,000 km via Turkey”, read as more than 2,000 km in all, and passing Turkey, "
            "holds: the way is 937 km (582 mi) longer than 2,000 km (1,243 mi); it passes Turkey.",
        ),
        (
            "at least 1,000 nmi via Iraq, Iran and Turkey",
            "Hmeymim to Shagol: 1,586 nmi (2,937 km) in all; 264 nmi (489 km) of it over Turkey. "
            "“At least 1,000 nmi via Iraq, Iran and Turkey”, read as at least 1,000 nmi in all, "
            "and passing Iraq, Iran and Turkey, does not hold: the way is 586 nmi (1,085 km) "
            "longer than 1,000 nmi (1,852 km); it does not pass Iraq or Iran.",
        ),
        (
            "over 2,000 km without crossing Turkey",
            "Hmeymim to Shagol: 2,937 km (1,825 mi). “Over 2,000 km without crossing Turkey”, read "
            "as more than 2,000 km in all, and not passing Turkey, does not hold: the way is "
            "937 km (582 mi) longer than 2,000 km (1,243 mi); it does pass Turkey.",
        ),
        (
            "via Turkey, avoiding Iraq and Iran",
            "Hmeymim to Shagol: 1,825 mi (2,937 km) in all; 304 mi (489 km) of it over Turkey. "
            "“Via Turkey, avoiding Iraq and Iran”, read as passing Turkey, and not passing Iraq or "
            "Iran, holds: it passes Turkey; it does not pass Iraq or Iran.",
        ),
        (
            "via IRQ",
            "Hmeymim to Shagol: 1,825 mi (2,937 km). “Via IRQ”, read as passing Iraq, does not "
            "hold: it does not pass Iraq.",
        ),
        (
            "more than 500 miles in Turkey",
            "Hmeymim to Shagol: 1,825 mi (2,937 km) in all; 304 mi (489 km) of it over Turkey. "
            "“More than 500 miles in Turkey”, read as more than 500 mi of the way over Turkey, "
            "does not hold: the way over Turkey is 196 mi (316 km) shorter than 500 mi (805 km).",
        ),
        (
            "more than 500 miles over Turkey",
            "Hmeymim to Shagol: 1,825 mi (2,937 km) in all; 304 mi (489 km) of it over Turkey. "
            "“More than 500 miles over Turkey” can be read in two ways. Read as more than 500 mi "
            "in all, and passing Turkey, it holds: the way is 1,325 mi (2,132 km) longer than "
            "500 mi (805 km); it passes Turkey. Read as more than 500 mi of the way over Turkey, "
            "it does not hold: the way over Turkey is 196 mi (316 km) shorter than 500 mi "
            "(805 km).",
        ),
        (
            "more than 280 miles over Turkey",
            "Hmeymim to Shagol: 1,825 mi (2,937 km) in all; 304 mi (489 km) of it over Turkey. "
            "“More than 280 miles over Turkey” can be read in two ways. Read as more than 280 mi "
            "in all, and passing Turkey, it holds: the way is 1,545 mi (2,486 km) longer than "
            "280 mi (451 km); it passes Turkey. Read as more than 280 mi of the way over Turkey, "
            "it holds: the way over Turkey is 24 mi (38 km) longer than 280 mi (451 km). In "
            "nautical miles the claim would not hold.",
        ),
        (
            "more than 500 km over Iraq",
            "Hmeymim to Shagol: 2,937 km (1,825 mi). “More than 500 km over Iraq” can be read in "
            "two ways. Read as more than 500 km in all, and passing Iraq, it does not hold: the "
            "way is 2,437 km (1,514 mi) longer than 500 km (311 mi); it does not pass Iraq. Read "
            "as more than 500 km of the way over Iraq, it does not hold: it does not pass Iraq.",
        ),
    ],
)
def test_a_verdict_is_told_with_its_measure(text: str, sentence: str) -> None:
    assert said(text) == sentence


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("More than 3,000 miles", [""]),
        ("between 1,000 and 2,000 km", [""]),
        ("over 3,106.86 miles", ["more than 3,106.86 mi in all"]),
        ("not more than 5000 km", ["at most 5,000 km in all"]),
        ("more than 500 miles via Iraq", ["more than 500 mi in all, and passing Iraq"]),
        ("avoids Iraq and Iran", ["not passing Iraq or Iran"]),
        (
            "less than 500 km over Iraq",
            [
                "less than 500 km in all, and passing Iraq",
                "less than 500 km of the way over Iraq, passing it",
            ],
        ),
        (
            "over 500 km over Iraq and Iran via Turkey",
            [
                "more than 500 km in all, and passing Iraq, Iran and Turkey",
                "more than 500 km of the way over Iraq and Iran together, passing each, and "
                "passing Turkey",
            ],
        ),
    ],
)
def test_a_claim_s_reading_is_told_where_it_says_more_than_was_typed(
    text: str, readings: list[str]
) -> None:
    assert [say_reading(claim, NAMES) for claim in parse_claim(text, NAMES)] == readings


def test_airspace_that_others_claim_is_said_to_be_that() -> None:
    both = Crossing(("IRN", "IRQ"), "", "disputed", 0.0, 50_000.0, (0.0, 0.0), (0.0, 0.0))
    assert told("via Iraq", 50_000.0, (both,)).endswith(
        "holds: it passes Iraq. It passes Iraq only where another state claims the airspace too."
    )
    firm = Crossing(("IRQ",), "Iraq", "national", 50_000.0, 90_000.0, (0.0, 0.0), (0.0, 0.0))
    sentence = told("via Iraq", 90_000.0, (both, firm))
    assert "56 mi (90 km) in all; 56 mi (90 km) of it over Iraq." in sentence
    assert sentence.endswith("Of its way over Iraq, another state claims 31 mi (50 km) too.")


def test_the_unit_is_told_in_the_others_and_a_plain_mile_is_explained() -> None:
    assert say_unit(whole("over 5,000 km")) == "5,000 kilometres are 3,107 mi or 2,700 nmi."
    assert say_unit(whole("more than 3,000 miles")) == (
        "The claim does not say which miles: statute miles are taken. "
        "3,000 statute miles are 4,828 km or 2,607 nmi. "
        "Were they nautical miles, it would be 5,556 km."
    )
    assert say_unit(whole("between 1,000 and 2,000 miles")) == (
        "The claim does not say which miles: statute miles are taken. "
        "1,000 to 2,000 statute miles are 1,609 to 3,219 km or 869 to 1,738 nmi. "
        "Were they nautical miles, it would be 1,852 to 3,704 km."
    )
    assert say_unit(whole("via Iraq")) == ""


def test_it_is_told_where_nautical_miles_would_turn_the_answer() -> None:
    claim = whole("more than 3,000 miles")
    lengths_m = (4_000_000, 5_000_000, 5_600_000)
    assert [say_as_nautical(claim, length_m, ()) for length_m in lengths_m] == [
        "",
        "In nautical miles the claim would not hold.",
        "",
    ]
    less = whole("less than 3,000 miles")
    assert say_as_nautical(less, 5_000_000, ()) == "In nautical miles the claim would hold."
    between = whole("between 1,000 and 3,000 miles")
    assert say_as_nautical(between, 5_000_000, ()) == "In nautical miles the claim would hold."
    assert say_as_nautical(whole("over 3,000 nmi"), 5_000_000, ()) == ""
    avoided = whole("more than 3,000 miles without Turkey")
    assert say_as_nautical(avoided, 5_000_000, CROSSINGS) == ""
    assert say_as_nautical(whole("via Iraq"), 5_000_000, ()) == ""


def test_3000_miles_and_5000_km_are_told_apart() -> None:
    miles, km, between = (
        whole(text).distance
        for text in (
            "more than 3,000 miles",
            "more than 5 thousand km via Iraq",
            "between 1 and 2 km",
        )
    )
    assert miles is not None
    assert km is not None
    assert between is not None
    assert say_difference(miles, km) == (
        "“More than 3,000 miles” is 3,000 mi (4,828 km); "
        "“More than 5 thousand km” is 5,000 km (3,107 mi). They differ by 172 km (107 mi)."
    )
    assert say_difference(km, km).endswith("They are the same.")
    assert say_difference(km, between) == ""
