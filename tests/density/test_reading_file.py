import numpy as np
import pytest

from rung.core.dataset import Column, Dataset
from rung.density.reading import learn_reading
from rung.density.reading_file import describe_reading, read_reading

COLUMNS = (Column("n", "number"), Column("m", "number"), Column("c", "category", levels=("a",)))


def test_a_reading_comes_back_as_it_was() -> None:
    values = {
        "n": np.tile([0.0, 1.0], 9),
        "m": np.repeat(np.arange(6.0), 3),
        "c": np.zeros(18, np.int32),
    }
    found = learn_reading(Dataset(COLUMNS, values, 18), np.arange(18))
    assert found.spreads
    assert found.levels
    assert read_reading(COLUMNS, describe_reading(found)) == found


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ({"spreads": {}, "number_levels": {"c": [1.0]}}, "'category' is not one of"),
        ({"spreads": {}, "number_levels": {"n": ["a"]}}, "are no numbers"),
        (
            {
                "spreads": {"n": {"step": -1, "start": 0, "values": [], "widths": []}},
                "number_levels": {},
            },
            "no spread",
        ),
    ],
)
def test_a_forged_reading_is_refused(stored: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_reading(COLUMNS, stored)
