import numpy as np

from rung.check import Seen
from rung.check.class_counts import CHECK, count_classes
from rung.core.dataset import Dataset
from rung.core.family import Problem


def problem(counts: list[int]) -> Problem:
    y = np.repeat(np.arange(len(counts)), counts)
    classes = tuple(f"c{i}" for i in range(len(counts)))
    task = "binary" if len(counts) == 2 else "multiclass"
    return Problem(task, Dataset((), {}, len(y)), y, classes)  # type: ignore[arg-type]


def test_balanced_classes_are_counted_without_alarm() -> None:
    found = count_classes(problem([40, 60]), "kind")
    assert (found.severity, found.columns, found.remedy) == ("info", ("kind",), "")
    assert found.message == "'kind' has 2 classes in 100 training rows: 'c1' 60, 'c0' 40"


def test_a_class_of_few_rows_is_a_warning() -> None:
    found = count_classes(problem([40, 3, 9]), "kind")
    assert found.severity == "warning"
    assert "2 have fewer than 10 rows" in found.message


def test_a_rare_class_is_told_that_accuracy_hides_it() -> None:
    assert "accuracy hides rare classes" in count_classes(problem([980, 20]), "kind").remedy


def test_many_classes_are_named_up_to_six_and_the_rarest() -> None:
    message = count_classes(problem([20 + i for i in range(30)]), "kind").message
    assert message.count("'c") == 7
    assert message.endswith("'c0' 20")


def test_a_quantity_has_no_classes() -> None:
    quantity = Problem("regression", Dataset((), {}, 3), np.arange(3.0))
    assert CHECK.look(Seen(quantity.design, problem=quantity)) == ()  # type: ignore[arg-type]
