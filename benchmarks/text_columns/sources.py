"""Tables with a column of text: messages of people, and reviews that a seed writes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

SYLLABLES = [
    a + b for a in "bcdfghjklmnprstvwz" for b in ("a", "e", "i", "o", "u", "an", "er", "is")
]
GOOD = ("good", "great", "moving", "funny", "fine", "lovely", "clever", "warm")
BAD = ("bad", "dull", "weak", "boring", "poor", "silly", "flat", "cold")


def messages(data: Path) -> pl.DataFrame:
    """Return 5,680 text messages with their class."""
    lines = (data / "sms_spam" / "SMSSpamCollection").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t", 1) for line in lines]
    return pl.DataFrame({"label": [row[0] for row in rows], "text": [row[1] for row in rows]})


def reviews(n_rows: int = 20_000, *, n_words: int = 30_000, seed: int = 0) -> pl.DataFrame:
    """Write reviews: words by Zipf's law, some of which judge, now and then turned by `not`.

    A judgement agrees with the class of the review in two of three cases, so that no word alone
    tells it; `not good` is a word for bad.
    """
    rng = np.random.default_rng(seed)
    words = np.array(
        sorted({"".join(rng.choice(SYLLABLES, rng.integers(1, 5))) for _ in range(n_words)})
    )
    rng.shuffle(words)
    shares = 1.0 / np.arange(1, len(words) + 1)
    shares /= shares.sum()
    is_good = rng.random(n_rows) < 0.5
    lengths = np.clip(rng.lognormal(4.9, 0.6, n_rows), 20, 1_000).astype(int)
    pool = rng.choice(words, int(lengths.sum()), p=shares)
    texts, start = [], 0
    for own, length in zip(is_good, lengths, strict=True):
        body = pool[start : start + length].tolist()
        start += length
        for place in rng.integers(0, length, max(2, length // 25)):
            agrees = rng.random() < 2 / 3
            turned = rng.random() < 0.25
            judges = GOOD if (own == agrees) != turned else BAD
            body[place] = ("not " if turned else "") + str(rng.choice(judges))
        texts.append(" ".join(body).capitalize() + ".")
    return pl.DataFrame({"review": texts, "label": np.where(is_good, "good", "bad")})
