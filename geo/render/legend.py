"""Explain the symbols, lines and tints of a map."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from geo.compare import Row
from geo.layers import Layer
from geo.phrases import capital
from geo.render.cards import CERTAINTY_WORDS, SYMBOL_WORDS
from geo.render.palette import LAYER, Claims, Theme
from geo.schema import Story

LineStyle = Literal["solid", "dashed", "dotted", "dashdotted"]

STYLES: Mapping[str, LineStyle] = {
    "reported": "solid",
    "inferred": "dashed",
    "illustrative": "dotted",
    "geometric": "dashdotted",
}
# Outlines that a browser still draws at once.
MOST_AREAS = 500
# Thin lines in the ink of the page: rings are no routes.
RING: Mapping[Theme, str] = {"light": "#22303a", "dark": "#e8edf0"}
RING_PX = 1.2
LAYER_PX = 1.5


@dataclass(frozen=True, slots=True)
class LegendItem:
    """A symbol, a sample of a line or a swatch, with its meaning; none of them for a heading."""

    text: str
    symbol: str = ""
    colour: str = ""
    style: LineStyle = "solid"
    width: float = 0
    swatch: bool = False
    hatched: bool = False


CLOSED = LegendItem("Closed to the shortest open way", swatch=True, hatched=True)


def make_legend(
    story: Story,
    rows: Sequence[Row],
    symbols: Collection[str],
    looks: Mapping[str, tuple[str, float]],
    tints: Mapping[Claims, str],
    closed: Sequence[Claims],
) -> tuple[LegendItem, ...]:
    """Explain what is shown and nothing else.

    `looks` are the colour and the width of each way that is shown.
    """
    certainties = {row.flight.plan.certainty for row in rows}
    disputed = {
        crossing.name: tints[crossing.claims]
        for row in rows
        for crossing in row.flight.crossings
        if crossing.kind == "disputed"
    }
    lines = [
        LegendItem(story.ways[way].name, colour=colour, width=width)
        for way, (colour, width) in looks.items()
    ]
    styles = [
        LegendItem(words, colour="currentColor", style=STYLES[certainty], width=2)
        for certainty, words in CERTAINTY_WORDS.items()
        if certainty in certainties
    ]
    places = [LegendItem(words, symbol=s) for s, words in SYMBOL_WORDS.items() if s in symbols]
    claims = [
        LegendItem(capital(name), colour=tint, swatch=True) for name, tint in disputed.items()
    ]
    if closed:
        claims.append(CLOSED)
    return (
        *_titled("Way", lines),
        *_titled("Landing", styles),
        *_titled("Places", places),
        *_titled("Airspace", claims),
    )


def ring_legend(styles: Mapping[str, LineStyle], theme: Theme) -> tuple[LegendItem, ...]:
    """Explain range rings, by their names and styles."""
    items = [
        LegendItem(name, colour=RING[theme], style=style, width=RING_PX)
        for name, style in styles.items()
    ]
    return _titled("Range", items)


def layer_legend(layer: Layer) -> tuple[LegendItem, ...]:
    """Say what layer it is, and how much of it is drawn."""
    count = len(layer.volumes)
    name = f"{layer.name}: {count:,} {'area' if count == 1 else 'areas'}"
    name += f", the first {MOST_AREAS} drawn" if count > MOST_AREAS else ""
    return _titled("Opened layer", [LegendItem(name, colour=LAYER, style="dashed", width=LAYER_PX)])


def _titled(heading: str, items: Sequence[LegendItem]) -> tuple[LegendItem, ...]:
    return (LegendItem(heading), *items) if items else ()
