"""Say how firm crossings are, and what a route nearly crosses."""

from collections.abc import Sequence
from itertools import groupby

from geo.edge import Edges
from geo.model import Crossing
from geo.units import Unit, format_length

# A line that was drawn for a picture isn't known better than this.
KNIFE_EDGE_M = 5_000.0


def is_knife_edge(margin_m: float | None) -> bool:
    """Tell a crossing that a small shift of the line undoes from a firm one."""
    return margin_m is not None and margin_m < KNIFE_EDGE_M


def say_margin(margin_m: float | None, unit: Unit) -> str:
    """End a sentence with how far the line would have to shift for a crossing to vanish."""
    if margin_m is None:
        return ""
    return f"; gone if the line shifts by {format_length(margin_m, unit, decimals=1)}"


def say_airspaces(crossings: Sequence[Crossing], edges: Edges) -> str:
    """List the airspaces in order, without the open sea, the knife-edge ones in brackets."""
    named = [
        (crossing.name, is_knife_edge(margin_m))
        for crossing, margin_m in zip(crossings, edges.margins_m, strict=True)
        if crossing.claims
    ]
    runs = [(name, all(knife for _, knife in run)) for name, run in groupby(named, lambda n: n[0])]
    return ", ".join(f"({name})" if knife else name for name, knife in runs)


def say_edges(crossings: Sequence[Crossing], edges: Edges, unit: Unit) -> list[str]:
    """List what a route only just crosses, in order, and what it nearly crosses, nearest first."""
    clips = [
        f"only just crosses {_airspace(crossing.name)}, "
        f"for {format_length(crossing.length_m, unit)}: "
        f"gone if the line shifts by {format_length(margin_m, unit, decimals=1)}"
        for crossing, margin_m in zip(crossings, edges.margins_m, strict=True)
        if margin_m is not None and is_knife_edge(margin_m) and crossing.claims
    ]
    near = [
        f"passes {_airspace(miss.name)} at {format_length(miss.distance_m, unit, decimals=1)}, "
        f"{format_length(miss.at_m, unit)} from the start"
        for miss in edges.near
    ]
    return clips + near


def _airspace(name: str) -> str:
    """Name an airspace within a sentence."""
    return f"airspace {name}" if name.startswith("claimed by") else name
