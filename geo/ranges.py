"""Name the rings of a typed distance or of an aircraft's published range."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from geo.aircraft import AircraftType
from geo.circles import MAX_RADIUS_M
from geo.compare import Flight
from geo.model import Place
from geo.ringspec import RingSpec
from geo.units import UNIT_WORDS, Unit, format_both, format_length

# Before the id of a source that comes from the file of aircraft types: no story has such ids.
FLEET_SOURCE = "aircraft:"
LOW, HIGH, ONLY = "low figure", "high figure", "the only figure"
_MOST_STARTS = 3


@dataclass(frozen=True, slots=True)
class RangeRing:
    """All points `radius_m` from a place: its name, and a `label` short enough for a map.

    `aircraft` is the type whose published range it is, "" for a typed distance, and `figure` which
    of its ranges. `sources` are ids, as `geo.viewed` gives them to a story.
    """

    name: str
    label: str
    place: Place
    radius_m: float
    aircraft: str = ""
    figure: str = ""
    sources: tuple[str, ...] = ()

    @property
    def is_least(self) -> bool:
        """Tell whether it is the lowest figure, or the only one, of a type's range."""
        return self.figure in (LOW, ONLY)


def reach_rings(aircraft: AircraftType, flights: Iterable[Flight]) -> tuple[RingSpec, ...]:
    """Ring the first places where flights begin; no ring where no range was published."""
    limits = aircraft.range_limits
    if limits is None:
        return ()
    low_m, high_m = (figure.range_km * 1000 for figure in limits)
    starts = {flight.plan.places[0]: flight.route.places[0] for flight in flights}
    return tuple(
        RingSpec(place, low_m, high_m, aircraft) for place in list(starts.values())[:_MOST_STARTS]
    )


def range_rings(
    spec: RingSpec, unit: Unit, *, typed: str = "", around: bool = True
) -> list[RangeRing]:
    """Name the ring of a distance, or the lowest and the highest range of a type.

    A distance is told in the unit in which it was `typed` too; the names tell the place with
    `around`. A ring is cut to the widest that there is on earth.
    """
    where = f", around {spec.place.name}" if around else ""
    if spec.aircraft is None:
        length, as_typed = (format_length(spec.low_m, u) for u in (unit, _typed_unit(typed, unit)))
        both = length if length == as_typed else f"{as_typed} ({length})"
        return [RangeRing(f"{both}{where}", as_typed, spec.place, spec.low_m)]
    type_name, sources = spec.aircraft.name, ring_sources(spec)
    figures = [(LOW, spec.low_m), (HIGH, spec.high_m)]
    if spec.low_m == spec.high_m:
        figures = [(ONLY, spec.low_m)]
    return [
        RangeRing(
            f"{type_name}, {what}: {format_length(radius_m, unit)}{where}",
            f"{type_name}: {format_length(radius_m, unit)}",
            spec.place,
            min(radius_m, MAX_RADIUS_M),
            type_name,
            what,
            tuple(sources),
        )
        for what, radius_m in figures
    ]


def _typed_unit(typed: str, other: Unit) -> Unit:
    """Find the unit of a typed ring, such as that of "500 nmi@OSLK"."""
    words = re.sub(r"[\d.,\s]+", " ", typed.partition("@")[0]).strip()
    return UNIT_WORDS.get(words.casefold(), other)


def ring_sources(spec: RingSpec) -> list[str]:
    """List the ids of the sources of a type's lowest and highest range."""
    limits = spec.aircraft.range_limits if spec.aircraft else None
    ids = [id for figure in limits or () for id in figure.sources]
    return [f"{FLEET_SOURCE}{id}" for id in dict.fromkeys(ids)]


def say_ring(ring: RangeRing, unit: Unit) -> str:
    """Tell a ring in a sentence."""
    words = f"A ring {format_both(ring.radius_m, unit)} around {ring.place.name}"
    if not ring.aircraft:
        return f"{words}."
    figure = ring.figure if ring.figure == ONLY else f"the {ring.figure}"
    return f"{words}: {figure} published for the range of the {ring.aircraft}."
