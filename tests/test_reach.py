import pytest

from geo.aircraft import AircraftType, Range
from geo.geodesy import make_route
from geo.model import Place, Route
from geo.reach import find_reach, say_reach
from geo.units import KILOMETRES


def place(lon: float) -> Place:
    return Place(f"p{lon:g}", f"P{lon:g}", lon, 0.0)


def jet(*ranges_km: float, note: str | None = None) -> AircraftType:
    ranges = tuple(Range(range_km=each, sources=("me",)) for each in ranges_km)
    return AircraftType(id="jet", name="Jet", ranges=ranges, note=note)


# Along the equator, a degree is 111.32 km: 3,340 km, with airfields after 1,113 and 2,226 km.
ROUTE: Route = make_route("r", [place(0), place(30)])
FIELDS = (place(10), place(20))


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
    said = say_reach(find_reach(jet(1200, 3300, note="A note."), ROUTE, FIELDS), KILOMETRES)
    assert said == (
        "Jet, 3,340 km without a stop: not plausible by any published figure.",
        "With stops: plausible by the low figure.",
        "By the low figure, 1,200 km: 2 stops could do, at P10, P20; "
        "the hops are 1,113 km, 1,113 km, 1,113 km.",
        "By the high figure, 3,300 km: 1 stop could do, at P10; the hops are 1,113 km, 2,226 km.",
        "Published range: 1,200 km to 3,300 km.",
        "A note.",
        "In still air and without reserve; a published range is not what was flown.",
    )


def test_a_route_in_reach_of_the_high_figure_only_is_told_so() -> None:
    said = say_reach(find_reach(jet(3000, 5000), ROUTE, FIELDS), KILOMETRES)
    assert said[0] == "Jet, 3,340 km without a stop: plausible only by the high figure."
    assert said[2].startswith("By the low figure, 3,000 km: 1 stop could do")
    assert said[3] == "By the high figure, 5,000 km: no stop is needed."


def test_a_single_figure_is_no_low_one() -> None:
    said = say_reach(find_reach(jet(2300), ROUTE, FIELDS), KILOMETRES)
    assert said[:2] == (
        "Jet, 3,340 km without a stop: not plausible by the only published figure.",
        "With stops: plausible by the only published figure.",
    )
    assert said[2].startswith("By the only figure, 2,300 km: 1 stop could do")
    (answer, *_) = say_reach(find_reach(jet(4000), ROUTE, FIELDS), KILOMETRES)
    assert answer == "Jet, 3,340 km without a stop: plausible by the only published figure."


def test_without_a_figure_nothing_is_claimed() -> None:
    said = say_reach(find_reach(jet(note="None found."), ROUTE, FIELDS), KILOMETRES)
    assert said == ("Jet: can't be told: no published figure found for its range.", "None found.")


@pytest.mark.parametrize("ranges_km", [(), (500,), (2300,), (4000,), (1000, 1200), (3000, 5000)])
def test_the_answer_is_never_a_bare_yes(ranges_km: tuple[float, ...]) -> None:
    text = " ".join(say_reach(find_reach(jet(*ranges_km), ROUTE, FIELDS), KILOMETRES))
    assert "figure" in text
    assert " yes" not in text.casefold()
