"""JSON is a table in each of the ways that people write one."""

import json

import pytest

from rung.data.readers.json import READER
from rung.data.readers.reader import Source, find_reader
from rung.data.table import ReadOptions
from rung.errors import UnreadableFile

WANTED = {"a": [1, 2], "b": ["x", None]}
FORMS = {
    "records": [{"a": 1, "b": "x"}, {"a": 2}],
    "columns": {"a": [1, 2], "b": ["x", None]},
    "split": {"columns": ["a", "b"], "data": [[1, "x"], [2, None]]},
    "lists with names": [["a", "b"], [1, "x"], [2, None]],
    "inside": {"meta": {"n": 2}, "rows": [{"a": 1, "b": "x"}, {"a": 2}]},
    "features": {"type": "FeatureCollection", "features": [{"properties": {"a": 1, "b": "x"}}, {"properties": {"a": 2}}]},
}  # fmt: skip


def read(text, **options):
    return READER.read(Source("t.json", data=text.encode()), ReadOptions(**options))


@pytest.mark.parametrize("form", FORMS)
def test_a_table_is_read_in_each_form(form):
    assert read(json.dumps(FORMS[form])).frame.to_dict(as_series=False) == WANTED


def test_lines_of_records_are_rows_and_a_broken_one_is_named():
    assert read('{"a": 1, "b": "x"}\n\n{"a": 2}\n').frame.to_dict(as_series=False) == WANTED
    with pytest.raises(UnreadableFile, match=r"line 2 of 't.json' is no JSON"):
        read('{"a": 1}\n{"a": \n')


def test_what_is_nested_becomes_columns():
    found = read('[{"p": {"x": 1, "y": {"z": 2}}, "v": [3, 4], "w": ["k"]}]').frame
    assert found.row(0, named=True) == {"p.x": 1, "p.y.z": 2, "v_1": 3, "v_2": 4, "w": '["k"]'}


def test_a_number_beyond_64_bits_keeps_its_digits():
    assert read('[{"id": 123456789012345678901}]').frame["id"].to_list() == [
        "123456789012345678901"
    ]


@pytest.mark.parametrize("text", ["3", '{"a": {"b": 1}, "c": 2}', "[1, {}]", "[" * 5000])
def test_json_that_is_no_table_is_one_clear_error(text):
    with pytest.raises(UnreadableFile, match=r"t\.json"):
        read(text)


@pytest.mark.parametrize(
    ("head", "name", "reader"),
    [
        (b'{"a": 1}', "t.txt", "json"),
        (b'[{"a": 1}]', "t", "json"),
        (b"[m],[s]\n1,2\n", "t.csv", "delimited"),
        (b"{x},y\n1,2\n", "t.csv", "delimited"),
        (b"[1, 2]", "t.json", "json"),
    ],
)
def test_json_is_told_from_text(head, name, reader):
    assert find_reader(Source(name, data=head)).name == reader
