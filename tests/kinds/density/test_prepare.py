"""Rows are sealed and dealt before densities see them; cells become numbers and levels."""

import numpy as np
import pytest

from rung.errors import DataError, UsageError
from rung.kinds.density.kind import KIND
from rung.kinds.density.options import DensityOptions
from rung.kinds.density.prepare import prepare
from tests.kinds.density.made import stars


def test_densities_see_numbers_and_levels_and_the_file_is_left_as_it_is():
    found = prepare(stars(), DensityOptions())
    kinds = {column.name: column.kind for column in found.seen.columns}
    assert kinds["is_near"] == kinds["kind"] == "category"
    assert kinds["grade"] == "number"
    grade = found.dataset.values["grade"]
    assert np.abs(found.seen.values["grade"] - grade).max() <= 0.5
    assert len(np.unique(found.seen.values["grade"])) == 160
    assert found.problem.design.n_rows == len(found.train)


def test_rows_of_a_group_stay_on_one_side():
    table = stars() | {"star": [f"s{i % 40}" for i in range(160)]}
    found = prepare(table, DensityOptions(groups="star", folds=4))
    star = found.unit
    assert not set(star[found.train]) & set(star[found.test])
    for split in found.folds.splits:
        assert not set(star[found.train][split.train]) & set(star[found.train][split.test])


def test_equal_rows_stay_on_one_side_and_are_spread_apart():
    table = {name: np.tile(values[:80], 2) for name, values in stars().items()}
    found = prepare(table, DensityOptions())
    whole = [tuple(row) for row in zip(*found.original.values.values(), strict=True)]
    sealed = {str(whole[i]) for i in found.test}
    assert not sealed & {str(whole[i]) for i in found.train}


def test_what_cannot_be_used_is_refused_with_its_reason():
    with pytest.raises(DataError, match="has 5 rows; 20 are the fewest"):
        prepare({name: values[:5] for name, values in stars().items()}, DensityOptions())
    with pytest.raises(DataError, match="no column is left that has a density"):
        prepare({"id": [f"row {i}" for i in range(40)]}, DensityOptions())
    with pytest.raises(UsageError, match="did you mean 'colour'"):
        prepare(stars(), DensityOptions(drop=("color",)))
    with pytest.raises(UsageError, match="'size' is listed in features"):
        prepare(stars(), DensityOptions(features=("size",), drop=("size",)))


def test_a_part_of_the_rows_is_used_where_asked_and_keeps_its_places_in_the_file(tmp_path):
    values = np.random.default_rng(0).normal(size=300)
    path = tmp_path / "long.csv"
    path.write_text("x\n" + "\n".join(map(repr, values.tolist())), encoding="utf-8")
    options = DensityOptions(rows=80)
    prepared = prepare(str(path), options)
    assert prepared.dataset.n_rows == 80
    assert prepared.sampled.n_all == 300
    np.testing.assert_array_equal(prepared.dataset.values["x"], values[prepared.file_row])
    assert "80 rows (at random, of 300 in the file), 1 column;" in KIND.question(prepared, options)
