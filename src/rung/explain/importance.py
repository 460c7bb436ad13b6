"""How much each column matters: what a model loses when the column is shuffled.

Columns that stand for one another are shuffled together: shuffled alone, none of them would seem to
matter. All numbers are of held-out rows.

Sources: Breiman (2001), Random Forests, Machine Learning 45; Fisher, Rudin & Dominici (2019), JMLR
20 (model reliance); Strobl et al. (2008), BMC Bioinformatics 9 (columns that go together).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from rung.core.dataset import Column, Dataset
from rung.core.losses import Losses
from rung.core.ranks import mean_ranks
from rung.core.result import Difference, plain
from rung.explain.explanation import Explained, Explanation
from rung.explain.held_out import HeldOut, difference, metric_value
from rung.typing import JSON, Array

DRAWS = 3
MOST_ROWS = 4_000
MOST_COMPARED = 1_000
MOST_PREDICTED, FEWEST_ROWS = 24_000, 300
ALIKE = 0.9
Judgement = Literal["matters", "does not matter", "undecided"]


@dataclass(frozen=True)
class ColumnImportance:
    """What one column, or columns that stand for one another, is worth to a model.

    Attributes
    ----------
    columns : tuple of str
        Shuffled together.
    loss : Difference
        Rise of the loss when they are shuffled, with a 95 % interval.
    share : float
        The rise as a share of the loss with all columns as they are.
    metric : float
        The run's metric when they are shuffled.
    low, high : float
        Its 95 % interval, from that of the rise.
    verdict : str
        `matters` if the interval is above 0; `does not matter` if it is below one hundredth of the
        loss; else `undecided`.
    """

    columns: tuple[str, ...]
    loss: Difference
    share: float
    metric: float
    low: float
    high: float
    verdict: Judgement


@dataclass(frozen=True)
class Importance:
    """What every column is worth to a model, the most important first.

    Attributes
    ----------
    family : str
        Whose models.
    metric : str
        The run's metric.
    whole : float
        Its value with all columns as they are.
    n_rows, n_draws : int
        Held-out rows, and times that each column was shuffled.
    columns : tuple of ColumnImportance
        All columns.
    """

    family: str
    metric: str
    whole: float
    n_rows: int
    n_draws: int
    columns: tuple[ColumnImportance, ...]


def importance(
    held: HeldOut,
    *,
    draws: int = DRAWS,
    most_rows: int = MOST_ROWS,
    groups: Sequence[tuple[str, ...]] | None = None,
) -> Importance:
    """Shuffle each column within the held-out rows of each fold, and see what that costs.

    Parameters
    ----------
    held : HeldOut
        Models and the rows that they have not seen.
    draws : int
        Times that each column is shuffled.
    most_rows : int
        Held-out rows to use; of more, a random part of each fold.
    groups : sequence of tuple of str, optional
        Columns to shuffle together; those that stand for one another if not given.
    """
    held = held.thinned(most_rows)
    groups = columns_alike(held.design, held.features) if groups is None else groups
    whole = held.predict(lambda rows, split: rows)
    shuffled = held.predict_each(lambda rows, split: _shuffles(held, groups, draws, rows, split))
    found = []
    for number, group in enumerate(groups):
        own = shuffled[number * draws : (number + 1) * draws]
        losses = held.losses({"whole": [whole] * draws, "shuffled": own})
        found.append(_judged(held, group, losses))
    n_rows = sum(len(split.test) for split in held.splits)
    value = metric_value(held.metric, float(losses.means[0]), losses) if found else float("nan")
    ordered = sorted(found, key=lambda one: (-one.loss.mean, one.columns))
    return Importance(held.family, held.metric, value, n_rows, draws, tuple(ordered))


def _shuffles(
    held: HeldOut, groups: Sequence[Sequence[str]], draws: int, rows: Dataset, split: int
) -> list[dict[str, Array]]:
    """Put the cells of each group of columns in other orders, the same for all of a group."""
    found = []
    for number, group in enumerate(groups):
        for draw in range(draws):
            rng = np.random.default_rng([0x5AFF1E, held.seed, number, draw, split])
            order = rng.permutation(rows.n_rows)
            found.append({name: rows.values[name][order] for name in group})
    return found


def _judged(held: HeldOut, group: tuple[str, ...], losses: Losses) -> ColumnImportance:
    rise = difference(losses, 1, 0)
    loss = float(losses.means[0])
    verdict: Judgement = "undecided"
    if rise.low > 0:
        verdict = "matters"
    elif rise.high < 0.01 * abs(loss) or rise.mean == rise.low == rise.high == 0:
        verdict = "does not matter"
    ends = (rise.mean, rise.low, rise.high)
    value, *between = (metric_value(held.metric, loss + end, losses) for end in ends)
    share = rise.mean / abs(loss) if loss else 0.0
    return ColumnImportance(group, rise, share, value, min(between), max(between), verdict)


def columns_alike(design: Dataset, columns: Sequence[Column]) -> tuple[tuple[str, ...], ...]:
    """Put columns together that stand for one another.

    Numbers do if their ranks correlate by .9 or more, or less than -.9; categories if Cramér's V
    is as high. What is alike is passed on: a chain of such columns is one group.

    Parameters
    ----------
    design : Dataset
        Rows to look at; of many, a part at even distances.
    columns : sequence of Column
        Columns to put together.

    Returns
    -------
    tuple of tuple of str
        In the order of the columns.
    """
    step = -(-design.n_rows // MOST_COMPARED)
    values = {column.name: design.values[column.name][::step] for column in columns}
    parent = {column.name: column.name for column in columns}

    def root(name: str) -> str:
        while parent[name] != name:
            name = parent[name]
        return name

    numbers = [column.name for column in columns if not column.is_coded]
    alike = np.abs(_rank_correlation([values[name] for name in numbers])) >= ALIKE
    for i, j in zip(*np.nonzero(np.triu(alike, 1)), strict=True):
        parent[root(numbers[j])] = root(numbers[i])
    categories = [column.name for column in columns if column.kind == "category"]
    for i, name in enumerate(categories):
        for other in categories[:i]:
            if root(name) != root(other) and cramers_v(values[name], values[other]) >= ALIKE:
                parent[root(name)] = root(other)
    groups: dict[str, list[str]] = {}
    for column in columns:
        groups.setdefault(root(column.name), []).append(column.name)
    return tuple(tuple(group) for group in groups.values())


def _rank_correlation(columns: Sequence[Array]) -> Array:
    """Return the correlation of ranks of each pair; missing cells stand at the mean rank."""
    if not columns:
        return np.zeros((0, 0))
    ranks = np.column_stack([mean_ranks(column) for column in columns])
    ranks = np.where(np.isfinite(ranks), ranks, np.nanmean(ranks, axis=0, keepdims=True))
    centred = np.nan_to_num(ranks - ranks.mean(axis=0))
    length = np.sqrt((centred**2).sum(axis=0))
    scaled = centred / np.where(length > 0, length, 1.0)
    product: Array = scaled.T @ scaled
    return product


def cramers_v(first: Array, second: Array) -> float:
    """Return Cramér's V of two columns of codes, from 0 (independent) to 1 (one gives the other).

    Examples
    --------
    >>> cramers_v(np.array([0, 1, 2, 0, 1, 2]), np.array([2, 0, 1, 2, 0, 1])).__round__(6)
    1.0
    """
    a, b = (np.unique(codes, return_inverse=True)[1] for codes in (first, second))
    table = np.zeros((a.max(initial=0) + 1, b.max(initial=0) + 1))
    np.add.at(table, (a, b), 1)
    smaller = min(table.shape) - 1
    if smaller < 1 or table.size > len(first) * 4:
        return 0.0
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0, keepdims=True) / table.sum()
    return float(np.sqrt(((table - expected) ** 2 / expected).sum() / table.sum() / smaller))


def importance_section(found: Explained) -> list[JSON] | None:
    """Return what columns are worth to the choice and the leader; fewer rows for more columns."""
    held = found.opened()
    rows = [ranked(found, one) for one in held]
    return [{"title": one.title, **plain(row)} for one, row in zip(held, rows, strict=True)] or None


def ranked(found: Explained, held: HeldOut) -> Importance:
    """Return what columns are worth to a family of a run, worked out once.

    Each column is shuffled on so many rows that the models predict about `MOST_PREDICTED`.
    """
    known: dict[str, Importance] = found.known.setdefault("importance", {})
    if held.family not in known:
        most = MOST_PREDICTED // (DRAWS * len(held.features))
        known[held.family] = importance(held, most_rows=int(np.clip(most, FEWEST_ROWS, MOST_ROWS)))
    return known[held.family]


def main_columns(found: Explained, held: HeldOut, most: int) -> list[str]:
    """Return the columns that matter most and have values to move along, one of those alike."""
    names = [one.columns[0] for one in ranked(found, held).columns[:most]]
    return [name for name in names if held.design.column(name).kind != "text"]


EXPLANATION = Explanation(name="importance", make=importance_section)
