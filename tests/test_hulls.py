"""The file of corners, and borders cut to lie along geodesics."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from geographiclib.geodesic import Geodesic  # type: ignore[import-untyped]

from geo.corridor import load_ground
from geo.errors import DataError
from geo.hulls import POCKET_M, cut_borders, densified, load_hulls, make_hulls
from scripts.build_corners import corners_table
from tests.brute_ways import Field, make_field
from tests.shipped import DATA, airspace, ground

AIRSPACE = DATA / "airspace.parquet"


def rewritten(source: Path, target: Path, **columns: pa.Array) -> Path:
    """Copy a table with some columns changed."""
    table = pq.read_table(source)
    for name, column in columns.items():
        table = table.set_column(table.schema.get_field_index(name), name, column)
    pq.write_table(table, target)
    return target


def test_the_shipped_files_belong_to_the_shipped_airspace() -> None:
    hulls = ground().hulls
    count = len(airspace().faces)
    assert -1 <= hulls.closed.min() <= hulls.opened.min() <= hulls.closed.max() < count
    assert (hulls.closed != hulls.opened).all()
    assert np.abs(hulls.ends[:, ::2]).max() <= 180
    assert np.abs(hulls.ends[:, 1::2]).max() <= 90


def test_the_shipped_corners_are_vertices_of_the_shipped_borders() -> None:
    raw = make_hulls(airspace().coverage.borders).ends[:, :2]
    raw[raw[:, 0] == 180, 0] = -180
    known = set((raw @ [1, 1j]).tolist())
    assert set((ground().hulls.ends[:, :2] @ [1, 1j]).tolist()) <= known


def test_every_border_is_there_from_both_sides() -> None:
    hulls, borders = ground().hulls, airspace().coverage.borders
    pairs = set(zip(borders.left.tolist(), borders.right.tolist(), strict=True))
    pairs |= {(right, left) for left, right in pairs}
    assert set(zip(hulls.closed.tolist(), hulls.opened.tolist(), strict=True)) == pairs


@pytest.mark.parametrize("name", ["corners", "cells"])
def test_a_broken_file_is_refused_by_its_name(name: str, tmp_path: Path) -> None:
    files = {each: DATA / f"{each}.parquet" for each in ("corners", "cells")}
    whole = files[name].read_bytes()
    for text in (None, b"", b"PAR1", whole[: len(whole) // 2], b"not a table" * 100):
        files[name] = tmp_path / f"{name}.parquet"
        files[name].unlink(missing_ok=True)
        if text is not None:
            files[name].write_bytes(text)
        with pytest.raises(DataError, match=f"^{name}.parquet: not fit for shortest ways"):
            load_ground(airspace(), AIRSPACE, files["corners"], files["cells"])


@pytest.mark.parametrize("name", ["corners", "cells"])
def test_a_file_made_from_another_airspace_is_refused(name: str, tmp_path: Path) -> None:
    table = pq.read_table(DATA / f"{name}.parquet")
    for about in ({"airspace_sha256": "0" * 64}, {}):
        files = {each: DATA / f"{each}.parquet" for each in ("corners", "cells")}
        files[name] = tmp_path / f"{name}.parquet"
        pq.write_table(table.replace_schema_metadata(about), files[name])
        with pytest.raises(DataError, match=r"made from another airspace than airspace.parquet"):
            load_ground(airspace(), AIRSPACE, files["corners"], files["cells"])


def test_a_column_of_another_kind_is_refused(tmp_path: Path) -> None:
    source = DATA / "corners.parquet"
    count = pq.read_metadata(source).num_rows
    for column in (pa.array(np.zeros(count, dtype=np.int64)), pa.nulls(count, pa.int16())):
        path = rewritten(source, tmp_path / "corners.parquet", closed=column)
        with pytest.raises(DataError, match=r"corners.parquet: .*column closed is not int16"):
            load_hulls(path, AIRSPACE)
    pq.write_table(pq.read_table(source).drop_columns(["lat"]), tmp_path / "corners.parquet")
    with pytest.raises(DataError, match=r"corners.parquet: .*lat"):
        load_hulls(tmp_path / "corners.parquet", AIRSPACE)


def test_a_map_of_cells_of_another_size_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cells.parquet"
    pq.write_table(pq.read_table(DATA / "cells.parquet").slice(0, 100), path)
    with pytest.raises(DataError, match=r"cells.parquet: 100 cells, not 1620000"):
        load_ground(airspace(), AIRSPACE, DATA / "corners.parquet", path)


@pytest.mark.parametrize("lat", [0.0, 49.0, 75.0, -60.0])
def test_cut_edges_lie_within_2_m_of_geodesics_and_hold_together(lat: float) -> None:
    flat = [(-115.0, lat, -95.0, lat), (0.0, lat, 0.01, lat), (3.0, -30.0, 3.0, 30.0)]
    aslant = [(0.0, lat, 0.2, lat + 1.25), (0.0, lat, 9.0, lat + 9), (40.0, -40.0, 0.0, 40.0)]
    ends = np.array([*flat, *aslant])
    cut, row = densified(ends)
    assert sorted(set(row.tolist())) == list(range(len(ends)))
    for number in range(len(ends)):
        own = cut[row == number]
        assert own[0, :2].tolist() == ends[number, :2].tolist()
        assert own[-1, 2:].tolist() == ends[number, 2:].tolist()
        assert (own[1:, :2] == own[:-1, 2:]).all()
    for lon0, lat0, lon1, lat1 in cut[:: max(1, len(cut) // 20)]:
        line = Geodesic.WGS84.InverseLine(lat0, lon0, lat1, lon1)
        assert line.s13 <= 101_000
        at = line.Position(line.s13 / 2)
        off = Geodesic.WGS84.Inverse(at["lat2"], at["lon2"], (lat0 + lat1) / 2, (lon0 + lon1) / 2)
        # The middle of a piece may lie before or behind that of the geodesic: that is no bend.
        assert abs(off["s12"] * np.sin(np.radians(off["azi1"] - at["azi2"]))) < 2.2


def test_borders_are_cut_at_the_same_points_whichever_are_asked_for() -> None:
    borders = airspace().coverage.borders
    rows = np.flatnonzero(np.abs(borders.ends[:, 0] - borders.ends[:, 2]) > 0.5)[::3]
    assert len(rows) > 3
    some, left, right = cut_borders(borders, rows)
    every, _, _ = cut_borders(borders, np.arange(len(borders.ends)))
    assert set(map(tuple, some.tolist())) <= set(map(tuple, every.tolist()))
    assert (left > right).all()


def test_a_pocket_with_an_open_mouth_is_filled_and_one_with_something_in_it_is_not() -> None:
    bay = [(-20, -20), (20, -20), (20, 20), (2, 20), (2, 0), (-2, 0), (-2, 20), (-20, 20)]
    island = [(-1, 10), (1, 10), (0, 12)]
    for rings, is_filled in (([bay], True), ([bay, island], False)):
        field = make_field(10, 0, [np.array(ring, dtype=float) for ring in rings], [True, True])
        assert len(hull_of(field)) == (4 if is_filled else 8)


def hull_of(field: Field) -> set[tuple[float, float]]:
    """List what is left of the vertices of the first face, as of the shut one, but for islands."""
    table = corners_table(field.airspace().coverage.borders).to_pandas()
    own = table[table.closed == 0]
    return {(round(lon, 5), round(lat, 5)) for lon, lat in zip(own.lon, own.lat, strict=True)}


def test_no_pocket_wider_than_60_km_is_filled() -> None:
    bay = np.array(
        [(-90, -90), (90, -90), (90, 90), (40, 90), (40, 0), (-40, 0), (-40, 90), (-90, 90)]
    )
    hull = hull_of(make_field(0, 0, [bay.astype(float)], [True]))
    blank = make_field(0, 0, [], [])
    for corner in ((-40, 0), (40, 0)):
        lon, lat = blank.lonlat(*corner)
        assert (round(lon, 5), round(lat, 5)) in hull
    assert POCKET_M == 60_000
