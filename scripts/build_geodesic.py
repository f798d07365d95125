"""Build data/geodesic.js, which the map measures by: run `python -m scripts.build_geodesic`."""

from pathlib import Path
from typing import Final

from geo.render.script_file import with_hash
from scripts.packages import Package, fetch

GEODESIC: Final = Package(
    "geographiclib-geodesic",
    "2.2.0",
    "geographiclib-geodesic-2.2.0.tgz",
    "cIedo9VTYb0DFufodgibDmVfsWe9EASqb/kUByl09xc6PZYvLvlc89BHCThtGTPf2OII/zWJGxsR3Uz6O7QOVw==",
)
TARGET: Final = Path("data/geodesic.js")
BUILD: Final = Path("build")


def main() -> None:
    """Write the package's script as it is, under its licence, which must go with every copy."""
    folder = fetch(GEODESIC, BUILD) / "package"
    licence = (folder / "LICENSE.txt").read_text(encoding="utf-8").strip()
    script = (folder / "geographiclib-geodesic.min.js").read_text(encoding="utf-8").strip()
    title = f"{GEODESIC.name} {GEODESIC.version}, by npm: geodesics from GeographicLib"
    TARGET.write_text(with_hash(f"{title}\n\n{licence}", f"{script}\n"), encoding="utf-8")
    print(f"{TARGET}: {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
