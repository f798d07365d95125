"""Read the published figures of aircraft types: how far and how fast, each with its source."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationError

from geo.errors import DataError
from geo.schema import Id, Number, Prose, Source, SourceIds, Text, Value, by_id, shown, spelled
from geo.speeds import format_speed
from geo.text import printable
from geo.units import KILOMETRES, Unit, format_length

_MAX_BYTES = 1_000_000


class Figure(Value):
    """A published figure; `condition` is what it holds for, where that was said.

    One with a `doubt` is shown, but counts neither as the low nor as the high figure. Where it has
    several `sources`, it stands in one of them at least.
    """

    sources: SourceIds
    condition: Text | None = None
    doubt: Text | None = None


class Range(Figure):
    """How far a type flies without refuelling."""

    range_km: Annotated[Number, Field(gt=0, le=20_000)]


class Speed(Figure):
    """How fast a type flies, by `kind`."""

    speed_kmh: Annotated[Number, Field(gt=0, le=10_000)]
    kind: Literal["cruise", "maximum", "average"]


class Ceiling(Figure):
    """How high a type flies."""

    ceiling_m: Annotated[Number, Field(gt=0, le=40_000)]


class AircraftType(Value):
    """A type with its published figures; `members` are the names that reports give it."""

    id: Id
    name: Text
    name_local: Text | None = None
    members: tuple[Text, ...] = ()
    ranges: tuple[Range, ...] = ()
    speeds: tuple[Speed, ...] = ()
    ceilings: tuple[Ceiling, ...] = ()
    note: Prose | None = None

    @property
    def range_limits(self) -> tuple[Range, Range] | None:
        """The lowest and the highest published range, but for doubted ones; None without any."""
        firm = [figure for figure in self.ranges if figure.doubt is None]
        if not firm:
            return None
        ordered = sorted(firm, key=lambda figure: figure.range_km)
        return ordered[0], ordered[-1]

    @property
    def cruise_limits_kmh(self) -> tuple[float, float] | None:
        """The lowest and the highest published cruising speed; None without any."""
        found = [s.speed_kmh for s in self.speeds if s.kind == "cruise" and s.doubt is None]
        return (min(found), max(found)) if found else None

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All figures."""
        return (*self.ranges, *self.speeds, *self.ceilings)


class Fleet(Value):
    """Types by their ids, and the sources that they cite."""

    version: Annotated[Literal[1], Field(alias="schema")] = 1
    note: Prose | None = None
    speed_note: Prose | None = None
    types: Annotated[Mapping[str, AircraftType], BeforeValidator(by_id)]
    sources: Annotated[Mapping[str, Source], BeforeValidator(by_id)]

    def type_of(self, member: str) -> AircraftType | None:
        """Find the type that has a name, as a report gives it."""
        return next((each for each in self.types.values() if member in each.members), None)


NO_FLEET = Fleet(types={}, sources={})


def load_fleet(path: Path) -> Fleet:
    """Read a file of aircraft types. Raises DataError where it can't be read or is refused."""
    try:
        return read_fleet(path.read_bytes(), path.name)
    except OSError as error:
        raise DataError(f"{path.name}: can't be read: {error.strerror}") from error


def read_fleet(text: str | bytes, name: str) -> Fleet:
    """Check the text of a file of aircraft types, called `name` in messages. Raises DataError."""
    if len(text) > _MAX_BYTES:
        raise DataError(f"{name}: is larger than {_MAX_BYTES:,} bytes")
    try:
        fleet = Fleet.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        no_json = f"is not JSON: {first['msg'].partition(': ')[2]}"
        said = no_json if first["type"] == "json_invalid" else spelled(first)
        raise DataError(printable(f"{name}: {said}")[:500]) from error
    for each in fleet.types.values():
        _check_sources(each, fleet.sources, name)
    return fleet


def _check_sources(each: AircraftType, sources: Mapping[str, Source], name: str) -> None:
    for figure in each.figures:
        for id in figure.sources:
            if id not in sources:
                raise DataError(f"{name}: type {shown(each.id)}: there is no source {shown(id)}")


def say_figure(figure: Figure, unit: Unit = KILOMETRES) -> str:
    """Write a figure as published, then in the reader's unit and with its condition.

    Such as "3,600 km (2,237 mi; with 28 to 60 t)". Ceilings stay in metres.
    """
    match figure:
        case Range():
            amount = f"{figure.range_km:,.0f} km"
            converted = format_length(figure.range_km * 1000, unit)
        case Speed():
            amount = f"{figure.speed_kmh:,.0f} km/h {figure.kind}"
            converted = format_speed(figure.speed_kmh, unit)
        case Ceiling():
            amount, converted = f"{figure.ceiling_m:,.0f} m", ""
        case _:
            amount = converted = ""
    said = "" if unit is KILOMETRES else converted
    about = "; ".join(text for text in (said, figure.condition, figure.doubt) if text)
    return f"{amount} ({about})" if about else amount
