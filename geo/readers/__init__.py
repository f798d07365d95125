"""Open a reader's own file: routes, places and areas in GeoJSON, KML, KMZ, GPX, CSV or OpenAir.

A file's first bytes tell its format; its name doesn't matter. What can't be read is noted by line
or feature, and the rest is kept.
"""

import re
from collections.abc import Callable

from geo.errors import LayerError, OpenError
from geo.layers import MAX_BYTES, read_layer
from geo.model import Place
from geo.readers.delimited import read_delimited
from geo.readers.draft import Draft, Opened
from geo.readers.encoding import to_utf8
from geo.readers.geojson import read_geojson
from geo.readers.gpx import read_gpx
from geo.readers.kml import read_kml
from geo.readers.kmz import read_kmz
from geo.readers.lookup import Lookup
from geo.readers.xml import root_name
from geo.text import printable

__all__ = ["MAX_BYTES", "Opened", "read_opened"]

_OPENAIR = re.compile(rb"\A(?:[ \t]*(?:\*[^\n]*)?\r?\n)*[ \t]*A[CNY][ \t]", re.IGNORECASE)
_OTHERS = {
    b"\x1f\x8b": "packed by gzip",
    b"SQLite": "a database (GeoPackage?)",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8": "a picture",
    b"\x00\x00\x27\x0a": "a shapefile",
    b"PAR1": "a Parquet file",
}
_XML = {"kml": read_kml, "gpx": read_gpx}
# A feature may stand without the root, as a piece that was copied out of a file.
_ROOTS = {"Document": "kml", "Folder": "kml", "Placemark": "kml"}


def read_opened(
    name: str,
    data: bytes,
    find: Callable[[str], Place],
    *,
    known: Callable[[str], Place | None] | None = None,
) -> Opened:
    """Read a file's bytes; `name` is only for messages.

    `find` looks up ids, codes and names in a table, and raises PlaceError with guesses; `known`
    does without guesses, which are slow: it is asked instead after the first misses, and without it
    a table with hundreds of unknown places isn't read to its end. Raises OpenError, with one line,
    for a file that is refused whole.
    """
    draft = Draft(name)
    try:
        if len(data) > MAX_BYTES:
            raise OpenError(f"is larger than {MAX_BYTES:,} bytes")
        _read(draft, data, Lookup(find, known))
    except (OpenError, LayerError) as error:
        raise OpenError(printable(f"{name}: {error}")[:500]) from error
    except RecursionError as error:
        raise OpenError(printable(f"{name}: is nested too deeply")[:500]) from error
    return draft.opened()


def _read(draft: Draft, data: bytes, lookup: Lookup) -> None:
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return read_kmz(data, draft)
    for start, what in _OTHERS.items():
        if data.startswith(start):
            raise OpenError(f"is {what}: GeoJSON, KML, KMZ, GPX, CSV and OpenAir can be read")
    text = to_utf8(data, draft)
    start = text[:1000].lstrip(b" \t\r\n\x1e\x00")
    if not start:
        raise OpenError("is empty")
    if start[:1] == b"<":
        root = root_name(text)
        reader = _XML.get(_ROOTS.get(root, root.lower()))
        if reader is None:
            raise OpenError(f"is neither KML nor GPX: its first element is {root or 'missing'}")
        return reader(text, draft)
    if start[:1] in (b"{", b"["):
        return read_geojson(text, draft)
    if _OPENAIR.match(text):
        return draft.take_layer(read_layer(text, draft.name))
    return read_delimited(text, draft, lookup)
