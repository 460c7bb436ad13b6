"""Count groups: regions of many rows with valleys of few rows between them.

A mixture of Gaussians is fitted to half of the rows; components whose ridge does not fall are one.
Each valley that is left is tested on the other half, by an exact test that no shape of a single
group can fool: between any two places a density without a valley has at least what the emptier of
them has. So heavy tails, skew, bends and rings are no groups, and "none" is an answer. Where
Gaussians show none, pieces of linked rows are looked at, which may have any shape.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from scipy.special import gammaincc

from rung.density.gaussians import GaussianMix, log_density
from rung.groups.links import MOST_CUTS, MOST_LINKED, PARTED, Linked, link, link_into
from rung.groups.nearest import likeliest_components
from rung.groups.ridges import ridge_ratios
from rung.groups.stability import FOUND_AGAIN, found_again, group_means
from rung.groups.starts import choose_mixture
from rung.groups.valleys import Valley, valley
from rung.typing import Array

Verdict = Literal["none", "groups", "undecided"]
N_SPLITS = 4
LEVEL = 0.02  # at which groups are claimed: `benchmarks/clusters` has the error rates
DOUBT = 0.10  # between the two levels nothing is claimed
SHALLOW = 0.7  # of the lower of two peaks, left on the ridge between: they are one
BENT = 2  # components a group, from which on groups are no Gaussians and links are looked at
MOST_FITTED = 2_000
MOST_TESTED = 5_000
MOST_JOINED = 20_000  # rows that tell which components of all rows are one group
FEWEST_ROWS = 40
OUTSIDE = 0.01  # share of held-out rows that count as like no group


@dataclass(frozen=True)
class Half:
    """What one half of the rows shows, tested on the other half.

    Attributes
    ----------
    mixture : GaussianMix
        Fitted to the one half.
    group : ndarray of int, shape (n_components,)
        Group of each component.
    level : float
        Chance of valleys as empty as these without groups.
    held : ndarray
        Log densities of the other half.
    valleys : dict
        Those that it shows between two components, counted on the other half.
    is_linked : bool
        Whether links between rows made the groups, which have no valleys then.
    """

    mixture: GaussianMix
    group: Array
    level: float
    held: Array
    valleys: dict[tuple[int, int], Valley] = field(default_factory=dict)
    is_linked: bool = False

    @property
    def k(self) -> int:
        """Return how many groups it shows."""
        return int(self.group.max()) + 1


@dataclass(frozen=True)
class GroupCount:
    """How many groups halves of the rows show; the attributes are those of `Grouping`."""

    verdict: Verdict
    k: int
    low: int
    high: int
    level: float


@dataclass(frozen=True)
class Grouping:
    """The groups of a table, or that there are none.

    Attributes
    ----------
    k, low, high : int
        Groups, and the fewest and most that halves of the rows show; 1 for none.
    verdict : str
        `none`, `groups` or `undecided`.
    level : float
        Chance of valleys as empty as these without groups: the median over halves.
    labels : ndarray of int, shape (n_rows,)
        Group of each row, from the largest down.
    stability : ndarray, shape (n_rows,)
        Share of halves whose model puts the row into the same group.
    mixture : GaussianMix
        Fitted to all rows.
    group : ndarray of int, shape (n_components,)
        Group of each of its components.
    threshold : float
        Log density below which a new row is like no group.
    halves : tuple of Half
        What each half shows: what the finding rests on.
    """

    k: int
    low: int
    high: int
    verdict: Verdict
    level: float
    labels: Array
    stability: Array
    mixture: GaussianMix
    group: Array
    threshold: float
    halves: tuple[Half, ...] = ()

    @property
    def claimed_at(self) -> float:
        """Return the level up to which groups of this kind are claimed."""
        return PARTED if any(half.is_linked for half in self.halves) else LEVEL

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Rows of each group."""
        return tuple(int(n) for n in np.bincount(self.labels, minlength=self.k))

    @property
    def group_stability(self) -> tuple[float, ...]:
        """Mean stability of the rows of each group."""
        return tuple(map(float, group_means(self.stability, self.labels, self.k)))

    @property
    def notes(self) -> tuple[str, ...]:
        """Say which rows groups were looked for in, where those are not all."""
        n_half = len(self.labels) // 2
        if n_half <= MOST_FITTED:
            return ()
        searched = f"groups were looked for in {MOST_FITTED:,} rows of each half"
        tested = f"tested on {min(n_half, MOST_TESTED):,} of the other"
        return (f"{searched} and {tested}; all {len(self.labels):,} rows were then assigned",)

    def assign(self, X: Array) -> Array:
        """Return the group of new rows, shape (n_rows,); -1 for those like none.

        Parameters
        ----------
        X : ndarray, shape (n_rows, n_columns)
            In the coordinates that the groups were found in.
        """
        found = self.group[likeliest_components(self.mixture, X)]
        return np.where(log_density(self.mixture, X) < self.threshold, -1, found)


def find_groups(X: Array, *, seed: int = 0, n_splits: int = N_SPLITS) -> Grouping:
    """Find whether rows form groups, and how many.

    Parameters
    ----------
    X : ndarray, shape (n_rows, n_columns)
        Standardised, without missing cells; at least `FEWEST_ROWS` rows.
    seed : int
        Of the halves and the starts.
    n_splits : int
        Halves to look at; even.

    Returns
    -------
    Grouping

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> cloud = rng.normal(size=(300, 2))
    >>> find_groups(cloud).verdict
    'none'
    >>> two = find_groups(np.concatenate([cloud, cloud + 8]))
    >>> two.verdict, two.k, two.sizes
    ('groups', 2, (300, 300))
    """
    parts = [part for one in range(n_splits // 2) for part in _both_ways(X, seed, one)]
    halves = [_look(*part) for part in parts]
    rng = np.random.default_rng([0x6A0, seed % 2**63])
    mixture = choose_mixture(_part(X, rng, MOST_FITTED), rng)
    count = _decide(halves, LEVEL, mixture.n_components)
    if count.verdict == "none" or mixture.n_components >= BENT * count.k:
        linked = [link(learn, held[:MOST_TESTED]) for learn, held, _ in parts]
        by_links = _decide(linked, PARTED, MOST_CUTS + 1)
        whole = link_into(_part(X, rng, MOST_LINKED), by_links.k)
        if _is_better(by_links, count) and whole.k == by_links.k:
            halves = [_fitted(*pair) for pair in zip(linked, parts, strict=True)]
            return _grouping(X, by_links, halves, whole.mixture(rng))
    group = _join(mixture, _part(X, rng, MOST_JOINED), count.k)
    return _grouping(X, count, halves, (mixture, group))


def no_groups(X: Array, *, seed: int = 0) -> Grouping:
    """Return what `find_groups` does where there are none, for rows whose groups are known to be so.

    Parameters
    ----------
    X : ndarray, shape (n_rows, n_columns)
        Standardised, without missing cells.
    seed : int
        Of the halves and the starts.
    """
    halves = [_look(*part) for part in _both_ways(X, seed, 0)]
    rng = np.random.default_rng([0x6A0, seed % 2**63])
    mixture = choose_mixture(_part(X, rng, MOST_FITTED), rng)
    one = np.zeros(mixture.n_components, dtype=int)
    return _grouping(X, GroupCount("none", 1, 1, 1, 1.0), halves, (mixture, one))


def _is_better(by_links: GroupCount, by_gaussians: GroupCount) -> bool:
    """Tell whether links show groups, or leave open what Gaussians deny."""
    return by_links.verdict == "groups" or by_gaussians.verdict == "none" != by_links.verdict


def _decide(halves: Sequence[Half] | Sequence[Linked], at: float, most: int) -> GroupCount:
    """Count groups by what the halves show: the lower of two middle counts, two at least."""
    level = float(np.median([half.level for half in halves]))
    counts = sorted(half.k for half in halves)
    if level > DOUBT or counts[-1] == 1 or most == 1:
        return GroupCount("none", 1, 1, 1, level)
    k = min(max(counts[(len(counts) - 1) // 2], 2), most)
    if level <= at and counts.count(k) * 2 >= len(counts):
        return GroupCount("groups", k, min(counts[0], k), max(counts[-1], k), level)
    low = min(counts[0], k) if level <= at else 1
    return GroupCount("undecided", k, low, max(counts[-1], k), level)


def _grouping(
    X: Array, count: GroupCount, halves: list[Half], parted: tuple[GaussianMix, Array]
) -> Grouping:
    """Give every row its group, by the components of a mixture."""
    mixture, group = parted
    labels, group, stability = found_again(X, mixture, group, halves)
    k, verdict = int(group.max()) + 1, count.verdict
    if k < count.k or (k > 1 and group_means(stability, labels, k).min() < FOUND_AGAIN):
        verdict = "undecided"
    return Grouping(
        k,
        min(count.low, k),
        count.high,
        verdict,
        count.level,
        labels,
        stability,
        mixture,
        group,
        float(np.quantile(np.concatenate([half.held for half in halves]), OUTSIDE)),
        tuple(halves),
    )


def _part(X: Array, rng: np.random.Generator, most: int) -> Array:
    return X if len(X) <= most else X[rng.choice(len(X), most, replace=False)]


def _both_ways(X: Array, seed: int, number: int) -> list[tuple[Array, Array, np.random.Generator]]:
    """Return halves of the rows to learn from and to hold out, and the reverse."""
    rng = np.random.default_rng([0x6A1, seed % 2**63, number])
    order = rng.permutation(len(X))
    one, two = X[order[: len(X) // 2]], X[order[len(X) // 2 :]]
    return [(one, two, rng), (two, one, rng)]


def _fitted(linked: Linked, part: tuple[Array, Array, np.random.Generator]) -> Half:
    """Turn groups of linked rows into those of the components of a mixture."""
    _, held, rng = part
    mixture, group = linked.mixture(rng)
    logs = log_density(mixture, held[:MOST_TESTED])
    return Half(mixture, group, linked.level, logs, is_linked=True)


def _look(learn: Array, held: Array, rng: np.random.Generator) -> Half:
    """Fit one half, and test the valleys that it shows on the other."""
    mixture = choose_mixture(learn[:MOST_FITTED], rng)
    held = held[:MOST_TESTED]
    found = _valleys(mixture, held)
    cut = [edge for edge, one in found.items() if not one.is_filled]
    joined = [edge for edge, one in found.items() if one.is_filled]
    group = _components(mixture.n_components, [*joined, *_shallow(mixture)])
    level = _joint_level([one.level for one in found.values()]) if cut else 1.0
    return Half(mixture, group, level, log_density(mixture, held), found)


def _joint_level(levels: list[float]) -> float:
    """Return the level of some valleys together: Fisher's sum of logs, or the least of them.

    Source
    ------
    Fisher (1932), section 21.1; Bonferroni for the two ways and for the least.
    """
    logs = -np.log(np.maximum(levels, 1e-300)).sum()
    return float(min(1.0, 2 * min(gammaincc(len(levels), logs), min(levels) * len(levels))))


def _valleys(mixture: GaussianMix, X: Array) -> dict[tuple[int, int], Valley]:
    """Return the valleys that part components, one for each way from a group to the next."""
    ratios = ridge_ratios(mixture)
    mine = likeliest_components(mixture, X)
    edges = [edge for edge in _spanning(ratios) if ratios[edge] <= SHALLOW]
    return {edge: valley(mixture, edge, X[np.isin(mine, edge)]) for edge in edges}


def _shallow(mixture: GaussianMix) -> list[tuple[int, int]]:
    ratios = ridge_ratios(mixture)
    return [edge for edge in _spanning(ratios) if ratios[edge] > SHALLOW]


def _spanning(ratios: Array) -> list[tuple[int, int]]:
    """Return the pairs of components along which the density falls least, and that reach all."""
    one, two = np.triu_indices(len(ratios), 1)
    group = np.arange(len(ratios))
    edges = []
    for pair in np.argsort(-ratios[one, two], kind="stable"):
        a, b = int(one[pair]), int(two[pair])
        if group[a] != group[b]:
            group[group == group[b]] = group[a]
            edges.append((a, b))
    return edges


def _components(n: int, edges: list[tuple[int, int]]) -> Array:
    """Return the group of each of n components, those that edges join being one."""
    group = np.arange(n)
    for a, b in edges:
        group[group == group[b]] = group[a]
    return np.asarray(np.unique(group, return_inverse=True)[1])


def _join(mixture: GaussianMix, X: Array, k: int) -> Array:
    """Return the group of each component: k - 1 valleys part them, the deepest of the ridges."""
    mine = likeliest_components(mixture, X)
    ratios = ridge_ratios(mixture)
    edges = _spanning(ratios)
    depth = {edge: valley(mixture, edge, X[np.isin(mine, edge)]).depth for edge in edges}
    # A ridge that hardly falls parts nothing while others do, whatever few rows say.
    edges.sort(key=lambda edge: (ratios[edge] > SHALLOW, depth[edge]))
    return _components(mixture.n_components, edges[k - 1 :])
