"""Check a table: what a run would stumble over, found before it or as its first step."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from rung.check import Check, Seen, discover, run_checks
from rung.compute import one_thread_each
from rung.core.family import Problem
from rung.core.findings import Finding
from rung.core.sentinels import find_sentinels
from rung.data import read_table
from rung.errors import UsageError
from rung.kinds.table.asked import make_options
from rung.kinds.table.half_labelled import missing_target
from rung.kinds.table.made import target_made_of_features
from rung.kinds.table.metric import metric_for
from rung.kinds.table.options import READ, FitOptions
from rung.kinds.table.roles import check_names
from rung.kinds.table.sealing import SealedTable, make_problem, seal_table
from rung.store.seals import read_seal

ROLE_CODES = ("identifier", "constant", "all_missing", "text")
WITHOUT_TARGET = ("drop", "rows", "memory", "seed", *READ)


@one_thread_each()
def check_table(data: Any, *, target: str | None = None, **options: Any) -> tuple[Finding, ...]:
    """Say what is wrong with a table, without training anything.

    With a target, rows are sealed exactly as `fit` seals them with the same options, and checks
    that use the target see the training rows only.

    Parameters
    ----------
    data : path or frame
        What `fit` takes.
    target : str, optional
        Column to predict; without it, what needs a target is left out.
    **options
        As for `fit`. Without a target: `drop`, and how to read: `delimiter`, `header`, `encoding`,
        `decimal`, `missing` and `keep_tokens`.

    Returns
    -------
    tuple of Finding
        The gravest first.

    Raises
    ------
    DataError
        If the table cannot be read, or the target not be used.
    UsageError
        If an option is not accepted.

    Examples
    --------
    >>> import numpy as np
    >>> table = {"x": np.arange(30.0) ** 2, "y": np.ones(30)}
    >>> [(finding.code, finding.columns) for finding in check_table(table)]
    [('constant', ('y',))]
    """
    if target is None:
        return _check_without_target(data, options)
    asked = make_options(target, options)
    record = read_seal(Path(asked.seal)) if asked.seal else None
    sealed = seal_table(data, asked, record.seal if record else None)
    metric = metric_for(asked, sealed.target)
    return check_sealed(sealed, make_problem(sealed, loss=metric.training_loss), asked)


def list_checks() -> tuple[Check, ...]:
    """Return everything that a table is checked for, in the order of its code.

    Examples
    --------
    >>> next(check.title for check in list_checks() if check.code == "leak")
    'columns that give the answer away'
    """
    return discover()


def check_sealed(sealed: SealedTable, problem: Problem, options: FitOptions) -> tuple[Finding, ...]:
    """Run every check on a sealed table, and join what sealing and the target said.

    Parameters
    ----------
    sealed : SealedTable
        The table.
    problem : Problem
        Its training rows.
    options : FitOptions
        What is asked.
    """
    seen = Seen(
        sealed.original,
        _not_overruled(sealed),
        sealed.sentinels,
        options.keep_sentinels,
        problem,
        options.target,
        is_sealed=sealed.sealing.is_test,
        place=sealed.file_row[sealed.train],
        seed=options.seed,
        answered=frozenset({"space"} if options.space else ()),
    )
    return (
        *run_checks(seen),
        *missing_target(
            sealed.table.dataset.n_rows,
            sealed.table.dataset.n_rows - sealed.original.n_rows,
            is_used=sealed.unlabelled is not None,
        ),
        *target_made_of_features(sealed.original, sealed.table.expressions, options.target),
        *sealed.target.findings,
        *sealed.sealing.findings,
    )


def _not_overruled(sealed: SealedTable) -> tuple[Finding, ...]:
    """Return what reading said, less what declared roles overrule.

    That a word such as `NA` is a class, or is none, decides what the target is: it is a warning.
    """
    before, after = sealed.table.dataset.columns, sealed.original.columns
    overruled = {
        one.name for one, other in zip(before, after, strict=True) if one.role != other.role
    }
    target = next(column.name for column in after if column.role == "target")
    return tuple(
        replace(finding, severity="warning")
        if finding.code == "token" and finding.columns == (target,)
        else finding
        for finding in sealed.table.findings
        if finding.code not in ROLE_CODES or not overruled.issuperset(finding.columns)
    )


def _check_without_target(data: Any, options: dict[str, Any]) -> tuple[Finding, ...]:
    for name in options:
        if name not in WITHOUT_TARGET:
            raise UsageError(
                f"option {name!r} needs a target; without one {', '.join(WITHOUT_TARGET)} are known",
                "name the column to predict with --target",
            )
    asked = make_options("", options)
    table = read_table(data, options=asked.reading)
    dropped = asked.drop
    check_names(table.dataset, "--drop", dropped)
    dataset = table.dataset.with_roles(dict.fromkeys(dropped, "dropped"))
    read = tuple(
        finding
        for finding in table.findings
        if not (finding.columns and set(finding.columns) <= set(dropped))
    )
    return run_checks(Seen(dataset, read, find_sentinels(dataset)))
