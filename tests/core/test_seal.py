from typing import Literal

import numpy as np
import pytest

from rung.core.dataset import Column, Dataset
from rung.core.keys import content_digests, content_order
from rung.core.seal import Seal, Sealing, hash_share, key_columns, replay, seal_rows
from rung.errors import DataError
from tests.core.tables import mixed_table


def seal(
    table: Dataset, *, fraction: float = 0.2, seed: int = 0, labels: np.ndarray | None = None
) -> Sealing:
    columns = key_columns(table, target="mass", identifiers=["name"])
    digests = content_digests(table)
    return seal_rows(table, labels, columns=columns, fraction=fraction, seed=seed, digests=digests)


def replayed(seal: Seal, table: Dataset, *, labels: np.ndarray | None = None) -> Sealing:
    columns = key_columns(table, target="mass", identifiers=["name"])
    return replay(seal, table, labels, columns=columns, digests=content_digests(table))


def names(table: Dataset, chosen: np.ndarray) -> set[str]:
    return {name for name, is_in in zip(table.strings("name"), chosen, strict=True) if is_in}


def sorted_table(table: Dataset) -> Dataset:
    return table.take(content_order(content_digests(table)))


def test_a_row_keeps_its_side_when_the_file_is_reordered() -> None:
    table = mixed_table(500)
    shuffled = sorted_table(table.take(np.random.default_rng(3).permutation(500)))
    assert names(table, seal(table).is_test) == names(shuffled, seal(shuffled).is_test)


def test_equal_rows_never_straddle() -> None:
    table = mixed_table(300)
    twice = sorted_table(table.take(np.tile(np.arange(300), 2)))
    found = seal(twice)
    sides: dict[int, set[bool]] = {}
    for key, side in zip(found.keys.of_row, found.is_test, strict=True):
        sides.setdefault(int(key), set()).add(bool(side))
    assert found.is_test.any()
    assert all(len(side) == 1 for side in sides.values())


@pytest.mark.parametrize("seed", range(8))
def test_the_share_is_within_a_fifth(seed: int) -> None:
    share = seal(mixed_table(400), seed=seed).is_test.mean()
    assert 0.16 <= share <= 0.24


def test_the_rule_is_the_hash_of_seed_try_and_key() -> None:
    found = seal(mixed_table(400))
    expected = [hash_share(0, found.seal.t, key) < 0.2 for key in found.keys.distinct]
    np.testing.assert_array_equal(np.array(expected)[found.keys.of_row], found.is_test)


def test_another_target_or_identifier_changes_no_side() -> None:
    table = mixed_table(400)
    values = dict(table.values)
    values["mass"] = np.random.default_rng(9).normal(size=400)
    changed = Dataset(table.columns, values, 400)
    np.testing.assert_array_equal(seal(changed).is_test, seal(table).is_test)


def test_every_large_class_has_half_its_share() -> None:
    table = mixed_table(1000)
    rng = np.random.default_rng(4)
    labels = rng.choice(4, size=1000, p=[0.7, 0.2, 0.06, 0.04])
    found = seal(table, labels=labels)
    counts, in_test = np.bincount(labels), np.bincount(labels[found.is_test])
    assert (in_test >= 0.5 * 0.2 * counts).all()


def test_a_pattern_that_holds_most_rows_is_spread_and_said() -> None:
    table = mixed_table(600)
    values = dict(table.values)
    values["size"] = np.where(np.arange(600) < 300, 1.0, values["size"])
    values["colour"] = np.where(np.arange(600) < 300, 0, values["colour"]).astype(np.int32)
    crowded = sorted_table(Dataset(table.columns, values, 600))
    found = seal(crowded)
    assert [finding.code for finding in found.findings] == ["large_key"]
    is_large = (crowded.values["size"] == 1.0) & (crowded.values["colour"] == 0)
    assert 0.1 < found.is_test[is_large].mean() < 0.3


def test_a_replayed_seal_keeps_sides_when_rows_are_added() -> None:
    table = mixed_table(600)
    first = sorted_table(table.take(np.arange(400)))
    original = seal(first)
    grown = sorted_table(table)
    again = replayed(original.seal, grown)
    old = names(first, np.ones(400, bool))
    assert names(grown, again.is_test) & old == names(first, original.is_test)


@pytest.mark.parametrize("kind", ["lines", "stream"])
def test_the_seal_of_a_text_is_refused_for_a_table(kind: Literal["lines", "stream"]) -> None:
    table = sorted_table(mixed_table(50))
    with pytest.raises(DataError, match=f"a text read as {kind}"):
        replayed(Seal(kind, 0, 0.1), table)


def test_a_replay_needs_the_columns_of_the_seal() -> None:
    table = mixed_table(400)
    columns = tuple(c for c in table.columns if c.name != "size")
    fewer = Dataset(columns, {c.name: table.values[c.name] for c in columns}, 400)
    earlier = seal(table).seal
    with pytest.raises(DataError, match="needs column 'size' as number; in this table it is abs"):
        replayed(earlier, fewer)


def test_nothing_is_sealed_in_a_small_table_and_the_reason_is_said() -> None:
    found = seal(mixed_table(60))
    assert found.seal.kind == "none"
    assert not found.is_test.any()
    assert "30 are the fewest" in found.findings[-1].message


def test_fraction_zero_seals_nothing_without_a_warning() -> None:
    found = seal(mixed_table(400), fraction=0.0)
    assert found.seal.kind == "none"
    assert found.findings == ()


def test_groups_stay_whole() -> None:
    table = mixed_table(600).with_roles({"colour": "group"})
    values = dict(table.values)
    values["colour"] = (np.arange(600) % 40).astype(np.int32)
    columns = tuple(
        Column("colour", "category", "group", tuple(f"g{i:02d}" for i in range(40)))
        if column.name == "colour"
        else column
        for column in table.columns
    )
    found = seal(sorted_table(Dataset(columns, values, 600)))
    assert found.seal.kind == "grouped"
    assert found.keys.sizes.tolist() == [15] * 40


def test_the_sealed_times_are_the_last_ones() -> None:
    table = mixed_table(400).with_roles({"size": "time"})
    values = dict(table.values)
    values["size"] = np.repeat(np.arange(100.0), 4)
    by_time = sorted_table(Dataset(table.columns, values, 400))
    found = seal(by_time)
    assert by_time.values["size"][found.is_test].min() == 80.0
    assert by_time.values["size"][~found.is_test].max() == 79.0
