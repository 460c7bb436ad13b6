"""Find groups of any shape: pieces that single linkage keeps apart, tested on other rows.

Rows are linked, nearest first. Where two pieces of many rows meet, the surface halfway between them
is followed to its densest place, the passage. Other rows are then counted about the passage and
about the dense places of either piece: a density without a valley has at least as many at some
place of the surface as in the emptier piece.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.cluster.hierarchy import linkage
from scipy.spatial.distance import cdist, squareform
from scipy.special import betainc

from rung.density.gaussians import GaussianMix
from rung.groups.starts import choose_mixture
from rung.typing import Array

MOST_LINKED = 1_000
NEAREST = 6  # the distance to which of its neighbours tells how dense it is about a row
FEWEST_IN_PIECE = 10
LEAST_SHARE = 0.1  # of the rows that a piece has at least
MOST_CUTS = 8  # emptiest, that are looked at
MOST_PLACES = 400  # of a surface, where the pieces are closest
RADII = (1.0, 1.2, 1.4, 1.7, 2.0, 2.4, 2.8, 3.4, 4.0)  # in median distances to that neighbour
SMOOTHING = 0.7  # of the radius, by which the densest place of a surface is found
DENSE = 0.5  # of the rows about the densest place of a piece that another dense place has
SHALLOW = 0.7  # of the rows about a dense place: a valley less deep parts nothing
PARTED = 0.05  # level at which a cut counts


@dataclass(frozen=True)
class Passage:
    """The densest place between two pieces, and what it is compared with.

    Attributes
    ----------
    place : ndarray, shape (1, n_columns)
        Densest of the surface.
    dense : tuple of ndarray, each (n_places, n_columns)
        Dense places of both pieces, two radii from each other.
    radius : float
        Within which rows are counted.
    """

    place: Array
    dense: tuple[Array, Array]
    radius: float

    def level(self, X: Array, more: int = 0) -> float:
        """Return the chance of so few rows about the place if one piece is no denser.

        Parameters
        ----------
        X : ndarray, shape (n_rows, n_columns)
            Rows that had no part in finding the passage: then the binomial test is exact.
        more : int
            Rows to count besides, against hopes that are too high where X had a part.

        Examples
        --------
        >>> beside = (np.array([[-1.0]]), np.array([[1.0], [2.0]]))
        >>> rows = np.repeat([-1.0, 1.0, 2.0], 5)[:, None]
        >>> Passage(np.zeros((1, 1)), beside, 0.5).level(rows) == 0.5**5
        True
        """
        few = self._count(self.place, X) + more
        return max(_level(few, self._count(centres, X), len(centres)) for centres in self.dense)

    def _count(self, centres: Array, X: Array) -> int:
        return int((cdist(centres, X) < self.radius).sum())


def _level(few: int, many: int, n_balls: int) -> float:
    """Return the chance of at most `few` rows in one of n_balls + 1 equal balls."""
    if many == 0 or few * n_balls > SHALLOW * many:
        return 1.0
    return float(betainc(many, few + 1, n_balls / (n_balls + 1)))


@dataclass(frozen=True)
class Linked:
    """Groups of linked rows.

    Attributes
    ----------
    rows : ndarray, shape (n_rows, n_columns)
        That were linked.
    labels : ndarray of int, shape (n_rows,)
        Group of each.
    level : float
        Chance of a passage as empty without groups, on other rows.
    """

    rows: Array
    labels: Array
    level: float

    @property
    def k(self) -> int:
        """Return how many groups there are."""
        return int(self.labels.max()) + 1

    def mixture(self, rng: np.random.Generator) -> tuple[GaussianMix, Array]:
        """Return a mixture whose components each belong to one group, and the group of each."""
        parts = [choose_mixture(self.rows[self.labels == one], rng) for one in range(self.k)]
        shares = np.bincount(self.labels) / len(self.labels)
        joined = GaussianMix(
            np.concatenate(
                [share * part.weights for share, part in zip(shares, parts, strict=True)]
            ),
            np.concatenate([part.means for part in parts]),
            np.concatenate([part.covariances for part in parts]),
        )
        return joined, np.repeat(np.arange(self.k), [part.n_components for part in parts])


def link(learn: Array, held: Array) -> Linked:
    """Find groups of rows, and test on other rows what parts them.

    Parameters
    ----------
    learn, held : ndarray, shape (n_rows, n_columns)
        Rows to link, of which the first `MOST_LINKED` are taken, and others to count.

    Examples
    --------
    >>> cloud = np.random.default_rng(0).normal(size=(200, 2))
    >>> link(cloud[::2], cloud[1::2]).level
    1.0
    >>> two = np.concatenate([cloud, cloud + 9])
    >>> found = link(two[::2], two[1::2])
    >>> found.k, found.level < 1e-6
    (2, True)
    """
    rows = learn[:MOST_LINKED]
    cuts = _cuts(rows)
    if not cuts:
        return Linked(rows, np.zeros(len(rows), int), 1.0)
    levels = [passage.level(held) for _, _, passage in cuts]
    passed = [cut[1] for cut, level in zip(cuts, levels, strict=True) if level <= PARTED]
    return Linked(rows, _labels(rows, passed), levels[0])


def link_into(rows: Array, k: int) -> Linked:
    """Part rows into k groups, or fewer, by the cuts that look emptiest."""
    rows = rows[:MOST_LINKED]
    cuts = _cuts(rows)
    level = cuts[0][0] if cuts else 1.0
    return Linked(rows, _labels(rows, [pieces for _, pieces, _ in cuts[: k - 1]]), level)


Pieces = tuple[Array, Array]


def _cuts(X: Array) -> list[tuple[float, Pieces, Passage]]:
    """Return cuts, that which looks emptiest first: how it looks, its pieces, its passage."""
    if len(X) < 2 * FEWEST_IN_PIECE:
        return []
    apart = cdist(X, X)
    core = np.partition(apart, NEAREST, axis=1)[:, NEAREST]
    found = [
        (*_passage(X, apart, pieces, float(np.median(core))), pieces)
        for pieces in _pieces(apart, core)
    ]
    order = np.argsort([level for level, _, _ in found], kind="stable")
    return [(found[one][0], found[one][2], found[one][1]) for one in order]


def _pieces(apart: Array, core: Array) -> list[Pieces]:
    """Return the pairs of pieces of many rows that single linkage joins, latest first.

    Source
    ------
    Campello, Moulavi & Sander (2013): rows are as far apart as they are, or as their neighbours.
    """
    n = len(apart)
    reach = np.maximum(apart, np.maximum(core[:, None], core))
    np.fill_diagonal(reach, 0)
    tree = linkage(squareform(reach, checks=False), "single")
    members = [np.array([one]) for one in range(n)]
    least = max(FEWEST_IN_PIECE, int(LEAST_SHARE * n))
    found = []
    for a, b, height, _ in tree:
        one, two = members[int(a)], members[int(b)]
        members.append(np.concatenate([one, two]))
        if min(len(one), len(two)) >= least:
            dense = max(np.median(core[one]), np.median(core[two]), 1e-300)
            found.append((height / dense, (one, two)))
    order = np.argsort([-emptiness for emptiness, _ in found], kind="stable")
    return [found[one][1] for one in order[:MOST_CUTS]]


def _passage(X: Array, apart: Array, pieces: Pieces, unit: float) -> tuple[float, Passage]:
    """Return the passage of the radius at which it looks emptiest, and how it looks."""
    nearer = apart[:, pieces[0]].min(axis=1) <= apart[:, pieces[1]].min(axis=1)
    surface = _surface(X, apart, (np.flatnonzero(nearer), np.flatnonzero(~nearer)))
    squares = cdist(surface, X, "sqeuclidean")
    found = []
    for radius in max(unit, 1e-9) * np.array(RADII):
        density = np.exp(-squares / (2 * (SMOOTHING * radius) ** 2)).sum(axis=1)
        place = surface[[int(density.argmax())]]
        one, two = (X[_dense(apart, piece, radius)] for piece in pieces)
        passage = Passage(place, (one, two), float(radius))
        found.append((passage.level(X, more=1), passage))
    return min(found, key=lambda pair: pair[0])


def _surface(X: Array, apart: Array, sides: Pieces) -> Array:
    """Return places halfway between two sides: as far from the third nearest row of both."""
    one, two = sides
    between = apart[np.ix_(one, two)]
    pairs = np.concatenate(
        [
            np.column_stack([one, two[between.argmin(axis=1)]]),
            np.column_stack([one[between.argmin(axis=0)], two]),
        ]
    )
    pairs = np.unique(pairs, axis=0)
    order = np.argsort(apart[pairs[:, 0], pairs[:, 1]], kind="stable")[:MOST_PLACES]
    near, far = X[pairs[order, 0]], X[pairs[order, 1]]
    for _ in range(7):
        middle = (near + far) / 2
        inside = (_third(middle, X[one]) < _third(middle, X[two]))[:, None]
        near, far = np.where(inside, middle, near), np.where(inside, far, middle)
    return np.asarray((near + far) / 2)


def _third(places: Array, X: Array) -> Array:
    return np.asarray(np.partition(cdist(places, X), 2, axis=1)[:, 2])


def _dense(apart: Array, piece: Array, radius: float) -> Array:
    """Return rows of a piece that many are near to, two radii from each other, densest first."""
    inside = apart[np.ix_(piece, piece)]
    counts = (inside < radius).sum(axis=1)
    chosen: list[int] = []
    for one in np.argsort(-counts, kind="stable"):
        if counts[one] < DENSE * counts.max():
            break
        if not chosen or inside[one, chosen].min() >= 2 * radius:
            chosen.append(int(one))
    return np.asarray(piece[chosen])


def _labels(X: Array, cuts: list[Pieces]) -> Array:
    """Return the group of every row, where these cuts part some of them."""
    if not cuts:
        return np.zeros(len(X), int)
    labels = np.full(len(X), -1)
    for one, two in sorted(cuts, key=lambda pieces: -len(pieces[0]) - len(pieces[1])):
        if labels[one[0]] == -1:
            labels[one] = labels.max() + 1
        labels[two] = labels.max() + 1
    known = np.flatnonzero(labels >= 0)
    nearest = known[cdist(X, X[known]).argmin(axis=1)]
    return np.asarray(labels[nearest])
