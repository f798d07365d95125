"""Search the shortest way from point to point over the corners of shut airspace.

This is A* on the graph of tangents (Hart, Nilsson and Raphael 1968): its nodes are the states of
`geo.tangents`, its edges the geodesics that touch a corner at either end. The edges are made when
they are needed, and whether shut airspace stands in one is asked last, of the shortest.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from heapq import heappop, heappush
from itertools import pairwise

import numpy as np

from geo.corners import Corners, joined, unit_vectors
from geo.geodesy import GEOD
from geo.model import FloatArray, IntArray, LonLat
from geo.sight import Sight
from geo.tangents import followers, left_for, reached

START, END = -1, -2
_SAMPLES = 32
# Nearer points are looked at closely at once: the cells are too coarse.
_FAR_M = 100_000.0
_FIRST_PROBE = 200

Edges = tuple[IntArray, FloatArray]


@dataclass(frozen=True, slots=True)
class Graph:
    """Corners of shut airspace, with what was found out of their edges, kept between searches."""

    corners: Corners
    sight: Sight
    _edges: dict[int, Edges] = field(default_factory=dict)
    _seen: dict[tuple[int, int], bool] = field(default_factory=dict)

    def edges_from(self, state: int) -> Edges:
        """List the states that a state may lead on to, with the metres to each."""
        if state not in self._edges:
            self._edges[state] = self.edges_among(self.corners, self.corners, state)
        return self._edges[state]

    def edges_among(self, corners: Corners, others: Corners, state: int) -> Edges:
        """List the states among `others` that one of `corners` may lead on to."""
        number = state // 2
        states = followers(corners, others, state)
        return self.edges_to(corners.at[number], corners.lonlat[number], others, states)

    def edges_to(
        self, at: FloatArray, lonlat: FloatArray, corners: Corners, states: IntArray
    ) -> Edges:
        """Keep the states that may be seen from a point, and measure the metres to them."""
        steps_m = lengths_m(lonlat, corners.lonlat[states // 2])
        far = np.flatnonzero(steps_m > _FAR_M)
        if len(far):
            hidden = ~self.sight.may_see(at, corners.at[states[far] // 2], _SAMPLES)
            states, steps_m = np.delete(states, far[hidden]), np.delete(steps_m, far[hidden])
        return states, steps_m

    def sees(self, one: int, other: int) -> bool:
        """Tell whether the edge between two states is open."""
        here, there = one // 2, other // 2
        leaving, arriving = self.corners.leaving, self.corners.arriving
        if leaving[here] == arriving[there] or arriving[here] == leaving[there]:
            # Along one edge of a border. What else might stand there is looked for in the end.
            return True
        if (one, other) not in self._seen:
            lonlat = self.corners.lonlat
            self._seen[one, other] = self.sight.is_clear(lonlat[here], lonlat[there])
        return self._seen[one, other]


def shortest(
    graph: Graph, nearby: Corners, sight: Sight, start: LonLat, end: LonLat
) -> list[LonLat] | None:
    """Find the points of the shortest way, both ends included; None where there is none.

    `nearby` are corners in the pockets around the ends, where they lie in any, and `sight` is what
    is seen there, with no walls in the mouths of these pockets.
    """
    refused: set[tuple[int, int]] = set()
    while True:
        search = _Search(graph, nearby, sight, start, end, refused)
        if not _found(search, partial(_Search, graph, nearby, sight, end, start, refused)):
            return None
        # The walls are nearly right, the airspace is.
        wrong = search.refusals()
        if not wrong:
            return search.way()
        refused |= wrong


def _found(search: "_Search", search_back: Callable[[], "_Search"]) -> bool:
    probe, back = _FIRST_PROBE, None
    while True:
        found = search.advance(probe)
        if found is not None:
            return found
        # An end that is shut in is soon known from its own side.
        back = back or search_back()
        if back.advance(probe) is False:
            return False
        probe *= 4


class _Search:
    """One search, which can be paused."""

    def __init__(
        self,
        graph: Graph,
        nearby: Corners,
        sight: Sight,
        start: LonLat,
        end: LonLat,
        refused: set[tuple[int, int]],
    ) -> None:
        self._graph = graph
        self._count = 2 * len(graph.corners)
        self._nearby, self._sight, self._refused = nearby, sight, refused
        self._corners = joined(graph.corners, nearby) if len(nearby) else graph.corners
        self._ends = {START: np.array(start), END: np.array(end)}
        self._to_end_m: dict[int, float] = {}
        self._done: dict[int, tuple[int, float]] = {}
        self._queue: list[tuple[float, int, int, float]] = []
        at = unit_vectors(np.array([start, end]))
        self._end_at = at[1]
        self._leaves_for_end = left_for(self._corners, at[1])
        whole_m = lengths_m(self._ends[START], self._ends[END][None])
        self._push(START, 0.0, np.array([END]), whole_m)
        states = reached(self._corners, at[0])
        self._push(START, 0.0, *graph.edges_to(at[0], self._ends[START], self._corners, states))

    def advance(self, steps: int) -> bool | None:
        """Take so many steps: True where the end was found, False where none can be, else None."""
        for _ in range(steps):
            if END in self._done:
                return True
            if not self._queue:
                return False
            _, state, before, gone_m = heappop(self._queue)
            if state not in self._done and self._is_open(before, state):
                self._done[state] = before, gone_m
                if state != END:
                    self._expand(state, gone_m)
        return None

    def way(self) -> list[LonLat]:
        """List the points of the way that was found."""
        points = [self._lonlat(state).tolist() for state in self._states()]
        return [(lon, lat) for lon, lat in points]

    def refusals(self) -> set[tuple[int, int]]:
        """List the edges of the way that was found that enter shut airspace after all."""
        states = self._states()
        points = np.array([self._lonlat(state) for state in states])
        seen = self._graph.sight.sees(points[:-1], points[1:])
        return {pair for pair, open_ in zip(pairwise(states), seen, strict=True) if not open_}

    def _states(self) -> list[int]:
        states = [END]
        while states[-1] != START:
            states.append(self._done[states[-1]][0])
        return states[::-1]

    def _expand(self, state: int, gone_m: float) -> None:
        if state < self._count:
            self._push(state, gone_m, *self._graph.edges_from(state))
            if len(self._nearby):
                states, steps_m = self._graph.edges_among(self._corners, self._nearby, state)
                self._push(state, gone_m, states + self._count, steps_m)
        else:
            edges = self._graph.edges_among(self._corners, self._corners, state)
            self._push(state, gone_m, *edges)
        if self._leaves_for_end[state]:
            at = self._corners.at[state // 2]
            if self._graph.sight.may_see(at, self._end_at[None], _SAMPLES)[0]:
                self._push(state, gone_m, np.array([END]), np.array([self._to_end_m[state // 2]]))

    def _push(self, before: int, gone_m: float, states: IntArray, steps_m: FloatArray) -> None:
        self._measure(states)
        for state, step_m in zip(states.tolist(), steps_m.tolist(), strict=True):
            if state not in self._done:
                total_m = gone_m + step_m
                ahead_m = 0.0 if state == END else self._to_end_m[state // 2]
                heappush(self._queue, (total_m + ahead_m, state, before, total_m))

    def _measure(self, states: IntArray) -> None:
        """Note how far corners are from the end."""
        new = [n for n in np.unique(states // 2).tolist() if n >= 0 and n not in self._to_end_m]
        if new:
            to_end_m = lengths_m(self._ends[END], self._corners.lonlat[new])
            self._to_end_m.update(zip(new, to_end_m.tolist(), strict=True))

    def _is_open(self, one: int, other: int) -> bool:
        if (one, other) in self._refused:
            return False
        if 0 <= one < self._count and 0 <= other < self._count:
            return self._graph.sees(one, other)
        return self._sight.is_clear(self._lonlat(one), self._lonlat(other))

    def _lonlat(self, state: int) -> FloatArray:
        return self._ends[state] if state < 0 else self._corners.lonlat[state // 2]


def lengths_m(start: FloatArray, ends: FloatArray) -> FloatArray:
    """Measure the geodesics from a point (2,) to points (n, 2)."""
    lon, lat = np.broadcast_to(start, ends.shape).T
    _, _, length_m = GEOD.inv(lon, lat, ends[:, 0], ends[:, 1])
    return np.asarray(length_m)
