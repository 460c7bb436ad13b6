import numpy as np
import polars as pl
import pytest

from rung.core.dataset import Column, Dataset
from rung.core.family import State
from rung.density.applicability import (
    Applicability,
    learn_applicability,
    load_applicability,
    measured_rate,
)
from rung.errors import BadModelFile
from rung.typing import Array
from tests.realdata import real_data

SDSS = "sdss_dr14/Skyserver_SQL2_27_2018 6_51_39 PM.csv"
COLUMNS = (Column("x", "number"), Column("y", "number"), Column("c", "category", levels=("a", "b")))


def made(n: int, seed: int, turn: float = 1.0) -> Dataset:
    """Return numbers that go together, with gaps, and a level that follows them."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    y = turn * x + 0.3 * rng.normal(size=n)
    c = (x > 0).astype(np.int32)
    y[rng.random(n) < 0.1] = np.nan
    return Dataset(COLUMNS, {"x": x, "y": y, "c": c}, n)


def splits(n: int, k: int = 5) -> list[tuple[Array, Array]]:
    fold = np.arange(n) % k
    return [(np.flatnonzero(fold != i), np.flatnonzero(fold == i)) for i in range(k)]


@pytest.fixture(scope="module")
def own() -> Applicability:
    return learn_applicability(made(600, 0), splits(600), seed=0)[0]


def test_of_fresh_rows_so_many_are_called_as_the_level_says(own: Applicability) -> None:
    assert own.level == 0.01
    fresh = own.likeness(made(4_000, 1))
    n_held = len(own.held.logs)
    # of a level of .01 on 500 held-out rows the share of 4,000 has a deviation of .005
    assert own.is_unlike(fresh).mean() == pytest.approx(0.01, abs=3 * np.sqrt(0.01 / n_held))
    assert fresh.mean() == pytest.approx(0.5, abs=0.06)


def test_rows_that_differ_only_in_what_goes_together_are_called(own: Applicability) -> None:
    turned = own.likeness(made(400, 2, turn=-1.0))
    assert own.is_unlike(turned).mean() > 0.5
    assert own.chance(int(own.is_unlike(turned).sum()), 400, own.level) < 1e-9


def test_units_of_columns_change_no_likeness(own: Applicability) -> None:
    def scaled(rows: Dataset) -> Dataset:
        return Dataset(COLUMNS, {**rows.values, "x": rows.values["x"] * 2.0**400}, rows.n_rows)

    other = learn_applicability(scaled(made(600, 0)), splits(600), seed=0)[0]
    rows = made(60, 6)
    np.testing.assert_allclose(other.likeness(scaled(rows)), own.likeness(rows), atol=0.01)


def test_the_column_that_is_wrong_is_named(own: Applicability) -> None:
    values = {"x": np.array([0.1]), "y": np.array([9.0]), "c": np.array([1], np.int32)}
    assert own.oddest(Dataset(COLUMNS, values, 1), 0) == "y"


def test_the_count_called_by_chance_has_the_distribution_of_fresh_rows() -> None:
    rng = np.random.default_rng(0)
    own = Applicability("gaussian", None, None, None, 0)  # type: ignore[arg-type]
    counts = []
    for _ in range(4_000):
        held, new = np.sort(rng.random(199)), rng.random(50)
        rate = (1 + np.searchsorted(held, new, side="right")) / 200
        counts.append(int((rate <= 0.01).sum()))
    from rung.density.held import HeldDensities

    own = Applicability("gaussian", None, None, HeldDensities(np.zeros(199), "none"), 0)  # type: ignore[arg-type]
    for k in (1, 2, 3):
        assert np.mean(np.array(counts) >= k) == pytest.approx(own.chance(k, 50, 0.01), abs=0.02)


def test_few_held_out_rows_call_the_least_like_alone() -> None:
    own = learn_applicability(made(60, 0), splits(60, 3), seed=0)[0]
    assert own.level == pytest.approx(1 / 61)
    assert own.is_unlike(np.array([1 / 61, 2 / 61])).tolist() == [True, False]


def test_a_state_gives_the_same_likeness(own: Applicability) -> None:
    again = load_applicability(own.to_state(), COLUMNS)
    rows = made(50, 3)
    np.testing.assert_array_equal(again.likeness(rows), own.likeness(rows))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"n_rows": -1}, "no numbers of rows"),
        ({"family": "kernel"}, "no rows to rank by"),
        ({"sealed": [1]}, "no numbers of rows"),
    ],
)
def test_a_forged_state_is_refused(
    own: Applicability, changed: dict[str, object], said: str
) -> None:
    state = own.to_state()
    forged = State({**state.spec, "own": {**state.spec["own"], **changed}}, state.arrays)
    with pytest.raises(BadModelFile, match=said):
        load_applicability(forged, COLUMNS)


def test_the_interval_of_a_rate_covers_it() -> None:
    rng, inside = np.random.default_rng(0), 0
    for _ in range(400):
        _, low, high = measured_rate((int(rng.binomial(300, 0.02)), 300))
        inside += low <= 0.02 <= high
    assert 0.93 < inside / 400 <= 1.0
    assert measured_rate((0, 50))[1] == 0.0


def test_stars_of_the_sky_survey_are_like_stars_and_galaxies_are_not() -> None:
    names = ("u", "g", "r", "i", "z")
    table = pl.read_csv(real_data(SDSS), infer_schema_length=None).sample(
        fraction=1, shuffle=True, seed=0
    )
    columns = tuple(Column(name, "number") for name in names)

    def rows(frame: pl.DataFrame) -> Dataset:
        values = {name: frame[name].to_numpy().astype(float) for name in names}
        return Dataset(columns, values, frame.height)

    stars = table.filter(pl.col("class") == "STAR")
    own = learn_applicability(rows(stars[:2500]), splits(2500), seed=0)[0]
    fresh, galaxies, shifted = (
        own.likeness(rows(part))
        for part in (
            stars[2500:],
            table.filter(pl.col("class") == "GALAXY")[:1000],
            stars[2500:].with_columns(g=pl.col("g") + 0.3),
        )
    )
    _, low, high = measured_rate((int(own.is_unlike(fresh).sum()), len(fresh)))
    assert low <= own.level <= high
    assert (fresh <= 0.1).mean() == pytest.approx(0.1, abs=0.04)
    assert (galaxies <= 0.1).mean() > 0.9
    assert (shifted <= 0.1).mean() > 0.9


def test_heaps_make_no_row_more_like_the_others() -> None:
    """Of skewed columns the tree is chosen, and it has no histogram that knows the heap at 1."""
    z = np.cumsum(np.random.default_rng(7).normal(size=(600, 4)), axis=1)
    skewed = np.exp(2 * z / np.sqrt(np.arange(1, 5)))
    skewed[::3, 0] = 1 + 1e-3 * np.linspace(-1, 1, 200)
    columns = tuple(Column(name, "number") for name in "abcd")
    rows = Dataset(columns, dict(zip("abcd", skewed.T, strict=True)), 600)
    found = learn_applicability(rows, splits(600), seed=0)[0]
    assert found.family == "dependence_tree"
    assert {margin.histogram for margin in found.model.margins} == {None}  # type: ignore[attr-defined]
