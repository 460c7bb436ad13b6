"""Score a linear model and histogram boosting with `cross_validate`, on the folds of a run of rung."""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import PredefinedSplit, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def score(table: Path, target: str, folds: Path) -> None:
    """Cross-validate both models.

    Parameters
    ----------
    table : Path
        A CSV file; texts become columns of zeros and ones.
    target : str
        What is predicted: numbers or classes.
    folds : Path
        `out_of_fold.parquet` of a run on the same table.
    """
    dealt = pl.read_parquet(folds, columns=["row", "fold"])
    rows = pl.read_csv(table, infer_schema_length=None)[dealt["row"].to_list()]
    y, is_number = rows[target].to_numpy(), rows[target].dtype.is_numeric()
    X = rows.drop(target).to_dummies(pl.selectors.string()).to_numpy()
    linear = Ridge() if is_number else LogisticRegression(max_iter=1000)
    boosted = HistGradientBoostingRegressor() if is_number else HistGradientBoostingClassifier()
    for model in (make_pipeline(SimpleImputer(), StandardScaler(), linear), boosted):
        cross_validate(model, X, y, cv=PredefinedSplit(dealt["fold"].to_numpy()))


if __name__ == "__main__":
    score(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
