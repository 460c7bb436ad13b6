"""Find values of one column that settle the target, whatever the rest of the row says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rung.check.rest import ColumnSkills
from rung.core.dataset import Dataset
from rung.typing import Array

LARGE_SHARE = 0.05
# All of so many rows alike: with 95 % confidence at least 95 % are.
FEWEST_ROWS = 59
PURE = 0.995
# Share of the other rows that may have the same answer.
ELSEWHERE = 0.8
# Share of the constant's loss in these rows that the rest of the table may leave at most to be near.
NEAR = 0.3
MOST_FOUND = 20
MOST_TOLD = 5_000
FIRST = 2_000


@dataclass(frozen=True)
class SettlingValue:
    """State that rows of one value nearly all have one answer.

    Attributes
    ----------
    column : str
        Where the value stands.
    value : str
        The value as text; `a missing cell` for none.
    answer : float
        Class number, or the quantity, that these rows have.
    n_rows, n_answer : int
        Rows of the value, and those of them with the answer.
    elsewhere : float
        Share of the other rows with this answer.
    surprise : float
        Share of all rows that have the value, times the log of one over `elsewhere`.
    is_told_by_others : bool
        Whether the rest of the table tells these rows as well.
    """

    column: str
    value: str
    answer: float
    n_rows: int
    n_answer: int
    elsewhere: float
    surprise: float
    is_told_by_others: bool


def settling_values(skills: ColumnSkills) -> tuple[SettlingValue, ...]:
    """Return the values that settle the target in at least 5 % of the training rows, and in 59.

    Parameters
    ----------
    skills : ColumnSkills
        The training rows, and what the other columns tell of them; what is found is kept there.
    """
    if "settling" not in skills.kept:
        skills.kept["settling"] = tuple(_settling(skills))
    found: tuple[SettlingValue, ...] = skills.kept["settling"]
    return found


def _settling(skills: ColumnSkills) -> Iterator[SettlingValue]:
    y = skills.sample.y
    n_found = 0
    for column, value, rows in _common_values(skills):
        answers, counts = np.unique(y[rows], return_counts=True)
        most = int(counts.argmax())
        n_answer, n_rows = int(counts[most]), int(rows.sum())
        elsewhere = float(np.mean(y[~rows] == answers[most])) if n_rows < len(y) else 1.0
        if n_answer < PURE * n_rows or elsewhere > ELSEWHERE or n_found >= MOST_FOUND:
            continue
        n_found += 1
        yield SettlingValue(
            column,
            value,
            answer=float(answers[most]),
            n_rows=n_rows,
            n_answer=n_answer,
            elsewhere=elsewhere,
            surprise=n_rows / len(y) * float(np.log(1 / max(elsewhere, 1 / len(y)))),
            is_told_by_others=_is_told(skills, column, rows),
        )


def _common_values(skills: ColumnSkills) -> Iterator[tuple[str, str, Array]]:
    """Yield column, value and rows of every value that stands in enough rows."""
    design = skills.sample.design
    fewest = max(LARGE_SHARE * design.n_rows, FEWEST_ROWS)
    for name, values in skills.numbers.items():
        if _is_part_of_time(name, design):
            continue
        for one in _repeated(values):
            rows = np.isnan(values) if np.isnan(one) else values == one
            if rows.sum() >= fewest:
                yield name, "a missing cell" if np.isnan(one) else f"{one:.6g}", rows
    for column in design.category_columns:
        codes = np.maximum(design.values[column.name], -1)
        for code in _repeated(codes):
            rows = codes == code
            if rows.sum() >= fewest:
                yield column.name, "a missing cell" if code < 0 else repr(column.levels[code]), rows


def _repeated(values: Array) -> Array:
    """Return the values that stand often in the first rows."""
    distinct, counts = np.unique(values[:FIRST], return_counts=True)
    return np.asarray(distinct[counts >= 0.5 * LARGE_SHARE * min(len(values), FIRST)])


def _is_part_of_time(name: str, design: Dataset) -> bool:
    return any(c.kind == "datetime" and name.startswith(f"{c.name}.") for c in design.features)


def _is_told(skills: ColumnSkills, column: str, rows: Array) -> bool:
    """Tell whether the rest of the table predicts these rows far better than the constant does."""
    sample = skills.sample
    at = np.flatnonzero(rows)[-MOST_TOLD:]
    guess = ((sample.outputs[at] - skills.table.means[sample.fold[at]]) ** 2).sum()
    said = (
        skills.table.predict_without({column}, sample)[at],
        skills.tree_without({column}, at),
    )
    left = min(((sample.outputs[at] - one) ** 2).sum() for one in said)
    return bool(left <= NEAR * guess)
