"""Say whether a type could fly a route by its published figures, without a stop and with some."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from geo.aircraft import AircraftType, Range, say_figure
from geo.fuel import Journey, find_journey
from geo.model import Place, Route
from geo.units import Unit, format_length

Plausibility = Literal["low", "high", "none", "unknown"]
PLAUSIBILITY_WORDS: dict[Plausibility, str] = {
    "low": "plausible by the low figure",
    "high": "plausible only by the high figure",
    "none": "not plausible by any published figure",
    "unknown": "can't be told: no published figure found",
}
_ONE_FIGURE_WORDS: dict[Plausibility, str] = {
    "low": "plausible by the only published figure",
    "none": "not plausible by the only published figure",
}
_CAUTION = "In still air and without reserve; a published range is not what was flown."


@dataclass(frozen=True, slots=True)
class Reach:
    """What published ranges say of a route: without a stop, and broken at airfields.

    `low` and `high` are the figures, None without any; the journeys are those by each, None where
    the airfields don't break the route enough.
    """

    aircraft: AircraftType
    route: Route
    low: Range | None
    high: Range | None
    nonstop: Plausibility
    with_stops: Plausibility
    low_journey: Journey | None
    high_journey: Journey | None


def find_reach(aircraft: AircraftType, route: Route, fields: Sequence[Place]) -> Reach:
    """Hold a route against a type's lowest and highest published range."""
    limits = aircraft.range_limits
    if limits is None:
        return Reach(aircraft, route, None, None, "unknown", "unknown", None, None)
    low, high = limits
    journeys = [find_journey(route, figure.range_km * 1000, fields) for figure in limits]
    within = [route.length_m <= figure.range_km * 1000 for figure in limits]
    broken = [journey is not None for journey in journeys]
    return Reach(aircraft, route, low, high, _grade(within), _grade(broken), *journeys)


def say_reach(reach: Reach, unit: Unit) -> tuple[str, ...]:
    """Tell in sentences what the published figures say, and never more than that."""
    name = reach.aircraft.name
    note = [reach.aircraft.note] if reach.aircraft.note else []
    if reach.low is None or reach.high is None:
        return f"{name}: {PLAUSIBILITY_WORDS['unknown']} for its range.", *note
    length = format_length(reach.route.length_m, unit)
    one = reach.low.range_km == reach.high.range_km
    words = PLAUSIBILITY_WORDS | (_ONE_FIGURE_WORDS if one else {})
    said = [f"{name}, {length} without a stop: {words[reach.nonstop]}."]
    if reach.nonstop != "low":
        said.append(f"With stops: {words[reach.with_stops]}.")
    if not one and reach.low_journey:
        said.append(_say_journey("low", reach.low, reach.low_journey, unit))
    if reach.nonstop != "low" and reach.high_journey and (one or not _same(reach)):
        said.append(_say_journey("only" if one else "high", reach.high, reach.high_journey, unit))
    figures = [reach.low] if one else [reach.low, reach.high]
    said.append(f"Published range: {' to '.join(map(say_figure, figures))}.")
    return *said, *note, _CAUTION


def _say_journey(which: str, figure: Range, journey: Journey, unit: Unit) -> str:
    by = f"By the {which} figure, {figure.range_km:,.0f} km"
    if not journey.stops:
        return f"{by}: no stop is needed."
    count = len(journey.stops)
    stops = ", ".join(place.name for place in journey.stops)
    hops = ", ".join(format_length(hop_m, unit) for hop_m in journey.hops_m)
    stop = "1 stop could do" if count == 1 else f"{count} stops could do"
    return f"{by}: {stop}, at {stops}; the hops are {hops}."


def _same(reach: Reach) -> bool:
    """Tell whether both figures lead to the same stops."""
    low, high = reach.low_journey, reach.high_journey
    return low is not None and high is not None and low.stops == high.stops


def _grade(by: Sequence[bool]) -> Plausibility:
    low, high = by
    return "low" if low else "high" if high else "none"
