"""Say what a briefing picture holds, in words and figures, before it is laid out."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from geo.compare import Flight, Row
from geo.edge import Edges
from geo.layers import Layer
from geo.render.cards import day
from geo.render.palette import Theme
from geo.render.scene import Scene, make_scene, shown_tints
from geo.render.strip import Strip, make_strip
from geo.schema import Source, Story
from geo.units import Unit
from geo.words import say_how_far, say_what_is_known

SECRECY = "Illustrative: the paths flown were secret."


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
) -> Briefing:
    """Tell of some of a story's flights; `edges` are those of each route by its id.

    Without a title, a subtitle or a finding, the story's title, what is known of its landings and
    how far the rows go are told.
    """
    scene = make_scene(story, rows, all_flights, unit, theme, layer)
    tints = shown_tints([row.flight for row in rows], all_flights, theme)
    return Briefing(
        title or story.title,
        subtitle or say_what_is_known(story, rows),
        say_how_far(story, rows, unit) if finding is None else finding,
        story,
        tuple(rows),
        scene,
        make_strip(story, rows, tints, edges, unit),
        unit,
        (SECRECY, scene.note) if scene.note else (SECRECY,),
        _sources(story, rows),
        date,
        tuple(events),
    )


def _sources(story: Story, rows: Sequence[Row]) -> tuple[Source, ...]:
    """List the sources of rows, each once, in the order in which they are met."""
    ids = dict.fromkeys(id for row in rows for id in row.flight.plan.sources)
    return tuple(story.sources[id] for id in ids)


def source_words(source: Source) -> str:
    """Name a source in few words: whose it is, of which day, and its number."""
    who = source.publisher or source.title
    when = day(source.date) if source.date else ""
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
