"""Audits that are killed, and those that may not go on."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from geo.audit.crew import here, local
from geo.audit.ledger import Ledger
from geo.audit.model import DataFiles, Job, Part, Receipt
from geo.audit.output import find_outputs
from geo.audit.version import DATA, version
from geo.audit.work import audit_part
from geo.errors import GeoError
from tests.audited import (
    audit,
    begin,
    command,
    crossings,
    environment,
    left_by,
    random_pairs,
    small_data,
    stamps,
    write_csv,
    write_pairs,
)
from tests.processes import wait_for_end_of_group

PARTS = 60


@pytest.fixture(autouse=True)
def ctrl_c_is_heard() -> Iterator[None]:
    """A job in the background has SIGINT ignored, and so have all that it starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def stopped_after(parts: int) -> Any:
    """Make a crew that stops as if it were killed once so many parts are done."""

    def crew(task: Any, given: Any) -> Any:
        for number, receipt in enumerate(here(task, given), 1):
            yield receipt
            if number == parts:
                raise KeyboardInterrupt

    return crew


def test_an_audit_that_was_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    """Killed at random moments, workers and all, it leaves what it would have left."""
    flights, data = write_pairs(tmp_path / "f.parquet", 60 * PARTS), small_data(tmp_path)
    asked = ["--airspace", data.airspace, "--rows-per-part", "60", "--workers", "2"]
    audit(flights, tmp_path / "whole.parquet", rows_per_part=60, data=data)
    out = tmp_path / "out.parquet"
    receipts: dict[str, tuple[int, int]] = {}
    rng = random.Random(11)  # noqa: S311 - moments, not secrets
    for kill in range(3):
        process = begin(command(flights, "--out", out, *asked))
        wait_for_receipts(process, tmp_path / "out.parts", len(receipts) + 2 + kill)
        time.sleep(rng.uniform(0, 0.05))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        wait_for_end_of_group(process.pid)
        before, receipts = receipts, stamps(tmp_path / "out.parts")
        # What was finished before is the very same file: nothing is done twice.
        assert before.items() <= receipts.items()
        assert len(before) < len(receipts)
    assert not out.exists()
    process = begin(command(flights, "--out", out, *asked))
    assert process.wait(timeout=120) == 0
    assert {name.replace("out", "whole"): data for name, data in left_by(out).items()} == left_by(
        tmp_path / "whole.parquet"
    )


@pytest.mark.parametrize("presses", [1, 2, 3])
def test_ctrl_c_ends_it_however_often(tmp_path: Path, presses: int) -> None:
    """A terminal sends Ctrl-C to the workers too; nothing hangs, and no process stays."""
    flights, data = write_pairs(tmp_path / "f.parquet", 60 * PARTS), small_data(tmp_path)
    asked = ["--airspace", data.airspace, "--rows-per-part", "60", "--workers", "2"]
    audit(flights, tmp_path / "whole.parquet", rows_per_part=60, data=data)
    out, told = tmp_path / "out.parquet", tmp_path / "told"
    with told.open("wb") as stderr:
        process = subprocess.Popen(  # noqa: S603 - no input from outside
            command(flights, "--out", out, *asked),
            env=environment(),
            stderr=stderr,
            start_new_session=True,
        )
    try:
        wait_for_receipts(process, tmp_path / "out.parts", 2)
        for _ in range(presses):
            os.killpg(process.pid, signal.SIGINT)
            time.sleep(0.05)
        assert process.wait(timeout=60) == 130
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    wait_for_end_of_group(process.pid)
    said = told.read_text("utf-8").strip()
    assert said == "stopped; the same command goes on where it stopped"
    assert not out.exists()
    assert not (tmp_path / "out.lock").exists()
    before = stamps(tmp_path / "out.parts")
    assert 2 <= len(before) < PARTS
    audit(flights, out, local(2), rows_per_part=60, data=data)
    assert out.read_bytes() == (tmp_path / "whole.parquet").read_bytes()


def test_workers_are_gone_when_what_reads_receipts_fails(tmp_path: Path) -> None:
    """Whoever holds on to the error holds on to the pool, and has no workers all the same."""
    flights, data = write_pairs(tmp_path / "f.parquet", 600), small_data(tmp_path)

    def crew(task: Any, given: Any) -> Any:
        receipts = local(2)(task, given)
        yield next(receipts)
        assert len(active_children()) == 2
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt) as held:
        audit(flights, tmp_path / "out.parquet", crew, rows_per_part=60, data=data)
    until = time.monotonic() + 60
    while active_children():
        assert time.monotonic() < until
        time.sleep(0.01)
    assert held.value.__traceback__ is not None


def wait_for_receipts(process: Any, folder: Path, count: int) -> None:
    until = time.monotonic() + 120
    while len(stamps(folder)) < count:
        assert time.monotonic() < until
        assert process.poll() is None
        time.sleep(0.005)


def test_it_may_be_stopped_between_any_two_parts(tmp_path: Path) -> None:
    flights, data = write_pairs(tmp_path / "f.parquet", 100), small_data(tmp_path)
    audit(flights, tmp_path / "whole.parquet", rows_per_part=20, data=data)
    for parts in range(1, 6):
        out = tmp_path / f"out{parts}.parquet"
        with pytest.raises(KeyboardInterrupt):
            audit(flights, out, stopped_after(parts), rows_per_part=20, data=data)
        assert len(stamps(tmp_path / f"out{parts}.parts")) == parts
        done = audit(flights, out, rows_per_part=20, data=data)
        assert [receipt.number for receipt in done.receipts] == list(range(5))
        assert out.read_bytes() == (tmp_path / "whole.parquet").read_bytes()


def test_tracks_go_on_after_they_are_sorted(tmp_path: Path, monkeypatch: Any) -> None:
    rows = [(f"T{n % 40}", n, n % 30, (n * 7) % 20) for n in range(2000)]
    flights = write_csv(tmp_path / "f.csv", ["flight", "time", "lon", "lat"], rows)
    data = small_data(tmp_path)
    monkeypatch.setattr("geo.audit.tracks._SORTED_ROWS", 300)
    audit(flights, tmp_path / "whole.parquet", rows_per_part=20, data=data)
    with pytest.raises(KeyboardInterrupt):
        audit(flights, tmp_path / "out.parquet", stopped_after(2), rows_per_part=20, data=data)
    sorted_ = {p: p.stat().st_mtime_ns for p in (tmp_path / "out.parts").glob("sorted*")}
    assert len(sorted_) == 8
    # One piece of the sorting is lost, as if it had been killed in the midst of it.
    lost = tmp_path / "out.parts" / "sorted-00000003.arrow"
    lost.unlink()
    (tmp_path / "out.parts" / "sorted-all").unlink()
    audit(flights, tmp_path / "out.parquet", rows_per_part=20, data=data)
    assert (tmp_path / "out.parquet").read_bytes() == (tmp_path / "whole.parquet").read_bytes()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("input", "the input has changed since"),
        ("options", "it was begun with other options"),
        ("version", "Corridor, its data or its libraries have changed since"),
    ],
)
def test_it_does_not_go_on_with_something_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str, told: str
) -> None:
    flights, data = write_pairs(tmp_path / "f.parquet", 100), small_data(tmp_path)
    out = tmp_path / "out.parquet"
    asked: dict[str, Any] = {"rows_per_part": 20, "data": data}
    with pytest.raises(KeyboardInterrupt):
        audit(flights, out, stopped_after(2), **asked)
    if change == "input":
        write_pairs(flights, 100, seed=6)
    elif change == "options":
        asked["with_points"] = True
    else:
        monkeypatch.setattr("geo.audit.run.version", lambda data: "another")
        monkeypatch.setattr("geo.audit.work.version", lambda data: "another")
    with pytest.raises(GeoError) as refused:
        audit(flights, out, **asked)
    assert told in str(refused.value)
    assert "--overwrite begins anew" in str(refused.value)
    assert len(stamps(tmp_path / "out.parts")) == 2
    audit(flights, out, **asked, overwrite=True)
    monkeypatch.undo()
    audit(flights, tmp_path / "fresh.parquet", **asked)
    assert out.read_bytes() == (tmp_path / "fresh.parquet").read_bytes()


def test_an_output_that_is_there_is_not_replaced_unasked(tmp_path: Path) -> None:
    flights, data = write_pairs(tmp_path / "f.parquet", 10), small_data(tmp_path)
    for name in ("out.parquet", "out.refused.csv"):
        (tmp_path / name).write_text("mine")
        with pytest.raises(GeoError, match=f"{name} exists already; --overwrite replaces it"):
            audit(flights, tmp_path / "out.parquet", data=data)
        assert (tmp_path / name).read_text() == "mine"
        (tmp_path / name).unlink()
    audit(flights, tmp_path / "out.parquet", data=data)
    with pytest.raises(GeoError, match=r"out\.parquet exists already"):
        audit(flights, tmp_path / "out.parquet", data=data)
    audit(flights, tmp_path / "out.parquet", data=data, overwrite=True)


@pytest.mark.parametrize("survives", ["all", "finished.json"])
def test_killed_while_it_cleared_up_it_tells_what_it_found(tmp_path: Path, survives: str) -> None:
    flights, data = write_pairs(tmp_path / "f.parquet", 50), small_data(tmp_path)
    out = tmp_path / "out.parquet"
    with pytest.MonkeyPatch.context() as killed:
        killed.setattr(Ledger, "clear", lambda self: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            audit(flights, out, rows_per_part=20, data=data)
    if survives != "all":
        for path in (tmp_path / "out.parts").glob("*-*"):
            path.unlink()
    before = out.stat().st_mtime_ns
    done = audit(flights, out, rows_per_part=20, data=data)
    assert out.stat().st_mtime_ns == before
    assert [receipt.rows for receipt in done.receipts] == [20, 20, 10]
    assert not (tmp_path / "out.parts").exists()


def test_parts_that_are_damaged_are_done_again(tmp_path: Path) -> None:
    flights, data = write_pairs(tmp_path / "f.parquet", 100), small_data(tmp_path)
    audit(flights, tmp_path / "whole.parquet", rows_per_part=20, data=data)
    out = tmp_path / "out.parquet"
    with pytest.raises(KeyboardInterrupt):
        audit(flights, out, stopped_after(4), rows_per_part=20, data=data)
    folder = tmp_path / "out.parts"
    (folder / "crossings-00000001.parquet").write_bytes(b"cut off")
    (folder / "crossings-00000002.parquet").unlink()
    (folder / "crossings-00000003.parquet.abc.tmp").write_bytes(b"half")
    audit(flights, out, rows_per_part=20, data=data)
    assert out.read_bytes() == (tmp_path / "whole.parquet").read_bytes()
    assert not folder.exists()


def test_an_input_that_changes_while_it_is_read_is_no_result(tmp_path: Path) -> None:
    flights, data = write_pairs(tmp_path / "f.parquet", 40), small_data(tmp_path)

    def crew(task: Any, given: Any) -> Any:
        yield from here(task, given)
        pq.write_table(random_pairs(41), flights)

    with pytest.raises(GeoError, match=r"f\.parquet: has changed while it was read"):
        audit(flights, tmp_path / "out.parquet", crew, rows_per_part=20, data=data)
    assert not (tmp_path / "out.parquet").exists()


def test_a_worker_of_another_version_is_refused(tmp_path: Path) -> None:
    rows = pa.table({"row": [1], "from": ["EGLL"], "to": ["RJTT"]})
    job = Job("pairs", str(tmp_path), "another")
    with pytest.raises(GeoError, match="a worker has another version of Corridor"):
        audit_part(job, Part.of(0, rows, 1.0))
    assert len(version(DataFiles())) == 64


def test_a_part_leaves_the_same_bytes_wherever_it_is_done(tmp_path: Path) -> None:
    rows = random_pairs(50).rename_columns(["id", "from_lon", "from_lat", "to_lon", "to_lat"])
    part = Part.of(3, rows.add_column(0, "row", pa.array(range(50))), 0.5)
    left = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        data = small_data(tmp_path)
        receipt = audit_part(Job("pairs", str(folder), version(data), data=data), part)
        assert Receipt.from_json(receipt.to_json()) == receipt
        left.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert left[0] == left[1]
    assert set(left[0]) == {"crossings-00000003.parquet", "receipt-00000003.json"}


def test_two_audits_of_one_output_are_not_at_it_at_once(tmp_path: Path) -> None:
    flights, data = write_pairs(tmp_path / "f.parquet", 100), small_data(tmp_path)
    out = tmp_path / "out.parquet"
    refused = []

    def crew(task: Any, given: Any) -> Any:
        with pytest.raises(GeoError) as second:
            audit(flights, out, rows_per_part=20, data=data, overwrite=True)
        refused.append(str(second.value))
        # Another output of the same folder is another matter.
        audit(flights, tmp_path / "other.parquet", rows_per_part=20, data=data)
        yield from here(task, given)

    audit(flights, out, crew, rows_per_part=20, data=data)
    assert refused == [f"{out}: another audit writes there; wait for it, or name another"]
    assert out.read_bytes() == (tmp_path / "other.parquet").read_bytes()
    assert not list(tmp_path.glob("*.lock"))


def test_a_killed_audit_holds_nothing(tmp_path: Path) -> None:
    flights, data = write_pairs(tmp_path / "f.parquet", 100), small_data(tmp_path)
    (tmp_path / "out.lock").write_bytes(b"")  # as a kill leaves it
    audit(flights, tmp_path / "out.parquet", data=data)
    assert not (tmp_path / "out.lock").exists()


def test_the_folder_of_parts_lies_beside_the_output(tmp_path: Path) -> None:
    for name, parts in (("a.parquet", "a.parts"), ("a", "a.parts"), ("a/", "a.parts")):
        outputs = find_outputs(f"{tmp_path}/{name}")
        assert outputs.folder.path == str(tmp_path / parts)
        assert outputs.is_dataset == name.endswith("/")


@pytest.mark.parametrize("name", ["corners.parquet", "cells.parquet"])
def test_what_only_ways_around_need_may_be_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    for file in DATA.iterdir():
        if file.name != name:
            (folder / file.name).symlink_to(file)
    monkeypatch.setattr("geo.audit.version.DATA", folder)
    monkeypatch.setattr("geo.audit.work.DATA", folder)
    version.cache_clear()
    try:
        flights = write_csv(tmp_path / "f.csv", ["from", "to"], [("OSLK", "USCG")])
        audit(flights, tmp_path / "a.parquet")
        assert crossings(tmp_path / "a.parquet")
        with pytest.raises(GeoError, match=f"{name}: .*missing"):
            audit(flights, tmp_path / "b.parquet", closed=("TUR", "GEO"))
    finally:
        version.cache_clear()
