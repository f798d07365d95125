"""Find which segments may cut which, by the cells of a lon/lat grid that both pass through."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.model import BoolArray, FloatArray, IntArray

# About 11 km: a cell at a border holds some ten edges, and the whole grid is soon made.
CELL_DEG = 0.1
# Segments are listed in cells that they miss by less, too: for a line that bends into one by 11 m,
# or 4 m at 85 degrees.
_SLACK = 4e-4 / CELL_DEG, 1e-4 / CELL_DEG
# Pieces of segments are a little shorter than a cell, so that no rounding lets one touch three in
# a row.
_LONGEST = 0.99
_COLUMNS, _ROWS = round(360 / CELL_DEG), round(180 / CELL_DEG)
_CORNER = np.array([[180.0], [90.0], [180.0], [90.0]])
_LAST = np.array([[_COLUMNS - 1], [_ROWS - 1], [_COLUMNS - 1], [_ROWS - 1]])
# More than all roundings to single precision together: 7e-5 degrees.
_SINGLE_DEG = 1e-4
_NO_LENGTH = 1e-30
_WIDE = 5
_WIDE_ROWS = 2
_MOST_COLUMNS = 40


@dataclass(frozen=True, slots=True)
class Grid:
    """Segments by cell: those of cell c are `segments[begin[c] : begin[c + 1]]`.

    `busy` marks the cells that hold any; `near` also those within a cell's height of one; `wide`,
    of cells five times as large, those within two heights of one that holds any. `single` is
    (n, 4), the ends of `segments` in single precision.
    """

    segments: IntArray
    begin: IntArray
    busy: BoolArray
    near: BoolArray
    wide: BoolArray
    single: npt.NDArray[np.float32]

    def visits(self, ends: FloatArray) -> tuple[IntArray, IntArray, IntArray]:
        """List the cells with segments that segments (n, 4) pass, lon/lat/lon/lat on the map.

        Returns the row number of each visit, and where the cell's segments begin, and their count.
        """
        cell, row = _cells_passed(ends)
        busy = self.busy[cell].nonzero()[0]
        cell, row = cell[busy], row[busy]
        first = self.begin[cell]
        return row, first, self.begin[cell + 1] - first

    def pairs(self, ends: FloatArray) -> tuple[IntArray, IntArray]:
        """Pair segments (n, 4), lon/lat/lon/lat within -180..180, with indexed ones near them.

        Returns row numbers of both. A pair that shares several cells comes several times.
        """
        row, first, count = self.visits(ends)
        return row.repeat(count), self.segments[spans(first, count)]

    def pairs_in_line(self, ends: FloatArray, reach_deg: FloatArray) -> tuple[IntArray, IntArray]:
        """Pair as `pairs` does, but only with those that the line through both ends comes near.

        It cuts these, or passes one of their ends by `reach_deg` or less; or by a few metres more,
        since single precision leaves out nearly all others at half the cost.
        """
        row, first, count = self.visits(ends)
        lon0, lat0, lon1, lat1 = ends.T
        run_lon, run_lat = lon1 - lon0, lat1 - lat0
        unit = (reach_deg + _SINGLE_DEG) * np.sqrt(run_lon * run_lon + run_lat * run_lat)
        unit = 1 / np.maximum(unit, _NO_LENGTH)
        x, y = -run_lat * unit, run_lon * unit
        line = np.array([x, y, x * lon0 + y * lat0], dtype=np.float32)
        x, y, off = line[:, row].repeat(count, axis=1)
        at = spans(first, count)
        a_lon, a_lat, b_lon, b_lat = self.single.take(at, axis=0).T.copy()
        a, b = x * a_lon + y * a_lat - off, x * b_lon + y * b_lat - off
        kept = ((np.minimum(a, b) <= 1) & (np.maximum(a, b) >= -1)).nonzero()[0]
        return row.repeat(count)[kept], self.segments[at[kept]]

    def is_near(self, lon: FloatArray, lat: FloatArray) -> BoolArray:
        """Tell whether a segment passes within a cell's height of these points."""
        near: BoolArray = self.near[_cell(lon, lat, CELL_DEG)]
        return near

    def is_within_100_km(self, lon: FloatArray, lat: FloatArray) -> BoolArray:
        """Tell whether a segment may pass within 100 km of these points."""
        wide: BoolArray = self.wide[_cell(lon, lat, CELL_DEG * _WIDE)]
        return wide


def make_grid(ends: FloatArray) -> Grid:
    """Index segments (n, 4), lon/lat/lon/lat within -180..180."""
    cell, segment = _cells_held(ends)
    # Sorted as one number, since that is many times as fast as by an order.
    segment = np.sort((cell.astype(np.int64) << 32) | segment).astype(np.int32)
    count = np.bincount(cell, minlength=_ROWS * _COLUMNS).astype(np.int32)
    begin = np.concatenate([[0], np.cumsum(count, dtype=np.int32)], dtype=np.int32)
    busy = count > 0
    near = _widened(busy.reshape(_ROWS, _COLUMNS), 1)
    wide = np.zeros((_ROWS // _WIDE, _COLUMNS // _WIDE), dtype=bool)
    row, column = np.divmod(np.flatnonzero(busy), _COLUMNS)
    wide[row // _WIDE, column // _WIDE] = True
    wide = _widened(wide, _WIDE_ROWS)
    single = ends.astype(np.float32).take(segment, axis=0)
    return Grid(segment, begin, busy, near.ravel(), wide.ravel(), single)


def numbers(counts: IntArray) -> IntArray:
    """Count up from zero anew for each count: 2, 3 gives 0, 1, 0, 1, 2."""
    ends = counts.cumsum()
    number: IntArray = np.arange(counts.sum()) - (ends - counts).repeat(counts)
    return number


def spans(first: IntArray, counts: IntArray) -> IntArray:
    """Count up from these numbers, each so often: from 7, 1 by 2, 3 gives 7, 8, 1, 2, 3."""
    ends = counts.cumsum()
    before = (first - ends + counts).repeat(counts)
    number: IntArray = before + np.arange(len(before))
    return number


def _cells_passed(ends: FloatArray) -> tuple[IntArray, IntArray]:
    """List the cells that segments pass through, and may pass through, with their row numbers."""
    at, row, number = _in_pieces(ends)
    # Where a piece but the first begins, the one before has ended.
    return _cells_touched(at, row, None if number is None else (number == 0).nonzero()[0])


def _cells_held(ends: FloatArray) -> tuple[IntArray, IntArray]:
    """List cells as `_cells_passed` does, and those that segments miss by the slack."""
    lon0, lat0, lon1, lat1 = ends.T
    long = np.maximum(np.abs(lon1 - lon0), np.abs(lat1 - lat0)) > _LONGEST * CELL_DEG
    found = [_cells_beside(ends, np.flatnonzero(some)) for some in (~long, long)]
    cells, rows = zip(*found, strict=True)
    return np.concatenate(cells), np.concatenate(rows)


def _cells_beside(ends: FloatArray, which: IntArray) -> tuple[IntArray, IntArray]:
    (lon0, lat0, lon1, lat1), row, _ = _in_pieces(ends[which])
    west, east = np.minimum(lon0, lon1) - _SLACK[0], np.maximum(lon0, lon1) + _SLACK[0]
    south, north = np.minimum(lat0, lat1) - _SLACK[1], np.maximum(lat0, lat1) + _SLACK[1]
    return _cells_touched(np.array([west, south, east, north]), which.astype(np.int32)[row], None)


def _in_pieces(ends: FloatArray) -> tuple[FloatArray, IntArray, IntArray | None]:
    """Cut segments into pieces shorter than a cell, in cells from the corner of the map, (4, n).

    Returns also each one's row number, and which piece of the segment it is unless all are whole.
    """
    at = (ends.T + _CORNER) / CELL_DEG
    row = np.arange(len(ends), dtype=np.int32)
    run = at[2:] - at[:2]
    reach = np.abs(run).max(axis=0)
    if reach.max(initial=0) <= _LONGEST:
        return at, row, None
    pieces = np.maximum(np.ceil(reach / _LONGEST), 1).astype(np.int64)
    row = row.repeat(pieces)
    number = numbers(pieces)
    start, step = at[:2, row], (run / pieces)[:, row]
    return np.concatenate([start + number * step, start + (number + 1) * step]), row, number


def _cells_touched(
    at: FloatArray, row: IntArray, first: IntArray | None
) -> tuple[IntArray, IntArray]:
    """List the cells of pieces, but where they start only for those that come first."""
    west, south, east, north = np.minimum(at, _LAST).astype(np.int32)
    south *= _COLUMNS
    north *= _COLUMNS
    start = south + west
    # A piece no longer than a cell touches one, two, or three of a square of four.
    aside, above = (west != east).nonzero()[0], (south != north).nonzero()[0]
    both = above[west[above] != east[above]]
    cells = [start if first is None else start[first], south[aside] + east[aside]]
    cells += [north[above] + west[above], north[both] + east[both]]
    rows = [row if first is None else row[first], row[aside], row[above], row[both]]
    return np.concatenate(cells), np.concatenate(rows)


def _cell(lon: FloatArray, lat: FloatArray, cell_deg: float) -> IntArray:
    columns, rows = round(360 / cell_deg), round(180 / cell_deg)
    column = np.minimum((lon + 180) / cell_deg, columns - 1).astype(np.int32)
    row = np.minimum((lat + 90) / cell_deg, rows - 1).astype(np.int32)
    return row * columns + column


def _widened(marked: BoolArray, rows: int) -> BoolArray:
    """Mark all cells within the height of so many rows of a marked one, over 180 degrees as well.

    Near the poles, whole rows are marked.
    """
    tall = marked.copy()
    for by in range(1, rows + 1):
        tall[by:] |= marked[:-by]
        tall[:-by] |= marked[by:]
    # Meridians meet towards the poles, so the same reach takes more columns: up to where they are
    # tangents of a circle of that radius.
    cell_deg = 180 / len(marked)
    lat = np.abs(np.arange(len(marked) + 1) * cell_deg - 90)
    lat = np.maximum(lat[1:], lat[:-1])
    sine = np.sin(np.radians(rows * cell_deg)) / np.cos(np.radians(lat)).clip(min=1e-9)
    reach = np.ceil(np.degrees(np.arcsin(sine.clip(max=1))) / cell_deg)
    wide = tall.copy()
    for by in range(1, _MOST_COLUMNS + 1):
        some = np.flatnonzero(reach >= by)
        wide[some] |= np.roll(tall[some], by, axis=1) | np.roll(tall[some], -by, axis=1)
    whole = reach > _MOST_COLUMNS
    wide[whole] = tall[whole].any(axis=1, keepdims=True)
    return wide
