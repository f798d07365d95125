"""Tell this version of Corridor from any other that could find anything else."""

import hashlib
from functools import cache
from importlib.metadata import version as version_of
from pathlib import Path

import pyproj

from geo.audit.model import DataFiles
from geo.errors import GeoError

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
_LIBRARIES = ("airportsdata", "numpy", "pyarrow", "shapely")
# What draws and what answers on the command line has no say in what is found.
_CODE = ("", "audit", "readers")
_SHIPPED = ("airspace.parquet", "corners.parquet", "cells.parquet", "routes.geojson")


@cache
def version(data: DataFiles) -> str:
    """Hash the library's code, its data, and the libraries that compute. Raises GeoError."""
    given = [Path(path) for path in (data.airspace, data.story) if path]
    geo = ROOT / "geo"
    code = sorted(path for folder in _CODE for path in (geo / folder).glob("*.py"))
    digest = hashlib.sha256()
    for path in [*code, *(DATA / name for name in _SHIPPED), *given]:
        digest.update(path.name.encode() + b"\0")
        digest.update(_content(path))
    names = [f"{name} {version_of(name)}" for name in _LIBRARIES]
    digest.update("\n".join([*names, f"PROJ {pyproj.proj_version_str}"]).encode())
    return digest.hexdigest()


def _content(path: Path) -> bytes:
    try:
        return hashlib.sha256(path.read_bytes()).digest()
    except OSError as error:
        raise GeoError(f"{path.name}: can't be read ({error.strerror})") from error
