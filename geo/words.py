"""Say in plain sentences what is shown, and what is known of it."""

from collections.abc import Sequence

from geo.compare import Row
from geo.schema import Story
from geo.units import Unit, format_length


def say_what_is_known(story: Story, rows: Sequence[Row]) -> str:
    """Tell how sure the shown landings are."""
    names: dict[str, list[str]] = {"reported": [], "inferred": [], "illustrative": []}
    for row in rows:
        plan = row.flight.plan
        name = story.places[plan.destination].name
        if name not in names[plan.certainty]:
            names[plan.certainty].append(name)
    parts = []
    if names["reported"]:
        parts.append(f"Landings were reported at {_listed(names['reported'])}.")
    if names["inferred"]:
        parts.append(f"That a reported landing was at {_listed(names['inferred'])} is inferred.")
    if names["illustrative"]:
        count = len(names["illustrative"])
        where = _listed(names["illustrative"]) if count <= 4 else f"the other {count} airfields"
        parts.append(f"No landing was reported at {where}.")
    return " ".join(parts)


def say_how_far(story: Story, rows: Sequence[Row], unit: Unit) -> str:
    """Hold the shown routes against the claimed distance."""
    if not rows:
        return "No route is chosen: pick at least one airfield and one way."
    longest = max(rows, key=lambda row: row.length_m)
    plan = longest.flight.plan
    name, way = story.places[plan.destination].name, story.ways[plan.way].name
    most = f"to {name} ({way}), is {format_length(longest.length_m, unit)}"
    if story.claim is None:
        return f"The longest of the {len(rows)} routes shown, {most}."
    claimed = format_length(story.claim.distance_m, unit)
    beyond = sum((row.beyond_claim_m or 0) > 0 for row in rows)
    if beyond == 0:
        return (
            f"None of the {len(rows)} routes shown is longer than {claimed}: the longest, {most}."
        )
    some = f"{beyond} of the {len(rows)} routes shown {'is' if beyond == 1 else 'are'}"
    return f"{some} longer than {claimed}: the longest, {most}."


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
