"""What the tests of audits share: small files of flights, and the command in its own process."""

import csv
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from geo.audit.crew import Crew, here
from geo.audit.model import DataFiles
from geo.audit.progress import Progress
from geo.audit.run import Audit, Request, run_audit
from tests.data.small import AIRSPACE

ROOT = Path(__file__).parents[1]
BOXES = [shapely.box(0, 0, 10, 20), shapely.box(10, 0, 20, 20), shapely.box(20, 0, 30, 20)]
Rows = list[dict[str, Any]]


def small_data(folder: Path) -> DataFiles:
    """Write the small airspace as a file."""
    path = folder / "small-airspace.parquet"
    claims = [list(face.claims) for face in AIRSPACE.faces]
    table = pa.table({
        "claims": pa.array(claims, pa.list_(pa.string())),
        "name": [face.name for face in AIRSPACE.faces],
        "kind": [face.kind for face in AIRSPACE.faces],
        "geometry": pa.array([shapely.to_wkb(box) for box in BOXES], pa.binary()),
    })  # fmt: skip
    pq.write_table(table, path)
    return DataFiles(airspace=str(path))


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    """Write a table of texts."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def random_pairs(count: int, seed: int = 5) -> pa.Table:
    """Draw flights over and around the small airspace."""
    lonlat = np.random.default_rng(seed).uniform([-5, -5] * 2, [35, 25] * 2, (count, 4))
    names = ("from_lon", "from_lat", "to_lon", "to_lat")
    ids = pa.array([f"F{number}" for number in range(count)])
    return pa.table({"flight": ids, **dict(zip(names, lonlat.T, strict=True))})


def write_pairs(path: Path, count: int, seed: int = 5) -> Path:
    """Write such flights as Parquet."""
    pq.write_table(random_pairs(count, seed), path)
    return path


def audit(source: Path | str, out: Path | str, crew: Crew = here, **asked: Any) -> Audit:
    """Run an audit in this process."""
    return run_audit(Request(str(source), str(out), **asked), crew, Progress(None))


def crossings(out: Path) -> Rows:
    """Read the crossings that an audit left."""
    rows: Rows = pq.read_table(out).to_pylist()
    return rows


def refused(out: Path) -> list[tuple[int, str]]:
    """Read the list of refused rows."""
    text = out.with_name(out.name.removesuffix(".parquet") + ".refused.csv").read_text("utf-8")
    rows = list(csv.reader(text.splitlines()))
    assert rows[0] == ["row", "reason"]
    return [(int(row), reason) for row, reason in rows[1:]]


def left_by(out: Path) -> dict[str, bytes]:
    """Read all files beside an output whose names begin as its own does."""
    stem = out.name.removesuffix(".parquet")
    files = (path for path in out.parent.rglob("*") if path.is_file())
    return {str(p.relative_to(out.parent)): p.read_bytes() for p in files if stem in str(p)}


def command(*arguments: object) -> list[str]:
    """Give the command line that runs the command."""
    return [sys.executable, "-m", "geo", "audit", *map(str, arguments)]


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give the environment in which the command finds the library."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **(extra or {})}


def run_command(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the command as a reader does."""
    return subprocess.run(  # noqa: S603 - no input from outside
        command(*arguments), capture_output=True, text=True, env=environment(), timeout=300
    )


def begin(arguments: Sequence[str]) -> "subprocess.Popen[bytes]":
    """Start the command in a group of its own, with its workers."""
    return subprocess.Popen(  # noqa: S603 - no input from outside
        arguments, env=environment(), stdout=subprocess.DEVNULL, start_new_session=True
    )


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """Tell the receipts of finished parts apart from others of the same content."""
    found = {path.name: path.stat() for path in folder.glob("receipt-*.json")}
    return {name: (stat.st_mtime_ns, stat.st_ino) for name, stat in found.items()}
