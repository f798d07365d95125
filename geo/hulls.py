"""Hold borders as a shortest way around either side of them meets them.

What a way leans on are corners. A pocket in a border, with a mouth that is open, has none for a way
that passes by; so in the file the pockets are filled, up to some 60 km across, which leaves a tenth
of the vertices (`scripts/build_corners.py`).
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from geo.borders import Borders
from geo.errors import DataError
from geo.file_faults import say_unread
from geo.grid import numbers
from geo.model import BoolArray, FloatArray, IntArray

# The extent of the largest pocket that is filled.
POCKET_M = 60_000.0
# Borders are straight in lon/lat, ways are geodesics: on pieces bent by less, both are the same.
_BEND_M = 2.0
_LONGEST_M = 100_000.0
_EARTH_M = 6_371_000.0


@dataclass(frozen=True, slots=True)
class Hulls:
    """Borders as edges (n, 4), lon/lat/lon/lat, each with one side closed, on its left.

    `closed` and `opened` are the faces on either side, -1 for waters of no state.
    """

    ends: FloatArray
    closed: IntArray
    opened: IntArray

    def around(self, shut: BoolArray) -> tuple[FloatArray, IntArray]:
        """Pick the edges between shut faces and others; returns them and the shut face of each."""
        kept = np.flatnonzero(shut[self.closed] & ~shut[self.opened])
        return self.ends[kept], self.closed[kept]


def make_hulls(borders: Borders) -> Hulls:
    """Take borders as they are, with no pocket filled."""
    ends, left, right = cut_borders(borders, np.arange(len(borders.ends)))
    return Hulls(
        np.vstack([ends, ends[:, [2, 3, 0, 1]]]),
        np.concatenate([left, right]),
        np.concatenate([right, left]),
    )


def load_hulls(path: Path, airspace: Path) -> Hulls:
    """Read the file with filled pockets, made from this airspace file.

    Raises DataError where it is missing, is no such file, or was made from another airspace.
    """
    table = read_columns(path, {"chain": pa.int32(), "closed": pa.int16(), "open": pa.int16(),
                                "lon": pa.float64(), "lat": pa.float64()}, airspace)  # fmt: skip
    chain, closed, opened, lon, lat = (column.to_numpy() for column in table.columns)
    first = np.flatnonzero(chain[1:] == chain[:-1])
    lonlat = np.column_stack([lon, lat])
    return Hulls(np.hstack([lonlat[first], lonlat[first + 1]]), closed[first], opened[first])


def read_columns(path: Path, columns: dict[str, pa.DataType], airspace: Path) -> pa.Table:
    """Read a table made from an airspace file; raises DataError as `load_hulls` does."""
    try:
        table = pq.read_table(path, columns=list(columns))
        made_from = (table.schema.metadata or {}).get(b"airspace_sha256", b"").decode()
        for name, kind in columns.items():
            if table.schema.field(name).type != kind or table[name].null_count:
                raise DataError(f"column {name} is not {kind} without nulls")
        if made_from != hashlib.sha256(airspace.read_bytes()).hexdigest():
            raise DataError(f"made from another airspace than {airspace.name}")
    except (OSError, KeyError, DataError, pa.ArrowException) as error:
        reason = say_unread(error, path)
        raise DataError(f"{path.name}: not fit for shortest ways ({reason})") from error
    return table


def cut_borders(borders: Borders, rows: IntArray) -> tuple[FloatArray, IntArray, IntArray]:
    """Cut these borders as `densified` does, at the same points wherever that is done.

    Returns the pieces, each with the higher face on its left, and the faces on both sides.
    """
    left, right, ends = borders.left[rows], borders.right[rows], borders.ends[rows]
    ends = np.where((left < right)[:, None], ends[:, [2, 3, 0, 1]], ends)
    ends, row = densified(ends)
    return ends, np.maximum(left, right)[row], np.minimum(left, right)[row]


def densified(ends: FloatArray, bend_m: float = _BEND_M) -> tuple[FloatArray, IntArray]:
    """Cut edges (n, 4) until they lie within 2 m of geodesics; returns also the row of each."""
    pieces = count_pieces(ends, bend_m)
    row, at = np.repeat(np.arange(len(ends)), pieces), numbers(pieces)[:, None]
    first, run, count = ends[row, :2], ends[row, 2:] - ends[row, :2], pieces[row, None]
    last = np.where(at + 1 == count, ends[row, 2:], first + (at + 1) / count * run)
    return np.hstack([first + at / count * run, last]), row


def count_pieces(ends: FloatArray, bend_m: float = _BEND_M) -> IntArray:
    """Count the pieces that `densified` cuts each edge into, as (n,).

    What is straight in lon/lat bends off a geodesic by tan(latitude) sin(azimuth)
    (1 + cos^2(azimuth)) / radius, and so lies off it by an eighth of that and the length squared.
    """
    lat = np.radians(np.abs(ends[:, [1, 3]]))
    run = np.radians(np.abs(ends[:, 2] - ends[:, 0]))
    east_m = run * np.cos(lat.mean(axis=1)) * _EARTH_M
    north_m = np.radians(ends[:, 3] - ends[:, 1]) * _EARTH_M
    length_m = np.hypot(east_m, north_m).clip(min=1e-9)
    bent_m = run * np.sin(lat.max(axis=1)) * (east_m**2 + 2 * north_m**2) / (8 * length_m)
    most = np.maximum(np.sqrt(bent_m / bend_m), length_m / _LONGEST_M)
    pieces: IntArray = np.ceil(most).clip(1).astype(int)
    return pieces
