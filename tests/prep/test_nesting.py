import numpy as np
import pytest

from rung.core.family import State
from rung.errors import BadModelFile
from rung.prep.nesting import nest, part

INNER = State({"width": 2}, {"mean": np.arange(2.0)}, {"names": ("a", "b")})


def test_parts_come_back_as_they_went_in():
    joined = nest({"first": INNER, "second": nest({"deep": INNER})})
    for found in (part(joined, "first"), part(part(joined, "second"), "deep")):
        assert found.spec == INNER.spec
        assert found.arrays.keys() == INNER.arrays.keys()
        assert found.strings == INNER.strings
        np.testing.assert_array_equal(found.arrays["mean"], INNER.arrays["mean"])


def test_names_that_begin_alike_do_not_mix():
    joined = nest({"1": INNER, "11": State({})})
    assert part(joined, "11").arrays == {}


def test_an_absent_part_is_refused_by_name():
    with pytest.raises(BadModelFile, match="part 'trees' is missing"):
        part(INNER, "trees")
