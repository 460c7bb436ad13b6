import itertools

import numpy as np
import pytest

from rung.core.family import State
from rung.errors import BadModelFile
from rung.families.class_trees import LAPLACE, PRIOR_ROWS, ClassTreesModel, fit_class_trees
from tests.tables import classification, table

LEVELS = (list("abc"), list("xy"), list("pqr"), list("st"))


def discrete(n=400, seed=0):
    """Two classes; column 1 follows column 0, column 2 follows 1, and 3 follows 0."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, n)
    a = (rng.integers(0, 3, n) + y) % 3
    b = np.where(rng.random(n) < 0.85, a > 0, rng.integers(0, 2, n)).astype(int)
    c = np.where(rng.random(n) < 0.8, b + y, rng.integers(0, 3, n))
    d = np.where(rng.random(n) < 0.9, a == 2 * y, rng.integers(0, 2, n)).astype(int)
    return y, np.stack([a, b, c, d], axis=1)


def information_by_hand(y, one, two):
    total = 0.0
    for k, i, j in itertools.product(set(y), set(one), set(two)):
        joint = np.mean((y == k) & (one == i) & (two == j))
        if joint:
            of_class = np.mean(y == k)
            sides = np.mean((y == k) & (one == i)) * np.mean((y == k) & (two == j))
            total += joint * np.log(joint * of_class / sides)
    return total


def tree_by_hand(y, codes):
    """Grow the tree from column 0, the strongest tie first (Prim, where rung goes by Kruskal)."""
    inside, edges = [0], []
    while len(inside) < codes.shape[1]:
        pairs = [(i, j) for i in inside for j in range(codes.shape[1]) if j not in inside]
        best = max(pairs, key=lambda p: information_by_hand(y, codes[:, p[0]], codes[:, p[1]]))
        edges.append(best)
        inside.append(best[1])
    return edges


def chance_by_hand(y, codes, edges, row, label):
    """Multiply counted shares along the tree, for a row without gaps."""
    own = codes[y == label]
    sizes = [len(names) for names in LEVELS]

    def alone(j):
        counts = np.bincount(own[:, j], minlength=sizes[j]) + LAPLACE
        return counts[row[j]] / counts.sum()

    found = np.mean(y == label) * alone(0)
    for parent, child in edges:
        above = own[own[:, parent] == row[parent]]
        hits = np.sum(above[:, child] == row[child])
        found *= (hits + PRIOR_ROWS * alone(child)) / (len(above) + PRIOR_ROWS)
    return found


def posterior_by_hand(y, codes, edges, row):
    """Sum over all levels of cells that are missing."""
    choices = [range(len(LEVELS[j])) if cell < 0 else [cell] for j, cell in enumerate(row)]
    chances = [
        sum(chance_by_hand(y, codes, edges, full, label) for full in itertools.product(*choices))
        for label in (0, 1)
    ]
    return np.array(chances) / sum(chances)


def test_information_and_tree_are_those_counted_by_hand():
    y, codes = discrete()
    model = fit_class_trees(
        classification(y, 2, codes=codes, levels=LEVELS), np.arange(400), bins=4
    )
    assert sorted(model.edges) == sorted(tree_by_hand(y, codes)) == [(0, 1), (0, 3), (1, 2)]
    for (i, j), information in zip(model.edges, model.information, strict=True):
        assert information == pytest.approx(information_by_hand(y, codes[:, i], codes[:, j]))


@pytest.mark.parametrize("n_missing", [0, 1, 2, 3, 4])
def test_chances_are_products_along_the_tree_and_missing_cells_are_summed_out(n_missing):
    y, codes = discrete()
    model = fit_class_trees(
        classification(y, 2, codes=codes, levels=LEVELS), np.arange(400), bins=4
    )
    for lost in itertools.combinations(range(4), n_missing):
        rows = codes[:5].copy()
        rows[:, lost] = -1
        given = model.predict(table(codes=rows, levels=LEVELS))
        wanted = [posterior_by_hand(y, codes, model.edges, row) for row in rows]
        np.testing.assert_allclose(given, wanted, atol=1e-12)


def test_weights_count_as_copies_of_rows():
    y, codes = discrete(120)
    weight = 1.0 + np.arange(120) % 3
    twice = np.repeat(np.arange(120), weight.astype(int))
    weighted = classification(y, 2, codes=codes, levels=LEVELS, weight=weight)
    copied = classification(y[twice], 2, codes=codes[twice], levels=LEVELS)
    np.testing.assert_allclose(
        fit_class_trees(weighted, np.arange(120), bins=4).predict(weighted.design),
        fit_class_trees(copied, np.arange(len(twice)), bins=4).predict(weighted.design),
        atol=1e-12,
    )


def test_a_tree_sees_what_naive_bayes_cannot():
    rng = np.random.default_rng(1)
    codes = rng.integers(0, 2, (400, 2))
    y = codes[:, 0] ^ codes[:, 1]
    problem = classification(y, 2, codes=codes, levels=[list("ab"), list("cd")])
    chances = fit_class_trees(problem, np.arange(300), bins=2).predict(problem.design)[300:]
    assert chances[np.arange(100), y[300:]].min() > 0.9


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("edges", lambda edges: edges[::-1]),
        ("edges", lambda edges: np.array([[0, 1], [1, 0], [0, 3]])),
        ("edges", lambda edges: np.array([[1, 1], [0, 2], [0, 3]])),
        ("edges", lambda edges: np.array([[0, 1], [2, 1], [0, 3]])),
        ("edges", lambda edges: edges + 2),
        ("alone", lambda logs: logs - 1.0),
        ("joined", lambda logs: logs * 0.5),
        ("joined", lambda logs: -logs),
        ("log_prior", lambda logs: logs - 1.0),
        ("information", lambda values: -values),
        ("present", lambda classes: classes + 1),
    ],
)
def test_a_hostile_state_is_refused(name, change):
    y, codes = discrete()
    problem = classification(y, 2, codes=codes, levels=LEVELS)
    state = fit_class_trees(problem, np.arange(400), bins=4).to_state()
    changed = np.ascontiguousarray(change(state.arrays[name]))
    with pytest.raises(BadModelFile, match="model"):
        ClassTreesModel.from_state(
            State(state.spec, {**state.arrays, name: changed}, state.strings)
        )
