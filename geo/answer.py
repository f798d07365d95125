"""Gather all that is told of routes: what they cross, how firmly, and what of opened layers."""

from collections.abc import Sequence
from dataclasses import dataclass

from geo.airspace import Airspace
from geo.edge import REACH_M, Edges, find_edges
from geo.model import Crossing, Route
from geo.overlay import Overlay, Passage


@dataclass(frozen=True, slots=True)
class Answer:
    """A route with its crossings and their edges; `passages` has one tuple an opened layer."""

    route: Route
    crossings: tuple[Crossing, ...]
    edges: Edges
    passages: tuple[tuple[Passage, ...], ...] = ()


def answer_routes(
    airspace: Airspace,
    routes: Sequence[Route],
    overlays: Sequence[Overlay] = (),
    *,
    reach_m: float = REACH_M,
) -> list[Answer]:
    """Cross routes with the airspace and, by itself, with each layer."""
    by_layer = [overlay.passages(routes) for overlay in overlays]
    return [
        Answer(
            route,
            crossings,
            find_edges(airspace, route, crossings, reach_m=reach_m),
            tuple(passages[number] for passages in by_layer),
        )
        for number, (route, crossings) in enumerate(
            zip(routes, airspace.crossings_on(routes), strict=True)
        )
    ]
