"""Networks of images keep the laws of the ladder: held-out rows, workers, files, resuming."""

import re
import sys
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("torch")

from rung.compute import RunContext, call_held
from rung.core.dataset import Dataset
from rung.core.family import CrossFit, Family, Problem, State
from rung.core.folds import Folds, partition_folds
from rung.errors import BadModelFile, MissingExtra, NotApplicable
from rung.families.on_pixels import best_sharpness, inner_rows, on_pixels
from rung.images.rows import PixelRows
from rung.nets.images.train import Recipe
from rung.store.journal import start_journal
from tests.kinds.image.made import stripes

N = 72


def family(architecture: str = "small", passes: int = 2) -> Family:
    stages = 2 if architecture == "residual" else 1
    width = 8 if passes > 3 else 4
    made = Recipe(
        architecture, width, n_stages=stages, fewest=passes, most=passes, learning_rate=1e-2
    )
    return on_pixels(architecture, lambda: made, title="A", step=1, sources=("a source",))


def problem_of(y: np.ndarray | None = None, *, symmetry: str = "none", side: int = 8) -> Problem:
    images, labels = stripes(N, side)
    pixels = PixelRows(images[:, None], np.arange(N), symmetry)
    design = Dataset((), {}, N, pixels)
    if y is not None:
        return Problem("regression", design, y)
    return Problem("binary", design, np.unique(labels, return_inverse=True)[1], ("a", "b"))


def folds_of(k: int = 3) -> Folds:
    return partition_folds(np.random.default_rng(0).permutation(N) % k)


def fit(one: Family, problem: Problem, folds: Folds, threads: int = 1) -> CrossFit:
    context = RunContext(0, problem, threads, family=one.name)
    return call_held(lambda: one.cross_fit(problem, folds, context))


@pytest.mark.parametrize("architecture", ["small", "residual"])
def test_a_fold_knows_nothing_of_its_held_out_images(architecture: str) -> None:
    one, problem, folds = family(architecture), problem_of(symmetry="dihedral"), folds_of()
    first, split, rng = fit(one, problem, folds), folds.splits[1], np.random.default_rng(1)
    pixels, y = problem.design.items.pixels.copy(), problem.y.copy()
    pixels[split.test[2:]] = rng.normal(5, 9, pixels[split.test[2:]].shape)
    y[split.test] = rng.integers(0, 2, len(split.test))
    other = replace(
        problem, y=y, design=Dataset((), {}, N, PixelRows(pixels, np.arange(N), "dihedral"))
    )
    again = fit(one, other, folds)
    assert again.predictions[1][:2].tobytes() == first.predictions[1][:2].tobytes()
    assert again.settings[1] == first.settings[1]
    assert again.predictions[0].tobytes() != first.predictions[0].tobytes()


@pytest.mark.parametrize("architecture", ["small", "residual"])
def test_workers_and_files_change_no_bit(architecture: str) -> None:
    one, problem, folds = family(architecture), problem_of(symmetry="rotation"), folds_of()
    first, other = fit(one, problem, folds), fit(one, problem, folds, threads=3)
    state = first.model.to_state()
    assert all(
        array.tobytes() == other.model.to_state().arrays[name].tobytes()
        for name, array in state.arrays.items()
    )
    loaded = one.load(state)
    assert loaded.predict(problem.design).tobytes() == first.model.predict(problem.design).tobytes()
    assert np.allclose(np.concatenate(first.predictions).sum(axis=1), 1)


def test_stripes_are_told_apart_and_units_of_brightness_leave_no_trace() -> None:
    problem, folds, one = problem_of(side=16), folds_of(), family(passes=40)
    found = fit(one, problem, folds)
    hits = [
        (p.argmax(axis=1) == problem.y[s.test]).mean()
        for p, s in zip(found.predictions, folds.splits, strict=True)
    ]
    assert np.mean(hits) > 0.95
    items = problem.design.items
    dim = Dataset((), {}, N, PixelRows(items.pixels * 4096.0, np.arange(N)))
    again = fit(one, replace(problem, design=dim), folds)
    assert (
        np.abs(np.concatenate(again.predictions) - np.concatenate(found.predictions)).max() < 1e-3
    )


def test_a_quantity_is_predicted_in_its_own_units() -> None:
    rng = np.random.default_rng(0)
    level = rng.normal(size=N)
    problem = problem_of(1e6 + 50 * level)
    pixels = problem.design.items.pixels + 3 * level[:, None, None, None].astype(np.float32)
    problem = replace(problem, design=Dataset((), {}, N, PixelRows(pixels, np.arange(N))))
    folds = folds_of()
    found = fit(family(passes=12), problem, folds)
    off = [
        p[:, 0] - problem.y[s.test] for p, s in zip(found.predictions, folds.splits, strict=True)
    ]
    assert np.concatenate(off).std() < 25


def test_a_class_that_a_training_set_lacks_gets_the_share_of_the_unseen() -> None:
    problem, folds = problem_of(), folds_of()
    y = np.zeros(N, dtype=np.int64)
    y[folds.splits[0].test[:9]] = 1
    found = fit(family(), replace(problem, y=y), folds)
    share = 1 / (2 * len(folds.splits[0].train))
    assert np.allclose(found.predictions[0][:, 1], share / (1 + share))
    assert found.settings[0] == {"passes": 0}


def test_images_that_choose_the_pass_lie_in_the_training_set_and_are_an_eighth_at_most() -> None:
    folds = partition_folds(np.arange(600) % 3)
    for split in range(3):
        learn, judged = inner_rows(folds, split)
        assert len(judged) == 50
        assert np.array_equal(np.sort(np.concatenate([learn, judged])), folds.splits[split].train)


def test_a_run_that_was_killed_goes_on_to_the_same_bits(tmp_path, monkeypatch) -> None:
    one, problem, folds = family("residual", passes=3), problem_of(symmetry="shift"), folds_of()
    whole = fit(one, problem, folds).model.to_state()
    from rung.nets.images import learner

    judge, calls = learner.ImageLearner.judge, []

    def dies(self):
        calls.append(1)
        if len(calls) == 6:
            raise KeyboardInterrupt
        return judge(self)

    journal = start_journal(tmp_path / "journal", {})
    context = RunContext(0, problem, family=one.name, journal=journal)
    monkeypatch.setattr(learner.ImageLearner, "judge", dies)
    with pytest.raises(KeyboardInterrupt):
        one.cross_fit(problem, folds, context)
    monkeypatch.setattr(
        learner.ImageLearner, "judge", lambda self: (calls.append(1), judge(self))[1]
    )
    again = call_held(lambda: one.cross_fit(problem, folds, context.for_family(one.name)))
    journal.close()
    state = again.model.to_state()
    assert len(calls) == 6 + 4  # three passes of the first fold and two of the second were kept
    assert all(
        state.arrays[name].tobytes() == whole.arrays[name].tobytes() for name in whole.arrays
    )


@pytest.fixture(scope="module")
def state() -> State:
    return fit(family("residual", passes=1), problem_of(), folds_of()).model.to_state()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("0.net.stem.weight", np.zeros((4, 1, 5, 5), np.float32)),
        ("0.net.stem.bias", np.full(4, np.nan, np.float32)),
        ("0.net.extra.weight", np.zeros(3, np.float32)),
        ("0.scale", np.zeros(1, np.float32)),
        ("0.present", np.array([1, 0])),
        ("0.units", np.zeros(2)),
    ],
)
def test_a_forged_array_of_a_network_is_refused(state: State, name: str, value: object) -> None:
    forged = State(state.spec, {**state.arrays, name: value}, state.strings)
    kept = re.escape(name.split(".", maxsplit=1)[1])
    with pytest.raises(BadModelFile, match=f"{kept}|outputs|belongs"):
        family("residual").load(forged)


@pytest.mark.parametrize(
    ("name", "value"),
    [("architecture", "small"), ("width", 5), ("n_stages", 3), ("n_blocks", 10**6), ("halves", 1)],
)
def test_a_forged_size_of_a_network_is_refused(state: State, name: str, value: object) -> None:
    spec = {**state.spec, "1": {**state.spec["1"], name: value}}
    with pytest.raises(BadModelFile, match=r"array|entry"):
        family("residual").load(State(spec, state.arrays, state.strings))


def test_a_file_of_a_network_says_how_to_get_torch(state: State, monkeypatch) -> None:
    model = family("residual").load(state)
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.delitem(sys.modules, "rung.nets.images.predict", raising=False)
    monkeypatch.delitem(sys.modules, "rung.nets.images.forward", raising=False)
    with pytest.raises(MissingExtra, match=r"\[deep\]") as caught:
        model.predict(problem_of().design)
    assert "torch" in str(caught.value)


def test_a_table_without_pixels_is_no_problem_of_a_network() -> None:
    problem = replace(problem_of(), design=Dataset((), {}, N))
    with pytest.raises(NotApplicable, match="no pixels"):
        fit(family(), problem, folds_of())


def test_scores_that_are_too_sure_are_made_less_sharp() -> None:
    rng = np.random.default_rng(0)
    true = rng.normal(size=(4_000, 2))
    labels = (rng.random(4_000) < 1 / (1 + np.exp(true[:, 0] - true[:, 1]))).astype(int)
    assert best_sharpness(2 * true, labels) == pytest.approx(0.5, abs=0.08)
    assert best_sharpness(true / 2, labels) == pytest.approx(2.0, abs=0.3)
