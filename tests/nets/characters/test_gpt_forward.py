"""The GPT that is read with numpy alone."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="pip install 'rung[deep]' adds the networks")

import torch

from rung.nets.characters.batches import pack
from rung.nets.characters.gpt import GPT
from rung.nets.characters.gpt_forward import GPTReader
from rung.nets.characters.shape import GptShape
from tests.families.text.laws import random_lines, random_stream

SHAPE = GptShape(symbols=9, context=16, layers=2, heads=2, width=16, table=64)


def drawn():
    gpt = GPT(SHAPE, torch.Generator().manual_seed(0)).eval()
    for number, parameter in enumerate(gpt.parameters()):
        generator = torch.Generator().manual_seed(number)
        torch.nn.init.normal_(parameter, std=0.3, generator=generator)
    weights = {name: each.detach().numpy() for name, each in gpt.named_parameters()}
    return gpt, GPTReader(SHAPE, 0, weights)


def test_the_numpy_reader_computes_what_torch_does():
    gpt, reader = drawn()
    rows = pack(random_lines(1, seed=0), np.array([0]), 16)
    with torch.no_grad():
        expected = gpt(rows.tokens, np.zeros_like(rows.documents)).numpy()
    found, _ = reader.read(reader.empty(1), rows.tokens)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=2e-4)


def test_characters_read_one_by_one_are_expected_as_when_read_together():
    _, reader = drawn()
    text = random_stream(1, seed=1, length=45)
    together = reader.predict(text)
    memory, expected = reader.start(1)
    for place, token in enumerate(text.tokens.astype(np.int64)):
        assert abs(expected[0, token] - together[place]) < 1e-4
        memory, expected = reader.step(memory, np.array([token]))
