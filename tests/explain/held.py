"""Held-out models made by hand, for explanations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from rung.core.dataset import Dataset
from rung.core.events import ignore
from rung.core.family import State
from rung.explain.held_out import HeldOut
from rung.kinds.table.options import FitOptions
from rung.kinds.table.prepare import prepare
from rung.typing import Array
from rung.workbench.climb import climb


@dataclass(frozen=True)
class Formula:
    """A model that is a formula of columns."""

    formula: Callable[[Dataset], Array]

    def predict(self, design: Dataset, rows: Array | None = None) -> Array:
        """Return values, shape (n_rows, 1)."""
        chosen = design if rows is None else design.take(rows)
        return np.asarray(self.formula(chosen), dtype=float)[:, None]

    def to_state(self) -> State:
        """Return nothing: it is never saved."""
        return State({})


def of_formula(
    table: pl.DataFrame, target: str, formula: Callable[[Dataset], Array], **options: object
) -> HeldOut:
    """Return models that all are this formula, on the folds of a run."""
    asked = FitOptions(target, ledger=False, **options)  # type: ignore[arg-type]
    prepared = prepare(table, asked)
    splits = prepared.folds.splits
    models = tuple(Formula(formula) for _ in splits)
    return HeldOut(
        "formula",
        "Formula",
        prepared.problem,
        splits,
        models,
        prepared.units.train,
        prepared.metric.key,
    )


def of_family(table: pl.DataFrame, target: str, family: str, **options: object) -> HeldOut:
    """Return the models of the folds of a family."""
    asked = FitOptions(target, families=(family,), ledger=False, **options)  # type: ignore[arg-type]
    prepared = prepare(table, asked)
    models = climb(prepared, asked, ignore, {}).fitted(family).models
    return HeldOut(
        family,
        family,
        prepared.problem,
        prepared.folds.splits,
        models,
        prepared.units.train,
        prepared.metric.key,
        prepared.positive,
    )
