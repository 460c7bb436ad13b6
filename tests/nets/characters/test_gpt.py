"""The GPT that learns."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="pip install 'rung[deep]' adds the networks")

import torch

from rung.nets.characters.gpt import GPT
from rung.nets.characters.shape import GptShape

SHAPE = GptShape(symbols=9, context=16, layers=2, heads=2, width=16, table=64)


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
