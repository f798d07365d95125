"""How range rings are told and told apart."""

from geo.account import say_map
from geo.model import Place
from geo.ranges import range_rings
from geo.ringspec import RingSpec
from geo.units import STATUTE_MILES
from tests.data.small import ROWS, STORY
from views.aircraft import typed_rings

ICE = Place("80N 170E", "80N 170E", 170.0, 80.0)
SPECS = [RingSpec(ICE, radius_m, radius_m) for radius_m in (1_609_344.0, 3_218_688.0)]


def test_a_map_of_a_ring_alone_is_told_with_it() -> None:
    rings = [ring for spec in SPECS for ring in range_rings(spec, STATUTE_MILES)]
    one, two = (say_map(STORY, (), STATUTE_MILES, rings[:count]) for count in (1, 2))
    assert one.startswith("A map with no route and 1 range ring: ")
    assert one.endswith("A ring 1,000 mi (1,609 km) around 80N 170E.")
    assert two.startswith("A map with no route and 2 range rings: ")
    assert say_map(STORY, ROWS, STATUTE_MILES, rings).count("A ring") == 2


def test_without_rings_none_are_told() -> None:
    assert "ring" not in say_map(STORY, (), STATUTE_MILES)
    assert say_map(STORY, ROWS[:1], STATUTE_MILES).startswith("A map with 1 route: ")


def test_typed_distances_differ_by_their_style() -> None:
    one, other = typed_rings(SPECS, STATUTE_MILES)
    assert one.style != other.style
    again = typed_rings([*SPECS, SPECS[0]], STATUTE_MILES)
    assert [ring.style for ring in again] == [one.style, other.style, one.style]
