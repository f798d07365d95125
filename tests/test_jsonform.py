import json
from itertools import pairwise

import pytest

from geo.answer import Answer
from geo.edge import Edges, NearMiss
from geo.jsonform import JsonObject, dump, leg_form, route_form, routes_form
from geo.model import Crossing, Leg, Place, Route

A = Place("a", "Á", 10.000000049, -0.0)
B = Place("b", "B", 20.0, 5.123456789)
LEG = Leg(A, B, 1000.00049, 359.99999999, 12.3456789)
ROUTE = Route("a-b", (LEG,))


def crossing(start_m: float, end_m: float, land_m: float | None = None) -> Crossing:
    ends = (10.0, 0.0), (-180.0, -0.0)
    return Crossing(("MAR", "ESH"), "Ü", "disputed", start_m, end_m, *ends, land_m)


def answer(*crossings: Crossing, margin_m: float | None = None) -> Answer:
    near = NearMiss(("AZE",), "Azerbaijan", "national", 9999.99951, 12.00049, (15.0, -0.0))
    return Answer(ROUTE, crossings, Edges((margin_m,) * len(crossings), (near,), 25_000.0))


def only_crossing(land_m: float, margin_m: float) -> JsonObject:
    form = json.loads(dump(route_form(answer(crossing(0.0, 1000.0, land_m), margin_m=margin_m))))
    (found,) = form["crossings"]
    return dict(found)


def test_a_leg_is_rounded_at_the_last_step() -> None:
    assert leg_form(LEG) == {
        "from": {"id": "a", "name": "Á", "lon": 10.0, "lat": 0.0},
        "to": {"id": "b", "name": "B", "lon": 20.0, "lat": 5.1234568},
        "length_m": 1000.0,
        "initial_bearing_deg": 0.0,
        "final_bearing_deg": 12.3456789,
    }
    assert "-0.0" not in dump(leg_form(LEG))


def test_crossings_stay_without_gaps_after_rounding() -> None:
    cuts_m = [0.0, 333.3335, 666.66649, 1000.00051]
    form = route_form(answer(*(crossing(*pair) for pair in pairwise(cuts_m))))
    crossings = form["crossings"]
    assert isinstance(crossings, list)
    assert [each["start_m"] for each in crossings] == [0.0, 333.334, 666.666]
    assert [each["end_m"] for each in crossings] == [333.334, 666.666, 1000.0]
    assert [each["length_m"] for each in crossings] == [333.334, 333.332, 333.334]


def test_a_crossing_has_its_keys_in_order() -> None:
    text = dump(route_form(answer(crossing(0.0, 1000.00049))))
    assert json.loads(text)["crossings"] == [
        {
            "claims": ["MAR", "ESH"],
            "name": "Ü",
            "kind": "disputed",
            "start_m": 0.0,
            "end_m": 1000.0,
            "length_m": 1000.0,
            "entry": {"lon": 10.0, "lat": 0.0},
            "exit": {"lon": -180.0, "lat": 0.0},
            "land_m": None,
            "margin_m": None,
        }
    ]
    assert list(json.loads(text)) == [
        "name", "length_m", "legs", "crossings", "reach_m", "near",
    ]  # fmt: skip


def test_a_near_miss_has_its_keys_in_order() -> None:
    form = json.loads(dump(route_form(answer(crossing(0.0, 1000.0)))))
    assert form["reach_m"] == 25_000
    assert form["near"] == [
        {
            "claims": ["AZE"],
            "name": "Azerbaijan",
            "kind": "national",
            "distance_m": 10_000.0,
            "at_m": 12.0,
            "point": {"lon": 15.0, "lat": 0.0},
        }
    ]


def test_land_is_no_longer_than_its_crossing_and_no_shorter_than_nothing() -> None:
    assert only_crossing(1000.0000001, 4025.4321)["land_m"] == 1000.0
    assert only_crossing(1000.0049, 4025.4321)["land_m"] == 1000.0
    assert only_crossing(-0.0004, 4025.4321)["land_m"] == 0.0
    assert only_crossing(12.3456, 4025.4321)["land_m"] == 12.346
    assert only_crossing(12.3456, 4025.4321)["margin_m"] == 4025.432


def test_text_is_not_escaped() -> None:
    assert '"name": "Ü"' in dump(routes_form([answer(crossing(0.0, 1000.0))]))


def test_what_json_has_no_number_for_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        dump({"length_m": float("nan")})
