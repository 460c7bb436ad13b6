"""Impurity of trees and forests by column, with its bias beside it: on rows learned from, and on held-out rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rung.explain.held_out import HeldOut
from rung.explain.shap import feature_owners, owners_of
from rung.families.forms import ForestForm, TreeForm
from rung.trees.impurity import impurity_decrease
from rung.typing import JSON, Array, Untyped

FORMS = (TreeForm, ForestForm)
BIAS = (
    "impurity counts the rows that trees learned from: it favours columns with many values, and gives "
    "noise a share; held-out rows do not"
)
# Of the impurity of the rows learned from: a share worth a warning where held-out rows deny it.
WORTH_SAYING, DENIED = 0.02, 0.5


@dataclass(frozen=True)
class ColumnImpurity:
    """What the cuts on one column take away from the spread of the target.

    Attributes
    ----------
    column : str
        Its name; of a relation of several columns, that of the relation.
    learned : float
        Share of all that cuts take away on the rows that the trees learned from.
    held_out : float
        The same on rows that they have not seen, as a share of what all cuts take away there; 0 or
        less where the cuts do not hold.
    """

    column: str
    learned: float
    held_out: float

    @property
    def is_by_heart(self) -> bool:
        """Whether the column has a share that held-out rows deny."""
        return self.learned > WORTH_SAYING and self.held_out < DENIED * self.learned


def impurity(held: HeldOut) -> tuple[ColumnImpurity, ...]:
    """Return shares of impurity by column, the mean over the models of all folds.

    Parameters
    ----------
    held : HeldOut
        Models that are trees or forests.
    """
    sums: dict[str, Array] = {}
    for model, split in zip(held.models, held.splits, strict=True):
        for part in _parts(model):
            names = feature_owners(part.encoder, owners_of(held.design))
            every = list(dict.fromkeys(names))
            owners = np.array([every.index(name) for name in names], dtype=np.int64)
            learned, judged = (_rows(held, part, rows) for rows in (split.train, split.test))
            found = np.stack(
                [
                    impurity_decrease(part.nodes, learned, rows, owners) / part.nodes.n_trees
                    for rows in (learned, judged)
                ],
                axis=1,
            )
            for name, own in zip(every, found, strict=True):
                sums[name] = sums.get(name, np.zeros(2)) + own
    total = np.sum(list(sums.values()), axis=0)
    shares = {
        name: np.divide(own, total, where=total > 0, out=np.zeros(2)) for name, own in sums.items()
    }
    rows = [ColumnImpurity(name, float(own[0]), float(own[1])) for name, own in shares.items()]
    return tuple(sorted(rows, key=lambda one: (-one.learned, one.column)))


def _parts(model: Any) -> Sequence[Untyped]:
    return model.models if hasattr(model, "models") else (model,)


def _rows(held: HeldOut, part: Untyped, rows: Array) -> tuple[Array, Array, Array]:
    """Return features, targets from their mean, and weights of rows."""
    y, n_classes = held.problem.y, len(held.problem.classes)
    target = np.eye(n_classes)[y[rows]] if n_classes else (y[rows] - y.mean())[:, None]
    weight = held.problem.weights(rows)
    return (
        part.encoder.matrix(held.design, rows),
        target,
        weight if weight.any() else np.ones(len(rows)),
    )


def impurity_lines(title: str, found: Sequence[ColumnImpurity]) -> list[str]:
    """Return shares in a few words, the bias first."""
    lines = [f"{title}: shares of impurity on rows learned from, and on held-out rows", BIAS]
    for one in found:
        denied = ", by heart: held-out rows deny it" if one.is_by_heart else ""
        lines.append(f"{one.column}: {one.learned:.3f}, {one.held_out:.3f}{denied}")
    return lines


def impurity_data(held: HeldOut, found: Sequence[ColumnImpurity]) -> JSON:
    """Return shares as data."""
    rows = [
        {
            "column": one.column,
            "learned": one.learned,
            "held_out": one.held_out,
            "by_heart": one.is_by_heart,
        }
        for one in found
    ]
    return {"family": held.family, "title": held.title, "bias": BIAS, "columns": rows}
