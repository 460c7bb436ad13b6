"""Add a family, a check and a section of the page to rung.

Each stands here once, under the name that rung looks for: FAMILY, CHECK, SECTION. A package may
name several modules as entry points, and a module may declare one of each.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np

from rung.check import Check, Seen
from rung.core.family import Context, CrossFit, Design, Family, Problem, State
from rung.core.findings import Finding
from rung.core.folds import Folds
from rung.core.result import Result
from rung.prep.states import take_array
from rung.report.sections.section import Section
from rung.typing import JSON, Array

TRIMMED = 0.1
ROUND, MOST = 10.0, 0.9


@dataclass(frozen=True)
class TrimmedMean:
    """Predict the same for every row."""

    value: Array

    def predict(self, design: Design, rows: Array | None = None) -> Array:
        """Return shape (n_rows, 1)."""
        return np.tile(self.value, (design.n_rows if rows is None else len(rows), 1))

    def to_state(self) -> State:
        """Return all that the model is, as data."""
        return State({}, {"value": self.value})


def fit(problem: Problem, train: Array) -> TrimmedMean:
    """Take the mean of the target without its lowest and highest tenth."""
    y = np.sort(problem.y[train])
    left_out = int(TRIMMED * len(y))
    return TrimmedMean(np.array([y[left_out : len(y) - left_out].mean()]))


def cross_fit(problem: Problem, folds: Folds, context: Context) -> CrossFit:
    """Fit one model on the training rows of each fold, and one on all rows."""
    models = [fit(problem, split.train) for split in folds.splits]
    pairs = zip(models, folds.splits, strict=True)
    return CrossFit(
        predictions=tuple(model.predict(problem.design, split.test) for model, split in pairs),
        settings=tuple({} for _ in folds.splits),
        model=fit(problem, np.arange(folds.n_rows)),
    )


def load(state: State) -> TrimmedMean:
    """Rebuild the model; a file may be hostile, so that every part is checked."""
    return TrimmedMean(take_array(state, "value", (1,)))


def look(seen: Seen) -> tuple[Finding, ...]:
    """Find columns of numbers that are rounded to tens; the target is not looked at."""
    found = []
    for column in seen.dataset.columns:
        if column.is_coded or column.name == seen.target:
            continue
        values = seen.dataset.values[column.name]
        known = values[np.isfinite(values)]
        share = float((known % ROUND == 0).mean()) if len(known) else 0.0
        if share > MOST and len(np.unique(known)) > 2:
            message = f"{share:.0%} of its {len(known):,} values are whole tens"
            found.append(Finding("rounded", "info", (column.name,), message))
    return tuple(found)


def tally(result: Result, summary: JSON) -> dict[str, int]:
    """Count the verdicts."""
    return dict(Counter(entry.verdict for entry in result.ladder if entry.verdict))


def written(counts: Any, result: Result) -> str:
    """Say the counts in one line, which holds nothing that HTML would read as its own."""
    return ", ".join(f"{verdict}: {n}" for verdict, n in sorted(counts.items()))


FAMILY = Family(
    name="trimmed_mean",
    title="Trimmed mean",
    step=50,
    tasks=("regression",),
    sources=("Tukey & McLaughlin (1963), Less vulnerable confidence procedures, Sankhya A 25",),
    final="refit",
    cross_fit=cross_fit,
    load=load,
)
CHECK = Check(code="rounded", title="numbers rounded to tens", severity="info", look=look)
SECTION = Section(
    name="tally",
    title="How many families are as good",
    position=150,
    data=tally,
    render=lambda counts, result: f"<p>{written(counts, result)}</p>",
    console=written,
)
