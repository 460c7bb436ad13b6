import json

from benchmarks.bytes.__main__ import renamed
from rung.store.durable import canonical_json


def as_file(value):
    return canonical_json(value, indent=2) + b"\n"


def test_a_renamed_field_is_compared_under_its_new_name_and_all_else_by_its_bytes():
    old = as_file({"seed": 0.1, "text": {"n": 1e-7}})
    assert renamed("results.json", old) == as_file({"seed": 0.1, "sections": {"text": {"n": 1e-7}}})


def test_a_file_without_the_field_keeps_its_bytes_even_if_written_otherwise():
    old = json.dumps({"seed": 1}, indent=7).encode()
    assert renamed("results.json", old) == old
    assert renamed("model.rung", b"\x00text") == b"\x00text"
