import numpy as np
import pytest

torch = pytest.importorskip("torch")

from rung.nets.tables.losses import Loss  # noqa: E402
from rung.nets.tables.plans import TrainingPlan  # noqa: E402
from rung.nets.tables.population import Population, PopulationRows  # noqa: E402
from rung.nets.tables.shapes import NetworkShape  # noqa: E402
from rung.nets.tables.single import NetworkRows, SingleNetwork  # noqa: E402

N_ROWS, BATCH, LONGEST = 90, 16, 0.5
DICE = np.random.default_rng(0)
X = DICE.normal(size=(N_ROWS, 5)).astype(np.float32)
VALUES = (np.sin(X[:, 0]) + X[:, 1] * X[:, 2]).astype(np.float32)
WEIGHT = DICE.uniform(0.5, 1.5, N_ROWS).astype(np.float32)
VARIED = (
    {"dropout": 0.3, "weight_decay": 0.3},
    {"orthogonal": 2, "weight_decay": 0.1, "scale": np.array([1.0, 0.0, 0.5, 1.0, 1.0])},
    {"orthogonal": 5, "dropout": 0.1, "patience": 2, "epochs": 40, "rise": 1.05},
)


def _plan(**more):
    fields = {"learning_rate": 0.02, "epochs": 5, **more}
    return TrainingPlan(
        np.arange(60), (np.arange(60, 75), np.arange(75, 90)), np.random.default_rng(3), **fields
    )


def _both(loss, shape, weight, **more):
    """Train the same network with numpy and with torch."""
    target = np.digitize(VALUES, [-0.5, 0.5]) if loss == "cross_entropy" else VALUES
    single = SingleNetwork(
        shape, [_plan(**more)], NetworkRows(X, target, weight, loss, loss, BATCH, LONGEST)
    )
    tensors = [None if each is None else torch.tensor(each) for each in (X, target, weight)]
    lesson = PopulationRows(*tensors, Loss(loss), Loss(loss), BATCH, LONGEST)
    population = Population(shape, [_plan(**more)], lesson)
    for one in (single, population):
        one.run(until=2)
        one.run()
    return single.courses[0], population.courses[0]


@pytest.mark.parametrize("members", [1, 3])
@pytest.mark.parametrize("loss", ["squared", "absolute", "cross_entropy"])
@pytest.mark.parametrize("number", range(len(VARIED)))
def test_numpy_and_torch_train_the_same_network(number, loss, members):
    shape = NetworkShape(5, 16, 3 if loss == "cross_entropy" else 1, n_blocks=2, n_members=members)
    own, other = _both(loss, shape, WEIGHT if members == 3 else None, **VARIED[number])
    np.testing.assert_allclose(own.train_loss, other.train_loss, rtol=2e-4)
    np.testing.assert_allclose(own.step_size, other.step_size, rtol=2e-3)
    for mine, theirs in zip(own.held, other.held, strict=True):
        assert len(mine.loss) == len(theirs.loss)
        np.testing.assert_allclose(mine.loss, theirs.loss, rtol=2e-3)
    for name, values in other.parameters.items():
        np.testing.assert_allclose(own.parameters[name], values, atol=2e-3)


def test_a_network_that_breaks_ends_in_silence():
    lesson = NetworkRows(X * 1e30, VALUES, None, "squared", "squared", BATCH)
    network = SingleNetwork(NetworkShape(5, 8, 1), [_plan(learning_rate=1e6)], lesson)
    network.run()
    assert not np.isfinite(network.courses[0].train_loss[-1])


def test_rows_are_judged_alike_in_blocks(monkeypatch):
    from rung.nets.tables import single

    def held():
        lesson = NetworkRows(X, VALUES, WEIGHT, "squared", "squared", BATCH)
        network = SingleNetwork(NetworkShape(5, 8, 1, n_members=2), [_plan()], lesson)
        network.run()
        return network.courses[0].held[0].loss

    whole = held()
    monkeypatch.setattr(single, "ROWS_AT_ONCE", 4)
    assert held() == pytest.approx(whole, rel=1e-5)
