"""Let the reader choose a day of the story, and tell what was known by then."""

import datetime as dt
import time
from collections.abc import Iterator, Sequence

import streamlit as st

from geo.days import make_day, say_day, story_days
from geo.errors import GeoError
from geo.link import BY_DAY
from geo.phrases import format_day
from geo.render.cards import source_lines
from geo.schema import Story
from views.asked import DAY, ask, asked
from views.markup import list_html, text_html

SIDE_KEY = "tab"
_SLIDER, _PLAYING, _SHOWN_AT = "day_slider", "day_playing", "day_shown_at"
_PACE_S = 1.2


def choose_day(story: Story, *, shown: bool) -> dt.date | None:
    """Show the slider over the story's days; None where it has no two of them.

    Where it isn't `shown` to the reader, the days don't play on.
    """
    days = days_of(story)
    if len(days) < 2:
        return days[0] if days else None
    # Bound to the address by Streamlit, a day that the play goes on to would stand there as
    # microseconds.
    st.session_state[_SLIDER] = day = _day_asked(days)
    st.slider(
        "By the end of", days[0], days[-1], step=dt.timedelta(days=1), format="D MMMM YYYY",
        key=_SLIDER, on_change=_take_day,
    )  # fmt: skip
    if asked(DAY) != [day.isoformat()]:
        ask(DAY, [day.isoformat()])
    playing = st.toggle("Play", key=_PLAYING, help="Goes on by a day about every second.")
    if playing and shown and day < days[-1]:
        st.session_state[_SHOWN_AT] = time.monotonic()
        _play(days[days.index(day) + 1])
    return day


def _take_day() -> None:
    ask(DAY, [st.session_state[_SLIDER].isoformat()])


@st.fragment(run_every=_PACE_S)
def _play(following: dt.date) -> None:
    """Go on to the day that follows, once the last has been seen for long enough."""
    if time.monotonic() - st.session_state[_SHOWN_AT] > _PACE_S * 0.9:
        ask(DAY, [following.isoformat()])
        st.rerun()


def day_shown(story: Story) -> dt.date | None:
    """Tell by which day the routes are shown; None while the reader doesn't look at days."""
    days = days_of(story)
    shown = st.session_state.get(SIDE_KEY, st.query_params.get(SIDE_KEY))
    return _day_asked(days) if shown == BY_DAY and days else None


def _day_asked(days: Sequence[dt.date]) -> dt.date:
    """Tell the day that is asked for, or else the first."""
    named = {each.isoformat(): each for each in days}
    return next((named[text] for text in asked(DAY) if text in named), days[0])


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
    day = make_day(story, date)
    yield list_html(say_day(story, day))
    yield text_html("h3", f"Reports of {format_day(date)}", "corridor-route")
    if not day.reports:
        yield text_html("p", "None in this story.", "corridor-quiet")
    for report in day.reports:
        yield text_html("p", f"{report.text} (Certainty: {report.certainty}.)", "corridor-told")
        urls = [story.sources[id].url for id in report.sources]
        yield list_html(source_lines(story, report.sources), urls=urls)
