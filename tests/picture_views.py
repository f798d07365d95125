"""Views of the atlas as briefings: the story's routes, typed ones, closed states, rings, layers."""

import datetime as dt
from collections.abc import Sequence
from functools import cache

from geo.compare import Flight, compare, fly, fly_routes
from geo.edge import Edges
from geo.layers import Layer
from geo.pathspec import parse_paths
from geo.places import make_gazetteer
from geo.ranges import HIGH, LOW, RangeRing
from geo.render.palette import Theme
from geo.render.picture.briefing import Briefing, make_briefing
from geo.schema import Story
from geo.typed import with_typed
from geo.units import STATUTE_MILES
from tests import shipped

DATE = dt.date(2026, 3, 5)
HELSINKI_TOKYO = "EFHK-RJAA"
# Long-haul, polar, antimeridian, southern, half round the world, by a point, many at once.
TYPED = (
    HELSINKI_TOKYO, "PANC-EFHK", "RJAA-KLAX", "SCEL-YSSY", "EGLL-YSSY", "EFHK-PANC-RJAA",
    "KJFK-FAOR, KJFK-EGLL, SBGR-LEMD", "EFHK-EVRA",
)  # fmt: skip


def no_edges(flight: Flight) -> Edges:
    """Tell of no edges."""
    return Edges((None,) * len(flight.crossings), (), 0.0)


@cache
def told_flights() -> tuple[Flight, ...]:
    """Fly the shipped story once for all tests."""
    return fly(shipped.story(), shipped.airspace())


@cache
def typed(paths: str) -> tuple[Story, tuple[Flight, ...]]:
    """Fly typed routes."""
    story = shipped.story()
    found = parse_paths(paths, make_gazetteer(story.places.values()).find) if paths else ()
    joined = with_typed(story, found)
    plans = joined.routes[len(story.routes) :]
    return joined, fly_routes(plans, found, shipped.airspace()) if found else ()


def opening_flights() -> list[Flight]:
    """List what the page opens with."""
    story = shipped.story()
    ways = list(story.ways)[:2]
    return [
        flight
        for flight in told_flights()
        if story.places[flight.plan.destination].role == "landing" and flight.plan.way in ways
    ]


def make_view(
    paths: str = "",
    *,
    told: bool = False,
    closed: Sequence[str] = (),
    rings: Sequence[RangeRing] = (),
    layer: Layer | None = None,
    theme: Theme = "light",
    added: Sequence[Flight] = (),
) -> Briefing:
    """Compose a view; `closed` are the codes of states, `added` are flights of any other kind."""
    story, flights = typed(paths)
    shown = (*(opening_flights() if told else ()), *flights, *added)
    rows = compare(shown, story.claim.distance_m if story.claim else None)
    return make_briefing(
        story, rows, told_flights(), {f.plan.id: no_edges(f) for f in shown}, STATUTE_MILES, theme,
        DATE, closed=shipped.closing(*closed).shut_claims(shipped.airspace()), rings=rings,
        layer=layer,
    )  # fmt: skip


def su24_rings() -> tuple[RangeRing, RangeRing]:
    """Ring Hmeymim by the lowest and the highest published range of the Su-24M."""
    figures = ((LOW, 2_500_000, "1,553 mi"), (HIGH, 2_850_000, "1,771 mi"))
    low, high = (
        RangeRing(
            f"Su-24M, {figure}: {length}", f"Su-24M: {length}", shipped.HMEYMIM, radius_m,
            "Su-24M", figure,
        )
        for figure, radius_m, length in figures
    )  # fmt: skip
    return low, high
