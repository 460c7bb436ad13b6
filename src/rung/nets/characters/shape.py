"""Say how large a GPT is, and which hashed neighbours it looks up; numpy only."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from rung.typing import Array, Settings

ROTARY_BASE = 1_000.0
# Odd multipliers spread pairs and triples of symbols over the rows of the table.
SPREAD = (1_299_709, 104_729, 7_919)


@dataclass(frozen=True)
class GptShape:
    """State the size of a GPT.

    Attributes
    ----------
    symbols : int
        Size of the vocabulary, the boundary (symbol 0) counted.
    context : int
        Characters it looks back on, at most.
    layers, heads, width : int
        Blocks; attention heads a block; numbers a character is represented by.
    table : int
        Rows of each of the two tables of hashed pairs and triples of characters.
    """

    symbols: int
    context: int = 64
    layers: int = 4
    heads: int = 4
    width: int = 128
    table: int = 16_384

    @property
    def head_width(self) -> int:
        """Numbers a head works with; even, as rotary positions turn pairs of them."""
        return self.width // self.heads

    def to_settings(self) -> Settings:
        """Return the sizes, JSON-ready."""
        return asdict(self)


def shape_for(n_tokens: int, symbols: int, context: int) -> GptShape:
    """Choose the size of a GPT from the size of the text it learns from.

    Parameters
    ----------
    n_tokens : int
        Characters of the training text.
    symbols : int
        Size of the vocabulary, the boundary counted.
    context : int
        Characters it may look back on at most.

    Examples
    --------
    >>> shape_for(1_000_000, 66, 256).width
    128
    """
    if n_tokens < 20_000:
        return GptShape(symbols, min(context, 32), layers=2, heads=2, width=32, table=512)
    if n_tokens < 500_000:
        return GptShape(symbols, min(context, 64), layers=4, heads=4, width=64, table=1_024)
    return GptShape(symbols, min(context, 128))


def hashed_neighbours(tokens: Array, documents: Array, table: int) -> Array:
    """Return the table rows of the pair and the triple of characters that end at each place.

    Characters before the start of a document count as the boundary, symbol 0.

    Parameters
    ----------
    tokens, documents : ndarray of int, shape (n_rows, n_places)
        Symbols; the document that each belongs to, documents being contiguous.
    table : int
        Rows of each table.

    Returns
    -------
    ndarray of int64, shape (2, n_rows, n_places)

    Source
    ------
    Pagnoni et al. (2024), Byte Latent Transformer, arXiv:2412.09871: hash n-gram embeddings.
    """
    here = tokens.astype(np.int64)
    before = _moved(here, documents, 1)
    earlier = _moved(here, documents, 2)
    pair = here * SPREAD[0] + before * SPREAD[1]
    return np.stack((pair % table, (pair + earlier * SPREAD[2]) % table))


def turns(places: Array, head_width: int) -> Array:
    """Return by what the pairs of numbers of every place are turned.

    Parameters
    ----------
    places : ndarray of int, shape (n_places,)
        Where characters stand.
    head_width : int
        Numbers of a head, two a pair.

    Returns
    -------
    ndarray of complex64, shape (n_places, head_width / 2)
        Of length one.

    Source
    ------
    Su et al. (2021), RoFormer, arXiv:2104.09864.
    """
    rates = ROTARY_BASE ** -(np.arange(0, head_width, 2) / head_width)
    angles = np.asarray(places, dtype=np.float64)[:, None] * rates
    result: Array = np.exp(1j * angles).astype(np.complex64)
    return result


def _moved(tokens: Array, documents: Array, by: int) -> Array:
    """Return the symbols so many places before, 0 where that is another document."""
    moved = np.zeros_like(tokens)
    moved[:, by:] = tokens[:, :-by]
    same = np.zeros(tokens.shape, dtype=bool)
    same[:, by:] = documents[:, by:] == documents[:, :-by]
    return np.where(same, moved, 0)
