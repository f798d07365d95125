from dataclasses import replace

import pytest

from geo.account import account_of, account_of_route, caption_of, say_map
from geo.edge import Edges, NearMiss
from geo.model import Crossing
from geo.units import KILOMETRES, STATUTE_MILES
from tests.data.small import FLIGHTS, ROWS, STORY, rows_of


def edges_of(crossings: tuple[Crossing, ...], *near: NearMiss) -> Edges:
    return Edges((None,) * len(crossings), near)


def test_a_route_is_told_in_order() -> None:
    (row,) = rows_of("far-direct")
    crossings = row.flight.crossings
    margins_m = (None, 900.0, *[None] * (len(crossings) - 2))
    near = NearMiss(("DDD",), "Deeland", "national", 10_100.0, 500_000.0, (0.0, 0.0))
    account = account_of(STORY, row, Edges(margins_m, (near,)), KILOMETRES)
    assert account.heading == "Base to Far, Direct"
    lengths = [f"{crossing.length_m / 1000:,.0f} km" for crossing in crossings]
    assert account.sentences == (
        "It is 3,900 km (2,423 mi) long.",
        "The way: Direct.",
        f"In order it crosses Aland for {lengths[0]}; Beeland (Aland) for {lengths[1]}; "
        f"airspace claimed by Aland and Ceeland for {lengths[2]}; "
        f"waters of no state for {lengths[3]}.",
        f"It only just crosses Beeland (Aland), for {lengths[1]}: "
        "gone if the line shifts by 0.9 km.",
        "It passes Deeland at 10.1 km, 500 km from the start.",
        *account.sentences[5:],
    )
    assert sum(crossing.length_m for crossing in crossings) == pytest.approx(row.length_m)
    assert account.sentences[5] == row.flight.plan.certainty_note
    assert len(account.sources) == len(row.flight.plan.sources)


def test_a_way_round_is_told_with_its_places_and_its_ratio() -> None:
    (row,) = rows_of("north-told")
    edges = edges_of(row.flight.crossings)
    first = account_of(STORY, row, edges, STATUTE_MILES).sentences[0]
    names = "; ".join(place.name for place in row.flight.route.places[1:-1])
    assert row.ratio is not None
    assert first == (
        f"It is 1,898 mi (3,054 km) long, {row.ratio:.2f} times the direct line, by {names}."
    )


@pytest.mark.parametrize(
    ("certainty", "said"),
    [
        ("reported", "A landing of Jet at North on 2 January 2020 was reported."),
        (
            "inferred",
            "A landing of Jet on 2 January 2020 was reported; that it was at North is inferred.",
        ),
        ("illustrative", "No landing at North was reported: the route is illustrative."),
    ],
)
def test_how_certain_a_landing_is_is_always_told(certainty: str, said: str) -> None:
    (row,) = rows_of("north-direct")
    plan = type(row.flight.plan).model_validate(
        {
            **row.flight.plan.model_dump(),
            "certainty": certainty,
            "date": "2020-01-02",
            "aircraft": ("Jet",),
            "certainty_note": None,
            "refuelling": "Somewhere",
        }
    )
    told = replace(row, flight=replace(row.flight, plan=plan))
    sentences = account_of(STORY, told, edges_of(row.flight.crossings), KILOMETRES).sentences
    assert sentences[-2:] == (said, "Refuelling: Somewhere.")
    assert caption_of(STORY, told, KILOMETRES).endswith(f". {said}")
    noted = plan.model_copy(update={"certainty_note": "Seen from the fence"})
    told = replace(row, flight=replace(row.flight, plan=noted))
    sentences = account_of(STORY, told, edges_of(row.flight.crossings), KILOMETRES).sentences
    assert sentences[-3:] == (
        "Seen from the fence.", "Aircraft: Jet.", "Refuelling: Somewhere.",
    )  # fmt: skip


def test_no_landing_is_told_of_a_typed_route() -> None:
    row = ROWS[0]
    plan = row.flight.plan.model_copy(update={"certainty": "geometric"})
    told = replace(row, flight=replace(row.flight, plan=plan))
    caption = caption_of(STORY, told, KILOMETRES)
    assert caption.endswith(". No report tells of it: the route is geometry alone.")


def test_a_typed_route_is_told_without_a_story() -> None:
    flight = FLIGHTS[0]
    account = account_of_route(
        flight.route, flight.crossings, edges_of(flight.crossings), KILOMETRES
    )
    first, last = flight.route.places[0].name, flight.route.places[-1].name
    assert account.heading == f"{first} to {last}"
    assert account.sources == ()
    assert account.text.startswith(f"{first} to {last}. It is 2,453 km (1,524 mi) long.")
    assert account.text.endswith(".")


def test_a_caption_names_length_airspace_and_landing() -> None:
    (row,) = rows_of("spot-direct")
    assert caption_of(STORY, row, KILOMETRES) == (
        "Base to Spot, Direct: 2,824 km (1,755 mi) over Aland. "
        "No landing at Spot was reported: the route is illustrative."
    )


def test_every_route_has_an_account_of_full_sentences() -> None:
    for row in ROWS:
        account = account_of(STORY, row, edges_of(row.flight.crossings), KILOMETRES)
        assert all(sentence.endswith((".", "!", "?")) for sentence in account.sentences)
        assert account.sources


def test_the_map_as_a_whole_is_told() -> None:
    text = say_map(STORY, ROWS, KILOMETRES)
    assert text.startswith(f"A map with 4 routes: {STORY.title}. Landings were reported at North.")
    assert text.endswith("the longest, to Far (Direct), is 3,900 km.")
    assert say_map(STORY, (), KILOMETRES).startswith(f"A map with no route: {STORY.title}.")
    assert say_map(STORY, ROWS[:1], KILOMETRES).startswith("A map with 1 route: ")
