from dataclasses import replace

import pytest

from geo.compare import compare
from geo.phrases import capital
from geo.units import KILOMETRES, STATUTE_MILES
from geo.words import say_how_far, say_what_is_known
from tests.data.small import FLIGHTS, ROWS, STORY, rows_of


def test_each_grade_of_certainty_has_its_sentence() -> None:
    assert say_what_is_known(STORY, ROWS) == (
        "Landings were reported at North. "
        "That a reported landing was at Far is inferred. "
        "No landing was reported at Spot."
    )


def test_only_what_is_shown_is_told() -> None:
    assert say_what_is_known(STORY, rows_of("north-direct", "north-told")) == (
        "Landings were reported at North."
    )
    assert say_what_is_known(STORY, rows_of("spot-direct")) == "No landing was reported at Spot."
    assert say_what_is_known(STORY, ()) == ""


def many(count: int, *others: str) -> str:
    """Tell of some airfields without a report, named after their numbers, and of other routes."""
    (spot,) = [flight for flight in FLIGHTS if flight.plan.id == "spot-direct"]
    field = STORY.places["spot"]
    places = {f"p{i}": field.model_copy(update={"name": f"P{i}"}) for i in range(count)}
    story = STORY.model_copy(update={"places": {**STORY.places, **places}})
    plans = [spot.plan.model_copy(update={"places": ("base", id)}) for id in places]
    flights = [type(spot)(plan, spot.route, spot.line, spot.crossings) for plan in plans]
    told = [flight for flight in FLIGHTS if flight.plan.id in others]
    return say_what_is_known(story, compare([*told, *flights], None))


def test_a_few_airfields_are_named_and_many_are_counted() -> None:
    assert many(2) == "No landing was reported at P0 and P1."
    assert many(4) == "No landing was reported at P0, P1, P2 and P3."
    assert many(5) == "No landing was reported at any of the 5 airfields."


@pytest.mark.parametrize(
    ("id", "before"),
    [
        ("north-direct", "Landings were reported at North."),
        ("far-direct", "That a reported landing was at Far is inferred."),
    ],
)
def test_many_are_the_others_once_a_landing_is_mentioned(id: str, before: str) -> None:
    assert many(5, id) == f"{before} No landing was reported at the other 5 airfields."
    assert many(2, id) == f"{before} No landing was reported at P0 and P1."


@pytest.mark.parametrize("surest", ["reported", "inferred", "illustrative"])
@pytest.mark.parametrize("turned", [False, True])
def test_a_place_counts_once_by_its_surest_route(surest: str, turned: bool) -> None:
    order = ["reported", "inferred", "illustrative"]
    direct, told = rows_of("north-direct", "north-told")
    least = told.flight.plan.model_copy(update={"certainty": "illustrative"})
    sure = direct.flight.plan.model_copy(update={"certainty": surest})
    rows = [
        replace(row, flight=replace(row.flight, plan=plan))
        for row, plan in ((direct, sure), (told, least))
    ]
    assert (
        say_what_is_known(STORY, rows[::-1] if turned else rows)
        == (
            "Landings were reported at North.",
            "That a reported landing was at North is inferred.",
            "No landing was reported at North.",
        )[order.index(surest)]
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [("claimed by A", "Claimed by A"), ("Aland", "Aland"), ("éa B", "Éa B"), ("", ""), ("x", "X")],
)
def test_the_first_letter_is_written_large_and_no_other(text: str, expected: str) -> None:
    assert capital(text) == expected


def test_the_longest_route_is_held_against_the_claim() -> None:
    assert say_how_far(STORY, ROWS, KILOMETRES) == (
        "2 of the 4 routes shown are longer than 3,000 km: "
        "the longest, to Far (Direct), is 3,900 km."
    )
    assert say_how_far(STORY, rows_of("north-direct", "spot-direct"), KILOMETRES) == (
        "None of the 2 routes shown is longer than 3,000 km: "
        "the longest, to Spot (Direct), is 2,824 km."
    )


def test_a_single_route_is_told_of_alone() -> None:
    assert say_how_far(STORY, rows_of("north-told"), STATUTE_MILES) == (
        "The route shown, to North (As told), is 1,898 mi: longer than 1,864 mi."
    )
    assert say_how_far(STORY, rows_of("north-direct"), KILOMETRES) == (
        "The route shown, to North (Direct), is 2,453 km: not longer than 3,000 km."
    )
    assert say_how_far(STORY, rows_of("north-direct"), KILOMETRES, of=" of the story") == (
        "The route of the story shown, to North (Direct), is 2,453 km: not longer than 3,000 km."
    )
    story = STORY.model_copy(update={"claim": None})
    assert say_how_far(story, compare(FLIGHTS[:1], None), KILOMETRES) == (
        "The route shown, to North (Direct), is 2,453 km."
    )


def test_without_a_claim_only_the_longest_is_told() -> None:
    story = STORY.model_copy(update={"claim": None})
    assert say_how_far(story, compare(FLIGHTS, None), KILOMETRES) == (
        "The longest of the 4 routes shown, to Far (Direct), is 3,900 km."
    )


@pytest.mark.parametrize("claim", [STORY.claim, None])
def test_without_a_route_the_reader_is_told_what_to_do(claim: object) -> None:
    said = say_how_far(STORY.model_copy(update={"claim": claim}), (), KILOMETRES)
    assert said == "No route is chosen: pick at least one airfield and one way."
