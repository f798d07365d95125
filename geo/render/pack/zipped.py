"""Write ZIP files that hold nothing of the clock: the same files give the same bytes."""

import datetime as dt
import io
import zipfile
from collections.abc import Iterable

# What needs no packing, being packed already.
_PACKED = (".png", ".pptx", ".jpeg", ".jpg", ".zip")


def make_zip(files: Iterable[tuple[str, bytes]], date: dt.date) -> bytes:
    """Put files into a ZIP, all as of midnight of a day; a ZIP knows the years 1980 to 2107."""
    made = (min(max(date.year, 1980), 2107), date.month, date.day, 0, 0, 0)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, data in files:
            about = zipfile.ZipInfo(name, made)
            about.external_attr = 0o644 << 16
            about.create_system = 3
            stored = name.lower().endswith(_PACKED)
            about.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            packed.writestr(about, data)
    return out.getvalue()


def same_zip(data: bytes, date: dt.date) -> bytes:
    """Write a ZIP anew with a day of its own instead of the time it was made."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return make_zip([(name, packed.read(name)) for name in packed.namelist()], date)
