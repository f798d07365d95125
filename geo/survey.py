"""Survey many routes at once: how long they are, and what they pass, summed up by airspace."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

import numpy as np
import shapely

from geo.airspace import INTERNATIONAL, Airspace, Face
from geo.borders import NO_FACE
from geo.geodesy import Lines
from geo.model import Crossing, FloatArray, IntArray, Route
from geo.stretches import Stretches

# Nothing that is seen where a whole continent is on the screen.
_DRAWN_OFFSET_M = 2000.0
_THINNED_DEG = 0.01
_STEEPEST_LAT = 89.5


@dataclass(frozen=True, slots=True)
class Passed:
    """An airspace, how many of the routes pass it, and their metres in it all together."""

    name: str
    claims: tuple[str, ...]
    routes: int
    metres: float


@dataclass(frozen=True, eq=False)
class Survey:
    """Routes by their numbers: names, names of both ends, `length_m` (n,), and how they are drawn.

    `lines` are (m, 2) lon/lat within about 2 km of the routes, straight on a Mercator map; they run
    on over the antimeridian, and the middle of each lies in -180..180. What the routes pass takes
    as long again as all else, and is worked out when it is first asked for.
    """

    names: tuple[str, ...]
    ends: tuple[tuple[str, str], ...]
    length_m: FloatArray
    lines: tuple[FloatArray, ...]
    _legs: Lines = field(repr=False)
    _airspace: Airspace = field(repr=False)

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """The west, south, east and north of all lines."""
        lon, lat = np.concatenate(self.lines).T
        return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())

    @cached_property
    def direct_m(self) -> FloatArray:
        """The metres (n,) of the geodesics from end to end."""
        numbers = np.arange(len(self.names))
        first = np.searchsorted(self._legs.route, numbers)
        last = np.searchsorted(self._legs.route, numbers, side="right") - 1
        return Lines.between(self._legs.start[first], self._legs.end[last]).length_m

    def crossings(self) -> list[tuple[Crossing, ...]]:
        """List the stretches of each route; this takes as long as all else, and isn't kept."""
        return self._airspace.crossings_along(self._legs) if self.names else []

    @cached_property
    def airspaces(self) -> tuple[tuple[str, ...], ...]:
        """The airspaces of each route in order, re-entries apart, waters of no state left out."""
        if not self.names:
            return ()
        found, faces = self._stretches, self._airspace.faces
        splits = np.searchsorted(found.route, np.arange(1, len(self.names)))
        return tuple(_names(faces, part) for part in np.split(found.face, splits))

    @cached_property
    def passed(self) -> tuple[Passed, ...]:
        """The airspaces, that with the most routes first, waters of no state among them."""
        if not self.names:
            return ()
        found = self._stretches
        return _passed(self._airspace, found.route, found.face, found.end_m - found.start_m)

    @cached_property
    def _stretches(self) -> Stretches:
        return self._airspace.stretches(self._legs)


def survey(routes: Sequence[Route], airspace: Airspace) -> Survey:
    """Measure routes and draw them, ready to be crossed with the airspace."""
    if not routes:
        none = Lines.between(np.zeros((0, 2)), np.zeros((0, 2)))
        return Survey((), (), np.zeros(0), (), none, airspace)
    legs = Lines.of(routes)
    lines = np.split(*_thinned(*_in_one_world(*_points(legs))))
    names = tuple(route.name for route in routes)
    ends = tuple((route.places[0].name, route.places[-1].name) for route in routes)
    return Survey(names, ends, legs.route_lengths_m(), tuple(lines), legs, airspace)


def _points(legs: Lines) -> tuple[FloatArray, IntArray]:
    """Find points along all routes, (n, 2), one route after another, and the first of each.

    As `np.split` wants it, the first of the first route isn't told.
    """
    chords = legs.on_routes(legs.refined(legs.arcs(), _DRAWN_OFFSET_M))
    chords = chords.only(np.lexsort([chords.start_m, chords.owner]))
    firsts = np.searchsorted(chords.owner, np.arange(1, chords.owner[-1] + 1))
    # A route has one point more than chords: the end of its last.
    last = np.append(firsts, len(chords.owner)) - 1
    lonlat = np.insert(chords.ends[:, :2], last + 1, chords.ends[last, 2:], axis=0)
    return lonlat, firsts + np.arange(1, len(firsts) + 1)


def _in_one_world(lonlat: FloatArray, firsts: IntArray) -> tuple[FloatArray, IntArray]:
    """Let lines run on over the antimeridian, and move the middle of each into -180..180."""
    starts = np.append(0, firsts)
    turns = np.rint(np.diff(lonlat[:, 0], prepend=lonlat[0, 0]) / 360)
    turns[starts] = 0
    lon = lonlat[:, 0] - 360 * np.cumsum(turns)
    ends = np.minimum.reduceat(lon, starts), np.maximum.reduceat(lon, starts)
    moved = 360 * np.rint((ends[0] + ends[1]) / 720)
    lon -= np.repeat(moved, np.diff(np.append(starts, len(lon))))
    return np.column_stack([lon, lonlat[:, 1]]), firsts


def _thinned(lonlat: FloatArray, firsts: IntArray) -> tuple[FloatArray, IntArray]:
    """Leave out points that a Mercator map can do without."""
    steep = np.radians(lonlat[:, 1].clip(-_STEEPEST_LAT, _STEEPEST_LAT))
    mercator = np.column_stack([lonlat[:, 0], np.degrees(np.arcsinh(np.tan(steep)))])
    line = np.zeros(len(lonlat), dtype=np.int64)
    line[firsts] = 1
    drawn = np.asarray(shapely.linestrings(mercator, indices=np.cumsum(line)))
    drawn = np.asarray(shapely.simplify(drawn, _THINNED_DEG, preserve_topology=False))
    found, line = shapely.get_coordinates(drawn, return_index=True)
    found[:, 1] = np.degrees(np.arctan(np.sinh(np.radians(found[:, 1]))))
    return found, np.searchsorted(line, np.arange(1, len(drawn)))


def _names(faces: Sequence[Face], numbers: IntArray) -> tuple[str, ...]:
    """Name the airspaces in order, re-entries apart and waters of no state left out."""
    names = (faces[number].name for number in numbers.tolist() if number != NO_FACE)
    return tuple(name for name, _ in groupby(names))


def _passed(
    airspace: Airspace, route: IntArray, face: IntArray, metres: FloatArray
) -> tuple[Passed, ...]:
    """Sum the stretches up by airspace; one that is entered twice counts once for a route."""
    faces = [*airspace.faces, INTERNATIONAL]
    kinds = {key: number for number, key in enumerate(dict.fromkeys(map(_key, faces)))}
    kind = np.array([kinds[_key(each)] for each in faces])[face]
    total = np.bincount(kind, weights=metres, minlength=len(kinds))
    once = np.unique(np.stack([kind, route]), axis=1)[0]
    count = np.bincount(once, minlength=len(kinds))
    passed = [
        Passed(name, claims, int(count[number]), float(total[number]))
        for (name, claims), number in kinds.items()
        if count[number]
    ]
    return tuple(sorted(passed, key=lambda each: (-each.routes, -each.metres, each.name)))


def _key(face: Face) -> tuple[str, tuple[str, ...]]:
    return face.name, face.claims
