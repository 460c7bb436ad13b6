"""Turn columns into matrices: each recipe is one module, imported when first asked for."""

from __future__ import annotations

import importlib
from typing import cast

from rung.core.family import Encoded, Problem
from rung.errors import UsageError
from rung.typing import Array

# Recipe -> (module, function). The function takes (problem, train) and returns an `Encoded`.
RECIPES: dict[str, tuple[str, str]] = {
    "components": ("rung.prep.texts.components", "fit_components"),
    "one-hot": ("rung.prep.one_hot", "fit_one_hot"),
    "piecewise": ("rung.prep.piecewise", "fit_piecewise"),
    "related": ("rung.prep.related", "fit_related"),
    "tree": ("rung.prep.ordinal", "fit_tree_encoder"),
    "words": ("rung.prep.texts.encoder", "fit_words"),
}
# What is for columns of running text alone, and put beside another by rung itself.
OF_TEXTS = ("components", "words")


def fit_encoder(recipe: str, problem: Problem, train: Array) -> Encoded:
    """Fit the named encoding on training rows.

    Parameters
    ----------
    recipe : str
        A key of `RECIPES`.
    problem : Problem
        Whose columns, weights and target are used.
    train : ndarray of int, shape (n_train,)
        Rows to learn from; no other row is read.

    Raises
    ------
    UsageError
        If there is no such recipe.
    """
    if recipe not in RECIPES:
        raise UsageError(
            f"unknown encoding {recipe!r}; the encodings are {', '.join(RECIPES)}",
            "use one of these",
        )
    module, function = RECIPES[recipe]
    return cast(Encoded, getattr(importlib.import_module(module), function)(problem, train))
