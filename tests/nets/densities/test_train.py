"""Training makes unseen rows more probable, and gives the same bits again."""

import numpy as np
import pytest

from rung.data import read_table

torch = pytest.importorskip("torch", reason="pip install 'rung[deep]' adds the networks")

from rung.nets.densities import train  # noqa: E402


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(train, "STEPS", 100)
    monkeypatch.setattr(train, "WIDTH", 32)


def _fit(columns, n, seed=0):
    table = read_table(columns).dataset
    return train.fit_autoregressive(table, np.arange(n), np.random.default_rng(seed)), table


def _bent(n=400, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    return {"x": x, "y": x**2 + 0.2 * rng.normal(size=n), "c": np.where(x > 0, "a", "b").tolist()}


def test_training_finds_what_a_gaussian_does_not(monkeypatch):
    table = read_table(_bent(400, 1)).dataset
    trained, _ = _fit(_bent(), 400)
    monkeypatch.setattr(train, "STEPS", 0)
    untrained, _ = _fit(_bent(), 400)
    assert untrained.steps == 0 < trained.steps
    assert trained.predict(table).mean() > untrained.predict(table).mean() + 0.8


def test_torch_and_numpy_give_the_same_densities():
    model, table = _fit(_bent(), 400)
    scores = model.scaling.numbers(table)
    codes = model.scaling.codes(table)
    scores[::3, 0], codes[::4, 0] = np.nan, -1
    rows = train._rows(model, scores, codes)
    own = train._OrderedTraining(model.network, model.scaling.bases)
    found = [
        own.logs(rows.batch(model.network, order, np.arange(400)), order).detach().numpy()
        + model.residuals(scores, order)[1]
        for order in range(4)
    ]
    together = np.logaddexp.reduce(found, axis=0) - np.log(4)
    assert together == pytest.approx(model._logs(scores, codes), abs=0.02)


def test_the_same_seed_gives_the_same_bits_whatever_the_threads():
    before, states = torch.get_num_threads(), []
    for threads in (1, 2):
        torch.set_num_threads(threads)
        states.append(_fit(_bent(), 400)[0].to_state())
        assert torch.get_num_threads() == threads
    torch.set_num_threads(before)
    other = _fit(_bent(), 400, seed=1)[0].to_state()
    one, two = states
    assert all(one.arrays[name].tobytes() == two.arrays[name].tobytes() for name in one.arrays)
    assert any(one.arrays[name].tobytes() != other.arrays[name].tobytes() for name in one.arrays)


NUMBERS = np.random.default_rng(5).normal(size=20)
LEVELS = ["a", "b"] * 10


@pytest.mark.parametrize(
    "columns",
    [
        {"x": NUMBERS},
        {"c": LEVELS},
        {"c": LEVELS, "d": ["u", "u", "v", "w"] * 5},
        {"x": NUMBERS, "y": np.full(20, 7.0)},
        {"x": NUMBERS, "y": np.full(20, np.nan), "c": LEVELS},
        {"x": NUMBERS, "c": ["a"] * 20},
        {"x": NUMBERS[:1], "c": LEVELS[:1]},
        {f"x{j}": np.roll(NUMBERS, j) ** 3 for j in range(12)},
    ],
    ids=["number", "category", "categories", "constant", "missing", "one level", "one row", "wide"],
)
def test_tiny_tables_have_a_density(columns):
    model, table = _fit(columns, len(next(iter(columns.values()))))
    logs = model.predict(table)[:, 0]
    assert np.isfinite(logs).all()
    numbers, codes = model.sample(5, np.random.default_rng(0))
    assert numbers.shape[0] == codes.shape[0] == 5
    assert np.isfinite(numbers).all()


def test_last_bits_that_units_change_move_no_weight():
    bent = _bent()
    one, two = (_fit(bent | {"x": bent["x"] + shift}, 400)[0].network for shift in (0.0, 1e6))
    assert all(one.weights[name].tobytes() == two.weights[name].tobytes() for name in one.weights)


@pytest.fixture
def steps(monkeypatch):
    """Return rows and threads of every step."""
    found, step = [], train._OrderedTraining.step

    def watched(self, batch, *rest):
        found.append((len(batch[0]), torch.get_num_threads()))
        step(self, batch, *rest)

    monkeypatch.setattr(train._OrderedTraining, "step", watched)
    monkeypatch.setattr(train, "STEPS", 2)
    return found


def test_wide_tables_take_fewer_rows_a_step_on_one_thread(steps):
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    rng = np.random.default_rng(0)
    _fit({f"x{j}": rng.normal(size=400) for j in range(40)}, 400)
    torch.set_num_threads(before)
    assert set(steps) == {(75_000 // (40 * 3 * 8), 1)}
