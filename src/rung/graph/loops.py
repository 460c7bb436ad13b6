"""Find steps that repeat in a row, as a loop leaves them: the same operations on the same places.

Node i and the one that comes a period later are alike if they are of one kind and take from the same
places: as far back, from the very same node, or from inputs that look alike. Where that holds over
whole periods, it is a loop. Its first turn may take from elsewhere what later ones take from the
turn before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import NamedTuple

from rung.graph.layers import Pairs, neighbours
from rung.graph.parts import Node

# So many turns make a loop, if that hides so many nodes; so many periods are tried, and loops sought.
LEAST_TURNS, LEAST_HIDDEN, MOST_TRIED, MOST_LOOPS = 3, 6, 12, 24


class Loop(NamedTuple):
    """Where a loop stands in the order: its first node, nodes of a turn, number of turns."""

    start: int
    period: int
    turns: int

    @property
    def stop(self) -> int:
        """Return the place after its last node."""
        return self.start + self.period * self.turns


def find_loops(nodes: Sequence[Node], pairs: Pairs) -> tuple[list[int], list[Loop]]:
    """Return an order of the computation, and the loops in it.

    Parameters
    ----------
    nodes : sequence of Node
        In an order of the computation; else no loop is found.
    pairs : sequence of (int, int)
        Distinct edges.

    Returns
    -------
    order : list of int
        Positions of nodes: first what is given, but for constants of one use; then the rest as it came.
    loops : list of Loop
        Apart from each other, in order.

    Examples
    --------
    >>> nodes = [Node("x", "x", "input"), *(Node(f"{i}", "f") for i in range(1, 9))]
    >>> find_loops(nodes, [(i, i + 1) for i in range(8)])[1]
    [Loop(start=1, period=1, turns=8)]
    """
    if any(source >= target for source, target in pairs):
        return list(range(len(nodes))), []
    search = _Search(nodes, pairs)
    found: list[Loop] = []
    pending = [(search.n_given, len(nodes))]
    while pending and len(found) < MOST_LOOPS:
        low, high = pending.pop()
        loop = search.longest(low, high)
        if loop:
            found.append(loop)
            pending += [(low, loop.start), (loop.stop, high)]
    return search.order, sorted(found)


class _Search:
    """Look for loops among nodes that are numbered in the order of the computation."""

    def __init__(self, nodes: Sequence[Node], pairs: Pairs) -> None:
        parents, children = neighbours(len(nodes), pairs)
        given = [
            i
            for i, node in enumerate(nodes)
            if not parents[i] and (node.kind != "constant" or len(children[i]) > 1)
        ]
        apart = set(given)
        self.order = [*given, *(i for i in range(len(nodes)) if i not in apart)]
        self.n_given = len(given)
        place = {node: at for at, node in enumerate(self.order)}
        self.parents = [[place[parent] for parent in parents[i]] for i in self.order]
        self.looks = [_look(nodes[i], is_made=bool(parents[i])) for i in self.order]

    def longest(self, low: int, high: int) -> Loop | None:
        """Return the loop between two places that hides most nodes."""
        found = [
            loop
            for period in self._periods(low, high)
            for run in self._runs(period, low, high)
            if (loop := self._aligned(run, period, low)).turns >= LEAST_TURNS
        ]
        best = max(found, key=lambda one: (_hidden(one), -one.period), default=None)
        return best if best and _hidden(best) >= LEAST_HIDDEN else None

    def _periods(self, low: int, high: int) -> list[int]:
        """Return distances at which nodes that look and take alike follow each other."""
        last: dict[Hashable, int] = {}
        covered: Counter[int] = Counter()
        for at in range(low, high):
            taken = (
                at - parent if self.parents[parent] else self.looks[parent]
                for parent in self.parents[at]
            )
            shape = (self.looks[at], tuple(sorted(taken, key=repr)))
            if shape in last:
                covered[at - last[shape]] += at - last[shape]
            last[shape] = at
        return [period for period, _ in covered.most_common(MOST_TRIED)]

    def _runs(self, period: int, low: int, high: int) -> list[tuple[int, int]]:
        """Return where a turn or more repeats after a period: first place, and the one after."""
        runs, start = [], low
        for at in range(low, high - period + 1):
            if at < high - period and self._is_alike(at, period):
                continue
            if at - start >= period:
                runs.append((start, at + period))
            start = at + 1
        return runs

    def _is_alike(self, at: int, period: int) -> bool:
        """Tell whether a node and the one a period later look alike and take from alike places."""
        if self.looks[at] != self.looks[at + period]:
            return False
        mine, others = self.parents[at], list(self.parents[at + period])
        if len(mine) != len(others):
            return False
        for parent in mine:
            match = next((one for one in others if self._stands_for(parent, one, period)), None)
            if match is None:
                return False
            others.remove(match)
        return True

    def _stands_for(self, parent: int, other: int, period: int) -> bool:
        if other in (parent, parent + period):
            return True
        is_given = not self.parents[parent] and not self.parents[other]
        return is_given and self.looks[parent] == self.looks[other]

    def _aligned(self, run: tuple[int, int], period: int, low: int) -> Loop:
        """Return the loop of a run that begins where most turns fit and least is handed on."""
        start, stop = run
        latest = start + (stop - start) % period
        begins = [*range(max(low, start - period), start), *range(start, latest + 1)]
        most = (stop - start) // period
        best, least = Loop(start, period, most), (0, 0)
        for begin in begins:
            turns = (stop - begin) // period
            if begin < start and not self._can_begin(begin, period):
                continue
            worth = (turns, -self._handed_on(begin + period, period))
            if worth > least:
                best, least = Loop(begin, period, turns), worth
        return best

    def _can_begin(self, begin: int, period: int) -> bool:
        """Tell whether a first turn differs from the second only in what it takes from before."""
        for at in range(begin, begin + period):
            if self.looks[at] != self.looks[at + period]:
                return False
            mine, others = self.parents[at], self.parents[at + period]
            inner = [parent + period for parent in mine if parent >= begin]
            if inner != [parent for parent in others if parent >= begin + period]:
                return False
        return True

    def _handed_on(self, begin: int, period: int) -> int:
        """Count the results that a turn takes from the turn before."""
        taken = {parent for at in range(begin, begin + period) for parent in self.parents[at]}
        return sum(begin - period <= parent < begin for parent in taken)


def _look(node: Node, *, is_made: bool) -> Hashable:
    """Return what nodes that play the same part share; a result is an operation like others."""
    kind = "operation" if node.kind == "output" and is_made else node.kind
    return kind, node.likeness or (node.title if is_made else "")


def _hidden(loop: Loop) -> int:
    return loop.period * (loop.turns - 1)
