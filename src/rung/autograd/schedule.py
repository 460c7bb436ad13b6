"""Put steps of a tape that can be done at the same time into groups.

Three thoughts make a tape of scalars fast on arrays. *Kinds*: what depends on parameters alone is
done once, not once an example. *Sums*: a chain ((b + p1) + p2) + ... whose links nobody else uses
is one sum of many terms. *Levels*: steps of one operation that wait for nothing but earlier levels
are done in one call, all neurons of a layer together. Rows are numbered group by group, so that
what is made together lies together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field

from rung.autograd.tape import Step, Tape


@dataclass(frozen=True)
class Group:
    """Do one operation on many rows.

    Attributes
    ----------
    rule : str
        A key of `rules.SLOPES`; "+" is a sum of any number of terms.
    shared : bool
        Whether the results are the same for all examples.
    nodes : list of int
        Positions on the tape of the results.
    operands : list of (bool, list of int)
        For each operand whether it is shared, and its positions, one a node. A sum has at most
        two: its shared terms and its other terms, all terms of the first node, then of the second.
    exponent : float, optional
        Of a power.
    """

    rule: str
    shared: bool
    nodes: list[int] = field(default_factory=list)
    operands: list[tuple[bool, list[int]]] = field(default_factory=list)
    exponent: float | None = None


@dataclass(frozen=True)
class Schedule:
    """Say in which order groups are done and in which row each step is kept.

    Attributes
    ----------
    groups : list of Group
    shared : list of bool
        For each step whether it is the same for all examples.
    rows : list of int
        For each step its row among the shared ones or among the others; -1 for links of a sum.
    n_shared, n_varying : int
        Number of rows of both kinds.
    """

    groups: list[Group]
    shared: list[bool]
    rows: list[int]
    n_shared: int
    n_varying: int


def schedule(tape: Tape) -> Schedule:
    """Group the steps of a tape.

    Examples
    --------
    >>> from rung.autograd.tape import record
    >>> tape = record(lambda x: sum(one * one for one in x), [1.0, 2.0, 3.0])
    >>> [(group.rule, len(group.nodes)) for group in schedule(tape).groups]
    [('*', 3), ('+', 1)]
    """
    shared = _shared(tape)
    links = _links(tape, shared)
    groups = _grouped(tape, shared, links)
    rows, n_shared, n_varying = _numbered(tape, groups, shared)
    return Schedule(groups, shared, rows, n_shared, n_varying)


def _shared(tape: Tape) -> list[bool]:
    shared: list[bool] = []
    for step in tape.steps:
        parents = [parent for parent in (step.left, step.right) if parent >= 0]
        shared.append(step.rule != "input" and all(shared[parent] for parent in parents))
    return shared


def _links(tape: Tape, shared: list[bool]) -> set[int]:
    """Find sums that only another sum of their kind uses, and only once."""
    uses = Counter(parent for step in tape.steps for parent in (step.left, step.right))
    uses.update(tape.outputs)
    return {
        parent
        for position, step in enumerate(tape.steps)
        if step.rule == "+"
        for parent in (step.left, step.right)
        if tape.steps[parent].rule == "+"
        and uses[parent] == 1
        and shared[parent] == shared[position]
    }


def _terms(position: int, steps: tuple[Step, ...], links: set[int]) -> Iterator[int]:
    waiting = [steps[position].right, steps[position].left]
    while waiting:
        term = waiting.pop()
        if term in links:
            waiting += [steps[term].right, steps[term].left]
        else:
            yield term


def _grouped(tape: Tape, shared: list[bool], links: set[int]) -> list[Group]:
    levels = [0] * len(tape.steps)
    groups: dict[tuple[int, Hashable], Group] = {}
    constants = dict(tape.constants)
    for position, step in enumerate(tape.steps):
        if step.left < 0 or position in links:
            continue
        parents = _operands(position, tape, shared, links)
        exponent = constants[step.right] if step.rule == "power" else None
        levels[position] = 1 + max(levels[one] for _, many in parents for one in many)
        form = tuple((kind, len(many)) for kind, many in parents)
        key = (levels[position], (step.rule, exponent, shared[position], form))
        group = groups.setdefault(
            key,
            Group(
                step.rule,
                shared[position],
                operands=[(kind, []) for kind, _ in parents],
                exponent=exponent,
            ),
        )
        group.nodes.append(position)
        for (_, gathered), (_, many) in zip(group.operands, parents, strict=True):
            gathered += many
    return [groups[key] for key in sorted(groups, key=lambda key: key[0])]


def _operands(
    position: int, tape: Tape, shared: list[bool], links: set[int]
) -> list[tuple[bool, list[int]]]:
    step = tape.steps[position]
    if step.rule == "+":
        terms = list(_terms(position, tape.steps, links))
        kinds = [(kind, [one for one in terms if shared[one] == kind]) for kind in (True, False)]
        return [(kind, many) for kind, many in kinds if many]
    parents = [step.left] if step.right < 0 or step.rule == "power" else [step.left, step.right]
    return [(shared[parent], [parent]) for parent in parents]


def _numbered(tape: Tape, groups: list[Group], shared: list[bool]) -> tuple[list[int], int, int]:
    rows = [-1] * len(tape.steps)
    counts = [0, 0]

    def place(position: int) -> None:
        if rows[position] < 0:
            rows[position] = counts[shared[position]]
            counts[shared[position]] += 1

    for position in (*tape.inputs, *_by_first_use(tape, groups), *tape.outputs):
        if position >= 0 and tape.steps[position].left < 0:
            place(position)
    for group in groups:
        for position in group.nodes:
            place(position)
    return rows, counts[True], counts[False]


def _by_first_use(tape: Tape, groups: list[Group]) -> Iterator[int]:
    for group in groups:
        for _, positions in group.operands:
            yield from positions
