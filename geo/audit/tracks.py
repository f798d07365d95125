"""Bring the positions of each flight together, in a file of any size and any order.

Positions go into buckets by a hash of their aircraft, or else of their flight. Pieces of the input
are sorted by bucket one after the other, each into a file with one batch a bucket; a part then is a
bucket of all files.
"""

import zlib
from collections.abc import Container, Iterable, Iterator
from itertools import pairwise

import numpy as np
import pyarrow as pa

from geo.audit.files import Location
from geo.audit.model import Part
from geo.audit.parts import gathered
from geo.audit.piece import Piece
from geo.audit.separate import owners
from geo.errors import OpenError
from geo.model import IntArray

SORTED = "sorted"
_ALL_SORTED = f"{SORTED}-all"
_SORTED_ROWS = 1_000_000
# So many positions take as long as a row that is a flight.
_POSITIONS = 10
_MOST_BUCKETS = 4096
_MOST_IN_BUCKET = 3_000_000
_BYTES_A_ROW = 40


def bucket_count(rows: int | None, size: int, rows_per_part: int) -> int:
    """Tell into how many buckets to sort so many rows, or so many bytes of text."""
    expected = size // _BYTES_A_ROW if rows is None else rows
    return min(max(-(-expected // (_POSITIONS * rows_per_part)), 1), _MOST_BUCKETS)


def sort_positions(pieces: Iterable[Piece], buckets: int, folder: Location) -> Iterator[float]:
    """Sort the input by bucket into files of a folder; yields the share done so far.

    What was sorted before isn't sorted again.
    """
    if (folder / _ALL_SORTED).exists():
        return
    there, number = folder.sizes(), 0
    for number, (rows, share) in enumerate(gathered(pieces, _SORTED_ROWS), 1):
        if _file_name(number) not in there:
            (folder / _file_name(number)).write(_sorted(rows, buckets))
        yield share
    (folder / _ALL_SORTED).write(str(number).encode())


def cut_buckets(buckets: int, folder: Location, finished: Container[int]) -> Iterator[Part]:
    """Make a part of each bucket that isn't finished. Raises OpenError for an endless one."""
    count = int((folder / _ALL_SORTED).read())
    files = [(folder / _file_name(number + 1)).open() for number in range(count)]
    try:
        readers = [pa.ipc.open_file(file) for file in files]
        for number in range(buckets if readers else 0):
            if number not in finished:
                batches = [reader.get_batch(number) for reader in readers]
                yield _part(number, batches, (number + 1) / buckets)
    finally:
        for file in files:
            file.close()


def _part(number: int, batches: list[pa.RecordBatch], share: float) -> Part:
    count = sum(batch.num_rows for batch in batches)
    if count > _MOST_IN_BUCKET:
        raise OpenError(f"{count:,} positions belong together: is that column a flight's id?")
    return Part.of(number, pa.Table.from_batches(batches), share)


def _sorted(rows: pa.Table, buckets: int) -> bytes:
    """Sort rows by bucket, and write one batch a bucket."""
    bucket = _buckets(owners(rows), buckets)
    order = np.argsort(bucket, kind="stable")
    bounds = np.searchsorted(bucket[order], np.arange(buckets + 1)).tolist()
    (batch,) = rows.take(pa.array(order)).combine_chunks().to_batches() or [None]
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with pa.ipc.new_file(sink, rows.schema, options=options) as writer:
        for first, after in pairwise(bounds):
            writer.write_batch(batch.slice(first, after - first))
    data: bytes = sink.getvalue().to_pybytes()
    return data


def _buckets(names: pa.Array, buckets: int) -> IntArray:
    """Give each flight's positions the same bucket, on any machine."""
    encoded = names.dictionary_encode()
    hashes = [zlib.crc32(name.encode()) % buckets for name in encoded.dictionary.to_pylist()]
    bucket: IntArray = np.array(hashes, dtype=np.int64)[encoded.indices.to_numpy()]
    return bucket


def _file_name(number: int) -> str:
    return f"{SORTED}-{number:08d}.arrow"
