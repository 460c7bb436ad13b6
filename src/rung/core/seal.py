"""Choose the rows that nobody touches until the end, by a hash of what they are."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from rung.core.dataset import Dataset
from rung.core.findings import Finding
from rung.core.keys import KeyColumn, Keys, find_keys, key_bytes, key_column
from rung.errors import DataError
from rung.typing import Array, Role

TRIES = 100
SHARE_TOLERANCE = 0.20
LARGE_KEY = 0.05
LARGE_KEY_ROWS = 20
FEWEST_TEST_ROWS = 30
FEWEST_TEST_ROWS_OF_A_CLASS = 5
HASH_RANGE = 2.0**64
OPTIONS = {"time": "--time", "grouped": "--groups", "sphere": "--space", "plane": "--space"}
LARGEST_SEED = 2**62


@dataclass(frozen=True)
class Seal:
    """Hold all that is needed to find the sealed rows again, in this file or a grown one.

    Attributes
    ----------
    kind : str
        `random` (by row), `grouped`, `time`, `sphere` or `plane` (by block), or `none` if nothing
        is sealed; `lines` and `stream` for text, where the hash is that of `rung.text.hashing`.
    seed, t : int
        A row is sealed if BLAKE2b(seed, t, key) / 2^64 < fraction.
    fraction : float
        Share of rows wanted.
    columns : tuple of KeyColumn
        Columns that make up the key.
    spread : tuple of str
        Digests of keys that hold too many rows to stay together: their rows are dealt one by
        one, by their whole content and occurrence.
    cutoff : float or None
        For `time`: rows at or after it are sealed; for `sphere` and `plane`: the size of blocks.
    reason : str
        Why nothing is sealed, where that is so.
    """

    kind: Literal["random", "grouped", "time", "sphere", "plane", "none", "lines", "stream"]
    seed: int
    fraction: float
    t: int = 0
    columns: tuple[KeyColumn, ...] = ()
    spread: tuple[str, ...] = ()
    cutoff: float | None = None
    reason: str = ""


@dataclass(frozen=True)
class Sealing:
    """The seal, the rows it closes, the keys that hold rows together, and what to tell."""

    seal: Seal
    is_test: Array
    keys: Keys
    findings: tuple[Finding, ...] = ()


def key_columns(
    dataset: Dataset, *, target: str, identifiers: Collection[str]
) -> tuple[KeyColumn, ...]:
    """Return the columns of a row's key.

    Parameters
    ----------
    dataset : Dataset
        All rows that have a target, with their roles.
    target : str
        Name of the target column.
    identifiers : collection of str
        Columns that were found to be identifiers, whether or not they were made features.

    Returns
    -------
    tuple of KeyColumn
        A declared group alone; else all columns but the target, weight and identifiers,
        whichever of them are features. Columns without any value are left out, as they can turn
        out to be of another kind when the file grows.
    """
    groups = [column for column in dataset.columns if column.role == "group"]
    if groups:
        return tuple(key_column(column) for column in groups)
    return tuple(
        key_column(column)
        for column in dataset.columns
        if column.name not in (target, *identifiers)
        and column.role != "weight"
        and _has_values(dataset, column.name)
    )


def _has_values(dataset: Dataset, name: str) -> bool:
    values = dataset.values[name]
    return bool((values >= 0).any() if values.dtype.kind == "i" else np.isfinite(values).any())


def hash_share(seed: int, t: int, key: bytes) -> float:
    """Return BLAKE2b(seed, t, key) as a number in [0, 1).

    Examples
    --------
    >>> 0 <= hash_share(0, 0, b"row") < 1
    True
    """
    prefix = int(seed).to_bytes(8, "little", signed=True) + int(t).to_bytes(4, "little")
    digest = hashlib.blake2b(prefix + key, digest_size=8).digest()
    return int.from_bytes(digest, "little") / HASH_RANGE


def find_row_keys(
    dataset: Dataset,
    columns: Sequence[KeyColumn],
    digests: Sequence[bytes],
    *,
    spread: Sequence[str] | None,
) -> tuple[Keys, tuple[str, ...]]:
    """Find the key of every row, spreading keys that hold more than 5 % of the rows.

    Parameters
    ----------
    dataset : Dataset
        All rows, in content order.
    columns : sequence of KeyColumn
        Columns of the key.
    digests : sequence of bytes
        Content digest of each row.
    spread : sequence of str or None
        Digests of the keys to spread, from a seal; None to find them.

    Returns
    -------
    Keys, tuple of str
        The keys after spreading, and the digests of those that were spread.
    """
    plain = key_bytes(dataset, columns)
    if spread is None:
        keys = find_keys(plain)
        # a handful of equal rows stays together however small the table is
        limit = max(LARGE_KEY * dataset.n_rows, LARGE_KEY_ROWS)
        large = [keys.distinct[i] for i in np.flatnonzero(keys.sizes > limit)]
        spread = sorted(_name(key) for key in large)
    if not spread:
        return find_keys(plain), ()
    wanted = set(spread)
    is_large = {key: _name(key) in wanted for key in set(plain)}
    seen: dict[bytes, int] = {}
    rows = list(plain)
    for i, key in enumerate(plain):
        if is_large[key]:
            # equal rows are told apart by their occurrence, others by their content: a row
            # keeps its key when the file is reordered or grows
            occurrence = seen.get(digests[i], 0)
            seen[digests[i]] = occurrence + 1
            rows[i] = key + digests[i] + occurrence.to_bytes(8, "little")
    return find_keys(rows), tuple(spread)


def _name(key: bytes) -> str:
    return hashlib.blake2b(key, digest_size=16).hexdigest()


def seal_rows(
    dataset: Dataset,
    labels: Array | None,
    *,
    columns: tuple[KeyColumn, ...],
    fraction: float,
    seed: int,
    digests: Sequence[bytes],
) -> Sealing:
    """Choose the rows to seal.

    Parameters
    ----------
    dataset : Dataset
        All rows that have a target, in content order, with their roles.
    labels : ndarray of int, shape (n_rows,), or None
        Class of each row; None for regression.
    columns : tuple of KeyColumn
        Columns of the key, from `key_columns`.
    fraction : float in [0, 1)
        Share of rows to seal; 0 seals nothing.
    seed : int
        Seed of the hash.
    digests : sequence of bytes
        Content digest of each row.

    Returns
    -------
    Sealing
        Where too few rows, or too few of a class, would be sealed, nothing is, with the reason.
    """
    time, group = _declared(dataset, "time"), _declared(dataset, "group")
    keys, spread = _keys_now(dataset, columns, digests)
    findings = _spread_finding(keys, spread, dataset.n_rows)
    if fraction == 0:
        reason = "sealing was switched off (test fraction 0)"
        seal = Seal("none", seed, fraction, columns=columns, spread=spread, reason=reason)
        return Sealing(seal, np.zeros(dataset.n_rows, dtype=bool), keys, findings)
    if time:
        seal, is_test = _seal_time(dataset, time, seed=seed, fraction=fraction)
    else:
        t, is_test, said = first_good_try(keys, labels, fraction=fraction, seed=seed)
        seal = Seal("grouped" if group else "random", seed, fraction, t, columns, spread)
        findings += said
    return with_enough_rows(Sealing(seal, is_test, keys, findings), labels)


def _declared(dataset: Dataset, role: Role) -> str:
    """Return the names of the columns that have a role, as typed; empty if none has."""
    return ",".join(column.name for column in dataset.columns if column.role == role)


def replay(
    seal: Seal,
    dataset: Dataset,
    labels: Array | None,
    *,
    columns: tuple[KeyColumn, ...],
    digests: Sequence[bytes],
) -> Sealing:
    """Seal the rows that an earlier seal closes, in the same file or a grown one.

    Parameters as in `seal_rows`; its columns make the keys where the seal is not by keys.

    Raises
    ------
    DataError
        If a column of the seal is absent, its values are of another kind now, or the seal heeds
        another group or time than this run.
    """
    if seal.kind in ("lines", "stream"):
        raise DataError(
            f"the seal is that of a text read as {seal.kind}, and this is a table",
            "drop --seal: equal lines are sealed again without it",
        )
    for wanted in seal.columns:
        found = {column.name: key_column(column) for column in dataset.columns}.get(wanted.name)
        if found != wanted:
            seen = "absent" if found is None else f"read as {found.form}"
            raise DataError(
                f"the seal needs column {wanted.name!r} as {wanted.form}; in this table it is {seen}",
                "give the table that was sealed (rows may have been added), or drop --seal",
            )
    if seal.kind == "none":
        nothing = np.zeros(dataset.n_rows, dtype=bool)
        return Sealing(seal, nothing, _keys_now(dataset, columns, digests)[0])
    _check_declared(seal, dataset)
    if seal.kind == "time":
        is_test = dataset.values[seal.columns[0].name] >= seal.cutoff
        return with_enough_rows(
            Sealing(seal, is_test, _keys_now(dataset, columns, digests)[0]), labels
        )
    keys, _ = find_row_keys(dataset, seal.columns, digests, spread=seal.spread)
    is_test = closed_rows(keys, seal.seed, seal.t, seal.fraction)
    return with_enough_rows(Sealing(seal, is_test, keys), labels)


def _keys_now(
    dataset: Dataset, columns: tuple[KeyColumn, ...], digests: Sequence[bytes]
) -> tuple[Keys, tuple[str, ...]]:
    """Return the keys of a table that has no seal yet, and those that were spread."""
    is_whole = _declared(dataset, "group") or _declared(dataset, "time")
    return find_row_keys(dataset, columns, digests, spread=() if is_whole else None)


def _check_declared(seal: Seal, dataset: Dataset) -> None:
    """Refuse a run that holds other rows together than its seal does."""
    time, group = (_declared(dataset, role) for role in ("time", "group"))
    by_run = f"--time {time}" if time else f"--groups {group}" if group else "neither"
    option = OPTIONS.get(seal.kind)
    by_seal = f"{option} {','.join(c.name for c in seal.columns)}" if option else "neither"
    if by_run != by_seal:
        raise DataError(
            f"of --groups and --time the seal heeds {by_seal}, and this run {by_run}",
            f"ask for {by_seal}, or drop --seal",
        )


def closed_rows(keys: Keys, seed: int, t: int, fraction: float) -> Array:
    """Return the rows whose keys a hash closes, a mask of shape (n_rows,)."""
    closed = [hash_share(seed, t, key) < fraction for key in keys.distinct]
    return np.array(closed, dtype=bool)[keys.of_row]


def first_good_try(
    keys: Keys, labels: Array | None, *, fraction: float, seed: int
) -> tuple[int, Array, tuple[Finding, ...]]:
    """Take the first t whose test has its share of rows and of every class, else the nearest."""
    n_rows = len(keys.of_row)
    nearest: tuple[float, int, Array] | None = None
    for t in range(TRIES):
        is_test = closed_rows(keys, seed, t, fraction)
        share_off = abs(is_test.sum() / (fraction * n_rows) - 1.0)
        classes_off = _class_shortfall(is_test, labels, fraction)
        if share_off <= SHARE_TOLERANCE and classes_off == 0:
            return t, is_test, ()
        distance = share_off + classes_off
        if nearest is None or distance < nearest[0]:
            nearest = (distance, t, is_test)
    assert nearest is not None
    (_, t, is_test), share = nearest, nearest[2].mean()
    finding = Finding(
        "uneven_seal",
        "warning",
        (),
        f"no way of sealing whole keys gave a test of {fraction:.0%} of the rows with half of "
        f"every class's share; the nearest of {TRIES} holds {share:.1%}",
        "declare a finer group, or another --test-fraction",
    )
    return t, is_test, (finding,)


def _class_shortfall(is_test: Array, labels: Array | None, fraction: float) -> float:
    """Return how far the worst class falls short of half its expected test rows, 0 to 1."""
    if labels is None:
        return 0.0
    counts = np.bincount(labels)
    in_test = np.bincount(labels[is_test], minlength=len(counts))
    is_large = counts >= FEWEST_TEST_ROWS_OF_A_CLASS / fraction
    wanted = 0.5 * fraction * counts[is_large]
    if not len(wanted):
        return 0.0
    return float(np.maximum(1.0 - in_test[is_large] / wanted, 0.0).max())


def _seal_time(dataset: Dataset, name: str, *, seed: int, fraction: float) -> tuple[Seal, Array]:
    """Seal the last fraction of the distinct times."""
    values = dataset.values[name]
    distinct = np.unique(values)
    n_test = max(int(np.floor(fraction * len(distinct))), 1)
    cutoff = float(distinct[-n_test])
    columns = (key_column(dataset.column(name)),)
    return Seal("time", seed, fraction, columns=columns, cutoff=cutoff), values >= cutoff


def with_enough_rows(sealing: Sealing, labels: Array | None) -> Sealing:
    """Open the seal at once, and say so, where it holds too few rows to say anything."""
    seal, is_test = sealing.seal, sealing.is_test
    if not (reason := _too_few(is_test, labels, seal.fraction)):
        return sealing
    finding = Finding(
        "nothing_sealed",
        "warning",
        (),
        f"no rows are sealed for a final test: {reason}",
        "read the out-of-fold scores as the result; more rows, or a larger --test-fraction, "
        "allow a sealed test",
    )
    empty = Seal("none", seal.seed, seal.fraction, seal.t, seal.columns, seal.spread, None, reason)
    return Sealing(empty, np.zeros_like(is_test), sealing.keys, (*sealing.findings, finding))


def _too_few(is_test: Array, labels: Array | None, fraction: float) -> str:
    n_test = int(is_test.sum())
    if n_test < FEWEST_TEST_ROWS:
        return f"the test would have {n_test} rows, {FEWEST_TEST_ROWS} are the fewest"
    if n_test > len(is_test) - 2:
        return f"the test would have {n_test} of {len(is_test)} rows, too few would train"
    if labels is None:
        return ""
    counts = np.bincount(labels)
    in_test = np.bincount(labels[is_test], minlength=len(counts))
    is_large = counts >= FEWEST_TEST_ROWS_OF_A_CLASS / fraction
    if is_large.any() and in_test[is_large].min() < FEWEST_TEST_ROWS_OF_A_CLASS:
        return (
            f"a class of {int(counts[is_large][in_test[is_large].argmin()])} rows would have "
            f"{int(in_test[is_large].min())} in the test, {FEWEST_TEST_ROWS_OF_A_CLASS} are the fewest"
        )
    return ""


def _spread_finding(keys: Keys, spread: Sequence[str], n_rows: int) -> tuple[Finding, ...]:
    if not spread:
        return ()
    return (
        Finding(
            "large_key",
            "warning",
            (),
            f"{len(spread)} pattern(s) of feature values hold more than {LARGE_KEY:.0%} of the "
            f"{n_rows} rows each; their rows are dealt one by one, so equal rows stand on both "
            "sides of the test",
            "declare a group (--groups) if these rows belong together",
        ),
    )
