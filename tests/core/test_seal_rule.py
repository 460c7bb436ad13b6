"""Seal tables by the rule, written a second time by other means."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence

import numpy as np
import pytest

from rung.core.dataset import Dataset
from rung.core.keys import content_digests, find_keys
from rung.core.seal import Sealing, _class_shortfall, first_good_try
from rung.typing import Role
from tests.core.twelve_rows import again, row_key, sealed, share, table


def rule(rows: list[bytes], labels: np.ndarray, fraction: float, seed: int) -> tuple[int, bool]:
    """Choose the try a second time: row by row, class by class. Say whether it is good."""
    distances = []
    for t in range(100):
        closed = [share(seed, t, key) < fraction for key in rows]
        off = abs(sum(closed) / (fraction * len(rows)) - 1)
        short = 0.0
        for label in set(labels.tolist()):
            members = [one for one, given in zip(closed, labels, strict=True) if given == label]
            if len(members) * fraction >= 5:
                short = max(short, 1 - sum(members) / (0.5 * fraction * len(members)))
        if off <= 0.2 and short == 0:
            return t, True
        distances.append(off + short)
    return distances.index(min(distances)), False


def test_the_try_is_the_one_that_the_rule_gives_when_written_again() -> None:
    good = []
    for seed in range(24):
        rng = np.random.default_rng(seed)
        group = rng.integers([3, 4, 8, 60][seed % 4], size=60)
        # classes follow groups, so that few tries have half the share of each
        labels = np.where(rng.random(60) < 0.3, rng.integers(3, size=60), group % 3)
        rows = [b"%d" % number for number in group]
        t, is_test, said = first_good_try(find_keys(rows), labels, fraction=0.25, seed=seed)
        wanted, is_good = rule(rows, labels, 0.25, seed)
        good.append(is_good)
        assert t == wanted
        assert is_test.tolist() == [share(seed, t, key) < 0.25 for key in rows]
        assert [finding.code for finding in said] == ([] if is_good else ["uneven_seal"])
    assert 6 <= sum(good) <= 18


@pytest.mark.parametrize(
    ("counts", "in_test", "short"),
    [
        (
            (25, 24),
            (1, 0),
            0.6,
        ),  # 25 rows are expected to give 5, so 2.5 are wanted; 24 are too few
        ((25, 24), (0, 0), 1.0),
        ((50, 30), (4, 3), 0.2),
        ((50, 30), (5, 0), 1.0),
        ((50, 30), (9, 3), 0.0),
        ((24, 24), (0, 0), 0.0),
    ],
)
def test_a_class_falls_short_of_half_its_share_by_so_much(counts, in_test, short) -> None:
    labels = np.repeat([0, 1], counts)
    is_test = np.concatenate([np.arange(n) < m for n, m in zip(counts, in_test, strict=True)])
    assert _class_shortfall(is_test, labels, 0.2) == pytest.approx(short, abs=1e-15)
    assert _class_shortfall(is_test, None, 0.2) == 0.0


def crowded(n_rows: int, n_like: int) -> Dataset:
    """Return rows of which so many are alike, two of them in all columns, and one fewer also."""
    alike = [(f"l{i:03d}", 1.0, "red", "a", 0) for i in range(n_like)]
    alike[1] = alike[0]
    others = [(f"k{i:03d}", 2.0, "blue", "b", 0) for i in range(n_like - 1)]
    single = [(f"s{i:03d}", 3.0 + i, None, "c", 1) for i in range(n_rows - 2 * n_like + 1)]
    dataset = table([*others, *alike, *single])
    mass = dataset.values["mass"].copy()
    counts = np.ones(n_rows)
    mass[n_like] = mass[n_like - 1]
    return Dataset(dataset.columns, dict(dataset.values) | {"mass": mass, "counts": counts}, n_rows)


@pytest.mark.parametrize(("n_rows", "n_like"), [(500, 26), (300, 21), (60, 21)])
def test_a_key_of_more_than_a_twentieth_and_twenty_rows_is_spread(n_rows: int, n_like: int) -> None:
    dataset = crowded(n_rows, n_like)
    found = sealed(dataset)
    key, digests = row_key(("", 1.0, "red", "a", 0)), content_digests(dataset)
    assert found.seal.spread == (hashlib.blake2b(key, digest_size=16).hexdigest(),)
    alike = range(n_like - 1, 2 * n_like - 1)
    wanted = [key + digests[i] + struct.pack("<Q", int(i == n_like)) for i in alike]
    assert found.keys.sizes.tolist() == [n_like - 1] + [1] * (n_rows - n_like + 1)
    assert found.keys.distinct[1 : n_like + 1] == wanted
    (finding,) = (one for one in found.findings if one.code == "large_key")
    assert finding.message.startswith(
        f"1 pattern(s) of feature values hold more than 5% of the {n_rows} rows each"
    )


def test_three_equal_rows_of_a_spread_key_are_told_apart() -> None:
    rows = [(f"l{max(i, 2):03d}", 1.0, "red", "a", 0) for i in range(24)]
    dataset = table(rows)
    same = {"mass": np.maximum(np.arange(24.0), 2), "counts": np.ones(24)}
    dataset = Dataset(dataset.columns, dict(dataset.values) | same, 24)
    found = sealed(dataset)
    assert [key[-8:] for key in found.keys.distinct[:4]] == [
        bytes([i, *[0] * 7]) for i in (0, 1, 2, 0)
    ]


@pytest.mark.parametrize("role", ["group", "time"])
def test_keys_of_groups_and_of_times_are_never_spread(role: Role) -> None:
    dataset = crowded(300, 21).with_roles({"tribe" if role == "group" else "when": role})
    found = sealed(dataset)
    assert found.seal.spread == ()
    assert max(found.keys.sizes) > 20


def test_rows_of_a_spread_key_keep_their_side_in_a_grown_file() -> None:
    after = crowded(200, 60)
    chosen = np.flatnonzero([name[:2] in ("l0", "k0") for name in after.strings("name")])
    before = after.take(chosen)
    found = sealed(before)
    grown = again(found.seal, after.take(np.random.default_rng(0).permutation(200)))
    assert len(found.seal.spread) == 2
    assert grown.seal == found.seal
    assert {key: is_in for key, is_in in sides(grown).items() if key in sides(found)} == sides(
        found
    )


def sides(sealing: Sealing) -> dict[bytes, bool]:
    distinct, of_row = sealing.keys.distinct, sealing.keys.of_row
    return {distinct[i]: bool(is_in) for i, is_in in zip(of_row, sealing.is_test, strict=True)}


def by_time(n_rows: int, labels: Sequence[int] | None, fraction: float) -> Sealing:
    """Seal the last rows of one row a day, so that their number is known."""
    dataset = table([(f"r{i:03d}", 0.0, "red", "a", i) for i in range(n_rows)], when="time")
    return sealed(dataset, fraction, labels=None if labels is None else np.array(labels))


@pytest.mark.parametrize(
    ("fraction", "n_sealed", "reason"),
    [
        (0.30, 30, ""),
        (0.295, 0, "the test would have 29 rows, 30 are the fewest"),
        (0.98, 98, ""),
        (0.99, 0, "the test would have 99 of 100 rows, too few would train"),
    ],
)
def test_a_test_needs_thirty_rows_and_leaves_two(fraction, n_sealed, reason) -> None:
    found = by_time(100, None, fraction)
    assert found.is_test.sum() == n_sealed
    assert found.seal.reason == reason
    assert found.seal.kind == ("none" if reason else "time")
    said = [finding.message for finding in found.findings]
    assert said == ([f"no rows are sealed for a final test: {reason}"] if reason else [])


@pytest.mark.parametrize(
    ("early", "late", "reason"),
    [
        # of 120 rows 30 are sealed; a class counts from 5 / .25 = 20 rows on
        ((15, 75), (5, 25), ""),
        ((16, 74), (4, 26), "a class of 20 rows would have 4 in the test, 5 are the fewest"),
        ((16, 74), (3, 27), ""),
        ((22, 16, 48, 4), (7, 4, 19, 0), "a class of 20 rows would have 4 in the test, 5 are"),
        ((26, 15, 48, 1), (5, 5, 20, 0), ""),
    ],
)
def test_a_test_needs_five_rows_of_every_large_class(early, late, reason) -> None:
    labels = [*np.repeat(np.arange(len(early)), early), *np.repeat(np.arange(len(late)), late)]
    found = by_time(120, labels, 0.25)
    assert found.is_test.sum() == (0 if reason else 30)
    assert found.seal.reason.startswith(reason)
    assert bool(found.seal.reason) == bool(reason)
