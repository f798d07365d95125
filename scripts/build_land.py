"""Build data/land.parquet, the land of the world: run `python -m scripts.build_land`."""

from pathlib import Path
from typing import Final

import shapely

from scripts import geoparquet, land
from scripts.packages import WORLD_ATLAS, fetch

TARGET: Final = Path("data/land.parquet")
BUILD: Final = Path("build")
# A power of two, so that coordinates end in zero bits and pack well: 14 m.
GRID_DEG: Final = 2.0**-13
ABOUT: Final = {
    "source": "Natural Earth 1:10m land, npm world-atlas 2.0.2",
    "licence": "public domain",
}


def main() -> None:
    """Read the land, put it on a grid, and write it as one row."""
    ground = land.read_land(fetch(WORLD_ATLAS, BUILD) / "package/land-10m.json")
    parts = shapely.get_parts(shapely.get_parts(shapely.set_precision(ground, GRID_DEG)))
    # Natural Earth marks where both degrees are zero with an island that isn't there.
    kept = ~shapely.intersects(parts, shapely.Point(0, 0))
    ground = shapely.multipolygons(parts[kept & (shapely.area(parts) > 0)])
    geoparquet.write([geoparquet.Row((), "land", "land", ground)], TARGET, ABOUT)
    print(
        f"{TARGET}: {TARGET.stat().st_size} bytes, {shapely.get_num_coordinates(ground)} vertices"
    )


if __name__ == "__main__":
    main()
