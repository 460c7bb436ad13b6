from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest
import torch
from torch import nn

import rung
from rung.compute import RunContext
from rung.core.family import CrossFit, Family, State
from rung.core.folds import partition_folds
from rung.errors import BadModelFile, NotApplicable, NotSavable, RungError, UsageError
from rung.families.module import ModuleInputs, cross_fit_module
from rung.store.codec import NotEncodable, encode
from rung.testing import example_folds, example_problem, laws
from rung.testing.contract import edge_problems
from rung.testing.problems import strange_rows

QUICK: dict[str, Any] = {"epochs": 4, "batch_rows": 16, "patience": 2, "learning_rate": 0.02}


def small(sizes: Any) -> nn.Module:
    hidden = nn.Linear(sizes.n_inputs, 6)
    return nn.Sequential(hidden, nn.ReLU(), nn.Dropout(0.1), nn.Linear(6, sizes.n_outputs))


class Embedding(nn.Module):
    """Give each category a vector of two numbers."""

    def __init__(self, sizes: Any) -> None:
        super().__init__()
        self.tables = nn.ModuleList(nn.Embedding(n, 2) for n in sizes.n_levels)
        self.out = nn.Linear(sizes.n_inputs + 2 * len(sizes.n_levels), sizes.n_outputs)

    def forward(self, numbers: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
        vectors = [table(codes[:, i]) for i, table in enumerate(self.tables)]
        return self.out(torch.cat([numbers, *vectors], dim=1))


def run(family: Family, task: str, *, threads: int = 1, seed: int = 0) -> CrossFit:
    problem = example_problem(task)  # type: ignore[arg-type]
    context = RunContext(seed, problem, threads)
    return family.cross_fit(problem, example_folds(problem.design.n_rows), context)


@pytest.mark.parametrize("task", ["regression", "binary", "multiclass"])
@pytest.mark.parametrize("inputs", ["one-hot", "codes"])
@pytest.mark.parametrize("kind", ["random", "time"])
def test_a_module_keeps_the_laws(task: str, inputs: str, kind: str) -> None:
    make = small if inputs == "one-hot" else Embedding
    family = cross_fit_module(make, inputs=inputs, **QUICK)  # type: ignore[arg-type]
    problem = example_problem(task)  # type: ignore[arg-type]
    folds = example_folds(problem.design.n_rows, kind=kind)
    laws.check_declaration(family)
    fitted = laws.fit_standard(family, problem, folds)
    laws.check_shapes(family, problem, folds, fitted)
    laws.check_held_out_rows(family, problem, folds, fitted)
    laws.check_weights(family, problem, folds, fitted)
    laws.check_prediction(family, problem, fitted)


@pytest.mark.parametrize("task", ["regression", "binary", "multiclass"])
def test_hard_problems_end_in_a_result_or_a_named_refusal(task: str) -> None:
    family = cross_fit_module(small, **QUICK)
    for title, problem, folds in edge_problems(task):  # type: ignore[arg-type]
        laws.check_edge(family, problem, folds, title)


def test_workers_and_the_global_seed_change_no_bit_and_the_global_state_stays() -> None:
    family = cross_fit_module(small, **QUICK)
    torch.manual_seed(1)
    before = torch.get_rng_state()
    first = run(family, "regression")
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(2)
    again = run(family, "regression", threads=3)
    assert all(map(np.array_equal, first.predictions, again.predictions))
    other = run(family, "regression", seed=1)
    assert not all(map(np.array_equal, first.predictions, other.predictions))


def test_a_linear_module_trained_by_whole_batches_becomes_least_squares() -> None:
    problem = example_problem("regression")
    n_rows = problem.design.n_rows
    fold = np.arange(n_rows) % 3
    folds = partition_folds(fold)
    family = cross_fit_module(
        lambda sizes: nn.Linear(sizes.n_inputs, sizes.n_outputs),
        epochs=60,
        batch_rows=n_rows,
        patience=0,
        optimiser=torch.optim.Rprop,
    )
    fitted = family.cross_fit(problem, folds, RunContext(0, problem))
    split = folds.splits[0]
    inputs = ModuleInputs(RunContext(0, problem).encoded("one-hot", split.train), "one-hot")  # type: ignore[arg-type]
    X, X_test = (
        np.column_stack([inputs.arrays(problem.design, rows)[0].astype(float), np.ones(len(rows))])
        for rows in (split.train, split.test)
    )
    root = np.sqrt(problem.weights(split.train))
    solved, *_ = np.linalg.lstsq(X * root[:, None], problem.y[split.train] * root, rcond=None)
    off = fitted.predictions[0][:, 0] - X_test @ solved
    assert np.abs(off).max() < 0.15 * problem.y.std()


def test_training_stops_when_the_inner_fold_gets_no_better() -> None:
    patient = cross_fit_module(small, epochs=300, batch_rows=8, patience=3, learning_rate=0.05)
    epochs = [settings["epochs"] for settings in run(patient, "regression").settings]
    assert max(epochs) < 290
    stubborn = cross_fit_module(small, epochs=5, patience=0)
    assert [settings["epochs"] for settings in run(stubborn, "regression").settings] == [5] * 4


def test_unseen_and_rare_levels_share_the_last_code() -> None:
    problem = example_problem("regression")
    rows = np.arange(problem.design.n_rows)
    encoder = RunContext(0, problem).encoded("one-hot", rows)
    inputs = ModuleInputs(encoder, "codes")  # type: ignore[arg-type]
    numbers, codes = inputs.arrays(strange_rows(problem.design), None)  # type: ignore[arg-type]
    assert numbers.dtype == np.float32
    assert codes.dtype == np.int64
    assert np.abs(numbers).max() <= 10
    assert (codes >= 0).all()
    assert (codes < np.array(inputs.n_levels)).all()


def test_a_loss_of_my_own_is_lowered() -> None:
    def high(outputs: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        off = target - outputs
        return torch.mean(torch.maximum(0.9 * off, -0.1 * off))

    problem = example_problem("regression")
    family = cross_fit_module(small, high, epochs=40, learning_rate=0.03, patience=0)
    assert not family.weights
    fitted = family.cross_fit(problem, example_folds(problem.design.n_rows), RunContext(0, problem))
    below = np.mean(fitted.model.predict(problem.design)[:, 0] >= problem.y)
    assert below > 0.75


def test_losses_say_which_tasks_they_are_for() -> None:
    assert cross_fit_module(small, "cross_entropy").tasks == ("binary", "multiclass")
    assert cross_fit_module(small, nn.CrossEntropyLoss()).tasks == ("binary", "multiclass")
    assert cross_fit_module(small, "huber").tasks == ("regression",)
    assert cross_fit_module(small, nn.MSELoss()).tasks == ("regression",)
    assert len(cross_fit_module(small, lambda outputs, target: outputs.sum()).tasks) == 3


def test_a_layer_that_insists_on_single_precision_still_predicts() -> None:
    class Single(nn.Module):
        def __init__(self, sizes: Any) -> None:
            super().__init__()
            self.out = nn.Linear(sizes.n_inputs, 1)

        def forward(self, X: torch.Tensor) -> torch.Tensor:
            return self.out(X.float())

    fitted = run(cross_fit_module(Single, **QUICK), "regression")
    assert all(np.isfinite(each).all() for each in fitted.predictions)


def test_it_is_never_written_and_never_read() -> None:
    family = cross_fit_module(small, **QUICK)
    model = run(family, "regression").model
    with pytest.raises(NotSavable, match="a trained Sequential is code"):
        model.to_state()
    with pytest.raises(BadModelFile, match="never in a model file"):
        family.load(State({}))
    with pytest.raises(NotEncodable):
        encode(model)


def test_a_run_with_a_module_names_a_savable_model_or_says_why_not() -> None:
    generator = np.random.default_rng(3)
    x = generator.uniform(-3, 3, 150)
    table = pl.DataFrame({"x": x, "y": np.abs(x) + generator.normal(0, 0.1, 150)})
    bent = cross_fit_module(small, name="bent", epochs=30, batch_rows=16, learning_rate=0.02)
    found = rung.fit(table, target="y", families=["linear", bent], folds=3)
    entry = {one.family: one for one in found.result.ladder}["bent"]
    assert entry.status == "scored", entry.reason
    assert entry.notes[0].startswith("Sequential with ")


@pytest.mark.parametrize(
    ("given", "options", "said"),
    [
        (3, {}, "3 makes nothing"),
        (small, {"loss": "mse"}, "loss 'mse' is not known; squared, absolute, huber"),
        (small, {"inputs": "onehot"}, "inputs 'onehot' is not known; one-hot, codes"),
        (small, {"name": "My Net"}, "'My Net' cannot be the name"),
        (small, {"epochs": 0}, "epochs=0 is not a whole number of at least 1"),
        (small, {"learning_rate": 0.0}, "learning_rate=0.0 is not a positive number"),
        (small, {"optimiser": "sgd"}, "optimiser='sgd' does not take parameters"),
        (small, {"epoch": 3}, "the options of training are epochs, batch_rows.*'epoch'"),
    ],
)
def test_what_is_not_accepted_is_named(given: Any, options: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        cross_fit_module(given, **options)


class Gives(nn.Module):
    """Give what a function makes of a column of numbers."""

    def __init__(self, function: Callable[[torch.Tensor], Any]) -> None:
        super().__init__()
        self.layer = nn.LazyLinear(1)
        self.function = function

    def forward(self, X: torch.Tensor) -> Any:
        return self.function(self.layer(X))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda sizes: 3, "make_module gave int, which is no torch.nn.Module"),
        (lambda sizes: nn.Linear(sizes.n_inputs, 2), r"gives shape \(48, 2\); \(48, 1\) is wanted"),
        (lambda sizes: Gives(lambda out: out[:, 0]), r"gives shape \(48,\); \(48, 1\) is wanted"),
        (lambda sizes: Gives(lambda out: (out, out)), "gives tuple, which is no tensor"),
        (lambda sizes: Gives(lambda out: out.long()), r"gives torch.int64; \(48, 1\) is wanted"),
        (lambda sizes: Gives(lambda out: out + 0j), "gives torch.complex64"),
        (lambda sizes: nn.Linear(999, 1), "the module raised, in training, RuntimeError"),
    ],
)
def test_whatever_it_does_wrong_is_named(make: Any, said: str) -> None:
    with pytest.raises(RungError, match=said):
        run(cross_fit_module(make, **QUICK), "regression")


def test_a_loss_of_many_numbers_is_named() -> None:
    family = cross_fit_module(small, lambda out, wanted: (out - wanted) ** 2, **QUICK)
    with pytest.raises(UsageError, match=r"the loss gives shape \(16, 1\); a tensor of one number"):
        run(family, "regression")


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (nn.Softmax(dim=1), "outputs are probabilities already, and the softmax of them"),
        (nn.Sigmoid(), "outputs all lie between 0 and 1, and the softmax of them"),
        (nn.LogSoftmax(dim=1), None),
        (nn.Identity(), None),
    ],
    ids=["softmax", "sigmoid", "log softmax", "scores"],
)
def test_a_module_whose_outputs_are_probabilities_is_noted(
    end: nn.Module, said: str | None
) -> None:
    family = cross_fit_module(lambda sizes: nn.Sequential(small(sizes), end), **QUICK)
    notes = run(family, "multiclass").notes
    found = [note for note in notes if "softmax" in note]
    assert [said in note for note in found] == ([True] if said else [])


def test_a_table_without_features_is_refused() -> None:
    title, problem, folds = next(
        each for each in edge_problems("regression") if "no feat" in each[0]
    )
    assert title
    with pytest.raises(NotApplicable, match="no feature that varies"):
        cross_fit_module(small, **QUICK).cross_fit(problem, folds, RunContext(0, problem))
