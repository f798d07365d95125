"""The command line: one JSON object or a calm table, one line for bad input, and exit statuses."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from geographiclib.geodesic import Geodesic  # type: ignore[import-untyped]

from geo.__main__ import CREDIT, cli

ROOT = Path(__file__).resolve().parent.parent
ASK = [sys.executable, "-m", "geo"]

Keys = Mapping[str, type]

ROUTE_KEYS: Keys = {"name": str, "length_m": float, "legs": list, "crossings": list}
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
}
POINT_KEYS: Keys = {"lon": float, "lat": float}


def run(*args: str) -> Result:
    return CliRunner().invoke(cli, ["route", *args])


def ask(*args: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603
        [*ASK, "route", *args], cwd=ROOT, env=os.environ | environment, capture_output=True
    )


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
    assert_keys(route, ROUTE_KEYS)
    for leg in route["legs"]:
        assert_keys(leg, LEG_KEYS)
        assert_keys(leg["from"], PLACE_KEYS)
        assert_keys(leg["to"], PLACE_KEYS)
        assert 0 <= leg["initial_bearing_deg"] < 360
        assert 0 <= leg["final_bearing_deg"] < 360
    for crossing in route["crossings"]:
        assert_keys(crossing, CROSSING_KEYS)
        assert_keys(crossing["entry"], POINT_KEYS)
        assert_keys(crossing["exit"], POINT_KEYS)
        assert crossing["kind"] in {"national", "dependency", "disputed", "international"}
        assert crossing["claims"] == sorted(crossing["claims"])
        assert (crossing["claims"] == []) == (crossing["kind"] == "international")
        assert crossing["length_m"] == round(crossing["end_m"] - crossing["start_m"], 3)
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
    assert lines[-1] == CREDIT
    assert any(line.split() == ["Georgia", "134", "215", "GEO"] for line in lines)
    assert any(line.startswith("  Hmeymim to Chelyabinsk Shagol") for line in lines)
    assert all(line == line.rstrip() for line in lines)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["route", "OSLK-QQQQQ"], 'geo: route 1 "OSLK-QQQQQ": no place "QQQQQ"'),
        (
            ["route", "OSLK-USCG, OSLK-hmeimim", "--json"],
            'geo: route 2 "OSLK-hmeimim": no place "hmeimim"; did you mean hmeymim?',
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
    assert str(tmp_path) in refused("route", "OSLK-USCG", "--story", str(tmp_path))


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"\xff\xfe\x00", b'{"a": NaN}'])
def test_a_broken_file_is_named(tmp_path: Path, content: bytes) -> None:
    broken = tmp_path / "broken.file"
    broken.write_bytes(content)
    assert "broken.file" in refused("route", "OSLK-USCG", "--story", str(broken))
    assert "broken.file" in refused("route", "OSLK-USCG", "--airspace", str(broken))


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
