"""Exact SHAP values of one row, of models that have them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from rung.core.dataset import Dataset
from rung.explain.shap import can_explain, explained_sum, shares_of
from rung.families.forms import BoostingForm
from rung.typing import Array


@dataclass(frozen=True)
class RowShap:
    """What columns add to a sum of one row: with the base they are the sum.

    Attributes
    ----------
    adds : mapping of str to float
        SHAP value of each column; what relates several columns stands under its own name.
    base : float
        Mean of the sum over the known rows.
    unit : str
        `value`, `probability`, `log odds` or `score` (`rung.explain.shap_view`).
    n_models : int
        Models whose scores of classes are averaged here, where the prediction is the mean of their
        probabilities; else 1.
    """

    adds: Mapping[str, float]
    base: float
    unit: str
    n_models: int


@dataclass(frozen=True)
class ExactModel:
    """A model whose SHAP values are known, with the rows that means are taken over.

    Attributes
    ----------
    model : Model
        What predicts.
    form : type or None
        Of the model (`Family.form`).
    known : Dataset
        Rows that means are taken over.
    weight : ndarray, shape (n_known,)
        Of each.
    classes : tuple of str
        Class labels; empty for values.
    """

    model: Any
    form: Any
    known: Dataset
    weight: Array
    classes: tuple[str, ...]

    def of_row(self, row: Dataset, output: int) -> RowShap | None:
        """Return the SHAP values of a row for one output; None where the form has none."""
        if not can_explain(self.form):
            return None
        unit, weights = explained_sum(self.form, self.classes, output)
        weight = self.weight if self.weight.any() else np.ones(len(self.weight))
        with np.errstate(all="ignore"):
            found = shares_of(self.form, self.model, row, (self.known, weight)).times(weights)
        adds = {name: float(own[0, 0]) for name, own in found.columns.items()}
        is_mean = self.form is BoostingForm and bool(self.classes)
        n_models = len(self.model.models) if is_mean else 1
        return RowShap(adds, float(found.base[0]), unit, n_models)
