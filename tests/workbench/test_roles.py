import numpy as np
import polars as pl
import pytest

from rung.data import read_table
from rung.errors import DataError, TargetProblem, UsageError
from rung.workbench.options import FitOptions
from rung.workbench.roles import assign_roles
from tests.workbench.frames import frame

TABLE = read_table(frame()).dataset


def roles(**options: object) -> dict[str, str]:
    dataset = assign_roles(TABLE, FitOptions("mass", **options))  # type: ignore[arg-type]
    return {column.name: column.role for column in dataset.columns}


def test_identifiers_and_constants_are_left_out() -> None:
    found = roles()
    assert (found["object_id"], found["survey"], found["size"]) == (
        "identifier",
        "constant",
        "feature",
    )


def test_named_features_are_the_only_ones() -> None:
    found = roles(features=("size", "object_id"))
    assert {name for name, role in found.items() if role == "feature"} == {"size", "object_id"}
    assert found["noise"] == "dropped"


def test_declared_columns_are_no_features() -> None:
    found = roles(groups="plate", time="night", weight="weight", drop=("noise",))
    assert [found[name] for name in ("plate", "night", "weight", "noise")] == [
        "group",
        "time",
        "weight",
        "dropped",
    ]


def test_a_wrong_target_gets_a_suggestion() -> None:
    with pytest.raises(TargetProblem, match=r"'mas' not found.*did you mean --target 'mass'"):
        assign_roles(TABLE, FitOptions("mas"))


def test_a_wrong_column_names_its_option() -> None:
    with pytest.raises(UsageError, match=r"'nose' of --drop not found.*did you mean 'noise'"):
        roles(drop=("nose",))


def test_a_column_has_one_role() -> None:
    with pytest.raises(UsageError, match="'mass' is declared as target and as weight"):
        roles(weight="mass")
    with pytest.raises(UsageError, match="'size' is listed in --features and declared as dropped"):
        roles(features=("size", "noise"), drop=("size",))


def test_a_table_without_features_is_refused() -> None:
    with pytest.raises(DataError, match="no column is left to predict 'mass' from"):
        roles(drop=tuple(column.name for column in TABLE.columns if column.name != "mass"))


@pytest.mark.parametrize(("name", "said"), [("colour", "holds strings"), ("noise", "negative")])
def test_weights_are_numbers_of_at_least_zero(name: str, said: str) -> None:
    with pytest.raises(DataError, match=f"weight column '{name}'.*{said}"):
        roles(weight=name)


def test_a_time_column_is_complete_and_ordered() -> None:
    with pytest.raises(DataError, match="time column 'colour' is not a date, time or number"):
        roles(time="colour")
    with pytest.raises(DataError, match="time column 'size' has no value in"):
        roles(time="size")


@pytest.mark.parametrize("cells", [["a", "b", None], [1.0, 2.0, None]])
def test_rows_without_a_group_are_refused(cells: list[object]) -> None:
    table = pl.DataFrame({"g": cells * 10, "x": np.arange(30.0) ** 2, "y": np.arange(30.0)})
    with pytest.raises(DataError, match="group column 'g' has no value in 10 of 30 rows"):
        assign_roles(read_table(table).dataset, FitOptions("y", groups="g"))
