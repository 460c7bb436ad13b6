"""Files are whole or absent; JSON reads back as it was, or is refused."""

import errno
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.errors import DataError, ResourceError, UsageError
from rung.store import durable
from rung.store.durable import canonical_json, parse_json, read_json, write_bytes

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=15,
)


def nested(depth):
    value = 1
    for _ in range(depth):
        value = [value]
    return value


@given(VALUES)
def test_json_reads_back_as_it_was(value):
    assert parse_json(canonical_json(value)) == value
    assert parse_json(canonical_json(value, indent=2)) == value


@given(st.dictionaries(st.text(max_size=5), st.integers(), min_size=2))
def test_the_order_of_keys_does_not_change_the_bytes(value):
    turned = dict(reversed(value.items()))
    try:
        expected = canonical_json(value)
    except UnicodeEncodeError:
        return
    assert canonical_json(turned) == expected


def test_floats_are_the_shortest_that_round_trip():
    assert canonical_json([0.1, 1e22, -0.0, 5e-324]) == b"[0.1,1e+22,-0.0,5e-324]"


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_a_number_that_is_not_finite_is_never_written(number):
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json({"score": [number]})


def test_what_could_not_be_read_is_never_written():
    with pytest.raises(ValueError, match="deeper than 20"):
        canonical_json(nested(21))
    assert parse_json(canonical_json(nested(20))) == nested(20)
    with pytest.raises(ValueError, match="key 1 is not a string"):
        canonical_json({1: "a"})
    with pytest.raises(ValueError, match="surrogates not allowed"):
        canonical_json({"\ud800": 1})


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"a": 1, "a": 1}', "'a' stands twice"),
        (b'{"b": {"a": 1, "a": 2}}', "'a' stands twice"),
        (b"[NaN]", "NaN is not a JSON number"),
        (b"[-Infinity]", "-Infinity is not"),
        (b"[1e999]", "1e999 is too large"),
        (b"[" * 21 + b"]" * 21, "deeper than 20"),
        (b"[" * 200_000, "deeper than 20|Expecting value"),
        (b'["\xff"]', "can't decode byte 0xff"),
        (b'\xef\xbb\xbf{"a": 1}', "BOM"),
        ('{"a": 1}'.encode("utf-16"), "can't decode|BOM"),
        (b'["\\ud800"]', "surrogates not allowed"),
        (b"", "Expecting value"),
        (b"1 2", "Extra data"),
    ],
)
def test_loose_json_is_refused(data, reason, tmp_path):
    with pytest.raises(ValueError, match=reason):
        parse_json(data)
    path = tmp_path / "seal.json"
    path.write_bytes(data)
    with pytest.raises(DataError, match=r"seal\.json' is not strict JSON"):
        read_json(path)


def test_an_absent_file_is_left_for_the_caller_to_explain(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_json(tmp_path / "absent.json")
    with pytest.raises(DataError, match="cannot be read"):
        read_json(tmp_path)


def test_a_file_is_replaced_and_nothing_else_is_left(tmp_path):
    path = tmp_path / ("n" * 255)
    write_bytes(path, b"old")
    write_bytes(str(path), b"new")
    assert path.read_bytes() == b"new"
    assert [item.name for item in tmp_path.iterdir()] == [path.name]


def test_a_written_file_has_the_permissions_that_the_user_asked_for(tmp_path):
    before = os.umask(0o027)
    try:
        write_bytes(tmp_path / "a", b"")
    finally:
        os.umask(before)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("step", ["_write_part", "sync_folder"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_said_and_leaves_no_half_file(code, step, tmp_path, monkeypatch):
    def fail(place, data=b""):
        if step == "_write_part":
            Path(place).write_bytes(data[:2])
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(durable, step, fail)
    with pytest.raises(ResourceError, match=r"disk full: .*model\.rung.*free some space"):
        write_bytes(tmp_path / "model.rung", b"abcdef")
    assert not list(tmp_path.glob(".rung-*"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device /dev/full")
def test_a_really_full_device_is_a_resource_error(tmp_path, monkeypatch):
    def to_full(_part, data):
        with Path("/dev/full").open("wb") as file:
            file.write(data)

    monkeypatch.setattr(durable, "_write_part", to_full)
    with pytest.raises(ResourceError, match="disk full"):
        write_bytes(tmp_path / "a", b"a")


def test_an_interrupted_write_leaves_the_old_file(tmp_path, monkeypatch):
    def interrupt(part, data):
        part.write_bytes(data[:1])
        raise KeyboardInterrupt

    path = tmp_path / "a"
    write_bytes(path, b"old")
    monkeypatch.setattr(durable, "_write_part", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_bytes(path, b"new")
    assert path.read_bytes() == b"old"
    assert [item.name for item in tmp_path.iterdir()] == ["a"]


def test_a_place_that_cannot_be_written_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match="cannot be written: No such file"):
        write_bytes(tmp_path / "absent" / "a", b"")
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError, match="cannot be written: Is a directory"):
        write_bytes(tmp_path / "folder", b"")


def test_indented_json_is_the_same_value_as_compact_json():
    value = {"b": [1, 2], "a": "é"}
    assert json.loads(canonical_json(value, indent=2)) == value
    assert b"\xc3\xa9" in canonical_json(value)
