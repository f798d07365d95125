"""Cross many routes in one call, into a table of columns."""

import numpy as np
import pyarrow as pa

from geo.airspace import INTERNATIONAL, Airspace
from geo.borders import NO_FACE
from geo.errors import GeoError
from geo.geodesy import Lines
from geo.model import FloatArray
from geo.stretches import shared_m

# So many pairs at once keep the processor's caches warm; more are slower, and take more memory.
_BLOCK = 1000


def crossing_table(airspace: Airspace, starts: FloatArray, ends: FloatArray) -> pa.Table:
    """Cross the geodesics from points to points, each (n, 2) lon/lat degrees on WGS84.

    The rows are stretches, route after route and in order along each, covering it without gaps:
    `route` (the number of the pair), `claims`, `name`, `kind`, `start_m`, `end_m`, `entry_lon`,
    `entry_lat`, `exit_lon`, `exit_lat`, and with a land layer `land_m`. Raises GeoError for
    coordinates that are no points of the earth, with the row and the value.
    """
    starts, ends = _checked("start", starts), _checked("end", ends)
    if len(starts) != len(ends):
        raise GeoError(f"{len(starts)} starts for {len(ends)} ends")
    if not len(starts):
        starts = ends = np.zeros((1, 2))
        return crossing_table(airspace, starts, ends).slice(0, 0)
    blocks = (slice(at, at + _BLOCK) for at in range(0, len(starts), _BLOCK))
    return pa.concat_tables(
        [_crossed(airspace, starts[block], ends[block], block.start) for block in blocks]
    )


def _crossed(airspace: Airspace, starts: FloatArray, ends: FloatArray, first: int) -> pa.Table:
    """Cross some of the pairs, the first of which has this number."""
    lines = Lines.between(starts, ends)
    found = airspace.stretches(lines)
    faces = [*airspace.faces, INTERNATIONAL]
    number = pa.array(np.where(found.face == NO_FACE, len(faces) - 1, found.face).astype(np.int32))
    columns = {
        "route": pa.array(found.route.astype(np.int64) + first),
        "claims": pa.array([list(f.claims) for f in faces], pa.list_(pa.string())).take(number),
        "name": pa.DictionaryArray.from_arrays(number, [f.name for f in faces]),
        "kind": pa.array([f.kind for f in faces]).take(number),
        "start_m": pa.array(found.start_m),
        "end_m": pa.array(found.end_m),
        "entry_lon": pa.array(found.entry[:, 0]),
        "entry_lat": pa.array(found.entry[:, 1]),
        "exit_lon": pa.array(found.exit[:, 0]),
        "exit_lat": pa.array(found.exit[:, 1]),
    }
    if airspace.land:
        columns["land_m"] = pa.array(shared_m(found, airspace.land.on_lines(lines)))
    return pa.table(columns)


def _checked(what: str, points: FloatArray) -> FloatArray:
    points = np.asarray(points, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != 2:
        raise GeoError(f"{what}s have the shape {points.shape}, not (n, 2)")
    # Written so that NaN is off the earth too.
    off = ~((np.abs(points[:, 0]) <= 180) & (np.abs(points[:, 1]) <= 90))
    if off.any():
        row = int(np.flatnonzero(off)[0])
        raise GeoError(f"{what} {row}: {points[row].tolist()} is no longitude and latitude")
    return points
