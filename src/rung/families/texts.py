"""Let every family of tables climb on columns of text.

A family counts words itself, or is given a few numbers that stand for the words of each text, or
leaves texts out (`Family.texts`). Numbers are made anew for each split, of its training rows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any, cast

import numpy as np

from rung.core.family import Context, CrossFit, Design, Family, Model, Problem, State
from rung.core.fold_searches import choosing_splits
from rung.core.folds import Folds, Split
from rung.prep.mean import mean_prediction
from rung.prep.nesting import nest, part
from rung.prep.states import take_count
from rung.prep.texts.components import TextComponents
from rung.typing import Array

MARK = "components"


@dataclass(frozen=True)
class ComponentsModel:
    """Predict from the components of texts beside the other columns.

    Attributes
    ----------
    components : TextComponents
        From texts to numbers.
    model : Model
        Of a table with these numbers.
    """

    components: TextComponents
    model: Model

    def predict(self, design: Design, rows: Array | None = None) -> Array:
        """Return values or probabilities, shape (n_rows, n_outputs)."""
        own: Any = design
        return self.model.predict(self.components.design(own if rows is None else own.take(rows)))

    def to_state(self) -> State:
        """Return components and model as parts."""
        return nest({MARK: self.components.to_state(), "model": self.model.to_state()})


@dataclass(frozen=True)
class ComponentsMean:
    """Predict with the mean of the models of all folds, each with components of its own."""

    models: tuple[ComponentsModel, ...]

    def predict(self, design: Design, rows: Array | None = None) -> Array:
        """Return values or probabilities, shape (n_rows, n_outputs)."""
        return mean_prediction(self.models, design, rows)

    def to_state(self) -> State:
        """Return the models as numbered parts."""
        state = nest({str(i): model.to_state() for i, model in enumerate(self.models)})
        return State({**state.spec, f"n_{MARK}": len(self.models)}, state.arrays, state.strings)


def reads_texts(problem: Any) -> bool:
    """Tell whether a problem has columns of text; one of another kind of data has none."""
    return bool(getattr(getattr(problem, "design", None), "text_columns", ()))


@cache
def on_texts(family: Family) -> Family:
    """Return a family as it climbs on a table with columns of text.

    Its models are no formula and no picture of the table's columns any more.

    Parameters
    ----------
    family : Family
        Of tables.
    """
    cross_fit = family.cross_fit if family.texts != "components" else _Projected(family)
    return replace(family, cross_fit=cross_fit, load=_Load(family), form=None, formula=None)


@dataclass(frozen=True)
class _Load:
    """Load a model of a family, whether it was fitted on texts or not."""

    family: Family

    def __call__(self, state: State) -> Model:
        return load(self.family, state)


def load(family: Family, state: State) -> Model:
    """Return the model that a state describes, with components of texts or without.

    Raises
    ------
    BadModelFile
        If anything in it is not as `to_state` writes it.
    """
    if f"n_{MARK}" in state.spec:
        count = take_count(state, f"n_{MARK}", low=1, high=10_000)
        return ComponentsMean(tuple(_load_one(family, part(state, str(i))) for i in range(count)))
    if MARK in state.spec:
        return _load_one(family, state)
    return family.load(state)


def _load_one(family: Family, state: State) -> ComponentsModel:
    components = TextComponents.from_state(part(state, MARK))
    return ComponentsModel(components, family.load(part(state, "model")))


@dataclass(frozen=True)
class _Projected:
    """Cross-fit a family, each split with components of its own."""

    family: Family

    def __call__(self, problem: Problem, folds: Folds, context: Context) -> CrossFit:
        if not reads_texts(problem):
            return self.family.cross_fit(problem, folds, context)
        fits = [self._fit(problem, _one_split(folds, i), context) for i in range(len(folds.splits))]
        models = tuple(model for _, model in fits)
        kept = all(fitted.models for fitted, _ in fits)
        last = fits[-1][0]
        if self.family.final == "average":
            final: Model = ComponentsMean(models)
        else:
            last, final = self._fit(problem, _all_rows(folds), context)
        n_numbers = sum(each.shape[1] for each in models[0].components.weights)
        said = f"texts come as {n_numbers} numbers that tell their words apart most"
        return CrossFit(
            predictions=tuple(fitted.predictions[0] for fitted, _ in fits),
            settings=tuple(fitted.settings[0] for fitted, _ in fits),
            model=final,
            notes=(*last.notes, said),
            training=tuple(one for fitted, _ in fits for one in fitted.training),
            paired=tuple(one for fitted, _ in fits for one in fitted.paired),
            models=models if kept else (),
        )

    def _fit(
        self, problem: Problem, folds: Folds, context: Context
    ) -> tuple[CrossFit, ComponentsModel]:
        """Fit the one split of these folds, and no model of other rows."""
        train = folds.splits[0].train
        components = cast(TextComponents, context.encoded(MARK, train))
        own = replace(problem, design=components.design(problem.design))
        alone: Any = context  # encodings are shared among families that take the same columns
        fitted = self.family.cross_fit(own, folds, replace(alone, problem=own, cache={}))
        return fitted, ComponentsModel(components, fitted.model)


def _one_split(folds: Folds, i: int) -> Folds:
    """Return folds of one split, whose model of all rows is that of its training rows."""
    inner, (chosen,) = folds.inner_pairs[i], choosing_splits(folds)[i : i + 1]
    if chosen:
        first = tuple(_mask(folds, rows) for rows in (chosen[0].train, chosen[0].test))
        others = (pair for pair in inner if not all(map(np.array_equal, pair, first)))
        inner = (cast(tuple[Array, Array], first), *others)
    split = replace(folds.splits[i], repeat=0)
    return _alone(folds, split, folds.in_train[i], inner)


def _all_rows(folds: Folds) -> Folds:
    """Return folds of one split that trains on all rows there are; what it predicts is idle."""
    mask = folds.train_mask(None)
    rows = folds.atom_rows(mask)
    return _alone(folds, Split(rows, rows[:1]), mask, folds.inner_pairs[-1])


def _alone(
    folds: Folds, split: Split, mask: Array, inner: tuple[tuple[Array, Array], ...]
) -> Folds:
    return Folds((split,), folds.atom, mask[None, :], (inner, inner), folds.kind, mask)


def _mask(folds: Folds, rows: Array) -> Array:
    mask = np.zeros(folds.n_atoms, dtype=bool)
    mask[folds.atom[rows]] = True
    return mask
