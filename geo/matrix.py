"""Set routes against the airspaces they cross: the metres of each in each, as one matrix."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from geo.model import Crossing, FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """Metres of routes in airspaces: `metres` is (routes, airspaces).

    The airspaces stand in order of their total, the largest first, the waters of no state among
    them; `claims` are their A3 codes, empty over those waters. A route that comes into an airspace
    twice has both stretches in one cell.
    """

    routes: tuple[str, ...]
    airspaces: tuple[str, ...]
    claims: tuple[tuple[str, ...], ...]
    metres: FloatArray

    @property
    def totals_m(self) -> FloatArray:
        """The metres in each airspace, of all routes together."""
        totals: FloatArray = self.metres.sum(axis=0)
        return totals


def make_matrix(routes: Sequence[tuple[str, Sequence[Crossing]]]) -> Matrix:
    """Sum up the crossings of routes, each given with its name.

    Airspaces are told apart by their claims and their names; those of one total, by their names.
    """
    totals: dict[tuple[str, tuple[str, ...]], float] = {}
    for _, crossings in routes:
        for each in crossings:
            key = each.name, each.claims
            totals[key] = totals.get(key, 0.0) + each.length_m
    order = sorted(totals, key=lambda key: (-totals[key], key))
    column = {key: number for number, key in enumerate(order)}
    metres = np.zeros((len(routes), len(order)))
    for row, (_, crossings) in enumerate(routes):
        for each in crossings:
            metres[row, column[each.name, each.claims]] += each.length_m
    return Matrix(
        tuple(name for name, _ in routes),
        tuple(name for name, _ in order),
        tuple(claims for _, claims in order),
        metres,
    )


def matrix_table(matrix: Matrix) -> pa.Table:
    """Give a matrix as columns: `route`, then the metres in each airspace under its name.

    Raises ValueError where two airspaces have one name, or an airspace the name `route`.
    """
    names = ["route", *matrix.airspaces]
    if len(set(names)) < len(names):
        raise ValueError("two columns of the matrix have the same name")
    columns: list[Any] = [pa.array(matrix.routes, pa.string())]
    columns += [pa.array(column) for column in matrix.metres.T]
    return pa.table(columns, names=names)
