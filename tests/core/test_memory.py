import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.core.memory import GB, MB, Memory, Sizes, option_text, read_bytes_text, say_bytes
from rung.errors import UsageError
from rung.families import discover

SIZES = Sizes(
    n_rows=50_000,
    n_train=40_000,
    n_test=10_000,
    n_splits=5,
    n_atoms=5,
    n_numbers=20,
    n_categories=2,
    n_columns=40,
    n_outputs=3,
)
WITH_MEMORY = [family for family in discover() if family.memory is not None]


def need(family, **changes):
    memory = family.memory(dataclasses.replace(SIZES, **changes))
    return memory.held + memory.job


def test_every_family_of_the_ladder_estimates_its_memory():
    assert [family.name for family in WITH_MEMORY] == [family.name for family in discover()]


@pytest.mark.parametrize("family", WITH_MEMORY, ids=lambda family: family.name)
def test_estimates_are_positive_and_never_fall_with_rows(family):
    sizes = [
        {"n_rows": 1_000 * k, "n_train": 800 * k, "n_test": 200 * k}
        for k in (1, 2, 3, 6, 10, 100, 1_000)
    ]
    by_rows = [need(family, **each) for each in sizes]
    assert by_rows[0] > 0
    assert by_rows == sorted(by_rows)


@given(st.integers(0, 10**12), st.integers(0, 10**12), st.integers(1, 10**12))
def test_as_many_jobs_as_fit_and_not_one_more(room, held, job):
    n_jobs = Memory(job, held).jobs_in(room)
    assert n_jobs == 0 or held + n_jobs * job <= room
    assert held + (n_jobs + 1) * job > room


@given(st.integers(100 * MB, 10**14))
def test_the_option_that_a_reason_names_is_enough(amount):
    assert amount <= read_bytes_text(option_text(amount)) <= 1.5 * amount + GB


@pytest.mark.parametrize(
    ("text", "amount"), [("6GB", 6 * GB), ("1.5 gb", 1.5 * GB), (200 * MB, 200 * MB)]
)
def test_amounts_are_read_as_people_write_them(text, amount):
    assert read_bytes_text(text) == amount


@pytest.mark.parametrize("text", ["much", "6 GiB", "-1GB", "50MB", "", True, None])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(UsageError, match="is not an amount of at least 100 MB"):
        read_bytes_text(text)


def test_amounts_are_said_with_one_decimal():
    assert (say_bytes(9_149_000_000), say_bytes(1)) == ("9.1 GB", "1 MB")
