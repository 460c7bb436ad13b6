"""List the training sets of a nested selection, and count category levels over sets of rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rung.core.family import Problem
from rung.core.folds import Folds
from rung.gram.sums import pieces
from rung.prep.levels import KeptLevels, count_slots
from rung.typing import Array


def inner_pairs(
    folds: Folds, split: int | None, *, first_only: bool
) -> tuple[tuple[Array, Array], ...]:
    """Return the inner splits that choose the settings of a split; None is the final model."""
    pairs = folds.inner_pairs[-1 if split is None else split]
    return pairs[:1] if first_only else pairs


def training_sets(
    folds: Folds, splits: Sequence[int | None], *, first_only: bool
) -> dict[bytes, dict[bytes, Array]]:
    """List the training sets of splits and of their inner splits, with the tests that score them.

    Sets are masks of atoms; keys are their bytes. The split None trains on all rows.
    """
    tests: dict[bytes, dict[bytes, Array]] = {}
    for split in splits:
        tests.setdefault(folds.train_mask(split).tobytes(), {})
    for split in splits:
        for train, test in inner_pairs(folds, split, first_only=first_only):
            tests.setdefault(train.tobytes(), {})[test.tobytes()] = test
    return tests


class SlotCounts:
    """Count category slots of sets of atoms; every atom is counted once."""

    def __init__(self, problem: Problem, folds: Folds) -> None:
        self.sizes = [len(column.levels) + 2 for column in problem.design.category_columns]
        self._codes = problem.design.codes()
        self._folds = folds
        self._counted: dict[bytes, list[Array]] = {}

    def of(self, mask: Array) -> list[Array]:
        """Return counts by slot, one array of shape (n_levels + 2,) for each category."""
        total = [np.zeros(size, dtype=np.int64) for size in self.sizes]
        for piece in pieces(self._folds, mask):
            for sum_, part in zip(total, self._count(piece), strict=True):
                sum_ += part
        return total

    def _count(self, piece: Array) -> list[Array]:
        key = piece.tobytes()
        if not self.sizes:
            return []
        if key not in self._counted:
            codes = self._codes[self._folds.atom_rows(piece)]
            self._counted[key] = [
                count_slots(codes[:, i], size - 2) for i, size in enumerate(self.sizes)
            ]
        return self._counted[key]


def union_slots(sizes: Sequence[int], kept: Sequence[Sequence[KeptLevels]]) -> list[Array]:
    """Return the slots that some training set keeps; one mask for each category."""
    wanted = [np.zeros(size, dtype=bool) for size in sizes]
    for columns in kept:
        for mask, each in zip(wanted, columns, strict=True):
            mask[each.codes] = True
            mask[-2] |= each.missing
    return wanted
