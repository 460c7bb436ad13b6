import numpy as np

from rung.check.nearly_unique import CHECK
from tests.check.made import looked, seen


def test_a_level_for_every_other_row_is_found() -> None:
    many = np.array([f"t{i // 2:03d}" for i in range(200)])
    few = np.array([f"t{i // 3:03d}" for i in range(200)])
    (found,) = looked(CHECK, seen(many=many, few=few))
    assert found.message == "column 'many' has 100 categories in 200 rows, such as 't000'"
    assert looked(CHECK, seen(many=many[:20])) == ()
