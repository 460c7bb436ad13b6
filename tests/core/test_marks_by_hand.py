"""Shares of rows in common counted by hand, and views that tell rows apart or just do not."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pytest

from rung.core.dataset import Column, Dataset
from rung.core.marks import TARGET, Marks, TableRows, View, digest_number, make_marks, read_marks
from rung.typing import Array


class Held:
    """Rows whose digests are given, view by view."""

    counted = "rows"

    def __init__(self, **views: Any) -> None:
        self._views = {(int(name[1:]),): numbers(values) for name, values in views.items()}
        self.n = len(next(iter(self._views.values())))

    @property
    def views(self) -> tuple[tuple[int, ...], ...]:
        return tuple(self._views)

    def digests(self, columns: tuple[int, ...]) -> Array | None:
        return self._views.get(columns)


def numbers(values: Any) -> Array:
    return np.array(list(values), dtype=np.uint64)


def marks(*views: View) -> Marks:
    return Marks(9, "0" * 32, views)


# Shares.


def test_all_digests_are_compared_where_all_were_kept() -> None:
    view = View((1,), 3, numbers([10, 20, 30]))
    assert view.share_of(numbers([5, 10, 40])) == 1 / 3
    assert view.share_in(numbers([10, 30, 99])) == 2 / 3


def test_of_a_sample_only_what_lies_up_to_its_highest_digest_is_compared() -> None:
    view = View((1,), 6, numbers([10, 20, 30]))
    assert view.share_of(numbers([5, 10, 30, 40])) == 2 / 3
    assert view.share_of(numbers([40, 50])) == 0.0


@pytest.mark.parametrize(("n_common", "share"), [(30, 0.03), (29, 0.0)])
def test_three_rows_of_a_hundred_are_told_and_fewer_are_not(n_common: int, share: float) -> None:
    here = Held(v1=[*range(n_common), *range(5000, 6000 - n_common)])
    assert marks(View((1,), 1000, numbers(range(1000)))).share_of(here) == share


@pytest.mark.parametrize(
    ("n_distinct", "n_common", "share"),
    [(980, 100, 0.1), (980, 80, 0.0), (1100, 30, 0.03), (1100, 20, 0.0)],
)
def test_a_view_in_which_rows_are_alike_needs_three_times_that_share_more(
    n_distinct: int, n_common: int, share: float
) -> None:
    """Of 1,000 rows 980 differ: .02 are alike, and .09 is asked for; never less than .03."""
    whole = View((9,), 1000, numbers(range(1000)))
    view = View((1,), n_distinct, numbers(range(n_distinct)))
    here = Held(v1=[*range(n_common), *range(5000, 6000 - n_common)])
    assert marks(whole, view).share_of(here) == share


def test_the_largest_share_of_the_views_asked_for_counts() -> None:
    found = marks(View((1,), 4, numbers(range(4))), View((2,), 4, numbers(range(4))))
    here = Held(v1=[0, 7, 8, 9], v2=[0, 1, 2, 9])
    assert found.share_of(here) == 0.75
    assert found.share_of(here, with_column=1) == 0.25
    assert found.share_of(here, with_column=3) == 0.0
    assert found.share_of(Held(v3=[0])) == 0.0


def test_the_share_within_is_that_of_the_first_view_that_is_there() -> None:
    found = marks(View((1,), 4, numbers(range(4))), View((2,), 4, numbers(range(4))))
    assert found.share_in(Held(v2=[0, 1, 2], v1=[0, 9])) == 0.25
    assert found.share_in(Held(v2=[0, 1, 2])) == 0.75
    assert found.share_in(Held(v3=[0])) == 0.0


def test_a_thousand_and_twenty_four_digests_are_kept_and_of_parts_a_quarter() -> None:
    found = make_marks(Held(v1=range(2000), v2=range(2000), v3=range(100)))
    assert found.n == 2000
    assert [len(view.lowest) for view in found.views] == [1024, 256, 100]
    assert [view.n_distinct for view in found.views] == [2000, 2000, 100]
    assert found.views[1].lowest.tolist() == list(range(256))


# Marks as JSON.


def stored(**change: Any) -> dict[str, Any]:
    """Return marks of one row."""
    return {"n": 1, "digest": "0" * 32, "views": [view()]} | change


def view(**change: Any) -> dict[str, Any]:
    one = base64.b64encode(np.array([7], dtype="<u8").tobytes()).decode()
    return {"columns": one, "distinct": 1, "rows": one} | change


def test_marks_of_one_row_are_read() -> None:
    found = read_marks(stored())
    assert (found.n, found.views[0].columns, found.views[0].n_distinct) == (1, (7,), 1)
    assert found.views[0].lowest.tolist() == [7]


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (stored(more=1), "n, digest and views"),
        (stored(n=0), "0 marked rows"),
        (stored(n="1"), "'1' marked rows"),
        (stored(digest="0" * 31), "with digest"),
        (stored(views=[]), "without a view"),
        (stored(views={"a": 1}), "without a view"),
        (stored(views=[[]]), "a view of rows is"),
        (stored(views=[view(more=1)]), "a view of rows is"),
        (stored(views=[view(distinct=True)]), "1 digests of True"),
        (stored(views=[view(distinct=0)]), "1 digests of 0"),
        (stored(views=[view(rows="")]), "0 digests of 1"),
    ],
)
def test_marks_that_are_wrong_in_one_place_are_refused(broken: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_marks(broken)


# Parts that tell rows apart.


def table(*, keys: bool = False, **columns: Any) -> TableRows:
    """Rows with a target that never varies, and an identifier if asked."""
    n = len(next(iter(columns.values())))
    held = [Column(name, "number") for name in columns] + [Column("y", "number", "target")]
    values = {name: np.asarray(column, float) for name, column in columns.items()}
    values["y"] = np.zeros(n)
    if keys:
        held.append(Column("key", "number", "identifier"))
        values["key"] = np.arange(float(n))
    return TableRows(Dataset(tuple(held), values, n), "y")


def parts(rows: TableRows) -> list[set[str]]:
    """Return the features of each part."""
    names = {digest_number(name.encode()): name for name in rows.dataset.values}
    return [{names[c] for c in view if c != TARGET} for view in rows.views[2:]]


def alike(n: int, n_distinct: int) -> Array:
    """Return values of which the first ones are equal."""
    return np.maximum(np.arange(n), n - n_distinct)


def test_four_parts_are_the_most() -> None:
    columns = {name: np.random.default_rng(i).permutation(50) for i, name in enumerate("abcdef")}
    assert parts(table(**columns)) == [{"a"}, {"b"}, {"c"}, {"d"}]


def test_eight_detours_are_the_most() -> None:
    rng = np.random.default_rng(0)
    rows = table(**{f"b{i:02d}": rng.integers(0, 2, 300) for i in range(20)})
    found = parts(rows)
    assert len(found) == 1 + 8
    assert all(f"b{i:02d}" not in detour for i, detour in enumerate(found[1:]))


@pytest.mark.parametrize(("n_distinct", "first"), [(995, {"a"}), (994, {"a", "b"})])
def test_995_of_a_thousand_rows_told_apart_are_enough(n_distinct: int, first: set[str]) -> None:
    b = np.where(np.arange(1000) < 10, np.arange(1000), 0)
    assert parts(table(a=alike(1000, n_distinct), b=b))[0] == first


@pytest.mark.parametrize(("n_distinct", "found"), [(950, [{"a"}]), (949, [])])
def test_at_least_950_of_a_thousand_must_be_told_apart(
    n_distinct: int, found: list[set[str]]
) -> None:
    assert parts(table(keys=True, a=alike(1000, n_distinct))) == found


def test_two_thousand_rows_are_sampled() -> None:
    """Among them a and b have as many values, so that a is first; with one row more b would be."""
    a, b = np.r_[np.arange(2000), 0], np.arange(2001)
    assert parts(table(a=a, b=b))[0] == {"a"}
