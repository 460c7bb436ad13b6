"""Let each column depend on the class and on one other column: naive Bayes with a tree.

Source: Friedman, Geiger & Goldszmidt (1997), Machine Learning 29.
"""

from __future__ import annotations

from rung.core.family import Context, CrossFit, Family, Problem, State
from rung.core.folds import Folds
from rung.core.memory import MemoryEstimate, ProblemSizes
from rung.errors import NotApplicable
from rung.families.cell_levels import MOST_LEVELS
from rung.families.class_trees import BLOCK, ClassTreesModel, fit_class_trees
from rung.families.searched import Loss, Setting, SettingSearch, cross_fit_searched
from rung.typing import Array

BINS = (2, 3, 4, 6, 8, 12, 20)
FALLBACK = 4
MOST_COLUMNS = 200


def _seek(loss: Loss) -> Setting:
    return min(((("bins", bins),) for bins in BINS), key=loss)


def cross_fit(problem: Problem, folds: Folds, context: Context) -> CrossFit:
    """Fit one model for each split, bins chosen inside, and one for all rows."""
    if problem.task == "regression":
        raise NotApplicable("a tree of columns a class predicts classes; the target is a number")
    design = problem.design
    n_columns = len(design.number_names) + len(design.category_columns)
    if not n_columns:
        raise NotApplicable("there are no features to weigh")
    if n_columns > MOST_COLUMNS:
        raise NotApplicable(
            f"compares every two of {n_columns} columns; up to {MOST_COLUMNS} are taken"
        )

    def fit(train: Array, setting: Setting) -> ClassTreesModel:
        return fit_class_trees(problem, train, bins=dict(setting)["bins"])

    return cross_fit_searched(
        problem, folds, context, SettingSearch(fit, _seek, (("bins", FALLBACK),))
    )


def load(state: State) -> ClassTreesModel:
    """Return the model that a state describes."""
    return ClassTreesModel.from_state(state)


def memory(sizes: ProblemSizes) -> MemoryEstimate:
    """Estimate from the levels of training rows, and the counts of every two of them."""
    n_columns = sizes.n_numbers + sizes.n_categories
    n_levels = min(BINS[-1] * sizes.n_numbers + (MOST_LEVELS + 1) * sizes.n_categories, 6_200)
    counted = sizes.matrix(2 * BLOCK + 4 * n_levels, n_levels)
    return MemoryEstimate(job=sizes.matrix(sizes.n_train, 4 * n_columns) + counted)


FAMILY = Family(
    name="tree_bayes",
    title="Tree-augmented naive Bayes",
    step=350,
    tasks=("binary", "multiclass"),
    sources=(
        "Friedman, Geiger & Goldszmidt (1997), Bayesian network classifiers, Machine Learning 29",
        "Chow & Liu (1968), IEEE Transactions on Information Theory 14",
    ),
    final="refit",
    cross_fit=cross_fit,
    load=load,
    weights=True,
    order_only=True,
    memory=memory,
)
