"""Show what the story rests on: findings, places, reports, sources, and the data's licences."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import streamlit as st

from geo.errors import StoryError
from geo.phrases import format_day
from geo.render.cards import ROLE_WORDS, position_words, source_lines
from geo.render.scene import CREDIT
from geo.schema import Story
from views.loaded import load_told
from views.markup import show_list, show_refusal, show_table, show_text

_LIMITS = (
    "Airspace is that over a state's land and its territorial sea (Chicago Convention, articles 1 "
    "and 2), as OpenStreetMap drew the borders in 2017.",
    "Where two states claim the same land or sea, it is named as claimed by both. The source gives "
    "the Golan Heights to Israel only, though most states hold it to be Syrian.",
    "Airports are those of airportsdata and airports-py (MIT); other names of cities are from "
    "GeoNames (CC BY 4.0), and of states from Unicode CLDR (Unicode-3.0).",
    "Borders are simplified for size; data/README.md says by how much.",
    "The lines are geodesics on the WGS84 ellipsoid. Nobody published the tracks that were flown.",
    "This is a picture of public reports and of geometry. It is not for flight planning.",
)


def main() -> None:
    """Show the page."""
    st.html(Path(__file__).with_name("page.css"))
    show_text("h1", "Sources", "corridor-title")
    try:
        show_story(load_told())
    except StoryError as error:
        show_refusal(error, "its sources aren't listed")
    heading("Data, licences and limits")
    show_list((*_LIMITS, CREDIT))


def show_story(story: Story) -> None:
    """Show what the story rests on."""
    numbers = {source: number for number, source in enumerate(story.sources, 1)}
    show_text("p", "The numbers in brackets stand in the list of sources below.", "corridor-quiet")
    show_findings(story, numbers)
    show_places(story, numbers)
    show_reports(story, numbers)
    heading("Sources of the story")
    urls = [source.url for source in story.sources.values()]
    show_list(source_lines(story, story.sources), tag="ol", urls=urls)


def show_findings(story: Story, numbers: Mapping[str, int]) -> None:
    """Say what the sources come to, and where the claimed distance comes from."""
    if not story.findings and not story.claim:
        return
    heading("What the sources come to")
    told = [(finding.text, finding.sources) for finding in story.findings]
    if story.claim:
        told.append((f"“{story.claim.quote}”: {story.claim.origin}", story.claim.sources))
    show_list(f"{text} {_cited(sources, numbers)}" for text, sources in told)


def show_places(story: Story, numbers: Mapping[str, int]) -> None:
    """List the places with their evidence and how well their positions are known."""
    heading("Places")
    headings = ("Place", "Role", "Grade", "Evidence", "What was reported", "Position", "Sources")
    rows = [
        (
            " · ".join(text for text in (place.name, place.name_local) if text),
            ROLE_WORDS[place.role],
            place.grade or "",
            place.evidence or "",
            place.reported or "",
            position_words(place),
            _cited(place.sources, numbers),
        )
        for place in story.places.values()
        if place.role != "waypoint"
    ]
    show_table(headings, rows)


def show_reports(story: Story, numbers: Mapping[str, int]) -> None:
    """List the dated reports."""
    if not story.reports:
        return
    heading("Reports by day")
    rows = [
        (format_day(report.date), report.text, report.certainty, _cited(report.sources, numbers))
        for report in story.reports
    ]
    show_table(("Date", "Report", "Certainty", "Sources"), rows)


def _cited(sources: Iterable[str], numbers: Mapping[str, int]) -> str:
    return f"[{', '.join(str(numbers[source]) for source in sources)}]"


def heading(text: str) -> None:
    """Open a part of the page."""
    show_text("h2", text, "corridor-heading")


main()
