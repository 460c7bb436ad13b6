"""A density by the chain rule sums to one, draws what it says, and is read back to the bit."""

import itertools

import numpy as np
import pytest

from rung.core.family import State
from rung.data import read_table
from rung.density.autoregressive import load_autoregressive
from rung.density.mixtures import fit_gaussian
from rung.errors import BadModelFile

train = pytest.importorskip("rung.nets.densities.train", reason="torch trains the network")
X, Y = np.linspace(-9, 13, 81), np.linspace(-9, 13, 81)
STEP = X[1] - X[0]


def columns(n=150, seed=0):
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, 2, n)
    x = rng.normal(size=n) + 3 * kind
    return {
        "x": x,
        "y": np.where(rng.random(n) < 0.1, np.nan, 0.8 * x + 0.5 * rng.normal(size=n)),
        "c": np.array(["red", "blue"])[kind].tolist(),
        "d": np.array(["on", "off"])[(kind + (rng.random(n) < 0.1)) % 2].tolist(),
    }


@pytest.fixture(scope="module")
def table():
    return read_table(columns()).dataset


@pytest.fixture(scope="module")
def model(table):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train, "STEPS", 150)
        patch.setattr(train, "WIDTH", 32)
        return train.fit_autoregressive(table, np.arange(150), np.random.default_rng(0))


def _rows(table, x, y, c, d):
    values = {"x": x, "y": y, "c": np.full(len(x), c), "d": np.full(len(x), d)}
    return type(table)(table.columns, values, len(x))


@pytest.mark.parametrize(
    "known", [set(k) for n in (1, 2, 3, 4) for k in itertools.combinations("xycd", n)]
)
def test_the_density_of_any_known_cells_sums_to_one(model, table, known):
    none, levels = np.array([np.nan]), (0, 1, -2)
    pairs = np.array(
        list(itertools.product(X if "x" in known else none, Y if "y" in known else none))
    )
    cell = STEP ** len(known & {"x", "y"})
    total = sum(
        np.exp(model.predict(_rows(table, *pairs.T, c, d))).sum() * cell
        for c in (levels if "c" in known else (-1,))
        for d in (levels if "d" in known else (-1,))
    )
    assert total == pytest.approx(1, abs=5e-3)


def test_leaving_a_cell_out_is_nearly_the_sum_over_it(model, table):
    """Densities of fewer cells are learned, not derived: they agree to a fifth of a nat or so."""
    codes = table.codes(np.arange(20, 40))
    gaps = []
    for x, (c, d) in zip(columns()["x"][20:40], codes, strict=True):
        left_out = model.predict(_rows(table, np.array([x]), np.array([np.nan]), c, d))[0, 0]
        summed = np.exp(model.predict(_rows(table, np.full(len(Y), x), Y, c, d))).sum() * STEP
        gaps.append(left_out - np.log(summed))
    assert np.abs(gaps).mean() < 0.2


def test_a_cell_alone_has_the_density_of_its_column(model, table):
    none = np.full(len(X), np.nan)
    scaled = (X - model.scaling.centre[0]) / model.scaling.scale[0]
    far = 1 / (np.pi * (1 + scaled**2))
    alone = 150 / 151 * np.exp(model.margins[0].log_density(scaled)) + far / 151
    found = np.exp(model.predict(_rows(table, X, none, -1, -1)))[:, 0]
    assert found == pytest.approx(alone / model.scaling.scale[0], rel=1e-9)
    one = np.array([np.nan])
    shares = [np.exp(model.predict(_rows(table, one, one, c, -1)))[0, 0] for c in (0, 1, -2)]
    assert shares == pytest.approx(model.scaling.bases[0].tolist(), rel=1e-9)


def test_rows_are_drawn_as_often_as_it_says(model, table):
    """The mean of another density over this one is one where rows are drawn from this one."""
    numbers, codes = model.sample(4_000, np.random.default_rng(1))
    values = dict(zip("xycd", (*numbers.T, *codes.T), strict=True))
    rows = type(table)(table.columns, values, 4_000)
    assert np.corrcoef(numbers.T)[0, 1] == pytest.approx(0.95, abs=0.03)
    shrunk = fit_gaussian(rows, np.arange(4_000))
    ratio = np.exp(shrunk.predict(rows) - model.predict(rows))[:, 0]
    ratio = np.minimum(ratio, 20.0)
    assert ratio.mean() == pytest.approx(1, abs=5 * ratio.std() / np.sqrt(4_000))


def test_a_state_gives_the_same_bits(model, table):
    again = load_autoregressive(model.to_state())
    assert again.predict(table).tobytes() == model.predict(table).tobytes()
    assert again.settings == model.settings
    drawn = [one.sample(20, np.random.default_rng(3)) for one in (model, again)]
    assert drawn[0][0].tobytes() == drawn[1][0].tobytes()


def test_levels_never_seen_have_the_share_of_one_row(model, table):
    one = np.array([np.nan])
    given = model.predict(_rows(table, one, one, -2, -1))[0, 0]
    assert given == pytest.approx(np.log(1 / 3 / 151), abs=1e-6)


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("own.correlation", lambda one: -one, "not positive"),
        ("own.correlation", lambda one: one[:1], "correlation"),
        ("own.correlation", lambda one: 2 * one, "diagonal"),
        ("own.base/0", lambda one: one[:0], "no levels"),
        ("own.base/0", lambda one: one[:2], "head.weight|first.weight"),
        ("own.margin/1", lambda one: -one, "margin"),
    ],
)
def test_a_state_that_is_no_density_is_refused(model, name, change, said):
    state = model.to_state()
    forged = State(state.spec, state.arrays | {name: change(state.arrays[name])})
    with pytest.raises(BadModelFile, match=said):
        load_autoregressive(forged)
