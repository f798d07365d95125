"""Compose the story's slides, each by one call; together they are a deck."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from geo.airspace import Airspace
from geo.compare import Flight, compare
from geo.edge import Edges
from geo.layers import Layer
from geo.phrases import capital, format_day, listed, lower
from geo.ranges import RangeRing, range_rings
from geo.render.palette import Claims, Theme
from geo.render.picture.briefing import Briefing, Event, make_briefing
from geo.schema import DIRECT_WAY, Story
from geo.survey import Survey
from geo.units import STATUTE_MILES, Unit, format_length
from geo.viewed import Viewed

_LANDINGS = frozenset({"landing"})
_BASES = frozenset({"landing", "home"})


@dataclass(frozen=True, slots=True)
class Material:
    """What slides are made of: a story with all its flights, and how to find a flight's edges."""

    story: Story
    flights: tuple[Flight, ...]
    edges_of: Callable[[Flight], Edges]
    date: dt.date
    unit: Unit = STATUTE_MILES
    theme: Theme = "light"


def brief(
    material: Material,
    flights: Iterable[Flight],
    *,
    title: str = "",
    subtitle: str = "",
    finding: str | None = None,
    events: Iterable[Event] = (),
    closed: Sequence[Claims] = (),
    layer: Layer | None = None,
    rings: Sequence[RangeRing] = (),
    surveys: Sequence[tuple[str, Survey]] = (),
) -> Briefing:
    """Tell of any of the flights; `closed` are the claims of closed faces."""
    story = material.story
    rows = compare(tuple(flights), story.claim.distance_m if story.claim else None)
    edges = {row.flight.plan.id: material.edges_of(row.flight) for row in rows}
    return make_briefing(
        story, rows, material.flights, edges, material.unit, material.theme, material.date,
        title=title, subtitle=subtitle, finding=finding, events=events, closed=closed,
        layer=layer, rings=rings, surveys=surveys,
    )  # fmt: skip


def brief_view(material: Material, shown: Viewed, airspace: Airspace) -> Briefing:
    """Tell of all that a view shows, the typed rings and what was opened among it."""
    unit = material.unit
    rings = [ring for text, spec in shown.rings for ring in range_rings(spec, unit, typed=text)]
    rings += [ring for spec in shown.reach for ring in range_rings(spec, unit, around=False)]
    return brief(
        replace(material, story=shown.story), shown.flights,
        closed=shown.closure.shut_claims(airspace), layer=shown.layer, rings=rings,
        surveys=shown.surveys,
        title=_titled(material, f"By the end of {format_day(shown.day)}") if shown.day else "",
    )  # fmt: skip


def the_journey_home(material: Material) -> Briefing:
    """Show the told ways to the reported landings."""
    ways = frozenset(material.story.ways) - {DIRECT_WAY}
    return brief(
        material, _chosen(material, _LANDINGS, ways), title=_titled(material, "The journey home")
    )


def why_not_straight(material: Material) -> Briefing:
    """Show the direct lines, and what they cross, beside the first told way."""
    flights = _chosen(material, _LANDINGS, frozenset({DIRECT_WAY, *_told(material)}))
    rows = [flight for flight in flights if flight.plan.way == DIRECT_WAY]
    every = [frozenset(c.name for c in flight.crossings if c.claims) for flight in rows]
    told = [f for f in flights if f.plan.way != DIRECT_WAY]
    avoided = frozenset.intersection(*every) if every else frozenset()
    avoided -= {c.name for flight in told for c in flight.crossings}
    names = [name for name in _in_order(rows) if name in avoided]
    finding = None
    if names and told:
        verb = "crosses" if len(rows) == 1 else "all cross"
        lines = "The direct line" if len(rows) == 1 else "The direct lines"
        way = material.story.ways[told[0].plan.way].name
        finding = (
            f"{lines} {verb} {listed(names)}. The way told ({lower(way)}) "
            f"is {_detour(material, flights)} longer and stays clear of it."
        )
    return brief(material, flights, title="Why not straight?", finding=finding)


def the_claim(material: Material) -> Briefing:
    """Hold the claimed distance against every base, by the direct line and the first told way."""
    story = material.story
    flights = _chosen(material, _BASES, frozenset({DIRECT_WAY, *_told(material)}))
    if story.claim is None:
        return brief(material, flights, title="How far is it?")
    claimed = format_length(story.claim.distance_m, material.unit)
    beyond = [f for f in flights if f.route.length_m > story.claim.distance_m]
    names = list(dict.fromkeys(story.places[f.plan.destination].name for f in beyond))
    bases = len({flight.plan.destination for flight in flights})
    finding = f"Of {bases} bases, none is farther than {claimed} by the ways shown."
    if names:
        verb = "is" if len(names) == 1 else "are"
        finding = (
            f"Of {bases} bases, only {listed(names)} {verb} farther than {claimed} by a way shown."
        )
    return brief(material, flights, title=f"“{capital(story.claim.quote)}”?", finding=finding)


def by_day(material: Material) -> Briefing:
    """Show the dated landings by the first told way, and what was reported day by day."""
    story = material.story
    told = frozenset(_told(material)) or frozenset({DIRECT_WAY})
    flights = [f for f in _chosen(material, frozenset(), told) if f.plan.date]
    places = {flight.plan.destination for flight in flights}
    events = [
        Event(format_day(report.date), report.text)
        for report in story.reports
        if places & set(report.places)
    ]
    return brief(
        material, flights, title=_titled(material, "Day by day"), finding="", events=events
    )


PRESETS: Mapping[str, Callable[[Material], Briefing]] = {
    "The journey home": the_journey_home,
    "Why not straight": why_not_straight,
    "3,000 miles?": the_claim,
    "By day": by_day,
}


def _titled(material: Material, words: str) -> str:
    return f"{words}. {material.story.title}"


def _told(material: Material) -> list[str]:
    """Name the first of the ways that isn't the direct one, if there is one."""
    return [way for way in material.story.ways if way != DIRECT_WAY][:1]


def _chosen(material: Material, roles: frozenset[str], ways: frozenset[str]) -> tuple[Flight, ...]:
    """Keep the flights of these ways to places of these roles; of all, if no place has them."""
    places = material.story.places
    of_ways = [flight for flight in material.flights if flight.plan.way in ways]
    kept = [f for f in of_ways if places[f.plan.destination].role in roles]
    return tuple(kept or of_ways)


def _in_order(flights: Iterable[Flight]) -> list[str]:
    return list(dict.fromkeys(c.name for flight in flights for c in flight.crossings))


def _detour(material: Material, flights: Iterable[Flight]) -> str:
    """Say between which lengths the told way is longer than the direct one."""
    by_place: dict[str, dict[str, float]] = {}
    for flight in flights:
        ways = by_place.setdefault(flight.plan.destination, {})
        ways[flight.plan.way] = flight.route.length_m
    extra = [
        length - ways[DIRECT_WAY]
        for ways in by_place.values()
        for way, length in ways.items()
        if way != DIRECT_WAY and DIRECT_WAY in ways
    ]
    low, high = (format_length(at(extra), material.unit) for at in (min, max))
    return low if low == high else f"{low} to {high}"
