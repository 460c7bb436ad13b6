"""A rung on some columns reads no other."""

import numpy as np

from rung.families.on_numbers import only
from tests.families.image.rungs import made_problem


def test_columns_of_another_word_are_no_features() -> None:
    design = made_problem("pixel").design
    assert only(design, "pixel").number_names == ("pixel one", "pixel two")
    assert only(design, "pix").number_names == ()
    assert np.array_equal(only(design, "pixel").numbers(), design.numbers()[:, :2])
