from typing import Any

import numpy as np
import polars as pl
import pytest

import rung
from rung.data import read_table
from rung.errors import DataError, TargetProblem, UsageError
from rung.kinds.table.options import FitOptions
from rung.kinds.table.roles import assign_roles
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
    with pytest.raises(TargetProblem, match=r"'mas' not found.*did you mean target='mass'"):
        assign_roles(TABLE, FitOptions("mas"))


def test_a_wrong_column_names_its_option() -> None:
    with pytest.raises(UsageError, match=r"'nose' of drop not found.*did you mean 'noise'"):
        roles(drop=("nose",))


def test_a_column_has_one_role() -> None:
    with pytest.raises(UsageError, match="'mass' is declared as target and as weight"):
        roles(weight="mass")
    with pytest.raises(UsageError, match="'size' is listed in features and declared as dropped"):
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


N_ROWS = 200
RNG = np.random.default_rng(0)
SPAM = RNG.random(N_ROWS) < 0.5
TEXTS = [
    f"{'this one is free' if is_spam else 'see you later'} and always yours, dear friend {i}"
    for i, is_spam in enumerate(SPAM)
]
MESSAGES = pl.DataFrame({"text": TEXTS, "label": np.where(SPAM, "spam", "ham")})


@pytest.mark.parametrize("options", [{}, {"features": ("text",)}])
def test_a_column_of_text_is_learned_from(options: dict[str, Any]) -> None:
    run = rung.fit(MESSAGES, target="label", families=["linear"], **options)
    assert run.verdict.family == "linear"
    assert run.result.entry("linear").scores["accuracy"].mean == 1.0
    roles = {column.name: column.role for column in run.result.dataset.columns}
    assert roles == {"text": "text", "label": "target"}


def test_short_strings_are_read_as_text_where_that_is_asked() -> None:
    titles = pl.DataFrame({"title": [t[:9] + t[-4:] for t in TEXTS], "label": MESSAGES["label"]})
    with pytest.raises(DataError, match="no column is left") as refused:
        rung.fit(titles, target="label", families=["linear"], drop=[])
    assert "--texts title" in refused.value.remedy
    run = rung.fit(titles, target="label", families=["linear"], texts=["title"])
    assert run.result.entry("linear").scores["accuracy"].mean > 0.99


def test_no_words_leave_text_out_and_the_remedy_counts_them() -> None:
    table = MESSAGES.with_columns(x=pl.Series(RNG.normal(size=N_ROWS)))
    run = rung.fit(table, target="label", families=["linear"], words=0)
    assert run.result.entry("linear").scores["accuracy"].mean < 0.9
    with pytest.raises(DataError, match="no column is left") as refused:
        rung.fit(MESSAGES, target="label", families=["linear"], words=0)
    assert "--words" in refused.value.remedy


def test_numbers_are_no_text() -> None:
    table = MESSAGES.with_columns(x=pl.Series(RNG.normal(size=N_ROWS)))
    with pytest.raises(DataError, match="'x' of texts holds numbers"):
        rung.fit(table, target="label", texts=["x"])


WITHOUT = {
    "strings": ({"code": [f"a{i}" for i in range(50)]}, {}, "if parts of 'code' tell something"),
    "numbers": ({"row_id": np.arange(50)}, {}, "name it with --features"),
    "dropped": ({"x": np.arange(50.0) ** 2}, {"drop": ("x",)}, "drop fewer columns"),
    "constant": ({"x": np.ones(50)}, {}, "give a table with a column that varies"),
}


@pytest.mark.parametrize("name", WITHOUT)
def test_what_to_do_without_features_depends_on_what_was_left_out(name: str) -> None:
    columns, options, remedy = WITHOUT[name]
    dataset = read_table({**columns, "y": np.arange(50) % 7}).dataset
    with pytest.raises(DataError, match="no column is left") as refused:
        assign_roles(dataset, FitOptions("y", **options))
    assert remedy in refused.value.remedy


def test_a_string_that_differs_in_every_row_may_be_named_and_says_nothing() -> None:
    table = {"code": [f"a{i}" for i in range(80)], "y": np.sin(np.arange(80.0))}
    run = rung.fit(table, target="y", features=["code"], families=["linear", "mlp"], folds=2)
    assert run.verdict.family == "constant"


@pytest.mark.parametrize("cells", [["a", "b", None], [1.0, 2.0, None]])
def test_rows_without_a_group_are_refused(cells: list[object]) -> None:
    table = pl.DataFrame({"g": cells * 10, "x": np.arange(30.0) ** 2, "y": np.arange(30.0)})
    with pytest.raises(DataError, match="group column 'g' has no value in 10 of 30 rows"):
        assign_roles(read_table(table).dataset, FitOptions("y", groups="g"))
