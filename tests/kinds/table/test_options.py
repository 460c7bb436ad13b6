import pytest
from sklearn.linear_model import Ridge
from sklearn.model_selection import KFold

from rung.errors import UsageError
from rung.kinds.table.options import FitOptions


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("seed", 1.5, "seed must be a whole number .* it is 1.5"),
        ("seed", -1, "seed must be a whole number from 0 to 4611686018427387904, it is -1"),
        ("seed", 2**62 + 1, "seed must be a whole number from 0 to 4611686018427387904"),
        ("repeats", 0, "repeats must be a whole number from 1 to 100, it is 0"),
        ("threads", 0, "threads must be a whole number"),
        ("folds", 1, "folds must be a whole number from 2"),
        ("test_fraction", 0.9, "test_fraction must be a number from 0 to 0.5, it is 0.9"),
        ("test_fraction", float("nan"), "it is nan"),
        ("margin", -1.0, "margin must be a number of at least 0, it is -1.0"),
        ("choose", "best", "choose 'best' is not known; simplest, leader are"),
        ("task", "clustering", "task 'clustering' is not known"),
        ("families", 3, "families=3 is not a list of names, families or scikit-learn estimators"),
    ],
)
def test_a_value_that_is_not_accepted_is_named(name: str, value: object, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        FitOptions("y", **{name: value})  # type: ignore[arg-type]


def test_a_single_name_is_a_list_of_one() -> None:
    assert FitOptions("y", drop="a").drop == ("a",)  # type: ignore[arg-type]


def test_a_single_estimator_is_a_list_of_one_and_is_recorded_by_name() -> None:
    options = FitOptions("y", families=Ridge())  # type: ignore[arg-type]
    assert options.to_record()["families"] == ("ridge",)
    assert FitOptions("y", families=("tree", Ridge())).to_record()["families"] == ("tree", "ridge")


def test_the_record_holds_nothing_that_changes_no_result() -> None:
    record = FitOptions("y", threads=4, seal="seal.json").to_record()
    assert "threads" not in record
    assert record["seal"] == "seal.json"


def test_the_record_names_a_splitter_without_its_address() -> None:
    class Odd:
        def split(self) -> None: ...

    assert FitOptions("y", folds=KFold(5)).to_record()["folds"].startswith("KFold(n_splits=5")
    assert FitOptions("y", folds=Odd()).to_record()["folds"] == "Odd"


def test_quick_is_a_short_way_to_say_families_and_folds():
    from rung.families.pace import quick_families

    quick = FitOptions("y", quick=True)
    same = FitOptions("y", families=quick_families(), folds=5)
    assert quick.to_record() == same.to_record()
    assert quick.spell() == same.spell()
    assert "mlp" not in quick.families
    assert "blend" not in quick.families


def test_what_is_given_beside_quick_wins():
    asked = FitOptions("y", quick=True, folds=7, families=("linear",))
    assert (asked.families, asked.folds) == (("linear",), 7)
