"""Typed range rings."""

import pytest

from geo.aircraft import load_fleet
from geo.errors import GeoError
from geo.places import make_gazetteer
from geo.ringspec import is_ring, parse_ring, split_rings
from tests.shipped import DATA, story

FLEET = load_fleet(DATA / "aircraft.json")
FIND = make_gazetteer(story().places.values()).find


@pytest.mark.parametrize(
    ("text", "place", "metres"),
    [
        ("500 nmi@OSLK", "hmeymim", 926_000),
        ("500nm @ Hmeymim", "hmeymim", 926_000),
        ("3,000 miles@hmeymim", "hmeymim", 4_828_032),
        ("1 000 km@domna", "domna", 1_000_000),
        ("0.5 statute mile@EFHK", "EFHK", 804.672),
    ],
)
def test_a_distance_from_a_place(text: str, place: str, metres: float) -> None:
    ring = parse_ring(text, FIND, FLEET)
    assert ring.place.id == place
    assert ring.low_m == ring.high_m == pytest.approx(metres)
    assert ring.aircraft is None


def test_the_published_ranges_of_an_aircraft_from_a_place() -> None:
    """The figures are those of the data's sources: 1,250 and 2,850 km."""
    ring = parse_ring("su-24m@35.4N 35.9E", FIND, FLEET)
    assert (ring.low_m, ring.high_m) == (1_250_000, 2_850_000)
    assert (ring.place.lon, ring.place.lat) == (35.9, 35.4)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("@OSLK", "can't read"),
        ("500@OSLK", "can't read"),
        ("500 parsecs@OSLK", "500 parsecs"),
        ("500 km@", "place"),
        ("500 km@Atlantis", "Atlantis"),
        ("30,000 km@OSLK", "isn't one on earth"),
        ("0 km@OSLK", "isn't one on earth"),
        ("<b>@OSLK", "<b>"),
        ("5 km@OSLK@OSLK", "OSLK@OSLK"),
        ("9" * 500 + " km@OSLK", "characters"),
        ("5 km@hmeymim@domna", "one @"),
        ("Su-34@OSLK,Su-24M@domna", 'one ring at a time: type "Su-34@OSLK" and "Su-24M@domna" one'),
    ],
)
def test_what_is_no_ring_is_named(text: str, words: str) -> None:
    assert is_ring(text)
    with pytest.raises(GeoError, match=words):
        parse_ring(text, FIND, FLEET)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("500 km@OSLK", ["500 km@OSLK"]),
        ("3,000 miles@OSLK", ["3,000 miles@OSLK"]),
        ("3,000 miles@35.4N, 35.9E", ["3,000 miles@35.4N, 35.9E"]),
        ("3,000 miles@OSLK, 1,500 km@domna", ["3,000 miles@OSLK", "1,500 km@domna"]),
        ("5 km@1.5, 2.5,Su-34@a,6 km@b", ["5 km@1.5, 2.5", "Su-34@a", "6 km@b"]),
        ("OSLK-USCG, 1,500 km@OSLK", ["OSLK-USCG", "1,500 km@OSLK"]),
        ("nothing@OSLK, else@domna", ["nothing@OSLK, else@domna"]),
        (", 5 km@OSLK", ["5 km@OSLK"]),
        ("OSLK-USCG", ["OSLK-USCG"]),
    ],
)
def test_rings_in_a_row_are_parted(text: str, parts: list[str]) -> None:
    assert list(split_rings(text, FLEET)) == parts
