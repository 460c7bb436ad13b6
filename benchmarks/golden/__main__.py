"""Fit polynomials to xGASS by several solvers: `python -m benchmarks.golden PATH_TO_CSV`.

The table is the xGASS representative sample; 22 of its 1,179 rows have NUVr = -99 and are left
out. Folds are five, in the order of the file, not shuffled.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

FEATURES = ("model_r", "NUVr", "expAB_r", "petrR50_r", "CINDX", "INCL")
TARGET = "lgGF"
RESULTS = Path(__file__).with_name("results.json")
DEGREES = (1, 2, 3, 4)


def read(path: Path) -> dict[str, np.ndarray]:
    """Return the columns of the galaxies that have an NUVr."""
    with path.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if float(row["NUVr"]) > -90]
    return {name: np.array([float(row[name]) for row in rows]) for name in (*FEATURES, TARGET)}


def by_rung(table: dict[str, np.ndarray], degree: int, *, clip: bool) -> np.ndarray:
    """Return R squared on each fold, through the public door."""
    from sklearn.model_selection import KFold

    import rung
    from rung.families.table.polynomial import polynomial_family

    run = rung.fit(
        table,
        target=TARGET,
        families=[polynomial_family(degree=degree, penalty=0.0, clip=clip)],
        folds=KFold(5),
        test_fraction=0,
        metric="r2",
    )
    entry = next(e for e in run.result.to_dict()["ladder"] if e["family"] == "polynomial")
    return np.array(entry["scores"]["r2"]["per_fold"])


def by_peer(table: dict[str, np.ndarray], degree: int, *, scale: bool, tol: float) -> np.ndarray:
    """Return the same from scikit-learn's LinearRegression on expanded columns."""
    from sklearn.linear_model import LinearRegression
    from sklearn.model_selection import KFold, cross_val_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import PolynomialFeatures, StandardScaler

    steps: list[Any] = [StandardScaler()] if scale else []
    steps += [PolynomialFeatures(degree), LinearRegression(tol=tol)]
    X = np.column_stack([table[name] for name in FEATURES])
    scores = cross_val_score(make_pipeline(*steps), X, table[TARGET], cv=KFold(5), scoring="r2")
    return np.asarray(scores)


def condition(table: dict[str, np.ndarray], degree: int, *, scale: bool) -> float:
    """Return the condition number of the expanded columns, the column of ones among them."""
    from sklearn.preprocessing import PolynomialFeatures

    X = np.column_stack([table[name] for name in FEATURES])
    X = (X - X.mean(axis=0)) / X.std(axis=0) if scale else X
    return float(np.linalg.cond(PolynomialFeatures(degree).fit_transform(X)))


def measure(table: dict[str, np.ndarray]) -> list[dict[str, Any]]:
    """Return one row for each degree."""
    rows = []
    for degree in DEGREES:
        found = {
            "rung": by_rung(table, degree, clip=False),
            "rung, clipped": by_rung(table, degree, clip=True),
            "standardised first": by_peer(table, degree, scale=True, tol=1e-6),
            "raw columns": by_peer(table, degree, scale=False, tol=1e-6),
            "raw columns, tol=1e-16": by_peer(table, degree, scale=False, tol=1e-16),
        }
        scores = {name: [float(r2.mean()), float(r2.std())] for name, r2 in found.items()}
        numbers = [condition(table, degree, scale=scale) for scale in (False, True)]
        rows.append({"degree": degree, "r2": scores, "condition": numbers})
    return rows


def layout(rows: list[dict[str, Any]]) -> str:
    """Lay the rows out as a table."""
    names = list(rows[0]["r2"])
    head = ["degree", *names, "condition, raw", "condition, standardised"]
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for row in rows:
        cells = [f"{mean:.3f} ± {spread:.3f}" for mean, spread in row["r2"].values()]
        cells += [f"{value:.0e}" for value in row["condition"]]
        lines.append(f"| {row['degree']} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    """Measure, write the figures, print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.golden")
    parser.add_argument("path", type=Path, help="xGASS_representative_sample.csv")
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    rows = measure(read(options.path))
    options.out.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(layout(rows) + "\n")


if __name__ == "__main__":
    main()
