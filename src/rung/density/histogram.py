"""Fit histograms of one column whose bins are as wide as the numbers let them be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rung.typing import Array

BIN_NATS = 3.5  # that a bin must gain over all rows
LEAST_ROWS = 3  # of a bin
MOST_EDGES = 1_000  # between which bins are chosen: at equal shares of the rows
GAP = 0.9  # of the way from the rows before to those behind, from which both its ends are edges
PAD = 0.001  # of a gap that stays with the bins beside it at least


@dataclass(frozen=True)
class Histogram:
    """A density that is level inside each bin.

    Attributes
    ----------
    edges : ndarray, shape (n_bins + 1,)
        Ascending.
    masses : ndarray, shape (n_bins,)
        Shares of the rows, zero in gaps; they sum to one.
    """

    edges: Array
    masses: Array

    @property
    def heights(self) -> Array:
        """The density inside each bin."""
        return np.asarray(self.masses / np.diff(self.edges))

    def bins(self, column: Array) -> Array:
        """Return the bin of each number: -1 below all, n_bins above all."""
        found = np.searchsorted(self.edges, column, side="right") - 1
        return np.asarray(np.where(column == self.edges[-1], len(self.masses) - 1, found))

    def density(self, column: Array) -> Array:
        """Return the density of each number.

        Examples
        --------
        >>> two = Histogram(np.array([0.0, 1.0, 3.0]), np.array([0.5, 0.5]))
        >>> two.density(np.array([-1.0, 0.5, 2.0, 3.5])).tolist()
        [0.0, 0.5, 0.25, 0.0]
        """
        # the last height stands for what lies above all bins, and for what lies below them
        return np.asarray(np.append(self.heights, [0.0, 0.0])[self.bins(column)])

    def shares(self, column: Array) -> tuple[Array, Array]:
        """Return the share of the distribution below each number, and that above it."""
        below = np.append(0.0, np.cumsum(self.masses))
        above = np.append(np.cumsum(self.masses[::-1])[::-1], 0.0)
        return np.interp(column, self.edges, below), np.interp(column, self.edges, above)


def fit_histogram(column: Array) -> Histogram | None:
    """Fit the histogram that is likeliest when every bin costs some nats; None for one number.

    Parameters
    ----------
    column : ndarray, shape (n_rows,)
        Without missing cells.

    Source
    ------
    Scargle, Norris, Jackson & Chiang (2013), Astrophysical Journal 764: Bayesian blocks.
    NOTE[DIFF] edges are tried at equal shares of many rows, not between any two, and at both ends of
    gaps, as heaps end there.

    Examples
    --------
    >>> fit_histogram(np.append(np.linspace(0, 10, 90), np.linspace(4, 4.5, 210))).edges[
    ...     1:-1
    ... ].round(1)
    array([4. , 4. , 4.5])
    """
    from scipy.special import xlogy

    known, counts = np.unique(column, return_counts=True)
    if len(known) < 2:
        return None
    edges, rows = _cells(known, counts)
    best, last = np.zeros(len(rows)), np.zeros(len(rows), dtype=int)
    for end in range(1, len(rows)):
        inside = rows[end] - rows[:end]
        nats = best[:end] + xlogy(inside, inside / (edges[end] - edges[:end]))
        last[end] = int(nats.argmax())
        best[end] = nats[last[end]] - BIN_NATS
    chosen = [len(rows) - 1]
    while chosen[-1]:
        chosen.append(int(last[chosen[-1]]))
    bounds = chosen[::-1]
    return Histogram(edges[bounds], np.diff(rows[bounds]) / len(column))


def _cells(known: Array, counts: Array) -> tuple[Array, Array]:
    """Return edges between which bins are chosen, and the rows below each."""
    below = np.cumsum(counts)
    n_cells = min(max(int(below[-1]) // LEAST_ROWS, 1), MOST_EDGES)
    wanted = np.arange(1, n_cells) * below[-1] / n_cells
    cuts = np.unique(np.searchsorted(below, wanted) + 1)
    cuts = cuts[cuts < len(known)]
    ends, pads = _gaps(known, max(len(known) // n_cells, 2))
    cuts = np.setdiff1d(cuts, ends)
    edges = np.concatenate(
        [
            known[[0, -1]],
            (known[cuts - 1] + known[cuts]) / 2,
            known[ends - 1] + pads,
            known[ends] - pads,
        ]
    )
    places = np.concatenate([[0, len(known)], cuts, ends, ends])
    order = np.lexsort((edges, places))
    edges, rows = edges[order], np.append(0.0, below)[places[order]]
    # widths that rounding may have made are none
    least = 8 * np.finfo(float).eps * np.abs(known[[0, -1]]).max()
    kept = np.unique(np.round(edges / least), return_index=True)[1]
    kept[-1] = len(edges) - 1
    return edges[kept], rows[kept]


def _gaps(known: Array, around: int) -> tuple[Array, Array]:
    """Return the numbers behind gaps, and how far bins reach into them: as far as rows are apart.

    A gap is wider than the space of so many numbers on both sides.
    """
    behind = np.arange(around + 1, len(known) - around)
    space = known[behind + around] - known[behind - 1 - around]
    gaps = known[behind] - known[behind - 1]
    pads = np.maximum((space - gaps) / (2 * around), PAD * gaps)
    is_gap = gaps > GAP * space
    return behind[is_gap], pads[is_gap]
