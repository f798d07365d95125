"""Lay out for a reader what is told of routes, as plain text."""

import textwrap
from collections.abc import Iterable, Sequence

from geo.answer import Answer
from geo.edge import Edges
from geo.edge_words import say_edges
from geo.layers import LAYER_NOTE, Layer
from geo.model import Crossing, Leg
from geo.overlay import Passage
from geo.phrases import capital
from geo.text import printable
from geo.units import KILOMETRES, STATUTE_MILES, format_amount, format_length

CREDIT = (
    "Airspace boundaries © OpenStreetMap contributors (ODbL), as of 2017. Land: Natural Earth.\n"
    "A picture of geometry, not for flight planning."
)
_LAND_NOTE = "Land: lakes included; all else is sea."
_MARGIN_NOTE = "Margin: how far the line would have to shift sideways for the crossing to vanish."
# Below this, the bearing of a leg means nothing.
_SAME_PLACE_M = 0.001
_MOST_REMARKS = 10
_WIDTH = 100

Row = tuple[str, ...]


def report(answers: Sequence[Answer], layers: Sequence[Layer] = ()) -> str:
    """Lay out routes one after the other, then what holds for all of them, then the credit."""
    parts = [part for answer in answers for part in _route_parts(answer, layers)]
    if layers:
        remarks = [line for layer in layers for line in _remarks(layer)]
        parts.append("\n".join([textwrap.fill(LAYER_NOTE, _WIDTH), *remarks]))
    shifted = any(answer.edges.reach_m for answer in answers)
    notes = [*([_MARGIN_NOTE] if shifted else []), _LAND_NOTE]
    return "\n\n".join([*parts, "\n".join(notes), CREDIT])


def table(rows: Iterable[Row]) -> str:
    """Set rows in columns, the amounts in the middle to the right."""
    cells = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    aligns = ["<", *[">"] * (len(widths) - 2), "<"]
    lines = []
    for row in cells:
        padded = zip(row, aligns, widths, strict=True)
        lines.append("  ".join(["", *(f"{c:{align}{width}}" for c, align, width in padded)]))
    return "\n".join(line.rstrip() for line in lines)


def _route_parts(answer: Answer, layers: Sequence[Layer]) -> Iterable[str]:
    """Yield the parts of one route: its length, its legs, its crossings and what is near."""
    route = answer.route
    miles, km = (format_length(route.length_m, unit) for unit in (STATUTE_MILES, KILOMETRES))
    yield f"{printable(route.name)}: {miles} ({km})"
    yield table([("Leg", "mi", "km", "bearing"), *map(_leg_row, route.legs)])
    yield table(_crossing_rows(answer.crossings, answer.edges))
    if answer.edges.reach_m:
        yield "\n".join(f"  {printable(line)}" for line in _edge_lines(answer))
    for layer, passages in zip(layers, answer.passages, strict=True):
        yield _layer_part(layer, passages)


def _leg_row(leg: Leg) -> Row:
    return f"{leg.start.name} to {leg.end.name}", *_amounts(leg.length_m), _bearings(leg)


def _bearings(leg: Leg) -> str:
    if leg.length_m < _SAME_PLACE_M:
        return "start and end are the same place"
    initial, final = (round(b) % 360 for b in (leg.initial_bearing_deg, leg.final_bearing_deg))
    return f"{initial:03d}° to {final:03d}°"


def _crossing_rows(crossings: Sequence[Crossing], edges: Edges) -> Iterable[Row]:
    margin = ("margin, km",) if edges.reach_m else ()
    yield "Airspace", "mi", "km", "land, km", "sea, km", *margin, "codes"
    for crossing, margin_m in zip(crossings, edges.margins_m, strict=True):
        firm = (_margin(margin_m, edges.reach_m),) if edges.reach_m else ()
        amounts = *_amounts(crossing.length_m), *_land_and_sea(crossing)
        yield crossing.name, *amounts, *firm, " ".join(crossing.claims)


def _land_and_sea(crossing: Crossing) -> Row:
    if crossing.land_m is None:
        return "–", "–"
    # To the millimetre, below which sums of metres are noise.
    parts_m = (crossing.land_m, crossing.length_m - crossing.land_m)
    land_m, sea_m = (max(0.0, round(part_m, 3)) for part_m in parts_m)
    return _km(land_m), _km(sea_m)


def _margin(margin_m: float | None, reach_m: float) -> str:
    if margin_m is None:
        return f"> {reach_m / 1000:g}"
    return format_amount(margin_m, KILOMETRES, decimals=1)


def _edge_lines(answer: Answer) -> list[str]:
    """Say what the route only just crosses, and what it passes nearby, even if nothing."""
    said = say_edges(answer.crossings, answer.edges, KILOMETRES)
    if not answer.edges.near:
        said.append(f"passes no other airspace within {answer.edges.reach_m / 1000:g} km")
    return [f"{capital(line)}." for line in said]


def _layer_part(layer: Layer, passages: Sequence[Passage]) -> str:
    heads = (f"Areas of {layer.name}", "mi", "km", "from km", "to km", "kind and limits")
    if not passages:
        return f"  {printable(heads[0])}: none is passed."
    return table([heads, *map(_passage_row, passages)])


def _passage_row(passage: Passage) -> Row:
    volume = passage.volume
    limits = " to ".join(text for text in (volume.lower, volume.upper) if text)
    where = _km(passage.start_m), _km(passage.end_m)
    about = ", ".join(text for text in (volume.kind, limits) if text)
    return volume.name, *_amounts(passage.length_m), *where, about


def _remarks(layer: Layer) -> list[str]:
    """Tell what of a layer was left out or mended."""
    remarks = [*layer.skipped, *layer.notes]
    shown = [f"{layer.name}: {remark}" for remark in remarks[:_MOST_REMARKS]]
    more = len(remarks) - len(shown)
    return [*map(printable, shown), *([f"{printable(layer.name)}: {more} more"] if more else [])]


def _amounts(length_m: float) -> Row:
    return format_amount(length_m, STATUTE_MILES), _km(length_m)


def _km(length_m: float) -> str:
    return format_amount(length_m, KILOMETRES)
