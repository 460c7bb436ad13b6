import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from rung.core.family import State
from rung.errors import BadModelFile
from rung.nets.training.checkpoint import capture, restore
from rung.store.checkpoint import load_checkpoint, save_checkpoint
from rung.store.modelfile import pack

OPTIMISERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.01, amsgrad=True),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.01, centered=True),
    "adagrad": lambda p: torch.optim.Adagrad(p, lr=0.05),
}


class Training:
    """A training that uses everything that can have a state."""

    def __init__(self, kind: str = "adamw", seed: int = 0) -> None:
        self.noise = torch.Generator().manual_seed(seed)
        self.order = np.random.default_rng(seed)
        torch.manual_seed(seed)
        layers = (nn.Linear(3, 8), nn.BatchNorm1d(8), nn.Dropout(0.2), nn.ReLU(), nn.Linear(8, 1))
        self.network = nn.Sequential(*layers)
        self.optimiser = OPTIMISERS[kind](self.network.parameters())
        self.schedule = torch.optim.lr_scheduler.CosineAnnealingLR(self.optimiser, T_max=40)
        self.done, self.best = 0, float("inf")

    @property
    def parts(self) -> dict[str, Any]:
        return {
            "modules": {"network": self.network},
            "optimisers": {"main": self.optimiser},
            "generators": {
                "order": self.order,
                "noise": self.noise,
                "dropout": torch.default_generator,
            },
            "schedules": {"cosine": self.schedule},
        }

    def run(self, steps: int) -> None:
        X = torch.linspace(-1, 1, 90).reshape(30, 3)
        y = X.sum(1, keepdim=True).abs()
        for _ in range(steps):
            rows = torch.from_numpy(self.order.permutation(30)[:10])
            shaken = X[rows] + 0.01 * torch.randn(10, 3, generator=self.noise)
            loss = (self.network(shaken) - y[rows]).square().mean()
            self.optimiser.zero_grad()
            loss.backward()
            self.optimiser.step()
            self.schedule.step()
            self.done, self.best = self.done + 1, min(self.best, float(loss.detach()))

    def state(self) -> State:
        return capture(**self.parts, counters={"done": self.done, "best": self.best})

    def take(self, state: State) -> None:
        counters = restore(state, **self.parts)
        self.done, self.best = counters["done"], counters["best"]


def digest(state: State) -> str:
    return hashlib.sha256(pack({"state": dict(state.spec)}, state.arrays)).hexdigest()


@pytest.fixture(autouse=True)
def _global_generator() -> Any:
    with torch.random.fork_rng(devices=[]):
        yield


@pytest.mark.parametrize("kind", OPTIMISERS)
def test_ten_steps_kept_and_ten_more_are_twenty_steps(kind: str, tmp_path: Path) -> None:
    whole = Training(kind)
    whole.run(20)
    wanted = digest(whole.state())
    half = Training(kind)
    half.run(10)
    save_checkpoint(tmp_path / "half.rung", half.state())
    half.run(3)  # what goes on later does not change what was kept
    again = Training(kind, seed=9)
    again.take(load_checkpoint(tmp_path / "half.rung"))
    assert again.done == 10
    again.run(10)
    assert digest(again.state()) == wanted


def test_a_fresh_process_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    half = Training()
    half.run(10)
    save_checkpoint(tmp_path / "half.rung", half.state())
    half.run(10)
    code = (
        "import sys\n"
        f"import torch; torch.set_num_threads({torch.get_num_threads()})\n"
        "from tests.nets.training.test_checkpoint import Training, digest\n"
        "from rung.store.checkpoint import load_checkpoint\n"
        "training = Training(seed=5)\n"
        "training.take(load_checkpoint(sys.argv[1]))\n"
        "training.run(10)\n"
        "print(digest(training.state()))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "half.rung")],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        cwd=Path(__file__).parents[3],
        env={"PYTHONPATH": "src:.", "PATH": ""},
    )
    assert done.stdout.strip() == digest(half.state())


def test_a_state_is_a_copy() -> None:
    training = Training()
    state = training.state()
    before = digest(state)
    training.run(2)
    assert digest(state) == before


@pytest.mark.parametrize("kind", ["bfloat16", "float16", "float64", "int64", "bool", "uint8"])
def test_tensors_of_every_type_keep_their_bits(kind: str, tmp_path: Path) -> None:
    tensors = {"a": torch.arange(6).reshape(2, 3).to(getattr(torch, kind)), "b": torch.tensor(2.5)}
    save_checkpoint(tmp_path / "t.rung", capture(modules={"t": tensors}))
    fresh = {name: torch.zeros_like(each) for name, each in tensors.items()}
    restore(load_checkpoint(tmp_path / "t.rung"), modules={"t": fresh})
    assert all(torch.equal(fresh[name], tensors[name]) for name in tensors)


@pytest.mark.parametrize("kind", ["PCG64", "MT19937", "Philox", "SFC64", "PCG64DXSM"])
def test_every_generator_of_numpy_goes_on_where_it_was(kind: str, tmp_path: Path) -> None:
    make = getattr(np.random, kind)
    generator = np.random.Generator(make(3))
    generator.integers(10, size=7, dtype=np.uint32)  # half a word may wait in the buffer
    save_checkpoint(tmp_path / "g.rung", capture(generators={"g": generator}))
    expected = generator.random(5)
    fresh = np.random.Generator(make(4))
    restore(load_checkpoint(tmp_path / "g.rung"), generators={"g": fresh})
    np.testing.assert_array_equal(fresh.random(5), expected)


def test_counters_come_back_as_they_were() -> None:
    counters = {"inf": float("inf"), "list": [1, 2.5, None, True], "pair": (1, "a"), "in": {"x": 1}}
    assert restore(capture(counters=counters)) == counters


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (nn.Linear(3, 2), "has other tensors"),
        (nn.Sequential(nn.Linear(3, 2)), r"shape \(1, 3\), not torch.float32 of shape \(2, 3\)"),
        (nn.Sequential(nn.Linear(3, 1)).double(), "float32 of shape .* not torch.float64"),
    ],
)
def test_the_state_of_another_network_is_refused(other: nn.Module, said: str) -> None:
    state = capture(modules={"network": nn.Sequential(nn.Linear(3, 1))})
    before = {name: each.clone() for name, each in other.state_dict().items()}
    with pytest.raises(BadModelFile, match=said):
        restore(state, modules={"network": other})
    assert all(torch.equal(each, before[name]) for name, each in other.state_dict().items())


def test_other_parts_are_refused() -> None:
    state = capture(generators={"g": np.random.default_rng(0)})
    with pytest.raises(BadModelFile, match=r"holds \['generator/g'\]; this training has \[\]"):
        restore(state)
    with pytest.raises(BadModelFile, match="the state does not fit: ValueError"):
        restore(state, generators={"g": np.random.Generator(np.random.MT19937(0))})


def test_another_optimiser_is_refused_and_changes_no_weight() -> None:
    training = Training("adamw")
    training.run(2)
    state = training.state()
    other = Training("sgd", seed=4)
    before = [each.clone() for each in other.network.parameters()]
    with pytest.raises(BadModelFile, match="optimiser 'main' has other settings"):
        other.take(state)
    assert all(map(torch.equal, before, other.network.parameters()))


@pytest.mark.parametrize("seed", range(30))
def test_a_mangled_state_is_refused_by_name_or_is_still_a_state(seed: int) -> None:
    training = Training()
    training.run(1)
    state = training.state()
    generator = np.random.default_rng(seed)
    arrays, spec = dict(state.arrays), dict(state.spec)
    name = sorted(arrays)[generator.integers(len(arrays))]
    key = sorted(spec)[generator.integers(len(spec))]
    match seed % 5:
        case 0:
            arrays[name] = arrays[name][..., None]
        case 1:
            del arrays[name]
        case 2:
            spec[key] = generator.choice(["", "x"]).item()
        case 3:
            arrays["stray"] = np.zeros(2)
        case _:
            arrays[name] = arrays[name].astype(
                np.float64 if arrays[name].dtype != np.float64 else "f4"
            )
    with pytest.raises(BadModelFile):
        Training(seed=1).take(State(spec, arrays))


def test_what_has_no_plain_form_is_named() -> None:
    with pytest.raises(TypeError, match="counters/x: a object has no plain form"):
        capture(counters={"x": object()})


def test_two_values_never_share_a_place() -> None:
    tensor = torch.zeros(1)
    with pytest.raises(ValueError, match="two values would be called 'module/a/b/c'"):
        capture(modules={"a": {"b/c": tensor}, "a/b": {"c": tensor}})
