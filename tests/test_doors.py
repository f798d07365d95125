"""A few inputs at every door; `make fuzz` tries a hundred thousand."""

import random
from pathlib import Path
from unittest.mock import patch

import pytest

from geo.errors import GeoError
from tests.damage import damage
from tests.doors import DOORS
from tests.entering import Failure, enter_door, warm_up

# By how long an input takes at each.
INPUTS = {
    "story": 120, "import": 200, "path": 40, "link": 500, "page": 8, "message": 80, "command": 10,
}  # fmt: skip


@pytest.mark.parametrize("door", DOORS)
def test_no_input_is_a_fault(door: str) -> None:
    warm_up(door)
    entered, failures = enter_door(door, 1, INPUTS[door])
    assert entered >= INPUTS[door] // 2
    assert not failures, "\n".join(failure.say() for failure in failures)


def test_shares_are_of_a_hundred() -> None:
    assert sum(door.share for door in DOORS.values()) == 100
    assert set(INPUTS) == set(DOORS)


def test_faults_are_seen_and_drawn_again(tmp_path: Path) -> None:
    """Each thing that a door must not do, done by one that was broken on purpose."""

    def broken(link: str) -> None:
        match len(link) % 5:
            case 0:
                raise KeyError(link)
            case 1:
                raise GeoError(f"two\nlines {link}")
            case 2:
                raise GeoError("one line")
            case 3:
                while True:
                    pass

    def look() -> list[Failure]:
        door = DOORS["link"]
        slow = type(door)(door.name, door.inputs, broken, 1, (), lambda given: 0.05)
        with patch.dict("tests.entering.DOORS", {"link": slow}):
            return enter_door("link", 7, 60)[1]

    failures = look()
    told = {len(failure.input) % 5: failure.problem for failure in failures}
    assert set(told) == {0, 1, 3}
    assert told[0].startswith("KeyError: ")
    assert told[1].startswith("not one plain line: ")
    assert told[3].startswith("took more than 0.05 s: ")
    assert [failure.number for failure in look()] == [failure.number for failure in failures]
    assert failures[0].save(tmp_path).read_bytes()
    assert f"seed 7, number {failures[0].number}" in failures[0].say()


def test_damage_differs_by_its_seed_alone() -> None:
    samples = [b'{"a": [1, 2.5]}', b"<kml><Placemark/></kml>"]
    drawn = [damage(samples, random.Random(seed)) for seed in range(200)]  # noqa: S311
    again = [damage(samples, random.Random(seed)) for seed in range(200)]  # noqa: S311
    assert drawn == again
    assert len(set(drawn)) > 150
