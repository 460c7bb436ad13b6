"""Turn the target column into what is to be predicted."""

from __future__ import annotations

from dataclasses import dataclass
from shlex import quote

import numpy as np

from rung.core.dataset import Dataset
from rung.core.findings import Finding
from rung.errors import TargetProblem, UsageError
from rung.typing import Array, Task

FEW_WHOLE_NUMBERS = 20
# Rows that each class holds; a count has values that hardly a row reaches.
CLASS_ROWS = 10
TASKS: tuple[Task, ...] = ("regression", "binary", "multiclass")


@dataclass(frozen=True)
class TargetColumn:
    """The target of every row.

    Attributes
    ----------
    task : str
        `regression`, `binary` or `multiclass`.
    y : ndarray, shape (n_rows,)
        float64 values, or int64 class indices.
    classes : tuple of str
        Class labels: in numeric order if all are numbers, else in the order of the alphabet.
    findings : tuple of Finding
        What was guessed.
    """

    task: Task
    y: Array
    classes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def labels(self) -> Array | None:
        """Class indices; None for regression."""
        return None if self.task == "regression" else self.y


def has_target(dataset: Dataset, target: str) -> Array:
    """Tell which rows have a target, shape (n_rows,)."""
    values = dataset.values[target]
    return values >= 0 if dataset.column(target).is_coded else np.isfinite(values)


def make_target(dataset: Dataset, target: str, task: Task | None) -> TargetColumn:
    """Read the target column as a task.

    Parameters
    ----------
    dataset : Dataset
        Rows that have a target.
    target : str
        Name of the column.
    task : str or None
        The task wanted; None to infer it: strings and booleans are classes, and so are two
        distinct numbers and numbers that count classes (`counts_classes`); other numbers are a
        quantity.

    Raises
    ------
    TargetProblem
        If the target has one value only, or strings where a quantity was asked for.
    """
    column, values = dataset.column(target), dataset.values[target]
    distinct, n_rows = np.unique(values, return_counts=True)
    if len(distinct) < 2:
        raise TargetProblem(
            f"target column {target!r} has the same value, {_shown(dataset, target)}, in all "
            f"{dataset.n_rows} rows; there is nothing to predict",
            "choose another --target",
        )
    if task is None:
        is_named = column.is_coded or column.kind == "boolean" or len(distinct) == 2
        is_regression = not (is_named or counts_classes(distinct, n_rows))
        findings = () if is_named else _guess(column.name, distinct, is_regression)
    else:
        is_regression, findings = task == "regression", ()
    if is_regression:
        if column.is_coded:
            raise TargetProblem(
                f"target column {target!r} holds strings such as {_shown(dataset, target)}; "
                "regression needs numbers",
                "clean the column"
                if len(distinct) > most_classes(dataset.n_rows)
                else "use --task multiclass, or clean the column",
            )
        return TargetColumn("regression", values.astype(np.float64), findings=findings)
    found = _classes(dataset, target)
    if task == "binary" and len(found.classes) != 2:
        raise UsageError(
            f"task 'binary' needs 2 classes, target column {target!r} has {len(found.classes)}",
            "use --task multiclass",
        )
    return TargetColumn(found.task, found.y, found.classes, findings)


def most_classes(n_rows: int) -> int:
    """Return how many distinct strings may be classes: they must repeat, where they are many."""
    return max(50, n_rows // 2)


def _classes(dataset: Dataset, target: str) -> TargetColumn:
    column, values = dataset.column(target), dataset.values[target]
    used, y = np.unique(values, return_inverse=True)
    if column.is_coded:
        classes = tuple(column.levels[code] for code in used)
        if len(classes) > most_classes(dataset.n_rows):
            raise TargetProblem(
                f"target column {target!r} has {len(classes)} distinct strings in "
                f"{dataset.n_rows} rows; classes must repeat",
                "choose another --target",
            )
    elif column.kind == "boolean":
        classes = tuple("true" if value else "false" for value in used)
    else:
        classes = tuple(str(int(v)) if float(v).is_integer() else repr(float(v)) for v in used)
    task: Task = "binary" if len(classes) == 2 else "multiclass"
    return TargetColumn(task, y.astype(np.int64), classes)


def counts_classes(distinct: Array, n_rows: Array) -> bool:
    """Tell whether whole numbers are the names of classes, as the field writes them: 0, 1, 2.

    They are if there are at most 20, one after the other from 0 or 1, and each has at least 10
    rows, or half of what it would have if all had as many. So a count, whose largest values
    hardly a row reaches, grades from 3 to 9, ages and years are quantities.

    Parameters
    ----------
    distinct, n_rows : ndarray, shape (n_distinct,)
        The values, ascending, and the rows of each.

    Examples
    --------
    >>> counts_classes(np.array([0.0, 1.0, 2.0]), np.array([50, 50, 50]))
    True
    >>> counts_classes(np.array([0.0, 1.0, 2.0, 3.0]), np.array([74, 60, 15, 1]))
    False
    """
    n_distinct, first = len(distinct), distinct[0]
    if n_distinct > FEW_WHOLE_NUMBERS or first not in (0, 1):
        return False
    is_row = np.array_equal(distinct, first + np.arange(n_distinct))
    return is_row and bool(n_rows.min() >= min(CLASS_ROWS, n_rows.mean() / 2))


def _guess(name: str, distinct: Array, is_regression: bool) -> tuple[Finding, ...]:
    """Say how numbers are read that might be either."""
    if len(distinct) > FEW_WHOLE_NUMBERS or not np.array_equal(distinct, np.round(distinct)):
        return ()
    seen = f"target {name!r} holds {len(distinct)} distinct whole numbers"
    if is_regression:
        message = f"{seen}; it is read as a quantity"
        remedy = "use --task multiclass if they are names of classes"
        return (Finding("task_guess", "warning", (name,), message, remedy),)
    message = f"{seen} from {distinct[0]:g} to {distinct[-1]:g}; they are read as names of classes"
    remedy = "use --task regression if they are a quantity"
    return (Finding("task_guess", "info", (name,), message, remedy),)


def _shown(dataset: Dataset, target: str) -> str:
    column, value = dataset.column(target), dataset.values[target][0]
    return repr(column.levels[value]) if column.is_coded else f"{value:g}"


def positive_index(classes: tuple[str, ...], positive: str | None) -> int | None:
    """Return the index of the positive class: the one named, else the second of two.

    Raises
    ------
    UsageError
        If the name is not a class.

    Examples
    --------
    >>> positive_index(("no", "yes"), None)
    1
    """
    if positive is None:
        return 1 if len(classes) == 2 else None
    if len(classes) != 2:
        raise UsageError(
            f"--positive {positive!r} needs a target of two classes; this one has {len(classes)}",
            "drop --positive",
        )
    if positive not in classes:
        raise UsageError(
            f"positive class {positive!r} not found; the classes are {classes[0]!r} and "
            f"{classes[1]!r}",
            f"use --positive {quote(str(classes[1]))}",
        )
    return classes.index(positive)
