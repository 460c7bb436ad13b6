"""Record what a torch module or loss computes, as a graph that can be drawn.

One node is one call of a torch function, in the module that made it. Recording watches and changes
nothing: parameters, their gradients, buffers and the state of random numbers stay as they were.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_flatten

from rung.errors import UsageError
from rung.graph.numbers import number, quantity
from rung.graph.parts import BoxLine, Edge, Fact, Kind, Node
from rung.graph.picture import Graph
from rung.nets.recording.cost import CostMode

FEW_ZEROS = 0.01
SAID = {"getitem": "slice", "truediv": "div", "rtruediv": "div", "rsub": "sub", "radd": "add"}
OF_VALUES = (
    "Mean, spread and share of zeros are those of each operation's result; its gradient is the "
    "norm of the derivative of the end by it."
)
OF_COST = (
    "FLOPs count two for each multiply-add of matrix products, convolutions, attention and "
    "recurrent layers, forward only; bytes are what the kernels read and write."
)


def record(
    function: Callable[..., Any],
    *inputs: Any,
    loss: Callable[[Any], Tensor] | None = None,
    module: nn.Module | None = None,
    title: str = "",
) -> Graph:
    """Record one forward pass, and where it ends in one number its derivatives, as a graph.

    Parameters
    ----------
    function : torch.nn.Module or callable
        What is computed.
    *inputs
        What it is given; tensors anywhere in them are the inputs of the graph.
    loss : callable, optional
        Makes one number of what the function returns.
    module : torch.nn.Module, optional
        Whose parameters and parts are named, where the function is no module.
    title : str
        Of the picture.

    Returns
    -------
    Graph
        Shapes, statistics of values, norms of gradients, FLOPs and bytes; repeated blocks fold.

    Raises
    ------
    UsageError
        If nothing that torch computes is returned.

    Examples
    --------
    >>> layer = nn.Linear(3, 2)
    >>> graph = record(layer, torch.ones(4, 3), loss=lambda y: y.square().mean())
    >>> [node.title for node in graph.nodes]
    ['input', 'linear', 'square', 'mean']
    """
    whole = function if isinstance(function, nn.Module) else module
    tape = _Tape()
    tape.know_parameters(whole)
    tape.know_inputs(function, inputs)
    with _unchanged(whole), torch.enable_grad():
        with tape.follow(whole), tape.cost, _Watch(tape):
            output = function(*inputs)
            output = loss(output) if loss is not None else output
        results = [tape.made[id(t)] for t in _tensors(output) if id(t) in tape.made]
        if not results:
            raise UsageError(
                f"the function returns {type(output).__name__} that torch did not compute from "
                "its inputs; a tensor is wanted",
                "return the tensor that shall be drawn",
            )
        tape.derive(output)
    nodes, edges = tape.graph(set(results))
    return Graph(nodes, edges, title or _name(function), notes=(OF_VALUES, OF_COST))


def _name(function: Callable[..., Any]) -> str:
    return getattr(function, "__name__", "") or type(function).__name__


@contextmanager
def _unchanged(whole: nn.Module | None) -> Iterator[None]:
    """Put buffers and random numbers back as they were."""
    kept = [(b, b.detach().clone()) for b in whole.buffers()] if whole is not None else []
    with torch.random.fork_rng(devices=[]):
        try:
            yield
        finally:
            with torch.no_grad():
                for buffer, before in kept:
                    buffer.copy_(before)


@dataclass
class _Call:
    """One call of a torch function, as it was seen."""

    key: str
    operation: str
    kind: Kind
    group: tuple[str, ...]
    shape: str
    sources: list[str]
    parameters: list[Tensor]
    facts: dict[str, Fact] = field(default_factory=dict)
    squares: float = 0.0
    has_gradient: bool = False


class _Tape:
    """Hold the calls in their order, and which call made which tensor."""

    def __init__(self) -> None:
        self.calls: dict[str, _Call] = {}
        self.made: dict[int, str] = {}
        self.held: list[Tensor] = []  # no tensor is freed, so none takes the id of another
        self.parameters: dict[int, str] = {}
        self.path: list[str] = []
        self.times: dict[str, int] = {}
        self.cost = CostMode()
        self.gradients: dict[int, float] = {}

    def know_parameters(self, whole: nn.Module | None) -> None:
        if whole is not None:
            self.parameters = {id(p): name for name, p in whole.named_parameters()}

    def know_inputs(self, function: Callable[..., Any], inputs: Sequence[Any]) -> None:
        """Make a node of every tensor that is given, named as the function names it."""
        target = function.forward if isinstance(function, nn.Module) else function
        try:
            names = list(inspect.signature(target).parameters)
        except (TypeError, ValueError):
            names = []
        for position, given in enumerate(inputs):
            name = names[position] if position < len(names) else f"input {position + 1}"
            for tensor in _tensors(given):
                self.add(name, "input", [tensor], [], [])

    @contextmanager
    def follow(self, whole: nn.Module | None) -> Iterator[None]:
        """Know at every call which modules it is made in."""
        hooks = []
        for name, part in whole.named_modules() if whole is not None else ():
            if name:
                enter, leave = self._enter(name), self._leave
                hooks.append(part.register_forward_pre_hook(enter))
                hooks.append(part.register_forward_hook(leave, always_call=True))
        try:
            yield
        finally:
            for hook in hooks:
                hook.remove()

    def _enter(self, name: str) -> Callable[..., None]:
        def enter(part: nn.Module, given: Any) -> None:
            self.times[name] = self.times.get(name, 0) + 1
            again = f" ({self.times[name]})" if self.times[name] > 1 else ""
            self.path.append(f"{name}{again}")

        return enter

    def _leave(self, part: nn.Module, given: Any, result: Any) -> None:
        self.path.pop()

    def group(self) -> tuple[str, ...]:
        """Return the modules that are running, each by its name within the one around it."""
        names, before = [], ""
        for name in self.path:
            short = name.removeprefix(f"{before}.") if before else name
            names.append(short)
            before = name.split(" (")[0]
        return tuple(names)

    def add(
        self,
        operation: str,
        kind: Kind,
        results: Sequence[Tensor],
        sources: Sequence[str],
        parameters: Sequence[Tensor],
    ) -> _Call:
        """Note one call, the statistics of its result, and where its derivative will come from."""
        key = _fresh(operation, self.calls)
        shape = " + ".join(dict.fromkeys(_shape(tensor) for tensor in results))
        if len(results) > 2 and "+" not in shape:
            shape = f"{len(results)} × ({shape})"
        call = _Call(key, operation, kind, self.group(), shape, list(sources), list(parameters))
        call.facts.update(_statistics(results))
        self.calls[key] = call
        for tensor in results:
            self.made[id(tensor)] = key
            self.held.append(tensor)
            if tensor.requires_grad and tensor.is_floating_point():
                tensor.register_hook(_collector(call))
        return call

    def derive(self, output: Any) -> None:
        """Follow the derivative of one number back; gradients that are there already stay."""
        ends = [t for t in _tensors(output) if t.numel() == 1 and t.requires_grad]
        if len(ends) != 1:
            return
        used = {id(p): p for call in self.calls.values() for p in call.parameters}
        leaves = [p for p in used.values() if p.requires_grad]
        inputs = [t for t in self.held if t.is_leaf and t.requires_grad]
        wanted = [*leaves, *inputs]
        if not wanted:
            return
        found = torch.autograd.grad(ends[0].reshape(()), wanted, allow_unused=True)
        for leaf, gradient in zip(leaves, found, strict=False):
            if gradient is not None:
                self.gradients[id(leaf)] = float(gradient.detach().double().norm())

    def graph(self, results: set[str]) -> tuple[tuple[Node, ...], tuple[Edge, ...]]:
        """Return nodes and edges of what the results are computed from."""
        needed, pending = set(results), list(results)
        while pending:
            for source in self.calls[pending.pop()].sources:
                if source not in needed:
                    needed.add(source)
                    pending.append(source)
        kept = [call for key, call in self.calls.items() if key in needed]
        nodes = tuple(self._node(call, is_result=call.key in results) for call in kept)
        edges = tuple(
            Edge(source, call.key) for call in kept for source in dict.fromkeys(call.sources)
        )
        return nodes, edges

    def _node(self, call: _Call, *, is_result: bool) -> Node:
        count = sum(p.numel() for p in call.parameters)
        facts: dict[str, Fact] = {
            "operation": call.operation,
            "module": ".".join(call.group),
            "shape": call.shape,
            **call.facts,
        }
        if call.has_gradient:
            facts["gradient norm"] = call.squares**0.5
        if count:
            facts["parameters"] = count
        norms = [self.gradients[id(p)] for p in call.parameters if id(p) in self.gradients]
        if norms:
            facts["gradient norm of parameters"] = sum(norm * norm for norm in norms) ** 0.5
        own = call.group[-1] if call.group else ""
        title = f"{own}: {call.operation}" if own and not own.isdigit() else call.operation
        sizes = ",".join(_shape(p) for p in call.parameters)
        return Node(
            call.key,
            title,
            "output" if is_result else call.kind,
            _lines(facts),
            facts,
            call.group,
            f"{call.operation} {call.shape} {sizes}",
        )


class _Watch(TorchFunctionMode):
    """See every call of a torch function; calls inside it are not seen."""

    def __init__(self, tape: _Tape) -> None:
        super().__init__()
        self.tape = tape

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        given = dict(kwargs or {})
        sources = _tensors((args, given))
        versions = {id(t): _version(t) for t in sources}
        before = self.tape.cost.total
        result = func(*args, **given)
        made = [t for t in _tensors(result) if versions.get(id(t)) != _version(t)]
        if made and not any(id(t) in self.tape.parameters for t in made):
            self._note(func, sources, made, before)
        return result

    def _note(
        self,
        func: Callable[..., Any],
        sources: Sequence[Tensor],
        made: Sequence[Tensor],
        before: tuple[int, int],
    ) -> None:
        tape = self.tape
        owner = getattr(func, "__self__", None)
        name = getattr(owner, "__name__", "") if func.__name__ == "__get__" else func.__name__
        keys, parameters = [], []
        for tensor in sources:
            if id(tensor) in tape.parameters:
                parameters.append(tensor)
            elif id(tensor) in tape.made:
                keys.append(tape.made[id(tensor)])
            elif tensor.numel() > 1:
                keys.append(tape.add("constant", "constant", [tensor], [], []).key)
        after = tape.cost.total
        operation = name.strip("_")
        operation = SAID.get(operation, operation)
        kind: Kind = "operation" if keys or parameters else "constant"
        call = tape.add(operation, kind, made, keys, list(dict.fromkeys(parameters)))
        flops, size = after[0] - before[0], after[1] - before[1]
        call.facts.update({"flops": flops, "bytes": size})


def _tensors(tree: Any) -> list[Tensor]:
    """Return the tensors in lists, tuples and dictionaries, in their order."""
    return [leaf for leaf in tree_flatten(tree)[0] if isinstance(leaf, Tensor)]


def _version(tensor: Tensor) -> int:
    """Return how often a tensor was changed in place; torch has no other name for it."""
    return tensor._version  # noqa: SLF001


def _collector(call: _Call) -> Callable[[Tensor], None]:
    def collect(gradient: Tensor) -> None:
        call.has_gradient = True
        call.squares += float(gradient.detach().double().square().sum())

    return collect


def _fresh(name: str, taken: Mapping[str, Any]) -> str:
    key, again = name, 1
    while key in taken:
        again += 1
        key = f"{name} {again}"
    return key


def _shape(tensor: Tensor) -> str:
    return "×".join(map(str, tensor.shape)) or "1"


def _statistics(results: Sequence[Tensor]) -> dict[str, Fact]:
    """Return mean, standard deviation and share of zeros of what a call gave."""
    floats = [t.detach().reshape(-1).double() for t in results if t.is_floating_point()]
    if not floats or not sum(t.numel() for t in floats):
        return {}
    values = torch.cat(floats)
    known = values[values.isfinite()]
    facts: dict[str, Fact] = {}
    if known.numel():
        facts["mean"], facts["std"] = float(known.mean()), float(known.std(correction=0))
    facts["zeros"] = float((values == 0).double().mean())
    if known.numel() < values.numel():
        facts["not finite"] = 1.0 - known.numel() / values.numel()
    return facts


def _lines(facts: Mapping[str, Fact]) -> tuple[BoxLine, ...]:
    """Say the most telling of what is known, in a few lines."""
    lines = [BoxLine("shape", str(facts["shape"]))]
    if "mean" in facts and facts["shape"] == "1":
        lines = [BoxLine("value", number(float(facts["mean"]), 4))]
    elif "mean" in facts:
        lines.append(BoxLine("values", _spread(float(facts["mean"]), float(facts["std"]))))
    if float(facts.get("zeros", 0.0)) > FEW_ZEROS:
        lines.append(BoxLine("zeros", f"{100 * float(facts['zeros']):.0f} %"))
    if "not finite" in facts:
        lines.append(BoxLine("not finite", f"{100 * float(facts['not finite']):.0f} %", "warn"))
    if "parameters" in facts:
        lines.append(BoxLine("parameters", quantity(float(facts["parameters"]))))
    if "gradient norm" in facts:
        lines.append(BoxLine("gradient", number(float(facts["gradient norm"]), 3), "gradient"))
    return tuple(lines)


def _spread(mean: float, std: float) -> str:
    """Write a mean with as many digits as its spread lets it mean something."""
    rounded = float(f"{std:.1e}")
    digits = 1 - int(f"{std:e}".partition("e")[2])
    return f"{number(round(mean, digits), 4)} ± {number(rounded, 2)}"
