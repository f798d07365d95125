"""Choose a projection that suits an extent, and bring lines and areas into it whole.

Everything is clipped to the part of the globe that a projection can show before it is projected, on
an azimuthal equidistant plane in degrees round the projection's centre: there nothing jumps at the
antimeridian or at a pole, but only at the point opposite the centre.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
import shapely
from pyproj import Transformer

from geo.errors import GeoError
from geo.model import FloatArray, LonLat

Kind = Literal["lambert", "equidistant", "orthographic", "polar", "mercator"]
KINDS: tuple[Kind, ...] = ("lambert", "equidistant", "orthographic", "polar", "mercator")
_LAMBERT_DEG = 38.0
_ORTHOGRAPHIC_DEG = 70.0
_POLAR_DEG = 72.0
_NEAR_POLE_DEG = 82.0
_REACH_DEG = {
    "lambert": 75.0, "equidistant": 179.0, "orthographic": 88.0, "polar": 175.0, "mercator": 179.9,
}  # fmt: skip
_MERCATOR_LAT_DEG = 85.0
_SLIT_DEG = 1e-5
_JUMP_DEG = 30.0
_FAR_DEG = 120.0
# Off a pole, where a line along the map's edge would end just in the middle.
_OFF_POLE_DEG = 0.002
_NO_LENGTH = 1e-12
_WORDS = {
    "lambert": "Lambert conformal conic",
    "equidistant": "Azimuthal equidistant",
    "orthographic": "Orthographic",
    "polar": "Polar azimuthal equidistant",
    "mercator": "Mercator",
}


@dataclass(frozen=True, slots=True)
class Projection:
    """A map projection on WGS84 round a centre; `definition` is PROJ's.

    `reach_deg` is how far from the centre it is drawn.
    """

    kind: Kind
    lon: float
    lat: float
    definition: str

    @property
    def reach_deg(self) -> float:
        """How far from the centre the projection can be drawn."""
        return _REACH_DEG[self.kind]

    @property
    def words(self) -> str:
        """The projection's name and centre, for the reader."""
        if self.kind == "mercator":
            return _WORDS[self.kind]
        side = ("N" if self.lat >= 0 else "S"), ("E" if self.lon >= 0 else "W")
        # Held together by spaces that don't break.
        centre = f"{abs(self.lat):.0f}° {side[0]} {abs(self.lon):.0f}° {side[1]}".replace(
            " ", "\xa0"
        )
        return f"{_WORDS[self.kind]}, {centre}"

    def xy(self, lonlat: FloatArray) -> FloatArray:
        """Project points (n, 2) to metres east and north of the centre; inf where it can't."""
        x, y = _transformer(self.definition).transform(lonlat[:, 0], lonlat[:, 1])
        return np.column_stack([x, y])

    def lonlat(self, xy: FloatArray) -> FloatArray:
        """Undo `xy`; inf for points off the globe."""
        inverse = _transformer(self.definition)
        lon, lat = inverse.transform(xy[:, 0], xy[:, 1], direction="INVERSE")
        return np.column_stack([lon, lat])


@lru_cache(maxsize=64)
def _transformer(definition: str) -> Transformer:
    lonlat = "+proj=longlat +ellps=WGS84 +no_defs +type=crs"
    return Transformer.from_crs(lonlat, definition, always_xy=True)


def choose_projection(lonlat: FloatArray, kind: Kind | None = None) -> Projection:
    """Choose by the extent of points (n, 2), or lay the projection asked for over them.

    Raises GeoError where the one asked for can't show all of them.
    """
    lon, lat, radius_deg = enclosing_circle(lonlat)
    farthest_lat = float(np.abs(lonlat[:, 1]).max())
    if kind == "mercator" and farthest_lat > _MERCATOR_LAT_DEG:
        raise GeoError(f"projection mercator: latitude {farthest_lat:.0f} cannot be shown")
    if kind in ("lambert", "orthographic") and radius_deg > _REACH_DEG[kind]:
        raise GeoError(
            f"projection {kind}: places {radius_deg:.0f} degrees from the middle of the map, "
            f"more than {_REACH_DEG[kind]:.0f}"
        )
    return make_projection(kind or _fitting(lat, radius_deg, farthest_lat), lon, lat, lonlat)


def _fitting(lat: float, radius_deg: float, farthest_lat: float) -> Kind:
    if abs(lat) > _POLAR_DEG or farthest_lat > _NEAR_POLE_DEG:
        return "polar"
    if radius_deg > _ORTHOGRAPHIC_DEG:
        return "equidistant"
    if radius_deg > _LAMBERT_DEG:
        return "orthographic"
    return "lambert" if abs(lat) >= 15 else "equidistant"


def make_projection(kind: Kind, lon: float, lat: float, lonlat: FloatArray) -> Projection:
    """Lay a projection round a centre; a conic's two true parallels divide the points' span."""
    if kind == "polar":
        lat = 90.0 if lat >= 0 else -90.0
    if kind == "mercator":
        lat = 0.0
    if kind == "lambert" and abs(lat) < 1:
        kind = "equidistant"
    south, north = lonlat[:, 1].min(), lonlat[:, 1].max()
    sixth = (north - south) / 6
    parallels = f"+lat_1={south + sixth:.2f} +lat_2={north - sixth:.2f}"
    if (south + sixth) * (north - sixth) <= 0:
        parallels = f"+lat_1={lat:.6f} +lat_2={lat:.6f}"
    names = {
        "lambert": f"lcc {parallels}", "orthographic": "ortho", "mercator": "merc",
        "equidistant": "aeqd", "polar": "aeqd",
    }  # fmt: skip
    centre = f"+lon_0={lon:.6f}" + ("" if kind == "mercator" else f" +lat_0={lat:.6f}")
    return Projection(
        kind, lon, lat, f"+proj={names[kind]} {centre} +ellps=WGS84 +units=m +no_defs +type=crs"
    )


def enclosing_circle(lonlat: FloatArray) -> tuple[float, float, float]:
    """Find the centre and the radius in degrees of nearly the smallest circle round points.

    By steps of 1/n towards the farthest point: Badoiu and Clarkson, "Smaller core-sets for balls"
    (2003).
    """
    vectors = unit_vectors(lonlat)
    centre = vectors[0]
    for number in range(1, 400):
        farthest = vectors[np.argmin(vectors @ centre)]
        centre = centre + (farthest - centre) / (number + 1)
        centre = centre / np.linalg.norm(centre)
    lon = np.degrees(np.arctan2(centre[1], centre[0]))
    lat = np.degrees(np.arcsin(centre[2].clip(-1, 1)))
    radius = np.degrees(np.arccos((vectors @ centre).min().clip(-1, 1)))
    return float(lon), float(lat), float(radius)


def unit_vectors(lonlat: FloatArray) -> FloatArray:
    """Turn points (n, 2) into unit vectors (n, 3), latitudes taken as if on a sphere."""
    lon, lat = np.radians(lonlat).T
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


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
            slits += [self._cap(side * _MERCATOR_LAT_DEG) for side in (1, -1)]
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

    def lines(self, lines: list[FloatArray]) -> list[shapely.Geometry]:
        """Clip and project lines of points (n, 2); each comes back as lines, or empty."""
        flat = [shapely.LineString(_round_the_back(self.plane.flat(line))) for line in lines]
        shown = shapely.intersection(flat, self._shown)
        return [shapely.transform(line, self._projected) for line in shown]

    def areas(self, areas: list[list[FloatArray]]) -> list[shapely.Geometry]:
        """Clip and project areas, each a shell counter-clockwise and its holes clockwise."""
        flat = [self._area(rings) for rings in areas]
        shown = shapely.intersection(flat, self._shown)
        return [shapely.transform(area, self._projected) for area in shown]

    def _area(self, rings: list[FloatArray]) -> shapely.Geometry:
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
