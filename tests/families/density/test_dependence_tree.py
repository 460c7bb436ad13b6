"""A tree sees through any scale of a column."""

import numpy as np
import pytest

from tests.families.density.laws import line, mean


def test_it_joins_columns_whatever_their_scale():
    bent = line() | {"y": np.exp(line()["y"] / 3)}
    gain = mean(bent, "dependence_tree") - mean(bent, "independent")
    assert gain == pytest.approx(-0.5 * np.log(1 - 0.95**2), abs=0.25)
