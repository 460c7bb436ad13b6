"""Tables of counts in a file."""

import numpy as np
import pytest

from rung.core.family import State
from rung.errors import BadModelFile
from rung.text.counted import gram_arrays, read_grams, read_size
from rung.text.grams import count_grams
from tests.families.text.laws import random_lines


def arrays():
    return gram_arrays(count_grams(random_lines(50, 1), 3, 9))


def test_tables_come_back_as_they_were():
    written = count_grams(random_lines(50, 1), 3, 9)
    for grams in written:
        read = read_grams(gram_arrays(written), grams.order, 9, 0)
        assert read.keys.tobytes() == grams.keys.tobytes()
        assert read.counts.tobytes() == grams.counts.tobytes()


FORGERIES = {
    "missing": lambda a: a.pop("keys/2"),
    "shapes": lambda a: a.update({"counts/2": a["counts/2"][:-1]}),
    "no counts": lambda a: a.update({"counts/2": a["counts/2"].astype(float)}),
    "missing or": lambda a: a.update({"keys/2": a["keys/2"].astype(np.int64)}),
    "out of order": lambda a: a.update({"keys/2": a["keys/2"][::-1].copy()}),
    "not counted": lambda a: a.update({"counts/2": 0 * a["counts/2"]}),
    "unknown": lambda a: a["keys/2"].__setitem__(-1, a["keys/2"][-1] | np.uint64(15)),
    "too long": lambda a: a["keys/2"].__setitem__(-1, a["keys/2"][-1] | np.uint64(1 << 60)),
}


@pytest.mark.parametrize("what", FORGERIES)
def test_a_forged_table_is_refused(what):
    forged = arrays()
    FORGERIES[what](forged)
    with pytest.raises(BadModelFile, match=what):
        read_grams(forged, 2, 9, 0)


@pytest.mark.parametrize("order", [0, 16])
def test_runs_that_do_not_fit_a_key_are_refused(order):
    with pytest.raises(BadModelFile, match="do not fit"):
        read_grams(arrays(), order, 9, 0)


@pytest.mark.parametrize("spec", [{}, {"n_tokens": 1, "first": 1}, {"n_tokens": 2.0, "first": 0}])
def test_a_forged_vocabulary_is_refused(spec):
    with pytest.raises(BadModelFile, match="vocabulary"):
        read_size(State(spec))
