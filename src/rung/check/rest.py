"""Predict the target from all columns but some, by a sum of one curve a column: a cheap family."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from rung.check.skill import (
    FOLDS,
    NO_SKILL,
    Skill,
    SkillRows,
    hats,
    knots_of,
    sample_of,
    skill_of,
    skills_of,
)
from rung.core.dataset import Dataset
from rung.core.family import Problem
from rung.typing import Array

MOST_WIDE = 400
KNOTS = 7
LEVELS = 15
# Share of the rows that the penalty weighs as many as, on columns of variance 1; the best counts.
RIDGES = (1e-4, 0.05)
TREE_ROWS = 5_000
TREE_COLUMNS = 100
LEAF = 5
# Correlation from which on two columns are one in other units.
SAME = 0.9999


@dataclass(frozen=True)
class AdditiveTable:
    """Hold the table written as curves and indicators, and its normal equations by fold.

    Attributes
    ----------
    matrix : ndarray, shape (n_rows, n_wide)
        Standardised.
    owner : ndarray of str, shape (n_wide,)
        Column of the table that each belongs to.
    grams : ndarray, shape (n_folds, n_wide, n_wide)
        Sums of squares and products of the rows outside each fold.
    tops : ndarray, shape (n_folds, n_wide, n_outputs)
        The same with the outputs.
    means : ndarray, shape (n_folds, n_outputs)
        Mean of the outputs outside each fold.
    """

    matrix: Array
    owner: Array
    grams: Array
    tops: Array
    means: Array

    def predict_without(
        self, names: Collection[str], sample: SkillRows, ridge: float = RIDGES[0]
    ) -> Array:
        """Return held-out predictions from all columns but the named, shape (n_rows, n_outputs)."""
        kept = np.flatnonzero(~np.isin(self.owner, list(names)))
        predicted = self.means[sample.fold]
        if not len(kept):
            return predicted
        penalty = (ridge * len(sample.fold) + 1.0) * np.eye(len(kept))
        for k in range(FOLDS):
            own = sample.fold == k
            gram = self.grams[k][np.ix_(kept, kept)] + penalty
            weights = np.linalg.solve(gram, self.tops[k][kept])
            predicted[own] += self.matrix[np.ix_(own, kept)] @ weights
        return np.clip(predicted, sample.outputs.min(axis=0), sample.outputs.max(axis=0))

    def skill_without(self, names: Collection[str], sample: SkillRows) -> Skill:
        """Return the skill of all columns but the named."""
        skills = (
            skill_of(self.predict_without(names, sample, ridge), sample.outputs, sample.fold)
            for ridge in RIDGES
        )
        return max(skills, key=lambda one: one.value)


@dataclass(frozen=True)
class ColumnSkills:
    """Hold what every column tells of the target, and what the others tell without it.

    Attributes
    ----------
    problem : Problem
        Training rows.
    kept : dict
        What is found on the way and asked for again.
    """

    problem: Problem
    kept: dict[str, Any] = field(default_factory=dict, compare=False)

    @cached_property
    def sample(self) -> SkillRows:
        """The rows that are looked at, at most 20,000."""
        return sample_of(self.problem)

    @cached_property
    def alone(self) -> dict[str, Skill]:
        """Skill of each feature, those that tell most first; of a time, of each of its parts."""
        found = skills_of(self.sample)
        return dict(sorted(found.items(), key=lambda one: -one[1].low))

    @cached_property
    def table(self) -> AdditiveTable:
        """The table as a sum of curves."""
        return additive_table(self.sample, self.alone)

    @cached_property
    def numbers(self) -> dict[str, Array]:
        """Columns of numbers by name, times as their parts."""
        design = self.sample.design
        return dict(zip(design.number_names, design.number_columns(), strict=True))

    def skill_without(self, names: Collection[str]) -> Skill:
        """Return the skill of the table without some columns, and without copies of them.

        That of a sum of curves or of a tree, whichever is better.
        """
        if self.sample.design.n_rows == 0:
            return NO_SKILL
        left_out = {*names, *self._copies(names)}
        curves = self.table.skill_without(left_out, self.sample)
        rows = np.arange(len(self.sample.y))[-TREE_ROWS:]
        grown = skill_of(
            self.tree_without(left_out, rows), self.sample.outputs[rows], self.sample.fold[rows]
        )
        return max(curves, grown, key=lambda one: one.value)

    def tree_without(self, names: Collection[str], rows: Array) -> Array:
        """Return what a tree on at most 5,000 rows says from all columns but the named.

        Parameters
        ----------
        names : collection of str
            Columns to leave out.
        rows : ndarray of int
            Rows to predict, each by a tree that the other folds grew.

        Returns
        -------
        ndarray, shape (n_rows, n_outputs)
        """
        from sklearn.tree import DecisionTreeRegressor

        kept = [name for name in self.alone if name not in names][:TREE_COLUMNS]
        outputs, fold = self.sample.outputs, self.sample.fold
        predicted = self.table.means[fold[rows]]
        if not kept:
            return predicted
        matrix = np.stack([self._ranked(name) for name in kept], axis=1)
        for k in range(FOLDS):
            others = np.flatnonzero(fold != k)[-TREE_ROWS:]
            tree = DecisionTreeRegressor(min_samples_leaf=LEAF, random_state=0)
            tree.fit(matrix[others], outputs[others])
            own = fold[rows] == k
            if own.any():
                said = tree.predict(matrix[rows[own]])
                predicted[own] = said.reshape(int(own.sum()), -1)
        return predicted

    def _ranked(self, name: str) -> Array:
        """Return a column as whole numbers that rise with it, or with the target by category."""
        if name in self.numbers:
            return np.unique(self.numbers[name], return_inverse=True)[1].astype(np.float32)
        codes = np.maximum(self.sample.design.values[name].astype(np.int64), -1) + 1
        return codes.astype(np.float32)

    def _copies(self, names: Collection[str]) -> set[str]:
        """Return the parts of the same times, and columns of numbers that are one in other units."""
        out = {one for one in self.alone for name in names if _of_one_time(one, name, self.sample)}
        for name in names:
            if name in self.numbers:
                x = self.numbers[name]
                out |= {one for one, values in self.numbers.items() if _are_same(x, values)}
        return out


def _of_one_time(one: str, other: str, sample: SkillRows) -> bool:
    stems = [name.rpartition(".")[0] for name in (one, other)]
    times = {column.name for column in sample.design.features if column.kind == "datetime"}
    return stems[0] == stems[1] and stems[0] in times


def _are_same(a: Array, b: Array) -> bool:
    known = np.isfinite(a) & np.isfinite(b)
    if known.sum() < 0.5 * max(np.isfinite(a).sum(), np.isfinite(b).sum(), 2):
        return False
    x, y = _centred(a[known]), _centred(b[known])
    size = float(np.sqrt((x @ x) * (y @ y)))
    return size > 0 and abs(float(x @ y)) >= SAME * size


def _centred(values: Array) -> Array:
    """Return values about their mean, in a unit in which no square overflows."""
    scaled = values / max(float(np.abs(values).max()), np.finfo(float).tiny)
    return np.asarray(scaled - scaled.mean())


def additive_table(sample: SkillRows, order: Collection[str]) -> AdditiveTable:
    """Write a table as curves and indicators.

    Parameters
    ----------
    sample : SkillRows
        The rows.
    order : collection of str
        Columns, those that tell most first: at most 400 curves and indicators are made in all,
        with as many knots a column as that allows.
    """
    design = sample.design
    names = list(order)[:MOST_WIDE]
    knots = int(np.clip(MOST_WIDE // max(len(names), 1), 2, KNOTS))
    numbers = dict(zip(design.number_names, design.number_columns(), strict=True))
    parts, owner = [], []
    for name in names:
        if name in numbers:
            part = _curves(numbers[name], knots)
        else:
            part = _indicators(design, name, LEVELS if knots == KNOTS else knots)
        parts.append(part)
        owner += [name] * part.shape[1]
    wide = np.concatenate(parts, axis=1)[:, :MOST_WIDE] if parts else np.empty((len(sample.y), 0))
    return _equations(wide, np.array(owner[:MOST_WIDE], dtype=object), sample)


def _curves(values: Array, n_knots: int) -> Array:
    """Write a number as heights over its knots, and whether it is known; (n_rows, n_knots + 1)."""
    known = np.isfinite(values)
    distinct = np.unique(values[known])
    out = np.zeros((len(values), n_knots + 1))
    out[:, -1] = ~known
    if len(distinct) < 2:
        return out[:, -1:]
    knots = knots_of(distinct, values[known], n_knots)
    below, way = hats(values[known], knots)
    rows = np.flatnonzero(known)
    out[rows, below] = 1 - way
    out[rows, below + 1] = way
    scale = float(np.abs(values[known]).max())
    line = np.zeros(len(values))  # the straight line is whole beyond all knots
    line[rows] = values[known] / (scale if scale > 0 else 1.0)
    return np.column_stack([line, out])


def _indicators(design: Dataset, name: str, n_levels: int) -> Array:
    codes = np.maximum(design.values[name].astype(np.int64), -1) + 1
    counts = np.bincount(codes)
    commonest = np.argsort(-counts, kind="stable")[:n_levels]
    return np.asarray((codes[:, None] == commonest).astype(np.float64))


def _equations(wide: Array, owner: Array, sample: SkillRows) -> AdditiveTable:
    centred = wide - wide.mean(axis=0)
    scale = centred.std(axis=0)
    usable = scale > 1e-9
    matrix = centred[:, usable] / scale[usable]
    own = [sample.fold == k for k in range(FOLDS)]
    grams = np.stack([matrix[one].T @ matrix[one] for one in own])
    counts = np.array([one.sum() for one in own])
    sums = np.stack([sample.outputs[one].sum(axis=0) for one in own])
    means = (sums.sum(axis=0) - sums) / np.maximum(counts.sum() - counts, 1)[:, None]
    tops = np.stack([matrix[one].T @ sample.outputs[one] for one in own])
    columns = np.stack([matrix[one].sum(axis=0) for one in own])
    outside = columns.sum(axis=0) - columns
    return AdditiveTable(
        matrix,
        owner[usable],
        grams.sum(axis=0) - grams,
        tops.sum(axis=0) - tops - outside[:, :, None] * means[:, None, :],
        means,
    )
