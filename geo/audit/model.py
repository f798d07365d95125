"""Hold the values that pass between the steps of an audit."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Literal

import pyarrow as pa

from geo.geodesy import Lines
from geo.model import IntArray

Form = Literal["pairs", "paths", "tracks"]
# An hour without a position, unless the aircraft flew straight on: the next flight.
GAP_S = 3600.0


@dataclass(frozen=True, slots=True)
class Layout:
    """What a table's rows are, and which column plays which role, such as from_lon or id."""

    form: Form
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DataFiles:
    """Corridor's own data, or what stands in for it; an empty path means the shipped file."""

    airspace: str = ""
    story: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """What is asked of every part: plain values, so that it can be sent to any machine.

    `closed` are A3 codes; `parts` is the URL of the folder where parts are left, and `version` that
    of the library and its data, which whoever does a part must have too. Tracks may be cut where
    they have no position for longer than `gap_s`; None for never.
    """

    form: Form
    parts: str
    version: str
    closed: tuple[str, ...] = ()
    with_points: bool = False
    data: DataFiles = DataFiles()
    gap_s: float | None = GAP_S


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of the input; `share` is how much of it was read up to their end, 0 to 1.

    `data` are the rows in Arrow's stream format: a slice of a table would be sent with the whole.
    """

    number: int
    data: bytes
    share: float

    @classmethod
    def of(cls, number: int, rows: pa.Table, share: float) -> "Part":
        """Pack rows up; their columns are called by their roles, and `row` is their number."""
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, rows.schema) as writer:
            writer.write_table(rows)
        return cls(number, sink.getvalue().to_pybytes(), share)

    def rows(self) -> pa.Table:
        """Unpack them, each column in one piece."""
        return pa.ipc.open_stream(self.data).read_all().combine_chunks()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that can't be audited, by its number in the input, and why."""

    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class Flights:
    """The flights of a part, in order; `lines` are their legs, route by route.

    `row` (n,) is the number in the input of each, for a track of its first position, and `id` what
    its row calls it. `is_flown` tells tracks, whose points nobody chose to pass; they were cut in
    two at `gaps`, and `untimed` of them joined in the order of the input, for want of times.
    """

    row: IntArray
    id: pa.Array
    lines: Lines | None
    refused: tuple[Refusal, ...]
    is_flown: bool = False
    gaps: int = 0
    untimed: int = 0


@dataclass(frozen=True, slots=True)
class Toll:
    """What a closure costs the flights that cross one state: `extra_m` of those with a way."""

    flights: int = 0
    closed_m: float = 0.0
    no_way: int = 0
    extra_m: float = 0.0
    direct_m: float = 0.0

    def __add__(self, other: "Toll") -> "Toll":
        return Toll(
            self.flights + other.flights,
            self.closed_m + other.closed_m,
            self.no_way + other.no_way,
            self.extra_m + other.extra_m,
            self.direct_m + other.direct_m,
        )


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was found in a part, and the files it left with their sizes in bytes.

    There may be a million of them, so they are small: `faces` has a bit for each airspace that is
    crossed, by its number, waters of no state left out. `tolls` are those of the closed states by
    code, and of all together by "". `gaps` and `untimed` are those of its flights.
    """

    number: int
    rows: int
    flights: int = 0
    refused: int = 0
    stretches: int = 0
    length_m: float = 0.0
    waters_m: float = 0.0
    faces: int = 0
    tolls: Mapping[str, Toll] = field(default_factory=dict)
    files: Mapping[str, int] = field(default_factory=dict)
    gaps: int = 0
    untimed: int = 0

    def to_json(self) -> bytes:
        """Write it down."""
        return json.dumps(asdict(self), sort_keys=True).encode()

    @classmethod
    def from_json(cls, data: bytes) -> "Receipt":
        """Read what was written down."""
        form = json.loads(data)
        form["tolls"] = {code: Toll(**toll) for code, toll in form["tolls"].items()}
        return cls(**form)
