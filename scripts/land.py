"""Read Natural Earth's land and lakes as valid polygons in -180..180 degrees."""

import json
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import shapefile
import shapely
from shapely import affinity

from scripts.airspace_faces import METRES_PER_DEG

Geometry: TypeAlias = Any
FloatArray: TypeAlias = npt.NDArray[np.float64]

SOUTH_POLE_DEG: Final = -90.0


def read_land(path: Path) -> Geometry:
    """Return the `land` object of a world-atlas TopoJSON file.

    Its rings jump at 180 degrees: each is unrolled first and cut there afterwards, and Antarctica's
    is closed over the pole.
    """
    topology = json.loads(path.read_text())
    arcs = decode_arcs(topology)
    (land,) = topology["objects"]["land"]["geometries"]
    polygons = [[unroll(join(ring, arcs)) for ring in polygon] for polygon in land["arcs"]]
    return shapely.union_all([to_polygon(rings) for rings in polygons])


def decode_arcs(topology: dict[str, Any]) -> list[FloatArray]:
    """Return the arcs of a quantised TopoJSON in degrees."""
    scale, translate = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    return [np.cumsum(np.array(arc), axis=0) * scale + translate for arc in topology["arcs"]]


def join(indices: list[int], arcs: list[FloatArray]) -> FloatArray:
    """Return the ring that arcs make; `~i` means arc `i` backwards."""
    pieces = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in indices]
    return np.vstack([pieces[0], *(piece[1:] for piece in pieces[1:])])


def unroll(ring: FloatArray) -> FloatArray:
    """Let longitudes run on past +-180, and close a ring that goes round the pole over it."""
    turns = np.concatenate([[0], np.cumsum(-np.round(np.diff(ring[:, 0]) / 360))])
    unrolled = ring + np.outer(turns * 360, [1, 0])
    (first, _), (last, _) = unrolled[0], unrolled[-1]
    if abs(last - first) < 180:
        return unrolled
    return np.vstack([unrolled, [last, SOUTH_POLE_DEG], [first, SOUTH_POLE_DEG], unrolled[0]])


def to_polygon(rings: list[FloatArray]) -> Geometry:
    """Return a shell less its holes, each folded by itself: one may be a turn from the other."""
    shell, *holes = [fold(shapely.make_valid(shapely.Polygon(ring))) for ring in rings]
    return shapely.difference(shell, shapely.union_all(holes))


def fold(geometry: Geometry) -> Geometry:
    """Bring what lies beyond +-180 degrees back to -180..180."""
    world = shapely.box(-180, -90, 180, 90)
    turned = [affinity.translate(geometry, turn) for turn in (-360, 0, 360)]
    return shapely.union_all(shapely.intersection(turned, world))


def read_lakes(path: Path, *, least_km2: float) -> Geometry:
    """Return the lakes of a shapefile that are at least `least_km2` large."""
    with shapefile.Reader(path) as reader:
        lakes = [shapely.geometry.shape(shape.__geo_interface__) for shape in reader.shapes()]
    large = np.array(lakes)[area_km2(lakes) >= least_km2]
    return shapely.union_all(shapely.make_valid(large))


def area_km2(geometries: Any) -> FloatArray:
    """Return the areas of lon/lat geometries, good to a few per cent if each spans few degrees."""
    latitude = np.radians(shapely.get_y(shapely.centroid(geometries)))
    areas: FloatArray = shapely.area(geometries) * np.cos(latitude) * METRES_PER_DEG**2 / 1e6
    return areas
