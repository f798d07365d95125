"""Tell whether shut airspace stands between two points: roughly, closely or exactly.

Each way is about ten times slower than the one before, and rules out what it can.
"""

from dataclasses import dataclass

import numpy as np

from geo.airspace import Airspace
from geo.corners import crossed, lonlat_of, unit_vectors
from geo.geodesy import GEOD, Lines
from geo.model import BoolArray, FloatArray, IntArray
from geo.shut_areas import ShutAreas

CELL_DEG = 0.2
# Cells near a border have no face.
MIXED = -2
_COLUMNS, _ROWS = round(360 / CELL_DEG), round(180 / CELL_DEG)
# Less of a shut face than this is the rounding at a touched corner.
_TOUCH_M = 1.0
_EARTH_M = 6_371_000.0
# A geodesic of L metres lies up to some 1e-10 L^2 metres beside its great ellipse (measured; more
# on more than 10,000 km): 10 m on such a piece.
_PIECE_M = 400_000.0
_BESIDE_PER_M = 4e-10


@dataclass(frozen=True, slots=True)
class Sight:
    """`shut` marks the faces of `airspace`, its last value waters of no state.

    `cells` has the face of each cell of 0.2 degrees, row by row from the south-west. `walls` are
    the borders of what is shut, pockets filled, as directions (n, 3) of both ends; those around
    `areas`, which are shut too, are among them.
    """

    airspace: Airspace
    cells: IntArray
    shut: BoolArray
    walls: tuple[FloatArray, FloatArray]
    areas: tuple[ShutAreas, ...] = ()

    def may_see(self, start: FloatArray, ends: FloatArray, samples: int) -> BoolArray:
        """Rule out the points `ends` (n, 3) that `start` (3,) surely doesn't see; both directions.

        Looks at samples of the great ellipse in cells that lie 11 km or more from any border.
        """
        share = ((np.arange(samples) + 0.5) / samples)[:, None, None]
        between = (1 - share) * start + share * ends
        lon, lat = lonlat_of(between.reshape(-1, 3)).T
        row = np.minimum((lat + 90) / CELL_DEG, _ROWS - 1).astype(int)
        column = np.minimum((lon + 180) / CELL_DEG, _COLUMNS - 1).astype(int)
        face = self.cells[row * _COLUMNS + column].reshape(samples, -1)
        may: BoolArray = ~((face != MIXED) & self.shut[face]).any(axis=0)
        return may

    def is_clear(self, start: FloatArray, end: FloatArray) -> bool:
        """Tell whether the geodesic between two points (2,) cuts no wall, but for grazing ones."""
        (lon, lat), (end_lon, end_lat) = start.tolist(), end.tolist()
        _, _, length_m = GEOD.inv(lon, lat, end_lon, end_lat)
        one, other = unit_vectors(np.array([start, end]))
        first, last = self.walls
        normal = crossed(one, other)
        beside = max(_BESIDE_PER_M * length_m**2 / _EARTH_M * np.linalg.norm(normal), 1e-12)
        sides = first @ normal, last @ normal
        rows = np.flatnonzero((np.minimum(*sides) < beside) & (np.maximum(*sides) > -beside))
        first, last = first[rows], last[rows]
        pieces = int(length_m / _PIECE_M) + 1
        if pieces == 1:
            points = np.array([one, other])
        else:
            between = GEOD.npts(lon, lat, end_lon, end_lat, pieces - 1)
            points = unit_vectors(np.array([start, *between, end]))
        return not _cut(points, first, last)

    def sees(self, starts: FloatArray, ends: FloatArray) -> BoolArray:
        """Tell which geodesics between points, each (n, 2) lon/lat, stay out of shut airspace."""
        lines = Lines.between(starts, ends)
        found = self.airspace.stretches(lines)
        inside = self.shut[found.face] & (found.end_m - found.start_m > _TOUCH_M)
        seen = np.ones(len(starts), dtype=bool)
        seen[found.route[inside]] = False
        for areas in self.areas:
            seen &= ~areas.entered(lines)
        return seen


def _cut(points: FloatArray, first: FloatArray, last: FloatArray) -> bool:
    """Tell whether a chain of points (n, 3) cuts any wall."""
    normals = crossed(points[:-1], points[1:])
    middles = points[:-1] + points[1:]
    parted = ((first @ normals.T) > 0) != ((last @ normals.T) > 0)
    parted &= (first @ middles.T) > 0
    wall, piece = np.nonzero(parted)
    across = crossed(first[wall], last[wall])
    sides = (np.einsum("ij,ij->i", across, points[piece + end]) > 0 for end in (0, 1))
    return bool(np.not_equal(*sides).any())
