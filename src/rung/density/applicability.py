"""Tell how like the training rows new rows are: where a model applies.

A density of the features is learned on training rows. A row's likeness is the share of rows that the
density has not seen and that are as improbable; a row is called unlike where that is `CALLED` at most.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import betaincinv, betaln, gammaln

from rung.core.dataset import Column, Dataset
from rung.core.family import Model, State
from rung.density.held import HeldDensities, hold
from rung.density.mixtures import fit_gaussian, fit_mixture, load_mixture
from rung.density.reading import TableReading, drawn_noise, learn_reading, noise_of_rows
from rung.density.reading_file import describe_reading, read_reading
from rung.density.tree_fitting import fit_tree, load_tree
from rung.errors import BadModelFile
from rung.prep.nesting import nest, part
from rung.prep.states import REMEDY, take_array
from rung.typing import Array

CALLED = 0.01
LEAST_LIKE = 0.1
BY_CHANCE = 0.005  # of each of two counts of rows: those called, and those of the least like tenth
MOST_ROWS = (
    2_000  # that a density is learned on: a third of the gain of more, and a part of the time
)
MOST_RANKED = 500  # held-out rows that suffice to rank by
MOST_SPLITS = 5
WIDEST_TREE = 40
LOADERS: dict[str, Callable[[State], Any]] = {
    "gaussian": load_mixture,
    "mixture": load_mixture,
    "dependence_tree": load_tree,
}


@dataclass(frozen=True)
class Applicability:
    """A density of features, and held-out rows by which others are ranked.

    Attributes
    ----------
    family : str
        Key into `LOADERS`.
    model : Model
        Gives log densities.
    reading : TableReading
        How columns become what it sees.
    held : HeldDensities
        Log densities of training rows by densities that had not seen them.
    n_rows : int
        Training rows that it was learned on.
    sealed : (int, int)
        How many of how many sealed rows are called unlike: the false-alarm rate, measured.
    """

    family: str
    model: Model
    reading: TableReading
    held: HeldDensities
    n_rows: int
    sealed: tuple[int, int] = (0, 0)

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that it looks at."""
        return self.reading.columns

    @property
    def level(self) -> float:
        """The likeness up to which a row is called unlike: that of the few held-out rows at least."""
        return max(CALLED, 1 / (1 + len(self.held.logs)))

    def logs(self, rows: Dataset) -> Array:
        """Return log densities of rows, shape (n_rows,); missing cells are summed out."""
        seen = self.reading.apply(rows, noise_of_rows(rows, self.columns))
        with np.errstate(all="ignore"):
            found = np.asarray(self.model.predict(seen))[:, 0] if rows.n_rows else np.empty(0)
        if not np.isfinite(found).all():
            raise BadModelFile("the model gives log densities that are no numbers", REMEDY)
        return found

    def likeness(self, rows: Dataset) -> Array:
        """Return the share of held-out rows that are as improbable, shape (n_rows,)."""
        return self.held.rate(self.logs(rows))

    def is_unlike(self, likeness: Array) -> Array:
        """Tell which rows are called unlike the training rows."""
        return np.asarray(likeness <= self.level * (1 + 1e-12))

    def chance(self, n_found: int, n_rows: int, level: float) -> float:
        """Return the probability that of rows like those of training as many have this likeness.

        The count is beta-binomial, as the bound is one of a sample.

        Parameters
        ----------
        n_found, n_rows : int
            Rows whose likeness is at most `level`, and all.
        level : float
            What one in n_held + 1 rows has at least.
        """
        n_held = len(self.held.logs)
        below = max(int(level * (1 + n_held) * (1 + 1e-12)), 1)
        above = n_held + 1 - below
        k = np.arange(n_found, n_rows + 1)
        ways = gammaln(n_rows + 1) - gammaln(k + 1) - gammaln(n_rows - k + 1)
        logs = ways + betaln(k + below, n_rows - k + above) - betaln(below, above)
        return float(min(np.exp(logs).sum(), 1.0))

    def oddest(self, rows: Dataset, row: int) -> str:
        """Name the column without whose cell a row would be most probable, for its scale."""
        one = rows.take(np.array([row]))
        seen = self.reading.apply(one, noise_of_rows(one, self.columns))
        known = [c for c in seen.columns if not _is_missing(seen.values[c.name][0], c)]
        if not known:
            return ""
        names = [column.name for column in seen.columns if column.kind != "category"]
        scale = dict(zip(names, self.model.scaling.scale, strict=True))  # type: ignore[attr-defined]
        logs = []
        for column in known:
            blank = np.array([-1], np.int32) if column.is_coded else np.array([np.nan])
            without = Dataset(seen.columns, {**seen.values, column.name: blank}, 1)
            with np.errstate(all="ignore"):
                rest = float(self.model.predict(without)[0, 0])
            logs.append(rest - float(np.log(scale.get(column.name, 1.0))))
        return known[int(np.argmax(logs))].name

    def to_state(self) -> State:
        """Return all that it is, but for the columns."""
        spec = {
            "family": self.family,
            "n_rows": self.n_rows,
            "sealed": list(self.sealed),
            **describe_reading(self.reading),
        }
        return nest({"own": State(spec, {"held": self.held.logs}), "model": self.model.to_state()})


def _is_missing(value: float, column: Column) -> bool:
    return bool(value == -1 if column.is_coded else np.isnan(value))


def load_applicability(state: State, columns: Sequence[Column]) -> Applicability:
    """Turn a state into an applicability, after checking all of it."""
    own = part(state, "own")
    spec, held = own.spec, take_array(own, "held", (None,))
    counts = [spec["n_rows"], *spec["sealed"]]
    if any(type(one) is not int or one < 0 for one in counts) or len(counts) != 3:
        raise BadModelFile(f"{counts!r} are no numbers of rows", REMEDY)
    if not len(held) or (np.diff(held) < 0).any() or spec["family"] not in LOADERS:
        raise BadModelFile("the density of the features has no rows to rank by", REMEDY)
    found = Applicability(
        spec["family"],
        LOADERS[spec["family"]](part(state, "model")),
        read_reading(looked_at(columns), spec),
        HeldDensities(held, "out of fold"),
        counts[0],
        (counts[1], counts[2]),
    )
    _try_out(found)
    return found


def _try_out(found: Applicability) -> None:
    """Read rows with missing, unseen and enormous cells: columns and state must fit."""
    codes, numbers = np.array([-1, -2, -1, -2], np.int32), np.array([np.nan, 0.0, 1e300, -1e300])
    values = {c.name: codes if c.is_coded else numbers for c in found.columns}
    found.logs(Dataset(found.columns, values, len(codes)))


def looked_at(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Return the columns that a density has a place for: no texts."""
    return tuple(column for column in columns if column.kind != "text")


def learn_applicability(
    rows: Dataset, splits: Sequence[tuple[Array, Array]], *, seed: int
) -> tuple[Applicability, list[tuple[Array, Array]]]:
    """Learn a density of features, chosen by held-out log density, and ranks of held-out rows.

    One Gaussian, a mixture of a few and, of few columns, the dependence tree are compared on the
    first split; the best is fitted on the others, as far as rows to rank by are wanted, and on all.

    Parameters
    ----------
    rows : Dataset
        Training rows, their features.
    splits : sequence of (train, test)
        Folds, the most like the future first.
    seed : int
        Of the run.

    Returns
    -------
    Applicability
        Not yet held against sealed rows.
    list of (ndarray, ndarray)
        Held-out rows, with their log densities.
    """
    reading = learn_reading(rows, np.arange(rows.n_rows))
    seen = reading.apply(rows, drawn_noise(rows.n_rows, seed))
    fits = _fits(seen, seed)
    with np.errstate(all="ignore"):
        train, test = splits[0]
        tried = {name: fit(_thin(train)).predict(seen, test)[:, 0] for name, fit in fits.items()}
        best = max(tried, key=lambda name: float(tried[name].mean()))
        held = [(test, tried[best])]
        for train, test in splits[1:MOST_SPLITS]:
            if sum(len(one) for one, _ in held) >= MOST_RANKED:
                break
            held.append((test, fits[best](_thin(train)).predict(seen, test)[:, 0]))
        whole = _thin(np.arange(rows.n_rows))
        model = fits[best](whole)
    ranks = hold(np.concatenate([logs for _, logs in held]), "out of fold")
    return Applicability(best.split()[0], model, reading, ranks, len(whole)), held


def _fits(seen: Dataset, seed: int) -> dict[str, Callable[[Array], Any]]:
    """Return what fits each density to rows, the family first in its name."""
    rng = np.random.default_rng(seed % 2**63)
    found: dict[str, Callable[[Array], Any]] = {
        "gaussian": lambda rows: fit_gaussian(seen, rows),
        "mixture of 4": lambda rows: fit_mixture(seen, rows, 4, "full", rng),
        "mixture of 8": lambda rows: fit_mixture(seen, rows, 8, "full", rng),
    }
    if len(seen.columns) <= WIDEST_TREE:
        # a row is like others by what it says, not by the heaps of digits that it is written with
        found["dependence_tree"] = lambda rows: fit_tree(seen, rows, is_smooth=True)
    return found


def _thin(rows: Array) -> Array:
    """Return all rows, or of many a part at even distances."""
    return rows[np.arange(MOST_ROWS) * len(rows) // MOST_ROWS] if len(rows) > MOST_ROWS else rows


def measured_rate(called: tuple[int, int]) -> tuple[float, float, float]:
    """Return a share of rows with its 95 % interval (Clopper & Pearson 1934).

    Examples
    --------
    >>> [round(one, 3) for one in measured_rate((1, 100))]
    [0.01, 0.0, 0.054]
    """
    k, n = called
    low = betaincinv(k, n - k + 1, 0.025) if k else 0.0
    high = betaincinv(k + 1, n - k, 0.975) if k < n else 1.0
    return k / n, float(low), float(high)
