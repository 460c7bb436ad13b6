"""Rank rows by how probable they are among rows that a density has not seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rung.typing import Array

MOST_HELD = 1_000


@dataclass(frozen=True)
class HeldDensities:
    """Log densities of rows that a model has not seen, by which others are ranked.

    Attributes
    ----------
    logs : ndarray, shape (n_held,)
        Sorted; evenly spaced ones of many.
    rows : str
        Which rows: `sealed`, `out of fold` or `none`.
    """

    logs: Array
    rows: str

    def rate(self, logs: Array) -> Array:
        """Return the share of held rows that are as improbable; at least one in n + 1.

        Among rows like those held, at most this share has so low a density (Vovk, Gammerman &
        Shafer 2005): it is the rate of false alarms of calling such rows anomalous.

        Examples
        --------
        >>> HeldDensities(np.array([-9.0, -2.0, -1.0]), "sealed").rate(np.array([-99.0, -2.0]))
        array([0.25, 0.75])
        """
        below = np.searchsorted(self.logs, logs, side="right")
        return np.asarray((1 + below) / (1 + len(self.logs)))


def hold(logs: Array, rows: str) -> HeldDensities:
    """Keep log densities of rows that were not seen, evenly spaced ones where they are many."""
    ordered = np.sort(logs)
    if len(ordered) > MOST_HELD:
        ordered = ordered[np.arange(1, MOST_HELD + 1) * len(ordered) // (MOST_HELD + 1)]
    return HeldDensities(ordered, rows)
