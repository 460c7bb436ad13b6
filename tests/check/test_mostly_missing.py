from dataclasses import replace

import numpy as np

from rung.check.mostly_missing import CHECK
from rung.core.sentinels import Sentinel
from tests.check.made import looked, seen

ROW = np.arange(100)


def test_more_than_half_of_the_cells_missing_is_found() -> None:
    found = looked(
        CHECK,
        seen(
            half=np.where(ROW < 50, 1.0, np.nan),
            more=np.where(ROW < 49, 1.0 * ROW, np.nan),
            word=np.where(ROW < 20, "a", ""),
            none=np.full(100, np.nan),
        ),
    )
    assert [one.columns for one in found] == [("more",), ("word",)]
    assert found[0].message == "column 'more' is missing in 51 rows, 51% of all"


def test_numbers_that_stand_for_missing_count() -> None:
    shown = seen(mag=np.where(ROW < 60, -99.0, 20.0 + ROW))
    assert looked(CHECK, shown) == ()
    blank = Sentinel("mag", -99.0, 60, 20.0, 3.0, True)
    (found,) = looked(CHECK, replace(shown, sentinels=(blank,)))
    assert "60 rows" in found.message
