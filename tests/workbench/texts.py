"""Small texts."""

from __future__ import annotations

import numpy as np

SYLLABLES = ("ma", "ri", "an", "el", "o", "sa", "li", "na", "ka", "tor")
# Rungs that cost next to nothing, and some of every kind.
COUNTS = ("uniform", "unigram", "bigram", "ngram")
SOME = ("bigram", "ngram", "neural_bigram")


def name_list(n: int = 600, seed: int = 0) -> list[str]:
    """Draw names of two to four syllables, some of them twice."""
    rng = np.random.default_rng(seed)
    return ["".join(rng.choice(SYLLABLES, size=rng.integers(2, 5))) for _ in range(n)]


def story(n_words: int = 5000, seed: int = 0) -> str:
    """Draw a text of words with a line end after every eighth."""
    rng = np.random.default_rng(seed)
    words = ["".join(rng.choice(SYLLABLES, size=rng.integers(1, 4))) for _ in range(n_words)]
    return "\n".join(" ".join(words[i : i + 8]) for i in range(0, n_words, 8)) + "\n"
