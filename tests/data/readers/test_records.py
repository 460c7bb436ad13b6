"""TextRecords keep their place in the file, and are written back as they are read."""

from rung.data.readers.records import TextRecords, sign_name
from rung.data.readers.scan import scan_records

DATA = b'a,b\n1,"x, y"\n3,z\n'


def records(data=DATA, quote='"'):
    return TextRecords("t", data, ",", quote, 4, scan_records(data, ",", quote))


def test_a_line_is_counted_from_the_top_of_the_file():
    assert [records().line(i) for i in range(3)] == [5, 6, 7]


def test_cells_that_are_written_anew_come_back():
    found = records().only([0, 1], {1: ['5"', "p, q"]})
    assert [found.cells(i) for i in range(len(found))] == [["a", "b"], ['5"', "p, q"]]


def test_without_quotes_a_cell_with_a_delimiter_brings_them():
    found = records(b'a,b\n1,5"\n', quote=None).only([0, 1], {0: ["a", "b, c"]})
    assert [found.cells(i) for i in range(len(found))] == [["a", "b, c"], ["1", '5"']]


def test_delimiters_are_named():
    assert [sign_name(sign) for sign in "\t;~"] == ["tab", "semicolon", "'~'"]
