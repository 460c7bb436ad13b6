"""Fit a support vector machine for every split and for all rows, its settings chosen inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from rung.core.family import Context, Problem
from rung.core.fold_searches import Search, choosing_splits, search_shared
from rung.core.fold_triples import judging_splits
from rung.core.folds import Folds, Split
from rung.prep.sigmoid import apply_sigmoids, fit_sigmoids
from rung.svm.machines import Machine, Setting, Trainer, join_machines
from rung.typing import Array

# Training rows above which the choosing split alone decides.
COSTLY_ROWS = 800
# Rows that settings are compared on: to learn from, and to be scored on; landmarks meanwhile,
# fewer where there are no more than FEW_ROWS training rows.
SEARCH_ROWS, SEARCH_LANDMARKS, FEWER_LANDMARKS, FEW_ROWS = 2_000, 500, 300, 1_000
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
    held : ndarray, shape (n_test, n_scores)
        Scores of the split's held-out rows; none for the final machine.
    paired : ndarray, shape (n_paired, n_scores)
        Scores of the rows that the split's choosing split holds out (`rung.core.fold_searches`),
        by a machine that has not seen them, nor the split's own; no rows where none was trained.
    """

    machine: Machine
    line: Array
    present: Array
    setting: Setting
    n_train: int
    n_used: int
    held: Array
    paired: Array


@dataclass(frozen=True)
class _MachineChoice:
    """What held-out rows say inside one split.

    Attributes
    ----------
    setting : Setting
        The best.
    line : ndarray, shape (2, n_scores)
        Its sigmoids.
    losses : ndarray, shape (n_settings,)
        Losses of all; zeros where no inner split can tell.
    paired : ndarray, shape (n_paired, n_scores)
        As `MachineFit` has them.
    """

    setting: Setting
    line: Array
    losses: Array
    paired: Array


def fit_nested_machines(problem: Problem, folds: Folds, context: Context) -> tuple[MachineFit, ...]:
    """Fit machines for every split, and one more for all rows.

    The final machine takes the settings that lose least summed over the splits' inner splits, and
    its sigmoids from the margins of rows that the splits held out.

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
        One a split, then the final one. Each of a split depends on its own training rows alone,
        to the bit.

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
    chosen = _choose(trainer, folds)
    total = np.add.reduce([choice.losses for choice in chosen])
    last = SETTINGS[int(np.argmin(total))] if total.any() else UNCHOSEN
    settings = [*(choice.setting for choice in chosen), last]

    def fit(position: int) -> tuple[Machine, int, Array]:
        is_last = position == len(chosen)
        train = folds.atom_rows(folds.train_mask(None if is_last else position))
        test = train[:0] if is_last else folds.splits[position].test
        bench = trainer.bench(train)
        setting = settings[position]
        machine = next(bench.machines(setting.reach, (setting.cost,), FIT_TOLERANCE))
        return machine, len(bench.X), machine.scores(problem.design, test)

    fitted = context.map(fit, list(range(len(settings))))
    lines = _lines(trainer, folds, chosen, fitted)
    out = []
    for i, (machine, n_used, held) in enumerate(fitted):
        train = folds.atom_rows(folds.train_mask(None if i == len(chosen) else i))
        present = np.unique(problem.y[train]) if problem.classes else train[:0]
        paired = chosen[i].paired if i < len(chosen) else held[:0]
        fit_of = settings[i], len(train), n_used
        out.append(MachineFit(machine, lines[i], present, *fit_of, held, paired))
    return tuple(out)


def _choose(trainer: Trainer, folds: Folds) -> list[_MachineChoice]:
    """Choose settings inside every split."""
    choosing = choosing_splits(folds)
    inner = [
        own if len(split.train) <= COSTLY_ROWS else first
        for split, own, first in zip(folds.splits, judging_splits(folds), choosing, strict=True)
    ]

    def seek(search: Search, _: int) -> list[tuple[Array, ...]]:
        return _search(trainer, search)

    scores = search_shared(inner, seek, trainer.context.map)
    choices = [
        _best(trainer, split.train, own, each, asked=first[0].test if first else split.test[:0])
        for split, own, each, first in zip(folds.splits, inner, scores, choosing, strict=True)
    ]
    return _calibrated(trainer, inner, choices)


def _search(trainer: Trainer, search: Search) -> list[tuple[Array, ...]]:
    """Return the scores of the rows of each judge under every setting."""
    landmarks = SEARCH_LANDMARKS if len(search.train) > FEW_ROWS else FEWER_LANDMARKS
    bench = trainer.bench(search.train, SEARCH_ROWS, landmarks=landmarks)
    scores: list[list[Array]] = [[] for _ in search.tests]
    for reach, costs in GRID.items():
        # Machines of one reach compare the same landmarks, once for all costs.
        together = join_machines(list(bench.machines(reach, costs, SEARCH_TOLERANCE)))
        for own, test in zip(scores, search.tests, strict=True):
            rows = trainer.sample(test, SEARCH_ROWS)
            given = together.scores(trainer.problem.design, rows)
            own += np.split(given, len(costs), axis=1)
    return [tuple(own) for own in scores]


def _best(
    trainer: Trainer,
    train: Array,
    pairs: Sequence[Split],
    scores: Sequence[tuple[Array, ...]],
    *,
    asked: Array,
) -> _MachineChoice:
    """Choose a setting by what held-out rows say; its scores of the rows asked go with it."""
    if not pairs:
        nothing = np.zeros((2, trainer.n_scores))
        return _MachineChoice(UNCHOSEN, nothing, np.zeros(len(SETTINGS)), nothing[:0])
    present = np.unique(trainer.problem.y[train]) if trainer.problem.classes else train[:0]
    rows = np.concatenate([trainer.sample(pair.test, SEARCH_ROWS) for pair in pairs])
    pooled = [np.concatenate(each) for each in zip(*scores, strict=True)]
    judged = [_judge(trainer, rows, each, present) for each in pooled]
    losses = np.array([loss for loss, _ in judged])
    best = int(np.argmin(losses))
    paired = _picked(pooled[best], rows, asked)
    return _MachineChoice(SETTINGS[best], judged[best][1], losses, paired)


def _picked(scores: Array, rows: Array, asked: Array) -> Array:
    """Return the scores of the rows asked; none where one is not among those scored."""
    if not np.isin(asked, rows).all():
        return scores[:0]
    order = np.argsort(rows)
    return np.asarray(scores[order[np.searchsorted(rows[order], asked)]])


def _calibrated(
    trainer: Trainer, inner: Sequence[Sequence[Split]], choices: Sequence[_MachineChoice]
) -> list[_MachineChoice]:
    """Score once more where settings were compared on a sample: margins grow with the rows.

    Sigmoids are fitted on those scores.
    """
    places = [
        (own[0], choice.setting)
        for own, choice in zip(inner, choices, strict=True)
        if own and len(own[0].train) > SEARCH_ROWS
    ]
    jobs: dict[tuple[bytes, Setting], dict[bytes, Split]] = {}
    for pair, setting in places:
        jobs.setdefault((pair.train.tobytes(), setting), {})[pair.test.tobytes()] = pair
    keys = list(jobs)

    def calibrate(key: tuple[bytes, Setting]) -> list[tuple[Array, Array]]:
        return _calibrate(trainer, list(jobs[key].values()), key[1])

    found = {
        (key, test): fitted
        for key, own in zip(keys, trainer.context.map(calibrate, keys), strict=True)
        for test, fitted in zip(jobs[key], own, strict=True)
    }
    out = []
    for own, choice in zip(inner, choices, strict=True):
        key = (own[0].train.tobytes(), choice.setting) if own else None
        if key in jobs:
            line, paired = found[key, own[0].test.tobytes()]
            choice = replace(choice, line=line, paired=paired)
        out.append(choice)
    return out


def _lines(
    trainer: Trainer,
    folds: Folds,
    chosen: Sequence[_MachineChoice],
    fitted: Sequence[tuple[Machine, int, Array]],
) -> list[Array]:
    """Return the sigmoids of every split, then those of the final machine."""
    lines = [choice.line for choice in chosen]
    if not trainer.problem.classes:
        return [*lines, np.zeros((2, 1))]
    for i, choice in enumerate(chosen):
        if not choice.losses.any():
            # For want of rows held out, those learned from; the linear machine follows them least.
            train = folds.splits[i].train
            lines[i] = _line(trainer, train, fitted[i][0].scores(trainer.problem.design, train))
    rows = np.concatenate([split.test for split in folds.splits])
    held = np.concatenate([held for _, _, held in fitted[:-1]])
    places = trainer.sample(np.arange(len(rows)), SIGMOID_ROWS)
    return [*lines, _line(trainer, rows[places], held[places])]


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


def _calibrate(
    trainer: Trainer, pairs: Sequence[Split], setting: Setting
) -> list[tuple[Array, Array]]:
    """Fit sigmoids on held-out margins of a machine as large as the final one; return both.

    Values need no sigmoids.
    """
    bench = trainer.bench(pairs[0].train)
    machine = next(bench.machines(setting.reach, (setting.cost,), FIT_TOLERANCE))
    out = []
    for pair in pairs:
        scores = machine.scores(trainer.problem.design, pair.test)
        places = trainer.sample(np.arange(len(pair.test)), SIGMOID_ROWS)
        line = np.zeros((2, 1))
        if trainer.problem.classes:
            line = _line(trainer, pair.test[places], scores[places])
        out.append((line, scores))
    return out


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
