"""Arrays of a file follow each other and fill it; anything else is refused by name."""

import pytest

from rung.store.spans import in_order

TYPES = {"F32": "<f4", "I64": "<i8"}
ONE = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}


def test_names_come_in_the_order_of_the_file_and_not_of_the_header():
    header = {"z": ONE, "a": {"dtype": "I64", "shape": [1], "data_offsets": [8, 16]}}
    assert in_order(header, TYPES, 16) == ["z", "a"]
    assert in_order({}, TYPES, 0) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"dtype": "F8"}, "unknown type 'F8'; known are F32, I64"),
        ({"shape": [1] * 9}, "no short list"),
        ({"shape": [True]}, "no natural number"),
        ({"shape": [-2]}, "no natural number"),
        ({"shape": [3]}, "do not fit its shape"),
        ({"data_offsets": [0, 4, 8]}, "3 offsets, not 2"),
        ({"data_offsets": [4, 12]}, "does not begin where"),
        ({"more": 1}, "not described by type, shape and offsets"),
    ],
)
def test_a_wrong_description_is_refused(changes, said):
    with pytest.raises(ValueError, match=f"array 'a' .*{said}"):
        in_order({"a": {**ONE, **changes}}, TYPES, 8)


@pytest.mark.parametrize("n_bytes", [7, 9])
def test_arrays_fill_the_file(n_bytes):
    with pytest.raises(ValueError, match=f"need 8 bytes, the file has {n_bytes}"):
        in_order({"a": ONE}, TYPES, n_bytes)
