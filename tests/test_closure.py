"""Which faces are shut."""

import numpy as np
import pytest
import shapely

from geo.airspace import Airspace, Face, make_airspace
from geo.closure import MOST_MARGIN_KM, Closure, find_state, make_closure
from geo.errors import GeoError
from tests import shipped

FACES = [
    Face(("AAA",), "Aland", "national"),
    Face(("AAA", "BBB"), "claimed by Aland and Beeland", "disputed"),
    Face(("BBB",), "Beeland", "national"),
    Face((), "land that no state claims", "international"),
]
AIRSPACE: Airspace = make_airspace(
    FACES, np.array([shapely.box(10 * i, 0, 10 * i + 10, 10) for i in range(len(FACES))])
)


@pytest.mark.parametrize(
    "closed, only, international, shut",
    [
        ((), None, True, [0, 0, 0, 0, 0]),
        (("AAA",), None, True, [1, 1, 0, 0, 0]),
        (("AAA", "BBB"), None, True, [1, 1, 1, 0, 0]),
        ((), None, False, [0, 0, 0, 1, 1]),
        ((), ("AAA",), True, [0, 0, 1, 0, 0]),
        ((), (), True, [1, 1, 1, 0, 0]),
        (("BBB",), ("AAA",), True, [0, 1, 1, 0, 0]),
        (("AAA",), ("AAA",), False, [1, 1, 1, 1, 1]),
    ],
)
def test_a_face_is_shut_by_any_closed_claim_or_for_want_of_a_listed_one(
    closed: tuple[str, ...], only: tuple[str, ...] | None, international: bool, shut: list[int]
) -> None:
    # The last value stands for waters of no state.
    closure = make_closure(AIRSPACE, closed, only, international=international)
    assert closure.shuts(AIRSPACE).tolist() == [bool(each) for each in shut]


def test_codes_come_in_any_case_and_order() -> None:
    assert make_closure(AIRSPACE, [" bbb", "AAA", "bbb"]).closed == ("AAA", "BBB")
    assert make_closure(AIRSPACE, only=["bbb"]).only == ("BBB",)


@pytest.mark.parametrize("code", ["AAB", "", "X" * 10_000, "<B>"])
def test_an_unknown_code_is_refused_with_its_value(code: str) -> None:
    for closed, only in (([code], None), ([], [code])):
        with pytest.raises(GeoError, match="no state has the code") as caught:
            make_closure(AIRSPACE, closed, only)
        assert code[:3] in str(caught.value)
        assert len(str(caught.value)) < 200
    with pytest.raises(GeoError, match="did you mean AAA, BBB"):
        make_closure(AIRSPACE, ["AABB"])


@pytest.mark.parametrize("margin_km", [-0.1, MOST_MARGIN_KM + 1, float("nan"), float("inf")])
def test_a_margin_out_of_range_is_refused_with_its_value(margin_km: float) -> None:
    with pytest.raises(GeoError, match=f"margin {margin_km:g} km is outside 0..500"):
        make_closure(AIRSPACE, margin_km=margin_km)


def test_a_state_opened_again_is_closed_no_more() -> None:
    closure = Closure(("AAA", "BBB"), None, False, 5.0)
    assert closure.without("AAA") == Closure(("BBB",), None, False, 5.0)
    assert closure.without("CCC") == closure
    assert Closure((), ("BBB",)).without("AAA") == Closure((), ("AAA", "BBB"))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("tur", "TUR"), (" Turkey ", "TUR"), ("Türkiye", "TUR"), ("Россия", "RUS"),
        ("Czech Republic", "CZE"), ("Atlantis", None), ("", None), ("-", None),
    ],
)  # fmt: skip
def test_a_state_is_found_by_its_code_and_by_its_names_in_other_languages(
    text: str, code: str | None
) -> None:
    assert find_state(shipped.airspace(), text) == code
    assert not find_state(AIRSPACE, "Россия"), "it isn't there"
