"""Audit one part: read its rows, cross its flights, and leave tables and a receipt."""

from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from threading import Lock

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from geo.airspace import Airspace
from geo.airspace_file import load_airspace
from geo.audit.closed import Detours, find_hits, hit_rows, sum_tolls
from geo.audit.crossing import REPEATED, cross, crossing_rows
from geo.audit.files import locate
from geo.audit.flights import read_flights
from geo.audit.model import DataFiles, Job, Part, Receipt, Refusal
from geo.audit.names import find_named
from geo.audit.version import DATA, version
from geo.closure import make_closure
from geo.corridor import load_ground
from geo.errors import GeoError
from geo.model import Place
from geo.places import Gazetteer, make_gazetteer
from geo.story import load_story
from geo.stretches import Stretches

CROSSINGS, HITS, REFUSED, RECEIPT = "crossings", "hits", "refused", "receipt"
_REFUSED_SCHEMA = pa.schema({"row": pa.int64(), "reason": pa.string()})
# Polygons that are prepared and the router's graph are no two threads' business.
_ONE_AT_A_TIME = Lock()


def audit_part(job: Job, part: Part) -> Receipt:
    """Audit one part, and return its receipt once all that it lists is on the disk.

    The same job and part leave the same bytes wherever this runs. Raises GeoError where the library
    or its data is another here, and OSError where the disk is full.
    """
    if version(job.data) != job.version:
        raise GeoError("a worker has another version of Corridor, of its libraries or of its data")
    with _ONE_AT_A_TIME:
        tables, receipt = examine(job, part)
    folder, files = locate(job.parts), {}
    for what, table in tables.items():
        data = _packed(table)
        (folder / file_name(part.number, what)).write(data)
        files[file_name(part.number, what)] = len(data)
    receipt = replace(receipt, files=files)
    (folder / file_name(part.number, RECEIPT)).write(receipt.to_json())
    return receipt


def examine(job: Job, part: Part) -> tuple[dict[str, pa.Table], Receipt]:
    """Give the tables of a part, those without rows left out, and its receipt."""
    airspace, rows = _airspace(job.data), part.rows()
    flights = read_flights(job.form, rows, partial(_find, job.data), job.gap_s)
    found = cross(airspace, flights.lines) if flights.lines else None
    tables = {REFUSED: refused_table(flights.refused)}
    receipt = Receipt(
        part.number, len(rows), len(flights.row), len(flights.refused), gaps=flights.gaps,
        untimed=flights.untimed,
    )  # fmt: skip
    if found is not None:
        tables[CROSSINGS] = crossing_rows(airspace, flights, found, with_points=job.with_points)
        receipt = _counted(receipt, airspace, found)
        if job.closed:
            hits = list(find_hits(_detours(job.data, job.closed), flights, found))
            tables[HITS] = hit_rows(flights, hits)
            receipt = replace(receipt, tolls=sum_tolls(hits))
    return {what: table for what, table in tables.items() if len(table)}, receipt


def file_name(number: int, what: str) -> str:
    """Name a file of a part; the names sort as the parts do."""
    return f"{what}-{number:08d}.{'json' if what == RECEIPT else 'parquet'}"


def refused_table(refused: tuple[Refusal, ...]) -> pa.Table:
    """Lay out refused rows."""
    rows = [{"row": refusal.row, "reason": refusal.reason} for refusal in refused]
    return pa.Table.from_pylist(rows, schema=_REFUSED_SCHEMA)


def _counted(receipt: Receipt, airspace: Airspace, found: Stretches) -> Receipt:
    """Add up what was found."""
    length_m = found.end_m - found.start_m
    faces = [number for number in np.unique(found.face).tolist() if airspace.face(number).claims]
    return replace(
        receipt,
        stretches=len(length_m),
        length_m=float(length_m.sum()),
        waters_m=float(length_m[~np.isin(found.face, faces)].sum()),
        faces=sum(1 << number for number in faces),
    )


def _packed(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, use_dictionary=REPEATED)
    data: bytes = sink.getvalue().to_pybytes()
    return data


@cache
def _airspace(data: DataFiles) -> Airspace:
    """Load the airspace once in each process."""
    return load_airspace(Path(data.airspace or DATA / "airspace.parquet"))


def _find(data: DataFiles, text: str) -> Place:
    """Look up a place; what that needs is loaded at the first."""
    return find_named(_gazetteer(data), text)


@cache
def _gazetteer(data: DataFiles) -> Gazetteer:
    story = load_story(Path(data.story or DATA / "routes.geojson"))
    return make_gazetteer(story.places.values())


@cache
def _detours(data: DataFiles, closed: tuple[str, ...]) -> Detours:
    airspace = _airspace(data)
    file = Path(data.airspace or DATA / "airspace.parquet")
    ground = load_ground(airspace, file, DATA / "corners.parquet", DATA / "cells.parquet")
    return Detours(ground, make_closure(airspace, closed))
