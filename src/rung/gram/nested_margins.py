"""Fit a support vector machine for every split and for all rows, its settings chosen inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rung.core.family import Context, Problem
from rung.core.folds import Folds, Split
from rung.gram.machines import Machine, Setting, Trainer
from rung.prep.sigmoid import apply_sigmoids, fit_sigmoids
from rung.typing import Array

# Training rows above which the first inner split alone chooses.
COSTLY_ROWS = 1_000
# Rows that settings are compared on: to learn from, and to be scored on.
SEARCH_ROWS = 5_000
# Held-out rows that a sigmoid is fitted on, at most.
SIGMOID_ROWS = 20_000
SEARCH_TOLERANCE = 1e-2
FIT_TOLERANCE = 1e-3
# Reaches, and the costs tried with each.
GRID = {
    0.0: (1e-4, 1e-2, 1.0),
    0.25: (1.0, 10.0, 100.0, 1000.0),
    1.0: (1.0, 10.0, 100.0, 1000.0),
    4.0: (1.0, 10.0, 100.0, 1000.0),
}
SETTINGS = tuple(Setting(reach, cost) for reach, costs in GRID.items() for cost in costs)
# Where no inner split can choose: the simplest machine, held back.
UNCHOSEN = Setting(0.0, 1e-2)


@dataclass(frozen=True)
class MachineFit:
    """Hold one machine, its sigmoids, and how it came about.

    Attributes
    ----------
    machine : Machine
        What scores rows.
    line : ndarray, shape (2, n_scores)
        Slopes and offsets from margins to probabilities; zeros for values.
    present : ndarray of int
        Classes seen in training; none for values.
    setting : Setting
        What was chosen.
    n_train, n_used : int
        Training rows, and how many of them the machine was fitted on.
    """

    machine: Machine
    line: Array
    present: Array
    setting: Setting
    n_train: int
    n_used: int


def fit_nested_machines(problem: Problem, folds: Folds, context: Context) -> tuple[MachineFit, ...]:
    """Fit machines for every split, and one more for all rows.

    Parameters
    ----------
    problem : Problem
        Values or classes.
    folds : Folds
        Outer and inner splits.
    context : Context
        Maps over training sets, keeps encodings, draws landmarks.

    Returns
    -------
    tuple of MachineFit
        One a split, then the final one. Each depends on its own training rows alone, to the bit.

    Examples
    --------
    >>> from rung.compute.context import RunContext
    >>> from rung.core.folds import partition_folds
    >>> from rung.testing import example_problem
    >>> problem = example_problem("binary", n_rows=24)
    >>> folds = partition_folds(np.arange(24) % 3)
    >>> len(fit_nested_machines(problem, folds, RunContext(0, problem)))
    4
    """
    trainer = Trainer(problem, context)
    splits: list[int | None] = [*range(len(folds.splits)), None]
    inner = [_inner(folds, split) for split in splits]
    # One training set serves every split that holds it: those that hold out folds i and j.
    jobs: dict[bytes, dict[bytes, Split]] = {}
    for pair in (pair for own in inner for pair in own):
        jobs.setdefault(pair.train.tobytes(), {})[pair.test.tobytes()] = pair

    def search(key: bytes) -> dict[bytes, tuple[Array, ...]]:
        return _search(trainer, jobs[key])

    found = dict(zip(jobs, context.map(search, list(jobs)), strict=True))

    def fit(position: int) -> MachineFit:
        train = folds.atom_rows(folds.train_mask(splits[position]))
        own = inner[position]
        scores = [found[pair.train.tobytes()][pair.test.tobytes()] for pair in own]
        return _fit(trainer, train, own, scores)

    return tuple(context.map(fit, list(range(len(splits)))))


def _inner(folds: Folds, split: int | None) -> tuple[Split, ...]:
    pairs = folds.inner(split)
    n_train = int(folds.train_mask(split)[folds.atom].sum())
    return pairs[:1] if n_train > COSTLY_ROWS else pairs


def _search(trainer: Trainer, pairs: dict[bytes, Split]) -> dict[bytes, tuple[Array, ...]]:
    """Return the scores of held-out rows under every setting, for one training set."""
    train = next(iter(pairs.values())).train
    bench = trainer.bench(train, SEARCH_ROWS)
    machines = [
        machine
        for reach, costs in GRID.items()
        for machine in bench.machines(reach, costs, SEARCH_TOLERANCE)
    ]
    design = trainer.problem.design
    return {
        key: tuple(m.scores(design, trainer.sample(pair.test, SEARCH_ROWS)) for m in machines)
        for key, pair in pairs.items()
    }


def _fit(
    trainer: Trainer,
    train: Array,
    pairs: Sequence[Split],
    scores: Sequence[tuple[Array, ...]],
) -> MachineFit:
    """Choose a setting by what held-out rows say, then learn from all training rows."""
    y = trainer.problem.y[train]
    present = np.unique(y) if trainer.problem.classes else np.zeros(0, dtype=np.int64)
    setting, line = UNCHOSEN, np.zeros((2, trainer.n_scores))
    if pairs:
        tests = [trainer.sample(pair.test, SEARCH_ROWS) for pair in pairs]
        rows = np.concatenate(tests)
        pooled = [np.concatenate(each) for each in zip(*scores, strict=True)]
        judged = [_judge(trainer, rows, each, present) for each in pooled]
        best = int(np.argmin([loss for loss, _ in judged]))
        setting, line = SETTINGS[best], judged[best][1]
        if present.size and len(pairs[0].train) > SEARCH_ROWS:
            line = _calibrate(trainer, pairs[0], setting)
    bench = trainer.bench(train)
    machine = next(bench.machines(setting.reach, (setting.cost,), FIT_TOLERANCE))
    if not pairs and present.size:
        # For want of rows held out, the rows learned from; the linear machine bends to them least.
        line = _line(trainer, train, machine.scores(trainer.problem.design, train))
    return MachineFit(machine, line, present, setting, len(train), len(bench.X))


def _judge(trainer: Trainer, rows: Array, scores: Array, present: Array) -> tuple[float, Array]:
    """Return the weighted mean loss of held-out scores, and the sigmoids fitted on them."""
    y, weight = trainer.problem.y[rows], trainer.weights(rows)
    if not present.size:
        return float(weight @ (y - scores[:, 0]) ** 2), np.zeros((2, 1))
    line = _line(trainer, rows, scores)
    shares = class_shares(apply_sigmoids(scores, line), present)
    own = shares[np.arange(len(y)), np.searchsorted(present, y)]
    return float(-(weight @ np.log(np.maximum(own, 1e-15)))), line


def _line(trainer: Trainer, rows: Array, scores: Array) -> Array:
    return fit_sigmoids(scores, trainer.signs(rows) > 0, trainer.weights(rows))


def _calibrate(trainer: Trainer, pair: Split, setting: Setting) -> Array:
    """Fit sigmoids on held-out margins of a machine as large as the final one."""
    bench = trainer.bench(pair.train)
    machine = next(bench.machines(setting.reach, (setting.cost,), FIT_TOLERANCE))
    rows = trainer.sample(pair.test, SIGMOID_ROWS)
    return _line(trainer, rows, machine.scores(trainer.problem.design, rows))


def class_shares(chances: Array, present: Array) -> Array:
    """Make the chances of the present classes sum to one.

    Parameters
    ----------
    chances : ndarray, shape (n_rows, n_scores)
        Of each class against the rest; of the second class where there are two.
    present : ndarray of int, shape (n_present,)
        Classes to share among.

    Returns
    -------
    ndarray, shape (n_rows, n_present)

    Examples
    --------
    >>> class_shares(np.array([[0.5, 0.5, 0.25]]), np.array([0, 1])).tolist()
    [[0.5, 0.5]]
    """
    both = np.hstack([1.0 - chances, chances]) if chances.shape[1] == 1 else chances
    # 1 - p can be 0 to the last bit.
    own = np.maximum(both[:, present], np.finfo(float).tiny)
    return np.asarray(own / own.sum(axis=1, keepdims=True))
