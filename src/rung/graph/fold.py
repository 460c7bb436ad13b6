"""Fold a graph so that it stays readable: repeated blocks are drawn once, groups become one box.

A group is what nodes say of themselves (`Node.group`); two groups are alike if their nodes are,
with the same edges among them. Where nodes name no groups, nodes that play the same part are
folded (`rung.graph.alike`), or the turns of loops where that leaves fewer boxes
(`rung.graph.loops`).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rung.graph.alike import fold_alike, stand_in
from rung.graph.layers import neighbours
from rung.graph.loops import find_loops
from rung.graph.numbers import quantity
from rung.graph.parts import BoxLine, Edge, Fact, Node, ends

# Graphs up to this size are shown whole, and groups are opened while no more boxes are seen.
MOST_PLAIN, MOST_SHOWN = 60, 26
# Groups up to this size are no box of their own; steps that repeat this often fold, if that saves
# so many boxes.
SMALL, OFTEN, SAVED, LONGEST_PERIOD = 2, 3, 6, 24
SUMS = ("parameters", "flops", "bytes")
SAID = {"parameters": "parameters", "flops": "FLOPs", "bytes": "bytes"}


@dataclass(frozen=True)
class Block:
    """What stands behind one box of a folded graph.

    Attributes
    ----------
    title : str
        Its name.
    units : tuple of tuple of Node
        The nodes of each of the blocks that are alike.
    inside : Folded or None
        The graph of the first of them; None if a unit is one node.
    """

    title: str
    units: tuple[tuple[Node, ...], ...]
    inside: Folded | None


@dataclass(frozen=True)
class Folded:
    """A graph of which some boxes can be opened.

    Attributes
    ----------
    nodes, edges : tuple of Node, tuple of Edge
        What is seen.
    title : str
        What it shows.
    blocks : mapping of str to Block
        What is behind a box, by its key.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    title: str
    blocks: Mapping[str, Block] = field(default_factory=dict)


def unfolded(nodes: Sequence[Node], edges: Sequence[Edge], title: str) -> Folded:
    """Return the graph as it is."""
    return Folded(tuple(nodes), tuple(edges), title)


def fold(nodes: Sequence[Node], edges: Sequence[Edge], title: str = "") -> Folded:
    """Return a graph of few boxes; what is folded can be opened.

    Parameters
    ----------
    nodes : sequence of Node
        In the order of the computation.
    edges : sequence of Edge
        Without circles.
    title : str
        What the graph shows.

    Returns
    -------
    Folded
        Small graphs without groups as they are.

    Examples
    --------
    >>> nodes = [Node(f"{i}", "f", group=(f"block.{i // 3}",)) for i in range(12)]
    >>> edges = [Edge(f"{i}", f"{i + 1}") for i in range(11)]
    >>> [(node.title, node.members) for node in fold(nodes, edges).nodes]
    [('block.0 … block.3', 4)]
    """
    if any(node.group for node in nodes):
        return _Folder(nodes, edges).fold(title)
    if len(nodes) <= MOST_PLAIN:
        return unfolded(nodes, edges, title)
    seen, flows, members = fold_alike(nodes, edges)
    if len(seen) > MOST_SHOWN:
        looped = _Folder(nodes, edges).fold_loops(title)
        if len(looped.nodes) < len(seen):
            return looped
    titles = {node.key: node.title for node in seen}
    blocks = {
        key: Block(titles[key], tuple((node,) for node in behind), None)
        for key, behind in members.items()
    }
    return Folded(seen, flows, title, blocks)


@dataclass(frozen=True)
class _Item:
    """Nodes that stay together: one alone, a group, or a group's repetitions.

    `units` holds positions of nodes; `depth` is that of the group names inside.
    """

    name: str
    units: tuple[tuple[int, ...], ...]
    depth: int

    @property
    def is_single(self) -> bool:
        return len(self.units) == 1 and len(self.units[0]) == 1

    @property
    def all(self) -> list[int]:
        return [i for unit in self.units for i in unit]


class _Folder:
    """Fold nodes by the groups that they name."""

    def __init__(self, nodes: Sequence[Node], edges: Sequence[Edge]) -> None:
        self.nodes, self.edges = tuple(nodes), tuple(edges)
        self.pairs = ends(nodes, edges)
        self.parents, self.children = neighbours(len(nodes), self.pairs)

    def fold(self, title: str) -> Folded:
        """Return the whole graph, folded."""
        return self._level(tuple(range(len(self.nodes))), 0, title)[0]

    def _level(self, own: Sequence[int], depth: int, title: str) -> tuple[Folded, dict[int, str]]:
        """Return a folded part of the graph, and the key of the box that each node is in."""
        items = self._without_circles(self._open_while_few(self._items(own, depth)))
        return self._folded(items, title)

    def fold_loops(self, title: str) -> Folded:
        """Return the whole graph with the turns of each loop in one box, and its inputs in one.

        A loop is a stretch of an order of the computation, and inputs come before all: boxes of
        them make no circle.
        """
        order, loops = find_loops(self.nodes, self.pairs)
        units = {
            loop.start: tuple(
                tuple(order[at : at + loop.period])
                for at in range(loop.start, loop.stop, loop.period)
            )
            for loop in loops
        }
        inside = {at for loop in loops for at in range(loop.start, loop.stop)}
        items = [_Item(self._loop_name(units[at][0]), units[at], 0) for at in sorted(units)]
        items += self._inputs([i for at, i in enumerate(order) if at not in inside], items)
        items.sort(key=lambda item: item.units[0][0])
        folded, box = self._folded(items, title)
        return self._with_results(folded, box)

    def _inputs(self, alone: Sequence[int], loops: Sequence[_Item]) -> list[_Item]:
        """Make one item of inputs that look alike and go into the same loops."""
        box = {i: number for number, item in enumerate(loops) for i in item.all}
        groups: dict[Hashable, list[int]] = {}
        for i in alone:
            uses = frozenset(box.get(child, -1 - child) for child in self.children[i])
            is_given = not self.parents[i] and all(use >= 0 for use in uses)
            node = self.nodes[i]
            key = (node.kind, node.likeness, uses) if is_given else i
            groups.setdefault(key, []).append(i)
        items = []
        for members in groups.values():
            parts = [members] if len(members) >= OFTEN else [[i] for i in members]
            for part in parts:
                shown = stand_in([self.nodes[i] for i in part])
                items.append(_Item(shown.title, tuple((i,) for i in part), 0))
        return items

    def _loop_name(self, turn: Sequence[int]) -> str:
        """Name a loop by the operations of its first turn."""
        made = [self.nodes[i] for i in turn if self.parents[i]]
        words = [str(node.facts.get("operation") or node.title) for node in made]
        return " ".join(words if len(words) <= 6 else [*words[:2], "…", *words[-2:]])

    def _with_results(self, folded: Folded, box: Mapping[int, str]) -> Folded:
        """Show results that are the last step of a loop beside its box, too."""
        seen = {node.key for node in folded.nodes}
        results = [i for i, node in enumerate(self.nodes) if node.kind == "output"]
        hidden = [i for i in results if self.nodes[i].key not in seen]
        nodes = (*folded.nodes, *(self.nodes[i] for i in hidden))
        edges = (*folded.edges, *(Edge(box[i], self.nodes[i].key) for i in hidden))
        return Folded(nodes, edges, folded.title, folded.blocks)

    def _folded(self, items: Sequence[_Item], title: str) -> tuple[Folded, dict[int, str]]:
        """Return the graph of items, and the key of the box that each node is in."""
        box = {i: self._key(item) for item in items for i in item.all}
        flows = dict.fromkeys(
            (box[a], box[b]) for a, b in self.pairs if a in box and b in box and box[a] != box[b]
        )
        seen = tuple(self._seen(item) for item in items)
        blocks = {self._key(item): self._block(item) for item in items if not item.is_single}
        return Folded(seen, tuple(Edge(a, b) for a, b in flows), title, blocks), box

    def _items(self, own: Sequence[int], depth: int) -> list[_Item]:
        """Divide nodes by their groups at a depth, and fold what repeats."""
        groups: dict[Hashable, list[int]] = {}
        for i in own:
            path = self.nodes[i].group
            groups.setdefault(path[: depth + 1] if len(path) > depth else i, []).append(i)
        if len(groups) == 1 and len(own) > 1:
            return self._items(own, depth + 1)
        items = []
        for members in groups.values():
            if len(members) <= SMALL:
                items += [_Item(self.nodes[i].title, ((i,),), depth + 1) for i in members]
            else:
                path = self.nodes[members[0]].group
                # A number alone says little: blocks.0, not 0.
                is_bare = path[depth].isdigit() and depth > 0
                name = f"{path[depth - 1]}.{path[depth]}" if is_bare else path[depth]
                items.append(_Item(name, (tuple(members),), depth + 1))
        items.sort(key=lambda item: item.units[0][0])
        return self._fold_runs(items)

    def _fold_runs(self, items: list[_Item]) -> list[_Item]:
        """Make one item of items, or series of items, that repeat one after the other."""
        prints = [self._print(item) for item in items]
        found, at = [], 0
        while at < len(items):
            period, times = _run(prints, at, [len(item.units[0]) for item in items])
            if times > 1:
                series = [items[at + k * period : at + (k + 1) * period] for k in range(times)]
                units = tuple(tuple(i for item in one for i in item.all) for one in series)
                depth = series[0][0].depth - (period > 1)  # a series of items is divided again
                found.append(_Item(_run_name(series), units, depth))
            else:
                found.append(items[at])
            at += period * times
        return found

    def _print(self, item: _Item) -> Hashable:
        """Return what an item shares with those that are alike: its nodes and their edges."""
        own = {i: place for place, i in enumerate(item.all)}
        parts = tuple(
            (node.group[item.depth :], node.kind, node.likeness or node.title)
            for node in (self.nodes[i] for i in item.all)
        )
        inner = tuple((own[p], own[i]) for i in item.all for p in self.parents[i] if p in own)
        return item.is_single, parts, inner

    def _open_while_few(self, items: list[_Item]) -> list[_Item]:
        """Open groups that do not repeat, small ones first, while few boxes are seen."""
        closed: set[tuple[int, ...]] = set()
        while True:
            groups = [
                item
                for item in items
                if len(item.units) == 1 and not item.is_single and item.units[0] not in closed
            ]
            if not groups:
                return items
            group = min(groups, key=lambda item: (len(item.units[0]), item.units[0][0]))
            opened = self._items(group.units[0], group.depth)
            if len(items) - 1 + len(opened) > MOST_SHOWN:
                closed.add(group.units[0])
                continue
            items = _replaced(items, group, opened)

    def _without_circles(self, items: list[_Item]) -> list[_Item]:
        """Open items that other items lead both out of and back into."""
        while True:
            stuck = self._stuck(items)
            if not stuck:
                return items
            item = stuck[0]
            opened = (
                [_Item(item.name, (unit,), item.depth) for unit in item.units]
                if len(item.units) > 1
                else [_Item(self.nodes[i].title, ((i,),), item.depth) for i in item.units[0]]
            )
            items = _replaced(items, item, opened)

    def _stuck(self, items: Sequence[_Item]) -> list[_Item]:
        """Return items of several nodes that lie on a circle of items."""
        place = {i: number for number, item in enumerate(items) for i in item.all}
        flows = {
            (place[a], place[b])
            for a, b in self.pairs
            if a in place and b in place and place[a] != place[b]
        }
        left = set(range(len(items)))
        while True:
            within = [(a, b) for a, b in flows if a in left and b in left]
            keep = {a for a, _ in within} & {b for _, b in within}
            if keep == left:
                break
            left = keep
        return [items[number] for number in sorted(left) if not items[number].is_single]

    def _is_given(self, item: _Item) -> bool:
        """Tell inputs of loops, which are folded for looking alike, from steps and groups."""
        return not item.depth and not any(self.parents[i] for i in item.all)

    def _key(self, item: _Item) -> str:
        first = self.nodes[item.units[0][0]].key
        return first if item.is_single else f"block {first}"

    def _seen(self, item: _Item) -> Node:
        """Return the box of an item."""
        if item.is_single:
            return self.nodes[item.units[0][0]]
        if self._is_given(item):
            shown = stand_in([self.nodes[i] for i in item.all])
            return replace(shown, key=self._key(item))
        each, many = len(item.units[0]), len(item.units)
        lines = [BoxLine("operations", f"{each} each" if many > 1 else f"{each}")]
        facts: dict[str, Fact] = {"operations": each * many}
        for name in SUMS:
            total = sum(_counted(self.nodes[i], name) for i in item.all)
            if total:
                facts[name] = total
                lines.append(BoxLine(SAID[name], quantity(total)))
        return Node(self._key(item), item.name, "block", tuple(lines), facts, members=many)

    def _block(self, item: _Item) -> Block:
        units = tuple(tuple(self.nodes[i] for i in unit) for unit in item.units)
        if self._is_given(item):
            return Block(item.name, units, None)
        inside, box = self._level(item.units[0], item.depth, item.name)
        stubs, flows = self._stubs(item.units[0], box)
        nodes = (*stubs, *inside.nodes)
        folded = Folded(nodes, (*inside.edges, *flows), inside.title, inside.blocks)
        return Block(item.name, units, folded)

    def _stubs(self, unit: Sequence[int], box: Mapping[int, str]) -> tuple[list[Node], list[Edge]]:
        """Return a dotted box for all that comes in from outside, and for all that goes out."""
        stubs: dict[str, Node] = {}
        flows: dict[tuple[str, str], None] = {}
        for i in unit:
            for other in self.parents[i]:
                if other not in box:
                    key = f"from {self.nodes[other].key}"
                    stubs[key] = Node(key, f"from {self.nodes[other].title}", "note")
                    flows[key, box[i]] = None
            for other in self.children[i]:
                if other not in box:
                    key = f"to {self.nodes[other].key}"
                    stubs[key] = Node(key, f"to {self.nodes[other].title}", "note")
                    flows[box[i], key] = None
        return list(stubs.values()), [Edge(a, b) for a, b in flows]


def _replaced(items: list[_Item], old: _Item, new: list[_Item]) -> list[_Item]:
    kept = [item for item in items if item is not old]
    return sorted([*kept, *new], key=lambda item: item.units[0][0])


def _run(prints: Sequence[Hashable], at: int, sizes: Sequence[int]) -> tuple[int, int]:
    """Return the period and the number of repetitions that begin here and fold most items."""
    best = (1, 1)
    most = 0
    for period in range(1, min(LONGEST_PERIOD, (len(prints) - at) // 2) + 1):
        unit = prints[at : at + period]
        times = 1
        while prints[at + times * period : at + (times + 1) * period] == unit:
            times += 1
        if max(sizes[at : at + period]) > SMALL:
            is_worth = times > 1
        else:
            is_worth = times >= OFTEN and (times - 1) * period >= SAVED
        if is_worth and (times - 1) * period > most:
            best, most = (period, times), (times - 1) * period
    return best


def _run_name(series: Sequence[Sequence[_Item]]) -> str:
    first, last = series[0], series[-1]
    if len(first) == 1:
        own, other = first[0].name, last[0].name
        return own if own == other else f"{own} … {other}"
    names = tuple(item.name for item in first)
    return ", ".join(names) if len(names) <= 3 else f"{names[0]} … {names[-1]}"


def _counted(node: Node, name: str) -> float:
    value = node.facts.get(name, 0)
    return value if isinstance(value, int | float) else 0
