"""Tell a story day by day: what was reported, what had left by then, and what had landed."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from geo.compare import Flight
from geo.errors import GeoError
from geo.phrases import format_day
from geo.schema import Departure, Report, Story, StoryRoute, Tally

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
    """Leave out the flights of a story that had not begun by the end of a day, if one is given."""
    return tuple(
        flight
        for flight in flights
        if day is None or flight.plan.certainty == "geometric" or has_begun(flight.plan, day)
    )


def _is_by(date: dt.date | None, day: dt.date) -> bool:
    return date is not None and date <= day
