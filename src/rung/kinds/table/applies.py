"""Learn where the models of a run apply, and say which new rows are unlike those of training."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from rung.compute import one_thread_each
from rung.core.dataset import Dataset
from rung.core.findings import Finding
from rung.data.conforming import Conformed
from rung.kinds.kind import Ladder
from rung.typing import JSON, Array

if TYPE_CHECKING:
    from rung.density.applicability import Applicability
    from rung.kinds.table.prepare import PreparedTable

FEWEST_ROWS, FEWEST_KNOWN = 50, 0.05
FEWEST_JUDGED = 100
MOST_NAMED = 3
SMALLEST_SHARE = 1e-15
KEY = "applicability"
UNLIKE, UNLIKE_BY_CHANCE = "unlike_rows", "unlike_rows_by_chance"

Held = list[tuple[Array, Array]]


def applicability_of(prepared: PreparedTable, seed: int) -> tuple[Applicability, Held] | None:
    """Return a density of the features of training rows, learned once a run.

    Returns
    -------
    (Applicability, list) or None
        With held-out rows and their log densities; None where rows or columns are too few.
    """
    if KEY not in prepared.learned:
        prepared.learned[KEY] = _learn(prepared, seed)
    found: tuple[Applicability, Held] | None = prepared.learned[KEY]
    return found


def _learn(prepared: PreparedTable, seed: int) -> tuple[Applicability, Held] | None:
    rows = _features(prepared, prepared.train)
    if rows.n_rows < FEWEST_ROWS or not rows.columns:
        return None
    from rung.density.applicability import learn_applicability

    splits = [(one.train, one.test) for one in _splits(prepared)]
    try:
        with one_thread_each():
            return learn_applicability(rows, splits, seed=seed)
    except (np.linalg.LinAlgError, ArithmeticError, ValueError):
        return None  # numbers that no density can be had of, such as 1e300 among units


def _splits(prepared: PreparedTable) -> list[Any]:
    """Return the folds of the first repeat, the last one first: of times it is the latest."""
    return [one for one in prepared.folds.splits if one.repeat == 0][::-1]


def _features(prepared: PreparedTable, rows: Array) -> Dataset:
    """Return the features that have a place in a density, of these rows."""
    from rung.density.applicability import looked_at

    dataset = prepared.dataset.take(prepared.train)
    columns = tuple(
        column
        for column in looked_at(prepared.dataset.inputs)
        if _share_known(dataset.values[column.name], is_coded=column.is_coded) >= FEWEST_KNOWN
    )
    taken = prepared.dataset.take(rows)
    return Dataset(columns, {c.name: taken.values[c.name] for c in columns}, taken.n_rows)


def _share_known(values: Array, *, is_coded: bool) -> float:
    return float((values >= 0).mean() if is_coded else np.isfinite(values).mean())


def saved_applicability(
    prepared: PreparedTable, seed: int, *, opened: bool
) -> Applicability | None:
    """Return what a model file holds; sealed rows are counted where they were opened."""
    found = applicability_of(prepared, seed)
    if found is None:
        return None
    own, _ = found
    if not opened or not len(prepared.test):
        return own
    with one_thread_each():
        likeness = own.likeness(_features(prepared, prepared.test))
    return replace(own, sealed=(int(own.is_unlike(likeness).sum()), len(likeness)))


def describe_applicability(own: Applicability | None) -> JSON | None:
    """Return what `inspect` and the page say of it; JSON-ready."""
    if own is None:
        return None
    from rung.density.applicability import measured_rate

    found: JSON = {
        "density": own.family,
        "columns": [column.name for column in own.columns],
        "rows": own.n_rows,
        "ranked_by": len(own.held.logs),
        "level": round(own.level, 6),
        "sealed": None,
    }
    if own.sealed[1]:
        rate, low, high = (round(one, 6) for one in measured_rate(own.sealed))
        called, n = own.sealed
        found["sealed"] = {"called": called, "rows": n, "rate": rate, "low": low, "high": high}
    return found


def applicability_section(prepared: PreparedTable, found: Ladder, seed: int) -> JSON | None:
    """Return what the page says of where the model applies."""
    learned = applicability_of(prepared, seed)
    if learned is None:
        return None
    own, held = learned
    return {
        **(describe_applicability(saved_applicability(prepared, seed, opened=True)) or {}),
        "n_features": len(prepared.dataset.inputs),
        "loss": _loss_by_likeness(prepared, found, own, held),
    }


def _loss_by_likeness(
    prepared: PreparedTable, found: Ladder, own: Applicability, held: Held
) -> JSON | None:
    """Compare the loss of the choice in the tenth of the held-out rows least like the others."""
    outputs = found.judged.evidence.predictions[found.choice]
    place = {id(split): i for i, split in enumerate(prepared.folds.splits)}
    losses, ranks = [], []
    for split, (test, logs) in zip(_splits(prepared), held, strict=False):
        losses.append(_losses(prepared, outputs[place[id(split)]], test))
        ranks.append(own.held.rate(logs))
    loss, rank = np.concatenate(losses), np.concatenate(ranks)
    if len(loss) < FEWEST_JUDGED or not np.isfinite(loss).all():
        return None
    from rung.density.applicability import LEAST_LIKE

    few = np.argsort(rank, kind="stable")[: int(LEAST_LIKE * len(loss))]
    is_few = np.zeros(len(loss), dtype=bool)
    is_few[few] = True
    least, rest = loss[is_few], loss[~is_few]
    gap = float(least.mean() - rest.mean())
    reach = 1.96 * float(np.sqrt(least.var(ddof=1) / len(least) + rest.var(ddof=1) / len(rest)))
    return {
        "named": "log loss" if prepared.problem.classes else "absolute error",
        "rows": len(loss),
        "least_like": float(least.mean()),
        "rest": float(rest.mean()),
        "difference": {"mean": gap, "low": gap - reach, "high": gap + reach},
    }


def _losses(prepared: PreparedTable, outputs: Array, rows: Array) -> Array:
    y = prepared.problem.y[rows]
    if not prepared.problem.classes:
        return np.asarray(np.abs(y - outputs.reshape(len(y), -1)[:, 0]))
    return np.asarray(-np.log(np.maximum(outputs[np.arange(len(y)), y], SMALLEST_SHARE)))


def tell_unlike(
    own: Applicability | None, found: Conformed, tell: Callable[[Finding], None]
) -> Mapping[str, Array]:
    """Say how many rows are unlike those of training, and return the likeness of each as a column."""
    if own is None or not found.dataset.n_rows:
        return {}
    with one_thread_each():
        likeness = own.likeness(found.dataset)
        finding = _unlike(own, found, likeness)
    if finding is not None:
        tell(finding)
    return {"likeness": likeness}


def _unlike(own: Applicability, found: Conformed, likeness: Array) -> Finding | None:
    """Return what is said of rows; nothing where all are like the training rows."""
    from rung.density.applicability import BY_CHANCE, LEAST_LIKE

    n, n_called = len(likeness), int(own.is_unlike(likeness).sum())
    n_least = int((likeness <= LEAST_LIKE * (1 + 1e-12)).sum())
    is_more = own.chance(n_called, n, own.level) <= BY_CHANCE
    is_shifted = own.chance(n_least, n, LEAST_LIKE) <= BY_CHANCE
    if not (n_called or is_shifted):
        return None
    shift = f"; {n_least:,} are as unlike as the least like tenth of those" if is_shifted else ""
    said = (
        f"{n_called:,} of {n:,} rows are unlike the training rows (likeness at most "
        f"{own.level:.2g}), {_rates(own)}{shift}; {_least_like(own, found, likeness)}"
    )
    if is_more or is_shifted:
        return Finding(UNLIKE, "warning", (), said, "more than by chance; take these as guesses")
    return Finding(UNLIKE_BY_CHANCE, "info", (), said, "as many as chance gives")


def _least_like(own: Applicability, found: Conformed, likeness: Array) -> str:
    """Name the rows that are least like those of training, each with its oddest column."""
    lowest = np.flatnonzero(likeness == likeness.min())
    logs = own.logs(found.dataset.take(lowest))
    least = lowest[np.argsort(logs, kind="stable")][:MOST_NAMED]
    odd = [own.oddest(found.dataset, int(i)) for i in least]
    named = [
        f"{found.rows[i] + 1}" + (f" (by {column!r})" if column else "")
        for i, column in zip(least, odd, strict=True)
    ]
    return f"least like: row{'s' * (len(named) > 1)} {', '.join(named)}"


def _rates(own: Applicability) -> str:
    """Say how many rows are called that are like those of training."""
    from rung.density.applicability import measured_rate

    if not own.sealed[1]:
        return f"of rows like them {own.level:.2g} would be"
    rate, low, high = measured_rate(own.sealed)
    return f"of {own.sealed[1]:,} sealed rows {rate:.1%} are ({low:.1%} to {high:.1%})"


def row_likeness(own: Applicability | None, rows: Dataset, row: int) -> JSON | None:
    """Return how like the training rows one row is; None where the model cannot tell."""
    if own is None:
        return None
    one = rows.take(np.array([row]))
    likeness = float(own.likeness(one)[0])
    return {
        "likeness": likeness,
        "ranked_by": len(own.held.logs),
        "is_unlike": bool(own.is_unlike(np.array([likeness]))[0]),
        "oddest": own.oddest(rows, row),
    }
