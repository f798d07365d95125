"""Cut lines into stretches by a coverage: polygons that don't overlap and share their borders."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import shapely

from geo.borders import ASIDE_DEG, NO_FACE, Borders, index_borders
from geo.geodesy import Lines, chords_of, points_on_tracks, wrapped
from geo.model import FloatArray, IntArray, Track
from geo.stretches import Stretches, make_stretches


@dataclass(frozen=True, slots=True)
class Coverage:
    """Numbered faces, ready to be asked; where no polygon lies, the face is -1."""

    borders: Borders
    _tree: shapely.STRtree
    _parts: npt.NDArray[np.object_]
    _part_face: IntArray

    def on_lines(self, lines: Lines) -> Stretches:
        """Cut geodesics: the way for arrays of any length."""
        cuts = self.borders.cut_lines(lines)
        return make_stretches(lines.route_lengths_m(), cuts, lines.points_on_routes, self.at)

    def on_tracks(self, tracks: Sequence[Track]) -> Stretches:
        """Cut tracks, which need not be geodesics."""
        cuts = self.borders.cut(chords_of(tracks))
        lengths_m = np.array([track.length_m for track in tracks])
        return make_stretches(lengths_m, cuts, partial(points_on_tracks, tracks), self.at)

    def at(self, lonlat: FloatArray) -> IntArray:
        """Find the face beside each point (n, 2), moved aside as lines are where they are cut."""
        lon, lat = (lonlat + ASIDE_DEG).T
        lon, lat = wrapped(lon), lat.clip(max=90)
        found = np.full(len(lonlat), NO_FACE, dtype=np.int64)
        # By the tree alone, since its own tests leave prepared polygons unused.
        point, part = self._tree.query(shapely.points(lon, lat))
        held = shapely.intersects_xy(self._parts[part], lon[point], lat[point])
        found[point[held]] = self._part_face[part[held]]
        return found


def make_coverage(geometries: npt.NDArray[np.object_]) -> Coverage:
    """Index a coverage, one polygon or multipolygon a face."""
    parts, part_face = shapely.get_parts(geometries, return_index=True)
    shapely.prepare(parts)
    return Coverage(index_borders(parts, part_face), shapely.STRtree(parts), parts, part_face)
