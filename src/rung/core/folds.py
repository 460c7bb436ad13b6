"""Cut the training rows into folds that every family shares."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rung.errors import DataError, UsageError
from rung.typing import Array

INNER_PARTS = 5


@dataclass(frozen=True)
class Split:
    """Row indices to train on, and the rows to predict."""

    train: Array
    test: Array
    repeat: int = 0


@dataclass(frozen=True)
class Folds:
    """Hold the splits of a run, as index sets, and every inner split that nests in them.

    An *atom* is a set of rows that share membership in every training set, outer and inner; a
    Gram matrix or a count of a training set is a sum over atoms, never total minus fold.

    Attributes
    ----------
    splits : tuple of Split
        Outer splits. Row indices are sorted.
    atom : ndarray of int, shape (n_rows,)
        Atom of each row.
    in_train : ndarray of bool, shape (n_splits, n_atoms)
        Whether the atom belongs to the split's training set.
    inner_pairs : tuple of tuple of (ndarray of bool, ndarray of bool)
        For each split, then once more for all rows: (training atoms, test atoms) of its inner
        splits, each mask of shape (n_atoms,). All lie inside the split's training set.
    kind : str
        `random`, `stratified`, `grouped`, `time`, `space` or `given`.
    usable : ndarray of bool, shape (n_atoms,), or None
        Atoms that a model of all rows trains on; None for all, as where nothing was thinned out.
    """

    splits: tuple[Split, ...]
    atom: Array
    in_train: Array
    inner_pairs: tuple[tuple[tuple[Array, Array], ...], ...]
    kind: str = "random"
    usable: Array | None = None

    @property
    def n_rows(self) -> int:
        """Number of rows that the folds divide."""
        return len(self.atom)

    @property
    def n_atoms(self) -> int:
        """Number of atoms."""
        return int(self.in_train.shape[1])

    @cached_property
    def n_folds(self) -> int:
        """Number of splits in one repeat: the k of every formula."""
        return sum(split.repeat == 0 for split in self.splits)

    @cached_property
    def n_repeats(self) -> int:
        """Number of repeats."""
        return max(split.repeat for split in self.splits) + 1

    @cached_property
    def fingerprint(self) -> str:
        """Digest of all outer index sets: 16 hexadecimal digits."""
        digest = hashlib.blake2b(digest_size=8)
        for split in self.splits:
            for rows in (split.train, split.test):
                digest.update(len(rows).to_bytes(8, "little"))
                digest.update(rows.astype("<i8").tobytes())
        return digest.hexdigest()

    @cached_property
    def scored(self) -> Array:
        """Rows that some split holds out, sorted; time folds leave the first window out."""
        return np.unique(np.concatenate([split.test for split in self.splits]))

    def atom_rows(self, mask: Array) -> Array:
        """Return the sorted rows of the atoms in `mask`."""
        return np.flatnonzero(mask[self.atom])

    def inner(self, split: int | None) -> tuple[Split, ...]:
        """Return the splits that lie inside the training rows of one split.

        Parameters
        ----------
        split : int or None
            Index into `splits`; None for all rows, as the final model needs.

        Returns
        -------
        tuple of Split
            The first one is what costly families use alone.
        """
        pairs = self.inner_pairs[-1 if split is None else split]
        return tuple(Split(self.atom_rows(train), self.atom_rows(test)) for train, test in pairs)

    def held_out_parts(self, mask: Array) -> tuple[Array, ...]:
        """Cut a set of atoms into held-out parts of one repeat; none where it is no union of such.

        Parameters
        ----------
        mask : ndarray of bool, shape (n_atoms,)
            The set.
        """
        for parts in self._held_out:
            own = tuple(part for part in parts if mask[part.argmax()])
            if own and np.array_equal(np.logical_or.reduce(own), mask):
                return own
        return ()

    @cached_property
    def _held_out(self) -> tuple[tuple[Array, ...], ...]:
        """Return the atoms that each split holds out, one tuple a repeat."""
        out: list[list[Array]] = [[] for _ in range(self.n_repeats)]
        for split in self.splits:
            mask = np.zeros(self.n_atoms, dtype=bool)
            mask[self.atom[split.test]] = True
            out[split.repeat].append(mask)
        return tuple(tuple(parts) for parts in out)

    def train_mask(self, split: int | None) -> Array:
        """Return which atoms a split trains on; all that may be trained on for None."""
        if split is not None:
            return np.asarray(self.in_train[split])
        return np.ones(self.n_atoms, dtype=bool) if self.usable is None else self.usable


def default_n_folds(n_units: int) -> int:
    """Return ten folds below 2,000 units, five from there on."""
    return 10 if n_units < 2_000 else 5


def deal(keys: Sequence[bytes], strata: Array, sizes: Array, *, n_folds: int, seed: int) -> Array:
    """Deal keys into folds, balanced within each stratum.

    Keys are taken stratum by stratum in the order of a hash, and each goes to the fold that has
    the fewest rows of its stratum so far (then the fewest rows at all, then the lowest number);
    with keys of one row each this is dealing round-robin.

    Parameters
    ----------
    keys : sequence of bytes
        Distinct keys: units that must not be cut.
    strata : ndarray of int, shape (n_keys,)
        Class of each key; zeros for none.
    sizes : ndarray of int, shape (n_keys,)
        Rows of each key.
    n_folds, seed : int
        Folds to deal into; seed of the hash.

    Returns
    -------
    ndarray of int, shape (n_keys,)
        Fold of each key.
    """
    prefix = b"folds" + int(seed).to_bytes(8, "little", signed=True)
    ranks = [hashlib.blake2b(prefix + key, digest_size=8).digest() for key in keys]
    order = sorted(range(len(keys)), key=lambda i: (strata[i], ranks[i], keys[i]))
    fold = np.zeros(len(keys), dtype=np.int64)
    total = [0] * n_folds
    filled = [0] * n_folds
    stratum = None
    for i in order:
        if strata[i] != stratum:
            stratum, filled = strata[i], [0] * n_folds
        chosen = min(range(n_folds), key=lambda j: (filled[j], total[j], j))
        fold[i] = chosen
        filled[chosen] += int(sizes[i])
        total[chosen] += int(sizes[i])
    return fold


def partition_folds(fold: Array, *, kind: str = "random", units: Array | None = None) -> Folds:
    """Make folds from fold numbers; in each repeat every row is held out once.

    Parameters
    ----------
    fold : ndarray of int, shape (n_rows,) or (n_rows, n_repeats)
        Fold of each row, 0 to k - 1, for each repeat.
    kind : str
        What the folds honour.
    units : ndarray of int, shape (n_rows,), optional
        Rows of one unit are never cut by an inner split; needed for two folds only, where
        inner splits cannot reuse the outer ones.

    Raises
    ------
    DataError
        If a repeat has fewer than two folds.

    Examples
    --------
    >>> folds = partition_folds(np.array([0, 1, 2, 0, 1, 2]))
    >>> folds.splits[0].test.tolist(), folds.inner(0)[0].test.tolist()
    ([0, 3], [1, 4])
    """
    columns = np.asarray(fold).reshape(len(fold), -1)
    splits: list[Split] = []
    for repeat in range(columns.shape[1]):
        numbers = np.unique(columns[:, repeat])
        if len(numbers) < 2:
            raise DataError(
                f"folds need at least 2 groups of rows to hold out, the data give {len(numbers)}",
                "add rows, or declare a finer group",
            )
        for number in numbers:
            is_test = columns[:, repeat] == number
            splits.append(Split(np.flatnonzero(~is_test), np.flatnonzero(is_test), repeat))
    if len(splits) // columns.shape[1] == 2:
        return _split_atoms(splits, kind, n_rows=len(columns), units=units)
    membership, atom = np.unique(columns, axis=0, return_inverse=True)
    n_folds = len(splits) // columns.shape[1]
    held = np.array(
        [membership[:, s.repeat] == membership[atom.ravel()[s.test[0]], s.repeat] for s in splits]
    )
    inner = []
    for i, split in enumerate(splits):
        first = split.repeat * n_folds
        others = [first + j for j in inner_order(i - first, n_folds)]
        inner.append(tuple((~held[i] & ~held[j], ~held[i] & held[j]) for j in others))
    inner.append(tuple((~held[j], held[j]) for j in range(n_folds)))
    return Folds(tuple(splits), atom.ravel(), ~held, tuple(inner), kind)


def inner_order(fold: int, n_folds: int) -> list[int]:
    """Return the other folds in the order in which they are held out inside a training set.

    Neighbours, 0 and 1, 2 and 3, hold out each other first: what is learned without both serves
    both. The last of an odd number turns to fold 0.
    """
    partner = fold ^ 1 if fold ^ 1 < n_folds else 0
    turn = [(fold + j) % n_folds for j in range(1, n_folds)]
    return [partner, *(other for other in turn if other != partner)]


def time_folds(window: Array) -> Folds:
    """Make folds that train on the past only.

    Parameters
    ----------
    window : ndarray of int, shape (n_rows,)
        Number of the row's time window, 0 (earliest) to 2k + 1, two half windows to a fold:
        split i trains on half windows below 2(i + 1) and is tested on the next two.

    Returns
    -------
    Folds
        The first window is never held out.
    """
    n_atoms = int(window.max()) + 1
    starts = range(2, n_atoms, 2)
    in_train = np.array([[a < start for a in range(n_atoms)] for start in starts])
    splits = tuple(
        Split(
            np.flatnonzero(window < start),
            np.flatnonzero((window >= start) & (window < start + 2)),
        )
        for start in starts
    )
    inner = tuple(_past_only(start, n_atoms) for start in [*starts, n_atoms])
    return Folds(splits, window.astype(np.int64), in_train, inner, "time")


def given_folds(pairs: Iterable[tuple[Array, Array]], n_rows: int, units: Array) -> Folds:
    """Make folds from index pairs, as scikit-learn's splitters give them.

    Parameters
    ----------
    pairs : iterable of (train, test)
        Row indices of each split.
    n_rows : int
        Number of rows.
    units : ndarray of int, shape (n_rows,)
        Rows of one unit are never cut by an inner split.

    Raises
    ------
    UsageError
        If there are no splits, or a split trains on rows that it tests.
    """
    splits: list[Split] = []
    times_tested = np.zeros(n_rows, dtype=np.int64)
    for train, test in pairs:
        train, test = np.sort(np.asarray(train)), np.sort(np.asarray(test))
        if len(np.intersect1d(train, test)) or not len(train) or not len(test):
            raise UsageError(
                f"split {len(splits)} of folds= has {len(train)} training and {len(test)} test "
                "rows, some of them in both or none in one",
                "give a splitter whose training and test rows are disjoint and not empty",
            )
        splits.append(Split(train, test, repeat=int(times_tested[test].max())))
        times_tested[test] += 1
    if not splits:
        raise UsageError("folds= gave no splits", "give a splitter that yields at least one")
    chosen = tuple(splits)
    if all(n == 1 for n in times_tested) and len(chosen) > 2 and _is_partition(chosen, n_rows):
        fold = np.zeros(n_rows, dtype=np.int64)
        for i, split in enumerate(chosen):
            fold[split.test] = i
        return partition_folds(fold, kind="given")
    return _split_atoms(chosen, "given", n_rows=n_rows, units=units)


def _is_partition(splits: Sequence[Split], n_rows: int) -> bool:
    return all(len(split.train) + len(split.test) == n_rows for split in splits)


def _split_atoms(splits: Sequence[Split], kind: str, *, n_rows: int, units: Array | None) -> Folds:
    """Make atoms fine enough to hold out parts inside any training set."""
    part = (np.arange(n_rows) if units is None else units) % INNER_PARTS
    member = np.zeros((n_rows, len(splits) + 2), dtype=np.int64)
    for i, split in enumerate(splits):
        member[split.train, i] = 1
    member[:, -2] = part
    if any(len(np.unique(part[split.train])) < 2 for split in splits):
        member[:, -1] = np.arange(n_rows) % INNER_PARTS
    distinct, atom = np.unique(member, axis=0, return_inverse=True)
    in_train = distinct[:, :-2].T.astype(bool)
    masks = [*in_train, np.ones(len(distinct), dtype=bool)]
    inner = tuple(_inner_pairs(mask, *distinct[:, -2:].T) for mask in masks)
    return Folds(tuple(splits), atom.ravel(), in_train, inner, kind)


def _inner_pairs(mask: Array, units: Array, rows: Array) -> tuple[tuple[Array, Array], ...]:
    """Hold out parts of units; parts of rows where one group alone is there to choose settings on."""
    parts = units if len(np.unique(units[mask])) > 1 else rows
    pairs = ((mask & (parts != p), mask & (parts == p)) for p in range(INNER_PARTS))
    return tuple((train, test) for train, test in pairs if train.any() and test.any())


def _past_only(stop: int, n_atoms: int) -> tuple[tuple[Array, Array], ...]:
    """Hold out each half window below `stop` after the first, latest first."""
    index = np.arange(n_atoms)
    return tuple((index < j, index == j) for j in range(stop - 1, 0, -1))
