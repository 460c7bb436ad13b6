"""A real table that comes along with a dependency, for the first try."""

from __future__ import annotations

from pathlib import Path

from rung.typing import Untyped


def diabetes() -> Untyped:
    """Return 442 patients: ten measurements in their own units, and how their disease went on.

    Returns
    -------
    polars.DataFrame, shape (442, 11)
        The target is `progression`, a score of the disease one year later.

    Source
    ------
    Efron, Hastie, Johnstone & Tibshirani (2004), Annals of Statistics 32; the copy that
    scikit-learn carries, unscaled.
    """
    import polars as pl
    from sklearn.datasets import load_diabetes

    table = load_diabetes(scaled=False)
    columns = {name: table.data[:, i] for i, name in enumerate(table.feature_names)}
    return pl.DataFrame({**columns, "progression": table.target})


def write_diabetes(out: Path, *, force: bool = False) -> None:
    """Write that table: CSV, Parquet or Arrow by the name of the file.

    Raises
    ------
    UsageError
        If the name ends in something else, or the file exists and `force` is not given.
    """
    from rung.workbench.verbs import check_table_output, deliver

    check_table_output(out, force)
    deliver(diabetes(), out)
