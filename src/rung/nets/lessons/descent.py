"""Walk downhill: the classic loop of training, with the whole data or a few rows at a step."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn

from rung.errors import UsageError
from rung.typing import Array, Untyped

Watch = Callable[[int, nn.Module], None]


@dataclass(frozen=True)
class DescentPace:
    """State how to walk.

    Attributes
    ----------
    learning_rate : float
        Share of the gradient that a step takes off the weights.
    steps : int
        Steps to take.
    batch_rows : int or None
        Rows that a step looks at; None for all, which is plain gradient descent.
    seed : int
        Of the order of rows, dealt anew in each pass.
    """

    learning_rate: float = 0.1
    steps: int = 1000
    batch_rows: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0.0 < self.learning_rate < np.inf:
            raise UsageError(
                f"learning_rate={self.learning_rate!r} is not a positive number", "use 0.1"
            )
        for name, value in (("steps", self.steps), ("batch_rows", self.batch_rows)):
            if value is not None and (type(value) is not int or value < 1):
                raise UsageError(f"{name}={value!r} is not a whole number of at least 1", "use 100")


@dataclass(frozen=True)
class Descent:
    """Record a walk.

    Attributes
    ----------
    step_losses : ndarray, shape (n_steps,)
        Mean squared error over the rows of each step, before the step.
    pass_losses : ndarray, shape (n_passes + 1,)
        Mean squared error over all rows: at the start, then after each pass over them.
    rows_read : int
        Rows that all steps together looked at.
    bytes_held : int
        Most that one step kept for its backward sweep: its rows and what the layers made of them.
    """

    step_losses: Array
    pass_losses: Array
    rows_read: int
    bytes_held: int

    @property
    def steps(self) -> int:
        """Number of steps taken."""
        return len(self.step_losses)


def descend(
    network: nn.Module, X: Tensor, y: Tensor, *, pace: DescentPace, watch: Watch | None = None
) -> Descent:
    """Train a network in place, in the classic loop: forward, loss, backward, step.

    Parameters
    ----------
    network : torch.nn.Module
        Takes (n_rows, n_inputs), gives (n_rows, n_outputs).
    X, y : Tensor, shapes (n_rows, n_inputs) and (n_rows, n_outputs)
        What to learn from.
    pace : DescentPace
        Learning rate, steps, rows of a step.
    watch : callable, optional
        Called with the number of steps done and the network: before the first, after each.

    Returns
    -------
    Descent
        Losses a step and a pass, and what they cost.

    Source
    ------
    Robbins & Monro (1951), Annals of Mathematical Statistics 22, for steps on few rows.

    Examples
    --------
    >>> X = torch.arange(4.0)[:, None]
    >>> line = nn.Linear(1, 1)
    >>> walk = descend(line, X, 2 * X + 1, pace=DescentPace(learning_rate=0.1, steps=500))
    >>> round(line.weight.item(), 3), round(line.bias.item(), 3), walk.steps
    (2.0, 1.0, 500)
    """
    optimiser = torch.optim.SGD(network.parameters(), lr=pace.learning_rate)
    step_losses: list[float] = []
    pass_losses: list[float] = []
    read = 0
    for step, rows in enumerate(batches(len(X), pace)):
        if watch:
            watch(step, network)
        if read >= len(pass_losses) * len(X) and pace.batch_rows is not None:
            pass_losses.append(mean_loss(network, X, y))
        output = network(X[rows])  # forward
        loss = torch.mean((output - y[rows]) ** 2)  # loss
        optimiser.zero_grad()
        loss.backward()  # backward
        optimiser.step()  # step
        step_losses.append(loss.item())
        read += len(output)
    if watch:
        watch(pace.steps, network)
    if pace.batch_rows is None:  # each step is a pass
        pass_losses = step_losses.copy()
    if read >= len(pass_losses) * len(X):
        pass_losses.append(mean_loss(network, X, y))
    held = bytes_of_step(network, X[: pace.batch_rows], y[: pace.batch_rows])
    return Descent(np.array(step_losses), np.array(pass_losses), read, held)


def ran_away(learning_rate: float, smaller: str) -> UsageError:
    """Say that a descent left all numbers behind, and which step to take instead."""
    return UsageError(
        f"the descent ran away: a learning rate of {learning_rate:g} is too large here",
        f"use {smaller}",
    )


def batches(n_rows: int, pace: DescentPace) -> Iterator[Untyped]:
    """Yield the rows of each step: all of them, or a few in an order dealt anew in each pass.

    Examples
    --------
    >>> [len(rows) for rows in batches(10, DescentPace(steps=4, batch_rows=4))]
    [4, 4, 2, 4]
    """
    size = n_rows if pace.batch_rows is None else min(pace.batch_rows, n_rows)
    per_pass = -(-n_rows // size)
    generator = np.random.default_rng(pace.seed)
    for step in range(pace.steps):
        place = step % per_pass
        if size == n_rows:
            yield slice(None)
            continue
        if place == 0:
            order = torch.from_numpy(generator.permutation(n_rows))
        yield order[place * size : (place + 1) * size]


def compare_descents(
    network: nn.Module, X: Tensor, y: Tensor, *, pace: DescentPace, passes: int = 10
) -> dict[str, Descent]:
    """Train copies of one network with all rows a step and with few, equally many steps.

    Parameters
    ----------
    network : torch.nn.Module
        Where both start; it is copied, not changed.
    X, y : Tensor, shapes (n_rows, n_inputs) and (n_rows, n_outputs)
        What both learn from.
    pace : DescentPace
        Learning rate, and the rows of a small step; its steps are counted from `passes`.
    passes : int
        Passes over the rows in small steps.

    Returns
    -------
    dict of str to Descent
        `full batch` and `mini-batch`, with as many steps each; so the former passes over the rows
        more often.

    Examples
    --------
    >>> X = torch.linspace(-1, 1, 64)[:, None]
    >>> walks = compare_descents(
    ...     nn.Linear(1, 1), X, 3 * X, pace=DescentPace(batch_rows=8), passes=2
    ... )
    >>> {name: (walk.steps, walk.rows_read) for name, walk in walks.items()}
    {'full batch': (16, 1024), 'mini-batch': (16, 128)}
    """
    if pace.batch_rows is None or pace.batch_rows >= len(X):
        raise UsageError(
            f"batch_rows={pace.batch_rows!r} is not below the {len(X)} rows",
            "give the rows of a small step: DescentPace(batch_rows=32)",
        )
    steps = passes * -(-len(X) // pace.batch_rows)
    few = replace(pace, steps=steps)
    return {
        "full batch": descend(copy.deepcopy(network), X, y, pace=replace(few, batch_rows=None)),
        "mini-batch": descend(copy.deepcopy(network), X, y, pace=few),
    }


def mean_loss(network: nn.Module, X: Tensor, y: Tensor) -> float:
    """Return the mean squared error over all rows."""
    with torch.no_grad():
        return float(torch.mean((network(X) - y) ** 2))


def bytes_of_step(network: nn.Module, X: Tensor, y: Tensor) -> int:
    """Count what one step holds: its rows, and what the layers keep for the backward sweep.

    Weights are left out, as they are held between steps too.

    Examples
    --------
    >>> X = torch.zeros(100, 2)
    >>> bytes_of_step(nn.Linear(2, 1), X, torch.zeros(100, 1)) >= X.nbytes
    True
    """
    seen = {each.untyped_storage().data_ptr() for each in network.parameters()}
    held = 0

    def keep(tensor: Tensor) -> Tensor:
        nonlocal held
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in seen:
            seen.add(storage.data_ptr())
            held += tensor.nbytes
        return tensor

    for given in (X, y):
        keep(given)
    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        torch.mean((network(X) - y) ** 2)
    return held
