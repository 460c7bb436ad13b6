"""Turn Values that remember how they were made into a graph of nodes and edges."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any

from rung.autograd import Value
from rung.autograd.value import noted
from rung.errors import UsageError
from rung.graph.evaluate import evaluate
from rung.graph.fold import MOST_PLAIN
from rung.graph.numbers import number
from rung.graph.parts import BoxLine, Edge, Kind, Node
from rung.graph.picture import Graph

SIGNS = {"+": "+", "-": "\N{MINUS SIGN}", "*": "×", "/": "÷", "**": "^"}
# How strongly signs bind, for the parentheses that a reader needs.
BINDS = {"+": 1, "-": 1, "*": 2, "/": 2, "neg": 3, "**": 4}
WHOLE = 9
LONGEST_TEXT = 22
RESULT, CUT = "z", "…"
SUBSCRIPTS, POWERS = "₀₁₂₃₄₅₆₇₈₉", "⁰¹²³⁴⁵⁶⁷⁸⁹"


def graph_of(function: Callable[..., Any], /, **values: float) -> Graph:
    """Draw how a function computes its result, with the derivative of every step.

    Parameters
    ----------
    function : callable
        Takes the values by name, as `rung.autograd.Value`, and returns one Value.
    **values : float
        What it is given.

    Returns
    -------
    Graph
        `table()` lists it; `to_svg()`, `to_html()` and `to_dot()` draw it.

    Raises
    ------
    UsageError
        If the function returns no Value, or takes other names.

    Examples
    --------
    >>> graph = graph_of(lambda a, b, c: 2 * (a - b) + c, a=3, b=1, c=4)
    >>> [row["gradient"] for row in graph.table() if row["node"] == "b"]
    [-2.0]
    """
    given = {name: Value(float(value), label=name) for name, value in values.items()}
    try:
        inspect.signature(function).bind(**given)
    except TypeError as error:
        raise UsageError(
            f"the function cannot be called with {', '.join(values) or 'no values'}: {error}",
            "give each of its parameters a value by name",
        ) from None
    with noted() as made:
        result = function(**given)
    if not isinstance(result, Value):
        raise UsageError(
            f"the function returns {type(result).__name__}; a Value is wanted",
            "compute with the Values it is given, and return the one to be drawn",
        )
    result.backward()
    return _graph(_as_made(_ordered(result), made))


def expression_graph(source: str, given: Mapping[str, float]) -> Graph:
    """Draw an expression with the value and the derivative of every step.

    Parameters
    ----------
    source : str
        Numbers, names, + - * / **, parentheses and functions; see `rung.graph.expression`.
    given : mapping of str to float
        What the names stand for.

    Raises
    ------
    UsageError
        If it cannot be read or has no finite value, with the position.

    Examples
    --------
    >>> expression_graph("a*a", {"a": 3.0}).table()[-1]["value"]
    9.0
    """
    result = evaluate(source, given)
    result.backward()
    return value_graph(result)


def value_graph(result: Value, title: str = "") -> Graph:
    """Return the graph of a Value and of all that it was made of, with gradients as they stand.

    Parameters
    ----------
    result : Value
        After `result.backward()`.
    title : str
        Of the picture; by default what was computed.

    Examples
    --------
    >>> a = Value(2.0, label="a")
    >>> z = a * a
    >>> z.backward()
    >>> len(value_graph(z).nodes)
    2
    """
    return _graph(_ordered(result), title)


def _graph(order: Sequence[Value], title: str = "") -> Graph:
    result = order[-1]
    names = _names(order, result)
    texts = _texts(order, names)
    nodes = tuple(
        _node(value, names[i], texts[i][0], is_result=value is result)
        for i, value in enumerate(order)
    )
    place = {id(value): i for i, value in enumerate(order)}
    edges = tuple(
        Edge(nodes[place[id(parent)]].key, nodes[i].key)
        for i, value in enumerate(order)
        for parent in dict.fromkeys(value.parents)
    )
    is_told = result.parents and CUT not in texts[-1][0]
    said = f"{names[-1]} = {texts[-1][0]}" if is_told else names[-1]
    note = f"The gradient of a node says how fast {names[-1]} grows with it: d{names[-1]}/dnode."
    return Graph(nodes, edges, title or said, notes=(note,))


def _ordered(result: Value) -> list[Value]:
    """Return every Value below the result, parents first, left before right, without recursion."""
    order: list[Value] = []
    seen: set[int] = set()
    pending: list[tuple[Value, bool]] = [(result, False)]
    while pending:
        value, is_done = pending.pop()
        if is_done:
            order.append(value)
        elif id(value) not in seen:
            seen.add(id(value))
            pending.append((value, True))
            pending.extend((parent, False) for parent in reversed(value.parents))
    return order


def _as_made(order: Sequence[Value], made: Sequence[Value]) -> Sequence[Value]:
    """Return large graphs in the order in which they were made, so that turns of loops stay whole.

    What is given comes right before its first use.
    """
    wanted = {value for value in order if value.parents}
    steps = [value for value in made if value in wanted]
    if len(order) <= MOST_PLAIN or len(steps) < len(wanted):
        return order
    seen: dict[Value, None] = {}
    for value in steps:
        seen.update(dict.fromkeys((*value.parents, value)))
    return list(seen)


def _names(order: Sequence[Value], result: Value) -> list[str]:
    """Name every Value: its label, its number, or v1, v2, ... for what lies between."""
    labels = {value.label for value in order}
    taken: dict[str, int] = {}
    names: list[str] = []
    between = (f"v{i}" for i in count(1) if f"v{i}" not in labels)
    for value in order:
        name = value.label
        if not name and value is result:
            name = RESULT if RESULT not in labels else "result"
        elif not name:
            name = number(value.data) if _is_constant(value) else next(between)
        taken[name] = taken.get(name, 0) + 1
        names.append(f"{name}{_small(taken[name], SUBSCRIPTS)}" if taken[name] > 1 else name)
    return names


def _small(whole: int, digits: str) -> str:
    """Write a whole number in small digits, above or below the line."""
    return "".join(digits[int(digit)] for digit in str(whole))


def _is_constant(value: Value) -> bool:
    return not value.parents and value.operation == "constant"


def _texts(order: Sequence[Value], names: Sequence[str]) -> list[tuple[str, int]]:
    """Return for each Value how it is computed and how strongly that binds; long parts are cut."""
    texts: dict[int, tuple[str, int]] = {}
    spoken: dict[int, tuple[str, int]] = {}
    for value, name in zip(order, names, strict=True):
        texts[id(value)] = _text(value, name, [spoken[id(parent)] for parent in value.parents])
        # A labelled Value is spoken of by its name, the rest by how it was computed.
        spoken[id(value)] = (name, WHOLE) if value.label else texts[id(value)]
    return [texts[id(value)] for value in order]


def _text(value: Value, name: str, inputs: Sequence[tuple[str, int]]) -> tuple[str, int]:
    sign, binds = value.operation, BINDS.get(value.operation, WHOLE)
    if not value.parents:
        is_positive = value.data >= 0 or not _is_constant(value)
        return number(value.data) if _is_constant(value) else name, WHOLE if is_positive else 3
    if sign in SIGNS:
        return _infix(value, inputs, binds), binds
    parts = ", ".join(text for text, _ in inputs)
    if sign == "neg":
        is_loose = inputs[0][1] < binds or parts.startswith(SIGNS["-"])
        parts = f"({parts})" if is_loose else parts
        return _bounded(f"{SIGNS['-']}{parts}", "neg"), binds
    return _bounded(f"{sign}({parts})", sign), WHOLE


def _infix(value: Value, inputs: Sequence[tuple[str, int]], binds: int) -> str:
    """Write an operator between its operands, with the parentheses that it needs."""
    sign = value.operation
    (left, left_binds), (right, right_binds) = inputs
    if left_binds < binds or (sign == "**" and left_binds < WHOLE):
        left = f"({left})"
    power = value.parents[1].data
    if sign == "**" and _is_constant(value.parents[1]) and power == int(abs(power)) < 1000:
        return _bounded(f"{left}{_small(int(power), POWERS)}", sign)
    is_alike = sign in ("-", "/") and right_binds == binds
    if right_binds < binds or is_alike or right.startswith(SIGNS["-"]):
        right = f"({right})"
    return _bounded(f"{left} {SIGNS[sign]} {right}", sign)


def _bounded(text: str, sign: str) -> str:
    return text if len(text) <= 2 * LONGEST_TEXT else f"{CUT} {SIGNS.get(sign, sign)} {CUT}"


def _node(value: Value, name: str, text: str, *, is_result: bool) -> Node:
    kind = _kind(value, is_result)
    sign = SIGNS.get(value.operation, value.operation)
    title = text if len(text) <= LONGEST_TEXT and CUT not in text else sign
    if kind == "constant":
        title = number(value.data)
    elif value.label or is_result or not value.parents:
        is_told = value.parents and len(f"{name} = {text}") <= LONGEST_TEXT
        title = f"{name} = {text}" if is_told else name
    lines = (
        BoxLine("value", number(value.data)),
        BoxLine("gradient", number(value.grad), "gradient"),
    )
    likeness = value.operation if value.parents else re.sub(r"\d+", "#", value.label)
    return Node(
        name,
        title,
        kind,
        () if kind == "constant" else lines,
        {
            "operation": sign if value.parents else kind,
            "made by": text if value.parents else "",
            "value": value.data,
            "gradient": value.grad,
        },
        likeness=f"{likeness}{'=' if value.label and value.parents else ''}",
    )


def _kind(value: Value, is_result: bool) -> Kind:
    if is_result:
        return "output"
    if value.parents:
        return "operation"
    if _is_constant(value):
        return "constant"
    return "input" if value.label else "parameter"
