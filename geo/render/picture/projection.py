"""Choose a projection that suits an extent."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from pyproj import Transformer

from geo.errors import GeoError
from geo.model import FloatArray
from geo.sphere import unit_vectors

Kind = Literal["lambert", "equidistant", "orthographic", "polar", "mercator"]
KINDS: tuple[Kind, ...] = ("lambert", "equidistant", "orthographic", "polar", "mercator")
_LAMBERT_DEG = 38.0
_ORTHOGRAPHIC_DEG = 70.0
_POLAR_DEG = 72.0
_NEAR_POLE_DEG = 82.0
_REACH_DEG = {
    "lambert": 75.0, "equidistant": 179.0, "orthographic": 88.0, "polar": 175.0, "mercator": 179.9,
}  # fmt: skip
MERCATOR_LAT_DEG = 85.0
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
    if kind == "mercator" and farthest_lat > MERCATOR_LAT_DEG:
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
