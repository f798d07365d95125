"""Find by brute force whose airspace 200 routes cross: `python -m scripts.reference_crossings`.

A reference for geo/airspace.py, with which it shares no code: GeographicLib finds the points along
a route, point in polygon finds the face at each, and bisection finds where it changes. The faces
are those of scripts/build_airspace.py before they are simplified.
"""

import argparse
import datetime
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, TypeAlias

import airportsdata
import numpy as np
import numpy.typing as npt
import shapely
from geographiclib.geodesic import Geodesic  # type: ignore[import-untyped]

from scripts import airspace_faces, build_airspace, geoparquet
from scripts.packages import GEO_MAPS, fetch

TARGET: Final = Path("tests/data/reference_crossings.json")
STEP_M: Final = 25.0
NEAR_STEP_M: Final = 100.0
SPAN_M: Final = 102_400.0
BISECTED_TO_M: Final = 0.5
NEAR_M: Final = 700.0
COUNT: Final = 200
SEED: Final = 7
# The least metres that a degree of latitude takes on the ellipsoid, and one of longitude at 0 N.
LEAST_DEG_LAT_M: Final = 110_574.0
DEG_LON_M: Final = 111_319.0
POLAR_DEG: Final = 89.9
A_M: Final = 6_378_137.0
E2: Final = 0.0066943799901413165

FloatArray: TypeAlias = npt.NDArray[np.float64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]
IntArray: TypeAlias = npt.NDArray[np.int64]
LonLat: TypeAlias = tuple[float, float]
Ends: TypeAlias = tuple[str, str, LonLat, LonLat]
Stretch: TypeAlias = tuple[str, float, float]

# Routes that are hard, by IATA codes or by lon, lat.
HARD: Final[tuple[tuple[str | LonLat, str | LonLat], ...]] = (
    # the antimeridian: across it, along it, to and fro
    ("NAN", "APW"),
    ("SUV", "TVU"),
    ("ANC", "PKC"),
    ("AKL", "HNL"),
    ("DYR", "OME"),
    ((177.44, -17.76), (177.74, 64.73)),
    ((180.0, 60.0), (180.0, 75.0)),
    ((-176.5, -17.0), (176.5, -16.5)),
    # the north pole: near it, and over it
    ("LYR", "BRW"),
    ("DXB", "LAX"),
    ("JFK", "HKG"),
    ((0.0, 65.0), (180.0, 60.0)),
    # the south pole: near it, and over it
    ("SCL", "SYD"),
    ("EZE", "PER"),
    ((166.67, -77.85), (-68.13, -67.57)),
    ((20.0, -55.0), (-160.0, -50.0)),
    # along borders; where a border is straight, its ends lie on it
    ((-115.0, 49.0), (-113.0, 49.0)),
    ((-123.0, 49.0), (-95.2, 49.0)),
    ((141.0, -2.0), (141.0, -9.5)),
    ((25.0, 21.5), (25.0, 29.5)),
    ((-141.0, 59.5), (-141.0, 70.5)),
    ((20.0, -28.0), (20.0, -21.5)),
    ((31.5, 22.0), (33.0, 22.0)),
    ((24.1, 65.8), (23.9, 67.9)),
    ((-69.9, -31.0), (-71.7, -44.0)),
    ((22.7, 44.2), (27.2, 44.1)),
    ("BSL", "SXB"),
    # starting where two or three states meet
    ((7.5889, 47.5896), (16.3738, 48.2082)),
    ((6.0208, 50.7546), (2.3488, 48.8534)),
    ((-54.5950, -25.5950), (-47.93, -15.78)),
    # tiny states and enclaves
    ((12.40, 41.90), (12.52, 41.905)),
    ("RMI", "FLR"),
    ("ZRH", "INN"),
    ("NCE", "GOA"),
    ("TLS", "BCN"),
    ("HKG", "MFM"),
    ("SIN", "BTH"),
    ("BFN", "DUR"),
    ("BJL", "ZIG"),
    ((4.85, 51.40), (5.00, 51.47)),
    # archipelagos and ragged coasts
    ("MLE", "GAN"),
    ("MNL", "ZAM"),
    ("DPS", "DJJ"),
    ("NAS", "PLS"),
    ("ATH", "RHO"),
    ("SXM", "BGI"),
    ("HEL", "ARN"),
    ("PUQ", "PMC"),
    ("BGO", "TOS"),
    # all but antipodal
    ("MAD", "WLG"),
)


@dataclass(frozen=True)
class Faces:
    """Polygons that don't overlap, each with its claims joined by `+`; `` where there is none."""

    names: list[str]
    shapes: list[Any]

    @cached_property
    def _parts(self) -> tuple[shapely.STRtree, npt.NDArray[np.str_]]:
        parts, owner = shapely.get_parts(np.array(self.shapes), return_index=True)
        shapely.prepare(parts)
        return shapely.STRtree(parts), np.array(self.names)[owner]

    @cached_property
    def _edges(self) -> tuple[shapely.STRtree, FloatArray, npt.NDArray[np.str_], BoolArray]:
        """All edges of all polygons: a tree, their ends, whose they are, which stand alone."""
        parts, owner = shapely.get_parts(np.array(self.shapes), return_index=True)
        rings, part = shapely.get_rings(parts, return_index=True)
        lonlat, ring = shapely.get_coordinates(rings, return_index=True)
        at = np.flatnonzero(ring[1:] == ring[:-1])
        ends = np.hstack([lonlat[at], lonlat[at + 1]])
        _, vertex = np.unique(lonlat @ np.array([1, 1j]), return_inverse=True)
        low, high = np.sort([vertex[at], vertex[at + 1]], axis=0).astype(np.int64)
        _, pair, count = np.unique(low << 32 | high, return_inverse=True, return_counts=True)
        tree = shapely.STRtree(np.asarray(shapely.linestrings(ends.reshape(-1, 2, 2))))
        return tree, ends, np.array(self.names)[owner[part[ring[at]]]], count[pair] == 1

    def at(self, lonlat: FloatArray) -> npt.NDArray[np.str_]:
        """Name the face at each point (n, 2); on a border between two, both, joined by `|`."""
        tree, name = self._parts
        found = np.full(len(lonlat), "", dtype="U31")
        point, part = tree.query(shapely.points(lonlat), predicate="intersects")
        found[point] = name[part]
        for twice in np.flatnonzero(np.bincount(point, minlength=1) > 1):
            found[twice] = "|".join(sorted(set(name[part[point == twice]])))
        return found

    def is_clear(self, lonlat: FloatArray, radius_m: FloatArray) -> BoolArray:
        """Tell for which points (n, 2) no border lies within `radius_m`; may be too careful."""
        clear = np.ones(len(lonlat), dtype=bool)
        boxes, point, _ = boxes_around(lonlat, radius_m)
        hit, _ = self._edges[0].query(boxes, predicate="intersects")
        clear[point[hit]] = False
        return clear

    def border_gap_m(self, lonlat: FloatArray, reach_m: float = NEAR_M) -> FloatArray:
        """Measure the metres from points (n, 2) to the nearest border, `inf` beyond `reach_m`."""
        point, _, gap_m = self._gaps(lonlat, reach_m)
        return least(point, gap_m, len(lonlat))

    def gap_m(
        self, lonlat: FloatArray, name: npt.NDArray[np.str_], reach_m: float = NEAR_M
    ) -> FloatArray:
        """Measure the metres from each point to the face of a name, 0 in it, `inf` beyond reach."""
        point, edge, gap_m = self._gaps(lonlat, reach_m)
        _, _, owner, alone = self._edges
        fits = (owner[edge] == name[point]) | (alone[edge] & (name[point] == ""))
        found = least(point[fits], gap_m[fits], len(lonlat))
        return np.where(self.at(lonlat) == name, 0.0, found)

    def _gaps(self, lonlat: FloatArray, reach_m: float) -> tuple[IntArray, IntArray, FloatArray]:
        """Pair points with the edges near them, and measure the metres between."""
        tree, ends, _, _ = self._edges
        boxes, point, turn_deg = boxes_around(lonlat, np.full(len(lonlat), reach_m))
        box, edge = tree.query(boxes)
        edge, on_map = edge[~is_seam(ends[edge])], ~is_seam(ends[edge])
        point, turn_deg = point[box[on_map]], turn_deg[box[on_map]]
        at = lonlat[point] + np.column_stack([turn_deg, 0 * turn_deg])
        gap_m = to_segment_m(at, ends[edge])
        near = gap_m <= reach_m
        return point[near], edge[near], gap_m[near]


def boxes_around(lonlat: FloatArray, radius_m: FloatArray) -> tuple[Any, IntArray, FloatArray]:
    """Box in all that lies within `radius_m` of points: boxes, whose each is, its turn in degrees.

    A box that reaches over 180 degrees comes a second time, turned by 360 degrees.
    """
    lon, lat = lonlat.T
    up = radius_m / LEAST_DEG_LAT_M
    highest = np.abs(lat) + up
    narrowest = np.cos(np.radians(highest.clip(max=POLAR_DEG)))
    aside = np.where(highest < POLAR_DEG, radius_m / (DEG_LON_M * narrowest), 360.0)
    point = np.tile(np.arange(len(lonlat)), 3)
    turn = np.repeat([-360.0, 0.0, 360.0], len(lonlat))
    west, east = (lon - aside)[point] + turn, (lon + aside)[point] + turn
    kept = (west <= 180) & (east >= -180)
    south, north = (lat - up)[point], (lat + up)[point]
    boxes = shapely.box(west[kept], south[kept], east[kept], north[kept])
    return boxes, point[kept], turn[kept]


def is_seam(ends: FloatArray) -> BoolArray:
    """Mark edges that are the map's own: along 180 degrees and at the poles."""
    lon0, lat0, lon1, lat1 = ends.T
    along_180 = (np.abs(lon0) == 180) & (lon0 == lon1)
    seam: BoolArray = along_180 | ((np.abs(lat0) == 90) & (lat0 == lat1))
    return seam


def to_segment_m(lonlat: FloatArray, ends: FloatArray) -> FloatArray:
    """Measure from points to segments in the plane that touches the ellipsoid at the point."""
    lat = np.radians(lonlat[:, 1])
    bend = 1 - E2 * np.sin(lat) ** 2
    scale = np.radians(
        np.column_stack([A_M / np.sqrt(bend) * np.cos(lat), A_M * (1 - E2) / bend**1.5])
    )
    start, end = (ends[:, :2] - lonlat) * scale, (ends[:, 2:] - lonlat) * scale
    run = end - start
    share = -(start * run).sum(axis=1) / (run * run).sum(axis=1)
    gap_m: FloatArray = np.linalg.norm(start + share.clip(0, 1)[:, None] * run, axis=1)
    return gap_m


def least(point: IntArray, gap_m: FloatArray, count: int) -> FloatArray:
    """Take the least gap of each point, `inf` where there is none."""
    found = np.full(count, np.inf)
    np.minimum.at(found, point, gap_m)
    return found


class Line:
    """The geodesic between two points, by GeographicLib."""

    def __init__(self, start: LonLat, end: LonLat) -> None:
        self._line = Geodesic.WGS84.InverseLine(start[1], start[0], end[1], end[0])
        self.length_m = float(self._line.s13)

    def points(self, at_m: Iterable[float]) -> FloatArray:
        """Find the points at these metres along it, as (n, 2) lon/lat."""
        wanted = Geodesic.LATITUDE | Geodesic.LONGITUDE
        found = [self._line.Position(float(at), wanted) for at in at_m]
        return np.array([(at["lon2"], at["lat2"]) for at in found]).reshape(-1, 2)


Label: TypeAlias = Callable[[FloatArray], npt.NDArray[Any]]
IsClear: TypeAlias = Callable[[FloatArray, FloatArray], BoolArray]


def cells(line: Line, is_clear: IsClear, step_m: float) -> Iterator[tuple[float, float]]:
    """Yield, of the steps that a line is cut into, those that may meet a border.

    A span of many steps is left out only where no border lies as near to its middle as its ends;
    else it is halved, down to one step. So this is sampling at every step, without the samples
    that can't differ from the one before.
    """
    count = int(np.ceil(line.length_m / step_m))
    low = np.arange(0, count, round(SPAN_M / step_m))
    high = np.minimum(low + round(SPAN_M / step_m), count)
    found = []
    while len(low):
        middles = line.points(((low + high) / 2 * step_m).clip(max=line.length_m))
        unclear = ~is_clear(middles, (high - low) / 2 * step_m + 1.0)
        low, high = low[unclear], high[unclear]
        whole = high - low > 1
        found.append(low[~whole])
        low, high = low[whole], high[whole]
        middle = (low + high) // 2
        low, high = np.concatenate([low, middle]), np.concatenate([middle, high])
    for start in np.sort(np.concatenate(found)) if found else ():
        yield start * step_m, min((start + 1) * step_m, line.length_m)


def stretches(
    line: Line, label: Label, is_clear: IsClear, step_m: float
) -> list[tuple[Any, float, float]]:
    """List the stretches of a line, (label, from metre, to metre), changes found to half a metre.

    What is shorter than `step_m` may be missing.
    """
    steps = list(cells(line, is_clear, step_m))
    ends = [0.0, *(at for step in steps for at in step), line.length_m]
    labels = label(line.points(ends)).tolist()
    # Between the steps nothing may change: that is what was proven.
    if any(one != other for one, other in zip(labels[::2], labels[1::2], strict=True)):
        raise AssertionError("a label changes where no border is near")
    starts, found = [0.0], labels[:1]
    for step, here, there in zip(steps, labels[1::2], labels[2::2], strict=False):
        for at_m, name in changes(line, label, step, here, there):
            starts.append(at_m)
            found.append(name)
    return list(zip(found, starts, [*starts[1:], line.length_m], strict=True))


def changes(
    line: Line, label: Label, step: tuple[float, float], here: Any, there: Any
) -> Iterator[tuple[float, Any]]:
    """Bisect a step for where its label changes, once or several times, and to what."""
    start_m, end_m = step
    while here != there:
        low_m, high_m, after = start_m, end_m, there
        while high_m - low_m > BISECTED_TO_M:
            middle_m = (low_m + high_m) / 2
            found = label(line.points([middle_m]))[0]
            if found == here:
                low_m = middle_m
            else:
                high_m, after = middle_m, found
        yield (low_m + high_m) / 2, after
        start_m, here = high_m, after


def crossings(line: Line, faces: Faces) -> list[Stretch]:
    """List the faces that a line crosses."""
    return stretches(line, faces.at, faces.is_clear, STEP_M)


def near_borders(line: Line, faces: Faces) -> list[tuple[float, float]]:
    """List where a line runs within 0.7 km of a border, as from metre and to metre."""
    found = stretches(
        line,
        lambda lonlat: faces.border_gap_m(lonlat) <= NEAR_M,
        lambda lonlat, radius_m: faces.is_clear(lonlat, radius_m + NEAR_M),
        NEAR_STEP_M,
    )
    return [(start_m, end_m) for near, start_m, end_m in found if near]


def airport_pairs(count: int, seed: int) -> list[Ends]:
    """Draw pairs of airports that have IATA codes."""
    airports = sorted(airportsdata.load("IATA").items())
    chosen = np.random.default_rng(seed).choice(len(airports), (count, 2), replace=False)
    ends = [(airports[i], airports[j]) for i, j in chosen]
    return [(a, b, (p["lon"], p["lat"]), (q["lon"], q["lat"])) for (a, p), (b, q) in ends]


def hard_pairs() -> list[Ends]:
    """Look up the routes that are hard."""
    airports = airportsdata.load("IATA")

    def known(end: str | LonLat) -> tuple[str, LonLat]:
        if isinstance(end, str):
            return end, (airports[end]["lon"], airports[end]["lat"])
        return "", end

    pairs = [(known(start), known(end)) for start, end in HARD]
    return [(start[0], end[0], start[1], end[1]) for start, end in pairs]


def unsimplified(build_dir: Path) -> Faces:
    """Build the faces of the airspace table up to the step before they are simplified."""
    territories = build_airspace.load(fetch(GEO_MAPS, build_dir) / "package/map.geo.json")
    faces, claims = airspace_faces.cut(territories)
    groups = airspace_faces.merge(faces, airspace_faces.clean(faces, claims))
    kept = build_airspace.without_pad(groups)
    names = ["+".join(build_airspace.codes_of(claims)) for claims, _ in kept]
    return Faces(names, [shape for _, shape in kept])


def shipped(path: Path) -> Faces:
    """Read the faces of an airspace file."""
    rows = geoparquet.read(path)
    return Faces(["+".join(row.claims) for row in rows], [row.geometry for row in rows])


def describe(ends: Ends, faces: Faces) -> dict[str, Any]:
    """Work out one route; metres are whole."""
    start, end, from_lonlat, to_lonlat = ends
    line = Line(from_lonlat, to_lonlat)
    found = [(name, round(a), round(b)) for name, a, b in crossings(line, faces)]
    return {
        "from": start,
        "to": end,
        "ends": [*from_lonlat, *to_lonlat],
        "length_m": round(line.length_m, 2),
        "crossings": [stretch for stretch in found if stretch[1] < stretch[2]],
        "near": [(round(a), round(b)) for a, b in near_borders(line, faces)],
    }


def header() -> dict[str, Any]:
    """Tell how the file was made."""
    return {
        "made_by": "python -m scripts.reference_crossings",
        "made_on": datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
        "source": f"npm {GEO_MAPS.name} {GEO_MAPS.version}, the faces of scripts/build_airspace.py "
        "before they are simplified",
        "attribution": build_airspace.ABOUT["attribution"],
        "licence": build_airspace.ABOUT["licence"],
        "airports": f"airportsdata {airportsdata.__version__}, IATA, seed {SEED}; "
        f"the first {len(HARD)} routes are chosen by hand",
        "crossings": "claims joined by +, from metre, to metre along the WGS84 geodesic: point in "
        f"polygon every {STEP_M:.0f} m, changes bisected to 0.5 m; shorter may be missing; "
        "a stretch on a border has both its sides joined by |",
        "near": f"from metre, to metre: where the route runs within {NEAR_M:.0f} m of a border of "
        "the unsimplified faces",
    }


def write(about: dict[str, Any], routes: list[dict[str, Any]], target: Path) -> None:
    """Write JSON with one route a line."""
    lines = ",\n".join(json.dumps(route, separators=(",", ":")) for route in routes)
    target.write_text(f'{{"about":{json.dumps(about, indent=1)},\n"routes":[\n{lines}\n]}}\n')


def read(path: Path) -> list[dict[str, Any]]:
    """Read the routes of a reference file."""
    routes: list[dict[str, Any]] = json.loads(path.read_text())["routes"]
    return routes


def overlay(one: list[Stretch], other: list[Stretch]) -> list[tuple[str, str, float, float]]:
    """List where two lists differ: what the one says, what the other, from metre, to metre.

    On a border either side will do.
    """
    cuts = sorted({at for stretches in (one, other) for _, *ends in stretches for at in ends})
    found: list[tuple[str, str, float, float]] = []
    i = j = 0
    for start, end in pairwise(cuts):
        while one[i][2] <= start and i + 1 < len(one):
            i += 1
        while other[j][2] <= start and j + 1 < len(other):
            j += 1
        if not set(one[i][0].split("|")) & set(other[j][0].split("|")):
            found.append((one[i][0], other[j][0], start, end))
    return found


def main() -> None:
    """Build the faces, work out the routes and write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", type=Path, default=TARGET)
    parser.add_argument("--build", type=Path, default=Path("build"), help="folder for the source")
    options = parser.parse_args()
    faces = unsimplified(options.build)
    pairs = [*hard_pairs(), *airport_pairs(COUNT - len(HARD), SEED)]
    write(header(), [describe(pair, faces) for pair in pairs], options.target)


if __name__ == "__main__":
    main()
