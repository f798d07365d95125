"""Commands whose own data files are missing or damaged: a copy of the library, run as it is."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROUTE = ("route", "OSLK-USCG")
CORRIDOR = ("corridor", "OSLK", "USCG", "--closed", "TUR")
BRIEF = ("brief", "--link", "?airfields=None&route=OSLK-USCG", "--out", "slide.geojson")
AUDIT = ("audit", "flights.csv", "--out", "crossings.parquet")
NO_LAND = "geo: land and sea aren't told apart: land.parquet: not a land file ("
DAMAGE: dict[str, Callable[[Path], None]] = {
    "missing": Path.unlink,
    "cut off": lambda file: _replace(file, file.read_bytes()[:1000]),
}


def _replace(file: Path, data: bytes) -> None:
    file.unlink()  # it is a link to the shipped one
    file.write_bytes(data)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Give a folder with the library and with links to its data."""
    shutil.copytree(ROOT / "geo", tmp_path / "geo", ignore=shutil.ignore_patterns("__pycache__"))
    for file in (ROOT / "data").rglob("*"):
        link = tmp_path / "data" / file.relative_to(ROOT / "data")
        link.parent.mkdir(parents=True, exist_ok=True)
        if file.is_file():
            link.symlink_to(file)
    (tmp_path / "flights.csv").write_text("from,to\nOSLK,USCG\n")
    return tmp_path


def ask(copy: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(  # noqa: S603 - no input from outside
        [sys.executable, "-m", "geo", *words],
        cwd=copy, env=environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


@pytest.mark.parametrize("how", DAMAGE)
@pytest.mark.parametrize("words", [ROUTE, CORRIDOR, BRIEF], ids=lambda words: words[0])
def test_without_the_land_the_rest_is_told(copy: Path, words: tuple[str, ...], how: str) -> None:
    DAMAGE[how](copy / "data" / "land.parquet")
    done = ask(copy, *words)
    assert done.returncode == 0
    assert done.stderr.startswith(NO_LAND)
    assert done.stderr.count("\n") == 1
    assert str(copy) not in done.stderr
    if words is BRIEF:
        assert json.loads((copy / "slide.geojson").read_text("utf-8"))["features"]
    else:
        assert "Kazakhstan" in done.stdout


def test_a_land_file_that_is_named_must_be_one(copy: Path) -> None:
    (copy / "own.parquet").write_bytes(b"PAR1")
    done = ask(copy, *ROUTE, "--land", "own.parquet")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("geo: own.parquet: not a land file (")


@pytest.mark.parametrize("name", ["airspace.parquet", "routes.geojson"])
@pytest.mark.parametrize("words", [ROUTE, CORRIDOR, BRIEF, AUDIT], ids=lambda words: words[0])
def test_what_a_command_needs_is_named_without_its_folder(
    copy: Path, words: tuple[str, ...], name: str
) -> None:
    (copy / "data" / name).unlink()
    done = ask(copy, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"geo: {name}: ")
    assert done.stderr.count("\n") == 1
    assert str(copy) not in done.stderr


def test_the_types_of_aircraft_are_read_only_where_the_view_asks_for_one(copy: Path) -> None:
    (copy / "data" / "aircraft.json").unlink()
    done = ask(copy, *BRIEF)
    assert (done.returncode, done.stderr) == (0, "")
    for more in ("aircraft=Su-34", "route=500 km@OSLK"):
        done = ask(copy, "brief", "--link", f"?airfields=None&{more}", "--out", "slide.svg")
        assert done.returncode == 2
        assert done.stderr.startswith("geo: aircraft.json: can't be read")
        assert done.stderr.count("\n") == 1
