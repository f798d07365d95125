import csv
import io
import json
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pyogrio  # type: ignore[import-untyped]
import pytest
from pyproj import Geod

from geo.render.pack.contents import Pack
from geo.render.pack.data_files import shown_places, write_geojson
from geo.render.pack.gpx import write_gpx
from geo.render.pack.kml import write_kml
from geo.render.pack.lines import cut, draw_lines
from geo.render.pack.tables import write_crossings_csv, write_routes_csv
from geo.render.picture.fonts import plain
from tests.data.odd_routes import ODD_ROUTES
from tests.test_pack_contents import LINK, NASTY, odd_pack, small_pack, with_texts

GEOD = Geod(ellps="WGS84")
KML, GPX = "{http://www.opengis.net/kml/2.2}", "{http://www.topografix.com/GPX/1/1}"
FORMULAS = ('=HYPERLINK("http://x")', "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1",
            "\x00=1", "\n-1", "\u200b=1", "\ufeff+1", "\u202e@a")  # fmt: skip


def features(pack: Pack, kind: str) -> list[dict[str, Any]]:
    found = json.loads(write_geojson(pack))["features"]
    return [each for each in found if each["properties"]["feature"] == kind]


def parts(geometry: dict[str, Any]) -> list[np.ndarray[Any, Any]]:
    single = geometry["type"] == "LineString"
    assert single or geometry["type"] == "MultiLineString"
    lines = [geometry["coordinates"]] if single else geometry["coordinates"]
    return [np.array(line) for line in lines]


def length_m(geometry: dict[str, Any]) -> float:
    return sum(float(GEOD.line_length(*line.T)) for line in parts(geometry))


def test_geojson_holds_what_is_shown_and_its_sources() -> None:
    pack = small_pack()
    form = json.loads(write_geojson(pack))
    assert form["type"] == "FeatureCollection"
    ids = [each["id"] for each in form["features"]]
    assert len(ids) == len(set(ids))
    about = form["corridor"]
    assert about["credit"] == pack.first.scene.credit
    assert (about["made"], about["link"]) == ("2026-03-05", LINK)
    assert [source["id"] for source in about["sources"]] == [s.id for s in pack.sources]
    (base,) = (each for each in features(pack, "place") if each["id"] == "place:base")
    assert base["geometry"] == {"type": "Point", "coordinates": [5.0, 5.0]}
    assert base["properties"]["name_local"] == "База"
    assert base["properties"]["sources"][0].startswith("A title, The Paper, 5 March 2016")
    for route, row in zip(features(pack, "route"), pack.rows, strict=True):
        assert route["properties"]["length_m"] == pytest.approx(row.length_m, abs=0.001)
        assert length_m(route["geometry"]) == pytest.approx(row.length_m, rel=1e-6)
        assert route["properties"]["sources"]


@pytest.mark.parametrize("name", [None, *ODD_ROUTES])
def test_stretches_cover_their_route_in_order(name: str | None) -> None:
    pack = odd_pack(name) if name else small_pack()
    crossings = features(pack, "crossing")
    for row in pack.rows:
        mine = [e for e in crossings if e["properties"]["route"] == row.flight.plan.id]
        assert [e["properties"]["number"] for e in mine] == list(range(1, len(mine) + 1))
        assert [e["properties"]["claims"] for e in mine] == [
            list(crossing.claims) for crossing in row.flight.crossings
        ]
        starts = [e["properties"]["start_m"] for e in mine]
        ends = [e["properties"]["end_m"] for e in mine]
        assert starts == [0.0, *ends[:-1]]
        assert ends[-1] == pytest.approx(row.length_m, abs=0.01)
        for each in mine:
            told = each["properties"]["length_m"]
            assert length_m(each["geometry"]) == pytest.approx(told, rel=1e-4, abs=1)


@pytest.mark.parametrize("name", ODD_ROUTES)
def test_lines_are_cut_at_the_antimeridian(name: str) -> None:
    for each in features(odd_pack(name), "route"):
        lines = parts(each["geometry"])
        assert all(np.abs(line[:, 0]).max() <= 180 for line in lines)
        assert all(np.abs(line[:, 1]).max() <= 90 for line in lines)
        for before, after in pairwise(lines):
            # Both sides of a cut have the same point.
            assert before[-1][0] == -after[0][0]
            assert abs(before[-1][0]) == 180
            assert before[-1][1] == after[0][1]
    if name == "antimeridian":
        counts = [len(parts(e["geometry"])) for e in features(odd_pack(name), "route")]
        assert sorted(counts) == [1, 2]


def test_a_line_along_the_antimeridian_is_one() -> None:
    assert cut(np.array([(180.0, 0.0), (180.0, 10.0)])) == (((180.0, 0.0), (180.0, 10.0)),) or cut(
        np.array([(180.0, 0.0), (180.0, 10.0)])
    ) == (((-180.0, 0.0), (-180.0, 10.0)),)
    there_and_back = cut(np.array([(179.0, 0.0), (181.0, 2.0), (179.0, 4.0)]))
    assert [line[0][0] for line in there_and_back] == [179.0, -180.0, 180.0]
    assert there_and_back[1] == ((-180.0, 1.0), (-179.0, 2.0), (-180.0, 3.0))


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def count(path: Path, layer: str) -> int:
    return len(pyogrio.raw.read(path, layer=layer)[2])


@pytest.mark.parametrize("name", [None, "antimeridian", "over the pole"])
def test_gdal_reads_what_is_written(name: str | None, tmp_path: Path) -> None:
    pack = odd_pack(name) if name else small_pack()
    places, stretches = len(list(shown_places(pack))), [len(d.stretches) for d in draw_lines(pack)]
    geojson = written(tmp_path, "data.geojson", write_geojson(pack))
    assert pyogrio.read_info(geojson)["crs"] == "EPSG:4326"
    assert count(geojson, "data") == places + len(pack.rows) + sum(stretches)
    kml = written(tmp_path, "data.kml", write_kml(pack))
    assert count(kml, "Places") == places
    assert count(kml, "Routes") == len(pack.rows)
    layers = [layer for layer, _ in pyogrio.list_layers(kml).tolist()]
    assert [count(kml, layer) for layer in layers[3:]] == stretches
    gpx = written(tmp_path, "data.gpx", write_gpx(pack))
    assert count(gpx, "waypoints") == places + sum(stretches) - len(pack.rows)
    assert count(gpx, "routes") == count(gpx, "tracks") == len(pack.rows)


class Tags(HTMLParser):
    """Collects the tags and the text that a browser would find."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert attrs == []

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("number", range(len(NASTY)))
def test_no_text_is_markup_in_kml_and_gpx(number: int) -> None:
    pack = with_texts(NASTY[number:] + NASTY[:number])
    kml, gpx = ET.fromstring(write_kml(pack)), ET.fromstring(write_gpx(pack))  # noqa: S314
    descriptions = [Tags(each.text or "") for each in kml.iter(f"{KML}description")]
    assert {tag for each in descriptions for tag in each.tags} <= {"br"}
    names = {each.text for each in kml.iter(f"{KML}name")}
    told = {plain(field.name) for field in shown_places(pack)}
    assert told <= names
    assert told <= {each.findtext(f"{GPX}name") for each in gpx.iter(f"{GPX}wpt")}
    assert any(plain(pack.first.subtitle).strip() in each.text for each in descriptions)
    assert {each.text for each in kml.iter(f"{KML}text")} == {"$[description]"}


def test_gpx_keeps_the_order_of_its_schema() -> None:
    gpx = ET.fromstring(write_gpx(small_pack()))  # noqa: S314
    order = {
        "gpx": ["metadata", "wpt", "rte", "trk"],
        "metadata": ["name", "desc", "author", "copyright", "link", "time"],
        "wpt": ["ele", "time", "name", "cmt", "desc", "src", "link", "sym", "type"],
        "rte": ["name", "cmt", "desc", "src", "rtept"],
        "trk": ["name", "cmt", "desc", "src", "trkseg"],
        "copyright": ["year", "license"],
    }
    for element in gpx.iter():
        tag = element.tag.removeprefix(GPX)
        children = [child.tag.removeprefix(GPX) for child in element]
        if tag in order:
            ranks = [order[tag].index(child) for child in children]
            assert ranks == sorted(ranks)
    link = gpx.find(f"{GPX}metadata/{GPX}link")
    assert link is not None
    assert link.get("href") == LINK


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_csv_holds_numbers_and_credit() -> None:
    pack = small_pack()
    routes = table(write_routes_csv(pack))
    assert [float(row["length_m"]) for row in routes] == pytest.approx(
        [row.length_m for row in pack.rows], abs=0.001
    )
    assert [float(row["length_mi"]) for row in routes] == pytest.approx(
        [row.length_m / 1609.344 for row in pack.rows], abs=0.001
    )
    beyond = [float(row["beyond_claim_m"]) for row in routes]
    assert min(beyond) < 0 < max(beyond)
    assert {row["credit"] for row in routes} == {pack.first.scene.credit}
    crossings = table(write_crossings_csv(pack))
    assert len(crossings) == sum(len(row.flight.crossings) for row in pack.rows)
    west = [float(row["exit_lon"]) for row in crossings]
    assert min(west) < 0
    assert {row["airspace"] for row in crossings} >= {"Aland", "Beeland (Aland)"}


@pytest.mark.parametrize("number", range(len(FORMULAS)))
def test_csv_runs_nothing(number: int) -> None:
    formula = FORMULAS[number]
    pack = with_texts((formula,))
    for row in table(write_routes_csv(pack)):
        for name in ("to", "way", "sources"):
            assert row[name].startswith("'")
            assert plain(formula) in row[name]
    for row in table(write_crossings_csv(pack)):
        assert row["to"].startswith("'")


@pytest.mark.parametrize("write", [write_routes_csv, write_crossings_csv])
def test_every_line_of_csv_has_all_its_cells(write: Any) -> None:
    text = write(with_texts(NASTY)).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert len({len(row) for row in rows}) == 1
    assert len(rows) == text.count("\r\n")
