"""Mark the middles of range rings where no place of the map stands."""

from collections.abc import Sequence
from dataclasses import replace

from geo.coordinate import format_coordinate
from geo.model import Place
from geo.render.cards import SYMBOL_WORDS, Card
from geo.render.legend import LegendItem
from geo.render.scene import Mark, Scene

_SYMBOL = "other"
_HEADING = "Places"
# As near as that, a mark stands in the middle.
_SAME_DEG = 1e-6


def with_centres(scene: Scene) -> Scene:
    """Add marks for the places that rings run around, and explain them in the legend."""
    rings = {ring.place: ring.name for ring in reversed(scene.rings)}
    new = [_mark(place, name) for place, name in rings.items() if not _is_marked(scene, place)]
    if not new:
        return scene
    return replace(scene, marks=(*scene.marks, *new), legend=_explained(scene.legend))


def _is_marked(scene: Scene, place: Place) -> bool:
    return any(
        mark.id == place.id
        or max(abs(mark.lonlat[0] - place.lon), abs(mark.lonlat[1] - place.lat)) < _SAME_DEG
        for mark in scene.marks
    )


def _mark(place: Place, ring: str) -> Mark:
    rows = (("Position", format_coordinate(place.lon, place.lat)), ("Range ring", ring))
    card = Card(place.name, "", (ring,), rows, ())
    return Mark(place.id, (place.lon, place.lat), _SYMBOL, place.name, 1, "strong", card)


def _explained(legend: Sequence[LegendItem]) -> tuple[LegendItem, ...]:
    """Explain the symbol after the others, or else before all that isn't about lines."""
    item = LegendItem(SYMBOL_WORDS[_SYMBOL], symbol=_SYMBOL)
    symbols = [number for number, each in enumerate(legend) if each.symbol]
    if not symbols:
        return (LegendItem(_HEADING), item, *legend)
    if any(each.symbol == _SYMBOL for each in legend):
        return tuple(legend)
    return (*legend[: symbols[-1] + 1], item, *legend[symbols[-1] + 1 :])
