"""Make folds whose training rows keep a distance from the rows that are held out."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from rung.core.folds import Folds, Split, inner_order
from rung.errors import DataError
from rung.typing import Array

FEWEST_TRAINING_ROWS = 10
Near = Callable[[Array], Array]


def buffered_folds(fold: Array, near: Near, *, kind: str, buffer_text: str) -> Folds:
    """Make folds from fold numbers; rows too near to held-out ones leave the training set.

    What holds of the outer splits holds of the inner ones: an inner split of fold i that holds out
    fold j trains on rows that are far from both.

    Parameters
    ----------
    fold : ndarray of int, shape (n_rows,) or (n_rows, n_repeats)
        Fold of each row, 0 to k - 1, for each repeat.
    near : function
        From held-out rows, a mask (n_rows,), to all rows that are too near, themselves included.
    kind : str
        What the folds honour.
    buffer_text : str
        The distance with its unit, for messages.

    Raises
    ------
    DataError
        If a fold keeps too few rows to train on, or none to choose settings on.

    Examples
    --------
    >>> place = np.arange(60)
    >>> near = lambda held: np.abs(place[:, None] - place[held]).min(axis=1) < 3
    >>> folds = buffered_folds(place // 20, near, kind="space", buffer_text="3")
    >>> [int(split.train.min()) for split in folds.splits]
    [22, 0, 0]
    """
    columns = np.asarray(fold).reshape(len(fold), -1)
    if any(len(np.unique(numbers)) < 3 for numbers in columns.T):
        raise DataError(
            f"a buffer of {buffer_text} needs 3 folds or more: settings are chosen on a fold held "
            "out of the others",
            "give more --folds or smaller blocks, or leave out --buffer",
        )
    held, train, repeats = [], [], []
    for repeat, numbers in enumerate(columns.T):
        for number in np.unique(numbers):
            held.append(numbers == number)
            train.append(~near(held[-1]))
            repeats.append(repeat)
    _check_training(train, buffer_text)
    member = np.column_stack([columns, *train]).astype(np.int64)
    atom = np.unique(member, axis=0, return_inverse=True)[1].ravel()
    first = np.unique(atom, return_index=True)[1]
    splits = tuple(
        Split(np.flatnonzero(a), np.flatnonzero(b), repeat)
        for a, b, repeat in zip(train, held, repeats, strict=True)
    )
    in_train, is_held = np.array(train)[:, first], np.array(held)[:, first]
    inner = _nested(in_train, is_held, repeats)
    if not all(inner):
        raise DataError(
            f"a buffer of {buffer_text} leaves a fold no rows to choose settings on",
            "give a smaller --buffer, smaller blocks, or fewer --folds",
        )
    return Folds(splits, atom, in_train, inner, kind)


def _check_training(train: list[Array], buffer_text: str) -> None:
    fewest = min(int(rows.sum()) for rows in train)
    if fewest < FEWEST_TRAINING_ROWS:
        raise DataError(
            f"a buffer of {buffer_text} leaves {fewest} rows to train on in some fold; "
            f"{FEWEST_TRAINING_ROWS} are the fewest",
            "give a smaller --buffer, smaller blocks, or more --folds",
        )


def _nested(
    in_train: Array, is_held: Array, repeats: list[int]
) -> tuple[tuple[tuple[Array, Array], ...], ...]:
    """Hold out the other folds of a repeat inside each training set, then each fold of the first."""
    n_folds = repeats.count(0)
    out = []
    for i, repeat in enumerate(repeats):
        first = repeat * n_folds
        others = [first + j for j in inner_order(i - first, n_folds)]
        out.append(not_empty((in_train[i] & in_train[j], in_train[i] & is_held[j]) for j in others))
    out.append(not_empty((in_train[j], is_held[j]) for j in range(n_folds)))
    return tuple(out)


def not_empty(pairs: Iterable[tuple[Array, Array]]) -> tuple[tuple[Array, Array], ...]:
    """Return the pairs of masks that hold something on both sides."""
    return tuple((train, test) for train, test in pairs if train.any() and test.any())
