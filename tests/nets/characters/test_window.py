"""Networks that look at a window, and those that remember: numpy computes what torch does."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="pip install 'rung[deep]' adds the networks")

import torch

from rung.nets.characters.fit_recurrent import RecurrentPlan, _batches, _Network, _pieces
from rung.nets.characters.fit_window import first_weights
from rung.nets.characters.recurrent import RecurrentReader, RecurrentShape
from rung.nets.characters.window import WindowShape, forward, log_softmax
from tests.families.text.laws import random_lines

SHAPES = [
    WindowShape(9, 1, 9),
    WindowShape(9, 3, 4, hidden=7, fuse=3),
    WindowShape(9, 8, 4, hidden=6, fuse=2, normed=True),
]


@pytest.mark.parametrize("shape", SHAPES)
def test_one_definition_gives_the_same_numbers_in_torch_and_numpy(shape):
    weights = first_weights(shape, 0, "cpu")
    contexts = np.random.default_rng(0).integers(0, 9, (20, shape.context))
    plain = {name: each.detach().numpy() for name, each in weights.items()}
    with torch.no_grad():
        expected = forward(weights, torch.from_numpy(contexts), shape, torch).numpy()
    found = forward(plain, contexts, shape, np)
    assert found.shape == (20, 9)
    np.testing.assert_allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_listed_arrays_are_those_that_are_learned(shape):
    weights = first_weights(shape, 0, "cpu")
    assert {name: tuple(each.shape) for name, each in weights.items()} == shape.arrays()


def test_first_expectations_are_nearly_uniform():
    for shape in SHAPES:
        weights = {
            name: each.detach().numpy() for name, each in first_weights(shape, 0, "cpu").items()
        }
        contexts = np.random.default_rng(0).integers(0, 9, (50, shape.context))
        expected = log_softmax(forward(weights, contexts, shape, np), 0)
        assert abs(expected.mean() + np.log(9)) < 0.1


def test_the_numpy_reader_remembers_what_torch_does():
    shape = RecurrentShape(9, 16, width=5, hidden=8)
    torch.manual_seed(0)
    network = _Network(shape, 0.0).eval()
    reader = RecurrentReader(shape, 0, network.weights())
    text = random_lines(1, seed=5)
    tokens = np.concatenate(([0], text.tokens[:-1].astype(np.int64)))
    with torch.no_grad():
        logits = network(torch.from_numpy(tokens)[None]).numpy()[0]
    expected = log_softmax(logits, 0)[np.arange(len(tokens)), text.tokens]
    np.testing.assert_allclose(reader.predict(text), expected, atol=1e-5)


def test_batches_of_a_pass_hold_every_character_once():
    text = random_lines(100, seed=1)
    plan = RecurrentPlan(text.n_tokens, batch=50)
    found = np.concatenate(
        [targets[targets >= 0] for _, targets in _batches(text, 4, plan, np.random.default_rng(0))]
    )
    assert np.bincount(found).tolist() == np.bincount(text.tokens).tolist()


def test_pieces_are_no_longer_than_a_context_and_cover_the_text():
    text = random_lines(60, seed=2)
    begins, sizes = _pieces(text, 3)
    assert sizes.max() == 3
    covered = np.concatenate(
        [begin + np.arange(size) for begin, size in zip(begins, sizes, strict=True)]
    )
    assert (np.sort(covered) == np.arange(text.n_tokens)).all()
