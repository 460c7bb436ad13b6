"""Exact SHAP values: what each column moves the prediction of a row by, from a mean prediction on.

Of weighted sums and sums of curves they are what a column adds less its mean over the training rows
(interventional, and exact whatever goes together). Of trees, forests and boosting they are the
path-dependent values of TreeSHAP (`rung.trees.shapley`), branches weighed by the training rows of the
fold. Both start from the mean over the training rows. Features that stand for one column, such as the
levels of a category, are one column here; what relates several columns stands under its own name.

Sources: Shapley (1953), A value for n-person games; Lundberg & Lee (2017), NeurIPS 30; Lundberg et al.
(2020), Nature Machine Intelligence 2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np

from rung.core.dataset import Dataset
from rung.core.losses import unit_losses
from rung.core.out_of_fold import OutOfFold
from rung.core.result import Difference
from rung.explain.held_out import HeldOut, difference
from rung.families.forms import (
    BoostedForm,
    BoostingForm,
    CurveForm,
    FeatureEncoder,
    ForestForm,
    LinearForm,
    TreeForm,
)
from rung.prep.one_hot import TableEncoder
from rung.prep.related import RelatedEncoder
from rung.trees.nodes import NodeArrays
from rung.trees.shapley import node_cover, shapley_values
from rung.typing import Array, Untyped

MOST_ROWS = 300
# Training rows that a mean is taken over; of more, a part at even distances.
MOST_BACKGROUND = 20_000


@dataclass(frozen=True)
class Shares:
    """What columns add to sums of one model, with the mean that they start from.

    Attributes
    ----------
    columns : mapping of str to ndarray, each (n_rows, n_sums)
        Of each column.
    base : ndarray, shape (n_sums,)
        Mean of the sums over the background rows.
    """

    columns: Mapping[str, Array]
    base: Array

    def times(self, weights: Array) -> Shares:
        """Return shares of other sums, each a weighted sum of these; weights (n_sums, n_new)."""
        return Shares(
            {name: own @ weights for name, own in self.columns.items()}, self.base @ weights
        )


@dataclass(frozen=True)
class ColumnShap:
    """How far one column moves predictions.

    Attributes
    ----------
    column : str
        Its name; of a relation of several columns, that of the relation.
    mean : Difference
        Mean size of its SHAP values over held-out rows, with a 95 % interval; of more classes
        than two, the mean over them too.
    """

    column: str
    mean: Difference


@dataclass(frozen=True)
class ShapValues:
    """SHAP values of held-out rows by the models of their folds.

    Attributes
    ----------
    family, unit : str
        Whose; `value` in the target's unit, `probability`, `log odds` of the positive class, or
        `score` of each class, the logarithm of its probability less the mean of these.
    outputs : tuple of str
        Classes that are explained; the empty string for values.
    columns : tuple of ColumnShap
        The strongest first.
    rows, split : ndarray of int, shape (n_explained,)
        Held-out rows, and the split whose model explains each.
    values : ndarray, shape (n_explained, n_columns, n_outputs)
        SHAP values, columns in this order.
    base : ndarray, shape (n_explained, n_outputs)
        Mean over the training rows of the split: with the values it adds up to what is explained.
    """

    family: str
    unit: str
    outputs: tuple[str, ...]
    columns: tuple[ColumnShap, ...]
    rows: Array
    split: Array
    values: Array
    base: Array


def can_explain(form: Any) -> bool:
    """Say whether models of a form have exact SHAP values here."""
    return form in _SHARES


def shares_of(form: Any, model: Any, rows: Dataset, background: tuple[Dataset, Array]) -> Shares:
    """Return what columns add to the sums of a model for some rows.

    Parameters
    ----------
    form : type
        Of the model; one that `can_explain` knows.
    model : Model
        What predicts.
    rows : Dataset
        Rows to explain.
    background : (Dataset, ndarray)
        Rows that means are taken over, and their weights.
    """
    return _SHARES[form](model, rows, *background)


def shap_values(held: HeldOut, form: Any, *, most_rows: int = MOST_ROWS) -> ShapValues:
    """Return SHAP values of held-out rows.

    Parameters
    ----------
    held : HeldOut
        Models and the rows that they have not seen.
    form : type
        Of the models (`Family.form`); one that `can_explain` knows.
    most_rows : int
        Held-out rows to explain; of more, a random part of each fold.
    """
    unit, outputs, weights = _sums(held, form)
    background = held
    held = held.thinned(most_rows)
    found = [
        shares_of(form, model, held.design.take(split.test), _background(background, i)).times(
            weights
        )
        for i, (model, split) in enumerate(zip(held.models, held.splits, strict=True))
    ]
    names = list(dict.fromkeys(name for one in found for name in one.columns))
    values = np.concatenate([_stacked(one, names) for one in found])
    sizes = [len(split.test) for split in held.splits]
    means = _means(held, names, np.split(np.abs(values).mean(axis=2), np.cumsum(sizes)[:-1]))
    order = sorted(range(len(names)), key=lambda i: (-means[i].mean, names[i]))
    return ShapValues(
        family=held.family,
        unit=unit,
        outputs=outputs,
        columns=tuple(ColumnShap(names[i], means[i]) for i in order),
        rows=np.concatenate([split.test for split in held.splits]),
        split=np.repeat(np.arange(len(sizes)), sizes),
        values=values[:, order],
        base=np.repeat([one.base for one in found], sizes, axis=0),
    )


def _sums(held: HeldOut, form: Any) -> tuple[str, tuple[str, ...], Array]:
    """Return the unit, what is explained, and how it is made from the sums of a model."""
    classes = held.problem.classes
    if len(classes) == 2:
        positive = 1 if held.positive is None else held.positive
        unit, weights = explained_sum(form, classes, positive)
        return unit, (classes[positive],), weights
    unit, _ = explained_sum(form, classes, 0)
    return unit, classes or ("",), np.eye(max(len(classes), 1))


def explained_sum(form: Any, classes: Sequence[str], output: int) -> tuple[str, Array]:
    """Return the unit of what is explained of one output, and its weights, (n_sums, 1)."""
    one = np.eye(max(len(classes), 1))[:, [output]]
    if not classes:
        return "value", one
    if form in (TreeForm, ForestForm):
        return "probability", one
    return ("log odds", 2 * one - 1.0) if len(classes) == 2 else ("score", one)


def _background(held: HeldOut, number: int) -> tuple[Dataset, Array]:
    """Return the training rows of a split and their weights."""
    train = held.splits[number].train
    train = train[:: -(-len(train) // MOST_BACKGROUND)]
    weight = held.problem.weights(train)
    return held.design.take(train), weight if weight.any() else np.ones(len(train))


def _stacked(shares: Shares, names: Sequence[str]) -> Array:
    """Return shares by name, nothing for names that a model lacks; (n_rows, n_names, n_sums)."""
    nothing = np.zeros_like(next(iter(shares.columns.values())))
    return np.stack([shares.columns.get(name, nothing) for name in names], axis=1)


def _means(held: HeldOut, names: Sequence[str], sizes: Sequence[Array]) -> list[Difference]:
    """Return mean sizes with intervals, as the verdict has them of losses."""
    nothing = np.zeros(len(held.problem.y))
    made = {str(i): tuple(own[:, [i]] for own in sizes) for i in range(len(names))}
    none = {"": tuple(np.zeros((len(own), 1)) for own in sizes)}
    weight = held.problem.design.weight
    found = OutOfFold("regression", nothing, held.splits, none | made, held.unit, weight=weight)
    losses = unit_losses(found, "absolute_error")
    return [difference(losses, i + 1, 0) for i in range(len(names))]


def _linear(model: Any, rows: Dataset, background: Dataset, weight: Array) -> Shares:
    """Return coefficient times what a column differs from its mean."""
    own = cast(LinearForm, model)
    mean = np.average(own.encoder.matrix(background), axis=0, weights=weight)
    columns = encoded_columns(own.encoder, owners_of(background))
    apart = own.encoder.matrix(rows) - mean
    shares = {name: apart[:, places] @ own.coefficients[places] for name, places in columns.items()}
    found = Shares(shares, mean @ own.coefficients + own.intercept)
    if own.link == "identity":
        return found
    return found.times(_spread(own.classes, len(own.absent), len(found.base)))


def owners_of(design: Dataset) -> dict[str, str]:
    """Return the column that each number is a part of, where it is one: a year, an hour."""
    return dict(zip(design.number_names, design.number_owners, strict=True))


def encoded_columns(encoder: TableEncoder, owners: Mapping[str, str]) -> dict[str, Array]:
    """Return where the encoded columns of each column of a table stand."""
    numbers = np.array([owners.get(name, name) for name in encoder.number_names], dtype=object)
    every = [*numbers[encoder.in_use], *numbers[encoder.indicator]]
    for category in encoder.categories:
        every += [category.name] * category.width
    names = dict.fromkeys([*numbers, *(category.name for category in encoder.categories)])
    return {name: np.flatnonzero([owner == name for owner in every]) for name in names}


def _curves(model: Any, rows: Dataset, background: Dataset, weight: Array) -> Shares:
    """Return the heights of curves, less their means."""
    form = cast(CurveForm, model)
    here, there = form.contributions(rows), form.contributions(background)
    means = {name: np.average(own, axis=0, weights=weight) for name, own in there.items()}
    owners = owners_of(background)
    shares: dict[str, Array] = {}
    for name, own in here.items():
        if name:
            owner = owners.get(name, name)
            shares[owner] = shares.get(owner, 0.0) + own - means[name]
    found = Shares(shares, np.sum(list(means.values()), axis=0))
    n_scores = len(found.base)
    if model.task == "regression":
        return found
    n_classes = max(n_scores, 2)
    return found.times(_spread(np.arange(n_classes), n_classes, n_scores))


def _spread(present: Array, n_classes: int, n_scores: int) -> Array:
    """Return weights from scores to scores of all classes, of mean zero over those present.

    One score alone of two classes is the log odds of the second; a class that no training row showed
    has none.
    """
    centred = np.eye(len(present)) - 1.0 / len(present)
    return _placed(centred[len(present) - n_scores :], present, n_classes)


def _placed(weights: Array, present: Array, n_classes: int) -> Array:
    out = np.zeros((len(weights), n_classes))
    out[:, present] = weights
    return out


def _trees(
    encoder: FeatureEncoder, nodes: NodeArrays, rows: Dataset, background: Dataset, weight: Array
) -> Shares:
    """Return SHAP values of the sum of trees."""
    names = feature_owners(encoder, owners_of(background))
    every = list(dict.fromkeys(names))
    players = np.array([every.index(name) for name in names], dtype=np.int64)
    cover = node_cover(nodes, encoder.matrix(background), weight)
    values, base = shapley_values(nodes, encoder.matrix(rows), players=players, cover=cover)
    return Shares({name: values[:, i] for i, name in enumerate(every)}, base)


def feature_owners(encoder: FeatureEncoder, owners: Mapping[str, str]) -> list[str]:
    """Return the column that each feature of trees stands for; relations stand for themselves."""
    tree = encoder.tree if isinstance(encoder, RelatedEncoder) else encoder
    found = [owners.get(name, name) for name in tree.numbers]
    for table in tree.tables:
        found += [table.name] * int(table.values.shape[1])
    return [*found, *(encoder.names if isinstance(encoder, RelatedEncoder) else ())]


def _tree(model: Any, rows: Dataset, background: Dataset, weight: Array) -> Shares:
    return _trees(model.encoder, model.nodes, rows, background, weight)


def _forest(model: Any, rows: Dataset, background: Dataset, weight: Array) -> Shares:
    return mean_shares(
        [_grove(grove, rows, background, weight) for grove in cast(ForestForm, model).models]
    )


def _grove(grove: Untyped, rows: Dataset, background: Dataset, weight: Array) -> Shares:
    """Return SHAP values of the mean of trees, in the units of the prediction."""
    units = grove.units
    found = _trees(grove.encoder, grove.nodes, rows, background, weight)
    found = found.times(np.eye(len(found.base)) / grove.nodes.n_trees)
    if not len(units.present):
        return Shares(
            {name: units.scale * own for name, own in found.columns.items()},
            units.offset + units.scale * found.base,
        )
    found = _normalised(found)
    weights = _placed(np.eye(len(units.present)), units.present, len(units.prior))
    found = found.times((1.0 - units.prior_share) * weights)
    return replace(found, base=found.base + units.prior_share * units.prior)


def _normalised(found: Shares) -> Shares:
    """Return SHAP values of shares over their sum, which is one but for the rounding of leaves."""
    mean = found.base.sum()
    means = found.base + np.sum(list(found.columns.values()), axis=0)
    shares = means / means.sum(axis=1, keepdims=True)
    return Shares(
        {
            name: (own - shares * own.sum(axis=1, keepdims=True)) / mean
            for name, own in found.columns.items()
        },
        found.base / mean,
    )


def _boosting(model: Any, rows: Dataset, background: Dataset, weight: Array) -> Shares:
    boosting = cast(BoostingForm, model)
    return mean_shares(
        [_boosted(fold, boosting.n_outputs, rows, background, weight) for fold in boosting.models]
    )


def _boosted(
    fold: BoostedForm, n_outputs: int, rows: Dataset, background: Dataset, weight: Array
) -> Shares:
    found = _trees(fold.encoder, fold.nodes, rows, background, weight)
    if n_outputs > 1:
        return found.times(_spread(fold.present, n_outputs, len(found.base)))
    return Shares(
        {name: fold.scale * own for name, own in found.columns.items()},
        fold.offset + fold.scale * found.base,
    )


def mean_shares(parts: Sequence[Shares]) -> Shares:
    """Return the mean over models; a column that one does not know adds nothing there."""
    names = dict.fromkeys(name for one in parts for name in one.columns)
    nothing = np.zeros_like(next(iter(parts[0].columns.values())))
    shares = {
        name: np.mean([one.columns.get(name, nothing) for one in parts], axis=0) for name in names
    }
    return Shares(shares, np.mean([one.base for one in parts], axis=0))


_SHARES: Mapping[Any, Callable[[Any, Dataset, Dataset, Array], Shares]] = {
    LinearForm: _linear,
    CurveForm: _curves,
    TreeForm: _tree,
    ForestForm: _forest,
    BoostingForm: _boosting,
}
