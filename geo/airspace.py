"""Tell whose airspace a track crosses, in order, with the metres in each.

The airspace is a coverage: faces that share their borders, each with the territories that claim it.
A track changes face only where it cuts a border edge, and each edge knows the face on either side,
so a route is answered from the edges that it cuts; a face is looked up by its area only where the
edges don't settle it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from geo.errors import DataError
from geo.geodesy import points_at, wrapped
from geo.model import Crossing, FloatArray, Kind, Track

IntArray = npt.NDArray[np.int64]
# Cuts nearer to each other than this are one event: a vertex, or a border drawn along the track.
_SAME_CUT_M = 1.0
_NO_FACE = -1


@dataclass(frozen=True, slots=True)
class Face:
    """A part of the world with one set of claims; `claims` are sorted A3 codes."""

    claims: tuple[str, ...]
    name: str
    kind: Kind


INTERNATIONAL = Face((), "waters of no state", "international")


@dataclass(frozen=True, slots=True)
class _Edges:
    """Border edges, each once: `ends` is (n, 4) lon/lat/lon/lat, `left` and `right` index faces."""

    ends: FloatArray
    left: IntArray
    right: IntArray
    tree: shapely.STRtree


@dataclass(frozen=True, slots=True)
class _Cuts:
    """Where one track cuts borders, sorted: metres along it, and the faces left and entered."""

    at_m: FloatArray
    leaves: IntArray
    enters: IntArray


@dataclass(frozen=True)
class Airspace:
    """The faces of the world, ready to be asked."""

    faces: tuple[Face, ...]
    _edges: _Edges
    _parts: shapely.STRtree
    _part_face: IntArray

    def face_at(self, lon: float, lat: float) -> Face:
        """Name the face at a point; on a border, one of its neighbours."""
        index = self._locate(np.array([[lon, lat]]))[0]
        return INTERNATIONAL if index == _NO_FACE else self.faces[index]

    def crossings(self, track: Track) -> tuple[Crossing, ...]:
        """List the stretches of a track, face by face, covering it without gaps."""
        return self.crossings_of([track])[0]

    def crossings_of(self, tracks: Sequence[Track]) -> list[tuple[Crossing, ...]]:
        """List the stretches of many tracks at once."""
        return [
            self._stretches(track, cuts)
            for track, cuts in zip(tracks, _cuts_of(tracks, self._edges), strict=True)
        ]

    def _stretches(self, track: Track, cuts: _Cuts) -> tuple[Crossing, ...]:
        bounds_m, faces = self._labelled(track, cuts)
        changes = np.flatnonzero(faces[1:] != faces[:-1]) + 1
        firsts = np.concatenate([[0], changes])
        edges_m = np.append(bounds_m[firsts], track.length_m)
        points = [(float(lon), float(lat)) for lon, lat in points_at(track, edges_m)]
        stretches = []
        for i, face_index in enumerate(faces[firsts]):
            face = INTERNATIONAL if face_index == _NO_FACE else self.faces[face_index]
            start_m, end_m = float(edges_m[i]), float(edges_m[i + 1])
            stretches.append(
                Crossing(
                    face.claims, face.name, face.kind, start_m, end_m, points[i], points[i + 1]
                )
            )
        return tuple(stretches)

    def _labelled(self, track: Track, cuts: _Cuts) -> tuple[FloatArray, IntArray]:
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
        found = np.full(len(lonlat), _NO_FACE, dtype=np.int64)
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
    return make_airspace([Face(tuple(claims), name, kind) for claims, name, kind in rows], geometries)


def make_airspace(faces: Sequence[Face], geometries: npt.NDArray[np.object_]) -> Airspace:
    """Index a coverage of polygons, one polygon or multipolygon a face."""
    parts, part_face = shapely.get_parts(geometries, return_index=True)
    shapely.prepare(parts)
    return Airspace(
        tuple(faces), _index_edges(parts, part_face), shapely.STRtree(parts), part_face
    )


def _index_edges(parts: npt.NDArray[np.object_], part_face: IntArray) -> _Edges:
    rings, ring_part = shapely.get_rings(shapely.orient_polygons(parts), return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    inside = np.flatnonzero(ring[1:] == ring[:-1])
    ends = np.hstack([xy[inside], xy[inside + 1]])
    face = part_face[ring_part[ring[inside]]]
    ends, left, right = _pair_sides(ends, face)
    keep = (left != right) & ~_on_map_edge(ends)
    ends, left, right = ends[keep], left[keep], right[keep]
    return _Edges(ends, left, right, shapely.STRtree(shapely.linestrings(ends.reshape(-1, 2, 2))))


def _pair_sides(ends: FloatArray, face: IntArray) -> tuple[FloatArray, IntArray, IntArray]:
    """Merge edges that stand once a side; a ring has its own face on its left."""
    flipped = (ends[:, 0] > ends[:, 2]) | ((ends[:, 0] == ends[:, 2]) & (ends[:, 1] > ends[:, 3]))
    ends[flipped] = ends[flipped][:, [2, 3, 0, 1]]
    order = np.lexsort(ends.T[::-1])
    ends, flipped, face = ends[order], flipped[order], face[order]
    new = np.concatenate([[True], (ends[1:] != ends[:-1]).any(axis=1)])
    number = np.cumsum(new) - 1
    left = np.full(number[-1] + 1, _NO_FACE, dtype=np.int64)
    right = left.copy()
    left[number[~flipped]] = face[~flipped]
    right[number[flipped]] = face[flipped]
    return ends[new], left, right


def _on_map_edge(ends: FloatArray) -> npt.NDArray[np.bool_]:
    """Mark the seams of the map: edges along 180 degrees and at the poles, which bound nothing."""
    lon0, lat0, lon1, lat1 = np.abs(ends).T
    seam: npt.NDArray[np.bool_] = ((lon0 == 180) & (lon1 == 180)) | ((lat0 == 90) & (lat1 == 90))
    return seam


def _cuts_of(tracks: Sequence[Track], edges: _Edges) -> list[_Cuts]:
    """Cut many tracks with the border edges at once."""
    chords = np.concatenate([np.hstack([t.lonlat[:-1], t.lonlat[1:]]) for t in tracks])
    owner = np.repeat(np.arange(len(tracks)), [len(t.lonlat) - 1 for t in tracks])
    start_m = np.concatenate([t.distance_m[:-1] for t in tracks])
    step_m = np.concatenate([np.diff(t.distance_m) for t in tracks])
    chords, source = _on_one_map(chords)
    chord, edge = edges.tree.query(shapely.linestrings(chords.reshape(-1, 2, 2)))
    share, entering_left, hit = _intersect(chords[chord], edges.ends[edge])
    chord, edge = source[chord[hit]], edge[hit]
    at_m = start_m[chord] + share * step_m[chord]
    leaves = np.where(entering_left, edges.right[edge], edges.left[edge])
    enters = np.where(entering_left, edges.left[edge], edges.right[edge])
    order = np.lexsort([at_m, owner[chord]])
    splits = np.searchsorted(owner[chord][order], np.arange(1, len(tracks)))
    columns = (np.split(column[order], splits) for column in (at_m, leaves, enters))
    return [_Cuts(*cut) for cut in zip(*columns, strict=True)]


def _on_one_map(chords: FloatArray) -> tuple[FloatArray, IntArray]:
    """Shift chords onto -180..180, those over 180 degrees twice, once for either side.

    Returns the chords and for each the row it came from.
    """
    middle = (chords[:, 0] + chords[:, 2]) / 2
    shift = wrapped(middle) - middle
    chords = chords + np.column_stack([shift, 0 * shift, shift, 0 * shift])
    over = np.flatnonzero(np.abs(chords[:, [0, 2]]).max(axis=1) > 180)
    turn = -360.0 * np.sign(chords[over][:, [0, 2]].sum(axis=1))
    copies = chords[over] + np.column_stack([turn, 0 * turn, turn, 0 * turn])
    return np.vstack([chords, copies]), np.concatenate([np.arange(len(chords)), over])


def _intersect(
    chords: FloatArray, ends: FloatArray
) -> tuple[FloatArray, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Cut chord by edge, row by row: the share of the chord, whether it enters the edge's left, hit.

    A point that lies exactly on a line counts as on its left. Neighbouring edges and neighbouring
    chords share their points, so that a cut through a vertex is never lost between the two.
    Shares and sides are given for the hits alone.
    """
    px, py, qx, qy = chords.T
    ax, ay, bx, by = ends.T
    a = (qx - px) * (ay - py) - (qy - py) * (ax - px)
    b = (qx - px) * (by - py) - (qy - py) * (bx - px)
    p = (bx - ax) * (py - ay) - (by - ay) * (px - ax)
    q = (bx - ax) * (qy - ay) - (by - ay) * (qx - ax)
    hit = ((a >= 0) != (b >= 0)) & ((p >= 0) != (q >= 0))
    return p[hit] / (p[hit] - q[hit]), (q >= 0)[hit], hit
