"""Prepare a table for the climb: sealed rows, checks, folds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from rung.core.dataset import Dataset
from rung.core.divide import FoldPlan, cut_inside, divide, divide_as_given
from rung.core.family import Problem
from rung.core.findings import Finding
from rung.core.folds import Folds
from rung.core.keys import Keys, content_digests, find_keys, fingerprint
from rung.core.metrics import Metric
from rung.core.result import Dependence
from rung.core.seal import Seal, Sealing
from rung.core.task import TargetColumn, positive_index
from rung.data.kept import kept_columns
from rung.data.recomputing import NOTHING, Expressions
from rung.data.table import Sampled
from rung.families import whole_ladder
from rung.kinds.limits import check_margin, check_target, check_weight
from rung.kinds.table.checks import check_sealed
from rung.kinds.table.metric import left_out, metric_for
from rung.kinds.table.options import FitOptions
from rung.kinds.table.parts import part_findings
from rung.kinds.table.sealing import SealedTable, make_problem, seal_table
from rung.kinds.table.units import Units, describe, division_findings, find_units
from rung.typing import Array, Untyped

# Columns of the predictions beside those of families.
TAKEN = ("row", "fold", "target")


@dataclass(frozen=True)
class PreparedTable:
    """Hold all that the climb needs.

    Attributes
    ----------
    source : str
        Name of what was read.
    dataset : Dataset
        All rows that have a target, sorted by content, with roles.
    file_row : ndarray of int, shape (n_rows,)
        Row of the file, counted from 0 below the header.
    n_without_target : int
        Rows left out because they have no target.
    fingerprint : str
        Digest of all rows and names.
    target : TargetColumn
        Task, values and classes of all rows.
    positive : int or None
        Index of the positive class.
    metric : Metric
        What families are compared by.
    sealing : Sealing
        Seal and sealed rows.
    train, test : ndarray of int
        Rows to learn from, rows that are sealed.
    sealed_rows : Dataset
        The sealed rows as the file has them, sentinels as numbers.
    problem : Problem
        The training rows as families see them.
    folds : Folds
        How the training rows are divided.
    units : Units
        Rows that count as one observation.
    dependence : Dependence or None
        How dependent rows were divided; None where each row is an observation of its own.
    findings : tuple of Finding
        What was noticed on the way.
    expressions : Expressions
        Columns that were made of others, and the condition that rows met.
    kept : mapping of str to polars.Series
        Columns that are carried to the predictions, as the file has them, in its order.
    learned : dict
        What is learned of training rows once, beside the families.
    sampled : Sampled, optional
        Which rows of a larger file these are.
    """

    source: str
    dataset: Dataset
    file_row: Array
    n_without_target: int
    fingerprint: str
    target: TargetColumn
    positive: int | None
    metric: Metric
    sealing: Sealing
    train: Array
    test: Array
    sealed_rows: Dataset
    problem: Problem
    folds: Folds
    units: Units
    dependence: Dependence | None
    findings: tuple[Finding, ...]
    expressions: Expressions = NOTHING
    kept: Mapping[str, Untyped] = field(default_factory=dict)
    learned: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    sampled: Sampled | None = None

    @property
    def name(self) -> str:
        """Name of what was read."""
        return self.source

    @property
    def seal(self) -> Seal:
        """How to find the sealed rows again."""
        return self.sealing.seal

    def kept_of(self, file_row: Array) -> dict[str, Untyped]:
        """Return the columns that are carried, for these rows of the file."""
        rows = file_row if self.sampled is None else np.searchsorted(self.sampled.rows, file_row)
        return {name: column.gather(rows) for name, column in self.kept.items()}


def prepare(data: Any, options: FitOptions, seal: Seal | None = None) -> PreparedTable:
    """Read a table and make it ready for the climb.

    Parameters
    ----------
    data : path or frame
        What `rung.data.read_table` takes.
    options : FitOptions
        What is asked.
    seal : Seal, optional
        An earlier seal to replay.

    Raises
    ------
    DataError
        If the table cannot be used as asked; the message says why.
    """
    sealed = seal_table(data, options, seal)
    dataset, target, train = sealed.dataset, sealed.target, sealed.train
    metric = metric_for(options, target)
    check_target(target, train, options.target)
    check_weight(dataset.weight, train, options.weight)
    check_margin(options.margin, metric, target)
    problem = make_problem(sealed, loss=metric.training_loss, most_words=options.words)
    folds = _divide(sealed, options)
    test = np.flatnonzero(sealed.sealing.is_test)
    rows, division = (train, test), sealed.division
    units = find_units(division, dataset, target, rows=rows, folds=folds)
    n_aside = dataset.n_rows - len(train) - len(test)
    return PreparedTable(
        source=sealed.table.source,
        dataset=dataset,
        file_row=sealed.file_row,
        n_without_target=sealed.table.dataset.n_rows - dataset.n_rows,
        fingerprint=fingerprint(sealed.original, _all_digests(sealed)),
        expressions=sealed.table.expressions,
        target=target,
        positive=positive_index(target.classes, options.positive),
        metric=metric,
        sealing=sealed.sealing,
        train=train,
        test=test,
        sealed_rows=sealed.original.take(test),
        problem=problem,
        folds=folds,
        units=units,
        dependence=describe(division, folds, units, rows=rows, n_aside=n_aside),
        findings=(
            *check_sealed(sealed, problem, options),
            *part_findings(dataset),
            *left_out(target),
            *_few_groups(folds, units.train, division.group_names),
            *division_findings(division, units, folds, n_aside=n_aside),
        ),
        kept=kept_columns(data, replace(options.reading, keep=options.keep), taken=_taken()),
        sampled=sealed.table.sampled,
    )


def _all_digests(sealed: SealedTable) -> list[bytes]:
    """Return what each row holds that anything is learned from, or judged by."""
    rest = sealed.unlabelled
    return [*sealed.digests, *([] if rest is None else content_digests(rest))]


def _taken() -> tuple[str, ...]:
    """Return the names that columns of predictions have."""
    return (*TAKEN, *(family.name for family in whole_ladder("table")))


def _few_groups(folds: Folds, unit: Array, groups: tuple[str, ...]) -> tuple[Finding, ...]:
    """Say that settings are chosen inside a group, where a training set holds one alone."""
    if not groups or not cut_inside(folds, unit):
        return ()
    return (
        Finding(
            "few_groups",
            "warning",
            groups,
            f"{len(np.unique(unit))} groups of {', '.join(map(repr, groups))} are left to train "
            "on, and some training set holds one alone: models choose their settings on other "
            "rows of the same group",
            "settings may suit new groups less well; add groups, or declare a finer one",
        ),
    )


def _divide(sealed: SealedTable, options: FitOptions) -> Folds:
    train, target, division = sealed.train, sealed.target, sealed.division
    keys = _subset(sealed.sealing.keys, train)
    if options.folds is not None and not isinstance(options.folds, (int, np.integer)):
        return divide_as_given(
            options.folds,
            y=target.y[train],
            file_order=np.argsort(sealed.file_row[train], kind="stable"),
            units=keys.of_row,
            is_grouped=division.is_grouped,
        )
    labels = None if target.labels is None else target.labels[train]
    times = None if options.time is None else sealed.dataset.values[options.time][train]
    n_folds = None if options.folds is None else int(options.folds)
    placing = None if division.placing is None else division.placing.take(train)
    plan = FoldPlan(n_folds, options.repeats, options.seed, division.reach, placing)
    return divide(keys, labels, plan, times=times, is_grouped=division.is_grouped)


def _subset(keys: Keys, rows: Array) -> Keys:
    """Return the keys of these rows, numbered anew."""
    found = find_keys([keys.distinct[i] for i in keys.of_row[rows]])
    return Keys(found.distinct, found.of_row)
