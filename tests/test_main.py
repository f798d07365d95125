"""The command line: one JSON object or a calm table, one line for bad input, and exit statuses."""

import copy
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from geographiclib.geodesic import Geodesic  # type: ignore[import-untyped]

from geo.__main__ import cli
from geo.airspace_file import load_airspace
from geo.layers import LAYER_NOTE
from geo.report import CREDIT

ROOT = Path(__file__).resolve().parent.parent
ASK = [sys.executable, "-m", "geo"]

Keys = Mapping[str, type]

ROUTE_KEYS: Keys = {
    "name": str,
    "length_m": float,
    "legs": list,
    "crossings": list,
    "reach_m": float,
    "near": list,
}
LEG_KEYS: Keys = {
    "from": dict,
    "to": dict,
    "length_m": float,
    "initial_bearing_deg": float,
    "final_bearing_deg": float,
}
PLACE_KEYS: Keys = {"id": str, "name": str, "lon": float, "lat": float}
CROSSING_KEYS: Keys = {
    "claims": list,
    "name": str,
    "kind": str,
    "start_m": float,
    "end_m": float,
    "length_m": float,
    "entry": dict,
    "exit": dict,
    "land_m": float,
}
NEAR_KEYS: Keys = {
    "claims": list,
    "name": str,
    "kind": str,
    "distance_m": float,
    "at_m": float,
    "point": dict,
}
PASSAGE_KEYS: Keys = {
    "number": int,
    "id": str,
    "name": str,
    "kind": str,
    "lower": str,
    "upper": str,
    "start_m": float,
    "end_m": float,
    "length_m": float,
    "entry": dict,
    "exit": dict,
}
POINT_KEYS: Keys = {"lon": float, "lat": float}


def run(*args: str) -> Result:
    return CliRunner().invoke(cli, ["route", *args])


def ask(*args: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603
        [*ASK, "route", *args], cwd=ROOT, env=os.environ | environment, capture_output=True
    )


@pytest.fixture(autouse=True, scope="module")
def _read_once() -> Iterator[None]:
    """Read the files of the airspace once for all commands run in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("geo.commands.route.load_airspace", cache(load_airspace))
        yield


def refused(*args: str) -> str:
    """Return the one line on stderr of a command that must be refused."""
    result = CliRunner().invoke(cli, args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    return result.stderr.rstrip("\n")


def assert_keys(form: dict[str, Any], keys: Keys) -> None:
    assert {key: type(value) for key, value in form.items()} == dict(keys)
    assert list(form) == list(keys)


def assert_route(route: dict[str, Any]) -> None:
    """Hold one route of the answer against the contract, key by key."""
    route = copy.deepcopy(route)
    assert_keys(route, ROUTE_KEYS)
    for leg in route["legs"]:
        assert_keys(leg, LEG_KEYS)
        assert_keys(leg["from"], PLACE_KEYS)
        assert_keys(leg["to"], PLACE_KEYS)
        assert 0 <= leg["initial_bearing_deg"] < 360
        assert 0 <= leg["final_bearing_deg"] < 360
    for crossing in route["crossings"]:
        margin_m = crossing.pop("margin_m")
        assert_keys(crossing, CROSSING_KEYS)
        assert margin_m is None or 0 <= margin_m <= route["reach_m"]
        assert 0 <= crossing["land_m"] <= crossing["length_m"]
        assert_keys(crossing["entry"], POINT_KEYS)
        assert_keys(crossing["exit"], POINT_KEYS)
        assert crossing["kind"] in {"national", "dependency", "disputed", "international"}
        assert crossing["claims"] == sorted(crossing["claims"])
        assert (crossing["claims"] == []) == (crossing["kind"] == "international")
        assert crossing["length_m"] == round(crossing["end_m"] - crossing["start_m"], 3)
    for miss in route["near"]:
        assert_keys(miss, NEAR_KEYS)
        assert_keys(miss["point"], POINT_KEYS)
        assert 0 <= miss["distance_m"] <= route["reach_m"]
        assert 0 <= miss["at_m"] <= route["length_m"]
    assert_contiguous(route)


def assert_contiguous(route: dict[str, Any]) -> None:
    crossings = route["crossings"]
    assert crossings[0]["start_m"] == 0
    assert crossings[-1]["end_m"] == route["length_m"]
    for before, after in pairwise(crossings):
        assert before["end_m"] == after["start_m"]
        assert before["exit"] == after["entry"]
        assert before["claims"] != after["claims"]
    assert sum(leg["length_m"] for leg in route["legs"]) == pytest.approx(
        route["length_m"], abs=0.001 * len(route["legs"])
    )


@pytest.fixture(scope="module")
def answer() -> dict[str, Any]:
    """What the example of the design answers, from a real process in a plain C locale."""
    done = ask(
        "OSLK-USCG, hmeymim-mozdok-domna",
        "--json",
        LC_ALL="C",
        PYTHONUTF8="0",
        PYTHONCOERCECLOCALE="0",
    )
    assert (done.returncode, done.stderr) == (0, b"")
    form: dict[str, Any] = json.loads(done.stdout)
    return form


def test_json_is_the_object_of_the_design(answer: dict[str, Any]) -> None:
    assert list(answer) == ["routes"]
    assert [route["name"] for route in answer["routes"]] == ["OSLK-USCG", "hmeymim-mozdok-domna"]
    for route in answer["routes"]:
        assert_route(route)


def test_hmeymim_to_shagol_has_the_length_of_the_sources(answer: dict[str, Any]) -> None:
    (route,) = [route for route in answer["routes"] if route["name"] == "OSLK-USCG"]
    (leg,) = route["legs"]
    assert (leg["from"]["id"], leg["to"]["id"]) == ("hmeymim", "shagol")
    assert route["length_m"] == pytest.approx(2_936_970, abs=10)
    line = Geodesic.WGS84.Inverse(
        leg["from"]["lat"], leg["from"]["lon"], leg["to"]["lat"], leg["to"]["lon"]
    )
    assert route["length_m"] == pytest.approx(line["s12"], abs=0.001)
    assert leg["initial_bearing_deg"] == pytest.approx(line["azi1"] % 360, abs=1e-6)
    assert leg["final_bearing_deg"] == pytest.approx(line["azi2"] % 360, abs=1e-6)


def test_the_real_line_crosses_turkey_and_georgia(answer: dict[str, Any]) -> None:
    claims = [crossing["claims"] for crossing in answer["routes"][0]["crossings"]]
    longest = [c["name"] for c in answer["routes"][0]["crossings"] if c["length_m"] > 100_000]
    assert claims[0] == ["SYR"]
    assert claims[-1] == ["RUS"]
    assert longest == ["Syria", "Turkey", "Georgia", "Russia", "Kazakhstan", "Russia"]


@pytest.mark.parametrize(
    ("paths", "km"),
    [
        ("EGLL-KJFK", 5_555),  # gcmap.com gives 3,451 mi
        ("LHR-SYD", 17_020),
        ("RJTT-KLAX", 8_815),  # over 180 degrees
        ("0N 179E-0N 179W", 222.6),  # two degrees of the equator
        ("89N 0E-89N 180E", 223.4),  # over the pole
        ("EGLL-EGLL", 0),
    ],
)
def test_any_line_on_earth_is_answered(paths: str, km: float) -> None:
    result = run(paths, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    (route,) = json.loads(result.stdout)["routes"]
    assert_route(route)
    ends = route["legs"][0]["from"], route["legs"][0]["to"]
    line = Geodesic.WGS84.Inverse(*(value for end in ends for value in (end["lat"], end["lon"])))
    assert route["length_m"] == pytest.approx(line["s12"], abs=0.02)
    assert route["length_m"] / 1000 == pytest.approx(km, rel=0.002)


def test_a_coordinate_is_named_by_itself() -> None:
    result = run("35°24'04\"N, 35°56'55\"E-shagol", "--json")
    (route,) = json.loads(result.stdout)["routes"]
    assert route["name"] == "35°24'04\"N, 35°56'55\"E-shagol"
    assert route["legs"][0]["from"]["id"] == "35.4011111N 35.9486111E"
    assert route["legs"][0]["from"]["lat"] == 35.4011111


def test_the_table_is_for_a_reader() -> None:
    result = run("OSLK-USCG,hmeymim-hmeymim")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0] == "OSLK-USCG: 1,825 mi (2,937 km)"
    assert "hmeymim-hmeymim: 0 mi (0 km)" in lines
    assert result.stdout.endswith(f"\n\n{CREDIT}\n")
    georgia = ["Georgia", "134", "215", "170", "45", ">", "25", "GEO"]
    assert any(line.split() == georgia for line in lines)
    assert any(line.startswith("  Hmeymim to Chelyabinsk Shagol") for line in lines)
    assert all(line == line.rstrip() for line in lines)


def test_knife_edges_and_near_misses_are_said_in_words() -> None:
    # The figures are those of issue 3's example, measured by shifting the line; see test_edge.py.
    text = run("hmeymim-domna").stdout
    assert "  Only just crosses Armenia, for 5.5 km: gone if the line shifts by 2.7 km.\n" in text
    assert "  Passes Azerbaijan at 10.0 km, 1,046 km from the start.\n" in text
    assert "  Passes no other airspace within 25 km.\n" in run("hmeymim-shagol").stdout


def test_margins_and_near_misses_are_in_the_json() -> None:
    (route,) = json.loads(run("hmeymim-domna", "--json").stdout)["routes"]
    assert_route(route)
    margins_m = [c["margin_m"] for c in route["crossings"] if c["margin_m"] is not None]
    assert margins_m == pytest.approx([800, 2700], abs=50)
    (miss,) = route["near"]
    assert (miss["claims"], miss["name"], miss["kind"]) == (["AZE"], "Azerbaijan", "national")
    assert miss["distance_m"] == pytest.approx(10_000, abs=100)
    assert miss["at_m"] == pytest.approx(1_046_000, abs=1000)


def test_near_km_says_how_far_to_look() -> None:
    for near_km, names in (("9", []), ("11", ["Azerbaijan"])):
        (route,) = json.loads(run("hmeymim-domna", "--json", "--near-km", near_km).stdout)["routes"]
        assert_route(route)
        assert [miss["name"] for miss in route["near"]] == names
        assert route["reach_m"] == float(near_km) * 1000
    assert "within 9 km" in run("hmeymim-domna", "--near-km", "9").stdout


def test_near_km_0_leaves_margins_and_near_misses_out() -> None:
    text = run("hmeymim-domna", "--near-km", "0").stdout
    assert not re.search("margin|shift|passes", text, re.IGNORECASE)
    (route,) = json.loads(run("hmeymim-domna", "--near-km", "0", "--json").stdout)["routes"]
    assert_route(route)
    assert (route["reach_m"], route["near"]) == (0, [])
    assert {crossing["margin_m"] for crossing in route["crossings"]} == {None}


def test_land_and_sea_are_told_apart() -> None:
    # From Hmeymim to Tartous the line runs over the sea for about 20 km, by any atlas.
    (route,) = json.loads(run("hmeymim-tartous", "--json").stdout)["routes"]
    (crossing,) = route["crossings"]
    assert crossing["length_m"] - crossing["land_m"] == pytest.approx(21_000, abs=1000)
    lines = run("hmeymim-tartous").stdout.splitlines()
    assert any(line.split()[:5] == ["Syria", "34", "54", "33", "21"] for line in lines)


@pytest.mark.parametrize("paths", ["EGLL-EGLL", "35.4N 36E-35.4N 36E", "90N 0E-90N 90E"])
def test_a_route_to_where_it_starts_has_no_bearing(paths: str) -> None:
    text = run(paths).stdout
    assert "start and end are the same place" in text
    assert "°" not in text
    # Too short to be shifted sideways, so nothing is claimed of what lies near.
    assert not re.search("margin|passes", text, re.IGNORECASE)


@pytest.mark.parametrize(
    "paths",
    [
        "hmeymim-tartus",
        "Хмеймим-Тартус",
        "ХМЕЙМИМ-tartous",
        "Khmeimim-TARTUS",
        "Bassel al Assad Intl - Tartous",
    ],
)
def test_places_are_known_by_their_names(paths: str) -> None:
    (route,) = json.loads(run(paths, "--json").stdout)["routes"]
    (leg,) = route["legs"]
    assert (leg["from"]["id"], leg["to"]["id"]) == ("hmeymim", "tartous")


# ---- opened layers -------------------------------------------------------------------------------

AREAS = """{"type": "FeatureCollection", "features": [
{"type": "Feature", "properties": {"name": "Made-up FIR", "type": "FIR", "lower": "GND"},
 "geometry": {"type": "Polygon", "coordinates": [[[35,37],[45,37],[45,44],[35,44],[35,37]]]}},
{"type": "Feature", "properties": {"name": "Closure"},
 "geometry": {"type": "Polygon", "coordinates": [[[36,39],[42,39],[42,40],[36,40],[36,39]]]}},
{"type": "Feature", "properties": {"name": "A line"},
 "geometry": {"type": "LineString", "coordinates": [[35,37],[45,37]]}}]}"""


@pytest.fixture
def areas(tmp_path: Path) -> str:
    path = tmp_path / "areas.geojson"
    path.write_text(AREAS, "utf-8")
    return str(path)


def test_a_layer_is_listed_beside_the_airspace_and_not_mixed_with_it(areas: str) -> None:
    plain, with_layer = (
        json.loads(run("hmeymim-shagol", "--json", *args).stdout)["routes"][0]
        for args in ((), ("--layer", areas))
    )
    (layer,) = with_layer.pop("layers")
    assert with_layer == plain
    assert layer["name"] == "areas.geojson"
    fir, closure = layer["passages"]
    for passage in (fir, closure):
        assert_keys(passage, PASSAGE_KEYS)
    assert (fir["number"], fir["name"], fir["kind"], fir["lower"]) == (
        1, "Made-up FIR", "FIR", "GND",
    )  # fmt: skip
    assert fir["start_m"] < closure["start_m"] < closure["end_m"] < fir["end_m"]
    assert (fir["entry"]["lat"], fir["exit"]["lat"]) == pytest.approx((37, 44), abs=1e-3)


def test_the_opened_layers_say_what_they_are(areas: str) -> None:
    form = json.loads(run("hmeymim-shagol", "--json", "--layer", areas).stdout)
    assert form["layers"] == [
        {
            "name": "areas.geojson",
            "areas": 2,
            "note": LAYER_NOTE,
            "skipped": ['feature 3 "A line": LineString is no area'],
            "mended": [],
        }
    ]
    text = run("hmeymim-shagol,EGLL-KJFK", "--layer", areas).stdout
    assert "a flight information region" in LAYER_NOTE
    assert " ".join(text.split()).count(LAYER_NOTE) == 1
    assert "  Areas of areas.geojson   mi   km  from km  to km  kind and limits\n" in text
    assert "  Areas of areas.geojson: none is passed.\n" in text
    assert 'areas.geojson: feature 3 "A line": LineString is no area\n' in text


def test_several_layers_are_listed_each_by_itself(areas: str) -> None:
    openair = str(ROOT / "tests" / "data" / "layers" / "areas.openair.txt")
    form = json.loads(run("hmeymim-shagol", "--json", "--layer", areas, "--layer", openair).stdout)
    names = ["areas.geojson", "areas.openair.txt"]
    assert [layer["name"] for layer in form["layers"]] == names
    (route,) = form["routes"]
    assert [layer["name"] for layer in route["layers"]] == names
    assert [len(layer["passages"]) for layer in route["layers"]] == [2, 0]


def test_a_layer_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.geojson"
    damaged.write_text(AREAS.replace("[45,44]", "[45,444]"), "utf-8")
    assert refused("route", "OSLK-USCG", "--layer", str(damaged)) == (
        'geo: damaged.geojson: feature 1 "Made-up FIR": ring 1: vertex 3: '
        "latitude 444 is outside -90..90"
    )
    missing = str(tmp_path / "none.txt")
    assert missing in refused("route", "OSLK-USCG", "--layer", missing)


# ---- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("near_km", "said"),
    [
        ("nan", "nan is outside 0..200"),
        ("-1", "-1 is outside 0..200"),
        ("200.5", "200.5 is outside 0..200"),
        ("inf", "inf is outside 0..200"),
        ("far", "'far' is not a valid float."),
    ],
)
def test_a_wrong_reach_is_refused(near_km: str, said: str) -> None:
    message = refused("route", "OSLK-USCG", f"--near-km={near_km}")
    assert message == f"geo: Invalid value for '--near-km': {said}"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["route", "OSLK-QQQQQ"], 'geo: route 1 "OSLK-QQQQQ": no place "QQQQQ"'),
        (
            ["route", "OSLK-USCG, OSLK-hmeymin", "--json"],
            'geo: route 2 "OSLK-hmeymin": no place "hmeymin"; did you mean hmeymim?',
        ),
        (
            ["route", "OSLK-95N 36E"],
            'geo: route 1 "OSLK-95N 36E": coordinate "95N 36E": latitude 95N is outside -90..90',
        ),
        (["route", ""], 'geo: the path is empty; join two points by "-", such as OSLK-USCG'),
        (["route", "OSLK--USCG"], 'geo: route 1 "OSLK--USCG": point 2 is empty'),
        (["route", "a\nb-\x1b[31m"], 'geo: route 1 "a b-\ufffd[31m": no place "a b"'),
        (["route"], "geo: Missing argument 'PATHS'."),
        (["route", "OSLK", "USCG"], "geo: Got unexpected extra argument (USCG)"),
        ([], "geo: Missing command."),
        (["nonsense"], "geo: No such command 'nonsense'."),
    ],
)
def test_bad_input_is_one_line_and_status_2(args: list[str], message: str) -> None:
    assert refused(*args) == message


def test_an_unknown_option_is_one_line() -> None:
    assert refused("route", "OSLK-USCG", "--jsno").startswith("geo: No such option")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    missing = str(tmp_path / "none.parquet")
    assert missing in refused("route", "OSLK-USCG", "--airspace", missing)
    assert missing in refused("route", "OSLK-USCG", "--story", missing)
    assert missing in refused("route", "OSLK-USCG", "--land", missing)
    assert str(tmp_path) in refused("route", "OSLK-USCG", "--story", str(tmp_path))


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"\xff\xfe\x00", b'{"a": NaN}'])
def test_a_broken_file_is_named(tmp_path: Path, content: bytes) -> None:
    broken = tmp_path / "broken.file"
    broken.write_bytes(content)
    assert "broken.file" in refused("route", "OSLK-USCG", "--story", str(broken))
    assert "broken.file" in refused("route", "OSLK-USCG", "--airspace", str(broken))
    assert "broken.file" in refused("route", "OSLK-USCG", "--land", str(broken))
    assert "broken.file" in refused("route", "OSLK-USCG", "--layer", str(broken))


def test_help_is_no_error() -> None:
    for args in (["--help"], ["route", "--help"]):
        result = CliRunner().invoke(cli, args)
        assert (result.exit_code, result.stderr) == (0, "")
        assert result.stdout.startswith("Usage:")


def test_a_bad_path_leaves_no_traceback_in_a_real_process() -> None:
    done = ask("OSLK-\udcff")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode() == 'geo: route 1 "OSLK-\ufffd": no place "\ufffd"\n'


def test_a_reader_that_stops_reading_is_no_error() -> None:
    process = subprocess.Popen(  # noqa: S603
        [*ASK, "route", "OSLK-USCG"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    with process.stderr:
        assert process.stderr.read() == b""
    process.wait()


def test_a_command_ends_though_a_thread_does_not() -> None:
    """Python itself would wait for it, and so for workers that are gone."""
    code = """
import sys, threading
from geo.__main__ import run
threading.Thread(target=threading.Event().wait).start()
sys.argv[1:] = ["nonsense"]
run()
"""
    words = [sys.executable, "-c", code]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=60)  # noqa: S603
    assert (done.returncode, done.stderr) == (2, "geo: No such command 'nonsense'.\n")
