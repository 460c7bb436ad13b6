"""Options of images are checked where they are given."""

import numpy as np
import pytest

from rung.errors import UsageError
from rung.kinds.image.options import ImageOptions, make_image_options


def test_labels_may_stand_in_the_place_of_the_target_once() -> None:
    options = make_image_options({"target": np.arange(3)})
    assert options.target == "class"
    assert options.labels.tolist() == [0, 1, 2]
    assert options.to_record()["labels"] == "given"
    with pytest.raises(UsageError, match="given twice"):
        make_image_options({"target": np.arange(3), "labels": "x.csv"})


def test_an_unknown_symmetry_is_refused_with_those_known() -> None:
    with pytest.raises(UsageError, match="none, shift, rotation, dihedral are"):
        ImageOptions(symmetry="mirror")


def test_what_a_table_shares_is_asked_of_the_table_of_numbers() -> None:
    table = ImageOptions(target="kind", seed=4, folds=3, positive="a").of_table
    assert (table.target, table.seed, table.folds, table.positive) == ("kind", 4, 3, "a")
