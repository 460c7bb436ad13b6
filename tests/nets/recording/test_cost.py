from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")
from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402, N812

from rung.nets.recording.cost import CostMode  # noqa: E402


def cost(work):
    with CostMode() as found:
        work()
    return found.flops, found.bytes


def test_a_matrix_product_costs_two_for_each_multiply_add():
    a, b = torch.ones(3, 4), torch.ones(4, 5)
    assert cost(lambda: a @ b) == (2 * 3 * 4 * 5, 4 * (12 + 20 + 15))


def test_a_convolution_costs_two_for_each_multiply_add():
    x, layer = torch.ones(2, 3, 8, 8), nn.Conv2d(3, 5, 3)
    assert cost(lambda: layer(x))[0] == 2 * (2 * 5 * 6 * 6) * (3 * 3 * 3)


def test_attention_costs_its_two_products():
    q = torch.randn(2, 4, 6, 8)
    flops = 2 * (2 * 2 * 4 * 6 * 6 * 8)
    assert cost(lambda: F.scaled_dot_product_attention(q, q, q))[0] == flops
    plain = cost(lambda: (q @ q.transpose(-2, -1)).softmax(-1) @ q)[0]
    assert plain == flops


def test_a_recurrent_layer_costs_its_gates():
    layer, x = nn.LSTM(3, 4, batch_first=True), torch.ones(2, 5, 3)
    with torch.no_grad():
        assert cost(lambda: layer(x))[0] == 2 * (3 * 16 + 4 * 16) * 5 * 2


def test_a_view_moves_nothing():
    x = torch.ones(3, 4)
    assert cost(lambda: x.view(12).reshape(2, 6).transpose(0, 1)[0]) == (0, 0)


def test_an_embedding_reads_the_rows_it_is_asked_for():
    table, rows = nn.Embedding(1_000, 4), torch.tensor([1, 2])
    assert cost(lambda: table(rows)) == (0, 2 * 2 * 4 * 4)


def test_what_is_done_in_place_is_counted():
    x = torch.ones(4)
    assert cost(lambda: x.add_(1.0)) == (0, 2 * 16)
