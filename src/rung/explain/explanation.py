"""Define what an explanation of a run is, and find all of them."""

from __future__ import annotations

import importlib
import math
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import numpy as np

from rung.compute import default_threads
from rung.core.dataset import Column, Dataset
from rung.core.events import Event, Listener, ignore
from rung.core.family import CrossFit, Family
from rung.core.folds import Folds, Split
from rung.core.out_of_fold import OutOfFold
from rung.core.result import plain
from rung.explain.held_out import HeldOut
from rung.explain.image_models import columns_read, form_of
from rung.kinds.kind import Kind, Ladder, Limit
from rung.typing import JSON, Array

DIGITS, MOST_CELLS = 6, 3
# Characters of a text that stand for its row.
LONGEST_TEXT = 80
# Seconds from 1970 that a calendar reaches.
FARTHEST = 1e14


@dataclass(frozen=True)
class Explained:
    """What explanations of a run are made from.

    Attributes
    ----------
    ladder : Ladder
        All families that were scored, with the models of their folds.
    prepared : PreparedTable
        Rows, folds and metric of the run.
    limit : Limit
        Which training rows each family took.
    seed : int
        Of the run.
    target : str
        Column that is predicted.
    threads : int
        Jobs at a time, for explanations that train.
    subgroups : tuple of str
        Columns by which the choice is scored in groups.
    pictures : PreparedImages or None
        What the rows show, where they are images.
    known : dict
        What several explanations need and one has worked out.
    """

    ladder: Ladder
    prepared: Any
    limit: Limit
    seed: int
    target: str
    threads: int = 1
    subgroups: tuple[str, ...] = ()
    pictures: Any = None
    known: dict[str, Any] = field(default_factory=dict)

    @property
    def shown(self) -> tuple[Family, ...]:
        """The choice, and the leader if it is another."""
        names = dict.fromkeys([self.ladder.choice, self.ladder.leader])
        return tuple(self.family(name) for name in names)

    @property
    def out_of_fold(self) -> OutOfFold:
        """What every family predicted for rows that its models had not seen."""
        found: OutOfFold = self.ladder.judged.evidence
        return found

    @property
    def row_numbers(self) -> Array:
        """Rows of the table, counted from 1, of the rows that were trained on."""
        found: Array = self.prepared.file_row[self.prepared.train] + 1
        return found

    def labels(self, rows: Array) -> list[str]:
        """Say which rows are meant by their cells: identifiers, else the first features.

        Places in a file are no part of results, which are the same in whatever order rows come.
        Images have names.
        """
        if self.pictures is not None:
            return [self.pictures.images.names[i] for i in self.prepared.train[rows]]
        design: Dataset = self.prepared.dataset.take(self.prepared.train[rows])
        named = [column for column in design.columns if column.role == "identifier"]
        shown = (named or design.inputs)[:MOST_CELLS]
        return [
            ", ".join(f"{column.name} {cell_text(design, column, i)}" for column in shown)
            for i in range(design.n_rows)
        ]

    def family(self, name: str) -> Family:
        """Return a family that was scored."""
        found = next(one for one in self.ladder.trained if one.name == name)
        return found if self.pictures is None else replace(found, form=form_of(found))

    def fitted(self, family: Family) -> CrossFit:
        """Return its cross-fit."""
        return self.ladder.fitted(family.name)

    def folds_of(self, family: Family) -> Folds:
        """Return the folds that it was trained on, thinned out where it took too long."""
        return self.limit.folds(family, self.prepared.folds)

    def held_out(self, family: Family) -> HeldOut | None:
        """Return the models of its folds and their held-out rows; None where none were kept."""
        models, problem = self.fitted(family).models, self.prepared.problem
        if not models:
            return None
        if self.pictures is not None:
            models, design = columns_read(models, problem.design)
            problem = replace(problem, design=design)
        return HeldOut(
            family.name,
            family.title,
            problem,
            self.folds_of(family).splits,
            models,
            self.prepared.units.train,
            self.prepared.metric.key,
            self.prepared.positive,
            self.seed,
            self.prepared.metric,
        )

    def opened(self) -> tuple[HeldOut, ...]:
        """Return the models of choice and leader; where neither keeps any, the best that does."""
        kept = [held for held in map(self.held_out, self.shown) if held and held.features]
        losses = self.ladder.judged.losses
        ranked = sorted(zip(losses.means.tolist(), losses.names, strict=True))
        others = (self.held_out(self.family(name)) for _, name in ranked if not kept)
        return tuple(kept or [held for held in others if held and held.features][:1])

    def first_repeat(self) -> list[tuple[int, Split]]:
        """Return the splits that hold out each row once, with their numbers."""
        splits = self.prepared.folds.splits
        return [(i, split) for i, split in enumerate(splits) if split.repeat == 0]


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """One explanation of a run: one file of `rung.explain`, which calls it EXPLANATION.

    Attributes
    ----------
    name : str
        Its key in `Result.sections`, and the section of the page that shows it.
    make : callable
        From what was fitted to JSON-ready data; None where there is nothing to say.
    asked_by : str
        The option that asks for it, so that it is made though all others are left out, and left
        out without it; empty where it belongs to every run that is explained.
    kinds : tuple of str
        Kinds of data that it explains.
    """

    name: str
    make: Callable[[Explained], Any]
    asked_by: str = ""
    kinds: tuple[str, ...] = ("table",)


@cache
def discover() -> tuple[Explanation, ...]:
    """Return every explanation, by name.

    Examples
    --------
    >>> [one.name for one in discover()][:2]
    ['effects', 'formula']
    """
    package = importlib.import_module("rung.explain")
    modules = [
        importlib.import_module(f"{package.__name__}.{found.name}")
        for found in pkgutil.iter_modules(package.__path__)
    ]
    found = [module.EXPLANATION for module in modules if hasattr(module, "EXPLANATION")]
    return tuple(sorted(found, key=lambda one: one.name))


def explained(
    kind: Kind, prepared: Any, ladder: Ladder, options: Any, listener: Listener = ignore
) -> Explained | None:
    """Return what explanations of a run are made from; None where it has no columns.

    Parameters
    ----------
    kind : Kind
        Of the data; explanations are of columns.
    prepared : Prepared
        Data of the run.
    ladder : Ladder
        What was fitted.
    options : Options
        What is asked.
    listener : callable
        Told that it begins.
    """
    if not kind.has_columns:
        return None
    if options.explain:
        listener(Event("stage", text="explaining the choice and the leader"))
    limit = kind.limit(prepared, options, len(ladder.trained), ignore)
    threads = options.threads or default_threads()
    asked = getattr(options, "subgroups", ())
    return Explained(
        ladder,
        kind.table(prepared),
        limit,
        options.seed,
        options.target,
        threads,
        asked,
        prepared if hasattr(prepared, "images") else None,
    )


def explain(found: Explained | None, options: Any) -> Mapping[str, JSON]:
    """Return every explanation that has something to say, by name; numbers are finite."""
    if found is None:
        return {}
    wanted = [
        one
        for one in discover()
        if options.kind in one.kinds
        and (getattr(options, one.asked_by, False) if one.asked_by else options.explain)
    ]
    made = {one.name: one.make(found) for one in wanted}
    return {name: thinned(plain(data)) for name, data in made.items() if data}


def cell_text(table: Dataset, column: Column, row: int) -> str:
    """Write one cell; `missing` where there is none."""
    value = table.values[column.name][row]
    if column.is_coded:
        text = column.levels[int(value)] if value >= 0 else "missing"
        return (
            text
            if column.kind != "text" or len(text) <= LONGEST_TEXT
            else f"{text[:LONGEST_TEXT]}…"
        )
    if not np.isfinite(value):
        return "missing"
    if column.kind == "datetime" and abs(value) < FARTHEST:
        return str(np.datetime64(round(float(value)), "s")).removesuffix("T00:00:00")
    return f"{float(value):.9g}"


def thinned(value: Any) -> Any:
    """Return JSON-ready data with numbers of a few digits, which pictures and tables need.

    Examples
    --------
    >>> thinned({"a": [1.23456789, 3]})
    {'a': [1.23457, 3]}
    """
    if isinstance(value, dict):
        return {key: thinned(item) for key, item in value.items()}
    if isinstance(value, list):
        return [thinned(item) for item in value]
    if isinstance(value, float) and math.isfinite(value) and value:
        return float(np.format_float_scientific(value, DIGITS - 1))
    return value
