"""Tables in one text are told apart by their names, not by a row that is odd."""

from rung.data.readers.records import TextRecords
from rung.data.readers.scan import scan_records
from rung.data.readers.several import choose_table


def choose(text, wanted=""):
    data = text.encode()
    records = TextRecords("t", data, ",", '"', 0, scan_records(data, ",", '"'))
    return choose_table(records, wanted)


def test_one_table_with_blank_lines_and_odd_rows_is_one():
    text = "a,b\n1,2\n\n3,4\n5,6,\n7,8\n\n9,10\n11,12\n"
    found, said = choose(text)
    assert found.data == text.encode()
    assert not said


def test_a_table_is_cut_out_with_its_line_numbers():
    found, _ = choose("a,b\n1,2\n3,4\n5,6\n\nx,y,z\n1,2,3\n4,5,6\n7,8,9\n", "2")
    assert found.cells(0) == ["x", "y", "z"]
    assert found.line(0) == 6
