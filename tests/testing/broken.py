"""Families that break one law each, to prove that the checker sees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from rung.core.family import Context, CrossFit, Design, Family, Problem, State
from rung.core.fold_searches import choosing_splits
from rung.core.folds import Folds
from rung.errors import BadModelFile, NotApplicable
from rung.typing import Array

FACTORY = np.random.default_rng(99)


@dataclass(frozen=True)
class MeanModel:
    """Predict a line in the first numeric column, with gaps filled; enough to break laws with."""

    value: float
    fill: float
    wide: bool = True

    def predict(self, design: Design, rows: Array | None = None) -> Array:
        n_rows = design.n_rows if rows is None else len(rows)
        return np.full((n_rows, 1), self.value) + 0.1 * self.fill

    def to_state(self) -> State:
        kind = np.float64 if self.wide else np.float32
        return State({}, {"values": np.array([self.value, self.fill], dtype=kind)})


def load(state: State) -> MeanModel:
    values = state.arrays.get("values")
    if values is None:
        raise BadModelFile("no values", "save again")
    return MeanModel(float(values[0]), float(values[1]), wide=values.dtype == np.float64)


def cross_fit_with(fit: Callable[[Problem, Folds, Context, int | None], MeanModel]):
    """Make a cross_fit from a function that fits one split."""

    def cross_fit(problem: Problem, folds: Folds, context: Context) -> CrossFit:
        jobs = list(range(len(folds.splits)))
        models = context.map(lambda split: fit(problem, folds, context, split), jobs)
        return CrossFit(
            tuple(
                model.predict(problem.design, split.test)
                for model, split in zip(models, folds.splits, strict=True)
            ),
            tuple({} for _ in jobs),
            fit(problem, folds, context, None),
        )

    return cross_fit


def training_rows(folds: Folds, split: int | None) -> Array:
    return np.arange(folds.n_rows) if split is None else folds.splits[split].train


def fit_mean(problem: Problem, folds: Folds, context: Context, split: int | None) -> MeanModel:
    rows = training_rows(folds, split)
    noise = 1e-3 * np.ptp(problem.y[rows]) * context.rng("mean", split or 0).normal()
    weights = problem.weights(rows)
    return MeanModel(float(np.average(problem.y[rows], weights=weights)) + noise, 0.0)


def _peek_at_features(problem: Problem, folds: Folds, context: Context, split: int | None):
    fill = float(np.nanmean(problem.design.numbers()[:, 0]))
    return replace(fit_mean(problem, folds, context, split), fill=fill)


def _read(say: Callable[[Array, float], float]):
    """Fit a mean, plus what is said of the first number and the range of the target."""

    def fit(problem: Problem, folds: Folds, context: Context, split: int | None):
        rows = training_rows(folds, split)
        first = problem.design.numbers(rows)[:, :1]
        known = first[np.isfinite(first) & (np.abs(first) < 1e10)]
        said = say(known, float(np.ptp(problem.y[rows]))) if len(known) else 0.0
        return replace(fit_mean(problem, folds, context, split), fill=float(said))

    return fit


def _peek_in_the_first_fold(problem: Problem, folds: Folds, context: Context, split: int | None):
    model = fit_mean(problem, folds, context, split)
    return replace(model, fill=float(problem.y.mean())) if split == 0 else model


def _total_minus_fold(problem: Problem, folds: Folds, context: Context, split: int | None):
    rows = training_rows(folds, split)
    held = np.setdiff1d(np.arange(folds.n_rows), rows)
    mean = (problem.y.sum() - problem.y[held].sum()) / len(rows)
    return MeanModel(float(mean), 0.0)


def _draw_globally(problem: Problem, folds: Folds, context: Context, split: int | None):
    noise = np.random.normal()  # noqa: NPY002 it is the fault to be found
    return replace(fit_mean(problem, folds, context, split), fill=noise)


def _draw_from_a_shared_generator(
    problem: Problem, folds: Folds, context: Context, split: int | None
):
    return replace(fit_mean(problem, folds, context, split), fill=FACTORY.normal())


def _seed_globally(problem: Problem, folds: Folds, context: Context, split: int | None):
    np.random.seed(0)  # noqa: NPY002 it is the fault to be found
    return _draw_globally(problem, folds, context, split)


def _lose_bits(problem: Problem, folds: Folds, context: Context, split: int | None):
    return replace(fit_mean(problem, folds, context, split), wide=False)


def _ignore_weights(problem: Problem, folds: Folds, context: Context, split: int | None):
    return MeanModel(float(problem.y[training_rows(folds, split)].mean()), 0.0)


def _predict_nothing(problem: Problem, folds: Folds, context: Context, split: int | None):
    return MeanModel(float("nan"), 0.0)


def _crash_without_features(problem: Problem, folds: Folds, context: Context, split: int | None):
    _ = problem.design.number_names[0]
    return fit_mean(problem, folds, context, split)


def _refuse(problem: Problem, folds: Folds, context: Context, split: int | None):
    raise NotApplicable("never in the mood", "ask another family")


def _remember_settings(problem: Problem, folds: Folds, context: Context) -> CrossFit:
    """Choose a setting by looking at the target of every row."""
    fitted = GOOD.cross_fit(problem, folds, context)
    spread = float(problem.y.std())
    return replace(fitted, settings=tuple({"spread": spread} for _ in folds.splits))


def _load_trustingly(state: State) -> MeanModel:
    return load(State({}, {"values": state.arrays.get("values", np.zeros(2))}))


def _pair_with(say: Callable[[Problem, Array], Array]):
    """Make a cross_fit that keeps all laws but says something else of its choosing splits."""

    def cross_fit(problem: Problem, folds: Folds, context: Context) -> CrossFit:
        fitted = cross_fit_with(fit_mean)(problem, folds, context)
        paired = tuple(
            say(problem, own[0].test if own else np.zeros(0, dtype=np.int64))
            for own in choosing_splits(folds)
        )
        return replace(fitted, paired=paired)

    return cross_fit


def _say_the_mean_of_all(problem: Problem, rows: Array) -> Array:
    return np.full((len(rows), 1), problem.y.mean())


def _say_too_little(problem: Problem, rows: Array) -> Array:
    return np.zeros((len(rows[1:]), 1))


def make(name: str, fit: Callable[..., MeanModel] = fit_mean, **changes: object) -> Family:
    family = Family(
        name=name,
        title="Broken on purpose",
        step=0,
        tasks=("regression",),
        sources=("this test",),
        final="refit",
        cross_fit=cross_fit_with(fit),
        load=load,
        weights=True,
    )
    return replace(family, **changes)


GOOD = make("good")
BROKEN = {
    "what is said of the choosing split of split 0 of .* changes": make(
        "peeks_at_pairs", cross_fit=_pair_with(_say_the_mean_of_all)
    ),
    "of the choosing split of split 0; .* is wanted": make(
        "short_pairs", cross_fit=_pair_with(_say_too_little)
    ),
    "learns from held-out rows": make("peeks_at_features", _peek_at_features),
    "learns from held-out rows: the model of split 0": make("peeks_first", _peek_in_the_first_fold),
    "the model of split . of random folds": make(
        "total_minus_fold", _total_minus_fold, weights=False
    ),
    "chooses other settings for split 0": make("peeks", cross_fit=_remember_settings),
    "when the global seed or the run changes": make("global_draws", _draw_globally),
    "draws from the global random state": make("global_seed", _seed_globally),
    "gives other predictions": make("shared", _draw_from_a_shared_generator),
    "fresh process": make("loses_bits", _lose_bits),
    "says that it honours weights": make("ignores_weights", _ignore_weights),
    "says that it ignores weights": make("hides_weights", weights=False),
    "not finite": make("predicts_nothing", _predict_nothing),
    "raises IndexError on categories only": make("crashes", _crash_without_features),
    "refuses an ordinary problem: never in the mood": make("refuses", _refuse),
    "loads a state without array 'values'": make("trusts", load=_load_trustingly),
    "predicts otherwise with the unit of": make("reads_units", _read(lambda x, _: x.mean())),
    "otherwise with the unit of numbers or target": make("adds_one", _read(lambda x, _: 1.0)),
    "otherwise with the origin of numbers": make(
        "divides", _read(lambda x, y: y * x.min() / np.abs(x).max())
    ),
    "compares numbers and nothing else": make(
        "rounds", _read(lambda x, y: y * (x / (np.ptp(x) or 1.0)).std()), order_only=True
    ),
    "names no source": make("unsourced", sources=()),
    "declares no task": make("idle", tasks=()),
}
