from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import places
from geo.errors import PlaceError
from geo.model import Place
from geo.places import Gazetteer, make_gazetteer


@dataclass(frozen=True)
class Field:
    place: Place
    icao: str | None = None
    iata: str | None = None
    russian_index: str | None = None
    name_local: str | None = None
    other_names: tuple[str, ...] = ()


HMEYMIM = Place("hmeymim", "Hmeymim", 35.9487, 35.4011)
DOMNA = Place("domna", "Domna", 113.1214, 51.9165)
LIPETSK = Place("lipetsk2", "Lipetsk-2", 39.445, 52.635)
# Ids that are also codes of others, and a code that is another's id.
LHR = Place("lhr", "A place called LHR", 1.0, 2.0)
ODD = Place("odd", "A place with the code DOMNA", 3.0, 4.0)


@pytest.fixture
def gazetteer() -> Gazetteer:
    return make_gazetteer(
        [
            Field(
                HMEYMIM, "OSLK", "LTK", None, "Хмеймим", ("Khmeimim", "Latakia", "Base", "Hméïmim")
            ),
            Field(DOMNA, None, None, "ЬИАД", "Домна", ("Chita/Domna", "—")),
            Field(LIPETSK, None, None, None, "Липецк-2", ("Base", "LHR", "KLAX")),
            Field(LHR, "EGLL"),
            Field(ODD, "DOMNA", "LTK"),
        ]
    )


@pytest.mark.parametrize("text", ["hmeymim", "HMEYMIM", " Hmeymim ", "OSLK", "oslk", "LTK", "ltk"])
def test_a_story_place_is_found_by_id_and_codes_in_any_case(
    gazetteer: Gazetteer, text: str
) -> None:
    assert gazetteer.find(text) is HMEYMIM


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("Хмеймим", "hmeymim"),
        ("ХМЕЙМИМ ", "hmeymim"),
        ("khmeimim", "hmeymim"),
        ("Hmeïmim", "hmeymim"),
        ("Hmeimim", "hmeymim"),
        ("Lipetsk-2", "lipetsk2"),
        ("lipetsk 2", "lipetsk2"),
        ("Липецк 2", "lipetsk2"),
        ("Chita Domna", "domna"),
        ("ьиад", "domna"),
    ],
)
def test_a_story_place_is_found_by_its_names(gazetteer: Gazetteer, text: str, id: str) -> None:
    assert gazetteer.find(text).id == id


def test_an_id_or_a_code_of_the_story_comes_before_a_name_and_a_name_before_the_world(
    gazetteer: Gazetteer,
) -> None:
    assert gazetteer.find("LHR") is LHR
    assert gazetteer.find("klax") is LIPETSK


@pytest.mark.parametrize("text", ["Base", " base", "B.A.S.E."])
def test_a_name_of_several_places_is_refused_with_their_ids(
    gazetteer: Gazetteer, text: str
) -> None:
    with pytest.raises(PlaceError) as caught:
        gazetteer.find(text)
    expected = f'place "{text.strip()}" has several meanings: write hmeymim or lipetsk2'
    assert str(caught.value) == expected


@pytest.mark.parametrize("text", ["", "—", " - ", "..."])
def test_marks_alone_name_nothing(gazetteer: Gazetteer, text: str) -> None:
    with pytest.raises(PlaceError, match=r"^no place"):
        gazetteer.find(text)


def test_the_story_comes_before_the_world(gazetteer: Gazetteer) -> None:
    assert gazetteer.find("LHR") is LHR  # the id, not London's IATA code
    assert gazetteer.find("EGLL") is LHR  # the story's code, not the world's
    assert gazetteer.find("DOMNA") is DOMNA  # the id, not another's code
    assert gazetteer.find("ltk") is HMEYMIM  # the first that has the code


def test_an_airport_is_found_by_icao_and_iata_code(gazetteer: Gazetteer) -> None:
    kennedy = gazetteer.find("kjfk")
    assert kennedy == gazetteer.find("JFK")
    assert (kennedy.id, kennedy.name) == ("KJFK", "John F Kennedy International Airport")
    # FAA: 40 38 23.7 N, 73 46 43.3 W
    assert (kennedy.lon, kennedy.lat) == pytest.approx((-73.7787, 40.6399), abs=0.002)


def test_without_a_story_the_world_is_still_known() -> None:
    assert make_gazetteer([]).find("OSLK").id == "OSLK"


def test_airports_are_read_only_when_needed(
    gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(code_type: str) -> None:
        raise AssertionError(f"the {code_type} list was read")

    monkeypatch.setattr(places, "_airports", refuse)
    assert gazetteer.find("OSLK") is HMEYMIM
    with pytest.raises(PlaceError):
        gazetteer.find("hmeymin")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hmeymin", 'no place "hmeymin"; did you mean hmeymim?'),
        ("Lipetsk ", 'no place "Lipetsk"; did you mean lipetsk2 or LTK?'),
        ("Хмеймин", 'no place "Хмеймин"; did you mean hmeymim?'),
        ("OSLX", 'no place "OSLX"; did you mean OSLK?'),
        ("nowhere at all", 'no place "nowhere at all"'),
        ("", 'no place ""'),
        ("a\x1b[31m\nb", 'no place "a\ufffd[31m b"'),
    ],
)
def test_an_unknown_place_is_named_with_guesses(
    gazetteer: Gazetteer, text: str, message: str
) -> None:
    with pytest.raises(PlaceError) as caught:
        gazetteer.find(text)
    assert str(caught.value) == message


def test_a_guess_may_be_an_airport_of_the_world(gazetteer: Gazetteer) -> None:
    with pytest.raises(PlaceError, match=r'^no place "UUEX"; did you mean \w{4}( or \w{4})*\?$'):
        gazetteer.find("UUEX")


@given(st.text())
def test_any_text_is_found_or_refused_in_one_line(text: str) -> None:
    try:
        fields = [Field(HMEYMIM, "OSLK", "LTK"), Field(DOMNA, other_names=("A", "b", "0"))]
        make_gazetteer([*fields, Field(ODD, other_names=("A", "0"))]).find(text)
    except PlaceError as error:
        assert len(str(error).splitlines()) == 1
