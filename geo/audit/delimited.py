"""Read a CSV file piece by piece, however large it is."""

import codecs
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
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
# UTF-32's little-endian mark begins as UTF-16's does.
_MARKS = {
    codecs.BOM_UTF8: _UTF8,
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_OF_DOMAINS = frozenset({"idna", "punycode"})
# Excel's own first line, which names the delimiter.
_SEP = re.compile(rf'"?sep=([{_DELIMITERS}])"?\r?', re.IGNORECASE)


def find_encoding(name: str) -> str:
    """Give an encoding its usual name. Raises OpenError for one that no text is written in."""
    try:
        found = codecs.lookup(name).name
        # Codecs that turn bytes into bytes, or can't read what is damaged, fail here.
        "a".encode(found).decode(found, "replace")
    except (LookupError, ValueError) as error:
        raise OpenError(f"{quoted(name)} is no encoding of text") from error
    if found in _OF_DOMAINS:
        raise OpenError(f"{quoted(name)} is no encoding of text but of domain names")
    return found


def is_wide(encoding: str) -> bool:
    """Tell whether plain letters have zero bytes in an encoding, as in UTF-16."""
    return b"\x00" in "a".encode(encoding)


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
        head, ragged, size, share = self._head(), _Ragged(), max(self.size(), 1), 0.0
        ragged.ahead = head.rows
        with reading(self.location), self.location.open() as file:
            text = _Counted(self._text(file, head.encoding), file)
            names = sorted(set(columns.values()))
            for number, batch in enumerate(_batches(text, head, names, ragged), 1):
                rows = pa.table({role: batch[name] for role, name in columns.items()})
                # The file is read ahead of the rows; a batch is made of each block of it.
                count, at = text.read_so_far
                given = min(number * _BLOCK_BYTES / max(count, 1), 1.0)
                share = max(share, min(given * at / size, 1.0))
                yield Piece(ragged.put_back(rows), share)
        none = pa.table({role: pa.array([], pa.string()) for role in columns})
        yield Piece(ragged.put_back(none, is_last=True), 1.0)

    def _text(self, file: Any, encoding: str) -> Any:
        """Unpack a file and bring it to UTF-8."""
        return pa.transcoding_input_stream(self._unpacked(file), encoding, "utf-8")

    def _unpacked(self, file: Any) -> Any:
        stream = pa.PythonFile(file, "r")
        return pa.CompressedInputStream(stream, self.packed) if self.packed else stream

    def _head(self) -> "_Head":
        """Tell the delimiter by the first line, and let the reader itself name the columns."""
        with reading(self.location):
            with self.location.open() as file:
                start = self._unpacked(file).read(_LONGEST_HEADER)
            marked = next((name for mark, name in _MARKS.items() if start.startswith(mark)), None)
            encoding = marked or self.encoding or _UTF8
            encoding = _UTF8 if encoding == "utf-8" else encoding
            with _told_plainly(encoding):
                text = start.decode(encoding, "replace").lstrip("\ufeff\r\n")
                head = _Head([], *_delimiter(text.partition("\n")[0]), encoding)
                with self.location.open() as file:
                    # Copied, so that no reader that is done with still reads the file.
                    first = _read(self._text(file, encoding), 2 * _BLOCK_BYTES)
                names = _reader(pa.BufferReader(first), head, _skip, None).schema.names
        return replace(head, names=names)


@dataclass(frozen=True, slots=True)
class _Head:
    """How a table begins: the header is its row `rows`, counted from 1."""

    names: list[str]
    delimiter: str
    rows: int
    encoding: str


def _read(stream: Any, size: int) -> bytes:
    """Read so many bytes, or all that there are."""
    data = bytearray()
    while len(data) < size and (more := stream.read(size - len(data))):
        data += more
    return bytes(data)


def _delimiter(line: str) -> tuple[str, int]:
    """Tell the delimiter by the first line, and which row the header is."""
    told = _SEP.fullmatch(line)
    return (told[1], 2) if told else (max(_DELIMITERS, key=line.count), 1)


def _batches(
    text: "_Counted", head: _Head, names: list[str], ragged: "_Ragged"
) -> Iterator[pa.RecordBatch]:
    kinds = dict.fromkeys(names, pa.string())
    convert = pc.ConvertOptions(
        include_columns=names, column_types=kinds, strings_can_be_null=False
    )
    with _told_plainly(head.encoding):
        yield from _reader(pa.PythonFile(text, "r"), head, ragged.skip, convert)


@dataclass(slots=True)
class _Counted:
    """Counts the bytes that have been read of a stream, and of the file that it is made of.

    Both are told together, since another thread reads on.
    """

    stream: Any
    file: Any
    read_so_far: tuple[int, int] = 0, 0
    closed: bool = False

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        data: bytes = self.stream.read(size)
        self.read_so_far = self.read_so_far[0] + len(data), self.file.tell()
        return data

    def close(self) -> None:
        """Leave the stream to who opened it."""


@dataclass(slots=True)
class _Ragged:
    """Keeps the rows that the reader skips, since it doesn't number the others.

    Blank lines aren't rows. `ahead` are those that the reader counts before the first, such as the
    header.
    """

    ahead: int = 1
    _done: int = 0
    _rows: list[int] = field(default_factory=list)
    _problems: list[str] = field(default_factory=list)

    def skip(self, row: pc.InvalidRow) -> str:
        """Note a row that the reader can't take; it reads ahead of what it gives out."""
        values = "1 value" if row.actual_columns == 1 else f"{row.actual_columns} values"
        # The row comes last, since it may begin with anything.
        self._problems.append(f"has {values}, not {row.expected_columns}: {quoted(row.text)}")
        self._rows.append(row.number - self.ahead)
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


def _reader(text: Any, head: _Head, skip: Callable[[pc.InvalidRow], str], convert: Any) -> Any:
    return pc.open_csv(
        text,
        pc.ReadOptions(use_threads=False, block_size=_BLOCK_BYTES, skip_rows=head.rows - 1),
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
