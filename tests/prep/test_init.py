import numpy as np
import pytest

from rung.errors import UsageError
from rung.prep import fit_encoder
from rung.prep.one_hot import TableEncoder
from tests.tables import regression


def test_recipes_are_found_by_name():
    problem = regression(np.arange(9.0), numbers=np.arange(9.0)[:, None])
    assert isinstance(fit_encoder("one-hot", problem, np.arange(9)), TableEncoder)
    with pytest.raises(UsageError, match=r"'two-hot'.*one-hot"):
        fit_encoder("two-hot", problem, np.arange(9))
