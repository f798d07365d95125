"""Bring lines and areas of the globe into a projection whole.

Everything is clipped to the part of the globe that a projection can show before it is projected, on
an azimuthal equidistant plane in degrees round the projection's centre: there nothing jumps at the
antimeridian or at a pole, but only at the point opposite the centre.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import shapely

from geo.model import FloatArray, IntArray, LonLat
from geo.render.picture.projection import MERCATOR_LAT_DEG, Projection

GeometryArray: TypeAlias = npt.NDArray[np.object_]
_SLIT_DEG = 1e-5
_JUMP_DEG = 30.0
_FAR_DEG = 120.0
# Off a pole, where a line along the map's edge would end just in the middle.
_OFF_POLE_DEG = 0.002
_NO_LENGTH = 1e-12


@dataclass(frozen=True, slots=True)
class Plane:
    """The globe flattened round a point, in degrees from it: x to the east, y to the north."""

    lon: float
    lat: float

    def flat(self, lonlat: FloatArray) -> FloatArray:
        """Flatten points (n, 2)."""
        lon, lat = np.radians(lonlat[:, 0] - self.lon), np.radians(lonlat[:, 1])
        sin0, cos0 = np.sin(np.radians(self.lat)), np.cos(np.radians(self.lat))
        east = np.cos(lat) * np.sin(lon)
        north = cos0 * np.sin(lat) - sin0 * np.cos(lat) * np.cos(lon)
        up = sin0 * np.sin(lat) + cos0 * np.cos(lat) * np.cos(lon)
        flat = np.hypot(east, north)
        away = np.degrees(np.arctan2(flat, up))
        scale = np.divide(away, flat, out=np.zeros_like(flat), where=flat > _NO_LENGTH)
        # The point opposite the centre lies in every direction: any one will do.
        behind = (flat <= _NO_LENGTH) & (up < 0)
        return np.column_stack([east * scale, np.where(behind, 180.0, north * scale)])

    def lonlat(self, flat: FloatArray) -> FloatArray:
        """Undo `flat`."""
        away = np.radians(np.hypot(flat[:, 0], flat[:, 1]))
        scale = np.divide(np.sin(away), away, out=np.ones_like(away), where=away > 1e-15)
        east, north = np.radians(flat).T * scale
        sin0, cos0 = np.sin(np.radians(self.lat)), np.cos(np.radians(self.lat))
        up = np.cos(away)
        lat = np.degrees(np.arcsin((sin0 * up + cos0 * north).clip(-1, 1)))
        lon = np.degrees(np.arctan2(east, cos0 * up - sin0 * north))
        return np.column_stack([(self.lon + lon + 180) % 360 - 180, lat])


class Window:
    """What a projection shows of the globe, at most `reach_deg` round its centre."""

    def __init__(self, projection: Projection, reach_deg: float) -> None:
        self.projection = projection
        self.reach_deg = min(reach_deg, projection.reach_deg)
        off = np.sign(projection.lat) * _OFF_POLE_DEG if projection.kind == "polar" else 0.0
        self.plane = Plane(projection.lon, projection.lat - off)
        self._behind = Plane(projection.lon + 180, -self.plane.lat)
        self._disc = shapely.Point(0, 0).buffer(self.reach_deg, quad_segs=90)
        self._shown = self._disc.difference(shapely.union_all(list(self._hidden())))
        shapely.prepare(self._shown)

    def _hidden(self) -> Sequence[shapely.Geometry]:
        """List what the projection can't show: where its sheet is cut open, and its far ends."""
        if self.projection.kind not in ("lambert", "mercator"):
            return []
        lat = self.projection.lat
        slits: list[shapely.Geometry] = [
            shapely.box(-_SLIT_DEG, 90 - lat, _SLIT_DEG, 181),
            shapely.box(-_SLIT_DEG, -181, _SLIT_DEG, -90 - lat),
        ]
        if self.projection.kind == "mercator":
            slits += [self._cap(side * MERCATOR_LAT_DEG) for side in (1, -1)]
        return slits

    def _cap(self, lat: float) -> shapely.Geometry:
        lon = np.linspace(-180, 180, 721)
        return shapely.Polygon(self.plane.flat(np.column_stack([lon, np.full_like(lon, lat)])))

    def shows(self, lonlat: LonLat) -> bool:
        """Tell whether a place is in what is shown."""
        flat = self.plane.flat(np.array([lonlat]))[0]
        return bool(self._shown.intersects(shapely.Point(flat)))

    @property
    def limb(self) -> FloatArray:
        """The edge of what can be shown, projected."""
        return self._projected(shapely.get_coordinates(self._disc.exterior))

    def lines(self, lines: Sequence[FloatArray]) -> GeometryArray:
        """Clip and project lines of points (n, 2); each comes back as lines, or empty."""
        if not lines:
            return np.empty(0, dtype=object)
        flat, index = self._flat(lines)
        found: GeometryArray = np.asarray(shapely.linestrings(flat, indices=index))
        for number in _jumping(flat, index):
            found[number] = shapely.LineString(_round_the_back(flat[index == number]))
        return self._cut(found)

    def areas(self, areas: Sequence[Sequence[FloatArray]]) -> GeometryArray:
        """Clip and project areas, each a shell counter-clockwise and its holes clockwise."""
        if not areas:
            return np.empty(0, dtype=object)
        flat, index = self._flat([ring for rings in areas for ring in rings])
        owner = np.repeat(np.arange(len(areas)), [len(rings) for rings in areas])
        rings = np.asarray(shapely.linearrings(flat, indices=index))
        found: GeometryArray = np.asarray(shapely.polygons(rings, indices=owner))
        odd = {int(owner[number]) for number in _jumping(flat, index)}
        odd.update(owner[index[np.hypot(flat[:, 0], flat[:, 1]) > _FAR_DEG]].tolist())
        odd.update(np.flatnonzero(~shapely.is_valid(found)).tolist())
        for number in sorted(odd):
            found[number] = self._area(areas[number])
        return self._cut(found)

    def _flat(self, lines: Sequence[FloatArray]) -> tuple[FloatArray, IntArray]:
        """Flatten the points of all lines in one go, and number them by their lines."""
        index = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
        return self.plane.flat(np.concatenate(lines)), index

    def _cut(self, flat: GeometryArray) -> GeometryArray:
        outside = ~shapely.covers(self._shown, flat)
        flat[outside] = shapely.intersection(flat[outside], self._shown)
        projected: GeometryArray = shapely.transform(flat, self._projected)
        return projected

    def _area(self, rings: Sequence[FloatArray]) -> shapely.Geometry:
        area: shapely.Geometry = self._disc
        for number, ring in enumerate(rings):
            flat = self.plane.flat(ring)
            inside = shapely.make_valid(shapely.Polygon(_round_the_back(flat)))
            # A ring round the point opposite the centre comes out as the hole that it leaves.
            far = np.hypot(flat[:, 0], flat[:, 1]).max() > _FAR_DEG
            outside_in = far and self._is_round_the_back(ring)
            if number == 0:
                area = shapely.difference(self._disc, inside) if outside_in else inside
            else:
                cut = shapely.intersection if outside_in else shapely.difference
                area = cut(area, inside)
        return area

    def _is_round_the_back(self, ring: FloatArray) -> bool:
        seen_from_behind = shapely.make_valid(shapely.Polygon(self._behind.flat(ring)))
        return bool(shapely.contains(seen_from_behind, shapely.Point(0, 0)))

    def _projected(self, flat: FloatArray) -> FloatArray:
        return self.projection.xy(self.plane.lonlat(flat))


def _jumping(flat: FloatArray, index: IntArray) -> list[int]:
    """List the lines that jump from one side of the map to the other; `index` numbers them."""
    jumps = np.hypot(*np.diff(flat, axis=0).T) > _JUMP_DEG
    found: list[int] = np.unique(index[1:][jumps & (index[1:] == index[:-1])]).tolist()
    return found


def _round_the_back(flat: FloatArray) -> FloatArray:
    """Lead lines that pass the point opposite the centre round it, not across the map."""
    jumps = (np.hypot(*np.diff(flat, axis=0).T) > _JUMP_DEG).nonzero()[0]
    for jump in reversed(jumps.tolist()):
        flat = np.insert(flat, jump + 1, _arc(flat[jump], flat[jump + 1]), axis=0)
    return flat


def _arc(start: FloatArray, end: FloatArray) -> FloatArray:
    angle, last = np.arctan2(start[1], start[0]), np.arctan2(end[1], end[0])
    turn = (last - angle + np.pi) % (2 * np.pi) - np.pi
    share = np.linspace(0, 1, 100)[1:-1]
    away = np.hypot(*start) + share * (np.hypot(*end) - np.hypot(*start))
    turned = angle + share * turn
    return np.column_stack([away * np.cos(turned), away * np.sin(turned)])
