import hashlib
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.core import keys
from rung.core.dataset import Column, Dataset
from rung.core.keys import (
    KeyColumn,
    content_digests,
    content_order,
    find_keys,
    fingerprint,
    key_bytes,
    key_column,
)
from tests.core.tables import mixed_table

SIZE = [KeyColumn("size", "number")]


def numbers(values: list[float]) -> Dataset:
    return Dataset((Column("size", "number"),), {"size": np.array(values, float)}, len(values))


def test_every_missing_number_has_the_same_bytes() -> None:
    odd_nan = np.array([0x7FF8000000000123], dtype=np.uint64).view(np.float64)[0]
    first, second = key_bytes(numbers([np.nan, odd_nan]), SIZE)
    assert first == second


def test_minus_zero_is_zero() -> None:
    first, second = key_bytes(numbers([0.0, -0.0]), SIZE)
    assert first == second


def test_numbers_that_differ_beyond_float32_share_a_key_but_not_a_content() -> None:
    table = numbers([1.0, 1.0 + 1e-12])
    first, second = key_bytes(table, SIZE)
    assert first == second
    assert len(set(content_digests(table))) == 2


@given(st.lists(st.text(max_size=4), min_size=2, max_size=2, unique=True))
def test_neighbouring_strings_never_run_together(pair: list[str]) -> None:
    levels = tuple(sorted({pair[0], pair[1], pair[0] + pair[1], ""}))
    columns = (Column("a", "category", levels=levels), Column("b", "category", levels=levels))
    rows = [(pair[0], pair[1]), (pair[0] + pair[1], ""), ("", pair[0] + pair[1])]
    values = {
        name: np.array([levels.index(row[i]) for row in rows], np.int32)
        for i, name in enumerate("ab")
    }
    table = Dataset(columns, values, 3)
    found = key_bytes(table, [key_column(column) for column in columns])
    assert len(set(found)) == len(set(rows))


def test_a_missing_string_is_not_an_empty_one() -> None:
    table = Dataset((Column("a", "category", levels=("",)),), {"a": np.array([0, -1], np.int32)}, 2)
    first, second = key_bytes(table, [KeyColumn("a", "string")])
    assert first != second


def test_the_order_of_columns_does_not_change_a_key() -> None:
    columns = [KeyColumn("size", "number"), KeyColumn("colour", "string")]
    table = mixed_table(50)
    assert key_bytes(table, columns) == key_bytes(table, columns[::-1])


def test_a_shuffled_table_sorts_back_to_the_same_rows() -> None:
    table = mixed_table(200)
    shuffled = table.take(np.random.default_rng(1).permutation(200))
    back = shuffled.take(content_order(content_digests(shuffled)))
    for name, values in table.values.items():
        np.testing.assert_array_equal(back.values[name], values)


def test_the_fingerprint_ignores_order_and_sees_every_cell() -> None:
    table = mixed_table(100)
    shuffled = table.take(np.random.default_rng(1).permutation(100))
    before = fingerprint(table, content_digests(table))
    assert fingerprint(shuffled, content_digests(shuffled)) == before
    values = dict(table.values)
    values["mass"] = values["mass"].copy()
    values["mass"][7] += 1e-9
    changed = Dataset(table.columns, values, 100)
    assert fingerprint(changed, content_digests(changed)) != before


def test_keys_are_numbered_by_first_row() -> None:
    found = find_keys([b"z", b"a", b"z"])
    assert found.distinct == [b"z", b"a"]
    assert found.sizes.tolist() == [2, 1]


@pytest.mark.parametrize(("kind", "form"), [("boolean", "number"), ("datetime", "time")])
def test_each_kind_has_its_form(kind: str, form: str) -> None:
    assert key_column(Column("a", kind)).form == form  # type: ignore[arg-type]


def five_rows() -> Dataset:
    """Return five rows of every form: a word, a number, a truth and a time."""
    columns = (
        Column("word", "text", levels=("é", "stone")),
        Column("size", "number"),
        Column("is_new", "boolean"),
        Column("when", "datetime"),
    )
    values = {
        "word": np.array([1, 0, -1, 1, 1], np.int32),
        "size": np.array([0.1, -0.0, np.nan, 1e300, 0.1]),
        "is_new": np.array([1.0, 0.0, np.nan, 1.0, 1.0]),
        "when": np.array([0.1, 86_400.0, np.nan, -0.0, 0.1]),
    }
    return Dataset(columns, values, 5)


WORDS = [b"\x05\0\0\0stone", b"\x02\0\0\0\xc3\xa9", b"\xff\xff\xff\xff"]
WORDS += [WORDS[0], WORDS[0]]
IS_NEW, WHEN = [1.0, 0.0, np.nan, 1.0, 1.0], [0.1, 86_400.0, np.nan, 0.0, 0.1]


def by_hand(numbers: str, sizes: list[float]) -> list[bytes]:
    """Write truth, size, time and word, in the order of their names as spelled."""
    return [
        struct.pack(f"<{numbers}{numbers}d", is_new, size, when) + word
        for is_new, size, when, word in zip(IS_NEW, sizes, WHEN, WORDS, strict=True)
    ]


def test_a_key_is_the_bytes_of_its_cells_in_the_order_of_their_names() -> None:
    table = five_rows()
    columns = [key_column(column) for column in table.columns]
    assert [column.form for column in columns] == ["string", "number", "number", "time"]
    plain = by_hand("f", [0.1, 0.0, np.nan, np.inf, 0.1])
    exact = by_hand("d", [0.1, 0.0, np.nan, 1e300, 0.1])
    assert key_bytes(table, columns) == plain
    assert key_bytes(table, columns, is_exact=True) == exact
    digests = [hashlib.blake2b(row, digest_size=16).digest() for row in exact]
    assert content_digests(table) == digests
    assert digests[0] == digests[4]
    assert content_order(digests).tolist() == sorted(range(5), key=lambda i: (digests[i], i))
    named = [("is_new", "boolean"), ("size", "number"), ("when", "datetime"), ("word", "text")]
    whole = b"".join([*(repr(pair).encode() for pair in named), *sorted(digests)])
    assert fingerprint(table, digests) == hashlib.blake2b(whole, digest_size=16).hexdigest()


def test_an_odd_nan_is_like_any_other_in_content_too() -> None:
    odd_nan = np.array([0x7FF8000000000123], dtype=np.uint64).view(np.float64)[0]
    first, second = content_digests(numbers([np.nan, odd_nan]))
    assert first == second


@pytest.mark.parametrize("n_rows", [1, 2, 3, 4, 5])
def test_rows_are_written_in_blocks_as_they_are_at_once(monkeypatch, n_rows: int) -> None:
    table = five_rows().take(np.arange(n_rows))
    columns = [key_column(column) for column in table.columns]
    at_once = key_bytes(table, columns)
    monkeypatch.setattr(keys, "BLOCK_ROWS", 2)
    assert key_bytes(table, columns) == at_once
    assert key_bytes(table, []) == [b""] * n_rows
