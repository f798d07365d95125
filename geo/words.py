"""Say in plain sentences what is shown, and what is known of it."""

from collections.abc import Sequence

from geo.compare import Row
from geo.phrases import listed
from geo.schema import Story
from geo.units import Unit, format_length


def say_what_is_known(story: Story, rows: Sequence[Row]) -> str:
    """Tell how sure the shown landings are, each place by the surest route to it."""
    surest: dict[str, str] = {}
    for certainty in ("illustrative", "inferred", "reported"):
        for row in rows:
            plan = row.flight.plan
            if plan.certainty == certainty:
                surest[story.places[plan.destination].name] = certainty
    reported, inferred, illustrative = (
        [name for name, certainty in surest.items() if certainty == wanted]
        for wanted in ("reported", "inferred", "illustrative")
    )
    parts = []
    if reported:
        parts.append(f"Landings were reported at {listed(reported)}.")
    if inferred:
        parts.append(f"That a reported landing was at {listed(inferred)} is inferred.")
    if illustrative:
        other = "the other" if reported or inferred else "any of the"
        few = len(illustrative) <= 4
        where = listed(illustrative) if few else f"{other} {len(illustrative)} airfields"
        parts.append(f"No landing was reported at {where}.")
    return " ".join(parts)


def is_told(row: Row) -> bool:
    """Tell whether a report, or the story itself, tells of a route: no typed or opened one."""
    return row.flight.plan.certainty != "geometric"


def say_how_far_told(story: Story, rows: Sequence[Row], unit: Unit) -> str:
    """Hold against the claimed distance the routes that it was made of, where any is shown."""
    told = [row for row in rows if is_told(row)]
    of = "" if len(told) in (0, len(rows)) else " of the story"
    return say_how_far(story, told or rows, unit, of=of)


def say_how_far(story: Story, rows: Sequence[Row], unit: Unit, *, of: str = "") -> str:
    """Hold the shown routes against the claimed distance; `of` tells them from the others."""
    if not rows:
        return "No route is chosen: pick at least one airfield and one way."
    longest = max(rows, key=lambda row: row.length_m)
    plan = longest.flight.plan
    name, way = story.places[plan.destination].name, story.ways[plan.way].name
    most = f"to {name} ({way}), is {format_length(longest.length_m, unit)}"
    if len(rows) == 1:
        return _say_how_far_one(longest, f"The route{of} shown, {most}", unit)
    of = f"routes{of} shown"
    if story.claim is None:
        return f"The longest of the {len(rows)} {of}, {most}."
    claimed = format_length(story.claim.distance_m, unit)
    beyond = sum((row.beyond_claim_m or 0) > 0 for row in rows)
    if beyond == 0:
        return f"None of the {len(rows)} {of} is longer than {claimed}: the longest, {most}."
    some = f"{beyond} of the {len(rows)} {of} {'is' if beyond == 1 else 'are'}"
    return f"{some} longer than {claimed}: the longest, {most}."


def _say_how_far_one(row: Row, said: str, unit: Unit) -> str:
    if row.beyond_claim_m is None:
        return f"{said}."
    claimed = format_length(row.length_m - row.beyond_claim_m, unit)
    more = "longer" if row.beyond_claim_m > 0 else "not longer"
    return f"{said}: {more} than {claimed}."
