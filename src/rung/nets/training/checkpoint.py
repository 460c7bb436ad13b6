"""Take the whole state of a training out as plain data, and put it back, bit for bit.

Weights, what the optimiser remembers, where each random generator stands, schedules and counters
become one `State`: JSON and arrays, nothing that could run. `rung.store.checkpoint` writes it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor

from rung.core.family import State
from rung.errors import BadModelFile
from rung.typing import JSON, Array, Untyped

REMEDY = "give the state of this very training, or start it anew"
# numpy has no name for these types: their bits are kept as those of a type that it has.
_BITS = {torch.bfloat16: torch.uint16}
_TYPES = {str(kind): kind for kind in _BITS}


def capture(
    *,
    modules: Mapping[str, Untyped] | None = None,
    optimisers: Mapping[str, Untyped] | None = None,
    generators: Mapping[str, Untyped] | None = None,
    schedules: Mapping[str, Untyped] | None = None,
    counters: Mapping[str, Any] | None = None,
) -> State:
    """Return a copy of everything that the next step of a training depends on.

    Parameters
    ----------
    modules : mapping of str to torch.nn.Module, or to mapping of str to Tensor
        Weights and buffers; a plain dictionary of tensors serves as well.
    optimisers : mapping of str to torch.optim.Optimizer
        What they remember (running means, steps) and their settings.
    generators : mapping of str to numpy Generator or torch Generator
        Where they stand.
    schedules : mapping of str to torch.optim.lr_scheduler.LRScheduler
        Their numbers.
    counters : mapping of str to JSON-ready value
        Steps done, losses so far, and whatever else the training counts.

    Returns
    -------
    State
        Later steps do not change it.

    Examples
    --------
    >>> line, generator = torch.nn.Linear(2, 1), np.random.default_rng(0)
    >>> parts = {"modules": {"line": line}, "generators": {"order": generator}}
    >>> state = capture(**parts, counters={"step": 10})
    >>> first = generator.random()
    >>> restore(state, **parts)
    {'step': 10}
    >>> generator.random() == first
    True
    """
    store = _Store()
    spec: JSON = {}
    for name, module in sorted((modules or {}).items()):
        spec[f"module/{name}"] = store.tensors(f"module/{name}", _tensors(module))
    for name, optimiser in sorted((optimisers or {}).items()):
        spec[f"optimiser/{name}"] = store.plain(f"optimiser/{name}", optimiser.state_dict())
    for name, generator in sorted((generators or {}).items()):
        spec[f"generator/{name}"] = store.plain(f"generator/{name}", _position(generator))
    for name, schedule in sorted((schedules or {}).items()):
        spec[f"schedule/{name}"] = store.plain(f"schedule/{name}", schedule.state_dict())
    spec["counters"] = store.plain("counters", dict(counters or {}))
    return State(spec, store.arrays)


def restore(
    state: State,
    *,
    modules: Mapping[str, Untyped] | None = None,
    optimisers: Mapping[str, Untyped] | None = None,
    generators: Mapping[str, Untyped] | None = None,
    schedules: Mapping[str, Untyped] | None = None,
) -> dict[str, Any]:
    """Put a captured state into objects that were made anew in the same way.

    Names, types and shapes are compared with those of the objects given before any of them is
    changed, and the optimisers are read back afterwards, since they convert what they load.

    Parameters
    ----------
    state : State
        From `capture`, maybe through a file.
    modules, optimisers, generators, schedules : mapping
        The objects, under the names that `capture` was given.

    Returns
    -------
    dict
        The counters.

    Raises
    ------
    BadModelFile
        If the state is that of another training, or is no state of one.
    """
    groups = {
        "module": modules or {},
        "optimiser": optimisers or {},
        "generator": generators or {},
        "schedule": schedules or {},
    }
    wanted = {f"{kind}/{name}" for kind, group in groups.items() for name in group}
    if set(state.spec) != wanted | {"counters"}:
        raise BadModelFile(
            f"the state holds {sorted(set(state.spec) - {'counters'})}; this training has "
            f"{sorted(wanted)}",
            REMEDY,
        )
    try:
        return _restore(state, groups)
    except (AttributeError, IndexError, KeyError, OverflowError, RuntimeError) as error:
        raise BadModelFile(f"the state does not fit: {_first_line(error)}", REMEDY) from error
    except (TypeError, ValueError) as error:
        raise BadModelFile(f"the state does not fit: {_first_line(error)}", REMEDY) from error


def _restore(state: State, groups: Mapping[str, Mapping[str, Untyped]]) -> dict[str, Any]:
    reader = _ValueReader(state.arrays)
    plain = {
        key: reader.value(form) for key, form in state.spec.items() if not key.startswith("module/")
    }
    pairs = [
        pair
        for name, module in groups["module"].items()
        for pair in reader.pairs(f"module/{name}", _tensors(module), state.spec)
    ]
    unused = sorted(set(state.arrays) - reader.used)
    if unused:
        raise ValueError(f"array {unused[0]!r} belongs to nothing")
    counters = plain["counters"]
    if not isinstance(counters, dict):
        raise TypeError("the counters are no dictionary")
    for name, optimiser in groups["optimiser"].items():
        _check_optimiser(name, optimiser, plain[f"optimiser/{name}"])
    for name, generator in groups["generator"].items():
        _move(generator, plain[f"generator/{name}"])
    with torch.no_grad():
        for tensor, saved in pairs:
            tensor.copy_(saved)
    for name, optimiser in groups["optimiser"].items():
        _load_optimiser(name, optimiser, plain[f"optimiser/{name}"])
    for name, schedule in groups["schedule"].items():
        schedule.load_state_dict(plain[f"schedule/{name}"])
    return counters


class _Store:
    """Collect arrays beside a JSON form."""

    def __init__(self) -> None:
        self.arrays: dict[str, Array] = {}

    def tensors(self, place: str, tensors: Mapping[str, Tensor]) -> JSON:
        """Store tensors under their own names; what is returned says their types."""
        return {name: self._tensor(f"{place}/{name}", each) for name, each in tensors.items()}

    def plain(self, place: str, value: Any) -> Any:
        """Return a JSON form of numbers, strings, tensors, arrays, lists, tuples, dictionaries."""
        if value is None or isinstance(value, bool | int | str):
            return value
        if isinstance(value, float):
            return value if math.isfinite(value) else {"float": repr(value)}
        if isinstance(value, Tensor):
            return {"tensor": place, "type": self._tensor(place, value)}
        if isinstance(value, np.ndarray):
            return {"array": self._put(place, value.copy())}
        if isinstance(value, list | tuple):
            items = [self.plain(f"{place}/{i}", item) for i, item in enumerate(value)]
            return {type(value).__name__: items} if type(value) in (list, tuple) else items
        if isinstance(value, dict):
            pairs = [
                [self.plain(place, k), self.plain(f"{place}/{k}", v)] for k, v in value.items()
            ]
            return {"dict": pairs}
        kind = type(value).__name__
        raise TypeError(f"{place}: a {kind} has no plain form; numbers, texts and tensors have")

    def _tensor(self, place: str, tensor: Tensor) -> str:
        kept = tensor.detach().to("cpu", copy=True).contiguous()
        bits = _BITS.get(kept.dtype)
        self._put(place, (kept.view(bits) if bits else kept).numpy())
        return str(tensor.dtype)

    def _put(self, place: str, array: Array) -> str:
        if place in self.arrays:
            raise ValueError(f"two values would be called {place!r}; give them other names")
        self.arrays[place] = array
        return place


class _ValueReader:
    """Turn JSON forms and arrays back into values."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self.arrays, self.used = arrays, set[str]()

    def pairs(
        self, place: str, tensors: Mapping[str, Tensor], spec: Mapping[str, Any]
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """Pair each tensor with what was saved of it."""
        types = spec[place]
        if not isinstance(types, Mapping) or set(types) != set(tensors):
            raise ValueError(f"{place} has other tensors than this one: {sorted(types)[:5]}")
        for name, tensor in tensors.items():
            saved = self.tensor(f"{place}/{name}", types[name])
            if saved.shape != tensor.shape or saved.dtype != tensor.dtype:
                raise ValueError(
                    f"{place}/{name} is {saved.dtype} of shape {tuple(saved.shape)}, not "
                    f"{tensor.dtype} of shape {tuple(tensor.shape)}"
                )
            yield tensor, saved

    def tensor(self, place: str, kind: Any) -> Tensor:
        """Return a stored tensor; the type must be the one that was written down."""
        plain = torch.from_numpy(self._array(place).copy())
        tensor = plain.view(_TYPES[kind]) if kind in _TYPES else plain
        if str(tensor.dtype) != kind:
            raise ValueError(f"{place} is {tensor.dtype}, not {kind}")
        return tensor

    def value(self, form: Any) -> Any:
        """Return what `_Store.plain` was given."""
        if not isinstance(form, dict):
            return form
        if "float" in form:
            return float(form["float"])
        if "tensor" in form:
            return self.tensor(form["tensor"], form["type"])
        if "array" in form:
            return self._array(form["array"]).copy()
        if "list" in form:
            return [self.value(item) for item in form["list"]]
        if "tuple" in form:
            return tuple(self.value(item) for item in form["tuple"])
        return {self.value(key): self.value(item) for key, item in form["dict"]}

    def _array(self, place: str) -> Array:
        self.used.add(place)
        return self.arrays[place]


def _tensors(module: Untyped) -> dict[str, Tensor]:
    """Return the tensors of a module, or of a dictionary, by name."""
    return dict(module if isinstance(module, Mapping) else module.state_dict())


def _position(generator: Untyped) -> Any:
    if isinstance(generator, torch.Generator):
        return generator.get_state()
    return generator.bit_generator.state


def _move(generator: Untyped, position: Any) -> None:
    if isinstance(generator, torch.Generator):
        now = generator.get_state()
        if not isinstance(position, Tensor) or position.shape != now.shape:
            raise ValueError("a generator of torch is another one")
        generator.set_state(position)
    else:
        # numpy compares the kind of generator with its own, and the types of its numbers.
        generator.bit_generator.state = position


def _check_optimiser(name: str, optimiser: Untyped, saved: Any) -> None:
    """Compare groups and shapes: torch itself looks at the number of parameters only."""
    now = optimiser.state_dict()
    if set(saved) != set(now) or len(saved["param_groups"]) != len(now["param_groups"]):
        raise ValueError(f"optimiser {name!r} has other groups")
    for one, other in zip(saved["param_groups"], now["param_groups"], strict=True):
        if set(one) != set(other) or one["params"] != other["params"]:
            raise ValueError(f"optimiser {name!r} has other settings or parameters")
    parameters = [each for group in optimiser.param_groups for each in group["params"]]
    for index, remembered in saved["state"].items():
        for key, value in remembered.items():
            if isinstance(value, Tensor) and value.shape not in (parameters[index].shape, ()):
                raise ValueError(
                    f"optimiser {name!r} remembers {key!r} of shape {tuple(value.shape)} for "
                    f"parameter {index} of shape {tuple(parameters[index].shape)}"
                )


def _load_optimiser(name: str, optimiser: Untyped, saved: Any) -> None:
    optimiser.load_state_dict(saved)
    before, after = _Store(), _Store()
    forms = before.plain(name, saved), after.plain(name, optimiser.state_dict())
    same = forms[0] == forms[1] and before.arrays.keys() == after.arrays.keys()
    if not same or any(
        before.arrays[key].tobytes() != after.arrays[key].tobytes() for key in before.arrays
    ):
        raise ValueError(f"optimiser {name!r} changed what it was given")


def _first_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {str(error).strip()}".splitlines()[0][:200]
