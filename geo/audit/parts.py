"""Cut the input of an audit into its parts, always the same ones."""

from collections.abc import Container, Iterable, Iterator

import pyarrow as pa

from geo.audit.model import Part
from geo.audit.piece import Piece

ROWS_PER_PART = 10_000


def cut_rows(
    pieces: Iterable[Piece], rows_per_part: int, finished: Container[int]
) -> Iterator[Part]:
    """Cut rows into parts in their order, and leave out those that are finished."""
    for number, (rows, share) in enumerate(gathered(pieces, rows_per_part)):
        if number not in finished:
            yield Part.of(number, rows, share)


def gathered(pieces: Iterable[Piece], size: int) -> Iterator[tuple[pa.Table, float]]:
    """Gather rows into tables of this size, the last one smaller, with the share read so far."""
    held: list[pa.Table] = []
    read = given = 0
    for piece in pieces:
        held.append(piece.rows)
        read += len(piece.rows)
        if read - given >= size:
            rows = pa.concat_tables(held)
            for at in range(0, len(rows) - size + 1, size):
                given += size
                yield rows.slice(at, size), piece.share * given / read
            held = [rows.slice(len(rows) - (read - given))]
    if read > given:
        yield pa.concat_tables(held), 1.0
