"""Make small seeded problems with everything that real tables hold."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rung.core.column_parts import SECONDS_PER_DAY
from rung.core.dataset import Column, Dataset
from rung.core.family import Problem
from rung.core.folds import Folds, partition_folds, time_folds
from rung.typing import Array, Role, Task

COLOURS = ("blue", "green", "red", "violet", "white")
SITES = ("north", "south")
CLASSES: dict[Task, tuple[str, ...]] = {
    "regression": (),
    "binary": ("no", "yes"),
    "multiclass": ("early", "late", "middle"),
}
LOSSES = {"regression": "squared_error", "binary": "log_loss", "multiclass": "log_loss"}
# Words of rows above the median of the target, and of the others; some stand in both.
HIGH = ("bright", "large", "and", "the", "red", "old", "near", "no!")
LOW = ("faint", "small", "and", "the", "blue", "young", "near", "yes?")
MISSING_SHARE = 0.15


def example_problem(task: Task, *, seed: int = 0, n_rows: int = 96) -> Problem:
    """Make a problem with numbers, missing cells, categories, dates and weights.

    One column is constant, one has no value at all, one category has a level that hardly
    occurs, and one level never occurs.

    Parameters
    ----------
    task : str
        `regression`, `binary` or `multiclass`.
    seed : int
        Seed of the table.
    n_rows : int
        Rows to make.

    Examples
    --------
    >>> problem = example_problem("binary", n_rows=20)
    >>> problem.design.numbers().shape, problem.design.codes().shape
    ((20, 11), (20, 2))
    """
    generator = np.random.default_rng((seed, n_rows))
    signal, gaps = generator.normal(size=n_rows), generator.normal(10.0, 3.0, n_rows)
    colour = generator.choice(4, n_rows, p=[0.4, 0.3, 0.27, 0.03]).astype(np.int32)
    site = generator.integers(0, 2, n_rows).astype(np.int32)
    score = 2.0 * signal + 0.3 * gaps + (colour == 2) - site + generator.normal(0, 0.7, n_rows)
    values = {
        "signal": signal,
        "gaps": _with_gaps(gaps, generator),
        "flag": _with_gaps((gaps > 10).astype(np.float64), generator),
        "when": SECONDS_PER_DAY * generator.uniform(0, 3_000, n_rows),
        "constant": np.full(n_rows, 7.0),
        "empty": np.full(n_rows, np.nan),
        "colour": np.where(generator.random(n_rows) < MISSING_SHARE, -1, colour).astype(np.int32),
        "site": site,
        "weight": generator.uniform(0.5, 2.0, n_rows),
    }
    columns = (
        *(Column(name, "number") for name in ("signal", "gaps", "constant", "empty")),
        Column("flag", "boolean"),
        Column("when", "datetime"),
        Column("colour", "category", levels=COLOURS),
        Column("site", "category", levels=SITES),
        Column("weight", "number", role="weight"),
    )
    return make_problem(task, Dataset(columns, values, n_rows), score)


def with_texts(problem: Problem, *, seed: int = 0) -> Problem:
    """Return the problem with a column of text beside the others, whose words tell of the target.

    Parameters
    ----------
    problem : Problem
        Its design must be a `Dataset`.
    seed : int
        Seed of the words.

    Examples
    --------
    >>> problem = with_texts(example_problem("binary", n_rows=20))
    >>> [column.name for column in problem.design.text_columns]
    ['note']
    """
    design = problem.design
    assert isinstance(design, Dataset)
    generator = np.random.default_rng((seed, design.n_rows, 2))
    is_high = problem.y > np.median(problem.y)
    texts = [
        " ".join(generator.choice(HIGH if high else LOW, 6)) + f" at {generator.integers(40)}"
        for high in is_high
    ]
    levels = tuple(sorted(set(texts)))
    codes = np.array([levels.index(text) for text in texts], dtype=np.int32)
    codes[generator.random(len(codes)) < MISSING_SHARE / 3] = -1
    columns = (*design.columns, Column("note", "text", "text", levels))
    values = {**design.values, "note": codes}
    return replace(problem, design=Dataset(columns, values, design.n_rows))


def make_problem(task: Task, design: Dataset, score: Array) -> Problem:
    """Ask for a score, or for the class that its rank falls into; shape (n_rows,)."""
    classes = CLASSES[task]
    if task == "regression":
        return Problem(task, design, score)
    ranks = np.argsort(np.argsort(score, kind="stable"), kind="stable")
    y = (ranks * len(classes)) // len(score)
    return Problem(task, design, y.astype(np.int64), classes, LOSSES[task])


def example_folds(n_rows: int, *, kind: str = "random", n_folds: int = 4) -> Folds:
    """Divide rows at random, several times at random, or by time.

    Parameters
    ----------
    n_rows : int
        Rows to divide.
    kind : str
        `random`, `repeated` (two deals) or `time` (row order is time).
    n_folds : int
        Folds; three for `time`.

    Examples
    --------
    >>> example_folds(12, kind="time").splits[0].train
    array([0, 1, 2])
    """
    if kind == "time":
        return time_folds((np.arange(n_rows) * 8) // n_rows)
    generator = np.random.default_rng((1, n_rows))
    n_repeats = 2 if kind == "repeated" else 1
    deals = [generator.permutation(n_rows) % n_folds for _ in range(n_repeats)]
    return partition_folds(np.stack(deals, axis=1), kind="random")


def replace_rows(
    problem: Problem, rows: Array, *, keep: Array, generator: np.random.Generator
) -> Problem:
    """Give rows other admissible values: features, weights and target alike.

    Parameters
    ----------
    problem : Problem
        Its design must be a `Dataset`.
    rows : ndarray of int, shape (n_replaced,)
        Rows that get another target and another weight.
    keep : ndarray of int
        Rows among them whose features stay, so that a model can be watched through them.
    generator : Generator
        Where the values come from.
    """
    design = problem.design
    assert isinstance(design, Dataset)
    others = np.setdiff1d(rows, keep)
    values = {name: array.copy() for name, array in design.values.items()}
    for column in design.columns:
        target = rows if column.role == "weight" else others
        values[column.name][target] = _other_values(column, len(target), generator)
    y = problem.y.copy()
    y[rows] = (
        generator.normal(0, 1e4, len(rows))
        if problem.task == "regression"
        else generator.integers(0, len(problem.classes), len(rows))
    )
    return replace(problem, design=Dataset(design.columns, values, design.n_rows), y=y)


def only(problem: Problem, *names: str) -> Problem:
    """Return the problem with these columns as its only features."""
    design = problem.design
    assert isinstance(design, Dataset)
    roles: dict[str, Role] = {
        column.name: "dropped"
        for column in design.columns
        if column.name not in names and column.role == "feature"
    }
    return replace(problem, design=design.with_roles(roles))


def with_values(problem: Problem, **changed: Array) -> Problem:
    """Return the problem with other values in the named columns."""
    design = problem.design
    assert isinstance(design, Dataset)
    return replace(
        problem, design=Dataset(design.columns, {**design.values, **changed}, design.n_rows)
    )


def strange_rows(design: Dataset, n_rows: int = 12) -> Dataset:
    """Return rows to predict with unseen and missing categories, missing and large numbers."""
    chosen = np.arange(n_rows) % design.n_rows
    values = {name: array[chosen].copy() for name, array in design.values.items()}
    for position, column in enumerate(design.inputs):
        cells = values[column.name]
        if column.is_coded:
            cells[position % 3 :: 3], cells[(position + 1) % 3 :: 3] = -1, -2
        else:
            cells[position % 3 :: 3] = np.nan
            cells[0], cells[1] = np.nan, 1.0 if column.kind == "boolean" else 1e6
    return Dataset(design.columns, values, n_rows)


def _with_gaps(values: Array, generator: np.random.Generator) -> Array:
    return np.where(generator.random(len(values)) < MISSING_SHARE, np.nan, values)


def _other_values(column: Column, n_rows: int, generator: np.random.Generator) -> Array:
    if column.is_coded:
        return generator.integers(-1, len(column.levels), n_rows).astype(np.int32)
    if column.role == "weight":
        return generator.uniform(0.1, 10.0, n_rows)
    if column.kind == "boolean":
        return _with_gaps(generator.integers(0, 2, n_rows).astype(np.float64), generator)
    scale = 1e9 if column.kind == "datetime" else 1e6
    return _with_gaps(generator.normal(0, scale, n_rows), generator)
