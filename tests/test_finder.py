from pathlib import Path

import airportsdata
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import PathError, PlaceError
from geo.finder import MAX_LENGTH, Finder, make_finder
from geo.pathspec import parse_paths
from geo.story import load_story
from geo.vocabulary import spelled_words

SHIPPED = load_story(Path(__file__).parents[1] / "data" / "routes.geojson")
FIELDS = [place for place in SHIPPED.places.values() if place.role != "waypoint"]
FINDER: Finder = make_finder(FIELDS)


def texts(typed: str, count: int = 8) -> list[str]:
    return [found.text for found in FINDER.suggest(typed, count)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("OSLK", "hmeymim"),
        ("oslk", "hmeymim"),
        ("ltk", "hmeymim"),
        ("ЬУОИ", "buturlinovka"),
        ("ьуо", "buturlinovka"),
        ("svo", "UUEE"),
        ("UUEE", "UUEE"),
        ("jfk", "KJFK"),
        ("хмей", "hmeymim"),
        ("Хмеймим", "hmeymim"),
        ("khmeim", "hmeymim"),
        ("Humaymim", "hmeymim"),
        ("latak", "hmeymim"),
        ("дзёмги", "dzyomgi"),
        ("дземги", "dzyomgi"),
        ("Dzhemgi", "dzyomgi"),
        ("энгельс", "engels2"),
        ("primorsko akh", "primorsko_akhtarsk"),
        ("akhtarsk prim", "primorsko_akhtarsk"),
        ("lipetsk 2", "lipetsk2"),
        ("Липецк-2", "lipetsk2"),
        ("voronezh", "baltimor"),
        ("Шереметьево", "UUEE"),
        ("heathrow", "EGLL"),
        ("san francisco int", "KSFO"),
        ("sanfrancisco", "KSFO"),
        ("ohare", "KORD"),
        ("o'hare", "KORD"),
        ("zurich", "LSZH"),
        ("Zürich", "LSZH"),
        ("tokyo", "RJTT"),
        ("paris", "LFPG"),
        ("москва", "UUEE"),
        ("Tokyo haneda", "RJTT"),
        ("Crimea", "UKFF"),
        ("париж", "LFPG"),
        ("Киев", "UKBB"),
        ("Kiev", "UKBB"),
        ("peking", "ZBAA"),
        ("munchen", "EDDM"),
        ("Petersburg", "ULLI"),
        ("Питер", "ULLI"),
        ("Нью-Йорк", "KJFK"),
        ("Сан Франциско", "KSFO"),
        ("стамбул", "LTFM"),
        ("london", "EGLL"),
        ("newark", "KEWR"),
    ],
)
def test_the_first_is_what_was_meant(typed: str, first: str) -> None:
    assert texts(typed)[0] == first


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("khmeimin", "hmeymim"),
        ("hmyemim", "hmeymim"),
        ("buterlinofka", "buturlinovka"),
        ("buturlinvoka", "buturlinovka"),
        ("mosdok", "mozdok"),
        ("heathrwo", "EGLL"),
        ("sheremetevo", "UUEE"),
        ("sheremetev", "UUEE"),
        ("шереметево", "UUEE"),
        ("charles gaule", "LFPG"),
    ],
)
def test_typing_errors_are_forgiven(typed: str, meant: str) -> None:
    assert meant in texts(typed, 3)


def test_a_code_comes_before_names_and_the_story_before_airports() -> None:
    assert texts("dom")[:2] == ["TDPD", "domna"]  # DOM is Dominica's IATA code
    assert texts("krymsk", 2)[0] == "krymsk"
    kinds = [found.kind for found in FINDER.suggest("k", 40)]
    assert kinds == sorted(kinds, reverse=True)
    assert set(kinds) == {"story", "airport"}


def test_words_begun_come_before_words_within_and_those_before_errors() -> None:
    found = FINDER.suggest("orlan", 400)
    told = [spelled_words(f"{each.name} {each.detail}") for each in found]
    begun = [any(word.startswith("orlan") for word in words) for words in told]
    within = ["orlan" in "".join(words) for words in told]
    assert begun == sorted(begun, reverse=True)
    assert within == sorted(within, reverse=True)
    assert 0 < begun.count(True) < within.count(True) < len(found)


def test_among_equals_the_great_airports_of_the_largest_city_come_first() -> None:
    rows = airportsdata.load("ICAO")
    assert texts("london", 5) == ["EGLL", "EGLC", "EGKK", "EGSS", "EGGW"]
    moscow = texts("moscow", 3)
    assert {rows[text]["tz"] for text in moscow} == {"Europe/Moscow"}
    assert all(rows[text]["iata"] for text in moscow)
    assert "KJFK" in texts("нью", 4)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("oslk", "hmeymim"),
        ("Шереметьево", "UUEE"),  # the only one, with a letter less
        ("domodedovo", "UUDD"),  # the only one
        ("Lipetsk", "lipetsk2"),  # the only one of the story
        ("heathrow", "EGLL"),  # the only great one
        ("kennedy", "KJFK"),
        ("Киев", "UKBB"),
        ("perm", "USPP"),  # the only one with flights
        ("moscow", None),
        ("heathrwo", None),
        ("nowhere", None),  # a field that nobody flies to has this name
        ("Komsomolsk", None),
        ("35.4N 35.9E", None),
        ("35.4", None),
        ("zzzz", None),
        ("", None),
    ],
)
def test_a_text_is_clear_if_it_can_mean_one_place_alone(typed: str, meant: str | None) -> None:
    found = FINDER.clear(typed)
    assert (found and found.text) == meant


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("EGLL KJFK", "EGLL-KJFK"),
        ("LHR JFK", "EGLL-KJFK"),
        ("LHR → JFK", "EGLL-KJFK"),
        ("LHR->JFK", "EGLL-KJFK"),
        ("lhr to jfk", "EGLL-KJFK"),
        ("EGLL, KJFK", "EGLL-KJFK"),
        ("oslk, EGLL; KJFK", "hmeymim-EGLL-KJFK"),
        ("heathrow to kennedy", "EGLL-KJFK"),
        ("munich berlin", "EDDM-EDDB"),
        ("frankfurt hahn", None),  # one airport's name
        ("new york", None),
        ("moscow to london", None),  # which of each?
        ("EGLL-KJFK", None),
        ("EGLL-KJFK, OSLK", None),
        ("500 km@OSLK", None),
        ("55.75, 37.62", None),
        ("35.4N, 35.9E", None),
        ("EGLL", None),
        ("to", None),
        ("", None),
    ],
)
def test_other_marks_between_clear_points_are_understood(typed: str, path: str | None) -> None:
    assert FINDER.joined(typed) == path


def test_a_suggestion_tells_the_place_and_how_to_type_it() -> None:
    (hmeymim, *_) = FINDER.suggest("OSLK")
    assert (hmeymim.name, hmeymim.kind) == ("Hmeymim", "story")
    assert hmeymim.detail == "Хмеймим · OSLK · LTK"
    assert hmeymim.place is not None
    assert hmeymim.place == SHIPPED.places["hmeymim"].place
    (kennedy, *_) = FINDER.suggest("KJFK")
    assert (kennedy.text, kennedy.detail) == ("KJFK", "New York, US · KJFK · JFK")


def test_an_airport_of_the_story_is_not_there_twice() -> None:
    assert "OSLK" in airportsdata.load("ICAO")
    assert texts("OSLK").count("hmeymim") == 1
    assert "OSLK" not in texts("OSLK", 50) + texts("bassel", 50)
    assert len(FINDER.airport_places()) > 28_000


@pytest.mark.parametrize(
    "typed", ["", "  ", "—", "zzzzzzzz", "x" * (MAX_LENGTH + 1), "a b c d e f g", "qqq london"]
)
def test_what_means_nothing_has_no_answer(typed: str) -> None:
    assert FINDER.suggest(typed) == ()


def test_no_more_are_told_than_asked_for() -> None:
    assert [len(FINDER.suggest("a", count)) for count in (-1, 0, 1, 8, 100)] == [0, 0, 1, 8, 100]


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("hmeymim-domn", "hmeymim-domna"),
        ("hmeymim-Домн", "hmeymim-domna"),
        ("hmeymim - shag", "hmeymim - shagol"),
        ("hmeymim–shag", "hmeymim–shagol"),
        ("OSLK-USCG, hmeymim-mozd", "OSLK-USCG, hmeymim-mozdok"),
        ("EGLL-kjfk/toky", "EGLL-kjfk/RJTT"),
        ("domn", "domna"),
        ("hmeymim-primorsko-akht", "hmeymim-primorsko_akhtarsk"),
        ("primorsko-akht", "primorsko_akhtarsk"),
        ("35.4011N 35.9487E-UUEE", "35.4011N 35.9487E-UUEE"),
        ("nowhere-UUEE", "nowhere-UUEE"),
    ],
)
def test_the_last_point_of_a_path_is_completed(typed: str, completed: str) -> None:
    assert FINDER.suggest_path(typed)[0].text == completed


@pytest.mark.parametrize(
    "typed",
    [
        *("", "hmeymim-", "hmeymim - ", "35.4011N 35.9487E", "35.4N, 35.9", "UUEE-35.4 N"),
        *("a-zzzzzz", "51,5N 0,1W", "UUEE-51,5N, 0,1", "geo:51.5,-0.1", "(51.5, -0.1"),
        "51.5с 0.1з",
    ],
)
def test_a_path_without_a_begun_point_is_not_completed(typed: str) -> None:
    assert FINDER.suggest_path(typed) == ()


def test_a_completed_path_can_be_read() -> None:
    for typed in ("hmeymim-primorsko-akh", "hmeymim-domn", "OSLK-heathro", "OSLK - 35N 36E - eng"):
        found = FINDER.suggest_path(typed)[0]
        (route,) = parse_paths(found.text, FINDER.find)
        assert route.places[-1] == found.place


def test_a_wrong_point_is_named_with_the_nearest_guesses() -> None:
    assert FINDER.find("hmeymim") == SHIPPED.places["hmeymim"].place
    assert FINDER.find("KJFK").id == "KJFK"
    with pytest.raises(PlaceError) as caught:
        FINDER.find("heathrwo")
    assert str(caught.value) == (
        'no place "heathrwo"; did you mean EGLL (London Heathrow Airport) '
        "or TE17 (Heathrow Airport)?"
    )
    with pytest.raises(PathError, match=r'^route 1 "hmeymim-domnna": no place "domnna"; did you '):
        parse_paths("hmeymim-domnna", FINDER.find)
    with pytest.raises(PlaceError, match=r'^no place "zzzzzzz"$'):
        FINDER.find("zzzzzzz")
    with pytest.raises(PlaceError, match=r'^no place "UUEX"; did you mean \w{4}'):
        FINDER.find("UUEX")  # a code: guessed as `Gazetteer` does


@pytest.mark.parametrize("text", ["London", "paris", "New York", "Москва", "Лондон"])
def test_a_name_of_several_places_is_not_said_to_be_none(text: str) -> None:
    with pytest.raises(PlaceError, match=rf'^"{text}" may be several places; did you mean \w'):
        FINDER.find(text)


@pytest.mark.parametrize("text", ["londo", "ac", "heathrwo", "nowhere", "airpotr"])
def test_what_no_several_places_are_called_is_no_place(text: str) -> None:
    with pytest.raises(PlaceError, match=rf'^no place "{text}"; did you mean '):
        FINDER.find(text)


@pytest.mark.parametrize(
    ("text", "guesses"),
    [
        ("XXXX", ["DXXX"]),
        ("OSLKK", ["hmeymim"]),
        ("heathrwo", ["EGLL", "TE17"]),
        ("zzzzzzz", []),
        ("", []),
    ],
)
def test_codes_are_guessed_where_no_name_is_like_it(text: str, guesses: list[str]) -> None:
    assert [found.text for found in FINDER.guess(text, 3)][: len(guesses) or 3] == guesses


def test_without_a_story_the_airports_are_still_found() -> None:
    bare = make_finder([])
    assert bare.suggest("OSLK")[0].text == "OSLK"
    assert bare.suggest("hmeymim-") == ()


@given(st.text(max_size=120))
def test_any_text_is_answered(typed: str) -> None:
    for found in (*FINDER.suggest(typed), *FINDER.suggest_path(typed)):
        assert found.name
    assert FINDER.joined(typed) is None or FINDER.suggest_path(FINDER.joined(typed) or "")
    assert len(FINDER.suggest_path(typed, 3)) <= 3
