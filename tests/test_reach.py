import pytest
from geographiclib.geodesic import Geodesic  # type: ignore[import-untyped]

from geo.aircraft import AircraftType, Range
from geo.geodesy import make_route
from geo.model import Place, Route
from geo.nodes import Fields
from geo.reach import find_reach, say_range, say_reach, say_with_stops
from geo.units import KILOMETRES, STATUTE_MILES, format_length


def place(lon: float) -> Place:
    return Place(f"p{lon:g}", f"P{lon:g}", lon, 0.0)


def jet(*ranges_km: float, note: str | None = None) -> AircraftType:
    ranges = tuple(Range(range_km=each, sources=("me",)) for each in ranges_km)
    return AircraftType(id="jet", name="Jet", ranges=ranges, note=note)


# Along the equator, a degree is 111.32 km: 3,340 km, with airfields after 1,113 and 2,226 km.
ROUTE: Route = make_route("r", [place(0), place(30)])
FIELDS = Fields.of([place(10), place(20)])
WHERE = "at airfields of the story in Russia"


@pytest.mark.parametrize(
    ("ranges_km", "nonstop", "with_stops", "stops"),
    [
        ((3400, 5000), "low", "low", (0, 0)),
        ((3000, 5000), "high", "low", (1, 0)),
        ((1200, 3300), "none", "low", (2, 1)),
        ((1000, 1200), "none", "high", (None, 2)),
        ((500, 1000), "none", "none", (None, None)),
        ((2300,), "none", "low", (1, 1)),
        ((), "unknown", "unknown", (None, None)),
    ],
)
def test_a_route_is_held_against_the_low_and_the_high_figure(
    ranges_km: tuple[float, ...],
    nonstop: str,
    with_stops: str,
    stops: tuple[int | None, int | None],
) -> None:
    reach = find_reach(jet(*ranges_km), ROUTE, FIELDS)
    assert (reach.nonstop, reach.with_stops) == (nonstop, with_stops)
    journeys = reach.low_journey, reach.high_journey
    assert tuple(each and len(each.stops) for each in journeys) == stops


def test_the_answer_is_told_figure_by_figure() -> None:
    said = say_reach(find_reach(jet(1200, 3300), ROUTE, FIELDS), WHERE, KILOMETRES)
    assert said == (
        "Jet, 3,340 km without a stop: not plausible by any published figure.",
        "With stops: plausible by the low figure.",
        "By the low figure, 1,200 km: 2 stops could do, at P10, P20; the hops are 1,113 km, "
        "1,113 km, 1,113 km, 3,340 km in all, no longer than without a stop.",
        "By the high figure, 3,300 km: 1 stop could do, at P10; the hops are 1,113 km, 2,226 km, "
        "3,340 km in all, no longer than without a stop.",
    )


def test_the_range_is_told_once_for_the_type() -> None:
    assert say_range(jet(1200, 3300, note="A note."), KILOMETRES) == (
        "Published range: 1,200 km to 3,300 km.",
        "A note.",
        "In still air and without reserve; a published range is not what was flown.",
    )
    assert say_range(jet(1200, 1200), STATUTE_MILES)[0] == "Published range: 1,200 km (746 mi)."
    assert say_range(jet(note="None found."), KILOMETRES) == ("None found.",)


def test_a_route_in_reach_of_the_high_figure_only_is_told_so() -> None:
    said = say_reach(find_reach(jet(3000, 5000), ROUTE, FIELDS), WHERE, KILOMETRES)
    assert said[0] == "Jet, 3,340 km without a stop: plausible only by the high figure."
    assert said[2].startswith("By the low figure, 3,000 km: 1 stop could do")
    assert said[3] == "By the high figure, 5,000 km: no stop is needed."


def test_a_single_figure_is_no_low_one() -> None:
    said = say_reach(find_reach(jet(2300), ROUTE, FIELDS), WHERE, KILOMETRES)
    assert said[:2] == (
        "Jet, 3,340 km without a stop: not plausible by the only published figure.",
        "With stops: plausible by the only published figure.",
    )
    assert said[2].startswith("By the only figure, 2,300 km: 1 stop could do")
    (answer, *_) = say_reach(find_reach(jet(4000), ROUTE, FIELDS), WHERE, KILOMETRES)
    assert answer == "Jet, 3,340 km without a stop: plausible by the only published figure."


@pytest.mark.parametrize(("ranges_km", "figure"), [((500, 1000), "any"), ((1000,), "the only")])
def test_where_no_stops_were_found_it_is_said_where_they_were_looked_for(
    ranges_km: tuple[float, ...], figure: str
) -> None:
    reach = find_reach(jet(*ranges_km), ROUTE, FIELDS)
    assert say_with_stops(reach) == "not with these stops"
    assert say_reach(reach, WHERE, KILOMETRES)[1] == (
        f"Not with stops only at airfields of the story in Russia, by {figure} published figure."
    )


def test_the_way_over_the_stops_is_summed_and_held_against_the_route() -> None:
    aside = Fields.of([Place("a", "Aside", 15.0, 5.0)])
    said = say_reach(find_reach(jet(2000), ROUTE, aside), WHERE, KILOMETRES)
    hop_m = Geodesic.WGS84.Inverse(0, 0, 5, 15)["s12"]
    more_m = 2 * hop_m - Geodesic.WGS84.Inverse(0, 0, 0, 30)["s12"]
    hop, both, more = (format_length(each, KILOMETRES) for each in (hop_m, 2 * hop_m, more_m))
    assert said[2] == (
        f"By the only figure, 2,000 km: 1 stop could do, at Aside; the hops are {hop}, {hop}, "
        f"{both} in all, {more} or 5 % longer than without a stop."
    )


def test_ranges_are_told_in_the_reader_s_unit() -> None:
    said = say_reach(find_reach(jet(1200, 3300), ROUTE, FIELDS), WHERE, STATUTE_MILES)
    assert said[2].startswith("By the low figure, 746 mi: 2 stops could do")
    said = say_range(jet(1200, 3300), STATUTE_MILES)
    assert said[0] == "Published range: 1,200 km (746 mi) to 3,300 km (2,051 mi)."


def test_without_a_figure_nothing_is_claimed() -> None:
    said = say_reach(find_reach(jet(), ROUTE, FIELDS), WHERE, KILOMETRES)
    assert said == ("Jet: can't be told: no published figure found for its range.",)


@pytest.mark.parametrize("ranges_km", [(), (500,), (2300,), (4000,), (1000, 1200), (3000, 5000)])
def test_the_answer_is_never_a_bare_yes(ranges_km: tuple[float, ...]) -> None:
    text = " ".join(say_reach(find_reach(jet(*ranges_km), ROUTE, FIELDS), WHERE, KILOMETRES))
    assert "figure" in text
    assert " yes" not in text.casefold()
