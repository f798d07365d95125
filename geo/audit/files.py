"""Write files whole or not at all, on any file system that fsspec knows."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import fsspec  # type: ignore[import-untyped]
from fsspec.implementations.local import LocalFileSystem  # type: ignore[import-untyped]

from geo.errors import GeoError, OpenError
from geo.text import printable

_TEMPORARY = ".tmp"


@dataclass(frozen=True, slots=True)
class Location:
    """A file or a folder: a file system and a path on it."""

    system: Any
    path: str

    def __truediv__(self, name: str) -> "Location":
        return Location(self.system, f"{self.path.rstrip('/')}/{name}")

    def __str__(self) -> str:
        return self.path if self.is_local else self.url

    @property
    def is_local(self) -> bool:
        """Tell whether it is on a disk of this machine."""
        return isinstance(self.system, LocalFileSystem)

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rstrip("/").rpartition("/")[2]

    @property
    def url(self) -> str:
        """Write it so that `locate` finds it again, on other machines too."""
        return str(self.system.unstrip_protocol(self.path))

    @property
    def parent(self) -> "Location":
        """The folder that it lies in."""
        return Location(self.system, self.path.rstrip("/").rpartition("/")[0] or "/")

    @property
    def is_folder(self) -> bool:
        """Tell whether a folder is there."""
        return bool(self.system.isdir(self.path))

    def overlaps(self, other: "Location") -> bool:
        """Tell whether it is the other one, or lies in it, or holds it."""
        one, two = (f"{each.path.rstrip('/')}/" for each in (self, other))
        return bool(self.system == other.system) and (one.startswith(two) or two.startswith(one))

    def exists(self) -> bool:
        """Tell whether anything is there."""
        return bool(self.system.exists(self.path))

    def open(self) -> Any:
        """Open it for reading, as bytes."""
        return self.system.open(self.path, "rb")

    def read(self) -> bytes:
        """Read it whole."""
        data: bytes = self.system.cat_file(self.path)
        return data

    def write(self, data: bytes) -> None:
        """Write it whole or not at all."""
        with replacing(self) as file:
            file.write(data)

    def sizes(self) -> dict[str, int]:
        """List the files of a folder by their names, with their bytes."""
        # A listing may be remembered, and another machine have written since.
        self.system.invalidate_cache()
        rows = self.system.ls(self.path, detail=True) if self.exists() else []
        return {row["name"].rpartition("/")[2]: row["size"] for row in rows}

    def remove(self) -> None:
        """Remove a file, or a folder with all that is in it."""
        if self.exists():
            self.system.rm(self.path, recursive=True)

    def move_to(self, other: "Location") -> None:
        """Give it another name on the same file system, replacing a file of that name."""
        if self.is_local:
            Path(self.path).replace(other.path)
            _sync(Path(other.path).parent)
        else:
            self.system.mv(self.path, other.path, recursive=True)


def locate(url: str) -> Location:
    """Find a path or URL. Raises OpenError for one that no file system here takes."""
    try:
        system, path = fsspec.core.url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise OpenError(f"{printable(url)}: {printable(str(error))}") from error
    return Location(system, path)


@contextmanager
def replacing(location: Location, *, folder: Location | None = None) -> Iterator[Any]:
    """Open a file for writing that takes its name only when all of it is on the disk.

    Until then it lies in `folder`, on the same file system, or else beside where it will be.
    """
    name = f"{location.name}.{uuid4().hex}{_TEMPORARY}"
    draft = (folder or location.parent) / name
    try:
        with location.system.open(draft.path, "wb") as file:
            yield file
            file.flush()
            if location.is_local:
                os.fsync(file.fileno())
        draft.move_to(location)
    except BaseException:
        with suppress(OSError):
            draft.remove()
        raise


def make_folder(location: Location) -> None:
    """Make a folder where there is none. Raises GeoError where that isn't allowed."""
    try:
        location.system.makedirs(location.path, exist_ok=True)
    except OSError as error:
        raise GeoError(f"{location}: can't be made ({error.strerror or error})") from error


def is_draft(name: str) -> bool:
    """Tell whether a file is what a writer left that was killed."""
    return name.endswith(_TEMPORARY)


def sweep(folder: Location) -> None:
    """Remove what writers left that were killed."""
    for name in filter(is_draft, folder.sizes()):
        (folder / name).remove()


def _sync(folder: Path) -> None:
    """See a folder's new names onto the disk, so that none is lost with the power."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
