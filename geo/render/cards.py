"""Put into words what is told of a place or a route when the reader asks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from geo.compare import Row
from geo.phrases import format_day, lower, source_line
from geo.schema import Airfield, Story
from geo.units import Unit, format_length

CERTAINTY_WORDS: Mapping[str, str] = {
    "reported": "Reported at this airfield",
    "inferred": "Reported, airfield inferred",
    "illustrative": "None reported there: illustrative",
    "geometric": "No report: geometry alone",
}
ROLE_WORDS: Mapping[str, str] = {
    "departure": "Departure, kept in use",
    "kept": "Naval facility, kept in use",
    "landing": "Landing reported",
    "home": "Home base named in reports",
    "staging": "Staging airfield, other dates",
    "unnamed": "Not named in the reports",
    "other": "Yours, typed or opened",
}
# The symbols of the map: one a role, and one more for a landing whose airfield is inferred.
SYMBOL_WORDS: Mapping[str, str] = {
    "departure": ROLE_WORDS["departure"],
    "kept": ROLE_WORDS["kept"],
    "landing": ROLE_WORDS["landing"],
    "inferred": "Landing reported, airfield inferred",
    **ROLE_WORDS,
}
_GRADE_WORDS = {
    "A": "A: named in a report of the time",
    "A-": "A-: named in one agency list, or inferred",
    "B": "B: reported home base of a unit in the group",
    "C": "C: reported as a staging field on other dates",
    "D": "D: nothing found for this story",
}


@dataclass(frozen=True, slots=True)
class Card:
    """What is told of one thing on the map: a few words on hovering, all of it on a click."""

    title: str
    subtitle: str
    tip: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]
    sources: tuple[str, ...]


def airfield_card(story: Story, field: Airfield) -> Card:
    """Tell of a place: its names and codes, what was reported there, and how sure that is."""
    role = ROLE_WORDS[field.role]
    rows = (
        ("Role", role),
        ("Also called", ", ".join(field.other_names)),
        ("Codes", _codes(field)),
        ("Elevation", "" if field.elevation_m is None else f"{field.elevation_m:,.0f} m"),
        ("Reported", field.reported or ""),
        ("Evidence", _GRADE_WORDS.get(field.grade or "", "")),
        ("", field.evidence or ""),
        ("Position", position_words(field)),
        ("Note", field.note or ""),
    )
    return Card(
        field.name,
        field.name_local or "",
        (role,) if not field.grade else (role, _GRADE_WORDS[field.grade]),
        tuple((label, text) for label, text in rows if text),
        source_lines(story, field.sources),
    )


def _codes(field: Airfield) -> str:
    codes = {"ICAO": field.icao, "IATA": field.iata, "Russian": field.russian_index}
    return " · ".join(f"{name} {code}" for name, code in codes.items() if code)


def position_words(field: Airfield) -> str:
    """Write where a place is, and how far a second source puts it from there."""
    hemispheres = "N" if field.lat >= 0 else "S", "E" if field.lon >= 0 else "W"
    where = f"{abs(field.lat):.4f}° {hemispheres[0]}, {abs(field.lon):.4f}° {hemispheres[1]}"
    if field.position is None:
        return where
    if field.position.difference_km is None:
        second = "no second source found"
    elif field.position.independent is False:
        second = "the second source found is not independent"
    else:
        second = f"a second source differs by {field.position.difference_km:g} km"
    unsure = "; good to about 1 km" if field.position.confidence == "low" else ""
    return f"{where}; {second}{unsure}"


def route_card(story: Story, row: Row, unit: Unit) -> Card:
    """Tell of a route: its length, whom it flies over, and how sure its landing is."""
    plan = row.flight.plan
    length = format_length(row.length_m, unit)
    way = story.ways[plan.way].name
    rows = (
        (
            "Distance",
            length if row.ratio is None else f"{length}, {row.ratio:.2f} times the direct line",
        ),
        ("Airspace", ", ".join(row.airspaces)),
        ("Landing reported", format_day(plan.date) if plan.date else ""),
        ("Aircraft", ", ".join(plan.aircraft)),
        ("Certainty", plan.certainty_note or CERTAINTY_WORDS[plan.certainty]),
        ("Refuelling", plan.refuelling or ""),
    )
    return Card(
        plan.name,
        f"{way}. Landing: {lower(CERTAINTY_WORDS[plan.certainty])}",
        (f"{way}: {length}", f"Landing: {lower(CERTAINTY_WORDS[plan.certainty])}"),
        tuple((label, text) for label, text in rows if text),
        source_lines(story, plan.sources),
    )


def source_lines(story: Story, ids: Iterable[str]) -> tuple[str, ...]:
    """Write out sources, one line each."""
    return tuple(source_line(story.sources[source]) for source in ids)
