"""Join the parts of an audit, in order, into the files that were asked for."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from geo.audit.closed import HIT_SCHEMA
from geo.audit.crossing import REPEATED, schema
from geo.audit.files import Location, locate, make_folder, replacing
from geo.audit.model import Job, Receipt
from geo.audit.work import CROSSINGS, HITS, RECEIPT, REFUSED, file_name
from geo.errors import GeoError
from geo.text import printable

_SUFFIX = ".parquet"
_PART = re.compile(rf"{CROSSINGS}-\d{{8}}\.parquet")
_WriteTable = Callable[[pa.Table], Any]


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

    @property
    def files(self) -> tuple[Location, ...]:
        """All that an audit leaves in the end."""
        return self.crossings, self.refused, self.hits

    def check_dataset(self) -> None:
        """Refuse a folder that holds what no audit wrote: it would be mixed up with that."""
        strange = [name for name in self._dataset() if not _PART.fullmatch(name)]
        if strange:
            raise GeoError(
                f"{self.crossings} is a folder that holds other files, such as "
                f"{printable(strange[0])}; name a new folder, or a file"
            )

    def clear_dataset(self) -> None:
        """Remove the files of a dataset."""
        for name in self._dataset():
            (self.crossings / name).remove()

    def _dataset(self) -> list[str]:
        return list(self.crossings.sizes()) if self.crossings.is_folder else []

    def _beside(self, ending: str) -> Location:
        path = self.crossings.path.rstrip("/").removesuffix(_SUFFIX)
        return Location(self.crossings.system, path + ending)


def find_outputs(url: str) -> Outputs:
    """Tell where to write: a path that ends with a slash is a dataset. Raises GeoError."""
    if not url.strip():
        raise GeoError("the output has no name")
    location = locate(url)
    if not location.parent.exists():
        raise GeoError(f"{location.parent}: there is no such folder to write to")
    return Outputs(location, url.endswith("/") or location.system.isdir(location.path))


@contextmanager
def joining(outputs: Outputs, job: Job) -> Iterator[Callable[[Receipt], None]]:
    """Open the files, and give what joins a part to them; parts are to come in order.

    The files take their names only when all has gone well, the crossings last. The crossings of a
    dataset aren't joined: `write_dataset` is for them.
    """
    with ExitStack() as stack:

        def opened(location: Location) -> Any:
            return stack.enter_context(replacing(location, folder=outputs.folder))

        def opened_table(location: Location, columns: pa.Schema, **how: Any) -> Any:
            return stack.enter_context(pq.ParquetWriter(opened(location), columns, **how))

        write: dict[str, _WriteTable] = {}
        if not outputs.is_dataset:
            columns = schema(with_points=job.with_points)
            table = opened_table(outputs.crossings, columns, use_dictionary=REPEATED)
            write[CROSSINGS] = table.write_table
        if job.closed:
            write[HITS] = opened_table(outputs.hits, HIT_SCHEMA).write_table
        refused = opened(outputs.refused)
        refused.write(b"row,reason\r\n")
        write[REFUSED] = lambda table: refused.write(_as_csv(table))
        yield lambda receipt: _join(outputs.folder, receipt, write)


def _join(folder: Location, receipt: Receipt, write: Mapping[str, _WriteTable]) -> None:
    for what, write_table in write.items():
        name = file_name(receipt.number, what)
        if name in receipt.files:
            write_table(_read_part(folder, name, receipt))


def _read_part(folder: Location, name: str, receipt: Receipt) -> pa.Table:
    """Read a table of a part. Raises GeoError for a damaged one, whose part is done again."""
    try:
        with (folder / name).open() as file:
            return pq.read_table(file)
    except (pa.ArrowException, OSError) as error:
        (folder / file_name(receipt.number, RECEIPT)).remove()
        raise GeoError(
            f"{folder / name} is damaged; the same command does that part again"
        ) from error


def write_dataset(outputs: Outputs, job: Job, receipts: Sequence[Receipt]) -> Iterator[float]:
    """Write the crossings as a dataset, a file for each part; yields the share done so far."""
    outputs.check_dataset()
    outputs.clear_dataset()
    make_folder(outputs.crossings)
    names = [file_name(receipt.number, CROSSINGS) for receipt in receipts]
    names = [name for name, receipt in zip(names, receipts, strict=True) if name in receipt.files]
    for done, name in enumerate(names, 1):
        (outputs.crossings / name).write((outputs.folder / name).read())
        yield done / len(names)
    if not names:
        sink = pa.BufferOutputStream()
        pq.write_table(schema(with_points=job.with_points).empty_table(), sink)
        (outputs.crossings / file_name(0, CROSSINGS)).write(sink.getvalue().to_pybytes())


def _as_csv(table: pa.Table) -> bytes:
    """Lay out rows for a spreadsheet; no reason begins as a formula does."""
    text = io.StringIO(newline="")
    rows = zip(*(table[name].to_pylist() for name in ("row", "reason")), strict=True)
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8", "backslashreplace")
