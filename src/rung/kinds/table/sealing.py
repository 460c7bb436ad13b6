"""Read a table, give its columns their roles, and seal the test rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rung.core.dataset import Dataset
from rung.core.family import Problem
from rung.core.keys import content_digests, content_order
from rung.core.placing import replay_places, seal_places
from rung.core.seal import Seal, Sealing, key_columns, replay, seal_rows
from rung.core.sentinels import Sentinel, blank_sentinels, find_sentinels
from rung.core.task import TargetColumn, has_target, make_target
from rung.data import Table, read_table
from rung.errors import DataError, TargetProblem
from rung.kinds.table.division import DivisionPlan, plan_division
from rung.kinds.table.half_labelled import half_labelled
from rung.kinds.table.made import refuse_made_of_target
from rung.kinds.table.options import FitOptions
from rung.kinds.table.parts import with_parts
from rung.kinds.table.roles import assign_roles
from rung.typing import Array


@dataclass(frozen=True)
class SealedTable:
    """Hold a table whose rows are divided into training and sealed rows.

    Attributes
    ----------
    table : Table
        What was read.
    dataset : Dataset
        All rows that have a target, sorted by content, with roles; sentinels as missing.
    original : Dataset
        The same as the file has it, sentinels as numbers.
    file_row : ndarray of int, shape (n_rows,)
        Row of the file, of rows that a condition left out too.
    digests : list of bytes
        What each row holds.
    target : TargetColumn
        Task, values and classes of all rows.
    sealing : Sealing
        Seal and sealed rows.
    sentinels : tuple of Sentinel
        Numbers that stand for missing, or seem to.
    division : DivisionPlan
        How rows depend.
    unlabelled : Dataset or None
        Rows without a target, sorted by content, where some families learn from them.
    """

    table: Table
    dataset: Dataset
    original: Dataset
    file_row: Array
    digests: list[bytes]
    target: TargetColumn
    sealing: Sealing
    sentinels: tuple[Sentinel, ...]
    division: DivisionPlan
    unlabelled: Dataset | None = None

    @property
    def train(self) -> Array:
        """Rows to learn from: not sealed, and not too near to sealed ones."""
        is_test = self.sealing.is_test
        return np.flatnonzero(~is_test & ~self.division.aside(self.dataset, is_test))


def seal_table(data: Any, options: FitOptions, seal: Seal | None = None) -> SealedTable:
    """Read a table, give its columns their roles and seal the test rows.

    Sentinels become missing after the seal is chosen: keys and fingerprint are made of what the
    file holds, so that rows stay sealed when a grown file shows a sentinel that was not certain
    before. They are found in all rows, as roles are, from the features alone.

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
    try:
        table = read_table(data, options=options.reading)
    except UnicodeEncodeError as error:
        raise DataError(
            f"the table holds {error.object[error.start : error.end]!r} in "
            f"{error.object[:60]!r}, which is half a character; names and cells are Unicode",
            "read the file with its right encoding, or replace it",
        ) from error
    dataset = assign_roles(table.dataset, options)
    refuse_made_of_target(dataset, table.expressions, options.target)
    sentinels = find_sentinels(dataset)
    is_known = _rows_with_target(dataset, options.target)
    known, unlabelled = np.flatnonzero(is_known), dataset.take(np.flatnonzero(~is_known))
    dataset = dataset.take(known)
    # what is made of other columns tells no rows apart: they are ordered and sealed as without it
    made = frozenset(table.expressions.names)
    digests = content_digests(_without(dataset, made))
    order = content_order(digests)
    dataset, digests = dataset.take(order), [digests[i] for i in order]
    target = make_target(dataset, options.target, options.task)
    division = plan_division(dataset, target, options, seal)
    identifiers = [c.name for c in table.dataset.columns if c.role == "identifier"]
    columns = key_columns(dataset, target=options.target, identifiers=[*identifiers, *made])
    labels, place = target.labels, division.placing
    if place is not None and seal is not None:
        sealing = replay_places(seal, place, labels)
    elif place is not None:
        share, seed = options.test_fraction, options.seed
        sealing = seal_places(place, labels, fraction=share, seed=seed)
    elif seal is not None:
        sealing = replay(seal, dataset, labels, columns=columns, digests=digests)
    else:
        sealing = seal_rows(
            dataset,
            labels,
            columns=columns,
            fraction=options.test_fraction,
            seed=options.seed,
            digests=digests,
        )
    certain = () if options.keep_sentinels else sentinels
    sealed = SealedTable(
        table=table,
        dataset=dataset if options.keep_sentinels else blank_sentinels(dataset, sentinels),
        original=dataset,
        file_row=table.rows[known[order]],
        digests=digests,
        target=target,
        sealing=sealing,
        sentinels=sentinels,
        division=division,
        unlabelled=half_labelled(unlabelled, certain, target, division),
    )
    return _in_parts(sealed, options.target)


def _in_parts(sealed: SealedTable, target: str) -> SealedTable:
    """Give dates and positions the parts that differ in the rows to learn from."""
    parted = with_parts(sealed.dataset, target, sealed.train)
    original, unlabelled = (
        None if one is None else replace(one, columns=parted.columns)
        for one in (sealed.original, sealed.unlabelled)
    )
    assert original is not None
    return replace(sealed, dataset=parted, original=original, unlabelled=unlabelled)


def _without(dataset: Dataset, names: frozenset[str]) -> Dataset:
    columns = tuple(column for column in dataset.columns if column.name not in names)
    return Dataset(columns, dataset.values, dataset.n_rows) if names else dataset


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


def make_problem(sealed: SealedTable, *, loss: str, most_words: int = 10_000) -> Problem:
    """Return the training rows as families see them."""
    return Problem(
        task=sealed.target.task,
        design=sealed.dataset.take(sealed.train),
        y=sealed.target.y[sealed.train],
        classes=sealed.target.classes,
        loss=loss,
        most_words=most_words,
        unlabelled=sealed.unlabelled,
    )
