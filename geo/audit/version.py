"""Tell this version of Corridor from any other that could find anything else."""

import hashlib
from contextlib import suppress
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
# What only ways around need: who asks for those is told where one can't be read.
_FOR_WAYS = ("corners.parquet", "cells.parquet")


@cache
def version(data: DataFiles) -> str:
    """Hash the library's code, its data, and the libraries that compute.

    Raises GeoError where what every audit needs can't be read.
    """
    used = (data.airspace or DATA / "airspace.parquet", data.story or DATA / "routes.geojson")
    geo = ROOT / "geo"
    code = sorted(path for folder in _CODE for path in (geo / folder).glob("*.py"))
    digest = hashlib.sha256()
    for path in [*code, *map(Path, used)]:
        digest.update(path.name.encode() + b"\0" + _content(path))
    for path in (DATA / name for name in _FOR_WAYS):
        with suppress(GeoError):
            digest.update(path.name.encode() + b"\0" + _content(path))
    names = [f"{name} {version_of(name)}" for name in _LIBRARIES]
    digest.update("\n".join([*names, f"PROJ {pyproj.proj_version_str}"]).encode())
    return digest.hexdigest()


def _content(path: Path) -> bytes:
    try:
        return hashlib.sha256(path.read_bytes()).digest()
    except OSError as error:
        raise GeoError(f"{path.name}: can't be read ({error.strerror})") from error
