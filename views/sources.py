"""Show what the story rests on: findings, places, reports, sources, and the data's licences."""

import html
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import streamlit as st

from geo.errors import GeoError
from geo.render.scene import CREDIT, ROLE_WORDS, source_lines
from geo.schema import Airfield, Story
from views.loaded import load_atlas
from views.words import show_text

_LIMITS = (
    "Airspace is that over a state's land and its territorial sea (Chicago Convention, articles 1 "
    "and 2), as OpenStreetMap drew the borders in 2018.",
    "Where two states claim the same land or sea, it is named as claimed by both. The source gives "
    "the Golan Heights to Israel only, though most states hold it to be Syrian.",
    "Borders are simplified for size; data/README.md says by how much.",
    "The lines are geodesics on the WGS84 ellipsoid. Nobody published the tracks that were flown.",
    "This is a picture of public reports and of geometry. It is not for flight planning.",
)


def main() -> None:
    """Show the page."""
    st.html(Path(__file__).with_name("page.css"))
    show_text("h1", "Sources", "corridor-title")
    try:
        story = load_atlas().story
    except GeoError as error:
        st.error("The story can't be shown: its file has an error.")
        show_text("pre", str(error))
        return
    show_findings(story)
    show_places(story)
    show_reports(story)
    heading("Sources of the story")
    show_list(source_lines(story, story.sources))
    heading("Data, licences and limits")
    show_list((*_LIMITS, CREDIT))


def show_findings(story: Story) -> None:
    """Say what the sources come to, and where the claimed distance comes from."""
    heading("What the sources come to")
    claim = [f"“{story.claim.quote}”: {story.claim.origin}"] if story.claim else []
    show_list([*(finding.text for finding in story.findings), *claim])


def show_places(story: Story) -> None:
    """List the places with their evidence and how well their positions are known."""
    heading("Places")
    places = [place for place in story.places.values() if place.role != "waypoint"]
    table = pd.DataFrame([_place_row(story, place) for place in places])
    st.dataframe(table, hide_index=True, height="content")


def _place_row(story: Story, place: Airfield) -> dict[str, object]:
    known = place.position
    return {
        "Place": place.name,
        "Local name": place.name_local,
        "Role": ROLE_WORDS[place.role],
        "Grade": place.grade,
        "Evidence": place.evidence,
        "Reported": place.reported,
        "Latitude": f"{place.lat:.4f}",
        "Longitude": f"{place.lon:.4f}",
        "Second source differs by, km": known.difference_km if known else None,
        "Sources": "; ".join(source_lines(story, place.sources)),
    }


def show_reports(story: Story) -> None:
    """List the dated reports."""
    if not story.reports:
        return
    heading("Reports by day")
    rows = [
        {
            "Date": report.date,
            "Report": report.text,
            "Certainty": report.certainty,
            "Sources": "; ".join(source_lines(story, report.sources)),
        }
        for report in story.reports
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, height="content")


def heading(text: str) -> None:
    """Open a part of the page."""
    show_text("h2", text, "corridor-heading")


def show_list(lines: Iterable[str]) -> None:
    """Show plain lines as a list."""
    items = "".join(f"<li>{html.escape(line)}</li>" for line in lines)
    st.html(f'<ul class="corridor-list">{items}</ul>')


main()
