import numpy as np
import pytest

torch = pytest.importorskip("torch")

from rung.core.folds import Split  # noqa: E402
from rung.nets.budget import LONG, QUICK, Budget  # noqa: E402
from rung.nets.losses import Loss  # noqa: E402
from rung.nets.population import Population  # noqa: E402
from rung.nets.search import Material, heats, train  # noqa: E402


def _generators(*key):
    return np.random.default_rng([7, *(sum(map(ord, str(part))) for part in key)])


def _material(n_rows=120, inner=True):
    generator = np.random.default_rng(0)
    inputs = generator.normal(size=(n_rows, 5))
    rows = np.arange(n_rows)
    splits = tuple(Split(rows[rows % 4 != i], rows[rows % 4 == i]) for i in range(2))
    return Material(
        inputs=inputs.astype(np.float32),
        is_piece=np.arange(5) > 2,
        is_turned=np.arange(5) == 2,
        target=np.abs(inputs[:, 0]) + generator.normal(0, 0.1, n_rows),
        weight=np.ones(n_rows),
        inner=splits if inner else (),
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
    n_inner=2,
    candidates=(*QUICK, LONG),
)


def test_a_candidate_that_learns_nothing_is_not_chosen():
    for part in (0.25, 1.0):
        still = {**QUICK[0], "learning_rate": 1e-9, "part": part}
        able = {**QUICK[0], "part": 1.0}
        budget = Budget(**{**vars(BUDGET), "candidates": (still, able, still)})
        trained = train(_material(), budget, _generators, torch.device("cpu"))
        assert trained.settings["learning_rate"] == able["learning_rate"]


@pytest.mark.parametrize(("setting", "unseen"), [("pieces", {3, 4}), ("turned", {2})])
def test_columns_whose_scale_is_nothing_are_not_looked_at(setting, unseen):
    candidate = {**QUICK[0], "pieces": 1.0, "turned": 1.0, setting: 0.0}
    budget = Budget(**{**vars(BUDGET), "candidates": (candidate,)})
    trained = train(_material(inner=False), budget, _generators, torch.device("cpu"))
    looked_at = np.abs(trained.parameters["first.weight"]).sum(axis=1) > 0
    assert set(np.flatnonzero(~looked_at)) == unseen


def test_a_candidate_learns_by_the_optimiser_that_its_settings_name():
    def learned(muon):
        candidate = {**QUICK[0], "part": 1.0, "muon": muon}
        budget = Budget(**{**vars(BUDGET), "candidates": (candidate,)})
        return train(_material(inner=False), budget, _generators, torch.device("cpu"))

    by_adam, by_muon = learned(muon=False), learned(muon=True)
    assert by_muon.settings == {**by_adam.settings, "muon": True}
    # Steps of Muon move all directions of a matrix, so no two of its weights are as by AdamW.
    matrices = [name for name, each in by_muon.parameters.items() if each.ndim == 2]
    different = [
        float((by_adam.parameters[name] != by_muon.parameters[name]).mean())
        for name in matrices
        if name.endswith("weight")
    ]
    assert different
    assert min(different) > 0.99


def test_the_record_holds_curves_and_health():
    trained = train(_material(), BUDGET, _generators, torch.device("cpu"))
    record, passes = trained.record, trained.settings["epochs"]
    of_passes = trained.settings["of_epochs"]
    assert len(record["inner_loss"]) == len(record["inner_held_loss"]) == of_passes
    assert len(record["final_loss"]) == len(record["step_size"]) == passes
    held = np.array(record["inner_held_loss"])
    near = np.convolve(np.concatenate([held[:1], held, held[-1:]]), np.ones(3) / 3, "valid")
    assert near[passes - 1] <= near.min() + 1e-6
    assert record["final_loss"][-1] < record["final_loss"][0]
    assert all(0.0 <= share <= 1.0 for share in record["dead_units"] + record["saturated_units"])
    assert all(0.0 < size < 1.0 for size in record["step_size"])


def test_without_inner_splits_the_first_candidate_runs_to_its_end():
    trained = train(_material(inner=False), BUDGET, _generators, torch.device("cpu"))
    wanted = {**QUICK[0], "epochs": 2, "of_epochs": 2}
    del wanted["part"]
    assert trained.settings == wanted


def test_the_same_keys_give_the_same_bits():
    one, two = (train(_material(), BUDGET, _generators, torch.device("cpu")) for _ in range(2))
    assert one.record == two.record
    assert all(np.array_equal(one.parameters[n], two.parameters[n]) for n in one.parameters)


@pytest.mark.parametrize("n_candidates", range(1, 9))
def test_candidates_of_one_schedule_meet_before_its_end(n_candidates):
    epochs = [16, *[8] * n_candidates, 4, 4, 1, 1]
    met = heats(epochs)
    assert [until for until, _ in met] == sorted(until for until, _ in met)
    for until, rivals in met:
        assert len({epochs[each] for each in rivals}) == 1
        assert 0 < until < epochs[rivals[0]]
    assert ((4, list(range(1, n_candidates + 1))) in met) == (n_candidates > 1)


def test_the_worst_of_three_does_not_run_to_its_end(monkeypatch):
    seen, stop = [], Population.stop

    def note(population, models):
        seen.append((population.passes(models[0]), list(models)))
        stop(population, models)

    monkeypatch.setattr(Population, "stop", note)
    still = {**QUICK[0], "learning_rate": 1e-9, "part": 1.0}
    able = {**QUICK[0], "part": 1.0}
    budget = Budget(**{**vars(BUDGET), "candidates": (able, still, able)})
    train(_material(), budget, _generators, torch.device("cpu"))
    assert seen[0] == (4, [2, 3])  # both of its inner splits, at half of eight passes
