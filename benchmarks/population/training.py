"""Train the same networks as one population, one by one in torch, and with scikit-learn."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from rung.nets.tables.losses import Loss
from rung.nets.tables.plans import TrainingPlan
from rung.nets.tables.population import Population, PopulationRows
from rung.nets.tables.shapes import NetworkShape, initial
from rung.nets.training.schedule import one_cycle

N_NUMBERS, BATCH_ROWS = 10, 128
MATRIX = 1_024


@dataclass(frozen=True)
class Case:
    """State a training: rows, passes, width of both hidden layers, threads, device."""

    n_rows: int
    epochs: int
    width: int
    threads: int
    device: str

    @property
    def shape(self) -> NetworkShape:
        """10 inputs, two hidden layers, one output."""
        return NetworkShape(N_NUMBERS, self.width, 1, n_blocks=1)

    @property
    def operations(self) -> float:
        """Multiplications and additions of the matrix products of one model's training."""
        weights = N_NUMBERS * self.width + self.width**2 + self.width
        steps = self.epochs * (self.n_rows // BATCH_ROWS)
        return 6.0 * weights * steps * BATCH_ROWS


def draw(n_rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw ten numbers and a target with a bend, a product and noise in it."""
    generator = np.random.default_rng(0)
    X = generator.normal(size=(n_rows, N_NUMBERS)).astype(np.float32)
    y = np.sin(X[:, 0]) + X[:, 1] * X[:, 2] + generator.normal(0.0, 0.3, n_rows)
    return X, y.astype(np.float32)


def plans(case: Case, n_models: int) -> list[TrainingPlan]:
    """Give each model an order of rows, first weights and a learning rate of its own."""
    rates = np.geomspace(1e-3, 1e-2, n_models)
    nothing = np.zeros(0, dtype=np.int64)
    return [
        TrainingPlan(
            np.arange(case.n_rows),
            nothing,
            np.random.default_rng((1, model)),
            learning_rate=float(rate),
            weight_decay=0.01,
            epochs=case.epochs,
        )
        for model, rate in enumerate(rates)
    ]


def as_population(case: Case, given: Sequence[TrainingPlan]) -> list[float]:
    """Train all at once, a part on each thread; return the losses of their last passes."""
    X, y = draw(case.n_rows)
    lesson = PopulationRows(
        inputs=torch.tensor(X, device=case.device),
        target=torch.tensor(y, device=case.device),
        weight=None,
        loss=Loss("squared"),
        judge=Loss("squared"),
        batch_rows=BATCH_ROWS,
    )

    def train(part: Sequence[TrainingPlan]) -> list[float]:
        torch.set_num_threads(1)
        population = Population(case.shape, part, lesson)
        population.run()
        return [course.train_loss[-1] for course in population.courses]

    n_parts = min(case.threads, len(given))
    size = -(-len(given) // n_parts)
    parts = [given[start : start + size] for start in range(0, len(given), size)]
    with ThreadPoolExecutor(n_parts) as pool:
        return [loss for losses in pool.map(train, parts) for loss in losses]


class Plain(torch.nn.Module):
    """The same network in plain torch."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = torch.nn.Linear(N_NUMBERS, width)
        self.block = torch.nn.Linear(width, width)
        self.head = torch.nn.Linear(width, 1)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return values, shape (n_rows,)."""
        hidden = torch.relu(self.first(inputs))
        return self.head(hidden + torch.relu(self.block(hidden))).squeeze(1)


def one_by_one(case: Case, given: Sequence[TrainingPlan], threads: int = 1) -> list[float]:
    """Train each with torch's own loop; return the losses of their last passes."""
    torch.set_num_threads(threads)
    X, y = (torch.tensor(each, device=case.device) for each in draw(case.n_rows))
    return [_alone(case, plan, X, y) for plan in given]


def _alone(case: Case, plan: TrainingPlan, X: torch.Tensor, y: torch.Tensor) -> float:
    model = Plain(case.width)
    drawn = initial(case.shape, [plan.generator])
    layers = {"first": model.first, "block0": model.block, "head": model.head}
    for name, layer in layers.items():
        weight = drawn[f"{name}.weight"].reshape(layer.weight.T.shape).T
        bias = drawn["member.shift" if name == "first" else f"{name}.bias"].ravel()
        layer.weight.data, layer.bias.data = torch.tensor(weight), torch.tensor(bias)
    model.to(case.device)
    weights = [layer.weight for layer in layers.values()]
    biases = [layer.bias for layer in layers.values()]
    groups = [
        {"params": weights, "weight_decay": plan.weight_decay},
        {"params": biases, "weight_decay": 0.0},
    ]
    optimiser = torch.optim.AdamW(groups, fused=True)
    n_steps = case.n_rows // BATCH_ROWS
    done, total = 0, torch.zeros((), device=case.device)
    for _ in range(case.epochs):
        order = torch.from_numpy(plan.generator.permutation(case.n_rows)).to(case.device)
        total = torch.zeros((), device=case.device)
        for step in range(n_steps):
            rows = order[step * BATCH_ROWS : (step + 1) * BATCH_ROWS]
            for group in optimiser.param_groups:
                group["lr"] = plan.learning_rate * one_cycle(done / (case.epochs * n_steps))
            loss = (model(X[rows]) - y[rows]).square().mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            total += loss.detach()
            done += 1
    return float(total) / n_steps


def with_sklearn(case: Case, given: Sequence[TrainingPlan], threads: int = 1) -> list[float]:
    """Train each with scikit-learn: a network of the same width and depth."""
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPRegressor
    from threadpoolctl import threadpool_limits

    X, y = draw(case.n_rows)
    losses = []
    with warnings.catch_warnings(), threadpool_limits(threads):
        warnings.simplefilter("ignore", ConvergenceWarning)
        for seed, plan in enumerate(given):
            model = MLPRegressor(
                hidden_layer_sizes=(case.width, case.width),
                batch_size=BATCH_ROWS,
                learning_rate_init=plan.learning_rate,
                max_iter=case.epochs,
                n_iter_no_change=case.epochs + 1,
                alpha=0.0,
                random_state=seed,
            ).fit(X, y)
            losses.append(2.0 * float(model.loss_))  # it counts half the squares
    return losses


def timed(work: Callable[[], Any], device: str) -> tuple[float, Any]:
    """Return seconds and what the work returned."""
    start = time.perf_counter()
    value = work()
    if device == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter() - start, value


def matrix_rate(case: Case, seconds: float = 1.0) -> float:
    """Return operations a second of a large product in single precision, the best of many."""
    torch.set_num_threads(case.threads)
    torch.set_float32_matmul_precision("highest")
    left, right = (torch.randn(MATRIX, MATRIX, device=case.device) for _ in range(2))
    best, start = np.inf, time.perf_counter()
    while time.perf_counter() - start < seconds:
        best = min(best, timed(lambda: left @ right, case.device)[0])
    return 2.0 * MATRIX**3 / best
