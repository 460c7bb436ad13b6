"""The layout of a model file to the byte, and forged files at the edge of what is read."""

import json

import numpy as np
import pytest

from rung.errors import BadModelFile
from rung.store import modelfile
from rung.store.modelfile import pack, read_model, unpack
from tests.store.test_modelfile import SIMPLE, forge, parts, with_spec


@pytest.mark.parametrize("n_letters", range(1, 10))
def test_arrays_begin_at_a_multiple_of_eight_after_the_fewest_spaces(n_letters):
    data = pack({}, {"a" * n_letters: np.arange(3.0)})
    length = int.from_bytes(data[:8], "little")
    text = data[8 : 8 + length]
    assert length % 8 == 0
    assert length - len(text.rstrip(b" ")) < 8
    assert data[8 + length :][:24] == np.arange(3.0).astype("<f8").tobytes()


def test_a_header_of_just_the_largest_size_is_written_and_read(monkeypatch):
    monkeypatch.setattr(modelfile, "_MAX_HEADER", 4096)
    rest = int.from_bytes(pack({"text": ""})[:8], "little")
    fits = "x" * (4096 - rest)
    data = pack({"text": fits})
    assert int.from_bytes(data[:8], "little") == 4096
    assert unpack(data)[0] == {"text": fits}
    with pytest.raises(ValueError, match="the header has 4104 bytes, more than 4096"):
        pack({"text": fits + "x" * 8})
    monkeypatch.setattr(modelfile, "_MAX_HEADER", 4095)
    with pytest.raises(BadModelFile, match="no safetensors header"):
        unpack(data)


def test_a_file_that_ends_before_its_digest_could_is_cut_short():
    data = pack({})
    start = 8 + int.from_bytes(data[:8], "little")
    assert len(data) == start + 32
    with pytest.raises(BadModelFile, match="cut short"):
        unpack(data[:-1])
    with pytest.raises(BadModelFile, match="the digest at its end does not match"):
        unpack(SIMPLE[:-1])


def test_offsets_that_fall_between_rising_ones_are_refused():
    header, body = parts(pack({}, strings={"classes": ["ab", "c", "d"]}))
    begin, end = header["~offsets/classes"]["data_offsets"]
    assert np.frombuffer(body[begin:end], "<i8").tolist() == [0, 2, 3, 4]
    forged = body[:begin] + np.array([0, 3, 2, 4], dtype="<i8").tobytes() + body[end:]
    with pytest.raises(BadModelFile, match="out of order"):
        unpack(forge(header, forged))


def test_a_body_that_is_too_long_is_refused_with_both_sizes():
    header, body = parts()
    need, has = len(body) + 32, len(body) + 40
    with pytest.raises(BadModelFile, match=f"need {need} bytes, the file has {has}"):
        unpack(forge(header, body + bytes(8)))


def test_a_size_of_two_to_the_62_is_no_natural_number():
    header, body = parts()
    for size, reason in ((2**62, "no natural number"), (2**62 - 1, "do not fit its shape")):
        header["mean"]["shape"] = [size]
        with pytest.raises(BadModelFile, match=reason):
            unpack(forge(header, body))


def test_of_the_version_that_can_read_a_file_forty_characters_are_shown():
    with pytest.raises(BadModelFile) as caught:
        unpack(with_spec(json.dumps({"schema": 2, "readable_by": "9" * 99})))
    assert caught.value.remedy == f"install rung {'9' * 40} or later"


def test_each_schema_between_is_upgraded_in_its_turn(monkeypatch):
    def mark(number):
        return lambda contents: (contents[0] | {"last": number}, *contents[1:])

    monkeypatch.setattr(modelfile, "SCHEMA", 3)
    monkeypatch.setattr(modelfile, "UPGRADES", {1: mark(2), 2: mark(3)})
    assert unpack(SIMPLE)[0] == {"family": "constant", "last": 3}


def test_the_name_of_a_file_stands_once_in_its_message(tmp_path):
    for path, reason in ((tmp_path / "a.rung", "No such file"), (tmp_path / "b.rung", "is empty")):
        if "b" in path.name:
            path.write_bytes(b"")
        with pytest.raises(BadModelFile, match=reason) as caught:
            read_model(path)
        assert caught.value.message.count(str(path)) == 1


def test_an_array_of_more_than_eight_dimensions_is_neither_written_nor_read():
    array = np.arange(2.0).reshape((1,) * 7 + (2,))
    assert unpack(pack({}, {"a": array}))[1]["a"].shape == array.shape
    with pytest.raises(ValueError, match="array 'a' has 9 dimensions, more than 8"):
        pack({}, {"a": array[None]})
    header, body = parts()
    header["mean"]["shape"] = [1] * 9
    with pytest.raises(BadModelFile, match="no short list"):
        unpack(forge(header, body))
