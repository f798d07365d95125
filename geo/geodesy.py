"""Draw WGS84 geodesics: their length, their bearings and the points along them.

All lines are those of Karney, "Algorithms for geodesics", J. Geodesy 87 (2013), as PROJ has them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from pyproj import Geod

from geo.errors import GeoError
from geo.model import BoolArray, FloatArray, IntArray, Leg, Place, Route, Track
from geo.sphere import unit_vectors

GEOD = Geod(ellps="WGS84")
_LONGEST_STEP_M = 200_000.0
# Within a chord the offset is a little more than in its middle.
_CAUTION = 0.8
_POLAR_DEG = 75.0
_MOST_PIECES = 12
_MEAN_RADIUS_M = 6_371_008.8
PointsAt = Callable[[IntArray, FloatArray], FloatArray]


def make_leg(start: Place, end: Place) -> Leg:
    """Join two places by the shortest geodesic; between antipodes, by one of the shortest."""
    azimuth, back_azimuth, length_m = GEOD.inv(start.lon, start.lat, end.lon, end.lat)
    # Twice, since a hair less than north rounds up to 360 the first time.
    initial_deg, final_deg = azimuth % 360 % 360, (back_azimuth + 180) % 360 % 360
    return Leg(start, end, length_m, initial_deg, final_deg)


def make_route(name: str, places: Sequence[Place]) -> Route:
    """Join two or more places, each to the next. Raises GeoError for fewer."""
    if len(places) < 2:
        raise GeoError(f'route "{name}": {len(places)} places, fewer than 2')
    return Route(name, tuple(make_leg(start, end) for start, end in pairwise(places)))


def make_track(route: Route, *, max_offset_m: float = 10.0) -> Track:
    """Densify one route; see `make_tracks`."""
    return make_tracks([route], max_offset_m=max_offset_m)[0]


def make_tracks(routes: Sequence[Route], *, max_offset_m: float = 10.0) -> list[Track]:
    """Densify routes until their chords, straight in lon/lat, stay within `max_offset_m` of them.

    The offset holds along the track as well as across it, so a point found at a share of a chord
    lies at that share of the chord's metres. Longitudes run on over the antimeridian.
    """
    if not routes:
        return []
    lines = Lines.of(routes)
    chords = lines.on_routes(_in_order(lines.refined(lines.arcs(), max_offset_m)))
    splits = np.searchsorted(chords.owner, np.arange(1, len(routes)))
    starts, along_m = np.split(chords.ends[:, :2], splits), np.split(chords.start_m, splits)
    return list(map(_track, routes, starts, along_m))


def points_at(track: Track, distance_m: FloatArray) -> FloatArray:
    """Find the points at these metres along a track, as (n, 2) with longitudes in -180..180."""
    lon = np.interp(distance_m, track.distance_m, track.lonlat[:, 0])
    lat = np.interp(distance_m, track.distance_m, track.lonlat[:, 1])
    return np.column_stack([wrapped(lon), lat])


def points_on_tracks(tracks: Sequence[Track], track: IntArray, at_m: FloatArray) -> FloatArray:
    """Find the points at these metres along these of the tracks, as (n, 2)."""
    # All tracks end to end, with a gap so that the end of one isn't the start of the next.
    lengths_m = np.array([each.length_m for each in tracks])
    begins_m = np.cumsum(lengths_m + 1.0) - (lengths_m + 1.0)
    along_m = np.concatenate(
        [each.distance_m + at for each, at in zip(tracks, begins_m, strict=True)]
    )
    lonlat = np.concatenate([each.lonlat for each in tracks])
    joined = Track(lonlat, along_m)
    return points_at(joined, begins_m[track] + at_m)


def wrapped(lon: FloatArray) -> FloatArray:
    """Bring longitudes into -180..180; 180 stays 180."""
    return np.where(np.abs(lon) <= 180, lon, (lon + 180) % 360 - 180)


@dataclass(frozen=True, slots=True)
class Chords:
    """Stretches of lines, of routes or of curves, as chords straight in lon/lat.

    Chord i begins `start_m[i]` metres along the line, route or curve number `owner[i]`, and is
    `step_m[i]` metres long there. `ends` is (n, 4), lon/lat/lon/lat; the second longitude runs on
    from the first over the antimeridian.
    """

    owner: IntArray
    start_m: FloatArray
    step_m: FloatArray
    ends: FloatArray

    def only(self, kept: BoolArray | IntArray) -> "Chords":
        """Keep some, by a mask or by their numbers."""
        return Chords(self.owner[kept], self.start_m[kept], self.step_m[kept], self.ends[kept])


def chords_of(tracks: Sequence[Track]) -> Chords:
    """Take the chords of tracks, each with the number of its track."""
    return Chords(
        np.repeat(np.arange(len(tracks)), [len(track.lonlat) - 1 for track in tracks]),
        np.concatenate([track.distance_m[:-1] for track in tracks]),
        np.concatenate([np.diff(track.distance_m) for track in tracks]),
        np.concatenate([np.hstack([track.lonlat[:-1], track.lonlat[1:]]) for track in tracks]),
    )


@dataclass(frozen=True, slots=True)
class Nodes:
    """Points along lines, 200 km apart or less, from each one's start to its end.

    `points` are (n, 2), and `courses` (3, n) lon/lat/azimuth: at a pole, where a point has any
    longitude, those that go together. All nodes begin a step, but a line's last.
    """

    line: IntArray
    along_m: FloatArray
    step_m: FloatArray
    points: FloatArray
    courses: FloatArray
    begins: BoolArray

    def arcs(self, kept: BoolArray | None = None) -> "Arcs":
        """Join them to the next ones; only those marked."""
        first = (self.begins if kept is None else self.begins & kept).nonzero()[0]
        ends = joined(self.points[first], self.points[first + 1])
        chords = Chords(self.line[first], self.along_m[first], self.step_m[first], ends)
        return Arcs(chords, np.array([self.courses[:, first], self.courses[:, first + 1]]))


@dataclass(frozen=True, slots=True)
class Arcs:
    """Pieces of lines of 200 km or less, with lon/lat/azimuth (2, 3, n) at both of their ends."""

    chords: Chords
    courses: FloatArray


@dataclass(frozen=True, slots=True)
class Lines:
    """Geodesics as arrays, one a leg, route after route.

    `start` and `end` are (n, 2); `route` is the number of the route that a leg belongs to, and
    `begins_m` the metres of that route before it.
    """

    start: FloatArray
    end: FloatArray
    azimuth_deg: FloatArray
    length_m: FloatArray
    route: IntArray
    begins_m: FloatArray

    @classmethod
    def of(cls, routes: Sequence[Route]) -> "Lines":
        """Take the legs of routes."""
        legs = [leg for route in routes for leg in route.legs]
        return cls(
            np.array([(leg.start.lon, leg.start.lat) for leg in legs], dtype=float),
            np.array([(leg.end.lon, leg.end.lat) for leg in legs], dtype=float),
            np.array([leg.initial_bearing_deg for leg in legs]),
            np.array([leg.length_m for leg in legs]),
            np.repeat(np.arange(len(routes)), [len(route.legs) for route in routes]),
            np.concatenate([_begins_m(route) for route in routes]),
        )

    @classmethod
    def between(cls, starts: FloatArray, ends: FloatArray) -> "Lines":
        """Join points (n, 2) with points (n, 2), each pair a route of one leg."""
        azimuth, _, length_m = GEOD.inv(starts[:, 0], starts[:, 1], ends[:, 0], ends[:, 1])
        return cls(starts, ends, azimuth, length_m, np.arange(len(starts)), np.zeros(len(starts)))

    def points(self, line: IntArray, along_m: FloatArray) -> FloatArray:
        """Find the points at these metres along these lines, as (n, 2)."""
        lon, lat = self.start[line].T
        lon, lat, _ = GEOD.fwd(lon, lat, self.azimuth_deg[line], along_m)
        return np.array([lon, lat]).T

    def route_lengths_m(self) -> FloatArray:
        """Sum up the metres of each route, as (number of routes,)."""
        return np.bincount(self.route, weights=self.length_m).astype(np.float64)

    def points_on_routes(self, route: IntArray, at_m: FloatArray) -> FloatArray:
        """Find the points at these metres along these routes, as (n, 2)."""
        if len(self.route) == self.route[-1] + 1:
            return self.points(route, at_m)
        # All legs end to end: a route's metres, moved to where it begins, tell the leg.
        first = np.searchsorted(self.route, route)
        last = np.searchsorted(self.route, route, side="right") - 1
        before_m = np.cumsum(self.length_m) - self.length_m
        line = np.searchsorted(before_m, before_m[first] + at_m, side="right") - 1
        line = line.clip(first, last)
        return self.points(line, at_m - self.begins_m[line])

    def nodes(self) -> Nodes:
        """Find points along the lines, 200 km apart or less."""
        steps = np.maximum(np.ceil(self.length_m / _LONGEST_STEP_M), 1).astype(np.int64)
        line = np.arange(len(steps)).repeat(steps + 1)
        last = np.cumsum(steps + 1) - 1
        first = last - steps
        step_m = (self.length_m / steps)[line]
        along_m = (np.arange(len(line)) - first[line]) * step_m
        lon, lat = self.start[line].T
        lon, lat, back_deg = GEOD.fwd(lon, lat, self.azimuth_deg[line], along_m)
        courses = np.array([lon, lat, back_deg + 180.0])
        points = courses[:2].T.copy()
        points[first], points[last] = self.start, self.end
        begins = np.ones(len(line), dtype=bool)
        begins[last] = False
        return Nodes(line, along_m, step_m, points, courses, begins)

    def arcs(self) -> Chords:
        """Cut the lines into chords of 200 km or less."""
        return self.nodes().arcs().chords

    def refined(self, chords: Chords, max_offset_m: float) -> Chords:
        """Cut chords until they stay within `max_offset_m` of their lines; in no certain order."""
        return refined(self.points, chords, max_offset_m)

    def on_routes(self, chords: Chords) -> Chords:
        """Count chords along their routes instead of along their lines."""
        line = chords.owner
        start_m = self.begins_m[line] + chords.start_m
        return Chords(self.route[line], start_m, chords.step_m, chords.ends)


def together(parts: Sequence[Chords]) -> Chords:
    """Put chords one after the other."""
    names = ("owner", "start_m", "step_m", "ends")
    return Chords(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def joined(starts: FloatArray, ends: FloatArray) -> FloatArray:
    """Set points (n, 2) beside others as chords (n, 4), by the shorter way round."""
    chords = np.concatenate([starts, ends], axis=1)
    chords[:, 2] -= 360 * np.rint((ends[:, 0] - starts[:, 0]) / 360)
    return chords


def refined(points: PointsAt, chords: Chords, max_offset_m: float) -> Chords:
    """Cut chords until they stay within `max_offset_m` of what they follow; in no certain order.

    `points` finds the points (n, 2) at these metres along these owners of chords.
    """
    done = []
    while len(chords.owner):
        # A chord's offset grows with the square of its length, so one cut is enough, but where
        # the meridians crowd, or where it is into so many that the square is only nearly right.
        offset_m = _offsets_m(points, chords)
        pieces = np.ceil(np.sqrt(offset_m / (_CAUTION * max_offset_m))).clip(1, 64).astype(int)
        polar = np.abs(chords.ends[:, [1, 3]]).max(axis=1) > _POLAR_DEG
        unsure = np.repeat((polar & (pieces > 1)) | (pieces > _MOST_PIECES), pieces)
        chords = _cut(points, chords, pieces)
        done.append(chords.only(~unsure))
        chords = chords.only(unsure)
    return together(done) if done else chords


def _cut(points: PointsAt, chords: Chords, pieces: IntArray) -> Chords:
    """Cut each chord into its number of equal pieces."""
    owner = np.repeat(chords.owner, pieces)
    number = np.arange(len(owner)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    step_m = np.repeat(chords.step_m / pieces, pieces)
    start_m = np.repeat(chords.start_m, pieces) + number * step_m
    starts = points(owner, start_m)
    ends = np.roll(starts, -1, axis=0)
    after = np.cumsum(pieces)
    starts[after - pieces] = chords.ends[:, :2]
    ends[after - 1] = chords.ends[:, 2:]
    return Chords(owner, start_m, step_m, joined(starts, ends))


def _offsets_m(points: PointsAt, chords: Chords) -> FloatArray:
    """Measure how far each chord's middle lies from its line's, in metres."""
    middles = points(chords.owner, chords.start_m + chords.step_m / 2)
    chord_middles = (chords.ends[:, :2] + chords.ends[:, 2:]) / 2
    gap = unit_vectors(middles) - unit_vectors(chord_middles)
    offset_m: FloatArray = np.linalg.norm(gap, axis=1) * _MEAN_RADIUS_M
    return offset_m


def _in_order(chords: Chords) -> Chords:
    return chords.only(np.lexsort([chords.start_m, chords.owner]))


def _begins_m(route: Route) -> FloatArray:
    """Sum up the metres flown before each leg."""
    return np.cumsum([0.0, *(leg.length_m for leg in route.legs[:-1])])


def _track(route: Route, lonlat: FloatArray, along_m: FloatArray) -> Track:
    end = route.legs[-1].end
    lonlat = np.vstack([lonlat, [end.lon, end.lat]])
    # By whole turns, unlike np.unwrap, so that the places stay what they are to the last bit.
    lonlat[1:, 0] -= 360 * np.cumsum(np.round(np.diff(lonlat[:, 0]) / 360))
    return Track(lonlat, np.append(along_m, route.length_m))
