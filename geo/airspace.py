"""Tell whose airspace a track crosses, in order, with the metres in each.

The airspace is a coverage: faces that share their borders, each with the territories claiming it.
A track changes face only where it cuts a border, and each border edge knows the face on either
side, so a route is answered from the edges that it cuts; a face is looked up by its area only where
the edges don't settle it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from geo.borders import NO_FACE, Borders, Cuts, index_borders
from geo.errors import DataError
from geo.geodesy import points_at
from geo.model import Crossing, FloatArray, IntArray, Kind, Track

# Cuts nearer to each other than this are one event: a vertex, or a border drawn along the track.
_SAME_CUT_M = 1.0


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
        index = self._locate(np.array([[lon, lat]]))[0]
        return INTERNATIONAL if index == NO_FACE else self.faces[index]

    def crossings(self, track: Track) -> tuple[Crossing, ...]:
        """List the stretches of a track, face by face, covering it without gaps."""
        return self.crossings_of([track])[0]

    def crossings_of(self, tracks: Sequence[Track]) -> list[tuple[Crossing, ...]]:
        """List the stretches of many tracks at once."""
        return [
            self._stretches(track, cuts)
            for track, cuts in zip(tracks, self._borders.cuts_of(tracks), strict=True)
        ]

    def _stretches(self, track: Track, cuts: Cuts) -> tuple[Crossing, ...]:
        bounds_m, faces = self._labelled(track, cuts)
        changes = np.flatnonzero(faces[1:] != faces[:-1]) + 1
        firsts = np.concatenate([[0], changes])
        edges_m = np.append(bounds_m[firsts], track.length_m)
        points = [(float(lon), float(lat)) for lon, lat in points_at(track, edges_m)]
        stretches = []
        for i, face_index in enumerate(faces[firsts]):
            face = INTERNATIONAL if face_index == NO_FACE else self.faces[face_index]
            start_m, end_m = float(edges_m[i]), float(edges_m[i + 1])
            stretches.append(
                Crossing(
                    face.claims, face.name, face.kind, start_m, end_m, points[i], points[i + 1]
                )
            )
        return tuple(stretches)

    def _labelled(self, track: Track, cuts: Cuts) -> tuple[FloatArray, IntArray]:
        """Give the start of each stretch between cuts, in metres, and the face it lies in."""
        inner = (cuts.at_m > _SAME_CUT_M) & (cuts.at_m < track.length_m - _SAME_CUT_M)
        at_m, leaves, enters = cuts.at_m[inner], cuts.leaves[inner], cuts.enters[inner]
        if not len(at_m):
            return np.zeros(1), self._locate(points_at(track, np.array([track.length_m / 2])))
        first = np.concatenate([[True], np.diff(at_m) > _SAME_CUT_M])
        last = np.append(first[1:], True)
        sizes = np.diff(np.append(np.flatnonzero(first), len(at_m)))
        single = np.concatenate([[True], sizes == 1, [True]])
        # Both neighbours of a stretch have their say; where they differ, its area decides.
        entered = np.concatenate([leaves[:1], enters[last]])
        left = np.append(leaves[first], enters[-1])
        starts_m = np.concatenate([[0.0], at_m[first]])
        unsettled = (entered != left) | ~single[:-1] | ~single[1:]
        middles_m = (starts_m + np.append(starts_m[1:], track.length_m)) / 2
        faces = entered.copy()
        faces[unsettled] = self._locate(points_at(track, middles_m[unsettled]))
        return starts_m, faces

    def _locate(self, lonlat: FloatArray) -> IntArray:
        """Find the face that holds each point (n, 2); -1 where none does."""
        found = np.full(len(lonlat), NO_FACE, dtype=np.int64)
        point, part = self._parts.query(shapely.points(lonlat), predicate="intersects")
        found[point] = self._part_face[part]
        return found


def load_airspace(path: Path) -> Airspace:
    """Read the faces of a GeoParquet file with the columns claims, name, kind and geometry.

    The geometries are lon/lat on WGS84 and must form a coverage. Raises DataError for a file that
    is missing or isn't one.
    """
    try:
        table = pq.read_table(path, columns=["claims", "name", "kind", "geometry"])
        geometries = shapely.from_wkb(table["geometry"].to_numpy())
    except (OSError, KeyError, pa.ArrowException, shapely.errors.ShapelyError) as error:
        reason = str(error).splitlines()[0]
        raise DataError(f"{path.name}: not an airspace file ({reason})") from error
    rows = zip(*(table[name].to_pylist() for name in ("claims", "name", "kind")), strict=True)
    return make_airspace(
        [Face(tuple(claims), name, kind) for claims, name, kind in rows], geometries
    )


def make_airspace(faces: Sequence[Face], geometries: npt.NDArray[np.object_]) -> Airspace:
    """Index a coverage of polygons, one polygon or multipolygon a face."""
    parts, part_face = shapely.get_parts(geometries, return_index=True)
    shapely.prepare(parts)
    return Airspace(
        tuple(faces), index_borders(parts, part_face), shapely.STRtree(parts), part_face
    )
