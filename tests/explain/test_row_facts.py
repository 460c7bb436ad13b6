from __future__ import annotations

import numpy as np

from rung.core.dataset import Column, Dataset
from rung.explain.row_facts import Row, share
from tests.workbench.drawn import row


def test_cells_are_told_with_unit_and_missing_by_its_name():
    columns = (Column("size", "number", unit="kpc"), Column("hue", "category", levels=("red",)))
    values = {"size": np.array([2.5, np.nan]), "hue": np.array([0, -2], dtype=np.int32)}
    fitted = type("Fitted", (), {"columns": columns})()
    first, second = (Row(fitted, Dataset(columns, values, 2), i, "t") for i in (1, 2))
    assert (first.cell("size"), first.cell("hue")) == ("2.5 kpc", "red")
    assert (second.cell("size"), second.cell("hue")) == ("missing", "unseen")


def test_the_title_says_model_target_row_and_prediction():
    given = row("linear", "multiclass", 4)
    best = given.fitted.classes[int(np.argmax(given.outputs))]
    assert given.title.startswith("Linear predicts kind for row 4 of the table: ")
    assert best in given.title


def test_the_most_probable_classes_come_first():
    last = row("linear", "multiclass", 4).result()
    shares = [value for name, value in last.facts.items() if name.startswith("probability of")]
    assert shares == sorted(shares, reverse=True)
    assert next(line.name for line in last.lines) == last.title.removeprefix("kind: ")


def test_shares_are_per_cent():
    assert [share(x) for x in (0.0, 0.5, 1.0)] == ["0 %", "50 %", "100 %"]
