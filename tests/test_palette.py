import re
from itertools import pairwise, product
from pathlib import Path
from typing import get_args

import pytest

from geo.airspace_file import load_airspace
from geo.compare import fly
from geo.model import Crossing, Kind
from geo.render.palette import DIRECT, DISPUTED, SEA, Theme, assign_tints, way_colours
from geo.schema import DIRECT_WAY
from geo.story import load_story

DATA = Path(__file__).parents[1] / "data"
THEMES: tuple[Theme, ...] = get_args(Theme)
HEX = re.compile(r"#[0-9a-f]{6}")


def crossing(claims: str, kind: Kind = "national") -> Crossing:
    codes = tuple(claims.split("+")) if claims else ()
    return Crossing(codes, claims, kind, 0.0, 1.0, (0.0, 0.0), (0.0, 0.0))


def luminance(colour: str) -> float:
    """Compute WCAG 2.1's relative luminance of a hex colour."""
    shares = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return sum(weight * s for weight, s in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("theme", THEMES)
def test_every_colour_is_a_hex_colour(theme: Theme) -> None:
    tints = assign_tints([crossing(f"S{i}") for i in range(40)], theme)
    ways = way_colours([f"way{i}" for i in range(9)], theme)
    for colour in (*tints.values(), *ways.values(), SEA[theme], DISPUTED[theme], DIRECT[theme]):
        assert HEX.fullmatch(colour)


@pytest.mark.parametrize("theme", THEMES)
def test_only_what_nobody_claims_is_tinted_as_sea(theme: Theme) -> None:
    for kind in get_args(Kind):
        tints = assign_tints([crossing("", kind), crossing("AAA", kind)], theme)
        assert tints[()] == SEA[theme]
        assert tints["AAA",] != SEA[theme]


@pytest.mark.parametrize("theme", THEMES)
def test_the_direct_way_is_grey_and_the_others_differ(theme: Theme) -> None:
    colours = way_colours(["a", DIRECT_WAY, "b", "c", "d"], theme)
    assert colours[DIRECT_WAY] == DIRECT[theme]
    assert len(set(colours.values())) == 5


def test_the_strong_colours_on_light_are_okabe_and_itos() -> None:
    # Okabe & Ito, "Color Universal Design" (2008): blue, vermilion, bluish green, reddish purple.
    colours = way_colours(["a", "b", "c", "d"], "light")
    assert list(colours.values()) == ["#0072b2", "#d55e00", "#009e73", "#cc79a7"]


@pytest.mark.parametrize("theme", THEMES)
def test_the_sea_and_disputed_places_have_colours_of_their_own(theme: Theme) -> None:
    tints = assign_tints(
        [
            crossing("AAA"),
            crossing("", "international"),
            crossing("ATA", "international"),
            crossing("AAA+BBB", "disputed"),
            crossing("CCC+DDD", "dependency"),
        ],
        theme,
    )
    # Land without a state has claims of its own, and is no sea.
    assert tints[()] == SEA[theme]
    assert tints["AAA", "BBB"] == DISPUTED[theme]
    assert len({*tints.values()}) == len(tints) == 5


@pytest.mark.parametrize("theme", THEMES)
def test_neighbours_in_order_of_appearance_differ(theme: Theme) -> None:
    for kinds in product(get_args(Kind), repeat=3):
        crossings = [crossing(f"S{i}", kinds[i % 3]) for i in range(60)]
        tints = assign_tints(crossings, theme)
        for one, other in pairwise(crossings):
            if not one.kind == other.kind == "disputed":
                assert tints[one.claims] != tints[other.claims]


def test_a_later_airspace_changes_no_earlier_tint() -> None:
    crossings = [crossing(f"S{i}") for i in range(30)]
    whole = assign_tints(crossings, "light")
    for count in range(30):
        part = assign_tints(crossings[:count], "light")
        assert part == {claims: whole[claims] for claims in part}
    assert assign_tints([*crossings, *crossings], "light") == whole


@pytest.mark.parametrize("theme", THEMES)
def test_on_every_route_of_the_story_neighbours_differ(theme: Theme) -> None:
    flights = fly(load_story(DATA / "routes.geojson"), load_airspace(DATA / "airspace.parquet"))
    tints = assign_tints((c for flight in flights for c in flight.crossings), theme)
    for flight in flights:
        for one, other in pairwise(flight.crossings):
            assert tints[one.claims] != tints[other.claims]


@pytest.mark.parametrize("theme", THEMES)
def test_routes_stand_out_from_the_tints_beneath_them(theme: Theme) -> None:
    tints = assign_tints([crossing(f"S{i}") for i in range(12)], theme).values()
    for line, tint in product(way_colours(["a", "b", "c"], theme).values(), tints):
        light, dark = sorted((luminance(line), luminance(tint)), reverse=True)
        # Half of WCAG's 3:1 for graphics; a line has a halo as well.
        assert (light + 0.05) / (dark + 0.05) > 1.5
