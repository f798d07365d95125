"""What goes wrong around Corridor: no network, no room, nothing writable, broken data, odd clocks.

Each ends in one clear line that names the file, or in a page that says so; never in a traceback.
"""

import datetime as dt
import html
import io
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from streamlit.testing.v1 import AppTest

from geo import finder, suggestion
from geo.__main__ import cli
from geo.aircraft import load_fleet
from geo.airspace_file import load_airspace, load_land
from geo.corridor import load_ground
from geo.errors import DataError, GeoError, StoryError
from geo.model import Place
from geo.names import load_names
from geo.readers import read_opened
from geo.render import completion, webmap
from geo.render.pack.zipped import make_zip
from geo.render.picture import basemap
from geo.saving import save
from geo.story import load_story
from tests.audited import audit, small_data, write_csv
from tests.audited import refused as refused_rows
from tests.shipped import DATA, airspace
from tests.test_views import OPENING, choice, opened, ran, routes, scene, texts

ROOT = Path(__file__).parents[1]
# Put before a program: it may speak to this machine alone, and write nothing into the checkout.
GUARD = """
import os, sys
from pathlib import Path
root, seen = Path(sys.argv.pop(1)), []
def inside(path):
    return isinstance(path, str | bytes | os.PathLike) and root in Path(os.fsdecode(path)).parents
def guard(event, args):
    if event == "socket.connect" and isinstance(args[1], tuple):
        refuse(args[1][0] not in ("127.0.0.1", "::1", "localhost"), event, args[1])
    elif event == "socket.getaddrinfo":
        refuse(args[0] not in (None, "127.0.0.1", "::1", "localhost"), event, args[0])
    elif event == "open" and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC):
        refuse(inside(args[0]), event, args[0])
    elif event in ("os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.utime"):
        refuse(inside(args[0]), event, args[0])
def refuse(wrong, *what):
    if wrong:
        seen.append(what)
        raise PermissionError(f"refused: {what}")
sys.addaudithook(guard)
"""
PAGES = """
from streamlit.testing.v1 import AppTest
for page in (None, "views/briefing.py", "views/sources.py"):
    app = AppTest.from_file("app.py", default_timeout=120).run()
    app = app.switch_page(page).run() if page else app
    assert not app.exception, app.exception
    assert not app.error, app.error
    assert len(app.main) > 2
"""
CHECK = """
import socket
for target in (("192.0.2.1", 80), ("example.org", 80)):
    try:
        socket.create_connection(target, timeout=1)
    except PermissionError:
        pass
assert len(seen) == 2, seen
try:
    open(root / "data" / "new", "w")
except PermissionError:
    pass
assert len(seen) == 3, seen
seen.clear()
"""


def run(
    *arguments: str | Path, code: str = "", most_bytes: int | None = None, out: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run Python in the checkout; no file that it writes may be larger than `most_bytes`."""

    def limit() -> None:
        if most_bytes is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

    words = ["-c", code] if code else ["-m", "geo"]
    with (out or Path(os.devnull)).open("w", encoding="utf-8") as printed:
        return subprocess.run(  # noqa: S603
            [sys.executable, "-B", "-W", "ignore", *words, *map(str, arguments)],
            cwd=ROOT, stdin=subprocess.DEVNULL, stdout=printed, stderr=subprocess.PIPE, text=True,
            preexec_fn=limit, check=False, timeout=300,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """Give the one line that a command ended with."""
    assert done.returncode == 2, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr.strip()


# ---- no network, and nothing writable ------------------------------------------------------------


def test_all_pages_need_no_network_and_write_nothing_beside_the_data() -> None:
    done = run(ROOT, code=f"{GUARD}{CHECK}{PAGES}assert not seen, seen")
    assert done.returncode == 0, done.stderr[-2000:]


def test_a_briefing_needs_no_network_and_writes_only_what_was_asked(tmp_path: Path) -> None:
    out = tmp_path / "view.html"
    program = "sys.argv[0] = 'geo'\nimport runpy\nrunpy.run_module('geo', run_name='__main__')"
    words = ("brief", "--link", "route=EFHK-RJAA", "--out", out)
    done = run(ROOT, *words, code=f"{GUARD}{program}")
    assert done.returncode == 0, done.stderr[-2000:]
    assert b"Helsinki" in out.read_bytes()
    assert list(tmp_path.iterdir()) == [out]


# ---- no room -------------------------------------------------------------------------------------


def test_a_full_disk_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    """No file may be larger than 4 kB, which is how a disk without room looks from inside."""
    out = tmp_path / "claim.gpx"
    out.write_text("the old one", "utf-8")
    done = run("brief", "--slide", "3,000 miles?", "--out", out, most_bytes=4096)
    assert one_line(done) == f"geo: {out}: file too large"
    assert out.read_text("utf-8") == "the old one"
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("room", [0, 10])
def test_an_answer_that_cannot_be_printed_says_so(tmp_path: Path, room: int) -> None:
    """With PYTHONUNBUFFERED, as containers set it, Python itself would drop the rest in silence."""
    done = run("route", "--help", most_bytes=room, out=tmp_path / "printed")
    assert one_line(done) == "geo: output: file too large"


def test_a_page_on_a_full_disk_says_so() -> None:
    code = """
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("app.py", default_timeout=120).run()
assert not app.exception, app.exception
assert [each.value for each in app.error] == [
    "The server can't read or write a file, so this page isn't whole."
], app.error
assert "file too large" in str([each.proto for each in app.main.children.values()])
"""
    done = run(code=code, most_bytes=100_000)
    assert done.returncode == 0, done.stderr[-2000:]


def test_a_file_is_saved_whole(tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    save(file, b"first")
    file.chmod(0o640)
    link.symlink_to(file)
    save(link, b"second")
    assert file.read_bytes() == b"second"
    assert link.is_symlink()
    assert file.stat().st_mode & 0o777 == 0o640
    assert {*tmp_path.iterdir()} == {file, link}


def test_where_no_file_can_be_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "none" / "file", tmp_path / ("x" * 300)):
        with pytest.raises(GeoError) as told:
            save(path, b"")
        assert str(told.value).startswith(f"{path}: ")
    assert not list(tmp_path.iterdir())


def test_a_pipe_is_written_to_as_it_is() -> None:
    save(Path(os.devnull), b"gone")
    assert not Path(os.devnull).is_file()


# ---- data files that are missing or broken -------------------------------------------------------


def ground(folder: Path) -> None:
    load_ground(
        airspace(), DATA / "airspace.parquet", folder / "corners.parquet", folder / "cells.parquet"
    )


LOADERS: dict[str, Callable[[Path], object]] = {
    "airspace.parquet": lambda folder: load_airspace(folder / "airspace.parquet"),
    "land.parquet": lambda folder: load_land(folder / "land.parquet"),
    "corners.parquet": ground,
    "cells.parquet": ground,
    "aircraft.json": lambda folder: load_fleet(folder / "aircraft.json"),
    "names.json": lambda folder: load_names(folder / "names.json"),
    "routes.geojson": lambda folder: load_story(folder / "routes.geojson"),
}
DAMAGE: dict[str, Callable[[bytes], bytes | None]] = {
    "missing": lambda data: None,
    "empty": lambda data: b"",
    "cut off": lambda data: data[: len(data) // 2],
    "overwritten": lambda data: (
        (b"\xff\xfe\0" * len(data))[: len(data) // 2] + data[len(data) // 2 :]
    ),
}


def damage(file: Path, how: str) -> None:
    data = DAMAGE[how](file.read_bytes())
    file.unlink()  # it may be a link to the shipped one
    if data is not None:
        file.write_bytes(data)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with links to all data."""
    for file in DATA.rglob("*"):
        copy = tmp_path / "data" / file.relative_to(DATA)
        copy.mkdir(parents=True) if file.is_dir() else linked(copy, file)
    return tmp_path / "data"


def linked(copy: Path, file: Path) -> None:
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.symlink_to(file)


def refused(act: Callable[[], object], name: str, folder: Path) -> str:
    with pytest.raises((DataError, StoryError)) as told:
        act()
    message = str(told.value)
    assert message.startswith(f"{name}: ")
    assert str(folder) not in message, "a reader is told where on the server the file lies"
    assert message.count("\n") == 0
    return message


@pytest.mark.parametrize("how", DAMAGE)
@pytest.mark.parametrize("name", LOADERS)
def test_a_broken_data_file_is_named(folder: Path, name: str, how: str) -> None:
    damage(folder / name, how)
    refused(lambda: LOADERS[name](folder), name, folder)


@pytest.mark.parametrize("how", DAMAGE)
def test_a_broken_base_map_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    world = folder / "basemap" / "world.js"
    damage(world, how)
    monkeypatch.setattr(webmap, "WORLD", world)
    monkeypatch.setattr(basemap, "WORLD", world)
    refused(webmap.atlas_script, "world.js", folder)
    refused(basemap.load_world.__wrapped__, "world.js", folder)


def test_a_missing_script_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webmap, "GEODESIC", folder / "none.js")
    refused(webmap.later_script, "none.js", folder)


@pytest.fixture
def paged(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[Path]:
    """Have the pages read their data from a folder."""
    import streamlit as st

    import views.loaded as loaded

    monkeypatch.setattr(loaded, "DATA", folder)
    for name, file in (
        ("AIRCRAFT", "aircraft.json"), ("CORNERS", "corners.parquet"), ("CELLS", "cells.parquet"),
    ):  # fmt: skip
        monkeypatch.setattr(loaded, name, folder / file)
    for module in (webmap, basemap):
        monkeypatch.setattr(module, "WORLD", folder / "basemap" / "world.js")
    basemap.load_world.cache_clear()
    for module in (completion, finder, suggestion):
        monkeypatch.setattr(module, "load_names", partial(load_names, folder / "names.json"))
    st.cache_resource.clear()
    yield folder
    st.cache_resource.clear()
    basemap.load_world.cache_clear()


def test_what_the_page_serves_goes_with_its_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder left to the search for garbage would be a warning, and so an error of tests."""
    import streamlit as st

    st.cache_resource.clear()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert not AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run().exception
    assert list(tmp_path.iterdir())
    st.cache_resource.clear()
    assert not list(tmp_path.iterdir())


BRIEFING, SOURCES = "views/briefing.py", "views/sources.py"
# What a page asks for that needs the file, and what is said instead.
OWN = "A data file of Corridor's own can't be read, so "
NO_WAYS = "The shortest open ways can't be found: "
ASKED = (
    ("corners.parquet", "missing", {"closed": "Turkey"}, (), NO_WAYS + "corners.parquet: not fit"),
    ("cells.parquet", "cut off", {"closed": "Turkey"}, (), NO_WAYS + "cells.parquet: not fit"),
    ("cells.parquet", "missing", {"closed": "Turkey", "way": "Shortest open way"}, (),
     NO_WAYS + "cells.parquet: not fit"),
    ("aircraft.json", "missing", {"aircraft": "Su-24M"}, (OWN + "no aircraft can be chosen.",),
     "aircraft.json: can't be read: No such file"),
    ("aircraft.json", "empty", {"route": "Su-24M@domna"}, (), "aircraft.json: is not JSON"),
)  # fmt: skip
SEEN_AT_ONCE = (
    ("land.parquet", "cut off", (), "Land and sea aren't told apart: land.parquet: not a land"),
    ("names.json", "missing", (OWN + "the map has no search box.",), "names.json: can't be read"),
    ("basemap/world.js", "missing", (OWN + "there is no map.",), "world.js: not a base map"),
)


def words_of(app: AppTest) -> str:
    """Return all that the page says, and what its map says of what was typed."""
    maps = app.get("component_instance")
    answer = json.dumps(scene(app)["asked"], ensure_ascii=False) if maps else ""
    return html.unescape(texts(app)) + answer


def errors(app: AppTest) -> tuple[str, ...]:
    return tuple(error.value for error in app.error)


def assert_told(app: AppTest) -> None:
    """Check that the story's routes stand in the table."""
    assert 'data-route="shagol-direct"' in texts(app)
    assert 'data-route="shagol-azerbaijan"' in texts(app)


@pytest.mark.parametrize(("name", "how", "query", "refusals", "words"), ASKED)
def test_a_file_is_missed_only_by_what_needs_it(
    paged: Path, name: str, how: str, query: Mapping[str, str], refusals: tuple[str], words: str
) -> None:
    damage(paged / name, how)
    app = opened()
    assert (routes(app), errors(app), len(app.warning)) == (OPENING, (), 0)
    assert_told(app)
    assert name not in words_of(app)
    app = opened(query)
    assert words in words_of(app)
    assert errors(app) == refusals
    assert not app.warning
    if "way" not in query:
        assert routes(app) == OPENING
        assert_told(app)


@pytest.mark.parametrize(("name", "how", "refusals", "words"), SEEN_AT_ONCE)
def test_a_page_without_a_file_says_so_and_shows_the_rest(
    paged: Path, name: str, how: str, refusals: tuple[str], words: str
) -> None:
    damage(paged / name, how)
    app = opened({"closed": "Turkey"})
    assert words in words_of(app)
    assert errors(app) == refusals
    assert_told(app)
    assert 'data-route="open:hmeymim:shagol"' in texts(app)
    if name == "basemap/world.js":
        assert not app.get("component_instance")
    else:
        assert routes(app) > OPENING


def test_without_other_names_codes_are_read_and_the_rest_is_refused(paged: Path) -> None:
    damage(paged / "names.json", "missing")
    app = opened({"route": ["EFHK-RJAA", "EFHK-Tokio", "domna", "500 nmi@hmeymim"]})
    asked = scene(app)["asked"]
    assert asked["routes"] == ["EFHK-RJAA", "500 nmi@hmeymim"]
    assert len(routes(app)) == len(OPENING) + 1
    told = html.unescape(texts(app))
    lost = "other names can't be looked up: names.json: can't be read (it is missing)."
    assert f'There is no place "Tokio"; {lost}' in told
    assert "This is a single point" in told


def test_a_ring_of_a_distance_needs_no_aircraft(paged: Path) -> None:
    damage(paged / "aircraft.json", "missing")
    app = opened({"route": "500 nmi@hmeymim"})
    assert not scene(app)["asked"]["refused"]
    assert [ring["name"] for ring in scene(app)["rings"]] == ["575 mi, around Hmeymim"]


def test_a_file_that_was_put_back_is_read(paged: Path) -> None:
    damage(paged / "corners.parquet", "missing")
    assert routes(opened({"closed": "Turkey"})) == OPENING
    linked(paged / "corners.parquet", DATA / "corners.parquet")
    assert "open:hmeymim:shagol" in routes(opened({"closed": "Turkey"}))


def test_the_other_pages_need_least(paged: Path) -> None:
    """With all gone but the core, the story's own slides are made, and the sources listed."""
    for name in ("corners.parquet", "aircraft.json", "names.json", "land.parquet"):
        damage(paged / name, "missing")
    app = ran(opened().switch_page(BRIEFING).run())
    assert not app.error
    assert "corridor-slide" in texts(app)
    assert "Land and sea aren't told apart: land.parquet: " in html.unescape(texts(app))
    for query, words in (
        ({"closed": "Turkey"}, ">corners.parquet: not fit"),
        ({"aircraft": "Su-24M"}, ">aircraft.json: can't be read"),
        ({"route": "EFHK-Tokio"}, "other names can't be looked up: names.json: can't be read"),
    ):
        app.query_params.clear()
        app.query_params.update(query)
        (error,) = errors(ran(app.run()))
        assert "this slide can't be drawn" in error.lower()
        assert words in html.unescape(texts(app))
    choice(app, "Slide").set_value("3,000 miles?")
    assert not ran(app.run()).error
    assert "corridor-slide" in texts(app)
    assert not ran(app.switch_page(SOURCES).run()).error


def test_without_the_base_map_the_other_pages_stay(paged: Path) -> None:
    damage(paged / "basemap" / "world.js", "missing")
    app = ran(opened().switch_page(BRIEFING).run())
    assert errors(app) == (OWN + "this slide can't be drawn.",)
    assert ">world.js: not a base map" in texts(app)
    assert choice(app, "Slide")
    assert not ran(app.switch_page(SOURCES).run()).error


def test_without_the_airspace_only_the_sources_are_there(paged: Path) -> None:
    damage(paged / "airspace.parquet", "cut off")
    app = opened()
    for page in (None, BRIEFING):
        app = ran(app.switch_page(page).run()) if page else app
        assert errors(app) == (OWN + "there is nothing to show.",)
        assert ">airspace.parquet: not an airspace file" in texts(app)
    assert not ran(app.switch_page(SOURCES).run()).error
    assert "Sources of the story" in texts(app)


def test_without_a_story_the_map_and_the_licences_are_there(paged: Path) -> None:
    text = (paged / "routes.geojson").read_text("utf-8")
    (paged / "routes.geojson").unlink()
    broken = text.replace('"role": "departure"', '"role": "harbour"', 1)
    assert broken != text
    (paged / "routes.geojson").write_text(broken, "utf-8")
    whose, what = "The story's file can't be read, so ", 'routes.geojson: feature 1 "hmeymim": role'
    app = opened()
    assert errors(app) == (whose + "there is nothing to show.",)
    assert what in html.unescape(texts(app))
    assert routes(app) == set()
    ran(app.switch_page(BRIEFING).run())
    assert errors(app) == (whose + "there is nothing to show.",)
    assert what in html.unescape(texts(app))
    ran(app.switch_page(SOURCES).run())
    assert errors(app) == (whose + "its sources aren't listed.",)
    assert what in html.unescape(texts(app))
    assert "Data, licences and limits" in texts(app)


def test_the_command_line_names_a_broken_data_file(folder: Path) -> None:
    for option, name in (("--airspace", "airspace.parquet"), ("--story", "routes.geojson")):
        damage(folder / name, "cut off")
        words = ["route", "OSLK-USCG", option, str(folder / name)]
        told = CliRunner().invoke(cli, words)
        assert told.exit_code == 2
        assert told.output.startswith(f"geo: {name}: ")
        assert told.output.count("\n") == 1


def test_a_library_without_its_data_names_it(tmp_path: Path) -> None:
    """The code alone, as where the data was left behind."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "geo", tmp_path / "geo", ignore=ignored)
    done = subprocess.run(
        [sys.executable, "-B", "-m", "geo", "corridor", "OSLK", "USCG", "--closed", "TUR"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "routes.geojson" in one_line(done)


# ---- a clock that is wrong -----------------------------------------------------------------------


@pytest.mark.parametrize("year", [1, 1969, 1970, 1979, 1980, 2100, 2107, 2108, 9999])
def test_a_zip_can_be_made_on_any_day(year: int) -> None:
    data = make_zip([("a.txt", b"a"), ("b.png", b"b")], dt.date(year, 2, 28))
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert packed.testzip() is None
        years = {info.date_time[0] for info in packed.infolist()}
    assert years == {min(max(year, 1980), 2107)}


@pytest.mark.parametrize(("date", "ending"), [("1970-01-01", "pptx"), ("2200-12-31", "pdf")])
def test_a_briefing_can_be_made_on_any_day(tmp_path: Path, date: str, ending: str) -> None:
    out = tmp_path / f"claim.{ending}"
    words = ["brief", "--slide", "3,000 miles?", "--date", date, "--out", str(out)]
    told = CliRunner().invoke(cli, words)
    assert told.exit_code == 0, told.output
    assert out.read_bytes()[:2] == {"pptx": b"PK", "pdf": b"%P"}[ending]


def test_the_page_reads_files_again_by_their_state_and_not_by_the_clock(tmp_path: Path) -> None:
    """A file of the future or from 1970 is a file like any other."""
    from views.loaded import _stamp

    file = tmp_path / "file"
    file.write_text("a", "utf-8")
    stamps = set()
    for seconds in (0, 4102444800):
        os.utime(file, (seconds, seconds))
        stamps.add(_stamp(file))
    file.unlink()
    stamps.add(_stamp(file))
    assert len(stamps) == 3


# ---- doors that are shut (docs/security.md) ------------------------------------------------------


def test_no_reason_of_an_audit_is_a_formula(tmp_path: Path) -> None:
    """The list of refused rows is opened in a spreadsheet, which runs what begins so."""
    data = small_data(tmp_path)
    texts = ["=1+1", "=cmd|'/c calc'!A1", "@SUM(A1)", "+1", "-2", "\t=1", "＝1", "", "−1 N 2 E"]
    rows = [(text, other) for text in texts for other in ("OSLK", text)]
    source = write_csv(tmp_path / "flights.csv", ("from", "to"), rows)
    audit(source, tmp_path / "out.parquet", data=data)
    reasons = [reason for _, reason in refused_rows(tmp_path / "out.parquet")]
    assert len(reasons) == len(rows)
    assert not [reason for reason in reasons if not reason[0].isalpha()]


def test_a_path_in_an_archive_leads_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = tmp_path / "deep" / "inside"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    kml = (
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><name>A</name><Point>'
        "<coordinates>10,50</coordinates></Point></Placemark></kml>"
    )
    packed = io.BytesIO()
    names = ("../../up.kml", str(tmp_path / "absolute.kml"), "..\\..\\back.kml", "C:\\drive.kml")
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, kml)
    opened = read_opened("a.kmz", packed.getvalue(), nowhere)
    assert len(opened.places) == len(names)
    assert [*tmp_path.rglob("*")] == [tmp_path / "deep", inside]


def nowhere(text: str) -> Place:
    raise AssertionError(f"{text} was looked up")
