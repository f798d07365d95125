"""Hold what sources have in common: the pieces that they read, and how they refuse a file."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from geo.audit.files import Location
from geo.errors import OpenError
from geo.model import IntArray
from geo.text import printable


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows of the input; `share` is how much of it was read, 0 to 1.

    The columns are called by their roles. `row` before them counts from 1; `problem`, which may be
    missing, says what is wrong with a row that couldn't be read at all.
    """

    rows: pa.Table
    share: float


class Source(Protocol):
    """A table that may be too large to be read whole."""

    def header(self) -> list[str]:
        """Name its columns, in order."""
        ...

    def count(self) -> int | None:
        """Count its rows, where that can be told without reading them."""
        ...

    def size(self) -> int:
        """Tell its bytes."""
        ...

    def pieces(self, columns: Mapping[str, str]) -> Iterator[Piece]:
        """Read some columns, given by role. Raises OpenError."""
        ...


@contextmanager
def reading(location: Location) -> Iterator[None]:
    """Turn what goes wrong while a file is read into one line that names it."""
    try:
        yield
    except pa.ArrowException as error:
        raise OpenError(f"{location}: {printable(str(error))[:300]}") from error
    except OSError as error:
        reason = printable(str(error.strerror or error))[:300]
        raise OpenError(f"{location}: can't be read ({reason})") from error
    except OpenError as error:
        if str(error).startswith(str(location)):
            raise
        raise OpenError(f"{location}: {error}") from error


def numbered(rows: pa.Table, number: IntArray) -> pa.Table:
    """Put the numbers of rows before them."""
    return rows.add_column(0, "row", pa.array(number, pa.int64()))
