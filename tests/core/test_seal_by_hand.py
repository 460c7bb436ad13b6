"""Seal twelve rows, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from rung.core import seal as seal_module
from rung.core.dataset import Dataset
from rung.core.keys import KeyColumn, Keys, find_keys
from rung.core.seal import Seal, closed_rows, hash_share
from rung.errors import DataError
from rung.typing import Role
from tests.core.twelve_rows import (
    DAY,
    GROWN,
    NAN,
    ROWS,
    TRIBES,
    again,
    columns_of,
    names,
    row_key,
    sealed,
    share,
    table,
    text,
)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test have two rows."""
    monkeypatch.setattr(seal_module, "FEWEST_TEST_ROWS", 2)


@pytest.mark.parametrize("seed", [0, 7, -1, -(2**63), 2**63 - 1])
@pytest.mark.parametrize("t", [0, 1, 99])
def test_the_share_is_eight_bytes_of_blake2b_over_seed_try_and_key(seed: int, t: int) -> None:
    assert hash_share(seed, t, b"row") == share(seed, t, b"row")


def test_the_share_of_one_key_is_what_it_always_was() -> None:
    assert hash_share(0, 0, b"row") == pytest.approx(0.22225283835966503, abs=1e-15)


def test_a_key_whose_share_is_the_fraction_itself_is_open() -> None:
    keys = find_keys([b"row"])
    at, above = share(0, 0, b"row"), np.nextafter(share(0, 0, b"row"), 1)
    assert closed_rows(keys, 0, 0, at).tolist() == [False]
    assert closed_rows(keys, 0, 0, float(above)).tolist() == [True]


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.usefixtures("few")
def test_three_of_twelve_rows_are_sealed_by_the_first_try_that_closes_three(seed: int) -> None:
    wanted = [[share(seed, t, row_key(row)) < 0.25 for row in ROWS] for t in range(100)]
    t = next(t for t, closed in enumerate(wanted) if sum(closed) == 3)
    found = sealed(table(), seed=seed)
    assert found.is_test.tolist() == wanted[t]
    columns = [("when", "time"), ("size", "number"), ("colour", "string"), ("tribe", "string")]
    assert found.seal == Seal("random", seed, 0.25, t, tuple(KeyColumn(*c) for c in columns))
    assert found.findings == ()
    assert found.keys.distinct == [row_key(row) for row in ROWS]


@pytest.mark.usefixtures("few")
def test_the_rows_of_one_seed_are_what_they_always_were() -> None:
    found = sealed(table(), seed=3)
    assert (found.seal.t, names(table(), found.is_test)) == (4, {"n05", "n08", "n11"})


@pytest.mark.usefixtures("few")
def test_target_weight_and_identifier_are_no_part_of_a_key() -> None:
    dataset = table()
    other = {name: dataset.values[name][::-1] for name in ("mass", "counts", "name")}
    changed = Dataset(dataset.columns, dict(dataset.values) | other, 12)
    for seed in range(5):
        assert (
            sealed(changed, seed=seed).is_test.tolist()
            == sealed(table(), seed=seed).is_test.tolist()
        )


@pytest.mark.parametrize(
    ("code", "value", "is_part"), [(-1, np.inf, (0, 0)), (0, 3.0, (1, 1)), (-1, 0.0, (0, 1))]
)
def test_a_column_without_any_value_is_no_part_of_a_key(code: int, value: float, is_part) -> None:
    dataset = table()
    void, blank = np.full(12, -1, np.int32), np.full(12, NAN)
    void[4], blank[5] = code, value
    filled = Dataset(dataset.columns, dict(dataset.values) | {"void": void, "blank": blank}, 12)
    named = [column.name for column in columns_of(filled)]
    assert ("void" in named, "blank" in named) == is_part


@pytest.mark.usefixtures("few")
def test_tribes_of_five_four_two_and_one_are_sealed_whole() -> None:
    """A quarter of twelve is three rows: the tribes of two and one together."""
    found = sealed(table(tribe="group"), seed=1)
    closed = [[share(1, t, text(tribe)) < 0.25 for tribe in TRIBES] for t in range(100)]
    assert found.seal == Seal(
        "grouped",
        1,
        0.25,
        closed.index([False, False, True, True]),
        (KeyColumn("tribe", "string"),),
    )
    assert names(table(), found.is_test) == {"n04", "n09", "n05"}
    assert found.findings == ()


@pytest.mark.usefixtures("few")
def test_the_nearest_try_is_taken_and_said_where_no_groups_make_up_the_share() -> None:
    """A third of twelve is four rows; groups of seven and five give 0, 5, 7 or 12."""
    tribes = ["a"] * 7 + ["b"] * 5
    rows = [(*row[:3], tribe, row[4]) for row, tribe in zip(ROWS, tribes, strict=True)]
    found = sealed(table(rows, tribe="group"), fraction=1 / 3)
    closed = [[share(0, t, text(tribe)) < 1 / 3 for tribe in "ab"] for t in range(100)]
    assert found.seal.t == closed.index([False, True])
    assert found.is_test.tolist() == [False] * 7 + [True] * 5
    assert [(finding.code, finding.severity) for finding in found.findings] == [
        ("uneven_seal", "warning")
    ]
    message = found.findings[0].message
    assert "gave a test of 33% of the rows with half of every class's share" in message
    assert "the nearest of 100 holds 41.7%" in message


@pytest.mark.parametrize(
    ("fraction", "cutoff", "sealed_names"),
    [
        (0.20, 9.0, {"n09", "n10", "n11"}),  # 2.2 of 11 distinct days: the last 2
        (0.05, 11.0, {"n11"}),  # half a day: the last, all the same
        (0.28, 8.0, {"n08", "n09", "n10", "n11"}),
    ],
)
def test_the_last_days_are_sealed(
    monkeypatch, fraction: float, cutoff: float, sealed_names
) -> None:
    monkeypatch.setattr(seal_module, "FEWEST_TEST_ROWS", 1)
    found = sealed(table(when="time"), fraction, seed=5)
    columns = (KeyColumn("when", "time"),)
    assert found.seal == Seal("time", 5, fraction, 0, columns, (), DAY * cutoff)
    assert names(table(), found.is_test) == sealed_names


@pytest.mark.usefixtures("few")
def test_a_time_may_be_a_column_of_numbers_and_is_found_again() -> None:
    dataset = table([row for row in ROWS if row[1] == row[1]], size="time")
    found = sealed(dataset)
    assert found.seal.columns == (KeyColumn("size", "number"),)
    assert again(found.seal, dataset).is_test.tolist() == found.is_test.tolist()


@pytest.mark.parametrize("roles", [{}, {"tribe": "group"}, {"when": "time"}])
@pytest.mark.usefixtures("few")
def test_every_row_keeps_its_side_in_a_grown_file(roles: dict[str, Role]) -> None:
    before, after = table(ROWS, **roles), table(GROWN, **roles)
    for seed in range(6):
        found = sealed(before, seed=seed)
        grown = again(found.seal, after)
        assert grown.seal == found.seal
        assert found.is_test.sum() >= 3
        old = names(before, np.ones(12, dtype=bool))
        assert names(after, grown.is_test) & old == names(before, found.is_test)
        assert names(after, grown.is_test) - old


def test_a_switched_off_seal_says_so_and_stays_off_with_the_keys_of_the_run() -> None:
    found = sealed(table(tribe="group"), fraction=0, seed=4)
    reason = "sealing was switched off (test fraction 0)"
    assert found.seal == Seal("none", 4, 0, columns=(KeyColumn("tribe", "string"),), reason=reason)
    for one in (found, again(found.seal, table(tribe="group"))):
        assert not one.is_test.any()
        assert one.findings == ()
        assert keys_by_tribe(one.keys)


def keys_by_tribe(keys: Keys) -> bool:
    return keys.distinct == [text(tribe) for tribe in ("a", "b", "c", "d")]


@pytest.mark.usefixtures("few")
def test_groups_stay_whole_in_the_folds_beside_a_seal_by_time() -> None:
    dataset = table(when="time", tribe="group")
    found = sealed(dataset)
    assert found.seal.kind == "time"
    for one in (found, again(found.seal, dataset)):
        assert keys_by_tribe(one.keys)


@pytest.mark.parametrize(
    ("made", "asked", "said"),
    [
        ({}, {"tribe": "group"}, "heeds neither, and this run groups tribe"),
        ({}, {"when": "time"}, "heeds neither, and this run time when"),
        ({"tribe": "group"}, {}, "heeds groups tribe, and this run neither"),
        ({"tribe": "group"}, {"colour": "group"}, "groups tribe, and this run groups colour"),
        ({"when": "time"}, {}, "heeds time when, and this run neither"),
        ({"when": "time"}, {"size": "time"}, "heeds time when, and this run time size"),
        ({"tribe": "group"}, {"tribe": "group", "when": "time"}, "tribe, and this run time when"),
    ],
)
@pytest.mark.usefixtures("few")
def test_a_run_that_holds_other_rows_together_than_its_seal_is_refused(made, asked, said) -> None:
    earlier = sealed(table(**made)).seal
    with pytest.raises(DataError, match=said):
        again(earlier, table(**asked))


def test_an_opened_seal_keeps_how_it_was_made() -> None:
    found = sealed(table(), seed=2)
    assert found.seal.kind == "none"
    assert (found.seal.seed, found.seal.fraction, len(found.seal.columns)) == (2, 0.25, 4)
    assert found.seal.t == next(
        t for t in range(100) if sum(share(2, t, row_key(row)) < 0.25 for row in ROWS) == 3
    )
    assert not found.is_test.any()
