"""Prepare a table for the climb: roles, sealed rows, folds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from rung.core.dataset import Dataset
from rung.core.divide import Plan, divide, divide_as_given
from rung.core.family import Problem
from rung.core.findings import Finding
from rung.core.folds import Folds
from rung.core.keys import Keys, content_digests, content_order, find_keys, fingerprint
from rung.core.metrics import Metric, find_metric
from rung.core.seal import Seal, Sealing, key_columns, replay, seal_rows
from rung.core.task import Target, has_target, make_target, positive_index
from rung.data import ReadOptions, Table, read_table
from rung.errors import DataError, TargetProblem
from rung.typing import Array
from rung.workbench.options import FitOptions
from rung.workbench.roles import assign_roles

ROLE_CODES = ("identifier", "constant", "all_missing", "text")


@dataclass(frozen=True)
class Prepared:
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
    target : Target
        Task, values and classes of all rows.
    positive : int or None
        Index of the positive class.
    metric : Metric
        What families are compared by.
    sealing : Sealing
        Seal and sealed rows.
    train, test : ndarray of int
        Rows to learn from, rows that are sealed.
    problem : Problem
        The training rows as families see them.
    folds : Folds
        How the training rows are divided.
    unit : ndarray of int, shape (n_train,)
        Rows that share a number count as one observation.
    unit_name : str
        `row`, or the group column.
    findings : tuple of Finding
        What was noticed on the way.
    """

    source: str
    dataset: Dataset
    file_row: Array
    n_without_target: int
    fingerprint: str
    target: Target
    positive: int | None
    metric: Metric
    sealing: Sealing
    train: Array
    test: Array
    problem: Problem
    folds: Folds
    unit: Array
    unit_name: str
    findings: tuple[Finding, ...]


def prepare(data: Any, options: FitOptions, seal: Seal | None = None) -> Prepared:
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
    read = ReadOptions(delimiter=options.delimiter, header=options.header)
    table = read_table(data, options=read)
    dataset = assign_roles(table.dataset, options)
    known = np.flatnonzero(_rows_with_target(dataset, options.target))
    dataset = dataset.take(known)
    digests = content_digests(dataset)
    order = content_order(digests)
    dataset, digests = dataset.take(order), [digests[i] for i in order]
    target = make_target(dataset, options.target, options.task)
    metric = find_metric(options.metric, target.task)
    identifiers = [c.name for c in table.dataset.columns if c.role == "identifier"]
    columns = key_columns(dataset, target=options.target, identifiers=identifiers)
    if seal is None:
        sealing = seal_rows(
            dataset,
            target.labels,
            columns=columns,
            fraction=options.test_fraction,
            seed=options.seed,
            digests=digests,
        )
    else:
        sealing = replay(seal, dataset, target.labels, digests=digests)
    train = np.flatnonzero(~sealing.is_test)
    file_row = known[order]
    folds = _divide(dataset, target, options, sealing=sealing, file_row=file_row)
    return Prepared(
        source=table.source,
        dataset=dataset,
        file_row=file_row,
        n_without_target=table.dataset.n_rows - len(known),
        fingerprint=fingerprint(dataset, digests),
        target=target,
        positive=positive_index(target.classes, options.positive),
        metric=metric,
        sealing=sealing,
        train=train,
        test=np.flatnonzero(sealing.is_test),
        problem=_problem(dataset, target, train, metric=metric),
        folds=folds,
        unit=unit_numbers(dataset, train),
        unit_name=options.groups or "row",
        findings=_all_findings(table, dataset, target, sealing),
    )


def _rows_with_target(dataset: Dataset, target: str) -> Array:
    known = has_target(dataset, target)
    if not known.any():
        raise TargetProblem(
            f"target column {target!r} has no value in any of its {dataset.n_rows} rows",
            "choose another --target, or fill the column",
        )
    if known.sum() < 2:
        raise DataError(
            f"the table has {int(known.sum())} row with a target; 10 are the fewest that can "
            "be cross-fitted",
            "give a table with more rows",
        )
    return known


def _divide(
    dataset: Dataset, target: Target, options: FitOptions, *, sealing: Sealing, file_row: Array
) -> Folds:
    train = np.flatnonzero(~sealing.is_test)
    keys = _subset(sealing.keys, train)
    if options.folds is not None and not isinstance(options.folds, (int, np.integer)):
        return divide_as_given(
            options.folds,
            y=target.y[train],
            file_order=np.argsort(file_row[train], kind="stable"),
            units=keys.of_row,
            is_grouped=options.groups is not None,
        )
    labels = None if target.labels is None else target.labels[train]
    times = None if options.time is None else dataset.values[options.time][train]
    n_folds = None if options.folds is None else int(options.folds)
    plan = Plan(n_folds, options.repeats, options.seed)
    return divide(keys, labels, plan, times=times, is_grouped=options.groups is not None)


def _subset(keys: Keys, rows: Array) -> Keys:
    """Return the keys of these rows, numbered anew."""
    found = find_keys([keys.distinct[i] for i in keys.of_row[rows]])
    return Keys(found.distinct, found.of_row)


def _problem(dataset: Dataset, target: Target, train: Array, *, metric: Metric) -> Problem:
    return Problem(
        task=target.task,
        design=dataset.take(train),
        y=target.y[train],
        classes=target.classes,
        loss=metric.loss,
    )


def unit_numbers(dataset: Dataset, rows: Array) -> Array:
    """Find the units of these rows: the declared groups, else each row its own."""
    group = next((column.name for column in dataset.columns if column.role == "group"), None)
    if group is None:
        return np.arange(len(rows))
    unit: Array = np.unique(dataset.values[group][rows], return_inverse=True)[1]
    return unit


def _all_findings(
    table: Table, dataset: Dataset, target: Target, sealing: Sealing
) -> tuple[Finding, ...]:
    """Join what reading, sealing and the target said, less what declared roles overrule."""
    n_rows, n_missing = table.dataset.n_rows, table.dataset.n_rows - dataset.n_rows
    missing = Finding(
        "missing_target",
        "info",
        (),
        f"{n_missing} of {n_rows} rows have no target and are left out",
        "fill them if they are known",
    )
    overruled = {
        before.name
        for before, after in zip(table.dataset.columns, dataset.columns, strict=True)
        if before.role != after.role
    }
    read = [
        finding
        for finding in table.findings
        if finding.code not in ROLE_CODES or not overruled.issuperset(finding.columns)
    ]
    return (*read, *([missing] if n_missing else []), *target.findings, *sealing.findings)
