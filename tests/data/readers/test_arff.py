"""A table with attributes is read under their names, or refused with what to do."""

import pytest

from rung.data.readers.arff import cells_of_line
from rung.data.readers.reader import Source, find_reader
from rung.data.table import ReadOptions
from rung.errors import UnreadableFile

HEAD = "% made by us\n@relation 'iris two'\n\n@ATTRIBUTE width REAL\n@attribute 'kind of it' {'a b',c}\n"


def read(text):
    source = Source("t.arff", data=text.encode())
    reader = find_reader(source)
    assert reader.name == "arff"
    return reader.read(source, ReadOptions()).frame


def test_rows_stand_under_the_names_of_the_attributes():
    frame = read(HEAD + "\n@data\n% a remark\n1.5,'a b'\n?,c\n 2.5 , c \n")
    assert frame.columns == ["width", "kind of it"]
    assert frame.rows() == [("1.5", "a b"), ("?", "c"), ("2.5", "c")]


def test_a_row_is_parted_at_delimiters_outside_quotes():
    assert cells_of_line("'a, b',\"c\",,5") == ["a, b", "c", "", "5"]
    assert cells_of_line(r"'it\'s',") == ["it's", ""]


@pytest.mark.parametrize(
    ("text", "said"),
    [(HEAD, "no line @data"), (HEAD + "@data\n{0 1.5}\n", "sparse rows")],
)
def test_what_is_lacking_is_named(text, said):
    with pytest.raises(UnreadableFile, match=said):
        read(text)
