"""Let the reader type a claim, and hold the shown routes against it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

import streamlit as st

from geo.claim import Claim, Verdict, check_claim, parse_claim
from geo.claim_words import say_as_nautical, say_difference, say_unit, say_verdict
from geo.compare import Row
from geo.errors import GeoError
from geo.render.cards import source_lines
from geo.schema import Story
from geo.units import Unit, format_amount, format_length
from geo.words import is_told
from views.loaded import Atlas
from views.markup import list_html, table_html, text_html
from views.told import ends, route_name

CLAIM_KEY = "claim"
_HELP = (
    "A distance, or the countries passed or not passed, or both: more than 3,000 miles; over 5,000 "
    "km via Iraq and Iran; via Azerbaijan, without Turkey."
)


def type_claim(story: Story) -> str:
    """Show the box, with the story's claim in it to begin with."""
    first = story.claim.quote if story.claim else ""
    return st.text_input(
        "The claim", first, key=CLAIM_KEY, bind="query-params", help=_HELP, max_chars=500,
        placeholder="more than 3,000 miles via Iraq and Iran",
    )  # fmt: skip


def verdicts(
    atlas: Atlas, story: Story, rows: Sequence[Row], text: str, unit: Unit
) -> Iterator[str]:
    """Say of each route whether the claim holds, by how much, and what it doesn't pass."""
    if not text.strip():
        yield text_html("p", "No claim is typed.", "corridor-quiet")
        return
    names = atlas.names
    try:
        claim = parse_claim(text, names)
    except GeoError as error:
        yield text_html("p", str(error), "corridor-refused")
        return
    found = [check_claim(claim, row.length_m, row.flight.crossings) for row in rows]
    counted = _say_count(rows, found)
    yield text_html("p", f"{counted} {say_unit(claim)}", "corridor-told")
    if rows:
        headings = ["To", "Way", f"Distance, {unit.symbol}", "Holds?", "By how much"]
        headings += ["Not passed"] if claim.countries else []
        headings += ["Passed all the same"] if claim.avoided else []
        cells = [
            [*ends(story, row), *_cells(row, claim, verdict, names, unit)]
            for row, verdict in zip(rows, found, strict=True)
        ]
        yield table_html(headings, cells, numbers={2})
        yield text_html("h3", "As captions", "corridor-route")
        yield list_html(_captions(story, rows, claim, found, names))
    yield from _origin(story, claim, names)


def _say_count(rows: Sequence[Row], found: Sequence[Verdict]) -> str:
    """Count the routes for which it holds: those of the story, then those of the reader."""
    told = [verdict.holds for row, verdict in zip(rows, found, strict=True) if is_told(row)]
    added = [verdict.holds for row, verdict in zip(rows, found, strict=True) if not is_told(row)]
    if not found:
        return "No route is shown."
    if not told or not added:
        return f"The claim holds for {_count(told or added)} routes shown."
    return (
        f"The claim holds for {_count(told)} routes of the story shown, and for {_count(added)} "
        "added to them."
    )


def _count(holds: Sequence[bool]) -> str:
    return f"{sum(holds) or 'none'} of the {len(holds)}"


def _cells(
    row: Row, claim: Claim, verdict: Verdict, names: Mapping[str, str], unit: Unit
) -> list[str]:
    against = "–"
    if verdict.beyond_m is not None:
        side = "longer" if verdict.beyond_m >= 0 else "shorter"
        against = f"{format_length(abs(verdict.beyond_m), unit)} {side}"
    lists = [verdict.missed] if claim.countries else []
    lists += [verdict.entered] if claim.avoided else []
    states = [", ".join(names.get(code, code) for code in codes) or "–" for codes in lists]
    return [
        format_amount(row.length_m, unit), "Yes" if verdict.holds else "No", against, *states
    ]  # fmt: skip


def _captions(
    story: Story,
    rows: Sequence[Row],
    claim: Claim,
    found: Sequence[Verdict],
    names: Mapping[str, str],
) -> Iterator[str]:
    for row, verdict in zip(rows, found, strict=True):
        what = route_name(story, row)
        said = (
            say_verdict(claim, verdict, row.length_m, names, what),
            say_as_nautical(claim, row.length_m, row.flight.crossings),
        )
        yield " ".join(filter(None, said))


def _origin(story: Story, claim: Claim, names: Mapping[str, str]) -> Iterator[str]:
    """Tell where the story's claim comes from, and how a claim typed differs from it."""
    if story.claim is None:
        return
    quote = story.claim.quote
    told = [f"“{quote}”: {story.claim.origin}"]
    if claim.text.casefold() != quote.casefold():
        told.append(f"The heading and the tables above keep to this claim, “{quote}”.")
    if claim.distance_m != story.claim.distance_m:
        # A story may claim in words of its own: there is nothing to set the typed claim against.
        with suppress(GeoError):
            told.append(say_difference(claim, parse_claim(quote, names)))
    yield text_html("p", " ".join(told), "corridor-quiet")
    urls = [story.sources[id].url for id in story.claim.sources]
    yield list_html(source_lines(story, story.claim.sources), urls=urls)
