import airportsdata
import pytest

from geo.suggestion import airport_place, airport_rank, airport_suggestion

ROWS = airportsdata.load("ICAO")


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("EGLC", "CYXU"),  # London in Europe/London, London in Ontario
        ("LFPO", "KPRX"),  # Paris in Europe/Paris, Paris in Texas
        ("UUEE", "UUBB"),  # international by name, both with an IATA code
        ("EGLL", "EGWU"),  # London by name, Northolt
        ("KLOZ", "CLC2"),  # with an IATA code, without one
        ("EGLL", "EGKK"),  # both great, by the distance from their city
        ("LFPO", "LFPB"),  # with scheduled flights, without
        ("UKBB", "UKKK"),  # great, and not
        ("KDTO", "KHEQ"),  # by the alphabet
    ],
)
def test_airports_among_equals_have_an_order(better: str, worse: str) -> None:
    assert airport_rank(ROWS[better]) < airport_rank(ROWS[worse])


def test_the_order_leaves_no_two_equal() -> None:
    assert len({airport_rank(row) for row in ROWS.values()}) == len(ROWS)


def test_an_airport_without_city_and_iata_code_is_told_by_what_it_has() -> None:
    row = next(row for row in ROWS.values() if not row["city"] and not row["iata"])
    found = airport_suggestion(row)
    assert found.detail == f"{row['country']} · {row['icao']}"
    assert found.place == airport_place(row)
    assert (found.place.lon, found.place.lat) == (row["lon"], row["lat"])
