"""Tell flights apart by the positions of tracks: by what they are called, and by gaps in time."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.audit.points import trimmed
from geo.geodesy import GEOD
from geo.model import BoolArray, FloatArray, IntArray

# Airliners that nobody hears, as over an ocean, fly so fast and no longer: a gap like that is none.
_SLOWEST_M_S, _FASTEST_M_S = 400 / 3.6, 1100 / 3.6
_LONGEST_FLOWN_S = 10 * 3600.0


@dataclass(frozen=True, slots=True)
class Tracks:
    """The flights of positions: `flight` (n,) numbers them by their first positions from 0.

    `order` (n,) sorts positions by flight and time, and `first` (m,) are the flights' first in the
    input. `name` (m,) are their ids; `is_cut` (m,) tells those that a gap cut from others.
    """

    flight: IntArray
    order: IntArray
    first: IntArray
    name: pa.Array
    is_cut: BoolArray
    gaps: int


def owners(rows: pa.Table) -> pa.Array:
    """Name whose positions must be read together: the aircraft's, or else the flight's (n,)."""
    flights = _texts(rows, "id")
    if "aircraft" not in rows.schema.names:
        return flights
    aircraft = _texts(rows, "aircraft")
    return pc.if_else(pc.equal(aircraft, ""), flights, aircraft)


def separate(rows: pa.Table, lonlat: FloatArray, at_s: FloatArray, gap_s: float | None) -> Tracks:
    """Tell flights apart by positions (n, 2) and their seconds (n,); each has an owner.

    A flight is what an owner flew under one id, cut at its gaps. A blank id is that of the position
    before, or after where there is none before, up to a gap; where all are blank, the owner.
    """
    names, ids = owners(rows), _texts(rows, "id")
    owner = _codes(names)
    if "aircraft" in rows.schema.names:
        stretch, order = _cut(owner, lonlat, at_s, gap_s)
        ids = _filled(ids, stretch, order, names)
    named = owner * (len(ids) + 1) + _codes(ids)
    flight, order = _cut(named, lonlat, at_s, gap_s)
    first = np.unique(flight, return_index=True)[1]
    _, whose, pieces = np.unique(named[first], return_inverse=True, return_counts=True)
    return Tracks(
        flight, order, first, ids.take(pa.array(first)), pieces[whose] > 1,
        len(first) - len(pieces),
    )  # fmt: skip


def _cut(
    group: IntArray, lonlat: FloatArray, at_s: FloatArray, gap_s: float | None
) -> tuple[IntArray, IntArray]:
    """Number the stretches of groups (n,) by their first positions; sort by stretch and time."""
    order = np.lexsort([at_s, group])
    begins = group[order][1:] != group[order][:-1]
    if gap_s is not None:
        begins |= _gaps(lonlat[order], at_s[order], ~begins, gap_s)
    stretch = np.empty(len(order), dtype=np.int64)
    stretch[order] = np.cumsum(np.concatenate([[False], begins]))[: len(order)]
    _, first = np.unique(stretch, return_index=True)
    stretch = np.argsort(np.argsort(first))[stretch]
    return stretch, order[np.argsort(stretch[order], kind="stable")]


def _gaps(lonlat: FloatArray, at_s: FloatArray, joined: BoolArray, gap_s: float) -> BoolArray:
    """Mark the gaps between positions (n, 2), and the next ones they are joined to (n - 1,)."""
    gaps_s = np.diff(at_s)
    found: BoolArray = joined & (gaps_s > gap_s)
    at = np.flatnonzero(found & (gaps_s <= _LONGEST_FLOWN_S))
    length_m = np.asarray(GEOD.inv(*lonlat[at].T, *lonlat[at + 1].T)[2])
    speed_m_s = length_m / gaps_s[at]
    found[at] = (speed_m_s < _SLOWEST_M_S) | (speed_m_s > _FASTEST_M_S)
    return found


def _filled(ids: pa.Array, stretch: IntArray, order: IntArray, owner: pa.Array) -> pa.Array:
    """Give blank ids (n,) that of the position before, of the next, or the owner's name."""
    known = pc.not_equal(ids, "").to_numpy(zero_copy_only=False)[order]
    place = np.arange(len(order))
    before = np.maximum.accumulate(np.where(known, place, -1))
    after = np.minimum.accumulate(np.where(known, place, len(order))[::-1])[::-1]
    own = stretch[order]
    source = np.full(len(order), -1)
    for at in (after, before):
        there = (at >= 0) & (at < len(order))
        there[there] = own[at[there]] == own[there]
        source[there] = at[there]
    taken = np.empty(len(order), dtype=np.int64)
    taken[order] = np.where(source < 0, -1, order[source])
    return pc.if_else(pa.array(taken >= 0), ids.take(pa.array(np.maximum(taken, 0))), owner)


def _codes(texts: pa.Array) -> IntArray:
    """Number texts (n,), the same ones alike."""
    codes: IntArray = texts.dictionary_encode().indices.to_numpy().astype(np.int64)
    return codes


def _texts(rows: pa.Table, name: str) -> pa.Array:
    column = rows[name].combine_chunks()
    return trimmed(column.chunk(0) if isinstance(column, pa.ChunkedArray) else column)
