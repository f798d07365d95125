"""Tell a route in plain sentences, for those who can't see the map, and as its caption."""

from collections.abc import Sequence
from dataclasses import dataclass

from geo.compare import Row
from geo.edge import Edges
from geo.edge_words import say_edges
from geo.model import Crossing, Route
from geo.phrases import format_day, listed, source_line
from geo.ranges import RangeRing, say_ring
from geo.schema import Story, StoryRoute
from geo.units import Unit, format_both, format_length
from geo.words import say_how_far_told, say_what_is_known


@dataclass(frozen=True, slots=True)
class Account:
    """What is told of a route, in order; plain text, each sentence by itself.

    `heading` tells it from the others; `sources` are lines, one each.
    """

    heading: str
    sentences: tuple[str, ...]
    sources: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All of it in one paragraph, without the sources: an alt text."""
        return " ".join([f"{self.heading}.", *self.sentences])


def account_of(story: Story, row: Row, edges: Edges, unit: Unit) -> Account:
    """Tell a route of a story: how far, by which way and how certain, and over whose airspace."""
    plan, flight = row.flight.plan, row.flight
    way = story.ways[plan.way]
    sentences = [
        _say_length(flight.route, row.ratio, unit),
        f"The way: {way.name}. {way.note}" if way.note else f"The way: {way.name}.",
        *_say_airspace(flight.crossings, edges, unit),
        *_tell_landing(story, plan),
    ]
    if plan.refuelling:
        sentences.append(f"Refuelling: {_ended(plan.refuelling)}")
    sources = tuple(source_line(story.sources[id]) for id in plan.sources)
    return Account(f"{_ends(flight.route)}, {way.name}", tuple(sentences), sources)


def account_of_route(
    route: Route, crossings: Sequence[Crossing], edges: Edges, unit: Unit
) -> Account:
    """Tell a typed route: how far, and over whose airspace."""
    sentences = (_say_length(route, None, unit), *_say_airspace(crossings, edges, unit))
    return Account(_ends(route), sentences)


def caption_of(story: Story, row: Row, unit: Unit) -> str:
    """Tell a route of a story in a sentence or two."""
    plan = row.flight.plan
    length = format_both(row.length_m, unit)
    over = f" over {listed(row.airspaces)}" if row.airspaces else ""
    ends = _ends(row.flight.route)
    way = story.ways[plan.way].name
    return f"{ends}, {way}: {length}{over}. {_say_landing(story, plan)}"


def say_map(story: Story, rows: Sequence[Row], unit: Unit, rings: Sequence[RangeRing] = ()) -> str:
    """Tell what the map shows as a whole, with its range rings: its alt text."""
    count = _counted(len(rows), "route")
    count += f" and {_counted(len(rings), 'range ring')}" if rings else ""
    parts = [f"A map with {count}: {story.title}.", say_what_is_known(story, rows)]
    parts += [say_how_far_told(story, rows, unit), *(say_ring(ring, unit) for ring in rings)]
    return " ".join(part for part in parts if part)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}" if count else f"no {what}"


def _ends(route: Route) -> str:
    return f"{route.places[0].name} to {route.places[-1].name}"


def _say_length(route: Route, ratio: float | None, unit: Unit) -> str:
    length = format_both(route.length_m, unit)
    names = [place.name for place in route.places[1:-1]]
    by = f", by {'; '.join(names)}" if names else ""
    # A direct line is 1.00 times itself: no news.
    longer = f", {ratio:.2f} times the direct line" if ratio and names else ""
    return f"It is {length} long{longer}{by}."


def _say_airspace(crossings: Sequence[Crossing], edges: Edges, unit: Unit) -> list[str]:
    """List the airspaces in order with the distance in each, then what is at the edge."""
    stretches = [
        f"{_airspace(crossing)} for {format_length(crossing.length_m, unit)}"
        for crossing in crossings
    ]
    said = [f"In order it crosses {'; '.join(stretches)}."] if stretches else []
    return [*said, *(f"It {line}." for line in say_edges(crossings, edges, unit))]


def _tell_landing(story: Story, plan: StoryRoute) -> list[str]:
    """Tell how sure the landing is and why, in the story's own words where it has any."""
    if plan.certainty_note is None:
        return [_say_landing(story, plan)]
    aircraft = [f"Aircraft: {', '.join(plan.aircraft)}."] if plan.aircraft else []
    return [_ended(plan.certainty_note), *aircraft]


def _say_landing(story: Story, plan: StoryRoute) -> str:
    """Say how sure the landing is."""
    name = story.places[plan.destination].name
    aircraft = f" of {listed(plan.aircraft)}" if plan.aircraft else ""
    when = f" on {format_day(plan.date)}" if plan.date else ""
    return {
        "reported": f"A landing{aircraft} at {name}{when} was reported.",
        "inferred": f"A landing{aircraft}{when} was reported; that it was at {name} is inferred.",
        "illustrative": f"No landing at {name} was reported: the route is illustrative.",
        "geometric": "No report tells of it: the route is geometry alone.",
    }[plan.certainty]


def _airspace(crossing: Crossing) -> str:
    if not crossing.claims:
        return crossing.name
    named = crossing.name.startswith("claimed by")
    return f"airspace {crossing.name}" if named else crossing.name


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
