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


def test_two_numbers_are_a_quantity_when_asked() -> None:
    target = make_target(numbers([1, 0, 1]), "y", "regression")
    assert (target.task, target.classes, target.findings) == ("regression", (), ())
    assert target.y.dtype == np.float64
    assert target.labels is None


def test_two_numbers_that_are_not_whole_are_named_as_they_are() -> None:
    target = make_target(numbers([2.5, -1, 2.5]), "y", None)
    assert target.classes == ("-1", "2.5")
    assert target.findings == ()
    assert target.y.tolist() == [1, 0, 1]
    assert target.y.dtype == np.int64
    assert target.labels is target.y


def test_booleans_are_true_and_false() -> None:
    dataset = Dataset((Column("y", "boolean"),), {"y": np.array([1.0, 0.0, 1.0])}, 3)
    target = make_target(dataset, "y", None)
    assert (target.task, target.classes) == ("binary", ("false", "true"))


def test_several_classes_asked_for_of_two_are_binary() -> None:
    assert make_target(strings([0, 1], ("a", "b")), "y", "multiclass").task == "binary"
    assert make_target(strings([0, 1], ("a", "b")), "y", "binary").task == "binary"
    assert make_target(strings([0, 1, 2], ("a", "b", "c")), "y", None).task == "multiclass"


@pytest.mark.parametrize(("most", "n_rows"), [(50, 60), (50, 101), (100, 200), (100, 201)])
def test_strings_are_classes_up_to_fifty_or_half_of_the_rows(most: int, n_rows: int) -> None:
    levels = tuple(f"{i:03d}" for i in range(most + 1))
    codes = [i % most for i in range(n_rows)]
    assert len(make_target(strings(codes, levels), "y", None).classes) == most
    codes = [i % (most + 1) for i in range(n_rows)]
    with pytest.raises(TargetProblem, match=f"has {most + 1} distinct strings in {n_rows} rows"):
        make_target(strings(codes, levels), "y", None)


def test_a_target_that_is_infinite_is_missing() -> None:
    assert has_target(numbers([0, np.inf, -np.inf]), "y").tolist() == [True, False, False]


def test_strings_are_shown_where_a_quantity_was_asked_for() -> None:
    with pytest.raises(TargetProblem, match="holds strings such as 'b'; regression"):
        make_target(strings([1, 0], ("a", "b")), "y", "regression")


def test_a_positive_class_needs_two_and_a_name_that_is_one_of_them() -> None:
    assert positive_index(("no", "yes"), "yes") == 1
    with pytest.raises(UsageError, match="'a' needs a target of two classes; this one has 3"):
        positive_index(("a", "b", "c"), "a")
    with pytest.raises(UsageError, match="'x' not found; the classes are 'no' and 'yes'") as caught:
        positive_index(("no", "yes"), "x")
    assert caught.value.remedy == "use --positive yes"


@pytest.mark.parametrize(("n_distinct", "n_findings"), [(20, 1), (21, 0)])
def test_up_to_twenty_whole_numbers_may_be_names(n_distinct: int, n_findings: int) -> None:
    target = make_target(numbers([100.0 * i for i in range(n_distinct)]), "y", None)
    assert target.task == "regression"
    assert len(target.findings) == n_findings


def test_numbers_of_which_some_are_whole_are_a_quantity_beyond_doubt() -> None:
    assert make_target(numbers([1.0, 2.5, 3.0]), "y", None).findings == ()
