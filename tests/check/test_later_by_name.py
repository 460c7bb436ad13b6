import numpy as np
import pytest

from rung.check.later_by_name import CHECK, reason
from tests.check.made import looked, seen


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("predictedChurn", "'predicted' names the output of a model"),
        ("z_photoz", "'photoz' names the output of a model"),
        ("weight_after", "'after' names what is measured later"),
        ("nextVisit", "'next' names what is measured later"),
        ("sale_price_log", "it holds the name of the target"),
        ("sale", ""),
        ("Area", ""),
        ("afternoon", ""),
        ("postcode", ""),
    ],
)
def test_words_of_a_name_tell_where_a_column_comes_from(name: str, told: str) -> None:
    assert reason(name, "sale_price") == told


def test_short_targets_lend_their_names_to_many_and_the_target_itself_is_not_noted() -> None:
    x = np.arange(40.0)
    assert looked(CHECK, seen(x, y_of_x=x, area=x)) == ()
    (found,) = looked(CHECK, seen(x, forecast=x, area=x))
    assert (found.severity, found.columns) == ("info", ("forecast",))
