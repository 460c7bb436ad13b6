"""Make tables without any problem, of many forms, and tables with one problem planted in each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from rung.typing import Array

Table = dict[str, Any]
SIZES = (150, 400, 1_500, 5_000)


def clean_table(seed: int) -> tuple[Table, str]:
    """Return a table without a problem, and its target.

    Numbers of several distributions, rounded or not, with and without missing cells, correlated or
    not, categories; a target that is a quantity, two classes or several, with noise that leaves a
    skill of 0 to .9 at most.
    """
    rng = np.random.default_rng([seed, 1])
    n_rows = int(rng.choice(SIZES))
    n_numbers, n_categories = int(rng.integers(3, 16)), int(rng.integers(0, 4))
    shared = rng.normal(size=(n_rows, 1)) * rng.choice([0.0, 0.7, 1.5])
    latent = shared + rng.normal(size=(n_rows, n_numbers))
    latent /= latent.std(axis=0)
    table: Table = {f"x{j}": _shaped(latent[:, j], rng) for j in range(n_numbers)}
    signal = latent @ rng.normal(size=n_numbers) * rng.choice([0.0, 1.0])
    signal = signal + np.sin(2 * latent[:, 0]) + latent[:, 1] * latent[:, 2]
    for j in range(n_categories):
        codes = rng.integers(0, rng.integers(2, 12), n_rows)
        table[f"kind{j}"] = np.array([f"k{code}" for code in codes])
        signal = signal + 0.5 * rng.normal(size=12)[codes]
    signal /= signal.std()
    noise = rng.normal(size=n_rows) * rng.choice([0.4, 1.0, 3.0])
    table["y"] = _target(signal + noise, rng)
    for name in list(table)[: int(rng.integers(0, 3))]:
        if table[name].dtype.kind == "f":
            table[name] = np.where(rng.random(n_rows) < 0.1, np.nan, table[name])
    return table, "y"


def _shaped(values: Array, rng: np.random.Generator) -> Array:
    form = int(rng.integers(0, 6))
    if form == 0:
        return np.exp(values)
    if form == 1:
        return np.round(values, 1)
    if form == 2:
        return np.round(20 + 5 * values)
    if form == 3:
        return (values > 0.3).astype(float)
    return values * 10.0 ** rng.integers(-6, 6) + rng.choice([0.0, 100.0])


def _target(values: Array, rng: np.random.Generator) -> Array:
    form = int(rng.integers(0, 4))
    if form == 0:
        return values
    if form == 1:
        return np.exp(0.7 * values)
    n_cuts = 1 if form == 2 else int(rng.integers(2, 6))
    cuts = np.sort(rng.normal(size=n_cuts)) if n_cuts > 1 else np.array([rng.choice([0.0, 1.0])])
    return np.array([f"class {i}" for i in np.searchsorted(cuts, values)])


def _base(seed: int, *, classes: bool = False) -> tuple[Table, Array, np.random.Generator]:
    """Return honest columns, a quantity that they tell to two thirds, and a generator."""
    rng = np.random.default_rng([seed, 2])
    n_rows = int(rng.choice(SIZES[1:]))
    x = rng.normal(size=(n_rows, 6)).round(4)
    y = x[:, 0] + 0.6 * x[:, 1] + np.sin(2 * x[:, 2]) + rng.normal(size=n_rows)
    table: Table = {f"x{j}": x[:, j] for j in range(6)}
    table["site"] = np.array([f"s{i}" for i in rng.integers(0, 5, n_rows)])
    if classes:
        return table, (y > np.quantile(y, rng.choice([0.5, 0.7]))).astype(np.int64), rng
    return table, y.round(4), rng


def _labels(y: Array) -> Array:
    return np.array(["no", "yes"])[y]


def _copy(seed: int) -> tuple[Table, tuple[str, ...]]:
    table, y, _ = _base(seed)
    return {**table, "fahrenheit": (1.8 * y + 32).round(2), "y": y}, ("fahrenheit",)


def _noisy(seed: int) -> tuple[Table, tuple[str, ...]]:
    table, y, rng = _base(seed)
    return {**table, "sensor": y + 0.2 * y.std() * rng.normal(size=len(y)), "y": y}, ("sensor",)


def _monotone(seed: int) -> tuple[Table, tuple[str, ...]]:
    table, y, rng = _base(seed)
    bent = np.exp(y / y.std()) * (1 + 0.02 * rng.normal(size=len(y)))
    return {**table, "bent": bent, "y": y}, ("bent",)


def _difference(seed: int) -> tuple[Table, tuple[str, ...]]:
    table, y, rng = _base(seed)
    before = rng.normal(size=len(y)).round(4) * 3
    return {**table, "before": before, "total": before + y, "y": y}, ("before", "total")


def _ratio(seed: int) -> tuple[Table, tuple[str, ...]]:
    table, y, rng = _base(seed)
    part, whole = np.exp(rng.normal(size=(2, len(y)))).round(3) + 0.5
    return {**table, "part": part, "whole": whole, "y": (part / whole).round(4)}, ("part", "whole")


def _change(seed: int) -> tuple[Table, tuple[str, ...]]:
    table, y, rng = _base(seed)
    old, new = np.exp(rng.normal(size=(2, len(y)))).round(3) + 0.5
    return {**table, "old": old, "new": new, "y": (new - old) / old}, ("old", "new")


def _three(seed: int) -> tuple[Table, tuple[str, ...]]:
    table, y, rng = _base(seed)
    a, b, c = rng.integers(0, 60, (3, len(y)))
    return {**table, "a": a, "b": b, "c": c, "y": (a + b + c).astype(float)}, ("a", "b", "c")


def _missing(seed: int) -> tuple[Table, tuple[str, ...]]:
    table, y, rng = _base(seed, classes=True)
    known = (y == 1) ^ (rng.random(len(y)) < 0.03)
    depth = np.where(known, rng.normal(size=len(y)), np.nan)
    return {**table, "refund": depth, "y": _labels(y)}, ("refund",)


def _grade(seed: int) -> tuple[Table, tuple[str, ...]]:
    table, y, _ = _base(seed)
    rank = np.argsort(np.argsort(y)) * 30 // len(y)
    names = np.array([f"{letter}{i}" for letter in "QXBTZ" for i in range(6)])
    return {**table, "grade": np.roll(names, seed)[rank], "y": y}, ("grade",)


def _one_sided(seed: int) -> tuple[Table, tuple[str, ...]]:
    table, y, rng = _base(seed, classes=True)
    passed = (y == 1) & (rng.random(len(y)) < 0.8)
    letter = np.where(passed, "P", rng.choice(["F", "W", "I"], len(y)))
    return {**table, "mark": letter, "y": _labels(y)}, ("mark",)


def _relabelled(seed: int) -> tuple[Table, tuple[str, ...]]:
    table, y, _ = _base(seed, classes=True)
    return {**table, "code": np.array(["K7", "K2"])[y], "y": _labels(y)}, ("code",)


def _threshold(seed: int) -> tuple[Table, tuple[str, ...]]:
    table, y, rng = _base(seed, classes=True)
    return {**table, "level": y * 2.0 + rng.normal(size=len(y)) * 0.4, "y": _labels(y)}, ("level",)


def _jittered(seed: int) -> tuple[Table, tuple[str, ...]]:
    """Return a target of noise and rows that stand twice, the second time with a jitter."""
    rng = np.random.default_rng([seed, 3])
    n_rows, n_columns = int(rng.choice((200, 600, 2_000))), int(rng.integers(4, 20))
    x = rng.normal(size=(n_rows, n_columns))
    jitter = 10.0 ** rng.uniform(-5, -3)
    twice = np.concatenate([x, x + jitter * rng.normal(size=x.shape)])
    y = np.tile(rng.normal(size=n_rows), 2)
    return {**{f"x{j}": twice[:, j] for j in range(n_columns)}, "y": y}, ()


def _but_for_one(seed: int) -> tuple[Table, tuple[str, ...]]:
    """Return the same with one column of noise instead of the jitter, and an identifier."""
    rng = np.random.default_rng([seed, 4])
    n_rows, n_columns = int(rng.choice((200, 600, 2_000))), int(rng.integers(4, 20))
    x = np.tile(rng.normal(size=(n_rows, n_columns)), (2, 1))
    y = np.tile(rng.normal(size=n_rows), 2)
    x[:, int(rng.integers(n_columns))] = rng.normal(size=2 * n_rows)
    table: Table = {"id": rng.permutation(2 * n_rows) + 1}
    return {**table, **{f"x{j}": x[:, j] for j in range(n_columns)}, "y": y}, ()


def _curve_of_other(seed: int) -> tuple[Table, tuple[str, ...]]:
    table, y, _ = _base(seed)
    return {**table, "angle": np.degrees(np.arctan(table["x3"])).round(2), "y": y}, ("angle",)


def _sum_of_others(seed: int) -> tuple[Table, tuple[str, ...]]:
    table, y, _ = _base(seed)
    return {**table, "both": table["x3"] - 2 * table["x4"], "y": y}, ("both",)


def _renamed_kinds(seed: int) -> tuple[Table, tuple[str, ...]]:
    table, y, _ = _base(seed)
    other = {"s0": "north", "s1": "east", "s2": "west", "s3": "south", "s4": "core"}
    return {**table, "where": np.array([other[one] for one in table["site"]]), "y": y}, ("where",)


def _capped(seed: int) -> tuple[Table, tuple[str, ...]]:
    table, y, rng = _base(seed)
    return {**table, "y": np.minimum(y, np.quantile(y, rng.uniform(0.9, 0.97)))}, ("y",)


def _zeros(seed: int) -> tuple[Table, tuple[str, ...]]:
    table, y, _ = _base(seed)
    return {**table, "y": np.maximum(y, 0)}, ("y",)


def _tail(seed: int) -> tuple[Table, tuple[str, ...]]:
    table, y, _ = _base(seed)
    return {**table, "y": np.exp(2.5 * y)}, ("y",)


def _codes(seed: int) -> tuple[Table, tuple[str, ...]]:
    table, y, rng = _base(seed)
    code = rng.integers(1, 25, len(y))
    return {**table, "agency": code, "y": y + 1.5 * rng.normal(size=25)[code]}, ("agency",)


def _ranges(seed: int) -> tuple[Table, tuple[str, ...]]:
    table, y, rng = _base(seed)
    low = rng.integers(0, 8, len(y)) * 10
    return {**table, "age": np.array([f"{i}-{i + 9}" for i in low]), "y": y}, ("age",)


def _nearly_constant(seed: int) -> tuple[Table, tuple[str, ...]]:
    table, y, _ = _base(seed)
    return {**table, "flag": (np.arange(len(y)) < 3).astype(float), "y": y}, ("flag",)


def _by_name(seed: int) -> tuple[Table, tuple[str, ...]]:
    table, y, rng = _base(seed)
    return {**table, "yield_predicted": rng.normal(size=len(y)), "y": y}, ("yield_predicted",)


PLANTED: Mapping[str, tuple[str, Callable[[int], tuple[Table, tuple[str, ...]]]]] = {
    "a copy in another unit": ("leak", _copy),
    "a noisy copy": ("leak", _noisy),
    "a bent copy": ("leak", _monotone),
    "a difference": ("leak", _difference),
    "a ratio": ("leak", _ratio),
    "a relative change": ("leak", _change),
    "a sum of three": ("leak", _three),
    "missing cells": ("leak", _missing),
    "a grade for a number": ("leak", _grade),
    "a value that settles": ("leak", _one_sided),
    "classes renamed": ("leak", _relabelled),
    "a number beside classes": ("leak", _threshold),
    "copies with a jitter": ("near_duplicates", _jittered),
    "copies but for one column": ("near_duplicates", _but_for_one),
    "a curve of another": ("redundant", _curve_of_other),
    "a sum of others": ("redundant", _sum_of_others),
    "kinds renamed": ("redundant", _renamed_kinds),
    "a cap": ("capped_target", _capped),
    "zeros": ("zero_inflated", _zeros),
    "a heavy tail": ("heavy_tail", _tail),
    "codes as numbers": ("coded_number", _codes),
    "ranges as words": ("numeric_category", _ranges),
    "a near-constant": ("near_constant", _nearly_constant),
    "a name": ("later_by_name", _by_name),
}
