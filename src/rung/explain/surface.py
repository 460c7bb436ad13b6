"""How predictions change with two columns together: a surface, and which pair is more than a sum.

The surface is partial dependence of the model of one fold: the mean prediction for rows that it has
not seen, if all of them had these two values. Training and held-out rows lie on it, told apart.

How strongly two columns interact is Friedman's H: what their surface is beside the sum of the curves
of each. Pairs are ranked by the size of that difference, since the share alone is large for columns
that do nothing.

Sources: Friedman (2001), Annals of Statistics 29 (partial dependence); Friedman & Popescu (2008),
Annals of Applied Statistics 2 (the H statistic).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rung.core.dataset import Column, Dataset
from rung.errors import UsageError
from rung.explain.explanation import Explained, Explanation
from rung.explain.held_out import HeldOut
from rung.explain.importance import main_columns
from rung.explain.training_score import training_score
from rung.typing import JSON, Array

N_PLACES, MOST_ROWS, MOST_POINTS, MOST_LEVELS = 20, 100, 400, 12
# Of the page: places, rows, points; of the search for a pair: columns and rows.
FEW_PLACES, FEW_ROWS, FEW_POINTS = 12, 40, 120
MAIN_COLUMNS, PAIR_ROWS = 4, 30
# Below this share of the variance a surface is the sum of two curves, but for rounding.
NOTHING = 1e-6
# Of the largest mean: what sums in another order differ by.
ROUNDING = 1e-10


@dataclass(frozen=True)
class Interaction:
    """How much two columns do together that they do not do apart.

    Attributes
    ----------
    columns : tuple of str
        The two.
    size : float
        Standard deviation of what their surface is beside the sum of their curves: in the target's
        unit, or of a probability.
    share : float
        Friedman's H squared: its share of the variance of the surface.
    """

    columns: tuple[str, str]
    size: float
    share: float


def of_fold(held: HeldOut, fold: int) -> HeldOut:
    """Return the model of one fold, counted from 0, with its rows.

    Raises
    ------
    UsageError
        If there is no such fold.
    """
    n = len(held.splits)
    if not 0 <= fold < n:
        raise UsageError(
            f"fold {fold} is none of this run; its {n} folds are 0 to {n - 1}", "name one of these"
        )
    parts = {"splits": held.splits[fold : fold + 1], "models": held.models[fold : fold + 1]}
    return HeldOut(**vars(held) | parts)


def surface_places(column: Column, values: Array, most: int = N_PLACES) -> Array:
    """Return the cells to set, from low to high: at even distances, or every value if few.

    Of a number the lowest and highest hundredth are left out; of a category the rarest levels.
    """
    known = values[values >= 0] if column.is_coded else values[np.isfinite(values)]
    distinct, counts = np.unique(known, return_counts=True)
    if column.is_coded:
        return np.sort(distinct[np.argsort(-counts, kind="stable")[:MOST_LEVELS]])
    if len(distinct) <= most:
        return distinct
    low, high = np.quantile(known, (0.01, 0.99), method="nearest")
    return np.linspace(low, high, most) if low < high else distinct[[0, -1]]


def surface(held: HeldOut, columns: tuple[str, str], *, places: Sequence[Array]) -> Array:
    """Return mean predictions over held-out rows for each pair of values.

    Parameters
    ----------
    held : HeldOut
        Models and the rows that they have not seen.
    columns : tuple of str
        The two columns.
    places : sequence of ndarray
        Cells to set of each.

    Returns
    -------
    ndarray, shape (n_first, n_second, n_outputs)
    """
    pairs = list(itertools.product(*places))
    return _means(held, [dict(zip(columns, pair, strict=True)) for pair in pairs]).reshape(
        len(places[0]), len(places[1]), -1
    )


def _means(held: HeldOut, cells: Sequence[dict[str, float]]) -> Array:
    """Return the mean prediction of all held-out rows with each set of cells, a row a set."""

    def put(rows: Dataset, split: int) -> list[dict[str, Array]]:
        return [
            {name: np.full_like(rows.values[name], cell) for name, cell in own.items()}
            for own in cells
        ]

    made = [np.concatenate(found) for found in held.predict_each(put)]
    return np.stack([found.reshape(len(found), -1).mean(axis=0) for found in made])


def interactions(held: HeldOut, names: Sequence[str], output: int = 0) -> tuple[Interaction, ...]:
    """Return how strongly each pair of columns interacts, the strongest first.

    Parameters
    ----------
    held : HeldOut
        One model and a few rows that it has not seen: each is predicted with the cells of each.
    names : sequence of str
        Columns to look at.
    output : int
        Which output: the class whose probability counts.
    """
    rows = np.concatenate([split.test for split in held.splits])
    pairs = list(itertools.combinations(names, 2))
    if not pairs:
        return ()
    sets: list[tuple[str, ...]] = [*((name,) for name in names), *pairs]
    cells = [{name: held.design.values[name][row] for name in own} for own in sets for row in rows]
    curves = _means(held, cells)[:, output].reshape(len(sets), len(rows))
    rounding = (ROUNDING * float(np.abs(curves).max(initial=0.0))) ** 2
    of = dict(zip(sets, curves - curves.mean(axis=1, keepdims=True), strict=True))
    found = [_interaction(pair, of[pair], of[pair[:1]] + of[pair[1:]], rounding) for pair in pairs]
    return tuple(sorted(found, key=lambda one: (-one.size, one.columns)))


def _interaction(pair: tuple[str, str], whole: Array, apart: Array, least: float) -> Interaction:
    together, total = float(((whole - apart) ** 2).mean()), float((whole**2).mean())
    share = together / total if together > least else 0.0
    return Interaction(pair, together**0.5, share)


def surface_of(
    explained: Explained,
    held: HeldOut,
    columns: tuple[str, str],
    *,
    fold: int = 0,
    output: int = 0,
    is_small: bool = False,
) -> JSON:
    """Return a surface with the data on it, ready for JSON.

    Parameters
    ----------
    explained : Explained
        The run.
    held : HeldOut
        The family.
    columns : tuple of str
        The two columns.
    fold : int
        Whose model it is, and whose rows are told apart.
    output : int
        Which class; 0 for values.
    is_small : bool
        Whether for the page, which has room for less.

    Returns
    -------
    dict
        `places` of each column, `mean` by first and second place, `points` with the cells of each,
        what is `true` (of classes 1 where it is the class, else 0) and `is_training`; the metric of
        the fold on `training` and `held_out` rows.
    """
    n_places, n_rows, n_points = (
        (FEW_PLACES, FEW_ROWS, FEW_POINTS) if is_small else (N_PLACES, MOST_ROWS, MOST_POINTS)
    )
    one, classes = of_fold(held, fold), held.problem.classes
    own = [held.design.column(name) for name in columns]
    places = [surface_places(c, held.design.values[c.name], n_places) for c in own]
    few = one.thinned(n_rows)
    return {
        "family": held.family,
        "title": held.title,
        "columns": list(columns),
        "units": [column.unit for column in own],
        "kinds": [column.kind for column in own],
        "of": classes[output] if classes else "",
        "fold": fold,
        "n_rows": len(few.splits[0].test),
        "places": [_named(c, cells) for c, cells in zip(own, places, strict=True)],
        "mean": surface(few, columns, places=places)[:, :, output],
        "points": _points(one, own, places, output=output, most=n_points),
        "training": training_score(one)[0],
        "held_out": explained.ladder.judged.scores[held.family][held.metric].per_fold[fold],
    }


def _named(column: Column, cells: Array) -> list[float] | list[str]:
    return [column.levels[code] for code in cells] if column.is_coded else cells.tolist()


def _points(
    one: HeldOut, own: Sequence[Column], places: Sequence[Array], *, output: int, most: int
) -> JSON:
    """Return rows of a fold within the surface, of training and held-out ones as many as there are."""
    (split,) = one.splits
    rows = np.concatenate([split.train, split.test])
    is_training = np.repeat([True, False], [len(split.train), len(split.test)])
    cells = [one.design.values[column.name][rows] for column in own]
    inside = np.ones(len(rows), dtype=bool)
    for column, values, at in zip(own, cells, places, strict=True):
        known = np.isin(values, at) if column.is_coded else (values >= at[0]) & (values <= at[-1])
        inside &= known
    chosen = np.flatnonzero(inside)
    if len(chosen) > most:
        rng = np.random.default_rng([0x5F, one.seed])
        chosen = np.sort(rng.choice(chosen, most, replace=False))
    y = one.problem.y[rows[chosen]]
    return {
        "cells": [_named(c, values[chosen]) for c, values in zip(own, cells, strict=True)],
        "true": (y == output).astype(int) if one.problem.classes else y,
        "is_training": is_training[chosen],
    }


def shown_output(held: HeldOut) -> int:
    """Return which output a surface shows: the positive class of two, else the most frequent."""
    if not held.problem.classes:
        return 0
    if held.positive is not None:
        return held.positive
    return int(np.bincount(held.problem.y, minlength=len(held.problem.classes)).argmax())


def strongest_surface(found: Explained) -> list[JSON] | None:
    """Return the surface of the pair of main columns that interact most; None where none do."""
    for held in found.opened()[:1]:
        names = main_columns(found, held, MAIN_COLUMNS)
        output = shown_output(held)
        pairs = interactions(of_fold(held, 0).thinned(PAIR_ROWS), names, output)
        for best in pairs[:1]:
            if best.share > NOTHING:
                drawn = surface_of(found, held, best.columns, output=output, is_small=True)
                interaction = {"size": best.size, "share": best.share}
                return [{"surfaces": [drawn], "interaction": interaction}]
    return None


EXPLANATION = Explanation(name="surface", make=strongest_surface)
