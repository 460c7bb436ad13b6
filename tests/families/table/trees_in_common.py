"""State what the families of trees share, as checks that both of their test files run."""

from dataclasses import replace

import numpy as np
import pytest

from rung.core.family import State
from rung.core.folds import partition_folds
from rung.errors import BadModelFile
from rung.prep import related
from tests.tables import (
    SerialContext,
    assert_round_trip,
    classification,
    mixed_table,
    regression,
    table,
)

ROWS = np.arange(120)
FOLDS = partition_folds(ROWS % 4)


def mixed_problems(n_rows=120):
    """Yield a problem for each task, with weights, missing cells and rare levels."""
    for task in ("regression", "binary", "multiclass"):
        parts = mixed_table(n_rows, weighted=True)
        score = parts["numbers"][:, 0] + np.sin(parts["codes"][:, 0])
        if task == "regression":
            yield regression(1e4 + 10 * score, **parts)
        elif task == "binary":
            yield classification(score > 0, 2, **parts)
        else:
            yield classification(np.digitize(score, [-0.7, 0.7]), 3, **parts)


def cross_fit(family, problem, folds=FOLDS):
    """Fit in this thread."""
    return family.cross_fit(problem, folds, SerialContext(problem))


def odd_problems():
    """Yield names and problems on the edge of what can be learned."""
    few = np.arange(12)
    for name, numbers in {
        "all missing": np.full((12, 2), np.nan),
        "constant": np.ones((12, 1)),
        "gaps": np.where(few % 3 == 0, np.nan, few * 1.0)[:, None],
        "huge": np.linspace(-1e300, 1e300, 12)[:, None],
        "no columns": np.empty((12, 0)),
    }.items():
        yield f"{name}, regression", regression(few**2.0, numbers=numbers)
        yield f"{name}, huge regression", regression(few * 1e100, numbers=numbers)
        yield f"{name}, one class", classification(np.zeros(12), 3, numbers=numbers)
        yield f"{name}, a class of one row", classification(few // 11, 2, numbers=numbers)
        yield f"{name}, twelve classes", classification(few, 12, numbers=numbers)
    codes = np.stack([few % 3, few, np.full(12, -1)], axis=1)
    levels = [list("abc"), [f"b{i:02d}" for i in few], ["never"]]
    yield "categories only", classification(few % 2, 2, codes=codes, levels=levels)
    yield "categories, regression", regression(few * 1.0, codes=codes, levels=levels)
    weightless = np.where(few < 6, 0.0, 1.0)
    yield "rows without weight", regression(few * 1.0, numbers=few[:, None], weight=weightless)
    yield "no weight at all", regression(few * 1.0, numbers=few[:, None], weight=few * 0.0)


ODD = dict(odd_problems())


def assert_odd_problem_gives_sound_predictions(family, name):
    """Check that a problem on the edge ends in finite numbers, or shares that sum to one."""
    problem = ODD[name]
    fitted = cross_fit(family, problem, partition_folds(np.arange(12) % 4))
    for prediction in fitted.predictions:
        assert prediction.shape == (3, problem.n_outputs)
        assert np.isfinite(prediction).all()
        if problem.classes:
            np.testing.assert_allclose(prediction.sum(axis=1), 1.0)
            assert (prediction > 0).all()


def assert_unseen_is_read_as_missing(family):
    """Check that a level that training rows lack predicts what a missing cell predicts."""
    levels = [list("abcdefghijkl")]
    codes = np.arange(120)[:, None] % 11
    model = cross_fit(family, regression(codes[:, 0] * 1.0, codes=codes, levels=levels)).model
    cells = [table(codes=[[code]], levels=levels) for code in (-1, -2, 11)]
    missing, unseen, never_trained = (model.predict(cell).tobytes() for cell in cells)
    assert missing == unseen == never_trained


def assert_takes_rows_that_hold_no_relation(family, problem, folds, monkeypatch):
    """Check a table whose numbers are related on inner training rows, but not on all of a fold's."""
    most = max(
        len(split.train) for pairs in map(folds.inner, range(len(folds.splits))) for split in pairs
    )
    learn = related.fit_relations

    def learn_on_few_only(numbers):
        found = learn(numbers)
        if len(numbers) <= most:
            return found
        nothing = np.zeros(numbers.shape[1], dtype=bool)
        return replace(found, in_use=nothing, axes=np.zeros((0, 0)))

    monkeypatch.setattr(related, "fit_relations", learn_on_few_only)
    fitted = cross_fit(family, problem, folds)
    assert all(settings["relations"] for settings in fitted.settings)
    assert all(np.isfinite(said).all() for said in fitted.predictions)
    assert_round_trip(family, fitted.model, problem.design)


def assert_refuses_parts_that_are_damaged(family, model):
    """Check that each array or string table, absent or bent, is refused."""
    state = model.to_state()
    for name, array in state.arrays.items():
        others = {key: each for key, each in state.arrays.items() if key != name}
        bent = [array.astype(str), array[..., None], np.concatenate([array, array[:1], [*array]])]
        if array.dtype.kind == "f" and array.size:
            bent.append(np.full_like(array, np.nan))
        for arrays in (others, *({**others, name: each} for each in bent if each.size)):
            with pytest.raises(BadModelFile, match="model"):
                family.load(State(state.spec, arrays, state.strings))
    for name in state.strings:
        strings = {key: each for key, each in state.strings.items() if key != name}
        with pytest.raises(BadModelFile, match=name.rsplit(".", maxsplit=1)[-1]):
            family.load(State(state.spec, state.arrays, strings))
    for name in state.spec:
        spec = {key: each for key, each in state.spec.items() if key != name}
        with pytest.raises(BadModelFile, match=name):
            family.load(State(spec, state.arrays, state.strings))


def written_to_digits(n_rows):
    """Return a target, and two numbers that it knows the difference of, in two digits."""
    rng = np.random.default_rng(8)
    common, gap, other = rng.normal(size=(3, n_rows))
    numbers = np.stack([18 + common, 18.4 + 1.1 * common + 0.08 * gap, other], axis=1).round(2)
    return numbers, np.round(np.sign(gap) + np.where(other > 0, 0.3, 0.0), 1)


UNITS = np.array([1e-30, 7e19, 1 / 3])
ORIGINS = np.array([1e4, -3e7, 2_460_000.5])


def assert_units_leave_no_trace(family, n_rows=420):
    """Check that trees on relations predict the same in other units and from other origins."""
    numbers, y = written_to_digits(n_rows)
    folds = partition_folds(np.arange(len(y)) % 3)

    def said(numbers, y):
        fitted = cross_fit(family, regression(y, numbers=numbers), folds)
        assert fitted.settings[0]["relations"]
        return np.concatenate(fitted.predictions)

    expected, shifted, lifted = said(numbers, y), numbers + ORIGINS, y + 1e6
    # By a power of two no digit is lost.
    assert np.array_equal(said(numbers * UNITS, y * 2.0**-90) * 2.0**90, expected)
    np.testing.assert_allclose(said(numbers / 3, y * 1e30) / 1e30, expected, rtol=1e-13)
    left = said(shifted - ORIGINS, lifted - 1e6)
    np.testing.assert_allclose(said(shifted, lifted) - 1e6, left, rtol=0, atol=1e-9)
