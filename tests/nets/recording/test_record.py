from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")
from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402, N812

from rung.errors import UsageError  # noqa: E402
from rung.nets.recording.record import record  # noqa: E402


class Attention(nn.Module):
    """Causal self-attention, in plain torch."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads, self.qkv, self.out = heads, nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x):
        batch, length, width = x.shape
        shape = (batch, length, self.heads, width // self.heads)
        q, k, v = (part.view(shape).transpose(1, 2) for part in self.qkv(x).chunk(3, dim=-1))
        scores = q @ k.transpose(-2, -1) / shape[-1] ** 0.5
        mask = torch.ones(length, length, dtype=torch.bool).tril()
        shares = scores.masked_fill(~mask, float("-inf")).softmax(-1)
        return self.out((shares @ v).transpose(1, 2).reshape(batch, length, width))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(width), Attention(width, heads)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = nn.Sequential(
            nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class Transformer(nn.Module):
    def __init__(self, letters=27, width=16, length=8, blocks=4):
        super().__init__()
        self.tokens, self.places = nn.Embedding(letters, width), nn.Embedding(length, width)
        self.blocks = nn.ModuleList(Block(width, 2) for _ in range(blocks))
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, letters)

    def forward(self, tokens):
        x = self.tokens(tokens) + self.places(torch.arange(tokens.shape[1]))
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x))


@pytest.fixture(autouse=True)
def seeded():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        yield


def perceptron():
    model = nn.Sequential(
        nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 1)
    )
    x, y = torch.randn(32, 2), torch.randn(32, 1)
    return model, x, lambda out: F.mse_loss(out, y)


def rows(graph):
    return {row["node"]: row for row in graph.table()}


def test_a_network_and_its_loss_are_the_calls_that_were_made():
    model, x, loss = perceptron()
    graph = record(model, x, loss=loss)
    titles = [node.title for node in graph.nodes]
    assert titles == ["input", *["linear", "relu"] * 2, "linear", "constant", "mse_loss"]
    assert rows(graph)["linear 2"]["shape"] == "32×16"
    assert rows(graph)["linear 2"]["parameters"] == 16 * 16 + 16
    assert rows(graph)["linear 2"]["flops"] == 2 * 32 * 16 * 16


def test_statistics_and_gradients_are_those_of_torch():
    model, x, loss = perceptron()
    graph = rows(record(model, x, loss=loss))
    hidden = model[1](model[0](x))
    hidden.retain_grad()
    value = loss(model[2:](hidden))
    value.backward()
    found, values = graph["relu"], hidden.detach()
    assert found["mean"] == pytest.approx(float(values.mean()))
    assert found["std"] == pytest.approx(float(values.std(correction=0)))
    assert found["zeros"] == pytest.approx(float((values == 0).double().mean()))
    assert found["gradient norm"] == pytest.approx(float(hidden.grad.norm()))
    own = torch.cat([p.grad.reshape(-1) for p in model[2].parameters()])
    assert graph["linear 2"]["gradient norm of parameters"] == pytest.approx(float(own.norm()))
    assert graph["mse_loss"]["mean"] == pytest.approx(float(value.detach()))


def test_recording_changes_nothing():
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Dropout(0.5), nn.Linear(4, 1))
    x = torch.randn(8, 3)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    dice = torch.random.get_rng_state()
    for parameter in model.parameters():
        parameter.grad = torch.ones_like(parameter)
    record(model, x, loss=lambda out: out.square().mean())
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert torch.equal(torch.random.get_rng_state(), dice)
    assert all(bool((p.grad == 1).all()) for p in model.parameters())
    assert not any(part._forward_hooks or part._forward_pre_hooks for part in model.modules())


def test_four_alike_blocks_are_drawn_once_and_open():
    tokens = torch.randint(0, 27, (2, 8))
    graph = record(
        Transformer(), tokens, loss=lambda out: F.cross_entropy(out.flatten(0, 1), tokens.flatten())
    )
    assert len(graph.nodes) > 100
    folded = graph.folded
    assert len(folded.nodes) <= 15
    [block] = [node for node in folded.nodes if node.members > 1]
    assert (block.title, block.members) == ("blocks.0 … blocks.3", 4)
    width = 16
    each = 12 * width**2 + 13 * width
    assert block.facts["parameters"] == 4 * each
    inside = folded.blocks[block.key].inside
    assert "norm1: layer_norm" in [node.title for node in inside.nodes]
    page = graph.to_html()
    assert page.count("<svg") == 1 + 1 + len(inside.blocks)


def test_flops_of_a_transformer_are_those_of_its_products():
    tokens = torch.randint(0, 27, (2, 8))
    found = sum(row.get("flops", 0) for row in record(Transformer(), tokens).table())
    rows_, width, heads = 2 * 8, 16, 2
    linear = 4 * 2 * rows_ * 12 * width**2 + 2 * rows_ * width * 27
    attention = 4 * 2 * (2 * 2 * heads * 8 * 8 * (width // heads))
    assert found == linear + attention


def test_layers_in_a_row_fold():
    layers = [layer for _ in range(30) for layer in (nn.Linear(8, 8), nn.Tanh())]
    graph = record(nn.Sequential(nn.Linear(2, 8), *layers), torch.ones(4, 2))
    # The last one is the result, which is never folded away.
    assert ("linear, tanh", 29) in [(node.title, node.members) for node in graph.folded.nodes]


def test_what_happens_in_place_is_a_step_of_its_own():
    graph = record(lambda x: nn.functional.relu((x + 1).mul_(2), inplace=True), torch.ones(3))
    assert [node.title for node in graph.nodes] == ["x", "add", "mul", "relu"]


def test_without_one_number_at_the_end_there_are_no_gradients():
    graph = record(nn.Linear(2, 2), torch.ones(3, 2))
    assert not any("gradient norm" in row for row in graph.table())


def test_a_module_used_twice_is_told_apart():
    class Twice(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(3, 3)

        def forward(self, x):
            return self.layer(self.layer(x).relu())

    graph = record(Twice(), torch.ones(2, 3))
    assert [row["module"] for row in graph.table()] == ["", "layer", "", "layer (2)"]


def test_values_that_are_not_finite_are_counted_apart():
    graph = record(lambda x: x.log(), torch.tensor([0.0, 1.0, 1.0, 1.0]))
    assert rows(graph)["log"]["not finite"] == 0.25
    assert rows(graph)["log"]["mean"] == 0.0


def test_the_same_computation_gives_the_same_picture():
    model, x, loss = perceptron()
    assert record(model, x, loss=loss).to_svg() == record(model, x, loss=loss).to_svg()


def test_a_function_that_computes_nothing_is_refused():
    with pytest.raises(UsageError, match="returns str that torch did not compute"):
        record(lambda x: "done", torch.ones(2))
