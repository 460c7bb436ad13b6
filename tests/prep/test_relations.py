"""What relates numbers that go together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.core.family import State
from rung.errors import BadModelFile
from rung.prep.relations import (
    FEWEST_VALUES,
    MOST_NUMBERS,
    MOST_PAIRS,
    RelationName,
    Relations,
    fit_relations,
    most_relations,
    name_relation,
)

RNG = np.random.default_rng(4)
COMMON, GAP, OTHER = RNG.normal(size=(3, 500))


def magnitudes():
    """Return two columns that go together and one that does not, with three digits."""
    return np.stack([20 + COMMON, 20.5 + 1.3 * COMMON + 0.1 * GAP, OTHER], axis=1).round(3)


def counts():
    """Return rooms and people of districts, and their income, which has to do with neither."""
    rooms = np.exp(6 + 1.2 * COMMON)
    return np.stack([rooms, 3 * rooms * np.exp(0.2 * GAP), np.exp(OTHER)], axis=1)


def test_columns_of_one_unit_give_their_plain_difference_and_sum():
    numbers = magnitudes()
    found = fit_relations(numbers)
    assert found.names(["u", "g", "x"]) == ("u − g", "u + g")
    difference, total = found.apply(numbers).T
    for said, plain in (
        (difference, numbers[:, 0] - numbers[:, 1]),
        (total, numbers[:, 1] + numbers[:, 0]),
    ):
        factor = np.ptp(said) / np.ptp(plain)
        np.testing.assert_allclose(said - said[0], factor * (plain - plain[0]), atol=2e-7)


def test_columns_of_other_units_are_compared_by_their_spreads():
    # Written to one more digit the second has ten times as many steps.
    numbers = magnitudes()
    numbers[:, 1] = np.round(numbers[:, 1] + 1e-4 * np.arange(500) % 10, 4)
    found = fit_relations(numbers)
    spread = found.apply(numbers)[:, 0].std()
    difference = numbers[:, 0] / numbers[:, 0].std() - numbers[:, 1] / numbers[:, 1].std()
    assert spread == pytest.approx(difference.std(), rel=0.05)
    assert found.readings() == (RelationName(), RelationName())


def test_of_columns_that_are_nearly_one_the_difference_holds_hardly_anything_of_them():
    numbers = np.stack([COMMON, 7.0 * COMMON + 0.01 * GAP, OTHER], axis=1)
    difference = fit_relations(numbers).apply(numbers)[:, 0]
    assert abs(np.corrcoef(difference, GAP)[0, 1]) > 0.99
    assert abs(np.corrcoef(difference, COMMON)[0, 1]) < 0.1


def related(numbers):
    """Return all relations of numbers that were learned on most of them."""
    return fit_relations(numbers[:400]).apply(numbers)


@pytest.mark.parametrize("make", [magnitudes, counts])
@pytest.mark.parametrize("factors", [[1e-30, 1e30, 1.0], [0.1, 1 / 3, 7e-19]])
def test_a_unit_leaves_no_trace_in_relations(make, factors):
    expected = related(make())
    assert expected.shape == (500, 2)
    assert np.array_equal(related(make() * factors), expected)


@pytest.mark.parametrize("spreads", [1e3, -1e6, 1e9])
def test_an_origin_leaves_no_trace_in_differences_and_sums(spreads):
    origins = np.array([spreads, 3 * spreads, 0.0])
    shifted = magnitudes() + origins
    back = shifted - origins
    assert fit_relations(back[:400]).width == 2
    assert np.array_equal(related(shifted), related(back))


def test_a_mirrored_number_mirrors_relations_and_makes_no_others():
    mirrored, plain = related(magnitudes() * [-1.0, 1.0, 1.0]), related(magnitudes())
    for said, before in zip(mirrored.T, plain.T, strict=True):
        assert abs(np.corrcoef(said, before)[0, 1]) == pytest.approx(1.0, abs=1e-12)


def test_positive_numbers_over_orders_of_magnitude_give_ratio_and_product():
    numbers = counts()
    found = fit_relations(numbers)
    assert found.names(["rooms", "people", "income"]) == ("rooms / people", "rooms × people")
    ratio = numbers[:, 0] / numbers[:, 1]
    slope, offset = np.polyfit(np.log(ratio), found.apply(numbers)[:, 0], 1)
    said = slope * np.log(ratio) + offset
    np.testing.assert_allclose(found.apply(numbers)[:, 0], said, atol=1e-7)
    assert slope > 0


def test_relations_are_read_as_their_names_say():
    for numbers, wanted in (
        (magnitudes(), lambda x, y: (x - y, x + y)),
        (counts(), lambda x, y: (x / y, x * y)),
    ):
        found = fit_relations(numbers)
        for values, reading, plain in zip(
            found.apply(numbers).T, found.readings(), wanted(*numbers[:, :2].T), strict=True
        ):
            read = [reading(value) for value in values.tolist()]
            np.testing.assert_allclose(read, plain, rtol=3e-7, atol=3e-7)


def test_of_a_number_in_another_unit_the_difference_is_the_same_but_read_as_it_is():
    found = fit_relations(magnitudes() * [1.0, 1_000.0, 1.0])
    np.testing.assert_allclose(found.axes, fit_relations(magnitudes()).axes, rtol=1e-14)
    assert found.readings() == (RelationName(), RelationName())


def test_a_number_that_falls_as_the_other_rises_is_added():
    numbers = magnitudes() * [1.0, -1.0, 1.0]
    assert fit_relations(numbers).names(["x", "y", "z"]) == ("x + y", "x − y")


def test_groups_of_three_give_their_directions_besides():
    numbers = 20 + COMMON[:, None] + 0.2 * RNG.normal(size=(500, 3))
    found = fit_relations(np.column_stack([numbers, OTHER]))
    names = found.names(["u", "g", "r", "x"])
    assert found.width == 6
    assert all(name.count("…") == 0 for name in names[:3])
    assert all(name.endswith("…") for name in names[3:])
    directions = found.apply(np.column_stack([numbers, OTHER]))[:, 3:]
    alike = np.corrcoef(directions.T) - np.eye(3)
    assert np.abs(alike).max() < 0.1
    assert not any("x" in name for name in names)


def test_no_relation_has_the_name_of_a_column():
    assert fit_relations(magnitudes()).names(["u", "g", "u − g"]) == ("u − g (2)", "u + g")


def test_no_two_relations_have_one_name():
    axes = np.array([[1.0, 0.9, 0.1], [1.0, 0.9, -0.1], [1.0, -0.9, 0.1]]).T
    nothing = np.zeros(3)
    found = Relations(nothing, nothing, nothing + 1, nothing == 0, axes)
    assert found.names(["u", "g", "r"]) == ("u + g …", "u + g … (2)", "u − g …")


def test_numbers_that_do_not_go_together_are_not_related():
    assert fit_relations(RNG.normal(size=(500, 4))).width == 0


def test_magnitudes_are_no_orders_of_magnitude_and_nor_is_what_may_be_zero():
    assert not fit_relations(magnitudes()).floor.any()
    with_zero = counts()
    with_zero[0] = 0.0
    assert not fit_relations(with_zero).floor.any()


def test_codes_of_few_values_are_left_out():
    numbers = magnitudes()
    numbers[:, 0] = np.digitize(numbers[:, 0], np.linspace(18, 22, FEWEST_VALUES - 2))
    assert fit_relations(numbers).width == 0


@pytest.mark.parametrize("n_numbers", [1, MOST_NUMBERS + 1])
def test_one_number_or_very_many_have_no_relations(n_numbers):
    numbers = COMMON[:, None] + 0.1 * RNG.normal(size=(500, n_numbers))
    found = fit_relations(numbers)
    assert found.width == 0
    assert found.apply(numbers).shape == (500, 0)


def test_few_rows_relate_nothing():
    assert fit_relations(magnitudes()[:20]).width == 0


def test_many_numbers_give_no_more_relations_than_are_said():
    numbers = COMMON[:, None] + 0.3 * RNG.normal(size=(500, MOST_NUMBERS))
    found = fit_relations(numbers)
    assert found.width == MOST_PAIRS + MOST_NUMBERS == most_relations(MOST_NUMBERS)


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=3, max_size=3))
def test_any_cell_gives_finite_relations(cells):
    for numbers in (magnitudes(), counts()):
        assert np.isfinite(fit_relations(numbers).apply(np.array([cells]))).all()


@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.floats(1e-300, 1e300))
def test_any_training_rows_give_relations_that_can_be_written_and_read(seed, n_numbers, size):
    rng = np.random.default_rng(seed)
    numbers = rng.standard_cauchy((80, n_numbers)) ** rng.integers(1, 4, n_numbers)
    with np.errstate(over="ignore"):
        numbers *= size
    numbers[rng.random(numbers.shape) < 0.1] = np.nan
    numbers[:, 0] = numbers[:, -1]
    found = fit_relations(numbers)
    again = Relations.from_state(found.to_state(), n_numbers)
    assert np.isfinite(found.apply(numbers)).all()
    assert again.apply(numbers).tobytes() == found.apply(numbers).tobytes()


def test_a_missing_number_counts_as_its_median():
    numbers = counts()
    found = fit_relations(numbers)
    gone, typical = numbers.copy(), numbers.copy()
    gone[:, 1] = np.nan
    typical[:, 1] = np.exp(found.shift[1])
    np.testing.assert_allclose(found.apply(gone), found.apply(typical), atol=1e-12)


def test_what_lies_below_all_training_rows_counts_as_the_least_of_them():
    numbers = counts()
    found = fit_relations(numbers)
    low, least = numbers.copy(), numbers.copy()
    low[:, 0], least[:, 0] = -5.0, numbers[:, 0].min()
    np.testing.assert_array_equal(found.apply(low), found.apply(least))


def test_a_row_alone_is_related_to_the_same_bits_as_among_others():
    numbers = np.column_stack([counts(), 20 + COMMON[:, None] + RNG.normal(size=(500, 3)) / 3])
    found = fit_relations(numbers)
    whole = found.apply(numbers)
    for row in (0, 1, 499):
        assert found.apply(numbers[[row]]).tobytes() == whole[row].tobytes()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("floor", -1.0),
        ("scale", 0.0),
        ("shift", np.nan),
        ("in_use", 2),
        ("axes", np.inf),
    ],
)
def test_damage_is_refused(name, value):
    state = fit_relations(counts()).to_state()
    array = state.arrays[name].copy()
    array.flat[0] = value
    with pytest.raises(BadModelFile):
        Relations.from_state(State(state.spec, {**state.arrays, name: array}), 3)


def test_more_relations_than_there_can_be_are_refused():
    state = fit_relations(counts()).to_state()
    axes = np.ones((len(state.arrays["axes"]), most_relations(3) + 1))
    with pytest.raises(BadModelFile, match="at most 6"):
        Relations.from_state(State(state.spec, {**state.arrays, "axes": axes}), 3)


def test_a_relation_of_one_number_is_refused():
    state = fit_relations(counts()).to_state()
    axes = state.arrays["axes"].copy()
    axes[0, 0] = 0.0
    with pytest.raises(BadModelFile, match="fewer than two"):
        Relations.from_state(State(state.spec, {**state.arrays, "axes": axes}), 3)


def test_a_relation_of_unlike_numbers_says_which_is_a_logarithm():
    numbers = [("rooms", True), ("age", False), ("people", True)]
    assert name_relation(np.array([-0.5, 0.9, 0.0]), numbers) == "age − log rooms"
    assert name_relation(np.array([-0.5, 0.9, 0.1]), numbers) == "age − log rooms …"
    assert name_relation(np.array([0.5, 0.0, 0.5]), numbers) == "rooms × people"
