"""Draw tables of independent rows, in the forms that real ones have and that look like more."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.dependence.table import Table, standard, words

Rng = np.random.Generator


def draw(number: int) -> Table:
    """Draw the table of this number: forms come round in turn, everything else is random."""
    rng = np.random.default_rng([0x1D0, number])
    names = tuple(FORMS)
    name = names[number % len(names)]
    n_rows = int(rng.choice([120, 300, 700, 1_500, 3_000]))
    return FORMS[name](rng, _features(rng, n_rows), name)


def _features(rng: Rng, n_rows: int) -> dict[str, np.ndarray]:
    """Return numbers with a common part, some of them rounded, skewed or counted."""
    n_features = int(rng.integers(2, 12))
    common = rng.normal(size=(n_rows, 2)) @ rng.normal(size=(2, n_features))
    values = common * rng.uniform(0, 1.5) + rng.normal(size=(n_rows, n_features))
    shapes = (lambda x: x, np.exp, np.round, lambda x: np.round(10 * x), np.abs)
    return {
        f"x{j}": shapes[rng.integers(len(shapes))](values[:, j]) * 10.0 ** rng.integers(-2, 3)
        for j in range(n_features)
    }


def _target(
    rng: Rng, columns: dict[str, np.ndarray], effect: float | np.ndarray = 0.0
) -> np.ndarray:
    """Return a target of some of the numbers, an effect, and noise; a class in one table of three."""
    numbers = [standard(one) for one in columns.values() if one.dtype.kind == "f"]
    X = np.stack(numbers, axis=1)
    weights = rng.normal(size=X.shape[1]) * (rng.random(X.shape[1]) < 0.5)
    signal = X @ weights + np.sin(2 * X[:, 0]) * rng.uniform(0, 1.5) + effect
    y = standard(signal) + rng.choice([0.2, 0.5, 1.0, 3.0]) * rng.normal(size=len(X))
    kind = rng.integers(6)
    if kind == 0:
        return words(y > np.quantile(y, rng.uniform(0.2, 0.8)), ["no", "yes"])
    if kind == 1:
        return words(np.digitize(y, np.quantile(y, [0.3, 0.7])), ["low", "middle", "high"])
    return np.exp(y) if kind == 2 else y


def _plain(rng: Rng, columns: dict[str, np.ndarray], name: str) -> Table:
    return Table(name, columns | {"y": _target(rng, columns)})


def _factors(rng: Rng, columns: dict[str, np.ndarray], name: str) -> Table:
    """Add kinds, such as sex, region, month, grade, with effects on target and features."""
    n_rows = len(columns["x0"])
    own = {
        "sex": words(rng.integers(0, 2, n_rows), ["f", "m"]),
        "region": words(rng.integers(0, 5, n_rows), ["north", "south", "east", "west", "centre"]),
        "month": rng.integers(1, 13, n_rows).astype(float),
        "weekday": rng.integers(0, 7, n_rows).astype(float),
        "grade": rng.integers(1, 6, n_rows).astype(float),
        "age_band": words(
            rng.integers(0, 6, n_rows), ["18-25", "26-35", "36-45", "46-55", "56-65", "66+"]
        ),
        "type": words(
            rng.integers(0, 7, n_rows), ["oak", "elm", "ash", "fir", "yew", "box", "bay"]
        ),
    }
    chosen = {key: own[key] for key in rng.permutation(list(own))[:4]}
    effect = 0.0
    for values in chosen.values():
        codes = np.unique(values, return_inverse=True)[1]
        levels = rng.normal(size=codes.max() + 1) * rng.uniform(0, 1)
        effect = effect + levels[codes]
        columns["x0"] = columns["x0"] + rng.uniform(0, 1) * levels[codes] * columns["x0"].std()
    y = _target(rng, columns, effect)
    return Table(name, columns | chosen | {"y": y})


def _many_words(rng: Rng, columns: dict[str, np.ndarray], name: str) -> Table:
    """Add a column of many words, with an effect on the target."""
    n_rows = len(columns["x0"])
    codes = rng.integers(0, int(rng.integers(8, 40)), n_rows)
    levels = [f"{a}{b}" for a in "abcdefgh" for b in ("or", "um", "in", "est", "al")]
    effect = rng.normal(size=40)[codes] * rng.uniform(0, 1)
    own = {"occupation": words(codes, levels)}
    return Table(name, columns | own | {"y": _target(rng, columns, effect)})


def _whole_codes(rng: Rng, columns: dict[str, np.ndarray], name: str) -> Table:
    """Add kinds written as whole numbers, and counts."""
    n_rows = len(columns["x0"])
    codes = rng.integers(1, int(rng.integers(4, 30)), n_rows)
    effect = rng.normal(size=30)[codes] * rng.uniform(0, 1)
    own = {"k": codes.astype(float), "count": rng.poisson(4.0, n_rows).astype(float)}
    return Table(name, columns | own | {"y": _target(rng, columns, effect)})


def _identifiers(rng: Rng, columns: dict[str, np.ndarray], name: str) -> Table:
    """Add identifiers that name each row once, and things without any effect."""
    n_rows = len(columns["x0"])
    own = {
        "patient_id": rng.permutation(n_rows).astype(float) + 1000,
        "sample": words(np.arange(n_rows), [f"S{i:05d}" for i in rng.permutation(n_rows)]),
        "site": words(rng.integers(0, 8, n_rows), [f"site{i}" for i in range(8)]),
        "batch": rng.integers(1, 21, n_rows).astype(float),
    }
    return Table(name, columns | own | {"y": _target(rng, columns)})


def _sorted_by_target(rng: Rng, columns: dict[str, np.ndarray], name: str) -> Table:
    own = columns | {"y": _target(rng, columns)}
    return Table(name, _in_order(own, np.argsort(own["y"], kind="stable")))


def _sorted_by_feature(rng: Rng, columns: dict[str, np.ndarray], name: str) -> Table:
    own = columns | {"y": _target(rng, columns)}
    return Table(name, _in_order(own, np.argsort(own["x0"], kind="stable")))


def _sorted_by_factors(rng: Rng, columns: dict[str, np.ndarray], name: str) -> Table:
    own = _factors(rng, columns, name).columns
    keys = [key for key in own if key[0] != "x" and key != "y"]
    order = np.lexsort([np.unique(own[key], return_inverse=True)[1] for key in keys])
    return Table(name, _in_order(own, order))


def _dates(rng: Rng, columns: dict[str, np.ndarray], name: str) -> Table:
    """Add random days that tell nothing, in order or not."""
    n_rows = len(columns["x0"])
    days = rng.integers(0, 1_500, n_rows)
    if rng.random() < 0.5:
        days = np.sort(days)
    date = np.datetime_as_string(np.datetime64("2019-01-01") + days)
    return Table(name, columns | {"date": date, "y": _target(rng, columns)})


def _places(rng: Rng, columns: dict[str, np.ndarray], name: str) -> Table:
    """Add random positions that tell nothing."""
    n_rows = len(columns["x0"])
    own = {"longitude": rng.uniform(-20, 40, n_rows), "latitude": rng.uniform(30, 70, n_rows)}
    return Table(name, columns | own | {"y": _target(rng, columns)})


def _design(rng: Rng, columns: dict[str, np.ndarray], name: str) -> Table:
    """Draw a full factorial design, in its order, with repeats."""
    grid = np.stack(np.meshgrid(np.arange(10.0), np.arange(9.0), np.arange(4.0)), -1).reshape(-1, 3)
    grid = np.repeat(grid, int(rng.integers(1, 4)), axis=0)
    own = {"heat": 20 + 5 * grid[:, 0], "acid": 0.5 * grid[:, 1], "dose": grid[:, 2]}
    y = np.sin(grid[:, 0] / 3) + 0.2 * grid[:, 1] + rng.uniform(0.3, 1) * rng.normal(size=len(grid))
    return Table(name, own | {"y": y})


def _in_order(columns: dict[str, np.ndarray], order: np.ndarray) -> dict[str, np.ndarray]:
    return {name: values[order] for name, values in columns.items()}


FORMS: dict[str, Callable[[Rng, dict[str, np.ndarray], str], Table]] = {
    "plain": _plain,
    "factors": _factors,
    "many words": _many_words,
    "whole numbers for kinds": _whole_codes,
    "identifiers and idle things": _identifiers,
    "sorted by its target": _sorted_by_target,
    "sorted by a feature": _sorted_by_feature,
    "sorted by factors": _sorted_by_factors,
    "dates that tell nothing": _dates,
    "positions that tell nothing": _places,
    "a factorial design": _design,
}
