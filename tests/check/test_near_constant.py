import numpy as np

from rung.check.near_constant import CHECK
from tests.check.made import looked, seen

ROW = np.arange(1_000)


def test_one_value_in_all_but_ten_rows_of_a_thousand_is_found_in_any_kind() -> None:
    word = np.where(ROW < 10, "b", "a")
    gone = np.where(ROW < 10, 1.0, np.nan)
    found = looked(CHECK, seen(flag=(ROW < 10).astype(float), word=word, gone=gone))
    assert [one.message for one in found] == [
        "column 'flag' holds 0 in 990 of 1000 rows",
        "column 'word' holds 'a' in 990 of 1000 rows",
        "column 'gone' holds a missing cell in 990 of 1000 rows",
    ]


def test_eleven_other_rows_and_short_tables_are_silent() -> None:
    assert looked(CHECK, seen(flag=(ROW < 11).astype(float))) == ()
    assert looked(CHECK, seen(flag=np.zeros(20))) == ()
