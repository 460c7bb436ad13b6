import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.core.memory import (
    DEFAULT_LIMIT,
    GB,
    MB,
    MemoryEstimate,
    ProblemSizes,
    option_text,
    read_bytes_text,
    say_bytes,
)
from rung.errors import UsageError
from rung.families import discover

SIZES = ProblemSizes(
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
    n_jobs = MemoryEstimate(job, held).jobs_in(room)
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


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("100000KB", 100_000_000),
        ("250 MB", 250_000_000),
        ("1GB", 1_000_000_000),
        ("1.25TB", 1_250_000_000_000),
        ("123456789", 123_456_789),
    ],
)
def test_units_are_powers_of_a_thousand(text, amount):
    assert read_bytes_text(text) == amount


@pytest.mark.parametrize("amount", [99_999_999, "99999KB"])
def test_a_hundred_megabytes_are_the_least(amount):
    with pytest.raises(UsageError, match=f"memory {amount!r} is not an amount of at least 100 MB"):
        read_bytes_text(amount)


def test_a_run_may_hold_six_gigabytes_if_nothing_is_said():
    assert DEFAULT_LIMIT == 6_000_000_000


@pytest.mark.parametrize(
    ("amount", "said", "option"),
    [
        (1, "1 MB", "100MB"),
        (100_000_000, "100 MB", "100MB"),
        (100_000_001, "100 MB", "200MB"),
        (900_000_000, "900 MB", "900MB"),
        (900_500_000, "900 MB", "1GB"),
        (999_000_000, "999 MB", "1GB"),
        (1_000_000_000, "1.0 GB", "1GB"),
        (1_000_000_001, "1.0 GB", "2GB"),
        (12_340_000_000, "12.3 GB", "13GB"),
    ],
)
def test_amounts_are_said_and_asked_for_in_round_numbers(amount, said, option):
    assert (say_bytes(amount), option_text(amount)) == (said, option)


@pytest.mark.parametrize(("n_outputs", "n_scores"), [(1, 1), (2, 1), (3, 3), (10, 10)])
def test_two_classes_need_one_score_and_more_one_each(n_outputs, n_scores):
    assert dataclasses.replace(SIZES, n_outputs=n_outputs).n_scores == n_scores


@pytest.mark.parametrize(("n_columns", "n_features"), [(35, 35), (36, 36), (40, 36)])
def test_a_category_gives_trees_eight_columns_at_most(n_columns, n_features):
    assert dataclasses.replace(SIZES, n_columns=n_columns).n_features == n_features


def test_a_number_takes_eight_bytes_and_a_job_holds_nothing_beside_itself():
    assert SIZES.matrix(1_000, 30) == 240_000
    assert MemoryEstimate(job=5) == MemoryEstimate(job=5, held=0)
    assert MemoryEstimate(job=0, held=1).jobs_in(4) == 3
