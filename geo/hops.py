"""Search the hops of a journey: from full tanks to full tanks, the fewest and then the shortest.

Nodes that lengthen the way little are searched first: a journey with a node in it is longer than
the route by at least what that node adds to its leg, so what was found tells how far off the way
anything better could lie.
"""

import math

import numpy as np

from geo.model import BoolArray, FloatArray, IntArray
from geo.nodes import Nodes

_FIRST_NODES = 256
_MOST_PAIRS = 1_000_000
_SLACK_M = 1e-3


def find_chain(nodes: Nodes, range_m: float) -> list[tuple[int, int]] | None:
    """Find the (leg, airfield) of each stop: the fewest, and then the shortest way.

    None where no stops keep each hop within the range.
    """
    if nodes.total_m <= range_m + _SLACK_M:
        return []
    least = math.ceil(nodes.total_m / range_m) - 1
    count = min(_FIRST_NODES, len(nodes.leg))
    while True:
        found = _Search(nodes, count, range_m).run()
        off_m = math.inf if found is None else _off_m(nodes, *found, least, range_m)
        better = int(np.searchsorted(nodes.detour_m, off_m + _SLACK_M, side="right"))
        if better <= count:
            return None if found is None else _named(nodes, found[0])
        count = better if found else min(4 * count, better)


def _off_m(nodes: Nodes, chain: list[int], length_m: float, least: int, range_m: float) -> float:
    """Tell how much a node may add to the way and still be part of a better journey."""
    fewer_m = len(chain) * range_m - nodes.total_m if len(chain) > least else 0.0
    return max(length_m - nodes.total_m, fewer_m)


def _named(nodes: Nodes, chain: list[int]) -> list[tuple[int, int]]:
    return [(int(nodes.leg[node]), int(nodes.field[node])) for node in chain]


class _Search:
    """One search among the first `count` nodes, stop by stop."""

    def __init__(self, nodes: Nodes, count: int, range_m: float) -> None:
        self.nodes, self.within_m = nodes, range_m + _SLACK_M
        self.gone_m = np.full(count, np.inf)
        self.came = np.full(count, -1)

    def run(self) -> tuple[list[int], float] | None:
        """Find the chain of nodes and the metres of the whole way."""
        count = len(self.gone_m)
        start_m, rest_m = self.nodes.start_m[:count], self.nodes.rest_m[:count]
        down = np.flatnonzero(start_m <= self.within_m)
        self.gone_m[down] = start_m[down]
        while len(down):
            last = down[rest_m[down] <= self.within_m]
            if len(last):
                whole_m = self.gone_m[last] + rest_m[last]
                best = int(np.argmin(whole_m))
                return self._traced(int(last[best])), float(whole_m[best])
            unseen = np.flatnonzero(np.isinf(self.gone_m))
            step = max(1, _MOST_PAIRS // len(down))
            blocks = [unseen[i : i + step] for i in range(0, len(unseen), step)]
            new = [self._reach(down, block) for block in blocks]
            for block, total_m, before in new:
                self.gone_m[block], self.came[block] = total_m, before
            down = np.concatenate([np.empty(0, int), *(block for block, _, _ in new)])
        return None

    def _reach(self, down: IntArray, block: IntArray) -> tuple[IntArray, FloatArray, IntArray]:
        """Find which nodes of a block are one hop from those `down`, how far along, and from which.

        The least that a way could be is known of all pairs; measured are those that could be least.
        """
        lower_m = self.nodes.lower_m(down, block, self.within_m)
        lower_m += self.gone_m[down][:, None]
        first, columns = lower_m.argmin(axis=0), np.arange(len(block))
        bound_m = np.full(len(block), np.inf)
        some = np.isfinite(lower_m[first, columns])
        bound_m[some] = self._whole_m(down[first[some]], block[some])
        row, column = np.nonzero(np.isfinite(lower_m) & (lower_m <= bound_m + _SLACK_M))
        total_m = self._whole_m(down[row], block[column])
        order = np.lexsort((row, total_m, column))
        column, total_m, row = column[order], total_m[order], row[order]
        best = _first_of_each(column) & np.isfinite(total_m)
        return block[column[best]], total_m[best], down[row[best]]

    def _whole_m(self, one: IntArray, other: IntArray) -> FloatArray:
        """Measure the way to nodes by others, one each; infinite where that is out of range."""
        step_m = self.nodes.exact_m(one, other)
        return np.where(step_m <= self.within_m, self.gone_m[one] + step_m, np.inf)

    def _traced(self, last: int) -> list[int]:
        chain = []
        while last >= 0:
            chain.append(last)
            last = int(self.came[last])
        return chain[::-1]


def _first_of_each(column: IntArray) -> BoolArray:
    return np.diff(column, prepend=-1) > 0
