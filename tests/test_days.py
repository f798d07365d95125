import datetime as dt
from pathlib import Path

import pytest

from geo.compare import Flight
from geo.days import (
    begun_by,
    eventful_days,
    known_by,
    make_day,
    say_begun,
    say_day,
    story_days,
)
from geo.errors import GeoError
from geo.model import Route
from geo.phrases import format_day
from geo.schema import Departure, Report, Story, StoryRoute, Tally
from geo.story import load_story
from tests.data.small import STORY

SHIPPED = load_story(Path(__file__).parents[1] / "data" / "routes.geojson")


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


LAST_DAY = day("2016-05-04")


def report(date: str, *departures: Departure, gone: Tally | None = None) -> Report:
    return Report(
        date=day(date),
        text=f"Seen on {date}.",
        certainty="good",
        sources=("me",),
        departures=departures,
        gone=gone,
    )


JETS, MORE = Departure(aircraft="Jet", count=4, company="Leader"), Departure(aircraft="Tanker")
HELICOPTERS = Departure(aircraft="Rotor", count=2, carried_by="Lifter")
FIRST, LAST = (
    Tally(count=4, what="jets", bound="at least", of=9),
    Tally(count=1200, what="aircraft"),
)
# Out of order, as a file may have them.
REPORTS = (
    report("2020-01-05", HELICOPTERS, gone=LAST),
    report("2020-01-02", JETS),
    report("2020-01-02", MORE, gone=FIRST),
    report("2020-01-01"),
)


def story_of(**update: object) -> Story:
    plain = [route.model_copy(update={"date": None, "left": None}) for route in STORY.routes]
    base = {"reports": REPORTS, "dates": None, "routes": tuple(plain)}
    return STORY.model_copy(update={**base, **update})


def test_the_days_of_the_shipped_story_are_all_from_14_march_to_4_may() -> None:
    days = story_days(SHIPPED)
    assert (days[0], days[-1]) == (day("2016-03-14"), day("2016-05-04"))
    assert len(days) == 18 + 30 + 4  # 18 of March, 30 of April, 4 of May


def test_without_dates_the_days_are_those_of_what_is_dated() -> None:
    assert story_days(story_of()) == tuple(day(f"2020-01-0{number}") for number in range(1, 6))
    (first, *others) = STORY.routes
    dated = first.model_copy(update={"left": day("2019-12-31"), "date": day("2020-01-01")})
    assert story_days(story_of(routes=(dated, *others)))[0] == day("2019-12-31")
    assert (
        story_days(story_of(reports=(), routes=(others[0].model_copy(update={"date": None}),)))
        == ()
    )


def test_too_many_days_are_refused() -> None:
    with pytest.raises(GeoError, match=r"^the story has 36,525 days, more than 3,660$"):
        story_days(story_of(dates=(day("2000-01-01"), day("2099-12-31"))))


def test_a_day_has_its_own_reports_and_all_departures_until_then() -> None:
    story = story_of()
    seen = {number: make_day(story, day(f"2020-01-0{number}")) for number in range(1, 7)}
    assert [len(seen[number].reports) for number in range(1, 7)] == [1, 2, 0, 0, 1, 0]
    left = [[each.departure for each in seen[number].left] for number in (1, 2, 4, 5, 6)]
    assert left == [[], [JETS, MORE], [JETS, MORE], [JETS, MORE, HELICOPTERS], left[3]]
    gone = [seen[number].gone for number in (1, 4, 5)]
    assert gone == [None, (FIRST, REPORTS[2]), (LAST, REPORTS[0])]


def test_a_route_flies_from_the_day_it_left_to_that_it_landed() -> None:
    one, two, three, *_ = STORY.routes
    routes = (
        one.model_copy(update={"left": day("2020-01-01"), "date": day("2020-01-02")}),
        two.model_copy(update={"left": None, "date": day("2020-01-02")}),
        three.model_copy(update={"left": day("2020-01-02"), "date": None}),
    )
    story = story_of(routes=routes)
    found = [make_day(story, day(f"2020-01-0{number}")) for number in (1, 2, 3)]
    assert [[route.id for route in each.flying] for each in found] == [
        [one.id], [three.id], [three.id],
    ]  # fmt: skip
    assert [[route.id for route in each.landed] for each in found] == [
        [], [one.id, two.id], [one.id, two.id],
    ]  # fmt: skip


def test_a_day_is_told() -> None:
    story = story_of()
    assert say_day(story, make_day(story, day("2020-01-01"))) == (
        "By the end of 1 January 2020 no departure had been reported.",
    )
    assert say_day(story, make_day(story, day("2020-01-05"))) == (
        "Reported to have left by the end of 5 January 2020: 2 January 2020, 4 Jet with Leader, "
        "Tanker (number not said); 5 January 2020, 2 Rotor on board Lifter.",
        "Counted in a report of 5 January 2020: about 1,200 aircraft gone (certainty: good).",
    )
    assert say_day(story, make_day(story, day("2020-01-02")))[1] == (
        "Counted in a report of 2 January 2020: at least 4 of about 9 jets gone (certainty: good)."
    )


def test_the_shipped_story_day_by_day() -> None:
    """As the reports of the time have it."""
    counts = {
        date: (len(found.reports), len(found.left), {route.destination for route in found.landed})
        for date in (
            "2016-03-14",
            "2016-03-15",
            "2016-03-16",
            "2016-03-17",
            "2016-03-20",
        )
        for found in [make_day(SHIPPED, day(date))]
    }
    near = {"buturlinovka", "primorsko_akhtarsk"}
    assert counts == {
        "2016-03-14": (1, 0, set()),
        "2016-03-15": (5, 1, {"buturlinovka"}),
        "2016-03-16": (4, 4, near),
        "2016-03-17": (2, 4, {*near, "shagol"}),
        "2016-03-20": (0, 4, {*near, "shagol"}),
    }
    # The Su-24Ms left on the 16th and were seen to land a day later.
    flying = make_day(SHIPPED, day("2016-03-16")).flying
    assert {route.destination for route in flying} == {"shagol"}
    last = make_day(SHIPPED, day("2016-05-04"))
    assert (len(last.reports), len(last.left)) == (1, 7)
    carried = [left.departure for left in last.left if left.departure.carried_by]
    assert sum(each.count or 0 for each in carried) == 6  # helicopters, on board An-124s
    assert last.gone is not None
    assert (last.gone[0].count, last.gone[0].bound) == (30, "about")


def test_dates_are_written_out() -> None:
    assert [format_day(dt.date(2016, month, 3)) for month in (1, 5, 12)] == [
        "3 January 2016", "3 May 2016", "3 December 2016",
    ]  # fmt: skip


def test_something_happened_on_eight_days_of_the_shipped_story() -> None:
    march = ("14", "15", "16", "17", "18", "23", "28")
    assert eventful_days(SHIPPED) == (*(day(f"2016-03-{each}") for each in march), LAST_DAY)


def test_a_day_is_eventful_by_its_reports_and_by_its_routes() -> None:
    one, two, *_ = STORY.routes
    routes = (
        one.model_copy(update={"left": day("2020-01-03"), "date": day("2020-01-04")}),
        two.model_copy(update={"left": None, "date": None}),
    )
    story = story_of(routes=routes, dates=(day("2020-01-01"), day("2020-01-09")))
    assert [each.day for each in eventful_days(story)] == [1, 2, 3, 4, 5]
    assert eventful_days(story_of(reports=(), dates=(day("2020-01-01"), day("2020-01-09")))) == ()


def flight(plan: StoryRoute, **update: object) -> Flight:
    return Flight(plan.model_copy(update=update), Route(plan.name, ()), (), ())


def test_a_flight_is_told_as_it_was_known_by_a_day() -> None:
    plan = STORY.routes[0]
    dates = {"left": day("2020-01-01"), "date": day("2020-01-03"), "certainty": "reported"}
    told, later = flight(plan, **dates), flight(plan, left=day("2020-01-09"))
    typed = flight(plan, certainty="geometric", left=None, date=None)
    flights = (told, later, typed)
    assert begun_by(flights, None) == flights
    assert begun_by(flights, day("2019-12-31")) == (typed,)
    assert begun_by(flights, day("2020-01-03")) == (told, typed)
    (flying, _) = begun_by(flights, day("2020-01-02"))
    assert (flying.plan.certainty, flying.plan.date) == ("illustrative", None)
    note = flying.plan.certainty_note
    assert note == "No landing had been reported by the end of 2 January 2020."
    assert (flying.route, flying.plan.id) == (told.route, told.plan.id)


def test_a_place_is_told_as_it_was_known_by_a_day() -> None:
    roles = {
        number: {id: place.role for id, place in found.places.items()}
        for number in (14, 15, 16, 17)
        for found in [known_by(SHIPPED, day(f"2016-03-{number}"))]
    }
    now = {id: place.role for id, place in SHIPPED.places.items()}
    listed = ("akhtubinsk", "baltimor", "lipetsk2", "morozovsk")
    landed = ("buturlinovka", "primorsko_akhtarsk", "shagol")
    assert roles[14] == now | dict.fromkeys((*listed, *landed), "unnamed")
    assert roles[15] == now | dict.fromkeys(landed[1:], "unnamed")
    assert roles[16] == now | {"shagol": "unnamed"}
    assert roles[17] == now
    assert known_by(SHIPPED, None) == SHIPPED
    shagol = known_by(SHIPPED, day("2016-03-16")).places["shagol"]
    assert shagol.reported == "Nothing by the end of 16 March 2016."
    assert (shagol.grade, shagol.evidence) == (None, None)


def test_a_place_that_a_report_names_before_the_landing_is_no_unnamed_one() -> None:
    plan = STORY.routes[0].model_copy(update={"date": day("2020-01-05")})
    place = STORY.places[plan.destination].model_copy(update={"role": "landing"})
    named = report("2020-01-02").model_copy(update={"places": (place.id,)})
    story = story_of(
        routes=(plan,), reports=(named,), places={**STORY.places, place.id: place}
    )  # fmt: skip
    found = known_by(story, day("2020-01-03")).places[place.id]
    assert (found.role, found.reported) == ("home", "No landing by the end of 3 January 2020.")
    assert known_by(story, day("2020-01-05")).places[place.id] == place
    undated = story_of(reports=(), places={**STORY.places, place.id: place})
    assert known_by(undated, day("2020-01-03")).places[place.id] == place


def test_it_is_said_how_many_had_begun() -> None:
    plan = STORY.routes[0]
    early, late = (flight(plan, left=day(f"2020-01-0{number}")) for number in (1, 5))
    undated = flight(plan, left=None, date=None)
    typed = flight(plan, certainty="geometric")
    until = "had begun by the end of 3 January 2020."
    said = {
        (): "",
        (typed,): "",
        (early,): f"The chosen route {until}",
        (late,): f"The chosen route {until.replace('had', 'had not')}",
        (undated,): "The chosen route has no date in the reports: no day shows it.",
        (early, early, typed): f"All 2 chosen routes {until}",
        (late, late): f"None of the 2 chosen routes {until}",
        (early, late): f"1 of the 2 chosen routes {until}",
        (undated,) * 2: "None of the 2 chosen routes has a date in the reports: no day shows one.",
        (early, late, undated): (
            f"1 of the 3 chosen routes {until} 1 has no date in the reports: no day shows it."
        ),
        (late, undated, undated): (
            f"None of the 3 chosen routes {until} 2 have no date in the reports: no day shows them."
        ),
    }
    for flights, sentence in said.items():
        assert say_begun(flights, day("2020-01-03")) == sentence
