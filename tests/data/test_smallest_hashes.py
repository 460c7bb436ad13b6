"""Which rows are chosen depends on seed, row and group alone, never on how the table passes by."""

import numpy as np
import polars as pl
import pytest

from rung.data.smallest_hashes import SmallestHashes, group_hashes, row_hashes

N = 5_000


def chosen(hashes, most, sizes):
    kept, frame, start = SmallestHashes(most), pl.DataFrame({"x": np.arange(N)}), 0
    while start < N:
        size = int(sizes.integers(1, 900))
        kept.add(frame[start : start + size], hashes[start : start + size])
        start += size
    frame, rows = kept.chosen()
    assert frame["x"].to_list() == rows.tolist()
    return rows


@pytest.mark.parametrize("seed", [0, 3, 2**62])
def test_the_choice_does_not_depend_on_the_pieces(seed):
    hashes = row_hashes(0, N, seed)
    first, second = (chosen(hashes, 200, np.random.default_rng(i)) for i in (1, 2))
    assert first.tolist() == second.tolist() == sorted(np.argsort(hashes)[:200].tolist())


def test_hashes_of_rows_continue_from_piece_to_piece():
    whole = row_hashes(0, 100, 7)
    assert whole.tolist() == [*row_hashes(0, 30, 7), *row_hashes(30, 70, 7)]
    assert len(set(whole.tolist()) & set(row_hashes(0, 100, 8).tolist())) == 0


def test_the_hashes_are_those_of_splitmix64():
    """The first numbers of the published generator with seed 1234567."""
    state = 1234567
    expected = []
    for _ in range(3):
        state = (state + 0x9E3779B97F4A7C15) % 2**64
        x = state
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB % 2**64
        expected.append(x ^ (x >> 31))
    assert expected[0] == 6457827717110365317
    assert row_hashes(0, 1, 0)[0] == 0xE220A8397B1DCDAF  # with seed 0


def test_rows_are_chosen_evenly():
    """With 200 of 1,000 rows and 200 seeds a row is drawn 40 ± 5.7 times; false alarm < 1e-6."""
    counts = np.zeros(1_000)
    for seed in range(200):
        counts[np.argsort(row_hashes(0, 1_000, seed))[:200]] += 1
    assert counts.min() > 8
    assert counts.max() < 80


def test_groups_stay_whole_and_as_many_as_fit_are_kept():
    rng = np.random.default_rng(0)
    group = np.repeat(np.arange(500), 10)[rng.permutation(N)]
    frame = pl.DataFrame({"g": group, "h": group % 2})
    hashes = group_hashes(frame, ["g", "h"], 1)
    rows = chosen(hashes, 205, np.random.default_rng(1))
    kept = np.unique(group[rows])
    assert len(rows) == 200
    assert set(rows.tolist()) == set(np.flatnonzero(np.isin(group, kept)).tolist())
    assert rows.tolist() == chosen(hashes, 205, np.random.default_rng(9)).tolist()


def test_a_group_does_not_depend_on_the_type_of_its_column_nor_is_missing_a_word():
    frame = pl.DataFrame({"n": [1, 2, None], "t": ["1", "2", ""]})
    numbers, texts = (group_hashes(frame, [name], 0) for name in ("n", "t"))
    assert numbers[:2].tolist() == texts[:2].tolist()
    assert numbers[2] != texts[2]
