"""Lay a projected map into a frame of the page."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely

from geo.model import FloatArray, LonLat
from geo.render.picture.drawing import Box, Point
from geo.render.picture.projection import Projection, unit_vectors

_LEAST_SPAN_M = 300_000.0
_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class Fit:
    """A projection in a frame: `scale` is page units a metre, `middle` what is in its middle."""

    projection: Projection
    frame: Box
    scale: float
    middle: tuple[float, float]

    def page(self, xy: FloatArray) -> FloatArray:
        """Bring projected metres (n, 2) to the page."""
        x0, y0 = self.frame.middle
        return np.column_stack(
            [
                x0 + (xy[:, 0] - self.middle[0]) * self.scale,
                y0 - (xy[:, 1] - self.middle[1]) * self.scale,
            ]
        )

    def at(self, lonlat: LonLat) -> Point:
        """Find a place on the page."""
        x, y = self.page(self.projection.xy(np.array([lonlat])))[0]
        return float(x), float(y)

    def lonlat(self, page: FloatArray) -> FloatArray:
        """Find what points (n, 2) of the page show; inf for points off the globe."""
        x0, y0 = self.frame.middle
        return self.projection.lonlat(
            np.column_stack(
                [
                    self.middle[0] + (page[:, 0] - x0) / self.scale,
                    self.middle[1] - (page[:, 1] - y0) / self.scale,
                ]
            )
        )

    @property
    def reach_deg(self) -> float:
        """How far from the projection's centre the frame reaches, at most 180."""
        seen = self.lonlat(edge_points(self.frame))
        if not np.isfinite(seen).all():
            return 180.0
        centre = unit_vectors(np.array([(self.projection.lon, self.projection.lat)]))[0]
        return float(np.degrees(np.arccos((unit_vectors(seen) @ centre).min().clip(-1, 1)))) + 2

    def parts(self, geometry: shapely.Geometry) -> tuple[tuple[Point, ...], ...]:
        """Cut projected lines or areas to the frame; areas come as rings."""
        placed = shapely.transform(geometry, self.page)
        box = self.frame.grown(12)
        cut = shapely.clip_by_rect(placed, box.left, box.top, box.right, box.bottom)
        found = []
        for piece in shapely.get_parts(shapely.get_parts([cut])):
            closed = _is_area(piece)
            rings = map(_points, shapely.get_rings(piece) if closed else [piece])
            found += [ring for ring in rings if len(ring) > (3 if closed else 1)]
        return tuple(found)


def _is_area(geometry: shapely.Geometry) -> bool:
    return bool(shapely.get_type_id(geometry) == shapely.GeometryType.POLYGON)


def _points(line: shapely.Geometry) -> tuple[Point, ...]:
    coordinates = shapely.get_coordinates(line).round(_DECIMALS)
    kept = np.ones(len(coordinates), dtype=bool)
    kept[1:] = (np.diff(coordinates, axis=0) != 0).any(axis=1)
    return tuple((x, y) for x, y in coordinates[kept].tolist())


def edge_points(box: Box, count: int = 24) -> FloatArray:
    """List points along the edges of a box, clockwise."""
    corners = np.array([*box.ring, box.ring[0]])
    share = np.linspace(0, 1, count, endpoint=False)[:, None]
    return np.concatenate([start + share * (end - start) for start, end in pairwise(corners)])


def make_fit(projection: Projection, lonlat: FloatArray, frame: Box, inner: Box) -> Fit:
    """Show points (n, 2) as large as they fit within `inner`, a part of the frame."""
    xy = projection.xy(lonlat)
    xy = xy[np.isfinite(xy).all(axis=1)]
    low, high = xy.min(axis=0), xy.max(axis=0)
    span = np.maximum(high - low, _LEAST_SPAN_M)
    scale = float(min(inner.width / span[0], inner.height / span[1]))
    centre = (low + high) / 2
    # The frame's middle isn't that of its inner part.
    dx = (inner.middle[0] - frame.middle[0]) / scale
    dy = (inner.middle[1] - frame.middle[1]) / scale
    return Fit(projection, frame, scale, (float(centre[0] - dx), float(centre[1] + dy)))
