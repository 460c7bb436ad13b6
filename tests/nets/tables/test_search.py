import numpy as np
import pytest

torch = pytest.importorskip("torch")

from rung.nets.tables import search as module  # noqa: E402
from rung.nets.tables.budget import LONG, QUICK, Budget  # noqa: E402
from rung.nets.tables.losses import Loss  # noqa: E402
from rung.nets.tables.population import Population  # noqa: E402
from rung.nets.tables.search import Material, choose, learn, search  # noqa: E402
from rung.nets.tables.trial import Trial  # noqa: E402

CPU = torch.device("cpu")


def _generators(*key):
    return np.random.default_rng([7, *(sum(map(ord, str(part))) for part in key)])


def _material(n_rows=160, judges=((100, 130), (130, 160))):
    generator = np.random.default_rng(0)
    inputs = generator.normal(size=(n_rows, 5))
    return Material(
        inputs=inputs.astype(np.float32),
        is_piece=np.arange(5) > 2,
        is_turned=np.arange(5) == 2,
        target=np.abs(inputs[:, 0]) + generator.normal(0, 0.1, n_rows),
        weight=np.ones(n_rows),
        rows=np.arange(100),
        judges=tuple(np.arange(*each) for each in judges),
        n_outputs=1,
        loss=Loss("squared"),
        judge=Loss("squared"),
    )


BUDGET = Budget(
    epochs=8,
    batch_rows=16,
    width=16,
    n_blocks=1,
    n_members=2,
    n_trial_members=2,
    n_judges=1,
    candidates=QUICK,
)


def _budget(*candidates, longer=()):
    return Budget(**{**vars(BUDGET), "candidates": candidates, "longer": longer})


def _learn(budget, *heard):
    return learn(_material(), budget, choose(heard, budget), _generators, CPU)


def test_a_candidate_that_learns_nothing_is_not_chosen():
    still = {**QUICK[0], "learning_rate": 1e-9, "part": 0.25}
    able = {**QUICK[0], "part": 1.0}
    budget = _budget(still, able, still)
    for found in search(_material(), budget, _generators, CPU):
        assert found.best.settings == able
        assert len(found.trials) == 3
        assert choose([found.trials], budget).passes <= 8


def test_each_judge_sees_its_own_rows_alone():
    material, changed = _material(), _material()
    changed.target[130:] = 50.0
    changed.inputs[130:] = -9.0
    one, two = (search(each, BUDGET, _generators, CPU) for each in (material, changed))
    assert one[0].trials == two[0].trials
    for name, value in one[0].parameters.items():
        assert np.array_equal(value, two[0].parameters[name])
    for before, after in zip(one[1].trials, two[1].trials, strict=True):
        done = min(len(before.learned_loss), len(after.learned_loss))
        assert before.learned_loss[:done] == after.learned_loss[:done]
        assert before.held_loss[:done] != after.held_loss[:done]


def test_what_one_judge_asks_for_changes_nothing_for_the_other(monkeypatch):
    """A long candidate grows if either wants it, and counts for that judge alone."""
    budget = _budget(*QUICK, longer=(LONG,))
    asked = []

    def only(wanted):
        def wants(trials):
            asked.append(trials)
            return (len(asked) - 1) % 2 in wanted

        monkeypatch.setattr(module, "wants_more", wants)
        asked.clear()
        return search(_material(), budget, _generators, CPU)

    none, first, both = only(()), only((0,)), only((0, 1))
    assert [len(found.trials) for found in first] == [5, 4]
    for one, other in ((first[1], none[1]), (first[0], both[0])):
        assert one.trials == other.trials
        for name, value in one.parameters.items():
            assert np.array_equal(value, other.parameters[name])
    assert both[0].trials[:4] == none[0].trials


def test_a_judge_errs_by_the_number_of_its_rows_and_two_by_those_of_both():
    (found,) = search(_material(judges=((100, 160),)), BUDGET, _generators, CPU)
    assert {trial.n_held for trial in found.trials} == {60}
    trial = found.best
    assert choose([[trial], [trial]], BUDGET).trial.n_held == 120


def test_judges_choose_by_the_mean_of_what_they_saw():
    def trial(*held):
        return Trial(QUICK[0], 4, (1.0,) * len(held), held)

    steady, split = trial(3.0, 2.5, 2.5, 2.5), [trial(2.0, 2.0, 2.0, 1.0), trial(6.0, 5.0, 4.0)]
    assert choose([[steady, split[0]]], BUDGET).trial == split[0]
    both = choose([[steady, split[0]], [steady, split[1]]], BUDGET)
    assert both.trial == steady
    # What only one of them asked for is no choice; passes count that both saw.
    assert choose([[steady, split[0]], [steady]], BUDGET).trial == steady
    mean = choose([[split[0]], [split[1]]], BUDGET)
    assert mean.trial.held_loss == (4.0, 3.5, 3.0)
    assert mean.passes == 3
    assert choose([[split[0]], []], BUDGET).trial == split[0]


def test_the_network_that_did_best_is_handed_over_at_its_best_pass():
    material = _material()
    (found,) = search(_material(judges=((100, 160),)), BUDGET, _generators, CPU)
    parameters = {name: torch.tensor(each)[None] for name, each in found.parameters.items()}
    from rung.nets.tables.layers import forward

    said = forward(parameters, torch.tensor(material.inputs[100:])[None])[0].mean(dim=0)
    off = said[:, 0].double().numpy() - material.target[100:]
    assert np.mean(off**2) == pytest.approx(min(found.best.held_loss), rel=1e-4)


@pytest.mark.parametrize(("setting", "unseen"), [("pieces", {3, 4}), ("turned", {2})])
def test_columns_whose_scale_is_nothing_are_not_looked_at(setting, unseen):
    candidate = {**QUICK[0], "pieces": 1.0, "turned": 1.0, setting: 0.0}
    trained = _learn(_budget(candidate))
    looked_at = np.abs(trained.parameters["first.weight"]).sum(axis=1) > 0
    assert set(np.flatnonzero(~looked_at)) == unseen


def test_a_candidate_learns_by_the_optimiser_that_its_settings_name():
    by_adam, by_muon = (_learn(_budget({**QUICK[0], "part": 1.0, "muon": muon})) for muon in (0, 2))
    assert by_muon.settings == {**by_adam.settings, "muon": 2}
    # Steps of Muon move all directions of a matrix; only weights of units that are off stay alike.
    matrices = [name for name, each in by_muon.parameters.items() if each.ndim == 2]
    different = [
        float((by_adam.parameters[name] != by_muon.parameters[name]).mean())
        for name in matrices
        if name.endswith("weight")
    ]
    assert different
    assert min(different) > 0.9


def test_the_record_holds_curves_and_health():
    budget = _budget({**QUICK[0], "part": 1.0})
    (found, _) = search(_material(), budget, _generators, CPU)
    trained = _learn(budget, found.trials)
    record, passes = trained.record, trained.settings["epochs"]
    of_passes = trained.settings["of_epochs"]
    assert len(record["inner_loss"]) == len(record["inner_held_loss"]) <= of_passes
    assert len(record["final_loss"]) == len(record["step_size"]) == passes
    held = np.array(record["inner_held_loss"])
    near = np.convolve(np.concatenate([held[:1], held, held[-1:]]), np.ones(3) / 3, "valid")
    assert near[passes - 1] <= near.min() + 1e-6
    assert record["final_loss"][-1] < record["final_loss"][0]
    assert all(0.0 <= share <= 1.0 for share in record["dead_units"] + record["saturated_units"])
    assert all(0.0 < size < 1.0 for size in record["step_size"])


def test_without_a_judge_the_first_candidate_runs_to_its_end():
    wanted = {**QUICK[0], "epochs": 2, "of_epochs": 2}
    del wanted["part"]
    assert _learn(BUDGET).settings == wanted
    (found,) = search(_material(judges=((100, 100),)), BUDGET, _generators, CPU)
    assert found.parameters == {}
    assert _learn(BUDGET, found.trials).settings == wanted


def test_the_same_keys_give_the_same_bits():
    one, two = (search(_material(), BUDGET, _generators, CPU)[0] for _ in range(2))
    assert one.trials == two.trials
    one, two = (_learn(BUDGET) for _ in range(2))
    assert one.record == two.record
    assert all(np.array_equal(one.parameters[n], two.parameters[n]) for n in one.parameters)


def test_a_judge_that_waits_no_longer_is_not_moved_by_one_that_does():
    """Rows that are noise are waited for briefly; rows that are learned keep training going."""
    budget = _budget({**QUICK[0], "part": 1.0, "learning_rate": 0.1})
    noise = np.random.default_rng(3).normal(size=30)
    alone, both = _material(judges=((100, 130),)), _material()
    for material in (alone, both):
        material.target[100:130] = noise
    (short,) = search(alone, budget, _generators, CPU)
    beside, long = search(both, budget, _generators, CPU)
    assert len(short.trials[0].held_loss) < len(long.trials[0].held_loss)
    assert beside.trials == short.trials
    for name, value in short.parameters.items():
        assert np.array_equal(value, beside.parameters[name])


def _uncut(monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(module, "HOPELESS", np.inf)
        return search(_material(), BUDGET, _generators, CPU)


def test_a_candidate_that_is_hopeless_half_way_ends_there(monkeypatch):
    still = {**QUICK[0], "learning_rate": 1e-9, "part": 1.0}
    able = {**QUICK[0], "part": 1.0}
    for found in search(_material(), _budget(still, able), _generators, CPU):
        given_up, kept = found.trials
        assert given_up.is_given_up
        assert len(given_up.held_loss) == len(given_up.learned_loss) == 4
        assert not kept.is_given_up
        assert len(kept.held_loss) > 4
    # Up to there, and for those that stay, nothing is otherwise.
    uncut = _uncut(monkeypatch)
    for found, whole in zip(search(_material(), BUDGET, _generators, CPU), uncut, strict=True):
        for one, other in zip(found.trials, whole.trials, strict=True):
            seen = len(one.held_loss)
            assert one.held_loss == other.held_loss[:seen]
            assert one.is_given_up or one == other


def test_what_one_judge_gives_up_another_may_go_on_with():
    """Targets that stand on their heads for one judge make what it gives up another's best."""
    turned, straight = _material(), _material()
    turned.target[100:130] *= -1.0
    budget = _budget({**QUICK[0], "learning_rate": 1e-9, "part": 1.0}, {**QUICK[0], "part": 1.0})
    upset, calm = search(turned, budget, _generators, CPU)
    assert [trial.is_given_up for trial in upset.trials] == [False, True]
    assert [trial.is_given_up for trial in calm.trials] == [True, False]
    assert len(upset.trials[1].held_loss) == 4 < len(calm.trials[1].held_loss)
    undisturbed = search(straight, budget, _generators, CPU)[1]
    assert calm.trials == undisturbed.trials
    for name, value in calm.parameters.items():
        assert np.array_equal(value, undisturbed.parameters[name])


def test_training_that_broke_is_given_up_and_gives_up_nothing():
    assert module._late([3.0, float("nan")]) == module._late([]) == np.inf
    assert module._late([4.0, 2.0, 1.0]) == 1.5
    broken = {**QUICK[0], "learning_rate": 1e30, "part": 1.0}
    able = {**QUICK[0], "part": 1.0}
    for found in search(_material(), _budget(broken, able), _generators, CPU):
        assert found.best.settings == able
        assert not found.trials[1].is_given_up
    for found in search(_material(), _budget(broken), _generators, CPU):
        assert not found.trials[0].is_given_up


def test_networks_of_a_search_may_have_fewer_members():
    budget = Budget(**{**vars(BUDGET), "n_members": 4, "n_trial_members": 2})
    (found, _) = search(_material(), budget, _generators, CPU)
    trained = learn(_material(), budget, choose([found.trials], budget), _generators, CPU)
    assert found.parameters["head.weight"].shape[0] == 2
    assert trained.parameters["head.weight"].shape[0] == 4


def test_every_candidate_is_a_population_of_its_own(monkeypatch):
    seen, start = [], Population.__init__

    def note(population, shape, plans, lesson):
        seen.append(len(plans))
        start(population, shape, plans, lesson)

    monkeypatch.setattr(Population, "__init__", note)
    search(_material(), BUDGET, _generators, CPU)
    assert seen == [1] * len(QUICK)
