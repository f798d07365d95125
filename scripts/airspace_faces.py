"""Cut overlapping territories into faces and give each face the codes of all that claim it.

Everything here is planar, in degrees of longitude and latitude (OGC:CRS84), on a dyadic grid.
Widths are judged in metres, in a plane scaled at the face's own latitude.
"""

from collections import Counter, defaultdict
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import shapely

from scripts.airspace_names import is_disputed

Geometry: TypeAlias = Any
Claims: TypeAlias = tuple[str, ...]
Faces: TypeAlias = npt.NDArray[np.object_]
Territories: TypeAlias = list[tuple[str, Geometry]]

GRID_DEG: Final = 2.0**-15
METRES_PER_DEG: Final = 111_195.0
PAD: Final = "pad"
NO_STATE: Final = "no state"

OVERLAP_RADIUS_M: Final = 500.0
GAP_RADIUS_M: Final = 1_000.0

# The source draws these borders twice, up to 8 km apart, but the states have no quarrel there.
SETTLED: Final = frozenset(
    {
        ("AFG", "TKM"),
        ("AGO", "COG"),
        ("BRA", "GUY"),
        ("BTN", "IND"),
        ("CHN", "KAZ"),
        ("CHN", "KGZ"),
        ("CHN", "LAO"),
        ("CHN", "TJK"),
        ("FRA", "GGY"),
        ("GIN", "MLI"),
        ("IND", "MMR"),
        ("ITA", "SVN"),
        ("MNG", "RUS"),
    }
)
# Land that the source leaves to nobody, by a point (lon, lat) in it, and who claims it.
CLAIMED_GAPS: Final[dict[tuple[float, float], Claims]] = {
    (35.10, 4.82): ("KEN", "SSD"),  # the Ilemi Triangle
    (35.66, 4.65): ("KEN", "SSD"),
    (-66.45, 80.82): ("CAN", "GRL"),  # Hans Island
    (78.21, 34.78): ("CHN", "IND"),  # the edge of Aksai Chin
    (78.11, 35.49): ("CHN", "IND"),
    (12.49, -4.58): ("AGO", "COG"),  # settled, so a neighbour gets it
    (33.71, 21.88): (NO_STATE,),  # Bir Tawil
    (18.87, 45.77): (NO_STATE,),  # Gornja Siga
}


def cut(territories: Territories) -> tuple[Faces, list[Claims]]:
    """Return the faces that all borders together cut, and the claims on each (`()`: none).

    Two faces beyond +-180 degrees, claimed by `PAD`, hold the ends of the borders that meet there.
    """
    owners, parts = explode(territories)
    net = shapely.get_parts(shapely.union_all(outlines(parts), grid_size=GRID_DEG))
    faces = shapely.get_parts(shapely.polygonize(net))
    return faces, label(faces, owners, parts)


def outlines(geometries: Any) -> Faces:
    """Return the rings of all polygons as lines."""
    rings = shapely.get_rings(shapely.get_parts(geometries))
    lonlat, index = shapely.get_coordinates(rings, return_index=True)
    return np.asarray(shapely.linestrings(lonlat, indices=index), dtype=object)


def explode(territories: Territories) -> tuple[list[str], Faces]:
    """Split territories into polygons with an owner each, and add the two pads."""
    pads = [(PAD, shapely.box(180, -90, 181, 90)), (PAD, shapely.box(-181, -90, -180, 90))]
    owned = [(code, part) for code, whole in territories for part in shapely.get_parts(whole)]
    owners, parts = zip(*owned, *pads, strict=True)
    return list(owners), match_antimeridian(shapely.transform(np.array(parts), snap_antimeridian))


def match_antimeridian(parts: Faces) -> Faces:
    """Let borders that reach +180 and -180 within 1e-4 degrees of latitude meet exactly."""
    lonlat = shapely.get_coordinates(parts)
    there = np.abs(lonlat[:, 0]) == 180
    latitudes, index = np.unique(lonlat[there, 1], return_inverse=True)
    starts = np.concatenate([[True], np.diff(latitudes) > 1e-4])
    lonlat[there, 1] = latitudes[starts][np.cumsum(starts) - 1][index]
    return np.asarray(shapely.set_coordinates(parts.copy(), lonlat), dtype=object)


def snap_antimeridian(lonlat: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Move longitudes within 1e-4 degrees (11 m) of +-180 onto it."""
    lon = lonlat[:, 0]
    near = np.abs(np.abs(lon) - 180) < 1e-4
    return np.column_stack([np.where(near, np.round(lon), lon), lonlat[:, 1]])


def label(faces: Faces, owners: list[str], parts: Faces) -> list[Claims]:
    """Return who claims each face.

    The source draws an enclave as a second polygon inside the first and not as a hole. So an owner
    holds a face that an odd number of its polygons cover. Where that leaves nobody (a lagoon, an
    island inside its own territorial sea), whoever covers it at all holds it.
    """
    cover = count_cover(faces, owners, parts)
    odd = [tuple(sorted(code for code in n if n[code] % 2)) for n in cover]
    return [claims or tuple(sorted(n)) for claims, n in zip(odd, cover, strict=True)]


def count_cover(faces: Faces, owners: list[str], parts: Faces) -> list[Counter[str]]:
    """Count, for each face, how many polygons of each owner cover it."""
    tree = shapely.STRtree(shapely.point_on_surface(faces))
    shells = shapely.polygons(shapely.get_exterior_ring(parts))
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    is_hole = np.concatenate([[False], ring_part[1:] == ring_part[:-1]])
    shell, in_shell = tree.query(shells, predicate="contains")
    hole, in_hole = tree.query(shapely.polygons(rings[is_hole]), predicate="contains")
    outside = set(zip(ring_part[is_hole][hole], in_hole, strict=True))
    cover: list[Counter[str]] = [Counter() for _ in faces]
    for part, face in zip(shell, in_shell, strict=True):
        if (part, face) not in outside:
            cover[face][owners[part]] += 1
    return cover


def clean(faces: Faces, claims: list[Claims]) -> list[Claims]:
    """Give claimed gaps to their claimants, and slivers to the neighbour they border longest."""
    claims = fill_claimed_gaps(faces, claims)
    open_faces = {i for i, face in enumerate(faces) if is_sliver(face, claims[i])}
    tree = shapely.STRtree(faces)
    while open_faces:
        given = {i: heir(i, faces, claims, open_faces, tree) for i in sorted(open_faces)}
        settled = {i: heir_claims for i, heir_claims in given.items() if heir_claims}
        if not settled:
            break
        for i, heir_claims in settled.items():
            claims[i] = heir_claims
        open_faces -= set(settled)
    return claims


def fill_claimed_gaps(faces: Faces, claims: list[Claims]) -> list[Claims]:
    """Return the claims with those of `CLAIMED_GAPS` put in."""
    filled = list(claims)
    tree = shapely.STRtree(faces)
    for lonlat, claimants in CLAIMED_GAPS.items():
        for i in tree.query(shapely.Point(lonlat), predicate="within"):
            filled[i] = filled[i] or claimants
    return filled


def is_sliver(face: Geometry, claims: Claims) -> bool:
    """Tell whether a face is noise: a border drawn twice, or a gap between two borders."""
    if not claims:
        return inner_radius_m(face) < GAP_RADIUS_M
    if not is_disputed(claims):
        return False
    return claims in SETTLED or inner_radius_m(face) < OVERLAP_RADIUS_M


def heir(index: int, faces: Faces, claims: list[Claims], open_faces: set[int], tree: Any) -> Claims:
    """Return the claims of the neighbour that a sliver borders longest, or `()`.

    A sliver that two territories claim goes to one of the two.
    """
    shares: defaultdict[Claims, float] = defaultdict(float)
    for other in tree.query(faces[index], predicate="intersects"):
        fits = not claims[index] or set(claims[other]) <= set(claims[index])
        free = other not in open_faces and claims[other] not in ((), (PAD,), (NO_STATE,))
        if free and fits:
            shares[claims[other]] += shared_border_m(faces[index], faces[other])
    return max(sorted(shares), key=shares.__getitem__, default=())


def shared_border_m(face: Geometry, other: Geometry) -> float:
    """Return the length in metres of the border that two faces share."""
    border = shapely.intersection(face.boundary, other.boundary)
    return float(shapely.length(local_metres(border, latitude=face.centroid.y)))


def inner_radius_m(face: Geometry) -> float:
    """Return the radius in metres of the largest circle inside a face (to 20 m)."""
    plane = local_metres(face, latitude=face.centroid.y)
    return float(shapely.maximum_inscribed_circle(plane, tolerance=20).length)


def local_metres(geometry: Geometry, *, latitude: float) -> Geometry:
    """Return a geometry in metres, in a plane true to scale at `latitude`."""
    scale = METRES_PER_DEG * np.array([np.cos(np.radians(latitude)), 1])
    return shapely.transform(geometry, lambda lonlat: lonlat * scale)


def merge(faces: Faces, claims: list[Claims]) -> list[tuple[Claims, Geometry]]:
    """Return one geometry for each set of claims, sorted by the claims."""
    groups: defaultdict[Claims, list[Geometry]] = defaultdict(list)
    for face, claimants in zip(faces, claims, strict=True):
        if claimants:
            groups[claimants].append(face)
    return [(key, shapely.coverage_union_all(groups[key])) for key in sorted(groups)]
