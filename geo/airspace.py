"""Tell whose airspace a route crosses, in order, with the metres in each.

The airspace is a coverage: faces that share their borders, each with the territories claiming it.
A line changes face only where it cuts a border, and each border edge knows the face on either side,
so a route is answered from the edges that it cuts; a face is looked up by its area only where the
edges don't settle it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from geo.borders import NO_FACE
from geo.coverage import Coverage, make_coverage
from geo.geodesy import Lines
from geo.model import Crossing, Kind, Route, Track
from geo.stretches import Stretches, shared_m


@dataclass(frozen=True, slots=True)
class Face:
    """A part of the world with one set of claims; `claims` are sorted A3 codes."""

    claims: tuple[str, ...]
    name: str
    kind: Kind


INTERNATIONAL = Face((), "waters of no state", "international")


@dataclass(frozen=True, slots=True)
class Airspace:
    """The faces of the world, ready to be asked.

    `land` is a coverage of one face; with it, each crossing tells how much of it lies over land.
    """

    faces: tuple[Face, ...]
    coverage: Coverage
    land: Coverage | None = None

    def face_at(self, lon: float, lat: float) -> Face:
        """Name the face at a point; on a border, one of its neighbours."""
        return self.face(self.coverage.at(np.array([[lon, lat]]))[0])

    def face(self, number: int) -> Face:
        """Give the face of a number, as it stands in `Stretches`."""
        return INTERNATIONAL if number == NO_FACE else self.faces[number]

    def crossings(self, track: Track) -> tuple[Crossing, ...]:
        """List the stretches of a track, face by face, covering it without gaps."""
        return self.crossings_of([track])[0]

    def crossings_of(self, tracks: Sequence[Track]) -> list[tuple[Crossing, ...]]:
        """List the stretches of tracks, which need not be geodesics."""
        land = self.land.on_tracks(tracks) if self.land else None
        return self._crossings(self.coverage.on_tracks(tracks), land)

    def crossings_on(self, routes: Sequence[Route]) -> list[tuple[Crossing, ...]]:
        """List the stretches of routes, face by face, covering each without gaps."""
        return self.crossings_along(Lines.of(routes)) if routes else []

    def crossings_along(self, lines: Lines) -> list[tuple[Crossing, ...]]:
        """List the same of the routes of lines, of which there must be one."""
        land = self.land.on_lines(lines) if self.land else None
        return self._crossings(self.coverage.on_lines(lines), land)

    def stretches(self, lines: Lines) -> Stretches:
        """Cut geodesics into their stretches, as columns: the way for arrays of any length."""
        return self.coverage.on_lines(lines)

    def _crossings(self, found: Stretches, land: Stretches | None) -> list[tuple[Crossing, ...]]:
        faces = [self.face(number) for number in found.face]
        land_m = shared_m(found, land).tolist() if land else [None] * len(faces)
        columns = (column.tolist() for column in (found.start_m, found.end_m))
        points = ([(lon, lat) for lon, lat in ends.tolist()] for ends in (found.entry, found.exit))
        crossings = [
            Crossing(face.claims, face.name, face.kind, *place)
            for face, *place in zip(faces, *columns, *points, land_m, strict=True)
        ]
        bounds = np.searchsorted(found.route, np.arange(found.route[-1] + 2)).tolist()
        return [tuple(crossings[i:j]) for i, j in pairwise(bounds)]


def make_airspace(
    faces: Sequence[Face],
    geometries: npt.NDArray[np.object_],
    land: Coverage | None = None,
) -> Airspace:
    """Index a coverage of polygons, one polygon or multipolygon a face."""
    return Airspace(tuple(faces), make_coverage(geometries), land)
