"""Let labels spread over a graph of near rows, whether they have a target or not.

Source: Zhou, Bousquet, Lal, Weston & Schoelkopf (2004), NIPS 16.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rung.core.family import Context, CrossFit, Design, Family, Problem, State
from rung.core.folds import Folds
from rung.core.memory import MemoryEstimate, ProblemSizes
from rung.errors import BadModelFile, NotApplicable
from rung.families.searched import Loss, Setting, SettingSearch, cross_fit_searched
from rung.families.unlabelled import HalfLabelled, has_unlabelled, lay_together
from rung.prep.nearest import Nearest
from rung.prep.one_hot import TableEncoder, fit_one_hot
from rung.prep.outputs import absent_shares, spread_shares, take_outputs
from rung.prep.states import REMEDY, merge, take_array, take_count
from rung.typing import Array

NEAR = (5, 10, 20)
SPREAD = (0.99, 0.9)  # share that a row takes from its neighbours in each step
MOST_NODES = 2_000  # rows of the graph without a target, and with one
MOST_STEPS, SETTLED = 2_000, 1e-6


@dataclass(frozen=True)
class LabelSpreadingModel:
    """Predict by the labels that spread to the nearest rows of the graph, which it holds.

    Attributes
    ----------
    encoder : TableEncoder
        From a table to columns.
    rows : ndarray, shape (n_nodes, width)
        Encoded rows of the graph.
    shares : ndarray, shape (n_nodes, n_present)
        Shares of the classes that reached each.
    reach : ndarray, shape (n_nodes,)
        Distance of each to its k-th nearest.
    k : int
        Nearest rows that speak.
    prior : ndarray, shape (n_present,)
        Shares of the classes among training rows that have a target.
    doubt : float
        Weight of the prior in every prediction.
    present, absent : ndarray
        As in every classifier: classes seen, and probability of the others.
    """

    encoder: TableEncoder
    rows: Array
    shares: Array
    reach: Array
    k: int
    prior: Array
    doubt: float
    present: Array
    absent: Array

    def predict(self, design: Design, rows: Array | None = None) -> Array:
        """Return probabilities, shape (n_rows, n_classes)."""
        near, distance = Nearest(self.rows).find(self.encoder.matrix(design, rows), self.k)
        weight = likeness(distance, distance[:, -1:], self.reach[near])
        said, total = np.zeros((len(near), len(self.prior))), np.zeros(len(near))
        for place in range(self.k):  # one by one: a row's sum depends on that row alone
            said += weight[:, place, None] * self.shares[near[:, place]]
            total += weight[:, place]
        found = (1 - self.doubt) * said / total[:, None] + self.doubt * self.prior
        return spread_shares(found, self.present, self.absent)

    def to_state(self) -> State:
        """Return the model as data; it holds training rows."""
        own = State(
            {"k": self.k, "n_outputs": len(self.absent), "stores_training_rows": True},
            {
                "rows": self.rows,
                "shares": self.shares,
                "reach": self.reach,
                "prior": self.prior,
                "doubt": np.array([self.doubt]),
                "present": self.present,
                "absent": self.absent,
            },
        )
        return merge(own, self.encoder.to_state())


def likeness(distance: Array, own: Array, other: Array) -> Array:
    """Return how alike rows are, from 1 down, by their distance and the reach of both.

    Source
    ------
    Zelnik-Manor & Perona (2004), NIPS 17: a scale for each row.

    Examples
    --------
    >>> likeness(np.array([0.0, 2.0]), np.array([1.0]), np.array([4.0])).round(3)
    array([1.   , 0.368])
    """
    scale = np.maximum(own * other, np.finfo(float).tiny)
    return np.asarray(np.exp(-np.minimum(distance * distance / scale, 500.0)))


def fit_label_spreading(
    both: HalfLabelled, train: Array, *, k: int, spread: float
) -> LabelSpreadingModel:
    """Build the graph of training rows and rows without a target, and let labels spread.

    Parameters
    ----------
    both : HalfLabelled
        All rows.
    train : ndarray of int, shape (n_train,)
        Rows to learn from that have a target.
    k : int
        Nearest rows that each is joined to.
    spread : float
        Share that a row takes from its neighbours in each step; the rest stays its own label.
    """
    problem, n_classes = both.alone, len(both.alone.classes)
    kept = _thin(train, MOST_NODES)
    nodes = np.concatenate([kept, _thin(both.extra, MOST_NODES)])
    encoder = fit_one_hot(both.problem, nodes)
    rows = encoder.matrix(both.problem.design, nodes)
    present, y = np.unique(problem.y[kept], return_inverse=True)
    labels = np.zeros((len(nodes), len(present)))
    labels[np.arange(len(kept)), y] = 1.0
    k = min(k, len(nodes))
    near, distance = Nearest(rows).find(rows, min(k + 1, len(nodes)))  # itself among them
    reach = distance[:, -1]
    reached = _spread(near, likeness(distance, reach[:, None], reach[near]), labels, spread)
    prior = labels.sum(axis=0) / len(kept)
    total = reached.sum(axis=1, keepdims=True)
    shares = np.where(total > 0, reached / np.where(total > 0, total, 1.0), prior)
    absent = absent_shares(present, n_classes, len(train))
    doubt = 1.0 / (len(kept) + 1)
    return LabelSpreadingModel(encoder, rows, shares, reach, k, prior, doubt, present, absent)


def _thin(rows: Array, most: int) -> Array:
    n = min(len(rows), most)
    return rows[np.arange(n) * len(rows) // max(n, 1)]


def _spread(near: Array, weight: Array, labels: Array, share: float) -> Array:
    """Return what reaches each row when labels go on along the edges until they stand still."""
    from scipy import sparse

    n, k = near.shape
    edges = sparse.csr_matrix((weight.ravel(), near.ravel(), np.arange(0, n * k + 1, k)), (n, n))
    edges.setdiag(0.0)
    edges = edges.maximum(edges.T)
    degree = np.asarray(edges.sum(axis=1)).ravel()
    root = 1.0 / np.sqrt(np.where(degree > 0, degree, 1.0))
    joined = sparse.diags(root) @ edges @ sparse.diags(root)
    found = labels
    for _ in range(MOST_STEPS):
        new = share * (joined @ found) + (1 - share) * labels
        moved = np.abs(new - found).max()
        found = new
        if moved < SETTLED * (1 - share):
            break
    return np.asarray(found)


def _seek(loss: Loss) -> Setting:
    tried = ((("near", k), ("spread", share)) for k in NEAR for share in SPREAD)
    return min(tried, key=loss)


def cross_fit(problem: Problem, folds: Folds, context: Context) -> CrossFit:
    """Fit one model for each split, its graph chosen inside, and one for all rows."""
    if problem.task == "regression":
        raise NotApplicable("labels of classes are spread, and the target is a number")
    both = lay_together(problem)
    design = both.alone.design
    if not (design.number_names or design.category_columns):
        raise NotApplicable("there are no features to tell near rows by")

    def fit(train: Array, setting: Setting) -> LabelSpreadingModel:
        (_, k), (_, share) = setting
        return fit_label_spreading(both, train, k=k, spread=share)

    how = SettingSearch(fit, _seek, (("near", NEAR[1]), ("spread", SPREAD[0])))
    return cross_fit_searched(both.alone, folds, context, how)


def load(state: State) -> LabelSpreadingModel:
    """Return the model that a state describes."""
    encoder = TableEncoder.from_state(state)
    rows = take_array(state, "rows", (None, encoder.width))
    n = len(rows)
    prior = take_array(state, "prior", (None,), low=0, high=1)
    shares = take_array(state, "shares", (n, len(prior)), low=0, high=1 + 1e-9)
    absent, present = take_outputs(state, "present", len(prior))
    if any(np.abs(one.sum(axis=-1) - 1).max(initial=0) > 1e-6 for one in (prior, shares)):
        raise BadModelFile("probabilities of the model do not sum to one", REMEDY)
    if state.spec.get("stores_training_rows") is not True:
        raise BadModelFile("the model hides that it holds training rows", REMEDY)
    return LabelSpreadingModel(
        encoder,
        rows,
        shares,
        take_array(state, "reach", (n,), low=0),
        take_count(state, "k", low=1, high=n),
        prior,
        float(take_array(state, "doubt", (1,), low=0, high=1)[0]),
        present,
        absent,
    )


def memory(sizes: ProblemSizes) -> MemoryEstimate:
    """Estimate from the encoded rows of the graph and their nearest."""
    nodes = min(sizes.n_train, MOST_NODES) + MOST_NODES
    wide = sizes.n_columns + 8 * NEAR[-1] + 4 * sizes.n_outputs
    return MemoryEstimate(
        job=sizes.matrix(nodes, wide) + sizes.matrix(sizes.n_test, sizes.n_columns)
    )


FAMILY = Family(
    name="label_spreading",
    title="Label spreading",
    step=520,
    tasks=("binary", "multiclass"),
    sources=(
        "Zhou et al. (2004), Learning with local and global consistency, NIPS 16",
        "Zelnik-Manor & Perona (2004), Self-tuning spectral clustering, NIPS 17",
    ),
    final="refit",
    cross_fit=cross_fit,
    load=load,
    texts="none",
    memory=memory,
    suits=has_unlabelled,
)
