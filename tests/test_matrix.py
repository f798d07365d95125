import numpy as np
import pytest

from geo.airspace import INTERNATIONAL
from geo.matrix import make_matrix, matrix_table
from geo.model import Crossing
from tests.data.small import FLIGHTS

ROUTES = [(flight.plan.id, flight.crossings) for flight in FLIGHTS]


def crossing(name: str, start_m: float, end_m: float, *claims: str) -> Crossing:
    return Crossing(claims, name, "national", start_m, end_m, (0.0, 0.0), (0.0, 0.0))


def test_each_row_adds_up_to_its_route_and_each_column_to_its_total() -> None:
    matrix = make_matrix(ROUTES)
    assert matrix.routes == tuple(flight.plan.id for flight in FLIGHTS)
    assert matrix.metres.shape == (len(FLIGHTS), len(matrix.airspaces))
    lengths_m = [flight.route.length_m for flight in FLIGHTS]
    assert matrix.metres.sum(axis=1) == pytest.approx(lengths_m)
    assert (np.diff(matrix.totals_m) <= 0).all()
    assert INTERNATIONAL.name in matrix.airspaces
    assert matrix.claims[matrix.airspaces.index(INTERNATIONAL.name)] == ()
    for name, claims, total_m in zip(matrix.airspaces, matrix.claims, matrix.totals_m, strict=True):
        found = [c for _, crossings in ROUTES for c in crossings if c.name == name]
        assert total_m == pytest.approx(sum(c.length_m for c in found))
        assert {c.claims for c in found} == {claims}


def test_re_entries_share_a_cell_and_airspaces_not_crossed_are_zero() -> None:
    matrix = make_matrix(
        [
            ("there", [crossing("A", 0, 10, "AAA"), crossing("B", 10, 40, "BBB"),
                       crossing("A", 40, 45, "AAA")]),
            ("back", [crossing("C", 0, 30, "CCC")]),
            ("nowhere", []),
        ]
    )  # fmt: skip
    assert matrix.airspaces == ("B", "C", "A")
    assert matrix.claims == (("BBB",), ("CCC",), ("AAA",))
    assert matrix.metres.tolist() == [[30, 0, 15], [0, 30, 0], [0, 0, 0]]


def test_no_routes_make_an_empty_matrix() -> None:
    matrix = make_matrix([])
    assert (matrix.routes, matrix.airspaces, matrix.metres.shape) == ((), (), (0, 0))
    assert matrix_table(matrix).num_rows == 0


def test_a_table_has_a_column_for_each_airspace() -> None:
    matrix = make_matrix(ROUTES)
    table = matrix_table(matrix)
    assert table.column_names == ["route", *matrix.airspaces]
    assert table["route"].to_pylist() == list(matrix.routes)
    assert np.column_stack(table.columns[1:]).tolist() == matrix.metres.tolist()


def test_a_table_with_two_columns_of_a_name_is_refused() -> None:
    twice = [crossing("A", 0, 1, "AAA"), crossing("A", 1, 2, "AAA", "BBB")]
    with pytest.raises(ValueError, match="same name"):
        matrix_table(make_matrix([("r", twice)]))
