"""Weights of other programs are read from safetensors, and nothing in the file is ever run."""

import json
import pickle

import numpy as np
import pytest

from rung.errors import UnreadableFile
from rung.store.weights_file import read_weights
from tests.nets.backbones.made import as_file

ARRAYS = {
    "a": np.arange(6, dtype=np.float32).reshape(2, 3),
    "half": np.array([0.5, -2.0], dtype=np.float16),
    "steps": np.array([7], dtype=np.int64),
}


def header_of(data: bytes) -> tuple[dict, bytes]:
    length = int.from_bytes(data[:8], "little")
    return json.loads(data[8 : 8 + length]), data[8 + length :]


def packed(header: dict, body: bytes) -> bytes:
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + body


def test_numbers_are_read_as_they_are_and_counters_left_out(tmp_path) -> None:
    path = tmp_path / "w.safetensors"
    path.write_bytes(as_file(ARRAYS))
    found = read_weights(path)
    assert list(found.arrays) == ["a", "half"]
    assert found.arrays["a"].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert found.arrays["half"].tolist() == [0.5, -2.0]
    assert len(found.digest) == 16


def test_sixteen_bits_of_bfloat16_are_the_upper_half_of_a_float(tmp_path) -> None:
    path = tmp_path / "w.safetensors"
    entry = {"dtype": "BF16", "shape": [2], "data_offsets": [0, 4]}
    path.write_bytes(packed({"a": entry}, np.array([0x3F80, 0xC040], "<u2").tobytes()))
    assert read_weights(path).arrays["a"].tolist() == [1.0, -3.0]


DAMAGE = {
    "a gap": ({"data_offsets": [4, 28]}, "does not begin where"),
    "another length": ({"shape": [2, 4]}, "offsets that do not fit its shape"),
    "an unknown type": ({"dtype": "F8_E4M3"}, "has the unknown type 'F8_E4M3'"),
    "a negative side": ({"shape": [-2, -3]}, "no natural number"),
    "one more entry": ({"more": 1}, "not described by type"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_forged_header_is_refused(damage, tmp_path) -> None:
    change, said = DAMAGE[damage]
    header, body = header_of(as_file({"a": ARRAYS["a"]}))
    header["a"] |= change
    path = tmp_path / "w.safetensors"
    path.write_bytes(packed(header, body))
    with pytest.raises(UnreadableFile, match=said):
        read_weights(path)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "cut short"),
        (as_file(ARRAYS)[:-1], "the arrays need"),
        (pickle.dumps({"a": 1}), "could run code and is never opened"),
        (b"PK\x03\x04 zip", "could run code and is never opened"),
        (packed({"a": 1}, b""), "not described"),
        (as_file({"a": np.array([np.nan], np.float32)}), "'a' has values that are not finite"),
    ],
)
def test_what_is_no_such_file_is_refused(data, said, tmp_path) -> None:
    path = tmp_path / "w.bin"
    path.write_bytes(data)
    with pytest.raises(UnreadableFile, match=said):
        read_weights(path)


def test_an_absent_file_is_named(tmp_path) -> None:
    with pytest.raises(UnreadableFile, match="cannot be read: No such file"):
        read_weights(tmp_path / "none.safetensors")
