"""Let the reader choose a day of the story, and tell what was known by then.

While the days play on, the day is kept in the session: each change of the address would be an
entry of its own in the browser's history. The last day of a run is written there.
"""

import datetime as dt
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from geo.days import eventful_days, make_day, say_day, story_days
from geo.errors import GeoError
from geo.link import BY_DAY
from geo.phrases import format_day
from geo.render.cards import source_lines
from geo.schema import Story
from views.asked import DAY, ask, asked
from views.markup import list_html, show_text, text_html

SIDE_KEY = "tab"
_SLIDER, _PLAYING, _RUN, _SHOWN_AT = "day_slider", "day_playing", "day_run", "day_shown_at"
# A day's reports are short, but they are there to be read.
_PACE_S = 2.0
_HELP = "Goes from one day with reports to the next, and stops at the last of them."
_NOTE = (
    "The day is chosen at the side, below the other controls. The map's lines and symbols tell "
    "what had been reported by the end of it."
)


@dataclass(frozen=True, slots=True)
class _Run:
    """The day that the play is at, and what the address held when it began."""

    day: dt.date
    addressed: list[str]


def choose_day(story: Story, begun: str, *, shown: bool) -> dt.date | None:
    """Show the slider over the story's days; None where it has no two of them.

    `begun` says what the map shows of that day. Where it isn't `shown` to the reader, the days
    don't play on.
    """
    days = days_of(story)
    if len(days) < 2:
        return days[0] if days else None
    # Bound to the address by Streamlit, a day would stand there as microseconds.
    st.session_state[_SLIDER] = day = _day_now(days)
    st.slider(
        "By the end of", days[0], days[-1], step=dt.timedelta(days=1), format="D MMMM YYYY",
        key=_SLIDER, on_change=_take_day,
    )  # fmt: skip
    stops = eventful_days(story)
    if not _run() or not shown or not st.session_state.get(_PLAYING) or day >= stops[-1]:
        _end_run()
    if not _run() and asked(DAY) not in ([], [day.isoformat()]):
        ask(DAY, [day.isoformat()])
    playing = len(stops) > 1 and st.toggle(
        "Play", key=_PLAYING, help=_HELP, on_change=_take_play, args=(days, stops)
    )
    if begun:
        show_text("p", begun, "corridor-quiet")
    if playing:
        st.session_state[_SHOWN_AT] = time.monotonic()
        _play(next(stop for stop in stops if stop > day))
    return day


def _take_day() -> None:
    """Take the day that the slider was moved to; a run goes on from there."""
    day = st.session_state[_SLIDER]
    if run := _run():
        st.session_state[_RUN] = replace(run, day=day)
    else:
        ask(DAY, [day.isoformat()])


def _take_play(days: Sequence[dt.date], stops: Sequence[dt.date]) -> None:
    """Begin a run, anew where no more is to come, or end it."""
    if not st.session_state[_PLAYING]:
        _end_run()
        return
    day = _day_now(days)
    st.session_state[_RUN] = _Run(day if day < stops[-1] else stops[0], asked(DAY))


def _end_run() -> None:
    """Switch the play off, and write the day that it came to."""
    if run := _run():
        ask(DAY, [run.day.isoformat()])
    st.session_state.pop(_RUN, None)
    if st.session_state.get(_PLAYING):
        st.session_state[_PLAYING] = False


def _run() -> _Run | None:
    """Give the run, unless the reader went elsewhere meanwhile, by the Back button for one."""
    run: _Run | None = st.session_state.get(_RUN)
    return run if run and run.addressed == asked(DAY) else None


@st.fragment(run_every=_PACE_S)
def _play(following: dt.date) -> None:
    """Go on to the day that follows, once the last has been seen for long enough."""
    run = _run()
    if run and time.monotonic() - st.session_state[_SHOWN_AT] > _PACE_S * 0.9:
        st.session_state[_RUN] = replace(run, day=following)
        st.rerun()


def day_shown(story: Story) -> dt.date | None:
    """Tell by which day the routes are shown; None while the reader doesn't look at days."""
    days = days_of(story)
    shown = st.session_state.get(SIDE_KEY, st.query_params.get(SIDE_KEY))
    return _day_now(days) if shown == BY_DAY and days else None


def _day_now(days: Sequence[dt.date]) -> dt.date:
    """Tell the day that the play is at, or that is asked for, or else the last: all is told then.

    So nothing on the map changes with the first look at the days.
    """
    if run := _run():
        return run.day
    named = {each.isoformat(): each for each in days}
    return next((named[text] for text in asked(DAY) if text in named), days[-1])


def days_of(story: Story) -> tuple[dt.date, ...]:
    """List the days of a story; none where they are too many for a slider."""
    try:
        return story_days(story)
    except GeoError:
        return ()


def tell_day(story: Story, date: dt.date | None) -> Iterator[str]:
    """Tell what had left by a day, and its reports with their sources."""
    if date is None:
        yield text_html("p", "Nothing in this story has a date.", "corridor-quiet")
        return
    yield text_html("p", _NOTE, "corridor-quiet")
    day = make_day(story, date)
    yield list_html(say_day(story, day))
    yield text_html("h3", f"Reports of {format_day(date)}", "corridor-route")
    if not day.reports:
        yield text_html("p", "None in this story.", "corridor-quiet")
    for report in day.reports:
        yield text_html("p", f"{report.text} (Certainty: {report.certainty}.)", "corridor-told")
        urls = [story.sources[id].url for id in report.sources]
        yield list_html(source_lines(story, report.sources), urls=urls)
