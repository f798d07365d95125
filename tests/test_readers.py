"""Files as other programs write them, tables as people do, and what is said of each."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic  # type: ignore[import-untyped]

from geo import readers
from geo.errors import OpenError, PlaceError
from geo.geodesy import make_route
from geo.model import Place, Route
from geo.places import make_gazetteer
from geo.readers import Opened, read_opened
from geo.readers.draft import MAX_PLACES, MAX_ROUTES
from geo.readers.lines import MAX_LEGS, MAX_TRACK_LEGS
from geo.readers.thinning import thinned

ROOT = Path(__file__).parents[1]
DATA = Path(__file__).parent / "data" / "opened"
FIND = make_gazetteer([]).find
HMEYMIM, SHAGOL, MOZDOK = (35.9487, 35.4011), (61.3008, 55.2592), (44.6033, 43.7875)
BY_BAKU = [HMEYMIM, (49.9, 40.1), SHAGOL]


def opened(file: str) -> Opened:
    return read_opened(file, (DATA / file).read_bytes(), FIND)


def read(text: str | bytes, name: str = "x") -> Opened:
    return read_opened(name, text if isinstance(text, bytes) else text.encode(), FIND)


def lonlat(route: Route) -> list[tuple[float, float]]:
    return [(place.lon, place.lat) for place in route.places]


def names(found: Opened) -> list[str]:
    return [route.name for route in found.routes]


def refusal(text: str | bytes) -> str:
    with pytest.raises(OpenError) as caught:
        read(text)
    message = str(caught.value)
    assert message.startswith("x: ") and message.isprintable() and len(message) <= 500
    return message.removeprefix("x: ")


# ---- other programs ------------------------------------------------------------------------------


def test_gpsbabel_gpx() -> None:
    found = opened("gpsbabel.gpx")
    assert names(found) == ["OSLK-Shagol", "ACTIVE LOG, part 1", "ACTIVE LOG, part 2"]
    assert lonlat(found.routes[0]) == BY_BAKU
    assert [place.name for place in found.routes[0].places] == ["OSLK", "RPT001", "USCG"]
    assert lonlat(found.routes[1]) == [HMEYMIM, (36.9, 36.1)]
    # the third point repeats the second
    assert lonlat(found.routes[2]) == [(41.9, 37.1), (44.9, 38.1), (48.9, 40.1)]
    assert found.places == (Place("OSLK", "OSLK", *HMEYMIM), Place("Моздок", "Моздок", *MOZDOK))
    assert found.notes == () and found.layer is None and found.story is None


def test_gpx_studio() -> None:
    found = opened("gpx_studio.gpx")
    assert names(found) == ["Over the Caspian"]
    assert lonlat(found.routes[0]) == [(50.0467, 40.4675), (51.2, 43.6), (51.9, 47.1)]
    assert [place.name for place in found.places] == ["Baku"]
    assert found.notes == ()


def test_ogr2ogr_gpx_keeps_the_names_of_the_format() -> None:
    found = opened("ogr2ogr.gpx")
    assert names(found) == ["to Shagol"]
    assert lonlat(found.routes[0]) == [HMEYMIM, SHAGOL]


def google_earth(found: Opened) -> None:
    assert names(found) == ["To Shagol", "A flight as flown, part 1", "A flight as flown, part 2"]
    assert lonlat(found.routes[0]) == BY_BAKU
    assert lonlat(found.routes[2]) == [(41.9, 37.1), (44.9, 38.1)]
    assert found.places == (Place("Hmeymim & Latakia", "Hmeymim & Latakia", *HMEYMIM),)
    assert found.layer is not None and found.layer.skipped == ()
    assert [(v.name, v.geometry.area) for v in found.layer.volumes] == [("Closed box", 12 - 1)]
    assert [note.partition(": ")[2] for note in found.notes] == [
        'Placemark 2 "A view, no place": has no point, line or area',
        "line 89: NetworkLink is not read: only Placemarks are",
    ]


def test_google_earth_kml() -> None:
    google_earth(opened("google_earth.kml"))


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_google_earth_kmz(method: int) -> None:
    google_earth(read(kmz({"doc.kml": "google_earth.kml", "files/a.png": None}, method)))


def kmz(entries: dict[str, str | None], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for entry, file in entries.items():
            archive.writestr(entry, (DATA / file).read_bytes() if file else b"\x89PNG")
    return packed.getvalue()


def test_every_kml_of_a_kmz_is_read_and_doc_first() -> None:
    found = read(kmz({"more/firs.KML": "ogr2ogr.kml", "doc.kml": "google_earth.kml"}))
    assert found.layer is not None
    assert [v.name for v in found.layer.volumes] == ["Closed box", "Baku FIR", "UTAA"]
    assert len(found.routes) == 3


def test_ogr2ogr_kml_with_its_table_of_fields() -> None:
    found = opened("ogr2ogr.kml")
    assert found.layer is not None
    baku, utaa = found.layer.volumes
    assert (baku.number, baku.name, baku.lower, baku.upper) == (1, "Baku FIR", "GND", "UNL")
    assert baku.geometry.bounds == (44.8, 38.5, 51, 42) and baku.geometry.is_valid
    assert (utaa.name, utaa.geometry.bounds) == ("UTAA", (54, 37, 60, 42))
    assert found.notes == ()


def test_qgis_geojson() -> None:
    found = opened("qgis.geojson")
    assert names(found) == ["to Shagol", "a bad one"]
    assert lonlat(found.routes[0]) == BY_BAKU
    assert lonlat(found.routes[1]) == [(35.9, 35.4), (61.3, 55.2)]
    assert found.places == (Place("Моздок", "Моздок", *MOZDOK),)
    assert found.layer is not None and found.layer.volumes[0].geometry.area == 12
    assert found.notes == (
        'qgis.geojson: feature 4 "nothing drawn": has no geometry; left out',
        'qgis.geojson: feature 5 "a bad one": vertex 2: latitude 155.26 is outside -90..90; '
        "are latitude and longitude exchanged?; left out",
    )


def test_qgis_csv_with_wkt() -> None:
    found = opened("qgis_wkt.csv")
    assert [(route.name, lonlat(route)) for route in found.routes] == [
        ("to Shagol", BY_BAKU), ("to Mozdok", [HMEYMIM, MOZDOK]),
    ]  # fmt: skip
    assert [place.name for place in found.places] == ["Mozdok"]
    assert found.layer is not None and found.layer.volumes[0].geometry.area == 12
    assert found.notes == ('qgis_wkt.csv: line 6: "LINESTRING (35.9487" is no geometry in WKT',)


def test_gpsbabel_unicsv() -> None:
    found = opened("gpsbabel_unicsv.csv")
    assert found.places == (Place("OSLK", "OSLK", *HMEYMIM), Place("URMF", "URMF", *MOZDOK))


def test_a_flight_tracker_s_positions_are_one_track() -> None:
    found = opened("fr24.csv")
    assert names(found) == ["RFF7064"]
    assert lonlat(found.routes[0]) == [HMEYMIM, (36.9, 36.1), (41.9, 37.1)]


def test_a_story_is_read_as_one() -> None:
    found = read((ROOT / "data" / "routes.geojson").read_bytes(), "routes.geojson")
    assert found.story is not None
    assert names(found) == [route.name for route in found.story.routes]
    assert [place.id for place in found.places] == list(found.story.places)
    assert found.notes == ()


def test_a_story_that_is_refused_is_read_as_plain_geojson() -> None:
    story = json.loads((DATA / "qgis.geojson").read_text("utf-8"))
    found = read(json.dumps({**story, "corridor": {}}))
    assert found.story is None and len(found.routes) == 2
    assert found.notes[0].startswith("x: is read as plain GeoJSON, as no story: ")


def test_openair_and_plain_areas_are_a_layer() -> None:
    for file in sorted((DATA.parent / "layers").iterdir()):
        found = read(file.read_bytes(), file.name)
        assert found.layer is not None and len(found.layer.volumes) > 1


# ---- tables --------------------------------------------------------------------------------------


def test_a_table_of_routes() -> None:
    found = opened("flights.csv")
    assert names(found) == ["To Shagol", "35.4011N 35.9487E-UBBB-URMM", "EGLL-KJFK", "By sight"]
    assert [place.id for place in found.routes[0].places] == ["OSLK", "USCG"]
    assert len(found.routes[1].legs) == 2
    assert lonlat(found.routes[3])[1] == (37.41, 55.97)
    assert found.notes == (
        'flights.csv: line 3: no place "XXXX"; did you mean DXXX?',
        "flights.csv: line 6: has too few cells: a point is empty",
    )


@pytest.mark.parametrize(
    "text",
    [
        "from,to\nEGLL,KJFK\n",
        "sep=;\r\nfrom;to\r\nEGLL;KJFK\r\n",
        "to\tfrom\nKJFK\tEGLL",
        "Departure ICAO|Arrival ICAO\nEGLL|KJFK",
        "origin_name,origin_iata,dest_iata\nsomewhere,LHR,JFK",
        "ADEP;ADES;source\nEGLL;KJFK;a newspaper\n",
        'from;to\n"EGLL";" KJFK "\n\n',
        "EGLL,KJFK",
        "first;EGLL;KJFK\nsecond;EGLL;KJFK",
        "route\nEGLL-KJFK\n",
        "EGLL-KJFK\nEGLL-KJFK\n",
        "dep_lat,dep_lon,arr_lat,arr_lon\n51.4706,-0.461941,40.6398,-73.7789",
        "lat1;lon1;lat2;lon2\n51,4706;-0,461941;40,6398;-73,7789",
        "1,51.4706,-0.461941,40.6398,-73.7789\n2,51.4706,-0.461941,40.6398,-73.7789",
        "-0.461941,51.4706,-73.7789,40.6398\n-100.5,51.4706,-73.7789,40.6398",
        "51.4706N;0.461941W;40.6398N;73.7789W",
        'from,to\n"51.4706, -0.461941","40.6398N 73.7789W"',
        "track,y,x\nA,51.4706,-0.461941\nA,40.6398,-73.7789\nB,1,1\nB,2,2\n",
    ],
)
def test_a_route_may_be_told_in_many_ways(text: str) -> None:
    found = read(text)
    expected = [(-0.461941, 51.4706), (-73.7789, 40.6398)]
    assert np.allclose(lonlat(found.routes[0]), expected, atol=0.003)
    assert len(found.routes) >= 1
    assert all("header" in note for note in found.notes)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("name;lat;lon\nA;35,4;35,9\n", 1),
        ("Название\tШирота\tДолгота\nА\t35,4\t35,9\n", 1),
        ("35.4,35.9\n35.4,35.9\n", 2),
        ("A,35°24'00\"N,35°54'00\"E", 1),
        ("icao\nEGLL\nKJFK\n", 2),
        ("airport,remark\nEGLL,x\n", 1),
        ("EGLL\nKJFK\n", 2),
    ],
)
def test_a_table_of_places(text: str, count: int) -> None:
    found = read(text)
    assert len(found.places) == count and not found.routes
    if "35" in text:
        place = found.places[0]
        assert (place.lon, place.lat) == pytest.approx((35.9, 35.4))


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ("EGLL,", "has too few cells: a point is empty"),
        ("EGLL", "has too few cells: a point is empty"),
        ("EGLL,EGLL", "has fewer than two different points; left out"),
        ("EGLL,\x1b[31m", 'no place "�[31m"'),
        ("EGLL,<b>x</b>", 'no place "<b>x</b>"'),
        ('EGLL,"91N 5E"', 'coordinate "91N 5E": latitude 91N is outside -90..90'),
        ('EGLL,"91.5, 5.5"', "latitude 91.5 is outside -90..90; are latitude and longitude"),
        ('EGLL,"KJFK', "a quote is not closed; it is taken for a letter"),
        ("," * 2000, "has more than 1,000 cells; left out"),
        (f"EGLL,{'x' * 200_000}", "can't be read: field larger than field limit (131072)"),
    ],
)
def test_a_bad_line_is_noted_and_the_others_are_kept(line: str, note: str) -> None:
    found = read(f"from,to\nEGLL,KJFK\n{line}\nEGLL,UUEE\n")
    assert {"EGLL-KJFK", "EGLL-UUEE"} <= set(names(found))
    assert len(found.notes) == 1
    assert found.notes[0].startswith("x: line 3") and note in found.notes[0]


def test_a_quoted_cell_may_hold_lines() -> None:
    found = read('from,to,name\nEGLL,KJFK,"a\nb"\nEGLL,UUEE,c\n')
    assert names(found) == ["a b", "c"] and found.notes == ()


def test_unknown_places_are_guessed_for_a_while_only() -> None:
    asked = []

    def find(text: str) -> Place:
        asked.append(text)
        raise PlaceError(f"no place {text}; did you mean A?")

    table = "from,to\n" + "".join(f"q{n},A\n" for n in range(400))
    a, b = Place("A", "A", 1.0, 2.0), Place("B", "B", 3.0, 4.0)
    found = read_opened("x", f"{table}A,B".encode(), find, known={"A": a, "B": b}.get)
    assert names(found) == ["A-B"] and len(asked) < 50 and len(found.notes) == 400
    found = read_opened("x", table.encode(), find)
    assert "names over 300 places that are not known" in found.notes[-1]
    assert len(asked) < 400


# ---- the rest ------------------------------------------------------------------------------------


def test_routes_are_what_the_library_makes_of_their_places() -> None:
    for file in ("gpsbabel.gpx", "google_earth.kml", "qgis.geojson", "flights.csv"):
        for route in opened(file).routes:
            again = make_route(route.name, route.places)
            assert [leg.length_m for leg in route.legs] == [leg.length_m for leg in again.legs]
            assert route == again


def test_lines_over_the_antimeridian_are_brought_onto_the_map() -> None:
    (route,) = read('{"type":"LineString","coordinates":[[170,50],[190,50],[-170,40]]}').routes
    assert lonlat(route) == [(170, 50), (-170, 50), (-170, 40)]
    assert route.length_m < 2_700_000


@pytest.mark.parametrize(
    ("coordinates", "expected"),
    [
        ("1,2 3,4", [(1, 2), (3, 4)]),
        ("\n1,2,0\n\t3,4,9.5 \n", [(1, 2), (3, 4)]),
        ("1, 2, 0 3, 4, 0", [(1, 2), (3, 4)]),
        ("1,2, 3,4,", [(1, 2), (3, 4)]),
        ("1,2 x,y 3,4", [(1, 2), (3, 4)]),
        ("1,2 5 3,4", [(1, 2), (3, 4)]),
        ("1,2 nan,4 3,4", [(1, 2), (3, 4)]),
    ],
)
def test_kml_coordinates(coordinates: str, expected: list[tuple[float, float]]) -> None:
    line = f"<LineString><coordinates>{coordinates}</coordinates></LineString>"
    found = read(f"<kml><Placemark><name>A</name>{line}</Placemark></kml>")
    assert lonlat(found.routes[0]) == expected
    assert len(found.notes) == (len(coordinates.split()) == 3 and " 3,4" in coordinates)


@pytest.mark.parametrize(
    ("point", "problem"),
    [
        ('lat="1"', "has no lon"),
        ('lat="x"', "has no lon"),
        ("", "has no lat"),
        ('lat="x" lon="2"', 'lat "x", lon "2" are no numbers'),
        ('lat="nan" lon="2"', "latitude nan is outside -90..90"),
        ('lat="1" lon="1e999"', "longitude inf is outside -360..360"),
        ('lat="120" lon="2"', "latitude 120 is outside -90..90; are latitude and longitude exch"),
    ],
)
def test_a_bad_gpx_point_is_noted_by_its_line(point: str, problem: str) -> None:
    points = f'<trkpt lat="1" lon="2"/>\n<trkpt {point}/>\n<trkpt lat="3" lon="4"/>'
    found = read(f"<gpx><trk><trkseg>\n{points}</trkseg></trk></gpx>")
    assert lonlat(found.routes[0]) == [(2, 1), (4, 3)]
    assert len(found.notes) == 1
    assert found.notes[0].startswith(f"x: line 3: track point: {problem}")


@pytest.mark.parametrize("bad", ["0,0 1,1 x,y 0,1", "0,0 1,1 1,99", ""])
def test_a_damaged_area_is_left_out_and_said_in_the_layer(bad: str) -> None:
    ring = "<LinearRing><coordinates>{}</coordinates></LinearRing>"
    area = f"<Polygon><outerBoundaryIs>{ring}</outerBoundaryIs></Polygon>"
    marks = [f"<Placemark>{area.format(each)}</Placemark>" for each in (bad, "0,0 1,0 1,1")]
    found = read(f"<kml>{''.join(marks)}</kml>")
    assert found.layer is not None and len(found.layer.volumes) == 1
    assert found.layer.skipped[0].startswith("Placemark 1: ")
    assert found.layer.skipped[0].endswith("; this area is left out")
    assert found.notes == (f"x: {found.layer.skipped[0]}",)


def test_names_are_text_and_differ() -> None:
    lines = [{"type": "Feature", "properties": {"name": name}, "geometry": LINE} for name in NAMES]
    found = read(json.dumps({"type": "FeatureCollection", "features": lines}))
    assert names(found) == ["<b>x</b>", "A B", "A B (2)", "A" * 200, "Feature 5", "A B (3)"]


LINE = {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}
NAMES = ["<b>x</b>", "A\nB", "A B", "A" * 500, None, "A B"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "is empty"),
        (b" \n ", "is empty"),
        (b"\x1f\x8b123", "is packed by gzip"),
        (b"\x89PNG\r\n", "is a picture"),
        (b"\x00\x01\x02\x03\x04" * 99, "is no text"),
        (b"<html></html>", "is neither KML nor GPX: its first element is html"),
        (b"<!-- <kml> --><osm/>", "is neither KML nor GPX: its first element is osm"),
        (b"{}", "is JSON, but no GeoJSON: its type is null"),
        (b"[1]", "is no GeoJSON object but a list of 1"),
        (b'{"type":"Topology"}', "is TopoJSON"),
        (b'{"type":"FeatureCollection","features":1}', "features 1 is not a list"),
        (b'{"type":"FeatureCollection","crs":"EPSG:3857","features":[]}', "is not longitude"),
        (b"{" * 5000, "is not JSON: line 1, column 2"),
        (b"[" * 50_000, "is nested too deeply"),
        (b"PK\x03\x04", "is an archive without a KML file"),
        (b"some\nwords\nof a letter\n", "nor a table that can be read: its first line is"),
        (b"x" * 20_000_001, "is larger than 20,000,000 bytes"),
    ],
)
def test_a_file_that_is_none_is_refused_in_a_sentence(text: bytes, message: str) -> None:
    assert message in refusal(text)


def test_a_file_with_nothing_in_it_says_so() -> None:
    found = read("<kml><Document/></kml>")
    assert (found.routes, found.places, found.layer) == ((), (), None)
    assert found.notes == ("x: holds no route, place or area that can be read",)


@pytest.mark.parametrize(
    ("count", "what", "note"),
    [
        (MAX_ROUTES + 2, LINE, "only the first 5,000 routes are kept, 2 are not"),
        (MAX_PLACES + 3, {"type": "Point", "coordinates": [1, 2]}, "only the first 20,000 places"),
    ],
)
def test_more_than_fits_is_said(count: int, what: dict[str, Any], note: str) -> None:
    feature = json.dumps({"type": "Feature", "properties": {}, "geometry": what})
    found = read("\n".join([feature] * count))  # a feature a line
    assert len(found.routes) + len(found.places) in (MAX_ROUTES, MAX_PLACES)
    assert note in found.notes[-1]


def test_the_readers_are_named() -> None:
    assert set(readers.__all__) == {"MAX_BYTES", "Opened", "read_opened"}


# ---- tracks --------------------------------------------------------------------------------------


def wander(count: int, lon: float, lat: float) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Make a track that turns slowly, in steps of some 100 m."""
    turn = np.cumsum(np.random.default_rng(7).normal(0, 0.02, count))
    steps = np.column_stack([np.cos(turn) / np.cos(np.radians(lat)), np.sin(turn)]) * 0.001
    return np.array([lon, lat]) + np.cumsum(steps, axis=0)


@pytest.mark.parametrize(("lon", "lat"), [(40, 35), (179.9, -17), (10, 70)])
def test_thinned_tracks_stay_within_the_tolerance(lon: float, lat: float) -> None:
    track = wander(6_000, lon, lat)
    rows = thinned(track, 10.0)
    assert rows[0] == 0 and rows[-1] == len(track) - 1 and len(rows) < 2_000
    assert max(offset_m(track, rows, row) for row in range(17, len(track), 97)) < 10.0


def offset_m(track: Any, rows: Any, row: int) -> float:
    """Measure from a vertex to the geodesic of its leg, by GeographicLib, along the leg."""
    after = int(np.searchsorted(rows, row))
    (lon1, lat1), (lon2, lat2) = track[rows[after - 1]], track[rows[after]]
    lon, lat = track[row]
    line = Geodesic.WGS84.InverseLine(lat1, lon1, lat2, lon2)
    along = np.linspace(0, line.s13, int(line.s13 / 10) + 2)
    points = [line.Position(each) for each in along]
    # Steps of 10 m or less: the nearest of them is at most 5 m along from the foot.
    near = min(Geodesic.WGS84.Inverse(lat, lon, p["lat2"], p["lon2"])["s12"] for p in points)
    return float(np.sqrt(max(near**2 - 25, 0.0)))


def test_a_long_straight_line_keeps_to_its_own_course() -> None:
    # along a parallel, which no geodesic follows
    track = np.column_stack([np.linspace(0, 90, 9_001), np.full(9_001, 60.0)])
    points = ",".join(f"[{lon:.2f},{lat:g}]" for lon, lat in track.tolist())
    found = read(f'{{"type":"LineString","coordinates":[{points}]}}')
    (route,) = found.routes
    expected_m = Geodesic.WGS84.Inverse(60, 0, 60, 0.01)["s12"] * 9_000
    assert len(route.legs) < 1_000
    assert route.length_m == pytest.approx(expected_m, rel=1e-4)
    assert "9,001 points thinned to" in found.notes[0] and "within 10 m" in found.notes[0]


def test_tracks_that_are_too_many_for_one_file_are_left_out_by_name() -> None:
    lon, lat = np.random.default_rng(3).uniform((-180, -90), (180, 90), (60_000, 2)).T
    text = " ".join(f"{x:.2f},{y:.2f}" for x, y in zip(lon.tolist(), lat.tolist(), strict=True))
    line = f"<LineString><coordinates>{text}</coordinates></LineString>"
    found = read(f"<kml><Placemark><name>noise</name>{line}</Placemark></kml>")
    assert not found.routes and MAX_TRACK_LEGS < 60_000 < MAX_LEGS
    assert 'Placemark 1 "noise": 60,000 points, too many after thinning' in found.notes[1]
