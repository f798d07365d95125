"""Join the parts of an audit, in order, into the files that were asked for."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from geo.audit.closed import HIT_SCHEMA
from geo.audit.crossing import REPEATED, schema
from geo.audit.files import Location, locate, make_folder, replacing
from geo.audit.model import Job, Receipt
from geo.audit.work import CROSSINGS, HITS, REFUSED, file_name
from geo.errors import GeoError

_SUFFIX = ".parquet"


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where an audit leaves what it found; `is_dataset` makes a folder of the crossings."""

    crossings: Location
    is_dataset: bool

    @property
    def refused(self) -> Location:
        """The list of refused rows."""
        return self._beside(".refused.csv")

    @property
    def hits(self) -> Location:
        """The flights that a closure hits."""
        return self._beside(".closed.parquet")

    @property
    def folder(self) -> Location:
        """Where parts are left until all are there."""
        return self._beside(".parts")

    @property
    def lock(self) -> Location:
        """What is held while an audit is at it."""
        return self._beside(".lock")

    def _beside(self, ending: str) -> Location:
        path = self.crossings.path.rstrip("/").removesuffix(_SUFFIX)
        return Location(self.crossings.system, path + ending)


def find_outputs(url: str) -> Outputs:
    """Tell where to write: a path that ends with a slash is a dataset. Raises GeoError."""
    location = locate(url)
    if not location.parent.exists():
        raise GeoError(f"{location.parent}: there is no such folder to write to")
    return Outputs(location, url.endswith("/") or location.system.isdir(location.path))


def write_outputs(outputs: Outputs, job: Job, receipts: Sequence[Receipt]) -> Iterator[float]:
    """Write all outputs, the crossings last; yields the share done so far."""
    folder = outputs.folder
    with replacing(outputs.refused, folder=folder) as file:
        file.write(b"row,reason\r\n")
        for table in _parts(folder, receipts, REFUSED):
            file.write(_as_csv(table))
    if job.closed:
        with (
            replacing(outputs.hits, folder=folder) as file,
            pq.ParquetWriter(file, HIT_SCHEMA) as writer,
        ):
            for table in _parts(folder, receipts, HITS):
                writer.write_table(table)
    write = _write_dataset if outputs.is_dataset else _write_file
    yield from write(outputs, schema(with_points=job.with_points), receipts)


def _write_file(
    outputs: Outputs, columns: pa.Schema, receipts: Sequence[Receipt]
) -> Iterator[float]:
    with (
        replacing(outputs.crossings, folder=outputs.folder) as file,
        pq.ParquetWriter(file, columns, use_dictionary=REPEATED) as writer,
    ):
        for done, table in enumerate(_parts(outputs.folder, receipts, CROSSINGS), 1):
            writer.write_table(table)
            yield done / len(receipts)


def _write_dataset(
    outputs: Outputs, columns: pa.Schema, receipts: Sequence[Receipt]
) -> Iterator[float]:
    outputs.crossings.remove()
    make_folder(outputs.crossings)
    names = _names(receipts, CROSSINGS)
    for done, name in enumerate(names, 1):
        (outputs.crossings / name).write((outputs.folder / name).read())
        yield done / len(names)
    if not names:
        sink = pa.BufferOutputStream()
        pq.write_table(columns.empty_table(), sink)
        (outputs.crossings / file_name(0, CROSSINGS)).write(sink.getvalue().to_pybytes())


def _parts(folder: Location, receipts: Sequence[Receipt], what: str) -> Iterator[pa.Table]:
    for name in _names(receipts, what):
        with (folder / name).open() as file:
            yield pq.read_table(file)


def _names(receipts: Sequence[Receipt], what: str) -> list[str]:
    names = (file_name(receipt.number, what) for receipt in receipts)
    return [name for name, receipt in zip(names, receipts, strict=True) if name in receipt.files]


def _as_csv(table: pa.Table) -> bytes:
    """Lay out rows for a spreadsheet; no reason begins as a formula does."""
    text = io.StringIO(newline="")
    rows = zip(*(table[name].to_pylist() for name in ("row", "reason")), strict=True)
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8", "backslashreplace")
