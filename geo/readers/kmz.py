"""Unpack KMZ, which is KML in a zip archive, within bounds."""

import io
import struct
import zipfile
import zlib

from geo.errors import OpenError
from geo.readers.draft import Draft
from geo.readers.encoding import to_utf8
from geo.readers.kml import read_kml
from geo.text import quoted

MAX_UNPACKED = 40_000_000
MAX_ENTRIES = 10_000
MAX_RATIO = 200
_MAX_KML = 20
_PIECE = 65_536
_HEADER = struct.Struct("<4s5H3I2H")
_LOCAL, _CENTRAL = b"PK\x03\x04", b"PK\x01\x02"
_Broken = (zipfile.BadZipFile, zlib.error, EOFError, OSError, struct.error, ValueError)


def read_kmz(data: bytes, draft: Draft) -> None:
    """Read every KML file of an archive; one that is cut off, as far as it goes.

    Sizes are counted while unpacking, whatever the archive says. Raises OpenError for an archive
    of too many files, too much in them, or none that is KML.
    """
    if data.count(_CENTRAL) > MAX_ENTRIES or data.count(_LOCAL) > MAX_ENTRIES:
        raise OpenError(f"is an archive of more than {MAX_ENTRIES:,} files")
    offsets = _listed(data)
    if offsets is None:
        draft.note("", "the archive is damaged or cut off; what can be unpacked is read")
        offsets = _scanned(data)
    if not offsets:
        raise OpenError("is an archive without a KML file")
    left = MAX_UNPACKED
    for entry, at in offsets[:_MAX_KML]:
        text = _unpacked(data, entry, at, left, draft)
        left -= len(text)
        if not text:
            draft.note(quoted(entry), "holds nothing that can be read")
        else:
            read_kml(to_utf8(text, draft), draft)
    for entry, _ in offsets[_MAX_KML:]:
        draft.note(quoted(entry), f"is not read: only the first {_MAX_KML} KML files are")


def _listed(data: bytes) -> list[tuple[str, int]] | None:
    """Find the KML files in the archive's list, doc.kml first; None where it can't be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = [info for info in archive.infolist() if _is_kml(info.filename)]
    except (*_Broken, NotImplementedError, UnicodeDecodeError):
        return None
    infos.sort(key=lambda info: info.filename.lower() != "doc.kml")
    return [(info.filename, info.header_offset) for info in infos]


def _scanned(data: bytes) -> list[tuple[str, int]]:
    """Find the KML files by the headers that stand before each file."""
    found, at = [], data.find(_LOCAL)
    while at >= 0:
        if at + _HEADER.size <= len(data):
            length = _HEADER.unpack_from(data, at)[9]
            name = data[at + _HEADER.size :][:length].decode("utf-8", "replace")
            found += [(name, at)] if _is_kml(name) else []
        at = data.find(_LOCAL, at + 4)
    return found


def _is_kml(name: str) -> bool:
    return name.lower().endswith(".kml")


def _unpacked(data: bytes, entry: str, at: int, limit: int, draft: Draft) -> bytes:
    """Unpack one file, from the header before it, as far as it goes."""
    try:
        mark, _, flags, method, _, _, _, size, _, name, extra = _HEADER.unpack_from(data, at)
    except struct.error:
        mark, flags, method, size, name, extra = b"", 0, 0, 0, 0, 0
    if mark != _LOCAL or flags & 1 or method not in (0, 8):
        reason = "has a password" if flags & 1 and mark == _LOCAL else "is damaged or packed oddly"
        draft.note(quoted(entry), reason)
        return b""
    start = at + _HEADER.size + name + extra
    if method == 0:
        return _within(data[start : start + size], limit)
    return _inflated(memoryview(data)[start:], entry, limit, draft)


def _inflated(packed: memoryview, entry: str, limit: int, draft: Draft) -> bytes:
    found, unpacker, taken = io.BytesIO(), zlib.decompressobj(-zlib.MAX_WBITS), 0
    while not unpacker.eof and taken < len(packed):
        piece = packed[taken : taken + _PIECE]
        taken += len(piece)
        try:
            # One piece can make no more than a thousand times its size.
            found.write(unpacker.decompress(piece))
        except zlib.error as error:
            draft.note(quoted(entry), f"is damaged ({error}); read as far as it goes")
            return found.getvalue()
        size = found.tell()
        if size > limit or (size > 1_000_000 and size > MAX_RATIO * taken):
            raise OpenError(f"{quoted(entry)} unpacks to too much: more than {limit:,} bytes, "
                            f"or {MAX_RATIO} times its size")  # fmt: skip
    if not unpacker.eof:
        draft.note(quoted(entry), "is cut off; read as far as it goes")
    return found.getvalue()


def _within(data: bytes, limit: int) -> bytes:
    if len(data) > limit:
        raise OpenError(f"unpacks to more than {MAX_UNPACKED:,} bytes")
    return data
