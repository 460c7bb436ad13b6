"""Find columns that say nothing new: functions of one or two other columns. No target is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from rung.check import Check, Seen
from rung.check.combination import combined_exactly
from rung.check.skill import SkillRows, number_skill
from rung.core.dataset import Dataset
from rung.core.findings import Finding
from rung.core.sentinels import blank_sentinels
from rung.typing import Array

MOST_ROWS = 5_000
FEWEST_ROWS = 100
MOST_COLUMNS = 120
# Categories: levels, rows a level, and rows of the second commonest level at the least.
MOST_LEVELS = 200
ROWS_A_LEVEL = 10
LEAST_MINORITY = 0.02
# Numbers: squared steps along the other column over twice the variance, and skill to confirm it.
ROUGH = 0.002
CURVE = 0.999
FEWEST_DISTINCT = 20
REMEDY = "nothing is lost by leaving one out (--drop); importances are shared between them"


def find(seen: Seen) -> tuple[Finding, ...]:
    """Return a finding for each feature that is a function of one other, or computed from two."""
    dataset = blank_sentinels(seen.dataset, seen.sentinels)
    n_rows = min(dataset.n_rows, MOST_ROWS)
    if n_rows < FEWEST_ROWS:
        return ()
    part = dataset if n_rows == dataset.n_rows else dataset.take(np.arange(n_rows))
    found: list[Finding] = []
    named: set[str] = set()
    for one, others, message in (*_categories(part), *_curves(part), *_sums(part)):
        if one not in named and not named.intersection(others):
            named.add(one)
            found.append(Finding("redundant", "info", (one, *others), message, REMEDY))
    return tuple(found)


def _categories(dataset: Dataset) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Yield categories, and numbers of few values, that another such column determines."""
    coded = _coded(dataset)
    for (a, of_a), (b, of_b) in combinations(coded.items(), 2):
        n_a, n_b = int(of_a.max()) + 1, int(of_b.max()) + 1
        n_pairs = len(np.unique(of_a * n_b + of_b))
        if n_pairs == n_a == n_b:
            yield (
                b,
                (a,),
                f"columns {b!r} and {a!r} name the same {n_a} kinds under two sets of names",
            )
        elif n_pairs == n_a:
            yield (
                b,
                (a,),
                f"column {b!r} is settled by {a!r}: each of its {n_a} values has one {b!r}",
            )
        elif n_pairs == n_b:
            yield (
                a,
                (b,),
                f"column {a!r} is settled by {b!r}: each of its {n_b} values has one {a!r}",
            )


def _coded(dataset: Dataset) -> dict[str, Array]:
    out: dict[str, Array] = {}
    for column in dataset.features[: 2 * MOST_COLUMNS]:
        values = dataset.values[column.name]
        if column.kind == "datetime" or (not column.is_coded and len(np.unique(values[:300])) > 60):
            continue
        level, counts = np.unique(values, return_inverse=True, return_counts=True)[1:]
        few = len(counts) <= min(MOST_LEVELS, len(values) // ROWS_A_LEVEL)
        varies = len(counts) > 1 and np.sort(counts)[:-1].sum() >= LEAST_MINORITY * len(values)
        if few and varies:
            out[column.name] = level
    return out


def _numbers(dataset: Dataset) -> tuple[list[str], Array]:
    names = [c.name for c in dataset.features if c.kind == "number"]
    kept = [n for n in names if len(np.unique(dataset.values[n])) >= FEWEST_DISTINCT]
    kept = kept[:MOST_COLUMNS]
    columns = [dataset.values[name] for name in kept]
    return kept, np.stack(columns, axis=1) if columns else np.empty((dataset.n_rows, 0))


def _curves(dataset: Dataset) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Yield numbers that are a curve of another number."""
    names, columns = _numbers(dataset)
    few = columns[:1_000]
    with np.errstate(all="ignore"):
        spread = 2 * _mean_known((few - _mean_known(few)) ** 2)
    fold = np.arange(len(columns)) * 5 // len(columns)
    for i, name in enumerate(names):
        order = np.argsort(few[:, i], kind="stable")
        order = order[np.isfinite(few[order, i])]
        if len(order) < FEWEST_ROWS:
            continue
        steps = _mean_known(np.diff(few[order], axis=0) ** 2)
        for j in np.flatnonzero(steps <= ROUGH * spread):
            known = np.isfinite(columns[:, j])
            if j == i or spread[j] == 0 or known.sum() < FEWEST_ROWS:
                continue
            y = columns[known, j]
            top = ((y - y.mean()) / y.std())[:, None]
            skill = number_skill(columns[known, i], SkillRows(dataset, y, top, fold[known]))
            if skill.low >= CURVE:
                yield (
                    names[j],
                    (name,),
                    f"column {names[j]!r} is a curve of {name!r}, with a skill of {skill}",
                )


def _mean_known(columns: Array) -> Array:
    known = np.isfinite(columns)
    return np.asarray(np.where(known, columns, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1))


def _sums(dataset: Dataset) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Yield numbers that are computed from two others."""
    names, columns = _numbers(dataset)
    for one in combined_exactly(columns):
        k, sources = one.target, tuple(names[j] for j in one.identity.sources)
        formula = one.identity.formula.format(*sources)
        yield names[k], sources, f"{names[k]} = {formula} in {one.identity.share:.1%} of the rows"


CHECK = Check(
    code="redundant",
    title="columns that are functions of one or two others",
    severity="info",
    look=find,
    source="Strobl et al. (2008), BMC Bioinformatics 9: importances of correlated predictors",
    remedy=REMEDY,
)
