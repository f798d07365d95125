"""Cut out unsimplified closed airspace beside four ways: `python -m scripts.reference_corridor`.

The ways are those of the project's issue 4 from Hmeymim, with Turkey, Georgia, Armenia and Ukraine
closed, at a margin of 0 and of 1 km. tests/test_corridor.py measures how much of them lies inside.
The faces are those of scripts/build_airspace.py before they are simplified. Takes a minute or two.
"""

import argparse
import json
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely

from geo.airspace_file import load_airspace
from geo.closure import make_closure
from geo.corridor import Router, load_ground
from geo.geodesy import make_track
from geo.model import Place
from scripts import build_airspace
from scripts.packages import GEO_MAPS
from scripts.reference_crossings import unsimplified

TARGET: Final = Path("tests/data/reference_corridor.json")
DATA: Final = Path("data")
CLOSED: Final = ("TUR", "GEO", "ARM", "UKR")
HMEYMIM: Final = Place("hmeymim", "Hmeymim", 35.9487, 35.4011)
ENDS: Final = (
    Place("mozdok", "Mozdok", 44.600, 43.785),
    Place("shagol", "Shagol", 61.30, 55.26),
    Place("buturlinovka", "Buturlinovka", 40.6062, 50.7922),
    Place("khurba", "Khurba", 136.934, 50.409),
)
MARGINS_KM: Final = (0.0, 1.0)
# So far beside the ways is cut out; in degrees of latitude, which is farther than of longitude.
BESIDE_DEG: Final = 0.02


def main() -> None:
    """Find the ways, cut out what is closed beside them, and write both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", type=Path, default=TARGET)
    parser.add_argument("--build", type=Path, default=Path("build"), help="folder for the source")
    options = parser.parse_args()
    beside = around_ways()
    faces = unsimplified(options.build)
    cut = [
        shapely.intersection(shape, beside)
        for name, shape in zip(faces.names, faces.shapes, strict=True)
        if set(name.split("+")) & set(CLOSED)
    ]
    closed = shapely.union_all([area for area in cut if not area.is_empty])
    options.target.write_text(json.dumps(written(beside, closed), indent=1) + "\n")
    print(f"{options.target}: {options.target.stat().st_size} bytes")


def around_ways() -> Any:
    """Unite what lies beside the ways, near Turkey and beyond as far as they turn."""
    airspace = load_airspace(DATA / "airspace.parquet")
    files = (DATA / f"{name}.parquet" for name in ("airspace", "corners", "cells"))
    ground = load_ground(airspace, *files)
    lines = []
    for margin_km in MARGINS_KM:
        router = Router(ground, make_closure(airspace, CLOSED, margin_km=margin_km))
        for end in ENDS:
            track = make_track(router.find(HMEYMIM, end).route, max_offset_m=1.0)
            lines.append(shapely.LineString(track.lonlat))
    return shapely.simplify(shapely.union_all(shapely.buffer(lines, BESIDE_DEG)), BESIDE_DEG / 20)


def written(beside: Any, closed: Any) -> dict[str, Any]:
    """Put together what the file holds."""
    return {
        "made_by": "python -m scripts.reference_corridor",
        "source": f"npm {GEO_MAPS.name} {GEO_MAPS.version}, the faces of scripts/build_airspace.py "
        "before they are simplified",
        "attribution": build_airspace.ABOUT["attribution"],
        "licence": build_airspace.ABOUT["licence"],
        "beside": "the area that was looked at, around the ways, as WKT in lon/lat",
        "closed": "what is closed in it",
        "beside_wkt": shapely.to_wkt(beside, rounding_precision=6),
        # The source's grid is 3.4 m.
        "closed_wkt": shapely.to_wkt(closed, rounding_precision=6),
        "vertices": int(np.sum(shapely.get_num_coordinates(closed))),
    }


if __name__ == "__main__":
    main()
