"""Tell a story day by day: what was reported, what had left by then, and what had landed."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from geo.compare import Flight
from geo.errors import GeoError
from geo.phrases import format_day
from geo.schema import Airfield, Departure, Report, Story, StoryRoute, Tally

_ONE_DAY = dt.timedelta(days=1)
# A slider of more days has no use.
MAX_DAYS = 3_660


@dataclass(frozen=True, slots=True)
class Left:
    """A reported departure with the report that tells of it."""

    departure: Departure
    report: Report


@dataclass(frozen=True, slots=True)
class Day:
    """What is known of a story at the end of a day.

    `reports` are those of the day itself; `left` are all departures reported until then, in order;
    `gone` is the latest count of all that had left, with the report it stands in, or None.
    `flying` are the routes begun and not yet landed by reports, `landed` those that were.
    """

    date: dt.date
    reports: tuple[Report, ...]
    left: tuple[Left, ...]
    gone: tuple[Tally, Report] | None
    flying: tuple[StoryRoute, ...]
    landed: tuple[StoryRoute, ...]


def story_days(story: Story) -> tuple[dt.date, ...]:
    """List the days of a story: those it names, else from its first dated thing to its last.

    Empty where nothing is dated. Raises GeoError for more than ten years of them.
    """
    dated = [*(story.dates or ())]
    if not dated:
        dated = [report.date for report in story.reports]
        dated += [day for route in story.routes for day in (route.left, route.date) if day]
    if not dated:
        return ()
    first, last = min(dated), max(dated)
    count = (last - first).days + 1
    if count > MAX_DAYS:
        raise GeoError(f"the story has {count:,} days, more than {MAX_DAYS:,}")
    return tuple(first + number * _ONE_DAY for number in range(count))


def eventful_days(story: Story) -> tuple[dt.date, ...]:
    """List the days of a story with a report, or on which a route began or landed."""
    dated = {report.date for report in story.reports}
    dated |= {day for route in story.routes for day in (route.left, route.date) if day}
    return tuple(day for day in story_days(story) if day in dated)


def make_day(story: Story, date: dt.date) -> Day:
    """Gather what is known at the end of a day."""
    until = sorted((each for each in story.reports if each.date <= date), key=lambda r: r.date)
    gone = [(report.gone, report) for report in until if report.gone]
    begun = [route for route in story.routes if has_begun(route, date)]
    landed = [route for route in begun if _is_by(route.date, date)]
    return Day(
        date,
        tuple(report for report in until if report.date == date),
        tuple(Left(departure, report) for report in until for departure in report.departures),
        gone[-1] if gone else None,
        tuple(route for route in begun if route not in landed),
        tuple(landed),
    )


def say_day(story: Story, day: Day) -> tuple[str, ...]:
    """Tell in sentences what had left and what had landed by a day."""
    when = format_day(day.date)
    if not day.left and day.gone is None and not day.landed:
        return (f"By the end of {when} no departure had been reported.",)
    said = []
    if day.left:
        dates = groupby(day.left, lambda left: left.report.date)
        listed = "; ".join(f"{format_day(on)}, {_say_left(each)}" for on, each in dates)
        said.append(f"Reported to have left by the end of {when}: {listed}.")
    if day.gone:
        tally, report = day.gone
        among = f" of about {tally.of:,}" if tally.of else ""
        bound = "" if tally.bound == "exactly" else f"{tally.bound} "
        said.append(
            f"Counted in a report of {format_day(report.date)}: "
            f"{bound}{tally.count:,}{among} {tally.what} gone (certainty: {report.certainty})."
        )
    places = dict.fromkeys(story.places[route.destination].name for route in day.landed)
    if places:
        said.append(f"Landings reported or inferred so far: {', '.join(places)}.")
    return tuple(said)


def _say_left(day: Iterable[Left]) -> str:
    return ", ".join(_say_departure(left.departure) for left in day)


def _say_departure(departure: Departure) -> str:
    count = f"{departure.count:,} " if departure.count else ""
    company = f" with {departure.company}" if departure.company else ""
    carried = f" on board {departure.carried_by}" if departure.carried_by else ""
    unsaid = "" if departure.count else " (number not said)"
    return f"{count}{departure.aircraft}{company}{carried}{unsaid}"


def has_begun(route: StoryRoute, date: dt.date) -> bool:
    """Tell whether a route had begun by the end of a day; one without any date never has."""
    return _is_by(route.left or route.date, date)


def begun_by(flights: Iterable[Flight], day: dt.date | None) -> tuple[Flight, ...]:
    """Leave out the flights of a story that had not begun by the end of a day, if one is given.

    The others are told as they were known by then.
    """
    if day is None:
        return tuple(flights)
    return tuple(
        _flight_by(flight, day)
        for flight in flights
        if not _is_told(flight) or has_begun(flight.plan, day)
    )


def known_by(story: Story, day: dt.date | None) -> Story:
    """Tell of a story's routes and places only what was known by the end of a day, if one is given.

    An airfield is no landing before the first landing there, and no home base before the first
    report that names it; without a date for either it stays what it is.
    """
    if day is None:
        return story
    named = _first((id, report.date) for report in story.reports for id in report.places)
    landed = _first((route.destination, route.date) for route in story.routes if route.date)
    places = {
        id: _place_by(place, day, named.get(id), landed.get(id))
        for id, place in story.places.items()
    }
    routes = tuple(_route_by(route, day) for route in story.routes)
    return story.model_copy(update={"places": places, "routes": routes})


def say_begun(flights: Sequence[Flight], day: dt.date) -> str:
    """Say how many of the story's chosen flights had begun by the end of a day.

    Empty where none of them is the story's.
    """
    told = [flight.plan for flight in flights if _is_told(flight)]
    undated = sum(plan.left is None and plan.date is None for plan in told)
    begun = sum(has_begun(plan, day) for plan in told)
    when = f"had begun by the end of {format_day(day)}."
    match len(told):
        case 0:
            return ""
        case 1 if undated:
            return "The chosen route has no date in the reports: no day shows it."
        case 1:
            return f"The chosen route {when if begun else when.replace('had', 'had not', 1)}"
        case count if undated == count:
            return f"None of the {count} chosen routes has a date in the reports: no day shows one."
        case count:
            some = f"{begun} of the" if 0 < begun < count else "All" if begun else "None of the"
            has = "has no date in the reports: no day shows it."
            have = "have no date in the reports: no day shows them."
            without = f" {undated} {has if undated == 1 else have}" if undated else ""
            return f"{some} {count} chosen routes {when}{without}"


def _is_told(flight: Flight) -> bool:
    return flight.plan.certainty != "geometric"


def _flight_by(flight: Flight, day: dt.date) -> Flight:
    plan = _route_by(flight.plan, day)
    return flight if plan is flight.plan else replace(flight, plan=plan)


def _route_by(route: StoryRoute, day: dt.date) -> StoryRoute:
    """Take away a landing that comes later."""
    if route.date is None or route.date <= day:
        return route
    note = f"No landing had been reported by the end of {format_day(day)}."
    return route.model_copy(
        update={"date": None, "certainty": "illustrative", "certainty_note": note}
    )


def _place_by(
    place: Airfield, day: dt.date, named: dt.date | None, landed: dt.date | None
) -> Airfield:
    """Take away what a place became only later: when it was first named, and first landed at."""
    first = landed if place.role == "landing" and landed else named
    if place.role not in ("landing", "home") or first is None or first <= day:
        return place
    is_named = _is_by(named, day)
    what = "No landing" if is_named else "Nothing"
    return place.model_copy(
        update={
            "role": "home" if is_named else "unnamed",
            "reported": f"{what} by the end of {format_day(day)}.",
            "grade": None,
            "evidence": None,
        }
    )


def _first(dated: Iterable[tuple[str, dt.date]]) -> dict[str, dt.date]:
    """Find the first date of each id."""
    found: dict[str, dt.date] = {}
    for id, date in dated:
        found[id] = min(date, found.get(id, date))
    return found


def _is_by(date: dt.date | None, day: dt.date) -> bool:
    return date is not None and date <= day
