"""Survey many routes at once: how long they are, and what they pass, summed up by airspace."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from geo.airspace import INTERNATIONAL, Airspace, Face
from geo.borders import NO_FACE
from geo.geodesy import Lines, make_tracks
from geo.model import FloatArray, IntArray, Route

# Nothing that is seen where a whole continent is on the screen.
_DRAWN_OFFSET_M = 2000.0


@dataclass(frozen=True, slots=True)
class Passed:
    """An airspace, how many of the routes pass it, and their metres in it all together."""

    name: str
    claims: tuple[str, ...]
    routes: int
    metres: float


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """Routes by their numbers: names, `length_m` (n,), and the airspaces of each in order.

    `passed` has the airspace with the most routes first, the waters of no state among them.
    `lines` are (m, 2) lon/lat within 2 km of the routes, and run on over the antimeridian.
    """

    names: tuple[str, ...]
    length_m: FloatArray
    airspaces: tuple[tuple[str, ...], ...]
    passed: tuple[Passed, ...]
    lines: tuple[FloatArray, ...]


def survey(routes: Sequence[Route], airspace: Airspace) -> Survey:
    """Measure routes, cross them with the airspace, and thin them for drawing."""
    if not routes:
        return Survey((), np.zeros(0), (), (), ())
    lines = Lines.of(routes)
    found = airspace.stretches(lines)
    tracks = make_tracks(routes, max_offset_m=_DRAWN_OFFSET_M)
    splits = np.searchsorted(found.route, np.arange(1, len(routes)))
    return Survey(
        tuple(route.name for route in routes),
        lines.route_lengths_m(),
        tuple(_names(airspace.faces, part) for part in np.split(found.face, splits)),
        _passed(airspace, found.route, found.face, found.end_m - found.start_m),
        tuple(track.lonlat for track in tracks),
    )


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
