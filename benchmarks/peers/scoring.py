"""Score predictions on the held rows, with intervals, and compare two tools row by row."""

from __future__ import annotations

import numpy as np

DRAWS, SEED = 2_000, 21
SMALLEST = 1e-15


def row_losses(y: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    """Return squared errors, or log losses where outputs are class probabilities; (n_rows,)."""
    if outputs.shape[1] == 1:
        return (outputs[:, 0] - y) ** 2
    shares = outputs / outputs.sum(axis=1, keepdims=True)
    return -np.log(np.clip(shares[np.arange(len(y)), y], SMALLEST, 1.0))


def draws(n_rows: int) -> np.ndarray:
    """Return how often each row counts in each draw with replacement; (DRAWS, n_rows)."""
    generator = np.random.default_rng((SEED, n_rows))
    return generator.multinomial(n_rows, np.full(n_rows, 1.0 / n_rows), size=DRAWS)


def interval(losses: np.ndarray, *, is_root: bool) -> tuple[float, float, float]:
    """Return score, low and high end of its 95 % interval; a root for squared errors."""
    means = draws(len(losses)) @ losses / len(losses)
    ends = [float(losses.mean()), *np.quantile(means, [0.025, 0.975])]
    score, low, high = np.sqrt(ends) if is_root else ends
    return float(score), float(low), float(high)


def compare(own: np.ndarray, other: np.ndarray) -> str:
    """Say whether own losses are `better`, `worse` or `even` by the paired 95 % interval."""
    means = draws(len(own)) @ (own - other) / len(own)
    low, high = np.quantile(means, [0.025, 0.975])
    if high < 0:
        return "better"
    return "worse" if low > 0 else "even"
