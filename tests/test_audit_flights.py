import re
from functools import partial
from itertools import chain, pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.audit.flights import MAX_POSITIONS, read_flights
from geo.audit.model import GAP_S, Flights
from geo.audit.names import find_named
from geo.audit.points import read_degrees, read_seconds
from geo.errors import GeoError
from geo.geodesy import GEOD
from geo.model import Place
from geo.places import make_gazetteer
from tests.shipped import story

GAZETTEER = make_gazetteer(story().places.values())


def read(form: Any, gap_s: Any = GAP_S, **columns: Any) -> Flights:
    count = len(next(iter(columns.values())))
    rows = pa.table({"row": range(11, 11 + count), **columns})
    return read_flights(form, rows, partial(find_named, GAZETTEER), gap_s)


def refusals(flights: Flights) -> dict[int, str]:
    return {refusal.row: refusal.reason for refusal in flights.refused}


def test_ends_are_found_by_code_name_or_coordinate() -> None:
    flights = read(
        "pairs",
        **{"from": ["EGLL", "lhr", "hmeymim", "35.4011N 35.9487E", "Хмеймим"], "to": ["RJTT"] * 5},
    )
    assert not flights.refused
    assert flights.row.tolist() == [11, 12, 13, 14, 15]
    assert flights.lines is not None
    starts = flights.lines.start.tolist()
    assert starts[0] == starts[1]
    assert starts[2] == starts[4] == [35.9487, 35.4011]


def test_ends_that_are_none_are_refused_with_their_values() -> None:
    texts = ["XQXQ", "", None, "  ", "95N 10E", "y" * 5000, "EGLL", "=1+1"]
    flights = read("pairs", **{"from": texts, "to": [*["EGLL"] * 6, "ZZZ1", "EGLL"]})
    told = refusals(flights)
    assert flights.lines is None
    assert told[11] == 'from: no place "XQXQ"'
    assert told[12] == told[13] == told[14] == "from: is blank"
    assert told[15].startswith('from: coordinate "95N 10E": latitude 95N is outside -90..90')
    assert told[16].endswith('y…" has 5,000 characters; at most 200 are read')
    assert told[17] == 'to: no place "ZZZ1"'
    assert told[18] == 'from: no place "=1+1"'


def test_degrees_are_read_as_people_write_them() -> None:
    lon = pa.array(["35.9", " 35,9 ", "35°54'00\"E", "-35.9", "35.9W", "1e1", "200", "+5"])
    lat = pa.array(["10", "10,0", "10N", "10", "10S", "10", "10", "-5."])
    points = read_degrees(lon, lat)
    assert not points.problems
    assert points.lonlat.tolist() == [
        *[[35.9, 10]] * 3, [-35.9, 10], [-35.9, -10], [10, 10], [-160, 10], [5, -5],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lon", "lat", "reason"),
    [
        (10.0, 95.1, "from: latitude 95.1 is outside -90..90"),
        (10.0, float("nan"), "from: a position is missing"),
        (float("nan"), 5.0, "from: a position is missing"),
        (float("inf"), 5.0, "from: longitude inf is outside -360..360"),
        (361.0, 5.0, "from: longitude 361 is outside -360..360"),
        (None, 5.0, "from: a position is missing"),
        (10.0, 120.0, "from: latitude 120 is outside -90..90; are latitude and longitude"),
        ("10", "95.1", "from: latitude 95.1 is outside -90..90"),
        ("", "5", "from: longitude is blank"),
        ("10", " ", "from: latitude is blank"),
        ("ten", "5", 'from: coordinate "5N ten": write latitude and longitude like'),
        ("1" * 300, "5", "from: longitude 1.11111e+299 is outside"),
        ("x" * 300, "5", "has 300 characters; at most 200 are read"),
        ("nan", "5", "from: longitude is blank"),
        ("NULL", "5", "from: longitude is blank"),
    ],
)
def test_positions_off_the_earth_are_refused(lon: Any, lat: Any, reason: str) -> None:
    kind = pa.string() if isinstance(lat, str) else pa.float64()
    columns = {
        "from_lon": pa.array([1, lon], kind) if kind != pa.string() else ["1", lon],
        "from_lat": pa.array([1, lat], kind) if kind != pa.string() else ["1", lat],
        "to_lon": [2.0, 2.0],
        "to_lat": [2.0, 2.0],
    }
    flights = read("pairs", **columns)
    assert flights.row.tolist() == [11]
    assert list(refusals(flights)) == [12]
    assert reason in refusals(flights)[12]


@given(st.lists(st.tuples(st.text(max_size=12), st.text(max_size=12)), min_size=1, max_size=5))
def test_any_texts_are_read_or_refused(texts: list[tuple[str, str]]) -> None:
    lon, lat = (pa.array(column) for column in zip(*texts, strict=True))
    points = read_degrees(lon, lat)
    for row, (at_lon, at_lat) in enumerate(points.lonlat.tolist()):
        good = abs(at_lon) <= 180 and abs(at_lat) <= 90
        assert good == (row not in points.problems)
    paths = read("paths", path=[lon for lon, _ in texts])
    assert len(paths.row) + len(paths.refused) == len(texts)


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_numbers_as_texts_are_the_numbers(lon: float, lat: float) -> None:
    points = read_degrees(pa.array([repr(lon)]), pa.array([repr(lat)]))
    assert points.lonlat.tolist() == [[lon, lat]]


def test_paths_are_read_as_on_the_command_line() -> None:
    paths = ["OSLK-USCG", "hmeymim-mozdok-domna", "", "EGLL/EGKK-RJTT", "EGLL", "EGLL-QQQQ", None]
    flights = read("paths", path=paths, id=list("abcdefg"))
    assert flights.id.to_pylist() == ["a", "b"]
    assert flights.lines is not None
    assert flights.lines.route.tolist() == [0, 1, 1]
    told = refusals(flights)
    assert told[14] == 'path: "EGLL/EGKK-RJTT" makes 2 routes; a row holds one'
    assert "the path is empty" in told[13]
    assert "a single point" in told[15]
    assert 'no place "QQQQ"' in told[16]
    assert "the path is empty" in told[17]


def test_positions_are_joined_flight_by_flight_in_the_order_of_their_times() -> None:
    flights = read(
        "tracks",
        id=["A", "B", "A", "B", "A", "C"],
        time=["2026-01-01T00:00:02Z", "5", "2026-01-01 00:00:01+00:00", "4", "1767225603", "1"],
        lon=[2.0, 50, 1, 40, 3, 0],
        lat=[0.0, 1, 0, 1, 0, 0],
    )
    assert flights.is_flown
    assert flights.id.to_pylist() == ["A", "B"]
    assert flights.row.tolist() == [11, 12]
    assert flights.lines is not None
    assert flights.lines.start.tolist() == [[1, 0], [2, 0], [40, 1]]
    assert flights.lines.end.tolist() == [[2, 0], [3, 0], [50, 1]]
    assert flights.lines.route.tolist() == [0, 0, 1]
    lengths_m = [GEOD.line_length(pair, (0, 0)) for pair in pairwise((1, 2, 3))]
    assert flights.lines.begins_m.tolist() == pytest.approx([0, lengths_m[0], 0])
    assert refusals(flights) == {16: 'flight "C" has a single position'}


def test_positions_that_are_none_are_refused_and_the_rest_is_flown() -> None:
    flights = read(
        "tracks",
        id=["A", "A", "A", "", None, "A", "A"],
        time=["1", "2", "3", "4", "5", "noon", None],
        lon=["1", "2", "3", "4", "5", "6", "7"],
        lat=["0", "99", "0", "0", "0", "0", "0"],
    )
    assert flights.lines is not None
    assert flights.lines.start.tolist() == [[1, 0]]
    assert refusals(flights) == {
        12: "latitude 99 is outside -90..90; are latitude and longitude exchanged?",
        14: "the flight's id is blank",
        15: "the flight's id is blank",
        16: 'time "noon" is no time',
        17: "time is blank",
    }


def flown(hours: list[float], lon: list[float], **columns: Any) -> Flights:
    """Read positions along the equator, all of one flight."""
    times = 1_645_847_280 + 3600 * np.array(hours)
    columns = {"id": ["A"] * len(lon), **columns}
    return read("tracks", time=times, lon=np.array(lon, float), lat=np.zeros(len(lon)), **columns)


def legs(flights: Flights) -> list[list[tuple[float, float]]]:
    """Give the longitudes of the legs of each flight."""
    assert flights.lines is not None
    found: list[list[tuple[float, float]]] = [[] for _ in flights.row]
    for number, start, end in zip(
        flights.lines.route.tolist(), flights.lines.start[:, 0].tolist(),
        flights.lines.end[:, 0].tolist(), strict=True,
    ):  # fmt: skip
        found[number].append((round(start, 9), round(end, 9)))
    return found


def test_a_flight_of_several_days_is_cut_where_it_landed() -> None:
    # The third day's first position stands first in the file, out of order.
    hours = [48, 0, 0.5, 1, 24, 24.5, 25, 48.5, 49]
    flights = flown(hours, [0, 0, 5, 10, 0, 5, 10, 5, 10])
    assert flights.id.to_pylist() == ["A", "A", "A"]
    assert flights.row.tolist() == [11, 12, 15]
    assert legs(flights) == [[(0, 5), (5, 10)]] * 3
    assert flights.gaps == 2
    assert not flights.refused


@pytest.mark.parametrize(
    ("hours", "deg", "is_cut"),
    [
        # An ocean crossed where nobody hears, at 890 km/h; 1° are 111 km.
        (5, 40, False),
        (9.9, 79, False),
        # Nobody flies on for so long unheard.
        (10.1, 81, True),
        # It stood, or flew elsewhere.
        (1.1, 0, True),
        (1.1, 3, True),
        (5, 3, True),
        # It can't have flown so fast.
        (5, 60, True),
        # Short gaps are no gaps, whatever the speed.
        (1, 0, False),
        (0.9, 40, False),
    ],
)
def test_a_gap_is_where_nobody_can_have_flown_on(hours: float, deg: float, is_cut: bool) -> None:
    flights = flown([0, 0.1, 0.1 + hours, 0.2 + hours], [0, 1, 1 + deg, 2 + deg])
    assert (len(flights.row), flights.gaps) == ((2, 1) if is_cut else (1, 0))
    joined = [] if is_cut else [(1, 1 + deg)]
    assert list(chain(*legs(flights))) == [(0, 1), *joined, (1 + deg, 2 + deg)]


def test_gaps_are_as_long_as_told_and_may_be_left() -> None:
    hours, lon = [0, 0.5, 3.5, 4.0], [0.0, 1, 2, 3]
    assert len(flown(hours, lon).row) == 2
    assert len(flown(hours, lon, gap_s=4 * 3600.0).row) == 1
    assert len(flown(hours, lon, gap_s=1000.0).row) == 0
    assert len(flown(hours, lon, gap_s=None).row) == 1
    single = refusals(flown(hours, lon, gap_s=1000.0))
    assert set(single.values()) == {'flight "A" has a single position between gaps in time'}


def test_tracks_without_times_are_not_cut() -> None:
    flights = read("tracks", id=["A"] * 4, lon=[0.0, 1, 90, 91], lat=[0.0] * 4)
    assert (len(flights.row), flights.gaps, flights.untimed) == (1, 0, 1)


@pytest.mark.parametrize("unit", [1, 1000, 1_000_000, 1_000_000_000])
def test_numbers_are_times_of_any_unit(unit: int) -> None:
    seconds = [1_645_847_280 + 60 * minutes for minutes in (0, 1, 2, 1440, 1441)]
    texts = pa.array([str(unit * s) for s in seconds])
    for times in (texts, texts.cast(pa.float64())):
        flights = read("tracks", id=["A"] * 5, time=times, lon=[0.0, 1, 2, 3, 4], lat=[0.0] * 5)
        assert legs(flights) == [[(0, 1), (1, 2)], [(3, 4)]]


@pytest.mark.parametrize(
    "text",
    [
        "2022-02-26 03:48:00.5",
        "26-02-2022 03:48:00.5",
        "2022-02-26T03:48:00.5Z",
        "2022-02-26 06:48:00.500+03:00",
        "1645847280.5",
        "1645847280500",
    ],
)
def test_times_are_read_as_archives_write_them(text: str) -> None:
    seconds, unread = read_seconds(pa.array([text]))
    assert seconds.tolist() == [1645847280.5]
    assert not unread.any()


def test_ids_are_the_same_with_blanks_around_them() -> None:
    flights = flown([0, 0.1, 0.2], [0, 1, 2], id=["DLH1   ", "DLH1", " DLH1\t"])
    assert flights.id.to_pylist() == ["DLH1"]
    pairs = read("pairs", id=["DLH1  "], **{"from": ["EGLL"], "to": ["RJTT"]})
    assert pairs.id.to_pylist() == ["DLH1"]


def test_a_blank_callsign_is_the_one_before_or_the_aircraft() -> None:
    hours = [0, 0.1, 0.2, 0.3, 0, 0.1, 24, 24.1]
    flights = flown(
        hours, [0, 1, 2, 3, 50, 51, 10, 11],
        id=["", "DLH1", None, "DLH1  ", " ", None, "", ""],
        aircraft=["3c1", "3c1", "3c1 ", "3c1", "3c2", "3c2", "3c1", "3c1"],
    )  # fmt: skip
    assert flights.id.to_pylist() == ["DLH1", "3c2", "3c1"]
    assert legs(flights) == [[(0, 1), (1, 2), (2, 3)], [(50, 51)], [(10, 11)]]
    assert not flights.refused


def test_aircraft_of_one_callsign_and_callsigns_of_one_aircraft_are_flights_each() -> None:
    flights = flown(
        [0, 0, 0.1, 0.1, 0.2, 0.3], [0, 50, 1, 51, 2, 3],
        id=["DLH1", "DLH1", "DLH1", "DLH1", "DLH2", "DLH2"],
        aircraft=["3c1", "3c2", "3c1", "3c2", "3c1", "3c1"],
    )  # fmt: skip
    assert flights.id.to_pylist() == ["DLH1", "DLH1", "DLH2"]
    assert legs(flights) == [[(0, 1)], [(50, 51)], [(2, 3)]]
    unnamed = flown([0, 0.1], [0, 1], id=["A", ""], aircraft=["", None])
    assert refusals(unnamed)[12] == "the flight's id is blank"


def test_ends_without_a_position_are_found_by_their_code() -> None:
    flights = read(
        "pairs",
        **{
            "from": ["EGLL", "EGLL", "XQXQ", "EGLL", None],
            "from_lon": ["1", "", None, "", ""], "from_lat": ["2", " ", "nan", "5", ""],
            "to_lon": [5.0] * 5, "to_lat": [5.0] * 5,
        },
    )  # fmt: skip
    assert flights.lines is not None
    heathrow = find_named(GAZETTEER, "EGLL")
    assert flights.lines.start.tolist() == [[1, 2], [heathrow.lon, heathrow.lat]]
    assert refusals(flights) == {
        13: 'from: no place "XQXQ"',
        14: "from: longitude is blank",
        15: "from: longitude is blank",
    }


@pytest.mark.parametrize(
    "text", ["x;=1+2;y", "x; =1+2", 'x;"=1+2', ";@SUM(1)", "|-1", ";+1", ";＝1"]
)
def test_no_piece_of_a_reason_begins_as_a_formula_does(text: str) -> None:
    told = refusals(read("pairs", **{"from": [text], "to": ["EGLL"]}))[11]
    assert told.startswith("from: ")
    for piece in re.split("[;|\t]", told)[1:]:
        assert piece.lstrip(" \"'")[:1] not in "=+-@＝" or piece.startswith("'")


def test_endless_tracks_are_refused() -> None:
    count = MAX_POSITIONS + 1
    flights = read("tracks", id=["A"] * count, lon=np.zeros(count), lat=np.zeros(count))
    assert flights.lines is None
    (reason,) = refusals(flights).values()
    assert reason == 'flight "A" has 100,001 positions; at most 100,000 make one'


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 5)), min_size=1, max_size=30))
def test_each_position_is_in_one_track_or_refused(rows: list[tuple[str, int]]) -> None:
    names, times = zip(*rows, strict=True)
    lon = np.arange(len(rows), dtype=float)
    flights = read("tracks", id=names, time=np.array(times, float), lon=lon, lat=lon * 0)
    single = sum(names.count(name) == 1 for name in set(names))
    assert len(flights.refused) == single
    assert len(flights.row) == len(set(names)) - single
    joined = 0 if flights.lines is None else len(flights.lines.route) + len(flights.row)
    assert joined + single == len(rows)
    if flights.lines is not None:
        starts, ends = (
            points[:, 0].astype(int) for points in (flights.lines.start, flights.lines.end)
        )
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            assert names[start] == names[end]
            assert (times[start], start) < (times[end], end)


@pytest.mark.parametrize("text", ["EGLL", "egll", "LHR", "hmeymim", "35N 36E"])
def test_names_are_found_as_the_gazetteer_finds_them(text: str) -> None:
    assert isinstance(find_named(GAZETTEER, text), Place)


def test_names_that_are_not_known_are_refused_without_a_guess() -> None:
    with pytest.raises(GeoError, match=r'^no place "EGLX"$'):
        find_named(GAZETTEER, "EGLX")
