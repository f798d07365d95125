from functools import cache

import numpy as np
import pytest
import shapely
from pyproj import Geod, Transformer

from geo.errors import GeoError
from geo.model import BoolArray, FloatArray
from geo.render.picture.basemap import load_world
from geo.render.picture.projection import (
    KINDS,
    Kind,
    choose_projection,
    enclosing_circle,
    make_projection,
)
from geo.render.picture.window import Plane, Window

CENTRES = [
    (46.013, 46.007), (179.987, 0.003), (-170.013, -60.007), (0.013, 85.007),
]  # fmt: skip
GEOD = Geod(ellps="WGS84")


def scattered(count: int) -> FloatArray:
    """Spread points evenly over the globe, by the golden angle."""
    number = np.arange(count) + 0.5
    lat = np.degrees(np.arcsin(1 - 2 * number / count))
    lon = (number * 180 * (3 - np.sqrt(5))) % 360 - 180
    return np.column_stack([lon, lat])


@cache
def inland_and_offshore() -> tuple[FloatArray, BoolArray]:
    """Find points well away from any coast, and which of them are on land."""
    land = [polygon(piece.rings) for piece in load_world().land]
    on_land = shapely.union_all(shapely.make_valid(land))
    points = scattered(1600)
    at = np.array(shapely.points(points), dtype=object)
    clear = shapely.distance(on_land.boundary, at) > 1.2
    return points[clear], shapely.contains(on_land, at[clear])


def polygon(rings: list[FloatArray]) -> shapely.Polygon:
    return shapely.Polygon(rings[0], rings[1:])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("centre", CENTRES)
def test_land_is_drawn_where_it_is_and_nowhere_else(
    kind: Kind, centre: tuple[float, float]
) -> None:
    lon, lat = centre
    around = np.array([(lon - 9, max(lat - 5, -90)), (lon + 9, min(lat + 5, 90))])
    projection = make_projection(kind, lon, lat, around)
    window = Window(projection, 180.0)
    land = load_world().land
    points, expected = inland_and_offshore()
    # The limb is a ring of straight pieces.
    inside = np.hypot(*window.plane.flat(points).T) < window.reach_deg - 0.5
    shown = np.array([window.shows((lon, lat)) for lon, lat in points]) & inside
    points, expected = points[shown], expected[shown]
    areas = shapely.get_parts(window.areas([piece.rings for piece in land]))
    parts = areas[shapely.get_type_id(areas) == shapely.GeometryType.POLYGON]
    xy = shapely.points(projection.xy(points))
    found, _ = shapely.STRtree(parts).query(xy, predicate="within")
    drawn = np.bincount(found, minlength=len(points))
    assert len(points) > 200
    assert drawn.max() == 1
    assert (drawn == expected).all(), points[drawn != expected]


def test_a_plane_undoes_itself() -> None:
    for lon, lat in CENTRES:
        plane, points = Plane(lon, lat), scattered(500)
        back = plane.lonlat(plane.flat(points))
        _, _, off_m = GEOD.inv(*points.T, *back.T)
        assert np.max(off_m) < 1e-3


@pytest.mark.parametrize(
    ("points", "kind"),
    [
        ([(36, 35), (61, 55)], "lambert"),
        ([(36, 35), (137, 50)], "lambert"),
        ([(9, 0), (37, -1)], "equidistant"),
        ([(-0.5, 51), (151, -34)], "equidistant"),
        ([(-147, 64), (129, 62), (20, 85)], "polar"),
        ([(0, -90), (172, -43)], "polar"),
        ([(-74, 41), (37, -34)], "orthographic"),
        ([(-74, 4), (-60, 65), (10, 20)], "orthographic"),
    ],
)
def test_the_extent_chooses_the_projection(points: list[tuple[float, float]], kind: Kind) -> None:
    assert choose_projection(np.array(points, dtype=float)).kind == kind


@pytest.mark.parametrize("kind", KINDS)
def test_a_projection_is_what_it_says_and_undoes_itself(kind: Kind) -> None:
    points = np.array([(36.0, 35.0), (61.0, 55.0)])
    projection = choose_projection(points, kind)
    assert projection.kind == kind
    reference = Transformer.from_crs("EPSG:4326", projection.definition, always_xy=True)
    assert np.allclose(projection.xy(points), np.column_stack(reference.transform(*points.T)))
    assert np.allclose(projection.lonlat(projection.xy(points)), points)


@pytest.mark.parametrize("lon", [-180.0, 179.9, 0.0])
def test_the_circle_round_points_is_small(lon: float) -> None:
    # A square of 20 degrees on the equator; half its diagonal is 14.1 degrees.
    corners = np.array([(lon + x, y) for x in (-10, 10) for y in (-10, 10)])
    found_lon, found_lat, radius = enclosing_circle(corners)
    assert abs((found_lon - lon + 180) % 360 - 180) < 0.2
    assert abs(found_lat) < 0.2
    assert 14.0 < radius < 14.3


@pytest.mark.parametrize(
    ("kind", "points", "message"),
    [
        ("mercator", [(0, 10), (0, 89)], "mercator: latitude 89"),
        ("lambert", [(0, 10), (170, 10)], "lambert: places 79"),
        ("orthographic", [(0, 10), (179, -9)], "orthographic: places"),
    ],
)
def test_what_a_projection_cannot_show_is_refused(
    kind: Kind, points: list[tuple[float, float]], message: str
) -> None:
    with pytest.raises(GeoError, match=message):
        choose_projection(np.array(points, dtype=float), kind)
