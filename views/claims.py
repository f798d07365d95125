"""Let the reader type a claim, and hold the shown routes against it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

import streamlit as st

from geo.claim import Claim, Verdict, check_claim, parse_claim
from geo.claim_distance import cut_distance
from geo.claim_words import named, say_difference, say_reading, say_unit, say_verdict
from geo.compare import Row
from geo.errors import GeoError
from geo.phrases import capital, lower
from geo.render.cards import source_lines
from geo.schema import Story
from geo.units import Unit, format_amount, format_length
from geo.words import is_told
from views.loaded import Atlas
from views.markup import list_html, table_html, text_html
from views.told import ends, route_name

CLAIM_KEY = "claim"
_HELP = (
    "A distance, or the countries passed or not passed, or both: more than 3,000 miles; between "
    "2,000 and 3,000 km; over 5,000 km via Iraq and Iran; crosses Azerbaijan, without Turkey. The "
    "distance is that of the whole way; write more than 500 km inside Iran for that of a part."
)
# The words in it offer what to write for one of the two.
_TWO_WAYS = (
    "“{claim}” can be read in two ways, and both are checked. Write “in all” after the distance "
    "for the first alone, or “inside” before the countries for the second."
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
        readings = parse_claim(text, names)
    except GeoError as error:
        yield text_html("p", _sentence(str(error)), "corridor-refused")
        return
    found = [
        [check_claim(claim, row.length_m, row.flight.crossings) for claim in readings]
        for row in rows
    ]
    yield from _tell(rows, readings, found, names)
    if rows:
        headings = ["To", "Way", f"Distance, {unit.symbol}", *_headings(readings, names, unit)]
        cells = [
            [
                *ends(story, row),
                format_amount(row.length_m, unit),
                *_cells(readings, of_row, names, unit),
            ]
            for row, of_row in zip(rows, found, strict=True)
        ]
        numbers = {2, 3} if len(readings[0].countries) == 1 else {2}
        yield table_html(headings, cells, numbers=numbers)
        yield text_html("h3", "As captions", "corridor-route")
        captions = (
            say_verdict(
                readings, of_row, row.length_m, row.flight.crossings, names, route_name(story, row)
            )
            for row, of_row in zip(rows, found, strict=True)
        )
        yield list_html(captions)
    yield from _origin(story, readings[0])


def _sentence(message: str) -> str:
    return capital(message) + ("" if message.endswith(("?", "!", ".")) else ".")


def _tell(
    rows: Sequence[Row],
    readings: Sequence[Claim],
    found: Sequence[Sequence[Verdict]],
    names: Mapping[str, str],
) -> Iterator[str]:
    """Say how the claim is read, and for how many routes it holds so."""
    counts = [_say_count(rows, [of_row[i] for of_row in found]) for i in range(len(readings))]
    said = [say_reading(claim, names) for claim in readings]
    told = say_unit(readings[0])
    if len(readings) == 1:
        if said[0]:
            yield text_html("p", f"Read as: {said[0]}.", "corridor-told")
        yield text_html("p", f"{counts[0]} {told}", "corridor-told")
        return
    yield text_html("p", _TWO_WAYS.format(claim=capital(readings[0].text)), "corridor-told")
    yield list_html(
        f"Read as {reading}: {lower(count)}" for reading, count in zip(said, counts, strict=True)
    )
    yield text_html("p", told, "corridor-told")


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


def _headings(readings: Sequence[Claim], names: Mapping[str, str], unit: Unit) -> Iterator[str]:
    countries = readings[0].countries
    if countries:
        yield "Of it over" if countries[1:] else f"Over {named(countries, names)}, {unit.symbol}"
    for claim in readings:
        # A long list stands in the line above the table.
        over = named(claim.over, names) if len(claim.over) == 1 else "these"
        where = f" over {over}" if claim.over else " in all" if len(readings) > 1 else ""
        yield f"Holds{where}?"
        yield f"By how much{where}"
    if countries:
        yield "Not passed"
    if readings[0].avoided:
        yield "Passed all the same"


def _cells(
    readings: Sequence[Claim], found: Sequence[Verdict], names: Mapping[str, str], unit: Unit
) -> Iterator[str]:
    claim, verdict = readings[0], found[0]
    passed = [each for each in verdict.passed if each.code in claim.countries]
    if len(claim.countries) == 1:
        yield "".join(format_amount(each.length_m, unit) for each in passed) or "–"
    elif claim.countries:
        lengths = (f"{names[each.code]} {format_length(each.length_m, unit)}" for each in passed)
        yield ", ".join(lengths) or "–"
    for each in found:
        yield "Yes" if each.holds else "No"
        yield _say_beyond(each.beyond_m, unit)
    lists = [verdict.missed] if claim.countries else []
    lists += [verdict.entered] if claim.avoided else []
    for codes in lists:
        yield ", ".join(names.get(code, code) for code in codes) or "–"


def _say_beyond(beyond_m: float | None, unit: Unit) -> str:
    if beyond_m is None:
        return "–"
    if beyond_m == 0:
        return "within"
    return f"{format_length(abs(beyond_m), unit)} {'longer' if beyond_m > 0 else 'shorter'}"


def _origin(story: Story, claim: Claim) -> Iterator[str]:
    """Tell where the story's claim comes from, and how a claim typed differs from it."""
    if story.claim is None:
        return
    quote = story.claim.quote
    told = [f"“{quote}”: {story.claim.origin}"]
    if claim.text.casefold() != quote.casefold():
        told.append(f"The heading and the tables above keep to this claim, “{quote}”.")
    if claim.distance and claim.distance.distance_m != story.claim.distance_m:
        # A story may claim in words of its own: there is nothing to set the typed claim against.
        with suppress(GeoError):
            distance, _ = cut_distance(quote)
            told += [say_difference(claim.distance, distance)] if distance else []
    yield text_html("p", " ".join(told), "corridor-quiet")
    urls = [story.sources[id].url for id in story.claim.sources]
    yield list_html(source_lines(story, story.claim.sources), urls=urls)
