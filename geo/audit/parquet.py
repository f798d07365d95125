"""Read Parquet files piece by piece."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from geo.audit.columns import TEXT_ROLES
from geo.audit.files import Location
from geo.audit.piece import Piece, numbered, reading
from geo.errors import OpenError
from geo.text import quoted

_PIECE_ROWS = 50_000
_UNITS = {"s": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9}


@dataclass(frozen=True, slots=True)
class ParquetSource:
    """One or more Parquet files, read as one table; each must have the columns that are asked."""

    files: tuple[Location, ...]

    def header(self) -> list[str]:
        """Name the columns of the first file."""
        with reading(self.files[0]), self.files[0].open() as file:
            names: list[str] = pq.ParquetFile(file).schema_arrow.names
        return names

    def count(self) -> int:
        """Count the rows of all files."""
        return sum(map(_count, self.files))

    def size(self) -> int:
        """Tell the bytes of all files."""
        return sum(int(file.system.size(file.path)) for file in self.files)

    def pieces(self, columns: Mapping[str, str]) -> Iterator[Piece]:
        """Read the files one after the other."""
        total, done, first = max(self.count(), 1), 0, None
        for file in self.files:
            for table in _tables(file, columns):
                first = first or table.schema
                if table.schema != first:
                    raise OpenError(f"{file}: its columns are of other types than in the first")
                number = np.arange(done + 1, done + len(table) + 1)
                done += len(table)
                yield Piece(numbered(table, number), done / total)


def _count(location: Location) -> int:
    with reading(location), location.open() as file:
        return int(pq.ParquetFile(file).metadata.num_rows)


def _tables(location: Location, columns: Mapping[str, str]) -> Iterator[pa.Table]:
    names = list(dict.fromkeys(columns.values()))
    with reading(location), location.open() as file:
        opened = pq.ParquetFile(file)
        for name in names:
            if name not in opened.schema_arrow.names:
                raise OpenError(f"has no column {quoted(name)}")
        for batch in opened.iter_batches(_PIECE_ROWS, columns=names, use_threads=False):
            plain = {role: _plain(role, name, batch[name]) for role, name in columns.items()}
            yield pa.table(plain)


def _plain(role: str, name: str, column: pa.Array) -> pa.Array:
    """Bring a column to text, or where it holds numbers or times, to float64."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _plain(role, name, column.dictionary_decode())
    if pa.types.is_nested(kind):
        raise OpenError(f"column {quoted(name)} is {kind}, neither numbers nor text")
    if role in TEXT_ROLES:
        return column.cast(pa.string())
    # Nanoseconds since 1970 have more digits than float64: they are rounded to some 0.3 µs.
    if pa.types.is_timestamp(kind):
        return pc.divide(column.cast(pa.int64()).cast(pa.float64(), safe=False), _UNITS[kind.unit])
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return column.cast(pa.float64(), safe=False)
    return column.cast(pa.string())
