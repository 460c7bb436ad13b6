import numpy as np
import pytest

from rung.data import read_table
from rung.density import choosing
from rung.density.choosing import fit_best
from rung.density.mixtures import fit_mixture


def skewed(n: int, seed: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    return {"flux": np.exp(2 * x), "size": np.exp(2 * x + rng.normal(size=n))}


def test_skewed_columns_become_normal_scores_and_gain_what_a_mixture_of_numbers_lacks() -> None:
    train, new = (read_table(skewed(500, seed)).dataset for seed in (0, 1))
    rows, rng = np.arange(500), np.random.default_rng(0)
    found = fit_best(train, rows, rng, most=8)
    assert len(found.margins) == 2
    plain = max(fit_mixture(train, rows, k, "full", rng).predict(new).mean() for k in (2, 4, 8))
    true = _true(skewed(500, 1)).mean()
    assert plain + 0.05 < found.predict(new).mean() < true + 0.05
    assert found.predict(new).mean() == pytest.approx(true, abs=0.4)


def _true(columns: dict[str, np.ndarray]) -> np.ndarray:
    x, y = np.log(columns["flux"]) / 2, np.log(columns["size"])
    normal = -0.5 * (x**2 + (y - 2 * x) ** 2) - np.log(2 * np.pi)
    return np.asarray(normal - np.log(2 * columns["flux"]) - y)


def test_clouds_keep_their_scale_and_their_number() -> None:
    rng = np.random.default_rng(0)
    kind = np.arange(300) % 3
    table = {"x": rng.normal(size=300) + 9 * kind, "y": rng.normal(size=300) + 8 * (kind == 1)}
    found = fit_best(read_table(table).dataset, np.arange(300), rng, most=8)
    assert (found.margins, found.mixture.n_components) == ((), 3)


def test_few_rows_have_one_component() -> None:
    table = read_table({"x": np.arange(12.0) ** 2}).dataset
    found = fit_best(table, np.arange(12), np.random.default_rng(0), most=8)
    assert found.mixture.n_components == 1


def test_rows_are_filled_for_comparisons_where_cells_lack_in_many_ways_alone():
    X = np.random.default_rng(0).normal(size=(60, 4))
    few, many = X.copy(), X.copy()
    few[::3, 0] = np.nan
    for i in range(12):
        many[i, [j for j in range(4) if i >> j & 1]] = np.nan
    assert choosing._filled(few) is few
    found = choosing._filled(many)
    assert np.isfinite(found).all()
    np.testing.assert_array_equal(found[np.isfinite(many)], many[np.isfinite(many)])
