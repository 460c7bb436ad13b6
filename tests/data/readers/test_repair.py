"""An odd row has the readings that fit its columns: one, several or none."""

import pytest

from rung.data.readers.repair import Repairer
from rung.data.readers.shapes import column_shapes

ROWS = [[f"{i:02}/01", str(i), f"some words {'x' * i}", ["", "a"][i % 2]] for i in range(1, 31)]


@pytest.mark.parametrize(
    ("line", "readings"),
    [
        ("05/01,7,few words", [("05/01", "7", "few words", "")]),
        ("05/017,few words,a", [("05/01", "7", "few words", "a")]),
        ("05/01,,7,few words,a", [("05/01", "7", "few words", "a")]),
        ("05/01;7;few words;a", [("05/01", "7", "few words", "a")]),
        ("05/01,7,few, words,a", [("05/01", "7", "few, words", "a")]),
        ("x,y,z", []),
    ],
)
def test_an_odd_row_has_the_readings_that_fit(line, readings):
    found = Repairer(column_shapes(ROWS), ",").read(line.split(","), line)
    assert list(found.readings) == readings


def test_numbers_without_a_delimiter_have_several_readings():
    shapes = column_shapes([[str(i), str(i)] for i in range(5, 200)])
    assert len(Repairer(shapes, ",").read(["1234"], "1234").readings) > 1
