from pathlib import Path

import airportsdata
import pytest

from geo.airspace_file import load_airspace
from geo.closure import state_names
from geo.errors import DataError
from geo.names import load_names
from geo.vocabulary import spelled_words

DATA = Path(__file__).parents[1] / "data"
NAMES = load_names()


def test_airports_are_known_ones_and_each_is_ranked_once() -> None:
    known = airportsdata.load("ICAO").keys()
    assert NAMES.order.keys() <= known
    assert sorted(NAMES.order.values()) == list(range(len(NAMES.order)))
    assert NAMES.great < NAMES.order.keys()
    first = list(NAMES.order)[: len(NAMES.great)]
    assert set(first) == NAMES.great
    assert {code for _, codes in NAMES.groups for code in codes} <= known


def test_names_are_spelled_as_typed_words_are() -> None:
    for names, _ in NAMES.groups:
        assert all(spelled_words(name) == (name,) for name in names)
    for names in NAMES.states.values():
        assert all(" ".join(spelled_words(name)) == name for name in names if name)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        *(("RUS", "rossiya"), ("TUR", "turtsiya"), ("TUR", "turkiye"), ("IRQ", "irak")),
        *(("GBR", "uk"), ("GBR", "england"), ("USA", "ssha"), ("UKR", "ukraina")),
    ],
)
def test_states_have_the_names_that_people_use(code: str, name: str) -> None:
    assert name in NAMES.states[code]


def test_every_state_of_the_airspace_file_has_other_names() -> None:
    airspace = load_airspace(DATA / "airspace.parquet", DATA / "land.parquet")
    assert NAMES.states.keys() == state_names(airspace).keys()


def test_an_airport_has_the_names_of_all_its_cities() -> None:
    also = NAMES.by_airport()
    assert {"moskva", "moskau"} <= set(also["UUEE"])
    assert {"nyuyork", "nyuark"} <= set(also["KEWR"])
    assert "haneda" in also["RJTT"]


@pytest.mark.parametrize(
    ("text", "told"),
    [(None, "it is missing"), ("{", "isn't a file of names"), ("{}", "isn't a file of names")],
)
def test_a_damaged_file_is_named(tmp_path: Path, text: str | None, told: str) -> None:
    file = tmp_path / "names.json"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=rf"^names\.json: .*{told}"):
        load_names(file)
