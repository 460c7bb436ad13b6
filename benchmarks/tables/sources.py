"""Name the tables, and divide each into rows to learn from and rows to be scored on."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

ROOT = Path(os.environ.get("RUNG_DATA", Path(__file__).parents[3] / "shared" / "data"))
HELD_SHARE, SEED = 0.2, 20
SDSS = "sdss_dr14/Skyserver_SQL2_27_2018 6_51_39 PM.csv"
# Names of things, and what else was read off the radio measurement that gives the target.
XGASS_LEFT_OUT = (
    *("GASS", "AGCnr", "SDSS", "PLATEID", "MJD", "FIBERID", "group_id_B", "NYU_id", "weight"),
    *("lgMHI", "HIsrc", "HI_FLAG", "zHI", "W50cor", "HIconf_flag"),
)


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
    """

    name: str
    file: str
    target: str
    task: str = "regression"
    drop: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    has_header: bool = True


SOURCES = (
    Source("concrete", "concrete/concrete.csv", "strength"),
    Source("insurance", "insurance/insurance.csv", "charges"),
    Source("xgass", "xgass/xGASS_representative_sample.csv", "lgGF", drop=XGASS_LEFT_OUT),
    Source("forest fires", "forest_fires/forest.csv", "area"),
    Source(
        "titanic",
        "titanic/titanic_kaggle.csv",
        "Survived",
        "binary",
        drop=("PassengerId", "Name", "Ticket"),
    ),
    Source("ames", "ames/ames_openintro.csv", "price", drop=("rownames", "Order", "PID")),
    Source("abalone", "abalone/abalone.csv", "column_9", has_header=False),
    Source("wine white", "wine_quality/winequality-white.csv", "column_12", has_header=False),
    Source("sdss redshift", SDSS, "redshift", keep=("u", "g", "r", "i", "z")),
    Source("sdss class", SDSS, "class", "multiclass", keep=("u", "g", "r", "i", "z")),
    Source("magic_gamma", "magic_gamma/telescope.csv", "Class", "binary"),
    Source("california", "california_housing/housing.csv", "median_house_value"),
)


def read(source: Source) -> pl.DataFrame:
    """Read a table as its file has it, columns chosen; class labels become text."""
    path = ROOT / source.file
    frame = pl.read_csv(path, has_header=source.has_header, infer_schema_length=None)
    if not source.has_header:
        frame.columns = [f"column_{i}" for i in range(1, frame.width + 1)]
    frame = frame.drop(source.drop)
    if source.keep:
        frame = frame.select(*source.keep, source.target)
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    frame = frame.with_columns(pl.col(texts).str.strip_chars())
    if source.task != "regression":
        label = pl.lit("is ") + pl.col(source.target).cast(pl.String)
        frame = frame.with_columns(label.alias(source.target))
    frame = frame.drop_nulls(source.target)
    left = [name for name in texts if name != source.target or source.task == "regression"]
    return frame.with_columns(_as_numbers(frame[name]) for name in left)


def _as_numbers(column: pl.Series) -> pl.Series:
    """Return numbers where blanks, or one cell in a hundred, were all that made a column text."""
    numbers = column.cast(pl.Float64, strict=False)
    n_lost = numbers.null_count() - column.null_count()
    return numbers if n_lost <= 0.01 * len(column) and numbers.count() else column


def divide(source: Source, folder: Path) -> np.ndarray:
    """Write `train.csv`, `test.csv` without the target, and `task.json`; return what was held.

    Returns
    -------
    ndarray, shape (n_held,)
        Target values, or positions in the sorted class labels.
    """
    frame = read(source)
    order = np.random.default_rng(SEED).permutation(frame.height)
    n_held = round(HELD_SHARE * frame.height)
    held, train = frame[np.sort(order[:n_held])], frame[np.sort(order[n_held:])]
    folder.mkdir(parents=True, exist_ok=True)
    train.write_csv(folder / "train.csv")
    held.drop(source.target).write_csv(folder / "test.csv")
    classes = [] if source.task == "regression" else sorted(frame[source.target].unique())
    task = {"target": source.target, "task": source.task, "classes": classes}
    (folder / "task.json").write_text(json.dumps(task), encoding="utf-8")
    y = held[source.target].to_numpy()
    return np.searchsorted(np.array(classes), y) if classes else y.astype(float)
