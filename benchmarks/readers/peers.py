"""Read the files with other libraries, at their own detection of how a file is written.

Run by `python -m benchmarks.readers` with the Python of another environment.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any


def by_pandas(path: str) -> list[list[Any]]:
    """Read with `read_csv`, which finds the delimiter."""
    import pandas as pd

    frame = pd.read_csv(path, sep=None, engine="python", dtype=str, keep_default_na=False)
    return [list(map(str, frame.columns)), *frame.to_numpy().tolist()]


def by_polars(path: str) -> list[list[Any]]:
    """Read with `read_csv`, which knows commas alone."""
    import polars as pl

    frame = pl.read_csv(path, infer_schema=False)
    return [frame.columns, *map(list, frame.rows())]


def by_duckdb(path: str) -> list[list[Any]]:
    """Read with the sniffer."""
    import duckdb

    found = duckdb.read_csv(path, all_varchar=True)
    return [found.columns, *map(list, found.fetchall())]


def by_clevercsv(path: str) -> list[list[Any]]:
    """Read with the dialect that is found."""
    import clevercsv

    return [list(row) for row in clevercsv.read_table(path)]


PEERS: dict[str, Callable[[str], list[list[Any]]]] = {
    "pandas": by_pandas,
    "polars": by_polars,
    "duckdb": by_duckdb,
    "clevercsv": by_clevercsv,
}


def main(folder: Path) -> None:
    """Print what each peer reads, as JSON: by name and file the rows, or null."""
    warnings.simplefilter("ignore")
    found: dict[str, dict[str, Any]] = {name: {} for name in PEERS}
    for path in sorted(folder.glob("*.csv")):
        for name, read in PEERS.items():
            try:
                found[name][path.name] = read(str(path))
            except Exception:  # noqa: BLE001 -- whatever it raises, it did not read the file
                found[name][path.name] = None
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
