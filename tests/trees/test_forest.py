"""Forests are grown within their bounds, and chosen by what held-out rows say."""

import numpy as np
import pytest

from rung.trees.forest import CANDIDATES, ForestRows, candidates, count_trees, grow, held_out_losses
from rung.trees.ranks import Ranks
from rung.trees.sample import Sample
from rung.trees.walk import walk

RNG = np.random.default_rng(0)
X = RNG.normal(size=(400, 5))
Y = np.sin(2 * X[:, 0]) + 0.1 * RNG.normal(size=400)
RANKS = Ranks.of(X, spaced=True).apply(X)


def lesson(y, n_classes=0, rows=slice(None)):
    return ForestRows(Sample(X[rows], y[rows], np.ones(len(y[rows]))), n_classes)


@pytest.mark.parametrize("growth", CANDIDATES, ids=lambda growth: growth["cuts"])
def test_walk_over_trees_is_what_scikit_learn_predicts(growth):
    from sklearn import __version__, ensemble

    if growth["cuts"] == "best" and __version__.startswith("1.8"):
        pytest.skip("scikit-learn 1.8 draws the rows of a tree from other dice than 1.9 and rung")
    kind = "RandomForest" if growth["cuts"] == "best" else "ExtraTrees"
    theirs = getattr(ensemble, f"{kind}Regressor")(
        20,
        min_samples_leaf=growth["leaf_rows"],
        max_features=round(growth["columns"] * 5),
        random_state=7,
    ).fit(RANKS, Y, np.ones(400))
    ours = walk(grow(lesson(Y), growth, n_trees=20, seed=7), X)[:, 0] / 20
    np.testing.assert_allclose(ours, theirs.predict(RANKS), atol=1e-6)


def test_leaves_of_a_tree_stay_within_the_bound():
    for n_rows, n_classes in ((50_000, 0), (50_000, 2), (1_000, 0)):
        for growth in candidates(n_rows, n_classes):
            assert n_rows / growth["leaf_rows"] <= (20_000 if n_classes else 10_000)


def test_many_classes_get_fewer_trees_but_never_none():
    counts = [count_trees(20_000, n_classes, CANDIDATES[0]) for n_classes in (2, 26, 300)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == 100
    assert counts[-1] == 20


def test_rows_without_columns_get_leaves_of_the_mean():
    nodes = grow(ForestRows(Sample(X[:, :0], Y, np.ones(400)), 0), CANDIDATES[0], n_trees=3, seed=0)
    np.testing.assert_allclose(walk(nodes, X[:2, :0]) / 3, Y.mean(), rtol=1e-6)


def test_noise_is_better_learned_with_larger_leaves():
    noisy = X[:, 0] + 3.0 * RNG.normal(size=400)
    parts = lesson(noisy, rows=slice(0, 250)), [lesson(noisy, rows=slice(250, None))]
    (losses,) = held_out_losses(
        *parts, loss="squared_error", rng=np.random.default_rng(0), tried=CANDIDATES
    )
    assert losses[1] < losses[2]


def test_the_loss_of_the_run_is_what_is_compared():
    labels = (X[:, 0] > 0).astype(np.int64)
    parts = lesson(labels, 2, slice(0, 250)), [lesson(labels, 2, slice(250, None))]
    for loss, most in (("zero_one", 15), ("log_loss", 60)):
        (losses,) = held_out_losses(
            *parts, loss=loss, rng=np.random.default_rng(0), tried=CANDIDATES
        )
        assert (losses < most).all()


def test_what_a_watcher_loses_does_not_depend_on_who_else_watches():
    learning, first = lesson(Y, rows=slice(0, 200)), lesson(Y, rows=slice(200, 300))

    def losses(*watching):
        return held_out_losses(
            learning,
            watching,
            loss="squared_error",
            rng=np.random.default_rng(0),
            tried=CANDIDATES[:1],
        )[0]

    assert losses(first) == losses(first, lesson(Y, rows=slice(300, None)))


def test_a_tree_of_a_share_sees_that_many_rows():
    growth = {"cuts": "best", "leaf_rows": 1, "columns": 1.0}
    nodes = grow(lesson(RNG.normal(size=400)), growth, n_trees=3, seed=0, share=0.25)
    assert nodes.is_leaf.sum() == 3 * 100
