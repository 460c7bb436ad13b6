from __future__ import annotations

import numpy as np
import pytest

from rung.core.dataset import Dataset
from rung.core.family import State
from rung.testing.files import (
    Saved,
    check_files,
    pack_design,
    pack_state,
    unpack_design,
    unpack_state,
)
from rung.testing.problems import example_problem, strange_rows
from tests.testing.broken import GOOD, MeanModel, make


def rows() -> Dataset:
    design = example_problem("regression").design
    assert isinstance(design, Dataset)
    return strange_rows(design)


def test_rows_come_back_from_a_file_as_they_were() -> None:
    before = rows()
    after = unpack_design(pack_design(before))
    assert after.columns == before.columns
    for name, values in before.values.items():
        assert np.array_equal(values, after.values[name], equal_nan=True)
        assert values.dtype == after.values[name].dtype


def test_a_state_comes_back_from_a_file_as_it_was() -> None:
    state = State({"depth": 3}, {"x": np.array([0.1, -0.0])}, {"levels": ("é", "")})
    again = unpack_state(pack_state(state))
    assert again.spec == {"depth": 3}
    assert list(again.strings["levels"]) == ["é", ""]
    assert again.arrays["x"].tobytes() == state.arrays["x"].tobytes()


def test_a_model_that_predicts_otherwise_elsewhere_is_seen() -> None:
    model = MeanModel(1.5, 0.0)
    saved = Saved("a lie", model, rows(), np.nextafter(model.predict(rows()), 2.0))
    with pytest.raises(AssertionError, match=r"fresh process.*a lie"):
        check_files(GOOD, [saved])


def test_a_load_without_a_name_is_refused() -> None:
    model = MeanModel(1.5, 0.0)

    def load(state: State) -> MeanModel:
        return GOOD.load(state)

    family = make("nameless", load=load)
    with pytest.raises(AssertionError, match="cannot import"):
        check_files(family, [Saved("a model", model, rows(), model.predict(rows()))])
