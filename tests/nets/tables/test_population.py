import numpy as np
import pytest

torch = pytest.importorskip("torch")

from rung.nets.tables.losses import Loss  # noqa: E402
from rung.nets.tables.plans import TrainingPlan  # noqa: E402
from rung.nets.tables.population import Population, PopulationRows  # noqa: E402
from rung.nets.tables.shapes import NetworkShape, initial  # noqa: E402
from rung.nets.training.schedule import one_cycle  # noqa: E402

# In single precision a sum over other neighbours in memory may round otherwise; after some tens of
# steps weights of size one have been seen to agree to 1e-6, and usually to the bit.
ROUNDING = 1e-5


def _lesson(n_rows=80, dtype=torch.float32, loss="squared", **more):
    generator = np.random.default_rng(0)
    X = generator.normal(size=(n_rows, 4))
    y = np.sin(X[:, 0]) + X[:, 1] * X[:, 2] + generator.normal(0, 0.1, n_rows)
    target = torch.tensor(y > 0, dtype=torch.int64) if loss == "cross_entropy" else None
    fields = {"batch_rows": 16, "weight": None, **more}
    return PopulationRows(
        inputs=torch.tensor(X, dtype=dtype),
        target=torch.tensor(y, dtype=dtype) if target is None else target,
        loss=Loss(loss),
        judge=Loss(loss),
        **fields,
    )


def _plan(seed, *, rows=(0, 60), watched=(60, 80), **more):
    return TrainingPlan(
        np.arange(*rows), (np.arange(*watched),), np.random.default_rng((9, seed)), **more
    )


VARIED = (
    {"learning_rate": 1e-2, "epochs": 6},
    {"learning_rate": 3e-3, "weight_decay": 0.3, "epochs": 9, "rows": (10, 60)},
    {"learning_rate": 1e-2, "dropout": 0.3, "epochs": 4, "last": 3},
    {"learning_rate": 3e-2, "epochs": 30, "patience": 2},
    {"learning_rate": 1e-2, "epochs": 5, "watched": (0, 0)},
    {"learning_rate": 1e-2, "epochs": 5, "scale": np.array([1.0, 0.0, 0.5, 1.0])},
)


def _train(plans, lesson, shape=None):
    population = Population(shape or NetworkShape(4, 16, 1, 1, 2), plans, lesson)
    population.run()
    return population.courses


def test_a_population_of_one_equals_plain_torch():
    lesson = _lesson(dtype=torch.float64)
    plan = _plan(0, learning_rate=1e-2, weight_decay=0.1, epochs=5)
    course = _train([plan], lesson, NetworkShape(4, 8, 1, n_blocks=1))[0]

    generator = np.random.default_rng((9, 0))
    drawn = initial(NetworkShape(4, 8, 1, n_blocks=1), [generator])
    layers = [torch.nn.Linear(*size, dtype=torch.float64) for size in ((4, 8), (8, 8), (8, 1))]
    names = ("first", "block0", "head")
    for layer, name in zip(layers, names, strict=True):
        weight = drawn[f"{name}.weight"].reshape(layer.weight.T.shape).T
        layer.weight.data = torch.tensor(weight, dtype=torch.float64)
        bias = drawn["member.shift" if name == "first" else f"{name}.bias"].ravel()
        layer.bias.data = torch.tensor(bias, dtype=torch.float64)
    optimiser = torch.optim.AdamW(
        [
            {"params": [layer.weight for layer in layers], "weight_decay": 0.1},
            {"params": [layer.bias for layer in layers], "weight_decay": 0.0},
        ]
    )
    watched = []
    for epoch in range(5):
        order = generator.permutation(60)
        for step in range(3):
            rows = order[step * 16 : step * 16 + 16]
            for group in optimiser.param_groups:
                group["lr"] = 1e-2 * one_cycle((epoch * 3 + step) / 15)
            optimiser.zero_grad()
            loss = (_plain(layers, lesson.inputs[rows]) - lesson.target[rows]).square().mean()
            loss.backward()
            optimiser.step()
        with torch.no_grad():
            held = _plain(layers, lesson.inputs[60:]) - lesson.target[60:]
        watched.append(float(held.square().mean()))
    assert course.held[0].loss == pytest.approx(watched, rel=1e-10)


def _plain(layers, inputs):
    hidden = torch.relu(layers[0](inputs))
    return layers[2](hidden + torch.relu(layers[1](hidden)))[:, 0]


@pytest.mark.parametrize("loss", ["squared", "cross_entropy"])
def test_every_model_learns_what_it_would_learn_alone(loss):
    shape = NetworkShape(4, 16, 2 if loss == "cross_entropy" else 1, 1, 2)
    lesson = _lesson(loss=loss)
    together = _train([_plan(i, **each) for i, each in enumerate(VARIED)], lesson, shape)
    for i, each in enumerate(VARIED):
        alone = _train([_plan(i, **each)], lesson, shape)[0]
        assert together[i].held[0].best == alone.held[0].best
        assert together[i].held[0].loss == pytest.approx(alone.held[0].loss, rel=ROUNDING)
        for name, value in alone.parameters.items():
            assert np.allclose(together[i].parameters[name], value, rtol=0, atol=ROUNDING)


@pytest.mark.parametrize("dropout", [0.1, 0.3, 0.5])
def test_dropped_units_leave_the_mean_score_where_it_was(dropout):
    # So far below their targets scores and losses sum to the target. No step moves the weights, and
    # with one hidden layer the score is a sum of what stays.
    lesson = _lesson(loss="absolute")
    far = PopulationRows(**{**vars(lesson), "target": torch.full((80,), 100.0)})
    seen = [
        _train([plan], far, NetworkShape(4, 16, 1, n_blocks=0, n_members=2))[0].train_loss
        for plan in (
            _plan(5, rows=(0, 64), learning_rate=0.0, epochs=epochs, dropout=share)
            for epochs, share in ((1, 0.0), (400, dropout))
        )
    ]
    score, scores = 100.0 - seen[0][0], 100.0 - np.array(seen[1])
    error = scores.std() / np.sqrt(len(scores))
    assert 0 < error < 0.03 * abs(score)
    assert scores.mean() == pytest.approx(score, abs=4 * error)


def test_a_share_too_small_to_be_drawn_drops_nothing():
    losses = [
        _train([_plan(5, epochs=1, dropout=share)], _lesson(), NetworkShape(4, 16, 1))[0]
        .held[0]
        .loss
        for share in (0.0, 0.001)
    ]
    assert losses[0] == losses[1]


def test_the_order_of_the_models_does_not_matter():
    plans = [_plan(i, **each) for i, each in enumerate(VARIED)]
    turned = [_plan(i, **each) for i, each in enumerate(VARIED)][::-1]
    lesson = _lesson()
    for one, other in zip(_train(plans, lesson), _train(turned, lesson)[::-1], strict=True):
        assert one.train_loss == pytest.approx(other.train_loss, rel=ROUNDING)


def test_the_same_plans_give_the_same_bits():
    first, second = (
        _train([_plan(i, **each) for i, each in enumerate(VARIED)], _lesson()) for _ in range(2)
    )
    for one, other in zip(first, second, strict=True):
        assert one.held[0].loss == other.held[0].loss
        assert all(np.array_equal(one.parameters[n], other.parameters[n]) for n in one.parameters)


def test_a_model_stops_when_its_watched_loss_no_longer_falls():
    course = _train([_plan(0, learning_rate=0.1, epochs=60, patience=3)], _lesson())[0]
    assert len(course.held[0].loss) == course.held[0].best + 3 < 60
    assert course.held[0].loss[course.held[0].best - 1] == min(course.held[0].loss)


def test_a_watched_loss_that_is_not_far_above_its_least_is_waited_for():
    plans = [_plan(0, learning_rate=0.1, epochs=60, patience=3, rise=rise) for rise in (1.0, 1.5)]
    at_once, later = (_train([plan], _lesson())[0].held[0] for plan in plans)
    assert len(at_once.loss) < len(later.loss) < 60
    assert later.loss[-1] >= 1.5 * min(later.loss) > later.loss[-2]
    assert len(later.loss) >= later.best + 3


def test_each_set_of_watched_rows_is_watched_for_itself():
    lesson, more = _lesson(), {"learning_rate": 0.1, "epochs": 60, "patience": 3}
    sets = (np.arange(60, 70), np.arange(70, 80))

    def course(*watched):
        plan = TrainingPlan(np.arange(60), watched, np.random.default_rng(9), **more)
        return _train([plan], lesson)[0]

    both, alone = course(*sets), [course(each).held[0] for each in sets]
    assert len(both.train_loss) == max(len(each.loss) for each in alone)
    for one, other in zip(both.held, alone, strict=True):
        assert one.loss == pytest.approx(other.loss, rel=ROUNDING)
        assert len(one.loss) == len(other.loss) == other.best + 3
        for name, value in one.parameters.items():
            assert np.array_equal(value, other.parameters[name])


def test_the_best_weights_are_kept():
    lesson = _lesson()
    course = _train([_plan(0, learning_rate=0.1, epochs=40)], lesson)[0]
    plan = _plan(0, learning_rate=0.1, epochs=40, last=course.held[0].best, watched=(0, 0))
    again = _train([plan], lesson)[0]
    assert course.held[0].best < 40
    for name, value in again.parameters.items():
        assert np.array_equal(course.held[0].parameters[name], value)


def test_rows_that_a_model_neither_learns_nor_watches_change_nothing():
    lesson, other = _lesson(), _lesson()
    other.inputs[50:60] = 1e3
    other.target[50:60] = -1e3
    plans = [_plan(i, rows=(0, 50), epochs=4) for i in range(2)]
    again = [_plan(i, rows=(0, 50), epochs=4) for i in range(2)]
    for one, two in zip(_train(plans, lesson), _train(again, other), strict=True):
        assert one.held[0].loss == two.held[0].loss


def test_weights_count_rows_as_often_as_they_say():
    weight = torch.ones(80)
    weight[:30] = 0.0
    plan = _plan(0, learning_rate=1e-2, epochs=4)
    lesson, other = _lesson(weight=weight), _lesson(weight=weight)
    other.target[:30] = 99.0
    one = _train([plan], lesson)[0]
    two = _train([_plan(0, learning_rate=1e-2, epochs=4)], other)[0]
    assert one.held[0].loss == two.held[0].loss


def test_a_stopped_model_is_frozen_and_the_others_go_on():
    population = Population(
        NetworkShape(4, 16, 1), [_plan(i, epochs=8) for i in range(3)], _lesson()
    )
    population.run(until=2)
    population.stop([1])
    population.run()
    assert [len(course.held[0].loss) for course in population.courses] == [8, 2, 8]
    alone = Population(NetworkShape(4, 16, 1), [_plan(1, epochs=8)], _lesson())
    alone.run(until=2)
    assert population.courses[1].held[0].loss == pytest.approx(alone.courses[0].held[0].loss)


def test_training_lowers_the_loss_and_learns_the_curve():
    plan = _plan(0, rows=(0, 400), watched=(400, 500), learning_rate=1e-2, epochs=60)
    course = _train([plan], _lesson(500), NetworkShape(4, 32, 1, 1, 4))[0]
    assert course.train_loss[-1] < 0.1 * course.train_loss[0]
    assert min(course.held[0].loss) < 0.15


@pytest.mark.gpu
def test_an_accelerator_agrees_with_the_processor():
    if not torch.cuda.is_available():
        pytest.skip("there is no accelerator here")
    lesson = _lesson()
    moved = PopulationRows(
        **{**vars(lesson), "inputs": lesson.inputs.cuda(), "target": lesson.target.cuda()}
    )
    plans = [[_plan(i, epochs=4) for i in range(3)] for _ in range(2)]
    for one, two in zip(_train(plans[0], lesson), _train(plans[1], moved), strict=True):
        assert one.held[0].loss == pytest.approx(two.held[0].loss, rel=1e-3)
