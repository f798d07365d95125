"""Keep a second audit off an output that one is at already."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geo.audit.files import Location
from geo.errors import GeoError


@contextmanager
def alone_at(lock: Location, what: Location) -> Iterator[None]:
    """Hold a lock while the context lasts; the system lets go of it even after a kill.

    On other than local disks there are no locks, and none is held. Raises GeoError where another
    process holds it, naming `what` it is at, and where a file of that name holds anything.
    """
    if not lock.is_local:
        yield
        return
    with Path(lock.path).open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_ours = os.path.samestat(os.fstat(file.fileno()), Path(lock.path).stat())
        except (BlockingIOError, FileNotFoundError):
            is_ours = False
        if not is_ours:  # Or the other one ended just now, and took its file away.
            raise GeoError(f"{what}: another audit writes there; wait for it, or name another")
        if os.fstat(file.fileno()).st_size:
            raise GeoError(f"{lock} is there already; move it away, or name another output")
        try:
            yield
        finally:
            Path(lock.path).unlink(missing_ok=True)
