"""Explain the prediction for one row: what columns do to it, rows like it, what would change it.

What a column does is its exact SHAP value where the model has one (`rung.explain.shap`), else the
prediction less its mean when the column takes the values of other rows. How far two rows are apart is the root mean square over columns of their difference: of numbers in standard
deviations of the known rows, of categories 1 for another level; a missing cell is 1 from a known one.

Sources: Gower (1971), Biometrics 27 (distances of mixed columns); Wachter, Mittelstadt & Russell
(2018), Harvard Journal of Law & Technology 31 (the smallest change that alters a decision).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from rung.core.dataset import UNSEEN, Column, Dataset
from rung.errors import UsageError
from rung.explain.explanation import cell_text
from rung.explain.row_shap import ExactModel, RowShap
from rung.typing import JSON, Array

N_NEAREST, N_OTHERS, MOST_JUDGED, MOST_KNOWN, MOST_PLACES = 5, 100, 500, 10_000, 100
ROUNDING = 1e-12
NO_CHANGE: Mapping[str, None] = MappingProxyType({"to": None, "then": None, "size": None})


@dataclass(frozen=True)
class Asked:
    """A row with the model that predicts it and the rows that it is held against.

    Attributes
    ----------
    predict : callable
        From rows to outputs, shape (n_rows, n_outputs).
    row : Dataset
        The row.
    known : Dataset
        Other rows with the same columns: those that the model learned from.
    classes : tuple of str
        Class labels; empty for values.
    amount : float
        Change of a value that counts as another answer.
    exact : ExactModel, optional
        Gives the SHAP values of the row, if its form has some.
    """

    predict: Callable[[Dataset], Array]
    row: Dataset
    known: Dataset
    classes: tuple[str, ...]
    amount: float
    exact: ExactModel | None = None

    @property
    def columns(self) -> tuple[Column, ...]:
        """Columns that the model uses and that are changed one by one; a text stays as it is."""
        return tuple(one for one in self.row.features if one.kind == "category" or not one.is_coded)

    def outputs(self, changes: Sequence[tuple[str, float]]) -> Array:
        """Predict the row with one cell changed, for each change."""
        values = {
            one.name: np.repeat(self.row.values[one.name], len(changes)) for one in self.row.inputs
        }
        for i, (name, cell) in enumerate(changes):
            values[name][i] = cell
        rows = Dataset(self.row.inputs, values, len(changes))
        with np.errstate(all="ignore"):
            return np.nan_to_num(self.predict(rows)).reshape(len(changes), -1)


def explain_row(asked: Asked, describe: Callable[[Array], list[JSON]]) -> JSON:
    """Return what is known of the prediction for a row.

    Parameters
    ----------
    asked : Asked
        The row.
    describe : callable
        Says which known rows are meant, and what is true of them.

    Returns
    -------
    dict
        `prediction`, for classes with its `probability`; `columns`, each with its `value`, what it
        `adds`, and the nearest value `to` that gives another answer `then`, if any, `size` deviations
        away; which of two kinds `adds_are`; `nearest` rows;
        `distance` to the nearest, and the `share_farther` of known rows that are farther from theirs.
    """
    if not asked.columns:
        raise UsageError(
            "this row has texts alone, and no column whose change could be followed",
            "ask the run for words(), which tell most",
        )
    whole = asked.outputs([(asked.columns[0].name, asked.row.values[asked.columns[0].name][0])])[0]
    output = int(whole.argmax()) if asked.classes else 0
    own = asked.exact.of_row(asked.row, output) if asked.exact else None
    adds = own.adds if own else contributions(asked, whole, output)
    measure = Distances.of(asked.known, asked.columns)
    changes = [
        _change(asked, column, whole, scale)
        for column, scale in zip(asked.columns, measure.scale, strict=True)
    ]
    to_known = measure.between(asked.row, asked.known)[0]
    order = np.argsort(to_known, kind="stable")[:N_NEAREST]
    rows = [
        {
            "column": column.name,
            "value": _written(asked.row, column),
            "adds": float(adds.get(column.name, 0.0)),
            **change,
        }
        for column, change in zip(asked.columns, changes, strict=True)
    ]
    rows += [
        {"column": name, "value": None, "adds": float(add), **NO_CHANGE}
        for name, add in adds.items()
        if name not in {column.name for column in asked.columns}
    ]
    rows.sort(key=lambda one: (-abs(one["adds"]), one["column"]))
    return {
        "prediction": asked.classes[output] if asked.classes else float(whole[0]),
        "probability": float(whole[output]) if asked.classes else None,
        "amount": None if asked.classes else asked.amount,
        "adds_are": _kind(own, asked),
        "columns": rows,
        "nearest": [
            {
                **about,
                "distance": float(to_known[i]),
                **{c.name: cell_text(asked.known, c, int(i)) for c in asked.columns},
            }
            for i, about in zip(order, describe(order), strict=True)
        ],
        "n_known": asked.known.n_rows,
        "distance": float(to_known[order[0]]),
        "share_farther": share_farther(measure, asked.known, float(to_known[order[0]])),
    }


def _kind(own: RowShap | None, asked: Asked) -> JSON:
    """Say what columns add: exact SHAP values, from which base on, or shuffled differences."""
    if own is None:
        return {"kind": "shuffled", "unit": "probability" if asked.classes else "value"}
    return {"kind": "shap", "unit": own.unit, "base": own.base, "n_models": own.n_models}


def _written(row: Dataset, column: Column) -> str:
    is_new = column.is_coded and row.values[column.name][0] == UNSEEN
    return "a level that is not known" if is_new else cell_text(row, column, 0)


def contributions(asked: Asked, whole: Array, output: int) -> dict[str, float]:
    """Return what each column adds: the prediction less its mean with the cells of other rows."""
    step = -(-asked.known.n_rows // N_OTHERS)
    others = {one.name: asked.known.values[one.name][::step] for one in asked.columns}
    changes = [(name, cell) for name, cells in others.items() for cell in cells.tolist()]
    made = asked.outputs(changes)[:, output].reshape(len(others), -1)
    adds = whole[output] - made.mean(axis=1)
    adds[np.abs(adds) < ROUNDING * np.abs(whole).max(initial=0.0)] = 0.0
    return dict(zip(others, adds.tolist(), strict=True))


def _change(asked: Asked, column: Column, whole: Array, scale: float) -> JSON:
    """Return the nearest value of a column, among those observed, that gives another answer."""
    cells = _observed(column, asked.known.values[column.name])
    own = float(asked.row.values[column.name][0])
    cells = cells[cells != own]
    if not len(cells):
        return dict(NO_CHANGE)
    made = asked.outputs([(column.name, cell) for cell in cells.tolist()])
    if asked.classes:
        is_other = made.argmax(axis=1) != whole.argmax()
    else:
        is_other = np.abs(made[:, 0] - whole[0]) >= asked.amount
    if not is_other.any():
        return dict(NO_CHANGE)
    away = np.ones(len(cells)) if column.is_coded else np.abs(cells - own) / scale
    away = np.nan_to_num(away, nan=1.0)
    best = int(np.flatnonzero(is_other)[np.argmin(away[is_other])])
    then = asked.classes[made[best].argmax()] if asked.classes else float(made[best, 0])
    changed = Dataset((column,), {column.name: cells[[best]]}, 1)
    return {
        "to": cell_text(changed, column, 0),
        "then": then,
        "size": float(away[best]),
    }


def _observed(column: Column, values: Array) -> Array:
    """Return values of known rows: all levels, or numbers at even shares of the rows."""
    known = values[values >= 0] if column.is_coded else values[np.isfinite(values)]
    distinct = np.unique(known)
    if column.is_coded or len(distinct) <= MOST_PLACES:
        return distinct
    shares = np.linspace(0.0, 1.0, MOST_PLACES)
    return np.unique(np.quantile(known, shares, method="nearest"))


@dataclass(frozen=True)
class Distances:
    """How far rows are apart, with the scale that known rows give.

    Attributes
    ----------
    columns : tuple of Column
        Columns that are compared.
    scale : tuple of float
        Standard deviation of each among known rows; 1 for categories and constants.
    """

    columns: tuple[Column, ...]
    scale: tuple[float, ...]

    @staticmethod
    def of(known: Dataset, columns: tuple[Column, ...]) -> Distances:
        """Learn the scale from known rows."""
        return Distances(columns, tuple(_scale(one, known.values[one.name]) for one in columns))

    def between(self, rows: Dataset, known: Dataset) -> Array:
        """Return distances, shape (n_rows, n_known)."""
        total = np.zeros((rows.n_rows, known.n_rows))
        for column, scale in zip(self.columns, self.scale, strict=True):
            a, b = (each.values[column.name] for each in (rows, known))
            if column.is_coded:
                total += a[:, None] != b[None, :]
                continue
            gone, lost = ~np.isfinite(a), ~np.isfinite(b)
            apart = (np.nan_to_num(a)[:, None] - np.nan_to_num(b)[None, :]) / scale
            is_one = gone[:, None] != lost[None, :]
            either = gone[:, None] | lost[None, :]
            total += np.where(either, is_one.astype(float), apart**2)
        return np.sqrt(total / max(len(self.columns), 1))


def _scale(column: Column, values: Array) -> float:
    if column.is_coded:
        return 1.0
    known = values[np.isfinite(values)]
    deviation = float(known.std()) if len(known) else 0.0
    return deviation if deviation > 0 else 1.0


def share_farther(measure: Distances, known: Dataset, distance: float) -> float:
    """Return the share of known rows, or of a part, that are farther from their nearest neighbour."""
    step = -(-known.n_rows // MOST_JUDGED)
    rows = np.arange(known.n_rows)[::step]
    nearest = np.empty(len(rows))
    for first in range(0, len(rows), 50):
        part = rows[first : first + 50]
        apart = measure.between(known.take(part), known)
        apart[np.arange(len(part)), part] = np.inf
        nearest[first : first + 50] = apart.min(axis=1)
    return float((nearest > distance).mean())


def thin_known(n_rows: int) -> Array:
    """Return which known rows are compared with: all, or of many a part at even distances."""
    return np.arange(n_rows)[:: -(-n_rows // MOST_KNOWN)]
