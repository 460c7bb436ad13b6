"""Verbs on densities refuse models of other kinds, and hand back plain data."""

import numpy as np
import pytest

import rung
from rung.errors import UsageError
from rung.workbench.densities import ask, density_of, graph_tree, sample_rows
from tests.kinds.density.made import stars


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    out = tmp_path_factory.mktemp("models")
    x = np.random.default_rng(0).normal(size=60)
    options = {"ledger": False, "folds": 2}
    table = {"x": x, "y": x + 1}
    rung.fit(table, "y", families=["linear"], **options).model.save(out / "line.rung")
    rung.fit(stars(), families=["gaussian"], **options).model.save(out / "one.rung")
    return out


def test_a_model_that_predicts_is_no_density(files):
    with pytest.raises(UsageError, match="holds no density"):
        density_of(files / "line.rung")
    assert graph_tree(files / "line.rung") is None


def test_a_run_without_a_tree_has_none_to_draw(files):
    with pytest.raises(UsageError, match="without a tree"):
        graph_tree(files / "one.rung")


def test_drawn_rows_say_what_they_lack(files):
    text, notes = sample_rows(files / "one.rung", 5, seed=1)
    assert text.count("\n") == 6
    assert notes[-1] == "what lies near a value that repeats is that value: flux"
    with pytest.raises(UsageError, match="n must be a whole number"):
        sample_rows(files / "one.rung", 0)


def test_answers_are_ready_for_json(files):
    found = ask(files / "one.rung", {"colour": "4"})
    empty = dict.fromkeys(("rows", "known_rows", "outside"))
    assert found["given"][0] == {"column": "colour", "value": "4"} | empty
    size = next(one for one in found["answers"] if one["column"] == "size")
    assert size["low"] < size["middle"] < size["high"]
    # one Gaussian joins no category
    assert all(one["nats"] < 1e-6 for one in found["answers"] if "levels" in one)


def test_a_model_in_hand_is_asked_as_its_file_is():
    rng = np.random.default_rng(0)
    sky = rng.choice(["grey", "blue"], 200)
    run = rung.fit(
        {"sky": sky, "rain": rng.normal(size=200) + 5 * (sky == "grey")},
        families=["dependence_tree"],
        choose="leader",
        ledger=False,
        folds=2,
    )
    told = rung.ask(run.model, {"rain": 6})
    (sky_told,) = told["answers"]
    assert (told["family"], sky_told["levels"][0]["level"]) == ("dependence_tree", "grey")
    assert sky_told["levels"][0]["probability"] > 0.95
