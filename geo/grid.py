"""Find which segments may cut which, by the cells of a lon/lat grid that both pass through."""

from dataclasses import dataclass

import numpy as np

from geo.model import BoolArray, FloatArray, IntArray

# About 11 km: a cell at a border holds some ten edges, and the whole grid is soon made.
CELL_DEG = 0.1
NEAR_UP_TO_DEG = 75.0
_COLUMNS, _ROWS = round(360 / CELL_DEG), round(180 / CELL_DEG)


@dataclass(frozen=True, slots=True)
class Grid:
    """Segments by cell: those of cell c are `segments[begin[c] : begin[c + 1]]`.

    `busy` marks the cells that hold any; `near` also those within a cell's height of one, up to
    the latitude `NEAR_UP_TO_DEG`.
    """

    segments: IntArray
    begin: IntArray
    busy: BoolArray
    near: BoolArray

    def pairs(self, ends: FloatArray) -> tuple[IntArray, IntArray]:
        """Pair segments (n, 4), lon/lat/lon/lat within -180..180, with indexed ones near them.

        Returns row numbers of both. A pair that shares several cells comes several times.
        """
        cell, row = _cells_of(ends)
        busy = self.busy[cell]
        cell, row = cell[busy], row[busy]
        first = self.begin[cell]
        count = self.begin[cell + 1] - first
        return np.repeat(row, count), self.segments[np.repeat(first, count) + numbers(count)]

    def is_near(self, lon: FloatArray, lat: FloatArray) -> BoolArray:
        """Tell whether a segment passes within a cell's height of these points."""
        near: BoolArray = self.near[_row(lat) * _COLUMNS + _column(lon)]
        return near


def make_grid(ends: FloatArray) -> Grid:
    """Index segments (n, 4), lon/lat/lon/lat within -180..180."""
    cell, segment = _cells_of(ends)
    order = np.argsort(cell, kind="stable")
    count = np.bincount(cell, minlength=_ROWS * _COLUMNS).astype(np.int32)
    begin = np.concatenate([[0], np.cumsum(count, dtype=np.int32)], dtype=np.int32)
    busy = count > 0
    return Grid(segment[order], begin, busy, _widened(busy))


def numbers(counts: IntArray) -> IntArray:
    """Count up from zero anew for each count: 2, 3 gives 0, 1, 0, 1, 2."""
    return np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)


def _cells_of(ends: FloatArray) -> tuple[IntArray, IntArray]:
    """List the cells that segments pass through, and may pass through, with their row numbers."""
    row = np.arange(len(ends), dtype=np.int32)
    reach = np.abs(ends[:, 2:] - ends[:, :2]).max(axis=1, initial=0)
    # A little shorter than a cell, so that no rounding lets a piece touch three in a row.
    pieces = np.ceil(reach / (0.99 * CELL_DEG)).astype(np.int64).clip(1)
    if pieces.max(initial=1) > 1:
        row = np.repeat(row, pieces)
        at = numbers(pieces)
        start, run = ends[row, :2], ends[row, 2:] - ends[row, :2]
        share = 1 / pieces[row, None]
        ends = np.hstack(
            [start + at[:, None] * share * run, start + (at[:, None] + 1) * share * run]
        )
    west, east = _column(ends[:, 0]), _column(ends[:, 2])
    south, north = _row(ends[:, 1]) * _COLUMNS, _row(ends[:, 3]) * _COLUMNS
    # A piece no longer than a cell touches one, two, or three of a square of four.
    aside, above = west != east, south != north
    both = aside & above
    cells = [south + west, (south + east)[aside], (north + west)[above], (north + east)[both]]
    rows = [row, row[aside], row[above], row[both]]
    return np.concatenate(cells), np.concatenate(rows)


def _column(lon: FloatArray) -> IntArray:
    return np.minimum((lon + 180) / CELL_DEG, _COLUMNS - 1).astype(np.int32)


def _row(lat: FloatArray) -> IntArray:
    return np.minimum((lat + 90) / CELL_DEG, _ROWS - 1).astype(np.int32)


def _widened(busy: BoolArray) -> BoolArray:
    """Mark all cells within a cell's height of a marked one, over 180 degrees as well."""
    marked = busy.reshape(_ROWS, _COLUMNS)
    tall = marked.copy()
    tall[1:] |= marked[:-1]
    tall[:-1] |= marked[1:]
    # Cells grow narrow towards the poles, so the same reach takes more of them.
    lat = np.radians((np.arange(_ROWS) + 0.5) * CELL_DEG - 90)
    reach = np.ceil(1 / np.cos(np.abs(lat).clip(max=np.radians(NEAR_UP_TO_DEG))))
    near = tall.copy()
    for columns in range(1, int(reach.max()) + 1):
        rows = reach >= columns
        near[rows] |= np.roll(tall[rows], columns, axis=1) | np.roll(tall[rows], -columns, axis=1)
    return near.ravel()
