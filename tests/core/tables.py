"""Make small data sets for tests."""

from __future__ import annotations

import numpy as np

from rung.core.dataset import Column, Dataset
from rung.core.keys import content_digests, content_order


def mixed_table(n_rows: int = 400, seed: int = 0) -> Dataset:
    """Return numbers, categories, an identifier and a target, sorted by content."""
    rng = np.random.default_rng(seed)
    columns = (
        Column("size", "number"),
        Column("colour", "category", levels=("blue", "green", "red")),
        Column("name", "category", role="identifier", levels=tuple(map(str, range(n_rows)))),
        Column("mass", "number", role="target"),
    )
    values = {
        "size": np.where(rng.random(n_rows) < 0.1, np.nan, rng.normal(size=n_rows)),
        "colour": rng.integers(-1, 3, n_rows).astype(np.int32),
        "name": rng.permutation(n_rows).astype(np.int32),
        "mass": rng.normal(size=n_rows),
    }
    dataset = Dataset(columns, values, n_rows)
    return dataset.take(content_order(content_digests(dataset)))
