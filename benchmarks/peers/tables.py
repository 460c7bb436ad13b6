"""Read tables, and divide each into rows to learn from and rows to be scored on."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

ROOT = Path(os.environ.get("RUNG_DATA", Path(__file__).parents[3] / "shared" / "data"))
HELD_SHARE, SEED = 0.2, 20


@dataclass(frozen=True)
class Source:
    """Say where a table is, what is asked of it, and which columns nobody gets.

    Attributes
    ----------
    name, file : str
        Name for people; path below the folder of data.
    target, task : str
        Column to predict; `regression`, `binary` or `multiclass`.
    drop, keep : tuple of str
        Columns left out; columns kept where not all others are.
    has_header : bool
        Without one, columns are called `column_1` and so on.
    blank : str
        What stands for a missing cell, besides an empty one.
    """

    name: str
    file: str
    target: str
    task: str = "regression"
    drop: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    has_header: bool = True
    blank: str = ""

    @property
    def is_regression(self) -> bool:
        """Whether a number is asked for."""
        return self.task == "regression"


def read(source: Source) -> pl.DataFrame:
    """Read a table as its file has it, columns chosen; class labels become text."""
    separator = "\t" if ".tsv" in source.file else ","
    frame = pl.read_csv(
        ROOT / source.file,
        has_header=source.has_header,
        infer_schema_length=None,
        separator=separator,
    )
    if not source.has_header:
        frame.columns = [f"column_{i}" for i in range(1, frame.width + 1)]
    frame = frame.drop(source.drop)
    if source.keep:
        frame = frame.select(*source.keep, source.target)
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    frame = frame.with_columns(pl.col(texts).str.strip_chars())
    if source.blank:
        frame = frame.with_columns(
            pl.when(pl.col(name) != source.blank).then(pl.col(name)).alias(name) for name in texts
        )
    if not source.is_regression:
        label = pl.lit("is ") + pl.col(source.target).cast(pl.String)
        frame = frame.with_columns(label.alias(source.target))
    frame = frame.drop_nulls(source.target)
    left = [name for name in texts if name != source.target or source.is_regression]
    return frame.with_columns(_as_numbers(frame[name]) for name in left)


def _as_numbers(column: pl.Series) -> pl.Series:
    """Return numbers where blanks, or one cell in a hundred, were all that made a column text."""
    numbers = column.cast(pl.Float64, strict=False)
    n_lost = numbers.null_count() - column.null_count()
    return numbers if n_lost <= 0.01 * len(column) and numbers.count() else column


@dataclass(frozen=True)
class Held:
    """What a tool does not get to see.

    Attributes
    ----------
    rows : ndarray of int, shape (n_held,)
        Where the held rows stand in the table.
    y : ndarray, shape (n_held,)
        Target values, or positions in the sorted class labels.
    """

    rows: np.ndarray
    y: np.ndarray


def divide(source: Source, folder: Path, *, seed: int = SEED) -> Held:
    """Write `train.csv`, `test.csv` without the target, and `task.json`; return what was held."""
    frame = read(source)
    order = np.random.default_rng(seed).permutation(frame.height)
    n_held = round(HELD_SHARE * frame.height)
    rows = np.sort(order[:n_held])
    held, train = frame[rows], frame[np.sort(order[n_held:])]
    folder.mkdir(parents=True, exist_ok=True)
    train.write_csv(folder / "train.csv")
    held.drop(source.target).write_csv(folder / "test.csv")
    classes = [] if source.is_regression else sorted(frame[source.target].unique())
    task = {"target": source.target, "task": source.task, "classes": classes}
    (folder / "task.json").write_text(json.dumps(task), encoding="utf-8")
    y = held[source.target].to_numpy()
    return Held(rows, np.searchsorted(np.array(classes), y) if classes else y.astype(float))
