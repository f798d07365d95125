import json
from pathlib import Path
from typing import Any

import airportsdata
import pytest
from anyascii import anyascii

from geo.finder import make_finder
from geo.names import load_names
from geo.render.completion import completion_index, completion_script, ranked_airports
from geo.story import load_story

SHIPPED = load_story(Path(__file__).parents[1] / "data" / "routes.geojson")
FIELDS = tuple(SHIPPED.places.values())
STATES = {"USA": "United States", "AFG": "Afghanistan", "CIV": "Côte d'Ivoire"}
TEXT = completion_index(FIELDS, STATES)
INDEX: dict[str, Any] = json.loads(TEXT)


def column(name: str) -> list[str]:
    found: str = INDEX["airports"][name]
    return found.split("\n")


def test_the_airports_stand_in_the_order_in_which_the_program_suggests_them() -> None:
    finder = make_finder(FIELDS)
    assert ranked_airports(FIELDS) == list(finder.airports)
    assert column("icao") == [row["icao"] for row in finder.airports]
    assert "OSLK" not in column("icao")  # the story has it


def test_every_column_has_a_line_for_each_airport() -> None:
    rows = ranked_airports(FIELDS)
    for key in ("icao", "iata", "city", "country"):
        assert column(key) == [" ".join(row[key].split()) for row in rows]
    names = [name.replace("~", " Airport") for name in column("name")]
    assert names == [" ".join(row["name"].split()) for row in rows]
    at = INDEX["airports"]["at"]
    degrees = [row[axis] for row in rows for axis in ("lat", "lon")]
    assert at == pytest.approx([100 * each for each in degrees], abs=0.5001)


def test_no_name_has_the_mark_that_stands_for_airport() -> None:
    assert not [row for row in airportsdata.load("ICAO").values() if "~" in row["name"]]


def test_the_story_s_places_have_all_their_names_and_codes() -> None:
    entries = {entry["id"]: entry for entry in INDEX["story"]}
    assert list(entries) == [field.place.id for field in FIELDS]
    hmeymim = entries["hmeymim"]
    assert hmeymim["names"][:3] == ["Hmeymim", "Хмеймим", "Khmeimim"]
    assert hmeymim["codes"] == ["OSLK", "LTK"]
    assert hmeymim["detail"] == "Хмеймим · OSLK · LTK"
    assert hmeymim["at"] == [35.4011, 35.9487]
    assert entries["buturlinovka"]["codes"] == ["ЬУОИ"]


def test_states_are_sorted_by_name() -> None:
    names = [name for _, name, _ in INDEX["states"]]
    assert names == ["Afghanistan", "Côte d'Ivoire", "United States"]


def test_states_and_airports_have_their_names_in_other_languages() -> None:
    others = {code: names.split("|") for code, _, names in INDEX["states"]}
    assert {"america", "ssha", "soedinennye shtaty"} <= set(others["USA"])
    also = {name: numbers for names, *numbers in INDEX["also"] for name in names.split()}
    codes = column("icao")
    assert {codes[number] for number in also["moskva"]} >= {"UUEE", "UUDD", "UUWW"}
    assert [codes[number] for number in also["haneda"]] == ["RJTT"]
    great, scheduled = INDEX["ranks"]
    assert codes[great - 1] in load_names().great
    assert codes[great] not in load_names().great
    assert codes[scheduled - 1] in load_names().order
    assert codes[scheduled] not in load_names().order


@pytest.mark.parametrize("word", ["хмеймим", "дзёмги", "zürich", "århus", "ßø", "αθήνα", "o’hare"])
def test_letters_are_transliterated_as_the_program_does_it(word: str) -> None:
    letters = INDEX["letters"]
    spelled = "".join(letters.get(letter, letter) for letter in word.lower())
    assert spelled == anyascii(word.casefold()).casefold()


def test_all_letters_of_the_names_are_known() -> None:
    names = "".join(column("name") + column("city"))
    story = "".join(name for entry in INDEX["story"] for name in entry["names"])
    unknown = {letter for letter in (names + story).lower() if not letter.isascii()}
    assert unknown <= INDEX["letters"].keys()


def test_the_index_is_small() -> None:
    assert len(TEXT.encode()) < 1_900_000


def test_an_index_without_a_story_has_all_airports() -> None:
    bare = json.loads(completion_index([], {}))
    assert (bare["story"], bare["states"]) == ([], [])
    assert "OSLK" in bare["airports"]["icao"].split("\n")


def test_the_script_exports_what_the_search_box_loads() -> None:
    script = completion_script()
    for name in ("Completion", "Suggestions"):
        assert script.count(f"export class {name} {{") == 1
