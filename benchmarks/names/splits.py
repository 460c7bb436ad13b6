"""Deal the names as the course does, and as `rung fit names.txt` does."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np

from rung.kinds.text.options import TextOptions
from rung.kinds.text.prepare import prepare_text
from rung.text.passages import Passages, lines
from rung.text.problem import TextProblem
from rung.text.vocabulary import Vocabulary

COURSE_SEED = 42


def course_words(words: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Return training, dev and test names: shuffled with Python's seed 42, 80 / 10 / 10.

    Examples
    --------
    >>> [len(part) for part in course_words([str(n) for n in range(20)])]
    [16, 2, 2]
    """
    mixed = list(words)
    random.Random(COURSE_SEED).shuffle(mixed)
    first, second = int(0.8 * len(mixed)), int(0.9 * len(mixed))
    return mixed[:first], mixed[first:second], mixed[second:]


def as_passages(words: list[str], vocabulary: Vocabulary) -> Passages:
    """Lay names out in this order, each with its end."""
    tokens = [np.append(vocabulary.encode(word), 0) for word in words]
    starts = np.cumsum([0, *map(len, tokens)])
    return lines(np.concatenate(tokens).astype(vocabulary.dtype), starts)


def course(words: list[str]) -> TextProblem:
    """Return the course's problem: dev chooses when to stop, test takes the verdict's place."""
    vocabulary = Vocabulary(tuple(sorted(set("".join(words)))), ends=True)
    train, dev, test = (as_passages(part, vocabulary) for part in course_words(words))
    return TextProblem("lines", vocabulary, int(train.lengths.max()), train, dev, test)


def ours(path: Path) -> TextProblem:
    """Return the problem of `rung fit`: lines are dealt by a hash of what they say."""
    return prepare_text(path, TextOptions()).problem


def copied(words: list[str]) -> list[bool]:
    """Say of every test name of the course whether it is a training name too.

    Examples
    --------
    >>> sum(copied(["anna"] * 10))
    1
    """
    train, _, test = course_words(words)
    known = set(train)
    return [word in known for word in test]
