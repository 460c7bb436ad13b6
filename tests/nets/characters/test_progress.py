"""How far steps move the layers of a network, and how steep their slopes are."""

import json

import numpy as np
import pytest

pytest.importorskip("torch", reason="pip install 'rung[deep]' adds the networks")

import torch

from rung.nets.characters import fit_recurrent, fit_window, learn
from rung.nets.characters.fit_window import first_weights
from rung.nets.characters.gpt import GPT
from rung.nets.characters.progress import (
    BINS,
    DECADES,
    SMALLEST,
    Updates,
    layers_of,
    slope_record,
)
from rung.nets.characters.recurrent import RecurrentShape
from rung.nets.characters.sample import sample_places
from rung.nets.characters.shape import GptShape
from rung.nets.characters.window import WindowShape, forward
from tests.families.text.laws import lines_problem

TRAIN = lines_problem(60).train
WINDOW = WindowShape(9, 4, 3, hidden=5, fuse=2)


def test_layers_stand_in_the_order_in_which_a_network_computes_them():
    names = ["output", "hidden.10", "hidden.2", "triple", "attended.2", "symbol", "kept"]
    found = layers_of({name: np.zeros((1, 1)) for name in names})
    assert list(found) == ["characters", "memory", "layer 3", "layer 11", "output"]
    assert found["layer 3"] == ["hidden.2", "attended.2"]
    assert found["characters"] == ["triple", "symbol"]


def test_shifts_and_scales_belong_to_no_layer():
    sizes = WindowShape(9, 4, 3, hidden=5, fuse=2, normed=True).arrays()
    found = layers_of({name: np.zeros(size) for name, size in sizes.items()})
    assert list(found) == ["characters", "layer 1", "layer 2", "output"]
    assert sum(map(len, found.values())) == 4


def test_an_update_is_the_length_of_the_step_over_that_of_the_weights():
    weights = {"symbol": torch.tensor([[3.0, 0.0]]), "pair": torch.tensor([[0.0, 4.0]])}
    updates = Updates(weights)
    with updates.measured(wanted=True):
        weights["symbol"].add_(torch.tensor([[0.0, 0.05]]))
    (layer,) = updates.told()["layers"]
    assert layer == {"name": "characters", "log10": [-2.0]}


def test_steps_that_are_not_wanted_leave_no_point():
    updates = Updates({"symbol": torch.ones(2, 2)})
    with updates.measured(wanted=False):
        pass
    assert updates.told()["layers"][0]["log10"] == []


def test_weights_that_stand_still_or_explode_have_a_number():
    weights = {"symbol": torch.zeros(2, 2), "output": torch.ones(2, 2)}
    updates = Updates(weights)
    with updates.measured(wanted=True):
        weights["output"].fill_(float("nan"))
    assert updates.points == [[SMALLEST, -SMALLEST]]


def test_shares_of_slopes_and_those_that_are_zero_sum_to_one():
    rng = np.random.default_rng(0)
    slopes = {
        "symbol": torch.from_numpy(rng.normal(size=(40, 30)) * (rng.random((40, 30)) < 0.7)),
        "output": torch.from_numpy(rng.normal(size=(40, 30)) * 1e-8),
    }
    found = slope_record(slopes, 10)
    assert found["high"] - found["low"] == DECADES
    for layer in found["layers"]:
        assert len(layer["shares"]) == BINS
        assert sum(layer["shares"]) + layer["none"] == pytest.approx(1.0, abs=2e-3)
    # Slopes powers of ten below the others are in the lowest bin, not lost.
    assert found["layers"][1]["shares"][0] == 1.0
    expected = np.median(np.log10(np.abs(slopes["output"].numpy())))
    assert found["layers"][1]["median"] == pytest.approx(expected, abs=0.01)


def test_a_layer_without_any_slope_has_no_median():
    found = slope_record({"symbol": torch.zeros(2, 2)}, 4)
    assert found["layers"][0]["none"] == 1.0
    assert found["layers"][0]["median"] is None
    json.dumps(found, allow_nan=False)


def test_slopes_of_a_window_are_those_of_autograd():
    weights = {name: each * 1.5 for name, each in first_weights(WINDOW, 1, "cpu").items()}
    found = fit_window.slopes_on(TRAIN, WINDOW, {n: each.numpy() for n, each in weights.items()})
    places = sample_places(TRAIN)
    learned = {name: each.clone().requires_grad_() for name, each in weights.items()}
    contexts = torch.from_numpy(TRAIN.contexts(4, places).astype(np.int64))
    logits = forward(learned, contexts, WINDOW, torch)
    targets = torch.from_numpy(TRAIN.tokens[places].astype(np.int64))
    torch.nn.functional.cross_entropy(logits, targets).backward()
    slopes = {name: each.grad for name, each in learned.items()}
    assert [layer["median"] for layer in found["layers"]] == pytest.approx(
        [layer["median"] for layer in slope_record(slopes, len(places))["layers"]], abs=0.02
    )


def test_slopes_are_repeatable_and_leave_weights_and_generator_alone():
    shape = RecurrentShape(9, 8, 4, 6)
    network = fit_recurrent._Network(shape)
    network.draw(torch.Generator().manual_seed(0))
    weights = network.weights()
    copies = {name: each.copy() for name, each in weights.items()}
    first = fit_recurrent.slopes_on(TRAIN, shape, weights)
    assert fit_recurrent.slopes_on(TRAIN, shape, weights) == first
    assert all((weights[name] == each).all() for name, each in copies.items())
    assert [layer["name"] for layer in first["layers"]] == ["characters", "memory", "output"]


def test_slopes_of_a_gpt_vanish_behind_matrices_that_are_zero():
    shape = GptShape(symbols=9, context=8, layers=1, heads=2, width=8, table=16)
    gpt = GPT(shape, torch.Generator().manual_seed(0))
    found = learn.slopes_on(
        TRAIN, shape, {name: each.detach().numpy() for name, each in gpt.named_parameters()}
    )
    none = {layer["name"]: layer["none"] for layer in found["layers"]}
    # At first the output is zero, so that nothing before it can be told to move.
    assert none == {"characters": 1.0, "layer 1": 1.0, "output": 0.0}


def test_slopes_of_a_gpt_are_those_of_each_line_read_whole():
    shape = GptShape(symbols=9, context=16, layers=1, heads=2, width=8, table=16)
    gpt = GPT(shape, torch.Generator().manual_seed(0)).eval()
    assert TRAIN.lengths.max() <= shape.context
    with torch.no_grad():
        for parameter in gpt.parameters():
            parameter.normal_(0.0, 0.5, generator=torch.Generator().manual_seed(1))
    weights = {name: each.detach().numpy().copy() for name, each in gpt.named_parameters()}
    found = learn.slopes_on(TRAIN, shape, weights)
    for begin, end in zip(TRAIN.starts, TRAIN.starts[1:], strict=False):
        line = torch.from_numpy(TRAIN.tokens[begin:end].astype(np.int64))
        read = np.concatenate([[0], line[:-1].numpy()])[None]
        losses = torch.nn.functional.cross_entropy(
            gpt(read, np.zeros_like(read))[0], line, reduction="sum"
        )
        (losses / TRAIN.n_tokens).backward()
    slopes = {name: each.grad for name, each in gpt.named_parameters()}
    assert found["characters"] == TRAIN.n_tokens
    assert [layer["median"] for layer in found["layers"]] == pytest.approx(
        [layer["median"] for layer in slope_record(slopes, TRAIN.n_tokens)["layers"]], abs=0.02
    )
