"""The command as a reader gives it: what it says, and its exit status."""

import errno
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from geo.__main__ import cli
from geo.audit.crew import Task
from geo.audit.model import Part, Receipt
from geo.audit.progress import Progress, say_seconds
from geo.errors import GeoError
from tests.audited import (
    audit,
    command,
    crossings,
    environment,
    left_by,
    random_pairs,
    run_command,
    small_data,
    write_csv,
    write_pairs,
)

RUNNER = CliRunner()


def invoke(*arguments: object) -> Result:
    return RUNNER.invoke(cli, ["audit", *map(str, arguments)])


@pytest.fixture
def flights(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "flights.csv", ["flight", "dep", "arr"],
                     [("A1", "EGLL", "RJTT"), ("A2", "XXXX", "RJTT")])  # fmt: skip


def test_it_says_in_a_paragraph_what_it_found(tmp_path: Path, flights: Path) -> None:
    done = run_command(flights, "--out", tmp_path / "out.parquet", "--workers", "2")
    assert (done.returncode, done.stderr) == (0, "")
    told = " ".join(done.stdout.split())
    assert f"{flights}: 2 rows, 1 flight, 9,615 km. 1 row was refused:" in told
    assert f"{tmp_path}/out.refused.csv says why" in told
    assert "holds 18 crossings of 7 airspaces, and 22.4 % of the way over" in told
    assert "© OpenStreetMap contributors" in told
    assert len(crossings(tmp_path / "out.parquet")) == 18


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("nowhere.csv --out {out}", "nowhere.csv: there is no such file"),
        ("{flights}", "Missing option '--out'"),
        ("{flights} --out {dir}/no/such/out.parquet", "/no/such: there is no such folder"),
        (
            "{flights} --out {flights} --overwrite",
            "flights.csv: the output would replace the input",
        ),
        ("{flights} --out nope://x/out.parquet", "Protocol not known: nope"),
        ("{flights} --out {out} --closed Atlantis", 'no state has the code "ATLANTIS"'),
        ("{flights} --out {out} --closed ,", "no state is given"),
        (
            "{flights} --out {out} --column from",
            '"from" is no ROLE=COLUMN; roles: id, aircraft,',
        ),
        ("{flights} --out {out} --column start=dep", '"start=dep" is no ROLE=COLUMN'),
        ("{flights} --out {out} --column from=start", 'has no column "start"; it has "flight"'),
        ("{flights} --out {out} --encoding klingon", '"klingon" is no encoding of text'),
        ("{flights} --out {out} --encoding hex", '"hex" is no encoding of text'),
        ("{flights} --out {out} --encoding punycode", '"punycode" is no encoding of text'),
        ("{flights} --out {out} --gap-minutes -5", '"-5" is no number of minutes, nor none'),
        ("{flights} --out {out} --gap-minutes nan", '"nan" is no number of minutes, nor none'),
        ("{flights} --out {out} --gap-minutes soon", '"soon" is no number of minutes, nor none'),
        ("{flights} --out {out} --workers 0", "0 is not in the range"),
        ("{flights} --out {out} --workers 2 --scheduler tcp://h:1", "exclude each other"),
        ("{flights} --out {out} --rows-per-part 0", "0 is not in the range"),
        ("{dir}/empty --out {out}", "is a folder without .parquet files"),
        ("{text} --out {out}", "no columns tell where flights went"),
        ("{latin} --out {out}", "is not UTF-8 text; say by --encoding what it is"),
        ("{binary} --out {out}", "is neither CSV nor Parquet"),
        ("{flights} --out {out} --airspace {flights}", "not an airspace file"),
    ],
)
def test_bad_input_is_one_line_and_status_2(
    tmp_path: Path, flights: Path, arguments: str, told: str
) -> None:
    places = {name: tmp_path / name for name in ("text", "latin", "binary")}
    places["text"].write_text("once upon a time\nthere was\n")
    places["latin"].write_bytes("from,to\nCáceres,München\n".encode("latin-1"))
    places["binary"].write_bytes(bytes(range(256)))
    (tmp_path / "empty").mkdir()
    given = arguments.format(dir=tmp_path, out=tmp_path / "o.parquet", flights=flights, **places)
    result = invoke(*given.split(" "), *(() if "--workers" in given else ("--workers", "1")))
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stderr.startswith("geo: ")
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""
    assert not (tmp_path / "o.parquet").exists()


def test_an_output_that_may_not_be_written_is_one_line(
    tmp_path: Path, flights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: object, path: str, exist_ok: bool = False) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", path)

    monkeypatch.setattr("fsspec.implementations.local.LocalFileSystem.makedirs", refuse)
    result = invoke(flights, "--out", tmp_path / "o.parquet", "--workers", "1")
    assert result.exit_code == 2
    assert result.stderr == f"geo: {tmp_path}/o.parts: can't be made (Permission denied)\n"


def test_an_output_beneath_a_file_is_one_line(tmp_path: Path, flights: Path) -> None:
    result = invoke(flights, "--out", flights / "out.parquet", "--workers", "1")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1


def test_a_full_disk_is_one_line(tmp_path: Path, flights: Path) -> None:
    """No file may be larger than 4 kB, which is how a disk without room looks from inside."""
    write_pairs(tmp_path / "f.parquet", 2000)
    data = small_data(tmp_path)
    limited = (
        "import resource, runpy, sys, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)); "
        "runpy.run_module('geo', run_name='__main__')"
    )
    arguments = command(
        tmp_path / "f.parquet", "--out", tmp_path / "out.parquet", "--airspace", data.airspace,
        "--workers", "2", "--rows-per-part", "500",
    )  # fmt: skip
    done = subprocess.run(  # noqa: S603 - no input from outside
        [sys.executable, "-c", limited, *arguments[3:]], capture_output=True, text=True,
        env=environment(), timeout=120,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith("geo: ")
    assert "file too large" in done.stderr.lower()
    assert "make room" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out.parquet").exists()


def test_columns_may_be_told(tmp_path: Path) -> None:
    flights = write_csv(tmp_path / "f.csv", ["hex", "a", "b"], [("N1", "EGLL", "LFPG")])
    told = ["--column", "from=a", "--column", "to=b", "--column", "id=hex", "--points"]
    assert invoke(flights, "--out", tmp_path / "o.parquet", *told).exit_code == 0
    rows = crossings(tmp_path / "o.parquet")
    assert [row["airspace"] for row in rows] == [
        "United Kingdom", "waters of no state", "France",
    ]  # fmt: skip
    assert {row["id"] for row in rows} == {"N1"}
    assert "entry_lon" in rows[0]


@pytest.mark.parametrize(
    ("given", "flights", "told"),
    [
        ([], 2, "Tracks were cut at 1 gap in time."),
        (["--gap-minutes", "1400"], 2, "Tracks were cut at 1 gap in time."),
        (["--gap-minutes", "1500"], 1, "1 flight"),
        (["--gap-minutes", "0"], 1, "1 flight"),
        (["--gap-minutes", "None"], 1, "1 flight"),
    ],
)
def test_tracks_are_cut_at_gaps_and_that_is_said(
    tmp_path: Path, given: list[str], flights: int, told: str
) -> None:
    days = ["2022-02-24 10:00", "2022-02-24 10:30", "2022-02-25 10:00", "2022-02-25 10:30"]
    rows = [("A", day, 1 + at % 2, 50) for at, day in enumerate(days)]
    track = write_csv(tmp_path / "t.csv", ["callsign", "time", "lon", "lat"], rows)
    result = invoke(track, "--out", tmp_path / "o.parquet", "--workers", "1", *given)
    said = " ".join(result.stdout.split())
    assert told in said
    assert ("were cut" in said) == (flights > 1)
    assert len({row["row"] for row in crossings(tmp_path / "o.parquet")}) == flights


def test_tracks_without_times_are_told(tmp_path: Path) -> None:
    track = write_csv(tmp_path / "t.csv", ["callsign", "lon", "lat"], [("A", 1, 50), ("A", 2, 50)])
    result = invoke(track, "--out", tmp_path / "o.parquet", "--workers", "1")
    assert "no track is cut at a gap" in " ".join(result.stdout.split())


def test_an_audit_with_another_limit_does_not_go_on(tmp_path: Path) -> None:
    flights = write_pairs(tmp_path / "f.parquet", 20)
    asked: Any = {"data": small_data(tmp_path), "rows_per_part": 5}
    with pytest.raises(GeoError, match="stop"):
        audit(flights, tmp_path / "o.parquet", _stopping, **asked)
    with pytest.raises(GeoError, match="begun with other options"):
        audit(flights, tmp_path / "o.parquet", gap_s=60.0, **asked)
    assert len(audit(flights, tmp_path / "o.parquet", **asked).receipts) == 4


def _stopping(task: Task, parts: Iterable[Part]) -> Iterator[Receipt]:
    yield task(next(iter(parts)))
    raise GeoError("stop")


def test_a_closure_is_told_state_by_state(tmp_path: Path) -> None:
    flights = write_csv(tmp_path / "f.csv", ["from", "to"], [("EFHK", "RJAA"), ("EGLL", "LFPG")])
    result = invoke(flights, "--out", tmp_path / "o.parquet", "--closed", "Russia,ukr",
                    "--workers", "1")  # fmt: skip
    assert result.exit_code == 0
    told = " ".join(result.stdout.split())
    assert "The closure hits 1 flight (50.0 %). For 1 there is a way around" in told
    assert " Russia 1 " in told
    assert " Ukraine 0 0 0 0 – UKR" in told
    (row,) = pq.read_table(tmp_path / "o.closed.parquet").to_pylist()
    assert row["row"] == 1


def test_progress_is_told_where_it_is_asked_for(tmp_path: Path) -> None:
    flights, data = write_pairs(tmp_path / "f.parquet", 200), small_data(tmp_path)
    result = invoke(flights, "--out", tmp_path / "o.parquet", "--workers", "1", "--progress",
                    "--rows-per-part", "20", "--airspace", data.airspace)  # fmt: skip
    assert result.exit_code == 0
    assert result.stderr.startswith("crossing: 10 % (20 rows)")


class Terminal:
    """Keeps what is written to it."""

    def __init__(self, is_terminal: bool) -> None:
        self.is_terminal, self.text = is_terminal, ""

    def isatty(self) -> bool:
        return self.is_terminal

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        pass


@pytest.mark.parametrize("is_terminal", [True, False])
def test_progress_tells_the_time_left(is_terminal: bool) -> None:
    times = iter([0.0, 10.0, 10.1, 20.0])
    stream = Terminal(is_terminal)
    progress = Progress(stream, clock=lambda: next(times))  # type: ignore[arg-type]
    for share in (0.1, 0.2, 0.21, 0.3):
        progress.tell("crossing", share)
    progress.end()
    lines = [line.strip() for line in stream.text.replace("\r", "\n").split("\n") if line.strip()]
    assert lines == ["crossing: 10 %", "crossing: 20 %, 80 s left", "crossing: 30 %, 70 s left"]
    assert ("\r" in stream.text) == is_terminal


def test_progress_without_a_stream_is_silent() -> None:
    progress = Progress(None)
    progress.tell("crossing", 0.5)
    progress.end()


@pytest.mark.parametrize(("seconds", "said"), [(3.4, "3 s"), (99, "99 s"), (7500, "2 h 5 min")])
def test_times_are_said_in_words(seconds: float, said: str) -> None:
    assert say_seconds(seconds) == said


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    """Run a Dask scheduler and two workers, each a process of its own."""
    pytest.importorskip("distributed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    local = "--host", "127.0.0.1", "--no-dashboard"
    worker = "worker", address, "--nthreads", "2", "--no-nanny", *local
    scratch = "--local-directory", str(tmp_path)
    programs: list[tuple[str, ...]] = [("scheduler", "--port", address.rpartition(":")[2], *local)]
    programs += [(*worker, *scratch)] * 2
    processes = [
        subprocess.Popen(  # noqa: S603 - no input from outside
            [sys.executable, "-m", "dask", *program],
            env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for program in programs
    ]  # fmt: skip
    try:
        _wait_for_workers(address)
        yield address
    finally:
        for process in processes:
            process.kill()
            process.wait()


def _wait_for_workers(address: str) -> None:
    distributed = pytest.importorskip("distributed")
    with distributed.Client(address, timeout="60s", set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)


def test_a_dask_cluster_leaves_the_same_bytes(tmp_path: Path, scheduler: str) -> None:
    data = small_data(tmp_path)
    pq.write_table(random_pairs(300), tmp_path / "f.parquet")
    audit(tmp_path / "f.parquet", tmp_path / "whole.parquet", rows_per_part=20, data=data)
    done = run_command(
        tmp_path / "f.parquet", "--out", tmp_path / "out.parquet", "--rows-per-part", "20",
        "--airspace", data.airspace, "--scheduler", scheduler,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    whole = left_by(tmp_path / "whole.parquet")
    assert {
        k.replace("out", "whole"): v for k, v in left_by(tmp_path / "out.parquet").items()
    } == whole


def test_a_scheduler_that_does_not_answer_is_one_line(tmp_path: Path, flights: Path) -> None:
    pytest.importorskip("distributed")
    done = run_command(flights, "--out", tmp_path / "o.parquet", "--scheduler", "tcp://127.0.0.1:9")
    assert done.returncode == 2
    assert done.stderr == "geo: tcp://127.0.0.1:9: no Dask scheduler answers there\n"
