"""Tell whose airspace a track crosses, in order, with the metres in each.

The airspace is a coverage: faces that share their borders, each with the territories claiming it.
A track changes face only where it cuts a border, and each border edge knows the face on either
side, so a route is answered from the edges that it cuts; a face is looked up by its area only where
the edges don't settle it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely

from geo.borders import ASIDE_DEG, NO_FACE, Borders, Cuts, index_borders
from geo.errors import DataError
from geo.geodesy import points_at, wrapped
from geo.model import Crossing, FloatArray, IntArray, Kind, Track
from geo.text import printable

# Cuts nearer to each other than this are one event: a vertex, or a border drawn along the track.
_SAME_CUT_M = 1.0
_COLUMNS = {
    "claims": pa.list_(pa.string()),
    "name": pa.string(),
    "kind": pa.string(),
    "geometry": pa.binary(),
}


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
            return np.zeros(1), self._beside(track, np.array([track.length_m / 2]))
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
        faces[unsettled] = self._beside(track, middles_m[unsettled])
        return starts_m, faces

    def _beside(self, track: Track, at_m: FloatArray) -> IntArray:
        """Find the faces along a track, moved aside as it is where it is cut."""
        lon, lat = (points_at(track, at_m) + ASIDE_DEG).T
        return self._locate(np.column_stack([wrapped(lon), lat.clip(max=90)]))

    def _locate(self, lonlat: FloatArray) -> IntArray:
        """Find the face that holds each point (n, 2); -1 where none does."""
        found = np.full(len(lonlat), NO_FACE, dtype=np.int64)
        point, part = self._parts.query(shapely.points(lonlat), predicate="intersects")
        found[point] = self._part_face[part]
        return found


def load_airspace(path: Path) -> Airspace:
    """Read the faces of a GeoParquet file with the columns claims, name, kind and geometry.

    The geometries are lon/lat on WGS84 and must form a coverage. Raises DataError for a file that
    is missing or isn't one; that the faces share their borders is not checked.
    """
    try:
        table = pq.read_table(path, columns=list(_COLUMNS))
        _check_columns(table)
        geometries = shapely.from_wkb(table["geometry"].to_numpy())
        faces = [Face(tuple(row["claims"]), row["name"], row["kind"]) for row in _rows(table)]
        _check_faces(faces, geometries)
    except (OSError, KeyError, DataError, pa.ArrowException, shapely.errors.ShapelyError) as error:
        reason = printable(str(error))
        raise DataError(f"{path.name}: not an airspace file ({reason})") from error
    return make_airspace(faces, geometries)


def make_airspace(faces: Sequence[Face], geometries: npt.NDArray[np.object_]) -> Airspace:
    """Index a coverage of polygons, one polygon or multipolygon a face."""
    parts, part_face = shapely.get_parts(geometries, return_index=True)
    shapely.prepare(parts)
    return Airspace(
        tuple(faces), index_borders(parts, part_face), shapely.STRtree(parts), part_face
    )


def _check_columns(table: pa.Table) -> None:
    """Refuse a table without rows, with other types than a face has, or with nulls."""
    if not len(table):
        raise DataError("no rows")
    for name, kind in _COLUMNS.items():
        if table.schema.field(name).type != kind:
            raise DataError(f"column {name} is {table.schema.field(name).type}, not {kind}")
        if table[name].null_count:
            raise DataError(f"column {name} holds a null")
    if pc.list_flatten(table["claims"]).null_count:
        raise DataError("column claims holds a null")


def _check_faces(faces: Sequence[Face], geometries: npt.NDArray[np.object_]) -> None:
    """Refuse a kind that isn't known, and a geometry that is no polygon on the map."""
    for row, (face, geometry) in enumerate(zip(faces, geometries, strict=True), 1):
        where = f'row {row} "{face.name}"'
        if face.kind not in get_args(Kind):
            raise DataError(
                f'{where}: kind "{face.kind}" is not one of {", ".join(get_args(Kind))}'
            )
        if geometry.geom_type not in ("Polygon", "MultiPolygon") or geometry.is_empty:
            raise DataError(f"{where}: geometry is no polygon but {geometry.wkt[:40]}")
        west, south, east, north = geometry.bounds
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise DataError(f"{where}: geometry reaches off the map, to {geometry.bounds}")


def _rows(table: pa.Table) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = table.select(["claims", "name", "kind"]).to_pylist()
    return rows
