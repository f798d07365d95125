"""Tell which flights a closure hits, and what the shortest way around costs each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import pyarrow as pa

from geo.audit.model import Flights, Toll
from geo.closure import Closure
from geo.coordinate import brief_coordinate
from geo.corridor import Ground, Router
from geo.errors import NoWayError
from geo.geodesy import GEOD, Lines
from geo.model import LonLat, Place
from geo.stretches import Stretches

# Flights between the same two points are common, and a way takes long to find.
_REMEMBERED = 100_000
HIT_SCHEMA = pa.schema({
    "row": pa.int64(),
    "id": pa.string(),
    "closed": pa.string(),
    "closed_m": pa.float64(),
    "direct_m": pa.float64(),
    "around_m": pa.float64(),
    "extra_m": pa.float64(),
    "ratio": pa.float64(),
    "no_way": pa.string(),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hit:
    """A flight through closed airspace; `closed_m` are the metres in each closed state by code.

    `direct_m` is the geodesic between the points that it must pass and `around_m` the shortest
    open way by them; None where `no_way` says why there is none.
    """

    flight: int
    closed_m: float
    by_state_m: dict[str, float]
    direct_m: float
    around_m: float | None
    no_way: str | None


class Detours:
    """Finds ways under one closure, and remembers them."""

    def __init__(self, ground: Ground, closure: Closure) -> None:
        self.airspace, self.closure = ground.airspace, closure
        self.shut = closure.shuts(ground.airspace)
        self._router = Router(ground, closure)
        self.around = lru_cache(maxsize=_REMEMBERED)(self._around)

    def _around(self, start: LonLat, end: LonLat) -> float | str:
        """Measure the shortest open way between points, or say why there is none."""
        for where, point in (("starts", start), ("ends", end)):
            face = int(self.airspace.coverage.at(np.array([point]))[0])
            if self.shut[face]:
                return f"{where} in closed airspace: {self.airspace.face(face).name}"
        try:
            return self._router.find(_place(start), _place(end)).route.length_m
        except NoWayError as error:
            return str(error)


def find_hits(detours: Detours, flights: Flights, found: Stretches) -> Iterator[Hit]:
    """List the flights that cross closed airspace, in order."""
    lines = flights.lines
    if lines is None:
        return
    inside = np.flatnonzero(detours.shut[found.face])
    begins = np.flatnonzero(np.diff(found.route[inside], prepend=-1))
    for stretches in np.split(inside, begins[1:]) if len(begins) else ():
        flight = int(found.route[stretches[0]])
        lengths_m = found.end_m[stretches] - found.start_m[stretches]
        by_state = _by_state(detours, found.face[stretches].tolist(), lengths_m.tolist())
        stops = _stops(lines, flight, flights.is_flown)
        around = _way_around(detours, stops)
        no_way = around if isinstance(around, str) else None
        around_m = None if isinstance(around, str) else around
        yield Hit(flight, float(lengths_m.sum()), by_state, _direct_m(stops), around_m, no_way)


def hit_rows(flights: Flights, hits: Sequence[Hit]) -> pa.Table:
    """Lay out hits, one a row; `ratio` is how many times as long the way around is."""
    rows = [
        {
            "row": int(flights.row[hit.flight]),
            "id": flights.id[hit.flight].as_py(),
            "closed": " ".join(sorted(hit.by_state_m)),
            "closed_m": hit.closed_m,
            "direct_m": hit.direct_m,
            "around_m": hit.around_m,
            "extra_m": None if hit.around_m is None else hit.around_m - hit.direct_m,
            "ratio": hit.around_m / hit.direct_m if hit.around_m and hit.direct_m else None,
            "no_way": hit.no_way,
        }
        for hit in hits
    ]
    return pa.Table.from_pylist(rows, schema=HIT_SCHEMA)


def sum_tolls(hits: Iterable[Hit]) -> dict[str, Toll]:
    """Sum up what the closure costs by closed state, and by "" all in all."""
    tolls: dict[str, Toll] = {}
    for hit in hits:
        for code, closed_m in {"": hit.closed_m, **hit.by_state_m}.items():
            around_m, has_way = hit.around_m or 0.0, hit.around_m is not None
            extra_m = around_m - hit.direct_m if has_way else 0.0
            toll = Toll(1, closed_m, int(not has_way), extra_m, hit.direct_m if has_way else 0.0)
            tolls[code] = tolls.get(code, Toll()) + toll
    return tolls


def _by_state(
    detours: Detours, faces: Sequence[int], lengths_m: Sequence[float]
) -> dict[str, float]:
    metres: dict[str, float] = {}
    for face, length_m in zip(faces, lengths_m, strict=True):
        for code in detours.airspace.face(face).claims:
            if code in detours.closure.closed:
                metres[code] = metres.get(code, 0.0) + length_m
    return metres


def _stops(lines: Lines, flight: int, is_flown: bool) -> list[LonLat]:
    """List the points that a flight must pass: of a track only its ends."""
    legs = slice(*np.searchsorted(lines.route, [flight, flight + 1]).tolist())
    points = np.vstack([lines.start[legs][:1], lines.end[legs]]).tolist()
    ends = [points[0], points[-1]] if is_flown else points
    return [(lon, lat) for lon, lat in ends]


def _way_around(detours: Detours, stops: Sequence[LonLat]) -> float | str:
    """Measure the shortest open way by these points, or say why there is none."""
    total_m = 0.0
    for start, end in pairwise(stops):
        around = detours.around(start, end)
        if isinstance(around, str):
            return around
        total_m += around
    return total_m


def _direct_m(stops: Sequence[LonLat]) -> float:
    lon, lat = np.array(stops).T
    return float(GEOD.line_length(lon, lat))


def _place(at: LonLat) -> Place:
    name = brief_coordinate(*at)
    return Place(name, name, *at)
