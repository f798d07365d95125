"""The doors by which anything comes in, what is tried at each, and what must come of it.

A door takes an input and answers, or refuses it with one line of the project's own. All else is a
fault: another exception, a line that a terminal would obey, a long time, much memory.
"""

import contextlib
import io
import json
import os
import re
import shlex
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from geo.airspace_file import load_airspace
from geo.closure import make_closure
from geo.compare import compare, fly, fly_routes
from geo.errors import GeoError
from geo.link import read_link
from geo.model import Place
from geo.open_ways import with_open_way
from geo.places import Gazetteer, make_gazetteer
from geo.readers import read_opened
from geo.render.scene import make_scene
from geo.render.webmap import scene_data
from geo.story import read_story
from geo.typed import with_opened
from geo.units import KILOMETRES
from tests.damage import NUMBERS, ODD, damaged
from tests.shipped import DATA, airspace, story
from views import asked as asked_of
from views.aircraft import typed_rings
from views.loaded import load_atlas, load_types
from views.lookup import find_place
from views.typed import fly_typed

ROOT = Path(__file__).parents[1]
FILES = Path(__file__).parent / "data"
LONGEST_LINE = 1100
MOST_S = 2.0
# A search for a way and a picture are work that was asked for.
_WORKING_S = 15.0


@dataclass(frozen=True, slots=True)
class Door:
    """What is tried, how it comes in, and how many of a hundred inputs are for this door.

    `plain` are inputs with which all is loaded that the door needs; `limit_s` tells how many
    seconds of a processor an input may take.
    """

    name: str
    inputs: st.SearchStrategy[Any]
    enter: Callable[[Any], None]
    share: int
    plain: tuple[Any, ...]
    limit_s: Callable[[Any], float] = lambda given: MOST_S


class FaultError(Exception):
    """What a door must not do."""


def check_line(text: str) -> None:
    """Raise FaultError for a message that isn't one short line to be shown."""
    if not text or not text.isprintable() or len(text) > LONGEST_LINE:
        raise FaultError(f"not one plain line: {text[:2000]!r}")


# ---- story files ---------------------------------------------------------------------------------


@cache
def _story_samples() -> Mapping[str, bytes]:
    files = [
        DATA / "routes.geojson",
        ROOT / "tests/browser/stories/plain.geojson",
        FILES / "small.geojson",
    ]
    samples = {path.name: path.read_bytes() for path in files}
    whole = json.loads(samples["routes.geojson"])
    routes = [each for each in whole["features"] if each["geometry"]["type"] == "LineString"]
    # Without most routes it is told in a tenth of the time.
    few = [each for each in whole["features"] if each not in routes[2:]]
    samples["few"] = json.dumps({**whole, "features": few}).encode()
    return {name: samples[name] for name in ("plain.geojson", "small.geojson", "few")}


def tell_story(data: bytes) -> None:
    """Read a story, and do with it what the page does."""
    told = with_open_way(read_story(data, "x.geojson"))
    make_gazetteer(told.places.values())
    flights = fly(told, airspace())
    rows = compare(flights, told.claim.distance_m if told.claim else None)
    json.dumps(scene_data(make_scene(told, rows, flights, KILOMETRES, "dark")), allow_nan=False)


# ---- files that a reader opens -------------------------------------------------------------------


@cache
def _file_samples() -> Mapping[str, bytes]:
    paths = [*(FILES / "opened").iterdir(), *(FILES / "layers").iterdir()]
    samples = {path.name: path.read_bytes() for path in sorted(paths)}
    samples["google_earth.kmz"] = packed({"doc.kml": samples["google_earth.kml"]})
    samples["two.kmz"] = packed({"a/b.kml": samples["ogr2ogr.kml"], "../c.kml": b"<kml/>"})
    return samples


def packed(files: Mapping[str, bytes]) -> bytes:
    """Pack files into an archive."""
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return found.getvalue()


def open_file(data: bytes) -> None:
    """Open a file, and fly what it holds."""
    try:
        found = read_opened("x", data, _find, known=_gazetteer().known)
    except GeoError as error:
        if not str(error).startswith("x: "):
            raise FaultError(f"the file isn't named: {error}") from error
        raise
    for note in found.notes:
        check_line(note)
    routes, places = found.routes[:10], found.places[:100]
    if routes or places:
        told = with_opened(story(), routes, places)
        plans = told.routes[len(told.routes) - len(routes) :]
        rows = compare(fly_routes(plans, routes, airspace()), None)
        scene = make_scene(told, rows, (), KILOMETRES, "light", found.layer)
        json.dumps(scene_data(scene), allow_nan=False)


def _find(text: str) -> Place:
    return find_place(load_atlas(), text)


@cache
def _gazetteer() -> Gazetteer:
    return make_gazetteer(story().places.values())


# ---- the path box --------------------------------------------------------------------------------

_POINTS = st.sampled_from([
    "OSLK", "uscg", "hmeymim", "Хмеймим", "Lipetsk 2", "35.4011N 35.9487E", "35°24′N 35°56′E",
    "90S 0E", "35N", "0N 180W", "0N 180E", "-", "/", ",", "@", "500 nmi", "Su-24M",
    "3,000 miles", "domna", "Tokio",
    "９０Ｎ ０Ｅ", "1e5 km", "NaN", "∞", "\u202e", "\x00", "\ud800", "a" * 300, "Турция",
    "Turkey", "  ", "—",
])  # fmt: skip
_MARKS = st.sampled_from(["-", "/", ",", " - ", "–", "@", "--", "", " "])
_typed = st.one_of(
    st.lists(st.tuples(_POINTS, _MARKS), max_size=8).map(lambda p: "".join(map("".join, p))),
    damaged({text: text.encode() for text in (
        "OSLK-USCG, hmeymim-mozdok-domna", "500 nmi@OSLK", "Su-24M@domna", "A/B-C, D-E",
        "35.4011N 35.9487E - UUEE", "3,000 miles@hmeymim", "hmeymim-domna/khurba", "Хмеймим-Tartus",
    )}).map(lambda data: data.decode("utf-8", "surrogateescape")),
    st.text(max_size=40),
)  # fmt: skip
PATHS = _typed.map(lambda text: text[:12_000])


def type_path(text: str) -> None:
    """Type into the box on the map; what comes of it is drawn."""
    atlas, fleet = load_atlas(), load_types()
    typed = fly_typed(atlas, fleet, [text[: asked_of.MOST_LETTERS]])
    if typed.asked.refused:
        check_line(typed.asked.refused)
        if typed.asked.routes:
            raise FaultError("read and refused at once")
    for path, offer in typed.asked.guesses:
        check_line(offer)
        if path == text:
            raise FaultError(f"offers what was typed: {path!r}")
    rings = typed_rings(typed.rings, KILOMETRES)
    rows = compare(typed.flights, None)
    scene = make_scene(typed.story, rows, (), KILOMETRES, "light", rings=rings)
    json.dumps(scene_data(scene), allow_nan=False)


# ---- the address ---------------------------------------------------------------------------------

_KEYS = st.sampled_from(
    ["airfields", "pick", "way", "units", "closed", "route", "aircraft", "speed", "tab", "day",
     "claim", "example", "embed", "embed_options", "", "a" * 500, "route[]", "\x00"]
)  # fmt: skip
_VALUES = st.one_of(
    st.sampled_from([
        "All", "None", "My choice", "Domna", "Direct", "Kilometres", "Turkey", "TUR", "tur",
        "Турция", "By airspace", "2016-03-14", "0", "-1", "1e999", "nan", "850", "3000 miles",
        "Su-24M", "true",
        "\u202e", "\ud800", "a" * 3000, "{{ 7*7 }}", "<script>", "%", "%00", "\\", "\\Direct", "",
    ]),
    PATHS,
    st.text(max_size=20),
)  # fmt: skip
QUERIES = st.lists(st.tuples(_KEYS, _VALUES), max_size=8)
LINKS = st.one_of(
    QUERIES.map(lambda pairs: "&".join(f"{_quoted(key)}={_quoted(text)}" for key, text in pairs)),
    damaged({
        "a": b"http://localhost:8501/?airfields=My+choice&pick=Krymsk&way=Direct&units=Kilometres",
        "c": b"https://[::1]/?a=b",
        "b": b"?closed=Turkey&closed=IRQ&route=EFHK-RJAA&tab=By+airspace",
        "d": b"/?route=500+nmi%40OSLK&closed=%D0%A2%D1%83%D1%80%D1%86%D0%B8%D1%8F",
    }).map(lambda data: data.decode("utf-8", "surrogateescape")),
)  # fmt: skip


def _quoted(text: str) -> str:
    return quote(text, errors="surrogatepass")


def follow_link(link: str) -> None:
    """Read a link as the command line and the briefing do."""
    view = read_link(link, with_open_way(story()), airspace())
    for unknown in view.unknown:
        check_line(unknown)
    make_closure(airspace(), view.closed)


def open_page(pairs: list[tuple[str, str]]) -> None:
    """Open the page itself by a link. The browser's own doings aside, that runs all of it."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    query: dict[str, list[str]] = {}
    for key, text in pairs:
        # No more of it than a server takes in an address.
        query.setdefault(key, []).append(text[:2000].encode("utf-8", "replace").decode())
    for key, texts in query.items():
        app.query_params[key] = texts
    app.run()
    if app.exception:
        raise FaultError(f"the page shows a fault: {[each.message for each in app.exception]}")
    if len(app.get("component_instance")) != 1:
        raise FaultError("the page shows no map")


# ---- messages of the map -------------------------------------------------------------------------

_JSON = st.one_of(
    st.sampled_from(ODD), st.floats(), st.integers(), st.text(max_size=10), PATHS,
    st.sampled_from(["TUR", "RUS", "tur", "", "XXX", "__proto__", "OSLK-USCG", "EFHK-Tokio"]),
    st.recursive(st.none() | st.booleans(), lambda each: st.lists(each, max_size=3), max_leaves=5),
)  # fmt: skip
_ACTIONS: st.SearchStrategy[object] = st.sampled_from(
    ["click", "close", "open", "type", "drop", "mend", "", "x", None, 1, []]
)
MESSAGES = st.lists(
    st.fixed_dictionaries(
        {"action": _ACTIONS},
        optional=dict.fromkeys(("lat", "lon", "code", "path", "wrong", "count", "more"), _JSON),
    )
    | st.fixed_dictionaries(
        {"action": st.just("click"), "lat": st.floats(-91, 91), "lon": st.floats(-181, 181)}
    ),
    min_size=1, max_size=6,
)  # fmt: skip


class Address(dict[str, list[str]]):
    """The page's address, as Streamlit has it."""

    def get_all(self, key: str) -> list[str]:
        return list(self.get(key, []))

    def update(self, new: Mapping[str, list[str]]) -> None:  # type: ignore[override]
        super().update({key: [str(text) for text in texts] for key, texts in new.items()})


class _Page:
    """What of Streamlit keeps what a reader asked."""

    def __init__(self) -> None:
        self.session_state: dict[str, Any] = {}
        self.query_params = Address()


def send_messages(messages: list[dict[str, object]]) -> None:
    """Take messages of the map one after the other, each in a run of its own."""
    faces = airspace()
    with patch.object(asked_of, "st", _Page()):
        for message in messages:
            asked_of.take_message(faces, message)
            codes, unknown = asked_of.closed_codes(faces)
            make_closure(faces, codes)
            if unknown:
                raise FaultError(f"closed what isn't there: {unknown}")
            check_line(asked_of.take_hint() or "-")
            asked_of.keep_in_address()
        for path in asked_of.asked(asked_of.ROUTE):
            type_path(path)


# ---- the command line ----------------------------------------------------------------------------

_ARGUMENT = st.one_of(
    PATHS.map(lambda text: text.replace("\x00", "")),
    st.sampled_from([
        "TUR,GEO", "Turkey", "XXX", "", ",", "0", "-1", "nan", "inf", "1e999", "10", "999999999999",
        "200.1", "/", "/dev/null", "/nowhere/x", ".", "x.csv", "file:///etc/passwd", "s3://x/y", "http://[::1",
        "memory://x", "zip://a::b", "tcp://127.0.0.1:1", "from=dep", "from=", "=", "utf-8", "utf-9",
        "%flights%", "%story%", "%layer%", "%out%", "%parquet%", "--", "-", "--help",
        "\ud800", "a" * 5000,
    ]),
    st.sampled_from([number.decode("utf-8", "replace") for number in NUMBERS]),
)  # fmt: skip
_OPTIONS = st.sampled_from([
    "--json", "--near-km", "--layer", "--story", "--airspace", "--land", "--closed", "--only",
    "--no-international", "--margin-km", "--via", "--out", "--column", "--encoding", "--points",
    "--overwrite", "--rows-per-part", "--link", "--slide", "--size", "--scale", "--colours",
    "--map", "--date", "--nothing",
])  # fmt: skip
_GOOD = st.sampled_from([
    "route 'OSLK-USCG, hmeymim-domna'", "route OSLK-USCG --json", "route EFHK-RJAA --near-km 0",
    "route OSLK-USCG --layer %layer%", "corridor hmeymim USCG --closed TUR --json",
    "corridor EFHK RJAA --closed RUS --margin-km 10", "brief --link ?closed=Turkey --out %out%.svg",
    "corridor hmeymim USCG --closed TUR --via Iran", "audit %parquet% --out %out% --workers 1",
    "audit %flights% --out %out% --workers 1 --overwrite",
    "audit %flights% --out %out% --workers 1 --closed TUR",
    "brief --out %out%.geojson", "route '35.4011N 35.9487E - UUEE'",
]).map(shlex.split)  # fmt: skip


@st.composite
def _arguments(draw: st.DrawFn) -> list[str]:
    """Take a good command line, and change a few of its words."""
    words = list(draw(_GOOD))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(1, len(words)))
        match draw(st.sampled_from(["option", "replace", "insert", "delete"])):
            case "option":
                words += [draw(_OPTIONS), draw(_ARGUMENT)]
            case "replace" if at < len(words):
                words[at] = draw(_ARGUMENT)
            case "delete" if at < len(words):
                del words[at]
            case _:
                words.insert(at, draw(_ARGUMENT))
    return words


_FLIGHTS = {
    "pairs": b"from,to\nOSLK,USCG\nEFHK,RJAA\nx,y\n",
    "paths": b"path\nOSLK-USCG\nA/B-C\n",
    "tracks": b"flight;time;lat;lon\nA;1;35,4;35,9\nA;2;36,1;37\n",
}
COMMANDS = st.tuples(_arguments(), damaged(_FLIGHTS))


def run_command(given: tuple[list[str], bytes]) -> None:
    """Run a command in this process, with a file of flights that the words may name."""
    words, flights = given
    with tempfile.TemporaryDirectory() as name, _quick_data(), _in_folder(name):
        Path("flights.csv").write_bytes(flights)
        files = {"%flights%": "flights.csv", "%parquet%": "flights.csv", "%out%": "out.parquet",
                 "%story%": str(FILES / "small.geojson"),
                 "%layer%": str(FILES / "layers/areas.geojson")}  # fmt: skip
        words = [re.sub("%[a-z]+%", lambda m: files.get(m[0], m[0]), word) for word in words]
        status, said, wrong = _run([_as_argument(word) for word in words])
    if status not in (0, 2, 3):
        raise FaultError(f"ended with {status}: {wrong[-2000:]}")
    if "Traceback" in said + wrong:
        raise FaultError(wrong[-2000:])
    for line in wrong.splitlines():
        check_line(line)
    if status and (not wrong.startswith("geo: ") or said):
        raise FaultError(f"ended with {status}, and said {wrong[:500]!r} {said[:500]!r}")


def _as_argument(word: str) -> str:
    """Bring a word to what a process can be given: bytes but zero, of whatever encoding."""
    return os.fsdecode(word.replace("\x00", "").encode("utf-8", "surrogatepass"))


def _run(words: list[str]) -> tuple[int, str, str]:
    """Give the status, and what was printed."""
    from geo.__main__ import cli

    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            cli.main(args=words, prog_name="geo")
            status = 0
        except SystemExit as end:
            status = int(end.code or 0)
    return status, out.getvalue(), err.getvalue()


@contextlib.contextmanager
def _quick_data() -> Iterator[None]:
    """Read the shipped data once: that takes longer than most commands."""
    from geo.commands import audit, brief, corridor, route

    with contextlib.ExitStack() as stack:
        for module in (audit, brief, corridor, route):
            stack.enter_context(patch.object(module, "load_airspace", _airspace))
        yield


def _airspace(path: Path, land: Path | None = None) -> Any:
    shipped = {None, DATA / "airspace.parquet", DATA / "land.parquet"}
    return airspace() if {path, land} <= shipped else load_airspace(path, land)


@contextlib.contextmanager
def _in_folder(name: str) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(name)
    try:
        yield
    finally:
        os.chdir(before)


def _command_limit_s(given: tuple[list[str], bytes]) -> float:
    words = given[0]
    works = {"corridor", "brief", "--closed"} & set(words)
    return _WORKING_S if works else MOST_S


DOORS: Mapping[str, Door] = {
    door.name: door
    for door in (
        Door("story", damaged(_story_samples()), tell_story, 17, (_story_samples()["few"],)),
        Door("import", damaged(_file_samples()) | st.binary(max_size=100), open_file, 45,
             (_file_samples()["flights.csv"], b"from,to\nEFHK,Tokio\n")),
        Door("path", PATHS, type_path, 14, ("OSLK-Tokio", "500 nmi@OSLK")),
        Door("link", LINKS, follow_link, 12, ("?closed=Turkey",)),
        Door("page", QUERIES, open_page, 1, ([("route", "EFHK-Tokio"), ("closed", "Turkey")],)),
        Door("message", MESSAGES, send_messages, 6, ([{"action": "type", "path": "OSLK-Tokio"}],)),
        Door("command", COMMANDS, run_command, 5, (
            (["audit", "%flights%", "--out", "%out%", "--workers", "1"], b"from,to\nOSLK,USCG\n"),
            (["corridor", "OSLK", "USCG", "--closed", "TUR"], b""),
            (["brief", "--out", "out.svg"], b""),
            (["route", "OSLK-USCG"], b"")), _command_limit_s),
    )
}  # fmt: skip
