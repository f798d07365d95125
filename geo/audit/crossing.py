"""Cross flights with the airspace, and lay out what was found as a table."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pyarrow as pa

from geo.airspace import INTERNATIONAL, Airspace
from geo.audit.model import Flights
from geo.borders import NO_FACE
from geo.geodesy import Lines
from geo.model import IntArray
from geo.report import CREDIT
from geo.stretches import Stretches

# So many at once keep the processor's caches warm; more are slower, and take more memory.
_BLOCK_FLIGHTS, _BLOCK_LEGS = 1000, 20_000
_TEXT = pa.dictionary(pa.int32(), pa.string())
_COLUMNS = {
    "row": pa.int64(),
    "id": pa.string(),
    "ordinal": pa.int32(),
    "airspace": _TEXT,
    "claims": _TEXT,
    "kind": _TEXT,
    "start_m": pa.float64(),
    "end_m": pa.float64(),
    "length_m": pa.float64(),
}
# Of these values there are few; looking for repeated ones among metres takes long, and finds none.
REPEATED = ["row", "id", "ordinal", "airspace", "claims", "kind"]
_POINTS = ("entry_lon", "entry_lat", "exit_lon", "exit_lat")


def schema(*, with_points: bool) -> pa.Schema:
    """Give the columns of the table of crossings."""
    points = dict.fromkeys(_POINTS if with_points else (), pa.float64())
    return pa.schema({**_COLUMNS, **points}, metadata={"credit": CREDIT})


def cross(airspace: Airspace, lines: Lines) -> Stretches:
    """Cut flights into their stretches, block by block."""
    found = [
        replace(part, route=part.route + first)
        for first, block in _blocks(lines)
        for part in [airspace.stretches(block)]
    ]
    names = ("route", "face", "start_m", "end_m", "entry", "exit")
    return Stretches(*(np.concatenate([getattr(part, name) for part in found]) for name in names))


def crossing_rows(
    airspace: Airspace, flights: Flights, found: Stretches, *, with_points: bool
) -> pa.Table:
    """Lay out stretches, flight after flight and in order along each, from 1.

    `claims` are the A3 codes of all states that claim the stretch, with a space between.
    """
    faces = [*airspace.faces, INTERNATIONAL]
    number = pa.array(np.where(found.face == NO_FACE, len(faces) - 1, found.face), pa.int32())
    texts = (
        pa.DictionaryArray.from_arrays(number, values)
        for values in (
            [face.name for face in faces],
            [" ".join(face.claims) for face in faces],
            [face.kind for face in faces],
        )
    )
    columns = [
        pa.array(flights.row[found.route], pa.int64()),
        flights.id.take(pa.array(found.route)),
        pa.array(_ordinals(found.route), pa.int32()),
        *texts,
        *map(pa.array, (found.start_m, found.end_m, found.end_m - found.start_m)),
        *(map(pa.array, (*found.entry.T, *found.exit.T)) if with_points else ()),
    ]
    return pa.Table.from_arrays(columns, schema=schema(with_points=with_points))


def _blocks(lines: Lines) -> Iterator[tuple[int, Lines]]:
    """Split flights into blocks; each comes with the number of its first one."""
    begins = np.append(np.flatnonzero(np.diff(lines.route, prepend=-1)), len(lines.route))
    first, flights = 0, len(begins) - 1
    while first < flights:
        fit = int(np.searchsorted(begins, begins[first] + _BLOCK_LEGS, side="right")) - 1
        after = min(max(fit, first + 1), first + _BLOCK_FLIGHTS, flights)
        legs = slice(int(begins[first]), int(begins[after]))
        names = ("start", "end", "azimuth_deg", "length_m", "route", "begins_m")
        block = Lines(*(getattr(lines, name)[legs] for name in names))
        yield first, replace(block, route=block.route - first)
        first = after


def _ordinals(route: IntArray) -> IntArray:
    first = np.flatnonzero(np.diff(route, prepend=-1))
    count = np.diff(np.append(first, len(route)))
    ordinals: IntArray = np.arange(len(route)) - np.repeat(first, count) + 1
    return ordinals
