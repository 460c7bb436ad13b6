"""A density with all it needs to read rows, and the file that holds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rung.compute import one_thread_each
from rung.core.dataset import Column, Dataset
from rung.core.family import Family, State
from rung.core.findings import Finding
from rung.core.result import plain
from rung.data import ReadOptions, conform_rows
from rung.data.conforming import Conformed
from rung.data.drift import keep_quiet
from rung.data.recomputing import NOTHING, Expressions
from rung.data.table import DEFAULTS
from rung.density.held import HeldDensities
from rung.density.mixtures import MixtureDensity
from rung.density.reading import TableReading, noise_of_rows
from rung.density.reading_file import describe_reading, read_reading
from rung.errors import BadModelFile
from rung.families import discover, find
from rung.kinds.model_file import REMEDY, one_of, string, under
from rung.kinds.table.column_files import describe_column, read_columns
from rung.kinds.table.made import describe_expressions, read_expressions
from rung.store.durable import write_bytes
from rung.store.modelfile import pack
from rung.typing import JSON, Array

TASK = "density"
MOST_COMPONENTS, MOST_DRAWS = 100, 50
HELD_ROWS = ("sealed", "out of fold", "none")


@dataclass(frozen=True)
class FittedDensity:
    """A density of the ladder with all it needs to read a table.

    Attributes
    ----------
    family : Family
        The rung it stands on.
    model : Model
        What gives log densities.
    reading : TableReading
        How columns become what it sees.
    held : HeldDensities
        What ranks are taken by.
    level_rows : mapping of str to ndarray
        Training rows of each level, by name of the column.
    about : mapping
        Where it comes from: scores, settings, fingerprint of the data, versions.
    expressions : Expressions
        Columns that were made of others, and the condition that rows met.
    """

    family: Family
    model: Any
    reading: TableReading
    held: HeldDensities
    level_rows: Mapping[str, Array]
    about: Mapping[str, Any]
    expressions: Expressions = NOTHING
    task: str = TASK

    def __repr__(self) -> str:
        """Say in a line what says how probable rows of what are."""
        return f"FittedDensity({self.family.title} {self._said})"

    def _repr_html_(self) -> str:
        from rung.report.notebook import model_html

        return model_html(self.family.title, self._said, [column.name for column in self.columns])

    @property
    def _said(self) -> str:
        n = len(self.columns)
        return f"says how probable rows of {n} column{'' if n == 1 else 's'} are"

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that it reads."""
        return self.reading.columns

    @property
    def stores_training_rows(self) -> bool:
        """Whether rows of the training table can be read from the model file."""
        return self.family.name == "kernel"

    def predict(self, data: Any, *, options: ReadOptions = DEFAULTS) -> Array:
        """Return the log density of every row in nats, shape (n_rows,); missing cells summed out.

        Parameters
        ----------
        data : path or frame
            Must have the columns, by name and in any order; others are ignored.
        options : ReadOptions
            How to read a text file.
        """
        return self.log_densities(self.read(data, options).dataset)

    def read(
        self,
        data: Any,
        options: ReadOptions = DEFAULTS,
        tell: Callable[[Finding], None] = keep_quiet,
    ) -> Conformed:
        """Read a table as the density takes it, columns made of others made again."""
        asked = self.expressions
        return conform_rows(data, self.columns, expressions=asked, options=options, tell=tell)

    def log_densities(self, rows: Dataset) -> Array:
        """Return log densities of rows that were coded to `columns`.

        Raises
        ------
        BadModelFile
            If one is no number: the file was forged.
        """
        return self._logs(self.seen(rows))

    def seen(self, rows: Dataset) -> Dataset:
        """Return rows that were coded to `columns` as the density sees them."""
        return self.reading.apply(rows, noise_of_rows(rows, self.columns))

    def _logs(self, seen: Dataset) -> Array:
        if not seen.n_rows:
            return np.empty(0)
        with one_thread_each(), np.errstate(all="ignore"):
            logs = np.asarray(self.model.predict(seen))
        if logs.shape != (seen.n_rows, 1) or not np.isfinite(logs).all():
            raise BadModelFile("the model gives log densities that are no numbers", REMEDY)
        return logs[:, 0]

    def table(self, data: Any, options: ReadOptions, tell: Callable[[Finding], None]) -> JSON:
        """Return `log_density`, `component` of a mixture, `rank` and `false_alarm_rate` by row."""
        found = self.read(data, options, tell)
        # rows that a condition left out have no density: those that have say which they are
        row = {"row": found.rows} if options.where else {}
        return {**row, **self.ranked(found.dataset)}

    def ranked(self, rows: Dataset) -> JSON:
        """Return the same of rows that were coded to `columns`."""
        seen = self.seen(rows)
        logs = self._logs(seen)
        found: JSON = {"log_density": logs}
        if self.n_components and seen.n_rows:
            with one_thread_each(), np.errstate(all="ignore"):
                found["component"] = self.model.joint(seen).argmax(axis=1) + 1
        rank = np.empty(len(logs), dtype=np.int64)
        rank[np.argsort(logs, kind="stable")] = np.arange(1, len(logs) + 1)
        found["rank"] = rank
        if len(self.held.logs):
            found["false_alarm_rate"] = self.held.rate(logs)
        return found

    @property
    def n_components(self) -> int:
        """Components of a mixture; zero where it has none to name."""
        if not isinstance(self.model, MixtureDensity):
            return 0
        n = self.model.mixture.n_components
        return n if n <= MOST_COMPONENTS else 0

    def sample(self, n: int, *, seed: int = 0) -> dict[str, Array]:
        """Draw rows as the table writes them; none of their cells is missing."""
        return self.draw(n, seed=seed)[0]

    def draw(self, n: int, *, seed: int = 0) -> tuple[dict[str, Array], int]:
        """Draw rows as the table writes them, and say how many were drawn again.

        A row with a number outside the range of training, or a level that was never seen, is drawn
        again; after `MOST_DRAWS` times its numbers are moved to the end of the range.
        """
        rng = np.random.default_rng([0x5A3, seed % 2**63])
        with one_thread_each(), np.errstate(all="ignore"):
            numbers, codes = self.model.sample(n, rng)
            first = again = np.flatnonzero(~self.reading.is_observed(numbers, codes))
            for _ in range(MOST_DRAWS):
                if not len(again):
                    break
                numbers[again], codes[again] = self.model.sample(len(again), rng)
                again = again[~self.reading.is_observed(numbers[again], codes[again])]
        return self.reading.cells(numbers, codes), len(first)

    def describe(self) -> JSON:
        """Return what `inspect` says of the model; JSON-ready."""
        return {
            "family": self.family.name,
            "title": self.family.title,
            "task": TASK,
            "columns": [describe_column(c) | {"levels": len(c.levels)} for c in self.columns],
            "notes": list(self.reading.notes),
            **describe_expressions(self.expressions)[0],
            "ranked_by": f"{len(self.held.logs)} log densities of rows {self.held.rows}",
            "stores_training_rows": self.stores_training_rows,
        }

    def save(self, path: str | Path) -> Path:
        """Write the model file; it holds numbers and names, and no code."""
        target = Path(path)
        write_bytes(target, self.to_bytes())
        return target

    def to_bytes(self) -> bytes:
        """Return what the model file holds."""
        state = self.model.to_state()
        spec = {
            "family": self.family.name,
            "state_version": self.family.state_version,
            "task": TASK,
            "columns": [describe_column(column) for column in self.columns],
            **describe_reading(self.reading),
            "held": self.held.rows,
            "state": plain(state.spec),
            "about": plain(self.about),
        }
        arrays = {f"state/{name}": array for name, array in state.arrays.items()}
        strings: dict[str, Sequence[str]] = {
            f"state/{name}": table for name, table in state.strings.items()
        }
        for i, column in enumerate(self.columns):
            if column.is_coded:
                strings[f"levels/{i}"] = column.levels
        described, words = describe_expressions(self.expressions)
        spec, strings = spec | described, strings | words
        arrays |= {f"rows/{name}": counts for name, counts in self.level_rows.items()}
        return pack(spec, arrays | {"held": self.held.logs}, strings)


def parse_density_model(
    spec: Mapping[str, Any], arrays: Mapping[str, Array], strings: Mapping[str, Sequence[str]]
) -> FittedDensity:
    """Turn the contents of a model file into a density, after checking all of them."""
    family = find(string(spec["family"]), TASK)
    if family is None:
        raise BadModelFile(
            f"density {spec['family']!r} is unknown; this version knows "
            f"{', '.join(one.name for one in discover(TASK))}",
            "update rung, or install the package that it comes from",
        )
    if spec["state_version"] != family.state_version:
        raise BadModelFile(
            f"the state of density {family.name!r} has version {spec['state_version']!r}, this "
            f"rung reads {family.state_version}",
            "update rung, or train again",
        )
    columns = read_columns(spec["columns"], strings)
    reading = read_reading(columns, spec)
    state = State(dict(spec["state"]), under(arrays, "state/"), under(strings, "state/"))
    found = FittedDensity(
        family,
        family.load(state),
        reading,
        _held(arrays["held"], spec["held"]),
        _level_rows(reading, under(arrays, "rows/")),
        dict(spec["about"]),
        read_expressions(spec, strings, columns),
    )
    _try_out(found)
    return found


def _level_rows(reading: TableReading, stored: Mapping[str, Array]) -> dict[str, Array]:
    """Return training rows by level, after checking that they are counts of the levels."""
    sizes = {column.name: len(column.levels) for column in reading.seen if column.is_coded}
    for name, counts in stored.items():
        if counts.shape != (sizes.get(name),) or counts.dtype != np.int64 or (counts < 0).any():
            raise BadModelFile(f"rows by level of column {name!r} are no counts", REMEDY)
    if set(stored) != set(sizes):
        raise BadModelFile("rows by level are missing from the model", REMEDY)
    return dict(stored)


def _held(logs: Array, rows: Any) -> HeldDensities:
    is_sorted = logs.ndim == 1 and logs.dtype == np.float64 and not (np.diff(logs) < 0).any()
    if not is_sorted or not np.isfinite(logs).all():
        raise BadModelFile("the held log densities of the model are no sorted numbers", REMEDY)
    return HeldDensities(logs, one_of(rows, HELD_ROWS))


def _try_out(found: FittedDensity) -> None:
    """Read rows with missing, unseen and enormous cells: columns and state must fit."""
    codes, numbers = np.array([-1, -2, -1, -2], np.int32), np.array([np.nan, 0.0, 1e300, -1e300])
    values = {c.name: codes if c.is_coded else numbers for c in found.columns}
    found.ranked(Dataset(found.columns, values, len(codes)))
    found.sample(2)
