"""Choose colours that stay apart for colour-blind readers, on light paper and on dark.

The strong colours are those of Okabe and Ito, "Color Universal Design" (2008); the tints are muted
so that the routes stay the only strong colours on the map.
"""

from collections.abc import Iterable, Mapping
from itertools import cycle
from typing import Literal

from geo.model import Crossing, Kind
from geo.schema import DIRECT_WAY

Theme = Literal["light", "dark"]
Claims = tuple[str, ...]

DIRECT: Mapping[Theme, str] = {"light": "#6b7780", "dark": "#9aa6ae"}
_STRONG: Mapping[Theme, tuple[str, ...]] = {
    "light": ("#0072b2", "#d55e00", "#009e73", "#cc79a7"),
    "dark": ("#56b4e9", "#e69f00", "#35c49a", "#e3a3c8"),
}
LAYER = "#cc79a7"
SEA: Mapping[Theme, str] = {"light": "#d3e2ea", "dark": "#22313c"}
DISPUTED: Mapping[Theme, str] = {"light": "#b9b2aa", "dark": "#6a6560"}
_TINTS: Mapping[Theme, tuple[str, ...]] = {
    "light": (
        "#efe0b9", "#e6cfd3", "#cfdcc0", "#d6d1e6", "#f0d2b4", "#c9dfdc",
        "#e3d9c6", "#dcc6da", "#d9dfb0", "#c8d3e6", "#eac9bd", "#c5d8c9",
    ),
    "dark": (
        "#54492d", "#553d43", "#3d4d33", "#453f5c", "#5c4630", "#33504d",
        "#4a4437", "#503c50", "#4c5030", "#37465c", "#57403a", "#364a3d",
    ),
}  # fmt: skip


def way_colours(ways: Iterable[str], theme: Theme) -> dict[str, str]:
    """Give each way of a story its colour: grey to the direct one, strong ones to the others."""
    strong = cycle(_STRONG[theme])
    return {way: DIRECT[theme] if way == DIRECT_WAY else next(strong) for way in ways}


def assign_tints(crossings: Iterable[Crossing], theme: Theme) -> dict[Claims, str]:
    """Give each airspace its tint, in the order of first appearance.

    Given all crossings of a story, an airspace keeps its tint whatever part of the story is shown.
    """
    kinds: dict[Claims, Kind] = {c.claims: c.kind for c in crossings}
    tints: dict[Claims, str] = {}
    palette = _TINTS[theme]
    for claims, kind in kinds.items():
        if not claims:
            tints[claims] = SEA[theme]
        elif kind == "disputed":
            tints[claims] = DISPUTED[theme]
        else:
            number = sum(colour in palette for colour in tints.values())
            tints[claims] = palette[number % len(palette)]
    return tints
