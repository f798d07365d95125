"""Open the input of an audit: a CSV file, a Parquet file, or a folder of Parquet files."""

from typing import Any

from geo.audit.delimited import CsvSource, is_wide
from geo.audit.files import Location, locate
from geo.audit.parquet import ParquetSource
from geo.audit.piece import Source, reading
from geo.errors import OpenError

_PARQUET = b"PAR1"
_PACKED = {".gz": "gzip", ".zst": "zstd", ".bz2": "bz2"}
_OTHERS = {
    b"\x1f\x8b": "packed by gzip, and not named .gz",
    b"PK\x03\x04": "a ZIP archive or an Excel file",
    b"\xd0\xcf\x11\xe0": "an old Excel file",
    b"SQLite": "a database",
    b"%PDF": "a PDF",
    b"ARROW1": "an Arrow file",
}
# The marks of UTF-16 and UTF-32.
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
# What tells that a file has changed, on one file system or another.
_CHANGES = ("mtime", "ETag", "etag", "LastModified", "md5Hash", "created")


def open_source(url: str, encoding: str | None = None) -> Source:
    """Open an input by its first bytes. Raises OpenError for what is none that can be read."""
    location = locate(url)
    files = _files(location)
    with reading(location), files[0].open() as file:
        start = file.read(8)
    if start.startswith(_PARQUET):
        return ParquetSource(tuple(files))
    if files != [location]:
        raise OpenError(f"{location}: {files[0].name} in it is no Parquet file")
    name = location.name.lower()
    packed = next((how for end, how in _PACKED.items() if name.endswith(end)), None)
    if packed is None:
        _refuse_other(location, start, encoding)
    return CsvSource(location, encoding, packed)


def identify(url: str) -> list[dict[str, Any]]:
    """Tell an input from what it would be had it changed: each file's name, bytes and time."""
    identities = []
    for file in _files(locate(url)):
        with reading(file):
            info = file.system.info(file.path)
        changed = next((str(info[key]) for key in _CHANGES if info.get(key)), "")
        identities.append({"name": file.name, "bytes": info["size"], "changed": changed})
    return identities


def _files(location: Location) -> list[Location]:
    with reading(location):
        if location.system.isfile(location.path):
            return [location]
        if not location.exists():
            raise OpenError("there is no such file")
        found = sorted(location.system.find(location.path))
        files = [Location(location.system, path) for path in found if path.endswith(".parquet")]
        if not files:
            raise OpenError("is a folder without .parquet files")
    return files


def _refuse_other(location: Location, start: bytes, encoding: str | None) -> None:
    if not start.strip():
        raise OpenError(f"{location}: is empty")
    for mark, what in _OTHERS.items():
        if start.startswith(mark):
            raise OpenError(f"{location}: is {what}, neither CSV nor Parquet")
    wide = start.startswith(_WIDE) or (encoding is not None and is_wide(encoding))
    if b"\x00" in start and not wide:
        raise OpenError(f"{location}: is neither CSV nor Parquet: it holds zero bytes")
