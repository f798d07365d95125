from pathlib import Path
from typing import Any

import airportsdata
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from geographiclib.geodesic import Geodesic  # type: ignore[import-untyped]

from geo.airspace import Airspace
from geo.airspace_file import load_airspace
from geo.errors import GeoError
from geo.geodesy import make_route
from geo.model import FloatArray, Place, Route
from geo.table import crossing_table
from tests.data.small import AIRSPACE

WGS84 = Geodesic.WGS84
DATA = Path(__file__).parents[1] / "data"
LAND = DATA / "land.parquet"
COLUMNS = {
    "route": pa.int64(),
    "claims": pa.list_(pa.string()),
    "name": pa.dictionary(pa.int32(), pa.string()),
    "kind": pa.string(),
    "start_m": pa.float64(),
    "end_m": pa.float64(),
    "entry_lon": pa.float64(),
    "entry_lat": pa.float64(),
    "exit_lon": pa.float64(),
    "exit_lat": pa.float64(),
}
WITH_LAND = {**COLUMNS, "land_m": pa.float64()}
# Hmeymim to Domna, and Paris to Sydney over land and sea.
LONG = np.array([[35.9487, 35.4011, 113.1214, 51.9165], [2.55, 49.01, 151.18, -33.95]])


@pytest.fixture(scope="module")
def world() -> Airspace:
    return load_airspace(DATA / "airspace.parquet", LAND)


def airport_pairs(count: int) -> tuple[FloatArray, FloatArray]:
    airports = [(a["lon"], a["lat"]) for _, a in sorted(airportsdata.load("IATA").items())]
    rng = np.random.default_rng(3)
    chosen = rng.choice(len(airports), (count, 2), replace=False)
    points = np.array(airports)[chosen]
    return points[:, 0], points[:, 1]


def routes_of(starts: FloatArray, ends: FloatArray) -> list[Route]:
    return [
        make_route("test", [Place("a", "a", *start), Place("b", "b", *end)])
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
    ]


def schema(table: pa.Table) -> dict[str, pa.DataType]:
    return dict(zip(table.schema.names, table.schema.types, strict=True))


def test_the_columns_and_their_types(world: Airspace) -> None:
    starts, ends = airport_pairs(3)
    assert schema(crossing_table(AIRSPACE, starts, ends)) == COLUMNS
    table = crossing_table(world, starts, ends)
    assert schema(table) == WITH_LAND
    assert not any(column.null_count for column in table.columns)
    # What a reader does with it.
    assert len(table.group_by("name").aggregate([("land_m", "sum")])) > 1


def test_the_rows_are_the_crossings_of_each_route(world: Airspace) -> None:
    starts, ends = airport_pairs(20)
    table = crossing_table(world, starts, ends)
    crossings = world.crossings_on(routes_of(starts, ends))
    expected = [(number, each) for number, found in enumerate(crossings) for each in found]
    rows = table.to_pylist()
    assert len(rows) == len(expected) > 60
    for row, (number, each) in zip(rows, expected, strict=True):
        named = row["route"], tuple(row["claims"]), row["name"], row["kind"]
        assert named == (number, each.claims, each.name, each.kind)
        assert each.land_m is not None
        for column, value in {
            "start_m": each.start_m, "end_m": each.end_m, "land_m": each.land_m,
        }.items():  # fmt: skip
            assert row[column] == pytest.approx(value, abs=0.01), column
        assert (row["entry_lon"], row["entry_lat"]) == pytest.approx(each.entry, abs=1e-7)
        assert (row["exit_lon"], row["exit_lat"]) == pytest.approx(each.exit, abs=1e-7)


def test_the_rows_cover_each_route_from_end_to_end(world: Airspace) -> None:
    starts, ends = airport_pairs(50)
    frame = crossing_table(world, starts, ends)
    route, start_m, end_m = (frame[name].to_numpy() for name in ("route", "start_m", "end_m"))
    assert (np.diff(route) >= 0).all()
    assert np.unique(route).tolist() == list(range(50))
    same = np.diff(route) == 0
    assert (start_m[1:][same] == end_m[:-1][same]).all()
    assert (start_m[np.flatnonzero(np.diff(route, prepend=-1))] == 0).all()
    lengths_m = end_m[np.append(~same, True)]
    true_m = [
        WGS84.Inverse(a[1], a[0], b[1], b[0])["s12"] for a, b in zip(starts, ends, strict=True)
    ]
    assert lengths_m == pytest.approx(true_m, abs=0.01)


def test_a_pairs_rows_are_the_same_to_the_last_bit_whatever_it_is_asked_with(
    world: Airspace,
) -> None:
    # More than are crossed at once, so that the numbers must run on.
    starts, ends = airport_pairs(1100)
    rows = crossing_table(world, starts, ends).to_pylist()
    assert {row["route"] for row in rows} == set(range(1100))
    for number in [*range(0, 1100, 100), 999, 1001, 1099]:
        one = slice(number, number + 1)
        alone = crossing_table(world, starts[one], ends[one]).to_pylist()
        assert [{**row, "route": number} for row in alone] == [
            row for row in rows if row["route"] == number
        ]


def test_a_sea_and_a_disputed_stretch_are_named_as_they_are() -> None:
    table = crossing_table(AIRSPACE, np.array([[5.0, 5.0]]), np.array([[40.0, 10.0]]))
    assert table["kind"].to_pylist() == ["national", "dependency", "disputed", "international"]
    assert table["claims"].to_pylist() == [["AAA"], ["AAA", "BBB"], ["AAA", "CCC"], []]
    assert table["name"].to_pylist()[-1] == "waters of no state"


def test_a_pair_of_no_length_is_one_row_of_no_metres() -> None:
    at = np.array([[5.0, 5.0], [-40.0, 0.0]])
    rows = crossing_table(AIRSPACE, at, at).to_pylist()
    found = [(row["route"], row["claims"], row["start_m"], row["end_m"]) for row in rows]
    assert found == [(0, ["AAA"], 0, 0), (1, [], 0, 0)]


def test_edges_of_the_map_are_points_of_the_earth() -> None:
    starts, ends = np.array([[180.0, 90.0], [-180.0, 0.0]]), np.array([[-180, -90], [180, 1]])
    assert set(crossing_table(AIRSPACE, starts, ends)["route"].to_pylist()) == {0, 1}


def test_no_pairs_give_an_empty_table_of_the_same_columns(world: Airspace) -> None:
    none = np.empty((0, 2))
    for airspace, columns in ((AIRSPACE, COLUMNS), (world, WITH_LAND)):
        table = crossing_table(airspace, none, none)
        assert len(table) == 0
        assert schema(table) == columns


GOOD = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        ([np.nan, 4.0], "[nan, 4.0]"),
        ([3.0, np.nan], "[3.0, nan]"),
        ([np.inf, 4.0], "[inf, 4.0]"),
        ([3.0, -np.inf], "[3.0, -inf]"),
        ([180.5, 4.0], "[180.5, 4.0]"),
        ([-181.0, 4.0], "[-181.0, 4.0]"),
        ([3.0, 90.01], "[3.0, 90.01]"),
        ([3.0, -95.0], "[3.0, -95.0]"),
    ],
)
def test_what_is_no_point_is_refused_with_its_row_and_value(row: list[float], shown: str) -> None:
    good, bad = np.array(GOOD), np.array([GOOD[0], row, row])
    for what, pair in (("start", (bad, good)), ("end", (good, bad))):
        with pytest.raises(GeoError) as told:
            crossing_table(AIRSPACE, *pair)
        assert str(told.value) == f"{what} 1: {shown} is no longitude and latitude"


@pytest.mark.parametrize(
    ("points", "shape"),
    [
        (np.zeros((3, 3)), "(3, 3)"),
        (np.zeros((2, 3)), "(2, 3)"),
        (np.zeros(2), "(2,)"),
        (np.zeros((1, 2, 2)), "(1, 2, 2)"),
        (np.float64(3), "()"),
    ],
)
def test_another_shape_is_refused(points: Any, shape: str) -> None:
    for what, pair in (("starts", (points, GOOD)), ("ends", (GOOD, points))):
        with pytest.raises(GeoError) as told:
            crossing_table(AIRSPACE, *pair)
        assert str(told.value) == f"{what} have the shape {shape}, not (n, 2)"


@pytest.mark.parametrize("count", [0, 1, 2])
def test_starts_and_ends_of_different_number_are_refused(count: int) -> None:
    few = np.array(GOOD)[:count]
    with pytest.raises(GeoError, match=f"^{count} starts for 3 ends$"):
        crossing_table(AIRSPACE, few, np.array(GOOD))
    with pytest.raises(GeoError, match=f"^3 starts for {count} ends$"):
        crossing_table(AIRSPACE, np.array(GOOD), few)


@pytest.mark.parametrize("line", LONG)
def test_the_land_adds_up_to_what_sampling_finds(world: Airspace, line: FloatArray) -> None:
    table = crossing_table(world, line[None, :2], line[None, 2:])
    geodesic = WGS84.InverseLine(line[1], line[0], line[3], line[2])
    at_m = np.arange(500.0, geodesic.s13, 1000.0)
    found = [geodesic.Position(float(s)) for s in at_m]
    points = np.array([(at["lon2"], at["lat2"]) for at in found])
    parts = shapely.get_parts(shapely.from_wkb(pq.read_table(LAND)["geometry"].to_numpy()))
    shapely.prepare(parts)
    point, part = shapely.STRtree(parts).query(shapely.points(points))
    dry = np.zeros(len(points), dtype=bool)
    dry[point[shapely.contains_xy(parts[part], points[point])]] = True
    land_m = table["land_m"].to_numpy()
    assert (land_m >= -0.001).all()
    assert (land_m <= table["end_m"].to_numpy() - table["start_m"].to_numpy() + 0.001).all()
    assert land_m.sum() / geodesic.s13 == pytest.approx(dry.mean(), abs=0.01)
    # Crossing by crossing too, where they are long enough to be sampled.
    for row in table.to_pylist():
        inside = (row["start_m"] <= at_m) & (at_m < row["end_m"])
        if inside.sum() > 300:
            length_m = row["end_m"] - row["start_m"]
            assert row["land_m"] / length_m == pytest.approx(dry[inside].mean(), abs=0.01)
