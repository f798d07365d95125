"""Build what shortest ways need: `python -m scripts.build_corners`, after the airspace.

data/corners.parquet holds the vertices that a way around closed airspace can lean on, and
data/cells.parquet a coarse map of whose airspace is where.
"""

import hashlib
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from geo.airspace import Airspace
from geo.airspace_file import load_airspace
from geo.borders import Borders
from geo.hulls import cut_borders
from geo.model import FloatArray, IntArray
from scripts.pockets import NO_ONE, Walk, fill_pockets

SOURCE: Final = Path("data/airspace.parquet")
CORNERS: Final = Path("data/corners.parquet")
CELLS: Final = Path("data/cells.parquet")
# Two cells of the grid of borders in each direction.
CELL_DEG: Final = 0.2
MIXED: Final = -2
# Beyond, the grid of borders says too little of what is near.
_POLAR_DEG: Final = 84.0


def main() -> None:
    """Read the airspace and write both files."""
    airspace = load_airspace(SOURCE)
    source = {"airspace_sha256": hashlib.sha256(SOURCE.read_bytes()).hexdigest()}
    write(corners_table(airspace.coverage.borders), CORNERS, source)
    write(pa.table({"face": pa.array(cell_faces(airspace).ravel())}), CELLS, source)


def corners_table(borders: Borders) -> pa.Table:
    """Fill the pockets of borders, once with one side closed and once with the other."""
    ends, left, right = cut_borders(borders, np.arange(len(borders.ends)))
    lonlat, walk, left, right = linked(ends, left, right)
    tables: list[pa.Table] = []
    for one, closed, opened in (
        (walk, left, right),
        (Walk(walk.point, walk.after, walk.before), right, left),
    ):
        straight = fill_pockets(one, lonlat)
        tables.append(
            chain_table(straight, lonlat, closed, opened, sum(len(table) for table in tables))
        )
    return pa.concat_tables(tables)


def linked(
    ends: FloatArray, left: IntArray, right: IntArray
) -> tuple[FloatArray, Walk, IntArray, IntArray]:
    """Link edges into chains that have one face on their left and one on their right.

    Returns the vertices, each once; the chains; and the faces beside each row of the chains.
    """
    both = np.vstack([ends[:, :2], ends[:, 2:]]) + 0.0
    both[both[:, 0] == 180, 0] = -180.0
    keys = both.view(np.complex128).ravel()
    _, first, number = np.unique(keys, return_index=True, return_inverse=True)
    start, end = number[: len(ends)], number[len(ends) :]
    leaving = np.full(len(first), NO_ONE)
    leaving[start] = np.arange(len(ends))
    following = leaving[end]
    goes_on = (np.bincount(number)[end] == 2) & (following != NO_ONE)
    goes_on &= (left[following] == left) & (right[following] == right)
    # The last vertex of a chain starts no edge, and gets a row of its own.
    last = np.flatnonzero(~goes_on)
    after = np.where(goes_on, following, NO_ONE)
    after[last] = len(ends) + np.arange(len(last))
    before = np.full(len(ends) + len(last), NO_ONE)
    before[after] = np.arange(len(ends))
    after = np.append(after, np.full(len(last), NO_ONE))
    edge = np.append(np.arange(len(ends)), last)
    return both[first], Walk(np.append(start, end[last]), before, after), left[edge], right[edge]


def chain_table(
    walk: Walk, lonlat: FloatArray, closed: IntArray, opened: IntArray, first: int
) -> pa.Table:
    """List the vertices that are left, chain after chain; a ring ends where it began.

    The chains are numbered from `first`.
    """
    order: list[int] = []
    ends = [0]
    kept = walk.point != NO_ONE
    seen = ~kept
    heads = np.flatnonzero(kept & (walk.before == NO_ONE))
    for head in [*heads.tolist(), *np.flatnonzero(kept).tolist()]:
        row = head
        while row != NO_ONE and not seen[row]:
            seen[row] = True
            order.append(row)
            row = int(walk.after[row])
        if len(order) > ends[-1]:
            if row == head:
                order.append(head)
            ends.append(len(order))
    chain = first + np.repeat(np.arange(len(ends) - 1), [b - a for a, b in pairwise(ends)])
    return pa.table(
        {
            "chain": pa.array(chain.astype(np.int32)),
            "closed": pa.array(closed[order].astype(np.int16)),
            "open": pa.array(opened[order].astype(np.int16)),
            "lon": pa.array(lonlat[walk.point[order], 0]),
            "lat": pa.array(lonlat[walk.point[order], 1]),
        }
    )


def cell_faces(airspace: Airspace) -> IntArray:
    """Tell for each cell, row by row from the south-west, its face: -2 where a border is near."""
    borders = airspace.coverage.borders
    rows, columns = round(180 / CELL_DEG), round(360 / CELL_DEG)
    near = borders.grid.near.reshape(rows, 2, columns, 2).any(axis=(1, 3))
    lat = (np.arange(rows) + 0.5) * CELL_DEG - 90
    near |= np.abs(lat)[:, None] > _POLAR_DEG
    row, column = np.nonzero(~near)
    faces = np.full((rows, columns), MIXED, dtype=np.int16)
    centres = np.column_stack([(column + 0.5) * CELL_DEG - 180, lat[row]])
    faces[row, column] = airspace.coverage.at(centres)
    return faces


def write(table: pa.Table, path: Path, about: dict[str, str]) -> None:
    """Write a table, small and the same bytes each time."""
    pq.write_table(
        table.replace_schema_metadata(about), path, compression="zstd", compression_level=22,
        use_dictionary=["chain", "closed", "open", "face"], write_statistics=False,
    )  # fmt: skip
    print(f"{path}: {path.stat().st_size} bytes, {len(table)} rows")


if __name__ == "__main__":
    main()
