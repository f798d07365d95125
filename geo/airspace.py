"""Tell whose airspace a route crosses, in order, with the metres in each.

The airspace is a coverage: faces that share their borders, each with the territories claiming it.
A line changes face only where it cuts a border, and each border edge knows the face on either side,
so a route is answered from the edges that it cuts; a face is looked up by its area only where the
edges don't settle it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import shapely

from geo.borders import ASIDE_DEG, NO_FACE, Borders, index_borders
from geo.geodesy import Lines, chords_of, points_on_tracks, wrapped
from geo.model import Crossing, FloatArray, IntArray, Kind, Route, Track
from geo.stretches import Stretches, make_stretches


@dataclass(frozen=True, slots=True)
class Face:
    """A part of the world with one set of claims; `claims` are sorted A3 codes."""

    claims: tuple[str, ...]
    name: str
    kind: Kind


INTERNATIONAL = Face((), "waters of no state", "international")


@dataclass(frozen=True)
class Airspace:
    """The faces of the world, ready to be asked."""

    faces: tuple[Face, ...]
    _borders: Borders
    _parts: shapely.STRtree
    _part_face: IntArray

    def face_at(self, lon: float, lat: float) -> Face:
        """Name the face at a point; on a border, one of its neighbours."""
        return self._face(self._locate(np.array([[lon, lat]]))[0])

    def crossings(self, track: Track) -> tuple[Crossing, ...]:
        """List the stretches of a track, face by face, covering it without gaps."""
        return self.crossings_of([track])[0]

    def crossings_of(self, tracks: Sequence[Track]) -> list[tuple[Crossing, ...]]:
        """List the stretches of tracks, which need not be geodesics."""
        cuts = self._borders.cut(chords_of(tracks))
        lengths_m = np.array([track.length_m for track in tracks])
        points_at = partial(points_on_tracks, tracks)
        return self._crossings(make_stretches(lengths_m, cuts, points_at, self._locate))

    def crossings_on(self, routes: Sequence[Route]) -> list[tuple[Crossing, ...]]:
        """List the stretches of routes, face by face, covering each without gaps."""
        return self._crossings(self.stretches(Lines.of(routes))) if routes else []

    def stretches(self, lines: Lines) -> Stretches:
        """Cut geodesics into their stretches, as columns: the way for arrays of any length."""
        cuts = self._borders.cut(self._borders.chords_near(lines))
        lengths_m = lines.route_lengths_m()
        return make_stretches(lengths_m, cuts, lines.points_on_routes, self._locate)

    def _crossings(self, found: Stretches) -> list[tuple[Crossing, ...]]:
        faces = [self._face(index) for index in found.face]
        columns = (found.start_m, found.end_m, found.entry, found.exit)
        rows = zip(faces, *(column.tolist() for column in columns), strict=True)
        crossings = [
            Crossing(face.claims, face.name, face.kind, start_m, end_m, tuple(entry), tuple(exit_))
            for face, start_m, end_m, entry, exit_ in rows
        ]
        bounds = np.searchsorted(found.route, np.arange(found.route[-1] + 2)).tolist()
        return [tuple(crossings[i:j]) for i, j in pairwise(bounds)]

    def _face(self, index: int) -> Face:
        return INTERNATIONAL if index == NO_FACE else self.faces[index]

    def _locate(self, lonlat: FloatArray) -> IntArray:
        """Find the face beside each point (n, 2), moved aside as lines are where they are cut."""
        lon, lat = (lonlat + ASIDE_DEG).T
        points = shapely.points(wrapped(lon), lat.clip(max=90))
        found = np.full(len(lonlat), NO_FACE, dtype=np.int64)
        point, part = self._parts.query(points, predicate="intersects")
        found[point] = self._part_face[part]
        return found


def make_airspace(faces: Sequence[Face], geometries: npt.NDArray[np.object_]) -> Airspace:
    """Index a coverage of polygons, one polygon or multipolygon a face."""
    parts, part_face = shapely.get_parts(geometries, return_index=True)
    shapely.prepare(parts)
    borders = index_borders(parts, part_face)
    return Airspace(tuple(faces), borders, shapely.STRtree(parts), part_face)
