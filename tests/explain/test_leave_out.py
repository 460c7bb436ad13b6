"""What columns are worth to the verdict: models trained again without them, on the same folds."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import polars as pl
import pytest

import rung
from rung.compute import RunContext
from rung.core.result import Difference
from rung.errors import UsageError
from rung.explain.leave_out import ColumnWorth, RungWithout, WorthOfColumns, leave_out, sentence
from rung.testing.problems import only
from tests.realdata import real_data

N = 240


def table() -> pl.DataFrame:
    """A column and its copy, one that stands by itself, and noise."""
    rng = np.random.default_rng(3)
    alone, x, noise = rng.normal(size=(3, N))
    target = alone + x + 0.1 * rng.normal(size=N)
    return pl.DataFrame({"alone": alone, "twin": -2 * alone, "noise": noise, "x": x, "y": target})


@cache
def run() -> rung.Run:
    return rung.fit(
        table(), "y", families=["linear", "tree"], metric="r2", explain=False, ledger=False
    )


@cache
def found() -> WorthOfColumns:
    assert run().explained is not None
    return leave_out(run().explained)


def worth(name: str) -> ColumnWorth:
    return next(one for one in found().columns if name in one.columns)


def test_a_column_that_nothing_repairs_matters_and_its_copy_is_left_out_with_it() -> None:
    assert worth("alone").columns == ("alone", "twin")
    assert worth("alone").verdict == "matters"
    assert worth("alone").says.endswith("at best (Linear); nothing repairs it")
    # Half of the variance is gone: what is left is that of x.
    assert worth("alone").metric == pytest.approx(0.5, abs=0.15)
    assert found().columns[-1].columns == ("noise",)


def test_noise_does_not_matter_and_nothing_is_named_for_it() -> None:
    assert worth("noise").verdict == "does not matter"
    assert worth("noise").says == "without noise: the loss stays"
    assert worth("noise").repaired_by == ()


def test_numbers_are_those_of_the_rung_trained_by_itself_without_the_column() -> None:
    explained = run().explained
    assert explained is not None
    problem, folds = explained.prepared.problem, explained.prepared.folds
    less = replace(problem, design=only(problem, "alone", "twin", "noise").design)
    fitted = explained.family("linear").cross_fit(less, folds, RunContext(0, less))
    predicted = np.zeros(len(problem.y))
    for split, own in zip(folds.splits, fitted.predictions, strict=True):
        predicted[split.test] = own[:, 0]
    r2 = 1 - np.mean((predicted - problem.y) ** 2) / problem.y.var()
    assert worth("x").rungs[0].metric == pytest.approx(r2)
    assert worth("x").low < worth("x").metric < worth("x").high < found().whole


def test_columns_that_make_each_other_dispensable_are_named_as_repair() -> None:
    rng = np.random.default_rng(0)
    truth = rng.normal(size=8_000)
    a, b = truth + 0.45 * rng.normal(size=(2, 8_000))
    made = pl.DataFrame({"a": a, "b": b, "y": truth + 4 * rng.normal(size=8_000)})
    one = rung.fit(made, "y", families=["linear"], explain=False, ledger=False)
    said = sorted(each.says for each in leave_out(one.explained).columns)
    assert said == [
        "without a: the loss stays, b repairs it",
        "without b: the loss stays, a repairs it",
    ]


def test_a_run_hands_out_sentences_and_a_frame() -> None:
    view = run().explain.leave_out(["linear"])
    assert repr(view).splitlines()[0].startswith("Linear, the best with all columns: r2 0.9")
    assert "nothing repairs it" in repr(view)
    frame = view.frame()
    assert set(frame.columns) >= {"columns", "best", "metric", "low", "high", "verdict"}
    assert frame["linear without"].to_list() == frame["metric"].to_list()
    assert "What is lost" in view._repr_html_()
    with pytest.raises(UsageError, match="family 'forest' was not scored"):
        run().explain.leave_out(["forest"])
    with pytest.raises(UsageError, match="this run has none of constant"):
        run().explain.leave_out(["constant"])


def test_the_same_run_gives_the_same_numbers_for_any_number_of_threads() -> None:
    assert run().explained is not None
    one, two = (leave_out(replace(run().explained, threads=n), ["linear"]) for n in (1, 2))
    assert one == two


def test_a_page_shows_it_only_if_it_was_asked_for() -> None:
    small = table().select("alone", "noise", "y").head(80)
    asked = rung.fit(small, "y", families=["linear"], leave_out=True, ledger=False)
    assert "leave_out" in asked.result.sections
    assert "--leave-out" in asked.result.command.words
    assert "leave_out" not in run().result.sections


@pytest.mark.parametrize(
    ("verdict", "rise", "repaired", "said"),
    [
        (
            "matters",
            (0.3, 0.1, 0.5),
            (),
            "without a: rmse 1.5 at best (Linear); nothing repairs it",
        ),
        ("does not matter", (0.0, -0.1, 0.1), ("b",), "without a: the loss stays, b repairs it"),
        (
            "does not matter",
            (0.0, -0.1, 0.1),
            (),
            "without a: the loss stays; Tree alone loses by it",
        ),
        (
            "undecided",
            (0.3, -0.1, 0.5),
            (),
            "without a: rmse 1.5 at best (Linear); whether anything is lost is undecided",
        ),
    ],
)
def test_a_sentence_says_what_is_lost_and_what_repairs_it(verdict, rise, repaired, said) -> None:
    lost = RungWithout("tree", "Tree", 1.0, Difference(0.3, 0.1, 0.5), "matters")
    own = ColumnWorth(
        ("a",), "linear", 1.5, 1.0, 2.0, Difference(*rise), verdict, repaired, (lost,), ""
    )
    assert sentence(own, "Linear", "rmse") == said


def test_without_its_only_column_the_guess_is_the_best() -> None:
    made = table().select("alone", "y").head(90)
    one = rung.fit(made, "y", families=["linear", "tree"], metric="r2", explain=False, ledger=False)
    (own,) = leave_out(one.explained).columns
    assert own.best == "constant"
    assert own.verdict == "matters"


def test_without_their_colour_nothing_tells_the_gas_of_galaxies() -> None:
    """The course has R² .797 with NUVr and .406 without; here .80 and .40 on three folds."""
    features = ["model_r", "NUVr", "expAB_r", "petrR50_r", "CINDX", "INCL"]
    one = rung.fit(
        real_data("xgass/xGASS_representative_sample.csv"),
        "lgGF",
        features=features,
        families=["linear", "additive"],
        metric="r2",
        folds=3,
        explain=False,
        ledger=False,
    )
    ways = leave_out(one.explained).columns
    assert ways[0].says == "without NUVr: R² 0.399 at best (Additive curves); nothing repairs it"
    assert ("expAB_r", "INCL") in {each.columns for each in ways}
