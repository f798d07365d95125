"""Tell how firm a route's crossings are, and what it nearly crosses.

Both are found by doing what the words say: the line is shifted sideways, by up to a reach, and
crossed anew. A crossing is followed from shift to shift for as long as it overlaps itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from geo.airspace import Airspace
from geo.geodesy import GEOD, make_track, points_at
from geo.grid import numbers
from geo.model import Crossing, FloatArray, IntArray, Kind, LonLat, Route, Track

REACH_M = 25_000.0
# An airspace, or a gap between two parts of one, that is narrower than a step may be missed. What
# is found between two shifts is narrowed down by halving.
_FIRST_SHIFTS_M = (200.0, 400.0, 800.0, 1200.0, 1600.0)
_STEP_M = 700.0
_HALVINGS = 6
# A shifted line need not be finer than what is told of it.
_OFFSET_M = 150.0
_LEAST_M = 100.0
_TURN_DEG = 10.0


@dataclass(frozen=True, slots=True)
class NearMiss:
    """An airspace that a route passes without crossing it: how near, and how far along."""

    claims: tuple[str, ...]
    name: str
    kind: Kind
    distance_m: float
    at_m: float
    point: LonLat


@dataclass(frozen=True, slots=True)
class Edges:
    """What is known of a route's edges.

    `margins_m` has one value a crossing: how far the line would have to shift sideways for it to
    vanish, None where that is more than `reach_m`. The reach is 0 where none was looked for, or the
    route is too short to be shifted.
    """

    margins_m: tuple[float | None, ...]
    near: tuple[NearMiss, ...]
    reach_m: float = REACH_M


def find_edges(
    airspace: Airspace,
    route: Route,
    crossings: Sequence[Crossing],
    *,
    reach_m: float = REACH_M,
) -> Edges:
    """Shift a route sideways, and see which of its crossings vanish and which others appear."""
    if route.length_m < _LEAST_M or reach_m <= 0:
        return no_edges(crossings)
    shifted = _Shifted(airspace, make_track(route, max_offset_m=_OFFSET_M))
    shifts = _shifts(reach_m)
    margins = _margins(shifted, crossings, shifts)
    return Edges(margins, _near(shifted, crossings, shifts), reach_m)


def no_edges(crossings: Sequence[Crossing]) -> Edges:
    """Tell that none were looked for."""
    return Edges((None,) * len(crossings), (), 0.0)


def _shifts(reach_m: float) -> list[float]:
    """List the shifts to try, zero first: closely at first, then by steps of `_STEP_M`."""
    steps = np.arange(_FIRST_SHIFTS_M[-1] + _STEP_M, reach_m, _STEP_M).tolist()
    shifts = [0.0, *(shift for shift in _FIRST_SHIFTS_M if shift < reach_m), *steps]
    return [*shifts, reach_m]


@dataclass(frozen=True, slots=True)
class _Span:
    """A stretch of a shifted line in one airspace, in metres along the line as it was.

    Round a corner, or round an end, it may have no length.
    """

    claims: tuple[str, ...]
    name: str
    kind: Kind
    start_m: float
    end_m: float


class _Shifted:
    """A track's spans when it is shifted sideways, each shift asked once."""

    def __init__(self, airspace: Airspace, track: Track) -> None:
        self.airspace, self.track = airspace, track
        lon, lat = track.lonlat.T
        bearing, _, _ = GEOD.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
        self.bearing_deg = np.degrees(np.unwrap(np.radians(bearing)))
        self._found: dict[float, tuple[_Span, ...]] = {}

    def prepare(self, shifts_m: Sequence[float]) -> None:
        """Cross several shifts at once; positive ones are to the right."""
        wanted = [shift for shift in dict.fromkeys(shifts_m) if shift not in self._found]
        if not wanted:
            return
        tracks, metres = zip(*map(self._at, wanted), strict=True)
        found = self.airspace.crossings_of(tracks)
        for shift, track, was_m, crossings in zip(wanted, tracks, metres, found, strict=True):
            self._found[shift] = tuple(_span(each, track, was_m) for each in crossings)

    def spans(self, shift_m: float) -> tuple[_Span, ...]:
        """List the spans of one shift."""
        self.prepare([shift_m])
        return self._found[shift_m]

    def _at(self, shift_m: float) -> tuple[Track, FloatArray]:
        """Shift the track, round at its corners and its ends.

        Returns it, and for each of its points the metres along the track as it was.
        """
        side = 90.0 if shift_m >= 0 else -90.0
        vertex, bearing_deg = _turns(self.bearing_deg, side)
        points, was_m = self.track.lonlat[vertex], self.track.distance_m[vertex]
        aside = np.full(len(vertex), abs(shift_m))
        lon, lat, _ = GEOD.fwd(points[:, 0], points[:, 1], bearing_deg + side, aside)
        lon = lon - 360 * np.concatenate([[0], np.cumsum(np.round(np.diff(lon) / 360))])
        turned_m = np.radians(np.abs(np.diff(bearing_deg))) * abs(shift_m) * (np.diff(vertex) == 0)
        along_m = was_m + np.concatenate([[0], np.cumsum(turned_m)])
        return Track(np.column_stack([lon, lat]), along_m), was_m


def _turns(bearing_deg: FloatArray, side: float) -> tuple[IntArray, FloatArray]:
    """List the vertices of a track, each as often as its line turns there, with the bearings.

    `bearing_deg` has one value a chord. At both ends the line turns round to straight ahead.
    """
    before = np.concatenate([[bearing_deg[0] + side], bearing_deg])
    after = np.append(bearing_deg, bearing_deg[-1] - side)
    count = 1 + np.ceil(np.abs(after - before) / _TURN_DEG).astype(int)
    vertex = np.repeat(np.arange(len(count)), count)
    share = numbers(count) / (count - 1).clip(1)[vertex]
    return vertex, before[vertex] + share * (after - before)[vertex]


def _span(crossing: Crossing, track: Track, was_m: FloatArray) -> _Span:
    start_m, end_m = np.interp((crossing.start_m, crossing.end_m), track.distance_m, was_m)
    return _Span(crossing.claims, crossing.name, crossing.kind, float(start_m), float(end_m))


def _margins(
    shifted: _Shifted, crossings: Sequence[Crossing], shifts: Sequence[float]
) -> tuple[float | None, ...]:
    shifted.prepare([sign * shift for shift in shifts[1:] for sign in (1, -1)])
    margins = []
    for crossing in crossings:
        sides = [_vanishes_at(shifted, crossing, shifts, sign) for sign in (1, -1)]
        found = [side for side in sides if side is not None]
        margins.append(min(found) if found else None)
    return tuple(margins)


def _vanishes_at(
    shifted: _Shifted, crossing: Crossing, shifts: Sequence[float], sign: int
) -> float | None:
    """Find the shift to one side at which a crossing is gone."""
    span = crossing.start_m, crossing.end_m
    for held_m, tried_m in pairwise(shifts):
        after = _followed(shifted, crossing, span, sign * held_m, sign * tried_m)
        if after is None:
            return _halved(shifted, crossing, span, (held_m, tried_m), sign)
        span = after
    return None


def _halved(
    shifted: _Shifted,
    crossing: Crossing,
    span: tuple[float, float],
    gap_m: tuple[float, float],
    sign: int,
) -> float:
    """Narrow down where a crossing vanishes, from a shift that holds it and one that doesn't."""
    held_m, gone_m = gap_m
    for _ in range(_HALVINGS):
        middle_m = (held_m + gone_m) / 2
        after = _followed(shifted, crossing, span, sign * held_m, sign * middle_m)
        if after is None:
            gone_m = middle_m
        else:
            held_m, span = middle_m, after
    return (held_m + gone_m) / 2


def _followed(
    shifted: _Shifted,
    crossing: Crossing,
    span: tuple[float, float],
    from_m: float,
    to_m: float,
) -> tuple[float, float] | None:
    """Follow a crossing to another shift: a stretch of the same airspace that overlaps its span."""
    slack_m = abs(to_m - from_m)
    same = [
        (other.start_m, other.end_m)
        for other in shifted.spans(to_m)
        if (other.claims, other.name) == (crossing.claims, crossing.name)
        and other.start_m < other.end_m
        and other.start_m <= span[1] + slack_m
        and other.end_m >= span[0] - slack_m
    ]
    return (min(start for start, _ in same), max(end for _, end in same)) if same else None


def _near(
    shifted: _Shifted, crossings: Sequence[Crossing], shifts: Sequence[float]
) -> tuple[NearMiss, ...]:
    """List the airspaces that appear when the line is shifted, nearest first."""
    known = {(crossing.claims, crossing.name) for crossing in crossings}
    misses: dict[tuple[tuple[str, ...], str], NearMiss] = {}
    for sign in (1, -1):
        for nearer_m, shift_m in pairwise(shifts):
            for crossing in shifted.spans(sign * shift_m):
                key = crossing.claims, crossing.name
                if key in known or not crossing.claims:
                    continue
                held = misses.get(key)
                if held is None or nearer_m < held.distance_m:
                    found = _appears(shifted, crossing, (nearer_m, shift_m), sign)
                    if held is None or found.distance_m < held.distance_m:
                        misses[key] = found
    return tuple(sorted(misses.values(), key=lambda miss: miss.distance_m))


def _appears(shifted: _Shifted, crossing: _Span, gap_m: tuple[float, float], sign: int) -> NearMiss:
    """Narrow down the shift at which an airspace appears."""
    away_m, there_m = gap_m
    for _ in range(_HALVINGS):
        middle_m = (away_m + there_m) / 2
        found = _first(shifted.spans(sign * middle_m), crossing)
        if found is None:
            away_m = middle_m
        else:
            there_m, crossing = middle_m, found
    at_m = (crossing.start_m + crossing.end_m) / 2
    point = _point_at(shifted.track, at_m)
    return NearMiss(crossing.claims, crossing.name, crossing.kind, there_m, at_m, point)


def _first(crossings: Sequence[_Span], like: _Span) -> _Span | None:
    return next(
        (each for each in crossings if (each.claims, each.name) == (like.claims, like.name)), None
    )


def _point_at(track: Track, at_m: float) -> LonLat:
    lon, lat = points_at(track, np.array([at_m]))[0].tolist()
    return lon, lat
