"""Areas of a file that are closed: ways around them, against brute force and by geometry alone."""

import json
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from geo.closure import Closure, closed_name, make_closure
from geo.corridor import Ground, Router, Way, make_ground
from geo.errors import LayerError, NoWayError
from geo.geodesy import GEOD, make_track
from geo.layers import read_layer
from geo.model import FloatArray, LonLat, Place
from geo.overlay import make_overlay
from geo.shut_areas import MOST_VERTICES, ShutAreas, shut_areas
from tests.brute_ways import Field, Plane, bent, make_field, shortest_m
from tests.shipped import HMEYMIM, MOZDOK, SHAGOL, TOLD, airspace, ground, router
from tests.test_corridor import MIDDLES, RINGS, filled_ground, place, ring_of

Rings = Sequence[Sequence[LonLat]]


def closed_file(*polygons: Rings, name: str = "notam.geojson") -> ShutAreas:
    """Read polygons, each a shell and its holes, as a file has them, and close them."""
    features = [
        {
            "type": "Feature",
            "properties": {"name": f"R-{number}"},
            "geometry": {"type": "Polygon", "coordinates": [[*map(list, r)] for r in rings]},
        }
        for number, rings in enumerate(polygons, 1)
    ]
    data = json.dumps({"type": "FeatureCollection", "features": features})
    return shut_areas(make_overlay(read_layer(data.encode(), name)))


def box(west: float, south: float, east: float, north: float) -> list[LonLat]:
    return [(west, south), (east, south), (east, north), (west, north), (west, south)]


def find(closure: Closure, start: Place, end: Place) -> Way:
    return Router(ground(), closure).find(start, end)


def inside_m(way: Way, areas: ShutAreas) -> float:
    """Measure what of a way lies in areas, by Shapely alone, on a line that is 0.1 m off it."""
    lonlat = make_track(way.route, max_offset_m=0.1).lonlat
    shut = shapely.union_all(areas.overlay.areas)
    moved = [shapely.LineString(lonlat + [turn, 0]) for turn in (-360.0, 0.0, 360.0)]
    pieces = shapely.get_parts(shapely.intersection(shut, moved))
    return float(sum(GEOD.geometry_length(piece) for piece in pieces))


# ---- against brute force on made-up fields -----------------------------------------------------


@st.composite
def fields(draw: st.DrawFn) -> tuple[Field, list[shapely.Polygon], list[LonLat]]:
    """Draw a field of states, areas over it, and two ends."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    size_km = draw(st.sampled_from([20.0, 60.0, 200.0]))
    kinds = st.sampled_from(RINGS)
    states = [ring_of(rng, size_km, draw(kinds)) for _ in range(rng.integers(1, 4))]
    closed = (rng.random(len(states)) < 0.7).tolist()
    field = make_field(*draw(st.sampled_from(MIDDLES)), states, closed)
    rings = [ring_of(rng, size_km, draw(kinds)) for _ in range(rng.integers(1, 4))]
    areas = [shapely.Polygon(np.column_stack(field.lonlat(*ring.T))) for ring in rings]
    return field, areas, [field.lonlat(*rng.uniform(-size_km, size_km, 2)) for _ in range(2)]


def whole(field: Field, areas: Sequence[shapely.Polygon]) -> Field:
    """Take areas as closed faces, which is the same to brute force."""
    mended = [part for area in areas for part in shapely.get_parts(shapely.make_valid(area))]
    polygons = [part for part in mended if part.geom_type == "Polygon"]
    return replace(
        field,
        faces=[*field.faces, *polygons],
        closed=[*field.closed, *[True] * len(polygons)],
    )


def assert_shortest(
    field: Field, areas: Sequence[shapely.Polygon], ends: Sequence[LonLat]
) -> tuple[float, float]:
    """Compare ways with brute force, on borders as they are and with pockets filled.

    As in `tests.test_corridor`, they keep 50 m off the corners that they turn at.
    """
    least_m, most_m = (shortest_m(whole(field, areas), *ends, wider_m) for wider_m in (0.0, 60.0))
    shut = field.airspace()
    files = closed_file(*([shapely.get_coordinates(area).tolist()] for area in areas))
    found_m = np.inf
    for plain in (make_ground(shut), filled_ground(shut)):
        states = ["SHT"] if any(field.closed) else []
        closure = make_closure(shut, states, areas=[files])
        try:
            way = Router(plain, closure).find(*map(place, ends))
        except NoWayError:
            found_m = np.inf
        else:
            found_m = way.route.length_m
            assert inside_m(way, files) < 1
        assert least_m - 1 <= found_m <= most_m + 1
    return least_m, found_m


@settings(max_examples=60)
@given(fields())
def test_no_way_is_shorter_by_brute_force(
    drawn: tuple[Field, list[shapely.Polygon], list[LonLat]],
) -> None:
    field, areas, ends = drawn
    assume(field.faces)
    plane = Plane(field.lon, field.lat)
    gaps_m = shapely.distance(
        plane.flat(bent(whole(field, areas).shut())), shapely.points(plane.to(np.array(ends)))
    )
    assume(gaps_m.min() > 250)
    assert_shortest(field, areas, ends)
