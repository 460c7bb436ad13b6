import warnings
from dataclasses import replace

import numpy as np
import pytest
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from rung import RungRegressor
from rung.compute import RunContext
from rung.core.family import CrossFit, Family, State
from rung.core.folds import partition_folds
from rung.errors import BadModelFile, NotApplicable, NotSavable, RungError, UsageError
from rung.families import find, select
from rung.families.wrapped import as_families, cross_fit_estimator
from rung.store.codec import NotEncodable, encode
from rung.testing import example_folds, example_problem, laws
from rung.testing.contract import edge_problems

FOREST = RandomForestRegressor(5)
TREE = find("tree")


class Failing(RegressorMixin, BaseEstimator):
    """Fit nothing: raise, or predict what is no number."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error

    def fit(self, X: object, y: object) -> "Failing":
        if self.error is not None:
            raise self.error
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        return np.full(len(X), np.nan)


def run(family: Family, task: str, *, threads: int = 1, seed: int = 0) -> CrossFit:
    problem = example_problem(task)  # type: ignore[arg-type]
    context = RunContext(seed, problem, threads)
    return family.cross_fit(problem, example_folds(problem.design.n_rows), context)


@pytest.mark.parametrize(
    ("estimator", "recipe", "task"),
    [
        (Ridge(), "one-hot", "regression"),
        (make_pipeline(StandardScaler(), KNeighborsRegressor(3)), "one-hot", "regression"),
        (DecisionTreeRegressor(max_depth=3, max_features=2), "tree", "regression"),
        (LogisticRegression(), "one-hot", "binary"),
        (RandomForestClassifier(4), "one-hot", "multiclass"),
        (DecisionTreeClassifier(max_features=2), "tree", "multiclass"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
@pytest.mark.parametrize("kind", ["random", "time"])
def test_a_wrapped_estimator_keeps_the_laws(
    estimator: BaseEstimator, recipe: str, task: str, kind: str
) -> None:
    family = cross_fit_estimator(estimator, recipe=recipe)
    problem = example_problem(task)  # type: ignore[arg-type]
    folds = example_folds(problem.design.n_rows, kind=kind)
    fitted = laws.fit_standard(family, problem, folds)
    laws.check_shapes(family, problem, folds, fitted)
    laws.check_held_out_rows(family, problem, folds, fitted)
    if family.weights:  # a run with weights skips the others, so their encoding may use them
        laws.check_weights(family, problem, folds, fitted)
    laws.check_prediction(family, problem, fitted)


@pytest.mark.parametrize("task", ["regression", "binary", "multiclass"])
def test_hard_problems_end_in_a_result_or_a_named_refusal(task: str) -> None:
    estimator = Ridge() if task == "regression" else GaussianNB()
    family = cross_fit_estimator(estimator)
    for title, problem, folds in edge_problems(task):  # type: ignore[arg-type]
        laws.check_edge(family, problem, folds, title)


def test_least_squares_are_those_of_scikit_learn() -> None:
    problem = example_problem("regression")
    folds = example_folds(problem.design.n_rows)
    context = RunContext(0, problem)
    fitted = cross_fit_estimator(Ridge(3.0)).cross_fit(problem, folds, context)
    for split, outputs in zip(folds.splits, fitted.predictions, strict=True):
        encoder = context.encoded("one-hot", split.train)
        train = encoder.matrix(problem.design, split.train)
        alone = Ridge(3.0).fit(train, problem.y[split.train], problem.weights(split.train))
        expected = alone.predict(encoder.matrix(problem.design, split.test))
        np.testing.assert_array_equal(outputs[:, 0], expected)


def test_workers_and_the_global_seed_change_no_bit() -> None:
    family = cross_fit_estimator(FOREST)
    np.random.seed(1)  # noqa: NPY002 it must not matter
    first = run(family, "regression")
    np.random.seed(2)  # noqa: NPY002 the same
    again = run(family, "regression", threads=3)
    assert all(map(np.array_equal, first.predictions, again.predictions))
    other = run(family, "regression", seed=1)
    assert not all(map(np.array_equal, first.predictions, other.predictions))


def test_a_seed_that_is_given_is_kept_also_inside_a_pipeline() -> None:
    family = cross_fit_estimator(make_pipeline(RandomForestRegressor(5, random_state=7)))
    first, other = run(family, "regression"), run(family, "regression", seed=1)
    assert all(map(np.array_equal, first.predictions, other.predictions))
    free = cross_fit_estimator(make_pipeline(RandomForestRegressor(5)))
    first, other = run(free, "regression"), run(free, "regression", seed=1)
    assert not all(map(np.array_equal, first.predictions, other.predictions))


def test_the_estimator_that_was_given_stays_unfitted_and_may_change() -> None:
    mine = Ridge(1.0)
    family = cross_fit_estimator(mine)
    mine.set_params(alpha=1e6)
    expected = run(cross_fit_estimator(Ridge(1.0)), "regression")
    found = run(family, "regression")
    assert all(map(np.array_equal, found.predictions, expected.predictions))
    assert not hasattr(mine, "coef_")


def test_a_class_that_training_lacks_gets_half_a_row() -> None:
    problem = example_problem("multiclass", n_rows=60)
    fold = np.where(problem.y == 2, 0, np.arange(60) % 3)
    fitted = cross_fit_estimator(GaussianNB()).cross_fit(
        problem, partition_folds(fold), RunContext(0, problem)
    )
    n_train = int((fold != 0).sum())
    share = 1 / (2 * n_train)
    np.testing.assert_allclose(fitted.predictions[0][:, 2], share / (1 + share))
    np.testing.assert_allclose(fitted.predictions[0].sum(axis=1), 1)


def test_what_a_search_chose_is_in_the_settings_of_each_fold() -> None:
    search = GridSearchCV(Ridge(), {"alpha": [0.1, 10.0]}, cv=3)
    fitted = run(cross_fit_estimator(search), "regression")
    assert all(settings["alpha"] in ("0.1", "10.0") for settings in fitted.settings)


def test_classes_without_probabilities_are_refused_with_the_way_out() -> None:
    with pytest.raises(NotApplicable, match=r"LinearSVC has no predict_proba.*CalibratedClass"):
        run(cross_fit_estimator(LinearSVC()), "binary")


def test_warnings_become_notes() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fitted = run(cross_fit_estimator(MLPRegressor(max_iter=1)), "regression", threads=2)
    assert fitted.notes[1] == "it warned: ConvergenceWarning (5 times)"


def test_the_note_names_parameters_and_no_address() -> None:
    assert (
        run(cross_fit_estimator(Ridge(2.0)), "regression")
        .notes[0]
        .startswith("Ridge(alpha=2.0) on one-hot columns, scikit-learn 1.")
    )
    odd = cross_fit_estimator(make_pipeline(StandardScaler(), Ridge(solver="auto")))
    assert " at 0x" not in run(odd, "regression").notes[0]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (KeyError("lost"), "Failing raised KeyError: 'lost'"),
        (None, "predicted values that are not finite"),
    ],
)
def test_whatever_it_raises_is_named(error: Exception | None, said: str) -> None:
    with pytest.raises(RungError, match=said):
        run(cross_fit_estimator(Failing(error)), "regression")


def test_want_of_memory_stays_what_it_is() -> None:
    with pytest.raises(MemoryError, match="12 GB"):
        run(cross_fit_estimator(Failing(MemoryError("12 GB"))), "regression")


def test_two_targets_are_refused() -> None:
    class Two(Failing):
        def predict(self, X: np.ndarray) -> np.ndarray:
            return np.zeros((len(X), 2))

    with pytest.raises(RungError, match=r"shape \(24, 2\).*shape \(24, 1\)"):
        run(cross_fit_estimator(Two()), "regression")


def test_it_is_never_written_and_never_read() -> None:
    family = cross_fit_estimator(Ridge())
    with pytest.raises(NotSavable, match="a fitted Ridge is code"):
        run(family, "regression").model.to_state()
    with pytest.raises(BadModelFile, match="never in a model file"):
        family.load(State({}))


@pytest.mark.parametrize("estimator", [Ridge(), RungRegressor(families=("linear",))])
def test_no_journal_takes_a_fitted_estimator_for_plain_data(estimator: BaseEstimator) -> None:
    model = run(cross_fit_estimator(estimator), "regression").model
    with pytest.raises(NotEncodable):
        encode(model)


def test_tasks_and_weights_are_read_off_the_estimator() -> None:
    assert cross_fit_estimator(Ridge()).tasks == ("regression",)
    assert cross_fit_estimator(LinearSVC()).tasks == ("binary", "multiclass")
    assert cross_fit_estimator(Ridge()).weights
    assert not cross_fit_estimator(KNeighborsClassifier()).weights
    assert cross_fit_estimator(make_pipeline(StandardScaler(), Ridge())).weights
    assert not cross_fit_estimator(make_pipeline(StandardScaler(), KNeighborsRegressor())).weights


@pytest.mark.parametrize(
    ("given", "options", "said"),
    [
        (Ridge, {}, r"Ridge is not a family.*make an object of it: Ridge\(\)"),
        (3, {}, "3 is not a family"),
        (Ridge(), {"recipe": "onehot"}, "recipe 'onehot' is not known; one-hot, piecewise"),
        (Ridge(), {"name": "My Ridge"}, "'My Ridge' cannot be the name.*use name='my_ridge'"),
    ],
)
def test_what_cannot_be_wrapped_is_named(given: object, options: dict, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        cross_fit_estimator(given, **options)


def test_estimators_of_a_list_get_names_and_steps_of_their_own_in_its_order() -> None:
    found = as_families(["linear", Ridge(), Ridge(2.0), LinearRegression()], ["linear_regression"])
    assert found[0] == "linear"
    named = [(one.name, one.title, one.step) for one in found[1:] if isinstance(one, Family)]
    assert named == [
        ("ridge", "Ridge", 1150),
        ("ridge_2", "Ridge 2", 1151),
        ("linear_regression_2", "LinearRegression 2", 1152),
    ]


def test_two_families_of_one_name_are_refused() -> None:
    mine = cross_fit_estimator(Ridge(), name="mine")
    with pytest.raises(UsageError, match="2 families are called 'mine'"):
        as_families([mine, mine], [])


def test_families_that_are_given_climb_by_their_steps() -> None:
    low = cross_fit_estimator(Ridge(), step=100)
    assert [one.name for one in select(["linear", low])] == ["constant", "ridge", "linear"]


def test_a_family_of_rung_may_be_given_as_it_is_and_never_replaced() -> None:
    assert TREE is not None
    assert [one.name for one in select([TREE])] == ["constant", "tree"]
    with pytest.raises(UsageError, match="a family called 'tree' is given"):
        select([replace(TREE, title="Another")])
