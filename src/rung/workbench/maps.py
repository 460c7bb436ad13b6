"""The verb `embed`: principal components of a table, a map, and the map of nothing beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rung.compute import one_thread_each
from rung.core.dataset import Dataset
from rung.data import ReadOptions, conform
from rung.data.table import DEFAULTS
from rung.errors import UsageError
from rung.groups.coordinates import Coordinates, learn_coordinates
from rung.maps.components import (
    Components,
    find_components,
    principal_axes,
    shuffle_columns,
    trustworthiness,
)
from rung.typing import JSON, Array
from rung.workbench.clusters import read_rows

METHODS = ("components", "tsne")
MOST_MAPPED = 10_000


@dataclass(frozen=True)
class RowMap:
    """The outcome of `rung.embed`.

    Attributes
    ----------
    components : Components
        Of the standardised columns.
    coordinates : Coordinates
        What turned the table into numbers.
    method : str
        `components` or `tsne`.
    placed, shuffled : ndarray, shape (n_rows, 2)
        The map, in the order of the file, and the same map of shuffled columns.
    trust, trust_shuffled : float
        Trustworthiness of both.
    dataset : Dataset
        The rows, by which new ones are read.
    """

    components: Components
    coordinates: Coordinates
    method: str
    placed: Array
    shuffled: Array
    trust: float
    trust_shuffled: float
    dataset: Dataset

    @property
    def names(self) -> tuple[str, ...]:
        """Columns of the coordinates: the table's, or axes of Gower's distances."""
        if self.coordinates.axes is None:
            return self.coordinates.names
        return tuple(f"axis {one + 1}" for one in range(self.coordinates.axes.shape[1]))

    def place(self, data: Any, *, options: ReadOptions = DEFAULTS) -> Array:
        """Return where new rows stand on the first two principal components.

        Raises
        ------
        UsageError
            If the map is one of t-SNE, which places no new row.
        """
        if self.method == "tsne":
            raise UsageError(
                "t-SNE places the rows that it was made of and no others",
                "use method='components' for new rows",
            )
        rows = conform(data, self.dataset.features, options=options)
        return self.components.place(self.coordinates.place(rows))

    def to_dict(self) -> JSON:
        """Return what was found, ready for JSON."""
        found = self.components
        return {
            "method": self.method,
            "columns": list(self.names),
            "components": [
                {
                    "component": one + 1,
                    "share": round(float(found.shares[one]), 4),
                    "by_chance": round(float(found.by_chance[one]), 4),
                    "words": found.words(self.names, one),
                }
                for one in range(min(len(found.shares), max(found.n_real, 2)))
            ],
            "n_real": found.n_real,
            "n_predicting": found.n_predicting,
            "unexplained": [round(float(one), 4) for one in found.errors],
            "trustworthiness": round(self.trust, 4),
            "trustworthiness_shuffled": round(self.trust_shuffled, 4),
            "notes": list(self.coordinates.notes),
        }


@one_thread_each()
def embed(
    data: Any,
    *,
    method: str = "components",
    features: Sequence[str] | None = None,
    drop: Sequence[str] = (),
    seed: int = 0,
    options: ReadOptions = DEFAULTS,
) -> RowMap:
    """Place the rows of a table on a map, and say what may be read from it.

    Parameters
    ----------
    data : path or frame
        A table; every column that is no identifier, text or date takes part.
    method : str
        `components`, the first two principal components, or `tsne`.
    features : sequence of str, optional
        The only columns to look at.
    drop : sequence of str
        Columns to leave out.
    seed : int
        Of shuffles, resamples and t-SNE.
    options : ReadOptions
        How to read a text file.

    Raises
    ------
    DataError
        If the table has too few rows, or no column that varies.
    UsageError
        If the method is not known, or needs fewer rows.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> line = rng.normal(size=(100, 1)) + 0.2 * rng.normal(size=(100, 3))
    >>> found = embed(line)
    >>> found.components.n_real, found.placed.shape
    (1, (100, 2))
    """
    if method not in METHODS:
        raise UsageError(
            f"method {method!r} is not known; accepted: {', '.join(METHODS)}", "use one of them"
        )
    rows, order, dataset = read_rows(data, features=features, drop=drop, options=options)
    coordinates = learn_coordinates(rows, seed=seed)
    X = coordinates.place(rows, seed)
    if method == "tsne" and len(X) > MOST_MAPPED:
        raise UsageError(
            f"t-SNE of {len(X):,} rows; {MOST_MAPPED:,} are the most", "give fewer rows"
        )
    components = find_components(X, seed=seed)
    blank = shuffle_columns(X, np.random.default_rng([0x3AA, seed % 2**63]))
    placed, shuffled = (_placed(one, method, seed) for one in (X, blank))
    back = np.argsort(order)
    return RowMap(
        components=components,
        coordinates=coordinates,
        method=method,
        placed=placed[back],
        shuffled=shuffled[back],
        trust=trustworthiness(X, placed),
        trust_shuffled=trustworthiness(blank, shuffled),
        dataset=dataset,
    )


def _placed(X: Array, method: str, seed: int) -> Array:
    if method == "components":
        centred = X - X.mean(axis=0)
        return np.asarray(centred @ principal_axes(X)[0][:, :2])
    from sklearn.manifold import TSNE

    perplexity = min(30.0, (len(X) - 1) / 3)
    model = TSNE(perplexity=perplexity, init="pca", random_state=seed % 2**32, n_jobs=1)
    return np.asarray(model.fit_transform(X), dtype=float)


def map_to_file(found: RowMap, out: Path) -> None:
    """Write a row a row of the table: its place, and that of a row of shuffled columns."""
    from rung.workbench.verbs import _frame, deliver

    columns = {
        "x": found.placed[:, 0],
        "y": found.placed[:, 1],
        "shuffled_x": found.shuffled[:, 0],
        "shuffled_y": found.shuffled[:, 1],
    }
    deliver(_frame(columns), out)
