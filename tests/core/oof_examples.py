"""Build small matrices of out-of-fold predictions."""

import numpy as np

from rung.core.folds import partition_folds
from rung.core.out_of_fold import OutOfFold

STEPS = {"constant": 0, "one": 10, "linear": 20, "wild": 40}


def regression(n=120, *, seed=0, n_folds=5, weight=None, unit=None, scale=1.0, shift=0.0):
    """Return a regression with four families of known quality."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    y = scale * (2 * x + rng.normal(size=n)) + shift
    splits = partition_folds(np.arange(n) % n_folds).splits
    outputs = {
        "constant": lambda s: np.full(len(s.test), y[s.train].mean()),
        "one": lambda s: scale * 1.2 * x[s.test] + shift,
        "linear": lambda s: scale * 2.0 * x[s.test] + shift,
        "wild": lambda s: scale * (2.0 * x[s.test] + 0.8 * np.sin(9 * x[s.test])) + shift,
    }
    predictions = {f: tuple(make(s)[:, None] for s in splits) for f, make in outputs.items()}
    unit = np.arange(n) if unit is None else unit
    return OutOfFold("regression", y, splits, predictions, unit, weight=weight)


def classification(n=150, *, n_classes=2, seed=0, n_folds=5, weight=None, unit=None):
    """Return a classification with three families of known quality."""
    rng = np.random.default_rng(seed)
    signal = rng.normal(size=(n, n_classes))
    y = (signal + rng.gumbel(size=(n, n_classes))).argmax(axis=1)
    fold = np.empty(n, dtype=int)
    fold[np.argsort(y, kind="stable")] = np.arange(n) % n_folds
    splits = partition_folds(fold).splits
    share = np.bincount(y, minlength=n_classes) / n
    outputs = {
        "constant": lambda s: np.tile(share, (len(s.test), 1)),
        "one": lambda s: softmax(0.5 * signal[s.test]),
        "linear": lambda s: softmax(signal[s.test]),
    }
    predictions = {f: tuple(make(s) for s in splits) for f, make in outputs.items()}
    classes = tuple(f"class {i}" for i in range(n_classes))
    unit = np.arange(n) if unit is None else unit
    task = "binary" if n_classes == 2 else "multiclass"
    return OutOfFold(task, y, splits, predictions, unit, classes=classes, weight=weight)


def softmax(z):
    """Return probabilities of rows."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def in_row_order(oof, family):
    """Return the predictions of a partition as one array, shape (n_rows, n_outputs)."""
    first = oof.predictions[family][0]
    rows = np.zeros((len(oof.y), first.shape[1]))
    for split, array in zip(oof.splits, oof.predictions[family], strict=True):
        rows[split.test] = array
    return rows
