"""Leave out what would not fit into memory, and run fewer jobs at a time where that helps.

The limit is a number of the options, never what a machine has free: the same data, seed and options
give the same families, and so the same bytes, everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from rung.core.dataset import Dataset
from rung.core.events import Event, Listener
from rung.core.family import Family, Problem
from rung.core.fold_thinning import thin
from rung.core.folds import Folds
from rung.core.memory import ProblemSizes, option_text, say_bytes
from rung.kinds.table.large_options import PROCESS, ROW, TABLES
from rung.kinds.table.options import FitOptions
from rung.kinds.table.prepare import PreparedTable
from rung.prep.levels import count_slots, keep_levels
from rung.prep.texts.components import N_COMPONENTS


@dataclass(frozen=True)
class MemoryLimit:
    """Hold what a run may use, and what of it is taken whatever families climb.

    Attributes
    ----------
    limit : int
        Bytes allowed.
    taken : int
        Bytes of the process, the table and the out-of-fold predictions.
    predictions : int
        Bytes of the predictions of all families, which the blend makes once more.
    sizes : ProblemSizes
        Of the problem.
    is_weighted : bool
        Whether rows have weights, which not every family honours.
    """

    limit: int
    taken: int
    predictions: int
    sizes: ProblemSizes
    is_weighted: bool = False

    def reason_to_skip(self, family: Family) -> str:
        """Say that a family would not fit, with its estimate; empty if it does."""
        if self.is_weighted and not family.weights:
            return "does not honour weights of rows"
        if family.memory is None or family.name == "constant":
            return ""
        memory = family.memory(self.taken_by(family))
        needed = self.taken + memory.held + memory.job
        return "" if needed <= self.limit else _too_much(needed, self.limit)

    def taken_by(self, family: Family) -> ProblemSizes:
        """Return the sizes that a family sees."""
        most = self.sizes.n_train if family.most_rows is None else family.most_rows(self.sizes)
        return replace(self.sizes, n_train=min(self.sizes.n_train, most))

    def folds(self, family: Family, folds: Folds) -> Folds:
        """Return the folds that a family takes: thinned out where it would take too long."""
        return folds if family.most_rows is None else thin(folds, family.most_rows(self.sizes))

    def notes(self, family: Family, folds: Folds) -> tuple[str, ...]:
        """Say so where folds were thinned out."""
        taken = self.folds(family, folds)
        if taken is folds:
            return ()
        n_taken, n_all = (max(len(split.train) for split in f.splits) for f in (taken, folds))
        return (
            f"trained on {n_taken:,} of {n_all:,} training rows, drawn at random, to save time",
        )

    def threads(self, family: Family, wanted: int, *, is_blend: bool = False) -> int:
        """Return how many jobs of a family may run at a time; at least one."""
        if family.memory is None:
            return wanted
        room = self.limit - self.taken - (self.predictions if is_blend else 0)
        return int(np.clip(family.memory(self.taken_by(family)).jobs_in(room), 1, wanted))

    def reason_against_blend(self, families: Sequence[Family]) -> str:
        """Say that a second set of predictions would not fit; empty if it does."""
        estimates = [family.memory(self.taken_by(family)) for family in families if family.memory]
        most = max((memory.held + memory.job for memory in estimates), default=0)
        needed = self.taken + self.predictions + most
        return "" if needed <= self.limit else _too_much(needed, self.limit)


def _too_much(needed: int, limit: int) -> str:
    return (
        f"would need about {say_bytes(needed)}; {say_bytes(limit)} are allowed; "
        f"raise it with --memory {option_text(needed)}"
    )


def memory_limit(
    prepared: PreparedTable, options: FitOptions, n_families: int, listener: Listener
) -> MemoryLimit:
    """Say what the run may hold; warn where the machine has less, which changes no result."""
    limit, free = int(options.memory), free_memory()
    if free is not None and free < limit:
        listener(
            Event(
                "stage",
                text=f"{say_bytes(free)} of memory are free and {say_bytes(limit)} allowed; "
                f"a smaller --memory skips what does not fit",
            )
        )
    return make_room(
        limit, prepared.dataset, prepared.problem, prepared.folds, n_families=n_families
    )


def make_room(
    limit: int, dataset: Dataset, problem: Problem, folds: Folds, *, n_families: int
) -> MemoryLimit:
    """Measure a problem, and what its run takes whatever climbs.

    Parameters
    ----------
    limit : int
        Bytes allowed.
    dataset : Dataset
        The whole table.
    problem : Problem
        Its training rows.
    folds : Folds
        Their division.
    n_families : int
        Families to climb.
    """
    n_scored = sum(len(split.test) for split in folds.splits)
    predictions = 8 * n_families * n_scored * problem.n_outputs
    table = sum(values.nbytes for values in dataset.values.values())
    taken = PROCESS + TABLES * table + ROW * dataset.n_rows + predictions
    return MemoryLimit(
        limit, taken, predictions, measure(problem, folds), problem.design.weight is not None
    )


def measure(problem: Problem, folds: Folds) -> ProblemSizes:
    """Return how large a problem is."""
    design = problem.design
    n_numbers = len(design.number_names) + N_COMPONENTS * len(design.text_columns)
    n_gaps = sum(bool(np.isnan(column).any()) for column in design.number_columns())
    codes = design.codes()
    counts = [
        count_slots(codes[:, i], len(column.levels))
        for i, column in enumerate(design.category_columns)
    ]
    kept, _ = keep_levels(counts, taken=n_numbers)
    return ProblemSizes(
        n_rows=folds.n_rows,
        n_train=max(len(split.train) for split in folds.splits),
        n_test=max(len(split.test) for split in folds.splits),
        n_splits=len(folds.splits),
        n_atoms=folds.n_atoms,
        n_numbers=n_numbers,
        n_categories=len(counts),
        n_columns=n_numbers + n_gaps + sum(each.width for each in kept),
        n_outputs=problem.n_outputs,
    )


def free_memory() -> int | None:
    """Return the bytes that this machine has free, None where it does not say."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    found = [line.split()[1] for line in lines if line.startswith("MemAvailable:")]
    return 1024 * int(found[0]) if found else None
