import numpy as np
import pytest

from rung.core.dataset import Column, Dataset
from rung.core.task import counts_classes, has_target, make_target, positive_index
from rung.errors import TargetProblem, UsageError


def numbers(values: list[float]) -> Dataset:
    return Dataset((Column("y", "number"),), {"y": np.array(values, float)}, len(values))


def strings(codes: list[int], levels: tuple[str, ...]) -> Dataset:
    return Dataset(
        (Column("y", "category", levels=levels),), {"y": np.array(codes, np.int32)}, len(codes)
    )


def test_measurements_are_a_regression() -> None:
    target = make_target(numbers([1.5, 2.5, 3.25, 1.5]), "y", None)
    assert target.task == "regression"
    assert target.labels is None
    assert target.findings == ()


def test_two_numbers_are_two_classes() -> None:
    target = make_target(numbers([1, 0, 1, 1]), "y", None)
    assert (target.task, target.classes) == ("binary", ("0", "1"))
    assert target.y.tolist() == [1, 0, 1, 1]


def test_few_whole_numbers_are_read_as_a_quantity_and_said() -> None:
    target = make_target(numbers([3, 4, 5, 6, 3, 4]), "y", None)
    assert target.task == "regression"
    assert [finding.code for finding in target.findings] == ["task_guess"]


@pytest.mark.parametrize(
    "values",
    [
        [0, 1, 2] * 50,  # iris
        [1] * 59 + [2] * 71 + [3] * 48,  # wine
        list(range(10)) * 180,  # digits
        list(range(20)) * 10,
        [1] * 45_586 + [2] * 50 + [3] * 171 + [4] * 8_903 + [5] * 3_267 + [6] * 10 + [7] * 13,
        [0, 1, 2] * 3,
    ],
)
def test_whole_numbers_that_follow_each_other_from_0_or_1_are_classes(values: list[float]) -> None:
    target = make_target(numbers(values), "y", None)
    assert target.task == "multiclass"
    assert target.classes == tuple(str(value) for value in sorted(set(values)))
    (finding,) = target.findings
    assert (finding.severity, finding.remedy) == (
        "info",
        "use --task regression if they are a quantity",
    )
    assert make_target(numbers(values), "y", "regression").task == "regression"


@pytest.mark.parametrize(
    "values",
    [
        [3, 4, 5, 6, 7, 8, 9] * 50,  # grades
        [0, 1, 3] * 50,  # not one after the other
        [0.5, 1.5, 2.5] * 50,
        list(range(21)) * 50,  # too many
        [-1, 0, 1] * 50,
        [2019, 2020, 2021] * 50,
        [0] * 74 + [1] * 60 + [2] * 15 + [3],  # a count of few
        [0] * 500 + [1] * 300 + [2] * 9,
        [0] * 14 + [1] * 12 + [2] * 4,
    ],
)
def test_other_numbers_are_a_quantity(values: list[float]) -> None:
    assert make_target(numbers(values), "y", None).task == "regression"


def test_counts_of_rare_things_are_seldom_taken_for_classes() -> None:
    """At most 6 % of 300 tables of Poisson counts of mean 1 to 8, of 150 to 10,000 rows."""
    rng = np.random.default_rng(0)
    wrong = 0
    for i in range(300):
        count = rng.poisson(rng.choice([1.0, 3.0, 8.0]), size=(150, 1_000, 10_000)[i % 3])
        wrong += counts_classes(*np.unique(count.astype(float), return_counts=True))
    assert wrong <= 18


def test_numbers_become_classes_in_numeric_order_when_asked() -> None:
    target = make_target(numbers([10, 9, 2, 10]), "y", "multiclass")
    assert target.classes == ("2", "9", "10")


def test_unused_levels_are_no_classes() -> None:
    target = make_target(strings([0, 2, 0, 2], ("a", "b", "c")), "y", None)
    assert (target.task, target.classes) == ("binary", ("a", "c"))
    assert target.y.tolist() == [0, 1, 0, 1]


def test_a_constant_target_is_refused_with_its_value() -> None:
    with pytest.raises(TargetProblem, match="same value, 7, in all 3 rows"):
        make_target(numbers([7, 7, 7]), "y", None)


def test_one_class_is_refused_with_its_name() -> None:
    with pytest.raises(TargetProblem, match="same value, 'star', in all 2 rows"):
        make_target(strings([0, 0], ("star",)), "y", None)


def test_strings_are_no_quantity() -> None:
    with pytest.raises(TargetProblem, match="regression needs numbers") as few:
        make_target(strings([0, 1], ("a", "b")), "y", "regression")
    assert few.value.remedy == "use --task multiclass, or clean the column"
    many = strings(list(range(60)), tuple(f"{i} km" for i in range(60)))
    with pytest.raises(TargetProblem, match="regression needs numbers") as refused:
        make_target(many, "y", "regression")
    assert refused.value.remedy == "clean the column"
    with pytest.raises(TargetProblem, match="classes must repeat"):
        make_target(many, "y", "multiclass")


def test_three_classes_are_not_binary() -> None:
    with pytest.raises(UsageError, match="has 3"):
        make_target(strings([0, 1, 2], ("a", "b", "c")), "y", "binary")


def test_missing_targets_are_seen_in_numbers_and_strings() -> None:
    assert has_target(numbers([1, np.nan]), "y").tolist() == [True, False]
    assert has_target(strings([0, -1], ("a",)), "y").tolist() == [True, False]


def test_the_positive_class_is_the_second_unless_named() -> None:
    assert positive_index(("no", "yes"), None) == 1
    assert positive_index(("no", "yes"), "no") == 0
    assert positive_index(("a", "b", "c"), None) is None


def test_an_unknown_positive_class_is_refused() -> None:
    with pytest.raises(UsageError, match="'maybe' not found; the classes are 'no' and 'yes'"):
        positive_index(("no", "yes"), "maybe")
