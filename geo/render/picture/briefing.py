"""Say what a briefing picture holds, in words and figures, before it is laid out."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from geo.compare import Flight, Row
from geo.edge import Edges
from geo.layers import Layer
from geo.phrases import format_day
from geo.render.palette import Claims, Theme
from geo.render.scene import Ring, Scene, make_scene, shown_tints
from geo.render.strip import Strip, make_strip
from geo.schema import Source, Story
from geo.typed import OPENED_WAY
from geo.units import Unit
from geo.words import is_told, say_how_far_told, say_what_is_known

SECRECY = "Illustrative: the paths flown were secret."
GEOMETRY = "routes are geometry alone: no report tells of them."
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
    rings: Sequence[Ring] = (),
) -> Briefing:
    """Tell of some of a story's flights, and of typed ones; `edges` are those of each by its id.

    `closed` are the claims of closed faces. Without a title, a subtitle or a finding, the story's
    title, what is known of its landings and how far the rows go are told. Where no route of the
    story is shown, neither its title nor its claim is, nor its places.
    """
    told = [row for row in rows if is_told(row)]
    alone = bool(rows) and not told
    if alone:
        story = story.model_copy(update={"claim": None})
        rows = [replace(row, beyond_claim_m=None) for row in rows]
    scene = make_scene(story, rows, all_flights, unit, theme, layer, closed, rings)
    tints = shown_tints([row.flight for row in rows], all_flights, theme)
    return Briefing(
        title or (_ends_title(rows) if alone else story.title),
        subtitle or say_what_is_known(story, rows),
        _finding(story, rows, unit) if finding is None else finding,
        story,
        tuple(rows),
        _without_others(scene, rows) if alone else scene,
        make_strip(story, rows, tints, edges, unit),
        unit,
        _notes(scene, rows, told),
        _sources(story, rows),
        date,
        tuple(events),
    )


def _ends_title(rows: Sequence[Row]) -> str:
    """Name the routes by their ends, as far as a title holds them."""
    ends = [(row.flight.route.places[0].name, row.flight.route.places[-1].name) for row in rows]
    names = [f"{start} to {end}" for start, end in dict.fromkeys(ends)]
    rest = len(names) - _MOST_NAMED
    more = f" and {rest} more" if rest > 0 else ""
    return "; ".join(names[:_MOST_NAMED]) + more


def _finding(story: Story, rows: Sequence[Row], unit: Unit) -> str:
    return say_how_far_told(story, rows, unit) if rows else ""


def _notes(scene: Scene, rows: Sequence[Row], told: Sequence[Row]) -> tuple[str, ...]:
    notes = (
        SECRECY if told else "",
        _geometry(rows),
        scene.note if rows else "",
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


def _without_others(scene: Scene, rows: Sequence[Row]) -> Scene:
    """Leave out the places that no shown route touches."""
    touched = {id for row in rows for id in row.flight.plan.places}
    return replace(scene, marks=tuple(mark for mark in scene.marks if mark.id in touched))


def _sources(story: Story, rows: Sequence[Row]) -> tuple[Source, ...]:
    """List the sources of rows, each once, in the order in which they are met."""
    ids = dict.fromkeys(id for row in rows for id in row.flight.plan.sources)
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
