"""Write and read the airspace table as GeoParquet 1.1."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
import shapely


@dataclass(frozen=True, slots=True)
class Row:
    """The airspace that one set of claims shares; `geometry` is in lon/lat degrees (OGC:CRS84)."""

    claims: tuple[str, ...]
    name: str
    kind: str
    geometry: Any


def write(rows: list[Row], path: Path, about: Mapping[str, str]) -> None:
    """Write the rows with `about` (source, licence, ...) as the file's key-value metadata."""
    columns = {
        "claims": pa.array([row.claims for row in rows], pa.list_(pa.string())),
        "name": pa.array([row.name for row in rows], pa.string()),
        "kind": pa.array([row.kind for row in rows], pa.string()),
        "geometry": pa.array([to_wkb(row.geometry) for row in rows], pa.binary()),
    }
    geo = json.dumps(geo_metadata([row.geometry for row in rows]))
    table = pa.table(columns).replace_schema_metadata({"geo": geo, **about})
    pq.write_table(
        table,
        path,
        compression="zstd",
        compression_level=22,
        use_dictionary=False,
        write_statistics=False,
    )


def to_wkb(geometry: Any) -> bytes:
    """Return little-endian ISO WKB."""
    return bytes(shapely.to_wkb(geometry, flavor="iso", byte_order=1))


def geo_metadata(geometries: list[Any]) -> dict[str, Any]:
    """Return the `geo` object that GeoParquet 1.1 asks for."""
    column = {
        "encoding": "WKB",
        "geometry_types": sorted({geometry.geom_type for geometry in geometries}),
        "crs": pyproj.CRS("OGC:CRS84").to_json_dict(),
        "edges": "planar",
        "bbox": [float(value) for value in shapely.total_bounds(geometries)],
    }
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}


def read(path: Path) -> list[Row]:
    """Return the rows of an airspace table."""
    return [
        Row(tuple(row["claims"]), row["name"], row["kind"], shapely.from_wkb(row["geometry"]))
        for row in pq.read_table(path).to_pylist()
    ]
