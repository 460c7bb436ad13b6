"""The course's list of names, as passages in the course's own split."""

from __future__ import annotations

import itertools
import random

import numpy as np

from rung.text.passages import Passages, lines
from rung.text.vocabulary import Vocabulary, find_vocabulary, to_code_points
from tests.realdata import real_data


def read_names() -> tuple[list[str], Vocabulary]:
    words = real_data("names/names.txt").read_text().splitlines()
    return words, find_vocabulary(to_code_points("".join(words)), ends=True)


def passages_of(words: list[str], vocabulary: Vocabulary) -> Passages:
    texts = [np.append(vocabulary.encode(word), 0) for word in words]
    starts = np.cumsum([0, *map(len, texts)])
    return lines(np.concatenate(texts).astype(vocabulary.dtype), starts)


def course_split() -> tuple[Vocabulary, Passages, Passages, Passages]:
    """Shuffle with Python's seed 42; 80 % to learn from, 10 % to choose by, 10 % to test."""
    words, vocabulary = read_names()
    random.Random(42).shuffle(words)
    cuts = [0, int(0.8 * len(words)), int(0.9 * len(words)), len(words)]
    parts = [words[a:b] for a, b in itertools.pairwise(cuts)]
    return (vocabulary, *(passages_of(part, vocabulary) for part in parts))
