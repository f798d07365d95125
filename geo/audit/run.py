"""Run an audit from its input to its outputs, or what of it was left undone."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from geo.audit.columns import find_layout
from geo.audit.crew import Crew
from geo.audit.files import Location, locate
from geo.audit.ledger import Ledger
from geo.audit.lock import alone_at
from geo.audit.model import GAP_S, DataFiles, Job, Layout, Part, Receipt
from geo.audit.output import Outputs, find_outputs, joining, write_dataset
from geo.audit.parts import ROWS_PER_PART, cut_rows
from geo.audit.piece import Source, reading
from geo.audit.progress import Progress
from geo.audit.source import identify, open_source
from geo.audit.tracks import bucket_count, cut_buckets, sort_positions
from geo.audit.version import version
from geo.audit.work import audit_part
from geo.errors import GeoError


@dataclass(frozen=True, slots=True)
class Request:
    """What a reader asks for; `columns` gives columns by role, and `closed` are A3 codes."""

    source: str
    out: str
    columns: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None
    closed: tuple[str, ...] = ()
    with_points: bool = False
    overwrite: bool = False
    rows_per_part: int = ROWS_PER_PART
    data: DataFiles = field(default_factory=DataFiles)
    gap_s: float | None = GAP_S


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit left, and the receipts of its parts in order."""

    outputs: Outputs
    receipts: tuple[Receipt, ...]


def run_audit(request: Request, crew: Crew, progress: Progress) -> Audit:
    """Audit a file, or go on where an audit of it was stopped.

    Raises GeoError or OSError; what is finished by then stays for the next run. A second audit of
    the same output is refused while one is at it.
    """
    outputs = find_outputs(request.out)
    _check_apart(locate(request.source), outputs)
    with alone_at(outputs.lock, outputs.crossings):
        return _run(request, outputs, crew, progress)


def _run(request: Request, outputs: Outputs, crew: Crew, progress: Progress) -> Audit:
    ledger = Ledger(outputs.folder)
    source = open_source(request.source, request.encoding)
    with reading(locate(request.source)):
        layout = find_layout(source.header(), request.columns)
    task = _task(request, layout)
    if not ledger.is_finished(task):
        _check_free(request, outputs, ledger)
        ledger.begin(task, anew=request.overwrite)
        job = _job(request, layout, outputs, task["version"])
        parts = _Parts(source, layout, request.rows_per_part, outputs.folder, progress)
        receipts = []
        with joining(outputs, job) as join:
            for receipt in _finish_parts(parts, job, ledger.finished_parts(), crew, progress):
                join(receipt)
                receipts.append(receipt)
            if identify(request.source) != task["input"]:
                raise GeoError(f"{request.source}: has changed while it was read")
        if outputs.is_dataset:
            for share in write_dataset(outputs, job, receipts):
                progress.tell("writing the dataset", share)
        if not job.closed:
            # What is left there of an audit before would be taken for a part of this one.
            outputs.hits.remove()
        ledger.finish(task, receipts)
    audit = Audit(outputs, ledger.receipts())
    ledger.clear()
    progress.end()
    return audit


@dataclass(slots=True)
class _Parts:
    """The parts of an input, and after each that is given out how many there will be."""

    source: Source
    layout: Layout
    rows_per_part: int
    folder: Location
    progress: Progress
    expected: float = 0.0

    def but(self, finished: Container[int]) -> Iterator[Part]:
        """Give out the parts that aren't finished, in order."""
        for part in self._cut(finished):
            self.expected = (part.number + 1) / part.share
            yield part

    def _cut(self, finished: Container[int]) -> Iterator[Part]:
        pieces = self.source.pieces(self.layout.columns)
        if self.layout.form != "tracks":
            yield from cut_rows(pieces, self.rows_per_part, finished)
            return
        buckets = bucket_count(self.source.count(), self.source.size(), self.rows_per_part)
        for share in sort_positions(pieces, buckets, self.folder):
            self.progress.tell("sorting positions by flight", share)
        yield from cut_buckets(buckets, self.folder, finished)


def _finish_parts(
    parts: _Parts, job: Job, finished: Mapping[int, Receipt], crew: Crew, progress: Progress
) -> Iterator[Receipt]:
    """Have all parts done that aren't finished, and give the receipts of all in order.

    Each is given as soon as all before it are there: the others are under way meanwhile.
    """
    there, number = dict(finished), 0
    done, rows = len(there), sum(receipt.rows for receipt in there.values())
    for receipt in crew(partial(audit_part, job), parts.but(finished)):
        there[receipt.number] = receipt
        done, rows = done + 1, rows + receipt.rows
        progress.tell("crossing", done / parts.expected, f" ({rows:,} rows)")
        while number in there:
            yield there.pop(number)
            number += 1
    yield from (there[number] for number in sorted(there))


def _check_apart(source: Location, outputs: Outputs) -> None:
    """Refuse outputs that are the input, or lie in it or around it. Raises GeoError."""
    for location in (*outputs.files, outputs.folder, outputs.lock):
        if location.overlaps(source):
            raise GeoError(f"{location}: the output would replace the input, or lie within it")


def _check_free(request: Request, outputs: Outputs, ledger: Ledger) -> None:
    """Refuse to write unasked over what is there, or over what no audit wrote. Raises GeoError."""
    outputs.check_dataset()
    if request.overwrite or ledger.is_begun():
        return
    for location in outputs.files:
        if location.exists() and not (location.is_folder and not location.sizes()):
            raise GeoError(f"{location} exists already; --overwrite replaces it")


def _task(request: Request, layout: Layout) -> dict[str, Any]:
    """Write down what makes an audit what it is."""
    options = {
        "form": layout.form,
        "columns": dict(layout.columns),
        "encoding": request.encoding,
        "closed": list(request.closed),
        "points": request.with_points,
        "rows": request.rows_per_part,
        "gap": request.gap_s,
    }
    return {
        "input": identify(request.source),
        "options": options,
        "version": version(request.data),
    }


def _job(request: Request, layout: Layout, outputs: Outputs, version_: str) -> Job:
    return Job(
        layout.form,
        outputs.folder.url,
        version_,
        request.closed,
        request.with_points,
        request.data,
        request.gap_s,
    )
