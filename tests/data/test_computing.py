import numpy as np
import pytest

from rung.data.computing import Cells, compute, spelled
from rung.data.expressions import parse_condition
from rung.errors import UsageError

NAN = float("nan")
DAY = 86_400.0
COLUMNS = {
    "x": Cells("number", np.array([1.0, -2.0, NAN, 4.0])),
    "ok": Cells("truth", np.array([1.0, 0.0, NAN, 1.0])),
    "kind": Cells("words", np.array([0, 1, -1, -2], dtype=np.int32), ("GALAXY", "STAR")),
    "day": Cells("time", np.array([0.0, 31 * DAY, NAN, 366 * DAY])),
    "hour": Cells("number", np.array([3.0, 4.0, 5.0, 6.0])),
}
FOUND = {
    "x > 0": [1, 0, NAN, 1],
    "not x > 0": [0, 1, NAN, 0],
    "x != 4": [1, 1, NAN, 0],
    "-3 < x < 2": [1, 1, NAN, 0],
    "(x > 0) == ok": [1, 1, NAN, 1],
    "ok and x > 1": [0, 0, NAN, 1],
    "x > 1 and ok": [0, 0, NAN, 1],
    "missing(x) or x > 0": [1, 0, 1, 1],
    "ok or true": [1, 1, 1, 1],
    "ok and false": [0, 0, 0, 0],
    "kind == 'STAR'": [0, 1, NAN, 0],
    "'STAR' != kind": [1, 0, NAN, 1],
    "kind in ('STAR', 'GALAXY')": [1, 1, NAN, 0],
    "kind not in ('STAR', 'QSO')": [1, 0, NAN, 1],
    "x in (1, 4)": [1, 0, NAN, 1],
    "day >= '1970-02-01'": [0, 1, NAN, 1],
    "'1970-02-01' > day": [1, 0, NAN, 0],
    "year(day) == 1971": [0, 0, NAN, 1],
    "month(day) + day_of_year(day)": [2, 34, NAN, 3],
    "(day - day) + 1": [1, 1, NAN, 1],
    "hour * 2": [6, 8, 10, 12],
    "log(x)": [0, NAN, NAN, np.log(4)],
    "1 / (x - 1)": [NAN, -1 / 3, NAN, 1 / 3],
    "exp(1000 * x)": [NAN, 0, NAN, NAN],
    "-x ** 2": [-1, -4, NAN, -16],
    "max(x, 0) - relu(x) + min(x, 0)": [0, -2, NAN, 0],
    "sqrt(abs(x)) * 2 ** log10(10)": [2, 2 * 2**0.5, NAN, 4],
}


@pytest.mark.parametrize("source", FOUND)
def test_every_operation_computes_by_hand_and_what_is_not_known_stays_so(source):
    found = compute(source, parse_condition(source), COLUMNS)
    np.testing.assert_allclose(np.broadcast_to(found.values, 4), FOUND[source], rtol=1e-15)


BAD = {
    "y > 1": r"no column 'y'; the table has 'x', .*, at character 1",
    "knd == 'A'": r"no column 'knd'.*did you mean kind\?",
    "missing > 1": r"no column 'missing'.*write missing\(x\)",
    "x == '3'": r"numbers cannot be compared with the text '3', at character 3.*leave the quotes out",
    "kind == 3": r"words such as 'GALAXY' cannot be compared with numbers.*in quotes",
    "kind < 'M'": r"words are not ordered by '<', at character 6",
    "kind == kind": r"words such as 'GALAXY' cannot be compared with words",
    "day > 'soon'": r"'soon' is no date.*'2024-01-31'",
    "day > 3": r"dates or times cannot be compared with numbers",
    "ok > false": r"true and false have no order",
    "x and ok": r"'and' takes true or false, not numbers",
    "log(kind)": r"'log' takes numbers, not words such as 'GALAXY'",
    "day + 1": r"'\+' takes numbers, not dates or times.*year\(x\)",
    "hour(x)": r"'hour' takes a date or time, not numbers.*without parentheses",
    "'a' + 1": r"'\+' takes numbers, not the text 'a'",
}


@pytest.mark.parametrize("source", BAD)
def test_values_that_do_not_go_together_are_refused_with_their_place(source):
    with pytest.raises(UsageError, match=BAD[source]):
        compute(source, parse_condition(source), COLUMNS)


def test_a_name_is_spelled_so_that_it_is_read_again():
    for name in ("NUVr", "u - g", "a]b", "and", "größe", "1st"):
        assert parse_condition(f"{spelled(name)} > 1")[0].name == name
