"""Read an airspace file, and refuse one that isn't."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely

from geo.airspace import Airspace, Face, make_airspace
from geo.coverage import Coverage, make_coverage
from geo.errors import DataError
from geo.file_faults import say_unread
from geo.model import Kind

_COLUMNS = {
    "claims": pa.list_(pa.string()),
    "name": pa.string(),
    "kind": pa.string(),
    "geometry": pa.binary(),
}


def load_airspace(path: Path, land: Path | None = None) -> Airspace:
    """Read the faces of a GeoParquet file with the columns claims, name, kind and geometry.

    `land` is a file with the one column geometry: the land of the world.

    The geometries are lon/lat on WGS84 and must form a coverage. Raises DataError for a file that
    is missing or isn't one; that the faces share their borders is not checked.
    """
    try:
        table = pq.read_table(path, columns=list(_COLUMNS))
        _check_columns(table, _COLUMNS)
        if pc.list_flatten(table["claims"]).null_count:
            raise DataError("column claims holds a null")
        geometries = shapely.from_wkb(table["geometry"].to_numpy())
        faces = [Face(tuple(row["claims"]), row["name"], row["kind"]) for row in _rows(table)]
        _check_faces(faces, geometries)
    except (OSError, KeyError, DataError, pa.ArrowException, shapely.errors.ShapelyError) as error:
        reason = say_unread(error, path)
        raise DataError(f"{path.name}: not an airspace file ({reason})") from error
    return make_airspace(faces, geometries, load_land(land) if land else None)


def load_land(path: Path) -> Coverage:
    """Read the polygons of a GeoParquet file as one face. Raises DataError where it isn't one."""
    try:
        table = pq.read_table(path, columns=["geometry"])
        _check_columns(table, {"geometry": pa.binary()})
        geometries = shapely.from_wkb(table["geometry"].to_numpy())
        for row, geometry in enumerate(geometries, 1):
            _check_area(geometry, f"row {row}")
        return make_coverage(geometries)
    except (OSError, KeyError, DataError, pa.ArrowException, shapely.errors.ShapelyError) as error:
        raise DataError(f"{path.name}: not a land file ({say_unread(error, path)})") from error


def _check_columns(table: pa.Table, columns: Mapping[str, pa.DataType]) -> None:
    """Refuse a table without rows, with other types than these, or with nulls."""
    if not len(table):
        raise DataError("no rows")
    for name, kind in columns.items():
        if table.schema.field(name).type != kind:
            raise DataError(f"column {name} is {table.schema.field(name).type}, not {kind}")
        if table[name].null_count:
            raise DataError(f"column {name} holds a null")


def _check_faces(faces: Sequence[Face], geometries: npt.NDArray[np.object_]) -> None:
    """Refuse a kind that isn't known, and a geometry that is no polygon on the map."""
    for row, (face, geometry) in enumerate(zip(faces, geometries, strict=True), 1):
        where = f'row {row} "{face.name}"'
        if face.kind not in get_args(Kind):
            raise DataError(
                f'{where}: kind "{face.kind}" is not one of {", ".join(get_args(Kind))}'
            )
        _check_area(geometry, where)


def _check_area(geometry: Any, where: str) -> None:
    """Refuse what is no polygon on the map."""
    if geometry.geom_type not in ("Polygon", "MultiPolygon") or geometry.is_empty:
        raise DataError(f"{where}: geometry is no polygon but {geometry.wkt[:40]}")
    west, south, east, north = shapely.bounds(geometry).tolist()
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise DataError(f"{where}: geometry reaches off the map, to {(west, south, east, north)}")


def _rows(table: pa.Table) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = table.select(["claims", "name", "kind"]).to_pylist()
    return rows
