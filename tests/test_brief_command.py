"""The command that writes what a link shows."""

import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from geo.__main__ import cli

LINK = "http://localhost:8501/?airfields=None&closed=Turkey&route=hmeymim-mozdok&units=Kilometres"


def brief(*options: str | Path) -> Result:
    return CliRunner().invoke(cli, ["brief", *map(str, options)])


@pytest.mark.parametrize(
    ("ending", "start"),
    [("png", b"\x89PNG"), ("pdf", b"%PDF"), ("pptx", b"PK"), ("html", b"<!"), ("gpx", b"<?xml")],
)
def test_it_writes_what_the_link_shows(tmp_path: Path, ending: str, start: bytes) -> None:
    out = tmp_path / f"slide.{ending}"
    done = brief("--link", LINK, "--out", out)
    assert (done.exit_code, done.stderr) == (0, "")
    assert out.read_bytes().startswith(start)


def test_the_routes_are_those_of_the_link_and_the_bytes_those_of_the_day(tmp_path: Path) -> None:
    names = ("a.zip", "b.zip")
    for name in names:
        out = tmp_path / name
        assert brief("--link", LINK, "--out", out, "--date", "2026-11-22").exit_code == 0
    first, second = ((tmp_path / name).read_bytes() for name in names)
    assert first == second
    with zipfile.ZipFile(tmp_path / "a.zip") as packed:
        manifest = json.loads(packed.read("manifest.json"))
        shown = json.loads(packed.read("data.geojson"))
    assert manifest["link"] == LINK
    assert manifest["made"] == "2026-11-22"
    routes = [each["properties"] for each in shown["features"] if "way" in each["properties"]]
    assert {route["way"] for route in routes} == {"Direct", "Shortest open way"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--out", "slide.doc"), "slide.doc ends in none of"),
        (("--out", "slide.png", "--slide", "deck"), "a deck has more than one picture"),
        (("--out", "slide.png", "--link", "route=EFHK-Tokio"), "Tokio"),
        (("--out", "no/such/folder/slide.svg"), "No such file"),
        (("--out", "slide.png", "--scale", "9"), "9"),
        (("--out", "slide.png", "--date", "yesterday"), "yesterday"),
        (("--out", "slide.png", "--size", "10x20"), "10 is outside 320..8000"),
        (("--out", "slide.png", "--size", "320x8000"), "at most 4 times as long"),
        (("--out", "slide.png", "--size", "large"), 'size "large" is none of 16:9'),
        (("--out", "slide.png", "--link", "route=5 parsecs@OSLK"), "parsecs"),
        (("--out", "slide.png", "--open", "nothing.kml"), "nothing.kml"),
        (("--out", "slide.png", "--open", __file__, "--slide", "By day"), "By day"),
    ],
)
def test_bad_input_is_one_line(options: tuple[str, ...], words: str) -> None:
    done = brief(*options)
    assert done.exit_code == 2
    assert len(done.stderr.splitlines()) == 1
    assert words.casefold() in done.stderr.casefold()
    assert "Traceback" not in done.stderr


def test_what_the_link_asks_for_in_vain_is_said_and_passed_over(tmp_path: Path) -> None:
    done = brief("--link", "way=Direct&closed=Atlantis", "--out", tmp_path / "a.svg")
    assert done.exit_code == 0
    assert 'closed "Atlantis"' in done.stderr


def test_rings_and_opened_files_are_shown_at_any_size(tmp_path: Path) -> None:
    opened = tmp_path / "own.geojson"
    line = {"type": "LineString", "coordinates": [[30, 36], [40, 40]]}
    feature = {"type": "Feature", "properties": {"name": "Watch"}, "geometry": line}
    odd = {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [999]}}
    opened.write_text(json.dumps({"type": "FeatureCollection", "features": [feature, odd]}))
    link = "?airfields=None&aircraft=Su-34&route=500 nmi@OSLK"
    out = tmp_path / "a.svg"
    done = brief("--link", link, "--open", opened, "--size", "1000x700", "--out", out)
    assert done.exit_code == 0
    # What could not be read of the file is told of.
    assert "own.geojson" in done.stderr
    text = out.read_text("utf-8")
    assert 'width="1000" height="700"' in text
    for words in ("500 nmi (575 mi)", "Su-34, the only figure: 2,485 mi", "Watch"):
        assert words in text.replace("\xa0", " ")


def test_names_are_understood_as_on_the_page(tmp_path: Path) -> None:
    opened, out = tmp_path / "own.csv", tmp_path / "a.geojson"
    opened.write_text("name,from,to\nclear,Narita,EFHK\nunclear,Tokio,EFHK\n")
    done = brief("--link", "?airfields=None&route=EFHK-Narita", "--open", opened, "--out", out)
    assert done.exit_code == 0
    assert '"Tokio" may be several places; did you mean RJTT' in done.stderr
    drawn = [each["properties"] for each in json.loads(out.read_text("utf-8"))["features"]]
    routes = [(each["name"], each["from"]) for each in drawn if each["feature"] == "route"]
    assert routes == [
        ("EFHK-Narita", "Helsinki Vantaa Airport"), ("clear", "Narita International Airport")
    ]  # fmt: skip


def test_an_aircraft_that_the_link_asks_for_in_vain_is_told_of(tmp_path: Path) -> None:
    done = brief("--link", "airfields=None&aircraft=Concorde", "--out", tmp_path / "a.svg")
    assert done.exit_code == 0
    assert "Concorde" in done.stderr
