from unittest.mock import patch

import pytest

from geo.finder import Finder
from views.loaded import load_atlas, load_types
from views.typed import Typed, fly_typed


def typed(*paths: str) -> Typed:
    return fly_typed(load_atlas(), load_types(), paths)


def ends(of: Typed) -> list[tuple[str, ...]]:
    return [tuple(place.id for place in flight.route.places) for flight in of.flights]


@pytest.mark.parametrize(
    ("path", "places"),
    [
        ("Шереметьево-LHR", ("UUEE", "EGLL")),
        ("heathrow - kennedy", ("EGLL", "KJFK")),
        ("Киев-Lipetsk", ("UKBB", "lipetsk2")),
    ],
)
def test_what_can_mean_one_place_alone_is_read(path: str, places: tuple[str, ...]) -> None:
    found = typed(path)
    assert ends(found) == [places]
    assert found.asked.routes == (path,)
    assert not found.asked.refused


def test_all_that_is_unclear_is_mended_by_one_offer() -> None:
    asked = typed("moscow-domnna, heathrwo-OSLK").asked
    assert asked.refused == (
        'There is no place "moscow". There is no place "domnna". There is no place "heathrwo".'
    )
    first, *others = (path for path, _ in asked.guesses)
    assert first == "UUEE-domna, EGLL-OSLK"
    assert "UUEE-domna, TE17-OSLK" in others
    assert typed(first).asked.routes == (first,)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ([], ""),
        (["OSLK", "35.4N 35.9E"], ""),
        (["xq"], " 1 more point is looked up once these are mended."),
        (["aa", "OSLK", "ab", "domnna", "aa"],
         " 2 more points are looked up once these are mended."),
        ([a + b for a in "abcdefgh" for b in "tuvwxyz"],
         " 56 more points are looked up once these are mended."),
    ],
)  # fmt: skip
def test_of_many_unclear_points_the_first_are_guessed_at(more: list[str], said: str) -> None:
    unclear = ["moscow", "domnna", "heathrwo", "ac", "ad"]
    with patch.object(Finder, "suggest", autospec=True, side_effect=Finder.suggest) as suggest:
        asked = typed("-".join([*unclear, *more])).asked
    assert {call.args[1] for call in suggest.call_args_list} == set(unclear)
    assert asked.refused == " ".join(f'There is no place "{each}".' for each in unclear) + said
    offer = asked.guesses[0][0].split("-")
    assert not set(offer) & set(unclear)
    assert set(more) - set(unclear) <= set(offer)


@pytest.mark.parametrize("path", ["EGLL KJFK", "LHR → JFK", "lhr to jfk", "EGLL, KJFK"])
def test_a_route_with_other_marks_is_offered_as_one(path: str) -> None:
    asked = typed(path).asked
    assert asked.refused
    assert asked.guesses == (("EGLL-KJFK", "EGLL-KJFK"),)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("EFHK-qqqqqq", 'There is no place "qqqqqq".'),
        ("OSLK-URMF, domna--OSLK", 'Route 2, "domna--OSLK": point 2 is empty.'),
        ("domna", 'This is a single point: join two or more by "-".'),
        ("domna--mozdok", "Point 2 is empty."),
        ("500 km@qqqqqq", 'There is no place "qqqqqq".'),
        ("5 parsec@domna", 'Can\'t read "5 parsec" as a distance or an aircraft; write it like '
                           '"500 nmi@OSLK" or "Su-24M@domna".'),
    ],
)  # fmt: skip
def test_a_refusal_is_a_sentence(path: str, said: str) -> None:
    found = typed(path, "EFHK-RJAA")
    assert found.asked.refused == said
    assert found.refusals == {path: said.removesuffix(".")}
    assert ends(found) == [("EFHK", "RJAA")]


def test_a_ring_is_drawn_around_what_is_clear() -> None:
    (ring,) = typed("500 km@heathrow").rings
    assert ring.place.id == "EGLL"
    refused = typed("500 km@moscow").asked
    assert refused.guesses[0][0] == "500 km@UUEE"
