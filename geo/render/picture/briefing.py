"""Say what a briefing picture holds, in words and figures, before it is laid out."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from geo.compare import Flight, Row
from geo.edge import Edges
from geo.layers import Layer
from geo.phrases import format_day
from geo.ranges import RangeRing, say_ring
from geo.render.bundle import with_bundle
from geo.render.legend import LineStyle
from geo.render.palette import Claims, Theme
from geo.render.scene import Ring, Scene, make_ring, make_scene, shown_tints
from geo.render.strip import Strip, make_strip
from geo.schema import Source, Story
from geo.survey import Survey
from geo.typed import OPENED_WAY
from geo.units import Unit
from geo.words import is_told, say_how_far_told, say_what_is_known

SECRECY = "Illustrative: the paths flown were secret."
GEOMETRY = "routes are geometry alone: no report tells of them."
RANGES = "Rings: published ranges, one way and in still air."
_MOST_NAMED = 2


@dataclass(frozen=True, slots=True)
class Event:
    """What was reported for a day."""

    day: str
    text: str


@dataclass(frozen=True, slots=True)
class Briefing:
    """All that a picture tells; `strip` has a row for each of `rows`, in their order.

    `finding` is what the rows come to in a sentence; `sources` are numbered from 1 in their order.
    `rings` are those of the scene, in its order; `layer` and `surveys`, by the names of their
    files, are what the reader opened.
    """

    title: str
    subtitle: str
    finding: str
    story: Story
    rows: tuple[Row, ...]
    scene: Scene
    strip: Strip
    unit: Unit
    notes: tuple[str, ...]
    sources: tuple[Source, ...]
    date: dt.date
    events: tuple[Event, ...] = ()
    rings: tuple[RangeRing, ...] = ()
    layer: Layer | None = None
    surveys: tuple[tuple[str, Survey], ...] = ()

    @property
    def ring_words(self) -> tuple[str, ...]:
        """The rings in sentences."""
        return tuple(say_ring(ring, self.unit) for ring in self.rings)

    def cited(self, row: Row) -> tuple[int, ...]:
        """Give the numbers of the sources of a row's route."""
        numbers = {source.id: number for number, source in enumerate(self.sources, 1)}
        return tuple(sorted(numbers[id] for id in row.flight.plan.sources if id in numbers))


def make_briefing(
    story: Story,
    rows: Sequence[Row],
    all_flights: Sequence[Flight],
    edges: Mapping[str, Edges],
    unit: Unit,
    theme: Theme,
    date: dt.date,
    *,
    title: str = "",
    subtitle: str = "",
    finding: str | None = None,
    events: Iterable[Event] = (),
    layer: Layer | None = None,
    closed: Sequence[Claims] = (),
    rings: Sequence[RangeRing] = (),
    surveys: Sequence[tuple[str, Survey]] = (),
) -> Briefing:
    """Tell of some of a story's flights, and of typed ones; `edges` are those of each by its id.

    `closed` are the claims of closed faces. Without a title, a subtitle or a finding, the story's
    title, what is known of its landings and how far the rows go are told. Where no route of the
    story is shown, but something else is, neither its title nor its claim is, nor its places.
    """
    told = [row for row in rows if is_told(row)]
    alone = not told and bool(rows or rings or surveys or layer)
    if alone:
        story = story.model_copy(update={"claim": None})
        rows = [replace(row, beyond_claim_m=None) for row in rows]
    sources = _sources(story, rows, rings)
    drawn = [_drawn(ring, sources) for ring in rings]
    scene = make_scene(story, rows, all_flights, unit, theme, layer, closed, drawn)
    for name, found in surveys:
        # A page of its own gives the address.
        scene = with_bundle(scene, name, "", found)
    tints = shown_tints([row.flight for row in rows], all_flights, theme)
    return Briefing(
        title or (_added_title(rows, rings, surveys, layer) if alone else story.title),
        subtitle or say_what_is_known(story, rows),
        _finding(story, rows, unit) if finding is None else finding,
        story,
        tuple(rows),
        _without_others(scene, rows, rings) if alone else scene,
        make_strip(story, rows, tints, edges, unit),
        unit,
        _notes(scene, rows, told, rings),
        sources,
        date,
        tuple(events),
        tuple(rings),
        layer,
        tuple(surveys),
    )


def _drawn(ring: RangeRing, sources: Sequence[Source]) -> Ring:
    """Draw a ring, named with the numbers of its sources."""
    numbers = [number for number, s in enumerate(sources, 1) if s.id in ring.sources]
    cited = f"\xa0[{numbers_words(numbers)}]".replace(" ", "\xa0") if numbers else ""
    style: LineStyle = "dashed" if ring.is_least else "solid"
    return make_ring(f"{ring.name}{cited}", ring.place, ring.radius_m, style)


def _added_title(
    rows: Sequence[Row],
    rings: Sequence[RangeRing],
    surveys: Sequence[tuple[str, Survey]],
    layer: Layer | None,
) -> str:
    """Name what was typed and opened, as far as a title holds it."""
    names = [_route_title(row) for row in rows]
    names += [
        f"{f'Range of the {ring.aircraft}' if ring.aircraft else ring.label} around "
        f"{ring.place.name}"
        for ring in rings
    ]
    names += [name for name, _ in surveys] + ([layer.name] if layer else [])
    names = list(dict.fromkeys(names))
    rest = len(names) - _MOST_NAMED
    more = f" and {rest} more" if rest > 0 else ""
    return "; ".join(names[:_MOST_NAMED]) + more


def _route_title(row: Row) -> str:
    """Name a route of a file as that does, and a typed one by its ends."""
    plan, places = row.flight.plan, row.flight.route.places
    return plan.name if plan.way == OPENED_WAY else f"{places[0].name} to {places[-1].name}"


def _finding(story: Story, rows: Sequence[Row], unit: Unit) -> str:
    return say_how_far_told(story, rows, unit) if rows else ""


def _notes(
    scene: Scene, rows: Sequence[Row], told: Sequence[Row], rings: Sequence[RangeRing]
) -> tuple[str, ...]:
    notes = (
        SECRECY if told else "",
        _geometry(rows),
        scene.note if rows else "",
        RANGES if any(ring.aircraft for ring in rings) else "",
    )
    return tuple(note for note in notes if note)


def _geometry(rows: Sequence[Row]) -> str:
    """Say that routes were typed or opened, where any were."""
    added = [row.flight.plan for row in rows if not is_told(row)]
    opened = any(plan.way == OPENED_WAY for plan in added)
    typed = any(plan.way != OPENED_WAY for plan in added)
    if not added:
        return ""
    kind = "Typed and opened" if typed and opened else "Opened" if opened else "Typed"
    return f"{kind} {GEOMETRY}"


def _without_others(scene: Scene, rows: Sequence[Row], rings: Sequence[RangeRing]) -> Scene:
    """Leave out the story's places that nothing shown touches."""
    touched = {id for row in rows for id in row.flight.plan.places}
    touched |= {ring.place.id for ring in rings}
    kept = tuple(mark for mark in scene.marks if mark.id in touched or mark.symbol == "other")
    return replace(scene, marks=kept)


def _sources(story: Story, rows: Sequence[Row], rings: Sequence[RangeRing]) -> tuple[Source, ...]:
    """List the sources of rows and rings, each once, in the order in which they are met."""
    ids = dict.fromkeys(id for row in rows for id in row.flight.plan.sources)
    ids |= dict.fromkeys(id for ring in rings for id in ring.sources)
    return tuple(story.sources[id] for id in ids)


def source_words(source: Source) -> str:
    """Name a source in few words: whose it is, of which day, and its number."""
    who = source.publisher or source.title
    when = format_day(source.date) if source.date else ""
    return ", ".join(part for part in (who, when, source.ref or "") if part)


def numbers_words(numbers: Sequence[int]) -> str:
    """Write numbers with their runs drawn together, such as "1–4, 8"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(
        f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs
    )
