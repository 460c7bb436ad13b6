"""What each column is worth to the verdict: cheap rungs are trained again without it.

A shuffled column tells what a model makes of it; a column left out tells what is lost without it, as
other columns may repair that. The rungs are trained on the same folds, and the best of them without a
column is compared with the best of them with all, row by row. Columns that stand for one another are
left out together.

Sources: Lei et al. (2018), JASA 113 (leave-one-covariate-out); Williamson et al. (2023), JASA 118
(what is lost by the best that can be learned without a column).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from rung.compute import RunContext, one_thread_each
from rung.core.compare import active_margin
from rung.core.dataset import Dataset
from rung.core.family import CrossFit, Family, Problem
from rung.core.folds import Folds
from rung.core.losses import Losses, unit_losses
from rung.core.metrics import METRICS
from rung.core.result import Difference, plain
from rung.errors import UsageError
from rung.explain.explanation import Explained, Explanation, thinned
from rung.explain.held_out import HeldOut, difference, metric_value
from rung.explain.importance import Judgement, columns_alike, importance
from rung.families import baseline
from rung.kinds.attempt import attempt
from rung.report.words import metric_words
from rung.typing import JSON, Array

CHEAP = ("linear", "additive", "tree")
# Boosting is as cheap up to so many rows times groups of columns.
BOOSTING, BOOSTING_CELLS = "boosting", 5_000
MOST_GROUPS = 20
Predictions = Mapping[str, tuple[Array, ...]]


@dataclass(frozen=True)
class RungWithout:
    """What one rung loses without a column: its metric, and the rise of the loss judged."""

    family: str
    title: str
    metric: float
    loss: Difference
    verdict: Judgement


@dataclass(frozen=True)
class ColumnWorth:
    """What one column, or columns that stand for one another, are worth to the verdict.

    Attributes
    ----------
    columns : tuple of str
        Left out together.
    best : str
        The best rung without them.
    metric, low, high : float
        Its metric, with the 95 % interval of the difference to the best rung with all columns.
    loss : Difference
        That difference in the loss: above zero means worse without them.
    verdict : str
        `matters` where the interval is above zero, `does not matter` where it ends below the margin
        of the verdict, else `undecided`.
    repaired_by : tuple of str
        Columns that make them dispensable: without these too, more is lost than without these alone.
    rungs : tuple of RungWithout
        Every rung that was trained again, from the simplest up.
    says : str
        All that in a sentence.
    """

    columns: tuple[str, ...]
    best: str
    metric: float
    low: float
    high: float
    loss: Difference
    verdict: Judgement
    repaired_by: tuple[str, ...]
    rungs: tuple[RungWithout, ...]
    says: str


@dataclass(frozen=True)
class WorthOfColumns:
    """What columns are worth to the verdict, the most costly first.

    Attributes
    ----------
    metric : str
        The run's metric.
    best, title : str
        The best of the rungs that were trained again, with all columns.
    whole : float
        Its metric.
    families : tuple of str
        Rungs that were trained again.
    columns : tuple of ColumnWorth
        Groups of columns.
    n_more : int
        Groups that were not left out, as they matter least when shuffled.
    """

    metric: str
    best: str
    title: str
    whole: float
    families: tuple[str, ...]
    columns: tuple[ColumnWorth, ...]
    n_more: int


def leave_out(found: Explained, families: Sequence[str] | None = None) -> WorthOfColumns:
    """Train rungs again without each column, and compare.

    Parameters
    ----------
    found : Explained
        A run.
    families : sequence of str, optional
        Rungs of the run to train again; linear, additive and tree if not given, and boosting where
        rows are few.

    Raises
    ------
    UsageError
        If the run has none of these rungs.
    """
    return _Again(found, families).all_worth()


class _Again:
    """Rungs of a run that are trained again; what was trained is kept."""

    def __init__(self, found: Explained, families: Sequence[str] | None) -> None:
        self.found = found
        self.problem: Problem = found.prepared.problem
        design: Dataset = found.prepared.problem.design
        self.design = design
        columns = [
            one
            for one in design.inputs
            if one.role == "text" or one.kind == "category" or not one.is_coded
        ]
        self.groups = columns_alike(design, columns)
        self.families = _chosen(found, families, design.n_rows * len(self.groups))
        everywhere = found.out_of_fold.predictions
        self.whole: Predictions = {one.name: everywhere[one.name] for one in self.families}
        self.trained: dict[tuple[str, ...], dict[str, CrossFit]] = {}

    def all_worth(self) -> WorthOfColumns:
        """Leave out every group, or those that matter most when shuffled."""
        losses = self._losses(self.whole)
        best = int(np.argmin(losses.means))
        value = metric_value(self._metric, float(losses.means[best]), losses)
        self.best = self.families[best]
        self.shuffled = self._shuffled(self.best, self.found.fitted(self.best), self.design)
        order = sorted(self.groups, key=lambda group: -self.shuffled.get(group, (0.0, ""))[0])
        taken = order[:MOST_GROUPS]
        worth = [self._worth(group) for group in taken]
        return WorthOfColumns(
            metric=self._metric,
            best=self.best.name,
            title=self.best.title,
            whole=value,
            families=tuple(one.name for one in self.families[1:]),
            columns=tuple(sorted(worth, key=lambda one: (-one.loss.mean, one.columns))),
            n_more=len(order) - len(taken),
        )

    @property
    def _metric(self) -> str:
        key: str = self.found.prepared.metric.key
        return key

    def _losses(self, predictions: Predictions) -> Losses:
        oof = replace(self.found.out_of_fold, predictions=dict(predictions))
        return unit_losses(oof, METRICS[self._metric].loss)

    def _without(self, columns: tuple[str, ...]) -> dict[str, CrossFit]:
        """Train every rung without these columns; one that cannot be is left out."""
        key = tuple(sorted(columns))
        if key not in self.trained:
            self.trained[key] = dict(self._fits(columns))
        return self.trained[key]

    def _fits(self, columns: tuple[str, ...]) -> Iterator[tuple[str, CrossFit]]:
        problem = replace(self.problem, design=_dropped(self.design, columns))
        context = RunContext(self.found.seed, problem, self.found.threads)
        for family in self.families:
            folds = self.found.folds_of(family)
            if family.name == baseline(family.inputs):
                yield family.name, self.found.fitted(family)
                continue

            def work(own: RunContext, family: Family = family, folds: Folds = folds) -> CrossFit:
                return family.cross_fit(problem, folds, own)

            with one_thread_each():
                made = attempt(family, work, context, {})
            if made.fitted:
                yield family.name, made.fitted

    def _worth(self, group: tuple[str, ...]) -> ColumnWorth:
        without = self._without(group)
        there = {f"{name} without": fitted.predictions for name, fitted in without.items()}
        losses = self._losses({**self.whole, **there})
        n_whole = len(self.whole)
        best = int(np.argmin(losses.means[:n_whole]))
        other = n_whole + int(np.argmin(losses.means[n_whole:]))
        rise, loss = difference(losses, other, best), float(losses.means[best])
        value, *ends = (
            metric_value(self._metric, loss + end, losses)
            for end in (rise.mean, rise.low, rise.high)
        )
        names = list(without)
        verdict = _judged(losses, rise, best)
        repaired = self._repaired_by(group) if verdict == "does not matter" else ()
        rungs = tuple(self._rung(losses, name, n_whole + i) for i, name in enumerate(names))
        title = rungs[other - n_whole].title
        found = ColumnWorth(
            group,
            names[other - n_whole],
            value,
            min(ends),
            max(ends),
            rise,
            verdict,
            repaired,
            rungs[1:],
            "",
        )
        return replace(found, says=sentence(found, title, metric_words(self._metric).title))

    def _rung(self, losses: Losses, name: str, place: int) -> RungWithout:
        own = losses.names.index(name)
        rise = difference(losses, place, own)
        title = next(one.title for one in self.families if one.name == name)
        value = metric_value(self._metric, float(losses.means[place]), losses)
        return RungWithout(name, title, value, rise, _judged(losses, rise, own))

    def _repaired_by(self, group: tuple[str, ...]) -> tuple[str, ...]:
        """Return the columns that stand in for a group that the best rung used; none if none do.

        The candidate is what gains most when it is shuffled. Without it the group must be worth
        something: more is lost without both than without the candidate alone.
        """
        _, verdict = self.shuffled.get(group, (0.0, ""))
        without = self._without(group).get(self.best.name)
        if verdict != "matters" or without is None:
            return ()
        after = self._shuffled(self.best, without, _dropped(self.design, group))
        gains = {
            other: own - self.shuffled.get(other, (0.0, ""))[0] for other, (own, _) in after.items()
        }
        if not gains or max(gains.values()) <= 0:
            return ()
        candidate = max(gains, key=lambda one: (gains[one], one))
        alone, both = (self._best_of(one) for one in (candidate, candidate + group))
        losses = self._losses({"alone": alone, "both": both})
        is_worth = difference(losses, 1, 0).low > 0
        return candidate if is_worth else ()

    def _best_of(self, columns: tuple[str, ...]) -> tuple[Array, ...]:
        """Return what the best rung without these columns predicts."""
        fits = self._without(columns)
        losses = self._losses({name: fitted.predictions for name, fitted in fits.items()})
        return fits[losses.names[int(np.argmin(losses.means))]].predictions

    def _shuffled(
        self, family: Family, fitted: CrossFit, design: Dataset
    ) -> dict[tuple[str, ...], tuple[float, str]]:
        """Return the rise of the loss when each group is shuffled, and its judgement."""
        if not fitted.models:
            return {}
        prepared = self.found.prepared
        held = HeldOut(
            family.name,
            family.title,
            replace(self.problem, design=design),
            self.found.folds_of(family).splits,
            fitted.models,
            prepared.units.train,
            self._metric,
            prepared.positive,
            self.found.seed,
        )
        found = importance(held, most_rows=1_000)
        return {one.columns: (one.loss.mean, one.verdict) for one in found.columns}


def _chosen(found: Explained, names: Sequence[str] | None, cells: int) -> tuple[Family, ...]:
    """Return the rungs to train again, the guess without columns among them."""
    trained = {family.name: family for family in found.ladder.trained}
    first = next(iter(trained.values()))
    wanted = [*CHEAP, *([BOOSTING] if cells <= BOOSTING_CELLS else [])]
    if names is not None:
        absent = [name for name in names if name not in trained]
        if absent:
            raise UsageError(
                f"family {absent[0]!r} was not scored in this run; {', '.join(trained)} were",
                "name some of these",
            )
        wanted = list(names)
    guess = baseline(first.inputs)
    chosen = [family for name, family in trained.items() if name in wanted and name != guess]
    if not chosen:
        raise UsageError(
            f"this run has none of {', '.join(wanted)}, which are trained again without each column",
            f"name families of the run, such as leave_out([{list(trained)[-1]!r}])",
        )
    return (trained[guess], *chosen)


def _judged(losses: Losses, rise: Difference, own: int) -> Judgement:
    """Judge what is lost against a rung with all columns, by the margin of the verdict."""
    if rise.low > 0:
        return "matters"
    margin, _ = active_margin(losses, own)
    is_nothing = rise.mean == rise.low == rise.high == 0
    return "does not matter" if rise.high < margin or is_nothing else "undecided"


def _dropped(design: Dataset, names: Sequence[str]) -> Dataset:
    """Return a table without some columns."""
    columns = tuple(column for column in design.columns if column.name not in names)
    values = {column.name: design.values[column.name] for column in columns}
    return Dataset(columns, values, design.n_rows)


def sentence(found: ColumnWorth, title: str, metric: str) -> str:
    """Say what is lost without columns, and what repairs it."""
    name = " and ".join(found.columns)
    at_best = f"{metric} {found.metric:.3g} at best ({title})"
    if found.verdict == "matters":
        return f"without {name}: {at_best}; nothing repairs it"
    if found.verdict == "undecided":
        return f"without {name}: {at_best}; whether anything is lost is undecided"
    if found.repaired_by:
        return f"without {name}: the loss stays, {' and '.join(found.repaired_by)} repairs it"
    lost = [one.title for one in found.rungs if one.verdict == "matters"]
    alone = f"; {' and '.join(lost)} alone {_loses(lost)} by it" if lost else ""
    return f"without {name}: the loss stays{alone}"


def _loses(names: Sequence[str]) -> Literal["loses", "lose"]:
    return "loses" if len(names) == 1 else "lose"


def leave_out_of(
    found: Explained, families: Sequence[str] | None
) -> tuple[JSON, list[JSON], list[str]]:
    """Return what columns are worth as data, as a table, and as lines."""
    data: JSON = thinned(plain(leave_out(found, families)))
    rows = [
        {
            "columns": " + ".join(row["columns"]),
            **{key: row[key] for key in ("best", "metric", "low", "high", "verdict")},
            "repaired_by": " + ".join(row["repaired_by"]),
            **{f"{one['family']} without": one["metric"] for one in row["rungs"]},
        }
        for row in data["columns"]
    ]
    head = f"{data['title']}, the best with all columns: {data['metric']} {data['whole']:.4g}"
    return data, rows, [head, *(row["says"] for row in data["columns"])]


def leave_out_section(found: Explained) -> list[WorthOfColumns] | None:
    """Return what columns are worth, where the run has cheap rungs."""
    try:
        return [leave_out(found)]
    except UsageError:
        return None


EXPLANATION = Explanation(name="leave_out", make=leave_out_section, asked_by="leave_out")
