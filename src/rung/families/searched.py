"""Cross-fit a family whose settings are sought on one inner split of each split."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from rung.core.family import Context, CrossFit, Model, Problem
from rung.core.fold_searches import Search, choosing_splits, search_shared
from rung.core.folds import Folds
from rung.prep.held_loss import held_loss
from rung.typing import Array

Setting = tuple[tuple[str, Any], ...]  # names and values
Loss = Callable[[Setting], float]


@dataclass(frozen=True)
class SettingSearch:
    """Say how a family is fitted, and how its setting is sought.

    Attributes
    ----------
    fit : callable
        `(rows, setting)` gives a model of these training rows.
    seek : callable
        Takes a function from a setting to its loss on held-out rows; returns the setting to take.
    fallback : tuple
        The setting where no inner split can be made.
    most_rows : int, optional
        Rows that a search learns from, of more evenly drawn ones.
    """

    fit: Callable[[Array, Setting], Model]
    seek: Callable[[Loss], Setting]
    fallback: Setting
    most_rows: int | None = None


def cross_fit_searched(
    problem: Problem, folds: Folds, context: Context, how: SettingSearch
) -> CrossFit:
    """Fit a model a split with the setting that its choosing split prefers, and one of all rows.

    The model of all rows takes the setting that most splits took; of equals, that of the first.

    Parameters
    ----------
    problem : Problem
        A classification.
    folds : Folds
        How its rows are divided.
    context : Context
        Of the run.
    how : SettingSearch
        Of the family.
    """
    inner = choosing_splits(folds)

    def seek(search: Search, _: int) -> list[tuple[Setting, Array]]:
        return _seek(problem, search, how)

    found = [own[0] if own else None for own in search_shared(inner, seek, context.map)]
    settings = [how.fallback if one is None else one[0] for one in found]
    settings.append(Counter(settings).most_common(1)[0][0])
    trains = [*(split.train for split in folds.splits), np.arange(folds.n_rows)]
    models = context.map(lambda i: how.fit(trains[i], settings[i]), range(len(trains)))
    nothing = np.empty((0, problem.n_outputs))
    return CrossFit(
        predictions=tuple(
            model.predict(problem.design, split.test)
            for model, split in zip(models, folds.splits, strict=False)
        ),
        settings=tuple(_plain(setting) for setting in settings[:-1]),
        model=models[-1],
        models=tuple(models[:-1]),
        paired=tuple(nothing if one is None else one[1] for one in found),
    )


def _plain(setting: Setting) -> Mapping[str, Any]:
    return dict(setting)


def _seek(problem: Problem, search: Search, how: SettingSearch) -> list[tuple[Setting, Array]]:
    """Return the setting that each judge prefers, and what the model says of the judge's rows."""
    train, most = search.train, how.most_rows
    if most is not None and len(train) > most:
        train = train[np.arange(most) * len(train) // most]
    models: dict[Setting, Model] = {}

    def predict(setting: Setting, rows: Array) -> Array:
        if setting not in models:
            models[setting] = how.fit(train, setting)
        return models[setting].predict(problem.design, rows)

    def choose(rows: Array) -> tuple[Setting, Array]:
        chosen = how.seek(lambda setting: held_loss(problem, rows, predict(setting, rows)))
        return chosen, predict(chosen, rows)

    return [choose(rows) for rows in search.tests]
