"""Say what makes a group: the simplest rule on columns that tells its rows, on held-out rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rung.typing import Array, Untyped

DEPTHS = (1, 2, 3)
ENOUGH = 0.95  # held-out accuracy beyond which no longer rule is tried
GAIN = 0.02  # that a longer rule must bring
FOLDS = 5
MOST_ROWS = 5_000


@dataclass(frozen=True)
class GroupRule:
    """A rule for one group.

    Attributes
    ----------
    text : str
        Conditions on columns; alternatives are joined by `or`.
    accuracy : float
        Share of held-out rows that rules learned without them put right, in or out.
    base : float
        The share that is right without a rule: the group's, or the rest's.
    depth : int
        Conditions that follow one another at most.
    """

    text: str
    accuracy: float
    base: float
    depth: int


def find_rules(
    columns: Array, names: Sequence[str], labels: Array, *, seed: int = 0
) -> tuple[GroupRule, ...]:
    """Return a rule for every group.

    Parameters
    ----------
    columns : ndarray, shape (n_rows, n_columns)
        In the units of the table; NaN for missing.
    names : sequence of str
        Names of the columns.
    labels : ndarray of int, shape (n_rows,)
        Group of each row.
    seed : int
        Of the folds.

    Examples
    --------
    >>> x = np.linspace(0, 10, 200)[:, None]
    >>> [rule.text for rule in find_rules(x, ["x"], (x[:, 0] > 4).astype(int))]
    ['x <= 3.995', 'x > 3.995']
    """
    rng = np.random.default_rng([0x6A4, seed % 2**63])
    if len(labels) > MOST_ROWS:
        rows = rng.choice(len(labels), MOST_ROWS, replace=False)
        columns, labels = columns[rows], labels[rows]
    fold = rng.permutation(len(labels)) % FOLDS
    return tuple(_rule(columns, names, labels == one, fold) for one in range(int(labels.max()) + 1))


def _rule(columns: Array, names: Sequence[str], inside: Array, fold: Array) -> GroupRule:
    share = float(inside.mean())
    best, best_depth = -1.0, 1
    for depth in DEPTHS:
        right = [
            _tree(columns[fold != one], inside[fold != one], depth).predict(columns[fold == one])
            == inside[fold == one]
            for one in range(FOLDS)
        ]
        accuracy = float(np.concatenate(right).mean())
        if accuracy > best + GAIN:
            best, best_depth = accuracy, depth
        if best >= ENOUGH:
            break
    text = _said(_tree(columns, inside, best_depth).tree_, names)
    return GroupRule(text, best, max(share, 1 - share), best_depth)


def _tree(columns: Array, inside: Array, depth: int) -> Untyped:
    from sklearn.tree import DecisionTreeClassifier

    return DecisionTreeClassifier(max_depth=depth, min_samples_leaf=5, random_state=0).fit(
        columns, inside
    )


def _said(tree: Untyped, names: Sequence[str], node: int = 0, before: tuple[str, ...] = ()) -> str:
    """Write the conditions that lead to leaves inside the group."""
    found = _ways(tree, names, node, before)
    return " or ".join(" and ".join(_tightest(way)) for way in found) or "no rule tells it"


def _tightest(way: tuple[str, ...]) -> list[str]:
    """Leave out bounds that a later one of the same kind, further down the tree, makes needless.

    Examples
    --------
    >>> _tightest(("x > 1", "y <= 2", "x > 3", "kind is not a", "kind is not b"))
    ['y <= 2', 'x > 3', 'kind is not a', 'kind is not b']
    """
    bounds = [
        one.rpartition(" ")[0] if one.rpartition(" ")[0].endswith((" >", " <=")) else one
        for one in way
    ]
    return [one for k, one in enumerate(way) if bounds[k] not in bounds[k + 1 :]]


def _ways(
    tree: Untyped, names: Sequence[str], node: int, before: tuple[str, ...]
) -> list[tuple[str, ...]]:
    left, right = tree.children_left[node], tree.children_right[node]
    if left < 0:
        return [before] if before and tree.value[node][0].argmax() == 1 else []
    below, above = _conditions(names[tree.feature[node]], float(tree.threshold[node]))
    return [
        *_ways(tree, names, left, (*before, below)),
        *_ways(tree, names, right, (*before, above)),
    ]


def _conditions(name: str, threshold: float) -> tuple[str, str]:
    """Say a split in words; levels of categories and missing cells have no threshold."""
    if name.startswith("["):
        level = name.strip("[]")
        return level.replace(" = ", " is not ", 1), level
    if not np.isfinite(threshold):
        return f"{name} is known", f"{name} is missing"
    return f"{name} <= {threshold:.4g}", f"{name} > {threshold:.4g}"
