"""Lay a projected map into a frame of the page."""

from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import shapely

from geo.model import FloatArray, LonLat
from geo.render.picture.drawing import Box, Point
from geo.render.picture.projection import Projection
from geo.render.picture.window import GeometryArray
from geo.sphere import unit_vectors

_LEAST_SPAN_M = 300_000.0
_DECIMALS = 2
_MARGIN = 12.0
# In page units: what is finer than this isn't seen, and makes a picture slow and heavy.
_FINEST = 0.2


Part: TypeAlias = tuple[Point, ...]


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

    def cut(self, geometries: GeometryArray, *, thinned: bool = True) -> GeometryArray:
        """Bring projected lines or areas to the page, cut to the frame, no finer than is seen."""
        box = self.frame.grown(_MARGIN)
        placed = shapely.transform(geometries, self.page)
        cut: GeometryArray = np.asarray(
            shapely.clip_by_rect(placed, box.left, box.top, box.right, box.bottom)
        )
        return np.asarray(shapely.simplify(cut, _FINEST)) if thinned else cut

    def parts(self, geometries: GeometryArray, *, thinned: bool = True) -> tuple[Part, ...]:
        """Cut projected lines or areas to the frame; areas come as rings."""
        return drawn_parts(self.cut(geometries, thinned=thinned))


def drawn_parts(cut: GeometryArray) -> tuple[Part, ...]:
    """List the points of lines and of the rings of areas on the page."""
    pieces = shapely.get_parts(shapely.get_parts(cut))
    areas = shapely.get_type_id(pieces) == shapely.GeometryType.POLYGON
    rings, lines = shapely.get_rings(pieces[areas]), pieces[~areas]
    return tuple(
        [part for part in _points(rings) if len(part) > 3]
        + [part for part in _points(lines) if len(part) > 1]
    )


def _points(lines: GeometryArray) -> list[Part]:
    if not len(lines):
        return []
    points, index = shapely.get_coordinates(lines, return_index=True)
    points = points.round(_DECIMALS)
    kept = np.ones(len(points), dtype=bool)
    kept[1:] = (np.diff(points, axis=0) != 0).any(axis=1) | (np.diff(index) != 0)
    ends = np.cumsum(np.bincount(index[kept], minlength=len(lines)))
    pairs = list(zip(*points[kept].T.tolist(), strict=True))
    return [tuple(pairs[start:end]) for start, end in pairwise([0, *ends.tolist()])]


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
