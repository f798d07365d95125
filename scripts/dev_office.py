"""Say which of the programs that read what Corridor writes are missing, and how to get them."""

import os
import shutil
import sys
from collections.abc import Mapping

# The programs, by Debian's packages of them.
PACKAGES: Mapping[str, tuple[str, ...]] = {
    "libreoffice-impress": ("soffice",),
    "librsvg2-bin": ("rsvg-convert",),
    "poppler-utils": ("pdftoppm", "pdftotext", "pdffonts"),
    "gdal-bin": ("ogrinfo",),
}


def missing() -> dict[str, list[str]]:
    """List the programs that aren't there, by their packages."""
    lacks = {
        package: [name for name in names if shutil.which(name) is None]
        for package, names in PACKAGES.items()
    }
    return {package: names for package, names in lacks.items() if names}


def reason() -> str:
    """Say in one line what is missing and how to install it; "" where nothing is."""
    lacks = missing()
    names = ", ".join(name for each in lacks.values() for name in each)
    install = f"apt-get install --no-install-recommends {' '.join(lacks)}"
    return f"not installed: {names} (Debian: {install})" if lacks else ""


def required() -> bool:
    """Tell whether the tests must fail without the programs: CORRIDOR_OFFICE=required says so."""
    return os.environ.get("CORRIDOR_OFFICE", "") == "required"


def main() -> int:
    """Say what is missing; this fails only where it is required."""
    lacks = reason()
    if not lacks:
        print("Testing slides, PDF, SVG and data in LibreOffice, poppler, librsvg and GDAL too.")
        return 0
    if required():
        print(f"Stopped: CORRIDOR_OFFICE=required, but {lacks}", file=sys.stderr)
        return 1
    print(f"LEFT OUT: the tests that open slides, PDF, SVG and data elsewhere: {lacks}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
