"""Shortest ways around polygons by brute force, which shares no code with the router.

All corners are joined with all, on an ellipsoidal gnomonic plane (Karney 2013, section 8), where
geodesics are straight to 2 m within 1,000 km; plain Dijkstra finds the shortest way.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from geographiclib.geodesic import Geodesic  # type: ignore[import-untyped]
from pyproj import Geod
from shapely import affinity

from geo.airspace import Airspace, Face, make_airspace
from geo.model import FloatArray, LonLat

WGS84, GEOD = Geodesic.WGS84, Geod(ellps="WGS84")
# A straight line in lon/lat may lie so far off the geodesic between the points it is cut at.
BEND_M = 1.0
# The plane's own error, and the bend's, and as much again.
ERROR_M = 4.0
DEG_M = 111_195.0
# Vertices nearer to each other are one.
GRID_DEG = 1e-6


@dataclass(frozen=True)
class Field:
    """Faces around a middle, as polygons in lon/lat that run on over 180 degrees.

    They form a coverage; `closed` tells which are shut. The middle is `lon`, `lat`.
    """

    lon: float
    lat: float
    faces: list[shapely.Polygon]
    closed: list[bool]

    def airspace(self) -> Airspace:
        """Make the airspace: the shut faces are those of state SHT, the others of OPN."""
        names = ["SHT" if closed else "OPN" for closed in self.closed]
        faces = [Face((name,), f"{name} {i}", "national") for i, name in enumerate(names)]
        geometries = np.empty(len(self.faces), dtype=object)
        geometries[:] = [on_map(face) for face in self.faces]
        return make_airspace(faces, geometries)

    def shut(self) -> shapely.Geometry:
        """Unite what is shut."""
        return shapely.union_all(
            [face for face, closed in zip(self.faces, self.closed, strict=True) if closed]
        )

    def lonlat(self, x_km: float, y_km: float) -> LonLat:
        """Place a point by kilometres from the middle, on a plane in lon/lat."""
        scale = DEG_M / 1000
        return self.lon + x_km / scale / np.cos(np.radians(self.lat)), self.lat + y_km / scale


def on_map(area: shapely.Geometry) -> shapely.Geometry:
    """Bring what runs on over 180 degrees into -180..180."""
    pieces = []
    for turn in (-360.0, 0.0, 360.0):
        strip = shapely.box(turn - 180, -90, turn + 180, 90)
        cut = shapely.intersection(area, strip)
        polygons = [part for part in shapely.get_parts(cut) if part.geom_type == "Polygon"]
        pieces += [affinity.translate(part, -turn) for part in polygons]
    return shapely.MultiPolygon(pieces)


def make_field(lon: float, lat: float, rings_km: list[FloatArray], closed: list[bool]) -> Field:
    """Cut rings, each (n, 2) in kilometres from the middle, with each other.

    A face belongs to the first ring that holds it, and is shut if that one is.
    """
    blank = Field(lon, lat, [], [])
    areas = []
    for ring in rings_km:
        x, y = ring.T
        outline = np.column_stack(blank.lonlat(x, y))
        areas.append(shapely.make_valid(shapely.Polygon(outline)))
    # Noded once and for all, the map's edge too, so that neighbours share all their vertices.
    lines = [shapely.boundary(area) for area in areas]
    edge = [shapely.LineString([(at, -90), (at, 90)]) for at in (-180.0, 180.0)]
    noded = shapely.union_all([*lines, *edge], grid_size=GRID_DEG)
    pieces = shapely.get_parts(shapely.polygonize([noded]))
    faces, shut = [], []
    for piece in pieces:
        held = [area.contains(piece.representative_point()) for area in areas]
        if any(held):
            faces.append(piece)
            shut.append(closed[held.index(True)])
    return Field(lon, lat, faces, shut)


def shortest_m(field: Field, start: LonLat, end: LonLat, widened_m: float = 0.0) -> float:
    """Measure the shortest way around what is shut; `inf` where there is none.

    What is shut is first widened, with sharp corners, by some metres.
    """
    plane = Plane(field.lon, field.lat)
    shut = plane.flat(bent(field.shut()))
    if widened_m:
        shut = shapely.buffer(shut, widened_m, join_style="mitre", mitre_limit=3.4)
    inner = shapely.buffer(shut, -ERROR_M, join_style="mitre")
    shapely.prepare(inner)
    nodes = np.vstack([plane.to(np.array([start, end])), corners(shut)])
    one, other = np.triu_indices(len(nodes), 1)
    lines = shapely.linestrings(np.stack([nodes[one], nodes[other]], axis=1))
    seen = ~shapely.intersects(inner, lines)
    lon, lat = plane.back(nodes).T
    metres = np.full((len(nodes), len(nodes)), np.inf)
    one, other = one[seen], other[seen]
    metres[one, other] = GEOD.inv(lon[one], lat[one], lon[other], lat[other])[2]
    return dijkstra_m(np.minimum(metres, metres.T))


def corners(area: shapely.Geometry) -> FloatArray:
    """List the vertices (n, 2) that stand out of an area; a shortest way turns at no others."""
    found = [np.empty((0, 2))]
    for ring in shapely.get_rings(shapely.orient_polygons(shapely.get_parts(area))):
        at = shapely.get_coordinates(ring)[:-1]
        into, out = at - np.roll(at, 1, axis=0), np.roll(at, -1, axis=0) - at
        found.append(at[into[:, 0] * out[:, 1] - into[:, 1] * out[:, 0] > 0])
    return np.vstack(found)


def dijkstra_m(metres: FloatArray) -> float:
    """Measure the shortest way from node 0 to node 1 of a full matrix of metres."""
    gone = np.full(len(metres), np.inf)
    gone[0] = 0.0
    left = np.ones(len(metres), dtype=bool)
    while left[1]:
        node = int(np.where(left, gone, np.inf).argmin())
        if not np.isfinite(gone[node]) or not left[node]:
            return np.inf
        left[node] = False
        gone = np.minimum(gone, gone[node] + metres[node])
    return float(gone[1])


def bent(area: shapely.Geometry) -> shapely.Geometry:
    """Cut edges, straight in lon/lat, until they lie within 1 m of geodesics."""
    lat = min(np.abs(shapely.get_coordinates(area)[:, 1]).max(), 89.0)
    bend = np.tan(np.radians(lat)) / (8 * 6_371_000)
    most_m = np.sqrt(BEND_M / max(bend, 1e-12))
    most_deg = most_m / DEG_M / np.cos(np.radians(lat)).clip(0.2)
    cut: shapely.Geometry = shapely.segmentize(area, most_deg)
    return cut


class Plane:
    """The gnomonic plane of the ellipsoid that touches it at one point."""

    def __init__(self, lon: float, lat: float) -> None:
        self._lon, self._lat = lon, lat

    def flat(self, area: shapely.Geometry) -> shapely.Geometry:
        """Put an area on the plane."""
        flat: shapely.Geometry = shapely.transform(area, self.to)
        return flat

    def to(self, lonlat: FloatArray) -> FloatArray:
        """Put points (n, 2) on the plane, in metres."""
        flat = np.empty_like(lonlat)
        for row, (lon, lat) in enumerate(lonlat.tolist()):
            line = WGS84.Inverse(
                self._lat, self._lon, lat, lon,
                Geodesic.AZIMUTH | Geodesic.REDUCEDLENGTH | Geodesic.GEODESICSCALE,
            )  # fmt: skip
            assert line["M12"] > 0, "beyond the horizon"
            rho, azimuth = line["m12"] / line["M12"], np.radians(line["azi1"])
            flat[row] = rho * np.sin(azimuth), rho * np.cos(azimuth)
        return flat

    def back(self, flat: FloatArray) -> FloatArray:
        """Bring points (n, 2) back into lon/lat, by Newton's method."""
        x, y = flat.T
        azimuth, rho = np.degrees(np.arctan2(x, y)), np.hypot(x, y)
        line_m = WGS84.a * np.arctan(rho / WGS84.a)
        lonlat = np.empty_like(flat)
        for row in range(len(flat)):
            line = WGS84.Line(self._lat, self._lon, azimuth[row], Geodesic.ALL)
            at_m = line_m[row]
            for _ in range(4):
                at = line.Position(
                    at_m, Geodesic.STANDARD | Geodesic.REDUCEDLENGTH | Geodesic.GEODESICSCALE
                )
                at_m -= (at["m12"] / at["M12"] - rho[row]) * at["M12"] ** 2
            lonlat[row] = at["lon2"], at["lat2"]
        return lonlat
