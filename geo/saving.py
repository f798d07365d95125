"""Write a file whole or not at all, so that none is left that only looks finished."""

import os
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from geo.errors import GeoError
from geo.file_faults import say_os_error
from geo.text import printable


def save(path: Path, data: bytes) -> None:
    """Write a file that takes its name only when all of it is on the disk.

    What stood under that name stays until then. What is no file, such as a pipe, is written to as
    it is. Raises GeoError, with the path and the cause.
    """
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
        else:
            _replace(path.resolve(), data)
    except OSError as error:
        raise GeoError(f"{printable(str(path))}: {say_os_error(error)}") from error


def _replace(path: Path, data: bytes) -> None:
    draft = path.with_name(f".{uuid4().hex}.tmp")
    try:
        with draft.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            draft.chmod(path.stat().st_mode & 0o7777)
        draft.replace(path)
    except BaseException:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
