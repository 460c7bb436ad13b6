"""Prepare a table without a target for the climb: roles, sealed rows, cells, folds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from rung.check import Seen, run_checks
from rung.core.dataset import Dataset
from rung.core.divide import FoldPlan, divide, divide_as_given
from rung.core.family import Problem
from rung.core.findings import Finding
from rung.core.folds import Folds
from rung.core.keys import content_digests, content_order, find_keys, fingerprint
from rung.core.metrics import Metric, find_metric
from rung.core.seal import Seal, Sealing, key_columns, replay, seal_rows
from rung.core.sentinels import blank_sentinels, find_sentinels
from rung.data import Table, read_table
from rung.data.recomputing import NOTHING, Expressions
from rung.data.table import Sampled
from rung.density.reading import TableReading, drawn_noise, learn_reading
from rung.errors import DataError, UsageError
from rung.kinds.density.options import DensityOptions
from rung.kinds.density.repeated import (
    APART,
    are_equal_by_chance,
    said,
    with_rows_apart,
)
from rung.kinds.table.division import entity_numbers
from rung.kinds.table.roles import check_names
from rung.typing import Array, Role

NO_TARGET = "no target: densities are compared; name one with --target to predict it"
FEWEST_ROWS = 20


@dataclass(frozen=True)
class PreparedRows:
    """Hold all that the climb of densities needs.

    Attributes
    ----------
    source : str
        Name of what was read.
    dataset : Dataset
        All rows, sorted by content, with roles; sentinels as missing.
    original : Dataset
        The same as the file has it, sentinels as numbers.
    seen : Dataset
        All rows as densities see them.
    file_row : ndarray of int, shape (n_rows,)
        Row of the file, counted from 0 below the header.
    fingerprint : str
        Digest of all rows and names.
    reading : TableReading
        How columns became numbers and levels.
    metric : Metric
        What families are compared by.
    sealing : Sealing
        Seal and sealed rows.
    problem : Problem
        The training rows.
    folds : Folds
        How they are divided.
    unit : ndarray of int, shape (n_rows,)
        Rows of a declared group share one.
    findings : tuple of Finding
        What was noticed on the way.
    expressions : Expressions
        Columns that were made of others, and the condition that rows met.
    sampled : Sampled, optional
        Which rows of a larger file these are.
    """

    source: str
    dataset: Dataset
    original: Dataset
    seen: Dataset
    file_row: Array
    fingerprint: str
    reading: TableReading
    metric: Metric
    sealing: Sealing
    problem: Problem
    folds: Folds
    unit: Array
    findings: tuple[Finding, ...]
    expressions: Expressions = NOTHING
    sampled: Sampled | None = None

    @property
    def name(self) -> str:
        """Name of what was read."""
        return self.source

    @property
    def seal(self) -> Seal:
        """How to find the sealed rows again."""
        return self.sealing.seal

    @property
    def train(self) -> Array:
        """Rows to learn from."""
        return np.flatnonzero(~self.sealing.is_test)

    @property
    def test(self) -> Array:
        """Rows that are sealed."""
        return np.flatnonzero(self.sealing.is_test)


def prepare(data: Any, options: DensityOptions, seal: Seal | None = None) -> PreparedRows:
    """Read a table and make it ready for the climb.

    Raises
    ------
    DataError
        If the table cannot be used as asked; the message says why.
    """
    table = read_table(data, options=options.read)
    dataset = assign_roles(table.dataset, options)
    _refuse_too_little(table, dataset)
    sentinels = find_sentinels(dataset)
    digests = content_digests(dataset)
    order = content_order(digests)
    original, digests = dataset.take(order), [digests[i] for i in order]
    dataset = original if options.keep_sentinels else blank_sentinels(original, sentinels)
    sealing = _seal(original, digests, options, seal, table)
    train = np.flatnonzero(~sealing.is_test)
    reading = learn_reading(dataset, train)
    seen = reading.apply(dataset, drawn_noise(dataset.n_rows, options.seed))
    problem = Problem("density", seen.take(train), np.zeros(len(train)), loss="surprise")
    looked = Seen(
        original,
        _not_overruled(table, original),
        sentinels,
        options.keep_sentinels,
        is_sealed=sealing.is_test,
        place=order[train],
        seed=options.seed,
    )
    return PreparedRows(
        source=table.source,
        dataset=dataset,
        original=original,
        seen=seen,
        file_row=table.rows[order],
        fingerprint=fingerprint(original, digests),
        reading=reading,
        metric=find_metric(options.metric, "density"),
        sealing=sealing,
        problem=problem,
        folds=_divide(sealing, train, order, options),
        unit=entity_numbers(original, np.arange(original.n_rows)),
        findings=(
            _no_target(),
            *said(run_checks(looked), are_apart=_tells_apart(original, options, seal)),
            *_spread(reading),
            *sealing.findings,
        ),
        expressions=table.expressions,
        sampled=table.sampled,
    )


def _no_target() -> Finding:
    message, remedy = NO_TARGET.split("; ")
    return Finding("no_target", "info", (), message, remedy)


def assign_roles(dataset: Dataset, options: DensityOptions) -> Dataset:
    """Return the data set with the roles that the options declare.

    Raises
    ------
    UsageError
        If a declared column is absent, or declared twice.
    DataError
        If no column is left, or a group is not known everywhere.
    """
    for option in ("features", "drop"):
        check_names(dataset, f"--{option}", getattr(options, option) or ())
    check_names(dataset, "--groups", options.group_names)
    chosen = set(options.features or ())
    for name in sorted(chosen & {*options.drop, *options.group_names}):
        raise UsageError(
            f"column {name!r} is listed in --features and declared as another thing",
            "drop one of the two options",
        )
    roles: dict[str, Role] = {}
    if options.features is not None:
        usable = [c.name for c in dataset.columns if c.role in ("feature", "text")]
        roles.update(dict.fromkeys(usable, "dropped"))
        roles.update(dict.fromkeys(chosen, "feature"))
    roles.update(dict.fromkeys(options.drop, "dropped"))
    roles.update(dict.fromkeys(options.group_names, "group"))
    found = dataset.with_roles(roles)
    if not (found.number_names or found.category_columns):
        raise DataError(
            "no column is left that has a density; texts, identifiers and constants have none",
            "give a table with columns of numbers or categories, or drop fewer",
        )
    for name in options.group_names:
        values = found.values[name]
        n_missing = int(((values < 0) if found.column(name).is_coded else np.isnan(values)).sum())
        if n_missing:
            raise DataError(
                f"group column {name!r} has no value in {n_missing} of {len(values)} rows",
                "fill them, or drop these rows",
            )
    return found


def _refuse_too_little(table: Table, dataset: Dataset) -> None:
    if dataset.n_rows < FEWEST_ROWS:
        raise DataError(
            f"{table.source!r} has {dataset.n_rows} rows; {FEWEST_ROWS} are the fewest that "
            "densities can be compared on",
            "give a table with more rows",
        )


def _tells_apart(dataset: Dataset, options: DensityOptions, seal: Seal | None = None) -> bool:
    """Tell whether equal rows are dealt one by one: as an earlier seal did, or as chance says."""
    if options.group_names:
        return False
    if seal is not None and seal.columns:
        return APART in {column.name for column in seal.columns}
    return are_equal_by_chance(dataset)


def _seal(
    dataset: Dataset,
    digests: list[bytes],
    options: DensityOptions,
    seal: Seal | None,
    table: Table,
) -> Sealing:
    identifiers = [c.name for c in table.dataset.columns if c.role == "identifier"]
    if _tells_apart(dataset, options, seal):
        dataset = with_rows_apart(dataset, digests)
    columns = key_columns(dataset, target="", identifiers=identifiers)
    if seal is not None:
        return replay(seal, dataset, None, columns=columns, digests=digests)
    share, seed = options.test_fraction, options.seed
    return seal_rows(dataset, None, columns=columns, fraction=share, seed=seed, digests=digests)


def _divide(sealing: Sealing, train: Array, file_row: Array, options: DensityOptions) -> Folds:
    keys = find_keys([sealing.keys.distinct[i] for i in sealing.keys.of_row[train]])
    is_grouped = bool(options.group_names)
    if options.folds is not None and not isinstance(options.folds, (int, np.integer)):
        return divide_as_given(
            options.folds,
            y=np.zeros(len(train)),
            file_order=np.argsort(file_row[train], kind="stable"),
            units=keys.of_row,
            is_grouped=is_grouped,
        )
    n_folds = None if options.folds is None else int(options.folds)
    plan = FoldPlan(n_folds, options.repeats, options.seed)
    return divide(keys, None, plan, times=None, is_grouped=is_grouped)


def _not_overruled(table: Table, dataset: Dataset) -> tuple[Finding, ...]:
    """Return what reading said, but for columns that were given another role."""
    before = {column.name: column.role for column in table.dataset.columns}
    changed = {column.name for column in dataset.columns if column.role != before[column.name]}
    return tuple(
        finding
        for finding in table.findings
        if not finding.columns or not changed.issuperset(finding.columns)
    )


def _spread(reading: TableReading) -> tuple[Finding, ...]:
    """Say which numbers repeat, as their density would be infinite."""
    notes = reading.notes
    if not notes:
        return ()
    return (
        Finding(
            "spread_numbers",
            "info",
            tuple(name for name, spread in reading.spreads.items() if spread.note(name)),
            f"numbers that repeat have no density and are spread out (dequantised): "
            f"{'; '.join(notes)}",
            "read their log densities as bounds of log probabilities",
        ),
    )
