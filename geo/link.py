"""Read a link to the atlas: which routes it shows, what is closed, and in which unit.

The page writes the same words into its address: groups of airfields, names of airfields and ways.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

from geo.airspace import Airspace
from geo.closure import find_state, state_name
from geo.compare import Flight
from geo.days import story_days
from geo.errors import GeoError
from geo.open_ways import OPEN_WAY
from geo.schema import Airfield, Story
from geo.text import printable, quoted
from geo.units import UNITS, Unit

FIRST_FIELDS, NO_FIELDS, OWN = "Reported landings", "None", "My choice"
# Which roles each group of airfields takes in; "All" takes in every one.
GROUPS: Mapping[str, frozenset[str]] = {
    FIRST_FIELDS: frozenset({"landing"}),
    "Named home bases": frozenset({"home"}),
    "All": frozenset(),
    NO_FIELDS: frozenset(),
}
UNIT_NAMES: Mapping[str, Unit] = {unit.name.capitalize(): unit for unit in UNITS.values()}
# The side of the page by which the day counts.
BY_DAY = "Day by day"
MAX_LENGTH = 20_000


@dataclass(frozen=True, slots=True)
class View:
    """What a link shows: routes of the story to `destinations` by `ways`, and typed `paths`.

    `closed` are the A3 codes of the closed states, `unknown` what the link asks for in vain;
    `aircraft` is the name of a type, as the link has it, "" for none. With a `day`, only what
    had begun by its end is shown.
    """

    destinations: frozenset[str]
    ways: frozenset[str]
    unit: Unit
    closed: tuple[str, ...]
    paths: tuple[str, ...]
    unknown: tuple[str, ...]
    aircraft: str = ""
    day: dt.date | None = None


def read_link(link: str, story: Story, airspace: Airspace) -> View:
    """Read a whole link, or what follows its question mark. Raises GeoError for one too long."""
    if len(link) > MAX_LENGTH:
        raise GeoError(f"the link has {len(link):,} characters; at most {MAX_LENGTH:,} are read")
    try:
        whole = "://" in link or link.startswith("/")
        query = urlsplit(link).query if whole else link.lstrip("?")
        asked = parse_qs(query, keep_blank_values=True, max_num_fields=1000)
    except ValueError as error:
        raise GeoError(f"link {quoted(link[:60])}: {printable(str(error)[:100])}") from error
    fields = {place.name: place for place in destinations(story)}
    ways = {way.name: id for id, way in story.ways.items()}
    unknown: list[str] = []

    def among(key: str, known: Iterable[str]) -> list[str] | None:
        """List what is asked for under a key and known; None where nothing is."""
        texts = [text.replace("\\", "") for text in asked.get(key, ())]
        names = set(known)
        unknown.extend(f"{key} {quoted(text[:60])}" for text in texts if text not in {"", *names})
        found = [text for text in texts if text in names]
        return found if found or texts == [""] else None

    (group,) = (among("airfields", [*GROUPS, OWN]) or [first_group(fields.values())])[:1]
    picked = among("pick", fields)
    chosen_ways = among("way", ways)
    unit = (among("units", UNIT_NAMES) or [next(iter(UNIT_NAMES))])[0]
    states = {text: find_state(airspace, text) for text in asked.get("closed", ()) if text}
    unknown += [f"closed {quoted(text[:60])}" for text, code in states.items() if not code]
    if group == OWN and picked is not None:
        places = frozenset(fields[name].id for name in picked)
    else:
        places = grouped(fields.values(), FIRST_FIELDS if group == OWN else group)
    return View(
        places,
        frozenset(first_ways(story) if chosen_ways is None else map(ways.__getitem__, chosen_ways)),
        UNIT_NAMES[unit],
        tuple(dict.fromkeys(code for code in states.values() if code)),
        tuple(text for text in asked.get("route", ()) if text.strip()),
        tuple(unknown),
        next(iter(asked.get("aircraft", ())), "").strip(),
        _day(asked, story) if BY_DAY in asked.get("tab", ()) else None,
    )


def _day(asked: Mapping[str, Sequence[str]], story: Story) -> dt.date | None:
    """Read the day; by default it is the story's last, on which the page opens too."""
    try:
        return dt.date.fromisoformat(next(iter(asked.get("day", ())), ""))
    except ValueError:
        return max(story_days(story), default=None)


def write_link(view: View, story: Story, airspace: Airspace) -> str:
    """Write what follows the question mark of a link to a view, with nothing that goes unsaid."""
    fields = destinations(story)
    group = next((name for name in GROUPS if grouped(fields, name) == view.destinations), OWN)
    words: dict[str, list[str]] = {}
    if group != first_group(fields):
        words["airfields"] = [group]
    if group == OWN:
        words["pick"] = [place.name for place in fields if place.id in view.destinations] or [""]
    if view.ways != frozenset(first_ways(story)):
        words["way"] = [way.name for id, way in story.ways.items() if id in view.ways] or [""]
    unit = next(name for name, unit in UNIT_NAMES.items() if unit == view.unit)
    if unit != next(iter(UNIT_NAMES)):
        words["units"] = [unit]
    words |= {"closed": [link_name(airspace, code) for code in view.closed]}
    words |= {"route": [*view.paths]}
    if view.aircraft:
        words["aircraft"] = [view.aircraft]
    if view.day:
        words |= {"tab": [BY_DAY], "day": [view.day.isoformat()]}
    return urlencode(words, doseq=True)


def link_name(airspace: Airspace, code: str) -> str:
    """Name a state as a link has it: by its name, where that leads back to it."""
    name = state_name(airspace, code)
    return name if find_state(airspace, name) == code else code


def destinations(story: Story) -> list[Airfield]:
    """List the places that routes lead to, once each, by name."""
    ids = {route.destination for route in story.routes}
    return sorted((story.places[id] for id in ids), key=lambda place: place.name)


def grouped(fields: Iterable[Airfield], group: str) -> frozenset[str]:
    """List the ids of a group's airfields."""
    roles = GROUPS.get(group, frozenset())
    return frozenset(place.id for place in fields if place.role in roles or group == "All")


def first_group(fields: Iterable[Airfield]) -> str:
    """Open on the first group that has a place in it."""
    places = tuple(fields)
    return next((group for group in GROUPS if grouped(places, group)), OWN)


def first_ways(story: Story) -> list[str]:
    """Open on the direct line, the first of the told ways and the shortest open one."""
    told = [way for way in story.ways if way != OPEN_WAY]
    return [*told[:2], *(way for way in story.ways if way == OPEN_WAY)]


def chosen(
    flights: Sequence[Flight], places: frozenset[str], ways: frozenset[str]
) -> tuple[Flight, ...]:
    """Keep the flights to these places by these ways."""
    return tuple(
        flight
        for flight in flights
        if flight.plan.destination in places and flight.plan.way in ways
    )
