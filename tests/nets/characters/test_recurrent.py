"""Networks that remember, read with numpy alone."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="pip install 'rung[deep]' adds the networks")

import torch

from rung.nets.characters.fit_recurrent import _Network
from rung.nets.characters.recurrent import RecurrentReader, RecurrentShape
from rung.nets.characters.window import log_softmax
from tests.families.text.laws import random_lines


def test_the_numpy_reader_remembers_what_torch_does():
    shape = RecurrentShape(9, 16, width=5, hidden=8)
    network = _Network(shape)
    network.draw(torch.Generator().manual_seed(0))
    reader = RecurrentReader(shape, 0, network.weights())
    text = random_lines(1, seed=5)
    tokens = np.concatenate(([0], text.tokens[:-1].astype(np.int64)))
    with torch.no_grad():
        logits = network(torch.from_numpy(tokens)[None]).numpy()[0]
    expected = log_softmax(logits, 0)[np.arange(len(tokens)), text.tokens]
    np.testing.assert_allclose(reader.predict(text), expected, atol=1e-5)
