"""Read a CSV file piece by piece, however large it is."""

import codecs
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc

from geo.audit.files import Location
from geo.audit.piece import Piece, numbered, reading
from geo.errors import OpenError
from geo.text import printable, quoted

_DELIMITERS = ",;\t|"
# No row is longer; the reader keeps some blocks at a time.
_BLOCK_BYTES = 1 << 20
_LONGEST_HEADER = 100_000
# Under this name text is decoded ahead of the reader, which would meet what is no text too late.
_UTF8 = "utf-8-sig"
_MARKS = {codecs.BOM_UTF8: _UTF8, codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


@dataclass(frozen=True, slots=True)
class CsvSource:
    """A table as text, with a header; `packed` names the way it is compressed, if any."""

    location: Location
    encoding: str | None = None
    packed: str | None = None

    def header(self) -> list[str]:
        """Name the columns."""
        with reading(self.location):
            return self._head().names

    def count(self) -> None:
        """Leave rows uncounted, since only reading tells."""

    def size(self) -> int:
        """Tell the bytes of the file."""
        return int(self.location.system.size(self.location.path))

    def pieces(self, columns: Mapping[str, str]) -> Iterator[Piece]:
        """Read columns as text; rows with more or fewer values than the header are refused."""
        head, ragged, size = self._head(), _Ragged(), max(self.size(), 1)
        with reading(self.location), self.location.open() as file:
            for batch in self._batches(file, head, sorted(set(columns.values())), ragged):
                rows = pa.table({role: batch[name] for role, name in columns.items()})
                yield Piece(ragged.put_back(rows), min(file.tell() / size, 1.0))
        none = pa.table({role: pa.array([], pa.string()) for role in columns})
        yield Piece(ragged.put_back(none, is_last=True), 1.0)

    def _batches(
        self, file: Any, head: "_Head", names: list[str], ragged: "_Ragged"
    ) -> Iterator[pa.RecordBatch]:
        kinds = dict.fromkeys(names, pa.string())
        convert = pc.ConvertOptions(
            include_columns=names, column_types=kinds, strings_can_be_null=False
        )
        with _told_plainly(head.encoding):
            yield from _reader(self._unpacked(file), head, ragged.skip, convert)

    def _unpacked(self, file: Any) -> Any:
        return pa.CompressedInputStream(pa.PythonFile(file), self.packed) if self.packed else file

    def _head(self) -> "_Head":
        """Tell the delimiter by the first line, and let the reader itself name the columns."""
        with reading(self.location):
            with self.location.open() as file:
                start = self._unpacked(file).read(_LONGEST_HEADER)
            marked = next((name for mark, name in _MARKS.items() if start.startswith(mark)), None)
            encoding = marked or self.encoding or _UTF8
            encoding = _UTF8 if encoding == "utf-8" else encoding
            line = start.decode(encoding, "replace").lstrip("\ufeff\r\n").partition("\n")[0]
            delimiter = max(_DELIMITERS, key=line.count)
            head = _Head([], delimiter, encoding)
            with self.location.open() as file, _told_plainly(encoding):
                names = _reader(self._unpacked(file), head, _skip, None).schema.names
        return _Head(names, delimiter, encoding)


@dataclass(frozen=True, slots=True)
class _Head:
    names: list[str]
    delimiter: str
    encoding: str


@dataclass(slots=True)
class _Ragged:
    """Keeps the rows that the reader skips, since it doesn't number the others.

    Blank lines aren't rows.
    """

    _done: int = 0
    _rows: list[int] = field(default_factory=list)
    _problems: list[str] = field(default_factory=list)

    def skip(self, row: pc.InvalidRow) -> str:
        """Note a row that the reader can't take; it reads ahead of what it gives out."""
        values = "1 value" if row.actual_columns == 1 else f"{row.actual_columns} values"
        self._problems.append(f"{quoted(row.text)} has {values}, not {row.expected_columns}")
        # The header is the reader's first row.
        self._rows.append(row.number - 1)
        return "skip"

    def put_back(self, rows: pa.Table, *, is_last: bool = False) -> pa.Table:
        """Number the next rows that were given out, with those skipped before the last one."""
        skipped = np.array(self._rows, dtype=np.int64)
        # Row i of those kept has as many skipped before it as have a number of i at most.
        kept = self._done + 1 + np.arange(len(rows))
        before = np.searchsorted(skipped - np.arange(len(skipped)), kept, side="right")
        passed = len(skipped) if is_last else int(before[-1]) if len(rows) else 0
        self._done += len(rows) + passed
        none = pa.nulls(len(rows), pa.string())
        table = numbered(rows.append_column("problem", none), kept + before)
        bad = pa.table({"row": skipped[:passed], "problem": self._problems[:passed]})
        del self._rows[:passed], self._problems[:passed]
        return pa.concat_tables([table, _widened(bad, table.schema)]).sort_by("row")


def _widened(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """Add the columns that are missing, empty."""
    columns = {
        name: rows[name].cast(kind) if name in rows.schema.names else pa.nulls(len(rows), kind)
        for name, kind in zip(schema.names, schema.types, strict=True)
    }
    return pa.table(columns)


def _reader(file: Any, head: _Head, skip: Callable[[pc.InvalidRow], str], convert: Any) -> Any:
    return pc.open_csv(
        file,
        pc.ReadOptions(use_threads=False, block_size=_BLOCK_BYTES, encoding=head.encoding),
        pc.ParseOptions(
            delimiter=head.delimiter, newlines_in_values=True, invalid_row_handler=skip
        ),
        convert,
    )


def _skip(row: pc.InvalidRow) -> str:
    return "skip"


@contextmanager
def _told_plainly(encoding: str) -> Iterator[None]:
    """Say in a reader's words what the CSV reader says in its own."""
    try:
        yield
    except (UnicodeError, pa.ArrowInvalid) as error:
        told = str(error)
        if isinstance(error, UnicodeError) or "UTF8" in told:
            name = "UTF-8" if encoding == _UTF8 else encoding
            raise OpenError(
                f"is not {name} text; say by --encoding what it is, such as windows-1251"
            ) from error
        if "straddling" in told:
            raise OpenError("a row is longer than 1 MB: is a quote left open?") from error
        raise OpenError(f"is no CSV file ({printable(told)[:200]})") from error
