import codecs
import gzip
from encodings.aliases import aliases
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.audit.delimited import CsvSource, find_encoding
from geo.audit.files import locate
from geo.audit.parts import gathered
from geo.audit.piece import Piece
from geo.audit.points import read_seconds
from geo.audit.source import identify, open_source
from geo.errors import OpenError

ROLES = {"from": "a", "to": "b"}


def read(path: Path, roles: dict[str, str] | None = None, encoding: str | None = None) -> Any:
    source = open_source(str(path), encoding)
    return pa.concat_tables([piece.rows for piece in source.pieces(roles or ROLES)])


def written(folder: Path, data: bytes, name: str = "t.csv") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_text_is_read_whatever_parts_it(tmp_path: Path, delimiter: str, end: str) -> None:
    lines = ["n", "a", "b"], ["1", "x", "é"], ["2", '"y', 'z"'], ["3", "NA", ""]
    lines = lines[0], lines[1], ["2", '"y z"', "w"], lines[3]
    data = end.join(delimiter.join(line) for line in lines).encode()
    rows = read(written(tmp_path, data))
    assert rows.to_pydict() == {
        "row": [1, 2, 3], "from": ["x", "y z", "NA"], "to": ["é", "w", ""],
        "problem": [None] * 3,
    }  # fmt: skip


def test_rows_of_another_length_keep_their_numbers(tmp_path: Path) -> None:
    rows = read(written(tmp_path, b"a,b\n1,2\n3\n\n4,5\n6,7,8\n9,10\n11\n"))
    assert rows["row"].to_pylist() == [1, 2, 3, 4, 5, 6]
    assert rows["from"].to_pylist() == ["1", None, "4", None, "9", None]
    problems = [
        'has 1 value, not 2: "3"',
        'has 3 values, not 2: "6,7,8"',
        'has 1 value, not 2: "11"',
    ]
    assert [text for text in rows["problem"].to_pylist() if text] == problems


@given(st.lists(st.integers(1, 4), max_size=60), st.integers(1, 9))
def test_any_mixture_of_lengths_is_numbered_and_cut_right(lengths: list[int], size: int) -> None:
    # Long rows, so that the reader gives them out in several batches.
    lines = [",".join([f"{number}" + "x" * 40_000] * n) for number, n in enumerate(lengths)]
    memory = locate("memory://audit/mixed.csv")
    memory.write("\n".join(["a,b", *lines, ""]).encode())
    if not lengths:
        return
    pieces = list(CsvSource(memory).pieces(ROLES))
    tables = [table for table, _ in gathered(pieces, size)]
    assert all(len(table) == size for table in tables[:-1])
    rows = pa.concat_tables(tables)
    assert rows["row"].to_pylist() == list(range(1, len(lengths) + 1))
    for n, start, problem in zip(
        lengths, rows["from"].to_pylist(), rows["problem"].to_pylist(), strict=True
    ):
        assert (start is None) == (problem is not None) == (n != 2)
    begun = [int(text.rstrip("x")) for text in rows["from"].to_pylist() if text]
    assert begun == [number for number, n in enumerate(lengths) if n == 2]


def test_other_encodings_are_read_when_told(tmp_path: Path) -> None:
    path = written(tmp_path, "a,b\nХмеймим,Моздок\n".encode("windows-1251"))
    with pytest.raises(OpenError, match=r"t\.csv: is not UTF-8 text; say by --encoding"):
        read(path)
    assert read(path, encoding="cp1251")["from"].to_pylist() == ["Хмеймим"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "koi8-r", "utf-7"])
def test_text_without_a_mark_is_read_as_told(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path, "a,b\nХмеймим,Моздок\n".encode(encoding))
    assert read(path, encoding=encoding)["from"].to_pylist() == ["Хмеймим"]


@pytest.mark.parametrize(
    "name",
    [
        "hex",
        "base64",
        "zip",
        "rot13",
        "bz2",
        "uu",
        "undefined",
        "idna",
        "punycode",
        "klingon",
        "a\x00b",
    ],
)
def test_codecs_of_no_text_are_refused(name: str) -> None:
    with pytest.raises(OpenError, match="is no encoding of text"):
        find_encoding(name)


@pytest.mark.parametrize("name", sorted({*aliases.values(), "idna", "punycode", "undefined"}))
@pytest.mark.parametrize("data", ["a,b\n1,é\n".encode(), b"a,b\n1,\\ud800\n"])
def test_any_codec_reads_or_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    path = written(tmp_path, data)
    try:
        source = open_source(str(path), find_encoding(name))
        names = source.header()
        list(source.pieces({"from": names[0]}))
    except OpenError as refused:
        assert "\n" not in str(refused)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_mark_tells_the_encoding(tmp_path: Path, encoding: str) -> None:
    rows = read(written(tmp_path, "a,b\né,ж\n".encode(encoding)))
    assert (rows["from"].to_pylist(), rows["to"].to_pylist()) == (["é"], ["ж"])


@pytest.mark.parametrize("mark", [codecs.BOM_UTF32_BE, codecs.BOM_UTF16_BE])
def test_a_mark_tells_the_order_of_bytes(tmp_path: Path, mark: bytes) -> None:
    encoding = "utf-32-be" if len(mark) == 4 else "utf-16-be"
    rows = read(written(tmp_path, mark + "a,b\né,ж\n".encode(encoding)))
    assert (rows["from"].to_pylist(), rows["to"].to_pylist()) == (["é"], ["ж"])


@pytest.mark.parametrize("name", ["t.csv.gz", "T.CSV.GZ"])
def test_packed_text_is_read(tmp_path: Path, name: str) -> None:
    rows = read(written(tmp_path, gzip.compress(b"a,b\n1,2\n"), name))
    assert rows["to"].to_pylist() == ["2"]


@pytest.mark.parametrize("first", ["sep=|\n", '"sep=|"\r\n', "SEP=|\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_line_that_tells_the_delimiter_is_no_row(
    tmp_path: Path, first: str, encoding: str
) -> None:
    text = f"{first}a|b\n1,0|2,0\n3\n4|5\n"
    rows = read(written(tmp_path, text.encode(encoding)))
    assert rows["row"].to_pylist() == [1, 2, 3]
    assert rows["from"].to_pylist() == ["1,0", None, "4"]
    assert rows["problem"].to_pylist() == [None, 'has 1 value, not 2: "3"', None]


def test_a_problem_begins_with_words_of_ours(tmp_path: Path) -> None:
    rows = read(written(tmp_path, b"a,b\n=cmd|' /C calc'!A0\n"))
    assert rows["problem"].to_pylist() == ["has 1 value, not 2: \"=cmd|' /C calc'!A0\""]


@pytest.mark.parametrize("name", ["t.csv", "t.csv.gz"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_the_share_is_that_of_the_rows_given_out(tmp_path: Path, name: str, encoding: str) -> None:
    random, count = np.random.default_rng(3), 200_000
    numbers = random.integers(10**9, 10**10, (count, 2)).tolist()
    text = "a,b\n" + "".join(f"{a},{b}\n" for a, b in numbers)
    data = text.encode(encoding)
    path = written(tmp_path, gzip.compress(data, 1) if name.endswith("gz") else data, name)
    given, shares = 0, []
    for piece in open_source(str(path)).pieces(ROLES):
        given += len(piece.rows)
        shares.append(piece.share)
        # Packed, the share is as exact as all of it packs alike.
        assert abs(piece.share - given / count) < 0.1
    assert len(shares) > 4
    assert shares == sorted(shares)
    assert shares[-1] == 1


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b"  \n \n", "is empty"),
        (b"PK\x03\x04....", "is a ZIP archive or an Excel file, neither CSV nor Parquet"),
        (b"\x1f\x8b\x08\x00abcd", "is packed by gzip, and not named .gz"),
        (b"\x00\x01\x02\x03abcd", "neither CSV nor Parquet: it holds zero bytes"),
        (b"PAR1 and nothing more", "Parquet"),
        (b"a,b\n" + b"x" * 3_000_000 + b",1\n", "a row is longer than 1 MB"),
        (b'a,b\n1,"2\n' + b"3,4\n" * 600_000, "a row is longer than 1 MB"),
        (b"a,b\n1,\xff\n", "is not UTF-8 text"),
        (b"a,b\n1,2\n1,2,\xff\n", "is not UTF-8 text"),
        (b"a,b", "is no CSV file"),
    ],
    ids=range(11),
)
def test_what_is_no_table_is_refused_in_a_line(tmp_path: Path, data: bytes, message: str) -> None:
    path = written(tmp_path, data)
    with pytest.raises(OpenError) as refused:
        source = open_source(str(path))
        source.header()
        read(path)
    told = str(refused.value)
    assert message in told
    assert told.startswith(f"{path}: ")
    assert "\n" not in told
    assert len(told) < 500


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    memory = locate("memory://audit/any.csv")
    memory.write(data)
    try:
        source = open_source("memory://audit/any.csv")
        names = source.header()
        if names and len(set(names)) == len(names):
            list(source.pieces({"from": names[0]}))
    except OpenError as refused:
        assert "\n" not in str(refused)


def test_parquet_columns_of_any_kind_are_read(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    table = pa.table({
        "a": pa.array(["x", None, "y"]).dictionary_encode(),
        "b": pa.array([1, None, 9_007_199_254_740_993]),
        "lon": pa.array([1, 2, None], pa.int16()),
        "t": pa.array([0, 1_500, None], pa.timestamp("ms", tz="UTC")),
    })  # fmt: skip
    pq.write_table(table, path)
    rows = read(path, {"from": "a", "to": "b", "lon": "lon", "time": "t"})
    assert rows.to_pydict() == {
        "row": [1, 2, 3],
        "from": ["x", None, "y"],
        "to": ["1", None, "9007199254740993"],
        "lon": [1.0, 2.0, None],
        "time": [0.0, 1.5, None],
    }


@pytest.mark.parametrize("kind", [
    *(pa.timestamp(unit) for unit in ("s", "ms", "us", "ns")),
    pa.timestamp("ns", tz="Europe/Moscow"), pa.int64(), pa.uint64(), pa.float64(),
    pa.decimal128(20, 0), pa.string(), pa.large_string(),
], ids=str)  # fmt: skip
def test_times_of_any_kind_are_the_same(tmp_path: Path, kind: pa.DataType) -> None:
    moments = pa.array([1_645_847_280_123_456_000, None, -1_000_000_000], pa.int64())
    per = {"s": 10**9, "ms": 10**6, "us": 10**3, "ns": 1}
    fine = 1e-6
    if pa.types.is_timestamp(kind):
        times = pc.divide(moments, per[kind.unit]).cast(kind)
        fine = max(per[kind.unit] / 1e9, fine)
    elif kind in (pa.string(), pa.large_string()):
        texts = ["2022-02-26 03:48:00.123456", "", "1969-12-31T23:59:59Z"]
        times = pa.array(texts, pa.string()).cast(kind)
    else:
        times = moments.filter(pa.array([True, True, False])).cast(kind, safe=False)
    pq.write_table(pa.table({"t": times}), tmp_path / "t.parquet")
    column = read(tmp_path / "t.parquet", {"time": "t"})["time"].combine_chunks()
    seconds, unread = read_seconds(column)
    wanted = np.array([1_645_847_280.123456, np.nan, -1.0])[: len(times)]
    assert np.allclose(seconds, wanted, rtol=0, atol=fine, equal_nan=True)
    assert unread.tolist() == [False, True, False][: len(times)]


def test_large_whole_numbers_are_read(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [2**60, 5]}), tmp_path / "t.parquet")
    assert read(tmp_path / "t.parquet", {"lon": "a"})["lon"].to_pylist() == [2.0**60, 5.0]


def test_a_folder_of_parquet_files_is_one_table(tmp_path: Path) -> None:
    for name, values in (("2.parquet", [3.0]), ("1.parquet", [1.0, 2.0])):
        pq.write_table(pa.table({"lon": values}), tmp_path / name)
    (tmp_path / "_SUCCESS").touch()
    rows = read(tmp_path, {"lon": "lon"})
    assert rows.to_pydict() == {"row": [1, 2, 3], "lon": [1.0, 2.0, 3.0]}
    assert [file["name"] for file in identify(str(tmp_path))] == ["1.parquet", "2.parquet"]


def test_parquet_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    lists = tmp_path / "lists.parquet"
    pq.write_table(pa.table({"a": [[1.0]], "b": ["x"]}), lists)
    with pytest.raises(OpenError, match='column "a" is list<'):
        read(lists)
    with pytest.raises(OpenError, match='has no column "c"'):
        read(lists, {"from": "c"})
    damaged = tmp_path / "damaged.parquet"
    pq.write_table(pa.table({"a": np.arange(1e5), "b": np.arange(1e5)}), damaged)
    data = bytearray(damaged.read_bytes())
    data[1000:3000] = b"\xff" * 2000
    damaged.write_bytes(data)
    with pytest.raises(OpenError, match=r"^\S+damaged\.parquet: "):
        read(damaged, {"lon": "a", "lat": "b"})
    for number, kind in enumerate((pa.float64(), pa.string())):
        pq.write_table(pa.table({"lon": pa.array([1], pa.int64()).cast(kind)}),
                       tmp_path / f"mixed-{number}.parquet")  # fmt: skip
    lists.unlink()
    damaged.unlink()
    with pytest.raises(OpenError, match=r"mixed-1\.parquet: its columns are of other types"):
        read(tmp_path, {"lon": "lon"})


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("nowhere.csv", "there is no such file"),
        ("nope://x/y.csv", "Protocol not known: nope"),
        ("s3://bucket/x.parquet", "s3fs"),
    ],
)
def test_what_is_not_there_is_said_in_a_line(url: str, message: str) -> None:
    with pytest.raises(OpenError) as refused:
        open_source(url)
    assert message in str(refused.value)


def test_pieces_are_gathered_into_tables_of_one_size() -> None:
    def pieces() -> list[Piece]:
        return [
            Piece(pa.table({"row": np.arange(at, at + n)}), at / 10)
            for at, n in ((0, 3), (3, 0), (3, 9), (12, 1))
        ]

    for size in (1, 2, 4, 5, 13, 50):
        tables = [table for table, _ in gathered(pieces(), size)]
        assert all(len(table) == size for table in tables[:-1])
        assert pa.concat_tables(tables)["row"].to_pylist() == list(range(13))
