"""Train a module that somebody else wrote, with early stopping, so that a run repeats."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from rung.errors import RungError, UsageError
from rung.nets.training.fresh import MOST_TRIED, explains_much, make_fresh, refuse_trained
from rung.typing import Array, Untyped

LOSSES = ("squared", "absolute", "huber", "cross_entropy")
PREDICTED_AT_ONCE = 16_384
# Modules draw weights and dropped units from torch's one global generator, which threads share.
ONE_AT_A_TIME = threading.RLock()

Loss = Callable[[Tensor, Tensor], Tensor]
MakeOptimiser = Callable[[Iterable[Tensor]], Untyped]


@dataclass(frozen=True)
class ModuleSizes:
    """Tell the maker of a module what it will be given.

    Attributes
    ----------
    n_inputs : int
        Columns of the first tensor.
    n_levels : tuple of int
        Codes of each column of the second tensor run from 0 to below this; empty if there is none.
    n_outputs : int
        Columns to give: 1 for values, else a score for each class.
    """

    n_inputs: int
    n_levels: tuple[int, ...]
    n_outputs: int


@dataclass(frozen=True)
class ModuleTraining:
    """State how a module is trained.

    Attributes
    ----------
    epochs : int
        Most passes over the rows.
    batch_rows : int
        Rows of a step; what is left over in a pass waits for the next one.
    patience : int
        Stop when the loss of the inner fold has not improved for this many passes, and take the
        weights of the best one; 0 trains on all rows for all epochs.
    learning_rate : float
        Of AdamW, unless an optimiser is given.
    optimiser : callable, optional
        Takes the parameters, gives a `torch.optim` optimiser.
    scale_target : bool
        Train on values less their mean, over their standard deviation.
    """

    epochs: int = 100
    batch_rows: int = 128
    patience: int = 10
    learning_rate: float = 1e-3
    optimiser: MakeOptimiser | None = None
    scale_target: bool = True

    def __post_init__(self) -> None:
        for name, low in (("epochs", 1), ("batch_rows", 1), ("patience", 0)):
            value = getattr(self, name)
            if type(value) is not int or value < low:
                raise UsageError(
                    f"{name}={value!r} is not a whole number of at least {low}", f"use {name}=10"
                )
        if not 0.0 < self.learning_rate < np.inf:
            raise UsageError(
                f"learning_rate={self.learning_rate!r} is not a positive number", "use 0.001"
            )
        if self.optimiser is not None and not callable(self.optimiser):
            raise UsageError(
                f"optimiser={self.optimiser!r} does not take parameters",
                "use optimiser=lambda parameters: torch.optim.SGD(parameters, lr=0.01)",
            )


@dataclass(frozen=True)
class ModuleRows:
    """Hold rows to learn from, or to be watched by.

    Attributes
    ----------
    inputs : tuple of ndarray
        One or two matrices with a row each.
    target : ndarray, shape (n_rows,)
        Values, float32, or class numbers, int64.
    weight : ndarray, shape (n_rows,)
        Weights of mean one.
    n_outputs : int
        Columns that a module shall give.
    """

    inputs: tuple[Array, ...]
    target: Array
    weight: Array
    n_outputs: int = 1

    def tensors(self) -> tuple[tuple[Tensor, ...], Tensor, Tensor]:
        """Return all as tensors."""
        inputs = tuple(torch.from_numpy(each) for each in self.inputs)
        weight = torch.from_numpy(self.weight.astype(np.float32))
        return inputs, torch.from_numpy(self.target), weight


@dataclass(frozen=True)
class TrainedModule:
    """Hand back a trained module.

    Attributes
    ----------
    module : torch.nn.Module
        With the weights of its best pass, in the mode of evaluation.
    epochs : int
        Passes until then.
    losses, watched : tuple of float
        Mean loss of the steps of each pass; loss of the watched rows after it.
    """

    module: nn.Module
    epochs: int
    losses: tuple[float, ...]
    watched: tuple[float, ...]


def train_module(
    make: Callable[[], nn.Module],
    loss: str | Loss,
    lesson: ModuleRows,
    *,
    training: ModuleTraining,
    watched: ModuleRows | None = None,
    seed: int = 0,
) -> TrainedModule:
    """Make a module and train it; the same seed gives the same weights on one device.

    It is made twice, and refused if that does not give two new modules that begin alike.

    Parameters
    ----------
    make : callable
        Makes an untrained `torch.nn.Module`; what it draws is drawn from the seed.
    loss : str or callable
        One of `LOSSES`, or a function of outputs (n_rows, n_outputs) and target that gives one
        number; for values the target has the shape (n_rows, 1), for classes (n_rows,).
    lesson : ModuleRows
        Rows to learn from.
    training : ModuleTraining
        How.
    watched : ModuleRows, optional
        Rows that say when to stop.
    seed : int
        Of first weights, order of rows and dropped units.

    Examples
    --------
    >>> X = np.linspace(-1, 1, 64, dtype=np.float32)[:, None]
    >>> lesson = ModuleRows((X,), 2 * X[:, 0], np.ones(64))
    >>> training = ModuleTraining(epochs=50, batch_rows=16, learning_rate=0.1)
    >>> trained = train_module(lambda: nn.Linear(1, 1), "squared", lesson, training=training)
    >>> bool(trained.losses[-1] < 0.01)
    True
    """
    compute = row_loss(loss)
    with repeatable(seed):
        module, other = make_fresh(make, seed)
        if _knows_target(other, lesson):
            refuse_trained(make, module, seed)
        parameters = [each for each in module.parameters() if each.requires_grad]
        if training.optimiser is not None:
            optimiser = training.optimiser(parameters)
        else:
            optimiser = torch.optim.AdamW(parameters, lr=training.learning_rate)
        return _run(module, optimiser, compute, (lesson, watched), training)


def _knows_target(module: nn.Module, lesson: ModuleRows) -> bool:
    """Look at what a new module gives for a few rows; random numbers go on as before."""
    inputs, target, weight = lesson.tensors()
    few = slice(0, MOST_TRIED)
    state = torch.get_rng_state()
    with torch.no_grad():
        found = module.eval()(*(each[few] for each in inputs))
    torch.set_rng_state(state)
    outputs = as_wanted(found, len(target[few]), lesson.n_outputs)
    return explains_much(outputs, target[few], weight[few])


def as_wanted(outputs: Untyped, n_rows: int, n_outputs: int) -> Tensor:
    """Return what a module gave, or say that it is not one number a row and output.

    Examples
    --------
    >>> as_wanted(torch.zeros(3, 2), 3, 2).shape
    torch.Size([3, 2])
    """
    wanted = (n_rows, n_outputs)
    if not isinstance(outputs, Tensor):
        given = f"{type(outputs).__name__}, which is no tensor"
    elif tuple(outputs.shape) != wanted:
        given = f"shape {tuple(outputs.shape)}"
    elif not outputs.is_floating_point():
        given = f"{outputs.dtype}"
    else:
        return outputs
    raise UsageError(
        f"the module gives {given}; {wanted} is wanted, of real numbers: a row each, and "
        f"{n_outputs} column(s)",
        "let its last layer have sizes.n_outputs columns, and forward return its result alone",
    )


def _run(
    module: nn.Module,
    optimiser: Untyped,
    compute: Callable[..., Tensor],
    lessons: tuple[ModuleRows, ModuleRows | None],
    training: ModuleTraining,
) -> TrainedModule:
    inputs, target, weight = lessons[0].tensors()
    n_outputs = lessons[0].n_outputs
    watched = lessons[1].tensors() if lessons[1] is not None else None
    losses: list[float] = []
    seen: list[float] = []
    best, kept = 0, dict[str, Tensor]()
    for epoch in range(1, training.epochs + 1):
        module.train()
        total = []
        for rows in _batches(len(target), training.batch_rows):
            outputs = as_wanted(module(*(each[rows] for each in inputs)), len(rows), n_outputs)
            value = _one_number(compute(outputs, target[rows], weight[rows]))
            optimiser.zero_grad()
            value.backward()
            optimiser.step()
            total.append(float(value.detach()))
        losses.append(float(np.mean(total)))
        if watched is None:
            best, kept = epoch, {}
            continue
        module.eval()
        with torch.no_grad():
            outputs = as_wanted(module(*watched[0]), len(watched[1]), n_outputs)
            seen.append(float(_one_number(compute(outputs, *watched[1:]))))
        if not best or seen[-1] < seen[best - 1]:
            best, kept = epoch, _weights(module)
        elif epoch - best >= training.patience:
            break
    if kept:
        module.load_state_dict(kept)
    if not np.isfinite(losses[-1] if watched is None else seen[best - 1]):
        raise RungError("the loss is not finite", "lower the learning rate, or clip the gradients")
    return TrainedModule(module.eval(), best, tuple(losses), tuple(seen))


def row_loss(loss: str | Loss) -> Callable[[Tensor, Tensor, Tensor], Tensor]:
    """Return a function of outputs, target and weights of rows that gives one number.

    Raises
    ------
    UsageError
        If there is no loss of that name.

    Examples
    --------
    >>> squared = row_loss("squared")
    >>> float(squared(torch.tensor([[1.0], [3.0]]), torch.zeros(2), torch.tensor([1.0, 0.0])))
    0.5
    """
    if callable(loss):
        return lambda outputs, target, weight: loss(outputs, _beside(outputs, target))
    if loss not in LOSSES:
        raise UsageError(
            f"loss {loss!r} is not known; {', '.join(LOSSES)} and functions of (outputs, target) are",
            "use one of these",
        )
    functions: dict[str, Untyped] = {
        "squared": functional.mse_loss,
        "absolute": functional.l1_loss,
        "huber": functional.huber_loss,
        "cross_entropy": functional.cross_entropy,
    }

    def weighted(outputs: Tensor, target: Tensor, weight: Tensor) -> Tensor:
        each = functions[loss](outputs, _beside(outputs, target), reduction="none")
        return torch.mean(weight * (each.squeeze(1) if each.dim() == 2 else each))

    return weighted


def predict_module(module: nn.Module, inputs: tuple[Array, ...], n_outputs: int) -> Array:
    """Return what a trained module gives, float64, shape (n_rows, n_outputs).

    It is computed in double precision if the module lets it: then a row's output is the same, to
    the last few bits, whatever rows stand beside it.
    """
    n_rows = len(inputs[0])
    if not n_rows:
        return np.empty((0, n_outputs))
    with repeatable(0), torch.no_grad():
        try:
            return _outputs(module.double().eval(), inputs, torch.float64, n_outputs)
        except RuntimeError:  # some layer insists on single precision
            return _outputs(module.float().eval(), inputs, torch.float32, n_outputs)


def _outputs(
    module: nn.Module, inputs: tuple[Array, ...], kind: torch.dtype, n_outputs: int
) -> Array:
    n_rows = len(inputs[0])
    found = np.empty((n_rows, n_outputs))
    for start in range(0, n_rows, PREDICTED_AT_ONCE):
        block = [torch.from_numpy(each[start : start + PREDICTED_AT_ONCE]) for each in inputs]
        output = module(*(each.to(kind) if each.is_floating_point() else each for each in block))
        found[start : start + len(block[0])] = (
            as_wanted(output, len(block[0]), n_outputs).double().numpy()
        )
    return found


@contextmanager
def repeatable(seed: int) -> Iterator[None]:
    """Seed torch, and hold it to one thread, for this block alone; others wait until it ends."""
    with ONE_AT_A_TIME, torch.random.fork_rng(devices=[]):
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        torch.default_generator.manual_seed(seed)
        try:
            yield
        finally:
            torch.set_num_threads(threads)


def _one_number(loss: Untyped) -> Tensor:
    if isinstance(loss, Tensor) and loss.numel() == 1:
        return loss.reshape(())
    given = f"shape {tuple(loss.shape)}" if isinstance(loss, Tensor) else type(loss).__name__
    raise UsageError(
        f"the loss gives {given}; a tensor of one number is wanted", "let it return the mean"
    )


def _beside(outputs: Tensor, target: Tensor) -> Tensor:
    """Give values the column axis that outputs have: without it, shapes would spread."""
    return target[:, None] if target.is_floating_point() and outputs.dim() == 2 else target


def _batches(n_rows: int, size: int) -> Iterator[Tensor]:
    order = torch.randperm(n_rows)
    for start in range(0, max(n_rows - size + 1, 1), size):
        yield order[start : start + size]


def _weights(module: nn.Module) -> dict[str, Tensor]:
    return {name: each.detach().clone() for name, each in module.state_dict().items()}
