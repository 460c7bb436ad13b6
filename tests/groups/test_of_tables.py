"""Levels of single columns are no groups; numbers beside them, and many alike levels, may be."""

import numpy as np
import pytest
from sklearn.datasets import load_diabetes

from rung.data import read_table
from rung.groups.of_tables import LEVELS_ALONE, find_table_groups, redundancy

N = 300


def _cells(name):
    rng = np.random.default_rng(5)
    half = rng.integers(0, 2, N)
    clouds = {"x": rng.normal(size=N) + 7 * half, "y": rng.normal(size=N) + 7 * half}
    return {
        "two categories": {"a": rng.choice(list("xyz"), N), "b": rng.choice(list("uv"), N)},
        "a number of two values": {"x": rng.normal(size=N), "on": rng.integers(0, 2, N)},
        "five truths": {name: rng.random(N) < 0.3 for name in "abcde"},
        "groups and a category": {**clouds, "c": rng.choice(list("ab"), N)},
        "ten alike answers": {
            f"q{i}": np.where(rng.random(N) < 0.95, half, 1 - half).astype(str) for i in range(10)
        },
        "eight islands": {"a": rng.choice(list("wxyz"), N), "b": rng.choice(list("uv"), N)}
        | {name: rng.normal(size=N) for name in "mn"},
    }[name]


@pytest.mark.parametrize(
    ("name", "verdict", "columns"),
    [
        ("two categories", "none", ("a", "b")),
        ("a number of two values", "none", ("x",)),
        ("eight islands", "none", ("m", "n")),
        ("five truths", "none", tuple("abcde")),
        ("groups and a category", "groups", ("x", "y")),
        ("ten alike answers", "undecided", tuple(f"q{i}" for i in range(10))),
    ],
)
def test_levels_are_no_groups_by_themselves(name, verdict, columns):
    rows = read_table(_cells(name)).dataset
    coordinates, places, grouping = find_table_groups(rows, 0)
    assert coordinates.names == columns
    assert len(places) == len(grouping.labels) == N
    assert grouping.verdict == verdict
    assert any(LEVELS_ALONE in note for note in coordinates.notes)
    assert grouping.k == (1 if verdict == "none" else 2)


def test_a_level_that_tells_of_all_groups_is_left_out_though_shuffled_cells_show_fewer():
    """By the sex of 442 patients two groups were found: every row of a group has one sex."""
    rows = read_table(load_diabetes(scaled=False, as_frame=True).data).dataset
    coordinates, _, grouping = find_table_groups(rows, 0)
    assert "sex" not in coordinates.names
    assert grouping.verdict == "none"
    assert any("these levels put together" in note for note in coordinates.notes)


def test_levels_stay_where_numbers_say_the_same():
    rng = np.random.default_rng(4)
    half = rng.integers(0, 2, N)
    cells = {name: rng.normal(size=N) + 7 * half for name in "xy"}
    rows = read_table({**cells, "kind": np.where(half, "a", "b")}).dataset
    coordinates, _, grouping = find_table_groups(rows, 0)
    assert coordinates.names == ("x", "y", "kind")
    assert (grouping.verdict, grouping.k) == ("groups", 2)


def test_many_columns_of_noise_say_nothing_of_many_groups():
    rng = np.random.default_rng(6)
    noise = {f"n{i}": rng.normal(size=N) for i in range(20)}
    rows = read_table(noise).dataset
    assert redundancy(rows, tuple(noise), rng.integers(0, 8, N)) < 0.2


def test_redundant_columns_are_told_from_columns_that_say_nothing():
    rng = np.random.default_rng(2)
    half = rng.integers(0, 2, 4_000)
    alike = {f"q{i}": np.where(rng.random(4_000) < 0.95, half, 1 - half) for i in range(10)}
    apart = {f"r{i}": rng.integers(0, 2, 4_000) for i in range(10)}
    told = [redundancy(read_table(one).dataset, tuple(one), half) for one in (alike, apart)]
    by_hand = np.log(2) + 0.95 * np.log(0.95) + 0.05 * np.log(0.05)
    assert told[0] == pytest.approx(10 * by_hand / np.log(2), rel=0.03)
    assert told[1] < 0.01
