"""Tell equal rows apart where chance makes rows equal, so that a density sees each of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rung.check.duplicate_rows import row_codes
from rung.core.dataset import Column, Dataset
from rung.core.findings import Finding

APART = "equal rows told apart"


def are_equal_by_chance(dataset: Dataset) -> bool:
    """Tell whether a row has an equal by chance, were the columns independent of one another.

    Rows of few distinct cells repeat as often as they are probable: held out together, they would
    be judged by a density that has never seen them. Else equal rows are copies, and stay together.

    Examples
    --------
    >>> few = Column("few", "number"), np.tile([1.0, 2.0], 10)
    >>> many = Column("many", "number"), np.repeat(np.arange(10.0), 2) + 0.5
    >>> [are_equal_by_chance(Dataset((c,), {c.name: v}, 20)) for c, v in (few, many)]
    [True, True]
    >>> both = {"few": few[1], "many": many[1]}
    >>> are_equal_by_chance(Dataset((few[0], many[0]), both, 20))
    False
    """
    _, chance = row_codes(dataset)
    return chance * (dataset.n_rows - 1) >= 1


def with_rows_apart(dataset: Dataset, digests: Sequence[bytes]) -> Dataset:
    """Return rows with one column more, which names each by what it holds and which of equals it is.

    Parameters
    ----------
    dataset : Dataset
        Rows, sorted by content.
    digests : sequence of bytes
        Of their content; a row keeps its name when the file is reordered or grows.
    """
    seen: dict[bytes, int] = {}
    names = []
    for digest in digests:
        seen[digest] = seen.get(digest, -1) + 1
        names.append(f"{digest.hex()}/{seen[digest]}")
    column = Column(APART, "category", role="dropped", levels=tuple(names))
    codes = np.arange(dataset.n_rows, dtype=np.int32)
    columns = (*dataset.columns, column)
    return Dataset(columns, {**dataset.values, APART: codes}, dataset.n_rows, dataset.items)


def said(findings: Sequence[Finding], *, are_apart: bool) -> tuple[Finding, ...]:
    """Return findings, of which none says that equal rows stay together where they do not."""
    if not are_apart:
        return tuple(findings)
    return (
        *(finding for finding in findings if finding.code != "duplicate_rows"),
        Finding(
            "equal_rows_apart",
            "info",
            (),
            "rows of so few distinct cells are equal by chance: each is dealt to a fold, or "
            "sealed, by itself",
            "declare a group (--groups) where equal rows are copies of one",
        ),
    )
