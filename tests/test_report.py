import numpy as np
import pytest
import shapely

from geo.answer import Answer, answer_routes
from geo.edge import Edges, NearMiss
from geo.geodesy import make_route
from geo.layers import Layer, Volume
from geo.model import Crossing, Place
from geo.overlay import Passage, make_overlay
from geo.report import CREDIT, report, table
from tests.test_edge import airspace_of

A, B = Place("a", "Aerodrome\nA", 0.0, 0.0), Place("b", "B\x1b[31m", 10.0, 0.0)
ROUTE = make_route("a-b", [A, B])
SHAPE = shapely.box(0, 0, 1, 1)


def crossing(start_m: float, end_m: float, land_m: float | None) -> Crossing:
    return Crossing(("AAA",), "Aland", "national", start_m, end_m, (0.0, 0.0), (1.0, 0.0), land_m)


def answer(
    *crossings: Crossing,
    margins_m: tuple[float | None, ...],
    near: tuple[NearMiss, ...] = (),
    reach_m: float = 25_000.0,
) -> Answer:
    return Answer(ROUTE, crossings, Edges(margins_m, near, reach_m))


def parts(*answers: Answer, layers: tuple[Layer, ...] = ()) -> list[str]:
    return report(answers, layers).split("\n\n")


def test_a_route_has_its_legs_its_crossings_and_its_edges() -> None:
    near = (NearMiss(("CCC",), "Ceeland", "national", 4025.0, 500_000.0, (5.0, 0.0)),)
    crossings = crossing(0.0, 300_000.0, 299_999.9999), crossing(300_000.0, 310_000.0, 0.0)
    head, legs, crossed, edges, notes, credit = parts(
        answer(*crossings, margins_m=(None, 4025.0), near=near)
    )
    assert head == "a-b: 692 mi (1,113 km)"
    assert [line.split() for line in legs.splitlines()] == [
        ["Leg", "mi", "km", "bearing"],
        ["Aerodrome", "A", "to", "B\ufffd[31m", "692", "1,113", "090°", "to", "090°"],
    ]
    assert crossed.splitlines() == [
        "  Airspace   mi   km  land, km  sea, km  margin, km  codes",
        "  Aland     186  300       300        0        > 25  AAA",
        "  Aland     6.2   10         0       10         4.0  AAA",
    ]
    assert edges.splitlines() == [
        "  Only just crosses Aland, for 10 km: gone if the line shifts by 4.0 km.",
        "  Passes Ceeland at 4.0 km, 500 km from the start.",
    ]
    assert notes.splitlines()[0].startswith("Margin: how far the line would have to shift")
    assert credit == CREDIT


def test_nothing_is_said_of_margins_where_none_was_looked_for() -> None:
    *_, crossed, notes, _ = parts(answer(crossing(0.0, 9.0, None), margins_m=(None,), reach_m=0.0))
    assert crossed.splitlines() == [
        "  Airspace    mi    km  land, km  sea, km  codes",
        "  Aland     <0.1  <0.1         –        –  AAA",
    ]
    assert "Margin" not in notes


@pytest.mark.parametrize("land_m", [1000.0000001, -0.0000001])
def test_noise_is_neither_land_nor_sea(land_m: float) -> None:
    *_, crossed, _, _, _ = parts(answer(crossing(0.0, 1000.0, land_m), margins_m=(None,)))
    assert crossed.splitlines()[1].split()[3:5] in (["1.0", "0"], ["0", "1.0"])


def test_a_layer_s_passages_stand_below_with_where_they_are() -> None:
    volumes = (
        Volume(1, "", "Box\r1", "FIR", "GND", "FL 195", SHAPE),
        Volume(2, "", "Box 2", "", "", "FL 55", SHAPE),
    )
    layer = Layer("fir\t.geojson", volumes, tuple(f"left out {n}" for n in range(8)), ("m",) * 5)
    passages = tuple(
        Passage(volume, 10_000.0, 40_000.0, (0.1, 0.0), (0.4, 0.0)) for volume in volumes
    )
    one = answer(crossing(0.0, 1000.0, 0.0), margins_m=(None,))
    found = parts(Answer(one.route, one.crossings, one.edges, (passages,)), layers=(layer,))
    assert found[4].splitlines() == [
        "  Areas of fir .geojson  mi  km  from km  to km  kind and limits",
        "  Box 1                  19  30       10     40  FIR, GND to FL 195",
        "  Box 2                  19  30       10     40  FL 55",
    ]
    remarks = found[5].splitlines()
    assert remarks[-1] == "fir .geojson: 3 more"
    assert remarks[-2] == "fir .geojson: m"
    assert len([line for line in remarks if line.startswith("fir .geojson: left out")]) == 8
    assert max(map(len, remarks)) <= 100


def test_a_table_sets_amounts_to_the_right() -> None:
    assert table([("a", "b", "c"), ("long", "1", ""), ("s", "1,000", "x")]) == (
        "  a         b  c\n  long      1\n  s     1,000  x"
    )


def test_routes_are_answered_with_each_layer_by_itself() -> None:
    airspace = airspace_of(AAA=shapely.box(2, -5, 8, 5))
    layers = [
        Layer(name, (Volume(1, "", name, "", "", "", shapely.box(west, -1, west + 1, 1)),))
        for name, west in (("one", 3), ("other", 20))
    ]
    back = make_route("b-a", [B, A])
    answers = answer_routes(
        airspace, [ROUTE, back], [make_overlay(layer) for layer in layers], reach_m=1000.0
    )
    assert [each.route for each in answers] == [ROUTE, back]
    for each in answers:
        names = [crossing.name for crossing in each.crossings]
        assert names == ["waters of no state", "AAA", "waters of no state"]
        assert each.edges == Edges((None,) * 3, (), 1000.0)
        assert [[p.volume.name for p in passages] for passages in each.passages] == [["one"], []]
    there_m, back_m = (
        np.array([(p.start_m, p.end_m) for p in each.passages[0]]) for each in answers
    )
    assert ROUTE.length_m - back_m[0, ::-1] == pytest.approx(there_m[0], abs=0.01)
    assert answer_routes(airspace, []) == []
