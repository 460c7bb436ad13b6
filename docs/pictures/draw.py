"""Draw the pictures of the pages anew: `python docs/pictures/draw.py`; torch is needed."""

from __future__ import annotations

import random
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812

import rung
from rung.autograd import MLP, Value, max_margin, mean
from rung.graph.values import expression_graph, value_graph
from rung.nets.recording.record import record
from rung.workbench import graph_row
from rung.workbench.samples import diabetes

HERE = Path(__file__).parent


def network_of_values() -> Value:
    """Return the loss of a 2-16-16-1 network on four points, all of it scalars."""
    dice = random.Random(1)  # noqa: S311 -- weights of a drawing, not secrets
    model = MLP(2, [16, 16, 1], generator=dice)
    losses = []
    for side in (1.0, -1.0, 1.0, -1.0):
        point = [Value(dice.uniform(-1, 1), label=f"x{i + 1}") for i in range(2)]
        score = model(point)
        assert isinstance(score, Value)
        losses.append(max_margin(score, side))
    loss = mean(losses)
    loss.label = "loss"
    loss.backward()
    return loss


class Block(nn.Module):
    """One block of a transformer."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Mix positions, then channels."""
        batch, length, width = x.shape
        shape = (batch, length, self.heads, width // self.heads)
        q, k, v = (p.view(shape).transpose(1, 2) for p in self.qkv(self.norm1(x)).chunk(3, -1))
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(mixed.transpose(1, 2).reshape(batch, length, width))
        return x + self.down(F.gelu(self.up(self.norm2(x))))


class Transformer(nn.Module):
    """Four blocks between an embedding and a head."""

    def __init__(self, letters: int = 27, width: int = 32) -> None:
        super().__init__()
        self.tokens, self.head = nn.Embedding(letters, width), nn.Linear(width, letters)
        self.blocks = nn.Sequential(*(Block(width, 4) for _ in range(4)))

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """Return scores of the next letter, (batch, length, letters)."""
        return self.head(self.blocks(self.tokens(tokens)))


def main() -> None:
    """Write the pictures beside this file."""
    torch.manual_seed(0)
    expression_graph("2*(a-b)+c", {"a": 3.0, "b": 1.0, "c": 4.0}).write(
        HERE / "expression.svg", force=True
    )
    value_graph(network_of_values(), "A 2-16-16-1 network on four points, as scalars").write(
        HERE / "network.svg", force=True
    )
    tokens = torch.randint(0, 27, (8, 16))

    def loss(scores: torch.Tensor) -> torch.Tensor:
        return F.cross_entropy(scores.flatten(0, 1), tokens.flatten())

    graph = record(Transformer(), tokens, loss=loss, title="A transformer of four blocks")
    graph.write(HERE / "transformer.svg", force=True)
    run = rung.fit(diabetes(), target="progression", families=["linear"])
    graph_row(run.model, 9, data=diabetes()).write(HERE / "row.svg", force=True)


if __name__ == "__main__":
    main()
