import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic  # type: ignore[import-untyped]
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geo import layers
from geo.errors import LayerError
from geo.layers import Layer, Volume, load_layer, read_layer

DATA = Path(__file__).parent / "data" / "layers"
WGS84 = Geodesic.WGS84
BOX = [[0, 0], [2, 0], [2, 1], [0, 1], [0, 0]]


def feature(coordinates: Any, kind: str = "Polygon", **properties: Any) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: Any, **members: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features, **members}).encode()


def ring_layer(*ring: tuple[float, float]) -> Layer:
    return read_layer(collection(feature([ring])), "x.geojson")


def ring_volume(*ring: tuple[float, float]) -> Volume:
    return ring_layer(*ring).volumes[0]


def holds(volume: Volume, lon: float, lat: float) -> bool:
    return bool(shapely.contains_xy(volume.geometry, lon, lat))


# ---- GeoJSON -------------------------------------------------------------------------------------


def test_a_geojson_file_is_read() -> None:
    layer = load_layer(DATA / "areas.geojson")
    assert layer.name == "areas.geojson"
    assert [(v.number, v.name) for v in layer.volumes] == [
        (1, "Made-up box"), (2, "NFFF-ish"), (4, "volume 4"),
    ]  # fmt: skip
    box, fiji, two = layer.volumes
    assert (box.id, box.kind, box.lower) == ("box-1", "R", "GND")
    assert json.loads(box.upper) == {"value": 195, "unit": "FL"}
    assert box.geometry.area == 15
    assert holds(fiji, 179, -15) and holds(fiji, -179, -15) and not holds(fiji, 0, -15)
    assert two.geometry.area == pytest.approx(4 + 2)
    assert layer.skipped == ('feature 3 "a line": LineString is no area',)
    assert [note.split(":")[0] for note in layer.notes] == [
        'feature 2 "NFFF-ish"', 'feature 4 "volume 4"',
    ]  # fmt: skip


@pytest.mark.parametrize("top", [feature([BOX]), {"type": "Polygon", "coordinates": [BOX]}])
def test_a_feature_or_a_geometry_may_stand_alone(top: dict[str, Any]) -> None:
    layer = read_layer(b"\xef\xbb\xbf \n" + json.dumps(top).encode(), "one.json")
    assert [volume.geometry.area for volume in layer.volumes] == [2]


@pytest.mark.parametrize("ring", [BOX, BOX[::-1], BOX[:-1], [p for p in BOX for _ in range(2)]])
def test_winding_closing_and_repeats_change_nothing(ring: list[list[float]]) -> None:
    layer = read_layer(collection(feature([ring])), "x")
    assert layer.volumes[0].geometry.equals(shapely.box(0, 0, 2, 1))
    assert layer.notes == ()


@pytest.mark.parametrize(
    ("ring", "inside", "outside", "area"),
    [
        # the same box of 20 by 10 degrees: jumping, past 180, past -180, a turn away
        ([(170, 0), (-170, 0), (-170, 10), (170, 10)], (180, 5), (0, 5), 200),
        ([(170, 0), (190, 0), (190, 10), (170, 10)], (-179, 5), (0, 5), 200),
        ([(-190, 0), (-170, 0), (-170, 10), (-190, 10)], (179, 5), (0, 5), 200),
        ([(350, 0), (360, 0), (360, 10), (350, 10)], (-5, 5), (5, 5), 100),
        # round a pole, either way; over it; the whole band
        ([(0, 70), (90, 70), (180, 70), (-90, 70)], (45, 80), (45, 60), 7200),
        ([(-90, -70), (180, -70), (90, -70), (0, -70)], (45, -80), (45, -60), 7200),
        ([(-180, -60), (0, -60), (180, -60)], (45, -80), (45, -50), 10800),
        ([(-180, -90), (180, -90), (180, -60), (-180, -60)], (45, -80), (45, -50), 10800),
        ([(-180, -60), (0, -60), (180, -60), (180, -90), (-180, -90)], (9, -80), (9, 0), 10800),
        ([(-180, 10), (180, 10), (180, 20), (-180, 20)], (45, 15), (45, 25), 3600),
        ([(170, 60), (170, 90), (-170, 90), (-170, 60)], (179, 75), (0, 75), 600),
    ],
)
@pytest.mark.parametrize("step", [1, -1])
def test_rings_over_the_antimeridian_and_the_poles(
    ring: list[tuple[float, float]],
    inside: tuple[float, float],
    outside: tuple[float, float],
    area: float,
    step: int,
) -> None:
    volume = ring_volume(*ring[::step])
    assert volume.geometry.is_valid
    assert np.abs(volume.geometry.bounds)[[0, 2]].max() <= 180
    assert shapely.intersects_xy(volume.geometry, *inside)
    assert not holds(volume, *outside)
    assert volume.geometry.area == pytest.approx(area)


def test_a_hole_may_be_given_a_turn_away_from_its_shell() -> None:
    shell = [(170, 0), (190, 0), (190, 10), (170, 10)]
    hole = [(-178, 4), (-178, 6), (-176, 6), (-176, 4)]
    (volume,) = read_layer(collection(feature([shell, hole])), "x").volumes
    assert volume.geometry.area == pytest.approx(196)
    assert not holds(volume, -177, 5)


@pytest.mark.parametrize(
    ("properties", "name"),
    [
        ({"name": "EDGG"}, "EDGG"),
        ({"NAME": "EDGG"}, "EDGG"),
        ({"title": "EDGG", "designator": "X"}, "EDGG"),
        ({"name": " ", "designator": "EDGG"}, "EDGG"),
        ({"name": None, "id": 7}, "7"),
        ({"name": True}, "volume 1"),
        ({"name": "<script>alert(1)</script>"}, "<script>alert(1)</script>"),
        ({"name": "=1+1"}, "=1+1"),
        ({"name": "a\nb\x1b[31m\u202e\x00"}, "a b�[31m��"),
        ({"name": "\ud800x"}, "�x"),
        ({"name": "Zürich 東京"}, "Zürich 東京"),
        ({"name": "A" * 10_000}, "A" * 200),
        (None, "volume 1"),
    ],
)
def test_names_are_text(properties: dict[str, Any] | None, name: str) -> None:
    one = {**feature([BOX]), "properties": properties}
    (volume,) = read_layer(collection(one), "x").volumes
    assert volume.name == name
    assert volume.name.encode()


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("NaN", "longitude NaN is outside -360..360"),
        ("Infinity", "longitude Infinity is outside -360..360"),
        ("1e999", "longitude Infinity is outside"),
        ("361", "longitude 361 is outside -360..360"),
        ("1" * 400, "longitude 1111"),
        ('"5"', 'longitude "5" is no number'),
        ("null", "longitude null is no number"),
        ("true", "longitude true is no number"),
        ("[1]", "longitude a list of 1 is no number"),
    ],
)
def test_a_bad_coordinate_is_refused_by_feature_and_value(value: str, message: str) -> None:
    text = collection(feature([BOX]), feature([[["?", 0], *BOX[1:-1]]], name="Bad"))
    with pytest.raises(LayerError) as told:
        read_layer(text.replace(b'"?"', value.encode()), "x.geojson")
    assert str(told.value).startswith(f'x.geojson: feature 2 "Bad": ring 1: vertex 1: {message}')


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "holds no area"),
        (b"{", "is not JSON: line 1, column 2"),
        (b"[1, 2]", "is no GeoJSON object but a list of 2"),
        (b"{}", 'holds no area; feature 1 "volume 1": a feature with no geometry is no area'),
        (b'{"a": "\xff"}', "is not UTF-8: byte 7"),
        (b"[" * 200_000, "is nested too deeply"),
        (b'{"a": ' + b"1" * 5000 + b"}", "is not JSON: a number is too long"),
        (b'{"type": "FeatureCollection"}', "features null is not a list"),
        (collection(3), "feature 1: 3 is not an object"),
        (collection(feature(7)), 'feature 1 "volume 1": 7 is not a list'),
        (collection(feature([7])), 'feature 1 "volume 1": ring 1: 7 is not a list'),
        (collection(feature([[7]])), "ring 1: vertex 1: 7 is no longitude, latitude"),
        (collection(feature([[[7]]])), "vertex 1: a list of 1 is no longitude, latitude"),
        (collection(feature([[[0, 91]]])), "vertex 1: latitude 91 is outside -90..90"),
        (collection(feature(None, "MultiPolygon")), "coordinates: null is not a list"),
        (collection(feature([BOX]), crs={"properties": {"name": "EPSG:3857"}}), "crs"),
        (collection(feature([[[0, 0], [1, 1], [2, 2]]])), "encloses no area"),
        (collection(feature([])), "encloses no area"),
        (collection(feature([[]])), "encloses no area"),
        (b" " * (layers.MAX_BYTES + 1), "is larger than 20,000,000 bytes"),
        (collection(*[1] * 50_001), "has 50,001 features, more than 50,000"),
        (collection(feature([[[170 * (-1) ** i, 0] for i in range(9)] * 9_000])), "° of edges"),
    ],
)  # fmt: skip
def test_what_is_no_layer_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(LayerError, match=r"^x: ") as told:
        read_layer(data, "x")
    assert message in str(told.value)
    assert "\n" not in str(told.value)


def test_lon_lat_by_its_old_name_is_read() -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    assert read_layer(collection(feature([BOX]), crs=crs), "x").volumes


def test_too_many_vertices_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "MAX_VERTICES", 9)
    with pytest.raises(LayerError, match='feature 2 "volume 2": 10 vertices, more than 9'):
        read_layer(collection(feature([BOX]), feature([BOX])), "x")


def test_a_ring_that_crosses_itself_without_end_is_refused() -> None:
    scribble = np.random.default_rng(1).uniform(0, 1, (20_000, 2)).tolist()
    with pytest.raises(LayerError, match=r"crosses itself some [0-9,]+ times, over 20,000"):
        read_layer(collection(feature([scribble])), "x")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LayerError, match=r"^none\.json: can't be read: No such file"):
        load_layer(tmp_path / "none.json")


# ---- OpenAir -------------------------------------------------------------------------------------

AC = "AC R\nAN Test\n"


def openair(lines: str) -> Volume:
    (volume,) = read_layer((AC + lines).encode(), "x.txt").volumes
    return volume


def distances_m(lon: float, lat: float, volume: Volume) -> list[float]:
    """Measure from a point to the vertices of a volume and to the middles of its edges."""
    assert isinstance(volume.geometry, shapely.Polygon)
    xy = shapely.get_coordinates(volume.geometry.exterior)
    xy[:, 0] = np.unwrap(xy[:, 0], period=360)
    probes = np.vstack([xy, (xy[1:] + xy[:-1]) / 2])
    return [WGS84.Inverse(lat, lon, y, x)["s12"] for x, y in probes.tolist()]


def test_an_openair_file_is_read() -> None:
    layer = load_layer(DATA / "areas.openair.txt")
    assert [(v.number, v.name, v.kind, v.lower, v.upper) for v in layer.volumes] == [
        (1, "CTR Circle", "D", "SFC", "2500ft MSL"),
        (2, "Quarter, clockwise", "R TRA", "FL100", "FL195"),
        (3, "Three quarters, counter-clockwise", "Q", "", ""),
    ]
    assert layer.skipped == ('line 25 "volume 4": terrain is no airspace',)


@pytest.mark.parametrize("lat", [0, 47, 70, 85])
@pytest.mark.parametrize("radius_nm", [0.1, 5, 100])
def test_a_circle_keeps_its_radius(lat: int, radius_nm: float) -> None:
    volume = openair(f"V X={lat}:00:00 N 008:00:00 E\nDC {radius_nm}")
    found = distances_m(8, lat, volume)
    assert min(found) >= radius_nm * 1852 - 10
    assert max(found) <= radius_nm * 1852 + 10


@pytest.mark.parametrize(("lat", "south"), [(89, 87.8), (-89, -87.8)])
def test_a_circle_round_a_pole_holds_it(lat: int, south: float) -> None:
    side = "N" if lat > 0 else "S"
    volume = openair(f"V X=89:00:00 {side} 008:00:00 E\nDC 180")
    assert holds(volume, 100, 0.99999 * 90 * np.sign(lat))
    assert holds(volume, -172, 88.2 * np.sign(lat))
    assert not holds(volume, -172, south)


@pytest.mark.parametrize(
    ("lines", "inside", "outside"),
    [
        ("DA 10,0,90", (9.1, 47.05), [(8.9, 47.05), (8.9, 46.95), (9.1, 46.95)]),
        ("DA 10,90,0", (8.9, 46.95), [(9.1, 47.05)]),
        ("V D=-\nDA 10,0,90", (8.9, 46.95), [(9.1, 47.05)]),
        ("V D=-\nV D=+\nDA 10,0,90", (9.1, 47.05), [(8.9, 46.95)]),
        ("v d = -\nda 10, 0, 90", (8.9, 46.95), [(9.1, 47.05)]),
        ("DA 10,350,10", (9.0, 47.1), [(9.1, 47.05), (9.0, 46.9)]),
        ("DB 47:10:00N 009:00:00E, 47:00:00N 009:14:39E", (9.1, 47.05), [(8.9, 46.95)]),
        ("V D=-\nDB 47:10:00N 009:00:00E, 47:00:00N 009:14:39E", (8.9, 47), [(9.1, 47.05)]),
    ],
)
def test_arcs_turn_the_way_they_are_told(
    lines: str, inside: tuple[float, float], outside: list[tuple[float, float]]
) -> None:
    center = "47:00:00 N 009:00:00 E"
    volume = openair(f"V X={center}\nDP {center}\n{lines}")
    assert holds(volume, *inside)
    assert not any(holds(volume, *at) for at in outside)


def test_the_direction_is_forgotten_with_each_airspace_but_not_the_centre() -> None:
    center = "47:00:00 N 009:00:00 E"
    text = f"{AC}V X={center}\nV D=-\nDC 1\nAC D\nDP {center}\nDA 10,0,90"
    volume = read_layer(text.encode(), "x").volumes[1]
    assert holds(volume, 9.1, 47.05)


def test_an_arc_keeps_the_ends_that_the_file_gives() -> None:
    volume = openair("V X=47:00:00N 009:00:00E\nDB 47:10:00N 009:00:00E, 47:00:00N 009:15:00E")
    vertices = shapely.get_coordinates(volume.geometry).tolist()
    assert [9.0, pytest.approx(47 + 10 / 60)] in vertices
    assert [9.25, 47.0] in vertices


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_line_ends_and_encodings(ending: str, encoding: str) -> None:
    text = "AC D\nAN Zürich Süd\nXX ?\n\tV  X=47:0:0N 9:0:0E * here\nSP 0\ndc\t5\n"
    layer = read_layer(text.replace("\n", ending).encode(encoding), "x")
    assert [volume.name for volume in layer.volumes] == ["Zürich Süd"]


@pytest.mark.parametrize(
    ("lines", "line", "message"),
    [
        ("DP 47:00:00 009:00:00", 3, "can't be read"),
        ("DP", 3, "can't be read"),
        ("DP 91:00:00N 009:00:00E", 3, "91, 9 is off the earth"),
        ("DP 47:00:00N 181:00:00E", 3, "47, 181 is off the earth"),
        ("DP 47:75:00N 009:00:00E", 3, "minutes or seconds over 60"),
        ("DB 47:10:00.000 N 009:00:00.000 E, 47:00:00.000 N 009:75:00.000 E", 3, "over 60"),
        ("DP " + "9" * 5000 + ":00:00N 009:00:00E", 3, "can't be read"),
        ("DC 5", 3, "has no centre: no V X= stands before it"),
        ("V X=47:00:00N 009:00:00E\nDC nan", 4, "radius nan NM is outside"),
        ("V X=47:00:00N 009:00:00E\nDC -1", 4, "radius -1 NM is outside"),
        ("V X=47:00:00N 009:00:00E\nDC 1e9", 4, "radius 1e+09 NM is outside"),
        ("V X=47:00:00N 009:00:00E\nDA 5,nan,7", 4, "angles outside -720..720"),
        ("V X=47:00:00N 009:00:00E\nDA 5,7", 4, "can't be read"),
        ("V X 47:00:00N 009:00:00E", 3, "can't be read"),
        ("V Q=5", 3, "can't be read"),
        ("DX 5", 3, "can't be read"),
    ],
)
def test_a_bad_line_is_refused_by_its_number(lines: str, line: int, message: str) -> None:
    with pytest.raises(LayerError, match=rf'^x: line {line}: "') as told:
        read_layer((AC + lines).encode(), "x")
    assert message in str(told.value)
    assert len(str(told.value)) < 300


def test_a_drawing_before_any_airspace_is_refused() -> None:
    with pytest.raises(LayerError, match='line 1: "DC 5" stands before any AC'):
        read_layer(b"DC 5", "x")


def test_an_airway_is_no_area() -> None:
    with pytest.raises(LayerError, match="DY draws an airway"):
        read_layer((AC + "DY 47:00:00N 009:00:00E").encode(), "x")


# ---- any bytes at all ----------------------------------------------------------------------------

NUMBERS = st.one_of(
    st.floats(), st.integers(-400, 400), st.sampled_from([-180, 180, 90, -90, 0, 360, -360])
)
MAP = st.tuples(
    st.integers(-36, 36).map(lambda n: n * 10), st.integers(-9, 9).map(lambda n: n * 10)
)
RINGS = st.lists(st.one_of(MAP.map(list), st.lists(NUMBERS, max_size=3)), max_size=7)
GOOD_RINGS = st.lists(MAP.map(list), max_size=9)
POLYGONS = st.lists(st.one_of(RINGS, GOOD_RINGS), max_size=3)
JUNK = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, st.text(max_size=5)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["type", "name", "id", "geometry", "coordinates", "properties"]),
        inner, max_size=4,
    ),
    max_leaves=8,
)  # fmt: skip
GEOMETRIES = st.one_of(
    JUNK,
    st.builds(lambda c: {"type": "Polygon", "coordinates": c}, st.one_of(POLYGONS, JUNK)),
    st.builds(lambda c: {"type": "MultiPolygon", "coordinates": c}, st.lists(POLYGONS, max_size=3)),
)
FEATURES = st.builds(
    lambda g, p, i: {"type": "Feature", "geometry": g, "properties": p, "id": i},
    GEOMETRIES, JUNK, JUNK,
)  # fmt: skip
FILES = st.one_of(
    JUNK,
    GEOMETRIES,
    st.builds(
        lambda f: {"type": "FeatureCollection", "features": f},
        st.lists(st.one_of(FEATURES, JUNK), max_size=4),
    ),
)
ANGLE = st.builds(
    lambda d, m, sep, side: f"{d}:{m}{sep}{side}",
    st.integers(0, 190), st.sampled_from(["0:0", "30.5", "59:60", "61", ""]),
    st.sampled_from(["", " "]), st.sampled_from("NSEW"),
)  # fmt: skip
POINT = st.one_of(
    st.builds("{0}:00:00 N {1}:00:00 E".format, st.integers(0, 90), st.integers(0, 180)),
    st.builds("{0} {1}".format, ANGLE, ANGLE),
)
LINES = st.one_of(
    st.text(max_size=12),
    st.builds("{0} {1}".format, st.sampled_from(["AC", "AN", "AY", "TO"]), st.text(max_size=5)),
    st.builds("DP {0}".format, POINT),
    st.builds("V X={0}".format, POINT),
    st.builds("DB {0}, {1}".format, POINT, POINT),
    st.builds("DA {0},{1},{2}".format, NUMBERS, NUMBERS, NUMBERS),
    st.builds("DC {0}".format, NUMBERS),
    st.sampled_from(["V D=-", "V D=+", "V", "V =", "DY", "DB ,", "AC", "DC 5400", "DC 100"]),
)  # fmt: skip


def read_or_refuse(data: bytes) -> None:
    try:
        layer = read_layer(data, "x")
    except LayerError as error:
        assert re.fullmatch(r"x: .+", str(error))
        assert str(error).isprintable()
        return
    for volume in layer.volumes:
        geometry = volume.geometry
        assert geometry.geom_type in ("Polygon", "MultiPolygon")
        assert geometry.is_valid and not geometry.is_empty
        west, south, east, north = geometry.bounds
        assert -180 <= west <= east <= 180 and -90 <= south <= north <= 90
        assert volume.name.isprintable()


@given(st.binary(max_size=60))
@example(b"\x00{")
@example(b"AC\nDP")
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    read_or_refuse(data)


@settings(max_examples=400)
@given(FILES)
def test_any_json_is_read_or_refused(value: object) -> None:
    read_or_refuse(json.dumps(value).encode())


@settings(max_examples=300)
@given(st.lists(st.lists(GOOD_RINGS, min_size=1, max_size=3), min_size=1, max_size=3))
def test_any_rings_are_read_or_refused(polygons: list[Any]) -> None:
    read_or_refuse(collection(feature(polygons, "MultiPolygon")))


@settings(max_examples=400)
@given(st.lists(LINES, max_size=9), st.booleans())
def test_any_lines_are_read_or_refused(lines: list[str], begun: bool) -> None:
    text = "\n".join(["AC R\nV X=47:00:00N 179:00:00E" if begun else "", *lines])
    read_or_refuse(text.encode("utf-8", "replace"))
