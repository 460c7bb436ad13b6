import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rung.core.dataset import Column, Dataset
from rung.core.sentinels import Sentinel, blank, blank_sentinels, find_sentinels
from rung.typing import Role

BULK = np.random.default_rng(0).normal(4.0, 1.0, 200)


def table(roles: dict[str, Role] | None = None, **columns: np.ndarray) -> Dataset:
    roles = roles or {}
    described = tuple(Column(name, "number", roles.get(name, "feature")) for name in columns)
    return Dataset(described, columns, len(next(iter(columns.values()))))


def with_values(*values: float, bulk: np.ndarray = BULK) -> np.ndarray:
    return np.concatenate([bulk, np.array(values)])


def certain(found: tuple[Sentinel, ...]) -> list[tuple[str, float]]:
    return [(one.column, one.value) for one in found if one.is_certain]


@pytest.mark.parametrize("value", [-99.0, -99.9, -999.0, -9999.0, -200.0, 99.0, 9999.0, -1e30])
def test_a_far_repeated_value_of_the_known_forms_is_certain(value: float) -> None:
    bulk = np.abs(BULK) / 2
    (found,) = find_sentinels(table(x=with_values(value, value, bulk=bulk)))
    assert (found.value, found.count, found.is_certain) == (value, 2, True)
    assert found.gap == pytest.approx(abs(value - found.nearest) / np.ptp(bulk))


def test_a_value_that_stands_once_is_a_measurement() -> None:
    assert find_sentinels(table(x=with_values(-99.0))) == ()


def test_nines_inside_or_near_the_bulk_are_measurements() -> None:
    near = np.linspace(0.0, 100.0, 200)
    assert find_sentinels(table(x=with_values(99.0, 99.0, bulk=near))) == ()
    assert find_sentinels(table(x=with_values(-99.0, -99.0, bulk=near - 90.0))) == ()


def test_a_far_value_of_no_known_form_is_left_alone() -> None:
    assert find_sentinels(table(x=with_values(500.0, 500.0, -77.5, -77.5))) == ()


def test_an_isolated_zero_or_cap_is_reported_and_never_certain() -> None:
    masses = with_values(0.0, 0.0, bulk=BULK / 10 + 12)
    gains = with_values(99999.0, 99999.0, bulk=np.abs(BULK) * 6000)
    found = find_sentinels(table(mass=masses, gain=gains))
    assert [(one.column, one.is_certain) for one in found] == [("mass", False), ("gain", False)]


def test_counts_with_many_zeros_are_no_sentinels() -> None:
    assert find_sentinels(table(x=with_values(*[0.0] * 300, bulk=np.arange(1.0, 201.0)))) == ()


def test_two_sentinels_of_one_column_are_peeled_off_one_by_one() -> None:
    found = find_sentinels(table(x=with_values(-999.0, -999.0, -99.0, -99.0)))
    assert certain(found) == [("x", -999.0), ("x", -99.0)]


def test_what_is_certain_in_one_column_is_so_where_the_gap_alone_would_not_tell() -> None:
    wide = np.linspace(7.0, 1190.0, 200)
    alone = find_sentinels(table(wide=with_values(-200.0, -200.0, bulk=wide)))
    both = find_sentinels(
        table(
            wide=with_values(-200.0, -200.0, bulk=wide),
            narrow=with_values(-200.0, -200.0, bulk=BULK),
        )
    )
    assert certain(alone) == []
    assert certain(both) == [("wide", -200.0), ("narrow", -200.0)]
    assert both[0].shared_with == "narrow"


def test_target_weight_and_dropped_columns_are_not_looked_at() -> None:
    values = with_values(-99.0, -99.0)
    roles: dict[str, Role] = {"y": "target", "w": "weight", "d": "dropped"}
    assert find_sentinels(table(roles, y=values, w=values, d=values)) == ()


def test_missing_cells_and_constant_columns_are_taken() -> None:
    assert find_sentinels(table(x=np.full(50, np.nan), y=np.full(50, -99.0))) == ()
    holes = with_values(-99.0, -99.0, np.nan, np.nan)
    assert certain(find_sentinels(table(x=holes))) == [("x", -99.0)]


@given(st.integers(0, 2**32 - 1), st.integers(2, 9))
@settings(max_examples=25, deadline=None)
def test_the_order_of_rows_does_not_matter(seed: int, count: int) -> None:
    values = with_values(*[-99.0] * count)
    shuffled = np.random.default_rng(seed).permutation(values)
    assert find_sentinels(table(x=values)) == find_sentinels(table(x=shuffled))


@given(
    st.lists(
        st.floats(allow_nan=True, allow_infinity=False) | st.sampled_from([-99.0, 0.0, 99.0]),
        min_size=1,
        max_size=60,
    )
)
@settings(max_examples=100, deadline=None)
def test_any_column_gives_findings_or_none(values: list[float]) -> None:
    for one in find_sentinels(table(x=np.array(values))):
        assert one.count >= 2
        assert one.value in values


def test_blanking_touches_the_certain_features_only_and_is_remembered() -> None:
    values = with_values(-99.0, -99.0)
    before = table({"name": "identifier"}, x=values, name=values, y=with_values(0.5, 0.5))
    after = blank_sentinels(before, find_sentinels(before))
    assert int(np.isnan(after.values["x"]).sum()) == 2
    np.testing.assert_array_equal(after.values["name"], values)
    assert [column.sentinels for column in after.columns] == [(-99.0,), (), ()]
    np.testing.assert_array_equal(before.values["x"], values)


def test_a_value_stored_in_fewer_bytes_is_the_same_sentinel() -> None:
    stored = np.array([1.0, -99.9], dtype=np.float32).astype(np.float64)
    np.testing.assert_array_equal(np.isnan(blank(stored, [-99.9])), [False, True])
