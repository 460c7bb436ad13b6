"""What a tree says of a column is what its rows have."""

from types import SimpleNamespace

import numpy as np
import pytest

import rung
from rung.core.dataset import Column, Dataset
from rung.errors import UsageError
from rung.kinds.density import asking
from rung.kinds.density.asking import ask
from rung.kinds.density.given import read_given
from tests.kinds.density.made import stars


def _asked(model, given):
    return {one.column: one for one in ask(model, given)}


@pytest.fixture(scope="module")
def model():
    table = stars(400) | {"like": np.where(stars(400)["kind"] == "giant", "big", "small")}
    options = {"choose": "leader", "ledger": False, "folds": 2}
    return rung.fit(table, families=["dependence_tree"], **options).model


def test_a_level_makes_what_depends_on_it_likely_with_the_rows_behind_it(model):
    found = _asked(model, {"kind": "giant"})
    level, share, of_all, rows = found["like"].levels[0]
    assert level == "big"
    assert share > 0.97
    assert of_all == pytest.approx(0.5, abs=0.1)
    (cell,) = read_given(model, {"kind": "giant"}).cells
    giants, known = cell.rows, cell.known_rows
    assert rows == giants
    assert known == sum(model.level_rows["kind"])
    low, middle, high, *of_all_rows = found["colour"].numbers
    assert middle == pytest.approx(4.0, abs=0.5)
    assert low < 3.2
    assert high > 4.8
    assert of_all_rows[0] < 0 < of_all_rows[2] - 4
    assert found["flux"].nats < 0.05 < found["colour"].nats


def test_a_number_makes_a_level_likely(model):
    assert _asked(model, {"colour": "4.5"})["kind"].levels[0][0] == "giant"
    assert _asked(model, {"colour": "-0.5"})["kind"].levels[0][0] == "dwarf"
    narrow = _asked(model, {"colour": "4.5"})["size"].numbers
    assert narrow[1] == pytest.approx(4.5, abs=0.5)


def test_with_nothing_known_the_answer_is_that_of_all_rows(model):
    for one in ask(model, {}):
        assert one.nats == pytest.approx(0.0, abs=1e-9)
        if one.levels:
            assert all(share == of_all for _, share, of_all, _ in one.levels)
            assert sum(share for _, share, _, _ in one.levels) == pytest.approx(1.0)


def test_the_probabilities_are_those_that_the_density_implies(model):
    rows = stars(1)
    row = {name: [np.asarray(values)[0]] for name, values in rows.items()} | {"like": ["big"]}
    logs = [model.predict(row | {"kind": [kind]})[0] for kind in ("dwarf", "giant")]
    given = {name: str(values[0]) for name, values in row.items() if name != "kind"}
    given = {name: cell.lower() for name, cell in given.items() if cell != "nan"}
    found = {one[0]: one[1] for one in _asked(model, given)["kind"].levels}
    assert np.log(found["giant"] / found["dwarf"]) == pytest.approx(logs[1] - logs[0], abs=0.1)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"color": "1"}, "did you mean 'colour'"),
        ({"kind": "medium"}, "never 'medium' in training; accepted: dwarf, giant"),
    ],
)
def test_what_is_not_known_is_refused(model, given, said):
    with pytest.raises(UsageError, match=said):
        ask(model, given)


def test_numbers_are_asked_within_the_range_of_training_and_what_lies_outside_is_said(model):
    found = _asked(model, {"kind": "giant"})
    known = stars(400)
    for name in ("colour", "size", "flux", "grade"):
        low, high = np.nanmin(known[name]), np.nanmax(known[name])
        assert all(low <= one <= high for one in found[name].numbers), name
        assert 0 <= found[name].outside < 0.3, name
    assert all(one == round(one) for one in found["grade"].numbers)
    assert found["colour"].to_dict()["outside"] == pytest.approx(found["colour"].outside, abs=1e-6)


def test_a_sharp_end_does_not_draw_the_mass_to_it():
    """A density of 17 on the last thousandth, of one half elsewhere, has half of its mass below 0."""

    def predict(rows):
        x = rows.values["x"]
        inside = np.where(x > 0.999, 17.0, 0.5)
        return np.log(np.where(np.abs(x) < 1, inside, 1e-30))[:, None]

    columns = (Column("x", "number"),)
    row = Dataset(columns, {"x": np.array([np.nan])}, 1)
    grid = np.append(np.linspace(-2, 2, 81), 0.9995)
    model = SimpleNamespace(model=SimpleNamespace(predict=predict))
    finer = asking._finer(model, row, "x", np.sort(grid))
    mass = asking._mass(asking._logs(model.model, row, "x", finer), finer)
    assert mass[finer < 0].sum() == pytest.approx(0.5 / 1.0165, abs=0.02)
    assert len(finer) < 200


def test_a_network_says_what_a_class_says_of_a_number(monkeypatch):
    pytest.importorskip("torch", reason="pip install 'rung[deep]' adds the networks")
    monkeypatch.setattr("rung.nets.densities.train.STEPS", 120)
    options = {"choose": "leader", "ledger": False, "folds": 2}
    found = _asked(rung.fit(stars(), families=["flow"], **options).model, {"kind": "giant"})
    assert found["colour"].numbers[1] == pytest.approx(4.0, abs=0.5)
    assert found["flux"].nats < 0.1 < found["size"].nats
