"""Explain the same models with rung and with other tools, and say how far they differ."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from benchmarks.explain.subjects import Rows, concrete, held_out, trees_of
from rung.explain import importance as importances
from rung.explain.effects import N_BINS, effect
from rung.explain.held_out import HeldOut
from rung.explain.shap import shap_values
from rung.families.forms import LinearForm
from rung.families.table.linear import LinearModel
from rung.prep.one_hot import fit_one_hot
from rung.trees.shapley import node_cover, shapley_values
from rung.trees.walk import walk

DRAWS = 10
ONE_CORE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """Return what work returns and the processor seconds that it took."""
    start = time.process_time()
    found = work()
    return found, time.process_time() - start


def compare_all(shap_python: Path) -> list[dict[str, Any]]:
    """Return a row for each explanation: what is compared, seconds of both, largest difference."""
    rows = concrete()
    trees = trees_of(rows)
    return [
        *_against_shap(rows, trees, shap_python),
        *_against_scikit_learn(rows, lambda X: walk(trees["forest of 100 trees"], X)[:, 0] / 100),
    ]


def _row(what: str, peer: str, seconds: Sequence[float], ours: Any, theirs: Any) -> dict[str, Any]:
    scale = max(float(np.abs(theirs).max()), 1e-300)
    return {
        "what": what,
        "peer": peer,
        "rung_s": round(seconds[0], 3),
        "peer_s": round(seconds[1], 3),
        "difference": float(f"{np.abs(np.asarray(ours) - theirs).max() / scale:.3g}"),
    }


def _against_shap(rows: Rows, trees: dict[str, Any], python: Path) -> list[dict[str, Any]]:
    X, background = rows.X[rows.test], rows.X[rows.train]
    own: dict[str, tuple[np.ndarray, float]] = {}
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for name, nodes in trees.items():
            cover = node_cover(nodes, background, np.ones(len(background)))
            players = np.arange(X.shape[1])

            def explain(nodes: Any = nodes, cover: Any = cover, players: Any = players) -> Any:
                return shapley_values(nodes, X, players=players, cover=cover)[0][:, :, 0]

            own[name] = timed(explain)
            arrays = nodes.to_arrays()
            np.savez(folder / f"{name}.npz", X=X, cover=cover, **arrays)
        own["line"] = _line(rows, folder)
        command = [python, Path(__file__).with_name("with_shap.py"), folder, *trees]
        subprocess.run(command, check=True, env=os.environ | ONE_CORE)
        theirs = {name: dict(np.load(folder / f"{name}_shap.npz")) for name in own}
    return [
        _row(
            f"SHAP values, {name}",
            "shap",
            (seconds, float(theirs[name]["seconds"])),
            values,
            theirs[name]["values"].reshape(values.shape),
        )
        for name, (values, seconds) in own.items()
    ]


def _line(rows: Rows, folder: Path) -> tuple[np.ndarray, float]:
    """Explain a line, and write it for shap."""
    held = held_out(rows, lambda X: X[:, 0])
    encoder = fit_one_hot(held.problem, rows.train)
    z = encoder.matrix(held.design, rows.train)
    slopes, intercept = np.linalg.lstsq(z, rows.y[rows.train], rcond=None)[0], rows.y.mean()
    model = LinearModel(
        encoder, slopes[:, None], np.array([intercept]), "identity", np.zeros(1, int), np.zeros(1)
    )
    held = HeldOut(**vars(held) | {"models": (model,)})
    found, seconds = timed(lambda: shap_values(held, LinearForm, most_rows=len(rows.test)))
    names = [one.column for one in found.columns]
    values = found.values[:, [names.index(name) for name in rows.names], 0]
    X = encoder.matrix(held.design, rows.test)
    np.savez(folder / "line.npz", slopes=slopes, intercept=intercept, background=z, X=X)
    return values, seconds


def _against_scikit_learn(
    rows: Rows, function: Callable[[np.ndarray], np.ndarray]
) -> list[dict[str, Any]]:
    """Compare shuffling, partial dependence, and accumulated effects worked out by a loop."""
    from sklearn.inspection import partial_dependence, permutation_importance

    held, estimator = held_out(rows, function), _estimator(function)
    X, y = rows.X[rows.test], rows.y[rows.test]
    settings = {"n_repeats": DRAWS, "random_state": 0, "scoring": "neg_mean_squared_error"}
    theirs, their_seconds = timed(lambda: permutation_importance(estimator, X, y, **settings))
    ours, seconds = timed(lambda: _shuffled_alike(held, X.shape[1]))
    found = [
        _row(
            f"importance, {DRAWS} draws",
            "scikit-learn",
            (seconds, their_seconds),
            ours,
            theirs.importances_mean,
        )
    ]
    own, seconds = timed(lambda: [effect(held, name) for name in rows.names])

    def partial() -> list[np.ndarray]:
        return [
            partial_dependence(
                estimator, X, [j], custom_values={j: np.array(own[j].places)}, method="brute"
            )["average"][0]
            for j in range(X.shape[1])
        ]

    theirs, their_seconds = timed(partial)
    ours = np.concatenate([one.mean[:, 0] for one in own])
    what = "partial dependence (rung: with local effects, curves and bands)"
    found.append(_row(what, "scikit-learn", (seconds, their_seconds), ours, np.concatenate(theirs)))
    theirs, their_seconds = timed(
        lambda: [local_by_hand(function, X, j, one.places) for j, one in enumerate(own)]
    )
    ours = np.concatenate([one.local[:, 0] for one in own])
    what = "accumulated local effects (rung's time: with all above)"
    found.append(
        _row(what, "a loop by hand", (seconds, their_seconds), ours, np.concatenate(theirs))
    )
    return found


def _estimator(function: Callable[[np.ndarray], np.ndarray]) -> Any:
    from sklearn.base import BaseEstimator, RegressorMixin

    class Given(RegressorMixin, BaseEstimator):  # type: ignore[misc]
        """The same model with scikit-learn's face."""

        def fit(self, X: Any, y: Any) -> Any:
            return self

        def predict(self, X: Any) -> Any:
            return function(X)

        def __sklearn_is_fitted__(self) -> bool:
            return True

    return Given()


def _shuffled_alike(held: HeldOut, n_columns: int) -> list[float]:
    """Return rises of the squared error by column, with the orders that scikit-learn draws."""
    seed = np.random.RandomState(0).randint(np.iinfo(np.int32).max + 1)
    random, places = np.random.RandomState(seed), np.arange(len(held.splits[0].test))
    orders = [places.copy()]
    for _ in range(DRAWS):
        random.shuffle(places)
        # A column that was shuffled is shuffled again.
        orders.append(orders[-1][places])

    def shuffles(_: Any, groups: Any, draws: int, rows: Any, split: int) -> list[Any]:
        return [
            {name: rows.values[name][orders[draw + 1]] for name in group}
            for group in groups
            for draw in range(draws)
        ]

    alone = {"columns_alike": lambda design, columns: tuple((one.name,) for one in columns)}
    with patch.multiple(importances, _shuffles=shuffles, **alone):
        found = importances.importance(held, draws=DRAWS)
    rises = {one.columns[0]: one.loss.mean for one in found.columns}
    return [rises[f"column {j + 1}"] for j in range(n_columns)]


def local_by_hand(
    function: Callable[[np.ndarray], np.ndarray], X: np.ndarray, j: int, places: Sequence[float]
) -> np.ndarray:
    """Return accumulated local effects (Apley & Zhu 2020), a bin after the other."""
    x = X[:, j]
    edges = np.unique(np.quantile(x, np.linspace(0, 1, N_BINS + 1), method="nearest"))
    heights, total = [0.0], 0.0
    for k, (low, high) in enumerate(pairwise(edges)):
        own = X[(x > low) & (x <= high) | ((x == low) if k == 0 else False)]
        if len(own):
            below, above = own.copy(), own.copy()
            below[:, j], above[:, j] = low, high
            total += float(np.mean(function(above) - function(below)))
        heights.append(total)
    level = function(X).mean() - np.interp(x, edges, heights).mean()
    return np.interp(places, edges, heights) + level
