"""Hold one estimated loss, with what each unit contributes to it."""

from __future__ import annotations

from dataclasses import dataclass

from rung.typing import Array


@dataclass(frozen=True)
class Estimate:
    """One family's loss.

    Attributes
    ----------
    mean : float
        The loss over all scored rows.
    influence : ndarray, shape (n_units,)
        What each unit contributes, centred.
    per_fold : tuple of float
        The loss on each split; NaN where a split does not define it (one class only).
    shares : ndarray, shape (n_units,), or None
        What each unit adds to the mean, where that is more exact than mean + influence.
    """

    mean: float
    influence: Array
    per_fold: tuple[float, ...]
    shares: Array | None = None

    @property
    def values(self) -> Array:
        """What each unit adds to the mean, not centred; shape (n_units,)."""
        return self.mean + self.influence if self.shares is None else self.shares


def weighted_mean(values: Array, weight: Array) -> float:
    """Return the weighted mean; the plain one where nothing weighs anything."""
    total = weight.sum()
    return float(weight @ values / total) if total > 0 else float(values.mean())
