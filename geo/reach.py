"""Say whether a type could fly a route by its published figures, without a stop and with some."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from geo.aircraft import AircraftType, Range, say_figure
from geo.fuel import Journey, find_journey
from geo.model import Route
from geo.nodes import Fields, make_nodes
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
_NOTHING_M = 1.0
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

    @property
    def one_figure(self) -> bool:
        """Tell whether one range alone was published, which is neither low nor high."""
        return bool(self.low and self.high and self.low.range_km == self.high.range_km)


def find_reach(aircraft: AircraftType, route: Route, fields: Fields) -> Reach:
    """Hold a route against a type's lowest and highest published range."""
    limits = aircraft.range_limits
    if limits is None:
        return Reach(aircraft, route, None, None, "unknown", "unknown", None, None)
    low, high = limits
    # What is within the lowest range is never broken.
    nodes = make_nodes(route, fields) if route.length_m > low.range_km * 1000 else None
    journeys = [find_journey(route, each.range_km * 1000, fields, nodes) for each in limits]
    within = [route.length_m <= figure.range_km * 1000 for figure in limits]
    broken = [journey is not None for journey in journeys]
    return Reach(aircraft, route, low, high, _grade(within), _grade(broken), *journeys)


def say_grade(reach: Reach, grade: Plausibility) -> str:
    """Say a grade of plausibility in a few words; a single figure is neither low nor high."""
    words = PLAUSIBILITY_WORDS | (_ONE_FIGURE_WORDS if reach.one_figure else {})
    return words[grade]


def say_with_stops(reach: Reach) -> str:
    """Say the grade with stops in a few words: never that no stops at all would do."""
    none = reach.with_stops == "none"
    return "not with these stops" if none else say_grade(reach, reach.with_stops)


def say_reach(reach: Reach, where: str, unit: Unit) -> tuple[str, ...]:
    """Tell in sentences what the published figures say of a route, and never more than that.

    `where` says which stops were looked for, such as "at airfields of the story in Russia".
    """
    name = reach.aircraft.name
    if reach.low is None or reach.high is None:
        return (f"{name}: {PLAUSIBILITY_WORDS['unknown']} for its range.",)
    length = format_length(reach.route.length_m, unit)
    said = [f"{name}, {length} without a stop: {say_grade(reach, reach.nonstop)}."]
    if reach.nonstop != "low":
        said += _say_stops(reach, reach.low, reach.high, where, unit)
    return tuple(said)


def say_range(aircraft: AircraftType, unit: Unit) -> tuple[str, ...]:
    """Tell in sentences what was published of a type's range, and what that doesn't say."""
    note = [aircraft.note] if aircraft.note else []
    limits = aircraft.range_limits
    if limits is None:
        return tuple(note)
    low, high = limits
    figures = [low] if low.range_km == high.range_km else [low, high]
    published = " to ".join(say_figure(figure, unit) for figure in figures)
    return f"Published range: {published}.", *note, _CAUTION


def _say_stops(reach: Reach, low: Range, high: Range, where: str, unit: Unit) -> Iterator[str]:
    if reach.with_stops == "none":
        figure = "the only" if reach.one_figure else "any"
        yield f"Not with stops only {where}, by {figure} published figure."
        return
    yield f"With stops: {say_grade(reach, reach.with_stops)}."
    if not reach.one_figure and reach.low_journey:
        yield _say_journey("low", low, reach.low_journey, reach.route, unit)
    if reach.high_journey and (reach.one_figure or not _same(reach)):
        which = "only" if reach.one_figure else "high"
        yield _say_journey(which, high, reach.high_journey, reach.route, unit)


def _say_journey(which: str, figure: Range, journey: Journey, route: Route, unit: Unit) -> str:
    by = f"By the {which} figure, {format_length(figure.range_km * 1000, unit)}"
    if not journey.stops:
        return f"{by}: no stop is needed."
    count = len(journey.stops)
    stops = ", ".join(place.name for place in journey.stops)
    hops = ", ".join(format_length(hop_m, unit) for hop_m in journey.hops_m)
    stop = "1 stop could do" if count == 1 else f"{count} stops could do"
    return f"{by}: {stop}, at {stops}; the hops are {hops}, {_say_sum(journey, route, unit)}."


def _say_sum(journey: Journey, route: Route, unit: Unit) -> str:
    whole = f"{format_length(sum(journey.hops_m), unit)} in all"
    if journey.extra_m < _NOTHING_M:
        return f"{whole}, no longer than without a stop"
    share = 100 * journey.extra_m / route.length_m
    more = f"{share:.0f} %" if share >= 1 else "less than 1 %"
    return f"{whole}, {format_length(journey.extra_m, unit)} or {more} longer than without a stop"


def _same(reach: Reach) -> bool:
    """Tell whether both figures lead to the same stops."""
    low, high = reach.low_journey, reach.high_journey
    return low is not None and high is not None and low.stops == high.stops


def _grade(by: Sequence[bool]) -> Plausibility:
    low, high = by
    return "low" if low else "high" if high else "none"
