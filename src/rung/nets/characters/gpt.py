"""Define the GPT that learns: a transformer of the size of a screen."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from rung.nets.characters.gpt_parts import mask, norm, rotate, squared_rectifier
from rung.nets.characters.shape import GptShape, hashed_neighbours, turns
from rung.typing import Array

Product = Callable[[Tensor, Tensor], Tensor]


class GPT(nn.Module):
    """Predict every next character from those before it in the same document.

    NOTE[DIFF] from GPT-2: positions are rotary, norms have no weights and stand before every
    product, queries and keys are normed too, the hidden layer squares its rectifier, matrices that
    write to the residual stream start at zero, and characters are looked up together with the
    pair and the triple that they end.

    Parameters
    ----------
    shape : GptShape
        Sizes.
    generator : torch.Generator
        Draws the first weights.
    dropout : float, default 0
        Share of the numbers left out in training, after the look-up and in the hidden layers.
    product : callable
        Multiplies activations (..., n_in) by a weight (n_out, n_in); see `products`.

    Source
    ------
    Vaswani et al. (2017), NeurIPS; Zhang & Sennrich (2019), Root mean square layer normalization;
    Henry et al. (2020), Query-key normalization; So et al. (2021), Primer (squared ReLU).
    """

    def __init__(
        self,
        shape: GptShape,
        generator: torch.Generator,
        *,
        dropout: float = 0.0,
        product: Product = functional.linear,
    ) -> None:
        super().__init__()
        self.shape, self.dropout, self.product = shape, dropout, product
        # Draws what is left out, on a processor; without one torch draws, wherever it is trained.
        self.left_out: np.random.Generator | None = None
        width = shape.width

        def uniform(n_out: int, n_in: int) -> nn.Parameter:
            bound = 0.5 * (3.0 / n_in) ** 0.5
            return nn.Parameter((torch.rand(n_out, n_in, generator=generator) * 2 - 1) * bound)

        def zeros(n_out: int, n_in: int) -> nn.Parameter:
            return nn.Parameter(torch.zeros(n_out, n_in))

        layers = range(shape.layers)
        self.symbol = nn.Parameter(torch.randn(shape.symbols, width, generator=generator))
        self.pair, self.triple = zeros(shape.table, width), zeros(shape.table, width)
        self.query_key_value = nn.ParameterList(uniform(3 * width, width) for _ in layers)
        self.attended = nn.ParameterList(zeros(width, width) for _ in layers)
        self.hidden = nn.ParameterList(uniform(4 * width, width) for _ in layers)
        self.shown = nn.ParameterList(zeros(width, 4 * width) for _ in layers)
        self.output = zeros(shape.symbols, width)

    def forward(self, tokens: Array, documents: Array) -> Tensor:
        """Return the logits of every next character.

        Parameters
        ----------
        tokens, documents : ndarray of int, shape (n_rows, n_places)
            Symbols; the document that each belongs to.

        Returns
        -------
        Tensor, shape (n_rows, n_places, n_symbols)
        """
        device = self.symbol.device
        seen = visible(documents).to(device) if documents.any() else None
        turn = torch.from_numpy(turns(np.arange(tokens.shape[1]), self.shape.head_width)).to(device)
        stream = self._drop(norm(self._look_up(tokens, documents, device)))
        for layer in range(self.shape.layers):
            stream = stream + self._attend(stream, layer, turn, seen)
            stream = stream + self._think(stream, layer)
        return self.product(norm(stream), self.output)

    def _look_up(self, tokens: Array, documents: Array, device: torch.device) -> Tensor:
        near = torch.from_numpy(hashed_neighbours(tokens, documents, self.shape.table)).to(device)
        here = torch.from_numpy(tokens.astype(np.int64)).to(device)
        found = functional.embedding(here, self.symbol)
        return (
            found
            + functional.embedding(near[0], self.pair)
            + functional.embedding(near[1], self.triple)
        )

    def _attend(self, stream: Tensor, layer: int, turn: Tensor, seen: Tensor | None) -> Tensor:
        rows, places, width = stream.shape
        parts = self.product(norm(stream), self.query_key_value[layer])
        split = parts.view(rows, places, 3, self.shape.heads, -1).permute(2, 0, 3, 1, 4)
        query, key = rotate(norm(split[:2]), turn)
        mixed = functional.scaled_dot_product_attention(
            query, key, split[2], attn_mask=seen, is_causal=seen is None
        )
        return self.product(
            mixed.transpose(1, 2).reshape(rows, places, width), self.attended[layer]
        )

    def _think(self, stream: Tensor, layer: int) -> Tensor:
        hidden = squared_rectifier(self.product(norm(stream), self.hidden[layer]))
        return self.product(self._drop(hidden), self.shown[layer])

    def _drop(self, values: Tensor) -> Tensor:
        if not (self.training and self.dropout):
            return values
        if self.left_out is None:
            return functional.dropout(values, self.dropout)
        return values * mask(values.shape, self.dropout, self.left_out)


def visible(documents: Array) -> Tensor:
    """Return 0 where a place may look and minus infinity elsewhere; (n_rows, 1, n, n)."""
    same = documents[:, :, None] == documents[:, None, :]
    past = np.tril(np.ones(same.shape[1:], dtype=bool))
    blocked = np.where(same & past, np.float32(0.0), np.float32(-np.inf))
    return torch.from_numpy(blocked).unsqueeze(1)
