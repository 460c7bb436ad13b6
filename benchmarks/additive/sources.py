"""Name the tables, and write each as plain arrays that every tool reads alike."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import polars as pl

from benchmarks.peers.tables import ROOT, Source, read

SDSS = "sdss_dr14/Skyserver_SQL2_27_2018 6_51_39 PM.csv"
# The same table, a fifth of which are copies: in random folds some stand on both sides.
DISTINCT = "wine white, copies left out"
SOURCES = (
    Source("concrete", "concrete/concrete.csv", "strength"),
    Source("insurance", "insurance/insurance.csv", "charges"),
    Source("diabetes", "", "target"),
    Source("california housing", "california_housing/housing.csv", "median_house_value"),
    Source("abalone", "abalone/abalone.csv", "column_9", has_header=False),
    Source("ccpp", "ccpp/CCPP.zip", "PE"),
    Source("wine white", "wine_quality/winequality-white.csv", "column_12", has_header=False),
    Source(DISTINCT, "wine_quality/winequality-white.csv", "column_12", has_header=False),
    Source(
        "adult",
        "adult/adult-train.csv",
        "column_15",
        "binary",
        drop=("column_3",),
        has_header=False,
        blank="?",
    ),
    Source(
        "titanic",
        "titanic/titanic_kaggle.csv",
        "Survived",
        "binary",
        drop=("PassengerId", "Name", "Ticket"),
    ),
    Source(
        "telco churn",
        "telco_churn/Telco-Customer-Churn.csv",
        "Churn",
        "binary",
        drop=("customerID",),
    ),
    Source("sdss class", SDSS, "class", "multiclass", keep=("u", "g", "r", "i", "z")),
)
N_FOLDS, SEED = 5, 12
# EBM takes minutes a table; of larger ones a random part is taken.
MOST_ROWS = 10_000


def frame_of(source: Source) -> pl.DataFrame:
    """Read a table, of many rows a part; two of them do not come as text."""
    if source.name == "diabetes":
        return _diabetes()
    if source.name == "ccpp":
        return _power_plant(ROOT / source.file)
    frame = read(source)
    if source.name == DISTINCT:
        frame = frame.unique(maintain_order=True)
    if len(frame) <= MOST_ROWS:
        return frame
    chosen = np.random.default_rng((SEED, len(frame))).permutation(len(frame))[:MOST_ROWS]
    return frame[np.sort(chosen)]


def fold_numbers(n_rows: int) -> np.ndarray:
    """Deal rows into folds; shape (n_rows,)."""
    return np.random.default_rng((SEED, n_rows)).permutation(n_rows) % N_FOLDS


def _diabetes() -> pl.DataFrame:
    from sklearn.datasets import load_diabetes

    found = load_diabetes(scaled=False)
    table = pl.DataFrame(found.data, schema=list(found.feature_names))
    return table.with_columns(pl.Series("target", found.target))


def _power_plant(path: Path) -> pl.DataFrame:
    """Read the first sheet of the workbook: five columns of numbers."""
    with zipfile.ZipFile(path) as outer:
        book = outer.read("CCPP/Folds5x2_pp.xlsx")
    with zipfile.ZipFile(io.BytesIO(book)) as inner:
        sheet = ET.fromstring(inner.read("xl/worksheets/sheet1.xml"))
    rows = [[cell.findtext("{*}v") for cell in row] for row in sheet.iterfind(".//{*}row")]
    return pl.DataFrame(
        np.array(rows[1:], dtype=float), schema=["AT", "V", "AP", "RH", "PE"], orient="row"
    )
