"""Range rings and opened files in all that is handed over."""

import io
import json
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from pptx import Presentation
from pyproj import Geod

from geo.aircraft import load_fleet
from geo.link import View, read_link
from geo.model import Place
from geo.places import make_gazetteer
from geo.ranges import FLEET_SOURCE, HIGH, RangeRing, range_rings
from geo.render.pack.bundle import pack_files
from geo.render.pack.contents import Pack
from geo.render.pack.data_files import write_geojson
from geo.render.pack.gpx import write_gpx
from geo.render.pack.kml import write_kml
from geo.render.pack.slides import write_pptx
from geo.render.pack.tables import write_crossings_csv, write_routes_csv
from geo.render.pack.webpage import write_page
from geo.render.picture.layout import SIZES, make_picture
from geo.render.picture.presets import Material, brief_view
from geo.ringspec import parse_ring
from geo.units import KILOMETRES, NAUTICAL_MILES, STATUTE_MILES
from geo.viewed import OpenedFile, Viewed, fly_view, open_file
from tests import shipped
from tests.picture_views import make_view, no_edges, told_flights
from tests.test_pack_contents import DATE, pack_of
from tests.test_pack_data import table
from tests.test_picture import bounds, check_labels, check_page, said, shapes, texts

GEOD = Geod(ellps="WGS84")
KML, GPX = "{http://www.opengis.net/kml/2.2}", "{http://www.topografix.com/GPX/1/1}"
MANY = 40
OWN = {
    "type": "FeatureCollection",
    "features": [
        {"type": "Feature", "properties": {"name": "Watch"}, "geometry": {
            "type": "LineString", "coordinates": [[30, 36], [40, 40], [50, 41]]}},
        {"type": "Feature", "properties": {"name": "Danger 7", "upper": "FL195"}, "geometry": {
            "type": "Polygon",
            "coordinates": [[[36, 37], [44, 37], [44, 40], [36, 40], [36, 37]]]}},
        {"type": "Feature", "properties": {"name": "Camp"}, "geometry": {
            "type": "Point", "coordinates": [45, 45]}},
    ],
}  # fmt: skip
FAN = {
    "type": "FeatureCollection",
    "features": [
        {"type": "Feature", "properties": {"name": f"Spoke {n}"}, "geometry": {
            "type": "LineString", "coordinates": [[36, 35], [40 + n, 60 - n / 2]]}}
        for n in range(MANY)
    ],
}  # fmt: skip


def opened(form: object, name: str) -> OpenedFile:
    gazetteer = make_gazetteer(shipped.story().places.values())
    data = json.dumps(form).encode()
    return open_file(name, data, gazetteer.find, gazetteer.known, shipped.airspace())


def viewed(link: str, *files: OpenedFile) -> tuple[View, Viewed]:
    story = shipped.story()
    view = read_link(link, story, shipped.airspace())
    find = make_gazetteer(story.places.values()).find
    fleet = load_fleet(shipped.DATA / "aircraft.json")

    def no_ways(*_: object) -> Any:
        raise AssertionError

    return view, fly_view(
        view, story, told_flights(), shipped.airspace(), fleet, find, no_ways, files
    )


def seen(link: str, *files: OpenedFile) -> Pack:
    view, shown = viewed(link, *files)
    material = Material(shipped.story(), told_flights(), no_edges, DATE, unit=view.unit)
    return pack_of(brief_view(material, shown, shipped.airspace()))


@cache
def typed() -> Pack:
    return seen("airfields=None&route=500 nmi@hmeymim&route=Su-24M@domna")


def features(pack: Pack, kind: str) -> list[dict[str, Any]]:
    found = json.loads(write_geojson(pack))["features"]
    return [each for each in found if each["properties"]["feature"] == kind]


def lines(geometry: dict[str, Any]) -> list[np.ndarray[Any, Any]]:
    single = geometry["type"] == "LineString"
    parts = [geometry["coordinates"]] if single else geometry["coordinates"]
    return [np.array(part) for part in parts]


def test_typed_rings_and_those_of_a_chosen_aircraft_are_in_a_view() -> None:
    _, shown = viewed("aircraft=Su-34&route=500 nmi@OSLK&route=Su-24M@domna")
    assert [(text, spec.place.id) for text, spec in shown.rings] == [
        ("500 nmi@OSLK", "hmeymim"), ("Su-24M@domna", "domna"),
    ]  # fmt: skip
    assert [spec.place.id for spec in shown.reach] == ["hmeymim"]
    assert shown.refusals == ()
    told = [id for id in shown.story.sources if id.startswith(FLEET_SOURCE)]
    assert told
    assert all(shown.story.sources[id].id == id for id in told)


def test_an_aircraft_that_is_not_there_is_told_of() -> None:
    _, shown = viewed("aircraft=Concorde")
    assert shown.reach == ()
    assert shown.refusals == ('aircraft "Concorde": no type is called so',)


@pytest.mark.parametrize(
    ("text", "unit", "name", "label"),
    [
        ("500 nmi@OSLK", STATUTE_MILES, "500 nmi (575 mi), around Hmeymim", "500 nmi"),
        ("500 NM @ OSLK", NAUTICAL_MILES, "500 nmi, around Hmeymim", "500 nmi"),
        ("1 200.5 km@OSLK", KILOMETRES, "1,200 km, around Hmeymim", "1,200 km"),
        ("3,000 miles@OSLK", KILOMETRES, "3,000 mi (4,828 km), around Hmeymim", "3,000 mi"),
    ],
)
def test_a_ring_is_named_in_the_typed_unit_and_the_readers(
    text: str, unit: Any, name: str, label: str
) -> None:
    find = make_gazetteer(shipped.story().places.values()).find
    spec = parse_ring(text, find, load_fleet(shipped.DATA / "aircraft.json"))
    (ring,) = range_rings(spec, unit, typed=text)
    assert (ring.name, ring.label) == (name, label)


def test_a_slide_of_rings_tells_of_them_and_of_nothing_else() -> None:
    (told,) = typed().briefings
    assert told.title == "500 nmi around Hmeymim; Range of the Su-24M around Domna"
    assert {mark.id for mark in told.scene.marks} == {"hmeymim", "domna"}
    (drawing,) = typed().pictures
    check_labels(drawing)
    names = [text.text for text in texts(drawing) if text.id == "ring-name"]
    assert sorted(names) == ["500 nmi", "Su-24M: 1,771 mi", "Su-24M: 777 mi"]
    legend = said(drawing, "legend").replace("\xa0", " ")
    assert "500 nmi (575 mi), around Hmeymim" in legend
    assert "Su-24M, low figure: 777 mi, around Domna [1–4]" in legend
    assert "published ranges" in said(drawing, "note")
    assert "4 nighthawk" in said(drawing, "sources")
    assert "A ring 575 mi (926 km) around Hmeymim." in drawing.alt


def test_the_name_of_a_ring_stands_beside_its_line() -> None:
    (drawing,) = typed().pictures
    rings = [bounds(ring) for ring in shapes(drawing, "ring")]
    for text in texts(drawing):
        if text.id == "ring-name":
            near = [box for box in rings if box.grown(text.size * 2).left < text.x < box.right]
            assert any(abs(text.y - box.top) < text.size * 2 for box in near)


def test_a_ring_beyond_the_map_is_called_so() -> None:
    far = RangeRing("Far", "Far", shipped.HMEYMIM, 15_000_000.0)
    drawing = make_picture(make_view(told=True, rings=[far]), SIZES["16:9"], "light")
    assert shapes(drawing, "ring") == []
    assert "Far (beyond this map)" in said(drawing, "legend")


ROUND = {
    "plain": (Place("a", "A", 36.0, 35.0), 926_000.0),
    "over the antimeridian": (Place("b", "B", 179.0, 60.0), 2_000_000.0),
    "round a pole": (Place("c", "C", 25.0, 70.0), 4_000_000.0),
}


@pytest.mark.parametrize("name", ROUND)
def test_rings_are_at_their_distance_in_every_data_file(name: str) -> None:
    place, radius_m = ROUND[name]
    ring = RangeRing("Ring <1>", "1", place, radius_m, "Su-24M", HIGH)
    pack = pack_of(make_view(told=True, rings=[ring]))
    (feature,) = features(pack, "ring")
    assert feature["properties"]["radius_m"] == radius_m
    assert feature["properties"]["aircraft"] == "Su-24M"
    kml, gpx = ET.fromstring(write_kml(pack)), ET.fromstring(write_gpx(pack))  # noqa: S314
    (mark,) = (
        mark for mark in kml.iter(f"{KML}Placemark") if mark.findtext(f"{KML}name") == ring.name
    )
    in_kml = [
        np.array([list(map(float, at.split(","))) for at in (line.text or "").split()])
        for line in mark.iter(f"{KML}coordinates")
    ]
    (track,) = (t for t in gpx.iter(f"{GPX}trk") if t.findtext(f"{GPX}name") == ring.name)
    in_gpx = [
        np.array([(float(at.get("lon", "")), float(at.get("lat", ""))) for at in part])
        for part in track.iter(f"{GPX}trkseg")
    ]
    for parts in (lines(feature["geometry"]), in_kml, in_gpx):
        assert len(parts) == {"plain": 1}.get(name, len(parts))
        for part in parts:
            assert np.abs(part[:, 0]).max() <= 180
            assert np.abs(np.diff(part[:, 0])).max() < 180
            middle = np.full(len(part), place.lon), np.full(len(part), place.lat)
            away_m = GEOD.inv(*middle, *part.T)[2]
            assert np.abs(away_m - radius_m).max() < 60


def test_rings_have_a_table_with_their_sources() -> None:
    made = {file.name: file.make() for file in pack_files(typed()) if file.name == "rings.csv"}
    first, low, high = table(made["rings.csv"])
    assert (first["place"], float(first["radius_m"]), first["aircraft"]) == ("Hmeymim", 926000, "")
    assert [float(row["radius_m"]) for row in (low, high)] == [1_250_000, 2_850_000]
    assert "Figures of the Su-24" in high["sources"]
    assert "rings.csv" not in {file.name for file in pack_files(pack_of(make_view(told=True)))}


def test_rings_are_shapes_on_a_slide_and_told_in_its_notes() -> None:
    (slide,) = Presentation(io.BytesIO(write_pptx(typed()))).slides
    names = {member.name for shape in slide.shapes for member in getattr(shape, "shapes", [shape])}
    assert {name for name in names if name.startswith("Ring 500 nmi (575 mi), around Hmeymim")}
    assert "A ring 575 mi (926 km) around Hmeymim." in slide.notes_slide.notes_text_frame.text


def test_rings_are_told_on_the_page() -> None:
    page = write_page(typed()).decode()
    assert "A ring 575 mi (926 km) around Hmeymim." in page
    assert "the low figure published for the range of the Su-24M" in page


def test_an_opened_file_is_drawn_named_and_handed_over() -> None:
    pack = seen("airfields=None", opened(OWN, "own.geojson"))
    (told,) = pack.briefings
    assert told.title == "Watch; own.geojson"
    (drawing,) = pack.pictures
    check_labels(drawing)
    assert [shape.alt for shape in shapes(drawing, "area")] == ["Danger 7"]
    said_all = [text.text for text in texts(drawing)]
    assert {"Danger 7", "Camp", "Watch"} <= set(said_all)
    (area,) = features(pack, "area")
    assert area["properties"] == {
        "feature": "area", "name": "Danger 7", "kind": None, "lower": None, "upper": "FL195",
    }  # fmt: skip
    assert area["geometry"]["type"] == "Polygon"
    (route,) = features(pack, "route")
    assert route["properties"]["name"] == "Watch"
    kml = ET.fromstring(write_kml(pack))  # noqa: S314
    assert "Danger 7" in {each.text for each in kml.iter(f"{KML}name")}


def test_many_routes_of_a_file_are_one_drawing_and_each_is_handed_over() -> None:
    pack = seen("airfields=None", opened(FAN, "fan.geojson"))
    (told,) = pack.briefings
    assert told.title == "fan.geojson"
    (drawing,) = pack.pictures
    (drawn,) = shapes(drawing, "survey")
    assert len(drawn.parts) >= MANY
    assert f"fan.geojson: {MANY} routes" in said(drawing, "legend")
    found = features(pack, "opened route")
    assert [each["properties"]["name"] for each in found] == [f"Spoke {n}" for n in range(MANY)]
    assert all(each["properties"]["airspaces"] for each in found)
    for data, tag in ((write_kml(pack), f"{KML}name"), (write_gpx(pack), f"{GPX}name")):
        names = {each.text for each in ET.fromstring(data).iter(tag)}  # noqa: S314
        assert {f"Spoke {n}" for n in range(MANY)} <= names
    listed = [row for row in table(write_routes_csv(pack)) if row["route"].startswith("opened:")]
    assert [row["name"] for row in listed] == [f"Spoke {n}" for n in range(MANY)]
    assert [row["route"] for row in listed] == [each["id"] for each in found]
    spokes = [(row["length_m"], row["direct_m"], row["times_direct"]) for row in listed]
    assert all(length_m == direct_m and times == "1.0" for length_m, direct_m, times in spokes)
    stretches = table(write_crossings_csv(pack))
    for row in listed:
        own = [each for each in stretches if each["route"] == row["route"]]
        assert [each["number"] for each in own] == [str(n) for n in range(1, len(own) + 1)]
        assert sum(float(each["length_m"]) for each in own) == pytest.approx(float(row["length_m"]))
        assert set(row["airspaces"].split(", ")) == {
            each["airspace"] for each in own if each["claims"]
        }
    page = write_page(pack).decode()
    assert "connect-src data:" in page
    assert '"url":"data:application/json;base64,' in page
    assert "connect-src" not in write_page(typed()).decode()


@pytest.mark.parametrize("size", SIZES)
def test_all_of_it_together_stays_readable(size: str) -> None:
    files = opened(OWN, "own.geojson"), opened(FAN, "fan.geojson")
    pack = seen("aircraft=Su-34&route=500 nmi@OSLK&route=hmeymim-domna", *files)
    drawing = make_picture(pack.first, SIZES[size], "light")
    check_labels(drawing)
    check_page(drawing)
