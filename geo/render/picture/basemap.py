"""Read the base map: the land by whose it is, its coasts and its borders."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from geo.model import FloatArray, LonLat
from geo.render.palette import Claims
from geo.render.world_file import read_world
from geo.sphere import unit_vectors

WORLD = Path(__file__).parents[3] / "data" / "basemap" / "world.js"
_LONGEST_DEG = 1.0
_COARSE_DEG = 0.3
_LEAST_DEG = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class Land:
    """A piece of land; `rings` are its shell and holes."""

    claims: Claims
    rings: list[FloatArray]


@dataclass(frozen=True, slots=True, eq=False)
class Circles:
    """Circles on the globe: their centres as unit vectors (n, 3), and their radii (n,)."""

    centres: FloatArray
    radii_deg: FloatArray

    def near(self, lonlat: LonLat, reach_deg: float) -> list[int]:
        """List those that come as near to a point as this."""
        towards = self.centres @ unit_vectors(np.array([lonlat]))[0]
        away_deg = np.degrees(np.arccos(towards.clip(-1, 1)))
        found: list[int] = np.flatnonzero(away_deg - self.radii_deg <= reach_deg).tolist()
        return found


def circles_round(lines: Sequence[FloatArray]) -> Circles:
    """Draw a circle round each line of points (n, 2)."""
    starts = np.cumsum([0, *map(len, lines)])[:-1]
    vectors = unit_vectors(np.concatenate(lines))
    index = np.repeat(np.arange(len(lines)), list(map(len, lines)))
    centres = np.add.reduceat(vectors, starts)
    centres /= np.maximum(np.linalg.norm(centres, axis=1), 1e-9)[:, None]
    nearness = np.einsum("ij,ij->i", vectors, centres[index])
    radii = np.degrees(np.arccos(np.minimum.reduceat(nearness, starts).clip(-1, 1)))
    return Circles(centres, radii)


@dataclass(frozen=True, slots=True)
class Name:
    """A country's name and where to write it; `room_deg` is how far from there its border lies."""

    text: str
    claims: Claims
    lonlat: LonLat
    room_deg: float


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """The base map; `lines` are coasts, borders and disputed borders, (n, 2) each.

    `around` has circles round the pieces of land, by "land", and round each kind of line.
    `coarse` are the shells of the larger pieces of land, for a map of a few centimetres.
    """

    land: tuple[Land, ...]
    lines: dict[str, list[FloatArray]]
    around: dict[str, Circles]
    names: tuple[Name, ...]
    coarse: tuple[FloatArray, ...]


@lru_cache(maxsize=1)
def load_world() -> World:
    """Read the base map once; it is never changed."""
    topology = read_world(WORLD).topology
    scale, offset = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    deltas = (np.array(arc, dtype=float) for arc in topology["arcs"])
    arcs = [_fine(np.cumsum(each, axis=0) * scale + offset) for each in deltas]
    faces = topology["objects"]["faces"]["geometries"]
    land, lines = tuple(_land(faces, arcs)), _lines(faces, arcs)
    around = {"land": circles_round([piece.rings[0] for piece in land])}
    around |= {kind: circles_round(each) for kind, each in lines.items()}
    coarse = tuple(_coarse(land, around["land"]))
    return World(land, lines, around, tuple(_names(faces)), coarse)


def _coarse(land: Sequence[Land], around: Circles) -> Iterable[FloatArray]:
    for piece, radius_deg in zip(land, around.radii_deg, strict=True):
        if radius_deg > _LEAST_DEG:
            shell = shapely.simplify(shapely.Polygon(piece.rings[0]), _COARSE_DEG)
            yield shapely.get_coordinates(shapely.segmentize(shell, 5.0).exterior)


def _fine(arc: FloatArray) -> FloatArray:
    """Set points along long straight stretches, which a projection may bend."""
    points: FloatArray = shapely.get_coordinates(
        shapely.segmentize(shapely.LineString(arc), _LONGEST_DEG)
    )
    return points


def _land(faces: Sequence[dict[str, Any]], arcs: Sequence[FloatArray]) -> Iterable[Land]:
    for face in faces:
        for polygon in face["arcs"]:
            rings = [_ring(arcs, indices) for indices in polygon]
            yield Land(tuple(face["properties"]["claims"]), rings)


def _ring(arcs: Sequence[FloatArray], indices: Sequence[int]) -> FloatArray:
    parts = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in indices]
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])


def _lines(
    faces: Sequence[dict[str, Any]], arcs: Sequence[FloatArray]
) -> dict[str, list[FloatArray]]:
    """Sort the arcs: one between two faces is a border, disputed beside a disputed one."""
    users: dict[int, list[str]] = defaultdict(list)
    for face in faces:
        for polygon in face["arcs"]:
            for index in (index for ring in polygon for index in ring):
                users[max(index, ~index)].append(face["properties"]["kind"])
    lines: dict[str, list[FloatArray]] = {"coast": [], "border": [], "disputed": []}
    for index, kinds in users.items():
        # The seam at 180 degrees and the south pole's edge are no coasts.
        if np.all(np.abs(arcs[index][:, 0]) == 180) or np.all(arcs[index][:, 1] < -89):
            continue
        shared = "disputed" if "disputed" in kinds else "border"
        lines["coast" if len(kinds) == 1 else shared].append(arcs[index])
    return lines


def _names(faces: Sequence[dict[str, Any]]) -> Iterable[Name]:
    for face in faces:
        about = face["properties"]
        for lon, lat, room_deg in about["labels"]:
            yield Name(about["name"], tuple(about["claims"]), (lon, lat), room_deg)
