"""What the side "The claim" tells of a claim typed: how it is read, and what comes of it."""

import html
import re

import pytest

from tests.test_views import OPENING, opened, routes, texts
from tests.test_views_explore import CLAIMED, said


def told(claim: str) -> str:
    return " ".join(said(opened({"tab": CLAIMED, "claim": claim})).split())


def test_a_distance_over_a_country_is_checked_in_all_and_inside() -> None:
    page = told("more than 500 miles over Syria")
    assert "“More than 500 miles over Syria” can be read in two ways, and both are checked." in page
    assert (
        "Read as more than 500 mi in all, and passing Syria: the claim holds for 6 of the 6 routes "
        "shown."
    ) in page
    assert (
        "Read as more than 500 mi of the way over Syria: the claim holds for none of the 6 routes "
        "shown."
    ) in page
    assert (
        "To Way Distance, mi Over Syria, mi Holds in all? By how much in all Holds over Syria? "
        "By how much over Syria Not passed"
    ) in page
    assert "745 33 Yes 245 mi longer No 467 mi shorter –" in page
    assert "“More than 500 miles over Syria” holds" not in page
    assert "in all; 33 mi (53 km) of it over Syria." in page
    assert "Read as more than 500 mi of the way over Syria, it does not hold" in page


def test_a_claim_read_in_one_way_is_told_as_it_was_read() -> None:
    page = told("more than 500 miles via Syria")
    assert "Read as: more than 500 mi in all, and passing Syria. The claim holds for 6 of" in page
    assert "“More than 500 miles via Syria”, read as more than 500 mi in all, and passing" in page
    two = told("over 500 miles via Iraq and Iran")
    assert "To Way Distance, mi Of it over Holds? By how much Not passed" in two
    assert "1,636 Iraq 229 mi, Iran 239 mi Yes" in two
    inside = told("more than 30 miles in Syria")
    assert "Read as: more than 30 mi of the way over Syria. The claim holds for" in inside
    assert "two ways" not in inside


def test_the_story_s_claim_is_told_in_its_own_words() -> None:
    page = " ".join(said(opened({"tab": CLAIMED})).split())
    assert "To Way Distance, mi Holds? By how much" in page
    assert "“More than 3,000 miles” does not hold: the way is 1,175 mi (1,891 km) shorter" in page
    assert "ead as" not in page
    assert "In nautical" not in page


def test_a_range_and_a_claim_of_countries_alone_are_checked() -> None:
    page = told("between 1,000 and 2,000 miles")
    assert "1,000 to 2,000 statute miles are 1,609 to 3,219 km" in page
    assert "Yes within" in page
    assert "They differ by" not in page
    assert "Read as: passing Russia. The claim holds for 6 of the 6" in told("crosses Russia")
    assert "Read as: not passing Turkey. The claim holds for" in told("avoids Turkiye")


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        (
            "about 1,800 miles",
            'The claim "about 1,800 miles" can\'t be checked: only "more than", "at least", "less '
            'than", "at most" and "between" can.',
        ),
        ("via Iraw", 'There is no country "Iraw"; did you mean Iraq or'),
        ("via Iraq or Iran", 'One claim is checked at a time, and "or" makes two of it.'),
        ("1,800 miles", 'The claim "1,800 miles" says neither "more than" nor "less than": write'),
        ("via", 'There is no country after "via".'),
    ],
)
def test_a_refusal_is_a_sentence(claim: str, sentence: str) -> None:
    app = opened({"tab": CLAIMED, "claim": claim})
    (refused,) = re.findall(r'<p class="corridor-refused">([^<]*)</p>', texts(app))
    assert html.unescape(refused).startswith(sentence)
    assert routes(app) == OPENING
