"""t-SNE: a map on which rows stand beside their nearest neighbours, made by openTSNE."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np

from rung.errors import MissingExtra
from rung.maps.components import principal_axes
from rung.typing import Array, Untyped

PERPLEXITY, NEW_PERPLEXITY = 30.0, 5.0
# Exact neighbours take the square of the rows.
MOST_EXACT = 10_000
# The first places are this small, so that what follows and not they decides the map.
FIRST_SPREAD = 1e-4


@dataclass(frozen=True)
class NeighbourMap:
    """A map of rows by t-SNE.

    Attributes
    ----------
    placed : ndarray, shape (n_rows, 2)
        Where the rows stand; only who stands beside whom is meant.
    """

    placed: Array
    _embedding: Untyped

    def place(self, X: Array) -> Array:
        """Return where new rows stand among those of the map, which stay where they are.

        Parameters
        ----------
        X : ndarray, shape (n_new, n_columns)
            In the coordinates of the rows of the map.
        """
        if not len(X):
            return np.empty((0, 2))
        perplexity = min(NEW_PERPLEXITY, (len(self.placed) - 1) / 3)
        return np.array(self._embedding.transform(X, perplexity=perplexity), dtype=float)


def map_neighbours(X: Array, *, seed: int = 0) -> NeighbourMap:
    """Place rows so that near neighbours stay near.

    Parameters
    ----------
    X : ndarray, shape (n_rows, n_columns)
        Standardised, without missing cells; at least 4 rows.
    seed : int
        Of what openTSNE draws.

    Raises
    ------
    MissingExtra
        Without openTSNE.

    Source
    ------
    van der Maaten & Hinton (2008); openTSNE: Poličar, Stražar & Zupan (2024), JSS 109(3). It
    starts from principal components, which keeps large distances (Kobak & Berens 2019).

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> two = np.repeat([0.0, 9.0], 20)[:, None] + rng.normal(size=(40, 3))
    >>> placed = map_neighbours(two).placed
    >>> apart = np.linalg.norm(placed[:20].mean(axis=0) - placed[20:].mean(axis=0))
    >>> bool(apart > 2 * placed[:20].std())
    True
    """
    if find_spec("openTSNE") is None:
        raise MissingExtra(
            "a map by t-SNE needs openTSNE, which is not installed", "pip install 'rung[embed]'"
        )
    from openTSNE import TSNE

    model = TSNE(
        perplexity=min(PERPLEXITY, (len(X) - 1) / 3),
        initialization=_first_places(X),  # openTSNE's own differ from run to run
        neighbors="exact" if len(X) <= MOST_EXACT else "annoy",
        random_state=seed % 2**32,
        n_jobs=1,
    )
    embedding = model.fit(np.ascontiguousarray(X))
    return NeighbourMap(np.array(embedding, dtype=float), embedding)


def _first_places(X: Array) -> Array:
    """Return the first two principal components, or one of them and zeros, made small."""
    places = (X - X.mean(axis=0)) @ principal_axes(X)[0][:, :2]
    places = np.hstack([places, np.zeros((len(X), 2 - places.shape[1]))])
    return np.asarray(places / max(float(places[:, 0].std()), 1e-300) * FIRST_SPREAD)
