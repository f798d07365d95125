"""Files that are damaged, cut off, wrongly written or hostile: a sentence, and the rest is kept."""

import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import OpenError, PlaceError
from geo.model import Place
from geo.readers import MAX_BYTES, Opened, read_opened

ROOT = Path(__file__).parents[1]
DATA = Path(__file__).parent / "data" / "opened"
LAYERS = DATA.parent / "layers"
FILES = {path.name: path.read_bytes() for path in sorted([*DATA.iterdir(), *LAYERS.iterdir()])}
PLACES = {
    "EGLL": Place("EGLL", "Heathrow", -0.46, 51.47), "KJFK": Place("KJFK", "JFK", -73.8, 40.6),
}  # fmt: skip


def find(text: str) -> Place:
    """Look up a few places: the real gazetteer's guesses take too long for thousands of files."""
    if text.upper() not in PLACES:
        raise PlaceError(f"no place {text[:30]!r}")
    return PLACES[text.upper()]


def read(data: bytes) -> Opened:
    return read_opened("x", data, find)


def packed(text: bytes, name: str = "doc.kml") -> bytes:
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(name, text)
    return found.getvalue()


FILES["google_earth.kmz"] = packed(FILES["google_earth.kml"])


def check(data: bytes) -> Opened | None:
    """Read a file and hold what comes of it to what is promised; None where it is refused."""
    try:
        found = read(data)
    except OpenError as error:
        check_line(str(error))
        return None
    for note in found.notes:
        check_line(note)
    assert found.routes or found.places or found.notes or found.layer
    assert len({route.name for route in found.routes}) == len(found.routes)
    points = [*found.places, *(place for route in found.routes for place in route.places)]
    assert all(abs(place.lon) <= 180 and abs(place.lat) <= 90 and place.name for place in points)
    assert all(leg.start != leg.end and leg.length_m >= 0 for r in found.routes for leg in r.legs)
    if found.layer:
        assert all(v.geometry.is_valid and v.geometry.area for v in found.layer.volumes)
    return found


def check_line(text: str) -> None:
    assert text.startswith("x: ") and text.isprintable() and 5 < len(text) <= 500


# ---- fuzz ----------------------------------------------------------------------------------------


@settings(max_examples=200)
@given(st.data())
def test_damaged_files_are_read_or_refused(data: st.DataObject) -> None:
    text = bytearray(FILES[data.draw(st.sampled_from(sorted(FILES)))])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(text)))
        length = data.draw(st.integers(0, 40))
        piece = data.draw(st.sampled_from(PIECES) | st.binary(max_size=8))
        text[at : at + length] = piece
    check(bytes(text))


PIECES = [
    b"<", b">", b"&", b'"', b"]]>", b"<![CDATA[", b"<!--", b"\x00", b"\xff", b"\n", b"nan",
    b"1e999", b"-", b",", b";", b"\t", b"<Placemark>", b"</Placemark>", b"<Polygon>",
    b"<coordinates>", b"<trkseg>", b"</trk>", b"<rte>", b'<wpt lat="1" lon="2">',
    b'{"type":"Feature"', b"[[", b"]]", b"{}", b"null", b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
    b"&b;", b"<?xml version='1.0'?>", b"",
]  # fmt: skip


@settings(max_examples=100)
@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    check(data)


WORDS = st.sampled_from(
    [*PLACES, "", "lat", "lon", "from", "to", "name", "5", "55,5", "-12.5", '"']
)


@settings(max_examples=150)
@given(st.lists(st.lists(WORDS, max_size=5), max_size=6), st.sampled_from(",;\t|"))
def test_any_tables_are_read_or_refused(rows: list[list[str]], delimiter: str) -> None:
    check("\n".join(delimiter.join(row) for row in rows).encode())


WHOLE = {
    "gpsbabel.gpx": rb"</wpt>|</rte>|</trkseg>",
    "google_earth.kml": rb"</Placemark>",
    "ogr2ogr.kml": rb"</Placemark>",
    "qgis.geojson": rb"\} \},?\n",
    "qgis_wkt.csv": rb"\n",
    "gpsbabel_unicsv.csv": rb"\n",
}


@pytest.mark.parametrize("file", WHOLE)
def test_of_a_file_cut_off_anywhere_all_that_is_whole_is_kept(file: str) -> None:
    data = FILES[file]
    everything = found_in(read(data))
    ends = [match.end() for match in re.finditer(WHOLE[file], data)]
    least: list[str] = []
    for cut in range(60, len(data), 7):
        try:
            found = found_in(read(data[:cut]))
        except OpenError:
            found = []
        # What was whole a while ago is so still, and each end may add something.
        assert set(least) <= set(found)
        if any(cut - 7 < end <= cut for end in ends):
            least = [each for each in found if each in everything]
    assert len(least) >= len(everything) - 1


def found_in(opened: Opened) -> list[str]:
    """Tell what a file holds by its coordinates: names of cut-off lines may differ."""
    routes = [str([(p.lon, p.lat) for p in route.places]) for route in opened.routes]
    areas = [v.geometry.wkt for v in opened.layer.volumes] if opened.layer else []
    return [*routes, *(str((p.lon, p.lat)) for p in opened.places), *areas]


def test_the_points_before_the_cut_are_a_track() -> None:
    points = "".join(f'<trkpt lat="{n}.5" lon="{n}.5"></trkpt>\n' for n in range(1, 9))
    found = read(f"<gpx>\n<trk><name>A</name><trkseg>\n{points}<trkpt la".encode())
    assert [(p.lon, p.lat) for p in found.routes[0].places] == [(n + 0.5,) * 2 for n in range(1, 9)]
    assert found.notes == ("x: line 11: the file ends in the middle; what stands before is kept",)


def test_what_stands_after_damage_is_kept() -> None:
    mark = "<Placemark><name>{}</name><Point><coordinates>1,2</coordinates></Point></Placemark>\n"
    text = f"<kml><Document>\n{mark.format('A')}<Placemark><name>B</nome></Placemark>\n"
    found = read(f"{text}{mark.format('C')}{mark.format('D')}</Document></kml>".encode())
    assert [place.name for place in found.places] == ["A", "C", "D"]
    assert found.notes == (
        "x: Placemark 2: has no point, line or area",
        "x: line 3: is damaged (mismatched tag); reading goes on at the next feature",
    )


def test_what_people_write_wrongly_is_read_all_the_same() -> None:
    name = "R&D &nbsp; <![CDATA[A & B]]>\x0b&amp;"
    found = read(f'<gpx><gx:wpt lat="1,5" lon="2"><name>{name}</name></gx:wpt></gpx>'.encode())
    assert [(p.name, p.lat) for p in found.places] == [("R&D &nbsp; A & B &", 1.5)]
    assert found.notes == ()


def test_a_cut_off_kmz_is_read_as_far_as_it_goes() -> None:
    data = FILES["google_earth.kmz"]
    whole, half = read(data), read(data[: len(data) * 2 // 3])
    assert "cut off" in half.notes[0]
    assert half.places == whole.places and half.routes == whole.routes[: len(half.routes)]
    no_list = read(data[: data.index(b"PK\x01\x02")])
    assert found_in(no_list) == found_in(whole)


# ---- encodings -----------------------------------------------------------------------------------

GPX = (
    '<?xml version="1.0" encoding="{}"?><gpx><wpt lat="1" lon="2"><name>Хмеймим</name></wpt></gpx>'
)
CSV = "имя;широта;долгота\r\nХмеймим;35,4;35,9\r\nМоздок;43,8;44,6\r\n"


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"),
        ("utf-16-be", "utf-8"), ("utf-32", "UTF-32"), ("cp1251", "windows-1251"),
        ("koi8-r", "KOI8-R"), ("utf-8", "nonsense"), ("utf-8", "punycode"),
    ],
)  # fmt: skip
def test_encodings_that_are_told(encoding: str, declared: str) -> None:
    found = read(GPX.format(declared).encode(encoding))
    assert [place.name for place in found.places] == ["Хмеймим"]
    assert found.notes == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_encodings_of_tables(encoding: str) -> None:
    found = read(CSV.encode(encoding))
    assert [place.name for place in found.places] == ["Хмеймим", "Моздок"] and found.notes == ()


@pytest.mark.parametrize("text", [CSV, GPX.format("UTF-8")])
def test_cyrillic_that_is_not_told_is_guessed_and_said(text: str) -> None:
    found = read(text.encode("cp1251"))
    assert found.places[0].name == "Хмеймим"
    assert found.notes == ("x: is not UTF-8 (line 1); read as windows-1251, which is a guess",)


def test_other_letters_are_guessed_and_said() -> None:
    found = read("name,lat,lon\nLattaquié,35.4,35.9\nZürich,47.4,8.5\n".encode("latin-1"))
    assert [place.name for place in found.places] == ["Lattaquié", "Zürich"]
    assert found.notes[0].endswith("(line 2); read as windows-1252, which is a guess")


def test_a_bad_byte_in_a_good_file_is_one_bad_letter() -> None:
    found = read(CSV.encode().replace("з".encode(), b"\xff"))
    assert [place.name for place in found.places] == ["Хмеймим", "Мо�док"]
    assert found.notes == ("x: line 3: some bytes are not UTF-8; each is shown as �",)


def test_a_text_cut_in_a_letter() -> None:
    found = read("name,lat,lon\nМоздок,43.8,44.6\nХ".encode()[:-1])
    assert [place.name for place in found.places] == ["Моздок"]
    assert found.notes == ("x: line 3: the file ends in the middle of a letter",)


# ---- bombs ---------------------------------------------------------------------------------------

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize("root", ["kml", "gpx"])
@pytest.mark.parametrize(
    "entities",
    [
        f'<!ENTITY l0 "lol">{LAUGHS}',
        f'<!ENTITY l0 "{"x" * 100_000}">',
        '<!ENTITY l0 SYSTEM "file:///etc/passwd">',
        '<!ENTITY % l0 SYSTEM "http://127.0.0.1/x.dtd"> %l0;',
    ],
)
def test_entities_are_refused(root: str, entities: str) -> None:
    text = f"<?xml version='1.0'?>\n<!DOCTYPE {root} [\n{entities}]>\n<{root}><name>&l9;&l0;</name>"
    with pytest.raises(OpenError, match=r'^x: line 3: declares the entity "l0"; no map program'):
        read(f"{text}</{root}>".encode())


def test_a_doctype_alone_is_no_harm() -> None:
    text = '<!DOCTYPE kml SYSTEM "http://127.0.0.1/kml.dtd"><kml><Placemark><Point><coordinates>'
    assert read(f"{text}1,2</coordinates></Point></Placemark></kml>".encode()).places


def test_elements_in_each_other() -> None:
    with pytest.raises(OpenError, match="more than 200 elements in each other"):
        read(b"<kml>" + b"<Folder>" * 100_000)


def test_zip_bombs_are_refused() -> None:
    with pytest.raises(OpenError, match=r'"doc\.kml" unpacks to too much: more than 40,000,000'):
        read(packed(b"<kml>" + b" " * 50_000_000))
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(10_001):
            archive.writestr(f"{number}.kml", b"")
    with pytest.raises(OpenError, match="an archive of more than 10,000 files"):
        read(many.getvalue())


def test_an_archive_that_lies_about_its_sizes() -> None:
    data = bytearray(packed(b"<kml>" + b" " * 50_000_000))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = data.index(mark) + at
        data[start : start + 4] = (10).to_bytes(4, "little")
    with pytest.raises(OpenError, match="unpacks to too much"):
        read(bytes(data))


def test_archives_that_can_not_be_unpacked() -> None:
    data = bytearray(FILES["google_earth.kmz"])
    data[6] |= 1
    assert read(bytes(data)).notes[1] == 'x: "doc.kml": has a password'
    damaged = bytearray(FILES["google_earth.kmz"])
    middle = len(damaged) // 2
    damaged[middle : middle + 30] = bytes(30)
    assert any('"doc.kml"' in note or "damaged" in note for note in read(bytes(damaged)).notes)


# ---- much ----------------------------------------------------------------------------------------


def walk() -> str:
    turn = np.cumsum(np.random.default_rng(6).normal(0, 0.02, 150_000))
    points = np.column_stack([np.cos(turn), np.sin(turn)]).cumsum(axis=0) * 0.0005 + (40, 30)
    marks = [f'<trkpt lat="{lat:.5f}" lon="{lon:.5f}"/>' for lon, lat in points.tolist()]
    return f"<gpx><trk><trkseg>{''.join(marks)}</trkseg></trk></gpx>"


def kml(pairs: str) -> bytes:
    line = f"<LineString><coordinates>{pairs}</coordinates></LineString>"
    return f"<kml><Placemark>{line}</Placemark></kml>".encode()


def kml_line() -> bytes:
    return kml(" ".join([f"{lon:.4f},{lat:.4f}" for lon, lat in NOISE]))


def json_line() -> bytes:
    pairs = ",".join([f"[{lon:.1f},{lat:.1f}]" for lon, lat in NOISE])
    return f'{{"type":"LineString","coordinates":[{pairs}]}}'.encode()


def rows(head: str, form: str, tail: str = "") -> bytes:
    """Write the million points one by one, or as many of them as a file may hold."""
    room = MAX_BYTES - len(head) - len(tail)
    texts, size = [], 0
    for lon, lat in NOISE:
        text = form.format(lon=lon, lat=lat)
        size += len(text)
        if size > room:
            break
        texts.append(text)
    return f"{head}{''.join(texts)}{tail}".encode()


def airspace_of_points() -> bytes:
    """Write areas of a thousand points."""
    area = "AC D\nAN A\nAL SFC\nAH FL100\n"
    turn = np.linspace(0, 2 * np.pi, 1000, endpoint=False)
    minutes = (30 + 29 * np.array([np.sin(turn), np.cos(turn)])).T.tolist()
    points = [f"DP 47:{lat:06.3f}N 009:{lon:06.3f}E\n" for lat, lon in minutes]
    whole = area + "".join(points)
    return (whole * (MAX_BYTES // len(whole))).encode()


def entities(root: str) -> bytes:
    """Write the bomb that a billion laughs is called."""
    doctype = f"<!DOCTYPE {root} [<!ENTITY l0 'lol'>{LAUGHS}]>"
    return f"<?xml version='1.0'?>{doctype}<{root}><name>&l9;</name></{root}>".encode()


def overlapping() -> bytes:
    """Pack a file once, and list it a thousand times."""
    data = packed(b"<kml>" + b" " * 30_000_000)
    start = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    entry, tail, count = data[start:end], bytearray(data[end:]), 1000
    for at in (8, 10):
        tail[at : at + 2] = count.to_bytes(2, "little")
    tail[12:16] = (count * len(entry)).to_bytes(4, "little")
    return data[:start] + entry * count + bytes(tail)


# Linux carries the greatest size over from the process that started this one, but for VmHWM.
CHILD = """
import re, resource, sys
from pathlib import Path
from geo.errors import OpenError
from geo.places import make_gazetteer
from geo.readers import read_opened

def peak_mb():
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.search(r"VmHWM:\\s+(\\d+) kB", status.read_text())[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20

before = peak_mb()
for file in sys.argv[1:]:
    data = Path(file).read_bytes()
    try:
        found = read_opened("x", data, make_gazetteer([]).find)
        print(peak_mb() - before, f"{len(found.routes)} routes; {' '.join(found.notes[:3])}")
    except OpenError as error:
        print(peak_mb() - before, error)
"""
NOISE = np.random.default_rng(5).uniform((-180, -90), (180, 90), (1_000_000, 2)).tolist()
MUCH: dict[str, tuple[Callable[[], bytes], str]] = {
    "gpx": (lambda: walk().encode(), "1 routes; x: track 1: 150,000 points thinned to"),
    "kmz": (
        lambda: packed(kml_line()),
        "x: Placemark 1: 1,000,000 points, too many after",
    ),
    "gpx points": (
        lambda: rows(
            "<gpx><trk><trkseg>",
            '<trkpt lat="{lat:.1f}" lon="{lon:.1f}"/>',
            "</trkseg></trk></gpx>",
        ),
        "points, too many after",
    ),
    "kml track": (
        lambda: rows(
            "<kml><Placemark><gx:Track>",
            "<gx:coord>{lon:.0f} {lat:.0f}</gx:coord>",
            "</gx:Track></Placemark></kml>",
        ),
        "points, too many after",
    ),
    "csv track": (
        lambda: rows("flight,lat,lon\n", "A,{lat:.2f},{lon:.2f}\n"),
        "1,000,000 points, too many after",
    ),
    "csv places": (lambda: rows("name,lat,lon\n", "A,{lat:.2f},{lon:.2f}\n"), "more than 20,000"),
    "csv routes": (lambda: b"from,to\n" + b"A,B\n" * 4_900_000, 'no place "A"'),
    "wkt": (
        lambda: rows('wkt\n"LINESTRING (', "{lon:.2f} {lat:.2f},", '0 0)"\n'),
        "line 2: can't be read",
    ),
    "json points": (
        lambda: rows('{"type":"MultiPoint","coordinates":[', "[{lon:.1f},{lat:.1f}],", "[0,0]]}"),
        "only the first 20,000 places are kept",
    ),
    "openair": (airspace_of_points, "0 routes; "),
    "entities of kml": (lambda: entities("kml"), 'declares the entity "l0"'),
    "entities of gpx": (lambda: entities("gpx"), 'declares the entity "l0"'),
    "entities in kmz": (lambda: packed(entities("kml")), 'declares the entity "l0"'),
    "one file a thousand times": (overlapping, "unpacks to too much"),
    "a bomb in a bomb": (
        lambda: packed(packed(bytes(100_000_000)), "doc.kmz"),
        "an archive without a KML file",
    ),
    "more than a million": (lambda: kml("1,2 3,4 " * 2_150_000), "has more than 2,000,000 coord"),
    "json": (json_line, "feature 1: 1,000,000 points, too many"),
    "lists": (lambda: b"[" + b"[]," * 6_600_000 + b"[]]", "would take 950 MB of memory"),
    "keys": (
        lambda: b"{" + b",".join([b'"%x":1' % n for n in range(600_000)]) + b"}",
        "is JSON, but no GeoJSON",
    ),
    "and": (lambda: b"<kml>" + b"&" * 19_900_000, "line 1: is damaged"),
    "cells": (lambda: b"a," * 9_900_000, "line 1: has more than 1,000 cells"),
    "bad lines": (lambda: b"from,to\n" + b'"a,b\n' * 3_900_000, "more remarks like these"),
    "bomb": (lambda: packed(bytes(100_000_000)), "unpacks to too much"),
}


def test_much_takes_little_memory(tmp_path: Path) -> None:
    files = [tmp_path / name for name in MUCH]
    for file, (make, _) in zip(files, MUCH.values(), strict=True):
        file.write_bytes(make())
    assert all(file.stat().st_size <= MAX_BYTES for file in files)
    command = [sys.executable, "-c", CHILD, *map(str, files)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)  # noqa: S603
    lines = ran.stdout.splitlines()
    assert ran.stderr == "" and len(lines) == len(MUCH)
    for line, (_, answer) in zip(lines, MUCH.values(), strict=True):
        taken_mb, _, told = line.partition(" ")
        assert answer in told
        assert float(taken_mb) < 500, told
