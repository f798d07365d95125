"""Let the reader choose a day of the story, and tell what was known by then."""

import datetime as dt
from collections.abc import Iterator

import streamlit as st

from geo.days import format_day, make_day, say_day, story_days
from geo.errors import GeoError
from geo.render.cards import source_lines
from geo.schema import Story
from views.markup import list_html, text_html

DAY_KEY = "day"


def choose_day(story: Story) -> dt.date | None:
    """Show the slider over the story's days; None where it has no two of them."""
    days = days_of(story)
    if len(days) < 2:
        return days[0] if days else None
    day: dt.date = st.slider(
        "By the end of", days[0], days[-1], days[0], step=dt.timedelta(days=1),
        format="D MMMM YYYY", key=DAY_KEY, bind="query-params",
    )  # fmt: skip
    return day


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
