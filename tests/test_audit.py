"""Whole audits, in this process, against independent ways to the same numbers."""

import errno
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import airportsdata
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from geographiclib.geodesic import Geodesic  # type: ignore[import-untyped]

from geo.audit import crossing, tracks
from geo.audit.crew import Task, cluster, local
from geo.audit.files import Location, locate
from geo.audit.flights import read_flights
from geo.audit.model import Part, Receipt
from geo.audit.output import find_outputs
from geo.audit.summary import say_audit
from geo.errors import GeoError, NoWayError
from geo.geodesy import make_route
from geo.model import Place
from geo.pathspec import parse_paths
from geo.places import make_gazetteer
from tests import shipped
from tests.audited import (
    BOXES,
    audit,
    crossings,
    left_by,
    random_pairs,
    refused,
    small_data,
    write_csv,
    write_pairs,
)
from tests.data.small import AIRSPACE

CODES = sorted(airportsdata.load("IATA"))
FIND = make_gazetteer(shipped.story().places.values()).find


def test_each_row_has_the_crossings_of_its_route_alone(tmp_path: Path) -> None:
    chosen = np.random.default_rng(7).choice(CODES, (60, 2)).tolist()
    flights = write_csv(tmp_path / "f.csv", ["id", "from", "to"],
                        [(f"N{n}", *pair) for n, pair in enumerate(chosen)])  # fmt: skip
    audit(flights, tmp_path / "out.parquet", rows_per_part=7, with_points=True)
    rows = crossings(tmp_path / "out.parquet")
    expected = []
    for number, (start, end) in enumerate(chosen):
        route = make_route("", [FIND(start), FIND(end)])
        (found,) = shipped.airspace().crossings_on([route])
        expected += [(number, ordinal, each) for ordinal, each in enumerate(found, 1)]
    assert len(rows) == len(expected) > 300
    for row, (number, ordinal, each) in zip(rows, expected, strict=True):
        assert (row["row"], row["id"], row["ordinal"]) == (number + 1, f"N{number}", ordinal)
        named = row["airspace"], tuple(row["claims"].split()), row["kind"]
        assert named == (each.name, each.claims, each.kind)
        metres = row["start_m"], row["end_m"], row["length_m"]
        assert metres == pytest.approx((each.start_m, each.end_m, each.length_m), abs=0.01)
        ends = row["entry_lon"], row["entry_lat"], row["exit_lon"], row["exit_lat"]
        assert ends == pytest.approx((*each.entry, *each.exit), abs=1e-7)


def test_paths_have_the_crossings_of_the_command_line(tmp_path: Path) -> None:
    paths = ["OSLK-USCG", "hmeymim-mozdok-domna", "EGLL-KJFK-RJTT-EGLL", "0N 179E-0N 179W"]
    flights = write_csv(tmp_path / "f.csv", ["path"], [[path] for path in paths])
    audit(flights, tmp_path / "out.parquet")
    rows = crossings(tmp_path / "out.parquet")
    routes = [parse_paths(path, FIND)[0] for path in paths]
    found = shipped.airspace().crossings_on(routes)
    expected = [(n, each) for n, crossed in enumerate(found, 1) for each in crossed]
    assert [(row["row"], row["airspace"]) for row in rows] == [(n, e.name) for n, e in expected]
    assert [r["length_m"] for r in rows] == pytest.approx(
        [e.length_m for _, e in expected], abs=0.1
    )


def test_tracks_lie_where_shapely_has_them(tmp_path: Path) -> None:
    """Meridians and the equator are straight in the plane, and on the ellipsoid."""
    rng = np.random.default_rng(3)
    rows: list[tuple[Any, ...]] = []
    lines = {}
    for number in range(12):
        along = (
            np.unique(rng.uniform(-4, 34, 40)) if number % 2 else np.unique(rng.uniform(1, 19, 40))
        )
        points = (
            [(x, 0.0 + 1e-9) for x in along]
            if number % 2
            else [(number * 2.3 + 0.1, y) for y in along]
        )
        lines[f"T{number}"] = shapely.LineString(points)
        rows += [(f"T{number}", at, *point) for at, point in enumerate(points)]
    order = rng.permutation(len(rows))
    flights = write_csv(tmp_path / "f.csv", ["flight", "time", "lon", "lat"],
                        [rows[at] for at in order])  # fmt: skip
    audit(flights, tmp_path / "out.parquet", data=small_data(tmp_path))
    found: dict[tuple[str, str], float] = {}
    for row in crossings(tmp_path / "out.parquet"):
        key = row["id"], row["claims"]
        found[key] = found.get(key, 0.0) + row["length_m"]
    expected = {}
    for name, line in lines.items():
        rest_m = _length_m(line)
        for face, box in zip(AIRSPACE.faces, BOXES, strict=True):
            inside_m = _length_m(shapely.intersection(line, box))
            rest_m -= inside_m
            expected[name, " ".join(face.claims)] = inside_m
        expected[name, ""] = rest_m
    expected = {key: length_m for key, length_m in expected.items() if length_m > 0.01}
    assert found == pytest.approx(expected, abs=0.5)


def _length_m(line: Any) -> float:
    if line.is_empty:
        return 0.0
    (x0, y0), (x1, y1) = line.coords[0], line.coords[-1]
    return float(Geodesic.WGS84.Inverse(y0, x0, y1, x1)["s12"])


def test_what_a_closure_costs_is_what_the_corridor_costs(tmp_path: Path) -> None:
    pairs = [("EFHK", "RJAA"), ("EGLL", "LFPG"), ("UUEE", "RJTT"), ("EGLL", "VHHH"),
             ("EFHK", "RJAA"), ("UKBB", "LTFM")]  # fmt: skip
    flights = write_csv(tmp_path / "f.csv", ["id", "from", "to"],
                        [(f"N{n}", *pair) for n, pair in enumerate(pairs)])  # fmt: skip
    closed = ("RUS", "UKR")
    done = audit(flights, tmp_path / "out.parquet", closed=closed, rows_per_part=4)
    rows = {row["id"]: row for row in pq.read_table(tmp_path / "out.closed.parquet").to_pylist()}
    assert set(rows) == {"N0", "N2", "N3", "N4", "N5"}
    router = shipped.router(*closed)
    for name, row in rows.items():
        start, end = map(FIND, pairs[int(name[1:])])
        try:
            way = router.find(start, end)
        except NoWayError:
            assert row["around_m"] is row["extra_m"] is row["ratio"] is None
            assert row["no_way"].startswith("starts in closed airspace: ")
            continue
        assert row["direct_m"] == pytest.approx(way.direct_m)
        assert row["around_m"] == pytest.approx(way.route.length_m)
        assert row["extra_m"] == pytest.approx(way.added_m)
        assert row["ratio"] == pytest.approx(way.route.length_m / way.direct_m)
        assert row["no_way"] is None
    inside = dict.fromkeys(rows, 0.0)
    for crossed in crossings(tmp_path / "out.parquet"):
        if {"RUS", "UKR"} & set(crossed["claims"].split()):
            inside[crossed["id"]] += crossed["length_m"]
    assert {name: row["closed_m"] for name, row in rows.items()} == pytest.approx(inside)
    told = say_audit("f.csv", done, {"RUS": "Russia", "UKR": "Ukraine"})
    assert "The closure hits 5 flights (83.3 %). For 3 there is a way around" in told
    extra_km = sum(row["extra_m"] or 0 for row in rows.values()) / 1000
    assert f"{extra_km:,.0f} km" in told
    ukraine = next(line for line in told.splitlines() if "UKR" in line).split()
    assert ukraine[:2] == ["Ukraine", str(sum("UKR" in row["closed"] for row in rows.values()))]


def test_tracks_pay_for_the_way_between_their_ends(tmp_path: Path) -> None:
    rows = [("A", t, lon, 60.0) for t, lon in enumerate(np.linspace(25, 135, 30))]
    audit(write_csv(tmp_path / "f.csv", ["flight", "time", "lon", "lat"], rows),
          tmp_path / "out.parquet", closed=("RUS",))  # fmt: skip
    (row,) = pq.read_table(tmp_path / "out.closed.parquet").to_pylist()
    start, end = Place("a", "a", 25.0, 60.0), Place("b", "b", 135.0, 60.0)
    with pytest.raises(NoWayError):
        shipped.router("RUS").find(start, end)
    assert row["no_way"] == "ends in closed airspace: Russia"
    assert row["direct_m"] == pytest.approx(make_route("", [start, end]).length_m)


@pytest.mark.parametrize("form", ["pairs", "tracks"])
def test_any_number_of_workers_leaves_the_same_bytes(tmp_path: Path, form: str) -> None:
    flights, data = tmp_path / "f.parquet", small_data(tmp_path)
    if form == "pairs":
        write_pairs(flights, 500)
    else:
        _write_tracks(flights)
    left = []
    for name, crew in (("here", None), ("two", local(2)), ("three", local(3))):
        out = tmp_path / name / "out.parquet"
        out.parent.mkdir()
        audit(flights, out, **({"crew": crew} if crew else {}), rows_per_part=40, data=data)
        left.append(left_by(out))
    assert left[0] == left[1] == left[2]
    assert set(left[0]) == {"out.parquet", "out.refused.csv"}


def _write_tracks(path: Path) -> None:
    rng = np.random.default_rng(4)
    count = 4000
    pq.write_table(
        pa.table({
            "flight": [f"T{n}" for n in rng.integers(0, 60, count)],
            "time": np.arange(count),
            "lon": rng.uniform(-5, 35, count),
            "lat": rng.uniform(-5, 99, count),
        }),
        path,
    )  # fmt: skip


def test_positions_of_a_flight_meet_however_far_apart_they_lie(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flights, data = tmp_path / "f.parquet", small_data(tmp_path)
    _write_tracks(flights)
    audit(flights, tmp_path / "whole.parquet", rows_per_part=10_000, data=data)
    monkeypatch.setattr(tracks, "_SORTED_ROWS", 300)
    audit(flights, tmp_path / "sorted.parquet", rows_per_part=20, data=data)
    whole, parts = (crossings(tmp_path / f"{name}.parquet") for name in ("whole", "sorted"))
    assert sorted(map(str, whole)) == sorted(map(str, parts))
    assert len({row["id"] for row in whole}) == 60
    listed = [sorted(refused(tmp_path / f"{name}.parquet")) for name in ("whole", "sorted")]
    assert listed[0] == listed[1]
    assert len(listed[0]) > 100


def test_the_size_of_blocks_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = random_pairs(50).add_column(0, "row", pa.array(np.arange(50)))
    flights = read_flights("pairs", rows.drop_columns("flight"), FIND)
    assert flights.lines is not None
    whole = crossing.cross(AIRSPACE, flights.lines)
    monkeypatch.setattr(crossing, "_BLOCK_LEGS", 3)
    small = crossing.cross(AIRSPACE, flights.lines)
    for name in ("route", "face", "start_m", "end_m", "entry", "exit"):
        assert (getattr(whole, name) == getattr(small, name)).all()


def test_a_folder_is_written_as_a_dataset(tmp_path: Path) -> None:
    flights, data = write_pairs(tmp_path / "f.parquet", 90), small_data(tmp_path)
    audit(flights, tmp_path / "one.parquet", rows_per_part=20, data=data)
    audit(flights, f"{tmp_path}/many/", rows_per_part=20, data=data)
    names = sorted(path.name for path in (tmp_path / "many").iterdir())
    assert names == [f"crossings-{number:08d}.parquet" for number in range(5)]
    assert crossings(tmp_path / "many") == crossings(tmp_path / "one.parquet")
    with pytest.raises(GeoError, match="many exists already; --overwrite replaces it"):
        audit(flights, f"{tmp_path}/many/", rows_per_part=20, data=data)
    audit(flights, f"{tmp_path}/many/", rows_per_part=50, data=data, overwrite=True)
    assert len(list((tmp_path / "many").iterdir())) == 2


def test_input_and_output_may_be_anywhere_that_fsspec_knows(tmp_path: Path) -> None:
    path, data = write_pairs(tmp_path / "f.parquet", 90), small_data(tmp_path)
    locate("memory://in/f.parquet").write(path.read_bytes())
    audit(path, tmp_path / "o.parquet", rows_per_part=20, data=data)
    locate("memory://results/keep").write(b"")
    for overwrite in (False, True):
        audit("memory://in/f.parquet", "memory://results/o.parquet", rows_per_part=20, data=data,
              overwrite=overwrite)  # fmt: skip
    for name in ("o.parquet", "o.refused.csv"):
        assert locate(f"memory://results/{name}").read() == (tmp_path / name).read_bytes()
    assert set(locate("memory://results").sizes()) == {"keep", "o.parquet", "o.refused.csv"}


def test_rows_that_are_all_refused_leave_an_empty_table(tmp_path: Path) -> None:
    flights = write_csv(tmp_path / "f.csv", ["from", "to"], [("QQQQ", "EGLL"), ("", "")])
    done = audit(flights, tmp_path / "out.parquet", closed=("RUS",))
    table = pq.read_table(tmp_path / "out.parquet")
    assert len(table) == 0
    assert table.schema.equals(crossing.schema(with_points=False))
    assert refused(tmp_path / "out.parquet") == [
        (1, 'from: no place "QQQQ"'), (2, "from: is blank"),
    ]  # fmt: skip
    assert "2 rows, 0 flights" in say_audit("f.csv", done, {"RUS": "Russia"})


@pytest.mark.parametrize("header", ["from,to", "path", "flight,time,lon,lat"])
def test_a_table_without_rows_leaves_an_empty_table(tmp_path: Path, header: str) -> None:
    flights = write_csv(tmp_path / "f.csv", header.split(","), [])
    audit(flights, tmp_path / "out.parquet")
    assert len(pq.read_table(tmp_path / "out.parquet")) == 0
    assert refused(tmp_path / "out.parquet") == []


def test_nothing_is_left_but_the_output(tmp_path: Path) -> None:
    data = small_data(tmp_path)
    audit(write_pairs(tmp_path / "f.parquet", 30), tmp_path / "out.parquet", data=data)
    assert set(left_by(tmp_path / "out.parquet")) == {"out.parquet", "out.refused.csv"}


def test_a_full_disk_stops_it_and_the_next_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flights, data = write_pairs(tmp_path / "f.parquet", 100), small_data(tmp_path)
    audit(flights, tmp_path / "whole.parquet", rows_per_part=10, data=data)
    system = type(find_outputs(str(tmp_path / "o.parquet")).crossings.system)
    opened, written = system._open, []

    def open_until_full(self: Any, path: str, mode: str = "rb", **rest: Any) -> Any:
        if "w" in mode:
            written.append(path)
            if len(written) > 11:
                raise OSError(errno.ENOSPC, "No space left on device", path)
        return opened(self, path, mode, **rest)

    with monkeypatch.context() as full:
        full.setattr(system, "_open", open_until_full)
        with pytest.raises(OSError, match="No space left on device"):
            audit(flights, tmp_path / "out.parquet", rows_per_part=10, data=data)
    left = left_by(tmp_path / "out.parquet")
    assert "out.parquet" not in left
    assert not [name for name in left if name.endswith(".tmp")]
    assert len([name for name in left if "receipt" in name]) == 4
    audit(flights, tmp_path / "out.parquet", rows_per_part=10, data=data)
    assert (tmp_path / "out.parquet").read_bytes() == (tmp_path / "whole.parquet").read_bytes()


def test_parts_are_joined_in_order_whichever_comes_first(tmp_path: Path) -> None:
    flights, data = write_pairs(tmp_path / "f.parquet", 100), small_data(tmp_path)
    draft_bytes = []

    def in_odd_order(task: Task, parts: Iterable[Part]) -> Iterator[Receipt]:
        first, second, *others = map(task, parts)
        for receipt in (second, *others[::-1], first):
            yield receipt
            (draft,) = (tmp_path / "odd.parts").glob("odd.parquet.*")
            draft_bytes.append(draft.stat().st_size)

    audit(flights, tmp_path / "out.parquet", rows_per_part=10, data=data)
    audit(flights, tmp_path / "odd.parquet", crew=in_odd_order, rows_per_part=10, data=data)
    assert len(set(draft_bytes[:-1])) == 1, "nothing is joined before the first part"
    assert draft_bytes[-1] > draft_bytes[0], "but what is there is joined before the end"
    assert (tmp_path / "odd.parquet").read_bytes() == (tmp_path / "out.parquet").read_bytes()


def test_dask_is_asked_for_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(GeoError, match="--scheduler needs Dask: pip install"):
        cluster("tcp://127.0.0.1:1")


@pytest.fixture
def pairs(tmp_path: Path) -> tuple[Path, dict[str, Any]]:
    """Write a small input, and what an audit of it is asked with."""
    return write_pairs(tmp_path / "f.parquet", 40), {
        "data": small_data(tmp_path), "rows_per_part": 10,
    }  # fmt: skip


def test_a_folder_with_other_files_is_never_replaced(
    tmp_path: Path, pairs: tuple[Path, dict[str, Any]]
) -> None:
    flights, asked = pairs
    mine = tmp_path / "mine"
    (mine / "sub").mkdir(parents=True)
    (mine / "thesis.txt").write_text("precious")
    for out in (mine, f"{mine}/"):
        with pytest.raises(GeoError, match="mine is a folder that holds other files, such as"):
            audit(flights, out, overwrite=True, **asked)
    assert (mine / "thesis.txt").read_text() == "precious"
    assert sorted(path.name for path in tmp_path.glob("mine*")) == ["mine"]


def test_a_dataset_takes_an_empty_folder_and_replaces_one_of_its_own(
    tmp_path: Path, pairs: tuple[Path, dict[str, Any]]
) -> None:
    flights, asked = pairs
    (tmp_path / "empty").mkdir()
    audit(flights, tmp_path / "empty", **asked)
    assert len(list((tmp_path / "empty").iterdir())) == 4
    with pytest.raises(GeoError, match="exists already"):
        audit(flights, tmp_path / "empty", **asked)
    audit(flights, tmp_path / "empty", overwrite=True, **asked | {"rows_per_part": 40})
    assert [path.name for path in (tmp_path / "empty").iterdir()] == ["crossings-00000000.parquet"]


@pytest.mark.parametrize("form", ["folder", "file", "lock"])
def test_what_is_no_audit_s_is_not_thrown_away(
    tmp_path: Path, pairs: tuple[Path, dict[str, Any]], form: str
) -> None:
    flights, asked = pairs
    ours = tmp_path / ("out.lock" if form == "lock" else "out.parts")
    held = ours
    if form == "folder":
        ours.mkdir()
        held = ours / "thesis.txt"
    held.write_text("precious")
    with pytest.raises(GeoError, match=f"{ours.name} is there already.*move it away"):
        audit(flights, tmp_path / "out.parquet", overwrite=True, **asked)
    assert held.read_text() == "precious"


@pytest.mark.parametrize(
    "name", ["out.parquet", "out.refused.csv", "out.closed.parquet", "out.parts", "out.lock"]
)
def test_no_output_may_replace_the_input(tmp_path: Path, name: str) -> None:
    source = tmp_path / name
    write_pairs(source, 10)
    before = source.read_bytes()
    with pytest.raises(GeoError, match="would replace the input"):
        audit(source, tmp_path / "out.parquet", overwrite=True, data=small_data(tmp_path))
    assert source.read_bytes() == before


def test_an_output_within_the_input_is_refused_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    write_pairs(folder / "a.parquet", 10)
    with pytest.raises(GeoError, match="or lie within it"):
        audit(folder, folder / "out.parquet", data=small_data(tmp_path))
    assert [path.name for path in folder.iterdir()] == ["a.parquet"]


def test_an_old_list_of_hits_does_not_stay_beside_new_crossings(
    tmp_path: Path, pairs: tuple[Path, dict[str, Any]]
) -> None:
    flights, asked = pairs
    old = tmp_path / "out.closed.parquet"
    old.write_text("of another audit")
    with pytest.raises(GeoError, match=r"out\.closed\.parquet exists already"):
        audit(flights, tmp_path / "out.parquet", **asked)
    audit(flights, tmp_path / "out.parquet", overwrite=True, **asked)
    assert not old.exists()


def stopped(tmp_path: Path, flights: Path, asked: dict[str, Any]) -> Path:
    """Leave an audit of which a part is finished."""

    def one(task: Task, parts: Iterable[Part]) -> Iterator[Receipt]:
        yield task(next(iter(parts)))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        audit(flights, tmp_path / "out.parquet", crew=one, **asked)
    return tmp_path / "out.parts"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("audit.json", "holds an unfinished audit that can't go on"),
        ("receipt-00000000.json", ""),
        ("crossings-00000000.parquet", "is damaged; the same command does that part again"),
    ],
)
@pytest.mark.parametrize("damage", ["empty", "zeros"])
def test_from_a_damaged_note_or_part_there_is_a_way_out(
    tmp_path: Path, pairs: tuple[Path, dict[str, Any]], name: str, words: str, damage: str
) -> None:
    flights, asked = pairs
    audit(flights, tmp_path / "whole.parquet", **asked)
    file = stopped(tmp_path, flights, asked) / name
    # A part that is shorter than it was left is simply done again.
    emptied = damage == "empty"
    file.write_bytes(b"" if emptied else bytes(file.stat().st_size))
    again = asked
    if words and not (emptied and name.endswith(".parquet")):
        with pytest.raises(GeoError, match=words):
            audit(flights, tmp_path / "out.parquet", **asked)
        again = asked | {"overwrite": name == "audit.json"}
    audit(flights, tmp_path / "out.parquet", **again)
    assert (tmp_path / "out.parquet").read_bytes() == (tmp_path / "whole.parquet").read_bytes()
    assert not (tmp_path / "out.parts").exists()


def test_a_kill_while_all_is_cleared_away_stops_nothing(
    tmp_path: Path, pairs: tuple[Path, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    flights, asked = pairs
    removed: list[str] = []
    remove = Location.remove

    def killed(self: Location) -> None:
        if self.name == "finished.json":
            raise KeyboardInterrupt
        removed.append(self.name)
        remove(self)

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(Location, "remove", killed)
        audit(flights, tmp_path / "out.parquet", **asked)
    assert "audit.json" in removed
    assert [path.name for path in (tmp_path / "out.parts").iterdir()] == ["finished.json"]
    before = (tmp_path / "out.parquet").stat().st_mtime_ns
    audit(flights, tmp_path / "out.parquet", **asked)
    assert (tmp_path / "out.parquet").stat().st_mtime_ns == before, "it was finished"
    assert not (tmp_path / "out.parts").exists()


def test_what_was_begun_and_came_to_nothing_stands_in_nobody_s_way(
    tmp_path: Path, pairs: tuple[Path, dict[str, Any]]
) -> None:
    flights, asked = pairs

    def none(task: Task, parts: Iterable[Part]) -> Iterator[Receipt]:
        raise KeyboardInterrupt
        yield

    with pytest.raises(KeyboardInterrupt):
        audit(flights, tmp_path / "out.parquet", crew=none, **asked)
    audit(flights, tmp_path / "out.parquet", with_points=True, **asked)
    assert crossings(tmp_path / "out.parquet")[0]["entry_lon"]


def test_an_output_needs_a_name(pairs: tuple[Path, dict[str, Any]]) -> None:
    with pytest.raises(GeoError, match="the output has no name"):
        audit(pairs[0], " ")
