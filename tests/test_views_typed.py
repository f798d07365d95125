from unittest.mock import patch

import pytest

from geo.finder import Finder
from geo.schema import DIRECT_WAY
from geo.typed import AS_TYPED, TYPED_WAY, where_to
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
        '"moscow" may be several places. There is no place "domnna". There is no place "heathrwo".'
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
    unclear = ["moscoww", "domnna", "heathrwo", "ac", "ad"]
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
        ("domna", 'This is a single point: add where it goes, such as "domna - EGLL", '
                  'or type "500 mi@domna" for a ring.'),
        ("EGLL", 'This is a single point: add where it goes, such as "EGLL - KJFK", '
                 'or type "500 mi@EGLL" for a ring.'),
        ("51.5N, 0.1W", 'This is a single point: add where it goes, such as "51.5N, 0.1W - EGLL", '
                        'or type "500 mi@51.5N, 0.1W" for a ring.'),
        ("domna/mozdok", 'This is a single point: add where it goes by "-", such as OSLK-USCG.'),
        ("51,5N 0W - EGLL", "Write coordinates with a decimal point, such as 51.5N 0.1W."),
        ("500 km@51,5N 0W", "Write coordinates with a decimal point, such as 51.5N 0.1W."),
        ("10,000,000 km@domna", 'A ring of "10,000,000 km" isn\'t one on earth: it has up to '
                                "19,900 km."),
        ("35,4 36-UUEE", "Write coordinates with a decimal point, such as 51.5N 0.1W."),
        ("35,4011,35,9487-UUEE", "Write coordinates with a decimal point, such as 51.5N 0.1W."),
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


@pytest.mark.parametrize("path", ["51,5N 0,1W - EGLL", "geo:51.5,-0.1 - EGLL", "51.5с 0.1з-EGLL"])
def test_coordinates_are_read_as_they_are_written_elsewhere(path: str) -> None:
    assert ends(typed(path)) == [("51.5N 0.1W", "EGLL")]


def test_a_name_of_several_places_is_said_to_be_that() -> None:
    asked = typed("London-Москва").asked
    assert asked.refused == '"London" may be several places. "Москва" may be several places.'
    assert asked.guesses[0][0] == "EGLL-UUEE"


def test_a_code_that_is_nearly_one_is_offered() -> None:
    asked = typed("UUEE-XXXX").asked
    assert asked.refused == 'There is no place "XXXX".'
    assert [path for path, _ in asked.guesses] == ["UUEE-DXXX"]


def test_rings_in_a_row_are_offered_one_by_one() -> None:
    asked = typed("Su-34@hmeymim,Su-24M@domna").asked
    assert asked.refused == (
        'One ring at a time: type "Su-34@hmeymim" and "Su-24M@domna" one after the other.'
    )
    assert [path for path, _ in asked.guesses] == ["Su-34@hmeymim", "Su-24M@domna"]
    for path, _ in asked.guesses:
        assert len(typed(path).rings) == 1


def test_an_offer_is_told_in_plain_words_whatever_was_typed() -> None:
    path = f"Su-34@hmeymim, Su-24M@\u202e{'a' * 300}"
    (_, plain), (offered, said) = typed(path).asked.guesses
    assert plain == "Su-34@hmeymim"
    assert offered == f"Su-24M@\u202e{'a' * 300}"
    assert said == f"Su-24M@\N{REPLACEMENT CHARACTER}{'a' * 52}…"


def test_only_a_typed_route_of_two_points_is_direct() -> None:
    found = typed("OSLK-USCG", "OSLK-URMF-USCG", "LHR-JFK-LHR")
    plans = [flight.plan for flight in found.flights]
    assert [plan.way for plan in plans] == [DIRECT_WAY, TYPED_WAY, TYPED_WAY]
    assert found.story.ways[TYPED_WAY].name == AS_TYPED
    names = [where_to(found.story, plan) for plan in plans]
    assert names == ["OSLK-USCG", "OSLK-URMF-USCG", "LHR-JFK-LHR"]
    notes = [plan.certainty_note or "" for plan in plans]
    assert ["the geodesic between the places" in note for note in notes] == [True, False, False]


def test_the_ways_are_the_story_s_while_no_stop_is_typed() -> None:
    assert typed("OSLK-USCG").story.ways == load_atlas().story.ways
    (*told, last) = typed("OSLK-URMF-USCG").story.ways
    assert (told, last) == (list(load_atlas().story.ways), TYPED_WAY)
