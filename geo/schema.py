"""Define what a story file may hold, as frozen values that check themselves.

The texts are plain text, never HTML. Error messages begin with the value or with what is wrong, so
that `geo.story` can put the file, the feature and the field before them.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    FailFast,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
)

from geo.model import Place

# The way whose routes are the plain geodesics, drawn thin and grey beside the others.
DIRECT_WAY = "direct"
Role = Literal["departure", "kept", "landing", "home", "staging", "unnamed", "other", "waypoint"]
Certainty = Literal["reported", "inferred", "illustrative", "geometric"]
Grade = Literal["A", "A-", "B", "C", "D"]
_DEGREES = {"lon": ("longitude", 180), "lat": ("latitude", 90)}


def shown(value: object) -> str:
    """Quote a refused value on one line, about 60 characters of it at most."""
    if isinstance(value, list | dict):
        return f"a list of {len(value)}" if isinstance(value, list) else "an object"
    text = repr(value[:61])[1:-1] if isinstance(value, str) else json.dumps(value, default=str)
    text = text if len(text) <= 60 else text[:60] + "…"
    return f'"{text}"' if isinstance(value, str) else text


def _plain(text: str) -> str:
    if not text.strip():
        raise ValueError("is blank")
    control = next((c for c in text if ord(c) < 32 or 127 <= ord(c) < 160), None)
    if control is not None:
        raise ValueError(f"{shown(text)} holds the control character U+{ord(control):04X}")
    return text


def _iso_date(value: object) -> object:
    try:
        if isinstance(value, str) and len(value) == 10:
            return date.fromisoformat(value)
    except ValueError:
        pass
    if isinstance(value, date):
        return value
    raise ValueError(f"{shown(value)} is not a date as YYYY-MM-DD")


def by_id(value: object) -> object:
    """Key a list of objects by their ids, which must differ."""
    if not isinstance(value, list):
        return value
    keyed: dict[str, object] = {}
    for number, item in enumerate(value, 1):
        key = item.get("id") if isinstance(item, dict) else None
        if not isinstance(key, str):
            raise ValueError(f"item {number} has no id")
        if key in keyed:
            raise ValueError(f"item {number} repeats the id {shown(key)}")
        keyed[key] = item
    return keyed


Text = Annotated[StrictStr, Field(max_length=200), AfterValidator(_plain)]
Prose = Annotated[StrictStr, Field(max_length=2000), AfterValidator(_plain)]
PlaceId = Annotated[StrictStr, Field(max_length=64, pattern=r"^[a-z][a-z0-9_]*$")]
Id = Annotated[StrictStr, Field(max_length=64, pattern=r"^[a-z0-9][a-z0-9._-]*$")]
A3 = Annotated[StrictStr, Field(pattern=r"^[A-Z]{3}$")]
Url = Annotated[Text, Field(pattern=r"^https?://[^\s<>\"]+$")]
Number = Annotated[StrictFloat, Field(allow_inf_nan=False)]
IsoDate = Annotated[date, BeforeValidator(_iso_date)]
SourceIds = Annotated[tuple[Id, ...], Field(min_length=1), FailFast()]
Longitude = Annotated[Number, Field(ge=-180, le=180)]
Latitude = Annotated[Number, Field(ge=-90, le=90)]


class Value(BaseModel):
    """A frozen value that refuses fields it doesn't know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(Value):
    """Where a fact was read; `ref` is the publisher's number for it, `note` says if reposted."""

    id: Id
    title: Text
    publisher: Text | None = None
    date: IsoDate | None = None
    url: Url | None = None
    ref: Text | None = None
    kind: Text | None = None
    note: Prose | None = None


class Position(Value):
    """How well a place's coordinate is known: its source, and how far a second one lies from it.

    `independent` is None where it isn't known whether the second source copies the first.
    """

    source: Id
    second_source: Id | None = None
    difference_km: Annotated[Number, Field(ge=0)] | None = None
    independent: StrictBool | None = None
    confidence: Literal["good", "low"] = "low"


class Point(Value):
    """A coordinate in degrees on WGS84."""

    lon: Longitude
    lat: Latitude


class Airfield(Point):
    """A place of the story: an airfield, a port or a way-point.

    `icao` and `iata` are assigned codes only; `russian_index` is the Cyrillic one. `elevation_m` is
    in metres above the sea, `country` an A3 code. `grade` A is "named in a report", D "not named";
    `evidence` says what the grade rests on and `reported` what was reported there.
    """

    id: PlaceId
    name: Text
    sources: SourceIds
    role: Role = "unnamed"
    name_local: Text | None = None
    other_names: Annotated[tuple[Text, ...], FailFast()] = ()
    kind: Text | None = None
    country: A3 | None = None
    icao: Annotated[StrictStr, Field(pattern=r"^[A-Z]{4}$")] | None = None
    iata: Annotated[StrictStr, Field(pattern=r"^[A-Z]{3}$")] | None = None
    russian_index: Annotated[StrictStr, Field(pattern=r"^[А-ЯЁ]{4}$")] | None = None
    elevation_m: Annotated[Number, Field(ge=-500, le=9000)] | None = None
    elevation_source: Id | None = None
    grade: Grade | None = None
    evidence: Prose | None = None
    reported: Prose | None = None
    position: Position | None = None
    note: Prose | None = None

    @property
    def place(self) -> Place:
        """The bare point, for geodesy."""
        return Place(self.id, self.name, self.lon, self.lat)


class StoryRoute(Value):
    """A route by its places' ids; the geodesics between them are computed, never stored.

    `certainty` is about the landing, not the path: reported, inferred or illustrative. `left` is
    the day of the reported departure, `date` that of the reported landing.
    """

    id: Id
    name: Text
    places: Annotated[tuple[PlaceId, ...], Field(min_length=2), FailFast()]
    sources: SourceIds
    way: Id = DIRECT_WAY
    left: IsoDate | None = None
    date: IsoDate | None = None
    aircraft: Annotated[tuple[Text, ...], FailFast()] = ()
    certainty: Certainty = "illustrative"
    certainty_note: Prose | None = None
    refuelling: Prose | None = None

    @property
    def destination(self) -> str:
        """The id of the last place."""
        return self.places[-1]


class Claim(Value):
    """A distance that someone claimed, in their words and in metres, and where it comes from."""

    id: Id
    quote: Text
    distance_m: Annotated[Number, Field(gt=0)]
    origin: Prose
    sources: SourceIds


class Way(Value):
    """A kind of path that routes may take, as named in the legend."""

    id: Id
    name: Text
    note: Prose | None = None
    sources: tuple[Id, ...] = ()


class Finding(Value):
    """A short sentence on what the sources come to."""

    id: Id
    text: Prose
    sources: SourceIds


class Departure(Value):
    """Aircraft that were reported to leave; `count` is None where no number was said.

    `company` is an aircraft that flew with them, `carried_by` one that had them on board.
    """

    aircraft: Text
    count: Annotated[StrictInt, Field(ge=1, le=10_000)] | None = None
    company: Text | None = None
    carried_by: Text | None = None


class Tally(Value):
    """How many had left in all by a report: `count` of `what`, and of how many, where it was said.

    `bound` says how the report meant its number.
    """

    count: Annotated[StrictInt, Field(ge=0, le=100_000)]
    what: Text
    bound: Literal["exactly", "about", "at least", "at most"] = "about"
    of: Annotated[StrictInt, Field(ge=1, le=100_000)] | None = None


class Report(Value):
    """What was reported for a day; `places` are the ids of the places it tells of.

    `departures` are those that this report is the one to count for, so that none counts twice.
    """

    date: IsoDate
    text: Prose
    certainty: Text
    sources: SourceIds
    places: tuple[PlaceId, ...] = ()
    departures: Annotated[tuple[Departure, ...], FailFast()] = ()
    gone: Tally | None = None


class Header(Value):
    """The collection's member `corridor`: everything about a story but its features."""

    version: Annotated[Literal[1], Field(alias="schema")] = 1
    title: Text
    sources: Annotated[Mapping[str, Source], BeforeValidator(by_id)]
    summary: Prose | None = None
    dates: tuple[IsoDate, IsoDate] | None = None
    claim: Claim | None = None
    ways: Annotated[Mapping[str, Way], BeforeValidator(by_id)] = {
        DIRECT_WAY: Way(id=DIRECT_WAY, name="Direct")
    }
    findings: Annotated[tuple[Finding, ...], FailFast()] = ()
    reports: Annotated[tuple[Report, ...], FailFast()] = ()


class Story(Header):
    """A whole story, checked: `places` (way-points too) and `routes` stand in the file's order."""

    places: Mapping[str, Airfield]
    routes: tuple[StoryRoute, ...]

    def route_places(self, route: StoryRoute) -> tuple[Place, ...]:
        """Give the route's points, first to last."""
        return tuple(self.places[id].place for id in route.places)


_MESSAGES = {
    "missing": "is missing",
    "too_short": "has {length}, fewer than {min_length}",
    "extra_forbidden": "is not a known field",
    "literal_error": "{value} is not one of {expected}",
    "string_too_long": "is {length} characters long, more than {max_length}",
    "string_pattern_mismatch": "{value} does not have the form {pattern}",
    "string_type": "{value} is not text",
    "tuple_type": "{value} is not a list",
    "float_type": "{value} is not a number",
    "int_type": "{value} is not a whole number",
    "value_error": "{error}",
}


def spelled(error: Mapping[str, Any]) -> str:
    """Turn one of pydantic's errors into `field "value" is ...`."""
    field = ".".join(str(part) for part in error["loc"])
    kind, value, context = error["type"], error["input"], error.get("ctx", {})
    name, bound = _DEGREES.get(field, (field, 0))
    if bound and kind not in ("missing", "float_type"):
        return f"{name} {shown(value)} is outside -{bound}..{bound}"
    kind = "missing" if kind == "too_short" and not value else kind
    if kind not in _MESSAGES:
        return f"{name} {shown(value)}: {error['msg'].lower()}"
    length = len(value) if isinstance(value, str | list) else 0
    return f"{name} {_MESSAGES[kind].format(value=shown(value), length=length, **context)}"
