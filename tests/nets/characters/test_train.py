"""Training of a GPT: what it learns, and that it can be laid down and taken up."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="pip install 'rung[deep]' adds the networks")

import torch

from rung.nets.characters.batches import pack
from rung.nets.characters.gpt import GPT
from rung.nets.characters.gpt_forward import GPTReader
from rung.nets.characters.muon import Muon, orthogonalise
from rung.nets.characters.precision import product
from rung.nets.characters.shape import Shape
from rung.nets.characters.train import Plan, Training
from tests.families.text.laws import random_lines

SHAPE = Shape(symbols=9, context=16, layers=2, heads=2, width=16, table=64)
TEXT = random_lines(200, seed=3)
JUDGED = pack(random_lines(50, seed=4), np.arange(50), 16)


def epoch(number):
    return pack(TEXT, np.random.default_rng([7, number]).permutation(200), 16)


def train(steps=12, rest=None, arrays=None):
    training = Training(SHAPE, Plan(steps=steps, rows=8, checks=4, dropout=0.2), seed=1)
    if arrays is not None:
        training.restore(arrays)
    training.run(epoch, JUDGED, rest)
    return training


class Killed(Exception):
    pass


@pytest.mark.parametrize("at", [3, 6, 9])
def test_training_laid_down_and_taken_up_gives_the_same_bits(at):
    laid = {}

    def rest(training):
        if training.step == at:
            laid.update(training.arrays())
            raise Killed

    whole = train()
    with pytest.raises(Killed):
        train(rest=rest)
    again = train(arrays=laid)
    assert again.curve == whole.curve
    assert all((again.weights()[name] == each).all() for name, each in whole.weights().items())
    assert all((again.best[name] == each).all() for name, each in whole.best.items())


def test_training_lowers_the_loss_below_that_of_a_guess_by_frequency():
    counts = np.bincount(JUDGED.targets[JUDGED.targets >= 0])
    shares = counts[counts > 0] / counts.sum()
    training = train(steps=40)
    assert training.curve[-1]["judged"] < -(shares * np.log(shares)).sum() - 0.3


def test_the_numpy_reader_computes_what_torch_does():
    training = train()
    rows = pack(random_lines(1, seed=0), np.array([0]), 16)
    reader = GPTReader(SHAPE, 0, training.weights())
    training.gpt.eval()
    with torch.no_grad():
        expected = training.gpt(rows.tokens, np.zeros_like(rows.documents)).numpy()
    found, _ = reader.read(reader.empty(1), rows.tokens)
    np.testing.assert_allclose(found, expected, atol=2e-5)


def test_no_place_sees_what_follows_or_another_line():
    gpt = GPT(SHAPE, torch.Generator().manual_seed(0))
    for parameter in gpt.parameters():
        torch.nn.init.normal_(parameter, std=0.3, generator=torch.Generator().manual_seed(1))
    tokens = np.random.default_rng(0).integers(0, 9, (1, 16))
    documents = np.repeat([[0, 1, 2, 2]], 4, axis=1).reshape(1, 16)
    documents = np.sort(documents, axis=1)
    before = gpt(tokens, documents).detach().numpy()
    changed = tokens.copy()
    changed[0, 6] = (changed[0, 6] + 1) % 9
    after = gpt(changed, documents).detach().numpy()
    moved = np.flatnonzero(np.abs(before - after).max(axis=2)[0] > 0)
    assert moved.tolist() == [6, 7]


def test_orthogonalised_matrices_have_singular_values_near_one():
    stack = torch.randn(3, 8, 20, generator=torch.Generator().manual_seed(0))
    values = torch.linalg.svdvals(orthogonalise(stack))
    assert values.min() > 0.6
    assert values.max() < 1.3


def test_muon_steps_square_maps_of_a_stack_one_by_one():
    generator = torch.Generator().manual_seed(0)
    gradient = torch.randn(24, 8, generator=generator)
    stack = torch.zeros(24, 8, requires_grad=True)
    parts = [torch.zeros(8, 8, requires_grad=True) for _ in range(3)]
    stack.grad = gradient.clone()
    for part, piece in zip(parts, gradient.chunk(3), strict=True):
        part.grad = piece.clone()
    Muon([stack]).step(0.1)
    Muon(parts).step(0.1)
    torch.testing.assert_close(stack.detach(), torch.cat([part.detach() for part in parts]))


def test_products_in_bfloat16_have_gradients_near_those_in_float32():
    generator = torch.Generator().manual_seed(0)
    values = torch.randn(5, 7, 12, generator=generator, requires_grad=True)
    weight = torch.randn(4, 12, generator=generator, requires_grad=True)
    found = {}
    for precision in ("float32", "bfloat16"):
        values.grad = weight.grad = None
        product(values, weight, precision=precision).square().sum().backward()
        found[precision] = (values.grad.clone(), weight.grad.clone())
    for full, half in zip(*found.values(), strict=True):
        assert (full - half).abs().max() < 0.02 * full.abs().max()
