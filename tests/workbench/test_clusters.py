"""A table's groups are found whatever the order of its rows, and compared with a column."""

from dataclasses import replace

import numpy as np
import pytest

from rung.errors import DataError, UsageError
from rung.workbench.clusters import cluster


@pytest.fixture(scope="module")
def table():
    rng = np.random.default_rng(0)
    kind = np.arange(160) % 2
    return {
        "mass": rng.normal(size=160) + 8 * kind,
        "colour": np.round(rng.normal(size=160), 3),
        "site": np.array(["north", "south"])[kind].tolist(),
    }


def test_groups_are_found_and_explained_by_the_column_that_makes_them(table):
    found = cluster(table, label="site")
    assert found.to_dict()["k"] == 2
    assert found.rules[0].text.startswith("mass ")
    assert found.rules[0].accuracy == 1.0
    assert found.agreement is not None
    assert found.agreement.rand == pytest.approx(1.0)
    assert found.agreement.level == 0.001


def test_the_order_of_the_rows_changes_no_label(table):
    found = cluster(table, drop=["site"])
    back = {name: list(reversed(column)) for name, column in table.items()}
    other = cluster(back, drop=["site"])
    assert other.labels[::-1].tolist() == found.labels.tolist()


def test_new_rows_are_assigned_from_one_and_strangers_are_zero(table):
    found = cluster(table, drop=["site"])
    known = found.assign({"mass": [0.0, 8.0, 400.0], "colour": [0.0, 0.0, 0.0]})
    assert known.tolist() == [found.labels[0], found.labels[1], 0]


def test_what_cannot_show_groups_is_refused(table):
    with pytest.raises(DataError, match="9 rows; 40 are the fewest"):
        cluster({name: column[:9] for name, column in table.items()})
    with pytest.raises(UsageError, match="'colours' of features"):
        cluster(table, features=["colours"])


def test_where_the_number_alone_is_open_the_sentence_says_so(table):
    found = cluster(table, drop=["site"])
    unsure = replace(found.grouping, verdict="undecided", low=2, high=5)
    assert replace(found, grouping=unsure).verdict == (
        "undecided: more than one group, and halves of the rows show 2 to 5"
    )
    unsure = replace(unsure, low=1)
    assert (
        replace(found, grouping=unsure).verdict
        == "undecided: halves of the rows show 1 to 5 groups"
    )


def test_levels_of_single_columns_are_named_as_what_parts_rows():
    rng = np.random.default_rng(1)
    cells = {"a": rng.choice(list("xyz"), 200), "b": rng.choice(list("uv"), 200)}
    found = cluster(cells).to_dict()
    assert found["sentence"] == "no groups beyond the levels of single columns"
    assert found["k"] == 1
    assert found["notes"][-1].startswith("levels of a, b part rows by themselves")
