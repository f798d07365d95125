"""Build data/airspace.parquet: run `python -m scripts.build_airspace` in the project's folder."""

import argparse
import json
import time
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely

from scripts import airspace_faces, airspace_simplify, geoparquet
from scripts.airspace_names import describe
from scripts.packages import GEO_MAPS, fetch

TOLERANCE_DEG: Final = 0.0004
TARGET: Final = Path("data/airspace.parquet")
BUILD: Final = Path("build")
ABOUT: Final = {
    "source": f"npm {GEO_MAPS.name} {GEO_MAPS.version}, made from OpenStreetMap",
    "boundaries_as_of": "2017-11, the date of the files in the package",
    "attribution": "© OpenStreetMap contributors",
    "licence": "Open Database License (ODbL) 1.0",
    "licence_url": "https://opendatacommons.org/licenses/odbl/1-0/",
    "simplified": f"coverage_simplify, tolerance {TOLERANCE_DEG} degrees",
    "grid_degrees": "2**-15",
}
AKROTIRI: Final = [
    (32.70, 34.75),
    (33.05, 34.75),
    (33.13, 34.62),
    (33.10, 34.54),
    (33.03, 34.515),
    (32.93, 34.517),
    (32.70, 34.58),
]
DHEKELIA: Final = [
    (33.66, 35.15),
    (33.95, 35.15),
    (33.97, 34.92),
    (33.83, 34.91),
    (33.69, 34.92),
]
STARTED: Final = time.perf_counter()
Groups = list[tuple[tuple[str, ...], Any]]


def main() -> None:
    """Fetch the source, cut it into faces, simplify them and write the table."""
    options = parse()
    say(f"fetching {GEO_MAPS.name} {GEO_MAPS.version}")
    territories = load(fetch(GEO_MAPS, options.build) / "package/map.geo.json")
    say(f"cutting {len(territories)} territories into faces")
    faces, claims = airspace_faces.cut(territories)
    say(f"cleaning {len(faces)} faces")
    groups = airspace_faces.merge(faces, airspace_faces.clean(faces, claims))
    say(f"simplifying {len(groups)} groups, {count(groups)} vertices")
    thinned = thin(groups, options.tolerance)
    write(thinned, options.target)
    say(f"{options.target}: {options.target.stat().st_size} bytes, {count(thinned)} vertices")
    if options.measure:
        measure(without_pad(groups), thinned)


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", type=Path, default=TARGET)
    parser.add_argument("--build", type=Path, default=BUILD, help="folder for what is fetched")
    parser.add_argument("--tolerance", type=float, default=TOLERANCE_DEG, help="degrees")
    parser.add_argument("--measure", action="store_true", help="tell how far borders moved")
    return parser.parse_args()


def load(path: Path) -> airspace_faces.Territories:
    """Read the source's features as A3 code and geometry; Antarctica is carried on to the pole."""
    features = json.loads(path.read_text())["features"]
    shapes = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features])
    territories = [(f["properties"]["A3"], g) for f, g in zip(features, shapes, strict=True)]
    whole = [(code, to_pole(shape) if code == "ATA" else shape) for code, shape in territories]
    return whole + sovereign_bases(dict(whole)["CYP"])


def to_pole(antarctica: Any) -> Any:
    """Return Antarctica without its edge at 85.05 degrees south, the end of a web map."""
    return shapely.union(antarctica, shapely.box(-180, -90, 180, -85))


def sovereign_bases(cyprus: Any) -> airspace_faces.Territories:
    """Return Akrotiri and Dhekelia, which the source lacks: two frames less `cyprus`.

    Their limit at sea is drawn by hand about 3 nautical miles off the coast, good to about 1 km.
    """
    frames = [shapely.Polygon(frame) for frame in (AKROTIRI, DHEKELIA)]
    return [("GBR", shapely.difference(frame, cyprus)) for frame in frames]


def thin(groups: Groups, tolerance_deg: float) -> Groups:
    """Simplify with the pads in place, so that borders still meet at +-180; then drop the pads."""
    shapes = airspace_simplify.simplify([g for _, g in groups], tolerance_deg=tolerance_deg)
    kept = [(claims, shape) for (claims, _), shape in zip(groups, shapes, strict=True)]
    return without_pad(kept)


def without_pad(groups: Groups) -> Groups:
    """Return the groups that lie on the earth."""
    return [(claims, shape) for claims, shape in groups if claims != (airspace_faces.PAD,)]


def codes_of(claims: tuple[str, ...]) -> tuple[str, ...]:
    """Return the A3 codes among the claims."""
    return tuple(claim for claim in claims if claim != airspace_faces.NO_STATE)


def write(groups: Groups, target: Path) -> None:
    """Name the groups and write them, in the order of their claims."""
    coded = sorted((codes_of(claims), shape) for claims, shape in groups)
    rows = [geoparquet.Row(codes, *describe(codes), shape) for codes, shape in coded]
    for row in rows:
        if row.kind == "disputed":
            say(f"{row.name}: {'+'.join(row.claims)}")
    geoparquet.write(rows, target, ABOUT)


def measure(before: Groups, after: Groups) -> None:
    """Print how far, in metres, the simplification moved each group's border at the most."""
    moved = {}
    for (claims, source), (_, thinned) in zip(before, after, strict=True):
        moved[claims] = airspace_simplify.displacement_m(source, thinned)
    every = np.concatenate(list(moved.values()))
    p = np.percentile(every, [50, 95, 99, 99.9])
    say(f"moved m: median {p[0]:.0f}, 95 % {p[1]:.0f}, 99 % {p[2]:.0f}, 99.9 % {p[3]:.0f}")
    worst = sorted(moved, key=lambda claims: -moved[claims].max())[:12]
    say("most m: " + ", ".join(f"{'+'.join(w)} {moved[w].max():.0f}" for w in worst))


def count(groups: Groups) -> int:
    """Count vertices."""
    return int(shapely.get_num_coordinates([shape for _, shape in groups]).sum())


def say(text: str) -> None:
    """Print a line of progress with the seconds since the start."""
    print(f"{time.perf_counter() - STARTED:6.1f} s  {text}", flush=True)


if __name__ == "__main__":
    main()
