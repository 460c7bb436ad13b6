import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rung.prep.levels import MAX_WIDTH, count_slots, keep_levels, slots

COUNTS = st.lists(
    st.lists(st.integers(0, 30), min_size=2, max_size=12).map(np.array), min_size=0, max_size=4
)


def test_missing_and_unseen_have_slots_after_the_levels():
    assert slots(np.array([0, 2, -1, -2]), 3).tolist() == [0, 2, 3, 4]
    assert count_slots(np.array([0, 2, -1, -1]), 3).tolist() == [1, 0, 1, 2, 0]


@given(COUNTS, st.integers(1, 10), st.integers(0, MAX_WIDTH + 10))
@settings(max_examples=200, deadline=None)
def test_kept_levels_are_frequent_and_not_constant(counts, min_count, taken):
    kept, n_squeezed = keep_levels(counts, taken=taken, min_count=min_count)
    assert len(kept) == len(counts)
    assert n_squeezed >= 0
    assert sum(each.width for each in kept) <= max(MAX_WIDTH - taken, len(counts))
    for count, each in zip(counts, kept, strict=True):
        own = [*each.codes, *([len(count) - 2] if each.missing else [])]
        rest = count.sum() - count[own].sum()
        assert all(min_count <= count[slot] < count.sum() for slot in own)
        assert each.other == (min_count <= rest < count.sum())
        if not n_squeezed:
            assert all(
                count[s] < min_count or count[s] == count.sum() or s in own
                for s in range(len(count) - 1)
            )


def test_the_most_frequent_levels_find_room():
    counts = [np.array([7, 9, 8, 0, 0]), np.array([20, 5, 6, 0, 0])]
    kept, n_squeezed = keep_levels(counts, taken=MAX_WIDTH - 5)
    assert [each.codes.tolist() for each in kept] == [[1, 2], [0]]
    assert n_squeezed == 3
