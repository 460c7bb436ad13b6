"""A model file reads back to the bit, or is refused with a reason."""

import hashlib
import json
import pickle
import struct

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from rung.errors import BadModelFile, ResourceError
from rung.store import modelfile
from rung.store.modelfile import pack, read_bytes, read_model, unpack, write_model

SPEC = {"family": "tree", "about": {"score": 0.1, "names": ["a", "é"]}}
ARRAYS = {
    "weights": np.array([[0.1, np.nan], [-0.0, np.inf]]),
    "index": np.arange(7, dtype=np.int32),
    "flag": np.array([True, False, True]),
    "empty": np.zeros((0, 3), dtype=np.float32),
    "scalar": np.array(5, dtype=np.uint8),
}
STRINGS = {"classes": ("", "b", "日本", "\x00", ""), "none": ()}
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
SIMPLE = pack({"family": "constant"}, {"mean": np.array([2.5])}, {"classes": ["a", "bé"]})

DTYPES = [np.dtype(text) for text in modelfile._DTYPES.values()]


def forge(header, body):
    """Return a file with any header and a digest that is right."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    data = struct.pack("<Q", len(text)) + text + body
    return data + hashlib.sha256(data).digest()


def parts(data=SIMPLE):
    length = int.from_bytes(data[:8], "little")
    return json.loads(data[8 : 8 + length]), data[8 + length : -32]


def with_spec(spec_text):
    header, body = parts()
    header["__metadata__"]["rung"] = spec_text
    return forge(header, body)


def assert_same(found, expected):
    assert list(found) == sorted(expected)
    for name, array in expected.items():
        assert found[name].dtype == array.dtype
        assert found[name].shape == array.shape
        assert found[name].tobytes() == array.tobytes()


def test_contents_read_back_to_the_bit():
    spec, arrays, strings = unpack(pack(SPEC, ARRAYS, STRINGS))
    assert spec == SPEC
    assert strings == STRINGS
    assert_same(arrays, ARRAYS)
    assert unpack(pack({})) == ({}, {}, {})


@given(
    arrays_of.arrays(st.sampled_from(DTYPES), arrays_of.array_shapes(min_dims=0, min_side=0)),
    st.dictionaries(TEXT, st.lists(TEXT, max_size=5), max_size=3),
)
def test_any_array_and_any_strings_read_back_to_the_bit(array, strings):
    name = "state/é array"
    _, arrays, tables = unpack(pack({}, {name: array}, strings))
    assert_same(arrays, {name: array})
    assert tables == {key: tuple(table) for key, table in strings.items()}


def test_the_order_of_contents_does_not_change_the_bytes():
    turned = [dict(reversed(part.items())) for part in (SPEC, ARRAYS, STRINGS)]
    assert pack(*turned) == pack(SPEC, ARRAYS, STRINGS)


def test_the_layout_of_an_array_in_memory_does_not_change_the_bytes():
    array = np.arange(12.0).reshape(3, 4)
    expected = pack({}, {"a": array})
    assert pack({}, {"a": np.asfortranarray(array)}) == expected
    assert pack({}, {"a": array.astype(">f8")}) == expected
    assert pack({}, {"a": np.repeat(array, 2, axis=0)[::2]}) == expected


def test_stock_safetensors_reads_the_file():
    found = safetensors.numpy.load(pack(SPEC, ARRAYS, STRINGS))
    for name, array in ARRAYS.items():
        assert np.array_equal(found[name], array, equal_nan=array.dtype.kind == "f")
    assert bytes(found["~text/classes"]).decode() == "b日本\x00"
    assert found["~sha256"].shape == (32,)


def test_a_file_that_stock_safetensors_wrote_is_not_taken_for_ours():
    with pytest.raises(BadModelFile, match=r"damaged|another program"):
        unpack(safetensors.numpy.save({"a": np.zeros(50)}))


def test_an_array_of_objects_or_a_reserved_name_is_never_written():
    with pytest.raises(ValueError, match="type object, not a number"):
        pack({}, {"a": np.array([None])})
    with pytest.raises(ValueError, match="type complex128"):
        pack({}, {"a": np.array([1j])})
    for name in ("", "~sha256", "~text/a", "__metadata__"):
        with pytest.raises(ValueError, match="is reserved"):
            pack({}, {name: np.zeros(1)})
    with pytest.raises(ValueError, match="'schema' is reserved"):
        pack({"schema": 1})
    with pytest.raises(ValueError, match="more than 16777216"):
        pack({"text": "x" * 2**24})


def test_damage_is_always_noticed():
    rng = np.random.default_rng(20)
    original = pack(SPEC, ARRAYS, STRINGS)
    for _ in range(1500):
        data = bytearray(original)
        kind = rng.integers(6)
        here, there = rng.integers(len(data), size=2)
        if kind == 0:
            data[here] ^= 1 << rng.integers(8)
        elif kind == 1:
            data = data[:here]
        elif kind == 2:
            data[here : here + 16] = rng.bytes(16)
        elif kind == 3:
            data += bytes(rng.integers(1, 50))
        elif kind == 4:
            data[here : here + 8] = data[there : there + 8]
        else:
            del data[here : here + 8]
        if bytes(data) == original:
            continue
        with pytest.raises(BadModelFile, match="not one that rung wrote"):
            unpack(bytes(data))


def test_a_forged_file_is_refused_or_read_as_something_that_pack_could_have_written():
    rng = np.random.default_rng(21)
    length = int.from_bytes(SIMPLE[:8], "little")
    refused = 0
    for _ in range(1500):
        body = bytearray(SIMPLE[:-32])
        here = rng.integers(8, 8 + length)
        body[here] = rng.choice(list(b'0123456789",:[]{}aFIU\\\xff ~-'))
        data = bytes(body) + hashlib.sha256(body).digest()
        try:
            contents = unpack(data)
        except BadModelFile:
            refused += 1
            continue
        assert unpack(pack(*contents))[2] == contents[2]
    assert refused > 1000


@pytest.mark.parametrize("value", [-1, 2**63, 2**70, 1.0, True, None, "8", [], 3, 10**9])
@pytest.mark.parametrize("place", ["begin", "end", "shape"])
def test_a_forged_span_is_refused(place, value):
    header, body = parts()
    entry = header["mean"]
    before = json.dumps(entry)
    if place == "shape":
        entry["shape"] = [value]
    else:
        entry["data_offsets"][place == "end"] = value
    assert json.dumps(entry) != before
    with pytest.raises(BadModelFile, match=r"'mean'|'~"):
        unpack(forge(header, body))


@pytest.mark.parametrize(
    ("name", "change", "reason"),
    [
        ("mean", {"dtype": "BF16"}, "unknown type 'BF16'"),
        ("mean", {"dtype": ["F64"]}, "unknown type"),
        ("mean", {"dtype": "F32"}, "do not fit its shape"),
        ("mean", {"dtype": "BOOL", "shape": [8]}, "booleans other than 0 and 1"),
        ("mean", {"shape": [1] * 65}, "no short list"),
        ("mean", {"shape": 1}, "no short list"),
        ("mean", {"more": 1}, "not described by"),
        ("mean", {"data_offsets": [0, 8, 8]}, "3 offsets"),
        ("mean", {"data_offsets": [8, 16]}, "does not begin where"),
        ("~offsets/classes", {"data_offsets": [0, 24]}, "does not begin where"),
        ("~offsets/classes", {"shape": [1, 3]}, "has no offsets"),
        ("~offsets/classes", {"dtype": "U64"}, "has no offsets"),
        ("~text/classes", {"dtype": "I8"}, "is not bytes"),
        ("~sha256", {"dtype": "I8"}, "the digest is not 32 bytes"),
    ],
)
def test_a_forged_description_is_refused(name, change, reason):
    header, body = parts()
    header[name] |= change
    with pytest.raises(BadModelFile, match=reason):
        unpack(forge(header, body))


@pytest.mark.parametrize("offsets", [(0, 3, 1), (1, 1, 3), (0, 1, 2), (0, 2, 3), (0, -1, 3)])
def test_forged_offsets_of_strings_are_refused(offsets):
    header, body = parts()
    begin, end = header["~offsets/classes"]["data_offsets"]
    body = body[:begin] + np.array(offsets, dtype="<i8").tobytes() + body[end:]
    with pytest.raises(BadModelFile, match=r"out of order|can't decode"):
        unpack(forge(header, body))


def test_strings_that_are_not_utf8_are_refused():
    header, body = parts()
    with pytest.raises(BadModelFile, match="can't decode byte 0xff"):
        unpack(forge(header, body[:-3] + b"a\xff\xfe"))


def test_an_array_with_a_name_that_only_rung_may_use_is_refused():
    header, body = parts()
    header["~other"] = header.pop("mean")
    with pytest.raises(BadModelFile, match="reserved name"):
        unpack(forge(header, body))


def test_an_empty_array_with_a_forged_shape_is_refused_or_empty():
    header, body = parts()
    for shape in ([0, 2**61], [0, 2**61, 2**61, 2**61]):
        header["none"] = {"dtype": "F64", "shape": shape, "data_offsets": [0, 0]}
        try:
            assert unpack(forge(header, body))[1]["none"].size == 0
        except BadModelFile:
            continue


def test_an_array_that_stands_twice_is_refused_though_safetensors_accepts_it():
    header, body = parts()
    text = json.dumps(header).encode()
    twice = text[:-1] + b', "mean": ' + json.dumps(header["mean"]).encode() + b"}"
    with pytest.raises(BadModelFile, match="'mean' stands twice"):
        unpack(forge(twice, body))


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ('{"schema":1,"readable_by":"1","a":NaN}', "NaN is not"),
        ('{"schema":1,"readable_by":"1","a":1,"a":2}', "'a' stands twice"),
        ('{"schema":1,"readable_by":"1","a":' + "[" * 25 + "]" * 25 + "}", "deeper than 20"),
        ("[]", "the spec is not an object"),
        ("{}", "schema None"),
        ('{"schema":0,"readable_by":"1"}', "schema 0"),
        ('{"schema":true,"readable_by":"1"}', "schema True"),
        ('{"schema":1,"readable_by":1}', "reader 1"),
        (7, "the spec is not an object"),
    ],
)
def test_a_forged_spec_is_refused(spec, reason):
    with pytest.raises(BadModelFile, match=reason):
        unpack(with_spec(spec))


def test_a_file_of_another_program_is_refused():
    header, body = parts()
    header["__metadata__"] = {"format": "pt"}
    with pytest.raises(BadModelFile, match="of another program"):
        unpack(forge(header, body))
    del header["__metadata__"]
    with pytest.raises(BadModelFile, match="of another program"):
        unpack(forge(header, body))
    with pytest.raises(BadModelFile, match=r"deeper than 20|Expecting value"):
        unpack(forge(b'{"a":' + b"[" * 5000, b""))


def test_a_newer_schema_is_refused_with_the_version_that_can_read_it():
    with pytest.raises(
        BadModelFile, match=r"schema 2; this rung reads .* up to 1; install rung 3\.1"
    ):
        unpack(with_spec('{"schema":2,"readable_by":"3.1"}'))


def test_an_older_schema_is_upgraded_step_by_step(monkeypatch):
    def rename(contents):
        spec, arrays, strings = contents
        return {"kind": spec["family"]}, arrays, strings

    monkeypatch.setattr(modelfile, "SCHEMA", 2)
    monkeypatch.setattr(modelfile, "UPGRADES", {1: rename})
    spec, arrays, _ = unpack(SIMPLE)
    assert spec == {"kind": "constant"}
    assert arrays["mean"].tolist() == [2.5]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (b"{}", "no safetensors header"),
        (pickle.dumps({"a": list(range(100))}), "looks like a pickle"),
        (b"PK\x03\x04" + bytes(100), "looks like a zip"),
        (b"a,b\n1,2\n" * 30, "no safetensors header"),
        (struct.pack("<Q", 2**24 + 1) + b"{" + b" " * (2**24 + 99), "no safetensors header"),
    ],
)
def test_a_file_that_is_no_model_is_named_with_the_reason(data, reason, tmp_path):
    path = tmp_path / "other.bin"
    path.write_bytes(data)
    with pytest.raises(BadModelFile, match=rf"other\.bin': .*{reason}"):
        read_model(path)


def test_a_written_model_reads_back_and_an_absent_one_is_said_to_be(tmp_path):
    path = tmp_path / "model.rung"
    with pytest.raises(BadModelFile, match=r"model\.rung' cannot be read: No such file"):
        read_model(path)
    with pytest.raises(BadModelFile, match="cannot be read: it is a folder"):
        read_bytes(tmp_path)
    write_model(path, SPEC, ARRAYS, STRINGS)
    assert path.read_bytes() == pack(SPEC, ARRAYS, STRINGS)
    assert read_model(path)[2] == STRINGS


def test_a_full_disk_is_not_called_a_bad_model(tmp_path, monkeypatch):
    def full(path, _data):
        raise ResourceError(f"disk full: {path}")

    monkeypatch.setattr(modelfile, "write_bytes", full)
    with pytest.raises(ResourceError, match="disk full"):
        write_model(tmp_path / "model.rung", {})
